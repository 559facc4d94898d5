/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyincollect: the CUPS filter of a gate queue. It turns one submitted file
 * into one clean single-copy PDF with all layout done, and frames it for the
 * backend; what cannot be marked becomes a refusal in the same stream.
 *
 * It runs as user lp and holds no secret. It always exits 0 when it could
 * write its stream: a filter that fails leaves the job stopped and its
 * reason lost (facts of CUPS, trap 1).
 *
 *   miyincollect job-id user title copies options [filename]
 */
#include "collect_convert.h"
#include "collect_input.h"
#include "collect_options.h"
#include <miyin/config.h>
#include <miyin/error.h>
#include <miyin/frame.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/text.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* Of cupsd's variables, what is read here or by the programs of
 * collect_convert.h. AUTH_PASSWORD is among the others. */
static const char *const variables[] = {
	"CHARSET",	   "CONTENT_TYPE",   "CUPS_CACHEDIR",
	"CUPS_DATADIR",	   "CUPS_FILETYPE",  "CUPS_SERVERBIN",
	"CUPS_SERVERROOT", "FINAL_CONTENT_TYPE", "LANG",
	"MIYIN_CONF_DIR",  "PATH",	     "PPD",
	"PRINTER",	   "SOFTWARE",	     "TMPDIR",
	NULL,
};

static miyin_frame *collect(int argc, char **argv,
			    const miyin_config *config, GError **error);
static miyin_frame *reject(const GError *reason);
static void add_origin(miyin_frame *frame, char **argv);
static void set_language(const miyin_config *config);
static int finish(miyin_frame *frame, char **argv);

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_config) config = NULL;
	miyin_frame *frame;

	miyin_sandbox_clear_environment(variables);
	closefrom(STDERR_FILENO + 1);	/* cupsd's ways to the printer */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 6 || argc > 7) {
		fprintf(stderr, "Usage: %s job-id user title copies options "
				"[file]\n", argv[0]);
		return 1;
	}
	config = miyin_config_open(miyin_config_dir(), NULL);
	set_language(config);
	frame = collect(argc, argv, config, &error);
	if (!frame)
		frame = reject(error);
	return finish(frame, argv);
}

static miyin_frame *collect(int argc, char **argv,
			    const miyin_config *config, GError **error)
{
	const char *claim = g_getenv("CONTENT_TYPE");
	const char *kind = g_getenv("CUPS_FILETYPE");
	g_autoptr(miyin_input) input = NULL;
	g_autoptr(miyin_options) options = NULL;
	g_autoptr(miyin_frame) frame = NULL;
	gboolean repaired;
	int pdf;

	input = miyin_input_read(argc == 7 ? argv[6] : NULL, claim ? claim : "",
				 error);
	if (!input)
		return NULL;
	if (kind && g_str_equal(kind, "job-sheet")) {
		miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_BANNER));
		return NULL;
	}
	options = miyin_options_read(argv[5], argv[4], g_getenv("PPD"), error);
	if (!options)
		return NULL;
	if (!miyin_sandbox_check(!config || config->landlock_required, NULL,
				 error))
		return NULL;
	pdf = miyin_convert(input, options, argv[1], &repaired, error);
	if (pdf < 0)
		return NULL;
	frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	miyin_frame_take_body(frame, pdf, lseek(pdf, 0, SEEK_END));
	miyin_frame_add(frame, "content-hash", input->content_hash);
	miyin_frame_add(frame, "repaired", repaired ? "true" : "");
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
	g_autoptr(miyin_frame) trailer =
		miyin_frame_new(MIYIN_FRAME_TRAILER);
	g_autoptr(GError) error = NULL;

	add_origin(frame, argv);
	miyin_frame_add(trailer, "job", argv[1]);
	if (miyin_frame_write(frame, STDOUT_FILENO, &error) &&
	    miyin_frame_write(trailer, STDOUT_FILENO, &error))
		return 0;
	fprintf(stderr, "DEBUG: %s\n", error->message);
	return 1;
}

/* The refusals must speak without a configuration too. */
static void set_language(const miyin_config *config)
{
	miyin_text_set_language(g_getenv("LANG"),
				config ? config->locale_dir
				       : MIYIN_LOCALE_DIR);
}
