#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# miyin protect, unprotect and doctor on a private print server:
#
#   LAB_UNPROTECTED=1 tests/lab/run -- bash tests/protect.sh
#
# Holes are dug and mended by eval:
# shellcheck disable=SC2016,SC2034,SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
export LC_ALL=C.UTF-8
conf=$CUPS_SERVERROOT/cupsd.conf
state=$MIYIN_LAB/var/miyin
before=$MIYIN_LAB/before
queues='Office Pcl Ps'
service=$(sed -n 's/^user *= *//p' "$MIYIN_CONF_DIR/miyin.conf")
mkdir -p "$before"

# "all" would leave the policies out.
cat > "$MIYIN_LAB/attributes.test" <<'END'
{
	OPERATION Get-Printer-Attributes
	GROUP operation-attributes-tag
	ATTR charset attributes-charset utf-8
	ATTR naturalLanguage attributes-natural-language en
	ATTR uri printer-uri $uri
	STATUS successful-ok
}
END

# Everything the scheduler says of a queue, but for clocks and counters.
attributes()
{
	ipptool -tv "ipp://127.0.0.1:$MIYIN_LAB_PORT/printers/$1" \
		"$MIYIN_LAB/attributes.test" |
		grep -v -e '-time' -e printer-uuid -e printer-state-message |
		sed '1,/status-code/d' | sort
}

attribute() { attributes "$1" | sed -n "s/^ *$2 ([^)]*) = //p"; }
ppd_of() { cat "$CUPS_SERVERROOT/ppd/$1.ppd"; }
snapshot()
{
	attributes "$1" > "$2/$1.attributes"
	ppd_of "$1" > "$2/$1.ppd"
	lpoptions -p "$1" -l > "$2/$1.options"
}
same() { diff -u "$1" "$2"; }
has() { grep -qF -- "$2" <<< "$1"; }
n_fails() { cupstestppd -W translations,filters "$1" | grep -c FAIL; }
# As deviceuri.h says.
wrapped() { printf 'miyindevice%s#%s\n' "${1#"${1%%:*}"}" "${1%%:*}"; }

uri_of() { LC_ALL=C lpstat -v "$1" | sed 's/^device for [^:]*: //'; }
events() { miyin log --json | grep -c "\"$1\""; }

# refused NAME REGEX COMMAND...: fails, in one line that says why
refused()
{
	local answer
	if answer=$("${@:3}" 2>&1); then
		fail "$1" "it succeeded: $answer"
	elif [ "$(wc -l <<< "$answer")" != 1 ]; then
		fail "$1" "more than a line: $answer"
	else
		like "$1" "$answer" "$2"
	fi
}

# hole NAME REGEX DIG MEND: doctor sees it, and nothing when it is mended
hole()
{
	local seen
	eval "$3" > "$MIYIN_LAB/log/hole" 2>&1
	if seen=$(miyin doctor 2> /dev/null); then
		fail "$1" "doctor found nothing"
	elif [ "$(wc -l <<< "$seen")" != 1 ]; then
		fail "$1" "more than a line: $seen"
	else
		like "$1" "$seen" "$2"
	fi
	eval "$4" > "$MIYIN_LAB/log/hole" 2>&1
	seen=$(miyin doctor 2> /dev/null) || fail "$1: mended" "$seen"
}

# --- before ---------------------------------------------------------------

# The lab allows file: devices, which is a hole.
sed -i 's/^FileDevice .*/FileDevice No/' "$CUPS_SERVERROOT/cups-files.conf"
lab-restart
# Not only defaults, so that giving them back means something.
lpadmin -p Pcl -o printer-is-shared=false -o printer-error-policy=retry-job \
	-o printer-op-policy=authenticated -L 'Room 1 / 一号楼' \
	-o job-sheets-default=standard,none -o number-up-default=2 2>/dev/null
lpadmin -p Ps -D 'The "old" one' -o Resolution=600dpi -o media-default=A5 \
	-o printer-error-policy=stop-printer 2>/dev/null
cp "$conf" "$before/cupsd.conf"
page=$before/page.png
make_qr "$page" protect

# The way of a program that does not go through lp: ask OPERATION JOB
ask=$MIYIN_LAB/bin/ask
cc -o "$ask" -x c - -lcups <<'END' || exit
#include <cups/cups.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv)
{
	char uri[1024];
	ipp_t *request = ippNewRequest(ippOpValue(argv[1]));
	snprintf(uri, sizeof(uri), "ipp://localhost/jobs/%s",
		 strrchr(argv[argc - 1], '-') + 1);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "job-uri", NULL,
		     uri);
	ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER,
		      "document-number", 1);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL, cupsUser());
	ippAddString(request, IPP_TAG_JOB, IPP_TAG_URI, "job-printer-uri",
		     NULL, "ipp://localhost/printers/Office-jimi");
	ippDelete(cupsDoRequest(CUPS_HTTP_DEFAULT, request, "/"));
	puts(ippErrorString(cupsLastError()));
	return 0;
}
END
old_job=$(submit Office "$page")
lab-wait
clear_paper
for q in $queues; do snapshot "$q" "$before"; done

