/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "offer.h"
#include <miyin/choice.h>
#include <miyin/error.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <string.h>

struct miyin_offer {
	const char *const *allowed;
	/* Names of options, and OPTION=CHOICE. */
	GHashTable *options;  /* all: to GINT_TO_POINTER(how) */
	GHashTable *defaults; /* to the default choice */
	GHashTable *settings; /* OPTION=CHOICE to what foomatic makes of it */
	GHashTable *gone;
	GHashTable *bare; /* options whose code is printer commands (JCL) */
	gboolean is_installable; /* the group that is being read */
};

/* How an option is offered: not, whole, or choice by choice. */
enum { GONE = 1, WHOLE, CHECKED };

static int decide(const miyin_offer *offer, const char *name)
{
	miyin_meaning meaning = miyin_choice_find_meaning(name);

	if (g_str_has_prefix(name, "JCL"))
		return GONE;
	/* The collector lays pages out in OutputOrder; no device sees it. */
	if (offer->is_installable || g_str_equal(name, "OutputOrder") ||
	    meaning == MIYIN_MEANING_SIZE ||
	    (offer->allowed && g_strv_contains(offer->allowed, name)))
		return WHOLE;
	return meaning == MIYIN_MEANING_NONE ? GONE : CHECKED;
}

static int how(const miyin_offer *offer, const char *name)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(offer->options, name));
}

static void read_option(miyin_offer *offer, const miyin_statement *st)
{
	g_autofree char *name = miyin_ppdtext_option_name(st->rest);
	int decided;

	if (!name)
		return;
	decided = decide(offer, name);
	if (decided == GONE)
		g_hash_table_add(offer->gone, g_strdup(name));
	else if (g_str_equal(st->keyword, "JCLOpenUI"))
		g_hash_table_add(offer->bare, g_strdup(name));
	g_hash_table_insert(offer->options, g_steal_pointer(&name),
			    GINT_TO_POINTER(decided));
}

static void read_pair(GHashTable *table, const char *key, const char *rest)
{
	g_autofree char *choice = NULL, *text = NULL, *code = NULL;

	miyin_ppdtext_split_choice(rest, &choice, &text, &code);
	g_hash_table_insert(table, g_strdup(key ? key : choice),
			    g_strstrip(g_steal_pointer(&code)));
}

static void read_statement(miyin_offer *offer, const miyin_statement *st)
{
	const char *keyword = st->keyword;

	if (g_str_equal(keyword, "OpenGroup"))
		offer->is_installable =
			strstr(st->rest, "InstallableOptions") != NULL;
	else if (g_str_equal(keyword, "CloseGroup"))
		offer->is_installable = FALSE;
	else if (g_str_equal(keyword, "OpenUI") ||
		 g_str_equal(keyword, "JCLOpenUI"))
		read_option(offer, st);
	else if (g_str_equal(keyword, "FoomaticRIPOptionSetting"))
		read_pair(offer->settings, NULL, st->rest);
	else if (g_str_has_prefix(keyword, "Default"))
		read_pair(offer->defaults, keyword + strlen("Default"),
			  st->rest);
}

/* The default stays, else the option would have none: it is what the printer
 * does without a user's word. */
static void check_choice(miyin_offer *offer, const miyin_statement *st)
{
	g_autofree char *choice = NULL, *text = NULL, *code = NULL;
	g_autofree char *name = NULL, *all = NULL;
	const char *setting, *chosen;

	miyin_ppdtext_split_choice(st->rest, &choice, &text, &code);
	name = g_strconcat(st->keyword, "=", choice, NULL);
	setting = g_hash_table_lookup(offer->settings, name);
	chosen = g_hash_table_lookup(offer->defaults, st->keyword);
	all = g_strconcat(code, setting, NULL);
	/* None is a query, *?Option. */
	if (*choice && g_strcmp0(chosen, choice) != 0 &&
	    miyin_choice_find_fault(miyin_choice_find_meaning(st->keyword),
				    choice, text, all))
		g_hash_table_add(offer->gone, g_steal_pointer(&name));
}

static gboolean check_allowed(const miyin_offer *offer, GError **error)
{
	for (int i = 0; offer->allowed && offer->allowed[i]; i++) {
		const char *name = offer->allowed[i];

		if (how(offer, name) == WHOLE || how(offer, name) == CHECKED)
			continue;
		return miyin_fail(
			error, MIYIN_ERROR_INPUT,
			how(offer, name) == GONE
				? _("The option %s is a command of the "
				    "printer (JCL), which users of a "
				    "gate cannot be given; set it with "
				    "lpadmin.")
				: _("The printer has no option %s; "
				    "lpoptions -l names those that it "
				    "has."),
			name);
	}
	return TRUE;
}

