/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input.h"
#include "kind.h"
#include "raster.h"
#include "text.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define N_WORDS 10000 /* of the 64 KiB that a frame's header has */
#define N_SNIFF 1024  /* a PDF header may be this late */

static const guint8 *find(const guint8 *bytes, gsize length, const char *what)
{
	return memmem(bytes, length, what, strlen(what));
}

/* PCL, job languages, PostScript: what follows them is part of that. */
static gboolean is_for_printer(const guint8 *bytes, gsize length)
{
	return memchr(bytes, 0x1b, length) || find(bytes, length, "@PJL") ||
	       find(bytes, length, "%!PS");
}

/* Parts of a PDF that lost its head. */
static gboolean has_objects(const guint8 *bytes, gsize length)
{
	g_autoptr(GRegex) parts =
		g_regex_new("[0-9]\\s+[0-9]+\\s+obj|trailer\\s*<<|startxref",
			    G_REGEX_RAW, 0, NULL);

	return g_regex_match_full(parts, (const char *)bytes, length, 0, 0,
				  NULL, NULL);
}

/* CUPS, PWG and Apple raster, either byte order. */
static gboolean is_raster(const guint8 *bytes, gsize length)
{
	static const char magics[][9] = { "RaSt", "tSaR", "RaS2",   "2SaR",
					  "RaS3", "3SaR", "UNIRAST" };

	for (unsigned i = 0; i < G_N_ELEMENTS(magics); i++) {
		gsize n = strlen(magics[i]);

		if (length >= n && memcmp(bytes, magics[i], n) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Escape sequences are for printers, zeros for programs. */
static gboolean is_text(const guint8 *bytes, gsize length, const char *claim)
{
	static const char *const claims[] = {
		"application/x-perl",
		"application/x-csource",
		"application/x-cshell",
		"application/x-shell",
		NULL,
	};

	return (g_str_has_prefix(claim, "text/") ||
		g_strv_contains(claims, claim)) &&
	       !memchr(bytes, 0, length) && !memchr(bytes, 0x1b, length);
}

/* No escapes, no zeros, and characters. */
static gboolean is_plain(const guint8 *bytes, gsize length)
{
	const char *end;

	if (length == 0 || memchr(bytes, 0, length) ||
	    is_for_printer(bytes, length))
		return FALSE;
	/* The last character may be cut. */
	return g_utf8_validate_len((const char *)bytes, length, &end) ||
	       (gsize)(end - (const char *)bytes) + 4 > length;
}

static const char *find_language(const guint8 *bytes, gsize length)
{
	if (find(bytes, length, "@PJL"))
		return "PJL";
	return length > 0 && bytes[0] == 0x1b ? "PCL" : "raw";
}

miyin_input_type miyin_input_sniff(const guint8 *bytes, gsize length,
				   const char *claim, const char **what)
{
	gsize n = MIN(length, N_SNIFF);
	const guint8 *header = find(bytes, n, "%PDF-");
	gsize n_before = header ? (gsize)(header - bytes) : n;
	gboolean pdf = !is_for_printer(bytes, n_before) &&
		       (header || has_objects(bytes, n));
	gboolean wide = !header && miyin_text_is_wide(bytes, n);
	const char *kind = header ? NULL : miyin_kind_find(bytes, length);

	*what = NULL;
	if (g_str_has_prefix(claim, "image/") && miyin_raster_sniff(bytes, n))
		return MIYIN_INPUT_RASTER;
	if (g_str_equal(claim, "application/vnd.cups-raster") ||
	    is_raster(bytes, n))
		*what = "raster";
	else if (g_str_equal(claim, "application/vnd.cups-raw") ||
		 (!pdf && !wide && !kind &&
		  g_str_equal(claim, "application/octet-stream")))
		*what = find_language(bytes, n);
	else if (g_str_equal(claim, "application/vnd.cups-postscript"))
		*what = "printer PostScript";
	if (*what)
		return MIYIN_INPUT_RAW;
	if (header)
		return MIYIN_INPUT_PDF;
	if (wide)
		return MIYIN_INPUT_TEXT;
	if (g_str_has_suffix(claim, "postscript") && find(bytes, n, "%!"))
		return MIYIN_INPUT_POSTSCRIPT;
	/* These consist of letters too, and nobody wants to read them. */
	if (is_text(bytes, n, claim) && g_strcmp0(kind, "RTF") != 0 &&
	    g_strcmp0(kind, "SVG") != 0)
		return MIYIN_INPUT_TEXT;
	if (pdf ||
	    (g_str_equal(claim, "application/pdf") && is_plain(bytes, n)))
		return MIYIN_INPUT_DAMAGED;
	*what = kind;
	if (kind)
		return MIYIN_INPUT_OTHER;
	if (g_str_has_prefix(claim, "image/"))
		return MIYIN_INPUT_IMAGE;
	if (g_str_has_suffix(claim, "xml") && is_plain(bytes, n))
		return MIYIN_INPUT_TEXT;
	*what = find_language(bytes, n);
	return MIYIN_INPUT_RAW;
}

char *miyin_input_hash(const guint8 *bytes, gsize length)
{
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length);
}

static gboolean fill(int to, int from, const miyin_budget *budget,
		     GError **error)
{
	g_autoptr(GError) reason = NULL;
	guint64 max = (guint64)budget->input_mib << 20;

	if (miyin_memfile_fill(to, from, max, NULL, &reason))
		return TRUE;
	if (g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_INPUT))
		return miyin_refuse(error, miyin_budget_refusal(
						   budget, MIYIN_BUDGET_INPUT));
	g_propagate_error(error, g_steal_pointer(&reason));
	return FALSE;
}

/* No kind of document begins so. */
static gboolean is_packed(int fd)
{
	guint8 head[3];

	return pread(fd, head, sizeof(head), 0) == sizeof(head) &&
	       memcmp(head, "\x1f\x8b\x08", sizeof(head)) == 0;
}

/* Errors: INPUT when there is more than max, SYSTEM; of GIO for no gzip. */
static gboolean inflate_all(GBytes *packed, int to, guint64 max, GError **error)
{
	g_autoptr(GInputStream) bytes =
		g_memory_input_stream_new_from_bytes(packed);
	g_autoptr(GZlibDecompressor) zlib =
		g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
	g_autoptr(GInputStream) whole =
		g_converter_input_stream_new(bytes, G_CONVERTER(zlib));
	guint64 total = 0;
	char chunk[65536];
	gssize n;

	while ((n = g_input_stream_read(whole, chunk, sizeof(chunk), NULL,
					error)) > 0) {
		total += n;
		if (total > max)
			return miyin_fail(error, MIYIN_ERROR_INPUT,
					  "more than is allowed");
		if (!miyin_memfile_write(to, chunk, n, error))
			return FALSE;
	}
	return n == 0;
}

static int unpack(int from, const miyin_budget *budget, GError **error)
{
	g_autoptr(GBytes) packed = miyin_memfile_map(from, error);
	g_autoptr(GError) reason = NULL;
	int to = packed ? miyin_memfile_new("input", error) : -1;

	if (to < 0 ||
	    inflate_all(packed, to, (guint64)budget->input_mib << 20, &reason))
		return to;
	if (g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_INPUT))
		miyin_refuse(error,
			     miyin_budget_refusal(budget, MIYIN_BUDGET_INPUT));
	else if (g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_SYSTEM))
		g_propagate_error(error, g_steal_pointer(&reason));
	else
		miyin_refuse_for(error, MIYIN_REFUSAL_DAMAGED);
	close(to);
	return -1;
}

