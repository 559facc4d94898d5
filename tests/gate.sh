#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Ways around the marks, each tried by somebody who may print:
#
#   tests/lab/run -- bash tests/gate.sh
#
# What comes out on any printer bears its codes on every page, and the
# register has it; or nothing comes out.
#
# shellcheck disable=SC2013,SC2086,SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
neibu='-o MiyinLevel=neibu'
pdf=application/pdf
raw=application/vnd.cups-raw
bin=$MIYIN_LAB/lib/cups
# shellcheck disable=SC2046
cc -D_GNU_SOURCE -o "$MIYIN_LAB/bin/gate-send" "$here/gate-send.c" \
	$(cups-config --cflags --libs) || exit 1

# --- what is looked at ----------------------------------------------------

# A job that hangs is a failure, and must not stand in the way of the rest.
lab-wait()
{
	local job
	command lab-wait "${1:-30}" && return
	fail "all jobs end"
	LC_ALL=C lpstat -W not-completed -o | while read -r job _; do
		cancel "$job"
	done
}

papers() { echo "$MIYIN_LAB"/paper{,-pcl,-ps}/[0-9]*.{pdf,pcl,ps}; }
shopt -s nullglob

# What is wrong with the papers: nothing when each page of each has our codes.
unmarked()
{
	local paper page n codes
	# shellcheck disable=SC2046
	for paper in $(papers); do
		codes=$(lab-codes "$paper" 2>&1)
		case $paper in
		*.pdf) n=$(pages_of "$paper") ;;
		*)     n=$(cut -f1 <<< "$codes" | sort -n | tail -1) ;;
		esac
		for ((page = 1; page <= n; page++)); do
			grep -qE "^$page	M[0-9A-Z]{34}$" <<< "$codes" ||
				echo "${paper##*/}: page $page: no code"
		done
		[ "${n:-0}" -gt 0 ] || echo "${paper##*/}: no code at all"
	done
}

seen=0
# comes_out NAME N: N papers, marked, and as many copies in the register
comes_out()
{
	local list
	# shellcheck disable=SC2046
	set -- "$1" "$2" $(papers)
	is "$1: papers" "$(($# - 2))" "$2"
	is "$1: marked" "$(unmarked)" ""
	list=$(miyin log --json | grep -c '"event":"printed"')
	is "$1: copies in the register" $((list - seen)) "$2"
	seen=$list
	clear_paper
}
nothing() { comes_out "$1" 0; }

# refusals JOB: the reasons of the register's refusals of a job
refusals()
{
	miyin log --json --result refused | grep "\"job_id\":${1##*-}," |
		sed 's/.*"reason":"\([^"]*\)".*/\1/'
}
detail_of()
{
	miyin log --json --result refused | jq -r --argjson job "${1##*-}" \
		'.[] | select(.job_id == $job) | .detail'
}
# refused NAME JOB REASON: so the register says, once, the user reads the same,
# and nothing comes out
refused()
{
	is "$1: refused" "$(refusals "$2")" "$3"
	# What stands in brackets at its end is for officers.
	is "$1: the user reads why" "$(job_message "$2")" \
		"$(detail_of "$2" | sed 's/ \[[^]]*]$//')"
	nothing "$1"
}

# denied NAME COMMAND...: the print server or the system says no
denied()
{
	local answer
	if answer=$("${@:2}" 2>&1); then
		fail "$1" "it was allowed: $answer"
		lab-wait
	else
		pass "$1"
	fi
}
user_of()
{
	miyin log --json | grep "\"job_id\":$1," |
		sed 's/.*"user":"\([^"]*\)".*/\1/' | sort -u
}

# --- documents ------------------------------------------------------------

# document NAME: NAME.pdf of a page, whose content no other document has
document()
{
	make_qr page.png "GATE $1"
	/usr/lib/cups/filter/imagetopdf 1 u t 1 PageSize=A4 page.png \
		> "$1.pdf" 2> /dev/null
	chmod 644 "$1.pdf"
}
document one
qpdf --empty --pages one.pdf 1,1 -- two.pdf
qpdf --empty --pages one.pdf 1,1,1 -- three.pdf
printf '\033E unmarked \033E' > pcl.bin
# Users reach files of this folder.
chmod 755 . && chmod 644 ./*
next() { echo $(($(LC_ALL=C lpstat -W all -o | sed 's/ .*//;s/.*-//' | sort -n | tail -1) + 1)); }

