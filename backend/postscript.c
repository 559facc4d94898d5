/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "postscript.h"
#include "lines.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <string.h>
#include <unistd.h>

#define GS "/usr/bin/gs"
#define PROLOG "%%BeginProlog\n"
#define PROLOG_WITHIN 8192 /* bytes from the beginning */
#define END_PROLOG "%%EndProlog\n"

/* What ps2write writes moves a page by the margins that a driver's Ghostscript
 * says the printer has: up and to the right, so that marks would be cut off.
 * A page is where it is. */
#define NO_MARGINS "userdict /.HWMargins [0 0 0 0] put\n"

/* It also prints its errors, on a sheet without marks, and calls that a
 * success. The interpreter's own way is to throw the rest away, and to say so.
 */
#define KEEP_ERRORS "userdict /MiyinErrors errordict /handleerror get put\n"
#define OWN_ERRORS "errordict /handleerror userdict /MiyinErrors get put\n"

/* Best quality where Ghostscript takes JPEG for a picture: the least loss of
 * its prepress setting. */
#define JPEG                                                                   \
	"<< /QFactor 0.15 /Blend 1 /HSamples [1 1 1 1]"                        \
	" /VSamples [1 1 1 1] >>"
#define QUALITY                                                                \
	"<< /ColorACSImageDict " JPEG " /GrayACSImageDict " JPEG               \
	" >> setdistillerparams"

/* The size of the page is left to the driver (NOMEDIAATTRS). */
static const char common[] =
	GS " -q -dNOPAUSE -dBATCH -dSAFER -dNOMEDIAATTRS -sDEVICE=ps2write"
	   " -dLanguageLevel=3 -dCompressFonts=false -dNoT3CCITT"
	   " -dNOINTERPOLATE -dAutoRotatePages=/None"
	   " -dDownsampleColorImages=false -dDownsampleGrayImages=false"
	   " -dDownsampleMonoImages=false -sOutputFile=- -sstdout=%stderr";

/* ps2write makes bitmaps of fonts that PostScript level 2 has not, Chinese
 * ones among them: finer than printers print. */
static const char opaque[] = "-dNOTRANSPARENCY -r1200";
/* And of a page on which something shines through it makes one picture. */
static const char blending[] = "-r600";

typedef struct {
	const char *path;
	gboolean blends;
} work;

static int run_engine(const char *folder, gpointer data)
{
	const work *w = data;

	(void)folder;
	execl(w->path, "miyinmark", "blend", NULL);
	return MIYIN_PROCESS_NOT_STARTED;
}

static int run_gs(const char *folder, gpointer data)
{
	const work *w = data;
	g_auto(GStrv) drawing = g_strsplit(common, " ", -1);
	g_auto(GStrv) look = g_strsplit(w->blends ? blending : opaque, " ", -1);
	g_autoptr(GStrvBuilder) argv = g_strv_builder_new();
	g_auto(GStrv) all = NULL;

	(void)folder;
	g_strv_builder_addv(argv, (const char **)drawing);
	g_strv_builder_addv(argv, (const char **)look);
	g_strv_builder_add_many(argv, "-c", QUALITY, "-f", "/dev/stdin", NULL);
	all = g_strv_builder_end(argv);
	execv(GS, all);
	return MIYIN_PROCESS_NOT_STARTED;
}

/* Returns what it wrote; -1 when it did not end well. */
static int run(miyin_room_task *task, int from, int stop_fd,
	       miyin_room_end *end, GError **error)
{
	g_auto(miyin_fd) to = miyin_memfile_new("page", error);
	g_auto(miyin_fd) words =
		to < 0 ? -1 : miyin_memfile_new("words", error);
	g_autoptr(miyin_room) room = NULL;

	task->fds[0] = from;
	task->fds[1] = to;
	task->fds[2] = words;
	*end = MIYIN_ROOM_FAILED;
	miyin_memfile_rewind(from);
	if (words >= 0)
		room = miyin_room_start(task, error);
	if (room)
		*end = miyin_room_wait(room, stop_fd);
	/* Words of the document may be among them. */
	if (words >= 0)
		miyin_lines_tell_file(words);
	if (room && *end == MIYIN_ROOM_DONE) {
		miyin_memfile_rewind(to);
		return g_steal_fd(&to);
	}
	if (room)
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   "The copy cannot be made PostScript.");
	return -1;
}

static gboolean write_text(int to, const char *text, GError **error)
{
	return miyin_memfile_write(to, text, strlen(text), error);
}

static int set_prolog(int from, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(from, error);
	gsize n = 0;
	const char *text = bytes ? g_bytes_get_data(bytes, &n) : NULL;
	const char *prolog = text ? memmem(text, MIN(n, PROLOG_WITHIN), PROLOG,
					   strlen(PROLOG))
				  : NULL;
	gsize head = prolog ? (gsize)(prolog - text) + strlen(PROLOG) : 0;
	const char *end = prolog ? memmem(text + head, n - head, END_PROLOG,
					  strlen(END_PROLOG))
				 : NULL;
	gsize body = end ? (gsize)(end - text) : 0;
	g_auto(miyin_fd) to = end ? miyin_memfile_new("postscript", error) : -1;
	gboolean ok =
		to >= 0 && miyin_memfile_write(to, text, head, error) &&
		write_text(to, NO_MARGINS KEEP_ERRORS, error) &&
		miyin_memfile_write(to, text + head, body - head, error) &&
		write_text(to, OWN_ERRORS, error) &&
		miyin_memfile_write(to, text + body, n - body, error);

	if (bytes && !end)
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   "Ghostscript wrote PostScript without a prolog.");
	if (!ok)
		return -1;
	miyin_memfile_rewind(to);
	return g_steal_fd(&to);
}

int miyin_postscript_make(int pdf_fd, const char *engine,
			  const miyin_room_limits *limits, int stop_fd,
			  miyin_room_end *end, GError **error)
{
	work w = { engine, TRUE };
	miyin_room_task task = { .kind = MIYIN_ROOM_ENGINE,
				 .limits = limits,
				 .func = run_engine,
				 .data = &w };
	g_autoptr(GBytes) bytes = NULL;
	g_auto(miyin_fd) answer = run(&task, pdf_fd, stop_fd, end, error);
	g_auto(miyin_fd) made = -1;

	if (answer >= 0)
		bytes = miyin_memfile_map(answer, error);
	if (!bytes)
		return -1;
	w.blends = !(g_bytes_get_size(bytes) == strlen("opaque") &&
		     memcmp(g_bytes_get_data(bytes, NULL), "opaque",
			    strlen("opaque")) == 0);
	task.kind = MIYIN_ROOM_CONVERT;
	task.func = run_gs;
	made = run(&task, pdf_fd, stop_fd, end, error);
	return made < 0 ? -1 : set_prolog(made, error);
}
