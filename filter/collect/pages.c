/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages.h"
#include "bare.h"
#include "child.h"
#include "acroform.h"
#include <miyin/qpdf.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/payload.h>
#include <miyin/refusal.h>
#include <qpdf/qpdf-c.h>
#include <unistd.h>

#define JOINED_MAX (G_GUINT64_CONSTANT(2) << 30)
#define DEPTH_MAX 200
#define BARE_MAX (16384 + 4096 * (guint64)MIYIN_PAGES_MAX)
#define NODES_A_PAGE 4 /* a tree of more has nodes without pages */

typedef struct {
	unsigned most, n_pages;
	guint64 n_nodes;
	gboolean bites;		 /* a node is its own descendant */
	int path[DEPTH_MAX + 2]; /* object numbers from the root down */
} counting;

static gboolean is_on_path(const counting *c, unsigned depth, int object)
{
	for (unsigned i = 0; i < depth; i++)
		if (object != 0 && c->path[i] == object)
			return TRUE;
	return FALSE;
}

/* Handles are let go at once: there may be millions. */
static void count_node(qpdf_data qpdf, qpdf_oh node, unsigned depth,
		       counting *c)
{
	qpdf_oh kids = qpdf_oh_get_key(qpdf, node, "/Kids");
	int n = qpdf_oh_is_array(qpdf, kids)
			? qpdf_oh_get_array_n_items(qpdf, kids)
			: -1;

	c->n_nodes++;
	c->path[depth] = qpdf_oh_get_object_id(qpdf, node);
	if (is_on_path(c, depth, c->path[depth])) {
		c->bites = TRUE;
		n = 0;
	}
	if (n < 0)
		c->n_pages++;
	if (n >= 0 && depth > DEPTH_MAX) {
		c->n_pages = c->most + 1;
		n = 0;
	}
	for (int i = 0; i < n && c->n_pages <= c->most && !c->bites; i++) {
		qpdf_oh kid = qpdf_oh_get_array_item(qpdf, kids, i);

		if (qpdf_oh_is_dictionary(qpdf, kid))
			count_node(qpdf, kid, depth + 1, c);
		qpdf_oh_release(qpdf, kid);
		if (c->n_nodes / NODES_A_PAGE > c->most)
			c->n_pages = c->most + 1;
	}
	qpdf_oh_release(qpdf, kids);
}

static unsigned count(qpdf_data qpdf, unsigned most)
{
	counting c = { .most = most };
	qpdf_oh root, pages;

	root = qpdf_get_root(qpdf);
	pages = qpdf_oh_get_key(qpdf, root, "/Pages");
	if (qpdf_oh_is_dictionary(qpdf, pages))
		count_node(qpdf, pages, 0, &c);
	/* It is damaged: whoever lays it out gives it up, or counts again. */
	return c.bites ? 0 : c.n_pages;
}

typedef struct {
	unsigned n_pages;
	gboolean form;
} answer;

typedef struct {
	GBytes *pdf;
	unsigned most;
	gboolean turns;
	int answer, bare;
} count_work;

static int work_count(gpointer data)
{
	const count_work *work = data;
	qpdf_data qpdf = qpdf_init();
	answer a = { 0, FALSE };

	if (miyin_qpdf_open(qpdf, work->pdf)) {
		a.n_pages = count(qpdf, work->most);
		a.form = miyin_acroform_is_wanted(qpdf);
	}
	if (write(work->answer, &a, sizeof(a)) != sizeof(a))
		return 1;
	return !(a.n_pages == 0 ||
		 a.n_pages > MIN(work->most, MIYIN_PAGES_MAX) ||
		 miyin_bare_write(qpdf, work->turns, work->bare));
}

/* -1 when nothing was drawn, or not to its end. */
static int keep_bare(int bare, int end)
{
	if (bare < 0 || (end == 0 && lseek(bare, 0, SEEK_END) > 0 &&
			 miyin_memfile_seal(bare, NULL)))
		return bare;
	close(bare);
	return -1;
}

gboolean miyin_pages_count(int pdf, unsigned most, gboolean turns,
			   miyin_counted *counted, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(pdf, error);
	count_work work = { bytes, most, turns, -1, -1 };
	int end;
	answer a;

	if (bytes)
		work.answer = miyin_memfile_new("pages", error);
	if (work.answer < 0)
		return FALSE;
	work.bare = miyin_memfile_new("bare", NULL);
	end = miyin_child_run(MIYIN_SANDBOX_PARSE, work_count, &work, BARE_MAX);
	/* Who died of it said nothing; what lays it out will too. */
	if (pread(work.answer, &a, sizeof(a), 0) != sizeof(a))
		a = (answer){ 0, FALSE };
	close(work.answer);
	*counted =
		(miyin_counted){ a.n_pages, a.form, keep_bare(work.bare, end) };
	if (end >= 0)
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  "Pages cannot be counted.");
}

static gboolean add_pages(qpdf_data to, qpdf_data from)
{
	int n_pages = qpdf_get_num_pages(from);
	gboolean ok = n_pages > 0;

	for (int i = 0; ok && i < n_pages; i++) {
		qpdf_oh page = qpdf_get_page_n(from, (size_t)i);

		ok = !(qpdf_add_page(to, from, page, QPDF_FALSE) & QPDF_ERRORS);
		qpdf_oh_release(from, page);
	}
	return ok;
}

typedef struct {
	GPtrArray *pdfs; /* of GBytes */
	int to;
} join_work;

static int work_join(gpointer data)
{
	const join_work *work = data;
	qpdf_data all = qpdf_init();
	gboolean ok = !(qpdf_empty_pdf(all) & QPDF_ERRORS);

	/* qpdf copies what a page needs when it writes. */
	for (unsigned i = 0; ok && i < work->pdfs->len; i++) {
		qpdf_data one = qpdf_init();

		ok = miyin_qpdf_open(one, work->pdfs->pdata[i]) &&
		     add_pages(all, one);
	}
	return !(ok && miyin_qpdf_write(all, work->to));
}

/* The sealed result, or -1; to is closed then. */
static int make_pages(int (*work)(gpointer data), gpointer data, int to,
		      GError **error)
{
	if (miyin_child_run(MIYIN_SANDBOX_PARSE, work, data, JOINED_MAX) == 0 &&
	    miyin_memfile_seal(to, error))
		return to;
	miyin_refuse_for(error, MIYIN_REFUSAL_DAMAGED);
	close(to);
	return -1;
}

int miyin_pages_join(const GArray *files, GError **error)
{
	g_autoptr(GPtrArray) pdfs =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	join_work work = { pdfs, -1 };

	/* Most pictures are alone in their file. */
	if (files->len == 1)
		return miyin_memfile_again(g_array_index(files, int, 0), error);
	work.to = miyin_memfile_new("pages", error);
	for (unsigned i = 0; work.to >= 0 && i < files->len; i++) {
		GBytes *bytes =
			miyin_memfile_map(g_array_index(files, int, i), error);

		if (!bytes) {
			close(work.to);
			return -1;
		}
		g_ptr_array_add(pdfs, bytes);
	}
	return work.to < 0 ? -1 : make_pages(work_join, &work, work.to, error);
}
