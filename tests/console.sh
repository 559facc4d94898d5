#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What officers and administrators type: preview, log, copies, trace.
#   tests/lab/run -- bash tests/console.sh
# has is called through ok:
# shellcheck disable=SC2317
set -u
# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
notice=$(realpath "${MIYIN_BUILD:-build}/samples/notice.pdf")
cd "$MIYIN_LAB" || exit 1
work=$MIYIN_LAB/console
mkdir -p "$work"

has() { [[ $1 == *"$2"* ]]; }
event_count() { miyin log "${@:2}" --json | grep -c "\"event\" *: *\"$1\""; }

# --- preview ----------------------------------------------------------------

ok "preview" miyin preview "$notice" --level jimi --copies 2 \
	--holders 张三,李四 -o "$work/pv"
is "two copies" "$(ls "$work/pv" | tr '\n' ' ')" "1.pdf 2.pdf "
ok "a preview is a sound PDF" qpdf --check "$work/pv/1.pdf"
for letter in M P B I %; do
	echo "$letter" > "$work/letter"
	ok "a preview of the letter $letter" miyin preview "$work/letter" --level jimi \
		-o "$work/letters"
done
# The watermark's is drawn in the file (Type 3).
is "its fonts are embedded, as subsets" \
	"$(pdffonts "$work/pv/1.pdf" | sed 1,2d |
		awk '/ yes yes |Type 3 .* yes no / { n++ } END { print (n && n == NR) }')" 1
head -c 900 "$notice" > "$work/half.pdf"
is "a damaged file is one sentence" \
	"$(miyin preview "$work/half.pdf" --level jimi -o "$work/no" 2>&1 |
		grep -c '')" 1
ok "it names its holder" has "$(pdftotext "$work/pv/2.pdf" -)" 李四
is "all its codes are read" "$(lab-codes "$work/pv/1.pdf" | sort -u | wc -l)" 3
ok "its codes prove nothing" has "$(miyin trace "$work/pv/1.pdf")" specimen
miyin trace "$work/pv/1.pdf" > /dev/null 2>&1
is "a specimen is no copy" $? 2
is "preview enters nothing" "$(event_count issue)" 0
miyin preview "$notice" --level mimi -n 2 -H 张三,李四 -d 某发〔2026〕1号 \
	--approver 李主任 --scope 各处室 --control --reprint -o "$work/cs"
# words_of PDF: without spaces and line ends, which a reader puts anywhere
words_of() { pdftotext "$1" - | tr -d ' \n\f' | sed 's/　//g'; }
sheet=$(words_of "$work/cs/control.pdf")
for words in 文件制作发放控制单 文号某发〔2026〕1号 发放范围各处室 \
	"份号起止000002–000003" 再次制作，首份份号000001 批准人李主任 \
	000003李四 废页份号 份号控制单; do
	ok "its control sheet says $words" has "$sheet" "$words"
done
is "which has codes of its own" \
	"$(lab-codes "$work/cs/control.pdf" | sort -u | wc -l)" 1
copy=$(words_of "$work/cs/2.pdf")
for words in 原份号000001 复制份号000003（2/2） 批准人李主任; do
	ok "a reprint's copy stamp says $words" has "$copy" "$words"
done
sed -i \
	'/^\[level mimi\]/,/^$/s/^control = false/control = true/' \
	"$MIYIN_CONF_DIR/schemes/cn-gb9704.scheme"
miyin preview "$notice" --level mimi -o "$work/ask"
is "the control sheet comes unasked" "$(ls "$work/ask" | tr '\n' ' ')" \
	"1.pdf control.pdf "
sed -i 's/^control = true/control = false/' \
	"$MIYIN_CONF_DIR/schemes/cn-gb9704.scheme"
ok "no such level" has "$(miyin preview "$notice" --level foo -o "$work/x" 2>&1)" \
	'no level "foo"'
