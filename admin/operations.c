/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"
#include <stdlib.h>
#include <string.h>

#define LINE_LONG 800 /* with one name more it has less than 1,023 bytes */

static const miyin_operation operations[] = {
#include <ppd/operations.h>
};

/* What each requires; "": no login. */
static const char *const rights[] = {
#include <ppd/rights.h>
};

const miyin_operation *miyin_operations_list(unsigned *n)
{
	*n = G_N_ELEMENTS(operations);
	return operations;
}

const miyin_operation *miyin_operations_find(ipp_op_t operation)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(operations); i++)
		if (operations[i].operation == operation)
			return operations + i;
	return NULL;
}

ipp_op_t miyin_operations_parse(const char *name)
{
	ipp_op_t operation = ippOpValue(name);

	/* The scheduler also takes an operation's number. */
	if (operation == IPP_OP_CUPS_INVALID &&
	    g_ascii_strncasecmp(name, "0x", 2) == 0)
		operation = (ipp_op_t)strtol(name, NULL, 16);
	return operation;
}

/* What has no name in this libcups the scheduler could not read; it falls
 * under "All". */
static gboolean is_named(const miyin_operation *row)
{
	return ippOpValue(ippOpString(row->operation)) == row->operation &&
	       g_ascii_isalpha(*ippOpString(row->operation));
}

static void write_directives(GString *out, miyin_may may, const char *user)
{
	g_autoptr(GString) require = g_string_new(rights[may]);

	if (*rights[may]) {
		g_string_replace(require, "@SERVICE", user, 0);
		g_string_append_printf(out,
				       "    AuthType Default\n"
				       "    Require %s\n"
				       "    Encryption Required\n",
				       require->str);
	}
	g_string_append(out, "    Order deny,allow\n  </Limit>\n");
}

/* In several Limits when there are many: cupsctl cuts a line at 1,023 bytes,
 * writes what is left as "<Limit (null)>", and the scheduler ends over that.
 * Source: cups 2.4.2, cups/adminutil.c, cupsAdminSetServerSettings. */
static void write_limit(GString *out, miyin_place place, miyin_may may,
			const char *user)
{
	gssize start = -1; /* of the line, where one is begun */

	for (unsigned i = 0; i < G_N_ELEMENTS(operations); i++) {
		const miyin_operation *row = operations + i;

		if (row->may[place] != may || !is_named(row))
			continue;
		if (start >= 0 && (gssize)out->len - start > LINE_LONG) {
			g_string_append(out, ">\n");
			write_directives(out, may, user);
			start = -1;
		}
		if (start < 0) {
			start = (gssize)out->len;
			g_string_append(out, "  <Limit");
		}
		g_string_append_printf(out, " %s", ippOpString(row->operation));
	}
	if (start < 0)
		return;
	g_string_append(out, ">\n");
	write_directives(out, may, user);
}

void miyin_operations_write(GString *out, miyin_place place, const char *user)
{
	for (miyin_may may = 0; may < MIYIN_MAY_AS_BEFORE; may++)
		write_limit(out, place, may, user);
	if (place == MIYIN_AT_SERVER)
		return;
	g_string_append(out, "  <Limit All>\n");
	write_directives(out, MIYIN_MAY_NOBODY, user);
}
