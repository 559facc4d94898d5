# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# For print.sh, documents.sh and corpora/print: documents whose pages say who
# they are, and what can be read on the papers that came of them.

# make_pages FILE.pdf N [WIDTH HEIGHT]: N pages of that size in points, each
# with the words "PAGE n" and a QR code that says the same, so that order and
# orientation can be told from dots alone.
make_pages()
{
	local w=${3:-595} h=${4:-842} i
	{
		echo "%!PS"
		echo "<< /PageSize [$w $h] >> setpagedevice"
		for ((i = 1; i <= $2; i++)); do
			echo "/Helvetica findfont 48 scalefont setfont"
			echo "$w 2 div 95 sub $h 2 div 100 add moveto"
			echo "(PAGE $i) show gsave"
			echo "$w 2 div 95 sub $h 2 div 100 sub translate"
			# Large and redundant: the watermark runs over it.
			echo "9 9 scale"
			qrencode -l H -t EPS -s 1 -m 0 -o - "PAGE $i" |
				grep -v '^%'
			echo "grestore showpage"
		done
	} | gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -o "$1" -
}

# quoted TEXT: as the value of an lp option
quoted()
{
	local text=${1//\\/\\\\}
	printf "'%s'" "${text//\'/\\\'}"
}

# read_papers: read all papers once, into files in a folder "read" beside:
#   001.codes    PAGE<TAB>TEXT of every code (lab-codes); those of the document
#                at a resolution that loses the thin lines of the watermark,
#                which confuse zbarimg
#   001.text     lines of text, of Office's papers
#   001.holder   the holder in the running line
read_papers()
{
	local paper text
	mkdir -p "$MIYIN_LAB"/paper{,-pcl,-ps}/read
	find "$MIYIN_LAB"/paper{,-pcl,-ps} -maxdepth 1 -name '[0-9]*.p*' |
		sort | xargs -P "$(nproc)" -n 1 sh -c \
		'name=${1##*/}
		case $1 in
		*.pcl) lab-codes "$1" ;;
		*)	lab-codes "$1" | grep -v "PAGE [0-9]*$"
			lab-codes "$1" 60 | grep "PAGE [0-9]*$" ;;
		esac > "${1%/*}/read/${name%.*}.codes" 2>&1' read
	for paper in "$MIYIN_PAPER"/*.pdf; do
		[ -e "$paper" ] || continue
		text=$(read_of "${paper%.pdf}" text)
		mutool draw -q -F txt -o "$text" "$paper" 2> /dev/null
		sed -n 's/.*持有人 *//p' "$text" | head -n 1 \
			> "${text%.text}.holder"
	done
}

# read_of PAPER codes|text|holder: the file
read_of() { printf '%s\n' "${1%/*}/read/${1##*/}.$2"; }

# pages_saying LINE: how many pages of a paper's text have it. They have it twice,
# before the body and over it, but MuPDF 1.24 tells of only one of two.
pages_saying()
{
	awk -v RS='\f' -v line="$1" '
		index("\n" $0 "\n", "\n" line "\n") { n++ }
		END { print n + 0 }'
}

# papers_of HOLDER: their paths without extension, in order of arrival
papers_of()
{
	local file
	for file in "$MIYIN_PAPER"/read/*.holder; do
		[ "$(cat "$file")" = "$1" ] || continue
		file=${file##*/}
		printf '%s\n' "$MIYIN_PAPER/${file%.holder}"
	done
}

# What a paper's codes say. marks_on: "PAGE<TAB>PAYLOAD"; order_on: the pages
# of the document in the order of the paper, as 1 2 3.
marks_on() { grep -P '\tM[0-9A-HJKMNP-TV-Z]{34}$' "$(read_of "$1" codes)"; }
order_on()
{
	sed -n 's/^[0-9]*\tPAGE //p' "$(read_of "$1" codes)" |
		tr '\n' ' ' | sed 's/ $//'
}

