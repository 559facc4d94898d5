# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# For crash.sh and restart.sh, after lib.sh: what must be true of register and
# paper whatever happened.

register=$MIYIN_LAB/var/miyin/register.db
looked=$MIYIN_LAB/looked
declare -A paper_copy=()	# copy id -> paper
n_papers_read=0
limit=200
mkdir -p "$looked"

# full COMMAND...: not with --few
full() { [ "${few:-}" = --few ] || "$@"; }

# Many jobs of one document, so that its serials are put to the test.
raise_limit()
{
	sed -i "/^\\[level neibu\\]/,/^\$/s/^\\(copies-per-document\\) .*/\\1 = $limit/" \
		"$MIYIN_CONF_DIR/policy.conf"
}

# The rows as a power cut at this moment would leave them: sqlite rolls back
# what was not committed, in a copy.
look()
{
	rm -f "$looked"/register.db*
	# A journal may go away meanwhile.
	cp "$register"* "$looked" 2>/dev/null
}

ask_register() { sqlite3 "$looked/register.db" "$1"; }

# states GATE-JOB: the states of its copies, in order of serial
states()
{
	look
	ask_register "SELECT group_concat(state, ' ') FROM (SELECT state FROM
		copies c JOIN jobs j ON j.id = c.job WHERE j.job_id =
		${1##*-} ORDER BY serial)"
}
# shellcheck disable=SC2154 # of the script
first_is_out() { [[ $(states "$job") == printed* ]]; }

# copy_of CODE: the copy id in a QR code (doc/format-payload.md)
copy_of()
{
	local digits=0123456789ABCDEFGHJKMNPQRSTVWXYZ value=0 i before
	for i in {1..10}; do
		before=${digits%%"${1:i:1}"*}
		value=$((value * 32 + ${#before}))
	done
	echo $(((value >> 2) & 0xFFFFFFFFFF))
}

# --- invariants -----------------------------------------------------------

none()
{
	local rows
	if rows=$(ask_register "$2"); then
		is "$1" "$rows" ""
	else
		fail "$1" "the register cannot be asked"
	fi
}

# Each paper carries one copy, and no copy is on two papers.
read_papers()
{
	local file code copy copies
	for file in "$MIYIN_PAPER"/*.pdf; do
		[ -e "$file" ] || continue
		[ ! -e "$looked/${file##*/}.read" ] || continue
		touch "$looked/${file##*/}.read"
		n_papers_read=$((n_papers_read + 1))
		copies=
		while read -r _ code; do
			copy=$(copy_of "$code")
			[[ " $copies " == *" $copy "* ]] || copies+="$copy "
		done < <(lab-codes "$file" 150)
		copies=${copies% }
		if [[ ! $copies =~ ^[0-9]+$ ]]; then
			fail "$1: a paper is of one copy" "${file##*/}: $copies"
		elif [ -n "${paper_copy[$copies]:-}" ]; then
			fail "$1: no copy is printed twice" \
				"$copies: ${paper_copy[$copies]} and $file"
		else
			paper_copy[$copies]=$file
		fi
	done
}

invariants()
{
	local papers
	read_papers "$1"
	look
	papers=$(IFS=,; echo "${!paper_copy[*]}")
	is "$1: each paper is in the register, as printed or in doubt" \
		"$(ask_register "SELECT count(*) FROM copies WHERE copy_id IN
		($papers) AND state IN ('printed', 'partial', 'doubt')")" \
		${#paper_copy[@]}
	none "$1: printed copies are on paper" "SELECT copy_id FROM copies
		WHERE state = 'printed' AND copy_id NOT IN ($papers)"
	none "$1: no serial twice" "SELECT document, serial FROM copies
		GROUP BY document, serial HAVING count(*) > 1"
	none "$1: as many used as are not void, within the limit" \
		"SELECT d.id, used FROM documents d WHERE used <> (SELECT count(*)
		 FROM copies WHERE document = d.id AND state <> 'void')
		 OR used > $limit"
	none "$1: nothing is left open" "SELECT id, state FROM copies
		WHERE state NOT IN ('printed', 'partial', 'doubt', 'void')"
}

