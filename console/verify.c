/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin verify: whether the register is what was written. */
#include <miyin/commands.h>

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include <miyin/audit.h>
#include <miyin/error.h>
#include <miyin/service.h>
#include <miyin/text.h>

#include "when.h"

#define DAMAGED 3 /* exit status */
#define KEY_LENGTH 64

typedef struct {
	char **anchors; /* as given; then their texts */
	char *since, *key, *register_path;
	gboolean first_key;
	char **rest;
} options;

static void clear_options(options *wish)
{
	g_strfreev(wish->anchors);
	g_strfreev(wish->rest);
	g_free(wish->since);
	g_free(wish->key);
	g_free(wish->register_path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options, clear_options)

static gboolean parse_options(int argc, char **argv, options *wish,
			      GError **error)
{
	const GOptionEntry entries[] = {
		{ "anchor", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &wish->anchors,
		  N_("A head that was kept elsewhere: a file, or "
		     "NUMBER:ROOT"),
		  N_("FILE|TEXT") },
		{ "since", 0, 0, G_OPTION_ARG_STRING, &wish->since,
		  N_("Damage of before is known"), N_("TIME") },
		{ "key", 0, 0, G_OPTION_ARG_FILENAME, &wish->key,
		  N_("The first key, from the safe"), N_("FILE") },
		{ "register", 0, 0, G_OPTION_ARG_FILENAME, &wish->register_path,
		  N_("Another file than the register, a backup"), N_("FILE") },
		{ "first-key", 0, 0, G_OPTION_ARG_NONE, &wish->first_key,
		  N_("Print the first key for the safe, once, and do no "
		     "more"),
		  NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &wish->rest, NULL, NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_set_summary(
		context, _("Follow the log of the register from its first "
			   "entry, make the tables again from it, and "
			   "compare."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (!wish->rest &&
	    !(wish->register_path && *wish->register_path != '/'))
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_INPUT,
			  _("verify takes options alone, and of a backup its "
			    "whole path."));
}

/* ---- what is brought ---------------------------------------------------- */

static char *read_text(const char *path, GError **error)
{
	g_autoptr(GError) reason = NULL;
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, &reason))
		miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s", reason->message);
	return text;
}

/* As the caller, who may have them where the service may not look. */
static gboolean read_brought(options *wish, GError **error)
{
	char *path = g_steal_pointer(&wish->key);

	if (path)
		wish->key = read_text(path, error);
	if (wish->key)
		g_strstrip(wish->key);
	g_free(path);
	if (path && !wish->key)
		return FALSE;
	for (unsigned i = 0; wish->anchors && wish->anchors[i]; i++) {
		char *text;

		if (!g_file_test(wish->anchors[i], G_FILE_TEST_EXISTS))
			continue;
		text = read_text(wish->anchors[i], error);
		if (!text)
			return FALSE;
		g_free(wish->anchors[i]);
		wish->anchors[i] = text;
	}
	return TRUE;
}

/* ---- the first key ------------------------------------------------------- */

/* Overwritten where it lies, as far as the disk does that. */
static gboolean take_away(const char *path, GError **error)
{
	g_autofree char *nothing = g_strnfill(KEY_LENGTH, '0');
	FILE *file;

	if (g_chmod(path, 0600) == 0 && (file = fopen(path, "r+"))) {
		fwrite(nothing, 1, KEY_LENGTH, file);
		fclose(file);
	}
	return g_unlink(path) == 0 ||
	       miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", path,
			  g_strerror(errno));
}

/* On paper, and no longer here. */
static gboolean give_first_key(const char *path, GError **error)
{
	g_autofree char *key = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return miyin_fail(error, MIYIN_ERROR_MISSING,
				  _("The first key was taken away already."));
	key = read_text(path, error);
	if (!key)
		return FALSE;
	fputs(key, stdout);
	if (fflush(stdout) == EOF)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The key cannot be written."));
	return take_away(path, error);
}

/* ---- the answer ---------------------------------------------------------- */

static const char *const damages[] = {
	[MIYIN_DAMAGE_CHANGED] =
		N_("Entry %s is not what was written: it was changed."),
	[MIYIN_DAMAGE_INSERTED] =
		N_("Entry %s was not written then: it was inserted."),
	[MIYIN_DAMAGE_REMOVED] = N_("Entry %s is missing: it was removed."),
	[MIYIN_DAMAGE_CUT] =
		N_("Entry %s and those after it are missing: the end of the "
		   "log was cut off."),
	[MIYIN_DAMAGE_OLDER] =
		N_("Before entry %s some are missing: the register is, or "
		   "was, an older copy."),
	[MIYIN_DAMAGE_FORK] =
		N_("From entry %s on the log is not the one that was signed "
		   "or kept: it has another history."),
	[MIYIN_DAMAGE_TABLE] =
		N_("A table is not what the log says, as of entry %s."),
};

static void print_fault(const miyin_fault *fault)
{
	g_autofree char *number =
		fault->number > 0
			? g_strdup_printf("%" G_GUINT64_FORMAT, fault->number)
			: g_strdup("-");
	g_autofree char *line = miyin_text_fill(
		_(damages[fault->kind]), (char *const[]){ number, NULL });

	printf("%s%s%s%s\n", line, *fault->what ? " [" : "", fault->what,
	       *fault->what ? "]" : "");
}

static void print_number(const char *format, guint64 number, const char *text)
{
	g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	g_autofree char *line = miyin_text_fill(
		format, (char *const[]){ digits, (char *)text, NULL });

	puts(line);
}

static void print_window(const miyin_audit *audit)
{
	if (audit->anchored == 0)
		puts(_("No anchor was given: whether entries are missing at "
		       "the end, or all were made anew by who has the keys, "
		       "nobody can tell."));
	else if (audit->anchored < audit->n_entries)
		print_number(_("An anchor stands for the entries up to %s, of "
			       "%s. Whether some are missing after that "
			       "nobody can tell without a later one."),
			     audit->anchored, audit->anchored_at);
	else
		puts(_("An anchor stands for all entries."));
}

static int print_audit(const miyin_audit *audit)
{
	print_number(_("The log has %s entries, until %s."), audit->n_entries,
		     audit->until);
	for (unsigned i = 0; i < audit->faults->len; i++)
		print_fault(audit->faults->pdata[i]);
	if (audit->n_rows > 0)
		print_number(_("Rows that are not what the log says: %s"),
			     audit->n_rows, "");
	if (!audit->sealed)
		puts(_("The seals were not looked at, for that needs the first "
		       "key (--key)."));
	if (audit->faults->len == 0)
		puts(_("All entries and tables hold."));
	print_window(audit);
	if (audit->faults->len == 0)
		printf(_("Keep this elsewhere, as the next anchor: %s\n"),
		       audit->head);
	return audit->faults->len == 0 ? 0 : DAMAGED;
}

static int verify(const options *wish, const miyin_config *config,
		  GError **error)
{
	g_autofree char *path =
		g_build_filename(config->state_dir, "first-key", NULL);
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *since =
		wish->since ? miyin_when_parse(wish->since, FALSE, now, error)
			    : NULL;
	g_autofree char *here = NULL;
	g_autoptr(miyin_audit) audit = NULL;
	const char *backup = wish->register_path;

	if (wish->since && !since)
		return 2;
	if (!wish->key && g_file_get_contents(path, &here, NULL, NULL))
		g_strstrip(here);
	audit = miyin_audit_run(
		&(const miyin_audit_order){
			.path = backup ? backup : config->register_path,
			.dir = backup ? NULL : config->state_dir,
			.first_key = wish->key ? wish->key : here,
			.since = since,
			.anchors = wish->anchors },
		error);
	return audit ? print_audit(audit) : 1;
}

int miyin_command_verify(int argc, char **argv, const miyin_config *config,
			 GError **error)
{
	g_auto(options) wish = { 0 };
	g_autofree char *path = NULL;

	if (!parse_options(argc, argv, &wish, error))
		return 2;
	if (!read_brought(&wish, error) ||
	    !miyin_service_become(config->user, error))
		return 1;
	if (!wish.first_key)
		return verify(&wish, config, error);
	path = g_build_filename(config->state_dir, "first-key", NULL);
	return give_first_key(path, error) ? 0 : 1;
}
