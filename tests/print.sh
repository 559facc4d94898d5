#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Printing, from lp to paper: copies, layout, formats, names, devices.
#
#   tests/lab/run -- bash tests/print.sh
#
# Everything is submitted first, because a job mostly waits; a paper is told
# by its holder, so each case is its own holder.
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/print-lib.sh
. "$(dirname "$0")/print-lib.sh"
export LC_ALL=C.UTF-8
script=$(realpath "$0")
cd "$MIYIN_LAB/home" || exit 1

make_pages seven.pdf 7
make_pages three.pdf 3
make_pages one.pdf 1
make_pages wide.pdf 2 842 595
make_pages slides.pdf 2 720 405
qpdf --empty --pages one.pdf wide.pdf 1 one.pdf -- mixed.pdf
# Upright only when its /Rotate is obeyed, as drivers and scanners write it.
qpdf wide.pdf --rotate=-90 --flatten-rotation -- lying.pdf
qpdf lying.pdf --rotate=+90 -- turned.pdf
gs -q -dBATCH -dNOPAUSE -sDEVICE=png16m -r100 -o picture.png one.pdf
gs -q -dBATCH -dNOPAUSE -sDEVICE=jpeg -dJPEGQ=95 -r100 -o picture.jpg one.pdf
gs -q -dBATCH -dNOPAUSE -sDEVICE=jpeg -dJPEGQ=95 -r100 -dLastPage=1 \
	-o wide.jpg wide.pdf
printf 'PAGE 1\n\f关于涉密文件打印的通知 PAGE 2\n' > text.txt
{
	echo '%!PS-Adobe-3.0'
	echo '<< /NumCopies 7 >> setpagedevice'
	echo '/#copies 5 def'
	pdftops -q seven.pdf - | sed 1d
} > copies.ps

# --- submit ---------------------------------------------------------------

declare -A job_of

# send HOLDER FILE [lp options]: at level neibu, as a document of its own
send()
{
	job_of[$1]=$(submit Office "$2" -o MiyinLevel=neibu \
		-o MiyinDocument="$1" -o MiyinHolders="$1" "${@:3}")
}

# A document that is 机密 is that at every other level, too.
make_pages seven-jimi.pdf 7 600
copies_job=$(submit Office seven-jimi.pdf -n 3 -o MiyinLevel=jimi \
	-o MiyinPeriod=10年 -o MiyinHolders=张三,李四,王五)

send number-up-2 seven.pdf -o number-up=2
send number-up-4 seven.pdf -o number-up=4
send number-up-2-wide wide.pdf -o number-up=2
send booklet seven.pdf -o booklet
send long-edge seven.pdf -o sides=two-sided-long-edge
send short-edge three.pdf -o sides=two-sided-short-edge
send ranges seven.pdf -o page-ranges=2-4
send ranges-2 seven.pdf -P 1,6-
send odd seven.pdf -o page-set=odd
send even seven.pdf -o page-set=even
send outputorder seven.pdf -o outputorder=reverse
send output-order three.pdf -o output-order=reverse
send fit slides.pdf -o fit-to-page
send wide wide.pdf
send turned turned.pdf
send mixed mixed.pdf
send landscape three.pdf -o landscape
send wide-a3 wide.pdf -o media=A3
send a3 three.pdf -o media=A3
send a5 one.pdf -o media=A5
send letter three.pdf -o media=Letter
send png picture.png
send jpeg picture.jpg
send wide-jpeg wide.jpg
send text text.txt
send postscript copies.ps
# lp would send a number.
# shellcheck disable=SC2015
cc -o send-name "$(dirname "$script")/print-name.c" -lcups &&
	job_of[copies-as-name]=Office-$(./send-name Office three.pdf copies 7 \
		MiyinLevel neibu MiyinHolders copies-as-name \
		MiyinDocument copies-as-name) || fail "copies as a name are sent"
send gray one.pdf -o ColorModel=Gray -o cupsPrintQuality=High \
	-o InputSlot=Auto
send plain one.pdf
duplex_job=$(submit Office three.pdf -n 2 -o sides=two-sided-long-edge \
	-o MiyinLevel=neibu -o MiyinHolders=双1,双2)
