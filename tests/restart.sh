#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The scheduler restarts in the middle of a job of five copies, is killed, or
# the machine goes down; and people cancel and hold a job at that moment. The
# job must go on, and no copy come out twice:
#
#   tests/lab/run -- bash tests/restart.sh [--few]
#
# --few (make check) leaves out what stands behind `full` for two of three ways.
# The moments are not met by luck: printer and stamper wait where they are
# told to.
#
# Functions are called through ok and wait_for:
# shellcheck disable=SC2317
set -u
few=${1:-}	# for full

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/crash-lib.sh
. "$(dirname "$0")/crash-lib.sh"
# shellcheck source=tests/stop-lib.sh
. "$(dirname "$0")/stop-lib.sh"
notice=$(realpath "${MIYIN_BUILD:-build}/samples/notice.pdf")
cd "$MIYIN_LAB/home" || exit 1

log=$MIYIN_LAB/log/error_log
printer=$(cat "$MIYIN_LAB/log/Office.pid")

started()
{
	look
	[ -n "$(ask_register "SELECT 1 FROM copies WHERE device_started = 1
		AND state = 'sending'")" ]
}
nothing_open() { [[ $(states "$1") != *@(reserved|sending)* ]]; }
catches_term()
{
	local pid caught
	pid=$(backend miyin | head -n 1)
	caught=$(sed -n 's/^SigCgt:[[:space:]]*/0x/p' "/proc/$pid/status")
	((${caught:-0} & 1 << 14))
}
# the reasons of a job's refusals in the register
refusals()
{
	miyin log --json | grep "\"job_id\":${1##*-}," |
		grep -o '"reason":"[a-z-]*"' | cut -d'"' -f4 | xargs
}
# device_end JOB N: what the guard wrote about its copy N, and whether the
# device was reached
device_end()
{
	look
	ask_register "SELECT d.end || ' ' || d.reached FROM devices d
		JOIN copies c ON c.id = d.copy JOIN jobs j ON j.id = c.job
		WHERE j.job_id = ${1##*-} AND c.copy_no = $2"
}
n_connections() { grep -ac '] Connected to ' "$log"; }
connected_since() { [ "$(n_connections)" -gt "$1" ]; }
n_refused() { grep -ac '\] Not sent to the device' "$log"; }
# attempts on the device queues that their guard did not let through
n_unregistered()
{
	look
	ask_register "SELECT count(*) FROM events WHERE event = 'refuse' AND
		reason = 'unregistered' AND user <> '' AND job_id > 0"
}
used()
{
	look
	ask_register "SELECT sum(used) FROM documents"
}

start_job()
{
	SUBMIT_AS=nobody submit Office letter.pdf -o MiyinLevel=neibu -n 5
}

# operation NAME JOB, as an administrator
operation()
{
	printf '{ OPERATION %s\nGROUP operation-attributes-tag
		ATTR charset attributes-charset utf-8
		ATTR naturalLanguage attributes-natural-language en
		ATTR uri printer-uri ipp://localhost/printers/Office
		ATTR integer job-id %d
		ATTR name requesting-user-name root
		STATUS successful-ok }\n' "$1" "${2##*-}" > operation.test
	ipptool -q "ipp://127.0.0.1:$MIYIN_LAB_PORT/jobs" operation.test
}

# --- moments --------------------------------------------------------------

# The second is stamped while the first one prints.
while_stamping()
{
	stop_at stamp.2
	stop_at stamp.3
	job=$(start_job)
	wait_for [ -e "$stops/stamp.2.met" ] && wait_for first_is_out
}

# The backend has asked nobody yet; then it meets a server that is gone.
while_starting()
{
	stop_at start.1
	job=$(start_job)
	wait_for [ -e "$stops/start.1.met" ]
}

while_reading()
{
	stop_at collect.1
	job=$(start_job)
	wait_for [ -e "$stops/collect.1.met" ]
}

while_preparing()
{
	stop_at prepare.1
	job=$(start_job)
	wait_for [ -e "$stops/prepare.1.met" ]
}

# The printer has the whole copy in hand.
while_printing()
{
	stop_at paper.2
	job=$(start_job)
	wait_for [ -e "$stops/paper.2.met" ]
}

# The device backend has its connection, and the beginning of the copy, and
# waits for the first answer.
while_connecting()
{
	local before
	before=$(n_connections)
	kill -STOP "$printer"
	job=$(start_job)
	wait_for started && wait_for connected_since "$before"
}

# The copy waits on the device queue.
while_queued()
{
	cupsdisable Office-device
	job=$(start_job)
	wait_for device_is pending
}

go_on()
{
	kill -CONT "$printer"
	# It answers "not authorized", and does it.
	cupsenable Office-device 2>/dev/null
	clear_stops
}

without_server()
{
	local backend
	backend=$(cat "$stops/start.1.met")
	lab-restart "$@" -stop
	release start.1
	ok "$name: the backend leaves" wait_for [ ! -e "/proc/$backend" ]
}

