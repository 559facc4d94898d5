/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/frame.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define N_FIXED 28 /* magic, type, three lengths */
#define N_HASH 32
#define CHUNK 65536

static const char magic[] = "MYF2";
static const char types[][5] = { "DOCU", "RJCT", "TRLR", "CLAM" };

miyin_frame *miyin_frame_new(miyin_frame_type type)
{
	miyin_frame *frame = g_new0(miyin_frame, 1);

	frame->type = type;
	frame->fields = g_ptr_array_new_with_free_func(g_free);
	frame->body_fd = -1;
	frame->source_fd = -1;
	return frame;
}

void miyin_frame_free(miyin_frame *frame)
{
	if (!frame)
		return;
	g_ptr_array_unref(frame->fields);
	miyin_fd_clear(&frame->body_fd);
	miyin_fd_clear(&frame->source_fd);
	g_free(frame);
}

void miyin_frame_add(miyin_frame *frame, const char *name, const char *value)
{
	char *field = g_strdup_printf("%s=%s", name, value);

	g_strdelimit(field, "\r\n", ' ');
	g_ptr_array_add(frame->fields, field);
}

const char *miyin_frame_get(const miyin_frame *frame, const char *name)
{
	size_t n = strlen(name);

	for (unsigned i = 0; i < frame->fields->len; i++) {
		const char *field = frame->fields->pdata[i];

		if (strncmp(field, name, n) == 0 && field[n] == '=')
			return field + n + 1;
	}
	return NULL;
}

gboolean miyin_frame_is_of(const miyin_frame *frame, int job_id)
{
	unsigned number;

	return miyin_text_to_number(miyin_frame_get(frame, "job"), 0, G_MAXINT,
				    &number) &&
	       (int)number == job_id;
}

static void take(int *to, guint64 *to_length, int fd, guint64 length)
{
	miyin_fd_clear(to);
	*to = fd;
	*to_length = length;
}

void miyin_frame_take_body(miyin_frame *frame, int fd, guint64 length)
{
	take(&frame->body_fd, &frame->body_length, fd, length);
}

void miyin_frame_take_source(miyin_frame *frame, int fd, guint64 length)
{
	take(&frame->source_fd, &frame->source_length, fd, length);
}

