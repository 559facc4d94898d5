# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# For test scripts that run in the lab:
#
#   . "$MIYIN_LAB/bin/lib.sh"
#   job=$(submit Office letter.pdf -n 2)
#   lab-wait
#   ok "two copies are two papers" [ "$(printed_count)" = 2 ]
#   done_testing                 # "N passed, N failed"; exit status

n_passed=0
n_failed=0

pass()
{
	n_passed=$((n_passed + 1))
	printf '  ok   %s\n' "$1"
}

# fail NAME [what was seen]
fail()
{
	n_failed=$((n_failed + 1))
	printf '  FAIL %s\n' "$1"
	[ $# -lt 2 ] || printf '       %s\n' "${@:2}"
}

# ok NAME COMMAND...: passes when COMMAND succeeds; else what it said is told
ok()
{
	local said status
	said=$(mktemp "$MIYIN_LAB/said.XXXXXX")
	"${@:2}" > "$said" 2>&1
	status=$?
	cat "$said"
	if [ $status = 0 ]; then
		pass "$1"
	else
		fail "$1" "failed: ${*:2}" \
			"said:   $(tail -c 2000 "$said" | tr '\n' ' ')"
	fi
	rm -f "$said"
}

# not COMMAND...: for ok NAME not COMMAND
not() { ! "$@"; }

# is NAME SEEN WANTED: passes when both are the same text
is()
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "seen:   $2" "wanted: $3"
	fi
}

# like NAME SEEN REGEX (bash's =~)
like()
{
	if [[ $2 =~ $3 ]]; then
		pass "$1"
	else
		fail "$1" "seen:   $2" "wanted: $3"
	fi
}

done_testing()
{
	printf '%d passed, %d failed\n' "$n_passed" "$n_failed"
	[ "$n_failed" = 0 ] && [ "$n_passed" -gt 0 ]
	exit
}

# Are these the programs of make sanitize? They live with no limit of memory.
is_sanitized() { grep -q __asan_init "$MIYIN_LAB/lib/cups/filter/miyinmark"; }

# as USER COMMAND...: with a user's own clean environment
as()
{
	runuser -u "$1" -- env -i PATH="$PATH" LANG="${LANG:-C.UTF-8}" \
		CUPS_SERVER="$CUPS_SERVER" \
		CUPS_STATEDIR="$CUPS_STATEDIR" CUPS_SERVERROOT="$CUPS_SERVERROOT" \
		MIYIN_LAB="$MIYIN_LAB" "${@:2}"
}

# submit QUEUE FILE [lp options]: prints the job id (QUEUE-number). With
# SUBMIT_AS=user it is that user's job; FILE is then read by us, not by them.
# On a busy machine cupsd now and then fails a request; lp does not ask again
# as a print dialog would, so we do, and say why.
submit()
{
	local answer try
	for try in 1 2 3 4 5; do
		answer=$(try_lp "$@" 2>&1) && break
		printf 'lab: %s: %s\n' "$1" "$answer" >&2
		# A scheduler that just started knows no format for a while.
		[[ $try -lt 2 || ($try -lt 5 &&
			$answer == *"Unsupported document-format"*) ]] || return
		sleep 1
	done
	answer=${answer#*request id is }
	printf '%s\n' "${answer%% *}"
}

# try_lp QUEUE FILE [lp options]
try_lp()
{
	local queue=$1 file=$2
	shift 2
	if [ -n "${SUBMIT_AS:-}" ]; then
		LC_ALL=C as "$SUBMIT_AS" lp -d "$queue" -t "${file##*/}" "$@" \
			- < "$file"
	else
		LC_ALL=C lp -d "$queue" "$@" "$file"
	fi
}

# print QUEUE FILE [lp options]: submit and wait; prints "STATE<TAB>message"
print()
{
	local job
	job=$(submit "$@") && lab-wait && lab-status "$job"
}

job_state() { lab-status "$1" | cut -f1; }
job_message() { lab-status "$1" | cut -f2-; }

# printed_count [pcl|ps]: papers so far (default: of the IPP printers)
printed_count()
{
	set -- "$MIYIN_LAB/paper${1:+-$1}"/[0-9]*
	local n=0 file
	for file; do
		case $file in *.env | *'*') ;; *) n=$((n + 1)) ;; esac
	done
	echo $n
}

# clear_paper: throw away all papers; numbers begin at 001 again
clear_paper() { rm -f "$MIYIN_LAB"/paper{,-pcl,-ps}/[0-9]*; }

# paper_env NUMBER NAME: an attribute of a paper, as 001 IPP_SIDES
paper_env() { sed -n "s/^$2=//p" "$MIYIN_PAPER/$1.env"; }

pages_of() { qpdf --show-npages "$1"; }

# make_qr FILE.png TEXT: a document that another program can read back
make_qr() { qrencode -o "$1" -s 8 -m 4 "$2"; }