make_pages two-1.pdf 1 600
make_pages two-3.pdf 3 600
two_job=$(LC_ALL=C lp -d Office -n 2 -o MiyinLevel=neibu \
	-o MiyinHolders=甲,乙 two-1.pdf two-3.pdf)

quotes="it's \"quoted\" (a) <b> \$c %d &e; \`f\`"
back='back\slash\\ \n'
mixed_script='שלום 你好 é'
long_title=$(printf 'a%.0s' {1..200})
long_holder=$(printf '长%.0s' {1..40})
override=$'x\u202egpj.exe\u2066y'
# As odd as the name of a holder may be.
odd_holder="O'Brien-Müller (a) & b/c_d@e."
# odd_words REFERENCE TITLE HOLDER
odd_words()
{
	submit Office one.pdf -t "$2" -o MiyinLevel=neibu \
		-o MiyinDocument="$1" -o MiyinHolders="$(quoted "$3")" \
		> /dev/null || fail "lp: $1"
}
odd_words words-quotes "$quotes" "$odd_holder"
odd_words words-back "$back" back
odd_words words-script "$mixed_script" "$mixed_script"
odd_words words-long "$long_title" "$long_holder"
odd_words words-override "$override" "$override"
odd_words words-lines "two lines" $'one\ntwo\tthree'

# Refused, so nothing comes of these.
banner_job=$(submit Office one.pdf -o MiyinLevel=neibu \
	-o job-sheets=standard,none)
b5_job=$(submit Office one.pdf -o MiyinLevel=neibu -o media=B5)

pcl_job=$(submit Pcl three.pdf -n 2 -o MiyinLevel=neibu)
pcl_2_job=$(submit Pcl wide.pdf -o MiyinLevel=neibu -o number-up=2 \
	-o Resolution=600dpi)
# Its driver's interpreter stumbles over a number that is none.
failed_job=$(submit Pcl "${script%/*}/drivers/calculator.pdf" \
	-o MiyinLevel=neibu)
ps_job=$(submit Ps three.pdf -n 2 -o MiyinLevel=neibu)
ps_2_job=$(submit Ps copies.ps -o MiyinLevel=neibu -o page-ranges=1-2)

# --- over the network: meanwhile ------------------------------------------

cat > print.test <<'END'
{
	OPERATION Print-Job
	GROUP operation-attributes-tag
	ATTR charset attributes-charset utf-8
	ATTR naturalLanguage attributes-natural-language en
	ATTR uri printer-uri $uri
	ATTR name requesting-user-name root
	ATTR mimeMediaType document-format application/pdf
	GROUP job-attributes-tag
	ATTR name MiyinLevel "neibu"
	ATTR name MiyinHolders "network"
	FILE $filename
}
END
chmod 755 . && chmod 644 print.test one.pdf
for queue in Office Office-device; do
	uri=ipp://127.0.0.1:$MIYIN_LAB_PORT/printers/$queue
	like "IPP over TCP to $queue without a password" \
		"$(as nobody timeout 60 ipptool -tv -f "$PWD/one.pdf" "$uri" \
			"$PWD/print.test" 2>&1 < /dev/null)" \
		'client-error-(not-authenticated|forbidden|not-authorized)'
done
ok "lp over TCP without a password fails" not \
	as nobody CUPS_SERVER="127.0.0.1:$MIYIN_LAB_PORT" timeout 60 \
	lp -d Office -o MiyinLevel=neibu -o MiyinHolders=network \
	"$PWD/one.pdf" < /dev/null 2> /dev/null

# --- read -----------------------------------------------------------------

lab-wait 900 || fail "all jobs finish"
read_papers
cat "$MIYIN_LAB"/paper*/read/*.codes > all.codes

# paper HOLDER: the one paper of a holder; complains when there is not one
paper()
{
	local papers
	mapfile -t papers < <(papers_of "$1")
	if [ ${#papers[@]} != 1 ]; then
		fail "$1 is one paper" "${#papers[@]} papers" \
			"${job_of[$1]:+$(lab-status "${job_of[$1]}")}" >&2
		return 1
	fi
	printf '%s\n' "${papers[0]}"
}

# printed NAME HOLDER N [ORDER]: one paper, N marked pages, in this order
printed()
{
	local paper
	paper=$(paper "$2" 2> "$MIYIN_LAB/log/paper") || {
		fail "$1" "$(cat "$MIYIN_LAB/log/paper")"
		return
	}
	is "$1: its $3 pages are marked" "$(marks_fault "$paper" "$3")" ""
	[ $# -lt 4 ] || is "$1: its order" "$(order_on "$paper")" "$4"
}

# asked NAME HOLDER ATTRIBUTE REGEX: what the device was told
asked()
{
	local paper
	paper=$(paper "$2" 2> /dev/null) &&
		like "$1" "$(paper_env "${paper##*/}" "$3")" "$4"
}

