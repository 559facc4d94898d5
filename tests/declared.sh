#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Documents that bear a level themselves: none is printed at a lower one.
#
#   tests/lab/run -- bash tests/declared.sh
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
policy=$MIYIN_CONF_DIR/policy.conf

# says DECLARED ASKED
says()
{
	echo "Not printed: the document itself says $1 and may not be printed as $2; choose $1 or higher."
}

# make FILE.pdf LINE...: a page with these lines at the top, as an office
# program writes them: letters of an embedded font that have their Unicode
make()
{
	local pdf=$1
	shift
	printf '%s\n' "$@" > text
	pango-view -q --no-display --font='Noto Sans CJK SC 16' \
		--margin='110 100 500' --width=350 -o "$pdf" text
}

# make_state WORDS: state.pdf, a document like no other
make_state()
{
	make state.pdf 000012 '机密★10年' 特急 '' "关于印发的通知 $1" 各科室：
}

# The Status: lines that lpstat shows of a finished job.
status_of()
{
	LC_ALL=C lpstat -l -W completed -o "$1" | awk -v job="$1-$2" '
		/^[^\t ]/ { ours = $1 == job }
		ours && sub(/^\tStatus: /, "")'
}

# event JOB EVENT: result, reason and detail; copies that are alike are one line
event()
{
	miyin log --json | jq -r --argjson job "${1##*-}" --arg event "$2" '
		.[] | select(.job_id == $job and .event == $event) |
		"\(.result) \(.reason) \(.detail)"' | uniq
}

# A document of its own each time: the register knows them by content, and
# state.pdf, which is printed at several levels, by what it paints too.
n_new=0
print_at()
{
	local new
	n_new=$((n_new + 1))
	new=new$n_new.${3##*.}
	[ "$3" != state.pdf ] || make_state "第$n_new号"
	case $3 in
	UTF-16*) cp "$3" "$new" ;;
	*)	sed "\$a % $n_new" "$3" > "$new" ;;
	esac
	job=$(submit "$1" "$new" -o MiyinLevel="$2" "${@:4}") &&
		lab-wait
}

