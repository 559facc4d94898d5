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
is "its fonts are embedded, as subsets" \
	"$(pdffonts "$work/pv/1.pdf" | sed 1,2d |
		awk '/ yes yes / { n++ } END { print (n && n == NR) }')" 1
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
ok "not as many holders as copies" has "$(miyin preview "$notice" \
	--level jimi -n 3 -H a,b -o "$work/x" 2>&1)" "3 copies need 3 holders"
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

# --- copies -----------------------------------------------------------------

ok "copies by reference" has "$(miyin copies 某档发〔2026〕1号)" 李四
is "two of them" "$(miyin copies 某档发〔2026〕1号 --json |
	grep -c '"serial"')" 2
miyin copies unknown > /dev/null 2>&1
is "no such document" $? 1

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
ok "traces are events" [ "$(event_count trace)" -gt 8 ]
is "an ordinary user may not" \
	"$(as nobody env MIYIN_CONF_DIR="$MIYIN_CONF_DIR" \
		miyin log 2>&1 | grep -c 'must be run as root')" 1
is "nor trace" "$(as nobody env MIYIN_CONF_DIR="$MIYIN_CONF_DIR" \
	miyin trace "$code" 2>&1 |
	grep -c 'must be run as root')" 1

done_testing