# --- refusals ---------------------------------------------------------------

lpadmin -p Raw -v socket://127.0.0.1:1 -m raw -E 2>/dev/null
lpadmin -p Ps -c Class
refused "no such queue" 'There is no queue "Nowhere"' miyin protect Nowhere
refused "a class" 'is a class' miyin protect Class
refused "a queue without PPD" 'no driver' miyin protect Raw
refused "no such scheme" \
	'no marking scheme "none" in .*; there is cn-company, .*, us\.' \
	miyin protect Ps --scheme none
refused "a path for a scheme" 'no marking scheme' \
	miyin protect Ps --scheme ../../etc/passwd
sed '0,/^text = {mark}/s//text = 𓀀 {mark}/' \
	"$MIYIN_CONF_DIR/schemes/cn-work.scheme" \
	> "$MIYIN_CONF_DIR/schemes/nofont.scheme"
refused "a scheme that the fonts here cannot write" 'No font here has "𓀀"' \
	miyin protect Ps --scheme nofont
refused "no such level" 'no level "oops"' miyin protect Ps --level oops
refused "two queues" 'Name one queue' miyin protect Ps Pcl
refused "not protected" 'is not protected' miyin unprotect Ps
refused "not protected, by a path" 'is not protected' miyin unprotect ..
refused "somebody else than root" '' as nobody miyin protect Ps
lpadmin -x Raw
lpadmin -x Class
held=$(submit Ps "$page" -H hold)
refused "jobs that wait" 'unfinished jobs' miyin protect Ps
cancel "$held"
ok "protect has a help" has "$(miyin protect --help)" '--scheme=SCHEME'
ok "unprotect has a help" has "$(miyin unprotect --help)" '--force'
ok "doctor has a help" has "$(miyin doctor --help)" '--repair'

# A register that cannot be written is the last thing to go wrong.
mkdir "$MIYIN_LAB/aside"
mv "$state"/register.db* "$MIYIN_LAB/aside" 2>/dev/null
mkdir "$state/register.db"
refused "a register and no keys" 'keys .* are lost; restore the backup' \
	miyin protect Ps
