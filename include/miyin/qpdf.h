/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small steps over qpdf's C API. Handles
 * given to a function with take_ in its name are released by it.
 */
#ifndef MIYIN_QPDF_H
#define MIYIN_QPDF_H

#include <glib.h>
#include <qpdf/qpdf-c.h>

/* dict[key] = value */
void miyin_qpdf_set(qpdf_data q, qpdf_oh dict, const char *key,
		    qpdf_oh take_value);

/* The same of a stream's dictionary. */
void miyin_qpdf_set_of_stream(qpdf_data q, qpdf_oh stream, const char *key,
			      qpdf_oh take_value);

/* dict[key], or a null: also of what is no dictionary. */
qpdf_oh miyin_qpdf_get(qpdf_data q, qpdf_oh dict, const char *key);

/* dict[key]; a new dictionary where there is none. */
qpdf_oh miyin_qpdf_get_dict(qpdf_data q, qpdf_oh dict, const char *key);

/* Whether dict[key] is this name. */
gboolean miyin_qpdf_is(qpdf_data q, qpdf_oh dict, const char *key,
		       const char *name);

/* Whether dict[key] is true. */
gboolean miyin_qpdf_is_true(qpdf_data q, qpdf_oh dict, const char *key);

/* The items of an array; 0 of what is none. */
int miyin_qpdf_length(qpdf_data q, qpdf_oh array);

/* At the end of an array; 0 becomes a null. */
void miyin_qpdf_append(qpdf_data q, qpdf_oh array, qpdf_oh take_item);

/* The keys of a dictionary; none of what is no dictionary. Free with
 * g_strfreev. */
char **miyin_qpdf_keys(qpdf_data q, qpdf_oh dict);

/*
 * Each item of an array, or each entry of a dictionary; what is neither has
 * none:
 *
 *   for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(q, array);
 *        miyin_qpdf_next(&at);)
 */
typedef struct {
	qpdf_data q;
	qpdf_oh of, item; /* the item until the next one */
	const char *key;  /* of an entry, else NULL */
	int n, i;	  /* of how many the item is which, 1 up */
	char **keys;
} miyin_qpdf_items;

miyin_qpdf_items miyin_qpdf_items_of(qpdf_data q, qpdf_oh array);
miyin_qpdf_items miyin_qpdf_entries(qpdf_data q, qpdf_oh dict);
gboolean miyin_qpdf_next(miyin_qpdf_items *at);
void miyin_qpdf_items_clear(miyin_qpdf_items *at);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_qpdf_items, miyin_qpdf_items_clear)

/* An array of numbers. */
qpdf_oh miyin_qpdf_numbers(qpdf_data q, const double *numbers, int n);

/* A rectangle with its corners in order; FALSE when it has no area. */
gboolean miyin_qpdf_get_rect(qpdf_data q, qpdf_oh dict, const char *key,
			     double rect[4]);

/* To what both have; one beside the other cuts nothing. */
void miyin_qpdf_cut_rect(double rect[4], const double by[4]);

/* /Rotate of a page, 0 to 359 degrees clockwise. */
int miyin_qpdf_get_turn(qpdf_data q, qpdf_oh page);

/* A number, or otherwise. */
double miyin_qpdf_get_number(qpdf_data q, qpdf_oh dict, const char *key,
			     double otherwise);

/* A new stream that holds bytes, flate-compressed. */
qpdf_oh miyin_qpdf_stream(qpdf_data q, const void *bytes, gsize length);

/* Read a document, without a word on stderr; the bytes stay until q ends. FALSE
 * when that fails. */
gboolean miyin_qpdf_open(qpdf_data q, GBytes *pdf);

/* Write all of a document to a memory file. FALSE when that fails. */
gboolean miyin_qpdf_write(qpdf_data q, int fd);

/* Make a stream a form XObject. resources may be 0. */
void miyin_qpdf_make_form(qpdf_data q, qpdf_oh stream, const double bbox[4],
			  qpdf_oh take_resources);

#endif