ok "no such scheme" has "$(miyin preview "$notice" --level jimi \
	--scheme foo -o "$work/x" 2>&1)" \
	'there is cn-company, cn-gb9704, cn-trade, cn-work, eu, nato, tlp, uk, us.'
ok "not as many holders as copies" has "$(miyin preview "$notice" \
	--level jimi -n 3 -H a,b -o "$work/x" 2>&1)" "The number of copies is 3 but the list of holders has 2."
ok "options lay out" miyin preview "$notice" --level jimi \
	--options number-up=2 -o "$work/nup"
is "two pages on one" "$(pdfinfo "$work/nup/1.pdf" | awk '/^Pages/ {print $2}')" 2
echo 一份便条 > "$work/note.txt"
ok "on paper of another size" miyin preview "$work/note.txt" --level jimi \
	--media A3 -o "$work/a3"
like "A3" "$(pdfinfo "$work/a3/1.pdf")" 'Page size: +841[.0-9]* x 1190'
ok "no such paper" has "$(miyin preview "$work/note.txt" --level jimi \
	--media A99 -o "$work/x" 2>&1)" '"A99" is not a value of option media'
gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -sPAPERSIZE=a4 \
	-o "$work/secret.pdf" -c '/Helvetica 20 selectfont
		72 760 moveto (TOP SECRET) show showpage'
ok "a document that bears a higher level" has "$(miyin preview \
	"$work/secret.pdf" --scheme us --level us-s -o "$work/x" 2>&1)" \
	'itself says TOP SECRET, which is higher than SECRET'
is "one that bears the same" "$(miyin preview "$work/secret.pdf" \
	--scheme us --level TS -o "$work/x" 2>&1)" ''
miyin preview "$work/none.pdf" --level jimi -o "$work/x" 2> /dev/null
is "no such file" $? 1
miyin preview 2> /dev/null
is "no file" $? 2

# --- a job to read about ----------------------------------------------------

job=$(submit Office "$notice" -n 2 -o MiyinLevel=jimi \
	-o MiyinDocument=某档发〔2026〕1号 -o MiyinHolders=张三,李四)
lab-wait
is "the job" "$(job_state "$job")" completed
job=$(submit Office "$notice")
lab-wait

# --- log --------------------------------------------------------------------

is "one refusal" "$(event_count refuse --result refused)" 1
is "none of another user" "$(event_count issue --user nobody)" 0
is "two copies issued" "$(event_count issue --level jimi --printer Office)" 2
is "none before yesterday" "$(event_count issue --until yesterday)" 0
is "both since today" "$(event_count issue --since today)" 2
is "JSON is one array" "$(miyin log --json | head -c 1)$(miyin log --json | tail -c 2)" "[]"
csv=$(miyin log --csv | od -An -tx1 -N3 | tr -d ' ')
is "CSV begins with a BOM" "$csv" efbbbf
ok "CSV keeps the zeros of a serial" has "$(miyin log --csv)" '"000001"'
ok "Chinese heads" has "$(LANG=zh_CN.UTF-8 miyin log)" 持有人
miyin log --since nonsense > /dev/null 2>&1
is "a time that is none" $? 2

# --- what is asked for, and what is not there ---------------------------------

zh() { LANG=zh_CN.UTF-8 "$@"; }
for name in jimi 机密 Secret JM2; do
	is "a level by $name" "$(event_count issue --level $name)" 2
done
ok "the list says the level's name" has "$(zh miyin log)" 机密
# A queue has it in its name.
ok "and not its id" not has "$(zh miyin log | sed s/Office-jimi//)" jimi
ok "a refusal is told in the reader's language" has \
	"$(zh miyin log --event refuse)" "未选密级：未打印：请选择密级（绝密、机密、秘密、内部）后重新打印"
ok "and in English to who reads that" has "$(miyin log --event refuse)" \
	"no-level: Not printed: choose a level"
ok "a note too" has "$(zh miyin log --event claim)" "已核验：每页 3/3"
ok "programs read it as it was entered" has "$(zh miyin log --json)" \
	"verified every-page 3/3"