printf '[keys]\ncurrent = 1\n1 = %064d\n' 7 > "$state/keys"
chown "$service" "$state/keys"
chmod 400 "$state/keys"
refused "no register" 'Nothing was changed' miyin protect Ps
rmdir "$state/register.db"
rm -f "$state/keys"
mv "$MIYIN_LAB"/aside/* "$state" 2>/dev/null
snapshot Ps "$MIYIN_LAB/aside"
for part in attributes ppd options; do
	ok "undone: $part" same "$before/Ps.$part" "$MIYIN_LAB/aside/Ps.$part"
done
ok "undone: cupsd.conf" same "$before/cupsd.conf" "$conf"
ok "undone: no device queue" not lpstat -v Ps-device 2>/dev/null
is "undone: nothing is saved" "$(ls "$state/protected")" ''
is "doctor before anything is protected" "$(miyin doctor)" \
	'No way around the gate was found on 0 protected queues.'

# --- protect --------------------------------------------------------------

for q in $queues; do
	ok "protect $q" has "$(miyin protect "$q")" "$q is protected"
	options=$(lpoptions -p "$q" -l)
	for option in MiyinLevel MiyinPeriod MiyinDocument MiyinHolders \
		MiyinApprover MiyinScope MiyinControl; do
		ok "$q has $option" has "$options" "$option/"
	done
	ok "$q asks for the level" has "$options" \
		'MiyinLevel/Classification: *Unset juemi jimi mimi neibu'
	grep -v ^Miyin <<< "$options" > "$MIYIN_LAB/aside/$q.options"
	# A draft is too light for the marks.
	sed '/^cupsPrintQuality/s/ Draft//' "$before/$q.options" \
		> "$MIYIN_LAB/aside/$q.before"
	ok "$q keeps its options and defaults" \
		same "$MIYIN_LAB/aside/$q.before" "$MIYIN_LAB/aside/$q.options"
	like "$q leads to the device queue" "$(uri_of "$q")" \
		"^miyin:/$q-device\?scheme=cn-gb9704$"
	is "$q: policy" "$(attribute "$q" printer-op-policy)" miyin
	is "$q: error policy" "$(attribute "$q" printer-error-policy)" \
		abort-job
	is "$q: no banner" "$(attribute "$q" job-sheets-default)" none,none
	is "$q-device has the printer, behind the guard" \
		"$(uri_of "$q-device")" "$(wrapped "$(sed -n \
			's/.*device-uri (uri) = //p' "$before/$q.attributes")")"
	ppd_of "$q-device" | sed -e '/^\*cupsFilter2: "application\/pdf application\/octet-stream 0 -"$/d' \
		-e '/^\*%miyin-monitor: none$/d' -e 's/^\*%miyin: //' \
		> "$MIYIN_LAB/aside/$q.ppd"
	ok "$q-device has the PPD, and leaves its programs to the guard" \
		same "$before/$q.ppd" "$MIYIN_LAB/aside/$q.ppd"
	is "$q: the gate's PPD has no new fault" \
		"$(n_fails "$CUPS_SERVERROOT/ppd/$q.ppd")" \
		"$(n_fails "$before/$q.ppd")"
	refused "$q twice" 'protected already' miyin protect "$q"
	refused "$q-device" 'is the device queue' miyin protect "$q-device"
done
is "Pcl keeps a default of the server" \
	"$(attribute Pcl number-up-default)" 2
is "what is saved is the service's alone" \
	"$(stat -c '%U %a' "$state" "$state/protected/Ps" | sort -u)" \
	"$service 700"
is "every protection is in the register" "$(events protect)" 3

# --- policies ---------------------------------------------------------------

is "people do not see device queues" \
	"$(as nobody lpstat -e | sort | tr '\n' ' ')" \
	'Office Office-jimi Pcl Ps '
for user in nobody root; do
	SUBMIT_AS=$user
	refused "$user cannot print on Office-device" 'orbidden|not|Unauth' \
		try_lp Office-device "$page"
done
before_papers=$(printed_count ps)
job=$(SUBMIT_AS=$service submit Ps-device "$page")
lab-wait
is "the service can, but not without a copy in the register" \
	"$(job_state "$job")" canceled
is "and nothing came out" "$(printed_count ps)" "$before_papers"
SUBMIT_AS=nobody
job=$(submit Office "$page" -H hold)
ok "nobody can print on Office" [ -n "$job" ]
other=$(SUBMIT_AS=nobody submit Office "$page" -H hold)
for op in Hold-Job Release-Job; do
	like "$op is not another's" "$(as lp "$ask" $op "$other")" \
		'client-error-(forbidden|not-authorized)'
	is "$op is the owner's" "$(as nobody "$ask" $op "$other")" successful-ok
done
for op in Restart-Job Set-Job-Attributes CUPS-Move-Job CUPS-Get-Document; do
	like "$op is nobody's" "$("$ask" $op "$job")" \
		'client-error-(forbidden|not-authorized|not-possible)'
done
unset SUBMIT_AS
refused "nobody else may cancel it" '' as lp cancel "$job"
ok "the administrator may look" has "$(lpstat -W not-completed Office)" nobody
refused "nobody may change it" orbidden as nobody lp -i "$job" -n 4
refused "root may not change it" orbidden lp -i "$job" -n 4
refused "root may not move it" orbidden lpmove "$job" Office-jimi
ok "its owner may cancel it" as nobody cancel "$job"
refused "root may not restart it" 'no files' lp -i "$job" -H restart
refused "nor a job from before" 'no files|orbidden' \
	lp -i "$old_job" -H restart

cat > "$MIYIN_LAB/print.test" <<'END'
{
	OPERATION Print-Job
	GROUP operation-attributes-tag
	ATTR charset attributes-charset utf-8
	ATTR naturalLanguage attributes-natural-language en
	ATTR uri printer-uri $uri
	ATTR name requesting-user-name root
	FILE $filename
	STATUS successful-ok
}
END
printers=ipp://127.0.0.1:$MIYIN_LAB_PORT/printers
held=$(submit Office "$page" -H hold)
other=$(submit Office-jimi "$page" -H hold)
for job in "$held" "$other"; do
	is "root cannot fetch the document of ${job%-*}" \
		"$("$ask" CUPS-Get-Document "$job")" client-error-forbidden
	cancel "$job"
done
for q in Office Office-device; do
	answer=$(as nobody ipptool -t -f "$page" "$printers/$q" \
		"$MIYIN_LAB/print.test" < /dev/null)
	like "nobody as root over TCP at $q" "$answer" 'FAIL'
done
lab-wait
is "no paper came of all this" "$(printed_count)" 0

# --- doctor -----------------------------------------------------------------

scheme=$MIYIN_CONF_DIR/schemes/cn-gb9704.scheme
cp "$scheme" "$scheme.good"
hole "a mark that no font has" 'no font here has "𓀀" of scheme cn-gb9704' \
	"sed -i '0,/^text = {serial}/s//text = 𓀀 {serial}/' $scheme" \
	"cp $scheme.good $scheme"
hole "a broken scheme" 'scheme cannot be used: .*cn-gb9704.scheme' \
	"sed -i '0,/^rank = 4/s//rank = high/' $scheme" \
	"mv $scheme.good $scheme"
is "doctor finds nothing" "$(miyin doctor 2> /dev/null)" \
	'No way around the gate was found on 3 protected queues.'
policy=$MIYIN_CONF_DIR/policy.conf
cp -p "$policy" "$policy.good"
hole "a policy that the service cannot read" \
	"which prints, cannot read $policy, so nothing is printed" \
	'chown root:root "$policy"; chmod 600 "$policy"' \
	'cp -p "$policy.good" "$policy"'
mode=$(stat -c %a "$scheme")
hole "a scheme that the service cannot read" \
	"which prints, cannot read $scheme, so nothing is printed" \
	'chmod 600 "$scheme"' "chmod $mode $scheme"
# A level that the office does not use was to be taken out.
sed -i '/^\[level juemi\]/,/^$/d' "$policy"
like "a level that is in no use is said, and is no hole" \
	"$(miyin doctor 2>&1)" "no group \[level juemi\].*No way around"
cp -p "$policy.good" "$policy"
like "doctor speaks of ps" "$(miyin doctor 2>&1)" 'with ps; mount /proc with'
ok "but not where it is closed" not has "$(unshare -m sh -c 'mount \
	-t proc -o hidepid=2 proc /proc && exec miyin doctor' 2>&1)" 'with ps;'
pcl=$(sed -n 's/.*device-uri (uri) = //p' "$before/Pcl.attributes")
ps=$(uri_of Ps-device)
hole "another queue on the printer" 'Direct prints on the device of Pcl-dev' \
	'lpadmin -p Direct -v "$pcl" -m raw -E' 'lpadmin -x Direct'
hole "a class with a gate" 'class Klass contains Office,' \
	'lpadmin -p Office -c Klass' 'lpadmin -x Klass'
hole "a class with a device queue" 'class Klass contains Office-device' \
	'lpadmin -p Office-device -c Klass' 'lpadmin -x Klass'
hole "a gate's policy" 'Office has the policy default and not miyin,' \
	'lpadmin -p Office -o printer-op-policy=default' \
	'lpadmin -p Office -o printer-op-policy=miyin'
hole "a device queue's policy" 'Ps-device has the policy default' \
	'lpadmin -p Ps-device -o printer-op-policy=default' \
	'lpadmin -p Ps-device -o printer-op-policy=miyin-device'
hole "a gate's error policy" 'Office has the error policy retry-job' \
	'lpadmin -p Office -o printer-error-policy=retry-job' \
	'lpadmin -p Office -o printer-error-policy=abort-job'
hole "a device queue's error policy" 'Ps-device has the error policy stop' \
	'lpadmin -p Ps-device -o printer-error-policy=stop-printer' \
	'lpadmin -p Ps-device -o printer-error-policy=abort-job'
hole "a shared device queue" 'Ps-device is shared' \
	'lpadmin -p Ps-device -o printer-is-shared=true' \
	'lpadmin -p Ps-device -o printer-is-shared=false'
hole "a device queue on another printer" 'sends to socket://127.0.0.1:1 and' \
	'lpadmin -p Ps-device -v socket://127.0.0.1:1' \
	'lpadmin -p Ps-device -v "$ps"'
gate=$(uri_of Ps)
hole "a gate that leads elsewhere" 'Ps does not send to Ps-device' \
	'lpadmin -p Ps -v socket://127.0.0.1:1' 'lpadmin -p Ps -v "$gate"'
ppd_of Ps > "$MIYIN_LAB/gate.ppd"
hole "a gate with the printer's PPD" 'PPD of Ps does not send everything' \
	'lpadmin -p Ps -P "$before/Ps.ppd"' \
	'lpadmin -p Ps -P "$MIYIN_LAB/gate.ppd"'
# A driver package that brings a converter of its own.
more=$CUPS_SERVERROOT/more.convs
printf '%s\n' "image/x-strange application/x-drawing 5 strange" \
	"application/x-drawing application/pdf 5 drawing" > "$more"
like "a type that the server converts itself" "$(miyin doctor)" \
	'server converts application/x-drawing, image/x-strange itself before Ps'
lpadmin -p More -v socket://127.0.0.1:1 -m drv:///sample.drv/generic.ppd -E
ok "a gate that is made then" miyin protect More
for type in application/x-drawing image/x-strange; do
	ok "it takes $type itself" \
		has "$(ppd_of More)" "\"$type application/vnd.miyin "
done
ok "and doctor has nothing to say of it" \
	test -z "$(miyin doctor | grep 'converts .* More')"
ok "and taken back" miyin unprotect More
lpadmin -x More
rm "$more"
hole "a gate without PPD" 'Ps has lost its PPD' \
	'lpadmin -p Ps -m raw' 'lpadmin -p Ps -P "$MIYIN_LAB/gate.ppd"'
ppd_of Ps-device > "$MIYIN_LAB/device.ppd"
hole "a device queue with the gate's PPD" 'Ps-device has not its printer' \
	'lpadmin -p Ps-device -P "$MIYIN_LAB/gate.ppd"' \
	'lpadmin -p Ps-device -P "$MIYIN_LAB/device.ppd"'
hole "a device queue that runs its driver itself" \
	'Ps-device has not its printer' \
	'lpadmin -p Ps-device -P "$before/Ps.ppd"' \
	'lpadmin -p Ps-device -P "$MIYIN_LAB/device.ppd"'
hole "another queue with a policy of its own" \
	'Plain has the policy default, through which' \
	'lpadmin -p Plain -v socket://127.0.0.1:1 -m raw -E \
		-o printer-op-policy=default' \
	'miyin doctor --repair && lpadmin -x Plain'
hole "a gate with another level" 'was protected as .* and is .*=neibu now' \
	'fixed=$(uri_of Ps); lpadmin -p Ps -v "$fixed&level=neibu"' \
	'lpadmin -p Ps -v "$fixed"'
hole "a paused gate" 'Office is paused' 'cupsdisable Office' \
	'cupsenable Office'
hole "a device queue that takes no jobs" 'Ps-device takes no jobs' \
	'cupsreject Ps-device' 'cupsaccept Ps-device'
rules=$MIYIN_CONF_DIR/policy.conf
hole "no policy" 'the policy cannot be used: .*policy.conf' \
	'mv "$rules" "$rules.away"' 'mv "$rules.away" "$rules"'
hole "a full-width comma in the policy" \
	'the policy cannot be used: .*policy.conf:[0-9]+: \[level jimi\] users: write ","' \
	'sed -i.good "/^\[level jimi\]/,/^\[/s/^users = .*/users = root，lp/" "$rules"' \
	'mv "$rules.good" "$rules"'