/* What looks for a level reads it, line by line as it was written: on the pages a
 * long line is several. */
static char *get_words(const char *text, gsize length)
{
	g_autofree char *part = NULL;
	g_auto(GStrv) lines = NULL;
	const char *end;

	g_utf8_validate(text, MIN(length, N_WORDS), &end);
	part = g_strndup(text, end - text);
	g_strdelimit(part, "\r\f", '\n');
	lines = g_strsplit(part, "\n", -1);
	return g_strjoinv("\xe2\x80\xa8", lines);
}

/*
 * The end of a line as Windows has it is one, and a form feed at the end of all
 * would give an empty page. What was struck over, as nroff does for bold and
 * underlined words, is one letter.
 */
static void set_lines(char *text, gsize *length)
{
	gsize to = 0, n = *length;
	const char *feed;

	while (n > 0 && strchr(" \f\n\r", text[n - 1]))
		n--;
	feed = memchr(text + n, '\f', *length - n);
	if (feed && n > 0)
		*length = feed - text;
	for (gsize i = 0; i < *length; i++) {
		const gboolean ends = i + 1 < *length && text[i] == '\r' &&
				      text[i + 1] == '\n';

		if (text[i] == '\b' && i + 1 < *length && text[i + 1] == '_') {
			i++; /* the letter is under it */
		} else if (text[i] == '\b') {
			while (to > 0 && (text[to - 1] & 0xc0) == 0x80)
				to--;
			to -= to > 0 && text[to - 1] != '\n' ? 1 : 0;
		} else if (!ends) {
			text[to++] = text[i];
		}
	}
	*length = to;
}

