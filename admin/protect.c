/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyin protect QUEUE: make a pair out of a printer's queue. QUEUE keeps its
 * name, options and defaults but becomes the gate; the printer itself moves
 * to QUEUE-device, which only the service user may print on.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <glib/gi18n.h>
#include <miyin/deviceppd.h>
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <miyin/engine.h>
#include <miyin/queuepolicy.h>
#include <miyin/scheme.h>
#include "beginning.h"
#include <miyin/commands.h>
#include "conversions.h"
#include "cover.h"
#include "firewall.h"
#include "gateppd.h"
#include "identity.h"
#include <miyin/levels.h>
#include "queues.h"
#include "saved.h"
#include "subscriptions.h"

#define DEFAULT_SCHEME "cn-gb9704"
#define NONE "none"

/* What the steps work on. */
typedef struct {
	const miyin_config *config;
	miyin_saved *saved; /* what the queue is now */
	char *device, *gate_uri, *gate_ppd, *device_ppd;
	char *lowest;	   /* level, as it is typed */
	char **allowed;	   /* further options of the printer for users */
	gboolean firewall; /* asked for, or there already */
	gboolean fenced;   /* rules that count this queue are in force */
	gboolean first;	   /* there was never a register */
} pair;

static void clear_pair(pair *p)
{
	miyin_saved_free(p->saved);
	g_free(p->device);
	g_free(p->gate_uri);
	g_free(p->gate_ppd);
	g_strfreev(p->allowed);
	g_free(p->device_ppd);
	g_free(p->lowest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(pair, clear_pair)

typedef gboolean (*step_func)(pair *p, GError **error);

typedef struct {
	char *name, *level, *scheme;
} wishes;

static void clear_wishes(wishes *wish)
{
	g_free(wish->name);
	g_free(wish->level);
	g_free(wish->scheme);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(wishes, clear_wishes)

static gboolean parse_arguments(int argc, char **argv, wishes *wish, pair *p,
				GError **error)
{
	const GOptionEntry entries[] = {
		{ "level", 0, 0, G_OPTION_ARG_FILENAME, &wish->level,
		  N_("Fix the level, by its id or text, instead of asking"),
		  N_("LEVEL") },
		{ "scheme", 0, 0, G_OPTION_ARG_FILENAME, &wish->scheme,
		  N_("Use this marking scheme (default: cn-gb9704)"),
		  N_("SCHEME") },
		{ "allow-option", 0, 0, G_OPTION_ARG_STRING_ARRAY, &p->allowed,
		  N_("Let users choose this option of the printer too"),
		  N_("OPTION") },
		{ "firewall", 0, 0, G_OPTION_ARG_NONE, &p->firewall,
		  N_("Let no account of this server but CUPS's reach the "
		     "printers of protected queues (nftables); without QUEUE, "
		     "those of all that are protected"),
		  NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(_("QUEUE"));

	g_option_context_set_summary(
		context,
		_("Put the marks on everything that a queue prints. The queue "
		  "keeps its name,\noptions and defaults; its printer moves to "
		  "QUEUE-device, which nobody else\nmay use. miyin unprotect "
		  "puts it back as it was."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (argc != 2 && !(argc == 1 && p->firewall))
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("Name one queue: miyin protect QUEUE."));
	if (geteuid() != 0)
		return miyin_fail(error, MIYIN_ERROR_DENIED,
				  _("Only root may protect a queue."));
	wish->name = g_strdup(argc == 2 ? argv[1] : NULL);
	return TRUE;
}

static gboolean choose_level(pair *p, const miyin_scheme *scheme,
			     const char *level, GError **error)
{
	const miyin_level *found = NULL;

	p->saved->scheme = g_strdup(scheme->name);
	if (!level)
		return TRUE;
	found = miyin_scheme_find_level(scheme, level);
	if (!found) {
		g_autoptr(miyin_levels) levels =
			miyin_levels_open(p->config->scheme_dir);
		g_autofree char *list = miyin_levels_list(levels, scheme->name);

		return miyin_fail(
			error, MIYIN_ERROR_MISSING,
			_("The scheme %s has no level \"%s\"; it has %s."),
			scheme->name, level, list);
	}
	p->saved->level = g_strdup(found->id);
	return TRUE;
}

/* Else the first one who prints would find out. */
static gboolean check_fonts(const pair *p, const miyin_scheme *scheme,
			    GError **error)
{
	g_autofree char *missing = miyin_engine_find_missing_of_scheme(
		p->config->program_dir, scheme, error);

	if (missing && *missing)
		miyin_fail(error, MIYIN_ERROR_INPUT,
			   _("No font here has \"%s\", which scheme %s "
			     "needs; install one that has it."),
			   missing, scheme->name);
	return missing && !*missing;
}

static gboolean has_scheme(const char *uri, const char *scheme)
{
	gsize length = strlen(scheme);

	return g_ascii_strncasecmp(uri, scheme, length) == 0 &&
	       uri[length] == ':';
}

static gboolean has_gate(const GPtrArray *list)
{
	for (unsigned i = 0; i < list->len; i++) {
		const miyin_queue *queue = list->pdata[i];

		if (queue->device_uri && has_scheme(queue->device_uri, "miyin"))
			return TRUE;
	}
	return FALSE;
}

static const char *why_not(const miyin_queue *queue, GPtrArray *list,
			   const char *device)
{
	const char *uri = queue->device_uri ? queue->device_uri : "";

	if (queue->is_class)
		return _("It is a class; protect its members one by one.");
	if (has_scheme(uri, "miyin"))
		return _("It is protected already.");
	if (g_strcmp0(queue->op_policy, MIYIN_POLICY_DEVICE) == 0)
		return _("It is the device queue of a protected queue.");
	if (queue->is_remote || queue->is_temporary ||
	    has_scheme(uri, "implicitclass"))
		return _("It is not of this server but was found on the "
			 "network; add the printer with lpadmin first.");
	if (has_scheme(uri, "file"))
		return _("It prints to a file, which the scheduler writes "
			 "itself, without any backend.");
	if (queue->auth_info && !g_str_equal(queue->auth_info, NONE))
		return _("It asks for the printer's own password "
			 "(auth-info-required), with which a job can name "
			 "another user; put the password into the device URI "
			 "and run lpadmin -o auth-info-required=none first.");
	if (miyin_queues_find(list, device))
		return _("There is a queue of the name that its device queue "
			 "would have.");
	return NULL;
}

static gboolean may_protect(pair *p, GError **error)
{
	const miyin_queue *queue = p->saved->queue;
	g_autoptr(GPtrArray) list = miyin_queues_list(error);
	g_auto(GStrv) names = NULL;
	const char *reason;

	if (!list ||
	    !miyin_beginning_check_register(p->config, has_gate(list),
					    &p->first, error) ||
	    !miyin_beginning_check_keys(p->config, p->first, error))
		return FALSE;
	names = miyin_protected_list(p->config, error);
	if (!names)
		return FALSE;
	if (g_strv_contains((const char *const *)names, queue->name))
		reason = _("It is protected already.");
	else
		reason = why_not(queue, list, p->device);
	if (!reason) {
		int n_jobs = miyin_queue_count_jobs(queue->name, error);

		if (n_jobs == 0)
			return TRUE;
		if (n_jobs < 0)
			return FALSE;
		reason = _("It has unfinished jobs; wait for them or cancel "
			   "them.");
	}
	return miyin_fail(error, MIYIN_ERROR_STATE,
			  _("The queue \"%s\" cannot be protected. %s"),
			  queue->name, reason);
}

/* Of what the scheduler would convert, or refuse, before the gate. */
static char **find_types(void)
{
	g_auto(GStrv) ours = miyin_gateppd_types();
	const char *const *taken = (const char *const *)ours;
	g_auto(GStrv) leading = miyin_conversions_find(NULL, taken);
	g_auto(GStrv) unknown = miyin_conversions_find_unknown(NULL, taken);
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();

	g_strv_builder_addv(all, (const char **)leading);
	g_strv_builder_addv(all, (const char **)unknown);
	return g_strv_builder_end(all);
}

/* Everything that can be wrong is found here, before anything is changed. */
static gboolean plan(pair *p, const char *name, const char *level,
		     const char *scheme_name, GError **error)
{
	g_auto(GStrv) types = NULL;
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(p->config->scheme_dir, scheme_name, error);

	if (!scheme || !choose_level(p, scheme, level, error) ||
	    !check_fonts(p, scheme, error))
		return FALSE;
	p->saved->queue = miyin_queue_open(name, error);
	if (!p->saved->queue)
		return FALSE;
	name = p->saved->queue->name;
	p->device = g_strconcat(name, "-device", NULL);
	p->lowest = miyin_level_format_typed(
		scheme->levels->pdata[scheme->levels->len - 1]);
	if (!may_protect(p, error) ||
	    (p->firewall &&
	     !miyin_firewall_can_close(p->saved->queue->device_uri, error)))
		return FALSE;
	p->saved->ppd = miyin_queue_read_ppd(name, NULL);
	if (!p->saved->ppd)
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("The queue \"%s\" has no driver (PPD), so "
				    "nothing could be printed behind a gate."),
				  name);
	p->device_ppd = miyin_deviceppd_make(
		p->saved->ppd, p->saved->queue->port_monitor, error);
	if (!p->device_ppd)
		return FALSE;
	types = find_types();
	p->gate_ppd = miyin_gateppd_make(p->saved->ppd, scheme, p->saved->level,
					 (const char *const *)p->allowed,
					 (const char *const *)types, error);
	p->gate_uri = miyin_saved_gate_uri(p->saved);
	return p->gate_ppd != NULL;
}

static gboolean save(pair *p, GError **error)
{
	return miyin_saved_write(p->config, p->saved, error);
}

static gboolean forget(pair *p, GError **error)
{
	return miyin_saved_remove(p->config, p->saved->queue->name, error) &&
	       (!p->fenced || miyin_firewall_install(p->config, error));
}

static gboolean add_policies(pair *p, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	g_ptr_array_add(names, p->saved->queue->name);
	return miyin_cover_install(p->config->user, error) &&
	       miyin_subscriptions_cancel(names, error);
}

/* Another protected queue may need them, and this one is no gate now. */
static gboolean drop_policies(pair *p, GError **error)
{
	g_auto(GStrv) names = miyin_protected_list(p->config, error);

	if (!names)
		return FALSE;
	return g_strv_length(names) > 1
		       ? miyin_cover_install(p->config->user, error)
		       : miyin_cover_uninstall(error);
}

static gboolean add_device(pair *p, GError **error)
{
	const miyin_queue *queue = p->saved->queue;
	g_autofree char *uri = miyin_deviceuri_wrap(queue->device_uri);
	const miyin_queue_change change = {
		.device_uri = uri,
		.ppd = p->device_ppd,
		.op_policy = MIYIN_POLICY_DEVICE,
		.error_policy = "abort-job",
		.sheets = { NONE, NONE },
		.info = queue->info,
		.location = queue->location,
		.only_user = p->config->user,
		.shared = MIYIN_NO,
		.accepting = MIYIN_YES,
		.running = MIYIN_YES,
	};

	return miyin_queue_change_apply(p->device, &change, error);
}

static gboolean drop_device(pair *p, GError **error)
{
	return miyin_queue_delete(p->device, error);
}

static gboolean make_gate(pair *p, GError **error)
{
	const miyin_queue_change change = {
		.device_uri = p->gate_uri,
		.ppd = p->gate_ppd,
		.op_policy = MIYIN_POLICY_GATE,
		.error_policy = "abort-job",
		.port_monitor = NONE,
		.sheets = { NONE, NONE },
	};

	return miyin_queue_change_apply(p->saved->queue->name, &change,
					error) &&
	       (!p->saved->queue->auth_info ||
		miyin_queue_drop_auth_info(p->saved->queue->name, error));
}

static gboolean restore(pair *p, GError **error)
{
	return miyin_saved_restore(p->saved, error);
}

static gboolean fence(pair *p, GError **error)
{
	p->fenced = p->firewall && miyin_firewall_install(p->config, error);
	return p->fenced || !p->firewall;
}

static gboolean note(pair *p, GError **error)
{
	g_autofree char *allowed =
		p->allowed ? g_strjoinv(" ", p->allowed) : NULL;
	g_autofree char *detail = g_strdup_printf(
		"scheme %s, %s%s%s%s", p->saved->scheme,
		p->saved->level ? "level " : "the user chooses the level",
		p->saved->level ? p->saved->level : "",
		allowed ? ", options allowed: " : "", allowed ? allowed : "");

	return (!p->first || miyin_beginning_make(p->config, error)) &&
	       miyin_identity_note(p->config, "protect", p->saved->queue->name,
				   detail, error);
}

/* Each step is done whole or not at all; a later failure undoes the earlier
 * ones in reverse. The device queue stands before the gate that needs it. */
static const struct {
	step_func forth, back;
} steps[] = {
	{ save, forget },
	{ add_policies, drop_policies },
	{ add_device, drop_device },
	{ make_gate, restore },
	{ fence, NULL }, /* undone by forget: until then the queue is saved */
	{ note, NULL },
};

static void take_back(pair *p, unsigned n_done, GError **error)
{
	while (n_done--) {
		g_autoptr(GError) reason = NULL;

		if (!steps[n_done].back || steps[n_done].back(p, &reason))
			continue;
		/* What is saved stays, so that unprotect can go on. */
		g_prefix_error(error,
			       _("Undoing failed (%s); miyin unprotect %s "
				 "tries again. It began with: "),
			       reason->message, p->saved->queue->name);
		return;
	}
	g_prefix_error(error, _("Nothing was changed. "));
}

static gboolean run_steps(pair *p, GError **error)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
		if (steps[i].forth(p, error))
			continue;
		take_back(p, i, error);
		return FALSE;
	}
	return TRUE;
}

static void tell_how_to_try(const pair *p)
{
	g_autofree char *level =
		p->saved->level
			? g_strdup("")
			: g_strdup_printf(" -o MiyinLevel=%s", p->lowest);

	printf(_("To see that it works: lp -d %s%s FILE, then miyin log and "
		 "miyin doctor.\n"),
	       p->saved->queue->name, level);
}

int miyin_command_protect(int argc, char **argv, const miyin_config *config,
			  GError **error)
{
	g_auto(wishes) wish = { 0 };
	g_auto(pair) p = { .config = config, .saved = g_new0(miyin_saved, 1) };

	if (!parse_arguments(argc, argv, &wish, &p, error))
		return 2;
	if (!wish.name)
		return miyin_firewall_close_all(config, error);
	p.firewall |= miyin_firewall_is_wanted();
	if (!miyin_saved_lock(config, error) ||
	    !plan(&p, wish.name, wish.level,
		  wish.scheme ? wish.scheme : DEFAULT_SCHEME, error) ||
	    !run_steps(&p, error))
		return 1;
	if (p.first)
		miyin_beginning_tell(config);
	printf(_("%s is protected; its printer is behind %s now.\n"),
	       p.saved->queue->name, p.device);
	miyin_firewall_tell(p.saved->queue->device_uri, p.firewall);
	if (p.first)
		tell_how_to_try(&p);
	return 0;
}