hole "a group of the policy twice" \
	'the policy cannot be used: .*policy.conf:[0-9]+: \[budget\] stands here a second' \
	'cp "$rules" "$rules.good"; echo "[budget]" >> "$rules"' \
	'mv "$rules.good" "$rules"'
hole "a user that nobody knows" \
	'policy.conf:[0-9]+: \[level jimi\] users: there is no user "nosuch"' \
	'sed -i.good "/^\[level jimi\]/,/^\[/s/^users = .*/users = root,nosuch/" "$rules"' \
	'mv "$rules.good" "$rules"'
hole "a queue that is not protected" \
	'policy.conf:[0-9]+: \[level jimi\] queues: no protected queue is called "Ofice"' \
	'sed -i.good "/^\[level jimi\]/,/^\[/s/^queues = .*/queues = Ofice/" "$rules"' \
	'mv "$rules.good" "$rules"'
hole "more copies a job than a document" \
	'policy.conf:[0-9]+: \[level jimi\] copies-per-job is 9' \
	'sed -i.good "/^\[level jimi\]/,/^\[/s/^copies-per-job = .*/copies-per-job = 9/" "$rules"' \
	'mv "$rules.good" "$rules"'
sed -i.good "/^carried-codes/d" "$rules"
like "a policy of an older version: doctor names the key and each group" \
	"$(miyin doctor 2> /dev/null | grep lack)" \
	'lack carried-codes, .*: [0-9]+(, [0-9]+)+; add to each a line such as carried-codes = refuse$'
