/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands on a page and where: lines of text, QR codes, a watermark. A
 * scheme has a layout whose texts hold {variables}; an order has one whose
 * texts are finished but for the two that differ from page to page.
 * Measures are millimetres on the sheet and points of type.
 */
#ifndef MIYIN_LAYOUT_H
#define MIYIN_LAYOUT_H

#include <glib.h>
#include <miyin/keyfile.h>

#define MIYIN_CODES_MAX 2
#define MIYIN_EDGE_MAX_MM 50   /* no printer leaves more free */
#define MIYIN_PRINTABLE_MM 4.2 /* what few printers reach at the edges */

/* In an order's texts; user text cannot hold private-use characters. */
#define MIYIN_PAGE_MARK "\xee\x80\x80" /* U+E000: the page's number */
#define MIYIN_CODE_MARK "\xee\x80\x81" /* U+E001: its human code */

typedef enum {
	MIYIN_AT_TOP_LEFT,
	MIYIN_AT_TOP_CENTRE,
	MIYIN_AT_TOP_RIGHT,
	MIYIN_AT_BOTTOM_LEFT,
	MIYIN_AT_BOTTOM_CENTRE,
	MIYIN_AT_BOTTOM_RIGHT,
	MIYIN_AT_LEFT_OF_1, /* of code 1, y from its upper edge */
	MIYIN_AT_RIGHT_OF_1,
	MIYIN_AT_LEFT_OF_2,
	MIYIN_AT_RIGHT_OF_2,
	MIYIN_N_ANCHORS
} miyin_anchor;

typedef enum {
	MIYIN_FIRST_PAGE = 1,
	MIYIN_OTHER_PAGE = 2,
	MIYIN_COVER_PAGE = 4,
} miyin_page_class;

typedef struct {
	char *name;
	char *text;
	unsigned n_whole; /* so much of its start must not be cut */
	unsigned classes; /* of miyin_page_class */
	gboolean reprint_only;
	miyin_anchor at;
	double x_mm, y_mm; /* from the anchor's edges to the box's */
	double width_mm;   /* longer text shrinks, then is cut */
	char *font;	   /* sans, serif, mono or a family */
	gboolean bold;
	double size_pt;
	unsigned colour; /* 0xRRGGBB */
} miyin_line;

typedef struct {
	miyin_anchor at; /* one of the six of the sheet */
	double x_mm, y_mm;
	double size_mm; /* of the modules, without quiet zone */
} miyin_codeplace;

typedef enum {
	MIYIN_WATERMARK_OFF,
	MIYIN_WATERMARK_LIGHT,
	MIYIN_WATERMARK_TILE,
} miyin_watermark;

typedef struct {
	GPtrArray *lines; /* of miyin_line */
	GArray *codes;	  /* of miyin_codeplace */
	miyin_watermark watermark;
	char *watermark_text;
	gboolean swap_even; /* left and right change on even pages */
	double edge_mm;	    /* what the printer does not reach at a sheet's
				   edges; all marks move inside by what it is
				   more than MIYIN_PRINTABLE_MM */
} miyin_layout;

miyin_layout *miyin_layout_new(void);
void miyin_layout_free(miyin_layout *layout);
miyin_line *miyin_line_copy(const miyin_line *line);
void miyin_line_free(miyin_line *line);

/* The line of a group of a key file, or NULL. */
miyin_line *miyin_line_read(miyin_keyfile_group *g);
void miyin_line_write(GKeyFile *file, const char *group,
		      const miyin_line *line);

gboolean miyin_codeplace_read(miyin_keyfile_group *g, miyin_codeplace *spot);
void miyin_codeplace_write(GKeyFile *file, const char *group,
			   const miyin_codeplace *spot);

/* "off", "light", "tile" */
extern const char *const miyin_watermark_words[];

/* Height of a line's box, points. */
double miyin_line_height_pt(const miyin_line *line);

/* Whether its text differs from page to page. */
gboolean miyin_line_is_dynamic(const miyin_line *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_layout, miyin_layout_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_line, miyin_line_free)

#endif
