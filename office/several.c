/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "several.h"

/* A code that says nothing true is none of the sheet's marks; one of another
 * site is. */
static gboolean is_signed(const miyin_finding *found)
{
	return found->sighting && found->mac == MIYIN_SIGNATURE_HOLDS &&
	       found->verdict != MIYIN_FOUND_SPECIMEN;
}

/* Pages of one copy are one. */
static int find_copy(const GArray *copies, const miyin_finding *found)
{
	for (unsigned i = 0; i < copies->len; i++)
		if (g_array_index(copies, guint64, i) == found->claim.copy_id)
			return (int)i;
	return -1;
}

static void set_standings(GPtrArray *findings, const GArray *copies, int own)
{
	for (unsigned i = 0; i < findings->len; i++) {
		miyin_finding *found = findings->pdata[i];

		found->n_copies = found->sighting ? MAX(1, copies->len) : 0;
		if (own < 0 || !is_signed(found))
			continue;
		found->standing = find_copy(copies, found) == own
					  ? MIYIN_STANDS_OUTSIDE
					  : MIYIN_STANDS_WITHIN;
	}
}

static int by_standing(gconstpointer one, gconstpointer other)
{
	const miyin_finding *const *a = one, *const *b = other;

	return ((*b)->standing == MIYIN_STANDS_OUTSIDE) -
	       ((*a)->standing == MIYIN_STANDS_OUTSIDE);
}

void miyin_several_judge(GPtrArray *findings)
{
	g_autoptr(GArray) copies = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(GPtrArray) places =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	int own = -1;

	for (unsigned i = 0; i < findings->len; i++) {
		const miyin_finding *found = findings->pdata[i];
		GArray *of_copy;

		if (!is_signed(found))
			continue;
		if (find_copy(copies, found) < 0) {
			g_array_append_val(copies, found->claim.copy_id);
			g_ptr_array_add(places,
					g_array_new(FALSE, FALSE,
						    sizeof(miyin_corners)));
		}
		of_copy = places->pdata[find_copy(copies, found)];
		g_array_append_vals(of_copy, found->sighting->places->data,
				    found->sighting->places->len);
	}
	if (copies->len > 1)
		own = miyin_trace_framing((GArray *const *)places->pdata,
					  places->len);
	set_standings(findings, copies, own);
	g_ptr_array_sort(findings, by_standing);
}
