#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Which way up: a document lies on its paper just as the stock queue puts it,
# and its marks stand upright with it, whatever is on its pages.
#
#   tests/lab/run -- bash tests/upright.sh
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/print-lib.sh
. "$(dirname "$0")/print-lib.sh"
export LC_ALL=C.UTF-8
cd "$MIYIN_LAB/home" || exit 1

# The same printer and driver, as they were before anything was protected.
device=$(LC_ALL=C lpstat -v Office-device)
device=${device#*miyindevice:}
lpadmin -p Stock -v "${device#*#}:${device%#*}" -m everywhere -E \
	-o printer-error-policy=abort-job || fail "a stock queue"

# --- documents --------------------------------------------------------------

# scan FILE.pdf OUT.pdf [DPI]: nothing but a picture a page
scan()
{
	gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfimage8 "-r${3:-100}" -o "$2" "$1"
}
# picture OUT FORMAT DPI FILE.pdf
picture() { gs -q -dBATCH -dNOPAUSE "-sDEVICE=$2" "-r$3" -o "$1" "$4"; }

make_pages one.pdf 1
make_pages two.pdf 2
make_pages wide.pdf 1 842 595
make_pages a5.pdf 1 595 420
scan wide.pdf scan-wide.pdf
scan a5.pdf scan-a5.pdf
scan two.pdf scans.pdf
qpdf --empty --pages wide.pdf scans.pdf -- table-then-scans.pdf
qpdf --empty --pages scans.pdf scan-wide.pdf -- scans-then-wide.pdf
# The back of a sheet that is bound at its short edge.
qpdf scans.pdf --rotate=180:2 --flatten-rotation -- tumble.pdf
# A wide picture of which a portrait page shows a part.
perl -e 'local $/; $_ = <>; s{/MediaBox\s*\[[^\]]*\]}{/MediaBox [230 0 612 595]};
	print' <(qpdf --qdf scan-wide.pdf -) > cover.qdf
fix-qdf cover.qdf > cover.pdf
# Letters all over a page that was drawn to be turned; and a scan with a line
# at its edge that runs upwards.
{
	echo '%!PS'
	echo '<< /PageSize [595 842] >> setpagedevice'
	echo '0 842 translate -90 rotate /Helvetica findfont 16 scalefont setfont'
	for y in 540 510 480 450 420 390 360 330 300 270 240 210 180 150 120; do
		echo "70 $y moveto (This page is read when it is turned to the" \
			"left; all its letters are.) show"
	done
	echo '320 180 translate 9 9 scale'
	qrencode -l H -t EPS -s 1 -m 0 -o - "PAGE 1" | grep -v '^%'
	echo 'showpage'
} | gs -q -dBATCH -dNOPAUSE -dAutoRotatePages=/None -sDEVICE=pdfwrite \
	-o downwards.pdf -
{
	echo '%!PS'
	echo '/Helvetica findfont 8 scalefont setfont 90 rotate 100 -585 moveto'
	echo '(Scanned by somebody on some day, on the third floor) show showpage'
} | gs -q -dBATCH -dNOPAUSE -dAutoRotatePages=/None -g5950x8420 -r720 \
	-sDEVICE=pdfwrite -o edge.pdf -
qpdf scans.pdf --pages . 1 -- --overlay edge.pdf -- scan-with-edge.pdf
picture wide.jpg jpeg 100 wide.pdf
picture high.jpg jpeg 100 one.pdf
picture fax.tif tiffg4 204x98 one.pdf
picture pages.tif tiffg4 100 two.pdf

# Lines that only the long side of the paper has room for.
long=$(printf 'N%.0s' {1..110})
for _ in {1..10}; do echo "$long"; done > lines.txt
for _ in {1..24}; do echo "$long"; done > page.txt
# And some that no paper has room for.
for n in {100..105}; do
	printf '%d%s\n' "$n" "$(printf '%s' {a..m}{0..9})"
done > rows.txt
for _ in {1..10}; do echo "${long//NNN/N,N}"; done > table.csv

# --- submit ---------------------------------------------------------------

names=() texts=() rows=() stock=()
declare -A job_of fault_of file_of options_of

# send NAME FILE PAGES [lp options]
send()
{
	local options="${*:4}"
	names+=("$1 $3")
	file_of[$1]=$2
	options_of[$1]=${options//-o /}
	job_of[$1]=$(submit Office "$2" -o MiyinLevel=neibu \
		-o MiyinDocument="$1" -o MiyinHolders="$1" "${@:4}") ||
		fault_of[$1]="Office did not take it"
	# One after the other: the printer has one job at a time.
	stock+=("$(printf '%q ' lp -d Stock -t "stock $1" "${@:4}" "$2")")
}

send scan-wide scan-wide.pdf 1
send scan-a5 scan-a5.pdf 1
send table table-then-scans.pdf 3
send scans scans-then-wide.pdf 3
send tumble tumble.pdf 2 -o sides=two-sided-long-edge
send cover cover.pdf 1
send edge scan-with-edge.pdf 1
send downwards downwards.pdf 1
send scans-2-up scans.pdf 1 -o number-up=2
send scans-4-up scans.pdf 1 -o number-up=4
send wide-2-up scan-wide.pdf 1 -o number-up=2
send right scans.pdf 2 -o orientation-requested=4
send left scans.pdf 2 -o orientation-requested=5
send on-its-head scans.pdf 2 -o orientation-requested=6
send a3 scan-wide.pdf 1 -o media=A3
send letter table-then-scans.pdf 3 -o media=Letter
send booklet scans.pdf 2 -o booklet
send wide-picture wide.jpg 1
send high-picture high.jpg 1
send turned-picture high.jpg 1 -o landscape
send sized-picture wide.jpg 1 -o ppi=120
send small-picture wide.jpg 1 -o ppi=300
send picture-2-up wide.jpg 1 -o number-up=2
send fax fax.tif 1
send_text()
{
	send "$@"
	unset "names[-1]"
	texts+=("$1")
}
send_text text lines.txt 1
send_text text-wide lines.txt 1 -o landscape
send_text text-right lines.txt 1 -o orientation-requested=4
send_text text-left lines.txt 1 -o orientation-requested=5
send_text text-on-its-head lines.txt 1 -o orientation-requested=6
send_text table-wide table.csv 1 -o landscape
send_text text-a3 lines.txt 1 -o landscape -o media=A3
send text-long page.txt 1 -o landscape
unset "names[-1]"
for options in "" media=A5 media=A3 landscape "cpi=12 -o lpi=8" \
	page-left=100 nowrap "landscape -o number-up=2"; do
	rows+=("rows-${#rows[@]}")
	# shellcheck disable=SC2086
	send "${rows[-1]}" rows.txt 1 ${options:+-o $options}
	unset "names[-1]" "stock[-1]"
done
pretty=$(submit Office lines.txt -o prettyprint -o MiyinLevel=neibu)
lab_tiff=$(submit Office pages.tif -o MiyinLevel=neibu -o MiyinHolders=pages)

lab-wait 900 || fail "all jobs finish"
for command in "${stock[@]}"; do
	eval "$command" > /dev/null || fail "the stock queue: $command"
done
lab-wait 900 || fail "all jobs of the stock queue finish"
read_papers

# --- compare ----------------------------------------------------------------

stock_paper()
{
	local file
	for file in "$MIYIN_PAPER"/*.env; do
		grep -qxF "IPP_JOB_NAME=stock $1" "$file" || continue
		printf '%s\n' "${file%.env}"
	done
}

# turns_of PAPER N: of the document, a word a page
turns_of()
{
	local page
	for page in $(seq "$2"); do
		turn_of "$1" "$page" 60 'PAGE [0-9]*'
	done | paste -sd ' '
}

marks_of()
{
	local page
	for page in $(seq "$2"); do
		turn_of_marks "$1" "$page"
	done | paste -sd ' '
}

for name in "${names[@]}"; do
	read -r name n <<< "$name"
	paper=$(papers_of "$name") old=$(stock_paper "$name")
	if [ ! -e "$paper.pdf" ] || [ ! -e "$old.pdf" ]; then
		fail "$name is printed on both queues" "paper: $paper" \
			"stock: $old" "${fault_of[$name]:-}" \
			"$(lab-status "${job_of[$name]}")"
		continue
	fi
	is "$name: lies as the stock queue puts it" \
		"$(turns_of "$paper" "$n")" "$(turns_of "$old" "$n")"
	# Of what is upside down on its own page nobody can know.
	[ "$name" != tumble ] || n=1
	is "$name: its marks stand upright with it" \
		"$(marks_of "$paper" "$n")" "$(turns_of "$paper" "$n")"
done
for name in "${texts[@]}"; do
	paper=$(papers_of "$name") old=$(stock_paper "$name")
	is "$name: lies as the stock queue puts it" \
		"$(turn_of_text "$paper")" "$(turn_of_text "$old")"
	is "$name: its marks stand upright with it" \
		"$(turn_of_marks "$paper" 1)" "$(turn_of_text "$paper")"
done

# ink_of PAPER: dark pixels within the margins
ink_of()
{
	pdftoppm -gray -r 30 -l 1 -singlefile "$1.pdf" "$MIYIN_LAB/ink"
	read -r w h < <(sed -n 2p "$MIYIN_LAB/ink.pgm")
	tail -c $((w * h)) "$MIYIN_LAB/ink.pgm" | od -An -v -tu1 "-w$w" |
		awk -v "w=$w" -v "h=$h" '
		NR > h * 0.15 && NR < h * 0.85 {
			for (x = int(w * 0.15); x < w * 0.85; x++)
				n += $x < 64
		}
		END { print n + 0 }'
}
# rows_of FILE.pdf: the document's lines, without those of marks
rows_of()
{
	pdftotext -raw "$1" - | tr -d ' \f' | grep -x '[0-9a-m]*' |
		grep '[a-m]'
}
# The stock queue's paper is a picture: these are its filters.
stock_text()
{
	local filter
	cp "${file_of[$1]}" stock.pdf
	for filter in texttopdf pdftopdf; do
		PPD=$CUPS_SERVERROOT/ppd/Office.ppd \
			"/usr/lib/cups/filter/$filter" 1 user title 1 \
			"${options_of[$1]}" stock.pdf > next.pdf 2> /dev/null
		mv next.pdf stock.pdf
	done
}
for name in "${rows[@]}"; do
	stock_text "$name"
	rows_of "$(papers_of "$name").pdf" > ours.rows
	rows_of stock.pdf > stock.rows
	is "text, ${options_of[$name]:-plain}: its lines end as the stock queue's" \
		"$(diff ours.rows stock.rows | head -n 5)" ""
	ok "text, ${options_of[$name]:-plain}: there are some" test -s ours.rows
done
is "what is not done for a text: the job" "$(lab-status "$pretty" | cut -f1)" \
	completed
ok "and it is told" grep -qa "The option prettyprint gives texts no heads" \
	"$MIYIN_LAB/log/error_log"

ours=$(ink_of "$(papers_of picture-2-up)")
stocks=$(ink_of "$(stock_paper picture-2-up)")
ok "a picture with number-up is whole" \
	test $((ours * 3)) -gt $((stocks * 2)) -a "$stocks" -gt 100

# It has no queue; Office's PPD is as those of most printers.
for name in right left turned-picture a3 text-wide text-right text-left; do
	ok "$name: a preview" miyin preview "${file_of[$name]}" \
		--level neibu -o "shown-$name" --options "${options_of[$name]}"
	is "$name: it lies as the paper does" \
		"$(turn_of_marks "shown-$name/1" 1)" \
		"$(turn_of_marks "$(papers_of "$name")" 1)"
done
is "long lines of a landscape text are not broken" \
	"$(pages_of "$(papers_of text-long).pdf")" 1
is "all pages of a TIFF: the job" "$(lab-status "$lab_tiff" | cut -f1)" \
	completed
is "all pages of a TIFF are printed" "$(order_on "$(papers_of pages)")" "1 2"

done_testing
