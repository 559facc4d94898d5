/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The objects that content paints with, written anew: of each kind the entries
 * that paint, in the form that they must have, and nothing else. Names have no
 * byte that is more than a letter to another language; code is none, but the
 * calculator's (Type 4 functions), token by token.
 *
 * Large streams (pictures, fonts, profiles, tables) stay where they are and
 * lose what else stands in their dictionary.
 */
#ifndef MIYIN_INERT_H
#define MIYIN_INERT_H

#include <glib.h>
#include <qpdf/qpdf-c.h>
#include <miyin/layers.h>

#define MIYIN_INERT_DEPTH 60 /* of objects in objects; readers give up too */

typedef struct {
	qpdf_data q;
	miyin_layers *layers;
	GHashTable *done; /* kind and object -> handle, 0: left out */
	unsigned depth, n_streams;
	gboolean unreadable; /* a page's content cannot be decoded */
	gboolean too_much;
} miyin_inert;

/* A new handle, or 0: the object is left out. */
typedef qpdf_oh (*miyin_cleaner)(miyin_inert *n, qpdf_oh object);

typedef struct miyin_rule miyin_rule;

/* What becomes of an object by what it is; where nothing is said it is left
 * out. */
typedef struct {
	char once; /* a letter of its own: an indirect one is cleaned once, and
		      what refers to itself is left out; 0: each time */
	const miyin_rule *dict;	  /* of a dictionary */
	const miyin_rule *stream; /* of a stream, in its place */
	miyin_cleaner other;	  /* of all else */
	const char *type;	  /* /Type of its dictionary */
} miyin_kind;

/* Entries: what their cleaner makes of them, or their kind. */
struct miyin_rule {
	const char *keys; /* with blanks between them; NULL ends a list */
	miyin_cleaner clean;
	const miyin_kind *kind;
};

extern const miyin_rule miyin_inert_no_rules[];

miyin_inert *miyin_inert_new(qpdf_data q);
void miyin_inert_free(miyin_inert *n);

/* Clean an object. */
qpdf_oh miyin_inert_clean(miyin_inert *n, qpdf_oh object,
			  const miyin_kind *kind);

/* A new dictionary with the entries of the rules. */
qpdf_oh miyin_inert_dict(miyin_inert *n, qpdf_oh dict, const miyin_rule *rules);

/* The same of a stream's dictionary in its place; FALSE: its filters are not
 * those of PDF. */
gboolean miyin_inert_stream(miyin_inert *n, qpdf_oh stream,
			    const miyin_rule *rules);

/* More entries for a stream's dictionary: all of another one, or those of the
 * rules. */
void miyin_inert_merge(miyin_inert *n, qpdf_oh stream, qpdf_oh from);
void miyin_inert_fill(miyin_inert *n, qpdf_oh stream, qpdf_oh from,
		      const miyin_rule *rules);

/* The decoded bytes of a stream, of a damaged one what is before the damage;
 * NULL when there are none. */
GBytes *miyin_inert_decode(miyin_inert *n, qpdf_oh stream);

/* All of a page's /Contents, a line end between its pieces: no token goes on in
 * the next. One that should be readable and is not makes the page unreadable. */
GBytes *miyin_inert_contents(miyin_inert *n, qpdf_oh page);

/* ---- cleaners and kinds ------------------------------------------------- */

/* Numbers, truth values, strings, names, and arrays of them. */
qpdf_oh miyin_inert_plain(miyin_inert *n, qpdf_oh object);
qpdf_oh miyin_inert_number(miyin_inert *n, qpdf_oh object);
qpdf_oh miyin_inert_name(miyin_inert *n, qpdf_oh object);
qpdf_oh miyin_inert_image(miyin_inert *n, qpdf_oh object);

extern const miyin_kind miyin_inert_space, miyin_inert_function,
	miyin_inert_shading, miyin_inert_state, miyin_inert_group,
	miyin_inert_font;

/*
 * A byte of a name as a regular character of PostScript and PDF alike; what of
 * ASCII was two stays two. In place, for the font programs that have no room
 * for more: a glyph may be named "(" and another ")". 0x80 to 0x9F begin binary
 * tokens of PostScript, 0xA0 to 0xFF are regular; "#" is the escape of PDF's
 * names.
 */
guint8 miyin_inert_letter(guint8 byte);
/* A name of such bytes, after its slash. Free with g_free. */
char *miyin_inert_spell(const char *name);
/* The name of a glyph that no font program has: what is not plain becomes its
 * own hexadecimal digits, so that no two become one. Free with g_free. */
char *miyin_inert_glyph(const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_inert, miyin_inert_free)

#endif