mv "$rules.good" "$rules"
hole "a scheme that no queue has" \
	'scheme uk, which no queue has, cannot be used: .*uk.scheme:2: ' \
	'sed -i.good "2s/.*/titel = x/" "$MIYIN_CONF_DIR/schemes/uk.scheme"' \
	'mv "$MIYIN_CONF_DIR/schemes/uk.scheme.good" "$MIYIN_CONF_DIR/schemes/uk.scheme"'
sed -i.good 's/^\[level uk-s\]/[level uks]/' "$rules"
like "a level of no scheme is remarked" "$(miyin doctor 2>&1 > /dev/null)" \
	'policy.conf:[0-9]+: no scheme has a level of the id "uks"'
mv "$rules.good" "$rules"
hole "a gate that protect did not make" 'Odd was not made by miyin' \
	'lpadmin -p Odd -E -v "miyin:/Office-device?scheme=cn-gb9704" \
		-P "$MIYIN_LAB/gate.ppd" -o printer-op-policy=miyin \
		-o printer-error-policy=abort-job' \
	'lpadmin -x Odd'
cp "$conf" "$MIYIN_LAB/good.conf"
mend='cat "$MIYIN_LAB/good.conf" > "$conf"'
hole "spool files are kept" 'does not say PreserveJobFiles No' \
	'echo "PreserveJobFiles Yes" >> "$conf"' "$mend"