# restarts HOW MOMENT STATES [N]: N second prints of a copy are refused
restarts()
{
	local how=$1 moment=$2 wanted=$3 n=${4:-0} name before
	name="${2//_/ }, restart ${how:-TERM}"
	clear_stops
	before=$(n_refused)
	ok "$name: is met" "$moment"
	# shellcheck disable=SC2086
	[ "$moment" != while_starting ] || without_server $how
	# shellcheck disable=SC2086
	lab-restart $how
	[ "$moment" != while_connecting ] || sleep 0.5
	go_on
	ok "$name: the job goes on by itself" lab-wait 60
	is "$name: the copies" "$(states "$job")" "$wanted"
	is "$name: second prints are refused" "$(($(n_refused) - before))" "$n"
	if [[ $wanted = *@(partial|doubt)* ]]; then
		local lost="may be on paper in part"
		is "$name: the user is told" "$(job_state "$job")" aborted
		like "$name: in words" "$(job_message "$job")" \
			"^4 of 5 copies were printed, 1 $lost: printing was interrupted"
	else
		is "$name: no refusal is entered" "$(refusals "$job")" ""
		is "$name: the user is told" "$(job_state "$job")" completed
	fi
	invariants "$name"
}

# --- run ------------------------------------------------------------------

with_stops paper "$MIYIN_LAB/bin/paper" ""
with_stops stamp "$MIYIN_LAB/lib/cups/filter/miyinmark" stamp
with_stops prepare "$MIYIN_LAB/lib/cups/filter/miyinmark" prepare
with_stops collect "$MIYIN_LAB/lib/cups/filter/miyincollect" ""
with_stops start "$MIYIN_LAB/lib/cups/backend/miyin" "" DEVICE_URI
raise_limit
qpdf "$notice" --pages . 1 -- letter.pdf

for queue in Office Pcl; do
	like "$queue: its device is guarded" "$(lpstat -v $queue-device)" \
		': miyindevice:'
done
all='printed printed printed printed printed'
printing='printed partial printed printed printed'
doubt='doubt printed printed printed printed'
for how in "" -9 "-9 -a"; do
	[ "$how" = -9 ] && also= || also=full
	$also restarts "$how" while_starting "$all"
	$also restarts "$how" while_reading "$all"
	$also restarts "$how" while_preparing "$all"
	$also restarts "$how" while_stamping "$all"
	case $how in
	# A scheduler that ends in order throws its device job away, and ends
	# the guard, which writes what the printer had of it: all, or nothing.
	"")
		restarts "$how" while_printing "$printing"
		restarts "$how" while_connecting "${doubt/doubt/partial}"
		;;
	# A guard outlives the killed one, prints its copy to the end and
	# writes so; what the next one starts of it is refused.
	-9)
		restarts "$how" while_printing "$all" 1
		restarts "$how" while_connecting "$all" 1
		;;
	# It died too, and wrote no more than that it began.
	*)
		restarts "$how" while_printing "${printing/partial/doubt}" 1
		restarts "$how" while_connecting "$doubt" 1
		;;
	esac
	$also restarts "$how" while_queued "$all"
done

# --- people ---------------------------------------------------------------

clear_stops
before=$(used)
while_printing
cancel "$job"
ok "cancel: the job ends" wait_for has_ended "$job"
ok "cancel: its backend leaves" wait_for no_gate_runs
ok "cancel: so does its device job" wait_for device_is_over
go_on
lab-wait
is "cancel: the copies" "$(states "$job")" "printed partial void void void"
is "cancel: the budget gets back what was not printed" "$(used)" $((before + 2))
is "cancel: the user is told" "$(job_message "$job")" \
	"Canceled: 1 of 5 copies was printed, 1 may be on paper in part, 3 were not."
invariants cancel

clear_stops
while_printing
ok "hold: a job that prints can be held" operation Hold-Job "$job"
ok "hold: its backend leaves" wait_for no_gate_runs
is "hold: it is held" "$(job_state "$job")" held
go_on
ok "hold: the copy in hand is finished" wait_for device_is_over
ok "hold: it can be released" operation Release-Job "$job"
ok "hold: then it goes on" lab-wait
is "hold: the copies" "$(states "$job")" "$all"
invariants hold

clear_stops
before=$(used)
while_stamping
cancel "$job"
go_on
ok "cancel while stamping: the job ends" lab-wait
ok "cancel while stamping: its backend leaves" wait_for no_gate_runs
is "cancel while stamping: the copies" "$(states "$job")" \
	"printed void void void void"
is "cancel while stamping: the budget" "$(used)" $((before + 1))
is "cancel while stamping: the user is told" "$(job_message "$job")" \
	"Canceled: 1 of 5 copies was printed, 4 were not."
invariants "cancel while stamping"

