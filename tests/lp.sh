#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What somebody can do who runs code as lp, the user of all CUPS filters, while
# the document of another user is at work:
#
#   LAB_ONLY="Office Pcl" tests/lab/run -- bash tests/lp.sh
#
# shellcheck disable=SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
filter=$MIYIN_LAB/lib/cups/filter
work=$MIYIN_LAB/lp
mkdir -m 755 "$work"

wait_for()	# wait_for COMMAND...: until it succeeds
{
	local deadline=$((SECONDS + 60 * LAB_PATIENCE))
	until "${@:1}"; do
		[ $SECONDS -lt $deadline ] || return
		sleep 0.05
	done
}

# What lp gets of a process: a word for each way in that is open.
cat > "$work/reach.pl" <<'END'
my ($pid) = @ARGV;
my @open;
push @open, "trace" if syscall(101, 16, $pid + 0, 0, 0) == 0;
push @open, "memory" if sysopen(my $memory, "/proc/$pid/mem", 2);
push @open, "files" if opendir(my $files, "/proc/$pid/fd");
push @open, "environment" if open(WORDS, "<", "/proc/$pid/environ") &&
	defined sysread(WORDS, my $bytes, 1);
push @open, "signal" if kill 0, $pid;
print "@open\n";
END
reach() { runuser -u lp -- perl "$work/reach.pl" "$1"; }

setpriv --reuid=lp --regid=lp --clear-groups sleep 900 &
sleeper=$!
own() { [ "$(cat /proc/$sleeper/comm)" = sleep ]; }
wait_for own
is "a process of lp like any other is open to lp" "$(reach $sleeper)" \
	"trace memory files environment signal"
kill $sleeper

# --- a document at work -------------------------------------------------------

printf '%%!PS\n{ } loop\n' > "$work/endless.ps"
job=$(SUBMIT_AS=nobody submit Office "$work/endless.ps" -o MiyinLevel=neibu)
# Whoever works on this server's jobs, under an account of theirs.
of_job()
{
	local pid uid
	ps -eo pid=,uid= | while read -r pid uid; do
		[ "$uid" -ge 2100000000 ] &&
			grep -qaF "$MIYIN_LAB" "/proc/$pid/environ" 2> /dev/null &&
			echo "$pid"
	done
}
# "PROGRAM PID" of the gate's processes, those of the job's account too
at_work()
{
	local pid exe
	for pid in $(pgrep -f '^miyin:/'; pgrep -x miyinconvert; of_job); do
		exe=$(readlink "/proc/$pid/exe")
		[[ $exe != "$MIYIN_LAB"/* && $(ps -o uid= -p "$pid") -lt \
			2100000000 ]] || echo "${exe##*/} $pid"
	done | sort -u
}
ghostscript() { at_work | grep -q '^gs '; }
ok "Ghostscript works on it" wait_for ghostscript
at_work > "$work/list"
for program in miyin miyinconvert gs; do
	ok "$program is there to be reached" grep -q "^$program " "$work/list"
done
opened=
while read -r program pid; do
	opened=$opened$(reach "$pid" | sed "s/./$program &/")
done < <(cat "$work/list")
is "lp reaches none of them" "${opened:-}" ""
is "none of them is lp's" "$(while read -r _ pid; do
	ps -o user= -p "$pid"; done < "$work/list" | grep -cx lp)" 0
file=$(find "$MIYIN_LAB/spool" -maxdepth 1 -name "d*-001" | tail -n 1)
ok "lp cannot write the job's file" \
	not runuser -u lp -- sh -c ": >> '$file'" 2> /dev/null
ok "that lp can read it is a limit that the manual names" \
	runuser -u lp -- test -r "$file"
cancel "$job"
lab-wait
gone() { [ -z "$(of_job)" ]; }
ok "nothing of the job's account is left" wait_for gone
is "nor of its folder" "$(find "$MIYIN_LAB/spool/tmp" -name 'miyin-*')" ""

# --- the driver of a printer ------------------------------------------------------

