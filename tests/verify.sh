#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reading copies back before they are printed: what the register says of it,
# and that a copy with a page that is not as it must be does not come out.
#
#   tests/lab/run -- bash tests/verify.sh
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/print-lib.sh
. "$(dirname "$0")/print-lib.sh"
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
policy=$MIYIN_CONF_DIR/policy.conf
mark=$MIYIN_LAB/lib/cups/filter/miyinmark
chmod 755 .

# set_verify VALUE: of level neibu
set_verify()
{
	sed -i "/^\[level neibu\]/,/^\[/s/^verify = .*/verify = $1/" "$policy"
}

# print_as REFERENCE [lp options]: sets job
print_as()
{
	job=$(submit Office twelve.pdf -o MiyinLevel=neibu \
		-o MiyinDocument="$1" "${@:2}") && lab-wait
}

# events JOB EVENT: "result serial detail" of each
events()
{
	miyin log --json | jq -r --argjson job "${1##*-}" --arg event "$2" '
		.[] | select(.job_id == $job and .event == $event) |
		"\(.result) \(.serial) \(.detail)"'
}

# copies REFERENCE FIELD: of each copy, on one line
copies()
{
	miyin copies --json "$1" | jq -r --arg field "$2" \
		'[.[][$field]] | join(", ")'
}

make_pages twelve.pdf 12

# --- which pages, and what the register says --------------------------------

for way in "every-page 12/12" "sampled 4/12" "structural 0/12"; do
	name=${way% *}
	set_verify "$name"
	print_as "$name" -n 2 -o MiyinHolders=a,b
	is "$name: state" "$(job_state "$job")" completed
	is "$name: log" "$(events "$job" claim)" \
		"ok 1 verified $way"$'\n'"ok 2 verified $way"
	is "$name: copies" "$(copies "$name" verified)" "$way, $way"
done

# --- a page that is not as it must be ----------------------------------------

# A stamper that goes wrong on the copy of one holder: page 9 of it has
# something over its level. No engine serves, so that it is run at all.
printf '%s\n' '%!PS' '<</PageSize [595 842]>> setpagedevice' \
	'1 setgray 70 790 300 20 rectfill showpage' |
	gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -o white.pdf -
chmod 644 white.pdf
mv "$mark" "$mark.real"
cat > "$mark" <<-END
	#!/bin/bash
	[ "\$1" != serve ] || exit
	[ "\$1" = stamp ] || exec $mark.real "\$@"
	grep -q bad <&4 || exec $mark.real stamp
	copy=\$(mktemp -d) || exit
	$mark.real stamp > \$copy/copy.pdf
	qpdf \$copy/copy.pdf --overlay $PWD/white.pdf --to=9 -- \$copy/bad.pdf
	cat \$copy/bad.pdf
	rm -r \$copy
END
chmod 755 "$mark"
set_verify every-page
n=$(printed_count)
print_as spoilt -n 3 -o MiyinHolders=good,bad,later
reason='the marks on page 9 could not be read back (line “内部”); tell the administrator.'
sentence="Not printed: $reason"
is "spoilt: the user is told" "$(job_message "$job")" \
	"1 of 3 copies was printed, 2 were not: $reason"
is "spoilt: only the copy before it" "$(($(printed_count) - n))" 1
is "spoilt: copies" "$(copies spoilt state)" "printed, void, void"
is "spoilt: reason" "$(events "$job" void)" \
	"failed 2 $sentence"$'\n'"failed 3 $sentence"
is "spoilt: claimed" "$(events "$job" claim)" "ok 1 verified every-page 12/12"
is "spoilt: verified" "$(copies spoilt verified)" "every-page 12/12, , "
set_verify structural
print_as unseen -o MiyinHolders=bad
is "not looked at: state" "$(job_state "$job")" completed
is "not looked at: said" "$(copies unseen verified)" "structural 0/12"
mv "$mark.real" "$mark"
set_verify every-page
print_as whole -o MiyinHolders=bad
is "whole again" "$(copies whole verified)" "every-page 12/12"
done_testing
