#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A client without a driver, as IPP Everywhere and AirPrint have it: it asks
# what the queue can do, makes a document and sends it over TLS with a password.
# It has no PPD, knows no option of ours, and is in a network namespace of its
# own:
#
#   unshare -n tests/driverless.sh tests/lab/run
#
# shellcheck disable=SC2317
set -u

if [ $# -gt 0 ]; then
	ip link set lo up
	LAB_ONLY="Office Office-jimi" exec "$@" -- bash "$0"
fi
# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
conf=$CUPS_SERVERROOT/cupsd.conf
user=mi-phone
password=$(od -An -tx1 -N12 /dev/urandom | tr -d ' \n')
unshare -n sleep 1000 &
client=$!
clean_up()
{
	kill "$client"
	userdel "$user" 2> /dev/null
}
trap clean_up EXIT
userdel "$user" 2> /dev/null
useradd -M -s /usr/sbin/nologin "$user" && echo "$user:$password" | chpasswd

at() { nsenter -n -t "$client" "$@"; }
until [ "$(readlink "/proc/$client/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do
	sleep 0.05
done
ip link add to-client type veth peer name eth0 netns "$client"
ip addr add 10.231.1.1/30 dev to-client
ip link set to-client up
at ip link set lo up
at ip addr add 10.231.1.2/30 dev eth0
at ip link set eth0 up
server=10.231.1.1:$MIYIN_LAB_PORT
sed -i "/^Listen 127/a Listen $server" "$conf"
sed -i '0,/^<Location \/>/s//&\n  Allow from 10.231.1.0\/30/' "$conf"
lab-restart

# uri QUEUE: as one types it where a password is known
uri() { echo "ipps://$user:$password@$server/printers/$1"; }
# tool QUEUE TEST [ipptool options]
tool()
{
	at env -i PATH="$PATH" HOME="$PWD" LC_ALL=C.UTF-8 \
		ipptool -t "${@:3}" "$(uri "$1")" "$2" < /dev/null 2>&1
}

# --- what it sees -------------------------------------------------------------

cat > see.test <<-'END'
{
	NAME "See"
	OPERATION Get-Printer-Attributes
	GROUP operation-attributes-tag
	ATTR charset attributes-charset utf-8
	ATTR language attributes-natural-language en
	ATTR uri printer-uri $uri
	ATTR keyword requested-attributes all,media-col-database
	STATUS successful-ok
	EXPECT media-supported WITH-VALUE iso_a4_210x297mm
	EXPECT sides-supported
	EXPECT document-format-supported WITH-VALUE application/pdf
	EXPECT uri-authentication-supported
	EXPECT !MiyinLevel
	EXPECT !MiyinLevel-supported
}
END
like "it sees paper, sides and PDF, and no level" "$(tool Office see.test)" \
	'See +\[PASS\]'

# --- what it sends --------------------------------------------------------------

cat > send.test <<-'END'
{
	NAME "Create"
	OPERATION Create-Job
	GROUP operation-attributes-tag
	ATTR charset attributes-charset utf-8
	ATTR language attributes-natural-language en
	ATTR uri printer-uri $uri
	ATTR name requesting-user-name root
	ATTR name job-name letter
	GROUP job-attributes-tag
	ATTR integer copies 1
	ATTR keyword media iso_a4_210x297mm
	ATTR keyword sides one-sided
	STATUS successful-ok
	EXPECT job-id
}
{
	NAME "Send"
	OPERATION Send-Document
	GROUP operation-attributes-tag
	ATTR charset attributes-charset utf-8
	ATTR language attributes-natural-language en
	ATTR uri printer-uri $uri
	ATTR integer job-id $job-id
	ATTR name requesting-user-name root
	ATTR mimeMediaType document-format $type
	ATTR boolean last-document true
	FILE $filename
	STATUS successful-ok
}
END
cat > told.test <<-'END'
{
	NAME "Told"
	OPERATION Get-Job-Attributes
	GROUP operation-attributes-tag
	ATTR charset attributes-charset utf-8
	ATTR language attributes-natural-language en
	ATTR uri printer-uri $uri
	ATTR integer job-id $job
	ATTR name requesting-user-name root
	STATUS successful-ok
	DISPLAY job-state
	DISPLAY job-printer-state-message
}
END
gs -q -sDEVICE=pdfwrite -sPAPERSIZE=a4 -o letter.pdf -c "/Helvetica findfont
	30 scalefont setfont 100 400 moveto (A letter) show showpage"
gs -q -sDEVICE=pdfwrite -sPAPERSIZE=a4 -o letters.pdf letter.pdf letter.pdf
gs -q -sDEVICE=pwgraster -r150 -sPAPERSIZE=a4 -o letter.pwg letters.pdf
gs -q -sDEVICE=appleraster -r150 -sPAPERSIZE=a4 -o letter.urf letters.pdf
send() { tool "$1" send.test -d "type=$3" -f "$2"; }
last_job() { lpstat -W all -o "$1" | sed "s/^$1-\([0-9]*\) .*/\1/" | sort -n | tail -n 1; }
told() { tool "$1" told.test -v -d "job=$2"; }
entered() { miyin log --json | jq -r '(if type == "array" then .[] else . end) |
	select(.job_id == '"$1"') | [.event, .user, .holder, .level, .reason] |
	join(" ")'; }

like "PDF over TLS with a password" \
	"$(send Office-jimi letter.pdf application/pdf)" 'Send +\[PASS\]'
lab-wait
job=$(last_job Office-jimi)
is "PDF: paper" "$(printed_count)" 1
like "PDF: the queue's level, and who logged in" "$(entered "$job")" \
	"printed $user $user jimi"
ok "PDF: no name that the request claims" not grep -q root <(entered "$job")

like "on a queue where users choose" \
	"$(send Office letter.pdf application/pdf)" 'Send +\[PASS\]'
lab-wait
job=$(last_job Office)
is "on a queue where users choose: no paper" "$(printed_count)" 1
like "on a queue where users choose: its owner reads why" \
	"$(told Office "$job")" 'canceled.*choose a level'

# A client that draws its pages itself.
for kind in pwg:image/pwg-raster urf:image/urf; do
	name=${kind%%:*}
	clear_paper
	send Office-jimi "letter.$name" "${kind#*:}" > /dev/null
	lab-wait
	job=$(last_job Office-jimi)
	is "$name: paper" "$(printed_count)" 1
	like "$name: the queue's level, and who logged in" "$(entered "$job")" \
		"printed $user $user jimi"
	is "$name: its pages" "$(pages_of "$MIYIN_PAPER/001.pdf")" 2
	# A resolution of none, a colour of a device's own: in the first header.
	case $name in
	pwg) lies="280:0000000000000000 404:00000030" ;;
	urf) lies="32:00000000 13:63" ;;
	esac
	for lie in $lies; do
		cp "letter.$name" lie
		printf '%s' "${lie#*:}" | perl -ne 'print pack("H*", $_)' |
			dd of=lie bs=1 seek="${lie%%:*}" conv=notrunc 2> dd.log
		send Office-jimi lie "${kind#*:}" > /dev/null
		lab-wait
		job=$(last_job Office-jimi)
		is "$name, $lie in its header: no paper" "$(printed_count)" 1
		like "$name, $lie in its header: its owner reads why" \
			"$(told Office-jimi "$job")" 'canceled.*Not printed'
	done
	# In its magic, in the first page and its last byte.
	for cut in 5 300 -1; do
		head -c $cut "letter.$name" > short
		send Office-jimi short "${kind#*:}" > /dev/null
		lab-wait
		job=$(last_job Office-jimi)
		is "$name, $cut bytes of it: no paper" "$(printed_count)" 1
		like "$name, $cut bytes of it: its owner reads why" \
			"$(told Office-jimi "$job")" 'canceled.*Not printed'
	done
done
password=wrong
like "a wrong password" "$(send Office-jimi letter.pdf application/pdf)" \
	'Create +\[FAIL\].*(client-error-not-authorized|Unauthorized|not-auth)'
is "a wrong password: no job" "$(last_job Office-jimi)" "$job"

done_testing
