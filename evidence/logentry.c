/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/logentry.h>

#include <glib/gi18n.h>
#include <string.h>

#include <miyin/error.h>

#define HEAD "miyin-log 1\n"
#define LENGTH_BYTES 4
#define NAME_MAX_BYTES 64

static void add_field(GByteArray *bytes, const void *data, gsize length)
{
	const guint32 prefix = GUINT32_TO_BE((guint32)length);

	g_byte_array_append(bytes, (const guint8 *)&prefix, LENGTH_BYTES);
	g_byte_array_append(bytes, data, (guint)length);
}

static void add_words(GByteArray *bytes, const char *text)
{
	add_field(bytes, text, strlen(text));
}

static void add_count(GByteArray *bytes, guint64 number)
{
	g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, number);

	add_words(bytes, text);
}

GByteArray *miyin_logentry_begin(const miyin_logentry *entry)
{
	GByteArray *bytes = g_byte_array_new();

	g_byte_array_append(bytes, (const guint8 *)HEAD, strlen(HEAD));
	add_count(bytes, entry->number);
	add_count(bytes, entry->key);
	add_field(bytes, entry->before.bytes, sizeof(entry->before.bytes));
	add_words(bytes, entry->at);
	return bytes;
}

void miyin_logentry_add(GByteArray *bytes, const char *table, const char *key,
			const void *image, gsize length)
{
	add_words(bytes, table);
	add_words(bytes, key);
	add_field(bytes, image, length);
}

void miyin_logentry_add_number(GByteArray *image, const char *column,
			       gint64 number)
{
	g_autofree char *text = g_strdup_printf("i%" G_GINT64_FORMAT, number);

	add_words(image, column);
	add_words(image, text);
}

void miyin_logentry_add_text(GByteArray *image, const char *column,
			     const char *text)
{
	g_autofree char *value = g_strconcat(text ? "t" : "n", text, NULL);

	add_words(image, column);
	add_words(image, value);
}

/* ---- reading ------------------------------------------------------------ */

typedef struct {
	const guint8 *at;
	gsize left;
} reader;

static gboolean take(reader *r, const guint8 **field, gsize *length)
{
	guint32 prefix;

	if (r->left < LENGTH_BYTES)
		return FALSE;
	memcpy(&prefix, r->at, LENGTH_BYTES);
	*length = GUINT32_FROM_BE(prefix);
	r->at += LENGTH_BYTES;
	r->left -= LENGTH_BYTES;
	if (*length > r->left)
		return FALSE;
	*field = r->at;
	r->at += *length;
	r->left -= *length;
	return TRUE;
}

static gboolean take_words(reader *r, gsize max, const char **text,
			   gsize *length)
{
	const guint8 *field;

	if (!take(r, &field, length) || *length == 0 || *length > max ||
	    !g_utf8_validate_len((const char *)field, *length, NULL))
		return FALSE;
	*text = (const char *)field;
	return TRUE;
}

/* As it is written, and in no other way. */
static gboolean take_count(reader *r, guint64 *number)
{
	const char *field;
	char text[24];
	gsize length;

	if (!take_words(r, sizeof(text) - 1, &field, &length))
		return FALSE;
	memcpy(text, field, length);
	text[length] = '\0';
	return g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, number,
					  NULL) &&
	       (length == 1 || text[0] != '0');
}

static gboolean take_head(reader *r, miyin_logentry *entry)
{
	const guint8 *before;
	const char *at;
	gsize length;

	if (r->left < strlen(HEAD) || memcmp(r->at, HEAD, strlen(HEAD)) != 0)
		return FALSE;
	r->at += strlen(HEAD);
	r->left -= strlen(HEAD);
	if (!take_count(r, &entry->number) || entry->number == 0 ||
	    !take_count(r, &entry->key) || !take(r, &before, &length) ||
	    length != sizeof(entry->before.bytes))
		return FALSE;
	memcpy(entry->before.bytes, before, length);
	if (!take_words(r, sizeof(entry->at) - 1, &at, &length) ||
	    length != sizeof(entry->at) - 1)
		return FALSE;
	memcpy(entry->at, at, length);
	entry->at[length] = '\0';
	return TRUE;
}

gboolean miyin_logentry_parse(const guint8 *bytes, gsize length,
			      miyin_logentry *entry, GArray **rows,
			      GError **error)
{
	g_autoptr(GArray) found =
		g_array_new(FALSE, FALSE, sizeof(miyin_logentry_row));
	reader r = { bytes, length };
	gboolean ok = length <= MIYIN_LOGENTRY_LENGTH_MAX;
	miyin_logentry head = { 0 };

	ok = ok && take_head(&r, &head) && r.left > 0;
	while (ok && r.left > 0) {
		miyin_logentry_row row;

		ok = take_words(&r, NAME_MAX_BYTES, &row.table, &row.n_table) &&
		     take_words(&r, G_MAXSIZE, &row.key, &row.n_key) &&
		     take(&r, &row.image, &row.n_image);
		if (ok)
			g_array_append_val(found, row);
	}
	if (!ok)
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("These bytes are no entry of the log."));
	*entry = head;
	*rows = g_steal_pointer(&found);
	return TRUE;
}

void miyin_logentry_chain(miyin_suite *suite, const miyin_hash *before,
			  const void *bytes, gsize length, miyin_hash *after)
{
	miyin_suite_hash(suite, MIYIN_HASH_CHAIN, before->bytes,
			 sizeof(before->bytes), bytes, length, after->bytes);
}
