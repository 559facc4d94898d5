#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make soak: for SOAK_S seconds (default 600) people print, cancel and make
# mistakes, and the scheduler restarts. Then register and paper must agree,
# and nothing of ours may be left over:
#
#   tests/lab/run -- bash tests/soak.sh
#
# SOAK_SEED repeats the choices of a run, though not its moments.
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/crash-lib.sh
. "$(dirname "$0")/crash-lib.sh"
notice=$(realpath "${MIYIN_BUILD:-build}/samples/notice.pdf")
cd "$MIYIN_LAB/home" || exit 1

seed=${SOAK_SEED:-$$}
RANDOM=$seed
limit=999 n_jobs=0 n_canceled=0 n_restarts=0
job=

# one of its arguments
one_of() { shift $((RANDOM % $#)); printf '%s\n' "$1"; }

open_jobs() { LC_ALL=C lpstat -W not-completed -o Office 2>/dev/null | wc -l; }

start_job()
{
	local copies=$((RANDOM % 4 + 1)) options
	read -r -a options < <(one_of "" "-o number-up=2" "-o page-ranges=1" \
		"-o sides=two-sided-long-edge" "-o outputorder=reverse" \
		"-o MiyinPeriod=1年" "-o MiyinHolders=张三" \
		"-o MiyinHolders=张三,李四" "-o MiyinLevel=nothing" \
		"-o number-up=16" "-o booklet=true")
	job=$(SUBMIT_AS=nobody submit Office \
		"$(one_of letter.pdf letter.pdf page.txt notice.pdf)" \
		-n $copies -o MiyinLevel=neibu \
		-o MiyinDocument="S$((n_jobs / 100))" "${options[@]}") &&
		n_jobs=$((n_jobs + 1))
}

restart()
{
	lab-restart "$@"
	n_restarts=$((n_restarts + 1))
}

step()
{
	case $((RANDOM % 60)) in
	0) restart ;;
	1) restart -9 ;;
	2 | 3 | 4 | 5) [ -z "$job" ] || ! cancel "$job" 2> /dev/null ||
		n_canceled=$((n_canceled + 1)) ;;
	*) [ "$(open_jobs)" -ge 3 ] || start_job ;;
	esac
	sleep 0.$((RANDOM % 10))
}

# What a crash stopped, somebody cancels; the next job clears away the rest.
settle()
{
	lab-wait 60 2> /dev/null || cancel -a Office 2> /dev/null
	SUBMIT_AS=nobody submit Office letter.pdf -o MiyinLevel=neibu > /dev/null
	ok "$1: all jobs come to an end" lab-wait 120
}

# Programs of ours that still run, by what they are.
left_over()
{
	local process program
	for process in /proc/[0-9]*; do
		program=$(readlink "$process/exe") || continue
		[[ $program != "$MIYIN_LAB"/lib/cups/*miyin* ]] ||
			printf '%s ' "${program##*/}"
	done
}

raise_limit
cp "$notice" notice.pdf
qpdf notice.pdf --pages . 1 -- letter.pdf
echo "a page of text" > page.txt
end=$((SECONDS + ${SOAK_S:-600})) next=$((SECONDS + 60))
while [ $SECONDS -lt $end ]; do
	step
	[ $SECONDS -lt $next ] || {
		settle "after $n_jobs jobs"
		invariants "after $n_jobs jobs"
		next=$((SECONDS + 60))
	}
done
settle "at the end"
invariants "at the end"
ok "jobs were printed" [ ${#paper_copy[@]} -gt 0 ]
is "no program is left over" "$(left_over)" ""
is "none beside the register" "$(ls "$MIYIN_LAB/var/miyin")" \
	"$(printf 'first-key\nhead-key\njobs.lock\nkeys\nlast-event\nprotected\nprotected.lock\nregister.db\nseal-key')"
is "nor what a converter wrote" \
	"$(find "$MIYIN_LAB/spool/tmp" -maxdepth 1 -name 'miyin-*')" ""
# The device queue's filters, when killed while they copy, leave theirs.
n_files=$(find "$MIYIN_LAB/spool/tmp" -type f | wc -l)
printf 'seed %d: %d jobs, %d canceled, %d restarts, %d papers read, %d files in the spool\n' \
	"$seed" "$n_jobs" "$n_canceled" "$n_restarts" "$n_papers_read" \
	"$n_files"
done_testing
