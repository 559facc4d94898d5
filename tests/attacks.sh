#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Documents made to lose the marks of their copies: each is refused with a
# reason, or what comes out has both codes and its level on every page, for
# three renderers, and nothing of the user's file but what is painted.
#
#   bash tests/attacks.sh [NAME...]     only files whose name holds NAME
#   bash tests/attacks.sh --told        only what doc/threats.md names
#
# In the lab or alone. KEEP=FOLDER keeps the copies there. Each file goes to the
# bare engine as it is (`engine`); those that pdftopdf would change also run as
# in a queue (`preview`). BASELINE=1 also tells what `qpdf --overlay` of the
# same marks would have lost. Last line: N passed, N failed.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
attacks=$top/tests/attacks
export BUILD=${MIYIN_BUILD:-$top/build}
export LC_ALL=C.UTF-8 LANGUAGE=en
export LAB_PATIENCE=${LAB_PATIENCE:-1}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/miyin-attacks.XXXXXX") || exit 1
export WORK
trap 'rm -rf "$WORK"' EXIT

# code_of COPY: the first code of it, as an image within content
code_of()
{
	local before='Height 29/Length 116>>stream' at hex
	at=$(grep -a -b -o -m 1 "$before" "$1" | head -n 1 | cut -d : -f 1)
	[ -n "$at" ] || return
	hex=$(tail -c +$((at + ${#before} + 2)) "$1" | head -c 116 |
		od -A n -t x1 | tr -d ' \n')
	echo "BI/IM true/W 29/H 29/BPC 1/F/AHx ID $hex> EI"
}

# The files; the false codes are from a copy of the plain one of them.
make_files()
{
	local code
	mkdir -p "$WORK/first" "$WORK/files"
	"$attacks/make" "$WORK/first" > /dev/null 2> "$WORK/log" &&
		"$attacks/engine" "$BUILD/miyinmark" "$WORK/first/plain.pdf" \
			"$WORK/other.pdf" 9 || return
	code=$(code_of "$WORK/other.pdf")
	[ -n "$code" ] || return
	export MARKS=$WORK/marks.pdf
	"$attacks/engine" "$BUILD/miyinmark" "$WORK/first/page-empty.pdf" \
		"$MARKS" 7 || return
	"$attacks/make" "$WORK/files" "$code" > /dev/null 2> "$WORK/log"
}

# told: "WAY NAME" of each attack that doc/threats.md gives as its test
told()
{
	grep -o '`attacks: [a-z]* [A-Za-z0-9-]*`' "$top/doc/threats.md" |
		tr -d '`' | cut -d ' ' -f 2- | sort -u
}

wanted()
{
	local file name
	for file in "$WORK"/files/*.pdf; do
		[ $# -gt 0 ] || echo "$file"
		for name; do
			[[ ${file##*/} == *$name* ]] && echo "$file" && break
		done
	done
}

whole="annot-|layer-|turn-|box-|unit-|file-|pages-|page-|root-|encrypt-|qpdf-"
# preview takes the samples, unless the lab has another configuration.
make_files || { cat "$WORK/log"; echo "0 passed, 1 failed"; exit 1; }
# Content goes through pdftopdf unread; the other kinds it may change.
if [ "${1:-}" = --told ]; then
	told | sed "s|\(.*\) \(.*\)|\1\n$WORK/files/\2.pdf|"
else
	wanted "$@" > "$WORK/list"
	sed "s/^/engine\n/" "$WORK/list"
	grep -E "/($whole)[^/]*$" "$WORK/list" | sed "s/^/preview\n/"
	[ "${BASELINE:-}" != 1 ] || grep -vE "/(box|unit|bomb|deep)-[^/]*$" \
		"$WORK/list" | sed "s/^/overlay\n/"
fi | nice xargs -P "$(nproc)" -n 2 "$attacks/one" > "$WORK/results"

sort "$WORK/results" | awk -F '\t' '
	BEGIN { split("poppler mupdf ghostscript", split_name, " ") }
	{ name = $1 " " $2 }
	$1 == "overlay" { if ($3 !~ /^refused/) {
		of++; if ($3 ~ /^LOST/) {
			worse++
			for (i = 1; i < 4; i++)
				if (index($3, "lost " split_name[i]))
					by[i]++ } }
		next }
	$3 ~ /^caught/ { caught[$1]++; print "  caught by verification: " name }
	$3 ~ /^LOST/ { printf "  FAIL %s\n       %s\n", name, substr($3, 7)
		bad++; next }
	{ ok++; print "  ok   " name }
	$3 ~ /^refused/ { refused[$1]++ }
	$3 ~ /^copy/ { copied[$1]++ }
	END {
		if (of)
			printf "baseline: qpdf --overlay loses the mark on " \
				"%d of %d (Poppler %d, MuPDF %d, " \
				"Ghostscript %d)\n", worse, of, by[1],
				by[2], by[3]
		for (way in copied)
			printf "%s: %d copies, %d refused, %d caught\n",
				way, copied[way], refused[way], caught[way]
		printf "%d passed, %d failed\n", ok, bad
		exit bad > 0 || ok == 0
	}'
