/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/checkpoint.h>

#include <glib/gi18n.h>
#include <string.h>

#include <miyin/error.h>
#include <miyin/text.h>

#define SIGNED_BY "— "
#define ID_LENGTH 4
#define SIGNATURES_MAX 16

/* Kinds of keys: Ed25519 has its number, others are named. */
static GByteArray *name_key(miyin_suite *suite, GBytes *public)
{
	static const char other[] = "\xffmiyin/sm2";
	GByteArray *bytes = g_byte_array_new();
	gsize length;
	const void *data = g_bytes_get_data(public, &length);

	if (g_str_equal(miyin_suite_name(suite), "sha256"))
		g_byte_array_append(bytes, (const guint8 *)"\1", 1);
	else
		g_byte_array_append(bytes, (const guint8 *)other,
				    sizeof(other) - 1);
	g_byte_array_append(bytes, data, (guint)length);
	return bytes;
}

static gboolean find_id(miyin_suite *suite, EVP_PKEY *public,
			const char *origin, guint8 id[ID_LENGTH],
			GByteArray **named)
{
	g_autoptr(GBytes) raw = miyin_suite_public(public);
	g_autoptr(GByteArray) all = g_byte_array_new();
	g_autoptr(GByteArray) kind = NULL;
	guint8 hash[MIYIN_HASH_LENGTH];

	if (!raw)
		return FALSE;
	kind = name_key(suite, raw);
	g_byte_array_append(all, (const guint8 *)origin, (guint)strlen(origin));
	g_byte_array_append(all, (const guint8 *)"\n", 1);
	g_byte_array_append(all, kind->data, kind->len);
	miyin_suite_digest(suite, all->data, all->len, hash);
	memcpy(id, hash, ID_LENGTH);
	if (named)
		*named = g_steal_pointer(&kind);
	return TRUE;
}

/* ASCII would do for ours; others' may be UTF-8. */
static gboolean is_origin(const char *text)
{
	if (!*text || strlen(text) > MIYIN_CHECKPOINT_ORIGIN_MAX)
		return FALSE;
	for (; *text; text = g_utf8_next_char(text)) {
		const gunichar c = g_utf8_get_char(text);

		if (c == '+' || g_unichar_isspace(c) || g_unichar_iscntrl(c))
			return FALSE;
	}
	return TRUE;
}

void miyin_checkpoint_clear(miyin_checkpoint *head)
{
	g_clear_pointer(&head->origin, g_free);
}

char *miyin_checkpoint_format(miyin_suite *suite, EVP_PKEY *key,
			      const miyin_checkpoint *head, GError **error)
{
	g_autofree char *root =
		g_base64_encode(head->root.bytes, sizeof(head->root.bytes));
	g_autofree char *text = NULL, *line = NULL;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GBytes) signature = NULL;
	guint8 id[ID_LENGTH];

	if (!head->origin || !g_utf8_validate(head->origin, -1, NULL) ||
	    !is_origin(head->origin)) {
		miyin_fail(error, MIYIN_ERROR_INPUT,
			   _("\"%s\" is no name of a log."),
			   head->origin ? head->origin : "");
		return NULL;
	}
	text = g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%s\n", head->origin,
			       head->size, root);
	signature = miyin_suite_sign(suite, key, text, strlen(text), error);
	if (!signature)
		return NULL;
	if (!find_id(suite, key, head->origin, id, NULL)) {
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("The key has no public half."));
		return NULL;
	}
	g_byte_array_append(bytes, id, ID_LENGTH);
	g_byte_array_append(bytes, g_bytes_get_data(signature, NULL),
			    (guint)g_bytes_get_size(signature));
	line = g_base64_encode(bytes->data, bytes->len);
	return g_strdup_printf("%s\n" SIGNED_BY "%s %s\n", text, head->origin,
			       line);
}

/* ---- reading ------------------------------------------------------------ */

/* As it is written, and in no other way; NULL: it is not. */
static guint8 *decode(const char *text, gsize *length)
{
	g_autofree guint8 *bytes = g_base64_decode(text, length);
	g_autofree char *again = bytes ? g_base64_encode(bytes, *length) : NULL;

	return again && g_str_equal(again, text) ? g_steal_pointer(&bytes)
						 : NULL;
}

