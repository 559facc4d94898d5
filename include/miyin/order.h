/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the backend tells miyinmark to put on the pages of one copy: finished
 * words and finished codes, never a key. Key file text, doc/format-order.md.
 */
#ifndef MIYIN_ORDER_H
#define MIYIN_ORDER_H

#include <glib.h>
#include <miyin/humancode.h>
#include <miyin/payload.h>

typedef struct {
	char payload[MIYIN_PAYLOAD_LENGTH + 1];	 /* in the QR codes */
	char human[MIYIN_HUMANCODE_LENGTH + 1];	 /* beside them */
} miyin_order_page;

typedef struct {
	char *mark;		/* 机密★10年 */
	char *level;		/* 机密 */
	char *serial;		/* 000012 */
	char *holder;
	char *date;		/* 2026-11-21 */
	unsigned copy_no, n_copies;	/* of the job's document */
	gboolean fit;		/* scale the body into the frame */
	gboolean specimen;	/* 样张 SPECIMEN over it all */
	unsigned n_pages;
	miyin_order_page *pages;
} miyin_order;

char *miyin_order_format(const miyin_order *order);

/* Errors: INPUT. */
miyin_order *miyin_order_parse(const char *text, gsize length,
			       GError **error);
void miyin_order_free(miyin_order *order);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_order, miyin_order_free)

#endif