# marks_fault PAPER N: nothing when the paper has N pages and each has
# exactly its own two equal codes; else what is wrong
marks_fault()
{
	marks_on "$1" | LC_ALL=C sort | uniq -c | awk -v n="$2" '
		$1 != 2 { printf "page %s has a code %d times; ", $2, $1 }
		seen[$2]++ { printf "page %s has two codes; ", $2 }
		said[$3]++ { printf "a code is on two pages; " }
		$2 > n { printf "there is a page %s; ", $2 }
		END { if (NR != n) printf "%d pages have codes, not %d", NR, n }'
	case $1 in */paper/*)
		local pages
		pages=$(pages_of "$1.pdf" 2>&1)
		[ "$pages" = "$2" ] || printf 'it has %s pages' "$pages" ;;
	esac
}

# page_picture PAPER PAGE DPI FILE.png
page_picture()
{
	pdftoppm -r "$3" -f "$2" -l "$2" -singlefile -png "$1.pdf" "${4%.png}"
}

# turns_on PAPER PAGE: "UP UP" when the document's codes and our marks are
# upright with each other: one word for the former, one for the latter
turns_on()
{
	printf '%s %s\n' "$(turn_of "$1" "$2" 60 'PAGE [0-9]*')" \
		"$(turn_of_marks "$1" "$2")"
}

# turn_of_marks PAPER PAGE: from the corner where the level stands, the larger
# of the lines that have it. Our codes are turned to the corners, each its way.
turn_of_marks()
{
	pdftotext -bbox -f "$2" -l "$2" "$1.pdf" - | tr -d '"' | awk '
		function value(name) {
			match($0, name "=[0-9.]+")
			return substr($0, RSTART + length(name) + 1,
				RLENGTH - length(name) - 1) + 0
		}
		/<page / { w = value("width"); h = value("height") }
		/<word .*>内/ {
			x = value("xMin"); y = value("yMin")
			wide = value("xMax") - x; high = value("yMax") - y
			size = wide < high ? wide : high
			if (size <= most) next
			most = size
			left = x + wide / 2 < w / 2; top = y + high / 2 < h / 2
		}
		END {
			if (!most) turn = "none"
			else if (top) turn = left ? "UP" : "RIGHT"
			else turn = left ? "LEFT" : "DOWN"
			print turn
		}'
}

# turn_of PAPER PAGE DPI REGEX
turn_of()
{
	page_picture "$1" "$2" "$3" "$MIYIN_LAB/turn.png"
	zbarimg -q --xml -Sdisable -Sqrcode.enable "$MIYIN_LAB/turn.png" |
		tr -d '\n' | sed 's/<symbol/\n&/g' |
		grep -E "CDATA\[$4\]" |
		sed -n "s/.*orientation='\([A-Z]*\)'.*/\1/p" | sort -u |
		paste -sd+
}

# turn_of_text PAPER: of a page whose lines are at its top, from where the ink
# within the margins is
turn_of_text()
{
	pdftoppm -gray -r 20 -l 1 -singlefile "$1.pdf" "$MIYIN_LAB/turn"
	read -r w h < <(sed -n 2p "$MIYIN_LAB/turn.pgm")
	tail -c $((w * h)) "$MIYIN_LAB/turn.pgm" | od -An -v -tu1 "-w$w" |
		awk -v "w=$w" -v "h=$h" '
		NR > h * 0.15 && NR < h * 0.85 {
			for (x = int(w * 0.15); x < w * 0.85; x++) {
				ink = 255 - $x
				all += ink
				right += ink * (x - w / 2)
				down += ink * (NR - h / 2)
			}
		}
		function far(n) { return n < 0 ? -n : n }
		END {
			if (!all) print "none"
			else if (far(right) > far(down))
				print (right > 0 ? "RIGHT" : "LEFT")
			else
				print (down > 0 ? "DOWN" : "UP")
		}'
}

# trace_paper PAPER.pdf [mupdf]: a line "DOCUMENT PAGES TRACED first fault" to
# PAPER.traced. Pictures are what a scanner would give at 150 dpi, painted by
# Poppler or MuPDF; the file is not read. Returns 1 when MuPDF gave up a page,
# of which it then paints nothing.
trace_paper()
{
	local paper=$1 pictures
	pictures=$(mktemp -d "$MIYIN_LAB/pictures.XXXXXX")
	if [ "${2:-}" = mupdf ]; then
		mutool draw -q -c gray -F pgm -r 150 -o "$pictures/p-%d.pgm" \
			"$paper" 2> /dev/null ||
			{ rm -rf "$pictures"; return 1; }
	else
		pdftoppm -q -gray -r 150 "$paper" "$pictures/p"
	fi
	(cd "$pictures" && miyin trace --json ./*.pgm) 2>&1 |
		jq -r --argjson n "$(pages_of "$paper")" '
		([.[].copy.document | strings] | unique) as $documents |
		[.[] | select(.verdict == "found" and .codes == 2 and
			.signature_holds and .claim.pages == $n and
			.claim.page == (.source | capture("p-0*(?<n>[0-9]+)").n
				| tonumber))] as $good |
		[$documents[0] // "nothing", $n,
			($good | unique_by(.claim.page) | length),
			([.[] | select([.] - $good != []) | "\(.source)
				\(.verdict) \(.codes) codes"] | .[0] // "-"),
			($documents | length)] | @tsv' \
		> "${paper%.pdf}.part" 2>&1
	mv "${paper%.pdf}.part" "${paper%.pdf}.traced"
	rm -rf "$pictures"
}
export -f trace_paper pages_of
