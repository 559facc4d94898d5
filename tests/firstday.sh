#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# An administrator's first days: protect a queue, write the policy wrongly,
# lose the keys and the register and put them back, run cupsctl, and give all
# back. Each time the scheduler's log at its default level, and miyin doctor,
# say what is wrong, where, and what to do.
#
#   LAB_UNPROTECTED=1 LAB_ONLY=Office tests/lab/run -- bash tests/firstday.sh
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
export LC_ALL=C.UTF-8
conf=$CUPS_SERVERROOT/cupsd.conf
state=$MIYIN_LAB/var/miyin
service=$(sed -n 's/^user *= *//p' "$MIYIN_CONF_DIR/miyin.conf")
policy=$MIYIN_CONF_DIR/policy.conf
log=$MIYIN_LAB/log/error_log
away=$MIYIN_LAB/away
mkdir "$away"
page=$away/page.png
make_qr "$page" first
fine='No way around the gate was found on 1 protected queue.'

# What the log has since the last look.
seen=0
new_log()
{
	tail -c "+$((seen + 1))" "$log"
	seen=$(stat -c %s "$log")
}

# not_printed NAME REGEX: a job is refused, and the log says why
not_printed()
{
	local job before
	before=$(printed_count)
	new_log > /dev/null
	job=$(submit Office "$page" -o MiyinLevel=neibu) && lab-wait
	like "$1: the user" "$(job_message "$job")" '^Not printed: '
	like "$1: the log" "$(new_log)" "W [^"$'\n'"]*$2"
	is "$1: no paper" "$(printed_count)" "$before"
}

# told NAME REGEX: doctor's one line
told()
{
	local said
	if said=$(miyin doctor 2> /dev/null); then
		fail "$1: doctor" "it found nothing"
	elif [ "$(wc -l <<< "$said")" != 1 ]; then
		fail "$1: doctor" "more than a line: $said"
	else
		like "$1: doctor" "$said" "$2"
	fi
}

printed()
{
	local job
	job=$(submit Office "$page" -o MiyinLevel=neibu) && lab-wait
	is "$1: it is printed" "$(lab-status "$job" | sed "s/^completed.*/completed/")" \
		completed
}

# refused NAME REGEX COMMAND...
refused()
{
	local answer
	if answer=$("${@:3}" 2>&1); then
		fail "$1" "it succeeded: $answer"
	else
		like "$1" "$answer" "$2"
	fi
}

# --- the first queue --------------------------------------------------------

sed -i 's/^LogLevel.*/LogLevel warn/' "$conf"
sed -i '1i # A remark at the top\n\nServerAdmin root@localhost' "$conf"
printf '# and one at the end, without a line end' >> "$conf"
lab-restart
cp "$conf" "$away/cupsd.conf"
is "nothing is there before" "$(ls "$state")" ''
is "doctor before" "$(miyin doctor 2> /dev/null)" \
	'No way around the gate was found on 0 protected queues.'
refused "a mistyped name" 'There is no queue "Ofice"\.' miyin protect Ofice
is "it made no keys and no register" "$(find "$state" -type f ! -name "*.lock")" ''
install -o "$service" -m 600 /dev/null "$state/register.db"
install -o "$service" -m 600 /dev/null "$state/seal-key"
said=$(miyin protect Office)
is "the first queue, after one that could not go on" $? 0
like "the first queue: what was made, and what to do" "$said" \
"^The register was made: $state/register.db; miyin backup copies it\.
The keys were made: $state/keys; keep a copy on another computer, .*
Office is protected; its printer is behind Office-device now\..*
To see that it works: lp -d Office -o MiyinLevel=neibu FILE, then "
is "the keys are made" "$(stat -c '%a %U' "$state/keys")" "400 $service"
is "and the register" "$(stat -c '%a %U' "$state/register.db")" "600 $service"
is "all is well" "$(miyin doctor 2> /dev/null)" "$fine"
printed "the first job"

# --- what an administrator reads --------------------------------------------

