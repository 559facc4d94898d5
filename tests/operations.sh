#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every IPP operation × who asks × over which way, at a gate queue, at a device
# queue and at the server, against what ppd/operations says:
#
#   LAB_ONLY=Office tests/lab/run -- bash tests/operations.sh
#
# shellcheck disable=SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# A line each: OPERATION KNOWN GATE DEVICE SERVER. What libcups has no name for
# is asked by its number; what CUPS does not do is nobody's.
awk '!/^#/ && NF == 5 {
	known = $3 $4 $5 == "---" ? "no" : "yes"
	print $2 ~ /^\(/ ? $1 : $2, known, $3, $4, $5
}' ppd/operations > "$MIYIN_LAB/home/table"
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
tcp=127.0.0.1:$MIYIN_LAB_PORT
service=$(sed -n 's/^user *= *//p' "$MIYIN_CONF_DIR/miyin.conf")
password=$(od -An -tx1 -N12 /dev/urandom | tr -d ' \n')
people='mi-owner mi-other mi-oper'
gone() { for p in $people; do userdel "$p"; done 2> /dev/null; }
trap gone EXIT
gone
for p in $people; do
	# A hash that is quick to check: hundreds of logins follow.
	useradd -M -s /usr/sbin/nologin "$p" &&
		echo "$p:$password" | chpasswd -c MD5
done
usermod -a -G lpadmin mi-oper

make_qr page.png operations
# Stopped queues, so that jobs stay.
printers=ipp://localhost/printers
new_queue()
{
	lpadmin -p "$1" -v socket://127.0.0.1:1 \
		-m drv:///sample.drv/generic.ppd -o printer-op-policy="$2" -E
	cupsdisable "$1"
} 2> /dev/null
new_queues()
{
	new_queue Gate miyin
	new_queue Device miyin-device
	new_queue Plain miyin-default
}
new_queues

# --- who asks ------------------------------------------------------------------

ways='nobody-tcp owner-socket owner-tcp other-socket other-tcp oper-socket
oper-tcp root-socket root-tcp'

# words_of WAY: the options of ipp
words_of()
{
	case $1 in
	nobody-tcp) options=(-c "$tcp" -u root) ;;
	root-socket) options=(-p) ;;
	# cupsd makes a new one every five minutes.
	root-tcp) options=(-c "$tcp" -a \
		"Local $(cat "$CUPS_STATEDIR/certs/0")") ;;
	*-tcp) options=(-c "$tcp" -u root -b "mi-${1%-tcp}:$password") ;;
	service-socket) options=(-w "$service" -p) ;;
	*-socket) options=(-w "mi-${1%-socket}" -u root -p) ;;
	esac
}

# ask WAY ARGUMENTS OF ipp...
ask()
{
	words_of "$1"
	ipp "${options[@]}" "${@:2}" < /dev/null
}

# may WAY RIGHT: does the table let him?
may()
{
	case $2:$1 in
	anyone:* | login:[!n]*) ;;
	owner-alone:owner-* | owner:owner-* | owner:oper-* | owner:root-*) ;;
	operator:oper-* | operator:root-*) ;;
	service:service-* | service-operator:service-*) ;;
	service-operator:oper-* | service-operator:root-*) ;;
	*) return 1 ;;
	esac
}

# --- what is asked -------------------------------------------------------------

job=
subscription=
event='s keyword notify-pull-method ippget s keyword notify-events job-state-changed'

# One job of the owner (at the device queue: of the service user), held, and
# one subscription to it.
prepare()
{
	local who=owner queue=Gate answer
	local place_path=printers/Gate
	case $place in
	device) who=service queue=Device place_path=printers/Device ;;
	server) queue=Plain place_path= ;;
	esac
	# shellcheck disable=SC2086
	answer=$(ask $who-socket Create-Job "$printers/$queue" \
		j keyword job-hold-until indefinite $event)
	job=$(sed -n 's/^job-id=//p' <<< "$answer")
	# Of a job's own subscription there is nothing to renew.
	if [ $place = server ] || [ "$operation" = Renew-Subscription ]; then
		# shellcheck disable=SC2086
		answer=$(ask oper-socket Create-Printer-Subscriptions \
			"${printers%printers}${place_path}" $event)
	fi
	subscription=$(sed -n 's/^notify-subscription-id=//p' <<< "$answer")
}

