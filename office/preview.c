/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/preview.h>
#include <miyin/compose.h>
#include <miyin/controlsheet.h>
#include <miyin/engine.h>
#include <miyin/error.h>
#include <miyin/frame.h>
#include <miyin/levelperiod.h>
#include <miyin/levels.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <miyin/text.h>
#include <gio/gio.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SPECIMEN "SPECIMEN" /* for all who are not named */
#define PICTURE_BYTES 16

struct miyin_preview {
	const miyin_config *config;
	const miyin_preview_wish *wish;
	miyin_scheme *scheme;
	miyin_policy *policy;
	miyin_keys *keys;
	const miyin_level *level;
	const miyin_limits *limits;
	miyin_frame *frame;
	miyin_prepared *prepared;
	GStringChunk *texts;
	char **holders;
	miyin_controlsheet_row *rows; /* one a copy */
	miyin_composition plain;      /* but for what copies differ in */
};

/* ---- the document ------------------------------------------------------- */

static gboolean find_level(miyin_preview *p, GError **error)
{
	const miyin_preview_wish *wish = p->wish;
	g_autoptr(miyin_levels) levels = NULL;
	g_autofree char *list = NULL;

	p->scheme =
		miyin_scheme_open(p->config->scheme_dir, wish->scheme, error);
	if (p->scheme)
		p->policy = miyin_policy_open(p->config->policy_path, error);
	if (!p->policy)
		return FALSE;
	p->level = miyin_scheme_find_level(p->scheme, wish->level);
	if (p->level)
		p->limits = miyin_policy_find(p->policy, p->level->id);
	if (p->limits)
		return TRUE;
	levels = miyin_levels_open(p->config->scheme_dir);
	list = miyin_levels_list(levels, wish->scheme);
	return miyin_fail(
		error, MIYIN_ERROR_INPUT,
		_("There is no level \"%s\" in scheme %s; there is %s."),
		wish->level, wish->scheme, list);
}

/* By what is in it, as cupsd does: to both a list of values is text. */
static char *sniff_type(const char *path, GError **error)
{
	g_autofree char *guess = NULL;
	g_autofree char *type = NULL;
	guchar head[1024];
	g_auto(miyin_fd) fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

	if (n < 0) {
		miyin_fail(error, MIYIN_ERROR_INPUT, "%s: %s", path,
			   g_strerror(errno));
		return NULL;
	}
	if (n == 0) {
		miyin_fail(error, MIYIN_ERROR_INPUT, _("%s is empty."), path);
		return NULL;
	}
	if (n >= 2 && memcmp(head, "%!", 2) == 0)
		return g_strdup("application/postscript");
	/* No picture is so short; GLib takes the letter M for one. */
	guess = g_content_type_guess(NULL, head, n < PICTURE_BYTES ? 0 : n,
				     NULL);
	type = g_content_type_get_mime_type(guess);
	if (g_str_has_prefix(type, "image/") && !g_str_has_suffix(type, "+xml"))
		return g_steal_pointer(&type);
	return g_strdup(memchr(head, 0, n) ? "application/octet-stream"
					   : "text/plain");
}

static void run_collector(const char *path, const char *type,
			  const miyin_preview_wish *wish, int out)
{
	/* What it says is for the scheduler's log; its refusal is in out. */
	g_auto(miyin_fd) log = open("/dev/null", O_WRONLY | O_CLOEXEC);
	g_autofree char *options =
		g_strconcat(wish->options ? wish->options : "",
			    wish->media ? " media=" : "", wish->media, NULL);
	const char *argv[] = { "miyinconvert",
			       "0",
			       "preview",
			       wish->document ? wish->document : "",
			       "1",
			       options,
			       wish->file,
			       NULL };
	const char *bin =
		g_environ_getenv((char **)wish->environment, "CUPS_SERVERBIN");
	const miyin_process process = {
		.path = path,
		.argv = argv,
		.environment = wish->environment,
		/* What cupsd would tell it. */
		.variables = { { "CUPS_SERVERBIN",
				 bin ? bin : "/usr/lib/cups" },
			       { "CONTENT_TYPE", type },
			       { "PPD", NULL } },
		.fds = { STDIN_FILENO, out, log },
		.n_fds = 3,
	};

	miyin_process_run(&process);
}