in_folder()
{
	PREFIX=/usr SYSCONFDIR=/etc LOCALSTATEDIR=/var MANDIR=/usr/share/man \
		LOCALEDIR=/usr/share/locale CUPS_SERVERBIN=/usr/lib/cups \
		DESTDIR=$away/root B=${MIYIN_BUILD:-build} sh tests/install "$1"
}
in_folder install
data=$away/root/usr/share/miyin/ppd
gate=$CUPS_SERVERROOT/ppd/Office.ppd
ok "the data are installed" [ "$(find "$data" -type f | wc -l)" = 6 ]
for file in "$data"/*; do
	ok "${file##*/}: what stands in the tree" cmp "$file" "ppd/${file##*/}"
done
# lacks FILE: lines of standard input that FILE does not have
lacks() { grep -vxF -f "$1"; }
is "the gate's options are those of options.ppd" \
	"$(grep -v '^\*%' "$data/options.ppd" | lacks "$gate")" ''
is "the gate's types are those of types" "$(awk '/^[^#]/ {
	print "*cupsFilter2: \"" $1, $2, $3, "miyincollect\"" }' \
	"$data/types" | lacks "$gate")" ''
is "the settings are those of cupsd.conf" \
	"$(sed "/^ *#/d; /^$/d; s/@SERVICE/$service/" "$data/cupsd.conf" |
	lacks "$conf")" ''
is "what is demanded is that of rights" "$(sed -n "s/@SERVICE/$service/
	s/^[a-z-]*  *\([uv][^ ]*.*\)/    Require \1/p" "$data/rights" |
	lacks "$conf")" ''
in_folder uninstall
ok "no data are left" [ ! -e "$away/root/usr/share/miyin" ]

# --- the policy, wrongly ----------------------------------------------------

# wrong NAME SED REGEX: of policy.conf
cp "$policy" "$away/policy"
wrong()
{
	sed -i "$2" "$policy"
	told "$1" "Nothing is printed, .*policy\.conf:[0-9]+: $3"
	cp "$away/policy" "$policy"
}

in_jimi='/^\[level jimi\]/,/^\[level mimi\]/'
sed -i "$in_jimi s/^users = .*/users = root，lp/" "$policy"
# The scheduler writes a \ before a quotation mark.
not_printed "a full-width comma" \
	'policy\.conf:[0-9]+: \[level jimi\] users: write .?",'
cp "$away/policy" "$policy"
wrong "a full-width comma" "$in_jimi s/^users = .*/users = root，lp/" \
	'\[level jimi\] users: write ","'
wrong "an enumeration comma" "$in_jimi s/^queues = .*/queues = Office、Pcl/" \
	'\[level jimi\] queues: write ","'
wrong "a group twice" '$ a [level jimi]' '\[level jimi\] stands here a second'
wrong "a setting twice" "$in_jimi s/^body = .*/&\n&/" \
	'\[level jimi\] body stands here a second'
wrong "a setting too many" "$in_jimi s/^verify/verfy = no\n&/" \
	'\[level jimi\] verfy: there is no such setting'
wrong "a mistyped group" 's/^\[references\]/[reference]/' '\[reference\]: there is no'
wrong "a word for a number" "$in_jimi s/^copies-per-job = .*/copies-per-job = three/" \
	'\[level jimi\] copies-per-job must be a number'
wrong "a full-width equals sign" "$in_jimi s/^body = /body ＝ /" \
	'this line is neither'
sed -i 's/^\[level jimi\]/[level jimi] # secret/' "$policy"
not_printed "a remark behind a group" 'policy\.conf:[0-9]+: this line is neither'
cp "$away/policy" "$policy"
wrong "full-width brackets" 's/^\[level jimi\]/【level jimi】/' \
	'this line is neither'
wrong "a word that there is not" "$in_jimi s/^body = .*/body = shrink/" \
	'\[level jimi\] body must be one of'
