#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Is the text under a watermark still read? Page 1 of the official sample as
# each level of cn-gb9704 marks it, against the page as it came, by a reader
# of Chinese characters. Takes minutes, so make check leaves it out.
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

# The body below the red head in pixels: 26, 117, 162 x 145 mm.
px() { echo $(($1 * dpi * 10 / 254)); }

# read_page PDF: characters of the body, one a line, without space
read_page()
{
	pdftoppm -r $dpi -f 1 -l 1 -gray -x "$(px 26)" -y "$(px 117)" \
		-W "$(px 162)" -H "$(px 145)" -singlefile "$1" "$dir/page"
	OMP_THREAD_LIMIT=1 tesseract "$dir/page.pgm" - -l chi_sim --psm 6 \
		2>/dev/null | tr -d ' \n\f' | grep -o . || true
}

# What diff leaves in common, in order: never more than Levenshtein would.
same_part()
{
	diff --minimal --unchanged-line-format=x --old-line-format= \
		--new-line-format= "$1" "$2" | wc -c
}

passed=0 failed=0
read_page "$build/samples/notice.pdf" > "$dir/before"
all=$(wc -l < "$dir/before")
for level in juemi jimi mimi neibu; do
	"$build/tests/test_layout" stamp cn-gb9704 $level on \
		"$build/samples/notice.pdf" "$dir/copy.pdf" > "$dir/log"
	read_page "$dir/copy.pdf" > "$dir/after"
	same=$(same_part "$dir/before" "$dir/after" || true)
	more=$(wc -l < "$dir/after")
	[ "$more" -gt "$all" ] || more=$all
	echo "$level: $same/$more characters"
	if [ $((same * 100)) -ge $((more * least)) ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
