/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <stdarg.h>

/* Each sentence says what happened and what to do. All arguments are
 * strings; translations may reorder them with %1$s. */
static const struct {
	const char *id, *sentence;
} table[MIYIN_N_REFUSALS] = {
	[MIYIN_REFUSAL_NO_LEVEL] = { NC_("refusal", "no-level"),
				     N_("Not printed: choose a level (%s) and print again, for "
					"example with -o MiyinLevel=%s.") },
	[MIYIN_REFUSAL_BAD_LEVEL] = { NC_("refusal", "bad-level"),
				      N_("Not printed: there is no level \"%s\" here; choose one of "
					 "%s.") },
	[MIYIN_REFUSAL_LEVEL_DENIED] = { NC_("refusal", "level-denied"),
					 N_("Not printed: you may not print %s on %s; ask the "
					    "confidentiality officer.") },
	[MIYIN_REFUSAL_LEVEL_LOWERED] = { NC_("refusal", "level-lowered"),
					  N_("Not printed: this document may not be printed as %s, its "
					     "level is higher; choose its level or ask the "
					     "confidentiality officer.") },
	[MIYIN_REFUSAL_REFERENCE] = { NC_("refusal", "reference"),
				      N_("Not printed: this document may not be printed under the "
					 "reference \"%s\"; check the reference or ask the "
					 "confidentiality officer.") },
	[MIYIN_REFUSAL_OVER_LIMIT] = { NC_("refusal", "over-limit"),
				       N_("Not printed: the number of copies that %s allows of this "
					  "document is %s, with %s left; ask the confidentiality "
					  "officer.") },
	[MIYIN_REFUSAL_JOB_LIMIT] = { NC_("refusal", "job-limit"),
				      N_("Not printed: the greatest number of copies that %s allows "
					 "in one job is %s; ask for fewer copies.") },
	[MIYIN_REFUSAL_HOLDERS] = { NC_("refusal", "holders"),
				    N_("Not printed: the number of copies is %s but the list of "
				       "holders has %s; name one holder for each copy, in quotes "
				       "where a name has blanks: \"MiyinHolders='Li Si,Wang "
				       "Wu'\".") },
	[MIYIN_REFUSAL_BAD_HOLDER] = { NC_("refusal", "bad-holder"),
				       N_("Not printed: \"%s\" cannot be the name of a holder; write a "
					  "name of letters, such as Li Si, without words of the "
					  "marks.") },
	[MIYIN_REFUSAL_BAD_APPROVER] = { NC_("refusal", "bad-approver"),
					 N_("Not printed: \"%s\" cannot be the name of an approver; "
					    "write a name of letters, such as Li Si, without words of "
					    "the marks.") },
	[MIYIN_REFUSAL_BAD_SCOPE] = { NC_("refusal", "bad-scope"),
				      N_("Not printed: \"%s\" cannot be the distribution; write to "
					 "whom the copies go, without words of the marks.") },
	[MIYIN_REFUSAL_BAD_REFERENCE] = { NC_("refusal", "bad-reference"),
					  N_("Not printed: \"%s\" cannot be the reference of a document; "
					     "write one with letters or digits and without marks on "
					     "them.") },
	[MIYIN_REFUSAL_NO_IDENTITY] = { NC_("refusal", "no-identity"),
					N_("Not printed: the print server does not know who you are; "
					   "log in and print again.") },
	[MIYIN_REFUSAL_RAW_DATA] = { NC_("refusal", "raw-data"),
				     N_("Not printed: data made for one printer (%s) cannot be "
					"marked; print from the application or send a PDF.") },
	[MIYIN_REFUSAL_FORMAT] = { NC_("refusal", "unsupported-format"),
				   N_("Not printed: this kind of file (%s) cannot be printed "
				      "here; print it from its application or send a PDF.") },
	[MIYIN_REFUSAL_ENCODING] = { NC_("refusal", "encoding"),
				     N_("Not printed: the encoding of this text is not known here; "
					"save it as UTF-8 and print it again.") },
	[MIYIN_REFUSAL_PASSWORD] = { NC_("refusal", "password"),
				     N_("Not printed: this PDF opens only with a password; remove "
					"the password and print again.") },
	[MIYIN_REFUSAL_ENCRYPTED] = { NC_("refusal", "encrypted"),
				      N_("Not printed: this PDF is encrypted in a way that is not "
					 "known here, such as for certificates; save it without "
					 "encryption and print the new file.") },
	[MIYIN_REFUSAL_FORBIDDEN] = { NC_("refusal", "forbidden"),
				      N_("Not printed: the author of this PDF forbids printing it; "
					 "ask him for a file that may be printed.") },
	[MIYIN_REFUSAL_NO_PAGES] = { NC_("refusal", "no-pages"),
				     N_("Not printed: no page is left to print; check the file and "
					"the page range.") },
	[MIYIN_REFUSAL_TOO_MANY_PAGES] = { NC_("refusal", "too-many-pages"),
					   N_("Not printed: the document has %s pages and a copy may have "
					      "at most %s; print it in parts.") },
	[MIYIN_REFUSAL_TOO_LARGE] = { NC_("refusal", "too-large"),
				      N_("Not printed: the document is larger than %s; print it in "
					 "parts.") },
	[MIYIN_REFUSAL_BUDGET] = { NC_("refusal", "budget"),
				   N_("Not printed: the document needs more than %s, which is all "
				      "that one job may use here; print it in parts.") },
	[MIYIN_REFUSAL_PAGE_TOO_SMALL] = { NC_("refusal", "page-too-small"),
					   N_("Not printed: page %s is %s mm, too small for the marks, "
					      "which need %s mm; choose a larger paper size.") },
	[MIYIN_REFUSAL_BAD_GLYPH] = { NC_("refusal", "bad-glyph"),
				      N_("Not printed: no font here has all characters of \"%s\"; "
					 "write it in another way or tell the administrator.") },
	[MIYIN_REFUSAL_MARK_TOO_LONG] = { NC_("refusal", "mark-too-long"),
					  N_("Not printed: \"%s\" has not enough room among the marks; "
					     "choose a shorter period or a larger paper size.") },
	[MIYIN_REFUSAL_PERIOD] = { NC_("refusal", "period"),
				   N_("Not printed: the period %s is longer than %s allows, which "
				      "is %s; choose a shorter one.") },
	[MIYIN_REFUSAL_BAD_PERIOD] = { NC_("refusal", "bad-period"),
				       N_("Not printed: \"%s\" is not a period that is allowed here; "
					  "write one such as %s.") },
	[MIYIN_REFUSAL_PERIOD_OVER] = { NC_("refusal", "period-over"),
					N_("Not printed: the period %s is over; choose one that ends "
					   "later.") },
	[MIYIN_REFUSAL_DECLARED] = { NC_("refusal", "declared"),
				     N_("Not printed: the document itself says %s and may not be "
					"printed as %s; choose %s or higher.") },
	[MIYIN_REFUSAL_DECLARED_PERIOD] = { NC_("refusal", "declared-period"),
					    N_("Not printed: the document itself bears the period %s and "
					       "may not be printed with %s; leave the period out.") },
	[MIYIN_REFUSAL_DECLARED_UNFIT] = { NC_("refusal", "declared-unfit"),
					   N_("Not printed: the document itself bears the period %s, "
					      "which is not allowed for %s here; change it in the "
					      "document or ask the confidentiality officer.") },
	[MIYIN_REFUSAL_UNREADABLE] = { NC_("refusal", "unreadable"),
				       N_("Not printed: the text of page %s is not what the page "
					  "shows, so its level cannot be read; make the PDF anew "
					  "with other fonts or ask the confidentiality officer.") },
	[MIYIN_REFUSAL_CARRIED] = { NC_("refusal", "carried"),
				    N_("Not printed: page %s of the document shows the code of a "
				       "marked copy; print the document itself, or ask the "
				       "confidentiality officer for another copy of it.") },
	[MIYIN_REFUSAL_DAMAGED] = { NC_("refusal", "damaged"),
				    N_("Not printed: the document is damaged and cannot be "
				       "repaired; save it again and print the new file.") },
	[MIYIN_REFUSAL_BAD_OPTION] = { NC_("refusal", "bad-option"),
				       N_("Not printed: \"%s\" is not a value of option %s; check the "
					  "option and print again.") },
	[MIYIN_REFUSAL_UNKNOWN_OPTION] = { NC_("refusal", "unknown-option"),
					   N_("Not printed: there is no option \"%s\"; write it as one of "
					      "%s and print again.") },
	[MIYIN_REFUSAL_SPLIT_VALUE] = { NC_("refusal", "split-value"),
					N_("Not printed: \"%s\" stands behind a blank and belongs to "
					   "no option; put a value with blanks in quotes of its own, "
					   "such as -o \"%s\", or leave the word out.") },
	[MIYIN_REFUSAL_PAPER] = { NC_("refusal", "paper"),
				  N_("Not printed: the printer takes no sheet of %s mm, but from "
				     "%s to %s mm; choose a paper of its list.") },
	[MIYIN_REFUSAL_BANNER] = { NC_("refusal", "banner"),
				   N_("Not printed: banner pages are not allowed on this queue; "
				      "print again without job sheets.") },
	[MIYIN_REFUSAL_NOT_MARKED] = { NC_("refusal", "not-marked"),
				       N_("Not printed: the marks on page %s could not be read back "
					  "(%s); tell the administrator.") },
	[MIYIN_REFUSAL_STREAM] = { NC_("refusal", "stream"),
				   N_("Not printed: the document did not arrive whole (%s); print "
				      "it again or tell the administrator.") },
	[MIYIN_REFUSAL_REGISTER] = { NC_("refusal", "register"),
				     N_("Not printed: the register is not available; try again "
					"later or tell the administrator.") },
	[MIYIN_REFUSAL_CONFIG] = { NC_("refusal", "config"),
				   N_("Not printed: the print server is not set up rightly; tell "
				      "the administrator.") },
	[MIYIN_REFUSAL_SERVER] = { NC_("refusal", "server"),
				   N_("Not printed: the print server failed; try again later or "
				      "tell the administrator.") },
	[MIYIN_REFUSAL_TIMEOUT] = { NC_("refusal", "timeout"),
				    N_("Not printed: a step of the print server (%s) did not end "
				       "in time; try again later or tell the administrator.") },
	[MIYIN_REFUSAL_TIME_LIMIT] = { NC_("refusal", "time-limit"),
				       N_("Not printed: printing took longer than the %s seconds that "
					  "the print server gives a job; print it in parts or tell "
					  "the administrator.") },
	[MIYIN_REFUSAL_INTERRUPTED] = { NC_("refusal", "interrupted"),
					N_("Not printed: printing was interrupted on the print server; "
					   "print again or tell the administrator.") },
	[MIYIN_REFUSAL_UNKNOWN] = { NC_("refusal", "unknown"),
				    N_("Not printed: the print server does not know what the "
				       "printer did; look at the printer and tell the "
				       "administrator.") },
	[MIYIN_REFUSAL_DEVICE] = { NC_("refusal", "device"),
				   N_("Not printed: the printer reports \"%s\"; tell the "
				      "administrator.") },
	[MIYIN_REFUSAL_CANCELED] = { NC_("refusal", "canceled"),
				     N_("Canceled: nothing was printed.") },
};

