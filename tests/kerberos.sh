#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Who prints with a ticket: an MIT KDC of two realms that trust each other, a
# print server, and a client in a network namespace of its own. All files of
# Kerberos are in the lab's folder; of /etc only hosts is covered, in a mount
# namespace:
#
#   unshare -n -m tests/kerberos.sh tests/lab/run
#
# shellcheck disable=SC2016,SC2154,SC2317
set -u

if [ $# -gt 0 ]; then
	ip link set lo up
	folder=$(mktemp -d) || exit 1
	trap 'rm -rf "$folder"' EXIT
	chmod 755 "$folder"
	# What cupsd gets from its surroundings must be there when it starts.
	export KRB5_CONFIG=$folder/krb5.conf
	export KRB5_KTNAME=$folder/keytab KRB5RCACHEDIR=$folder
	printf '127.0.0.1 localhost\n10.231.1.1 print.lab.test\n' \
		> "$folder/hosts"
	mount --bind "$folder/hosts" /etc/hosts || exit 1
	KRB=$folder LAB_ONLY=Office "$@" -- bash "$0"
	exit
fi
# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
PATH=$PATH:/usr/sbin
conf=$CUPS_SERVERROOT/cupsd.conf
kdc=10.231.1.1:8888
port=$((MIYIN_LAB_PORT + 1))
[ "$port" -lt 65536 ] || port=20631
server=print.lab.test:$port
office=ipps://$server/printers/Office
user=mi-ticket
password=$(od -An -tx1 -N12 /dev/urandom | tr -d ' \n')
pids=()
clean_up()
{
	kill "${pids[@]}" 2> /dev/null
	userdel "$user" 2> /dev/null
}
trap clean_up EXIT

# until_true SECONDS COMMAND...
until_true()
{
	local deadline=$((SECONDS + $1 * LAB_PATIENCE))
	until "${@:2}" 2> /dev/null; do
		[ $SECONDS -lt $deadline ] || return 1
		sleep 0.1
	done
}

# --- the client's network -----------------------------------------------------

unshare -n sleep 1000 &
client=$!
pids+=("$client")
is_apart() { ! [ "/proc/$client/ns/net" -ef /proc/self/ns/net ]; }
until_true 10 is_apart
at() { nsenter -n -t "$client" "$@"; }
ip link add to-client type veth peer name eth0 netns "$client"
ip addr add 10.231.1.1/30 dev to-client
ip link set to-client up
at ip link set lo up
at ip addr add 10.231.1.2/30 dev eth0
at ip link set eth0 up

# --- the realms ---------------------------------------------------------------

realm_conf()
{
	cat <<-END
	$1 = {
		database_name = $KRB/$1.db
		key_stash_file = $KRB/$1.stash
		acl_file = $KRB/$1.acl
		max_life = 1h
	}
	END
}
cat > "$KRB5_CONFIG" <<-END
[libdefaults]
	default_realm = LAB.TEST
	dns_lookup_kdc = false
	dns_lookup_realm = false
	dns_canonicalize_hostname = false
	rdns = false
	clockskew = 2
[realms]
	LAB.TEST = {
		kdc = $kdc
	}
	OTHER.TEST = {
		kdc = $kdc
	}
[domain_realm]
	.lab.test = LAB.TEST
END
export KRB5_KDC_PROFILE=$KRB/kdc.conf
{
	printf '[kdcdefaults]\n\tkdc_listen = %s\n\tkdc_tcp_listen = %s\n' \
		$kdc $kdc
	echo '[realms]'
	realm_conf LAB.TEST
	realm_conf OTHER.TEST
} > "$KRB5_KDC_PROFILE"
admin() { kadmin.local -r "$1" -q "${*:2}" > kadmin.out 2>&1; }
for realm in LAB.TEST OTHER.TEST; do
	kdb5_util -r $realm create -s -P master > kdb.out 2>&1 ||
		fail "realm $realm" "$(cat kdb.out)"
	admin $realm addprinc -pw trust krbtgt/LAB.TEST@OTHER.TEST
	admin $realm addprinc -pw secret alice
done
admin LAB.TEST addprinc -pw secret bob
admin LAB.TEST addprinc -pw secret miyin-nobody
admin OTHER.TEST addprinc -pw secret root
# Clients of CUPS ask for host, everybody else for HTTP.
for service in host HTTP; do
	admin LAB.TEST addprinc -randkey $service/print.lab.test
	admin LAB.TEST ktadd -k "$KRB5_KTNAME" $service/print.lab.test
done
ok "the service has two keys" test -s "$KRB5_KTNAME"
krb5kdc -n -r LAB.TEST -r OTHER.TEST > kdc.out 2>&1 &
pids+=($!)

# with NAME COMMAND...: at the client, with the tickets of NAME
with()
{
	at env -i PATH="$PATH" HOME="$PWD" LC_ALL=C.UTF-8 USER=boss \
		KRB5_CONFIG="$KRB5_CONFIG" KRB5CCNAME="$PWD/$1.tickets" \
		CUPS_SERVER="$server" CUPS_ENCRYPTION=Always \
		CUPS_SERVERROOT="$PWD/client" "${@:2}"
}
# log_in NAME PRINCIPAL [kinit options]
log_in() { with "$1" kinit "${@:3}" "$2" <<< secret > /dev/null; }
mkdir -p client/ssl
until_true 20 log_in alice alice || fail "alice gets a ticket" "$(cat kdc.out)"
log_in bob bob
log_in stranger alice@OTHER.TEST
log_in nobody miyin-nobody
log_in other-root root@OTHER.TEST

# --- the print server ---------------------------------------------------------

make_qr page.png kerberos
sed -i '0,/^<Location \/>/s//&\n  Allow from 10.231.1.0\/30/
	s/^DefaultAuthType .*/DefaultAuthType Negotiate/
	/^Listen 127/i ServerName print.lab.test' "$conf"
sed -i "/^Listen 127/a Listen 10.231.1.1:$port" "$conf"
lab-restart
like "doctor: Kerberos where the network can come without TLS" \
	"$(miyin doctor)" "Listen 10.231.1.1:$port.*say SSLListen"
sed -i 's/^Listen 10/SSLListen 10/' "$conf"
lab-restart
is "doctor: Kerberos over TLS alone" "$(miyin doctor)" \
	'No way around the gate was found on 1 protected queue.'

# token NAME: what a client of HTTP with NAME's tickets sends as Authorization
token()
{
	cat > token.py <<-'END'
	import socket, sys
	listener = socket.create_server(("10.231.1.1", 8889))
	listener.settimeout(60)
	print("ready", flush=True)
	end = listener.accept()[0]
	text = b""
	while b"\r\n\r\n" not in text:
	    part = end.recv(65536)
	    if not part:
	        break
	    text += part
	end.sendall(b"HTTP/1.0 204 No Content\r\n\r\n")
	for line in text.split(b"\r\n"):
	    if line.lower().startswith(b"authorization:"):
	        print(line.split(b":", 1)[1].strip().decode())
	END
	coproc listener { python3 token.py; }
	local line pid=$listener_PID out
	# bash closes its own as soon as the listener ends.
	exec {out}<&"${listener[0]}"
	read -r -t 90 line <&"$out"
	with "$1" curl -s -m 20 --negotiate -u : http://print.lab.test:8889/ \
		> /dev/null
	read -r -t 90 line <&"$out"
	exec {out}<&-
	wait "$pid" 2> /dev/null
	echo "$line"
}
# raw_print [IPP OPTIONS]: the first line of the answer to a Print-Job
raw_print()
{
	at ipp -c "$server" -e "$@" -f page.png Print-Job "$office" \
		j nameWithoutLanguage MiyinLevel neibu | head -n 1
}
n_jobs() { lpstat -W all -o Office | wc -l; }
events() { miyin log --json | jq -r '(if type == "array" then .[] else . end)
	| select(.event == "printed") | "\(.user) \(.holder)"' ; }
last_event() { events | tail -n 1; }

# --- a client of CUPS with a ticket -------------------------------------------

with alice lp -d Office -o MiyinLevel=neibu page.png > lp.out 2>&1
like "a ticket: lp" "$(cat lp.out)" '^request id is Office-'
lab-wait
is "a ticket: paper" "$(printed_count)" 1
is "a ticket: the name has its realm" "$(last_event)" \
	'alice@LAB.TEST alice@LAB.TEST'
is "a ticket: lpstat shows the user his job" \
	"$(with alice lpstat -W completed -o Office | grep -c Office-)" 1
ok "log finds the name with its realm" \
	grep -q printed <(miyin log --user alice@LAB.TEST)
with alice env CUPS_GSSSERVICENAME=HTTP lp -d Office -o MiyinLevel=neibu \
	page.png > lp.out 2>&1
like "a client of CUPS that is told to ask for HTTP" "$(cat lp.out)" \
	'^request id is Office-'
lab-wait

# --- what an attacker sends ---------------------------------------------------

is "no ticket" "$(raw_print -u alice@LAB.TEST)" 'http 401'
is "no ticket, a name of a realm in another scheme" \
	"$(raw_print -a 'PeerCred alice')" 'http 401'
is "no token" "$(raw_print -a Negotiate)" 'http 401'
is "a token of junk" "$(raw_print -a 'Negotiate YIIZAAYGKwYBBQUC')" 'http 401'
is "no ticket: lp" "$(with no-one lp -d Office page.png < /dev/null 2>&1 |
	grep -c 'request id')" 0
is "no ticket: no job" "$(n_jobs)" 2
ticket=$(token bob)
like "bob's ticket makes a token" "$ticket" '^Negotiate .{100}'
is "another's name with a ticket" \
	"$(raw_print -a "$ticket" -u alice@LAB.TEST)" successful-ok
lab-wait
is "another's name with a ticket: holder" "$(last_event)" \
	'bob@LAB.TEST bob@LAB.TEST'
is "a token that was used" "$(raw_print -a "$ticket" -u bob)" 'http 401'
is "root's name with a ticket" \
	"$(raw_print -a "$(token bob)" -u root)" successful-ok
lab-wait
is "root's name with a ticket: holder" "$(last_event)" \
	'bob@LAB.TEST bob@LAB.TEST'
answer=$(at ipp -c "$server" -e -a "$(token bob)" -f page.png Print-Job \
	"$office" o textWithoutLanguage auth-info 'alice@LAB.TEST|x' \
	j nameWithoutLanguage MiyinLevel neibu | head -n 1)
lab-wait
is "auth-info with a ticket: holder" "$answer $(last_event)" \
	'successful-ok bob@LAB.TEST bob@LAB.TEST'
n_papers=$(printed_count)

# --- tickets that are over ----------------------------------------------------

log_in brief bob -l 4s
brief=$(token brief)
like "a ticket of 4 s makes a token" "$brief" '^Negotiate .{100}'
until_true 20 not with brief klist -s
sleep 3		# the server's clockskew
is "an expired ticket" "$(raw_print -a "$brief")" 'http 401'
is "an expired ticket: lp" "$(with brief lp -d Office page.png < /dev/null \
	2>&1 | grep -c 'request id')" 0
lab-wait
is "an expired ticket: no paper" "$(printed_count)" "$n_papers"

# --- the same user name in another realm --------------------------------------

is "a user of another realm" "$(raw_print -a "$(token stranger)")" \
	successful-ok
lab-wait
is "a user of another realm: holder" "$(last_event)" \
	'alice@OTHER.TEST alice@OTHER.TEST'

# cupsd compares owners without their realms.
answer=$(at ipp -c "$server" -e -a "$(token alice)" Create-Job "$office" \
	j nameWithoutLanguage MiyinLevel neibu)
job=$(sed -n 's/^job-id=//p' <<< "$answer")
is "bob cancels no job of alice" "$(at ipp -c "$server" -e \
	-a "$(token bob)" Cancel-Job "ipps://$server/jobs/$job" |
	head -n 1)" 'http 403'
