/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyin preview: the pages as they would come out, by the same programs, with
 * the public specimen key and without register or printer.
 */
#include <miyin/commands.h>
#include <miyin/levels.h>
#include <miyin/compose.h>
#include <miyin/controlsheet.h>
#include <miyin/error.h>
#include <miyin/frame.h>
#include <miyin/keys.h>
#include <miyin/levelperiod.h>
#include <miyin/memfile.h>
#include <miyin/order.h>
#include <miyin/policy.h>
#include <miyin/engine.h>
#include <miyin/process.h>
#include <miyin/refusal.h>
#include <miyin/scheme.h>
#include <miyin/text.h>
#include <gio/gio.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define COPIES_MAX 999
#define SPECIMEN "SPECIMEN" /* for all who are not named */

typedef struct {
	char *level, *period, *document, *holders, *scheme, *dir, *media;
	char *options, *approver, *scope, *date;
	gboolean control, reprint;
	int copies;
	char **files;
} settings;

/* What all that is written has in common. */
typedef struct {
	const settings *s;
	const char *program_dir;
	miyin_verify verify;
	miyin_composition plain; /* but for what copies differ in */
} pressing;

static gboolean preview(const settings *s, const miyin_config *config,
			GError **error);
static gboolean press(const settings *s, const miyin_config *config,
		      const miyin_scheme *scheme, const miyin_level *level,
		      const miyin_limits *limits, const miyin_frame *frame,
		      GError **error);

static gboolean parse(int argc, char **argv, settings *s, GError **error)
{
	const GOptionEntry entries[] = {
		{ "level", 'l', 0, G_OPTION_ARG_STRING, &s->level,
		  N_("Level of the document"), N_("LEVEL") },
		{ "period", 'p', 0, G_OPTION_ARG_STRING, &s->period,
		  N_("Period of secrecy"), N_("PERIOD") },
		{ "document", 'd', 0, G_OPTION_ARG_STRING, &s->document,
		  N_("Reference of the document"), N_("REF") },
		{ "holders", 'H', 0, G_OPTION_ARG_STRING, &s->holders,
		  N_("Holders, one for each copy"), N_("LIST") },
		{ "copies", 'n', 0, G_OPTION_ARG_INT, &s->copies,
		  N_("Number of copies"), N_("N") },
		{ "approver", 'a', 0, G_OPTION_ARG_STRING, &s->approver,
		  N_("Who approved the copies"), N_("NAME") },
		{ "scope", 0, 0, G_OPTION_ARG_STRING, &s->scope,
		  N_("To whom they may go"), N_("TEXT") },
		{ "date", 0, 0, G_OPTION_ARG_STRING, &s->date,
		  N_("Date on the marks instead of today's"), N_("DATE") },
		{ "control", 0, 0, G_OPTION_ARG_NONE, &s->control,
		  N_("Show the control sheet too, as control.pdf"), NULL },
		{ "reprint", 0, 0, G_OPTION_ARG_NONE, &s->reprint,
		  N_("As copies of a document that had one before"), NULL },
		{ "scheme", 's', 0, G_OPTION_ARG_STRING, &s->scheme,
		  N_("Marking scheme"), N_("SCHEME") },
		{ "media", 'm', 0, G_OPTION_ARG_STRING, &s->media,
		  N_("Paper size such as A3"), N_("SIZE") },
		{ "options", 0, 0, G_OPTION_ARG_STRING, &s->options,
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
	if (!s->files || !s->files[0] || s->files[1] || !s->level ||
	    s->copies < 1 || s->copies > COPIES_MAX) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("Give one file, --level and 1 to 999 copies."));
		return FALSE;
	}
	if (!s->scheme)
		s->scheme = g_strdup("cn-gb9704");
	if (!s->dir)
		s->dir = g_strdup(".");
	return TRUE;
}

/* By what is in it, as cupsd does: to both a list of values is text. */
static char *sniff_type(const char *path, GError **error)
{
	g_autofree char *guess = NULL;
	g_autofree char *type = NULL;
	guchar head[1024];
	int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

	if (fd >= 0)
		close(fd);
	if (n < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT, "%s: %s",
			    path, g_strerror(errno));
		return NULL;
	}
	if (n >= 2 && memcmp(head, "%!", 2) == 0)
		return g_strdup("application/postscript");
	guess = g_content_type_guess(NULL, head, n, NULL);
	type = g_content_type_get_mime_type(guess);
	if (g_str_has_prefix(type, "image/") && !g_str_has_suffix(type, "+xml"))
		return g_steal_pointer(&type);
	return g_strdup(memchr(head, 0, n) ? "application/octet-stream"
					   : "text/plain");
}

