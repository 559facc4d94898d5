/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collect_input.h"
#include <miyin/error.h>
#include <miyin/frame.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define N_SNIFF 1024	/* a PDF header may be this late */

static const guint8 *find(const guint8 *bytes, gsize length, const char *what);
static gboolean is_for_printer(const guint8 *bytes, gsize length);
static gboolean has_objects(const guint8 *bytes, gsize length);
static gboolean is_raster(const guint8 *bytes, gsize length);
static gboolean is_text(const guint8 *bytes, gsize length, const char *claim);
static gsize volatile_end(const guint8 *at, gsize left, gsize *value);

miyin_input *miyin_input_read(const char *path, const char *claim,
			      GError **error)
{
	g_autoptr(miyin_input) input = g_new0(miyin_input, 1);
	g_autoptr(GError) reason = NULL;
	g_autoptr(GBytes) bytes = NULL;
	const guint8 *data;
	gsize length;
	int from = 0;

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
	if (!miyin_memfile_fill(input->fd, from, MIYIN_FRAME_BODY_MAX, NULL,
				&reason)) {
		if (g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_INPUT))
			miyin_refuse(error,
				     miyin_refusal_new(MIYIN_REFUSAL_TOO_LARGE,
						       "1 GiB"));
		else
			g_propagate_error(error, g_steal_pointer(&reason));
		return NULL;
	}
	if (path)
		close(from);
	bytes = miyin_memfile_map(input->fd, error);
	if (!bytes)
		return NULL;
	data = g_bytes_get_data(bytes, &length);
	input->type = miyin_input_sniff(data, length, claim, &input->what);
	input->content_hash = miyin_input_hash(data, length);
	miyin_memfile_rewind(input->fd);
	return g_steal_pointer(&input);
}

void miyin_input_free(miyin_input *input)
{
	if (!input)
		return;
	if (input->fd >= 0)
		close(input->fd);
	g_free(input->content_hash);
	g_free(input);
}

miyin_input_type miyin_input_sniff(const guint8 *bytes, gsize length,
				   const char *claim, const char **what)
{
	gsize n = MIN(length, N_SNIFF);
	const guint8 *header = find(bytes, n, "%PDF-");
	gsize n_before = header ? (gsize)(header - bytes) : n;
	gboolean pdf = !is_for_printer(bytes, n_before) &&
		       (header || has_objects(bytes, n));

	*what = NULL;
	if (g_str_equal(claim, "application/vnd.cups-raster") ||
	    is_raster(bytes, n))
		*what = "raster";
	else if (g_str_equal(claim, "application/vnd.cups-raw") ||
		 (!pdf && g_str_equal(claim, "application/octet-stream")))
		*what = find(bytes, n, "@PJL") ? "PJL" : "raw";
	else if (g_str_equal(claim, "application/vnd.cups-postscript"))
		*what = "printer PostScript";
	if (*what)
		return MIYIN_INPUT_RAW;
	if (header)
		return MIYIN_INPUT_PDF;
	if (g_str_has_prefix(claim, "image/"))
		return MIYIN_INPUT_IMAGE;
	if (g_str_has_suffix(claim, "postscript") && find(bytes, n, "%!"))
		return MIYIN_INPUT_POSTSCRIPT;
	if (is_text(bytes, n, claim))
		return MIYIN_INPUT_TEXT;
	if (pdf)
		return MIYIN_INPUT_DAMAGED;
	if (find(bytes, n, "@PJL"))
		*what = "PJL";
	else
		*what = n > 0 && bytes[0] == 0x1b ? "PCL" : "raw";
	return MIYIN_INPUT_RAW;
}

char *miyin_input_hash(const guint8 *bytes, gsize length)
{
	g_autoptr(GChecksum) hash = g_checksum_new(G_CHECKSUM_SHA256);
	gboolean pdf = find(bytes, MIN(length, N_SNIFF), "%PDF-") != NULL;
	gsize start = 0;

	for (gsize i = 0; pdf && i < length; i++) {
		gsize value, end;

		if (bytes[i] != '/')
			continue;
		end = volatile_end(bytes + i, length - i, &value);
		if (end == 0)
			continue;
		g_checksum_update(hash, bytes + start, i + value - start);
		start = i + end;
		i = start - 1;
	}
	g_checksum_update(hash, bytes + start, length - start);
	return g_strdup(g_checksum_get_string(hash));
}

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
	g_autoptr(GRegex) parts = g_regex_new(
		"[0-9]\\s+[0-9]+\\s+obj|trailer\\s*<<|startxref", G_REGEX_RAW,
		0, NULL);

	return g_regex_match_full(parts, (const char *)bytes, length, 0, 0,
				  NULL, NULL);
}

/* CUPS, PWG and Apple raster, either byte order. */
static gboolean is_raster(const guint8 *bytes, gsize length)
{
	static const char magics[][9] = { "RaSt", "tSaR", "RaS2", "2SaR",
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
		"text/plain",	       "text/html",	   "application/x-perl",
		"application/x-csource", "application/x-cshell",
		"application/x-shell", NULL,
	};

	return g_strv_contains(claims, claim) && !memchr(bytes, 0, length) &&
	       !memchr(bytes, 0x1b, length);
}

/*
 * At a name whose value is new on every print: where the value starts and
 * where it ends, from the name on. 0: not such a name, or no end near.
 */
static gsize volatile_end(const guint8 *at, gsize left, gsize *value)
{
	static const struct {
		const char *name, *open, *close;
	} names[] = {
		{ "/CreationDate", "(<", ")>" },
		{ "/ModDate", "(<", ")>" },
		{ "/DocChecksum", "/", "\r\n>" },
		{ "/ID", "[", "]" },
	};
	const gsize near = 200;

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
		gsize n = strlen(names[i].name);

		if (left <= n || memcmp(at, names[i].name, n) != 0)
			continue;
		while (n < left && n < near && g_ascii_isspace(at[n]))
			n++;
		if (n >= left || !strchr(names[i].open, at[n]))
			return 0;
		*value = n;
		for (n++; n < left && n < near; n++)
			if (at[n] && strchr(names[i].close, at[n]))
				return n;
		return 0;
	}
	return 0;
}
