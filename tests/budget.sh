#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# One job may use so much and no more, all its documents and programs together:
#
#   LAB_ONLY=Office tests/lab/run -- bash tests/budget.sh
#
# shellcheck disable=SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/stop-lib.sh
. "$(dirname "$0")/stop-lib.sh"
notice=$(realpath "${MIYIN_BUILD:-build}/samples/notice.pdf")
work=$MIYIN_LAB/budget
mkdir -m 755 "$work"
cd "$work" || exit 1
sed '/^\[budget\]/,/^$/d' "$MIYIN_CONF_DIR/policy.conf" > policy.before

# budget INPUT TEMPORARY MEMORY PAGES SECONDS
budget()
{
	{
		cat policy.before
		printf '\n[budget]\ninput-mib = %s\ntemporary-mib = %s\n' \
			"$1" "$2"
		printf 'memory-mib = %s\npages = %s\nseconds = %s\n' \
			"$3" "$4" "$5"
	} > "$MIYIN_CONF_DIR/policy.conf"
}

# send FILE...: one job of these, in this order; submit puts its first one last
send() { submit Office "${@: -1}" "${@:1:$#-1}" -o MiyinLevel=neibu; }

# refused WHAT WORDS FILE...: one job of these
refused()
{
	local job
	job=$(send "${@:3}")
	lab-wait
	like "$1: the sentence" "$(lab-status "$job")" \
		"^canceled.*Not printed: the document needs more than $2, which"
	is "$1: paper" "$(printed_count)" 0
	is "$1: what is left" \
		"$(find "$MIYIN_LAB/spool/tmp" -name 'miyin-*')" ""
}

# Files of 10 MB, one after the other, by a program of 400 bytes, which then
# waits to be seen: the budget is looked at now and then.
cat > files.ps <<'END'
%!PS
/buf 65535 string def
1 1 20 { pop
  { (a) (w) .tempfile exch pop /f exch def
    160 { f buf writestring } repeat f flushfile } stopped { clear } if
} for
realtime 5000 add { dup realtime lt { exit } if } loop
showpage
END
printf '%%!PS\n{ } loop\n' > endless.ps
# A hundred thousand pages that count as one. With its table, for of a damaged
# tree qpdf 12 takes each page but once.
tree=$'%PDF-1.4\n' table=$'0000000000 65535 f \n'
object()
{
	table+=$(printf '%010d 00000 n ' ${#tree})$'\n'
	tree+="$1 0 obj <<$2>> endobj"$'\n'
}
object 1 "/Type/Catalog/Pages 2 0 R"
for n in 2 3 4 5 6; do
	kid="$((n + 1)) 0 R "
	object $n "/Type/Pages/Count 1/Kids[$kid$kid$kid$kid$kid$kid$kid$kid$kid$kid]"
done
object 7 "/Type/Page/MediaBox[0 0 595 842]"
printf '%sxref\n0 8\n%strailer <</Root 1 0 R/Size 8>>\nstartxref\n%d\n%%%%EOF\n' \
	"$tree" "$table" ${#tree} > tree.pdf
head -c 3000000 /dev/zero | tr '\0' 'a' | fold > large.txt
qrencode -o page.png -s 8 "BUDGET"

budget 2 64 1024 500 30
refused "3 MB of text" "2 MiB of files" large.txt
refused "a small file with 100,000 pages" "500 pages" tree.pdf
refused "a small file that writes large ones" "64 MiB of temporary files" \
	files.ps
refused "a document that does not end" "30 seconds of work" endless.ps
# The first document is done, and its frames are whole, when the second ends.
refused "one that is within it, then 3 MB of text" "2 MiB of files" \
	page.png large.txt
refused "one that is within it, then one that writes large files" \
	"64 MiB of temporary files" page.png files.ps
refused "one that is within it, then one that does not end" \
	"30 seconds of work" page.png endless.ps
# "PID ACCOUNT" of what runs the converters, one after the other: our gate's
# program in the job's account. Others have labs too.
errand()
{
	local pid uid
	for pid in $(pgrep -f '^miyin:/'); do
		uid=$(ps -o uid= -p "$pid")
		[[ ${uid:-0} -lt 2100000000 ||
			$(readlink "/proc/$pid/exe") != "$MIYIN_LAB"/* ]] ||
			echo "$pid" "$uid"
	done
}
second_is_converted()
{
	read -r pid account <<< "$(errand)"
	[ -n "$account" ] && pgrep -u "$account" -x gs > /dev/null
}
job=$(send page.png endless.ps)
ok "the second document is at work" wait_for second_is_converted
kill -KILL "$pid"
lab-wait
like "killed between two documents: the sentence" "$(lab-status "$job")" \
	'^canceled.*Not printed: printing was interrupted on the print server'
is "killed between two documents: paper" "$(printed_count)" 0
like "what is within it is printed" \
	"$(print Office page.png -o MiyinLevel=neibu)" '^completed'
is "once" "$(printed_count)" 1
clear_paper
# The marking steps of a copy, which come after its row, are within it too.
held=
hold_verify()
{
	local pid
	for pid in $(pgrep -x verify); do
		[[ $(readlink "/proc/$pid/exe") == "$MIYIN_LAB"/* ]] &&
			kill -STOP "$pid" && held=$pid && return
	done
	return 1
}
# shellcheck disable=SC2046
qpdf --empty --pages $(yes "$notice" | head -n 30) \
	-- many.pdf
budget 2 64 1024 500 30
begun=$SECONDS
job=$(send many.pdf)
ok "a copy's pages are being verified" wait_for hold_verify
# One of several at once has a share of the job's.
memory=$(sed -n 's/^Max address space *\([0-9]*\).*/\1/p' "/proc/$held/limits")
is_sanitized ||
	ok "and its step has no more memory than the job and a program" \
		test "${memory:-unlimited}" -le $((1536 << 20))
lab-wait
like "a copy that does not end: the sentence" "$(lab-status "$job")" \
	'^canceled.*more than 30 seconds of work, which'
ok "a copy that does not end: in time" test $((SECONDS - begun)) -lt 120
is "a copy that does not end: paper" "$(printed_count)" 0
budget 2 64 1024 500 none
like "a budget that cannot be read prints nothing" \
	"$(print Office page.png -o MiyinLevel=neibu)" 'not set up rightly'
is "not one page" "$(printed_count)" 0

done_testing
