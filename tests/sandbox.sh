#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real programs enter their sandbox, whatever test_sandbox.c proves of it:
#
#   tests/lab/run -- bash tests/sandbox.sh
#
# Each is looked at in /proc while it works on a document.
#
# shellcheck disable=SC2013,SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"

work=$MIYIN_LAB/sandbox
temp=$MIYIN_LAB/spool/tmp
filter=$MIYIN_LAB/lib/cups/filter
mkdir -p "$work"
chmod 755 "$work"
secret=geheim-$RANDOM$RANDOM

# --- documents that take a while ----------------------------------------------

{
	echo '%!PS'
	echo '/Helvetica findfont 20 scalefont setfont'
	echo '1 1 120 { 72 700 moveto 20 string cvs show showpage } for'
} > "$work/long.ps"
gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -o "$work/long.pdf" "$work/long.ps"
# More pages than a document may have.
seq -f '第 %g 行 of a text without an end.' 300000 > "$work/long.txt"
gs -q -dBATCH -dNOPAUSE -sDEVICE=png16m -r300 -dLastPage=1 \
	-o "$work/large.png" "$work/long.ps"
printf '%%!PS\n{ } loop\n' > "$work/endless.ps"
printf '%%!PS\n1 1 20000000 { pop } for\n9 9 moveto 99 99 lineto stroke showpage\n' \
	> "$work/slow.ps"

neibu="-o MiyinLevel=neibu"
number=0
send()	# send FILE: a document of its own
{
	number=$((number + 1))
	# shellcheck disable=SC2086
	submit Office "$1" $neibu -o MiyinDocument="sandbox-$$-$number"
}

# --- looking -------------------------------------------------------------------

# status_of PID: "NoNewPrivs Seccomp Uid", as "1 2 7"
status_of()
{
	awk '/^(NoNewPrivs|Seccomp|Uid):/ { v[$1] = $2 }
		END { print v["NoNewPrivs:"], v["Seccomp:"], v["Uid:"] }' \
		"/proc/$1/status" 2> /dev/null
}

