/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyinconvert: one submitted file into one clean single-copy PDF with all
 * layout done, in a frame for the backend; what cannot be marked becomes a
 * refusal in the same stream.
 *
 * The backend runs it for each document of a job, under an account that no
 * other job has, with what cupsd told the backend; miyin preview runs it as
 * who asks. It holds no secret. Documents are read by programs that it starts
 * in sandboxes.
 *
 *   miyinconvert job-id user title copies options [filename]
 *
 *   CONTENT_TYPE, CUPS_FILETYPE   what the scheduler takes the document for
 *   PPD                           the gate queue's
 *   MIYIN_BUDGET                  what the job may use
 */
#include "convert.h"
#include "input.h"
#include "options.h"
#include "run.h"
#include <miyin/budget.h>
#include <miyin/config.h>
#include <miyin/error.h>
#include <miyin/frame.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/text.h>
#include <cups/cups.h>
#include <cups/pwg.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of cupsd's variables, what is read here or by the programs of
 * convert.c. AUTH_PASSWORD is among the others. */
static const char variables[] =
	"CHARSET CONTENT_TYPE CUPS_CACHEDIR CUPS_DATADIR CUPS_FILETYPE"
	" CUPS_SERVERBIN CUPS_SERVERROOT FINAL_CONTENT_TYPE LANG"
	" MIYIN_CONF_DIR PATH PPD PRINTER SOFTWARE"
	" TMPDIR " MIYIN_BUDGET_VARIABLE;

/* Filters of CUPS turn what is landscape the other way when they have no PPD, as
 * for a preview. Most printers of today have one that says no more of it. */
static const char plain_ppd[] = "*PPD-Adobe: \"4.3\"\n"
				"*FormatVersion: \"4.3\"\n"
				"*ColorDevice: True\n"
				"*OpenUI *PageSize: PickOne\n"
				"*DefaultPageSize: %s\n"
				"*PageSize %s: \"\"\n"
				"*CloseUI: *PageSize\n"
				"*ImageableArea %s: \"12 12 %s %s\"\n"
				"*PaperDimension %s: \"%s %s\"\n";

static const char *format_pt(char *to, double mm_100, double less_pt)
{
	return g_ascii_formatd(to, G_ASCII_DTOSTR_BUF_SIZE, "%.6f",
			       mm_100 / 2540 * 72 - less_pt);
}

/* Free with g_free; NULL: of paper that has no name. */
static char *write_ppd(const miyin_options *options)
{
	const pwg_media_t *medium = pwgMediaForPWG(options->media);
	const char *name = options->page_size;
	char right[G_ASCII_DTOSTR_BUF_SIZE], top[G_ASCII_DTOSTR_BUF_SIZE];
	char width[G_ASCII_DTOSTR_BUF_SIZE], height[G_ASCII_DTOSTR_BUF_SIZE];

	return medium ? g_strdup_printf(plain_ppd, name, name, name,
					format_pt(right, medium->width, 12),
					format_pt(top, medium->length, 12),
					name,
					format_pt(width, medium->width, 0),
					format_pt(height, medium->length, 0))
		      : NULL;
}

static gboolean lay_out(const miyin_input *input, const miyin_options *options,
			const char *job, const miyin_budget *budget,
			miyin_converted *converted, GError **error)
{
	g_autofree char *ppd = g_getenv("PPD") ? NULL : write_ppd(options);
	gboolean ok;

	miyin_run_lend(ppd);
	ok = miyin_convert(input, options, job, budget, converted, error);
	miyin_run_lend(NULL);
	return ok;
}