# be32 NUMBER, be64 NUMBER: big-endian bytes
be32() { perl -e 'print pack("N", $ARGV[0])' "$1"; }
be64() { perl -e 'print pack("Q>", $ARGV[0])' "$1"; }
# frame TYPE HEADER FILE: a record as miyincollect writes it
frame()
{
	{
		printf 'MYF2%s' "$1"
		be32 "$(printf '%b' "$2" | wc -c)"
		be64 "$(stat -c %s "$3")"
		be64 0
		printf '%b' "$2"
		cat "$3"
	} > record
	cat record
	sha256sum record | perl -ne 'print pack("H64", $_)'
}
forge()
{
	: > empty
	frame DOCU "version=1\njob=$1\ntitle=x\ncontent-hash=$(printf '0%.0s' {1..64})\ncopies=1\nlevel=neibu\nmedia=iso_a4_210x297mm\npage-size=A4\nsides=one-sided\n" one.pdf
	frame TRLR "job=$1\n" empty
}

# --- several documents in a job -------------------------------------------

send() { as nobody gate-send "$@"; }
attribute=(-s MiyinLevel=neibu)
job=$(send "${attribute[@]}" Office $pdf two.pdf $raw pcl.bin)
lab-wait
refused "a PDF, then raw data" "$job" raw-data
job=$(send "${attribute[@]}" Office $raw pcl.bin $pdf two.pdf)
lab-wait
refused "raw data, then a PDF" "$job" raw-data
forge $((job + 1)) > forged.bin
chmod 644 ./*
job=$(send "${attribute[@]}" Pcl $pdf two.pdf $raw forged.bin)
lab-wait
refused "a PDF, then a forged stream" "$job" raw-data
job=$(send "${attribute[@]}" Office $pdf one.pdf $pdf two.pdf)
lab-wait
comes_out "two PDFs" 2
titles_of()
{
	miyin log --json | jq -r --argjson job "${1##*-}" '[.[] | select(.job_id
		== $job and (.event == "issue" or .event == "refuse")) |
		.title] | sort | join("; ")'
}
like "without names of their own they are numbered" "$(titles_of "$job")" \
	'^[^;]* \(1/2\); [^;]* \(2/2\)$'
cp one.pdf "局字 'one'.pdf"
# lp_files OPTIONS...: the job
lp_files()
{
	local answer
	answer=$(LC_ALL=C lp -d Office -o MiyinLevel=neibu "$@")
	lab-wait
	answer=${answer#*request id is }
	echo "${answer%% *}"
}
job=$(lp_files "局字 'one'.pdf" two.pdf)
comes_out "two files of lp" 2
is "each has its own title" "$(titles_of "$job")" "two.pdf; 局字 'one'.pdf"
job=$(lp_files -t 会议 one.pdf two.pdf)
comes_out "two files with a title" 2
is "each has it, and its own" "$(titles_of "$job")" \
	"会议 (one.pdf); 会议 (two.pdf)"
job=$(lp_files -t 会议 one.pdf)
comes_out "one file with a title" 1
is "it has the title" "$(titles_of "$job")" 会议
job=$(lp_files one.pdf pcl.bin)
refused "two files, the second of which is none" "$job" raw-data
is "the refusal names the second" "$(titles_of "$job")" pcl.bin
gs -q -sDEVICE=pdfwrite -o says.pdf -c '/Helvetica findfont 20 scalefont setfont
	72 770 moveto (TOP SECRET) show showpage'
job=$(lp_files three.pdf says.pdf)
refused "two files, the second of which says more" "$job" declared
is "the refusal has the second's title, level and pages" \
	"$(miyin log --json | jq -r ".[] | select(.job_id == ${job##*-} and
		.event == \"refuse\") | \"\(.title) \(.level) \(.pages)\"")" \
	"says.pdf neibu 1"
job=$(send -s MiyinLevel=jimi -s MiyinDocument=twice -i copies=2 Office \
	$pdf three.pdf $pdf three.pdf)
lab-wait
refused "a document twice in a job, over its limit" "$job" over-limit
is "and its copies are void" \
	"$(miyin copies twice --json 2>&1 | grep -c '"state":"void"')" 2

# --- what users see of the device queue -----------------------------------------

job=$(submit Office one.pdf -o MiyinLevel=neibu -n 2)
lab-wait
comes_out "two copies" 2
listed() { as nobody env LC_ALL=C lpstat -W "$1" -o | grep -c -e '-device-'; }
is "nobody sees jobs of the device queue" "$(listed completed)" 0
is "nor while nothing is printed" "$(listed not-completed)" 0
ok "the job itself is in the list" \
	grep -q "^$job " <(LC_ALL=C lpstat -W completed -o)

# --- forged streams -------------------------------------------------------

forge "$(next)" > forged.bin
job=$(send "${attribute[@]}" Office $raw forged.bin)
lab-wait
refused "a forged stream as $raw" "$job" raw-data
# It holds a PDF, and that is what is printed, marked.
for format in $pdf application/octet-stream; do
	forge "$(next)" > forged.bin
	job=$(send "${attribute[@]}" Office $format forged.bin)
	lab-wait
	comes_out "a forged stream as $format" 1
done
printf '\033%%-12345X@PJL SET COPIES=7\n@PJL ENTER LANGUAGE=PDF\n' |
	cat - one.pdf > copies.pdf
chmod 644 copies.pdf
job=$(send "${attribute[@]}" Office $raw copies.pdf)
lab-wait
refused "a PDF behind PJL that asks for 7 copies" "$job" raw-data
job=$(send "${attribute[@]}" Office $pdf copies.pdf)
lab-wait
like "the same as PDF: the printer's copies" \
	"$(paper_env 001 IPP_COPIES)" '^1?$'
comes_out "the same as PDF" 1
denied "the gate's own type is none to send" \
	send "${attribute[@]}" Office application/vnd.miyin forged.bin
nothing "the gate's own type"

# --- who prints -----------------------------------------------------------

denied "lp -U root by nobody" \
	as nobody lp -U root -d Office $neibu one.pdf
job=$(send -r root "${attribute[@]}" -s AUTH_UID=0 -s AUTH_USERNAME=root \
	-s auth-info=root Office $pdf one.pdf)
lab-wait
is "a lie about the name is not believed" "$(user_of "$job")" nobody
comes_out "a lie about the name" 1

denied "nobody with the environment of root" \
	as nobody env USER=root LOGNAME=root CUPS_USER=root \
	lp -d Office $neibu one.pdf

for user in nobody root daemon; do
	for queue in Office-device Pcl-device; do
		# The service user may; its job has no copy in the register.
		as $user lp -d $queue one.pdf > log 2>&1
		as $user lp -d $queue -o raw pcl.bin >> log 2>&1
	done
	lab-wait
	nothing "straight to the device queue by $user"
done

# --- jobs that exist ------------------------------------------------------

pcl_port=$(LC_ALL=C lpstat -v Pcl-device | sed 's/.*:\([0-9]*\)\/.*/\1/')
lpadmin -p Plain -v "socket://127.0.0.1:$pcl_port/?snmp=false" \
	-m drv:///sample.drv/generpcl.ppd -E 2> /dev/null
