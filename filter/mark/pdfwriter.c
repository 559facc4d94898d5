/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdfwriter.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <string.h>

#define ENTRY 20 /* bytes of a classic table's line */
#define BUFFER 262144
#define HEAD "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

struct miyin_pdfwriter {
	int fd;
	guint64 at; /* file position of the buffer's end */
	GString *buffer;
	GArray *offsets; /* of guint64, one an object */
	GError *error;
};

/* The table comes from the process that read the user's file: each line must
 * be a plain entry that points into the base. */
static gboolean read_table(miyin_pdfwriter *tail, GBytes *base,
			   const miyin_sheets *sheets)
{
	gsize length;
	const char *bytes = g_bytes_get_data(base, &length);
	char head[40];
	gsize at = sheets->xref;

	g_snprintf(head, sizeof(head), "xref\n0 %u\n", sheets->n_objects);
	if (at > length ||
	    length - at < strlen(head) + (gsize)ENTRY * sheets->n_objects ||
	    memcmp(bytes + at, head, strlen(head)) != 0)
		return FALSE;
	at += strlen(head);
	for (unsigned i = 0; i < sheets->n_objects; i++, at += ENTRY) {
		char digits[11] = "";
		guint64 offset;

		memcpy(digits, bytes + at, sizeof(digits) - 1);
		offset = g_ascii_strtoull(digits, NULL, 10);

		if (offset >= sheets->xref)
			return FALSE;
		g_array_append_val(tail->offsets, offset);
	}
	return TRUE;
}

static void flush(miyin_pdfwriter *tail)
{
	if (!tail->error)
		miyin_memfile_write(tail->fd, tail->buffer->str,
				    tail->buffer->len, &tail->error);
	g_string_truncate(tail->buffer, 0);
}

static void put(miyin_pdfwriter *tail, const void *bytes, gsize length)
{
	tail->at += length;
	if (length >= BUFFER) {
		flush(tail);
		if (!tail->error)
			miyin_memfile_write(tail->fd, bytes, length,
					    &tail->error);
		return;
	}
	g_string_append_len(tail->buffer, bytes, length);
	if (tail->buffer->len >= BUFFER)
		flush(tail);
}

static miyin_pdfwriter *writer_new(int fd)
{
	miyin_pdfwriter *tail = g_new0(miyin_pdfwriter, 1);

	tail->fd = fd;
	tail->buffer = g_string_sized_new(BUFFER + 4096);
	tail->offsets = g_array_new(FALSE, FALSE, sizeof(guint64));
	return tail;
}

static void writer_free(miyin_pdfwriter *tail)
{
	g_string_free(tail->buffer, TRUE);
	g_array_unref(tail->offsets);
	g_free(tail);
}

miyin_pdfwriter *miyin_pdfwriter_open(int fd, GBytes *base,
				      const miyin_sheets *sheets,
				      GError **error)
{
	miyin_pdfwriter *tail = writer_new(fd);

	if (!read_table(tail, base, sheets)) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    "The base file and its list of pages differ.");
		writer_free(tail);
		return NULL;
	}
	put(tail, g_bytes_get_data(base, NULL), sheets->xref);
	return tail;
}

miyin_pdfwriter *miyin_pdfwriter_open_empty(int fd)
{
	miyin_pdfwriter *tail = writer_new(fd);

	put(tail, HEAD, strlen(HEAD));
	miyin_pdfwriter_reserve(tail); /* object 0 */
	return tail;
}

unsigned miyin_pdfwriter_reserve(miyin_pdfwriter *tail)
{
	guint64 none = 0;

	g_array_append_val(tail->offsets, none);
	return tail->offsets->len - 1;
}

static void begin(miyin_pdfwriter *tail, unsigned object)
{
	char line[30];

	g_array_index(tail->offsets, guint64, object) = tail->at;
	g_snprintf(line, sizeof(line), "%u 0 obj\n", object);
	put(tail, line, strlen(line));
}

void miyin_pdfwriter_write(miyin_pdfwriter *tail, unsigned object,
			   const char *text, gsize length)
{
	begin(tail, object);
	put(tail, text, length);
	put(tail, "\nendobj\n", 8);
}

void miyin_pdfwriter_write_stream(miyin_pdfwriter *tail, unsigned object,
				  const char *dictionary, const void *bytes,
				  gsize length)
{
	char size[40];

	begin(tail, object);
	put(tail, "<<", 2);
	put(tail, dictionary, strlen(dictionary));
	g_snprintf(size, sizeof(size), "/Length %" G_GSIZE_FORMAT ">>stream\n",
		   length);
	put(tail, size, strlen(size));
	put(tail, bytes, length);
	put(tail, "\nendstream\nendobj\n", 18);
}

gboolean miyin_pdfwriter_close(miyin_pdfwriter *tail, unsigned root,
			       GError **error)
{
	guint64 table = tail->at;
	char line[80];
	gboolean ok;

	g_snprintf(line, sizeof(line), "xref\n0 %u\n", tail->offsets->len);
	put(tail, line, strlen(line));
	put(tail, "0000000000 65535 f \n", ENTRY);
	for (unsigned i = 1; i < tail->offsets->len; i++) {
		g_snprintf(line, sizeof(line),
			   "%010" G_GUINT64_FORMAT " 00000 n \n",
			   g_array_index(tail->offsets, guint64, i));
		put(tail, line, ENTRY);
	}
	g_snprintf(line, sizeof(line),
		   "trailer <</Size %u/Root %u 0 R>>\nstartxref\n",
		   tail->offsets->len, root);
	put(tail, line, strlen(line));
	g_snprintf(line, sizeof(line), "%" G_GUINT64_FORMAT "\n%%%%EOF\n",
		   table);
	put(tail, line, strlen(line));
	flush(tail);
	ok = tail->error == NULL;
	if (!ok)
		g_propagate_error(error, tail->error);
	writer_free(tail);
	return ok;
}

/* Ours and qpdf's end with "startxref\nOFFSET\n%%EOF\n"; with object streams
 * off, qpdf too writes one classic table "xref\n0 COUNT\n". */
gboolean miyin_pdfwriter_find(GBytes *file, miyin_sheets *sheets)
{
	gsize length;
	const char *bytes = g_bytes_get_data(file, &length);
	gsize end = MIN(length, 64);
	const char *at = memmem(bytes + length - end, end, "startxref", 9);
	guint64 n_objects;

	if (!at)
		return FALSE;
	sheets->xref = g_ascii_strtoull(at + strlen("startxref"), NULL, 10);
	if (sheets->xref + 10 > length ||
	    strncmp(bytes + sheets->xref, "xref\n0 ", 7) != 0)
		return FALSE;
	n_objects = g_ascii_strtoull(bytes + sheets->xref + 7, NULL, 10);
	sheets->n_objects = n_objects;
	return n_objects > 0 && n_objects < G_MAXINT32;
}
