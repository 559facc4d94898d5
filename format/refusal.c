/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/refusal.h>
#include <glib/gi18n.h>
#include <stdarg.h>

/* Each sentence says what happened and what to do. All arguments are
 * strings; translations may reorder them with %1$s. */
static const struct {
	const char *id, *sentence;
} table[MIYIN_N_REFUSALS] = {
	[MIYIN_REFUSAL_NO_LEVEL] = { "no-level",
		N_("Not printed: choose a level (%s) and print again, for "
		   "example with -o MiyinLevel=%s.") },
	[MIYIN_REFUSAL_BAD_LEVEL] = { "bad-level",
		N_("Not printed: there is no level \"%s\" here; choose one of "
		   "%s.") },
	[MIYIN_REFUSAL_LEVEL_DENIED] = { "level-denied",
		N_("Not printed: you may not print %s on %s; ask the "
		   "confidentiality officer.") },
	[MIYIN_REFUSAL_LEVEL_LOWERED] = { "level-lowered",
		N_("Not printed: this document is registered as %s and may "
		   "not be printed as %s; choose %s or higher.") },
	[MIYIN_REFUSAL_OVER_LIMIT] = { "over-limit",
		N_("Not printed: %s allows %s copies of this document, %s left; "
		   "the others are with %s; ask the confidentiality officer.") },
	[MIYIN_REFUSAL_JOB_LIMIT] = { "job-limit",
		N_("Not printed: %s allows at most %s copies in one job; ask "
		   "for fewer copies.") },
	[MIYIN_REFUSAL_HOLDERS] = { "holders",
		N_("Not printed: %s copies need %s holders but the list names "
		   "%s; name one holder for each copy.") },
	[MIYIN_REFUSAL_NO_IDENTITY] = { "no-identity",
		N_("Not printed: the print server does not know who you are; "
		   "log in and print again.") },
	[MIYIN_REFUSAL_RAW_DATA] = { "raw-data",
		N_("Not printed: data made for one printer (%s) cannot be "
		   "marked; print from the application or send a PDF.") },
	[MIYIN_REFUSAL_PASSWORD] = { "password",
		N_("Not printed: this PDF opens only with a password; remove "
		   "the password and print again.") },
	[MIYIN_REFUSAL_ENCRYPTED] = { "encrypted",
		N_("Not printed: this PDF is encrypted in a way that is not "
		   "known here, such as for certificates; save it without "
		   "encryption and print the new file.") },
	[MIYIN_REFUSAL_FORBIDDEN] = { "forbidden",
		N_("Not printed: the author of this PDF forbids printing it; "
		   "ask him for a file that may be printed.") },
	[MIYIN_REFUSAL_NO_PAGES] = { "no-pages",
		N_("Not printed: no page is left to print; check the file and "
		   "the page range.") },
	[MIYIN_REFUSAL_TOO_MANY_PAGES] = { "too-many-pages",
		N_("Not printed: the document has %s pages and a copy may have "
		   "at most %s; print it in parts.") },
	[MIYIN_REFUSAL_TOO_LARGE] = { "too-large",
		N_("Not printed: the document is larger than %s; print it in "
		   "parts.") },
	[MIYIN_REFUSAL_PAGE_TOO_SMALL] = { "page-too-small",
		N_("Not printed: page %s is %s mm, too small for the marks, "
		   "which need %s mm; choose a larger paper size.") },
	[MIYIN_REFUSAL_BAD_GLYPH] = { "bad-glyph",
		N_("Not printed: no font here has all characters of \"%s\"; "
		   "write it in another way or tell the administrator.") },
	[MIYIN_REFUSAL_MARK_TOO_LONG] = { "mark-too-long",
		N_("Not printed: \"%s\" has not enough room among the marks; "
		   "choose a shorter period or a larger paper size.") },
	[MIYIN_REFUSAL_PERIOD] = { "period",
		N_("Not printed: the period %s is longer than %s allows, which "
		   "is %s; choose a shorter one.") },
	[MIYIN_REFUSAL_DECLARED] = { "declared",
		N_("Not printed: the document itself says %s and may not be "
		   "printed as %s; choose %s or higher.") },
	[MIYIN_REFUSAL_DAMAGED] = { "damaged",
		N_("Not printed: the document is damaged and cannot be "
		   "repaired; save it again and print the new file.") },
	[MIYIN_REFUSAL_BAD_OPTION] = { "bad-option",
		N_("Not printed: \"%s\" is not a value of option %s; check the "
		   "option and print again.") },
	[MIYIN_REFUSAL_BANNER] = { "banner",
		N_("Not printed: banner pages are not allowed on this queue; "
		   "print again without job sheets.") },
	[MIYIN_REFUSAL_NOT_MARKED] = { "not-marked",
		N_("Not printed: the marks on page %s could not be read back "
		   "(%s); tell the administrator.") },
	[MIYIN_REFUSAL_STREAM] = { "stream",
		N_("Not printed: the document did not arrive whole (%s); print "
		   "it again or tell the administrator.") },
	[MIYIN_REFUSAL_REGISTER] = { "register",
		N_("Not printed: the register is not available; try again "
		   "later or tell the administrator.") },
	[MIYIN_REFUSAL_CONFIG] = { "config",
		N_("Not printed: the print server is not set up rightly; tell "
		   "the administrator.") },
	[MIYIN_REFUSAL_SERVER] = { "server",
		N_("Not printed: the print server failed; try again later or "
		   "tell the administrator.") },
	[MIYIN_REFUSAL_DEVICE] = { "device",
		N_("Copy %s of %s was not printed: the printer reports \"%s\"; "
		   "tell the administrator.") },
	[MIYIN_REFUSAL_CANCELED] = { "canceled",
		N_("Canceled: %s of %s copies were printed.") },
};

GQuark miyin_refusal_quark(void)
{
	return g_quark_from_static_string("miyin-refusal");
}

const char *miyin_refusal_id(miyin_refusal refusal)
{
	return table[refusal].id;
}

int miyin_refusal_find(const char *id)
{
	for (int i = 0; i < MIYIN_N_REFUSALS; i++)
		if (g_str_equal(table[i].id, id))
			return i;
	return -1;
}

/* The formats are this file's own, and translations are checked against
 * them by msgfmt --check-format. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

GError *miyin_refusal_new(miyin_refusal refusal, ...)
{
	GError *error;
	va_list arguments;

	va_start(arguments, refusal);
	error = g_error_new_valist(MIYIN_REFUSAL, refusal,
				   _(table[refusal].sentence), arguments);
	va_end(arguments);
	return error;
}

GError *miyin_refusal_new_list(miyin_refusal refusal, char *const *arguments)
{
	const char *filled[4] = { "", "", "", "" };

	for (unsigned i = 0; i < G_N_ELEMENTS(filled) && arguments[i]; i++)
		filled[i] = arguments[i];
	return miyin_refusal_new(refusal, filled[0], filled[1], filled[2],
				 filled[3]);
}

gboolean miyin_refuse(GError **error, GError *take_refusal)
{
	g_propagate_error(error, take_refusal);
	return FALSE;
}