# What of this lab runs now: "WHAT PID", the step for miyinmark and miyinread,
# and their own names where they wait for steps
steps='prepare|identity|appearance|read|glyphs|inspect|stamp|verify'
ours()
{
	local pid exe
	for pid in $(grep -slxE \
		"gs|pdftopdf|imagetopdf|miyinconvert|miyinmark|miyinread|$steps" \
		/proc/[0-9]*/comm | tr -dc '0-9\n'); do
		exe=$(readlink "/proc/$pid/exe")
		if [[ $exe == "$filter"/miyin@(mark|read) ]]; then
			echo "$(cat "/proc/$pid/comm") $pid"
		elif [ "$exe" = "$filter/miyinconvert" ]; then
			echo "miyinconvert $pid"
		elif grep -qsaF "MIYIN_CONF_DIR=$MIYIN_CONF_DIR" \
			"/proc/$pid/environ"; then
			echo "${exe##*/} $pid"
		fi
	done
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for()
{
	local deadline=$((SECONDS + $1 * LAB_PATIENCE))
	until "${@:2}"; do
		[ $SECONDS -lt $deadline ] || return
		sleep 0.02
	done
}

# --- every program ----------------------------------------------------------------

declare -A seen=()
programs=(appearance read inspect stamp verify gs pdftopdf imagetopdf)
all_seen()
{
	local what pid
	while read -r what pid; do
		[[ $(status_of "$pid") != "1 2 "* ]] || seen[$what]=1
	done < <(ours)
	for what in "${programs[@]}"; do
		[ -n "${seen[$what]:-}" ] || return
	done
}

# They are gone soon: the documents are sent again until each was seen.
deadline=$((SECONDS + 300 * LAB_PATIENCE))
until all_seen || [ $SECONDS -ge $deadline ]; do
	[ -z "$(lpstat -o 2> /dev/null)" ] || continue
	for file in long.pdf large.png long.ps; do
		send "$work/$file" > /dev/null
	done
done
for what in "${programs[@]}"; do
	ok "$what is in a sandbox at work" [ -n "${seen[$what]:-}" ]
done
cancel -a
lab-wait

# --- steps that a warm engine forks -----------------------------------------------

# numbers_of PID: its descriptors, but for fonts; miyinread has its words twice
numbers_of()
{
	find "/proc/$1/fd" -mindepth 1 ! -lname '/usr/*' -printf '%f\n' |
		sort -n | xargs
}
# hold STEP: stops it where it is in its sandbox; without a fork, for a step
# takes some hundredths of a second
hold()
{
	local comm dir what
	for comm in /proc/[0-9]*/comm; do
		{ read -r what < "$comm"; } 2> /dev/null || continue
		dir=${comm%/comm}
		[[ $what = "$1" && ($dir/exe -ef $filter/miyinmark ||
			$dir/exe -ef $filter/miyinread) ]] || continue
		held=${dir#/proc/}
		kill -STOP "$held" 2> /dev/null || continue
		[[ ! -e $dir/fd/0 || $(status_of "$held") != "1 2 "* ]] || return 0
		kill -CONT "$held" 2> /dev/null # not yet, or over
	done
	return 1
}
# hold_one STEP FILE: where it was over before it was seen, of the next job
hold_one()
{
	local deadline=$((SECONDS + 120 * LAB_PATIENCE)) round=0
	until hold "$1"; do
		[ $SECONDS -lt $deadline ] || return
		if [ $((round++ % 50)) = 0 ] && [ -z "$(lpstat -o)" ]; then
			send "$work/$2" > /dev/null
		fi
		sleep 0.002
	done
}
parent_of() { sed -n 's/^PPid:\t//p' "/proc/$1/status"; }
gone() { [ ! -e "/proc/$1" ]; }
# bare NAME PID: an engine that waits, with a step at work
bare()
{
	is "$1: it has one thread" "$(ls "/proc/$2/task")" "$2"
	is "$1: no document" \
		"$(find "/proc/$2/fd" -lname '*memfd:*'; grep memfd: "/proc/$2/maps")" \
		""
	is "$1: no rights to gain" "$(status_of "$2" | cut -d ' ' -f 1)" 1
	is "$1: its environment says nothing of the job" \
		"$(tr '\0' '\n' < "/proc/$2/environ" | cut -d = -f 1 | sort |
			xargs)" "HOME LANG OMP_THREAD_LIMIT PATH"
}
for step in appearance read inspect stamp verify; do
	if ! hold_one $step long.pdf; then
		fail "$step: is held"
		continue
	fi
	engine=$(parent_of "$held")
	like "$step: its engine waits for more" \
		"$(tr '\0' ' ' < "/proc/$engine/cmdline")" '^miyin(mark|read) serve $'
	like "$step: it has its five descriptors" "$(numbers_of "$held")" \
		'^0 1 2( 3)?( 4)?( 5)?$'
	is "$step: no socket" \
		"$(find "/proc/$held/fd" -lname 'socket:*' | wc -l)" 0
	like "$step: its time has an end" \
		"$(grep 'cpu time' "/proc/$held/limits")" ' 600 +605 '
	is_sanitized ||
		like "$step: its memory too" \
			"$(grep 'address space' "/proc/$held/limits")" \
			' [0-9]{10} +[0-9]{10} '
	bare "$step" "$engine"
	kill -CONT "$held"
	lab-wait
	ok "$step: its engine ends with the job" wait_for 20 gone "$engine"
done

# layout_of PID: where its program lies
layout_of() { head -n 1 "/proc/$1/maps" | cut -d - -f 1; }
ok "a step that draws is held" hold_one stamp long.pdf
layout=$(layout_of "$held")
is "it lies where its engine does" "$(layout_of "$(parent_of "$held")")" "$layout"
kill -CONT "$held"
ok "and one that judges" hold_one verify long.pdf
ok "verify has another engine than stamp, of another layout" \
	not test "$(layout_of "$held")" = "$layout"
kill -CONT "$held"
lab-wait

# Nothing is left of a worker, and a job does without engines.
served() { ours | grep -E '^(miyinmark|miyinread) ' | cut -d ' ' -f 2; }
all_served() { [ "$(served | wc -l)" = 3 ]; }
idle() { [ -z "$(ours)" ]; }
ok "a step is held" hold_one inspect long.pdf
worker=$(parent_of "$(served | head -n 1)")
kill -KILL "$worker"
ok "engines and steps go with the worker, even one that is stopped" \
	wait_for 10 idle
lab-wait
clear_paper
job=$(send "$work/slow.ps")
ok "engines warm up while the document is converted" wait_for 60 all_served
# shellcheck disable=SC2046
kill -KILL $(served)
lab-wait
is "killed before any step: the job" "$(job_state "$job")" completed
is "killed before any step: paper" "$(printed_count)" 1
is "killed before any step: its codes" \
	"$(lab-codes "$MIYIN_PAPER/001.pdf" | cut -f 1 | xargs)" "1 1"
clear_paper
seen_at_work() { ours | grep -qE '^(prepare|identity|appearance) '; }
job=$(send "$work/large.png")
ok "a page is read" wait_for 60 hold read # it takes a second
# Of those that wait now no step is at work.
ok "the other engines wait" wait_for 60 not seen_at_work
for pid in $(served); do
	[ "$pid" = "$(parent_of "$held")" ] ||
		kill -KILL "$pid"
done
kill -CONT "$held"
lab-wait
is "killed between two steps: the job" "$(job_state "$job")" completed
is "killed between two steps: paper" "$(printed_count)" 1
is "killed between two steps: its codes" \
	"$(lab-codes "$MIYIN_PAPER/001.pdf" | cut -f 1 | xargs)" "1 1"

# prepare is too quick for that; it is held at a pipe that is full.
mkfifo "$work/full"
exec 7<> "$work/full"
dd if=/dev/zero of="$work/full" bs=4096 count=64 oflag=nonblock 2> /dev/null
"$filter/miyinmark" prepare < "$work/long.pdf" > "$work/full" \
	3> "$work/sheets" 4> "$work/plain" &
prepare=$!
held() { [ "$(status_of "$prepare")" = "1 2 65534" ]; }
ok "prepare is in a sandbox, as nobody when root started it" wait_for 60 held
kill $prepare
wait $prepare 2> /dev/null

# --- a converter that is held at its work --------------------------------------------

wait_for 60 idle
endless_gs() { gs_pid=$(ours | sed -n 's/^gs //p'); [ -n "$gs_pid" ]; }
job=$(send "$work/endless.ps")
ok "Ghostscript is at work" wait_for 60 endless_gs
# Above 2100000000: nobody else's.
like "in a sandbox, in an account of the job's own" "$(status_of "$gs_pid")" \
	'^1 2 210[0-9]{7}$'
like "its time has an end" "$(grep 'cpu time' "/proc/$gs_pid/limits")" \
	' 600 +605 '
is_sanitized ||
	like "its memory too" "$(grep 'address space' "/proc/$gs_pid/limits")" \
		' 2147483648 +2147483648 '
is "its environment says nothing of the job" \
	"$(tr '\0' '\n' < "/proc/$gs_pid/environ" |
		grep -cE '^(AUTH_|DEVICE_URI|MIYIN_KEY|CUPS_JOBTYPE)')" 0