GQuark miyin_refusal_quark(void)
{
	return g_quark_from_static_string("miyin-refusal");
}

const char *miyin_refusal_id(miyin_refusal refusal)
{
	return table[refusal].id;
}

const char *miyin_refusal_sentence(miyin_refusal refusal)
{
	return _(table[refusal].sentence);
}

const char *miyin_refusal_english(miyin_refusal refusal)
{
	return table[refusal].sentence;
}

int miyin_refusal_find(const char *id)
{
	for (int i = 0; i < MIYIN_N_REFUSALS; i++)
		if (g_str_equal(table[i].id, id))
			return i;
	return -1;
}

gboolean miyin_refusal_is_among(int found, const miyin_refusal *some,
				unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (found == (int)some[i])
			return TRUE;
	return FALSE;
}

/* The formats are this file's own, and translations are checked against
 * them by msgfmt --check-format. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static GError *new_list(miyin_refusal refusal, va_list arguments)
{
	return g_error_new_valist(MIYIN_REFUSAL, refusal,
				  _(table[refusal].sentence), arguments);
}

GError *miyin_refusal_new(miyin_refusal refusal, ...)
{
	GError *error;
	va_list arguments;

	va_start(arguments, refusal);
	error = new_list(refusal, arguments);
	va_end(arguments);
	return error;
}

GError *miyin_refusal_new_list(miyin_refusal refusal, char *const *arguments)
{
	g_autofree char *sentence =
		miyin_text_fill(miyin_refusal_sentence(refusal), arguments);

	return g_error_new_literal(MIYIN_REFUSAL, refusal, sentence);
}

gboolean miyin_refuse(GError **error, GError *take_refusal)
{
	g_propagate_error(error, take_refusal);
	return FALSE;
}

gboolean miyin_refuse_option(GError **error, const char *value,
			     const char *option)
{
	g_autofree char *clean = miyin_text_clean(value, 40);

	return miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_BAD_OPTION,
						     clean, option));
}

gboolean miyin_refuse_for(GError **error, miyin_refusal refusal, ...)
{
	va_list arguments;

	va_start(arguments, refusal);
	g_propagate_error(error, new_list(refusal, arguments));
	va_end(arguments);
	return FALSE;
}
