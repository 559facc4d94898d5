#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Is the text under a watermark still read? Page 1 of the official sample, with
# its red head, as each level of cn-gb9704 marks it: a reader of Chinese
# characters must get right at least 97 % of what it gets right on the page as
# it came. Right is what the page's own text says; what two readings have in
# common would count the errors of the first. Takes minutes, so make check
# leaves it out.
#
#   tests/ocr.sh [BUILD-FOLDER]
set -eu
build=${1:-build}
least=97 # percent of the characters
dpi=300

if ! tesseract --list-langs 2>/dev/null | grep -q chi_sim; then
	DEBIAN_FRONTEND=noninteractive apt-get install -y \
		--no-install-recommends tesseract-ocr \
		tesseract-ocr-chi-sim > /dev/null
fi
make -s B="$build" lab "$build/tests/test_layout"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# The type area with the red head in mm: 26, 50, 162 x 212.
px() { echo $(($1 * dpi * 10 / 254)); }

# characters of standard input, one a line, without space
characters() { tr -d ' \n\f' | grep -o . || true; }

# read_page PDF: the characters that are seen on it
read_page()
{
	pdftoppm -r $dpi -f 1 -l 1 -gray -x "$(px 26)" -y "$(px 50)" \
		-W "$(px 162)" -H "$(px 212)" -singlefile "$1" "$dir/page"
	OMP_THREAD_LIMIT=1 tesseract "$dir/page.pgm" - -l chi_sim --psm 6 \
		2>/dev/null | characters
}

# n_right FILE: what diff leaves in common with the truth, in order
n_right()
{
	{ diff --minimal --unchanged-line-format=x --old-line-format= \
		--new-line-format= "$dir/truth" "$1" || true; } | wc -c
}

passed=0 failed=0
pdftotext -f 1 -l 1 -r 72 -x 73 -y 141 -W 460 -H 602 \
	"$build/samples/notice.pdf" - | characters > "$dir/truth"
all=$(wc -l < "$dir/truth")
read_page "$build/samples/notice.pdf" > "$dir/before"
before=$(n_right "$dir/before")
echo "without marks: $before/$all characters"
for level in juemi jimi mimi neibu; do
	"$build/tests/test_layout" stamp cn-gb9704 $level on \
		"$build/samples/notice.pdf" "$dir/copy.pdf" > "$dir/log"
	read_page "$dir/copy.pdf" > "$dir/after"
	right=$(n_right "$dir/after")
	echo "$level: $right/$all characters"
	if [ "$before" -gt 0 ] &&
		[ $((right * 100)) -ge $((before * least)) ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
