#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a user may choose of real printers: for every option and choice of
# every PPD, what it changes in what the device queue is sent.
#
#   tests/ppds.sh BUILD-FOLDER [all]
#
# One PPD of each package, maker and chain of filters (some 190), or all that
# the packages have (14,200: two hours). The table is BUILD-FOLDER/ppds.tsv.
set -u
build=$1
here=$(cd "$(dirname "$0")" && pwd)
some=--few
[ "${2:-}" != all ] || some=
work=$(mktemp -d "${TMPDIR:-/tmp}/miyin-ppds.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2086
"$here/ppds/unpack" $some "$work/ppds" > "$work/packages" || exit 1
find "$work/ppds" -name '*.ppd' | sort > "$work/list"
split -n l/2 "$work/list" "$work/part."
for part in "$work"/part.*; do
	"$build/ppds/table" "$here/../samples/schemes" "$part.tsv" \
		< "$part" > "$part.out" &
done
wait
cat "$work"/part.*.tsv > "$build/ppds.tsv"
grep -h -E '^  ' "$work"/part.*.out

passed=$(awk '/ passed, / {p += $1} END {print p + 0}' "$work"/part.*.out)
failed=$(awk '/ passed, / {f += $3} END {print f + 0}' "$work"/part.*.out)
# ok NAME CONDITION: passes when it is 1
ok()
{
	if [ "$2" = 1 ]; then
		passed=$((passed + 1))
		echo "  ok   $1"
	else
		failed=$((failed + 1))
		echo "  FAIL $1"
	fi
}

# finds REGEX: 1 when a row of the table has it (\t is a tab)
finds() { grep -qP -- "$1" "$build/ppds.tsv" && echo 1 || echo 0; }
never() { grep -qP -- "$1" "$build/ppds.tsv" && echo 0 || echo 1; }

makers=$(xargs grep -haE '^\*Manufacturer' < "$work/list" | tr -d ' \r' |
	sort -u | wc -l)
filters=$(xargs grep -haoE '^\*cupsFilter2?:.* ([^ "]+)"' < "$work/list" |
	awk '{print $NF}' | sort -u | wc -l)
ok "no choice passes that hides, keeps, repeats or lightens a page" \
	"$([ "$failed" = 0 ] && echo 1)"
ok "at least 40 PPDs of real printers ($(wc -l < "$work/list"))" \
	"$([ "$(wc -l < "$work/list")" -ge 40 ] && echo 1)"
ok "of at least 5 makers ($makers)" "$([ "$makers" -ge 5 ] && echo 1)"
ok "of at least 10 filters ($filters)" "$([ "$filters" -ge 10 ] && echo 1)"
ok "a job that stays in the printer is the administrator's" \
	"$(($(finds '\tJobType\tnone\tDocServer\tnot the') &
	$(never '\tJobType\t.*\tpasses')))"
ok "a vendor's watermark is the administrator's" \
	"$(($(finds '\tRIWatermark\tnone\tOn\tnot the') &
	$(never '(?i)\t[^\t]*(watermark|wm)[^\t]*\t[^\t]*\t[^\t]*\tpasses')))"
ok "a vendor's number of copies is the administrator's" \
	"$(($(finds '\tCopies\tnone\t[2-9][0-9]*\tnot the') &
	$(never '(?i)\t[^\t]*copies[^\t]*\t[^\t]*\t[^\t]*\tpasses')))"
ok "toner and its density are the administrator's" \
	"$(($(finds '(?i)\t[^\t]*toner[^\t]*\tnone\t[^\t]*\tnot the') &
	$(finds '(?i)\t[^\t]*density[^\t]*\tnone\t[^\t]*\tnot the') &
	$(never '(?i)\t[^\t]*(toner|density)[^\t]*\t[^\t]*\t[^\t]*\tpasses')))"
ok "negative and mirrored print are the administrator's" \
	"$(($(finds '(?i)\t(NegativePrint|MirrorPrint|HPMirrorOutput)\tnone') &
	$(never '(?i)\t[^\t]*(negative|mirror)[^\t]*\t[^\t]*\t[^\t]*\tpasses')))"
ok "a draft is the administrator's" "$(finds '\tquality\tDraft\tdraft')"
for meaning in size sides tray type colour quality bin staple punch fold; do
	ok "a user chooses the $meaning" \
		"$(finds "\\t$meaning\\t[^\\t]*\\tpasses")"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