hole "events are kept" 'does not say MaxEvents 0' \
	'echo "MaxEvents 50" >> "$conf"' "$mend"
hole "a scheduler with few places" 'says MaxJobs 20, and where so few' \
	'echo "MaxJobs 20" >> "$conf"' "$mend"
fill()
{
	echo "MaxJobs 100" >> "$conf"
	lab-restart
	for i in {1..81}; do
		submit Plain "$page" -H hold
	done
}
empty()
{
	cancel -a Plain
	lpadmin -x Plain
	cat "$MIYIN_LAB/good.conf" > "$conf"
	lab-restart
}
lpadmin -p Plain -v socket://127.0.0.1:1 -m drv:///sample.drv/generic.ppd -E
hole "a scheduler that is almost full" \
	'has 81 jobs that are not finished and takes 100, and' fill empty
hole "another default policy" \
	'outside the miyin block of cupsd.conf .*\(default: JobPrivateValues\)' \
	'echo "DefaultPolicy default" >> "$conf"' "$mend"
hole "a second policy of our name" \
	'outside the miyin block of cupsd.conf .*\(miyin: Restart-Job\)' \
	'printf "%s\n" "<Policy miyin>" "<Limit Restart-Job>" \
		"Require valid-user" "</Limit>" "</Policy>" >> "$conf"' "$mend"
hole "an altered block" 'block of cupsd.conf was altered' \
	'sed -i "/^# miyin begin/,\$s/valid-user/user @SYSTEM/" "$conf"' \
	'miyin doctor --repair'
ok "repaired byte for byte" same "$MIYIN_LAB/good.conf" "$conf"
cat "$before/cupsd.conf" > "$conf"
ok "a lost block" has "$(miyin doctor)" 'has no miyin block'
ok "repaired again" has "$(miyin doctor --repair)" "No way around"
ok "again byte for byte" same "$MIYIN_LAB/good.conf" "$conf"
files=$CUPS_SERVERROOT/cups-files.conf
hole "file devices" 'says FileDevice Yes' \
	'sed -i "s/^FileDevice No/FileDevice Yes/" "$files"' \
	'sed -i "s/^FileDevice Yes/FileDevice No/" "$files"'
hole "filters of the service user" "says User $service" \
	'sed -i.good "s/^User .*/User $service/" "$files"' \
	'mv "$files.good" "$files"'
number=$(id -u "$service")
hole "filters of the service user, by its number" "says User $number" \
	'sed -i.good "s/^User .*/User $number/" "$files"' \
	'mv "$files.good" "$files"'
numbers=$(id -g "$service")
hole "filters of the service user's group, by its number" \
	"says Group $numbers," \
	'sed -i.good "s/^Group .*//; \$a Group $numbers" "$files"' \
	'mv "$files.good" "$files"'
hole "a cups-files.conf that cannot be read" \
	'cups-files.conf could not be looked at' \
	'mv "$files" "$files.good"; mkdir "$files"' \
	'rmdir "$files"; mv "$files.good" "$files"'
hole "a log for everybody" 'says LogFilePerm 0644' \
	'echo "LogFilePerm 0644" >> "$files"' 'sed -i "\$d" "$files"'
hole "other code in the scheduler's programs" 'says SetEnv  LD_PRELOAD' \
	'echo "SetEnv  LD_PRELOAD /x.so" >> "$files"' 'sed -i "\$d" "$files"'
hole "other rules in the scheduler's programs" 'says SetEnv MIYIN_CONF_DIR' \
	'echo "SetEnv MIYIN_CONF_DIR /x" >> "$files"' 'sed -i "\$d" "$files"'
saved=$state/protected/Ps/queue.conf
cp -p "$saved" "$MIYIN_LAB/queue.conf"
echo '[queue' > "$saved"
answer=$(miyin doctor 2> /dev/null) && fail "doctor is content" "$answer"
like "what was saved is damaged" "$answer" \
	'queue Ps was before it was protected cannot be read, so'
