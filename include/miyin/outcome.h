/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What became of the copies that a user asked for, and the one sentence that
 * tells him. A copy that came out is never called not printed, whatever went
 * wrong afterwards. Control sheets are not counted: nobody asked for a number
 * of them.
 */
#ifndef MIYIN_OUTCOME_H
#define MIYIN_OUTCOME_H

#include <glib.h>

typedef struct {
	unsigned wanted;  /* copies; 0: the job was not read so far */
	unsigned printed; /* whole, says the device */
	unsigned unclear; /* begun: all, a part, or nothing is on paper */
} miyin_outcome;

/*
 * The sentence of a job that did not end well.
 *
 *   reason   a refusal, which says "Not printed: ..." of all of it
 *
 * Returns a refusal of the same code: "1 of 3 copies was printed, 2 were not:
 * ...".
 */
GError *miyin_outcome_refusal(const miyin_outcome *outcome,
			      const GError *reason);

/* Of one that did. serials: 000001–000003, 000007; of very many the first ones
 * are named. Free with g_free. */
char *miyin_outcome_success(const miyin_outcome *outcome, const char *serials);

#endif