/* What converts for the queue does what it does there. */
static gboolean collect(miyin_preview *p, GError **error)
{
	g_autofree char *path =
		g_build_filename(p->config->program_dir, "miyinconvert", NULL);
	g_autofree char *type = sniff_type(p->wish->file, error);
	g_auto(miyin_fd) out = type ? miyin_memfile_new("frame", error) : -1;
	const char *detail;

	if (out < 0)
		return FALSE;
	run_collector(path, type, p->wish, out);
	miyin_memfile_rewind(out);
	if (!miyin_frame_read(out, &p->frame, error))
		return FALSE;
	if (p->frame && p->frame->type == MIYIN_FRAME_DOCUMENT)
		return TRUE;
	detail = p->frame ? miyin_frame_get(p->frame, "detail") : NULL;
	return miyin_fail(error, MIYIN_ERROR_INPUT, "%s",
			  detail ? detail : _("miyinconvert did not answer."));
}

/* ---- its words ---------------------------------------------------------- */

static const char *clean(const miyin_preview *p, const char *text)
{
	g_autofree char *cleaned = miyin_text_clean(text, MIYIN_TEXT_MAX);

	return g_string_chunk_insert(p->texts, cleaned);
}

static void set_mark(miyin_preview *p, const char *period)
{
	g_autofree char *mark = miyin_level_format_mark(p->level, period);

	p->plain.words.mark = g_string_chunk_insert(p->texts, mark);
}

static gboolean compose(miyin_preview *p, GError **error)
{
	const miyin_preview_wish *wish = p->wish;
	const GDate starts = miyin_period_today();
	g_autofree char *period = miyin_level_choose_period(
		p->level, p->limits, wish->period, &starts, error);

	if (!period)
		return FALSE;
	p->plain = (miyin_composition){
		.scheme = p->scheme,
		.level = p->level,
		.words = { .level = p->level->text,
			   .period = g_string_chunk_insert(p->texts, period),
			   .serial = "000000",
			   .holder = SPECIMEN,
			   .date = clean(p, wish->date),
			   .document = clean(p, wish->document),
			   .title = clean(p, wish->title),
			   .unit = p->config->site_name,
			   .user = SPECIMEN,
			   .original = wish->reprint ? "000001" : NULL,
			   .approver = clean(p, wish->approver),
			   .scope = clean(p, wish->scope),
			   .copy_no = 1,
			   .n_copies = wish->copies,
			   .n_pages =
				   p->prepared->n_pages +
				   (miyin_level_has_cover(p->level) ? 1 : 0) },
		.reprint = wish->reprint,
		.body = p->limits->body,
		.specimen = TRUE,
		.turns = miyin_frame_get(p->frame, "turns"),
	};
	set_mark(p, period);
	return TRUE;
}

static gboolean prepare(miyin_preview *p, GError **error)
{
	const char *programs = p->config->program_dir;
	g_autoptr(miyin_order) template = NULL;

	p->prepared = miyin_engine_prepare(programs, p->frame->body_fd, error);
	if (!p->prepared || !compose(p, error))
		return FALSE;
	template = miyin_compose(&p->plain, NULL, error);
	return template &&
	       miyin_engine_inspect(programs, p->prepared, template, error);
}

/* As the backend would: the rest is refused when it is drawn. */
static gboolean substitute(miyin_preview *p, GError **error)
{
	miyin_composition all = p->plain;
	miyin_words *words = &p->plain.words;
	const char *holders = p->wish->holders ? p->wish->holders : "";
	g_autofree char *missing = NULL, *period = NULL, *named = NULL;

	if (p->limits->missing != MIYIN_MISSING_SUBSTITUTE)
		return TRUE;
	/* A control sheet names what the lines of a copy need not. */
	named = miyin_preview_has_control(p)
			? g_strconcat(holders, words->title, words->scope, NULL)
			: g_strdup(holders);
	all.words.holder = named;
	missing =
		miyin_engine_find_missing(p->config->program_dir, &all, error);
	if (!missing)
		return FALSE;
	period = miyin_text_substitute(words->period, missing);
	set_mark(p, period);
	words->missing = g_string_chunk_insert(p->texts, missing);
	return TRUE;
}

static gboolean list_copies(miyin_preview *p, GError **error)
{
	const miyin_preview_wish *wish = p->wish;
	unsigned named;

	p->holders = miyin_text_split(wish->holders ? wish->holders : "");
	named = g_strv_length(p->holders);
	if (named > 0 && named != (unsigned)wish->copies)
		return miyin_fail(
			error, MIYIN_ERROR_INPUT,
			_("The number of copies is %d but the list of "
			  "holders has %u."),
			wish->copies, named);
	p->rows = g_new0(miyin_controlsheet_row, wish->copies);
	for (int i = 0; i < wish->copies; i++) {
		p->rows[i].serial = i + (wish->reprint ? 2 : 1);
		p->rows[i].holder = named ? p->holders[i] : SPECIMEN;
	}
	return TRUE;
}

/* ---- a copy ------------------------------------------------------------- */