ok "CSV has Chinese heads" has "$(zh miyin log --csv | head -n 1)" '"持有人"'
ok "CSV has stable heads in English" has "$(miyin log --csv | head -n 1)" \
	'"holder"'
is "CSV has no English word in Chinese" "$(zh miyin log --csv --event claim |
	grep -oE 'claim|verified|jimi|level|ok' | sort -u | xargs)" ""
is "a holder" "$(miyin log --holder 李四 --event issue --json | jq length)" 1
is "an event by its Chinese word" \
	"$(zh miyin log --event 已印 --json | jq length)" 2
is "a document" "$(miyin log --document 某档发〔2026〕1号 --json |
	jq '[.[] | select(.event == "issue")] | length')" 2
# absent OPTION VALUE WANTED: an error that names what there is
absent()
{
	local said
	said=$(miyin log "$1" "$2" 2>&1 > /dev/null)
	is "$1 $2: an error" $? 1
	ok "$1 $2: says so" has "$said" "\"$2\""
	ok "$1 $2: names what there is" has "$said" "$3"
}
absent --level jm 'jimi (机密)'
absent --user zhangsna root
absent --printer Ofice Office
absent --holder 李五 李四
absent --event printd printed
absent --document 某档发〔2026〕9号 register
ok "in Chinese by its name" has "$(zh miyin log --level jm 2>&1)" 机密、
miyin preview "$notice" --level jm -o "$work/x" 2> "$work/said"
ok "a preview of none names what there is" has "$(cat "$work/said")" 'jimi (机密)'

# --- copies -----------------------------------------------------------------

ok "copies by reference" has "$(miyin copies 某档发〔2026〕1号)" 李四
is "two of them" "$(miyin copies 某档发〔2026〕1号 --json |
	grep -c '"serial"')" 2
miyin copies unknown > /dev/null 2>&1
is "no such document" $? 1
for option in user printer level event holder document; do
	said=$(miyin copies "--$option" '' --json 2>&1)
	is "an empty --$option is not everything" $? 2
	ok "an empty --$option: it says so" has "$said" 'An option has no value'
done
is "the copies of a holder" "$(miyin copies --holder 李四 --json | jq length)" 1
is "those that were printed" \
	"$(miyin copies --event printed --level 机密 --json | jq length)" 2
is "those that were traced" "$(miyin copies --event trace --json | jq length)" 0
miyin copies > /dev/null 2>&1
is "asked for nothing" $? 2
code=$(miyin log --holder 李四 --event printed --json | jq -r '.[0].copy_code')
found=$(miyin trace "$code")
is "the code that the log prints is traced" $? 0
ok "to its holder" has "$found" 李四
ok "with hyphen and small letters" has \
	"$(miyin trace "$(tr A-Z a-z <<< "${code:0:4}-${code:4}")")" 李四
is "the event has copy, holder, document and level" "$(miyin log --json |
	jq -r '[.[] | select(.event == "trace")][-1] |
		"\(.copy_code) \(.serial) \(.holder) \(.reference) \(.level)"')" \
	"$code 2 李四 某档发〔2026〕1号 jimi"
is "a level that is misspelt prints nothing" \
	"$(lab-status "$(submit Office "$notice" -o MiyinLevle=jimi)" > /dev/null
	lab-wait; event_count issue)" 2
job=$(submit Office "$work/note.txt" -o MiyinLevel=内部)
lab-wait
name=$(miyin log --event issue | grep -oE 'sha256:[0-9a-f]{12}')
ok "a document without a reference is named by what the log shows" has \
	"$(miyin copies "$name" --json)" '"serial"'

# --- trace ------------------------------------------------------------------