# refused NAME QUEUE LEVEL FILE SENTENCE [lp options]
refused()
{
	local n
	n=$(printed_count)
	print_at "$2" "$3" "$4" "${@:6}"
	is "$1: sentence" "$(status_of "$2" "${job##*-}")" "$5"
	is "$1: register" "$(event "$job" refuse)" "refused declared $5"
	is "$1: nothing issued" "$(event "$job" issue)" ''
	is "$1: paper" "$(printed_count)" "$n"
}

# printed NAME QUEUE LEVEL FILE DETAIL [lp options]
printed()
{
	print_at "$2" "$3" "$4" "${@:6}"
	is "$1: state" "$(job_state "$job")" completed
	like "$1: register" "$(event "$job" issue)" "^ok  $5\$"
}

# set_policy LEVEL KEY VALUE
set_policy()
{
	sed -i "/^\[level $1\]/,/^\[/s/^$2 = .*/$2 = $3/" "$policy"
}

for level in juemi jimi mimi neibu; do
	set_policy $level body keep
	set_policy $level copies-per-document 50
done
make_state 甲
make wide.pdf '机　密 ☆ １０ 年' '' 关于印发的通知
make field.pdf 关于印发的通知 '编号：2026-17  密级：机密'
# A form as a program leaves it: its values are to be drawn by whoever shows it.
cat > form.raw <<'END'
%PDF-1.6
1 0 obj
<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/NeedAppearances true>>>>
endobj
2 0 obj
<</Type/Pages/Count 1/Kids[3 0 R]>>
endobj
3 0 obj
<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[4 0 R]>>
endobj
4 0 obj
<</Type/Annot/Subtype/Widget/FT/Tx/T(level)/F 4/Rect[72 740 320 765]
/DA(/Song 16 Tf 0 g)/V<FEFF673A5BC62605003100305E74>>>
endobj
trailer
<</Root 1 0 R/Size 5>>
END
qpdf --warning-exit-0 form.raw form.pdf 2> qpdf.log
make english.pdf 'TOP SECRET//NOFORN' '' 'Plan B' 'Secret things.'
make full.pdf ＳＥＣＲＥＴ '' 'Plan B'
make prose.pdf 关于保密工作的通知 '机密文件应当由专人保管，标注“机密★10年”字样。' \
	'This secret is top secret.'
make plain.pdf 'Plan B'

# --- enforce ----------------------------------------------------------------

refused "机密★10年 as 内部" Office neibu state.pdf "$(says 机密 内部)"
refused "机密★10年 as 秘密" Office mimi state.pdf "$(says 机密 秘密)"
printed "机密★10年 as 机密" Office jimi state.pdf ''
printed "机密★10年 as 绝密" Office juemi state.pdf ''
refused "spaces, a white star, wide digits" Office neibu wide.pdf "$(says 机密 内部)"
refused "a field" Office neibu field.pdf "$(says 机密 内部)"
refused "a form's field" Office neibu form.pdf "$(says 机密 内部)"
refused "TOP SECRET with a caveat as 机密" Office jimi english.pdf \
	"$(says 绝密 机密)"
refused "full-width SECRET" Office neibu full.pdf "$(says 机密 内部)"
printed "prose about secrets" Office neibu prose.pdf ''
printed "no level" Office neibu plain.pdf ''
refused "the level of the queue" Office-jimi jimi english.pdf \
	"$(says 绝密 机密)"
printed "a queue of this level" Office-jimi jimi state.pdf ''

# --- which page ---------------------------------------------------------------

qpdf --empty --pages plain.pdf state.pdf -- second.pdf
refused "a level on the second page" Office neibu second.pdf "$(says 机密 内部)"
qpdf --empty --pages plain.pdf 1,1,1 state.pdf -- fourth.pdf
printed "a level on the fourth page" Office neibu fourth.pdf ''
refused "the fourth page alone" Office neibu fourth.pdf "$(says 机密 内部)" \
	-o page-ranges=4
pango-view -q --no-display --margin='300' -o blank.pdf -t ' '
qpdf --empty --pages blank.pdf 1,1,1,1 state.pdf -- blanks.pdf
refused "a level behind blank pages" Office neibu blanks.pdf "$(says 机密 内部)"
# shellcheck disable=SC2046 # many words
qpdf --empty --pages blank.pdf $(yes 1 | head -n 40 | paste -sd,) \
	state.pdf -- blanks.pdf
refused "a level behind 40 blank pages" Office neibu blanks.pdf \
	"$(says 机密 内部)"
refused "pages in reverse" Office neibu second.pdf "$(says 机密 内部)" \
	-o outputorder=reverse
refused "mirrored pages" Office neibu state.pdf "$(says 机密 内部)" -o mirror=true
pdftops state.pdf state.ps
refused "PostScript" Office neibu state.ps "$(says 机密 内部)"
printf '%s\n' '机密★10年' '' 关于印发的通知 > state.txt
refused "plain text" Office neibu state.txt "$(says 机密 内部)"
for code in GB18030 UTF-16 UTF-16BE; do
	{
		[ $code != UTF-16BE ] || printf '\376\377'
		iconv -t $code state.txt
	} > $code.txt
	refused "plain text in $code" Office neibu $code.txt "$(says 机密 内部)"
done
for name in actualtext white; do
	refused "a text that lies: $name" Office neibu \
		"$here/declared/$name.pdf" "$(says 机密 内部)"
done
refused "GBK under another encoding" Office neibu \
	"$here/declared/gbk-in-winansi.pdf" "$(says 机密 内部)"
refused "the second page alone" Office neibu second.pdf "$(says 机密 内部)" \
	-o page-ranges=2
refused "two pages on one" Office neibu second.pdf "$(says 机密 内部)" -o number-up=2
pdftoppm -r 100 -png -singlefile state.pdf scan
/usr/lib/cups/filter/imagetopdf 1 u t 1 PageSize=A4 scan.png > scan.pdf \
	2> /dev/null
refused "a picture" Office neibu scan.pdf "$(says 机密 内部)"
qpdf --empty --pages plain.pdf 1,1,1 blank.pdf scan.pdf -- fifth.pdf
printed "a picture on the fifth page" Office neibu fifth.pdf ''
refused "the picture alone" Office neibu fifth.pdf "$(says 机密 内部)" \
	-o page-ranges=5
refused "the picture behind a blank page" Office neibu fifth.pdf \
	"$(says 机密 内部)" -o page-ranges=4-5

# --- the document's period -----------------------------------------------------

# period_of JOB: what the register has
period_of()
{
	miyin log --json | jq -r --argjson job "${1##*-}" '
		.[] | select(.job_id == $job and .event == "issue") | .period' |
		uniq
}
printed "without a period" Office jimi state.pdf ''
is "it is the document's" "$(period_of "$job")" 10年
printed "with the same period" Office jimi state.pdf '' -o MiyinPeriod=十年
n=$(printed_count)
print_at Office jimi state.pdf -o MiyinPeriod=5年
like "another period: register" "$(event "$job" refuse)" \
	'^refused declared-period Not printed: the document itself bears the period 10年 '
is "another period: paper" "$(printed_count)" "$n"
make long.pdf 000012 '机密★30年' '' 关于印发的通知
print_at Office jimi long.pdf
like "a document's own period that is too long: register" \
	"$(event "$job" refuse)" '^refused declared-unfit '
is "a document's own period that is too long: paper" "$(printed_count)" "$n"
for line in '机密 1' '机密三' '机密 2026年11月' '机密★12'; do
	make page.pdf "$line" 关于印发的通知
	printed "no period: $line" Office jimi page.pdf ''
done
make exam.pdf 机密★考试结束前 关于印发的通知
n=$(printed_count)
print_at Office jimi exam.pdf
like "a condition that the policy has not: register" \
	"$(event "$job" refuse)" '^refused declared-unfit Not printed: the document itself bears the period 考试结束前, which is not allowed for 机密 here; change it in the document or ask '
print_at Office jimi exam.pdf -o MiyinPeriod=10年
like "nor is it led in a circle: register" "$(event "$job" refuse)" \
	'^refused declared-unfit '
is "a condition that the policy has not: paper" "$(printed_count)" "$n"
printed "raised, with a period of its new level" Office juemi state.pdf '' \
	-o MiyinPeriod=20年

# --- text that is not what is shown ----------------------------------------------

# A byte that makes one reader show nothing and another all of it: what is read
# is what is printed. odd FILE SED: state.pdf with its content changed
odd()
{
	qpdf --qdf --stream-data=uncompress state.pdf - |
		sed "/Contents for page 1/,/^endstream/$2" | fix-qdf > "$1"
}
make_state 乙
odd restore.pdf 's/^stream$/stream\nQ/'
odd operands.pdf "s/^.*\\(\[.*\] *\\)\?TJ/$(printf '1 %.0s' {1..40})&/"
refused "a restore without a save" Office neibu restore.pdf "$(says 机密 内部)"
refused "too many operands" Office neibu operands.pdf "$(says 机密 内部)"

# Running text is not read where its letters are known; a short line is.
for ((i = 0; i < 20; i++)); do
	echo '各部门要高度重视档案移交工作，严格按照规定的时间节点完成报送，并指定专人负责。'
done > text
pango-view -q --no-display --font='Noto Sans CJK SC 10' --margin='150 80 450' \
	--width=420 -o running.pdf text
printed "running text" Office neibu running.pdf ''
qpdf running.pdf --overlay "$here/declared/actualtext.pdf" -- among.pdf
refused "a level among running text" Office neibu among.pdf "$(says 机密 内部)"

set_policy neibu declared-unreadable refuse
n=$(printed_count)
print_at Office neibu "$here/declared/tounicode.pdf"
like "a text that is not the page's: register" "$(event "$job" refuse)" \
	'^refused unreadable Not printed: the text of page 1 is not what '
is "a text that is not the page's: paper" "$(printed_count)" "$n"
printed "an ordinary text" Office neibu prose.pdf ''
printed "a lie that the pages written anew have not" Office neibu \
	"$here/declared/actual-lie.pdf" ''
set_policy neibu declared-unreadable warn
printed "a text that is not the page's, warned" Office neibu \
	"$here/declared/tounicode.pdf" 'the text of page 1 is not what it shows'
set_policy neibu declared-unreadable accept
printed "a text that is not the page's, accepted" Office neibu \
	"$here/declared/tounicode.pdf" ''
set_policy neibu declared-unreadable warn

# --- the picture of a marked copy --------------------------------------------

# carries NAME FILE PAGE: it is refused for the code on that page
carries()
{
	local n says="Not printed: page $3 of the document shows the code of a marked copy; print the document itself, or ask the confidentiality officer for another copy of it."
	n=$(printed_count)
	print_at Office neibu "$2"
	is "$1: sentence" "$(status_of Office "${job##*-}")" "$says"
	is "$1: register" "$(event "$job" refuse)" "refused carried $says"
	is "$1: nothing issued" "$(event "$job" issue)" ''
	is "$1: paper" "$(printed_count)" "$n"
}

make memo.pdf '备忘录' 'Memo of a meeting, which says nothing else.'
print_at Office neibu memo.pdf
marked=$(find "$MIYIN_PAPER" -name '*.pdf' | sort | tail -n 1)
pdftoppm -r 150 -gray -singlefile -png "$marked" scan
# Pixels that do not go together with those that are looked at; a page that
# is made larger when it is printed.
gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfimage8 -r200 -o scan200.pdf "$marked"
gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfimage8 -r400 -o scan400.pdf "$marked"
gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfimage8 -r600 -g1240x1754 -dPDFFitPage \
	-o small.pdf "$marked"
make cover.pdf 'See the next page, please.'
qpdf --empty --pages cover.pdf "$marked" -- behind.pdf
payload=$(zbarimg -q --raw -Sdisable -Sqrcode.enable scan.png | head -n 1)
like "the copy has a code" "$payload" '^M[0-9A-Z]{34}$'
# One letter of its signature is another.
forged=${payload:0:34}$(tr '0-9A-Z' '1-9A0B-Z1' <<< "${payload:34}")
qrencode -s 12 -m 4 -o forged.png "$forged"
qrencode -s 12 -m 4 -o other.png "https://example.org/MEETING/2026/11/29"

carries "a scan of a marked copy" scan.png 1
carries "a scan of 200 dpi" scan200.pdf 1
carries "a scan of 400 dpi" scan400.pdf 1
carries "a scan on a small page" small.pdf 1
carries "the marked copy itself" "$marked" 1
carries "a marked copy behind another page" behind.pdf 2
carries "a forged code" forged.png 1
printed "a code of another kind" Office neibu other.png '.*'
set_policy neibu carried-codes warn
printed "a scan of a marked copy, warned" Office neibu scan.png \
	'.*page 1 shows the code of a marked copy.*'
set_policy neibu carried-codes accept
printed "a scan of a marked copy, accepted" Office neibu forged.png '.*'
ok "nothing is noted" not grep -q 'of a marked copy' <<< "$(event "$job" issue)"
set_policy neibu carried-codes refuse

# --- Chinese ------------------------------------------------------------------

n=$(printed_count)
answer=$(env -u LC_ALL LANG=zh_CN.UTF-8 lp -d Office -o MiyinLevel=neibu \
	state.pdf 2>&1)
lab-wait
if [[ $answer =~ Office-([0-9]+) ]]; then
	like "in Chinese" "$(status_of Office "${BASH_REMATCH[1]}")" \
		'^未打印：.*机密.*内部.*机密'
else
	fail "in Chinese" "$answer"
fi
is "in Chinese: paper" "$(printed_count)" "$n"

# --- warn, off ----------------------------------------------------------------

set_policy neibu declared-level warn
printed "warned" Office neibu state.pdf 'the document itself says 机密'
printed "warned of nothing" Office neibu plain.pdf ''
refused "another level still enforces" Office mimi state.pdf \
	"$(says 机密 秘密)"
set_policy neibu body fit
printed "warned, and made to fit" Office neibu state.pdf \
	'the document itself says 机密; body at [0-9]+ %' -n 2
set_policy neibu body keep
set_policy neibu declared-level off
printed "not looked at" Office neibu state.pdf ''
set_policy neibu declared-level maybe
print_at Office neibu plain.pdf
like "a policy that is wrong prints nothing" "$(job_message "$job")" 'set up'
sed -i '/^declared-level = maybe$/d' "$policy"
print_at Office neibu plain.pdf
like "nor one without the key" "$(job_message "$job")" 'set up'

# --- another scheme -----------------------------------------------------------

if [ -e "$MIYIN_CONF_DIR/schemes/us.scheme" ]; then
	for level in ts s c; do
		printf '[level us-%s]\n' $level
		printf '%s\n' 'copies-per-document = 9' 'copies-per-job = 9' \
			'body = keep' 'verify = every-page' 'users = *' \
			'queues = *' 'missing-glyph = refuse' \
			'conditions =' 'declared-level = enforce' \
			'declared-pages = 3' 'declared-unreadable = warn' \
			'carried-codes = refuse' ''
	done > "$policy"
	miyin unprotect Office > /dev/null
	miyin protect Office --scheme us > /dev/null || fail "protect"
	refused "SECRET as CONFIDENTIAL" Office us-c full.pdf \
		"$(says SECRET CONFIDENTIAL)"
	printed "SECRET as SECRET" Office us-s full.pdf ''
	printed "SECRET as TOP SECRET" Office us-ts full.pdf ''
	refused "TOP SECRET as SECRET" Office us-s english.pdf \
		"$(says 'TOP SECRET' SECRET)"
	printed "marks of another rule book" Office us-c state.pdf ''
fi
done_testing