is "known: who has her name in another realm does" "$(at ipp -c "$server" -e \
	-a "$(token stranger)" Cancel-Job "ipps://$server/jobs/$job" |
	head -n 1)" successful-ok

# --- names that stand in the policies -----------------------------------------

# ask NAME OPERATION [TARGET...]: the first line of the answer
ask()
{
	at ipp -c "$server" -e -a "$(token "$1")" "${@:2}" | head -n 1
}
answer=$(at ipp -c "$server" -e -a "$(token alice)" Create-Job "$office" \
	j nameWithoutLanguage MiyinLevel neibu)
job=ipps://$server/jobs/$(sed -n 's/^job-id=//p' <<< "$answer")
for who in nobody other-root; do
	is "$who of a realm: CUPS-Get-Document" "$(ask $who CUPS-Get-Document \
		"$job" o integer document-number 1)" 'http 403'
	is "$who of a realm: Set-Job-Attributes" "$(ask $who \
		Set-Job-Attributes "$job" j integer job-priority 1)" 'http 403'
done
is "known: root of another realm is an operator" \
	"$(ask other-root Cancel-Job "$job")" successful-ok
is "root of another realm: Print-Job on the device queue" "$(at ipp \
	-c "$server" -e -a "$(token other-root)" -f page.png Print-Job \
	"$office-device" | head -n 1)" client-error-not-authorized

# --- who has no ticket -------------------------------------------------

userdel "$user" 2> /dev/null
useradd -M -s /usr/sbin/nologin "$user" && echo "$user:$password" | chpasswd
# Debian's cups since the fix of CVE-2025-58060.
is "a password over TLS beside Kerberos is refused" \
	"$(raw_print -b "$user:$password" -u root)" 'http 401'
# What anybody may ask.
is "over TLS it answers" "$(at timeout 10 ipp -c "$server" -e \
	Get-Printer-Attributes "$office" 2> /dev/null | head -n 1)" \
	successful-ok
is "without TLS nothing answers" "$(at timeout 10 ipp -c "$server" \
	Get-Printer-Attributes "$office" 2> /dev/null |
	grep -c 'successful\|client-error')" 0
job=$(SUBMIT_AS=nobody submit Office page.png -o MiyinLevel=neibu)
lab-wait
is "a user of the server itself needs no ticket" "$(last_event)" \
	'nobody nobody'

done_testing