/* What cupsd would tell it. */
static char **tell_collector(const char *type)
{
	char **told = g_environ_setenv(g_get_environ(), "CUPS_SERVERBIN",
				       "/usr/lib/cups", FALSE);

	told = g_environ_setenv(told, "CONTENT_TYPE", type, TRUE);
	return g_environ_unsetenv(told, "PPD");
}

static void run_collector(const char *path, const char *type, const settings *s,
			  int out)
{
	g_autofree char *options =
		g_strconcat(s->options ? s->options : "",
			    s->media ? " media=" : "", s->media, NULL);
	const char *argv[] = { "miyinconvert",
			       "0",
			       "preview",
			       s->document ? s->document : "",
			       "1",
			       options,
			       s->files[0],
			       NULL };
	g_auto(GStrv) environment = tell_collector(type);
	const miyin_process process = {
		.path = path,
		.argv = argv,
		.environment = environment,
		.fds = { STDIN_FILENO, out, STDERR_FILENO },
		.n_fds = 3,
	};

	miyin_process_run(&process);
}

/* What converts for the queue does what it does there. */
static miyin_frame *collect(const settings *s, const miyin_config *config,
			    GError **error)
{
	g_autofree char *path =
		g_build_filename(config->program_dir, "miyinconvert", NULL);
	g_autofree char *type = sniff_type(s->files[0], error);
	g_autoptr(miyin_frame) frame = NULL;
	const char *detail;
	gboolean ok;
	int out;

	if (!type)
		return NULL;
	out = miyin_memfile_new("frame", error);
	if (out < 0)
		return NULL;
	run_collector(path, type, s, out);
	miyin_memfile_rewind(out);
	ok = miyin_frame_read(out, &frame, error);
	close(out);
	if (!ok)
		return NULL;
	if (frame && frame->type == MIYIN_FRAME_DOCUMENT)
		return g_steal_pointer(&frame);
	detail = frame ? miyin_frame_get(frame, "detail") : NULL;
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT, "%s",
		    detail ? detail : _("miyinconvert did not answer."));
	return NULL;
}

static char *choose_date(const settings *s)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");

	return miyin_text_clean(s->date ? s->date : today, MIYIN_TEXT_MAX);
}

/* Where it is printed such a document is refused, or entered as it is. */
static void warn_of_declared(const miyin_scheme *scheme,
			     const miyin_level *level, const char *id)
{
	const miyin_level *declared =
		id ? miyin_scheme_find_level(scheme, id) : NULL;

	if (declared && declared->rank > level->rank)
		g_printerr(_("The document itself says %s, which is higher "
			     "than %s.\n"),
			   declared->text, level->text);
}

static gboolean wants_control(const settings *s, const miyin_level *level)
{
	return s->control || level->control;
}

/* As the backend would: the rest is refused when it is drawn. */
static gboolean substitute(pressing *p, char **missing, char **mark,
			   GError **error)
{
	miyin_composition all = p->plain;
	miyin_words *words = &p->plain.words;
	const char *holders = p->s->holders ? p->s->holders : "";
	g_autofree char *period = NULL, *named = NULL;

	/* A control sheet names what the lines of a copy need not. */
	named = wants_control(p->s, all.level)
			? g_strconcat(holders, words->title, words->scope, NULL)
			: g_strdup(holders);
	all.words.holder = named;
	*missing = miyin_engine_find_missing(p->program_dir, &all, error);
	if (!*missing)
		return FALSE;
	period = miyin_text_substitute(words->period, *missing);
	g_free(*mark);
	*mark = miyin_level_format_mark(all.level, period);
	words->mark = *mark;
	words->missing = *missing;
	return TRUE;
}