submit Plain one.pdf > log
lab-wait
like "a stock queue prints unmarked, and the test sees it" "$(unmarked)" \
	'^001.pcl: no code|^001.pcl: page 1: no code'
clear_paper
held=$(as nobody lp -d Office $neibu -H hold one.pdf | sed 's/.*Office-\([0-9]*\).*/\1/')
for queue in Plain Pcl Pcl-device; do
	for user in nobody root; do
		denied "$user moves a held job to $queue" \
			as $user lpmove "Office-$held" $queue
	done
done
# This one has no job to complain of, and says nothing.
lpmove Office Plain > log 2>&1
like "root moves all jobs to Plain" "$(LC_ALL=C lpstat -o)" "^Office-$held "
for user in nobody root; do
	denied "$user changes the copies of a held job" \
		as $user lp -i "$held" -n 9
	denied "$user changes the level of a held job" \
		as $user lp -i "$held" -o MiyinLevel=mimi
	as $user gate-send -x get "$held" > stolen 2> /dev/null
	is "$user gets a held document" "$(wc -c < stolen)" 0
done
is "the job is where it was" "$(job_state "$held")" held
as nobody gate-send -x release "$held" || fail "release"
lab-wait
comes_out "the held job, released" 1
for user in nobody root; do
	for operation in restart reprocess resubmit; do
		denied "$user: $operation of a finished job" \
			as $user gate-send -x $operation "$held"
	done
	denied "$user: lp -H restart" as $user lp -i "$held" -H restart
	as $user gate-send -x get "$held" > stolen 2> /dev/null
	is "$user gets a finished document" "$(wc -c < stolen)" 0
	denied "$user: Print-URI" as $user gate-send -x print-uri Office \
		"file://$MIYIN_LAB/home/one.pdf"