is "it has no socket" \
	"$(find "/proc/$gs_pid/fd" -lname 'socket:*' | wc -l)" 0
ok "its files lie in a folder of its own" \
	test -n "$(find "$temp" -mindepth 3 -maxdepth 3 -name 'miyin-*' -type d)"
cancel "$job"
no_folder() { [ -z "$(find "$temp" -maxdepth 1 -name 'miyin-*')" ]; }
ok "which goes when the job is canceled" wait_for 60 no_folder
lab-wait

# --- what converts, by hand ----------------------------------------------------------------------

bin=/usr/lib/cups job_number=1
collect()	# collect TYPE FILE: as lp; in a subshell
{
	exec setpriv --reuid=lp --regid=lp --clear-groups \
		env -i PATH=/usr/bin:/bin TMPDIR="$temp" LANG=C \
		CUPS_SERVERBIN="$bin" MIYIN_CONF_DIR="$MIYIN_CONF_DIR" \
		CONTENT_TYPE="$1" AUTH_PASSWORD="$secret" \
		"$filter/miyinconvert" "$job_number" user title 1 '' \
		< "$2" 2> /dev/null
}

# It waits for its document at a pipe that nobody writes to.
mkfifo "$work/document"
exec 8<> "$work/document"
collect application/pdf "$work/document" > /dev/null 9> "$work/ninth" &
collector=$!
waiting()
{
	[ "$(cat "/proc/$collector/comm" 2> /dev/null)" = miyinconvert ]
}
closed()
{
	[ ! -e "/proc/$collector/fd/9" ] && [ ! -e "/proc/$collector/fd/8" ]
}
ok "the converter waits" wait_for 60 waiting
ok "it closed what is not its own" wait_for 60 closed
# Before it has a document; its libraries differ from release to release.
empty_kb=$(sed -n 's/^VmPeak:[^0-9]*\([0-9]*\).*/\1/p' \
	"/proc/$collector/status")