/* Free with g_free; the holders are borrowed. */
static miyin_controlsheet_row *list_copies(const settings *s, char **holders,
					   GError **error)
{
	unsigned n = s->copies, named = g_strv_length(holders);
	miyin_controlsheet_row *rows;

	if (named > 0 && named != n) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("The number of copies is %d but the list of "
			      "holders has %u."),
			    s->copies, named);
		return NULL;
	}
	rows = g_new0(miyin_controlsheet_row, n);
	for (unsigned i = 0; i < n; i++) {
		rows[i].serial = i + (s->reprint ? 2 : 1);
		rows[i].holder = named ? holders[i] : SPECIMEN;
	}
	return rows;
}

static gboolean save(const pressing *p, const miyin_prepared *prepared,
		     const miyin_order *order, const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(p->s->dir, name, NULL);
	int pdf_fd = miyin_engine_copy(p->program_dir, prepared, order,
				       p->verify, NULL, error);
	g_autoptr(GBytes) bytes =
		pdf_fd < 0 ? NULL : miyin_memfile_map(pdf_fd, error);

	if (pdf_fd >= 0)
		close(pdf_fd);
	return bytes && g_file_set_contents(path, g_bytes_get_data(bytes, NULL),
					    g_bytes_get_size(bytes), error);
}

/* As the backend does, one copy for who prints. */
static gboolean write_control(const pressing *p, const miyin_prepared *of,
			      const miyin_controlsheet_row *rows,
			      GError **error)
{
	const miyin_words *words = &p->plain.words;
	g_autofree char *title = g_strconcat(
		miyin_controlsheet_name(words->level), " ", words->title, NULL);
	g_autoptr(miyin_form) form =
		miyin_controlsheet_new(words, SPECIMEN, rows, words->n_copies,
				       of->width_pt, of->height_pt);
	int pdf_fd = miyin_engine_form(p->program_dir, form, error);
	g_autoptr(miyin_prepared) prepared =
		pdf_fd < 0
			? NULL
			: miyin_engine_prepare(p->program_dir, pdf_fd, error);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	g_autoptr(miyin_order) order = NULL;
	miyin_composition sheet = p->plain;

	if (pdf_fd >= 0)
		close(pdf_fd);
	if (!prepared)
		return FALSE;
	sheet.body = MIYIN_BODY_FIT;
	sheet.reprint = FALSE;
	sheet.copy_id = words->n_copies + 1;
	sheet.words.serial = miyin_controlsheet_mark(words->level);
	sheet.turns = NULL;
	sheet.words.title = title;
	sheet.words.document = sheet.words.approver = sheet.words.scope = "";
	sheet.words.n_copies = 1;
	sheet.words.n_pages = prepared->n_pages;
	order = miyin_compose(&sheet, keys, error);
	if (order)
		order->cover = FALSE;
	return order &&
	       miyin_engine_inspect(p->program_dir, prepared, order, error) &&
	       save(p, prepared, order, "control.pdf", error);
}

static gboolean write_copy(const pressing *p, const miyin_prepared *prepared,
			   const miyin_controlsheet_row *row, unsigned copy_no,
			   GError **error)
{
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	g_autofree char *serial = g_strdup_printf("%06u", row->serial);
	g_autofree char *name = g_strdup_printf("%u.pdf", copy_no);
	g_autoptr(miyin_order) order = NULL;
	miyin_composition composition = p->plain;

	composition.words.serial = serial;
	composition.words.holder = row->holder;
	composition.words.copy_no = copy_no;
	composition.copy_id = copy_no;
	order = miyin_compose(&composition, keys, error);
	return order && save(p, prepared, order, name, error);
}

static gboolean write_all(const pressing *p, const miyin_prepared *prepared,
			  GError **error)
{
	const settings *s = p->s;
	g_auto(GStrv) holders = miyin_text_split(s->holders ? s->holders : "");
	g_autofree miyin_controlsheet_row *rows =
		list_copies(s, holders, error);

	if (!rows)
		return FALSE;
	if (g_mkdir_with_parents(s->dir, 0700) != 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM, "%s: %s",
			    s->dir, g_strerror(errno));
		return FALSE;
	}
	if (wants_control(s, p->plain.level) &&
	    !write_control(p, prepared, rows, error))
		return FALSE;
	for (int no = 1; no <= s->copies; no++)
		if (!write_copy(p, prepared, &rows[no - 1], no, error))
			return FALSE;
	return TRUE;
}

