/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the backend tells miyinmark to put on the pages of one copy: a layout
 * with finished words, and finished codes; never a key. Key file text,
 * doc/format-order.md.
 */
#ifndef MIYIN_ORDER_H
#define MIYIN_ORDER_H

#include <glib.h>
#include <miyin/code.h>
#include <miyin/humancode.h>
#include <miyin/layout.h>

typedef enum {
	MIYIN_BODY_KEEP,
	MIYIN_BODY_FIT,
	MIYIN_BODY_AUTO,
	MIYIN_BODY_RASTER /* placed as AUTO does, as pictures */
} miyin_body;

/* "keep", "fit", "auto", "raster", NULL */
extern const char *const miyin_body_words[];

#define MIYIN_LEVELS_MAX 99 /* of a scheme */

typedef struct {
	/* What the codes of each kind say, and what stands beside them. */
	char codes[MIYIN_N_CODE_KINDS][MIYIN_CODE_LENGTH_MAX + 1];
	char human[MIYIN_HUMANCODE_LENGTH + 1];
} miyin_order_page;

/* A level that the document itself may bear. */
typedef struct {
	char *id;
	unsigned rank; /* higher is more secret */
	char *text, *text_en;
} miyin_order_level;

typedef struct {
	miyin_layout *layout;
	gboolean cover;	   /* a page of marks alone comes first */
	miyin_body body;   /* for inspect: what may become of it */
	gboolean specimen; /* 样张 SPECIMEN over it all */
	char *turns;	   /* for inspect: how layout turned each page, a
				   digit a page, quarters clockwise; or "" */
	unsigned n_pages;  /* cover included; 0: no codes yet, the order
				   is for `miyinmark inspect` */
	miyin_order_page *pages;
	unsigned n_levels; /* to look for; 0 but for inspect */
	miyin_order_level *levels;
} miyin_order;

miyin_order *miyin_order_new(void);
char *miyin_order_format(const miyin_order *order);

/* The same in a memory file. -1 with an error: SYSTEM. */
int miyin_order_write(const miyin_order *order, GError **error);

/* Errors: INPUT. */
miyin_order *miyin_order_parse(const char *text, gsize length, GError **error);
void miyin_order_free(miyin_order *order);

/* The class of a page, 0 up. */
miyin_page_class miyin_order_class(const miyin_order *order, unsigned page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_order, miyin_order_free)

#endif