static miyin_frame *collect(int argc, char **argv, const miyin_config *config,
			    GError **error)
{
	const char *claim = g_getenv("CONTENT_TYPE");
	const char *kind = g_getenv("CUPS_FILETYPE");
	g_autoptr(miyin_input) input = NULL;
	g_autoptr(miyin_options) options = NULL;
	g_autoptr(miyin_frame) frame = NULL;
	miyin_converted converted;
	miyin_budget budget;

	if (!miyin_budget_parse(g_getenv(MIYIN_BUDGET_VARIABLE), &budget)) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The budget of the job cannot be read.");
		return NULL;
	}
	input = miyin_input_read(argc == 7 ? argv[6] : NULL, claim ? claim : "",
				 &budget, error);
	if (!input)
		return NULL;
	if (kind && g_str_equal(kind, "job-sheet")) {
		miyin_refuse_for(error, MIYIN_REFUSAL_BANNER);
		return NULL;
	}
	options = miyin_options_read(argv[5], argv[4], g_getenv("PPD"), error);
	if (!options)
		return NULL;
	for (unsigned i = 0; i < options->ignored->len; i++)
		fprintf(stderr, "DEBUG: option %s is not the user's\n",
			(char *)options->ignored->pdata[i]);
	if (!miyin_sandbox_check(!config || config->landlock_required, NULL,
				 error))
		return NULL;
	if (!lay_out(input, options, argv[1], &budget, &converted, error))
		return NULL;
	frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	miyin_frame_take_body(frame, converted.pdf,
			      lseek(converted.pdf, 0, SEEK_END));
	if (converted.source >= 0)
		miyin_frame_take_source(frame, converted.source,
					lseek(converted.source, 0, SEEK_END));
	miyin_frame_add(frame, "content-hash", input->content_hash);
	miyin_frame_add(frame, "words", input->words ? input->words : "");
	miyin_frame_add(frame, "repaired", converted.repaired ? "true" : "");
	miyin_frame_add(frame, "turns", converted.turns);
	g_free(converted.turns);
	miyin_options_add_to_frame(options, frame);
	return g_steal_pointer(&frame);
}

/* A failure of ours is told as a refusal too: the job must end. */
static miyin_frame *reject(const GError *reason)
{
	miyin_frame *frame = miyin_frame_new(MIYIN_FRAME_REJECT);
	g_autoptr(GError) general = NULL;

	if (reason->domain != MIYIN_REFUSAL) {
		fprintf(stderr, "DEBUG: %s\n", reason->message);
		general = miyin_refusal_new(MIYIN_REFUSAL_CONFIG);
		reason = general;
	}
	miyin_frame_add(frame, "reason", miyin_refusal_id(reason->code));
	miyin_frame_add(frame, "detail", reason->message);
	return frame;
}

static void add_origin(miyin_frame *frame, char **argv)
{
	g_autofree char *title = miyin_text_clean(argv[3], MIYIN_TEXT_MAX);

	miyin_frame_add(frame, "version", "1");
	miyin_frame_add(frame, "job", argv[1]);
	miyin_frame_add(frame, "title", title);
}

static int finish(miyin_frame *take_frame, char **argv)
{
	g_autoptr(miyin_frame) frame = take_frame;
	g_autoptr(miyin_frame) trailer = miyin_frame_new(MIYIN_FRAME_TRAILER);
	g_autoptr(GError) error = NULL;

	add_origin(frame, argv);
	miyin_frame_add(trailer, "job", argv[1]);
	/* Nothing was written yet when a record is too large. */
	if (!miyin_frame_write(frame, STDOUT_FILENO, &error) &&
	    g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT)) {
		g_autoptr(GError) large = miyin_refusal_new(
			MIYIN_REFUSAL_BUDGET, _("64 KiB of options"));

		g_clear_error(&error);
		miyin_frame_free(frame);
		frame = reject(large);
		add_origin(frame, argv);
		miyin_frame_write(frame, STDOUT_FILENO, &error);
	}
	if (!error && miyin_frame_write(trailer, STDOUT_FILENO, &error))
		return 0;
	fprintf(stderr, "DEBUG: %s\n", error->message);
	return 1;
}

/* Two for each picture of a file of many. */
static void allow_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

/* The refusals must speak without a configuration too. */
static void set_language(const miyin_config *config)
{
	miyin_text_set_language(g_getenv("LANG"),
				config ? config->locale_dir : MIYIN_LOCALE_DIR);
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_config) config = NULL;
	miyin_frame *frame;

	/* Nobody of the same user reads or writes our memory or our files. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	miyin_sandbox_clear_environment(variables);
	closefrom(STDERR_FILENO + 1); /* cupsd's ways to the printer */
	signal(SIGPIPE, SIG_IGN);
	allow_files();
	if (argc < 6 || argc > 7) {
		fprintf(stderr,
			"Usage: %s job-id user title copies options "
			"[file]\n",
			argv[0]);
		return 1;
	}
	config = miyin_config_open(miyin_config_dir(), NULL);
	set_language(config);
	frame = collect(argc, argv, config, &error);
	if (!frame)
		frame = reject(error);
	return finish(frame, argv);
}