/* From here on it is UTF-8. */
static gboolean read_text(miyin_input *input, GBytes *bytes, GError **error)
{
	gsize length, n;
	const guint8 *data = g_bytes_get_data(bytes, &length);
	g_autofree char *utf8 = NULL;
	int file;

	if (!g_utf8_validate_len((const char *)data, length, NULL)) {
		utf8 = miyin_text_read(data, length, &n);
		if (!utf8 || memchr(utf8, 0, n) || memchr(utf8, 0x1b, n))
			return miyin_refuse_for(error, MIYIN_REFUSAL_ENCODING);
	} else {
		utf8 = g_strndup((const char *)data, length);
		n = length;
	}
	set_lines(utf8, &n);
	file = miyin_memfile_new("text", error);
	if (file < 0)
		return FALSE;
	close(input->fd);
	input->fd = file;
	input->words = get_words(utf8, n);
	return miyin_memfile_write(file, utf8, n, error) &&
	       miyin_memfile_seal(file, error);
}

miyin_input *miyin_input_read(const char *path, const char *claim,
			      const miyin_budget *budget, GError **error)
{
	g_autoptr(miyin_input) input = g_new0(miyin_input, 1);
	g_autoptr(GBytes) bytes = NULL;
	const guint8 *data;
	gsize length;
	int from = 0;
	gboolean ok;

	input->fd = miyin_memfile_new("input", error);
	if (input->fd < 0)
		return NULL;
	if (path)
		from = g_open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (from < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The document cannot be opened.");
		return NULL;
	}
	ok = fill(input->fd, from, budget, error);
	if (path)
		close(from);
	if (ok && is_packed(input->fd)) {
		int whole = unpack(input->fd, budget, error);

		close(input->fd);
		input->fd = whole;
		ok = whole >= 0;
	}
	bytes = ok ? miyin_memfile_map(input->fd, error) : NULL;
	if (!bytes || !miyin_memfile_seal(input->fd, error))
		return NULL;
	data = g_bytes_get_data(bytes, &length);
	input->type = miyin_input_sniff(data, length, claim, &input->what);
	input->content_hash = miyin_input_hash(data, length);
	if (input->type == MIYIN_INPUT_TEXT && !read_text(input, bytes, error))
		return NULL;
	return g_steal_pointer(&input);
}

void miyin_input_free(miyin_input *input)
{
	if (input->fd >= 0)
		close(input->fd);
	g_free(input->content_hash);
	g_free(input->words);
	g_free(input);
}