# upright NAME HOLDER PAGE: document and marks are read from the same side
upright()
{
	local paper turns
	paper=$(paper "$2" 2> /dev/null) || return
	turns=$(turns_on "$paper" "$3")
	is "$1: marks stand as the text does" "${turns% *}" "${turns#* }"
}

# size NAME HOLDER REGEX: of the pages
size()
{
	local paper
	paper=$(paper "$2" 2> /dev/null) &&
		like "$1" "$(pdfinfo "$paper.pdf")" "$3"
}

refused()
{
	like "$1" "$(lab-status "$2")" $'^canceled\t'"$3"
}

registered() { miyin copies "$1" --json | jq -r ".[0].$2"; }

# --- copies ---------------------------------------------------------------

is "three copies: the job" "$(lab-status "$copies_job")" \
	$'completed\tPrinted: 3 copies, serials 000001–000003.'
number=0
for holder in 张三 李四 王五; do
	number=$((number + 1))
	printed "copy $number, of $holder" "$holder" 7
	copy=$(paper "$holder") || continue
	is "copy $number arrived in its turn" "${copy##*/}" "00$number"
	text=$(cat "$(read_of "$copy" text)")
	is "copy $number: serial on each page" \
		"$(pages_saying "00000$number" <<< "$text")" 7
	is "copy $number: level on each page" \
		"$(pages_saying 机密★10年 <<< "$text")" 7
	is "copy $number: running line on each page" \
		"$(pages_saying "机密★10年 份号 00000$number 第$number份 共3份 持有人 $holder" \
			<<< "$text")" 7
	is "copy $number: pages in order" "$(order_on "$copy")" \
		"1 2 3 4 5 6 7"
done
is "21 pages have 21 codes" \
	"$(cat "$MIYIN_PAPER"/read/00[123].codes | cut -f2 | grep '^M' |
		sort -u | wc -l)" 21
page_picture "$MIYIN_PAPER/002" 5 150 traced.png
is "trace of a picture of page 5 of copy 2" \
	"$(miyin trace --json traced.png | jq -r '.[0] | [.verdict,
		.copy.serial, .copy.holder, .claim.page, .claim.pages,
		.copy.level, .copy.period] | join(" ")')" \
	"found 2 李四 5 7 jimi 10年"

# --- layout ---------------------------------------------------------------

printed "number-up=2" number-up-2 4 "1 2 3 4 5 6 7"
printed "number-up=4" number-up-4 2 "1 2 3 4 5 6 7"
printed "number-up=2, wide pages" number-up-2-wide 1 "1 2"
printed "booklet" booklet 4 "1 2 7 3 6 4 5"
asked "booklet turns at the short edge" booklet IPP_SIDES \
	'^two-sided-short-edge$'
printed "sides=two-sided-long-edge" long-edge 7 "1 2 3 4 5 6 7"
asked "long edge at the device" long-edge IPP_SIDES '^two-sided-long-edge$'
printed "sides=two-sided-short-edge" short-edge 3 "1 2 3"
asked "short edge at the device" short-edge IPP_SIDES \
	'^two-sided-short-edge$'