static gboolean take_size(const char *text, guint64 *size)
{
	g_autofree char *again = NULL;

	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, size, NULL))
		return FALSE;
	again = g_strdup_printf("%" G_GUINT64_FORMAT, *size);
	return g_str_equal(again, text);
}

static gboolean take_signature(const char *line)
{
	g_auto(GStrv) part = NULL;
	g_autofree guint8 *bytes = NULL;
	gsize length;

	if (!g_str_has_prefix(line, SIGNED_BY))
		return FALSE;
	part = g_strsplit(line + strlen(SIGNED_BY), " ", 3);
	if (g_strv_length(part) != 2 || !is_origin(part[0]))
		return FALSE;
	bytes = decode(part[1], &length);
	return bytes && length > ID_LENGTH;
}

/* The three lines, others of a later kind, an empty one, the signatures. */
static gboolean take(char *const *lines, miyin_checkpoint *head)
{
	g_autofree guint8 *root = NULL;
	unsigned n = 0, first;
	gsize length;

	if (g_strv_length((char **)lines) < 5 || !is_origin(lines[0]) ||
	    !take_size(lines[1], &head->size))
		return FALSE;
	root = decode(lines[2], &length);
	if (!root || length != MIYIN_HASH_LENGTH)
		return FALSE;
	memcpy(head->root.bytes, root, length);
	for (first = 3; lines[first] && *lines[first]; first++)
		;
	if (!lines[first])
		return FALSE;
	for (first++; lines[first + n] && *lines[first + n]; n++)
		if (!take_signature(lines[first + n]))
			return FALSE;
	/* What follows the last line's end is nothing. */
	if (n == 0 || n > SIGNATURES_MAX || !lines[first + n] ||
	    lines[first + n + 1])
		return FALSE;
	head->origin = g_strdup(lines[0]);
	return TRUE;
}

gboolean miyin_checkpoint_parse(const char *text, gsize length,
				miyin_checkpoint *head, GError **error)
{
	miyin_checkpoint found = { 0 };

	if (length <= MIYIN_CHECKPOINT_LENGTH_MAX &&
	    g_utf8_validate_len(text, length, NULL)) {
		g_autofree char *whole = g_strndup(text, length);
		g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);

		if (take(lines, &found)) {
			*head = found;
			return TRUE;
		}
	}
	return miyin_fail(error, MIYIN_ERROR_INPUT,
			  _("This is no head of a log."));
}

gboolean miyin_checkpoint_check(miyin_suite *suite, EVP_PKEY *public,
				const char *text, gsize length, GError **error)
{
	g_auto(miyin_checkpoint) head = { 0 };
	g_autofree char *whole = NULL, *wanted = NULL;
	g_auto(GStrv) lines = NULL;
	const char *end;
	guint8 id[ID_LENGTH];

	if (!miyin_checkpoint_parse(text, length, &head, error) || !head.origin)
		return FALSE;
	whole = g_strndup(text, length);
	end = strstr(whole, "\n\n") + 1;
	lines = g_strsplit(end + 1, "\n", -1);
	wanted = g_strdup_printf(SIGNED_BY "%s ", head.origin);
	if (!find_id(suite, public, head.origin, id, NULL))
		return FALSE;
	for (unsigned i = 0; lines[i]; i++) {
		g_autofree guint8 *bytes = NULL;
		gsize n;

		if (!g_str_has_prefix(lines[i], wanted))
			continue;
		bytes = decode(lines[i] + strlen(wanted), &n);
		if (bytes && n > ID_LENGTH &&
		    memcmp(bytes, id, ID_LENGTH) == 0 &&
		    miyin_suite_verify(suite, public, whole,
				       (gsize)(end - whole), bytes + ID_LENGTH,
				       n - ID_LENGTH))
			return TRUE;
	}
	return miyin_fail(error, MIYIN_ERROR_TAMPER,
			  _("The head of %s is not signed with its key."),
			  head.origin);
}

char *miyin_checkpoint_key(miyin_suite *suite, EVP_PKEY *public,
			   const char *origin)
{
	g_autoptr(GByteArray) named = NULL;
	g_autofree char *text = NULL;
	guint8 id[ID_LENGTH];

	if (!find_id(suite, public, origin, id, &named))
		return NULL;
	text = g_base64_encode(named->data, named->len);
	return g_strdup_printf("%s+%02x%02x%02x%02x+%s", origin, id[0], id[1],
			       id[2], id[3], text);
}
