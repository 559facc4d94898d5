# SPDX-License-Identifier: GPL-3.0-or-later
# The files of this folder as lines of C, for make: awk -f rows.awk FILE.
#
# They are built into the program, and the installed copies are for reading.
# Read when it runs, one that is damaged, cut short or from an older release
# could leave a gate's type, or an operation, open to all, and doctor, which
# compares with the same files, would find nothing. What stands here wrongly
# does not compile, and the compiler names the file and the line.

function fault(text)
{
	printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
	exit 1
}

function quoted(text)
{
	gsub(/[\\"]/, "\\\\&", text)
	return "\"" text "\""
}

function may(right)
{
	gsub(/-/, "_", right)
	return "MIYIN_MAY_" toupper(right)
}

FNR == 1 {
	form = FILENAME
	sub(/.*\//, "", form)
	comment = form ~ /\.ppd$/ ? "^[*]%" : "^[ \t]*#"
}
$0 ~ comment || NF == 0 { next }
{
	printf "#line %d \"%s\"\n", FNR, FILENAME
}
form ~ /\.(ppd|conf)$/ {
	print quoted($0) " \"\\n\""
	next
}
form == "types" {
	if (NF != 3 || $3 !~ /^-[0-9]+$/)
		fault("SOURCE DESTINATION COST is wanted")
	printf "FILTER(%s, %s, %s)\n", quoted($1), quoted($2), quoted($3)
	next
}
form == "rights" {
	right = $1
	sub(/^[^ \t]+[ \t]+/, "")
	printf "[%s] = %s,\n", may(right), quoted($0 == "-" ? "" : $0)
	next
}
form == "operations" {
	if (NF != 5 || $1 !~ /^0x[0-9a-f]+$/)
		fault("NUMBER NAME GATE DEVICE SERVER is wanted")
	if ($3 $4 $5 == "---")
		$3 = $4 = $5 = "nobody"
	printf "{ (ipp_op_t)%s, { %s, %s, %s } },\n", $1, may($3), may($4),
		may($5)
	next
}
{ fault("no form of this name") }
