#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Is the text under a watermark still read? The pages of the official sample and
# a plain text, as each level of each shipped scheme marks them: on every page a
# reader of Chinese characters must get right at least 97 % of what it gets right
# on the page as it came. Right is what the page's own text says; what two
# readings have in common would count the errors of the first. Takes half an
# hour, so make check leaves it out.
#
#   tests/ocr.sh [BUILD-FOLDER [SCHEME...]]     after make lab, as make ocr does
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
shift || true
least=97 # percent of the characters
dpi=300

if ! tesseract --list-langs 2>/dev/null | grep -q chi_sim; then
	DEBIAN_FRONTEND=noninteractive apt-get install -y \
		--no-install-recommends tesseract-ocr \
		tesseract-ocr-chi-sim > /dev/null
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# All text between the marks in mm: 24, 30, 166 x 234.
px() { echo $(($1 * dpi * 10 / 254)); }
pt() { echo $(($1 * 720 / 254)); }

# characters of standard input, one a line, without space
characters() { tr -d ' \n\f' | sed 's/　//g' | grep -o . || true; }

# read_page PDF PAGE: the characters that are seen on it
read_page()
{
	pdftoppm -r $dpi -f "$2" -l "$2" -gray -x "$(px 24)" -y "$(px 30)" \
		-W "$(px 166)" -H "$(px 234)" -singlefile "$1" "$dir/page"
	OMP_THREAD_LIMIT=1 tesseract "$dir/page.pgm" - -l chi_sim --psm 6 \
		2>/dev/null | characters
}

# n_right FILE PAGE: what diff leaves in common with the truth, in order
n_right()
{
	{ diff --minimal --unchanged-line-format=x --old-line-format= \
		--new-line-format= "$dir/truth.$2" "$1" || true; } | wc -c
}

# A text, as it is set: the body of a frame.
CONTENT_TYPE=text/plain "$build/miyinconvert" 0 user report 1 "" \
	samples/documents/report.txt |
	perl -0777 -ne 'my ($head, $body) = unpack("x8 N Q>", $_);
		print substr($_, 28 + $head, $body)' > "$dir/report.pdf"
qpdf --empty --pages "$build/samples/notice.pdf" "$dir/report.pdf" -- \
	"$dir/plain.pdf"
n_pages=$(qpdf --show-npages "$dir/plain.pdf")
for page in $(seq $((n_pages - 1))); do
	pdftotext -f "$page" -l "$page" -r 72 -x "$(pt 24)" -y "$(pt 30)" \
		-W "$(pt 166)" -H "$(pt 234)" "$dir/plain.pdf" - |
		characters > "$dir/truth.$page"
done
# Of the last one it is the file itself.
characters < samples/documents/report.txt > "$dir/truth.$n_pages"
before=()
for page in $(seq "$n_pages"); do
	read_page "$dir/plain.pdf" "$page" > "$dir/seen"
	before[page]=$(n_right "$dir/seen" "$page")
	echo "page $page without marks: ${before[page]}/$(wc -l \
		< "$dir/truth.$page") characters"
done

passed=0 failed=0
# level SCHEME LEVEL: each page of a copy
level()
{
	local page right cover line="$1 $2:"
	"$build/tests/test_layout" stamp "$1" "$2" on "$dir/plain.pdf" \
		"$dir/copy.pdf" > "$dir/log"
	cover=$(($(qpdf --show-npages "$dir/copy.pdf") - n_pages))
	for page in $(seq "$n_pages"); do
		read_page "$dir/copy.pdf" $((page + cover)) > "$dir/seen"
		right=$(n_right "$dir/seen" "$page")
		line+=" $right/${before[page]}"
		if [ "${before[page]}" -gt 0 ] &&
			[ $((right * 100)) -ge $((before[page] * least)) ]; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			line+=" FAIL"
		fi
	done
	echo "$line"
}

for file in samples/schemes/*.scheme; do
	scheme=$(basename "$file" .scheme)
	[ $# -eq 0 ] || [[ " $* " == *" $scheme "* ]] || continue
	for id in $(sed -n 's/^\[level \(.*\)\]$/\1/p' "$file"); do
		level "$scheme" "$id"
	done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
