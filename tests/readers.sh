#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# People print while an officer lists a large register again and again, and an
# administrator has its file open: no print is refused or in doubt.
#
#   tests/lab/run -- bash tests/readers.sh
#
# READERS_COPIES in the register (100000), READERS_JOBS that print (12).
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$MIYIN_LAB/home" || exit 1
register=$MIYIN_LAB/var/miyin/register.db
n_copies=${READERS_COPIES:-100000} n_jobs=${READERS_JOBS:-12}

ask() { sqlite3 -cmd ".timeout 60000" "$register" "$1"; }

# Lists until the file "reading" is gone; a line for each.
read_on()
{
	while [ -e reading ]; do
		/usr/bin/time -f %M -a -o memory miyin log --json > list.json ||
			echo failed
		jq length list.json
	done > lists 2>&1
}

# As sqlite3 does when somebody types BEGIN; SELECT ... and goes for tea.
hold()
{
	(echo "BEGIN; SELECT count(*) FROM events;"; sleep "$1"; echo "END;") |
		sqlite3 "$register" > /dev/null
}

sed "s/@N@/$n_copies/g" "$here/fill.sql" |
	runuser -u daemon -- sqlite3 "$register"
is "the register is large" "$(ask 'SELECT count(*) FROM copies')" "$n_copies"
touch reading
read_on &
for ((i = 1; i <= n_jobs; i++)); do
	echo "page $i" > "page$i.txt"
	[ $i != 3 ] || hold 15 &
	SUBMIT_AS=nobody submit Office "page$i.txt" -o MiyinLevel=neibu \
		> /dev/null
done
ok "all jobs come to an end" lab-wait 600
rm reading
wait
is "no print is lost" "$(ask "SELECT state, count(*) FROM copies c JOIN jobs j
	ON j.id = c.job WHERE j.user = 'nobody' GROUP BY state")" \
	"printed|$n_jobs"
is "each is a paper" "$(printed_count)" "$n_jobs"
is "none was refused" "$(ask "SELECT count(*) FROM events WHERE result <> 'ok'
	AND user = 'nobody'")" 0
is "no list failed" "$(grep -cv '^[0-9]*$' lists)" 0
ok "a list has all events" [ "$(head -n 1 lists)" -ge $((3 * n_copies)) ]
most=$(sort -n memory | tail -n 1)
ok "a list takes little memory" [ "$most" -lt 100000 ]
printf '%d copies: %d prints, %d lists meanwhile, %d KiB the largest\n' \
	"$n_copies" "$n_jobs" "$(wc -l < lists)" "$most"
done_testing
