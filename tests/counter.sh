#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# miyin doctor compares the printers' own counters with the register.
#
#   LAB_ONLY=Office tests/lab/run -- bash tests/counter.sh
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
export LC_ALL=C.UTF-8
tests=$(cd "${0%/*}" && pwd)
notice=$(realpath "${MIYIN_BUILD:-build}/samples/notice.pdf")
cd "$MIYIN_LAB/home" || exit 1
fine="No way around the gate was found on"

# counters PRINTER: its readings, "RESULT NUMBER DETAIL" in a line
counters()
{
	miyin log --json | jq -r --arg printer "$1" '.[] |
		select(.event == "counter" and .printer == $printer) |
		"\(.result) \(.pages) \(.detail)"'
}

# doctor NAME REGEX: what it says; its status must fit
doctor()
{
	local said status
	said=$(miyin doctor 2> /dev/null)
	status=$?
	like "$1" "$said" "$2"
	[ "$2" != "$fine" ] || status=$((!status))
	is "$1: status" "$status" 1
}

# --- by IPP -----------------------------------------------------------------

port=$(lpstat -v Office-device | sed 's|.*:\([0-9]*\)/.*|\1|')

# The same printer, switched off and on: it tells [N] pages in its life.
office()
{
	kill "$(cat "$MIYIN_LAB/log/Office.pid")" 2> /dev/null
	cp "$tests/lab/printer.conf" office.conf
	[ -z "${1:-}" ] || echo "ATTR integer printer-impressions-completed $1" \
		>> office.conf
	for _ in {1..600}; do
		(: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
		sleep 0.05
	done
	env -i PATH="$PATH" HOME="$MIYIN_LAB/home" \
		TMPDIR="$MIYIN_LAB/printer/Office" MIYIN_LAB="$MIYIN_LAB" \
		LAB_PRINTER=Office LD_PRELOAD="$MIYIN_LAB/bin/noavahi.so" \
		setsid ippeveprinter -p "$port" -n localhost -r off \
		-a office.conf -K "$MIYIN_LAB/home" \
		-d "$MIYIN_LAB/printer/Office" -c "$MIYIN_LAB/bin/paper" \
		Office < /dev/null > "$MIYIN_LAB/log/Office.out" 2>&1 &
	echo $! > "$MIYIN_LAB/log/Office.pid"
	disown
	for _ in {1..600}; do
		(: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null && return
		sleep 0.05
	done
	fail "the printer is on again"
}

doctor "a printer without a counter" "$fine"
is "a printer without a counter: no event" "$(counters Office)" ''
office 1000
doctor "the first reading" "$fine"
is "the first reading: the register" "$(counters Office)" \
	"ok 1000 first reading"
job=$(submit Office "$notice" -o MiyinLevel=jimi -n 2) && lab-wait
is "two copies of three pages" "$(job_state "$job")" completed
office 1006
doctor "as many pages as were registered" "$fine"
is "as many pages as were registered: the register" \
	"$(counters Office | tail -n 1)" \
	"ok 1006 1000 before; 6 pages in the register since"
office 1011
doctor "five pages around the gate" \
	'^The printer of Office printed 5 pages since 20.* and the register knows 0 of them'
is "five pages around the gate: the register" \
	"$(counters Office | tail -n 1)" \
	"failed 1011 1006 before; 0 pages in the register since"
doctor "it is told once" "$fine"
job=$(submit Office "$notice" -o MiyinLevel=jimi) && lab-wait
is "one copy more" "$(job_state "$job")" completed
office 1015
doctor "one page with a registered copy" \
	'^The printer of Office printed 4 pages since 20.* and the register knows 3 of them'
office 15
doctor "a counter that was reset" \
	'^The counter of the printer of Office fell from 1015 to 15 since 20'
office
doctor "a counter that is gone" \
	'^The printer of Office does not tell its counter any more, which was 15 at 20'
office 15
doctor "and is back" "$fine"
lpadmin -p Aaa -v "ipp://127.0.0.1:$port/ipp/print" \
	-m drv:///sample.drv/generpcl.ppd -E 2> /dev/null
ok "one more queue of the printer, with the first name" miyin protect Aaa
office 20
doctor "it does not begin anew" \
	'^The printer of Aaa printed 5 pages since 20.* and the register knows 0 of them'
is "the register has the device and its queues" \
	"$(miyin log --json | jq -r '.[] | select(.event == "counter") |
		"\(.pages) \(.printer)"' | tail -n 1)" "20 Aaa Office"
ok "the first queue is given up" miyin unprotect Office
ok "and so is the second" miyin unprotect Aaa
ok "and is protected again" miyin protect Aaa
ok "as the first queue is" miyin protect Office
office 40
doctor "what it printed meanwhile is nobody's fault" "$fine"

# --- by SNMP ----------------------------------------------------------------

# An address of this run: port 161 of 127.0.0.1 may be somebody's.
address=127.$((1 + $$ % 250)).$((1 + $$ / 250 % 250)).9
echo 70000 > life
mkfifo ready
"$tests/lab/snmp-agent" $address life > ready 2> agent.log &
agent=$!
disown
read -r -t 60 _ < ready || fail "the agent answers" "$(cat agent.log)"
lpadmin -p Snmp -v "socket://$address" -m drv:///sample.drv/generpcl.ppd -E \
	2> /dev/null
ok "a printer with SNMP" miyin protect Snmp
doctor "SNMP: the first reading" "$fine"
is "SNMP: the register" "$(counters Snmp)" "ok 70000 first reading"
echo 70002 > life
doctor "SNMP: two pages around the gate" \
	'^The printer of Snmp printed 2 pages since 20.* and the register knows 0 of them'
for port in 9101 9102 9103 9104; do
	lpadmin -p Off$port -v "socket://$address:$port" \
		-m drv:///sample.drv/generpcl.ppd -E 2> /dev/null
	ok "one more, port $port" miyin protect Off$port
done
kill $agent
began=$SECONDS
doctor "SNMP: no answer" \
	'^The printer of Snmp does not tell its counter any more, which was 70002'
ok "SNMP: five that do not answer are waited for at once" \
	[ $((SECONDS - began)) -lt 20 ]
done_testing
