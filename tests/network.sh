#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What other hosts may do, and what this host's own accounts may do to the
# printer. Runs in a network namespace of its own, beside it a client and a
# printer in theirs:
#
#   unshare -n tests/network.sh tests/lab/run
#
# shellcheck disable=SC2016,SC2317
set -u

if [ $# -gt 0 ]; then
	ip link set lo up
	LAB_ONLY=Office exec "$@" -- bash "$0"
fi
# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
conf=$CUPS_SERVERROOT/cupsd.conf
password=$(od -An -tx1 -N12 /dev/urandom | tr -d ' \n')
user=mi-client
clean_up()
{
	userdel "$user" 2> /dev/null
	[ -z "${sink:-}" ] || kill "$sink"
}
trap clean_up EXIT
userdel "$user" 2> /dev/null
useradd -M -s /usr/sbin/nologin "$user" && echo "$user:$password" | chpasswd
make_qr page.png network

# host NAME NUMBER: a host 10.231.NUMBER.2 behind a cable; its namespace is
# that of a process that sleeps
declare -A pid
host()
{
	unshare -n sleep 1000 &
	pid[$1]=$!
	sleep 0.3
	ip link add "to-$1" type veth peer name eth0 netns "${pid[$1]}"
	ip addr add "10.231.$2.1/30" dev "to-$1"
	ip link set "to-$1" up
	at "$1" ip link set lo up
	at "$1" ip addr add "10.231.$2.2/30" dev eth0
	at "$1" ip link set eth0 up
}
at() { nsenter -n -t "${pid[$1]}" "${@:2}"; }
host client 1
host printer 2
trap 'kill "${pid[@]}"; clean_up' EXIT

# --- a client of the network --------------------------------------------------

server=10.231.1.1:$MIYIN_LAB_PORT
sed -i "/^Listen 127/a Listen $server" "$conf"
sed -i '0,/^<Location \/>/s//&\n  Allow from 10.231.1.0\/30/' "$conf"
lab-restart
office=ipp://$server/printers/Office

# from_client [IPP OPTIONS]: the first line of the answer to a Print-Job
from_client()
{
	at client ipp -c "$server" "$@" -f page.png Print-Job "$office" \
		j nameWithoutLanguage MiyinLevel neibu | head -n 1
}
n_jobs() { lpstat -W all -o Office | wc -l; }

is "a client sees the queue" "$(at client ipp -c "$server" \
	Get-Printer-Attributes "$office" | head -n 1)" successful-ok
is "a password in clear" "$(from_client -b "$user:$password")" 'http 426'
is "a password in clear: no job" "$(n_jobs)" 0
for operation in Get-Jobs Cancel-My-Jobs Create-Job Validate-Job; do
	is "a password in clear: $operation" "$(at client ipp -c "$server" \
		-b "$user:$password" $operation "$office" | head -n 1)" \
		'http 426'
done
is "a password in clear at the server: Get-Jobs" "$(at client ipp \
	-c "$server" -b "$user:$password" Get-Jobs "ipp://$server/" |
	head -n 1)" 'http 426'
is "a wrong password over TLS" "$(from_client -e -b "$user:wrong")" 'http 401'
is "no password over TLS" "$(from_client -e -u root)" 'http 401'
is "a password over TLS" "$(from_client -e -u root -b "$user:$password")" \
	successful-ok
lab-wait
is "a password over TLS: paper" "$(printed_count)" 1
is "a password over TLS: holder" "$(miyin log | grep -c " printed .*$user")" 1
ok "doctor has nothing to say" miyin doctor
for line in "DefaultAuthType None" "DefaultAuthType Auto" \
	"DefaultAuthType Negotiate" \
	"DefaultEncryption Never" "DefaultEncryption IfRequested"; do
	cp "$conf" cupsd.good
	echo "$line" >> "$conf"
	like "doctor sees $line" "$(miyin doctor)" "cupsd.conf says $line"
	cat cupsd.good > "$conf"
done
sed -i '/^# miyin begin/,$s/^ *Encryption Required$//' "$conf"
like "doctor sees that TLS is not demanded" "$(miyin doctor)" \
	'block of cupsd.conf was altered'
lab-restart
is "then a password in clear would do" \
	"$(from_client -b "$user:$password")" successful-ok
ok "doctor --repair demands it again" miyin doctor --repair
lab-restart
is "and it is refused again" "$(from_client -b "$user:$password")" 'http 426'

# --- straight to the printer --------------------------------------------------

printer=10.231.2.2
mkdir -p sink-a sink-b
mkfifo ports
at printer sink sink-a pcl sink-b ps > ports &
sink=$!
read -r port other < ports
# The sink listens on its own loopback address alone: hand on what comes in.
at printer nft -f - <<-END
table ip door {
	chain in {
		type nat hook prerouting priority dstnat;
		ip daddr $printer tcp dport { $port, $other } dnat to 127.0.0.1
	}
}
END
at printer sysctl -qw net.ipv4.conf.all.route_localnet=1
reach='exec 3<> /dev/tcp/'
reaches() { timeout 3 runuser -u "$1" -- bash -c "$reach$2" 2> /dev/null; }
# queue NAME URI: a queue of a printer
queue()
{
	lpadmin -p "$1" -v "$2" -m drv:///sample.drv/generic.ppd -E 2> /dev/null
}
queue Far "socket://$printer:$port/?snmp=false"
like "protect says that others reach the printer" "$(miyin protect Far)" \
	"still reaches the printer itself \($printer, port $port\)"