paper=$MIYIN_PAPER/002.pdf
pdftoppm -r 200 -gray -png -f 2 -l 2 "$paper" "$work/scan"
scan=$(ls "$work"/scan*.png)
found=$(miyin trace "$scan")
is "a scan is found" $? 0
ok "its holder" has "$found" 李四
ok "its page" has "$found" "2 of 3"
pdftoppm -r 200 -tiff -tiffcompression lzw "$paper" "$work/tiff"
ok "TIFF" has "$(miyin trace "$work"/tiff-1.tif)" 李四
pdftoppm -r 200 -jpeg "$paper" "$work/jpeg"
ok "JPEG" has "$(miyin trace "$work"/jpeg-3.jpg)" "3 of 3"
ok "PDF" has "$(miyin trace "$paper")" "3 of 3"
code=$(pdftotext -l 1 "$paper" - |
	grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}' | head -n 1)
found=$(miyin trace "$code")
is "a code that was read out" $? 0
ok "its holder" has "$found" 李四
ok "typed in small letters" has "$(miyin trace "${code,,}")" 李四
wrong=${code%?}$([ "${code: -1}" = X ] && echo Y || echo X)
ok "mistyped" has "$(miyin trace "$wrong" 2>&1)" "Did you mean $code"
payload=$(lab-codes "$paper" | head -n 1 | cut -f 2)
ok "a whole payload" has "$(miyin trace "$payload")" 李四
last=${payload: -1}
forged=${payload%?}$([ "$last" = 0 ] && echo 2 || echo 0)
miyin trace "$forged" > "$work/forged" 2>&1
is "a forged payload" $? 2
ok "nothing is told of it" not has "$(cat "$work/forged")" 李四
pdftoppm -r 200 -gray -png -l 1 "$notice" "$work/plain"
miyin trace "$work"/plain*.png > /dev/null 2>&1
is "a page without codes" $? 1
# --- a document that shows a marked page of another's ------------------------

# own_marks PICTURE: holders, copies on the sheet, whether they are its own, codes
own_marks() {
	miyin trace --json "$1" | jq -r '.[] | "\(.copy.holder) " +
		"\(.copies_on_sheet) \(.own_marks) \(.codes)"'
}
pdftoppm -r 200 -gray -f 2 -l 2 "$paper" "$work/left"
clear_paper
# carried_codes ANSWER: at 机密
carried_codes() {
	sed -i "/^\[level jimi\]/,/^\[/s/^carried-codes = .*/carried-codes = $1/" \
		"$MIYIN_CONF_DIR/policy.conf"
}
carried_codes warn
job=$(submit Office "$scan" -o MiyinLevel=jimi -o MiyinHolders=王五)
lab-wait
carried_codes refuse
is "a scan of a marked page is printed" "$(job_state "$job")" completed
paper2=$(find "$MIYIN_PAPER" -name '*.pdf' | head -n 1)
pdftoppm -r 200 -gray -png -l 1 "$paper2" "$work/copied"
copied=$(ls "$work"/copied*.png)
found=$(miyin trace "$copied")
is "two copies on a sheet are no plain answer" $? 2
is "the sheet's own marks come first" "$(own_marks "$copied")" \
	"王五 2 true 2
李四 2 false 2"
ok "it says so before anything else" has "$(head -n 1 <<< "$found")" \
	"Attention: it has codes of 2 copies"
ok "and where the codes stand" has "$found" "top right 14."
ok "and which are a picture" has "$found" "between the codes of another copy"
pdftoppm -r 200 -gray -png -l 1 -x 110 -y 110 -W 1434 -H 2119 "$paper2" \
	"$work/shaved"
ok "without its edges it says where the code stands, and how large it is" \
	has "$(miyin trace "$work"/shaved*.png)" " 13."
# As they lie on the glass, side by side.
pdftoppm -r 200 -gray -l 1 "$paper2" "$work/right"
perl -e 'my @p = map { local (@ARGV, $/) = ($_); $_ = <>;
		/^P5\s(\d+)\s(\d+)\s255\s/ or die; [$1, $2, substr($_, $+[0])] }
		@ARGV;
	my ($w, $h) = @{$p[0]};
	print "P5\n", 2 * $w, " $h\n255\n";
	for my $y (0 .. $h - 1) { print substr($_->[2], $y * $w, $w) for @p }' \
	"$work"/left*.pgm "$work"/right*.pgm > "$work/beside.pgm"
