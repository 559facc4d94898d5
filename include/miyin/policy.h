/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /etc/miyin/policy.conf: what a level allows. One group a level id:
 *
 *   [level jimi]
 *   copies-per-document = 3     over all jobs
 *   copies-per-job = 3
 *   body = fit                  keep | fit | auto | raster
 *   verify = every-page         every-page | sampled | structural: which pages
 *                               of a copy are read back before it is printed
 *   users = *                   names and @groups, comma separated, or *;
 *                               a comma of another script is an error
 *   queues = *                  gate queues that may print it, or *
 *   missing-glyph = refuse      refuse | substitute: when no font here has a
 *                               character of a holder, a title, ...
 *   conditions = 会议开始前     periods that no day ends: 公布前, 25X1; comma
 *                               separated, may be empty
 *   declared-level = enforce    enforce | warn | off: when the document itself
 *                               bears a higher level
 *   declared-pages = 3          so many pages are read for it, 1 to 50
 *   declared-unreadable = warn  refuse | warn | accept: when the text of such a
 *                               page is not what the page shows
 *   carried-codes = refuse      refuse | warn | accept: when a page shows a
 *                               trace code that can be read
 *
 *   [references]
 *   owner = user                user, or @groups: to whom a document belongs
 *                               that is registered. Of a group: to all of it
 *
 * All keys are needed. A level without a group may not be printed; without
 * [references] each user owns what he registers.
 */
#ifndef MIYIN_POLICY_H
#define MIYIN_POLICY_H

#include <glib.h>
#include <miyin/budget.h>
#include <miyin/order.h>

typedef enum {
	MIYIN_VERIFY_EVERY_PAGE,
	MIYIN_VERIFY_SAMPLED,
	MIYIN_VERIFY_STRUCTURAL
} miyin_verify;
typedef enum {
	MIYIN_DECLARED_ENFORCE,
	MIYIN_DECLARED_WARN,
	MIYIN_DECLARED_OFF
} miyin_declared;

/* What becomes of a document that may be another than it seems. */
typedef enum {
	MIYIN_DOUBT_REFUSE,
	MIYIN_DOUBT_WARN,
	MIYIN_DOUBT_ACCEPT
} miyin_doubt;

typedef enum { MIYIN_MISSING_REFUSE, MIYIN_MISSING_SUBSTITUTE } miyin_missing;

typedef struct {
	unsigned copies_per_document, copies_per_job;
	miyin_body body;
	miyin_verify verify;
	char **users, **queues;
	char **conditions; /* clean, in the words that are printed */
	miyin_declared declared;
	unsigned declared_pages;
	miyin_doubt unreadable, carried;
	miyin_missing missing;
} miyin_limits;

/* "every-page", "sampled", "structural", NULL */
extern const char *const miyin_verify_words[];

/* What every [level ID] must have, with blanks between. */
extern const char miyin_policy_keys[];

typedef struct miyin_policy miyin_policy;

/* Errors: SYSTEM, INPUT with file, line, group and key. */
miyin_policy *miyin_policy_open(const char *path, GError **error);
void miyin_policy_free(miyin_policy *policy);

/* The limits of a level id, or NULL: not allowed. Owned by the policy. */
const miyin_limits *miyin_policy_find(const miyin_policy *policy,
				      const char *level_id);

/* Whether documents of some level are read for one that they declare. */
gboolean miyin_policy_reads(const miyin_policy *policy);

/* Whom a user acts for (miyin_request.owners): the owning groups that he is in,
 * then himself. Free with g_strfreev. */
char **miyin_policy_owners(const miyin_policy *policy, const char *user);

/* What one job may use, of any level: group [budget], see budget.h. */
const miyin_budget *miyin_policy_budget(const miyin_policy *policy);

/* Whether a list of names, @groups or * holds this name. */
gboolean miyin_policy_names(char *const *list, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_policy, miyin_policy_free)

#endif