# Neither is a broken document, nor a register that failed.
for moment in while_reading while_preparing; do
	name="cancel ${moment//_/ }"
	clear_stops
	before=$(used)
	ok "$name: is met" $moment
	# One that is canceled before is simply not there.
	ok "$name: its backend can be told" wait_for catches_term
	cancel "$job"
	go_on
	ok "$name: the job ends" lab-wait
	ok "$name: its backend leaves" wait_for no_gate_runs
	is "$name: the budget" "$(used)" "$before"
	is "$name: the register" "$(refusals "$job")" canceled
	like "$name: the user is told" "$(job_message "$job")" \
		'^Canceled: (0 of 5 copies were printed, 5 were not|nothing was printed)\.$'
	invariants "$name"
done

# cupsd calls a killed backend's job completed. Then the copy would be printed.
clear_stops
while_printing
kill -KILL "$(pgrep -P "$(backend miyindevice)" -f '^ipp:')"
ok "the device backend is killed: the job ends" wait_for has_ended "$job"
wait_for no_gate_runs
go_on
lab-wait
is "the device backend is killed: the copies" "$(states "$job")" \
	"printed partial void void void"
like "the device backend is killed: the user is told" \
	"$(job_message "$job")" '^1 of 5 copies was printed, 1 may be on paper in part, 3 were not: '
invariants "the device backend is killed"
is "the device backend is killed: its end is in the register" \
	"$(device_end "$job" 2)" "killed 1"

# Nor is it a success when the guard itself is killed, and the printer gets
# nothing more.
clear_stops
while_printing
kill -KILL "$(backend miyindevice)"
ok "the guard is killed: the job ends" wait_for has_ended "$job"
wait_for no_gate_runs
go_on
lab-wait
is "the guard is killed: the copies" "$(states "$job")" \
	"printed partial void void void"
is "the guard is killed: its end is in the register" \
	"$(device_end "$job" 2)" "killed 1"
invariants "the guard is killed"

# Nobody could write the end of a copy that is sent now, so it is not sent.
hold_driver()
{
	local file
	for file in $(grep -lsz '^TMPDIR=.*/miyin-room-' /proc/[0-9]*/environ); do
		grep -qsaF "$MIYIN_LAB" "$file" || continue
		held=${file//[!0-9]/}
		kill -STOP "$held" && return
	done
	return 1
}
# pcl_papers: their bytes
pcl_papers() { cat "$MIYIN_LAB"/paper-pcl/[0-9]* 2> /dev/null | wc -c; }
clear_stops
before=$(pcl_papers)
job=$(SUBMIT_AS=nobody submit Pcl letter.pdf -o MiyinLevel=neibu)
ok "the recorder is killed: the driver is held" wait_for hold_driver
ok "the recorder is killed" pkill -KILL -u daemon -P "$(backend miyindevice)"
kill -CONT "$held"
ok "the recorder is killed: the job ends" wait_for has_ended "$job"
wait_for no_gate_runs
is "the recorder is killed: the copy" "$(states "$job")" "doubt"
is "the recorder is killed: paper" "$(pcl_papers)" "$before"

# --- the device queue alone -----------------------------------------------

# A copy that was given up is not printed any more, even when its job still
# stands there.
clear_stops
while_queued
gate=$(backend miyin)
kill -KILL "$gate" $(pgrep -P "$gate")
wait_for has_ended "$job"
first=$(states "$job")
dead=$job
before=$(n_refused)
entered=$(n_unregistered)
job=$(start_job)
wait_for nothing_open "$dead"
go_on
ok "a dead job's copy on the device queue: the next job prints" lab-wait
is "it was being sent" "$first" "sending reserved reserved reserved reserved"
is "nothing of it left: it is void as the others" "$(states "$dead")" \
	"void void void void void"
is "and is not printed" "$(($(n_refused) - before))" 1
is "which the register says too" "$(($(n_unregistered) - entered))" 1
is "the next job is" "$(states "$job")" "$all"
invariants "a dead job's copy"

n_before=$(printed_count)
entered=$(n_unregistered)
is "the device queue takes no job of an administrator" \
	"$(try_lp Office-device letter.pdf 2>&1 | grep -c 'Forbidden\|Unauthorized\|not authorized')" 1
for queue in Office Pcl; do
	job=$(SUBMIT_AS=daemon submit $queue-device letter.pdf)
	lab-wait
	is "$queue: the service user's own job is refused" \
		"$(job_state "$job")" canceled
	lpadmin -p $queue-device -o printer-op-policy=default -u allow:all \
		2>/dev/null
	job=$(submit $queue-device letter.pdf)
	lab-wait
	is "$queue: root's job is refused, without the policy too" \
		"$(job_state "$job")" canceled
	job=$(submit $queue-device letter.pdf -o raw)
	lab-wait
	is "$queue: and raw" "$(job_state "$job")" canceled
done
is "each of the six is in the register" "$(($(n_unregistered) - entered))" 6
is "nothing of it is on paper" "$(printed_count)" "$n_before"
is "and not one byte reached the PCL printer" \
	"$(cat "$MIYIN_LAB"/paper-pcl/[0-9]* 2>/dev/null | wc -c)" 0
printf '%d papers read\n' "$n_papers_read"
done_testing
