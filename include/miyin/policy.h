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
 *   users = *                   names and @groups, comma separated, or *
 *   queues = *                  gate queues that may print it, or *
 *   missing-glyph = refuse      refuse | substitute: when no font here has a
 *                               character of a holder, a title, ...
 *   declared-level = enforce    enforce | warn | off: when the document itself
 *                               bears a higher level
 *
 * All keys are needed. A level without a group may not be printed.
 */
#ifndef MIYIN_POLICY_H
#define MIYIN_POLICY_H

#include <glib.h>

typedef enum {
	MIYIN_BODY_KEEP,
	MIYIN_BODY_FIT,
	MIYIN_BODY_AUTO,
	MIYIN_BODY_RASTER	/* placed as AUTO does, as pictures */
} miyin_body;
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

typedef enum { MIYIN_MISSING_REFUSE, MIYIN_MISSING_SUBSTITUTE } miyin_missing;

typedef struct {
	unsigned copies_per_document, copies_per_job;
	miyin_body body;
	miyin_verify verify;
	char **users, **queues;
	miyin_declared declared;
	miyin_missing missing;
} miyin_limits;

/* "every-page", "sampled", "structural", NULL */
extern const char *const miyin_verify_words[];

typedef struct miyin_policy miyin_policy;

/* Errors: SYSTEM, INPUT with file, group and key. */
miyin_policy *miyin_policy_open(const char *path, GError **error);
void miyin_policy_free(miyin_policy *policy);

/* The limits of a level id, or NULL: not allowed. Owned by the policy. */
const miyin_limits *miyin_policy_find(const miyin_policy *policy,
				      const char *level_id);

/* Whether a list of names, @groups or * holds this name. */
gboolean miyin_policy_names(char *const *list, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_policy, miyin_policy_free)

#endif
