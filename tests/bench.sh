#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What judges the bench's figures: compare, of recordings that are made up, and
# the queues of simulate, against theory.
set -u
cd "$(dirname "$0")/bench" || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n_passed=0 n_failed=0

# recording FILE: what a run recorded, with the lines of standard input
recording()
{
	{
		printf 'machine %s\n' 'processor Imagined' 'cores 2'
		echo 'peer qpdf 11'
		cat
	} > "$dir/$1"
}

# compared STATUS WORDS NAME: with what status old and new are compared, and
# that this is told
compared()
{
	local said status
	said=$(./compare "$dir/old" "$dir/new" 2>&1)
	status=$?
	if [[ $status = "$1" && $said == *"$2"* ]]; then
		n_passed=$((n_passed + 1))
		echo "  ok   compare: $3"
	else
		n_failed=$((n_failed + 1))
		echo "  FAIL compare: $3"
		echo "       exit $status: $said"
	fi
}

# rounds ROW UNIT VALUE...
rounds()
{
	local value
	for value in "${@:3}"; do
		echo "row $1 $2=$value"
	done
}

rounds mark cpu 1.00 1.02 1.01 | recording old
rounds mark cpu 1.01 1.00 1.02 | recording new
compared 0 "0 measures worse" "the same"
rounds mark cpu 1.10 1.12 1.11 | recording new
compared 1 "mark cpu: 1.01 became 1.11" "a tenth slower, with little noise"
rounds mark cpu 0.80 0.82 0.81 | recording new
compared 0 "0 measures worse" "faster"
rounds mark cpu 1.04 1.05 1.04 | recording new
compared 0 "0 measures worse" "slower by less than a twentieth"
rounds mark cpu 1.00 1.25 1.12 | recording new
compared 0 "0 measures worse" "a tenth slower, with more noise"
rounds mark cpu 1.1 | recording new
compared 0 "0 measures worse" "a tenth slower, once"
rounds mark cpu 1.4 | recording new
compared 1 "1 measures worse" "much slower, once"
rounds other cpu 1 | recording new
compared 1 "not measured any more" "a row that is gone"
rounds memo.protected scheduler .01 .01 .01 | recording old
rounds memo.protected scheduler .02 .02 .02 | recording new
compared 0 "0 measures worse" "twice as much, of next to nothing"
rounds memo.protected wall 1.0 1.0 1.0 | recording old
rounds memo.protected wall 1.2 1.2 1.2 | recording new
compared 1 "memo.protected wall" "a job that takes longer by the clock"
echo "row mark wall=1 cpu=1 kib=50000" | recording old
echo "row mark wall=3 cpu=1 kib=50000" | recording new
compared 0 "0 measures worse" "a program that others kept waiting"
echo "row mark wall=1 cpu=1 kib=90000" | recording new
compared 1 "mark kib" "more memory"
rounds qpdf cpu 1.0 1.0 1.0 | recording old
rounds qpdf cpu 2.0 2.0 2.0 | recording new
compared 0 "[qpdf cpu: 1 became 2]" "another program slower"
echo "bytes mark 1000" | recording old
echo "bytes mark 1020" | recording new
compared 1 "mark bytes: 1000 became 1020" "more bytes"
sed -i 's/Imagined/Another/' "$dir/new"
compared 2 "not of one machine" "another machine"
printf '%d passed, %d failed\n' $n_passed $n_failed
./theory && [ $n_failed = 0 ]