sed -i "$in_jimi s/^carried-codes.*//" "$policy"
not_printed "a setting of a newer version" 'carried-codes is missing'
like "a setting of a newer version: doctor" "$(miyin doctor 2> /dev/null)" \
	'lack carried-codes, .*: [0-9]+; add to each a line such as carried-codes'
cp "$away/policy" "$policy"

# Read, but it can hardly be meant.
doubted()
{
	sed -i "$2" "$policy"
	told "$1" "$3"
	cp "$away/policy" "$policy"
}
doubted "a user that is not there" "$in_jimi s/^users = .*/users = root, lip/" \
	'policy\.conf:[0-9]+: \[level jimi\] users: there is no user "lip"'
doubted "a group that is not there" "$in_jimi s/^users = .*/users = @secretariat/" \
	'policy\.conf:[0-9]+: \[level jimi\] users: there is no group "secretariat"'
doubted "more copies a job than a document" \
	"$in_jimi s/^copies-per-job = .*/copies-per-job = 30/" \
	'policy\.conf:[0-9]+: \[level jimi\] copies-per-job is 30'

# --- a scheme, and the queue's own ------------------------------------------

scheme=$MIYIN_CONF_DIR/schemes/cn-gb9704.scheme
cp "$scheme" "$away/scheme"
sed -i '0,/^rank = .*/s//rank = high/' "$scheme"
not_printed "a broken scheme" 'cn-gb9704\.scheme:[0-9]+: \[level [a-z]*\] rank must'
told "a broken scheme" 'Office prints nothing, .*cn-gb9704\.scheme:[0-9]+: '
cp "$away/scheme" "$scheme"
cp "$MIYIN_CONF_DIR/miyin.conf" "$away/miyin.conf"
sed -i 's/^id = .*/id = 70000/' "$MIYIN_CONF_DIR/miyin.conf"
not_printed "a broken miyin.conf" 'miyin\.conf:[0-9]+: \[site\] id must'
refused "a broken miyin.conf: doctor" 'miyin\.conf:[0-9]+: \[site\] id must' \
	miyin doctor
cp "$away/miyin.conf" "$MIYIN_CONF_DIR/miyin.conf"
uri=$(lpstat -v Office | sed 's/^device for [^:]*: //')
lpadmin -p Office -v "${uri/cn-gb9704/cn-trade}"
told "another scheme behind the queue" \
	'Office was protected as .*cn-gb9704.* and is .*cn-trade'
lpadmin -p Office -v "$uri"
printed "all is mended"

# --- lost things ------------------------------------------------------------

lpadmin -p Second -v socket://127.0.0.1:9 -m drv:///sample.drv/generic.ppd \
	-E 2> /dev/null
mv "$state/keys" "$away/keys"
not_printed "no keys" 'keys .* lost; then restore the backup'
told "no keys" 'Nothing is printed: The keys .* are lost; restore the backup'
refused "no keys: another queue" 'The keys .* are lost; restore the backup' \
	miyin protect Second
ok "no keys: none are made" [ ! -e "$state/keys" ]
mv "$away/keys" "$state/keys"
printed "the keys are back"

mv "$state/register.db" "$away/register.db"
not_printed "no register" 'register .* lost; then restore the backup'
told "no register" 'Nothing is printed: The register .* is lost; restore the backup'
refused "no register: another queue" 'The register .* is lost; restore the backup' \
	miyin protect Second
refused "no register: give the queue back" \
	'The register .* is lost; restore the backup' miyin unprotect Office
rm "$state/last-event" "$state/jobs.lock"
refused "no trace of it but the queue" 'The register .* is lost' \
	miyin protect Second
ok "no register: none is made" [ ! -e "$state/register.db" ]
ok "the queue is still a gate" grep -q 'miyin:/' <(lpstat -v Office)
mv "$away/register.db" "$state/register.db"
printed "the register is back"
is "all is well again" "$(miyin doctor 2> /dev/null)" "$fine"