printed "page-ranges=2-4" ranges 3 "2 3 4"
printed "-P 1,6-" ranges-2 3 "1 6 7"
printed "page-set=odd" odd 4 "1 3 5 7"
# pdftopdf gives the last sheet its back.
printed "page-set=even" even 4 "2 4 6"
printed "outputorder=reverse" outputorder 7 "7 6 5 4 3 2 1"
printed "output-order=reverse" output-order 3 "3 2 1"
printed "fit-to-page" fit 2 "1 2"
printed "landscape pages" wide 2 "1 2"
printed "turned pages" turned 2 "1 2"
printed "portrait and landscape" mixed 3 "1 1 1"
printed "-o landscape" landscape 3 "1 2 3"
printed "landscape pages on A3" wide-a3 2 "1 2"
printed "A3" a3 3 "1 2 3"
size "A3 is A3" a3 'size:.*\(A3\)'
asked "A3 at the device" a3 IPP_MEDIA_COL \
	'x-dimension=29700 y-dimension=42000'
printed "A5" a5 1 1
asked "A5 at the device" a5 IPP_MEDIA_COL 'x-dimension=14800 y-dimension=21000'
printed "Letter" letter 3 "1 2 3"
size "Letter is Letter" letter 'size:.*\(letter\)'
asked "Letter at the device" letter IPP_MEDIA_COL \
	'x-dimension=21590 y-dimension=27940'
asked "N-up is on the queue's paper" number-up-2 IPP_MEDIA_COL \
	'x-dimension=21000 y-dimension=29700'
for holder in plain number-up-4 a3 letter png long-edge; do
	upright "$holder" "$holder" 1
done
upright "mixed, its portrait page" mixed 1
for holder in number-up-2 number-up-2-wide wide turned fit landscape \
	wide-a3 wide-jpeg; do
	upright "$holder" "$holder" 1
done
upright booklet booklet 2
upright "mixed, its landscape page" mixed 2

# --- formats --------------------------------------------------------------

printed "PNG" png 1 1
printed "JPEG" jpeg 1 1
printed "landscape JPEG" wide-jpeg 1 1
printed "plain text" text 2
printed "PostScript with /NumCopies 7" postscript 7 "1 2 3 4 5 6 7"
printed "copies sent as a name" copies-as-name 3 "1 2 3"

# --- device ---------------------------------------------------------------

asked "one side, when nothing is said" plain IPP_SIDES '^one-sided$'
asked "A4, when nothing is said" plain IPP_MEDIA_COL \
	'x-dimension=21000 y-dimension=29700'
asked "colour, when nothing is said" plain IPP_PRINT_COLOR_MODE '^color$'
asked "ColorModel=Gray" gray IPP_PRINT_COLOR_MODE '^monochrome$'
asked "cupsPrintQuality=High" gray IPP_PRINT_QUALITY '^high$'
asked "InputSlot=Auto" gray IPP_MEDIA_COL 'media-source=auto'
is "no device was asked for copies or sheets" \
	"$(cat "$MIYIN_PAPER"/*.env | grep -E '^IPP_(COPIES|JOB_SHEETS)=' |
		grep -vE '=(1|none|none,none)$')" ""
is "no device was told a title" \
	"$(sed -n 's/^IPP_JOB_NAME=//p' "$MIYIN_PAPER"/*.env | sort -u)" miyin
like "two sides, two copies: the job" "$(lab-status "$duplex_job")" \
	$'^completed\tPrinted: 2 copies, serials [0-9]{6}–[0-9]{6}\\.$'
for holder in 双1 双2; do
	printed "two sides, $holder: a job of its own, so a front" \
		$holder 3 "1 2 3"
	asked "two sides, $holder" $holder IPP_SIDES '^two-sided-long-edge$'
done

# --- several documents ----------------------------------------------------

two_job=${two_job#request id is }
like "two documents: the job" "$(lab-status "${two_job%% *}")" \
	$'^completed\tPrinted: 4 copies, serials 000001–000002 \\(two-1\\.pdf\\); 000001–000002 \\(two-3\\.pdf\\)\\.$'
for holder in 甲 乙; do
	mapfile -t papers < <(papers_of $holder)
	is "two documents, $holder has a copy of each" ${#papers[@]} 2
	for i in 0 1; do
		is "two documents, $holder: $((1 + 2 * i)) marked pages" \
			"$(marks_fault "${papers[i]:-}" $((1 + 2 * i)))" ""
	done
done
is "two documents, each from serial 1" \
	"$(miyin log --json | jq -r '[.[] | select(.event == "issue" and
		(.holder == "甲" or .holder == "乙")) | .serial] | sort |
		join(" ")')" "1 1 2 2"

# --- words ----------------------------------------------------------------