is "nobody reads the user's password in it" \
	"$(grep -caF "$secret" "/proc/$collector/environ")" 0
kill $collector
wait $collector 2> /dev/null

reason() { LC_ALL=C sed -n 's/.*reason=//p'; }
is "a document without an end is refused as too large" \
	"$(ulimit -S -t 2; collect application/postscript "$work/endless.ps" |
		reason)" too-large
is "and so is one that fills the disk" \
	"$(ulimit -S -f 8192; collect image/png "$work/large.png" | reason)" \
	too-large
(collect text/plain "$work/long.txt") > /dev/null &
# A child of the converter that it is not itself.
text_seen()
{
	local pid
	for pid in $(ours | sed -n 's/^miyinconvert //p'); do
		[ "$(status_of "$pid")" != "1 2 7" ] || return 0
	done
	return 1
}
ok "what sets a text is in a sandbox at work" wait_for 60 text_seen
kill $!
wait $! 2> /dev/null
ok "no file is left of either" wait_for 60 no_folder
# shellcheck disable=SC2046
qpdf --empty --pages $(yes "$work/long.pdf" | head -n 60) -- "$work/longer.pdf"
is_sanitized ||
	is "and so is one that needs more memory than there is" \
		"$(ulimit -S -v $((empty_kb + 4000))
		collect application/pdf "$work/longer.pdf" | reason)" \
		too-large

# A filter that calls it a success, or damage, when its Ghostscript is killed.
mkdir -p "$work/odd/filter"
ln -s /usr/bin/perl "$work/odd/filter/gstopdf"
odd()	# odd PERL FILE
{
	bin=$work/odd job_number="-e$1"
	collect application/postscript "$2"
}
printf '%%!PS\n1 pop\n' > "$work/nopage.ps"
printf '%%!PS\nshowpage )\n' > "$work/wrong.ps"
is "PostScript without a page" "$(odd exit "$work/nopage.ps" | reason)" no-pages
is "PostScript whose pages were lost is the server's fault" \
	"$(odd exit "$work/long.ps" | reason)" server
is "and so is one that failed without a reason" \
	"$(odd 'exit 1' "$work/long.ps" | reason)" server
is "but not one that is wrong" "$(odd 'exit 1' "$work/wrong.ps" | reason)" damaged

# A converter that waits for another program, which sleeps. Only programs of
# the system run in there, so it is Perl, with the job's number for its words.
mkdir -p "$work/bin/filter"
ln -s /usr/bin/perl "$work/bin/filter/pdftopdf"
sleeper()
{
	bin=$work/bin job_number='-esystem qw(sleep 900)'
	collect "$@"
}
# Processes whose temporary files are a converter's
converters() { grep -lsaF "TMPDIR=$temp/miyin-" /proc/[0-9]*/environ; }
no_converter() { [ -z "$(converters)" ]; }
both_asleep() { [ "$(converters | wc -l)" = 2 ]; }
is "a converter that sleeps is woken by the clock: too large" \
	"$(ulimit -S -t 1; sleeper application/pdf "$work/long.pdf" | reason)" \
	too-large
