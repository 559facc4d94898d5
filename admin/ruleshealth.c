/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gi18n.h>
#include <miyin/gateuri.h>
#include <miyin/policy.h>
#include <miyin/policydoubts.h>
#include <miyin/engine.h>
#include <miyin/scheme.h>
#include <miyin/service.h>
#include "queues.h"
#include "checkup.h"

#define SUFFIX ".scheme"

typedef struct {
	miyin_checkup *c;
	const miyin_config *config;
	miyin_policy *policy; /* NULL when it cannot be used */
	GHashTable *schemes;  /* name -> miyin_scheme of the folder */
	GHashTable *told;     /* names of schemes that gates have */
} rules;

/* The sentence of who prints is for him; this one has file and line. */
static void check_policy(rules *r)
{
	g_autoptr(GError) reason = NULL;
	const char *path = r->config->policy_path;
	const GPtrArray *gates = r->c->gates;
	g_auto(GStrv) doubts = NULL;

	r->policy = miyin_policy_open(path, &reason);
	doubts = r->policy ? miyin_policydoubts_list(
				     path, gates->len > 0 ? gates : NULL)
			   : miyin_policydoubts_list_lacks(path);
	if (!r->policy)
		miyin_checkup_hole(
			r->c,
			_("Nothing is printed, for the policy cannot be used: "
			  "%s"),
			reason->message);
	for (char **doubt = doubts; *doubt; doubt++)
		miyin_checkup_hole(r->c, "%s", *doubt);
}

/* Also those that no queue has yet: the next one may. */
static void open_schemes(rules *r, GHashTable *broken)
{
	g_autoptr(GDir) dir = g_dir_open(r->config->scheme_dir, 0, NULL);
	const char *file;

	while (dir && (file = g_dir_read_name(dir))) {
		g_autoptr(GError) reason = NULL;
		g_autofree char *name = g_strdup(file);
		miyin_scheme *scheme;

		if (!g_str_has_suffix(name, SUFFIX))
			continue;
		name[strlen(name) - strlen(SUFFIX)] = '\0';
		scheme =
			miyin_scheme_open(r->config->scheme_dir, name, &reason);
		if (scheme)
			g_hash_table_insert(r->schemes, g_steal_pointer(&name),
					    scheme);
		else
			g_hash_table_insert(broken, g_steal_pointer(&name),
					    g_strdup(reason->message));
	}
}

/* No way around the gate, but none through it either. */
static void check_scheme(rules *r, const char *name, const char *gate)
{
	g_autoptr(GError) reason = NULL;
	const miyin_scheme *scheme = g_hash_table_lookup(r->schemes, name);
	g_autoptr(miyin_scheme) unread =
		scheme ? NULL
		       : miyin_scheme_open(r->config->scheme_dir, name,
					   &reason);
	g_autofree char *missing =
		scheme ? miyin_engine_find_missing_of_scheme(
				 r->config->program_dir, scheme, &reason)
		       : NULL;

	if (!missing)
		miyin_checkup_hole(
			r->c,
			_("The queue %s prints nothing, for its scheme cannot "
			  "be used: %s"),
			gate, reason ? reason->message : name);
	else if (*missing)
		miyin_checkup_hole(
			r->c,
			_("The queue %s cannot print some marks, for no font "
			  "here has \"%s\" of scheme %s; install one that has "
			  "it."),
			gate, missing, name);
	for (unsigned i = 0; r->policy && scheme && i < scheme->levels->len;
	     i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		if (!miyin_policy_find(r->policy, level->id))
			miyin_checkup_remark(
				_("%s has no group [level %s], so nobody "
				  "prints that level of scheme %s; add it "
				  "where your office uses it."),
				r->config->policy_path, level->id, name);
	}
}

