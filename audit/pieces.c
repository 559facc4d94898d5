/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pieces.h"

#include <string.h>

#define ENTRY_HEAD "miyin-log 1\n"
#define ROOT_DIGITS_MIN 8
#define ANCHOR_MAX 4096

gboolean pieces_take(pieces *p, const guint8 **bytes, gsize *length)
{
	if (p->left < 4)
		return FALSE;
	*length = (gsize)p->at[0] << 24 | (gsize)p->at[1] << 16 |
		  (gsize)p->at[2] << 8 | p->at[3];
	if (*length > p->left - 4)
		return FALSE;
	*bytes = p->at + 4;
	p->at += 4 + *length;
	p->left -= 4 + *length;
	return TRUE;
}

char *pieces_take_text(pieces *p)
{
	const guint8 *bytes;
	gsize length;

	if (!pieces_take(p, &bytes, &length) ||
	    !g_utf8_validate_len((const char *)bytes, length, NULL))
		return NULL;
	return g_strndup((const char *)bytes, length);
}

void pieces_put(GByteArray *to, const void *bytes, gsize length)
{
	const guint8 prefix[4] = { (guint8)(length >> 24),
				   (guint8)(length >> 16),
				   (guint8)(length >> 8), (guint8)length };

	g_byte_array_append(to, prefix, sizeof(prefix));
	g_byte_array_append(to, bytes, (guint)length);
}

void pieces_put_text(GByteArray *to, const char *text)
{
	pieces_put(to, text, strlen(text));
}

static gboolean take_number(pieces *p, guint64 *number)
{
	g_autofree char *text = pieces_take_text(p);

	return text && (text[0] != '0' || !text[1]) &&
	       g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, number,
					  NULL);
}

gboolean pieces_take_head(pieces *p, pieces_head *head)
{
	const gsize n = strlen(ENTRY_HEAD);
	const guint8 *before;
	gsize length;

	if (p->left < n || memcmp(p->at, ENTRY_HEAD, n) != 0)
		return FALSE;
	p->at += n;
	p->left -= n;
	if (!take_number(p, &head->number) || !take_number(p, &head->key) ||
	    !pieces_take(p, &before, &length) || length != HASH)
		return FALSE;
	memcpy(head->before, before, HASH);
	head->at = pieces_take_text(p);
	return head->at != NULL;
}

/* ---- anchors ------------------------------------------------------------ */

char *pieces_hex(const guint8 *bytes, gsize length)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < length; i++)
		g_string_append_printf(text, "%02x", bytes[i]);
	return g_string_free(text, FALSE);
}

gboolean pieces_unhex(const char *hex, guint8 *bytes, gsize length)
{
	if (strlen(hex) != 2 * length)
		return FALSE;
	for (gsize i = 0; i < length; i++) {
		const int high = g_ascii_xdigit_value(hex[2 * i]);
		const int low = g_ascii_xdigit_value(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return FALSE;
		bytes[i] = (guint8)(high << 4 | low);
	}
	return TRUE;
}

static gboolean read_size(const char *text, guint64 *size)
{
	return g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, size, NULL);
}

static gboolean read_short(const char *text, pieces_anchor *anchor)
{
	g_auto(GStrv) part = g_strsplit(text, ":", 2);
	const gsize n = part[0] && part[1] ? strlen(part[1]) : 0;

	if (n < ROOT_DIGITS_MIN || n > 2 * HASH ||
	    strspn(part[1], "0123456789abcdefABCDEF") != n ||
	    !read_size(part[0], &anchor->size))
		return FALSE;
	anchor->root = g_ascii_strdown(part[1], -1);
	anchor->words = g_strdup(text);
	return TRUE;
}

static gboolean read_note(const char *text, pieces_anchor *anchor)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree guint8 *root = NULL;
	gsize length;

	if (g_strv_length(lines) < 5 || !strstr(text, "\n\n") ||
	    !read_size(lines[1], &anchor->size))
		return FALSE;
	root = g_base64_decode(lines[2], &length);
	if (!root || length != HASH)
		return FALSE;
	anchor->root = pieces_hex(root, length);
	anchor->text = g_strdup(text);
	anchor->words = g_strdup_printf("%s:%.16s", lines[1], anchor->root);
	return TRUE;
}

gboolean pieces_read_anchor(const char *text, pieces_anchor *anchor)
{
	g_autofree char *clean = NULL;

	*anchor = (pieces_anchor){ 0 };
	if (strlen(text) > ANCHOR_MAX || !g_utf8_validate(text, -1, NULL))
		return FALSE;
	clean = g_strstrip(g_strdup(text));
	return strchr(clean, '\n') ? read_note(text, anchor)
				   : read_short(clean, anchor);
}

void pieces_anchor_clear(pieces_anchor *anchor)
{
	g_clear_pointer(&anchor->root, g_free);
	g_clear_pointer(&anchor->text, g_free);
	g_clear_pointer(&anchor->words, g_free);
}

/* The first bytes of H(origin, its kind, the key) say whose a line is. */
static gboolean find_id(const char *origin, miyin_suite *suite,
			EVP_PKEY *public, guint8 hash[HASH])
{
	g_autoptr(GBytes) raw = miyin_suite_public(public);
	const gboolean is_sm2 = g_str_equal(miyin_suite_name(suite), "sm3");
	const char *kind = is_sm2 ? "\xffmiyin/sm2" : "\1";
	g_autoptr(GString) all = g_string_new(origin);

	if (!raw)
		return FALSE;
	g_string_append_printf(all, "\n%s", kind);
	g_string_append_len(all, g_bytes_get_data(raw, NULL),
			    (gssize)g_bytes_get_size(raw));
	miyin_suite_digest(suite, all->str, all->len, hash);
	return TRUE;
}

/* By the name of its own log, this key, and written in the one way. */
static gboolean holds(const char *line, const char *text, gsize length,
		      miyin_suite *suite, EVP_PKEY *public)
{
	g_autofree char *origin = g_strndup(text, strcspn(text, "\n"));
	g_autofree char *start = g_strdup_printf("— %s ", origin);
	g_autofree char *again = NULL;
	g_autofree guint8 *bytes = NULL;
	guint8 id[HASH];
	gsize n;

	if (!g_str_has_prefix(line, start))
		return FALSE;
	bytes = g_base64_decode(line + strlen(start), &n);
	again = bytes ? g_base64_encode(bytes, n) : NULL;
	return again && g_str_equal(again, line + strlen(start)) && n > 4 &&
	       find_id(origin, suite, public, id) &&
	       memcmp(id, bytes, 4) == 0 &&
	       miyin_suite_verify(suite, public, text, length, bytes + 4,
				  n - 4);
}

gboolean pieces_is_signed(const pieces_anchor *anchor, miyin_suite *suite,
			  EVP_PKEY *public)
{
	const char *end = strstr(anchor->text, "\n\n") + 1;
	g_auto(GStrv) lines = g_strsplit(end + 1, "\n", -1);

	for (unsigned i = 0; lines[i]; i++)
		if (holds(lines[i], anchor->text, (gsize)(end - anchor->text),
			  suite, public))
			return TRUE;
	return FALSE;
}
