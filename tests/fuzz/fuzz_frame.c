/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream of frames as it is, and one frame whose lengths and hash hold. */
#include "fuzz.h"

#include <miyin/frame.h>

#include <string.h>
#include <unistd.h>

/* What is read is written as the same bytes. */
static void read_stream(GBytes *stream)
{
	gsize length, at = 0;
	const char *bytes = g_bytes_get_data(stream, &length);
	int fd = fuzz_file(bytes, length);

	for (;;) {
		miyin_frame *const untouched = (miyin_frame *)bytes;
		miyin_frame *frame = untouched;
		g_autoptr(GError) error = NULL;
		g_autofree char *again = NULL;
		gsize n;
		int copy;

		if (!miyin_frame_read(fd, &frame, &error)) {
			fuzz_assert_error(error);
			g_assert(frame == untouched);
			break;
		}
		if (!frame) {
			g_assert_cmpuint(at, ==, length);
			break;
		}
		copy = fuzz_file("", 0);
		g_assert(miyin_frame_write(frame, copy, NULL));
		n = lseek(copy, 0, SEEK_END);
		g_assert_cmpuint(n, <=, length - at);
		again = g_malloc(n);
		g_assert(pread(copy, again, n, 0) == (ssize_t)n);
		g_assert(memcmp(again, bytes + at, n) == 0);
		at += n;
		close(copy);
		miyin_frame_free(frame);
	}
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	static const char *const types[] = { "DOCU", "RJCT", "TRLR" };
	const uint8_t *body = memmem(data, length, "\n\n", 2);
	gsize n_header = body ? (gsize)(body + 1 - data) : length;
	guint32 header_length = GUINT32_TO_BE(n_header);
	gsize n_source = (length - n_header) / 3;
	guint64 body_length = GUINT64_TO_BE(length - n_header - n_source);
	guint64 source_length = GUINT64_TO_BE(n_source);
	g_autoptr(GByteArray) whole = g_byte_array_new();
	g_autoptr(GChecksum) hash = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(GBytes) raw = g_bytes_new(data, length);
	g_autoptr(GBytes) stream = NULL;
	guint8 digest[32];
	gsize n_digest = sizeof(digest);

	read_stream(raw);
	g_byte_array_append(whole, (guint8 *)"MYF2", 4);
	g_byte_array_append(whole, (guint8 *)types[length % 3], 4);
	g_byte_array_append(whole, (guint8 *)&header_length, 4);
	g_byte_array_append(whole, (guint8 *)&body_length, 8);
	g_byte_array_append(whole, (guint8 *)&source_length, 8);
	g_byte_array_append(whole, data, length);
	g_checksum_update(hash, whole->data, whole->len);
	g_checksum_get_digest(hash, digest, &n_digest);
	g_byte_array_append(whole, digest, sizeof(digest));
	stream = g_byte_array_free_to_bytes(g_steal_pointer(&whole));
	read_stream(stream);
	return 0;
}
