#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The gate backend dies (kill -9), supervisor and worker, at one point of its
# path after another, and the machine at a few of them. After each, one more job
# is printed, and then register and paper must agree:
#
#   tests/lab/run -- bash tests/crash.sh [--few]
#
# --few (make check) leaves out what stands behind `full`.  A point is the n-th call of one system call, found in the trace of a job
# that lived. strace kills there; whether it did is read from its output.
set -u
few=${1:-}	# for full

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/crash-lib.sh
. "$(dirname "$0")/crash-lib.sh"
notice=$(realpath "${MIYIN_BUILD:-build}/samples/notice.pdf")
cd "$MIYIN_LAB/home" || exit 1

traces=$MIYIN_LAB/crash
backend=$MIYIN_LAB/lib/cups/backend/miyin
n_killed=0 n_points=0
pid_max=$(cat /proc/sys/kernel/pid_max)
mkdir -p "$traces"

# --- instruments ----------------------------------------------------------

# What stands in $traces/next is done to the next run, and to it alone.
install_wrapper()
{
	mv "$backend" "$backend.real"
	cat > "$backend" <<-END
	#!/bin/bash
	next=$traces/next
	if ! mv "\$next" "\$next.taken" 2>/dev/null; then
		exec $backend.real "\$@"
	fi
	read -r out arguments < "\$next.taken"
	rm -f "\$out".[0-9]*
	# Whoever is traced cannot look for leaks (make sanitize).
	export ASAN_OPTIONS=detect_leaks=0
	exec strace -ff -b execve -o "\$out" \$arguments $backend.real "\$@"
	END
	chmod 700 "$backend"
}

# The trace of the worker: it alone talks to the scheduler.
worker_of()
{
	grep -l '"POST /printers/' "$traces/$1".[0-9]* 2>/dev/null | head -n 1
}

# The traces of supervisor, heir and worker of a job, who are there before all
# others of this run. Process numbers begin anew after the greatest.
lives_of()
{
	find "$traces" -name "$n_points.[0-9]*" |
		awk -F . -v first="$(pid_of "$1")" -v most="$pid_max" \
			'{ print ($NF - first + most) % most, $0 }' |
		sort -n | cut -d ' ' -f 2- | head -n 3
}

# arm NAME ARGUMENTS-OF-STRACE
# shellcheck disable=SC2048,SC2086
arm() { echo "$traces/$1" ${*:2} > "$traces/next"; }

# nth CALL REGEX K: which CALL the K-th CALL is that holds REGEX, in the
# trace of a job that lived
nth()
{
	awk -v call="$1(" -v regex="$2" -v k="$3" '
		index($0, call) == 1 {
			n++
			if ($0 ~ regex && ++found == k) { print n; exit }
		}' "$(worker_of reference)"
}

# wait_quiet: like lab-wait, but what will not move by itself may remain on
# the device queue: the next job clears it away
wait_quiet()
{
	local i job moving
	for i in $(seq $((400 * LAB_PATIENCE))); do
		sleep 0.05
		LC_ALL=C lpstat -W not-completed -o > "$traces/open" \
			2>/dev/null || continue
		moving=
		while read -r job _; do
			[[ $job == Office-device-* &&
			   $(job_state "$job") == @(held|stopped) ]] ||
				moving=$job
		done < "$traces/open"
		[ -n "$moving" ] || return 0
	done
	cat "$traces/open"
	return 1
}

# --- the points -----------------------------------------------------------

start_job() { SUBMIT_AS=nobody submit Office letter.pdf -o MiyinLevel=neibu "$@"; }

# The job after a crash is a normal one, and finds what the crash left.
next_job()
{
	local job
	job=$(start_job -n 1)
	ok "$1: after the next job the queues are empty" lab-wait 20
	is "$1: the next job is printed" "$(job_state "$job")" completed
	invariants "$1"
}

# A collector that was still writing fails with its backend, and such a job
# stays stopped until somebody cancels it.
end_job()
{
	local i state=
	for i in $(seq $((200 * LAB_PATIENCE))); do
		state=$(job_state "$1")
		[[ $state != pending && $state != processing ]] && break
		sleep 0.05
	done
	[ "$state" != stopped ] || cancel "$1"
}

pid_of()
{
	sed -n "s/^.*\[Job ${1##*-}\] Started backend .* (PID \([0-9]*\)).*/\1/p" \
		"$MIYIN_LAB/log/error_log" | tail -n 1
}

# dies NAME STATES CALL REGEX K: kill before that call; the job's copies are
# then in STATES
dies()
{
	local name=$1 wanted=$2 call=$3 n job last
	n=$(nth "$call" "$4" "$5")
	n_points=$((n_points + 1))
	if [ -z "$n" ]; then
		fail "$name" "the reference has no such $call"
		return
	fi
	# The supervisor dies as soon as it waits, and the heir as soon as it is
	# there: else they would settle.
	arm "$n_points" "-e trace=$call,rt_sigsuspend,setpgid
		-e inject=rt_sigsuspend:signal=KILL:when=1
		-e inject=setpgid:signal=KILL:when=1
		-e inject=$call:signal=KILL:when=$n"
	job=$(start_job -n 2)
	end_job "$job"
	wait_quiet || fail "$name: the device queue gets quiet"
	# The first three are they. A warden may meet the same number of a call;
	# by then it only tidies up.
	last=$(lives_of "$job" | xargs -r tail -qn 1 |
		grep -cxF '+++ killed by SIGKILL +++')
	if [ "$last" = 3 ]; then
		n_killed=$((n_killed + 1))
		printf '  killed before %s %s: %s\n' "$call" "$n" "$name"
	else
		fail "$name: all three processes were killed" "$last of 3"
	fi
	ok "$name: the scheduler sees it" grep -aqF \
		"[Job ${job##*-}] PID $(pid_of "$job")" \
		<(grep -a 'signal 9' "$MIYIN_LAB/log/error_log")
	is "$name: the copies" "$(states "$job")" "$wanted"
	next_job "$name"
}