done
lab-wait
nothing "operations on finished jobs"
as nobody lpadmin -p Office -v socket://127.0.0.1:9 > log 2>&1 < /dev/null
like "nobody changes the queue" "$(LC_ALL=C lpstat -v Office)" ' miyin:/'

# --- around the queue -----------------------------------------------------

for queue in Office Office-device; do
	lpadmin -p $queue -c Klasse
	cupsenable Klasse && cupsaccept Klasse
	for user in nobody root; do
		as $user lp -d Klasse $neibu one.pdf > log 2>&1
		as $user lp -d Klasse -o raw pcl.bin >> log 2>&1
		lab-wait
		nothing "a class with $queue, by $user"
	done
	lpadmin -x Klasse
done
lpadmin -x Plain

cp "$CUPS_SERVERROOT/ppd/Pcl.ppd" gate.ppd
lpadmin -p Pcl -m raw 2> /dev/null
job=$(as nobody lp -d Pcl $neibu one.pdf | sed 's/.*Pcl-\([0-9]*\).*/\1/')
lab-wait
refused "a queue whose PPD was lost" "$job" raw-data
lpadmin -p Pcl -P "$MIYIN_LAB/home/gate.ppd" 2> /dev/null

# --- the programs by hand -------------------------------------------------

# by_hand USER PROGRAM: as cupsd would start it, with a forged stream
by_hand()
{
	forge 1 | runuser -u "$1" -- env -i PATH=/usr/bin PRINTER=Office \
		DEVICE_URI="$3" AUTH_USERNAME=root AUTH_UID=0 \
		MIYIN_CONF_DIR="$MIYIN_CONF_DIR" CUPS_SERVER="$CUPS_SERVER" \
		CUPS_SERVERBIN="$bin" "$2" 1 root t 1 "" 2> log
	status=$?
}
gate_uri=$(LC_ALL=C lpstat -v Office | sed 's/^[^:]*: //')
device_uri=$(LC_ALL=C lpstat -v Office-device | sed 's/^[^:]*: //')
cp "$bin/backend/miyin" "$bin/backend/miyindevice" .
chmod 755 miyin miyindevice
for user in nobody lp; do
	by_hand $user "$bin/backend/miyin" "$gate_uri"
	is "the backend by hand by $user" "$status" 126
	by_hand $user "$bin/backend/miyindevice" "$device_uri"
	is "the device's backend by hand by $user" "$status" 126
	by_hand $user ./miyin "$gate_uri"
	isnt_zero=$((status != 0))
	is "a copy of the backend by $user" "$isnt_zero" 1
	by_hand $user ./miyindevice "$device_uri"
	isnt_zero=$((status != 0))
	is "a copy of the device's backend by $user" "$isnt_zero" 1
	denied "$user reads the keys" \
		runuser -u $user -- cat "$MIYIN_LAB/var/miyin/keys"
	denied "$user reads the register" \
		runuser -u $user -- cat "$MIYIN_LAB/var/miyin/register.db"
done
lab-wait
nothing "programs by hand"

# --- filters that die -----------------------------------------------------

