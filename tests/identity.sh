#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Who prints, and who gave a command: names that a client fills in.
#
#   LAB_ONLY=Office tests/lab/run -- bash tests/identity.sh
#
# shellcheck disable=SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
conf=$CUPS_SERVERROOT/printers.conf
office=ipp://localhost/printers/Office
tcp=127.0.0.1:$MIYIN_LAB_PORT
level='j nameWithoutLanguage MiyinLevel neibu'
make_qr page.png identity

# raw_print WHO [IPP OPTIONS] [-- ATTRIBUTES]: the number of a job of Office
raw_print()
{
	local who=$1 options=() answer
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	# shellcheck disable=SC2086
	answer=$(as "$who" ipp "${options[@]}" -f - Print-Job $office "$@" \
		$level j nameWithoutLanguage job-name page < page.png)
	sed -n '1p;s/^job-id=//p' <<< "$answer" | tail -n 1
}

# What the register says of a job: EVENT USER HOLDER of each line.
rows() { miyin log --json | jq -r "(if type == \"array\" then .[] else . end) | $1"; }
said()
{
	rows "select(.job_id == $1) | [.event, .user, .holder, .reason] |
		join(\" \")"
}
# Of print jobs; who protects the queue is root.
names_of() { rows 'select(.job_id != null) | .user, .holder' | sort -u; }
auth_info() { sed -n '/^<\(Default\)\?Printer Office>/,/^<\/Printer>/s/^AuthInfoRequired //p' "$conf"; }

repair() { miyin doctor --repair > /dev/null; }

# unbelieved NAME JOB: no paper, refused by name, and root is in no row
unbelieved()
{
	lab-wait
	is "$1: paper" "$(printed_count)" "$papers"
	like "$1: refused" "$(said "$2")" 'no-identity'
	ok "$1: nobody is root" not grep -qx root <(names_of)
}

# --- the scheduler's own word ------------------------------------------------

job=$(raw_print nobody -p)
lab-wait
is "somebody over the socket: paper" "$(printed_count)" 1
like "somebody over the socket: holder" "$(said "$job")" 'printed nobody nobody'
job=$(raw_print nobody -p -u root)
lab-wait
is "a name that the request claims: paper" "$(printed_count)" 2
like "a name that the request claims: holder" "$(said "$job")" \
	'printed nobody nobody'
hosts() { rows "select(.job_id == $1 and .host) | .host" | sort -u; }
job=$(raw_print nobody -p -- o nameWithoutLanguage job-originating-host-name \
	boss-pc.example)
lab-wait
is "a host that the request claims" "$(hosts "$job")" localhost
job=$(raw_print nobody -p -- j nameWithoutLanguage \
	"x job-originating-host-name" boss-pc.example)
lab-wait
is "a host within an attribute's name" "$(hosts "$job")" localhost
papers=4
is "nobody at all, over TCP" "$(raw_print nobody -c "$tcp" -u root)" 'http 401'
is "the socket's peer by another name" \
	"$(raw_print nobody -a 'PeerCred root')" 'http 401'
is "no name at all" "$(raw_print nobody -n)" 'http 401'

# --- auth-info ----------------------------------------------------------------

for required in username,password domain,username,password username \
	negotiate; do
	lpadmin -p Office -o auth-info-required=$required
	info='root|x'
	case $required in
	domain*) info='LAB|root|x' ;;
	username) info=root ;;
	esac
	job=$(raw_print nobody -p -- \
		o textWithoutLanguage auth-info "$info")
	unbelieved "auth-info under $required" "$job"
	job=$(raw_print nobody -p)
	unbelieved "no auth-info under $required" "$job"
	like "doctor sees $required" "$(miyin doctor)" \
		"Office has auth-info-required \($required\)"
done
ok "doctor --repair takes it away" repair
is "nothing of it is left, not even none" "$(auth_info)" ''
ipp -p CUPS-Add-Modify-Printer $office p keyword auth-info-required none \
	> /dev/null
is "none can be set" "$(auth_info)" none
like "doctor sees none" "$(miyin doctor)" 'auth-info-required \(none\)'
ok "doctor --repair takes none away" repair
is "nothing is left of none" "$(auth_info)" ''
job=$(raw_print nobody -p -- o textWithoutLanguage auth-info root)
lab-wait
is "auth-info where none is required: the scheduler lives" \
	"$(lpstat -r)" 'scheduler is running'
like "auth-info where none is required: holder" "$(said "$job")" \
	'printed nobody nobody'
papers=$(printed_count)

# A filter may change the queue: "ATTR: auth-info-required=…" on its stderr.
collect=$MIYIN_LAB/lib/cups/filter/miyincollect
mv "$collect" "$collect.real"
cat > "$collect" <<-END
#!/bin/sh
echo ATTR: auth-info-required=username,password >&2
exec $collect.real "\$@"
END
chmod 755 "$collect"
raw_print nobody -p > /dev/null
lab-wait
is "a filter sets auth-info-required" "$(auth_info)" username,password
papers=$(printed_count)
job=$(raw_print nobody -p -- o textWithoutLanguage auth-info 'root|x')
unbelieved "the next job, with root's name" "$job"
mv "$collect.real" "$collect"
ok "doctor --repair mends that too" repair

# --- a policy that asks nobody, and auth-info ---------------------------------

lpadmin -p Office -o printer-op-policy=default \
	-o auth-info-required=username,password