ok "nobody reaches it" reaches nobody "$printer/$port"
sed -i '/^direct/s/accept/report/' "$MIYIN_CONF_DIR/miyin.conf"
like "doctor reaches it too" "$(miyin doctor)" \
	"reaches the printer of Far itself \($printer, port $port\)"
ok "miyin protect --firewall" miyin protect --firewall
for who in nobody "$user" daemon mail lp; do
	ok "$who does not reach it any more" not reaches "$who" "$printer/$port"
	ok "$who reaches no other port of it" \
		not reaches "$who" "$printer/$other"
done
ok "root does" reaches root "$printer/$port"
ok "other addresses are open" reaches nobody "127.0.0.1/$MIYIN_LAB_PORT"
like "doctor has no word of it" "$(miyin doctor)" '^[^F]*(Office[^F]*)?$'
job=$(submit Far page.png -o MiyinLevel=neibu)
lab-wait
like "a job of Far is printed" "$(lab-status "$job")" ^completed
is "the printer got it" "$(find sink-a sink-b -type f | wc -l)" 1
rules=$MIYIN_CONF_DIR/printers.nft
is "the rules are root's file" "$(stat -c '%U %a' "$rules")" 'root 644'
nft delete table inet miyin
like "doctor sees that the rules are not in force" "$(miyin doctor)" \
	'printer of Far itself'
ok "the file brings them back" nft -f "$rules"
ok "as when the system starts" not reaches nobody "$printer/$port"
miyin unprotect Far > /dev/null
ok "after unprotect anybody reaches it" reaches nobody "$printer/$port"
miyin unprotect Office > /dev/null
ok "no rule is left" not nft list table inet miyin 2> /dev/null
ok "nor a file" not test -e "$rules"
answer=$(miyin protect --firewall Far)
like "protect --firewall for one queue" "$answer" \
	"Include $MIYIN_CONF_DIR/\*.nft in"
included=$(sed -n 's/^Include \([^ ]*\) in.*/\1/p' <<< "$answer")
echo "include \"$included\"" > system.nft
nft delete table inet miyin
ok "what it says to include" nft -f system.nft
ok "closes it at once" not reaches nobody "$printer/$port"
miyin unprotect Far > /dev/null
ok "the system's rules load without it, too" nft -f system.nft

# --- nft that is not there, or does not take the rules ------------------------

mkdir -p broken
printf '#!/bin/sh\necho no such table >&2\nexit 1\n' > broken/nft
chmod +x broken/nft
broken() { PATH=$PWD/broken:$PATH "$@" 2>&1; }
like "rules that are not taken protect nothing" \
	"$(broken miyin protect --firewall Far)" \
	'^[^:]*: Nothing was changed.*did not take the rules: no such table'
ok "and leave no file" not ls "$rules"* 2> /dev/null
ok "the queue is as it was" not lpstat -v Far-device 2> /dev/null
ok "protect works without rules" broken miyin protect Far
like "rules for all that are not taken" \
	"$(broken miyin protect --firewall)" 'did not take the rules'
ok "leave no file either" not ls "$rules"* 2> /dev/null
ok "unprotect works then" broken miyin unprotect Far
miyin protect --firewall Far > /dev/null
cp "$rules" rules.before
queue Near "socket://$printer:$other/?snmp=false"
like "a second queue whose rules are not taken" \
	"$(broken miyin protect Near)" 'Nothing was changed.*no such table'
ok "leaves the file as it was" cmp rules.before "$rules"
ok "and the rules in force" not reaches nobody "$printer/$port"
lpadmin -x Near
like "the last unprotect says what it could not take back" \
	"$(broken miyin unprotect Far)" 'did not take the rules'
ok "and the file does not outlive it" not ls "$rules"* 2> /dev/null
ok "protect --firewall without a queue takes the rest back" \
	miyin protect --firewall
ok "so that anybody reaches the printer again" reaches nobody "$printer/$port"

# --- printers behind another backend, and without an address ------------------

queue Far "beh:/1/1/5/socket://$printer:$port/?snmp=false"
like "protect sees who reaches a printer behind beh" "$(miyin protect Far)" \
	"still reaches the printer itself \($printer, port $port\)"
ok "miyin protect --firewall for it" miyin protect --firewall
ok "nobody reaches a printer behind beh" not reaches nobody "$printer/$port"
queue Found 'dnssd://Laser._ipp._tcp.local/?uuid=1'
like "a printer that names no address is not protected behind rules" \
	"$(miyin protect Found 2>&1)" '^[^:]*: dnssd:.* no address that can be'
ok "nor is there a device queue" not lpstat -v Found-device 2> /dev/null
miyin unprotect Far > /dev/null
ok "without rules it is" miyin protect Found
like "doctor sees that it may be reached" "$(miyin doctor)" \
	'printer of Found itself: dnssd:.* no address that can be found'
sed -i '/^direct/s/report/accept/' "$MIYIN_CONF_DIR/miyin.conf"
ok "doctor is content where that is accepted" not grep -q Found \
	<(miyin doctor)
sed -i '/^direct/s/accept/report/' "$MIYIN_CONF_DIR/miyin.conf"
miyin protect Far > /dev/null
answer=$(miyin protect --firewall 2>&1) &&
	fail "protect --firewall does not call that closed" "$answer"
like "protect --firewall names it" "$answer" 'Not all printers are closed: dns'
ok "and closes the others" not reaches nobody "$printer/$port"
ok "it can be unprotected" miyin unprotect Found
ok "all that are left are closed" miyin protect --firewall

done_testing