# process NAME: the pid of a program of this lab, as soon as it runs
process()
{
	local exe end=$((SECONDS + 10 * LAB_PATIENCE))
	while [ "$SECONDS" -lt "$end" ]; do
		# One program looks at all: it must be there before the other ends.
		exe=$(find /proc -maxdepth 2 -path '/proc/[0-9]*/exe' \
			-lname "$bin/$1" -print -quit 2> /dev/null)
		if [ -n "$exe" ]; then
			exe=${exe%/exe}
			echo "${exe##*/}"
			return
		fi
		sleep 0.01
	done
	return 1
}
parent_of() { sed -n 's/^PPid:\t//p' "/proc/$1/status"; }
after_kill()
{
	local state
	for ((i = 0; i < 200; i++)); do
		state=$(job_state "$1")
		case $state in processing | pending) ;; *) break ;; esac
		sleep 0.05
	done
	# cupsd keeps a job whose filter died; nobody may print it from there.
	[ "$state" != stopped ] || cancel "$1"
	lab-wait
}
# One that is not over before we have found its converter.
printf '%%!PS\n{ } loop\n' > endless.ps
job=$(submit Pcl endless.ps $neibu)
kill -KILL "$(process filter/miyinconvert)"
after_kill "$job"
refused "the converter is killed while it converts" "$job" stream
# The layout program of a converter, once it runs; it stands still then.
layout_of()
{
	local keeper='' child='' end=$((SECONDS + 10 * LAB_PATIENCE))
	while [ -n "$1" ] && [ "$SECONDS" -lt "$end" ]; do
		read -r keeper _ < "/proc/$1/task/$1/children"
		[ -z "$keeper" ] ||
			read -r child _ < "/proc/$keeper/task/$keeper/children"
		if [ -n "$child" ] &&
			grep -qs ^pdftopdf "/proc/$child/cmdline"; then
			kill -STOP "$child"
			echo "$child"
			return
		fi
		child=
		sleep 0.005
	done 2> /dev/null
}
# So long that it is there to be met on any machine.
# shellcheck disable=SC2046
qpdf --empty --pages $(yes one.pdf | head -n 1000) -- many.pdf
job=$(submit Pcl many.pdf $neibu)
kill -KILL "$(layout_of "$(process filter/miyinconvert)")"
after_kill "$job"
# cupsd gives a filter the password of who has none but that.
runuser -u lp -- env AUTH_PASSWORD=geheim ANYTHING=geheim \
	MIYIN_CONF_DIR="$MIYIN_CONF_DIR" \
	"$bin/filter/miyinconvert" 1 u t 1 "" < many.pdf > /dev/null 2>&1 &
runner=$!
for ((i = 0; i < 400; i++)); do
	collector=$(pgrep -P $runner) && break
	sleep 0.01
done
layout=$(layout_of "$collector")
tr '\0' '\n' < "/proc/$layout/environ" > given
kill -KILL "$layout"
wait $runner
like "a layout program has an environment" \
	"$(cat given)" 'MIYIN_CONF_DIR='
is "and no password in it" "$(grep -ac geheim given)" 0
is "pdftopdf is killed: refusals" "$(refusals "$job" | wc -l)" 1
nothing "pdftopdf is killed"
# Who watches the conversion is ended: no fault of the document.
job=$(submit Pcl many.pdf $neibu)
collector=$(process filter/miyinconvert)
layout_of "$collector" > /dev/null
kill -TERM "$(parent_of "$(parent_of "$collector")")"
after_kill "$job"
refused "the conversion is ended" "$job" interrupted
like "the conversion is ended: its owner reads" "$(job_message "$job")" \
	'^Not printed: printing was interrupted on the print server; '
# The backend stands still, so the converter is stuck in the middle of its
# stream when it dies.
job=$(submit Pcl many.pdf $neibu)
collector=$(process filter/miyinconvert)
# Above it: who runs the converters, the warden, the backend. All three are the
# same program, and the backend may not stand still before it has the others.
backend=$(parent_of "$(parent_of "$(parent_of "$collector")")")
is "the backend is met" "$(readlink "/proc/$backend/exe")" "$bin/backend/miyin"
kill -STOP "$backend"
for ((i = 0; i < 400; i++)); do
	# anon_pipe_write since Linux 6.14
	[[ $(cat "/proc/$collector/wchan" 2> /dev/null) != *pipe_write ]] ||
		break
	sleep 0.02
done
kill -KILL "$collector"
kill -CONT "$backend"
after_kill "$job"
refused "the converter is killed in the middle of its stream" "$job" stream

# --- a filter that lies ---------------------------------------------------

