#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Real documents: PDFs of Debian's documentation packages are printed, and
# every page of the papers is traced back from a picture of it.
#
#   tests/lab/run -- bash tests/documents.sh
#
# The packages (60 MB) are downloaded once, into build/documents.
# Called by xargs:
# shellcheck disable=SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/print-lib.sh
. "$(dirname "$0")/print-lib.sh"
export LC_ALL=C.UTF-8
cache=$(cd "$(dirname "$0")/.." && pwd)/build/documents

packages='debian-reference-zh-cn maint-guide-zh-cn debmake-doc
	developers-reference-ja r-doc-pdf groff asymptote-doc gnuplot-doc
	auto-multiple-choice-doc-pdf siscone-doc-pdf docbook-xsl-doc-pdf
	texlive-lang-cjk texlive-fonts-recommended-doc texlive-metapost-doc'

# PAGES|FILE: what is remarkable. 0 pages: all of them.
documents='
8|debian-reference.zh-cn.pdf: Chinese, 251 pages
0|maint-guide.zh-cn.pdf: Chinese, all its 63 pages
8|debmake-doc.zh-tw.pdf: Chinese, traditional
8|debmake-doc.ja.pdf: Japanese
6|debmake-doc.ru.pdf: Russian
6|developers-reference.pdf: Japanese, Letter, colours
6|auto-multiple-choice.ja.pdf: Japanese, pictures
6|sample-amc.pdf: sheets to fill in, with marks of their own
0|CAD.pdf: drawings
0|asyRefCard.pdf: columns of small print to the edges
8|asy-latex.pdf: pictures
0|pixel.pdf: one small wide page
6|reference.pdf: DocBook
6|R-intro.pdf: Letter
6|gnuplot.pdf: 311 pages
0|letter.pdf: a letter by groff
0|mom-pdf.pdf: links and colours
0|penguin.pdf: a page of 3 cm
0|slide-demo.pdf: 27 wide slides in colour
0|pdfmark.pdf: groff, 17 pages
6|refman.pdf: hundreds of pages
0|testeuro.pdf: tables of symbols
8|pxfontsdocA4.pdf: mathematics
6|pazotest.pdf: mathematics
6|c90.pdf: Letter
0|CJKpunct.pdf: Chinese, all its 18 pages
6|xeCJK.pdf: Chinese
6|xunicode-symbols.pdf: tables
0|zitie-cn.pdf: Chinese, copybooks with grids
0|mfpcard.pdf: wide, three columns
6|featpostbeamer.pdf: beamer slides
0|grdemo.pdf: a page of 3 x 1 cm
0|previewer.pdf: a wide screenshot
0|bonddemo.pdf: a small wide page
0|Zpravodaj2009-4.pdf: A5
6|fiziko.pdf: 5 MB of drawings
6|Exemplifier.pdf: 7 MB of pictures
0|mcf_example.pdf: chemical formulae to the edges
0|colorbrewer-sampler.pdf: a wide page of colours
0|sshowex.pdf: slides
0|example-program.pdf: a square page
'

# --- documents ------------------------------------------------------------

