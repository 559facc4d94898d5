#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Compare a first and a further page of each scheme, cover sheets, a control
# sheet and a copy stamp in both languages on A4 with tests/golden/*.png, pixel
# by pixel: tests/golden-compare.c says how much may differ. Ends with "N passed,
# N failed".
#
#   tests/golden.sh [BUILD-FOLDER]          compare
#   tests/golden.sh update [BUILD-FOLDER]   write them anew; review the diff
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = update ]; then
	update=1
	shift
fi
build=${1:-build}
golden=tests/golden
n_passed=0 n_failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# SCHEME LEVEL PAGE: a number, control (the control sheet) or stamp (the first
# page of a reprint). cn-gb9704-inside is cn-gb9704 with first-page = stamp.
pages=(
	"cn-gb9704 juemi 1" "cn-gb9704 jimi 2" "cn-gb9704-inside juemi 1"
	"cn-gb9704 mimi control" "cn-gb9704 mimi stamp"
	"cn-work neibu 1" "cn-work neibu 2"
	"cn-company gs-juemi 1" "cn-company gs-juemi 2"
	"cn-company gs-gongkai 1" "cn-trade core_ts 1" "cn-trade core_ts 2"
	"us us-ts 1" "us us-ts 2" "us us-ts control" "us us-ts stamp"
	"uk uk-ts 1" "uk uk-ts 2"
	"nato nato-cts 1" "nato nato-cts 2" "nato nato-cts 3"
	"eu eu-ts 1" "eu eu-ts 2" "eu eu-r 2" "tlp tlp-red 1" "tlp tlp-red 2"
)

result()
{
	if [ "$2" = 0 ]; then
		n_passed=$((n_passed + 1))
		printf '  ok   %s\n' "$1"
	else
		n_failed=$((n_failed + 1))
		printf '  FAIL %s\n' "$1"
		[ -z "$3" ] || printf '       %s\n' "$3"
	fi
}

finish()
{
	printf '%d passed, %d failed\n' "$n_passed" "$n_failed"
	[ "$n_failed" = 0 ] && [ "$n_passed" -gt 0 ]
	exit
}

configuration()
{
	cat > "$work/miyin.conf" <<-END_CONF
	[site]
	id = 1
	name = 某某中心

	[service]
	user = daemon

	[register]
	path = $work/register.db

	[keys]
	path = $work/keys

	[programs]
	path = $PWD/$build
	locale = $PWD/$build/locale
	END_CONF
	cp samples/policies/default.conf "$work/policy.conf"
	cp -r samples/schemes "$work/schemes"
	sed 's/^first-page = leave$/first-page = stamp/' \
		samples/schemes/cn-gb9704.scheme \
		> "$work/schemes/cn-gb9704-inside.scheme"
	export MIYIN_CONF_DIR=$work
}

# SCHEME LEVEL PAGE: its picture's path on standard output
render()
{
	local dir=$work/$1.$2 page=$3 file=1.pdf body=body options=()
	# A body that gives way moves by whole points. Half a point lower, the
	# edge of its ink is not where one engine sees a point more of it.
	[[ $1 != *-inside ]] || body=lower
	case $page in
	control | stamp)
		dir=$dir.again page=1 options=(--control --reprint
			--approver 李四 --scope 各处室 --document 某发〔2026〕1号)
		[ "$3" = stamp ] || file=control.pdf
		;;
	esac
	[ -e "$dir/1.pdf" ] ||
		"$build/miyin" preview "$work/$body.pdf" --scheme "$1" \
			--level "$2" --holders 张三 --date 2026-11-21 \
			"${options[@]}" -o "$dir" >&2 || return
	pdftoppm -r 50 -gray -png -f "$page" -l "$page" -singlefile \
		"$dir/$file" "$dir.$3" >&2 || return
	echo "$dir.$3.png"
}

compare()
{
	local name=$1.$2.$3 seen why
	seen=$(render "$@") || {
		result "$name" 1 "no page"
		return
	}
	if [ -n "$update" ]; then
		"$work/compare" --keep "$seen" "$golden/$name.png"
	fi
	why=$("$work/compare" "$golden/$name.png" "$seen")
	result "$name" $? "$why"
}

# A comparison that finds nothing would pass for ever.
differ()
{
	local why
	why=$("$work/compare" "$golden/$2.png" "$work/$3.png")
	result "$1" $(($? != 1)) "${why:-no difference}"
}

# FILE.pdf POINTS: the body, so much lower
draw_body()
{
	gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -dFIXEDMEDIA \
		-dDEVICEWIDTHPOINTS=595.28 -dDEVICEHEIGHTPOINTS=841.89 \
		-o "$1" -dSPARSE \
		-c "<< /BeginPage { pop 0 -$2 translate } >> setpagedevice" \
		-f $golden/page.ps
}

configuration
# shellcheck disable=SC2046
cc -std=c17 -O2 -Wall -Wextra -o "$work/compare" tests/golden-compare.c \
	$(pkg-config --cflags --libs cairo) &&
draw_body "$work/body.pdf" 0 && draw_body "$work/lower.pdf" 0.5 || {
	result "preparation" 1 ""
	finish
}
[ -z "$update" ] || rm -f $golden/*.png
for page in "${pages[@]}"; do
	read -r -a words <<< "$page"
	compare "${words[@]}"
done
shopt -s nullglob
for file in "$golden"/*.png; do
	[[ " ${pages[*]/%/ |}" == *"$(basename "$file" .png | tr . ' ') |"* ]] ||
		result "$file belongs to no page" 1 ""
done
render cn-gb9704 jimi 1 > /dev/null
render us us-s 1 > /dev/null
differ "another level is seen" cn-gb9704.juemi.1 cn-gb9704.jimi.1
differ "another page number is seen" cn-gb9704.jimi.2 cn-gb9704.jimi.1
differ "another banner is seen" us.us-ts.1 us.us-s.1
finish