# Whoever can run code as lp can be the collector. lies NAME REASON MAKE...:
# the job's stream is what MAKE JOB prints.
lies()
{
	"${@:3}" "$(next)" > lie
	job=$(submit Pcl one.pdf $neibu)
	lab-wait
	refused "a collector that $1" "$job" "$2"
}
claim() { frame CLAM "job=$1\ntype=${2:-$pdf}\nkind=document\n" empty; }
: > empty
mv "$bin/filter/miyincollect" "$MIYIN_LAB/miyincollect.away"
printf '#!/bin/sh\ncat "%s"\n' "$MIYIN_LAB/home/lie" > "$bin/filter/miyincollect"
chmod 755 "$bin/filter/miyincollect"
nothing_at_all() { :; }
unframed() { cat one.pdf; }
cut_short() { claim "$1" | head -c 60; }
of_another_job() { claim $(($1 + 1)); }
changed() { claim "$1" | sed 's/kind=document/kind=documenT/'; }
with_raw_data() { claim "$1"; cat pcl.bin; }
of_two() { claim "$1"; claim "$1"; }
begun_twice() { claim "$1"; claim "$1" | head -c 40; }
lies "writes nothing" stream nothing_at_all
lies "writes what it got" stream unframed
lies "sends a document of its own" stream forge
lies "stops early" stream cut_short
lies "speaks of another job" stream of_another_job
lies "changes its record" stream changed
lies "adds raw data" stream with_raw_data
lies "speaks of two documents for one" stream of_two
lies "begins a second document" stream begun_twice
# What it says beside the type changes nothing.
{
	echo '#!/bin/sh'
	echo "cat '$MIYIN_LAB/home/lie'"
} > "$bin/filter/miyincollect"
frame CLAM "job=$(next)\ntype=$pdf\nlevel=neibu\ncopies=9\ndevice=x=y\ncontent-hash=00\n" empty > lie
# A document that nobody prints at a lower level after it.
document claimed
job=$(submit Office claimed.pdf -o MiyinLevel=jimi -n 2 -o MiyinDocument=claimed)
lab-wait
is "a collector that asks for another level and 9 copies: the copies" \
	"$(miyin copies claimed --json | grep -c '"level":"jimi"')" 2
comes_out "and its copies" 2
mv "$MIYIN_LAB/miyincollect.away" "$bin/filter/miyincollect"

# --- options --------------------------------------------------------------

for sheets in standard,none none,standard classified,classified; do
	job=$(submit Office one.pdf $neibu -o job-sheets=$sheets)
	lab-wait
	refused "job-sheets=$sheets" "$job" banner
done

job=$(send "${attribute[@]}" -s MiyinDocument=uuid Office $pdf one.pdf)
lab-wait
uuid=$(miyin copies uuid --json | sed -n 's/.*"job_uuid":"\([^"#]*\).*/\1/p')
comes_out "a job" 1
job=$(send "${attribute[@]}" -s MiyinDocument=uuid -u "job-uuid=$uuid" \
	Office $pdf one.pdf)
lab-wait
comes_out "another with its job-uuid" 1
is "has a serial of its own" "$(miyin copies uuid --json |
	grep -o '"serial":[0-9]*' | tr '\n' ' ')" '"serial":1 "serial":2 '

serials() { miyin log --json | grep "\"job_id\":${1##*-}," |
	grep '"event":"printed"' | grep -o '"serial":[0-9]*' | sort -u | wc -l; }
job=$(submit Office one.pdf -o MiyinLevel=neibu -n 2)
lab-wait
is "-n 2: serials" "$(serials "$job")" 2
like "-n 2: the printer makes one of each" \
	"$(paper_env 001 IPP_COPIES),$(paper_env 002 IPP_COPIES)" '^1?,1?$'
comes_out "-n 2" 2
job=$(submit Office one.pdf $neibu -o copies=2 -o collate=true)
lab-wait
is "copies=2: serials" "$(serials "$job")" 2
comes_out "copies=2" 2
job=$(send "${attribute[@]}" -s copies=7 Office $pdf one.pdf)
lab-wait
is "copies as a name: pages" "$(pages_of "$MIYIN_PAPER/001.pdf")" 1
like "copies as a name: the printer's copies" \
	"$(paper_env 001 IPP_COPIES)" '^1?$'
comes_out "copies as a name" 1
job=$(send "${attribute[@]}" -s Copies=7 -s Collate=True \
	-s multiple-document-handling=separate-documents-collated-copies \
	-s document-copies=5 Office $pdf one.pdf)
