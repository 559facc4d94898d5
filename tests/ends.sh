#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The ends of a job, one by one: what the register has, what is on paper and
# what the user reads must be the same; and nobody else reads it:
#
#   LAB_ONLY=Office tests/lab/run -- bash tests/ends.sh
#
# The printer and the stamper wait where they are told to.
#
# Functions are called through ok and wait_for:
# shellcheck disable=SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/crash-lib.sh
. "$(dirname "$0")/crash-lib.sh"
# shellcheck source=tests/stop-lib.sh
. "$(dirname "$0")/stop-lib.sh"
notice=$(realpath "${MIYIN_BUILD:-build}/samples/notice.pdf")
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8

# --- documents ------------------------------------------------------------

# Without a code of their own. The first one gets a level of its own too.
qpdf "$notice" --pages . 2 -- first.pdf
qpdf "$notice" --pages . 1 -- letter.pdf
raise_limit
chmod 644 ./*.pdf

# --- what others read -----------------------------------------------------

# What the printer says of itself, in full, to whoever asks again and again.
listen()
{
	while :; do
		as games lpstat -l -p Office 2>&1
	done > said &
	listener=$!
}
# It has said nothing of the words of a job.
heard_nothing()
{
	sleep 1
	kill "$listener"
	wait "$listener" 2> /dev/null
	like "$1: the printer was listened to" "$(grep -c '^printer' said)" \
		'^([5-9]|[0-9]{2})'
	is "$1: and said nothing of the job" \
		"$(grep -E '0000[0-9]|[123] of [123]|级|密|张三|李四|rinted' said |
			sort -u)" ""
}

listen
job=$(SUBMIT_AS=nobody submit Office first.pdf -o MiyinLevel=jimi -n 2 \
	-o MiyinDocument=局字7号 -o MiyinHolders=张三、李四)
lab-wait
heard_nothing "a job that prints"
listen
job=$(SUBMIT_AS=nobody submit Office first.pdf -o MiyinLevel=jimi -n 2 \
	-o MiyinDocument=局字7号)
lab-wait
heard_nothing "a job that is refused"
is "its owner reads why, and no name" "$(job_message "$job")" \
	"Not printed: the number of copies that 机密 allows of this document is 3, with 1 left; ask the confidentiality officer."
is "the printer says nothing afterwards" \
	"$(as games lpstat -l -p Office | grep -c rinted)" 0

# --- what the owner reads -------------------------------------------------

# start_job N: of a document of its own
start_job()
{
	echo >> started
	printed_count > papers.before
	SUBMIT_AS=nobody submit Office letter.pdf -o MiyinLevel=neibu -n "$1" \
		-o MiyinDocument="end-$(grep -c "" started)"
}
papers_since() { echo $(($(printed_count) - $(cat papers.before))); }

# ends NAME JOB STATE COPIES PAPERS SENTENCE: what the scheduler calls it, the
# states in the register, its papers, what its owner reads
ends()
{
	wait_for has_ended "$2"
	wait_for no_gate_runs
	like "$1: the scheduler" "$(job_state "$2")" "^$3\$"
	like "$1: the copies" "$(states "$2")" "^$4\$"
	like "$1: the papers" "$(papers_since)" "^$5\$"
	like "$1: its owner reads" "$(job_message "$2")" "$6"
}
# A next job is as always, and nothing is left open.
goes_on()
{
	local next
	clear_stops
	lab-wait
	next=$(start_job 1)
	lab-wait
	is "$1: the next job" "$(job_state "$next")" completed
	invariants "$1"
}
at_second_paper()
{
	clear_stops
	stop_at paper.2
	job=$(start_job 3)
	wait_for [ -e "$stops/paper.2.met" ]
}
# The second is stamped while the first one prints, and so may the third be.
at_second_stamp()
{
	clear_stops
	stop_at stamp.2
	stop_at stamp.3
	job=$(start_job 3)
	wait_for [ -e "$stops/stamp.2.met" ] && wait_for first_is_out
}
# The heir has a group of its own.
worker()
{
	local gate
	gate=$(backend miyin)
	pgrep -P "$gate" -g "$gate"
}
# Others have labs too.
heirs()
{
	local pid
	for pid in $(pgrep -f '^miyin:/Office-device'); do
		[[ $(readlink "/proc/$pid/exe") != "$MIYIN_LAB"/* ]] ||
			echo "$pid"
	done | grep .
}
no_heir() { ! heirs > /dev/null; }
nothing_open() { [[ $(states "$1") != *@(reserved|sending)* ]]; }
# the reasons of a job's refusals in the register
refusals()
{
	miyin log --json | grep "\"job_id\":${1##*-}," |
		grep -o '"reason":"[a-z-]*"' | cut -d'"' -f4 | xargs
}

with_stops paper "$MIYIN_LAB/bin/paper" ""
with_stops stamp "$MIYIN_LAB/lib/cups/filter/miyinmark" stamp

job=$(start_job 3)
lab-wait
ends "all is well" "$job" completed "printed printed printed" 3 \
	'^Printed: 3 copies, serials 000001–000003\.$'
goes_on "all is well"

# --- the next copy waits behind the one that prints ---------------------------

two_are_sent() { [ "$(states "$job")" = "sending sending reserved" ]; }
at_first_paper()
{
	clear_stops
	stop_at paper.1
	job=$(start_job 3)
	wait_for two_are_sent
}
n_waiting()
{
	LC_ALL=C lpstat -W not-completed -o Office-device 2> /dev/null | wc -l
}
# release soon: a cancel of what the printer holds waits for the printer
ok "canceled while one waits: is met" at_first_paper
is "canceled while one waits: on the device queue" "$(n_waiting)" 2
cancel "$job"
(sleep 2; release paper.1) &
ends "canceled while one waits" "$job" canceled \
	"(printed|partial) void void" '[01]' '^Canceled: [01] of 3 copies'
is "canceled while one waits: nothing does now" "$(n_waiting)" 0
goes_on "canceled while one waits"
ok "its device job is canceled while one waits: is met" at_first_paper
device=$(LC_ALL=C lpstat -W not-completed -o Office-device | head -n 1)
cancel "${device%% *}"
release paper.1
ends "its device job is canceled while one waits" "$job" aborted \
	"(printed|partial) (printed|partial|void) void" '[0-2]' \
	'^[0-2] of 3 copies'
goes_on "its device job is canceled while one waits"

# --- processes that are killed --------------------------------------------

ok "the worker is killed while it prints: is met" at_second_paper
kill -KILL "$(worker)"
release paper.2
# The third may wait behind it.
ends "the worker is killed while it prints" "$job" '(aborted|completed)' \
	"printed printed (printed|void)" '(2|3)' \
	'^(2 of 3 copies were printed, 1 was not: printing was interrupted|Printed: 3 copies, serials 0.*)'
goes_on "the worker is killed while it prints"

ok "the worker is killed while it stamps: is met" at_second_stamp
kill -KILL "$(worker)"
ends "the worker is killed while it stamps" "$job" aborted \
	"printed void void" 1 \
	'^1 of 3 copies was printed, 2 were not: printing was interrupted'
goes_on "the worker is killed while it stamps"

ok "who stamps ahead is killed: is met" at_second_stamp
kill -KILL "$(cat "$stops/stamp.2.met")"
release stamp.3
ends "who stamps ahead is killed" "$job" completed "printed printed printed" 3 \
	'^Printed: 3 copies'
goes_on "who stamps ahead is killed"

ok "the supervisor is killed: is met" at_second_paper
kill -KILL "$(backend miyin)"
release paper.2
ends "the supervisor is killed" "$job" completed "printed printed printed" 3 \
	'^Printed: 3 copies'
goes_on "the supervisor is killed"

# The scheduler calls it completed; the next job's run finds the truth.
ok "supervisor and worker are killed: is met" at_second_paper
gate=$(backend miyin)
# shellcheck disable=SC2046
kill -KILL "$gate" $(pgrep -P "$gate")
release paper.2
wait_for has_ended "$job"
goes_on "supervisor and worker are killed"
like "supervisor and worker are killed: the copies" "$(states "$job")" \
	'^printed (printed|doubt) (printed|void)$'

# --- a backend of the printer's own -----------------------------------------

ipp=$MIYIN_LAB/lib/cups/backend/ipp
# ipp_is COMMANDS: what stands in its place
ipp_is()
{
	rm -f "$ipp"
	printf '#!/bin/bash\n%s\n' "$1" > "$ipp"
	chmod 755 "$ipp"
}
cp -P "$ipp" "$ipp.own"

clear_stops
ipp_is 'head -c 1 > /dev/null'
job=$(start_job 2)
ends "a backend that is content with a byte" "$job" aborted "partial void" 0 \
	'^0 of 2 copies were printed, 1 may be on paper in part, 1 was not: .*the whole copy'
ipp_is 'exit 0'
job=$(start_job 2)
ends "a backend that is content with nothing" "$job" aborted "void void" 0 \
	'^Not printed: .*the whole copy'

# The guard gives it 20 s; the gate must not give up before.
ipp_is "trap 'trap \"\" TERM; sleep 17; exit 1' TERM
head -c 1 > $stops/taken
while :; do sleep 0.1; done"
job=$(start_job 2)
ok "a backend that is slow to close: has a byte" wait_for [ -s "$stops/taken" ]
cancel "$job"
ends "a backend that is slow to close" "$job" canceled "partial void" 0 \
	'^Canceled: 0 of 2 copies were printed, 1 may be on paper in part, 1 was not'
mv "$ipp.own" "$ipp"
goes_on "a backend that is slow to close"

# --- a printer that is in use ------------------------------------------------

address=$(lpstat -v Office-device | grep -o 'localhost:[0-9]*')
printer=ipp://$address/ipp/print
# Its panel prints what somebody began there: it takes one job at a time.
use_printer()
{
	ipp -c "$address" -r /ipp/print Create-Job "$printer" > in-use &&
		grep -q '^successful-ok' in-use
}
leave_printer()
{
	ipp -c "$address" -r /ipp/print Cancel-Job "$printer" \
		o integer job-id "$(sed -n 's/^job-id=//p' in-use)" | head -n 1
}
n_turned_away()
{
	grep -c 'Create-Job: server-error-busy' "$MIYIN_LAB/log/error_log"
}
is_turned_away() { [ "$(n_turned_away)" -gt "$1" ]; }
ok "a printer that is in use: is" use_printer
n=$(n_turned_away)
job=$(start_job 2)
ok "a printer that is in use: turns the copy away" wait_for is_turned_away "$n"
ok "a printer that is in use: is asked again" wait_for is_turned_away $((n + 1))
is "a printer that is in use: the job waits" "$(job_state "$job")" processing
is "a printer that is in use: is left" "$(leave_printer)" successful-ok
ends "a printer that is in use" "$job" completed "printed printed" 2 \
	'^Printed: 2 copies'
ok "a printer that is in use for long: is" use_printer
n=$(n_turned_away)
job=$(start_job 2)
ok "a printer that is in use for long: the copy is turned away" \
	wait_for is_turned_away "$n"
cancel "$job"
ends "a printer that is in use for long" "$job" canceled "void void" 0 \
	'^Canceled: 0 of 2 copies were printed, 2 were not'
is "a printer that is in use for long: is left" "$(leave_printer)" successful-ok
goes_on "a printer that is in use"

# The scheduler cannot end it, nor can who kills the two.
ok "both are killed, and not their heir: is met" at_second_paper
gate=$(backend miyin)
kill -KILL -- "-$gate"
release paper.2
ok "both are killed, and not their heir: it leaves" wait_for no_heir
like "both are killed, and not their heir: the copies" "$(states "$job")" \
	'^printed printed (printed|void)$'
is "both are killed, and not their heir: the register" "$(refusals "$job")" \
	"$([[ $(states "$job") != *void ]] || echo interrupted)"
goes_on "both are killed, and not their heir"

# --- a job that is purged --------------------------------------------------

# purged NAME COPIES: without a next job
purged()
{
	cancel -x "$job"
	ok "$1: no gate is left" wait_for no_gate_runs
	clear_stops
	ok "$1: its heir leaves" wait_for no_heir
	like "$1: the copies" "$(states "$job")" "^$2\$"
	is "$1: the register" "$(refusals "$job")" canceled
	goes_on "$1"
}
ok "purged while it prints: is met" at_second_paper
purged "purged while it prints" "printed (partial|printed) void"
ok "purged while it stamps: is met" at_second_stamp
purged "purged while it stamps" "printed void void"
with_stops prepare "$MIYIN_LAB/lib/cups/filter/miyinmark" prepare
clear_stops
stop_at prepare.1
job=$(start_job 3)
ok "purged before it is issued: is met" wait_for [ -e "$stops/prepare.1.met" ]
purged "purged before it is issued" ""

# --- a scheduler that forgets, that is full, that is in a hurry ------------

conf=$CUPS_SERVERROOT/cupsd.conf
cp "$conf" cupsd.conf.away
scheduler()
{
	cp cupsd.conf.away "$conf"
	printf '%s\n' "$@" >> "$conf"
	lab-restart
}

clear_stops
ok "no history: is set" scheduler "PreserveJobHistory No"
job=$(start_job 2)
lab-wait
is "no history: the copies" "$(states "$job")" "printed printed"
is "no history: the papers" "$(papers_since)" 2

ok "too many jobs: is set" scheduler "MaxJobs 3"
for i in 1 2; do
	held[i]=$(SUBMIT_AS=nobody submit Office letter.pdf -o MiyinLevel=neibu \
		-H hold)
done
job=$(start_job 1)
is_told() { [[ $(job_message "$job") == *"$1"* ]]; }
ok "too many jobs: its owner reads it" wait_for is_told "too many jobs"
cancel "${held[1]}"
ends "too many jobs" "$job" completed printed 1 '^Printed: 1 copy'
cancel "${held[2]}"

ok "a limit of time: is set" scheduler "MaxJobTime 15"
clear_stops
stop_at stamp.1
job=$(start_job 2)
ends "a limit of time" "$job" canceled "void void" 0 \
	'^Not printed: printing took longer than the 15 seconds'
clear_stops
scheduler "# as before"
goes_on "a limit of time"

# --- a register that others use -------------------------------------------

# Nobody else reads or writes between the two.
mkfifo sql
lock()
{
	sqlite3 "$register" < sql &
	locker=$!
	exec 8> sql
	echo 'BEGIN EXCLUSIVE;' >&8
	sleep 0.5
}
unlock()
{
	printf 'COMMIT;\n.quit\n' >&8
	exec 8>&-
	wait "$locker"
}

ok "a register that is locked: is met" at_second_paper
lock
release paper.2
sleep 8
unlock
ends "a register that is locked" "$job" completed "printed printed printed" 3 \
	'^Printed: 3 copies'
goes_on "a register that is locked"

clear_stops
lock
job=$(start_job 1)
wait_for eval 'backend miyin > /dev/null'
sleep 1
cancel "$job"
before=$SECONDS
wait_for no_gate_runs
ok "canceled while the register is locked: it goes at once" \
	[ $((SECONDS - before)) -lt 20 ]
is "canceled while the register is locked: its owner reads" \
	"$(job_message "$job")" "Canceled: nothing was printed."
unlock
goes_on "canceled while the register is locked"

done_testing
