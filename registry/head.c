/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   last NUMBER SHA-256 TIME    of the last event, or one shortly before
 *   found NUMBER                the last that a register had which came back
 *                               without it
 *
 * The file is written after the commit, so it may be behind the register and
 * is never ahead of it. One that is lost is written with the next event.
 */
#include "entries.h"
#include "head.h"
#include "jobcopies.h"
#include "lease.h"
#include "ledger.h"
#include "settle.h"
#include "work.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <glib/gi18n.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Behind the bytes of the jobs (lease.h). */
#define LOCK_BYTE ((off_t)1 << 62)

/* With its zero, so that no two rows run together alike. */
static void hash_text(GChecksum *sum, const char *text)
{
	g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
}

/* Two events may say the same of two jobs of one second; with its copy's
 * random code an issue never does. */
static gboolean read_event(miyin_register *reg, gint64 seq, miyin_head *out,
			   GError **error)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(miyin_rows) row =
		miyin_store_select(reg, "SELECT * FROM events WHERE seq = :seq",
				   VALUES(NUMBER("seq", seq)), error);

	*out = (miyin_head){ .found = -1 };
	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error);
	hash_text(sum, miyin_rows_text(row, "seq"));
	for (const miyin_event_field *field = miyin_event_fields; field->name;
	     field++) {
		const char *text = miyin_rows_text(row, field->name);

		/* A server's name came later: files of before know none. */
		if (*text || !g_str_equal(field->name, "server"))
			hash_text(sum, text);
	}
	out->seq = seq;
	g_strlcpy(out->hash, g_checksum_get_string(sum), sizeof(out->hash));
	g_strlcpy(out->at, miyin_rows_text(row, "at"), sizeof(out->at));
	return TRUE;
}

/* FALSE: there is none, or none that can be read. */
static gboolean read_file(const miyin_register *reg, miyin_head *out)
{
	g_autofree char *text = NULL;
	int n;

	*out = (miyin_head){ .found = -1 };
	if (!g_file_get_contents(reg->head_path, &text, NULL, NULL))
		return FALSE;
	n = sscanf(text,
		   "last %" G_GINT64_FORMAT " %64[0-9a-f] %31[0-9T:+-]\n"
		   "found %" G_GINT64_FORMAT,
		   &out->seq, out->hash, out->at, &out->found);
	return n >= 3;
}

static gboolean write_file(const miyin_register *reg, const miyin_head *new,
			   GError **error)
{
	g_autofree char *found =
		new->found < 0 ? g_strdup("")
			       : g_strdup_printf("found %" G_GINT64_FORMAT "\n",
						 new->found);
	g_autofree char *text =
		g_strdup_printf("last %" G_GINT64_FORMAT " %s %s\n%s", new->seq,
				new->hash, new->at, found);
	g_autoptr(GError) reason = NULL;

	if (g_file_set_contents_full(reg->head_path, text, -1,
				     G_FILE_SET_CONTENTS_CONSISTENT |
					     G_FILE_SET_CONTENTS_DURABLE,
				     0600, &reason))
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s", reason->message);
}

/* The file first: what it says was committed before. */
static gboolean find_gap(miyin_register *reg, miyin_head *file, gboolean *gap,
			 GError **error)
{
	miyin_head here;

	*gap = FALSE;
	if (!read_file(reg, file))
		return TRUE;
	if (!read_event(reg, file->seq, &here, error))
		return FALSE;
	*gap = strcmp(here.hash, file->hash) != 0;
	return TRUE;
}

/* Two that write take turns, or the older number might stay. */
static int lock(const miyin_register *reg, GError **error)
{
	int fd = miyin_lease_lock(reg, LOCK_BYTE, TRUE);

	if (fd < 0)
		miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", reg->locks_path,
			   g_strerror(errno));
	return fd;
}

/* A register that is older stays known as such, and how far it had come before
 * it got events of its own is written down once. */
gboolean miyin_head_read(miyin_register *reg, miyin_head *head, GError **error)
{
	miyin_head file;
	gboolean gap;
	gint64 last;

	if (!find_gap(reg, &file, &gap, error))
		return FALSE;
	if (gap) {
		*head = file;
		head->found = reg->first_new - 1;
		return TRUE;
	}
	return miyin_entries_find_last(reg, &last, error) &&
	       read_event(reg, last, head, error);
}

gboolean miyin_head_write(miyin_register *reg, const miyin_head *head,
			  GError **error)
{
	g_auto(miyin_fd) fd = lock(reg, error);
	miyin_head file;

	if (fd < 0)
		return FALSE;
	if (read_file(reg, &file) &&
	    (head->found < 0 ? file.seq >= head->seq
			     : file.found >= 0 || file.seq != head->seq ||
				       strcmp(file.hash, head->hash) != 0))
		return TRUE;
	return write_file(reg, head, error);
}

