/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"
#include <stdlib.h>
#include <string.h>
#include <miyin/queuepolicy.h>

#define LINE_LONG 800 /* with one name more it has less than 1,023 bytes */

#define ROW(name, gate, device, server)                                        \
	{                                                                      \
		IPP_OP_##name, TRUE,                                           \
		{                                                              \
			MIYIN_MAY_##gate, MIYIN_MAY_##device,                  \
				MIYIN_MAY_##server                             \
		}                                                              \
	}
/* A later scheduler may do it; then nobody may, until it is looked at. */
#define UNKNOWN(number)                                                        \
	{                                                                      \
		(ipp_op_t) number, FALSE,                                      \
		{                                                              \
			MIYIN_MAY_NOBODY, MIYIN_MAY_NOBODY, MIYIN_MAY_NOBODY   \
		}                                                              \
	}

/*
 * Send-Document is not even the operator's: what he adds to a job would bear
 * its owner's name. Cancel-My-Jobs and Get-Jobs name no owner to the policy,
 * and believe the name in the request unless somebody logged in; so do the
 * lists of private attributes. Who subscribes to the server's events reads the
 * titles of all jobs, and rss: shows them to all. A local printer of a user's
 * own leads to any address.
 */
/* clang-format off */
static const miyin_operation operations[] = {
	ROW(PRINT_JOB, LOGIN, SERVICE, AS_BEFORE),
	UNKNOWN(0x0003),
	ROW(VALIDATE_JOB, LOGIN, SERVICE, AS_BEFORE),
	ROW(CREATE_JOB, LOGIN, SERVICE, AS_BEFORE),
	ROW(SEND_DOCUMENT, OWNER_ALONE, SERVICE, AS_BEFORE),
	UNKNOWN(0x0007),
	ROW(CANCEL_JOB, OWNER, SERVICE_OPERATOR, AS_BEFORE),
	ROW(GET_JOB_ATTRIBUTES, LOGIN, SERVICE_OPERATOR, LOGIN),
	ROW(GET_JOBS, LOGIN, SERVICE_OPERATOR, LOGIN),
	ROW(GET_PRINTER_ATTRIBUTES, ANYONE, SERVICE_OPERATOR, AS_BEFORE),
	ROW(HOLD_JOB, OWNER, OPERATOR, AS_BEFORE),
	ROW(RELEASE_JOB, OWNER, OPERATOR, AS_BEFORE),
	ROW(RESTART_JOB, NOBODY, NOBODY, AS_BEFORE),
	ROW(PAUSE_PRINTER, OPERATOR, OPERATOR, AS_BEFORE),
	ROW(RESUME_PRINTER, OPERATOR, OPERATOR, AS_BEFORE),
	ROW(PURGE_JOBS, OPERATOR, OPERATOR, OPERATOR),
	ROW(SET_PRINTER_ATTRIBUTES, OPERATOR, OPERATOR, AS_BEFORE),
	ROW(SET_JOB_ATTRIBUTES, NOBODY, NOBODY, AS_BEFORE),
	ROW(GET_PRINTER_SUPPORTED_VALUES, ANYONE, SERVICE_OPERATOR, AS_BEFORE),
	ROW(CREATE_PRINTER_SUBSCRIPTIONS, OPERATOR, OPERATOR, OPERATOR),
	ROW(CREATE_JOB_SUBSCRIPTIONS, OPERATOR, OPERATOR, OPERATOR),
	ROW(GET_SUBSCRIPTION_ATTRIBUTES, OPERATOR, OPERATOR, OPERATOR),
	ROW(GET_SUBSCRIPTIONS, OPERATOR, OPERATOR, OPERATOR),
	ROW(RENEW_SUBSCRIPTION, OWNER, OPERATOR, OWNER),
	ROW(CANCEL_SUBSCRIPTION, OWNER, OPERATOR, OWNER),
	ROW(GET_NOTIFICATIONS, OWNER, OPERATOR, OWNER),
	UNKNOWN(0x001d), UNKNOWN(0x001e), UNKNOWN(0x001f),
	UNKNOWN(0x0020), UNKNOWN(0x0021),
	ROW(ENABLE_PRINTER, OPERATOR, OPERATOR, AS_BEFORE),
	ROW(DISABLE_PRINTER, OPERATOR, OPERATOR, AS_BEFORE),
	UNKNOWN(0x0024),
	ROW(HOLD_NEW_JOBS, OPERATOR, OPERATOR, AS_BEFORE),
	ROW(RELEASE_HELD_NEW_JOBS, OPERATOR, OPERATOR, AS_BEFORE),
	UNKNOWN(0x0027), UNKNOWN(0x0028), UNKNOWN(0x0029),
	UNKNOWN(0x002a), UNKNOWN(0x002b), UNKNOWN(0x002c),
	UNKNOWN(0x002d), UNKNOWN(0x002e), UNKNOWN(0x002f),
	UNKNOWN(0x0030), UNKNOWN(0x0031), UNKNOWN(0x0033),
	UNKNOWN(0x0034), UNKNOWN(0x0035), UNKNOWN(0x0036),
	UNKNOWN(0x0037),
	ROW(CANCEL_JOBS, OPERATOR, SERVICE_OPERATOR, OPERATOR),
	ROW(CANCEL_MY_JOBS, LOGIN, SERVICE_OPERATOR, LOGIN),
	UNKNOWN(0x003a),
	ROW(CLOSE_JOB, OWNER, SERVICE, AS_BEFORE),
	UNKNOWN(0x003c), UNKNOWN(0x003d), UNKNOWN(0x003e),
	UNKNOWN(0x003f), UNKNOWN(0x0040), UNKNOWN(0x0041),
	UNKNOWN(0x0042), UNKNOWN(0x0043), UNKNOWN(0x0044),
	UNKNOWN(0x0045), UNKNOWN(0x0046), UNKNOWN(0x0047),
	UNKNOWN(0x0048), UNKNOWN(0x0049), UNKNOWN(0x004a),
	UNKNOWN(0x004b), UNKNOWN(0x004c), UNKNOWN(0x004d),
	UNKNOWN(0x004e), UNKNOWN(0x004f), UNKNOWN(0x0050),
	UNKNOWN(0x0051), UNKNOWN(0x0052), UNKNOWN(0x0053),
	UNKNOWN(0x0054), UNKNOWN(0x0055), UNKNOWN(0x0056),
	UNKNOWN(0x0057), UNKNOWN(0x0058), UNKNOWN(0x0059),
	UNKNOWN(0x005a), UNKNOWN(0x005b), UNKNOWN(0x005c),
	UNKNOWN(0x005d), UNKNOWN(0x005e), UNKNOWN(0x005f),
	UNKNOWN(0x0060), UNKNOWN(0x0061), UNKNOWN(0x0062),
	UNKNOWN(0x0063), UNKNOWN(0x0064),
	ROW(CUPS_GET_DEFAULT, ANYONE, SERVICE_OPERATOR, AS_BEFORE),
	ROW(CUPS_GET_PRINTERS, ANYONE, SERVICE_OPERATOR, AS_BEFORE),
	ROW(CUPS_ADD_MODIFY_PRINTER, OPERATOR, OPERATOR, OPERATOR),
	ROW(CUPS_DELETE_PRINTER, OPERATOR, OPERATOR, OPERATOR),
	ROW(CUPS_GET_CLASSES, ANYONE, SERVICE_OPERATOR, AS_BEFORE),
	ROW(CUPS_ADD_MODIFY_CLASS, OPERATOR, OPERATOR, OPERATOR),
	ROW(CUPS_DELETE_CLASS, OPERATOR, OPERATOR, OPERATOR),
	ROW(CUPS_ACCEPT_JOBS, OPERATOR, OPERATOR, AS_BEFORE),
	ROW(CUPS_REJECT_JOBS, OPERATOR, OPERATOR, AS_BEFORE),
	ROW(CUPS_SET_DEFAULT, OPERATOR, OPERATOR, OPERATOR),
	ROW(CUPS_GET_DEVICES, OPERATOR, OPERATOR, OPERATOR),
	ROW(CUPS_GET_PPDS, ANYONE, SERVICE_OPERATOR, AS_BEFORE),
	ROW(CUPS_MOVE_JOB, NOBODY, NOBODY, AS_BEFORE),
	ROW(CUPS_AUTHENTICATE_JOB, NOBODY, NOBODY, AS_BEFORE),
	ROW(CUPS_GET_PPD, ANYONE, SERVICE_OPERATOR, AS_BEFORE),
	ROW(CUPS_GET_DOCUMENT, NOBODY, NOBODY, NOBODY),
	ROW(CUPS_CREATE_LOCAL_PRINTER, OPERATOR, OPERATOR, OPERATOR),
};
/* clang-format on */

static const struct {
	const char *name;
	const char *require; /* %s: the service user; NULL: no login */
} rights[] = {
	[MIYIN_MAY_NOBODY] = { "nobody", "user " MIYIN_NOBODY },
	[MIYIN_MAY_ANYONE] = { "anyone", NULL },
	[MIYIN_MAY_LOGIN] = { "login", "valid-user" },
	[MIYIN_MAY_OWNER_ALONE] = { "owner-alone", "user @OWNER" },
	[MIYIN_MAY_OWNER] = { "owner", "user @OWNER @SYSTEM" },
	[MIYIN_MAY_OPERATOR] = { "operator", "user @SYSTEM" },
	[MIYIN_MAY_SERVICE] = { "service", "user %s" },
	[MIYIN_MAY_SERVICE_OPERATOR] = { "service-operator",
					 "user %s @SYSTEM" },
	[MIYIN_MAY_AS_BEFORE] = { "as-before", NULL },
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

const char *miyin_may_name(miyin_may may)
{
	return rights[may].name;
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
	g_autoptr(GString) require = g_string_new(rights[may].require);

	if (rights[may].require) {
		g_string_replace(require, "%s", user, 0);
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