static void check_gate(rules *r, const miyin_queue *gate)
{
	const char *uri = gate->device_uri ? gate->device_uri : "";
	g_autofree char *name = miyin_gateuri_setting(uri, "scheme");
	g_autofree char *level = miyin_gateuri_setting(uri, "level");
	const miyin_scheme *scheme =
		name ? g_hash_table_lookup(r->schemes, name) : NULL;

	if (!name || !g_str_has_prefix(uri, MIYIN_GATE_PREFIX))
		return;
	if (g_hash_table_add(r->told, g_strdup(name)))
		check_scheme(r, name, gate->name);
	if (scheme && level && !miyin_scheme_find_level(scheme, level))
		miyin_checkup_hole(
			r->c,
			_("The queue %s prints nothing, for its level is %s, "
			  "which scheme %s does not have; put the level back, "
			  "or run miyin unprotect %s and protect it again."),
			gate->name, level, name, gate->name);
	else if (scheme && level && r->policy &&
		 !miyin_policy_find(r->policy,
				    miyin_scheme_find_level(scheme, level)->id))
		miyin_checkup_hole(
			r->c,
			_("policy.conf has no group [level %s], so nobody "
			  "prints that level on %s; add it."),
			level, gate->name);
}

/* Root reads all; the service that prints may not. */
static gboolean can_read(const char *user, const char *path)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(miyin_service_become(user, NULL) && access(path, R_OK) < 0
			      ? 1
			      : 0);
	return child < 0 || waitpid(child, &status, 0) < 0 || status == 0;
}

static void check_readable(rules *r, const char *path)
{
	if (access(path, R_OK) == 0 && !can_read(r->config->user, path))
		miyin_checkup_hole(
			r->c,
			_("The account %s, which prints, cannot read %s, so "
			  "nothing is printed; let it, with chown or chmod."),
			r->config->user, path);
}

/* Of the schemes those that gates have. */
static void check_rights(rules *r)
{
	g_autofree char *conf =
		g_build_filename(miyin_config_dir(), "miyin.conf", NULL);
	GHashTableIter iter;
	gpointer name;

	check_readable(r, conf);
	check_readable(r, r->config->policy_path);
	g_hash_table_iter_init(&iter, r->told);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		g_autofree char *file = g_strconcat((char *)name, SUFFIX, NULL);
		g_autofree char *path =
			g_build_filename(r->config->scheme_dir, file, NULL);

		check_readable(r, path);
	}
}

static void check_unused(rules *r, GHashTable *broken)
{
	GHashTableIter iter;
	gpointer name, reason;

	g_hash_table_iter_init(&iter, broken);
	while (g_hash_table_iter_next(&iter, &name, &reason))
		if (!g_hash_table_contains(r->told, name))
			miyin_checkup_hole(
				r->c,
				_("The scheme %s, which no queue has, cannot "
				  "be used: %s"),
				(char *)name, (char *)reason);
}

static void remark_levels(const rules *r)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();
	g_auto(GStrv) doubts = NULL;
	GHashTableIter iter;
	gpointer scheme;

	g_hash_table_iter_init(&iter, r->schemes);
	while (g_hash_table_iter_next(&iter, NULL, &scheme)) {
		const GPtrArray *levels = ((miyin_scheme *)scheme)->levels;

		for (unsigned i = 0; i < levels->len; i++)
			g_ptr_array_add(ids,
					((miyin_level *)levels->pdata[i])->id);
	}
	g_ptr_array_add(ids, NULL);
	doubts = miyin_policydoubts_list_levels(
		r->config->policy_path, (const char *const *)ids->pdata);
	for (char **doubt = doubts; *doubt; doubt++)
		miyin_checkup_remark("%s", *doubt);
}

void miyin_ruleshealth_check(miyin_checkup *c)
{
	g_autoptr(GHashTable) broken =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GHashTable) schemes =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
				      (GDestroyNotify)miyin_scheme_free);
	g_autoptr(GHashTable) told =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	rules r = { c, c->config, NULL, schemes, told };

	check_policy(&r);
	open_schemes(&r, broken);
	for (unsigned i = 0; c->queues && i < c->gates->len; i++) {
		const miyin_queue *gate =
			miyin_queues_find(c->queues, c->gates->pdata[i]);

		if (gate)
			check_gate(&r, gate);
	}
	if (geteuid() == 0)
		check_rights(&r);
	check_unused(&r, broken);
	/* Of a scheme that cannot be read nobody knows the levels. */
	if (g_hash_table_size(broken) == 0)
		remark_levels(&r);
	miyin_policy_free(r.policy);
}