# request OPERATION: the URI and the attributes
request()
{
	local queue=Gate
	[ $place != device ] || queue=Device
	case $1 in
	Send-Document) set -- "ipp://localhost/jobs/$job" \
		o boolean last-document true ;;
	CUPS-Get-Document) set -- "ipp://localhost/jobs/$job" \
		o integer document-number 1 ;;
	CUPS-Move-Job) set -- "ipp://localhost/jobs/$job" \
		j uri job-printer-uri "$printers/Plain" ;;
	Set-Job-Attributes) set -- "ipp://localhost/jobs/$job" \
		j integer job-priority 60 ;;
	Cancel-Job | Get-Job-Attributes | Hold-Job | Release-Job | \
		Restart-Job | CUPS-Authenticate-Job)
		set -- "ipp://localhost/jobs/$job" ;;
	Close-Job) set -- "$printers/$queue" o integer job-id "$job" ;;
	Renew-Subscription | Cancel-Subscription | \
		Get-Subscription-Attributes)
		set -- "$printers/$queue" o integer \
			notify-subscription-id "$subscription" ;;
	Get-Notifications) set -- "$printers/$queue" o integer \
		notify-subscription-ids "$subscription" ;;
	Create-*-Subscriptions) set -- "$printers/$queue" \
		s uri notify-recipient-uri rss:///mine \
		s keyword notify-events job-created ;;
	CUPS-Add-Modify-*) set -- "$printers/$queue" \
		p textWithoutLanguage printer-info changed ;;
	CUPS-Create-Local-Printer) set -- ipp://localhost/ \
		p nameWithoutLanguage printer-name mine \
		p uri device-uri socket://127.0.0.1:1 ;;
	CUPS-Get-PPD) set -- "$printers/$queue" ;;
	*) set -- "$printers/$queue" ;;
	esac
	if [ $place = server ] && [[ $1 != */jobs/* ]]; then
		case $operation in
		CUPS-Add-Modify-Printer) set -- "$printers/New" "${@:2}" ;;
		CUPS-Add-Modify-Class)
			set -- ipp://localhost/classes/NewClass "${@:2}" ;;
		CUPS-Delete-Class) set -- ipp://localhost/classes/NewClass ;;
		CUPS-Delete-* | CUPS-Set-Default) set -- "$printers/Plain" ;;
		*) set -- ipp://localhost/ "${@:2}" ;;
		esac
	fi
	words=("$@")
}

# Before it asks the policy of Restart-Job the scheduler looks for the job's
# files, and none are kept.
denied()
{
	local refused='http (401|403|426)|client-error-(forbidden|not-authorized)'
	[ "$operation" != Restart-Job ] || refused+='|client-error-not-possible'
	[[ $1 =~ ^($refused) ]]
}

# Only operators have subscriptions to a queue or a server.
right_of()
{
	if [ "$1" = owner ] && { [ $place = server ] ||
		[ "$operation" = Renew-Subscription ]; }; then
		echo operator
	else
		echo "$1"
	fi
}

# The answers to several ways of the operation, a line each.
asked()
{
	local way file=()
	[ "$operation" != Print-Job ] || file=(-f page.png)
	for way; do
		words_of "$way"
		(IFS=$'\t'; echo "${options[*]}${file[*]+	${file[*]}}	$operation	${words[*]}")
	done | ipp -m
}

# try RIGHT: every way of one operation at one place, the denied ones first
try()
{
	local right way answer wrong="" let=() deny=() answers
	right=$(right_of "$1")
	for way in $ways service-socket; do
		if may "$way" "$right"; then
			let+=("$way")
		elif [ "$way" != service-socket ]; then
			deny+=("$way")
		fi
	done
	mapfile -t answers < <(asked "${deny[@]}")
	for way in "${deny[@]}"; do
		denied "${answers[0]:-}" || wrong+="$way: ${answers[0]:-}; "
		answers=("${answers[@]:1}")
	done
	mapfile -t answers < <(allowed "${let[@]}")
	for way in "${let[@]}"; do
		answer=${answers[0]:-}
		[ -n "$answer" ] && ! denied "$answer" ||
			wrong+="$way: ${answer:-no answer}; "
		answers=("${answers[@]:1}")
	done
	is "$place: $operation is $right's" "$wrong" ''
}

# Nothing may be left of a job, or of a subscription, for the next one.
allowed()
{
	local way
	case $operation in
	*-Delete-*)
		for way; do
			new_queues
			asked "$way"
		done
		new_queues ;;
	# Else they would take no more jobs.
	Disable-Printer | *-Reject-Jobs | Resume-Printer | *-New-Jobs)
		asked "$@"
		new_queues ;;
	*Cancel-* | Purge-* | Re* | Hold-Job | Send-* | Close-*)
		for way; do
			prepare
			request "$operation"
			asked "$way"
		done ;;
	*) [ $# = 0 ] || asked "$@" ;;
	esac
}

# For a part: names of operations as arguments.
if [ $# -gt 0 ]; then
	grep -E "^($(IFS='|'; echo "$*")) " table > part && mv part table
fi
# shellcheck disable=SC2034
while read -r operation known gate device server; do
	if [ "$known" = no ]; then
		words=("$printers/Gate")
		no="server-error-operation-not-supported"
		is "$operation is not known" \
			"$(asked nobody-tcp root-socket)" "$no"$'\n'"$no"
	else
		for place in gate device server; do
			[ "${!place}" != as-before ] || continue
			# Nobody looks at a queue's policy for these.
			case $place:$operation in
			gate:CUPS-Get-Document | device:CUPS-Get-Document) ;;
			gate:CUPS-*-Class | device:CUPS-*-Class) continue ;;
			server:* | *:[!C]* | *:C[!U]* | *:CUPS-A* | \
				*:CUPS-R* | *:CUPS-Set-* | *:CUPS-Move-* | \
				*:CUPS-Delete-* | *:CUPS-Get-PPD) ;;
			*) continue ;;
			esac
			job=
			prepare
			request "$operation"
			try "${!place}"
		done
	fi
done < table
[ $# -gt 0 ] || ok "all operations were tried" [ "$n_passed" -ge 100 ]

# --- what it is for --------------------------------------------------------------

lpadmin -x New 2> /dev/null
lpadmin -x NewClass 2> /dev/null
for q in Gate Device; do
	lpadmin -x $q 2> /dev/null
done
title=geheimer-titel
secret=$(SUBMIT_AS=mi-owner submit Office page.png -H hold -t $title)
secret=${secret##*-}
claims='o keyword requested-attributes all'
for name in root mi-owner "$service"; do
	for uri in ipp://localhost/ $printers/Office; do
		# shellcheck disable=SC2086
		answer=$(ipp -c "$tcp" -u "$name" Get-Jobs "$uri" $claims)
		ok "titles by a claimed name: $name, $uri" \
			not grep -q $title <<< "$answer"
	done
	# shellcheck disable=SC2086
	answer=$(ipp -c "$tcp" -u "$name" Get-Job-Attributes \
		"ipp://localhost/jobs/$secret" $claims)
	ok "a job's title by a claimed name: $name" \
		not grep -q $title <<< "$answer"
done
# shellcheck disable=SC2086
answer=$(ask other-tcp Get-Jobs ipp://localhost/ $claims)
ok "another who logged in sees no title" not grep -q $title <<< "$answer"
# shellcheck disable=SC2086
answer=$(ask owner-tcp Get-Jobs ipp://localhost/ $claims)
ok "its owner does" grep -q $title <<< "$answer"
ok "lpstat works for users" as mi-other lpstat -o Office
like "the owner cancels all of his" "$(ask owner-socket Cancel-My-Jobs \
	$printers/Office)" '^successful-ok'
is "and it is canceled" "$(job_state "Office-$secret")" canceled

# An administrator's own queue asks nobody, as before.
cupsenable Plain
answer=$(ipp -c "$tcp" -u somebody -f page.png Print-Job $printers/Plain)
like "a queue with the administrator's policy takes jobs from all" \
	"$answer" '^successful-ok'
lpadmin -p Late -v socket://127.0.0.1:1 \
	-m drv:///sample.drv/generic.ppd -E 2> /dev/null
answer=$(ipp -c "$tcp" -u somebody -f page.png Print-Job $printers/Late)
like "so does one that was added later" "$answer" '^successful-ok'
cancel -a Plain Late

done_testing