gboolean miyin_register_find_gap(miyin_register *reg, miyin_register_gap *gap,
				 GError **error)
{
	gboolean is_older;
	miyin_head file;
	gint64 last;

	*gap = (miyin_register_gap){ 0 };
	if (!find_gap(reg, &file, &is_older, error))
		return FALSE;
	if (!is_older)
		return TRUE;
	if (!miyin_entries_find_last(reg, &last, error))
		return FALSE;
	last = file.found >= 0 ? file.found : last;
	gap->first = MIN(last + 1, file.seq);
	gap->last = file.seq;
	g_strlcpy(gap->until, file.at, sizeof(gap->until));
	return TRUE;
}

static char *in_words(const miyin_register_gap *gap)
{
	return g_strdup_printf("events %" G_GINT64_FORMAT
			       " to %" G_GINT64_FORMAT ", until %s, are "
			       "missing",
			       gap->first, gap->last, gap->until);
}

gboolean miyin_register_is_whole(miyin_register *reg, GError **error)
{
	g_autofree char *words = NULL;
	miyin_register_gap gap;

	if (!miyin_register_find_gap(reg, &gap, error))
		return FALSE;
	if (gap.last == 0)
		return TRUE;
	words = in_words(&gap);
	g_free(reg->why);
	reg->why = g_strdup_printf("the register is older than what was "
				   "printed: %s",
				   words);
	return miyin_fail(
		error, MIYIN_ERROR_SYSTEM,
		_("The register is older than what was printed: events "
		  "%u to %u, until %s, are missing."),
		(unsigned)gap.first, (unsigned)gap.last, gap.until);
}

/* The copies that were under way when the backup was made may be on paper. */
static gboolean doubt_open(miyin_register *reg, const char *why, GError **error)
{
	g_autoptr(GPtrArray) copies =
		g_ptr_array_new_with_free_func((GDestroyNotify)miyin_copy_free);

	if (!miyin_jobcopies_find_open(reg, NULL, copies, error))
		return FALSE;
	for (unsigned i = 0; i < copies->len; i++) {
		miyin_copy *copy = copies->pdata[i];

		if (copy->state == MIYIN_COPY_RESERVED &&
		    !miyin_settle_step(reg, copy, MIYIN_COPY_SENDING, 0, why,
				       error))
			return FALSE;
		copy->state = MIYIN_COPY_SENDING;
		if (!miyin_settle_step(reg, copy, MIYIN_COPY_DOUBT, 0, why,
				       error))
			return FALSE;
	}
	return TRUE;
}

static gboolean touch_documents(miyin_register *reg, GError **error)
{
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg, "SELECT id FROM documents", NULL, error);

	while (miyin_rows_next(row))
		miyin_ledger_touch(reg, "documents",
				   miyin_rows_number(row, "id"));
	return miyin_rows_end(row, error);
}

/* Each copy that was issued is an event, so no document that is known here had
 * more serials meanwhile. */
static gboolean accept_gap(miyin_register *reg, const char *user,
			   const miyin_register_gap *gap, GError **error)
{
	g_autofree char *words = in_words(gap);
	const miyin_event event = {
		.event = "restore",
		.result = "ok",
		.detail = words,
		.user = user,
	};

	return miyin_store_run(
		       reg,
		       "UPDATE documents SET last_serial = last_serial + :n",
		       VALUES(NUMBER("n", gap->last - gap->first + 1)), NULL,
		       error) &&
	       touch_documents(reg, error) &&
	       doubt_open(reg, "the register was restored", error) &&
	       miyin_entries_add(reg, &event, error);
}

typedef struct {
	const char *user;
	miyin_register_gap *gap;
	miyin_head new; /* what the file is to say then */
} acceptance;

static gboolean accept(miyin_register *reg, gpointer data, GError **error)
{
	acceptance *a = data;
	gint64 last;

	if (!miyin_register_find_gap(reg, a->gap, error))
		return FALSE;
	if (a->gap->last == 0)
		return TRUE;
	if (!accept_gap(reg, a->user, a->gap, error) ||
	    !miyin_entries_find_last(reg, &last, error) ||
	    !read_event(reg, last, &a->new, error))
		return FALSE;
	/* The file is not to say, as of any other event, that the register
	 * lacks some. */
	reg->first_new = 0;
	return TRUE;
}

/* The event first: if the power is cut between the two, it is said again. */
gboolean miyin_register_accept(miyin_register *reg, const char *user,
			       miyin_register_gap *gap, GError **error)
{
	acceptance a = { user, gap, { .found = -1 } };
	g_auto(miyin_fd) fd = -1;

	if (!miyin_work_do(reg, accept, &a, error))
		return FALSE;
	if (gap->last == 0)
		return TRUE;
	fd = lock(reg, error);
	return fd >= 0 && write_file(reg, &a.new, error);
}