lab-wait
comes_out "copies by other names" 1
printf '%%!PS\n<</NumCopies 7>>setpagedevice\n/#copies 7 def\n72 72 moveto 99 0 rlineto stroke showpage\n' > many.ps
job=$(submit Office many.ps $neibu)
lab-wait
is "PostScript that asks for 7 copies: pages" \
	"$(pages_of "$MIYIN_PAPER/001.pdf")" 1
comes_out "PostScript that asks for 7 copies" 1

qpdf --empty --pages one.pdf 1,1,1,1,1,1,1,1 -- eight.pdf
chmod 644 eight.pdf
job=$(submit Office eight.pdf $neibu -o number-up=4 -o page-ranges=1-8 \
	-o booklet=false -o mirror=false -o outputorder=reverse -o scaling=50)
lab-wait
is "number-up=4: pages" "$(pages_of "$MIYIN_PAPER/001.pdf")" 2
is "number-up=4: once" "$(paper_env 001 IPP_NUMBER_UP)" ""
device=$(grep -a "\[Job $((${job##*-} + 1))\] argv\[5\]" \
	"$MIYIN_LAB/log/error_log" | tail -1)
like "the device job has its options" "$device" 'print-scaling=none'
like "and no layout" "$(grep -oE 'number-up|page-ranges|booklet|utput[oO]rder|mirror|scaling=[0-9]|copies=[02-9]' <<< "$device")" '^$'
comes_out "number-up=4" 1

# --- types that the scheduler could convert -------------------------------

# A stock filter of a gate would run as lp, with no account and no budget of the
# job: no data of any type meets one, whatever is in it.
echo "no data of any type" > junk
# shellcheck disable=SC2046
for type in $(sed -n 's/^\([a-z]*\/[^ \t]*\)[ \t].*/\1/p' \
	/usr/share/cups/mime/*.convs "$CUPS_SERVERROOT"/*.convs | sort -u); do
	job=$(send -s MiyinLevel=neibu Office "$type" junk 2> type.no) &&
		echo "${job##*-} $type" >> types
done
ok "PWG, URF and a banner are among the types of the gate" \
	test "$(grep -cE ' (image/pwg-raster|image/urf|.*-pdf-banner)$' types)" = 3
lab-wait
while read -r job type; do
	is "$type: programs that saw it before the backend" "$(grep -aoE \
		"\[Job $job\] Started filter [^ ]*" "$MIYIN_LAB/log/error_log" |
		sed 's/.*\///' | sort -u)" miyincollect
done < types
comes_out "what could be read of them" "$(printed_count)"
# What the scheduler knows and converts to nothing comes to the gate, too, which
# says what it is and enters it.
printf 'PK\3\4\024\0\0\0 word/document.xml' > word.docx
job=$(send -s MiyinLevel=neibu Office \
	"$(grep -ho '^application/[^ ]*wordprocessingml.document' \
		/usr/share/cups/mime/*.types | head -n 1)" word.docx)
lab-wait
refused "a Word file that the scheduler knows" "$job" unsupported-format
# A banner names a file, which a stock filter waits for: nobody writes into it.
mkfifo -m 666 "$MIYIN_LAB/home/nobody-writes"
printf '#PDF-BANNER\nTemplate %s\nShow job-id\n' \
	"$MIYIN_LAB/home/nobody-writes" > banner
for type in application/vnd.cups-pdf-banner application/octet-stream; do
	job=$(send -s MiyinLevel=neibu Office $type banner)
	ok "a banner that waits for a file, $type: ends" lab-wait
	like "a banner that waits for a file, $type" \
		"$(lab-status "Office-${job##*-}")" '^canceled.*Not printed'
done
comes_out "banners" 0

# --- hostile text ---------------------------------------------------------

ppd_sum() { cksum < "$CUPS_SERVERROOT/ppd/Office.ppd"; }
before=$(ppd_sum)
# hostile NAME BYTES [QUEUE]: printf %b, as title, user, reference, scope and
# option value. Of a holder, an approver and a period it is refused: refusals.sh.
hostile()
{
	local text n job line
	text=$(printf '%b' "$2")
	n=$(papers | wc -w)
	job=$(send -t "$text" -s MiyinLevel=neibu -s "MiyinDocument=$text" \
		-s "MiyinScope=$text" \
		-s "page-label=$text" -s "job-billing=$text" \
		-s "document-name-supplied=$text" -s "x-evil=$text" \
		-r "$text" "${3:-Office}" $pdf one.pdf 2> log)
	if [ -z "$job" ]; then
		pass "$1: the scheduler takes no such job"
		return
	fi
	lab-wait
	if [ "$(papers | wc -w)" = "$n" ]; then
		like "$1: not printed, and why" "$(job_message "$job")" \
			'^Not printed: [^:]*\.$'
	fi
	line=$(miyin log --json | grep -c "\"job_id\":$job,")
	like "$1: the register has it" "$line" '^[1-9]'
}
for n in 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 \
	17 18 19 1a 1b 1c 1d 1e 1f 7f; do
	group=${group:-}"\\x${n}PPD: E=$n"
	case $n in 07 | 0f | 17 | 1f | 7f)
		hostile "control bytes up to $n" "a$group"
		group= ;;
	esac
done
for n in 8{0..9} 8{a..f} 9{0..9} 9{a..f}; do
	group=${group:-}"\\xc2\\x${n}b"
	case $n in 8f | 9f)
		hostile "C1 control characters up to $n" "a$group"
		group= ;;
	esac
done
hostile "lines that drive the scheduler" \
	'x\nSTATE: +evil-report\nATTR: marker-names=evil\nPPD: DefaultMiyinLevel=evil\nERROR: evil\n'
hostile "an end of a job language" 'x\x1b%-12345X@PJL SET COPIES=9\n@PJL'
hostile "quotes and braces" "a' MiyinLevel=mimi copies=9 \"b\" {c=d} \\\\\\\\ \$(e) \`f\`"
hostile "no UTF-8" 'a\xff\xfe\xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80b'
hostile "overlong" 'a\xc0\x8a\xe0\x80\x8ab\xc1\x9b%%-12345X'
hostile "other directions" 'a\xe2\x80\xaeb\xe2\x80\xa8c\xe2\x81\xa6\xef\xbb\xbfd\xc2\x85e'
comes_out "hostile texts" "$(printed_count)"
evil='x\n@PJL COMMENT EVIL\n\x1b%-12345X@PJL SET COPIES=9\n) EVIL show showpage (\n%%EVIL\n'
hostile "a job language, to a PCL printer" "$evil" Pcl
hostile "a job language, to a PostScript printer" "$evil" Ps
is "no user's word is in a printer's language" \
	"$(grep -alE 'EVIL|COPIES=9' "$MIYIN_LAB"/paper-p*/[0-9]*)" ""