static GBytes *stamp(const miyin_preview *p, const miyin_prepared *prepared,
		     const miyin_order *order, GError **error)
{
	g_autoptr(GArray) pages = miyin_engine_choose_pages(
		p->limits->verify, order->n_pages, error);
	g_auto(miyin_fd) pdf_fd =
		pages ? miyin_engine_copy(p->config->program_dir, prepared,
					  order, pages, error)
		      : -1;

	return pdf_fd < 0 ? NULL : miyin_memfile_map(pdf_fd, error);
}

static miyin_prepared *draw_control(const miyin_preview *p, GError **error)
{
	const char *programs = p->config->program_dir;
	const miyin_controlsheet sheet = {
		.scheme = p->scheme,
		.words = &p->plain.words,
		.job = SPECIMEN,
		.rows = p->rows,
		.n_rows = p->plain.words.n_copies,
		.width_pt = p->prepared->width_pt,
		.height_pt = p->prepared->height_pt,
	};
	g_autoptr(miyin_form) form = miyin_controlsheet_new(&sheet);
	g_auto(miyin_fd) pdf_fd = miyin_engine_form(programs, form, error);

	return pdf_fd < 0 ? NULL
			  : miyin_engine_prepare(programs, pdf_fd, error);
}

/* ---- public ------------------------------------------------------------- */

miyin_preview *miyin_preview_new(const miyin_config *config,
				 const miyin_preview_wish *wish, GError **error)
{
	g_autoptr(miyin_preview) p = g_new0(miyin_preview, 1);

	p->config = config;
	p->wish = wish;
	p->texts = g_string_chunk_new(256);
	p->keys = miyin_keys_specimen();
	if (find_level(p, error) && collect(p, error) && prepare(p, error) &&
	    substitute(p, error) && list_copies(p, error))
		return g_steal_pointer(&p);
	return NULL;
}

void miyin_preview_free(miyin_preview *p)
{
	g_clear_pointer(&p->prepared, miyin_prepared_free);
	g_clear_pointer(&p->frame, miyin_frame_free);
	g_clear_pointer(&p->policy, miyin_policy_free);
	g_clear_pointer(&p->scheme, miyin_scheme_free);
	miyin_keys_free(p->keys);
	g_string_chunk_free(p->texts);
	g_strfreev(p->holders);
	g_free(p->rows);
	g_free(p);
}

const miyin_level *miyin_preview_level(const miyin_preview *p)
{
	return p->level;
}

const miyin_level *miyin_preview_declared(const miyin_preview *p)
{
	const char *id = p->prepared->declared;
	const miyin_level *declared =
		id ? miyin_scheme_find_level(p->scheme, id) : NULL;

	return declared && declared->rank > p->level->rank ? declared : NULL;
}

GBytes *miyin_preview_copy(const miyin_preview *p, unsigned copy_no,
			   GError **error)
{
	const miyin_controlsheet_row *row = &p->rows[copy_no - 1];
	g_autofree char *serial = g_strdup_printf("%06u", row->serial);
	g_autoptr(miyin_order) order = NULL;
	miyin_composition composition = p->plain;

	composition.words.serial = serial;
	composition.words.holder = row->holder;
	composition.words.copy_no = copy_no;
	composition.copy_id = copy_no;
	order = miyin_compose(&composition, p->keys, error);
	return order ? stamp(p, p->prepared, order, error) : NULL;
}

gboolean miyin_preview_has_control(const miyin_preview *p)
{
	return p->wish->control || p->level->control;
}

/* As the backend does, one copy for who prints. */
GBytes *miyin_preview_control(const miyin_preview *p, GError **error)
{
	const miyin_words *words = &p->plain.words;
	g_autofree char *title =
		g_strconcat(miyin_controlsheet_name(p->scheme, words->level),
			    " ", words->title, NULL);
	g_autoptr(miyin_prepared) prepared = draw_control(p, error);
	g_autoptr(miyin_order) order = NULL;
	miyin_composition sheet = p->plain;

	if (!prepared)
		return NULL;
	sheet.body = MIYIN_BODY_FIT;
	sheet.reprint = FALSE;
	sheet.copy_id = words->n_copies + 1;
	sheet.words.serial = miyin_controlsheet_mark(p->scheme, words->level);
	sheet.turns = NULL;
	sheet.words.title = title;
	sheet.words.document = sheet.words.approver = sheet.words.scope = "";
	sheet.words.n_copies = 1;
	sheet.words.n_pages = prepared->n_pages;
	order = miyin_compose(&sheet, p->keys, error);
	if (!order)
		return NULL;
	order->cover = FALSE;
	if (!miyin_engine_inspect(p->config->program_dir, prepared, order,
				  error))
		return NULL;
	return stamp(p, prepared, order, error);
}
