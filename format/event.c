/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/event.h>
#include <miyin/error.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <stddef.h>
#include <string.h>

#define HEAD "miyin-event 1\n"
#define LENGTH_BYTES 4 /* before each field */

#define TEXT(name)                                                             \
	{                                                                      \
#name, TRUE, offsetof(miyin_event, name)                       \
	}
#define NUMBER(name)                                                           \
	{                                                                      \
#name, FALSE, offsetof(miyin_event, name)                      \
	}

const miyin_event_field miyin_event_fields[] = {
	TEXT(at),	 TEXT(event),	 TEXT(result),	     TEXT(reason),
	TEXT(detail),	 TEXT(user),	 TEXT(host),	     TEXT(printer),
	NUMBER(job_id),	 TEXT(level),	 TEXT(period),	     TEXT(reference),
	TEXT(title),	 NUMBER(serial), TEXT(holder),	     NUMBER(pages),
	TEXT(copy_code), TEXT(server),	 { NULL, FALSE, 0 },
};

const char *miyin_event_text(const miyin_event *event,
			     const miyin_event_field *field)
{
	const char *text = G_STRUCT_MEMBER(const char *, event, field->offset);

	return text ? text : "";
}

unsigned miyin_event_number(const miyin_event *event,
			    const miyin_event_field *field)
{
	return G_STRUCT_MEMBER(unsigned, event, field->offset);
}

void miyin_event_set_text(miyin_event *event, const miyin_event_field *field,
			  const char *text)
{
	G_STRUCT_MEMBER(const char *, event, field->offset) = text;
}

void miyin_event_set_number(miyin_event *event, const miyin_event_field *field,
			    unsigned number)
{
	G_STRUCT_MEMBER(unsigned, event, field->offset) = number;
}

static void append_field(GByteArray *bytes, const char *text)
{
	const guint32 length = (guint32)strlen(text);
	const guint32 prefix = GUINT32_TO_BE(length);

	g_byte_array_append(bytes, (const guint8 *)&prefix, LENGTH_BYTES);
	g_byte_array_append(bytes, (const guint8 *)text, length);
}

GBytes *miyin_event_format(const miyin_event *event, GError **error)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();

	g_byte_array_append(bytes, (const guint8 *)HEAD, strlen(HEAD));
	for (const miyin_event_field *field = miyin_event_fields; field->name;
	     field++) {
		g_autofree char *text =
			field->is_text
				? g_utf8_make_valid(
					  miyin_event_text(event, field), -1)
				: g_strdup_printf("%u", miyin_event_number(
								event, field));

		append_field(bytes, text);
	}
	if (bytes->len <= MIYIN_EVENT_LENGTH_MAX)
		return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
	miyin_fail(error, MIYIN_ERROR_INPUT,
		   _("An event of %u bytes is too long for the register."),
		   bytes->len);
	return NULL;
}

/* The text of the next field, kept; NULL: there is none. */
static const char *take_field(const char **at, gsize *left, GStringChunk *text)
{
	const char *kept;
	guint32 length;

	if (*left < LENGTH_BYTES)
		return NULL;
	memcpy(&length, *at, LENGTH_BYTES);
	length = GUINT32_FROM_BE(length);
	*at += LENGTH_BYTES;
	*left -= LENGTH_BYTES;
	if (length > *left || !g_utf8_validate_len(*at, length, NULL))
		return NULL;
	kept = g_string_chunk_insert_len(text, *at, length);
	*at += length;
	*left -= length;
	return kept;
}

/* As it is written, and in no other way. */
static gboolean take_number(const char *text, unsigned *number)
{
	g_autofree char *again = NULL;

	if (!miyin_text_to_number(text, 0, G_MAXUINT32, number))
		return FALSE;
	again = g_strdup_printf("%u", *number);
	return g_str_equal(text, again);
}

static gboolean take_event(const char *at, gsize left, miyin_event *event,
			   GStringChunk *text)
{
	if (left < strlen(HEAD) || memcmp(at, HEAD, strlen(HEAD)) != 0)
		return FALSE;
	at += strlen(HEAD);
	left -= strlen(HEAD);
	for (const miyin_event_field *field = miyin_event_fields; field->name;
	     field++) {
		const char *value = take_field(&at, &left, text);
		unsigned number;

		if (!value)
			return FALSE;
		if (field->is_text) {
			miyin_event_set_text(event, field, value);
			continue;
		}
		if (!take_number(value, &number))
			return FALSE;
		miyin_event_set_number(event, field, number);
	}
	return left == 0;
}

gboolean miyin_event_parse(const void *bytes, gsize length, miyin_event *event,
			   GStringChunk *text, GError **error)
{
	miyin_event found = { 0 };

	if (length <= MIYIN_EVENT_LENGTH_MAX &&
	    take_event(bytes, length, &found, text)) {
		*event = found;
		return TRUE;
	}
	return miyin_fail(error, MIYIN_ERROR_INPUT,
			  _("These bytes are no event of the register."));
}