ok "nothing is left of it" no_folder
ok "nor of the program that it waited for" no_converter
sleeper application/pdf "$work/long.pdf" > /dev/null &
collector=$!
ok "a converter and its program are at work" wait_for 60 both_asleep
kill -KILL $collector
wait $collector 2> /dev/null
ok "they go when the collector is killed" wait_for 60 no_converter
ok "and so do their files" wait_for 60 no_folder

# --- trace -------------------------------------------------------------------------------

miyin trace "$work/long.pdf" > /dev/null &
trace=$!
reader_held()
{
	local child
	for child in $(cat "/proc/$trace"/task/*/children 2> /dev/null); do
		[[ $(status_of "$child") != "1 2 "* ]] || return 0
	done
	return 1
}
ok "who reads a scan is in a sandbox" wait_for 120 reader_held
kill $trace 2> /dev/null
wait $trace 2> /dev/null

# --- a kernel without Landlock ------------------------------------------------------------

set_landlock()
{
	sed -i "s/^landlock = .*/landlock = $1/" "$MIYIN_CONF_DIR/miyin.conf"
}
code=GEF3-5KQ6-02VB
set_landlock required
like "trace does without it only if told so" \
	"$(LANG=C nolandlock miyin trace $code 2>&1)" \
	'^miyin: This kernel has no Landlock; boot with'
like "doctor calls it a hole" "$(LANG=C nolandlock miyin doctor)" \
	'This kernel has no Landlock; boot with'
nolandlock lab-restart
like "nothing is printed" "$(print Office "$work/large.png" \
	-o MiyinLevel=neibu -o MiyinDocument=none)" 'not set up rightly'
ok "and the log says why" grep -q '^W .*no Landlock; boot with' \
	"$MIYIN_LAB/log/error_log"
set_landlock preferred
clear_paper
like "unless it is only preferred" "$(print Office "$work/large.png" \
	-o MiyinLevel=neibu -o MiyinDocument=none)" '^completed'
is "which gives a paper" "$(printed_count)" 1
ok "and a line in the log" grep -q '^W .*no Landlock, so documents are' \
	"$MIYIN_LAB/log/error_log"
like "doctor tells it" "$(LANG=C nolandlock miyin doctor 2>&1)" \
	'no Landlock, so documents are read.*No way around'
nolandlock miyin doctor > /dev/null 2>&1
is "but it is no hole" $? 0
like "trace tells it too" "$(LANG=C nolandlock miyin trace $code 2>&1)" \
	'^miyin: This kernel has no Landlock, so documents.*Unknown'

# --- a server that may not take the network from a driver ---------------------------------

bound() { setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$@"; }
bound lab-restart
set_landlock required
clear_paper
like "doctor calls drivers with the network a hole" \
	"$(LANG=C bound miyin doctor)" 'may not take the network from the drivers'
is_sent()
{
	print Office "$work/large.png" -o MiyinLevel=neibu \
		-o MiyinDocument=network > /dev/null
	[ "$(printed_count)" = 1 ]
}
ok "nothing goes to a device there" not is_sent
ok "and the log says why it does not" grep -q \
	'Not sent to the device: this server cannot take the network' \
	"$MIYIN_LAB/log/error_log"
set_landlock preferred
ok "unless it is told to go on" is_sent
ok "which warns in the log" grep -q '^W .*so they have it; give its sched' \
	"$MIYIN_LAB/log/error_log"
LANG=C bound miyin doctor > "$work/doctor" 2>&1
is "and with doctor it is no hole" $? 0
ok "but a line" grep -q 'so they have it; give its scheduler' "$work/doctor"
lab-restart

done_testing