miyin_offer *miyin_offer_new(const char *ppd, const char *const *allowed,
			     GError **error)
{
	g_autoptr(miyin_offer) offer = g_new0(miyin_offer, 1);
	g_auto(miyin_statement) st = { 0 };

	offer->allowed = allowed;
	offer->options =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	offer->defaults =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	offer->settings =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	offer->gone =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	offer->bare =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (const char *at = ppd; miyin_ppdtext_next(&at, &st);) {
		if (!st.language)
			read_statement(offer, &st);
	}
	for (const char *at = ppd; miyin_ppdtext_next(&at, &st);) {
		if (!st.language && how(offer, st.keyword) == CHECKED)
			check_choice(offer, &st);
	}
	if (!check_allowed(offer, error))
		return NULL;
	return g_steal_pointer(&offer);
}

void miyin_offer_free(miyin_offer *offer)
{
	if (!offer)
		return;
	g_hash_table_unref(offer->options);
	g_hash_table_unref(offer->defaults);
	g_hash_table_unref(offer->settings);
	g_hash_table_unref(offer->gone);
	g_hash_table_unref(offer->bare);
	g_free(offer);
}

static gboolean is_name_gone(const miyin_offer *offer, const char *name)
{
	return g_str_has_prefix(name, "JCL") ||
	       g_hash_table_contains(offer->gone, name);
}

/* Whether a list such as "*Duplex None *JCLMode" names what is gone. */
static gboolean names_gone(const miyin_offer *offer, const char *list)
{
	for (list = strchr(list, '*'); list; list = strchr(list + 1, '*')) {
		g_autofree char *name = miyin_ppdtext_option_name(list);
		g_autofree char *choice =
			name ? miyin_ppdtext_option_name(list + 1 +
							 strlen(name))
			     : NULL;
		g_autofree char *both =
			g_strconcat(name ? name : "", "=", choice, NULL);

		if (name && (is_name_gone(offer, name) ||
			     g_hash_table_contains(offer->gone, both)))
			return TRUE;
	}
	return FALSE;
}

/* A custom value is text for the printer; only a size is numbers. */
static gboolean is_custom_gone(const miyin_offer *offer, const char *name)
{
	return is_name_gone(offer, name) ||
	       (how(offer, name) && !g_str_has_prefix(name, "Page"));
}

static gboolean is_choice_gone(const miyin_offer *offer,
			       const miyin_statement *st)
{
	g_autofree char *choice = NULL, *text = NULL, *code = NULL;
	g_autofree char *name = NULL;

	if (how(offer, st->keyword) != CHECKED)
		return FALSE;
	miyin_ppdtext_split_choice(st->rest, &choice, &text, &code);
	name = g_strconcat(st->keyword, "=", choice, NULL);
	return g_hash_table_contains(offer->gone, name);
}

gboolean miyin_offer_is_gone(const miyin_offer *offer,
			     const miyin_statement *st)
{
	/* These name the options they are about. */
	static const char about[] =
		"OpenUI CloseUI JCLOpenUI JCLCloseUI OrderDependency"
		" UIConstraints NonUIOrderDependency NonUIConstraints"
		" cupsUIConstraints cupsUIResolver cupsIPPFinishings";
	const char *keyword = st->keyword;

	if (miyin_text_has_name(about, keyword))
		return names_gone(offer, st->rest);
	if (g_str_equal(keyword, "Translation")) {
		g_autofree char *name = miyin_ppdtext_option_name(st->rest);

		return name && is_name_gone(offer, name);
	}
	if (g_str_has_prefix(keyword, "ParamCustom"))
		return is_custom_gone(offer, keyword + strlen("ParamCustom"));
	if (g_str_has_prefix(keyword, "Custom"))
		return is_custom_gone(offer, keyword + strlen("Custom"));
	if (g_str_has_prefix(keyword, "Default"))
		keyword += strlen("Default");
	return is_name_gone(offer, keyword) ||
	       g_str_has_prefix(keyword, "pdftopdfJCL") ||
	       is_choice_gone(offer, st);
}

char *miyin_offer_rewrite(const miyin_offer *offer, const miyin_statement *st)
{
	g_autofree char *choice = NULL, *text = NULL, *code = NULL;

	if (g_str_equal(st->keyword, "JCLOpenUI"))
		return g_strconcat("*OpenUI", st->rest, NULL);
	if (g_str_equal(st->keyword, "JCLCloseUI"))
		return g_strconcat("*CloseUI", st->rest, NULL);
	if (st->language || !g_hash_table_contains(offer->bare, st->keyword))
		return NULL;
	if (st->text[1] == '?')
		return g_strdup("");
	miyin_ppdtext_split_choice(st->rest, &choice, &text, &code);
	return g_strdup_printf("*%s %s%s%s: \"\"\n", st->keyword, choice,
			       *text ? "/" : "", text);
}

const char **miyin_offer_list_gone(const miyin_offer *offer)
{
	GPtrArray *names = g_ptr_array_new();
	GHashTableIter at;
	gpointer name, decided;

	g_hash_table_iter_init(&at, offer->options);
	while (g_hash_table_iter_next(&at, &name, &decided))
		if (GPOINTER_TO_INT(decided) == GONE)
			g_ptr_array_add(names, name);
	return (const char **)miyin_text_sort(names);
}