comes_out "hostile texts to other printers" \
	$(($(printed_count pcl) + $(printed_count ps)))
is "the PPD is as it was" "$(ppd_sum)" "$before"
is "no user's line became the scheduler's" "$(grep -aE \
	'\] (PPD|STATE|ATTR|ERROR|JOBSTATE): .*(evil|E=)|reasons?=.*evil' \
	"$MIYIN_LAB/log/error_log" | grep -v 'argv\[')" ""
is "the register has no control character" "$(miyin log --json |
	LC_ALL=C tr -d '\12\40-\176\200-\377' | wc -c)" 0
is "and is UTF-8" "$(miyin log --json | iconv -f UTF-8 -t UTF-8 | wc -c)" \
	"$(miyin log --json | wc -c)"

# --- the race for the last copy -------------------------------------------

document race
for i in 1 2; do
	for queue in Office Pcl Ps Office-jimi; do
		submit $queue race.pdf -o MiyinLevel=jimi \
			-o MiyinDocument=race > "race$queue$i" &
	done
done
# The sink and the printers are the lab's, not ours.
wait
lab-wait 120
comes_out "eight jobs for three copies" 3
is "the others are refused" \
	"$(for f in race[A-Z]*; do refusals "$(cat "$f")"; done | sort | uniq -c |
		tr -s ' ')" " 5 over-limit"

# --- what is left ---------------------------------------------------------

is "no document is left in the spool folder" \
	"$(find "$MIYIN_LAB/spool" -name 'd*' -type f)" ""
# cupsd leaves PPDs there that lpadmin sent.
is "nor in its temporary folder" "$(find "$MIYIN_LAB/spool/tmp" -type f \
	-exec grep -aL '^\*PPD-Adobe' {} +)" ""
ok "doctor finds nothing" miyin doctor
done_testing