like "then its counter is not compared" "$answer" 'counter of Ps could not be'
ok "but nobody is told to remove the queue" not has "$answer" 'was not made by'
cat "$MIYIN_LAB/queue.conf" > "$saved"
chown root "$state/protected"
answer=$(miyin doctor 2>&1) && fail "doctor is content" "$answer"
like "the list of protected queues cannot be read" "$answer" \
	'/protected.*Permission denied'
refused "then nothing is protected or given back" 'Permission denied' \
	miyin unprotect Ps
chown "$service" "$state/protected"

# A scheduler that does not understand the question, to root too.
cc -shared -fPIC -D_GNU_SOURCE -o "$MIYIN_LAB/bin/deaf.so" -x c - <<'END' || exit
#include <dlfcn.h>
#include <cups/cups.h>
ipp_t *cupsDoRequest(http_t *http, ipp_t *request, const char *resource)
{
	ipp_t *(*real)(http_t *, ipp_t *, const char *) =
		dlsym(RTLD_NEXT, "cupsDoRequest");
	if (ippGetOperation(request) == IPP_OP_GET_SUBSCRIPTIONS)
		ippSetOperation(request, 0x3fff);
	return real(http, request, resource);
}
END
# hole calls it.
miyin()
{
	if [ -z "${deaf:-}" ]; then
		command miyin "$@"
	else
		ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 \
			LD_PRELOAD=$MIYIN_LAB/bin/deaf.so command miyin "$@"
	fi
}
hole "subscriptions that the scheduler does not tell" \
	'told the titles of jobs could not be looked at' deaf=1 deaf=
bin=$MIYIN_LAB/lib/cups
hole "a watcher that others can change" 'miyinwatch can be written' \
	'chmod o+w "$bin/filter/miyinwatch"' 'chmod o-w "$bin/filter/miyinwatch"'
hole "a reader that others can change" 'miyinread can be written' \
	'chmod o+w "$bin/filter/miyinread"' 'chmod o-w "$bin/filter/miyinread"'
hole "a backend that is not root's alone" 'backend/miyin has the mode 0755' \
	'chmod 755 "$bin/backend/miyin"' 'chmod 700 "$bin/backend/miyin"'
hole "a backend of somebody" 'backend/miyin does not belong to root' \
	'chown nobody "$bin/backend/miyin"' 'chown root "$bin/backend/miyin"'
hole "an open folder of backends" 'lib/cups/backend can be written' \
	'chmod g+w "$bin/backend"' 'chmod g-w "$bin/backend"'
hole "an open folder of filters" 'lib/cups/filter can be written' \
	'chmod o+w "$bin/filter"' 'chmod o-w "$bin/filter"'
hole "an open scheme" 'cn-gb9704.scheme can be written' \
	'chmod o+w "$MIYIN_CONF_DIR/schemes/cn-gb9704.scheme"' \
	'chmod o-w "$MIYIN_CONF_DIR/schemes/cn-gb9704.scheme"'
hole "a policy of somebody" 'policy.conf does not belong to root' \
	'chown nobody "$MIYIN_CONF_DIR/policy.conf"' \
	'chown root "$MIYIN_CONF_DIR/policy.conf"'
hole "keys that others read" 'keys has the mode 0440' \
	'chmod 440 "$state/keys"' 'chmod 400 "$state/keys"'
hole "keys of somebody" 'keys does not belong to' \
	'chown nobody "$state/keys"' 'chown "$service" "$state/keys"'
hole "an open register" 'var/miyin has the mode 0750' \
	'chmod 750 "$state"' 'chmod 700 "$state"'
cp /bin/sleep "$MIYIN_LAB/cups-browsed"
hole "cups-browsed" 'cups-browsed is running' \
	'"$MIYIN_LAB/cups-browsed" 60 & browsed=$!; sleep 0.2' \
	'kill $browsed; wait $browsed'
hole "no scheduler" 'queues could not be looked at' \
	'socket=$CUPS_SERVER; export CUPS_SERVER=$MIYIN_LAB/nowhere' \
	'export CUPS_SERVER=$socket'

# --- unprotect --------------------------------------------------------------

lpadmin -p Late -v socket://127.0.0.1:1 -m drv:///sample.drv/generic.ppd \
	2>/dev/null
is "a queue that comes later has our default policy" \
	"$(attribute Late printer-op-policy)" miyin-default
# What an administrator did meanwhile goes too.
lpadmin -p Ps -o sides-default=two-sided-long-edge -o PageSize=Letter \
	2>/dev/null
held=$(submit Ps "$page" -H hold)
refused "unprotect with jobs that wait" 'unfinished jobs' miyin unprotect Ps
is "the queue still takes jobs then" \
	"$(attribute Ps printer-is-accepting-jobs)" true
