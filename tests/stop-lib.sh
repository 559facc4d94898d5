# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# For restart.sh and ends.sh, after lib.sh: moments are not met by luck;
# printer and stamper wait where they are told to.

stops=$MIYIN_LAB/stops
install -d -m 777 "$stops"

# A program that waits, at its n-th run since clear_stops, while
# $stops/NAME.N exists; $stops/NAME.N.met says that it does, and its process
# id. A backend keeps its URI as its name. A step can wait only where no warm
# engine forks it.
with_stops()
{
	local name=$1 program=$2 only=$3 uri=${4:-}
	mv "$program" "$program.$name"
	cat > "$program" <<-END
	#!/bin/bash
	[[ -z "$only" || \$1 != serve ]] || exit 1
	if [[ -z "$only" || \$1 = "$only" ]]; then
		exec 9> $stops/$name.lock
		flock 9
		echo >> $stops/$name.runs
		stop=$stops/$name.\$(grep -c '' $stops/$name.runs)
		exec 9>&-
		if [ -e "\$stop" ]; then
			echo \$\$ > "\$stop.met"
			while [ -e "\$stop" ]; do sleep 0.05; done
		fi
	fi
	exec ${uri:+-a "\$$uri"} $program.$name "\$@"
	END
	chmod --reference "$program.$name" "$program"
}

clear_stops() { rm -f "$stops"/*; }
stop_at() { : > "$stops/$1"; }
release() { rm -f "$stops/$1"; }

# wait_for COMMAND...: until it succeeds, 20 s
wait_for()
{
	for _ in $(seq $((400 * LAB_PATIENCE))); do
		"$@" && return
		sleep 0.05
	done
	return 1
}

# the state of the newest job on the device queue
device_state()
{
	local job
	job=$(LC_ALL=C lpstat -W all -o Office-device | tail -n 1)
	job_state "${job%% *}"
}
# the gate forgets its jobs there once their copies are settled
device_is_over() { [ -z "$(LC_ALL=C lpstat -o Office-device)" ]; }
device_is() { [ "$(device_state)" = "$1" ]; }
has_ended() { [[ $(job_state "$1") != @(pending|processing) ]]; }
# backend SCHEME: its process. Others have labs too: only our cupsd's children.
backend() { pgrep -P "$(cat "$MIYIN_LAB/labd.pid")" -f "^$1:"; }
no_gate_runs() { ! backend miyin > /dev/null; }