is "two sheets on one scan: nobody can tell" \
	"$(own_marks "$work/beside.pgm" | sort)" "李四 2 null 4
王五 2 null 2"
ok "and it says that it cannot be told" \
	has "$(miyin trace "$work/beside.pgm")" "their places do not tell"
is "the register has it" "$(miyin log --json | grep -c \
	'with several copies')" 8

ok "traces are events" [ "$(event_count trace)" -gt 8 ]
is "an ordinary user may not" \
	"$(as nobody env MIYIN_CONF_DIR="$MIYIN_CONF_DIR" \
		miyin log 2>&1 | grep -c 'must be run as root')" 1
is "nor trace" "$(as nobody env MIYIN_CONF_DIR="$MIYIN_CONF_DIR" \
	miyin trace "$code" 2>&1 |
	grep -c 'must be run as root')" 1

# --- a register that went back ----------------------------------------------

state=$MIYIN_LAB/var/miyin
older='The register is older than what was printed: its events'
again() { submit Office "$work/note.txt" -n 2 -o MiyinLevel=neibu -o MiyinDocument="$1"; }
serials_of() { miyin copies "$1" --json | grep -oE '"serial" *: *[0-9]+' |
	grep -oE '[0-9]+' | xargs; }
put_back()
{
	rm -f "$state"/register.db-journal
	cp --preserve=mode,ownership "$1" "$state/register.db"
}

job=$(again known)
lab-wait
ok "a backup" miyin backup "$state/copy.db"
miyin backup 2> /dev/null
is "a backup needs a file" $? 2
miyin backup --restored "$state/x.db" 2> /dev/null
is "what was restored needs none" $? 2
ok "the register is what was written" miyin verify
anchor=$(miyin verify | sed -n 's/.*next anchor: //p')
like "an anchor stands for all" "$(miyin verify --anchor "$anchor")" \
	'An anchor stands for all entries'
ok "and in Chinese" has "$(LC_ALL=zh_CN.UTF-8 miyin verify)" 全部条目
ok "the backup is, too" miyin verify --register "$state/copy.db"
miyin verify --register copy.db 2> /dev/null
is "a backup needs its whole path" $? 2
miyin verify --anchor nothing 2> /dev/null
is "an anchor that is none" $? 1
cp --preserve=mode,ownership "$state/register.db" "$state/newest.db"
sqlite3 "$state/newest.db" "DROP TRIGGER copies_no_renumber;
	UPDATE copies SET holder = '王五' WHERE id = 1"
like "another holder is found" \
	"$(miyin verify --register "$state/newest.db"; echo " exit $?")" \
	'A table is not what the log says, as of entry [0-9]+\. \[copies 1\].* exit 3'
cp --preserve=mode,ownership "$state/register.db" "$state/newest.db"
ok "nothing went back" not has "$(miyin doctor)" "$older"
is "nothing to accept" "$(miyin backup --restored)" \
	"The register lacks nothing that was printed."
is "and nothing is entered" "$(event_count restore)" 0
for document in known unknown; do
	job=$(again $document)
	lab-wait
	is "a job after it: $document" "$(job_state "$job")" completed
done
is "with serials of its own" "$(serials_of known)" "1 2 3 4"
cp --preserve=mode,ownership "$state/register.db" "$state/whole.db"
put_back "$state/newest.db"
papers=$(printed_count)
job=$(again known)
lab-wait
is "it went back: nothing is printed" "$(job_state "$job")" canceled
is "it went back: no paper" "$(printed_count)" "$papers"
is "it went back: its owner reads" "$(job_message "$job")" \
	"Not printed: the register is not available; try again later or tell the administrator."
ok "it went back: the log says why" has "$(miyin log --json)" \
	"[the register is older than what was printed: events"