# "PROGRAM PID" of what works in the driver's room, once it is held there
room=
hold_driver()
{
	local pid
	for pid in $(of_job); do
		room=$(tr '\0' '\n' < "/proc/$pid/environ" 2> /dev/null |
			sed -n 's,^TMPDIR=\(/.*/miyin-room-.*\),\1,p')
		[ -n "$room" ] && kill -STOP "$pid" && return
	done
	return 1
}
in_room()
{
	local pid
	for pid in $(of_job); do
		grep -qaF "TMPDIR=$room" "/proc/$pid/environ" 2> /dev/null &&
			echo "$(cat "/proc/$pid/comm") $pid"
	done
}
# Long enough that its driver is met.
notice=$(realpath "${MIYIN_BUILD:-build}/samples/notice.pdf")
qpdf --empty --pages "$notice" "$notice" "$notice" "$notice" -- "$work/drive.pdf"
# A folder that looks like a room which nobody keeps any more.
decoy=/dev/shm/miyin-room-lp$$
runuser -u lp -- mkdir -m 777 "$decoy"
runuser -u lp -- touch "$decoy/file"
job=$(SUBMIT_AS=nobody submit Pcl "$work/drive.pdf" -o MiyinLevel=neibu)
ok "the driver works on the copy" wait_for hold_driver
in_room > "$work/list"
ok "there are programs in its room to be reached" [ -s "$work/list" ]
opened=
while read -r program pid; do
	opened=$opened$(reach "$pid" | sed "s/./$program &/")
done < <(cat "$work/list")
is "lp reaches none of the driver's room" "$opened" ""
ok "the room has a folder" [ -d "$room" ]
ok "nor the folder of the room" \
	not runuser -u lp -- sh -c "ls '$room' > /dev/null 2>&1"
in_room | while read -r _ pid; do kill -CONT "$pid"; done
lab-wait
is "the copy is printed all the same" "$(job_state "$job")" completed
ok "a folder of lp's beside the rooms is not touched" [ -e "$decoy/file" ]
rm -rf "$decoy"
ok "the folder of the room is gone" [ ! -e "${room%/*}" ]

# Above a room's own processes are its first one and its keeper, both root's.
keeper_of()
{
	local pid=$1
	while [ "$(ps -o user= -p "$pid")" != root ]; do
		pid=$(($(ps -o ppid= -p "$pid")))
	done
	echo $(($(ps -o ppid= -p "$pid")))
}
room=
job=$(SUBMIT_AS=nobody submit Pcl "$work/drive.pdf" -o MiyinLevel=neibu)
ok "a driver works again" wait_for hold_driver
keeper=$(keeper_of "$(in_room | sed -n '1s/.* //p')")
is "its room has a keeper, who is root" "$(ps -o user= -p "$keeper")" root
kill -KILL "$keeper"
gone() { [ -z "$(in_room)" ]; }
ok "when that one is killed nothing of the room works on" wait_for gone
lab-wait
left=$room
print Pcl "$work/drive.pdf" -o MiyinLevel=neibu > /dev/null
ok "and the next room finds its folder and removes it" [ ! -e "${left%/*}" ]

# --- the collector --------------------------------------------------------------

mkfifo "$work/document"
exec 8<> "$work/document"
setpriv --reuid=lp --regid=lp --clear-groups "$filter/miyincollect" 1 u t 1 "" \
	< "$work/document" > /dev/null 8>&- &
collector=$!
started() { [ "$(cat "/proc/$collector/comm")" = miyincollect ]; }
wait_for started
sleep 0.5
is "the collector can be ended by lp, and nothing else" \
	"$(reach $collector)" signal
kill $collector

# --- the hash of what was sent --------------------------------------------------

qrencode -o "$work/page.png" -s 8 "LP"
print Office "$work/page.png" -o MiyinLevel=neibu -o MiyinDocument=lp-hash \
	> /dev/null
is "the register has the hash of the file as it was sent" \
	"$(sqlite3 -readonly "$MIYIN_LAB/var/miyin/register.db" \
		"SELECT content_hash FROM jobs
		ORDER BY rowid DESC LIMIT 1")" \
	"$(sha256sum < "$work/page.png" | cut -d' ' -f1)"

done_testing
