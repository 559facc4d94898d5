/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stream from miyincollect to the backend: records, each
 *
 *   "MYF2" | type 4 | header length u32 | body length u64 | source length u64 |
 *   header | body | source | SHA-256 of all before     (big-endian numbers)
 *
 * Types: DOCU (a clean PDF), RJCT (a refusal), TRLR (end of one filter run).
 * The source of a document is what it was before any layout, as a plain PDF:
 * who asks what the document says asks it, for a user can choose the layout. A
 * whole stream is (DOCU | RJCT) TRLR, repeated. The header is lines of
 * name=value. doc/format-frame.md has the names.
 *
 * The frame is no proof: every filter runs as user lp. It tells whole from
 * broken, and marked-to-be from raw; whatever it holds is marked or refused.
 */
#ifndef MIYIN_FRAME_H
#define MIYIN_FRAME_H

#include <glib.h>

#define MIYIN_FRAME_HEADER_MAX (64 * 1024)
#define MIYIN_FRAME_BODY_MAX (G_GUINT64_CONSTANT(1) << 30)
#define MIYIN_COPIES_MAX 999 /* of one document that a job asks for */

typedef enum {
	MIYIN_FRAME_DOCUMENT,
	MIYIN_FRAME_REJECT,
	MIYIN_FRAME_TRAILER,
	MIYIN_FRAME_CLAIM,
} miyin_frame_type;

typedef struct {
	miyin_frame_type type;
	GPtrArray *fields; /* of char *: "name=value" */
	int body_fd;	   /* a memory file at its start, or -1 */
	guint64 body_length;
	int source_fd; /* the same, or -1: there is none */
	guint64 source_length;
} miyin_frame;

miyin_frame *miyin_frame_new(miyin_frame_type type);
void miyin_frame_free(miyin_frame *frame);

/* Add a field. Line ends in value become spaces. */
void miyin_frame_add(miyin_frame *frame, const char *name, const char *value);

/* The first value of a name, or NULL. Owned by the frame. */
const char *miyin_frame_get(const miyin_frame *frame, const char *name);

/* Whether its field "job" has this number. */
gboolean miyin_frame_is_of(const miyin_frame *frame, int job_id);

/* The body is taken from the file (from its start); the frame owns fd. */
void miyin_frame_take_body(miyin_frame *frame, int fd, guint64 length);
void miyin_frame_take_source(miyin_frame *frame, int fd, guint64 length);

/* Errors: SYSTEM, INPUT when over the limits. */
gboolean miyin_frame_write(const miyin_frame *frame, int fd, GError **error);

/*
 * Read one record.
 *
 *   frame   NULL at a clean end of the stream
 *
 * Errors: INPUT when it is no frame, too large, cut short, or its hash does
 * not hold; SYSTEM.
 */
gboolean miyin_frame_read(int fd, miyin_frame **frame, GError **error);

/* Take a header apart. Errors: INPUT. */
gboolean miyin_frame_parse_header(const char *bytes, gsize length,
				  GPtrArray *fields, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_frame, miyin_frame_free)

#endif