job=$(raw_print nobody -u root -- o textWithoutLanguage auth-info 'root|x')
unbelieved "owner and auth-info say root, nobody asked" "$job"
repair
job=$(raw_print nobody -u root)
unbelieved "the owner says root, nobody asked" "$job"
lpadmin -p Office -o printer-op-policy=miyin
is "doctor has nothing left to say" "$(miyin doctor)" \
	'No way around the gate was found on 1 protected queue.'

# --- subscriptions from before -------------------------------------------------

# Made while anybody could, for ever.
subscribe()
{
	as nobody ipp -u nobody Create-Printer-Subscriptions "$1" \
		s uri notify-recipient-uri "rss:///$2" \
		s keyword notify-events job-created \
		s integer notify-lease-duration 0
}
cp "$CUPS_SERVERROOT/cupsd.conf" good.conf
echo "DefaultPolicy default" >> "$CUPS_SERVERROOT/cupsd.conf"
lpadmin -p Office -o printer-op-policy=default
lab-restart
subscribe ipp://localhost/ all > /dev/null
subscribe $office office > /dev/null
cat good.conf > "$CUPS_SERVERROOT/cupsd.conf"
lpadmin -p Office -o printer-op-policy=miyin
lab-restart
like "doctor sees a subscription from before" "$(miyin doctor)" \
	'subscription [0-9]+ of nobody .*rss:///all'
is "and one to a queue" "$(miyin doctor | grep -c 'subscription')" 2
ok "doctor --repair cancels them" repair
is "they are gone" "$(ipp -p Get-Subscriptions ipp://localhost/ | head -n 1)" \
	client-error-not-found
like "now it is for operators" "$(subscribe ipp://localhost/ all | head -n 1)" \
	'http 401|client-error-forbidden'

# One to one's own job is anybody's, and the scheduler counts all jobs of its
# queue to it.
own=$(as nobody ipp -p -f page.png Print-Job $office \
	j nameWithoutLanguage MiyinLevel neibu \
	j keyword job-hold-until indefinite \
	s keyword notify-pull-method ippget s keyword notify-events job-created)
other=$(submit Office page.png -t secret -o MiyinLevel=neibu -H indefinite)
told=$(as nobody ipp -p Get-Notifications ipp://localhost/ \
	o integer notify-subscription-ids \
	"$(sed -n 's/^notify-subscription-id=//p' <<< "$own")")
like "one to one's own job may be asked" "$told" '^successful-ok'
is "it tells of no other's" "$(grep -c ^job-name <<< "$told")" 0
cancel "Office-$(sed -n 's/^job-id=//p' <<< "$own")" "$other"

# --- two names for one uid ----------------------------------------------------

useradd -M -o -u "$(id -u nobody)" -g nogroup mi-alias
trap 'userdel mi-alias 2> /dev/null' EXIT
job=$(raw_print nobody -a 'PeerCred mi-alias')
unbelieved "another name of one's own uid" "$job"
userdel mi-alias

# --- protect ------------------------------------------------------------------

lpadmin -p Info -v socket://127.0.0.1:1 -m drv:///sample.drv/generic.ppd \
	-o auth-info-required=username,password 2> /dev/null
answer=$(miyin protect Info 2>&1)
like "protect refuses a queue with auth-info-required" "$answer" \
	'cannot be protected\. .*\(auth-info-required\)'
lpadmin -p Info -o auth-info-required=none
ok "protect takes one with none" miyin protect Info
ok "and takes none away" not grep -q '^AuthInfoRequired none' \
	<(sed -n '/^<Printer Info>/,/^<.Printer>/p' "$conf")
lpadmin -p Info-device -o auth-info-required=username,password
like "doctor sees it on a device queue" "$(miyin doctor)" \
	'Info-device has auth-info-required'
miyin unprotect Info > /dev/null
lpadmin -x Info

# --- who gave a command ---------------------------------------------------------

service=$(sed -n 's/^user *= *//p' "$MIYIN_CONF_DIR/miyin.conf")
last() { rows .user | tail -n 1; }
code=7K3Q-9XMD-2FHT
miyin trace "$code" > /dev/null 2>&1
is "root" "$(last)" root
SUDO_USER=daemon miyin trace "$code" > /dev/null 2>&1
is "root by sudo, where nobody logged in" "$(last)" daemon
as "$service" env SUDO_USER=root MIYIN_CONF_DIR="$MIYIN_CONF_DIR" \
	miyin trace "$code" > /dev/null 2>&1
is "the service user cannot name another" "$(last)" "$service"
# logged_in COMMAND...: as somebody who logged in as uid 7 and became root
logged_in() { (echo 7 > /proc/self/loginuid && "$@"); }
for way in "" "env SUDO_USER=lp" "runuser -u $service -- env \
	MIYIN_CONF_DIR=$MIYIN_CONF_DIR" "runuser -u $service -- env \
	SUDO_USER=root MIYIN_CONF_DIR=$MIYIN_CONF_DIR"; do
	# shellcheck disable=SC2086
	logged_in $way miyin trace "$code" > /dev/null 2>&1
	is "lp logged in, then: ${way:-root}" "$(last)" lp
done
# Who has no login uid may choose one; what sudo says stands beside it.
logged_in env SUDO_USER=daemon miyin trace "$code" > /dev/null 2>&1
is "lp by login, daemon by sudo" "$(last)" "lp (sudo: daemon)"

done_testing