# Not before there are traces: xargs is content with nothing.
is_stopped()
{
	lives_of "$1" | xargs -r grep -hs 'stopped by SIGSTOP' | grep -q .
}

# wait_stopped JOB: false when the job ended, or did not get there in time
wait_stopped()
{
	local deadline=$((SECONDS + 60 * LAB_PATIENCE))
	while [ $SECONDS -lt $deadline ]; do
		is_stopped "$1" && return
		[[ $(job_state "$1") == @(pending|processing) ]] || return
		sleep 0.05
	done
	return 1
}

# power_cut NAME CALL REGEX K STATES: the same, but the machine goes down after
# that call. The job must come back by itself.
power_cut()
{
	local name="power cut $1" n job
	n=$(nth "$2" "$3" "$4")
	n_points=$((n_points + 1))
	# A call that is stopped, not killed, is done first.
	arm "$n_points" "-e trace=$2 -e inject=$2:signal=STOP:when=$n"
	job=$(start_job -n 2)
	if wait_stopped "$job"; then
		n_killed=$((n_killed + 1))
		printf '  went down after %s %s: %s\n' "$2" "$n" "$name"
	else
		fail "$name: the backend was stopped"
	fi
	lab-restart -9 -a
	ok "$name: the job ends by itself" lab-wait 20
	is "$name: the copies" "$(states "$job")" "$5"
	invariants "$name"
}

# --- run ------------------------------------------------------------------

raise_limit
# One page, but several packets on its way to the scheduler.
qpdf "$notice" --pages . 1 -- letter.pdf
install_wrapper

arm reference -y
job=$(start_job -n 2)
lab-wait
is "without a crash" "$(job_state "$job"): $(states "$job")" \
	"completed: printed printed"
invariants "without a crash"

# The worker asks its engines for a step by sendmsg, and waits with ppoll, first
# for its begin, then for its end: 1 the preparation, 2 to 6 what is painted and
# read, then stamp and verification of each copy that was not made ahead.
# openat, close and wait4 are no points: a warden comes to their numbers first.
send='"POST /printers/Office-device'
full dies "before the register is open" "" statfs . 1
full dies "while the document is prepared" "" ppoll . 2
full dies "while it is identified" "" ppoll . 4
full dies "before the issue is written" "" pwrite64 'register.db-journal' 1
full dies "before the issue's journal is on disk" "" fdatasync 'register.db-' 1
dies "before the issue's rows are on disk" "" fdatasync 'register.db>' 1
full dies "before the issue stands" "" unlink db-journal 1
dies "after the issue stands" "reserved reserved" fdatasync 'miyin>' 2
full dies "after the issue, before the stamp" "reserved reserved" sendmsg . 7
dies "while the copy is stamped" "reserved reserved" ppoll . 14
full dies "while the copy is verified" "reserved reserved" ppoll . 16
full dies "before the device job is created" "reserved reserved" sendto "$send" 2
full dies "after it is created, before the claim" "reserved reserved" \
	fdatasync 'register.db-' 3
full dies "before the claim's row is on disk" "reserved reserved" \
	fdatasync 'register.db>' 2
dies "before the claim stands" "reserved reserved" unlink db-journal 2
dies "after the claim, before a byte is sent" "sending reserved" sendto "$send" 3
dies "in the middle of sending" "sending reserved" sendto ', 65536' 2
full dies "before the end of the document is sent" "sending reserved" \
	sendto '"0.r.n.r.n"' 1
full dies "while it follows" "sending reserved" clock_nanosleep . 2
full dies "before the settlement is written" "sending reserved" \
	fdatasync 'register.db-' 5
dies "before the settlement stands" "sending reserved" unlink db-journal 3
dies "after the settlement stands" "printed reserved" fdatasync 'miyin>' 6
full dies "in the next copy" "printed reserved" pidfd_open . 1
full dies "at its end" "printed printed" fdatasync 'miyin>' 10
full power_cut "after the issue" fdatasync 'miyin>' 2 "printed printed"
full power_cut "while the copy is stamped" sendmsg . 7 "printed printed"
power_cut "before the claim stands" fdatasync 'register.db>' 2 "printed printed"
power_cut "after the claim" fdatasync 'miyin>' 4 "void printed"
power_cut "in the middle of sending" sendto ', 65536' 2 "void printed"
full power_cut "after the settlement" fdatasync 'miyin>' 6 "printed printed"
is "points that were hit" "$n_killed" "$n_points"
printf '%d points hit, %d papers read\n' "$n_killed" "$n_papers_read"
done_testing