/* As much as there is, up to length; 0 at the end, -1 on failure. */
static gssize read_some(int fd, void *bytes, gsize length)
{
	gsize got = 0;

	while (got < length) {
		ssize_t n = read(fd, (char *)bytes + got, length - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += n;
	}
	return got;
}

static gboolean fail(GError **error, const char *reason)
{
	return miyin_fail(error, MIYIN_ERROR_INPUT, "%s", reason);
}

static gboolean write_body(int body_fd, guint64 length, int fd, GChecksum *hash,
			   GError **error)
{
	guint8 chunk[CHUNK];

	if (length > 0)
		miyin_memfile_rewind(body_fd);
	while (length > 0) {
		gsize n = MIN(length, sizeof(chunk));

		if (read_some(body_fd, chunk, n) != (gssize)n)
			return fail(error,
				    _("the body is shorter than it says"));
		g_checksum_update(hash, chunk, n);
		if (!miyin_memfile_write(fd, chunk, n, error))
			return FALSE;
		length -= n;
	}
	return TRUE;
}

gboolean miyin_frame_write(const miyin_frame *frame, int fd, GError **error)
{
	g_autoptr(GString) head = g_string_new_len(magic, 4);
	g_autoptr(GString) header = g_string_new(NULL);
	g_autoptr(GChecksum) hash = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[N_HASH];
	gsize n_digest = sizeof(digest);
	guint32 header_length;
	guint64 body_length = GUINT64_TO_BE(frame->body_length);
	guint64 source_length = GUINT64_TO_BE(frame->source_length);

	for (unsigned i = 0; i < frame->fields->len; i++)
		g_string_append_printf(header, "%s\n",
				       (char *)frame->fields->pdata[i]);
	if (header->len > MIYIN_FRAME_HEADER_MAX ||
	    frame->body_length > MIYIN_FRAME_BODY_MAX ||
	    frame->source_length > MIYIN_FRAME_BODY_MAX)
		return fail(error, _("the record is too large"));
	header_length = GUINT32_TO_BE((guint32)header->len);
	g_string_append_len(head, types[frame->type], 4);
	g_string_append_len(head, (char *)&header_length, 4);
	g_string_append_len(head, (char *)&body_length, 8);
	g_string_append_len(head, (char *)&source_length, 8);
	g_string_append_len(head, header->str, header->len);
	g_checksum_update(hash, (guint8 *)head->str, head->len);
	if (!miyin_memfile_write(fd, head->str, head->len, error) ||
	    !write_body(frame->body_fd, frame->body_length, fd, hash, error) ||
	    !write_body(frame->source_fd, frame->source_length, fd, hash,
			error))
		return FALSE;
	g_checksum_get_digest(hash, digest, &n_digest);
	return miyin_memfile_write(fd, digest, sizeof(digest), error);
}

gboolean miyin_frame_parse_header(const char *bytes, gsize length,
				  GPtrArray *fields, GError **error)
{
	const char *end = bytes + length;

	if (!g_utf8_validate(bytes, length, NULL))
		return fail(error, _("its header is not UTF-8"));
	while (bytes < end) {
		const char *stop = memchr(bytes, '\n', end - bytes);

		if (!stop || stop == bytes || *bytes == '=' ||
		    !memchr(bytes, '=', stop - bytes))
			return fail(error, _("its header is malformed"));
		g_ptr_array_add(fields, g_strndup(bytes, stop - bytes));
		bytes = stop + 1;
	}
	return TRUE;
}

/* Not the sender's fault. */
static gboolean fail_reading(GError **error)
{
	return miyin_fail(error, MIYIN_ERROR_SYSTEM, _("Reading failed: %s"),
			  g_strerror(errno));
}

static gboolean read_all(int fd, void *bytes, gsize length, GChecksum *hash,
			 GError **error)
{
	gssize n = read_some(fd, bytes, length);

	if (n < 0)
		return fail_reading(error);
	if (n != (gssize)length)
		return fail(error, _("it stops in the middle of a record"));
	if (hash)
		g_checksum_update(hash, bytes, length);
	return TRUE;
}

static gboolean read_body(int fd, const char *name, guint64 length,
			  int *body_fd, GChecksum *hash, GError **error)
{
	guint8 chunk[CHUNK];

	if (length == 0)
		return TRUE;
	*body_fd = miyin_memfile_new(name, error);
	if (*body_fd < 0)
		return FALSE;
	while (length > 0) {
		gsize n = MIN(length, sizeof(chunk));

		if (!read_all(fd, chunk, n, hash, error) ||
		    !miyin_memfile_write(*body_fd, chunk, n, error))
			return FALSE;
		length -= n;
	}
	return miyin_memfile_seal(*body_fd, error);
}

static gboolean parse_fixed(const guint8 *fixed, miyin_frame *frame,
			    guint32 *header_length, GError **error)
{
	guint32 header;
	guint64 body, source;
	unsigned t;

	for (t = 0; t < G_N_ELEMENTS(types); t++)
		if (memcmp(fixed + 4, types[t], 4) == 0)
			break;
	if (t == G_N_ELEMENTS(types))
		return fail(error, _("it has a record of unknown type"));
	memcpy(&header, fixed + 8, 4);
	memcpy(&body, fixed + 12, 8);
	memcpy(&source, fixed + 20, 8);
	frame->type = t;
	*header_length = GUINT32_FROM_BE(header);
	frame->body_length = GUINT64_FROM_BE(body);
	frame->source_length = GUINT64_FROM_BE(source);
	if (*header_length > MIYIN_FRAME_HEADER_MAX ||
	    frame->body_length > MIYIN_FRAME_BODY_MAX ||
	    frame->source_length > MIYIN_FRAME_BODY_MAX)
		return fail(error, _("it has a record that is too large"));
	return TRUE;
}

gboolean miyin_frame_read(int fd, miyin_frame **out, GError **error)
{
	g_autoptr(GChecksum) hash = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(miyin_frame) frame = NULL;
	g_autofree char *header = NULL;
	guint8 fixed[N_FIXED], digest[N_HASH], claimed[N_HASH];
	gsize n_digest = sizeof(digest);
	guint32 header_length = 0;
	gssize n = read_some(fd, fixed, sizeof(fixed));

	if (n == 0) {
		*out = NULL;
		return TRUE;
	}
	if (n < 0)
		return fail_reading(error);
	if (n < N_FIXED || memcmp(fixed, magic, 4) != 0)
		return fail(error, _("it is not a frame of ours"));
	frame = miyin_frame_new(MIYIN_FRAME_TRAILER);
	if (!parse_fixed(fixed, frame, &header_length, error))
		return FALSE;
	g_checksum_update(hash, fixed, sizeof(fixed));
	header = g_malloc(header_length + 1);
	if (!read_all(fd, header, header_length, hash, error) ||
	    !miyin_frame_parse_header(header, header_length, frame->fields,
				      error) ||
	    !read_body(fd, "body", frame->body_length, &frame->body_fd, hash,
		       error) ||
	    !read_body(fd, "source", frame->source_length, &frame->source_fd,
		       hash, error) ||
	    !read_all(fd, claimed, sizeof(claimed), NULL, error))
		return FALSE;
	g_checksum_get_digest(hash, digest, &n_digest);
	if (memcmp(digest, claimed, sizeof(digest)) != 0)
		return fail(error, _("its hash does not hold"));
	*out = g_steal_pointer(&frame);
	return TRUE;
}
