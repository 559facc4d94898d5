/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Print the table of operations, for tests/operations.sh: one line each,
 *
 *   OPERATION KNOWN GATE DEVICE SERVER
 *
 * KNOWN is yes or no; the others are as miyin_may_name has them.
 */
#include <stdio.h>
#include "admin/operations.c"

/* The name that a request can be made from, else the number. */
static void print_name(const miyin_operation *row)
{
	if (is_named(row))
		printf("%s", ippOpString(row->operation));
	else
		printf("0x%04x", (unsigned)row->operation);
}

int main(void)
{
	unsigned n;
	const miyin_operation *rows = miyin_operations_list(&n);

	for (unsigned i = 0; i < n; i++) {
		print_name(rows + i);
		printf(" %s %s %s %s\n", rows[i].known ? "yes" : "no",
		       miyin_may_name(rows[i].may[MIYIN_AT_GATE]),
		       miyin_may_name(rows[i].may[MIYIN_AT_DEVICE]),
		       miyin_may_name(rows[i].may[MIYIN_AT_SERVER]));
	}
	return 0;
}