ok "it went back: doctor says so" has "$(miyin doctor)" "$older"
put_back "$state/whole.db"
ok "a newer copy is back: doctor says nothing" \
	not has "$(miyin doctor)" "$older"
job=$(again known)
lab-wait
is "a newer copy is back: the next job" "$(job_state "$job")" completed
is "a newer copy is back: the next serials" "$(serials_of known)" "1 2 3 4 5 6"
put_back "$state/copy.db"
ok "accepted: which events are gone" has "$(miyin backup --restored)" \
	"The register goes on without its events"
is "accepted: it is an event" "$(event_count restore)" 1
like "accepted: an auditor reads it" "$(miyin verify; echo " exit $?")" \
	'is, or was, an older copy.* exit 3'
ok "accepted: doctor says nothing" not has "$(miyin doctor)" "$older"
job=$(again known)
lab-wait
is "accepted: jobs are printed" "$(job_state "$job")" completed
next=$(serials_of known)
ok "accepted: no serial again that was printed" \
	[ "$(cut -d' ' -f3 <<< "$next")" -gt 6 ]
rm "$state/last-event"
job=$(again known)
lab-wait
is "a lost file stops nothing" "$(job_state "$job")" completed
ok "and is there again" [ -s "$state/last-event" ]

# --- the first key --------------------------------------------------------------

miyin verify --first-key > "$work/first-key"
is "the first key" "$(grep -cE '^[0-9a-f]{64}$' "$work/first-key")" 1
ok "is not there again" not miyin verify --first-key 2> /dev/null
ok "the seals need it" has "$(miyin verify)" 'seals were not looked at'
ok "with it they are looked at" \
	not has "$(miyin verify --key "$work/first-key")" 'seals were not'

# --- what is broken, in Chinese -------------------------------------------------

# told WHAT WORDS COMMAND...: the last line of what it says has the words, and no
# English ones but names of files, groups and settings
told()
{
	local said
	said=$(MIYIN_CONF_DIR=$broken LANG=zh_CN.UTF-8 miyin "${@:3}" 2>&1 |
		tail -n 1)
	is "$1: in Chinese" "$(sed -E -e 's,/[^ ]*,,g' -e 's/\[[^]]*\]//g' \
		-e 's/^miyin: //' -e 's/(cn-gb9704|x\.png|junk|title)//g' \
		-e 's/（[A-Z][A-Za-z、 或]*）//' -e 's/可用的有：.*//' <<< "$said" |
		grep -oE '[A-Za-z]{2,}')" ""
	ok "$1: said" has "$said" "$2"
}
broken=$work/broken
spoil() { rm -rf "$broken" && cp -r "$MIYIN_CONF_DIR" "$broken"; }
spoil
rm "$broken/schemes/cn-gb9704.scheme"
told "a scheme that is gone" 没有标志方案 preview "$notice" --level jimi -o "$work/zh"
spoil
sed -i '/^\[scheme\]/a junk = 1' "$broken/schemes/cn-gb9704.scheme"
told "a setting that is none" 没有这项设置 preview "$notice" --level jimi -o "$work/zh"
spoil
sed -i '/^title/d' "$broken/schemes/cn-gb9704.scheme"
told "a setting that is missing" 缺少 preview "$notice" --level jimi -o "$work/zh"
spoil
echo x > "$work/x.png"
told "a scan that is none" 不是可以读取的图片 trace "$work/x.png"
echo none > "$state/none.db"
chown --reference="$state/register.db" "$state/none.db"
mv "$state/register.db" "$state/kept.db"
told "a register that is gone" 不存在 log
mv "$state/none.db" "$state/register.db"
told "a register that is none" 文件不是数据库 log
rm "$state/register.db"
mkdir "$state/register.db"
told "a register that cannot be opened" 数据库文件无法打开 log
rmdir "$state/register.db"
mv "$state/kept.db" "$state/register.db"

done_testing