# The archives stay too: a half unpacked package is unpacked again.
fetch_package()
{
	local package=$1
	[ ! -e "$cache/$package/.complete" ] || return 0
	rm -rf "${cache:?}/$package"
	mkdir -p "$cache/$package" &&
		(cd "$cache/$package" && apt-get -qq download "$package") &&
		dpkg-deb --fsys-tarfile "$cache/$package"/*.deb |
			tar -x -C "$cache/$package" --wildcards \
				'*.pdf' '*.pdf.gz' 2> /dev/null
	find "$cache/$package" -name '*.pdf.gz' -exec gunzip -f {} +
	rm -f "$cache/$package"/*.deb
	[ -n "$(find "$cache/$package" -name '*.pdf' -print -quit)" ] &&
		touch "$cache/$package/.complete"
}

fetch_all()
{
	local package missing=0
	for package in $packages; do
		fetch_package "$package" 2> "$MIYIN_LAB/log/apt" && continue
		# Perhaps only the lists are old, or there are none yet.
		apt-get -qq update > /dev/null 2>&1
		fetch_package "$package" 2> "$MIYIN_LAB/log/apt" && continue
		fail "package $package" "$(cat "$MIYIN_LAB/log/apt")"
		missing=1
	done
	return $missing
}

# --- print ----------------------------------------------------------------

declare -A wanted	# by reference: pages that must come

submit_all()
{
	local line file path pages n=0
	while IFS= read -r line; do
		[ -n "$line" ] || continue
		n=$((n + 1))
		pages=${line%%|*}
		file=${line#*|}
		file=${file%%[:|]*}
		# Some are links out of their package.
		path=$(find -L "$cache" -type f -name "$file" | sort | head -n 1)
		[ -n "$path" ] || { fail "$file is in its package"; continue; }
		submit_one "$n-$file" "$path" "$pages"
	done <<< "$documents"
}

# submit_one REFERENCE FILE PAGES
submit_one()
{
	local has ranges=()
	has=$(pages_of "$2")
	if [ "$3" != 0 ] && [ "$has" -gt "$3" ]; then
		has=$3
		ranges=(-o "page-ranges=1-$3")
	fi
	wanted[$1]=$has
	submit Office "$2" -o MiyinLevel=neibu -o MiyinDocument="$1" \
		"${ranges[@]}" > /dev/null || fail "lp $2"
}

# --- trace ----------------------------------------------------------------

# While the printer works, one paper after the other; then what is left. A
# busy machine takes its time, but something must come.
trace_all()
{
	local paper left busy=1 came=$SECONDS limit_s=$((150 * LAB_PATIENCE))
	while :; do
		lab-wait 0 2> /dev/null && busy=0
		left=()
		for paper in "$MIYIN_PAPER"/*.pdf; do
			[ -e "${paper%.pdf}.traced" ] || left+=("$paper")
		done
		if [ ${#left[@]} = 0 ] || [ ! -e "${left[0]}" ]; then
			[ $busy = 1 ] || break
			[ $((SECONDS - came)) -lt $limit_s ] || break
			sleep 0.3
			continue
		fi
		printf '%s\n' "${left[@]}" |
			xargs -P "$(nproc)" -n 1 bash -c 'trace_paper "$1"' trace
		came=$SECONDS
	done
}

# --- tell -----------------------------------------------------------------

check_all()
{
	local reference line document pages traced fault others
	local n_pages=0 n_traced=0 file
	declare -A seen
	for file in "$MIYIN_PAPER"/*.traced; do
		IFS=$'\t' read -r document pages traced fault others < "$file"
		seen[$document]="$pages $traced ${others:-0} $fault"
	done
	for reference in "${!wanted[@]}"; do
		line=${seen[$reference]:-0 0 0 not printed: $(why "$reference")}
		read -r pages traced others fault <<< "$line"
		is "$reference" "$pages pages, $traced traced, $fault" \
			"${wanted[$reference]} pages, ${wanted[$reference]} traced, -"
		n_pages=$((n_pages + wanted[$reference]))
		n_traced=$((n_traced + traced))
	done
	is "a paper for each document" \
		"$(find "$MIYIN_PAPER" -name '*.pdf' | wc -l)" ${#wanted[@]}
	printf 'documents %d, pages traced %d/%d\n' ${#wanted[@]} \
		$n_traced $n_pages
}

# What the register says of a document that left no paper.
why()
{
	miyin log --json | jq -r --arg d "$1" '[.[] |
		select(.reference == $d and .event == "refuse")] |
		.[0] | "\(.reason) \(.detail)"'
}

mkdir -p "$cache"
fetch_all || done_testing
submit_all
manual=$(find "$cache/r-doc-pdf" -name fullrefman.pdf)
n_manual=$(pages_of "$manual")
large=$(submit Office "$manual" -o MiyinLevel=neibu)
trace_all
check_all
ok "a manual has more pages than a copy may" test "$n_manual" -gt 1023
like "its pages are refused in words" "$(lab-status "$large")" \
	$'^canceled\t.* '"$n_manual pages"
done_testing