# words NAME REFERENCE TITLE HOLDER: as registered
words()
{
	is "$1: title" "$(registered "$2" title)" "$3"
	is "$1: holder" "$(registered "$2" holder)" "$4"
}
words "quotes" words-quotes "$quotes" "$odd_holder"
words "backslashes" words-back "$back" back
words "scripts" words-script "$mixed_script" "$mixed_script"
words "too long" words-long "${long_title:0:127}" "$long_holder"
words "bidi overrides" words-override xgpj.exey xgpj.exey
words "line ends" words-lines "two lines" "one two three"
for reference in words-{quotes,back,script,long,override,lines}; do
	code=$(registered "$reference" copy_code)
	mapfile -t papers < <(grep -lF "${code:0:4}-${code:4}-" \
		"$MIYIN_PAPER"/read/*.text)
	is "$reference: one paper" ${#papers[@]} 1
	name=${papers[0]##*/}
	is "$reference: is marked" \
		"$(marks_fault "$MIYIN_PAPER/${name%.text}" 1)" ""
done

# --- other printers -------------------------------------------------------

# other KIND JOB PAPER N [ORDER]
other()
{
	like "$1 $3: the job" "$(lab-status "$2")" $'^completed\tPrinted: '
	is "$1 $3: its $4 pages are marked" \
		"$(marks_fault "$MIYIN_LAB/paper-$1/$3" "$4")" ""
	[ $# -lt 5 ] ||
		is "$1 $3: its order" "$(order_on "$MIYIN_LAB/paper-$1/$3")" "$5"
}
other pcl "$pcl_job" 001 3 "1 2 3"
other pcl "$pcl_job" 002 3 "1 2 3"
# Not its order: the document's own codes are too small there to be read
# through the watermark.
other pcl "$pcl_2_job" 003 1
other ps "$ps_job" 001 3 "1 2 3"
other ps "$ps_job" 002 3 "1 2 3"
other ps "$ps_2_job" 003 2 "1 2"
like "pcl: an error of PostScript is the job's end" \
	"$(lab-status "$failed_job")" \
	$'^aborted\tNot printed: .*the driver of the printer failed'
is "no more papers of pcl" "$(printed_count pcl)" 3
is "no more papers of ps" "$(printed_count ps)" 3
is "pcl is not asked for copies" "$(cat "$MIYIN_LAB"/paper-pcl/*.pcl |
	LC_ALL=C grep -aoP '\x1b&l[0-9]+X' | cut -c4- | sort -u)" 1X
is "Resolution=600dpi goes to the printer" \
	"$(LC_ALL=C grep -aoP '\x1b\*t[0-9]+R' "$MIYIN_LAB"/paper-pcl/003.pcl |
		cut -c3- | sort -u)" t600R
is "ps is not asked for copies" "$(cat "$MIYIN_LAB"/paper-ps/*.ps |
	LC_ALL=C grep -aoE '(%RBINumCopies: |/NumCopies )[0-9]+' |
	grep -v ' 1$')" ""

# --- refused --------------------------------------------------------------

refused "banner" "$banner_job" '.*banner'
refused "a paper it does not have" "$b5_job" '.*"B5".*media'
is "nothing came over the network" "$(papers_of network)" ""
is "no two pages of all have the same code" \
	"$(grep -oP '\tM[0-9A-Z]{34}$' all.codes | sort | uniq -c |
		awk '$1 != 2' | wc -l)" 0
# A queue with a Chinese name, on the printer of Ps: its device queue stands in
# its address as %E6....
wrapped=$(LC_ALL=C lpstat -v Ps-device | sed 's/^device for [^:]*: //')
uri=${wrapped##*#}${wrapped#miyindevice}
ok "Ps gives its printer back" miyin unprotect Ps
lpadmin -p 打印机2 -v "${uri%#*}" -m drv:///sample.drv/generic.ppd -E \
	2> /dev/null
ok "a queue with a Chinese name is protected" miyin protect 打印机2
before=$(printed_count ps)
printf 'hello\n' > hello.txt
like "and prints" "$(print 打印机2 hello.txt -o MiyinLevel=neibu)" '^completed'
is "and prints: paper" "$(printed_count ps)" $((before + 1))

done_testing
