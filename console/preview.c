/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin preview: the marked pages of a document, in a folder. */
#include <miyin/commands.h>
#include <miyin/error.h>
#include <miyin/frame.h>
#include <miyin/preview.h>
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

typedef struct {
	miyin_preview_wish wish;
	char *dir;
	char **files;
} settings;

static void clear_settings(settings *s)
{
	g_free(s->wish.level);
	g_free(s->wish.period);
	g_free(s->wish.document);
	g_free(s->wish.holders);
	g_free(s->wish.scheme);
	g_free(s->dir);
	g_free(s->wish.media);
	g_free(s->wish.options);
	g_free(s->wish.approver);
	g_free(s->wish.scope);
	g_free(s->wish.date);
	g_strfreev(s->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(settings, clear_settings)

static gboolean parse(int argc, char **argv, settings *s, GError **error)
{
	const GOptionEntry entries[] = {
		{ "level", 'l', 0, G_OPTION_ARG_STRING, &s->wish.level,
		  N_("Level of the document"), N_("LEVEL") },
		{ "period", 'p', 0, G_OPTION_ARG_STRING, &s->wish.period,
		  N_("Period of secrecy"), N_("PERIOD") },
		{ "document", 'd', 0, G_OPTION_ARG_STRING, &s->wish.document,
		  N_("Reference of the document"), N_("REF") },
		{ "holders", 'H', 0, G_OPTION_ARG_STRING, &s->wish.holders,
		  N_("Holders, one for each copy"), N_("LIST") },
		{ "copies", 'n', 0, G_OPTION_ARG_INT, &s->wish.copies,
		  N_("Number of copies"), N_("N") },
		{ "approver", 'a', 0, G_OPTION_ARG_STRING, &s->wish.approver,
		  N_("Who approved the copies"), N_("NAME") },
		{ "scope", 0, 0, G_OPTION_ARG_STRING, &s->wish.scope,
		  N_("To whom they may go"), N_("TEXT") },
		{ "date", 0, 0, G_OPTION_ARG_STRING, &s->wish.date,
		  N_("Date on the marks instead of today's"), N_("DATE") },
		{ "control", 0, 0, G_OPTION_ARG_NONE, &s->wish.control,
		  N_("Show the control sheet too, as control.pdf"), NULL },
		{ "reprint", 0, 0, G_OPTION_ARG_NONE, &s->wish.reprint,
		  N_("As copies of a document that had one before"), NULL },
		{ "scheme", 's', 0, G_OPTION_ARG_STRING, &s->wish.scheme,
		  N_("Marking scheme"), N_("SCHEME") },
		{ "media", 'm', 0, G_OPTION_ARG_STRING, &s->wish.media,
		  N_("Paper size such as A3"), N_("SIZE") },
		{ "options", 0, 0, G_OPTION_ARG_STRING, &s->wish.options,
		  N_("Print options such as number-up=2"), N_("OPTIONS") },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &s->dir,
		  N_("Folder for 1.pdf, 2.pdf, ..."), N_("DIR") },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &s->files, NULL, N_("FILE") },
		{ .long_name = NULL },
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_set_summary(
		context, _("Show the marked pages without printing them."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (!s->files || !s->files[0] || s->files[1] || !s->wish.level ||
	    s->wish.copies < 1 || s->wish.copies > MIYIN_COPIES_MAX)
		return miyin_fail(
			error, MIYIN_ERROR_INPUT,
			_("Give one file, --level and 1 to 999 copies."));
	return TRUE;
}

static void take_defaults(settings *s)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();

	if (!s->wish.scheme)
		s->wish.scheme = g_strdup("cn-gb9704");
	if (!s->dir)
		s->dir = g_strdup(".");
	if (!s->wish.date)
		s->wish.date = g_date_time_format(now, "%Y-%m-%d");
}

/* Takes the PDF. */
static gboolean save(const settings *s, const char *name, GBytes *take_pdf,
		     GError **error)
{
	g_autofree char *path = g_build_filename(s->dir, name, NULL);
	g_autoptr(GBytes) pdf = take_pdf;

	return pdf && g_file_set_contents(path, g_bytes_get_data(pdf, NULL),
					  g_bytes_get_size(pdf), error);
}

static gboolean save_all(const settings *s, const miyin_preview *preview,
			 GError **error)
{
	if (g_mkdir_with_parents(s->dir, 0700) != 0)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", s->dir,
				  g_strerror(errno));
	if (miyin_preview_has_control(preview) &&
	    !save(s, "control.pdf", miyin_preview_control(preview, error),
		  error))
		return FALSE;
	for (int no = 1; no <= s->wish.copies; no++) {
		g_autofree char *name = g_strdup_printf("%d.pdf", no);

		if (!save(s, name, miyin_preview_copy(preview, no, error),
			  error))
			return FALSE;
	}
	return TRUE;
}

int miyin_command_preview(int argc, char **argv, const miyin_config *config,
			  GError **error)
{
	g_auto(settings) s = { .wish = { .copies = 1 } };
	g_auto(GStrv) environment = g_get_environ();
	g_autofree char *title = NULL;
	g_autoptr(miyin_preview) preview = NULL;
	const miyin_level *declared;

	if (!parse(argc, argv, &s, error))
		return 2;
	take_defaults(&s);
	title = g_path_get_basename(s.files[0]);
	s.wish.file = s.files[0];
	s.wish.title = title;
	s.wish.environment = environment;
	preview = miyin_preview_new(config, &s.wish, error);
	if (!preview)
		return 1;
	declared = miyin_preview_declared(preview);
	if (declared)
		g_printerr(_("The document itself says %s, which is higher "
			     "than %s.\n"),
			   declared->text, miyin_preview_level(preview)->text);
	return save_all(&s, preview, error) ? 0 : 1;
}