# Who has no backup must be able to give up, knowingly.
mv "$state/register.db" "$away/register.db"
like "no backup either" "$(miyin unprotect --force Office 2>&1)" \
	'Nothing tells later'
refused "the keys are still those of the lost one" \
	'The register .* is lost' miyin protect Office
mv "$away/register.db" "$state/register.db"
ok "protect it again" miyin protect Office

# --- cupsctl ----------------------------------------------------------------

# It writes the whole file anew, also where the scheduler listens.
ctl()
{
	cupsctl "$@"
	for _ in {1..100}; do
		sleep 0.1
		! grep -q '# A remark' "$conf" || continue
		break
	done
	sed -i "s/^Port 631/Listen 127.0.0.1:$MIYIN_LAB_PORT/" "$conf"
	lab-restart
}
n_of() { grep -c "^$1" "$conf"; }

cp "$conf" "$away/protected.conf"
for option in --share-printers --user-cancel-any MaxEvents=50 \
	PreserveJobFiles=Yes; do
	miyin unprotect Office > /dev/null
	cp "$away/cupsd.conf" "$conf"
	lab-restart
	ctl "$option"
	cp "$conf" "$away/stock.conf"
	cp "$away/cupsd.conf" "$conf"
	lab-restart
	miyin protect Office > /dev/null
	ctl "$option"
	ok "cupsctl $option: the scheduler runs" lpstat -r
	ok "cupsctl $option: nothing is cut" not grep -q '(null)' "$conf"
	ok "cupsctl $option: doctor asks for a repair" \
		grep -q 'doctor --repair' <(miyin doctor 2> /dev/null)
	is "cupsctl $option: and does it" \
		"$(miyin doctor --repair 2> /dev/null)" "$fine"
	is "cupsctl $option: nothing is there twice" \
		"$(n_of '<Policy miyin>') $(n_of '<Policy miyin-default>') \
$(n_of 'DefaultPolicy miyin') $(n_of 'DefaultEncryption')" '1 1 1 1'
	[ "$option" != --share-printers ] || printed "cupsctl $option"
	ok "cupsctl $option: give the queue back" miyin unprotect Office
	ok "cupsctl $option: cupsd.conf is as cupsctl alone leaves it" \
		cmp "$away/stock.conf" "$conf"
	miyin protect Office > /dev/null
done

# --- the server -------------------------------------------------------------

mkdir "$away/small"
if mount -t tmpfs -o size=1m none "$away/small"; then
	sed -i "s|^TempDir.*|TempDir $away/small|" "$CUPS_SERVERROOT/cups-files.conf"
	told "no room for documents" 'disk of .*/small has 1 MiB .*; make room'
	sed -i "s|^TempDir.*|TempDir $MIYIN_LAB/spool/tmp|" \
		"$CUPS_SERVERROOT/cups-files.conf"
	umount "$away/small"
fi
sqlite3 "$state/register.db" "INSERT INTO events SELECT NULL,
	'2099-01-01T00:00:00+00:00', event, result, reason, detail, user, host,
	printer, job_id, level, period, reference, title, serial, holder, pages,
	copy_code, server FROM events WHERE event = 'backup' OR seq = 1
	LIMIT 1"
told "a clock that was ahead" 'of 2099-01-01T.*still to come, so the clock'

# --- and back ---------------------------------------------------------------

miyin unprotect Office > /dev/null
cp "$away/cupsd.conf" "$conf"
lab-restart
ok "a later protect says no more of it" \
	not grep -qE 'made|works' <(miyin protect Office)
ok "unprotect" miyin unprotect Office
ok "cupsd.conf is the same, byte for byte" cmp "$away/cupsd.conf" "$conf"
rm -r "$state"/{keys,register.db,{first,head,seal}-key,last-event,jobs.lock}
like "the first one in Chinese, with a level" \
	"$(LC_ALL=zh_CN.UTF-8 miyin protect Office --level mimi)" \
	'^已建立台账：.*已生成密钥：.*如需验证：先用 lp -d Office 文件 打印'
done_testing