ok "unprotect by force" has "$(miyin unprotect ps --force)" "no longer"
is "the job that waited is canceled" "$(job_state "$held")" canceled
ok "the others keep the block" grep -q '^# miyin begin$' "$conf"
lpadmin -x Ps-device 2>/dev/null
lpadmin -x Pcl-device
ok "a lost device queue" has "$(miyin doctor)" 'Pcl-device is gone'
ok "unprotect without device queue" \
	has "$(miyin unprotect Pcl)" "no longer"
lpadmin -x Office
ok "a lost gate" has "$(miyin doctor)" 'queue Office is gone'
ok "unprotect without gate" has "$(miyin unprotect Office)" "no longer"
mkdir "$MIYIN_LAB/after"
for q in $queues; do
	snapshot "$q" "$MIYIN_LAB/after"
	# The scheduler numbers its queues.
	sed -i '/printer-id /d' "$before/$q.attributes" \
		"$MIYIN_LAB/after/$q.attributes"
	for part in attributes ppd options; do
		ok "$q as before: $part" same "$before/$q.$part" \
			"$MIYIN_LAB/after/$q.$part"
	done
	ok "$q-device is gone" not lpstat -v "$q-device" 2>/dev/null
done
ok "cupsd.conf byte for byte" same "$before/cupsd.conf" "$conf"
is "the late queue has the old default policy" \
	"$(attribute Late printer-op-policy)" default
is "nothing is saved any more" "$(ls "$state/protected")" ''
is "every end of protection is in the register" "$(events unprotect)" 4

clear_paper
job=$(submit Office "$page")
lab-wait
is "Office prints as before" "$(job_state "$job")" completed
is "on its printer" "$(printed_count)" 1
job=$(submit Ps "$page")
lab-wait
is "Ps prints as before" "$(job_state "$job")" completed

# --- a fixed level, a password ----------------------------------------------

lpadmin -p Share -v ipp://user:secret@127.0.0.1:1/ipp/print \
	-m drv:///sample.drv/generic.ppd -E 2>/dev/null
ok "a level by its text" \
	has "$(miyin protect Share --level 机密)" "is protected"
like "the level is in the URI" "$(uri_of Share)" \
	'^miyin:/Share-device\?scheme=cn-gb9704&level=jimi$'
ok "the level is no choice" not has "$(lpoptions -p Share -l)" MiyinLevel
ok "the others are" has "$(lpoptions -p Share -l)" MiyinHolders
full='DeviceURI ipp://user:secret@127.0.0.1:1/ipp/print'
guarded='DeviceURI miyindevice://user:secret@127.0.0.1:1/ipp/print\#ipp'
is "the device queue knows the password" \
	"$(grep -cxF "$guarded" "$CUPS_SERVERROOT/printers.conf")" 1
ok "and lpstat does not tell it" not has "$(lpstat -v)" secret
is "doctor finds nothing there" "$(miyin doctor)" \
	'No way around the gate was found on 1 protected queue.'
hole "a gate whose level has no limits" \
	'no group \[level jimi\], so nobody prints that level on Share' \
	'sed -i.good "s/^\[level jimi\]/[level other]/" "$rules"' \
	'mv "$rules.good" "$rules"'
ok "unprotect it" has "$(miyin unprotect Share)" "no longer"
is "the queue knows the password" \
	"$(grep -c "^$full$" "$CUPS_SERVERROOT/printers.conf")" 1
ok "cupsd.conf again byte for byte" same "$before/cupsd.conf" "$conf"

# --- names, other policies ----------------------------------------------------

lpadmin -p 打印机1 -v socket://127.0.0.1:1 -m drv:///sample.drv/generic.ppd \
	-o printer-op-policy=authenticated -E 2> /dev/null
lpadmin -p Other -v socket://127.0.0.1:1 -m drv:///sample.drv/generic.ppd \
	-o printer-op-policy=authenticated -E 2> /dev/null
policy_of()
{
	sed -n "/^<Printer $1>/,/^<\/Printer>/s/^OpPolicy //p" \
		"$CUPS_SERVERROOT/printers.conf"
}
ok "a name that is not ASCII" has "$(miyin protect 打印机1)" "is protected"
is "the other queue obeys a policy of ours" \
	"$(attribute Other printer-op-policy)" miyin-default-authenticated
ok "and is protected" has "$(miyin protect Other)" "is protected"
ok "unprotect the first" has "$(miyin unprotect 打印机1)" "no longer"
is "it obeys a policy of ours as long as one is protected" \
	"$(policy_of 打印机1)" miyin-default-authenticated
ok "unprotect the last" has "$(miyin unprotect Other)" "no longer"
for q in 打印机1 Other; do
	is "$q has its own policy again" \
		"$(policy_of $q)" authenticated
done

done_testing
