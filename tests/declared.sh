#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Documents that bear a level themselves: none is printed at a lower one.
#
#   tests/lab/run -- bash tests/declared.sh
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
policy=$MIYIN_CONF_DIR/policy.conf

# says DECLARED ASKED
says()
{
	echo "Not printed: the document itself says $1 and may not be printed as $2; choose $1 or higher."
}

# make FILE.pdf LINE...: a page with these lines at the top, as an office
# program writes them: letters of an embedded font that have their Unicode
make()
{
	local pdf=$1
	shift
	printf '%s\n' "$@" > text
	pango-view -q --no-display --font='Noto Sans CJK SC 16' \
		--margin='110 100 500' --width=350 -o "$pdf" text
}

# The Status: lines that lpstat shows of a finished job.
status_of()
{
	LC_ALL=C lpstat -l -W completed -o "$1" | awk -v job="$1-$2" '
		/^[^\t ]/ { ours = $1 == job }
		ours && sub(/^\tStatus: /, "")'
}

# event JOB EVENT: result, reason and detail; copies that are alike are one line
event()
{
	miyin log --json | jq -r --argjson job "${1##*-}" --arg event "$2" '
		.[] | select(.job_id == $job and .event == $event) |
		"\(.result) \(.reason) \(.detail)"' | uniq
}

# A document of its own each time: the register knows them by content.
n_new=0
print_at()
{
	n_new=$((n_new + 1))
	sed "\$a % $n_new" "$3" > "new$n_new.pdf"
	job=$(submit "$1" "new$n_new.pdf" -o MiyinLevel="$2" "${@:4}") &&
		lab-wait
}

# refused NAME QUEUE LEVEL FILE SENTENCE [lp options]
refused()
{
	local n
	n=$(printed_count)
	print_at "$2" "$3" "$4" "${@:6}"
	is "$1: sentence" "$(status_of "$2" "${job##*-}")" "$5"
	is "$1: register" "$(event "$job" refuse)" "refused declared $5"
	is "$1: nothing issued" "$(event "$job" issue)" ''
	is "$1: paper" "$(printed_count)" "$n"
}

# printed NAME QUEUE LEVEL FILE DETAIL [lp options]
printed()
{
	print_at "$2" "$3" "$4" "${@:6}"
	is "$1: state" "$(job_state "$job")" completed
	like "$1: register" "$(event "$job" issue)" "^ok  $5\$"
}

# set_policy LEVEL KEY VALUE
set_policy()
{
	sed -i "/^\[level $1\]/,/^\[/s/^$2 = .*/$2 = $3/" "$policy"
}

for level in juemi jimi mimi neibu; do
	set_policy $level body keep
	set_policy $level copies-per-document 50
done
make state.pdf 000012 '机密★10年' 特急 '' 关于印发的通知 各科室：
make wide.pdf '机　密 ☆ １０ 年' '' 关于印发的通知
make field.pdf 关于印发的通知 '编号：2026-17  密级：机密'
make english.pdf 'TOP SECRET//NOFORN' '' 'Plan B' 'Secret things.'
make full.pdf ＳＥＣＲＥＴ '' 'Plan B'
make prose.pdf 关于保密工作的通知 '机密文件应当由专人保管，标注“机密★10年”字样。' \
	'This secret is top secret.'
make plain.pdf 'Plan B'

# --- enforce ----------------------------------------------------------------

refused "机密★10年 as 内部" Office neibu state.pdf "$(says 机密 内部)"
refused "机密★10年 as 秘密" Office mimi state.pdf "$(says 机密 秘密)"
printed "机密★10年 as 机密" Office jimi state.pdf ''
printed "机密★10年 as 绝密" Office juemi state.pdf ''
refused "spaces, a white star, wide digits" Office neibu wide.pdf "$(says 机密 内部)"
refused "a field" Office neibu field.pdf "$(says 机密 内部)"
refused "TOP SECRET with a caveat as 机密" Office jimi english.pdf \
	"$(says 绝密 机密)"
refused "full-width SECRET" Office neibu full.pdf "$(says 机密 内部)"
printed "prose about secrets" Office neibu prose.pdf ''
printed "no level" Office neibu plain.pdf ''
refused "the level of the queue" Office-jimi jimi english.pdf \
	"$(says 绝密 机密)"
printed "a queue of this level" Office-jimi jimi state.pdf ''

# --- which page ---------------------------------------------------------------

qpdf --empty --pages plain.pdf state.pdf -- second.pdf
printed "a level on the second page" Office neibu second.pdf ''
refused "the second page alone" Office neibu second.pdf "$(says 机密 内部)" \
	-o page-ranges=2
refused "two pages on one" Office neibu second.pdf "$(says 机密 内部)" -o number-up=2
pdftoppm -r 100 -png -singlefile state.pdf scan
/usr/lib/cups/filter/imagetopdf 1 u t 1 PageSize=A4 scan.png > scan.pdf \
	2> /dev/null
printed "a picture is not read" Office neibu scan.pdf ''

# --- Chinese ------------------------------------------------------------------

n=$(printed_count)
answer=$(env -u LC_ALL LANG=zh_CN.UTF-8 lp -d Office -o MiyinLevel=neibu \
	state.pdf 2>&1)
lab-wait
if [[ $answer =~ Office-([0-9]+) ]]; then
	like "in Chinese" "$(status_of Office "${BASH_REMATCH[1]}")" \
		'^未打印：.*机密.*内部.*机密'
else
	fail "in Chinese" "$answer"
fi
is "in Chinese: paper" "$(printed_count)" "$n"

# --- warn, off ----------------------------------------------------------------

set_policy neibu declared-level warn
printed "warned" Office neibu state.pdf 'the document itself says 机密'
printed "warned of nothing" Office neibu plain.pdf ''
refused "another level still enforces" Office mimi state.pdf \
	"$(says 机密 秘密)"
set_policy neibu body fit
printed "warned, and made to fit" Office neibu state.pdf \
	'body at [0-9]+ %; the document itself says 机密' -n 2
set_policy neibu body keep
set_policy neibu declared-level off
printed "not looked at" Office neibu state.pdf ''
set_policy neibu declared-level maybe
print_at Office neibu plain.pdf
like "a policy that is wrong prints nothing" "$(job_message "$job")" 'set up'
sed -i '/^declared-level = maybe$/d' "$policy"
print_at Office neibu plain.pdf
like "nor one without the key" "$(job_message "$job")" 'set up'

# --- another scheme -----------------------------------------------------------

if [ -e "$MIYIN_CONF_DIR/schemes/us.scheme" ]; then
	for level in ts s c; do
		printf '[level us-%s]\n' $level
		printf '%s\n' 'copies-per-document = 9' 'copies-per-job = 9' \
			'body = keep' 'verify = every-page' 'users = *' \
			'queues = *' 'missing-glyph = refuse' \
			'declared-level = enforce' ''
	done > "$policy"
	miyin unprotect Office > /dev/null
	miyin protect Office --scheme us > /dev/null || fail "protect"
	refused "SECRET as CONFIDENTIAL" Office us-c full.pdf \
		"$(says SECRET CONFIDENTIAL)"
	printed "SECRET as SECRET" Office us-s full.pdf ''
	printed "SECRET as TOP SECRET" Office us-ts full.pdf ''
	refused "TOP SECRET as SECRET" Office us-s english.pdf \
		"$(says 'TOP SECRET' SECRET)"
	printed "marks of another rule book" Office us-c state.pdf ''
fi
done_testing