static gboolean press(const settings *s, const miyin_config *config,
		      const miyin_scheme *scheme, const miyin_level *level,
		      const miyin_limits *limits, const miyin_frame *frame,
		      GError **error)
{
	g_autoptr(miyin_prepared) prepared = miyin_engine_prepare(
		config->program_dir, frame->body_fd, error);
	g_autofree char *date = choose_date(s);
	GDate starts = miyin_period_today();
	g_autofree char *period =
		prepared ? miyin_level_choose_period(level, limits, s->period,
						     &starts, error)
			 : NULL;
	g_autofree char *mark =
		period ? miyin_level_format_mark(level, period) : NULL;
	g_autofree char *base = g_path_get_basename(s->files[0]);
	g_autofree char *title = miyin_text_clean(base, MIYIN_TEXT_MAX);
	g_autofree char *document =
		miyin_text_clean(s->document, MIYIN_TEXT_MAX);
	g_autofree char *approver =
		miyin_text_clean(s->approver, MIYIN_TEXT_MAX);
	g_autofree char *scope = miyin_text_clean(s->scope, MIYIN_TEXT_MAX);
	g_autofree char *missing = NULL;
	g_autoptr(miyin_order) template = NULL;
	pressing p = {
		.s = s,
		.program_dir = config->program_dir,
		.verify = limits->verify,
		.plain = {
			.scheme = scheme,
			.level = level,
			.words = { .mark = mark, .level = level->text,
				   .period = period, .serial = "000000",
				   .holder = SPECIMEN, .date = date,
				   .document = document, .title = title,
				   .unit = config->site_name,
				   .user = SPECIMEN,
				   .original = s->reprint ? "000001" : NULL,
				   .approver = approver, .scope = scope,
				   .copy_no = 1, .n_copies = s->copies },
			.reprint = s->reprint,
			.body = limits->body,
			.specimen = TRUE,
			.turns = miyin_frame_get(frame, "turns"),
		},
	};

	if (!period)
		return FALSE;
	p.plain.words.n_pages =
		prepared->n_pages + (miyin_level_has_cover(level) ? 1 : 0);
	template = miyin_compose(&p.plain, NULL, error);
	if (!template || !miyin_engine_inspect(config->program_dir, prepared,
					       template, error))
		return FALSE;
	warn_of_declared(scheme, level, prepared->declared);
	return (limits->missing != MIYIN_MISSING_SUBSTITUTE ||
		substitute(&p, &missing, &mark, error)) &&
	       write_all(&p, prepared, error);
}

static gboolean preview(const settings *s, const miyin_config *config,
			GError **error)
{
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(config->scheme_dir, s->scheme, error);
	g_autoptr(miyin_policy) policy =
		scheme ? miyin_policy_open(config->policy_path, error) : NULL;
	g_autoptr(miyin_frame) frame = NULL;
	const miyin_level *level;
	const miyin_limits *limits;

	if (!policy)
		return FALSE;
	level = miyin_scheme_find_level(scheme, s->level);
	limits = level ? miyin_policy_find(policy, level->id) : NULL;
	if (!limits) {
		g_autoptr(miyin_levels) levels =
			miyin_levels_open(config->scheme_dir);
		g_autofree char *list = miyin_levels_list(levels, s->scheme);

		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("There is no level \"%s\" in scheme %s; there is "
			      "%s."),
			    s->level, s->scheme, list);
		return FALSE;
	}
	frame = collect(s, config, error);
	return frame && press(s, config, scheme, level, limits, frame, error);
}

static void settings_clear(settings *s)
{
	g_free(s->level);
	g_free(s->period);
	g_free(s->document);
	g_free(s->holders);
	g_free(s->scheme);
	g_free(s->dir);
	g_free(s->media);
	g_free(s->options);
	g_free(s->approver);
	g_free(s->scope);
	g_free(s->date);
	g_strfreev(s->files);
}

int miyin_command_preview(int argc, char **argv, const miyin_config *config,
			  GError **error)
{
	settings s = { .copies = 1 };
	gboolean ok = parse(argc, argv, &s, error);
	int status = ok ? 1 : 2;

	if (ok && preview(&s, config, error))
		status = 0;
	settings_clear(&s);
	return status;
}
