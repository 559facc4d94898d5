/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/layers.h>
#include <miyin/qpdf.h>
#include <string.h>

#define DEPTH_MAX 32

struct miyin_layers {
	qpdf_data q;
	GHashTable *off; /* object numbers of groups */
};

static void set_group(miyin_layers *layers, qpdf_oh group, gboolean off)
{
	gpointer id = GINT_TO_POINTER(qpdf_oh_get_object_id(layers->q, group));

	if (off)
		g_hash_table_add(layers->off, id);
	else
		g_hash_table_remove(layers->off, id);
}

/* Switch the groups of a list. */
static void set_all(miyin_layers *layers, qpdf_oh dict, const char *key,
		    gboolean off)
{
	qpdf_oh list = qpdf_oh_get_key(layers->q, dict, key);

	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(layers->q, list);
	     miyin_qpdf_next(&at);)
		set_group(layers, at.item, off);
	qpdf_oh_release(layers->q, list);
}

/* What a group says of printing: /Usage /Print /PrintState. */
static void set_by_usage(miyin_layers *layers, qpdf_oh group)
{
	qpdf_data q = layers->q;
	qpdf_oh usage = miyin_qpdf_get(q, group, "/Usage");
	qpdf_oh print = miyin_qpdf_get(q, usage, "/Print");

	if (miyin_qpdf_is(q, print, "/PrintState", "/OFF"))
		set_group(layers, group, TRUE);
	else if (miyin_qpdf_is(q, print, "/PrintState", "/ON"))
		set_group(layers, group, FALSE);
	qpdf_oh_release(q, print);
	qpdf_oh_release(q, usage);
}

/* The configuration's /AS: rules for the event of printing. */
static void set_for_printing(miyin_layers *layers, qpdf_oh configuration)
{
	qpdf_data q = layers->q;
	qpdf_oh rules = qpdf_oh_get_key(q, configuration, "/AS");

	for (g_auto(miyin_qpdf_items) rule = miyin_qpdf_items_of(q, rules);
	     miyin_qpdf_next(&rule);) {
		qpdf_oh groups = miyin_qpdf_get(q, rule.item, "/OCGs");

		for (g_auto(miyin_qpdf_items)
			     at = miyin_qpdf_items_of(q, groups);
		     miyin_qpdf_is(q, rule.item, "/Event", "/Print") &&
		     miyin_qpdf_next(&at);)
			set_by_usage(layers, at.item);
		qpdf_oh_release(q, groups);
	}
	qpdf_oh_release(q, rules);
}

miyin_layers *miyin_layers_new(qpdf_data q)
{
	miyin_layers *layers = g_new0(miyin_layers, 1);
	qpdf_oh root = qpdf_get_root(q);
	qpdf_oh all = qpdf_oh_get_key(q, root, "/OCProperties");
	qpdf_oh configuration = miyin_qpdf_get(q, all, "/D");

	layers->q = q;
	layers->off = g_hash_table_new(NULL, NULL);
	if (qpdf_oh_is_dictionary(q, configuration)) {
		if (miyin_qpdf_is(q, configuration, "/BaseState", "/OFF"))
			set_all(layers, all, "/OCGs", TRUE);
		set_all(layers, configuration, "/ON", FALSE);
		set_all(layers, configuration, "/OFF", TRUE);
		set_for_printing(layers, configuration);
	}
	qpdf_oh_release(q, configuration);
	qpdf_oh_release(q, all);
	qpdf_oh_release(q, root);
	return layers;
}

void miyin_layers_free(miyin_layers *layers)
{
	g_hash_table_unref(layers->off);
	g_free(layers);
}

static gboolean is_off(const miyin_layers *layers, qpdf_oh group)
{
	int id = qpdf_oh_get_object_id(layers->q, group);

	return g_hash_table_contains(layers->off, GINT_TO_POINTER(id));
}

/* /VE: [/And|/Or|/Not what...], what is a group or another such array. */
static gboolean is_true(const miyin_layers *layers, qpdf_oh what,
			unsigned depth)
{
	qpdf_data q = layers->q;
	gboolean and, not, value;
	qpdf_oh verb;
	int n;

	if (!qpdf_oh_is_array(q, what) || depth > DEPTH_MAX)
		return !is_off(layers, what);
	n = qpdf_oh_get_array_n_items(q, what);
	verb = qpdf_oh_get_array_item(q, what, 0);
	and = !qpdf_oh_is_name_and_equals(q, verb, "/Or");
	not = qpdf_oh_is_name_and_equals(q, verb, "/Not");
	qpdf_oh_release(q, verb);
	value = and;
	for (int i = 1; i < n && value == and; i++) {
		qpdf_oh item = qpdf_oh_get_array_item(q, what, i);

		value = is_true(layers, item, depth + 1);
		qpdf_oh_release(q, item);
	}
	return not ? !value : value;
}

/* /P: how many of the groups must be on. Without it, one. */
static gboolean is_member_off(const miyin_layers *layers, qpdf_oh member,
			      qpdf_oh groups)
{
	qpdf_data q = layers->q;
	unsigned n_on = 0, n_off = 0;

	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(q, groups);
	     miyin_qpdf_next(&at);) {
		if (qpdf_oh_is_null(q, at.item))
			continue;
		n_off += is_off(layers, at.item) ? 1 : 0;
		n_on += is_off(layers, at.item) ? 0 : 1;
	}
	if (n_on + n_off == 0)
		return FALSE;
	if (miyin_qpdf_is(q, member, "/P", "/AllOn"))
		return n_off > 0;
	if (miyin_qpdf_is(q, member, "/P", "/AnyOff"))
		return n_off == 0;
	if (miyin_qpdf_is(q, member, "/P", "/AllOff"))
		return n_on > 0;
	return n_on == 0;
}

gboolean miyin_layers_hide(const miyin_layers *layers, qpdf_oh group)
{
	qpdf_data q = layers->q;
	qpdf_oh formula, groups;
	gboolean off;

	if (!qpdf_oh_is_dictionary(q, group) || is_off(layers, group))
		return qpdf_oh_is_dictionary(q, group);
	formula = qpdf_oh_get_key(q, group, "/VE");
	groups = qpdf_oh_get_key(q, group, "/OCGs");
	if (qpdf_oh_is_array(q, formula))
		off = !is_true(layers, formula, 0);
	else if (qpdf_oh_is_array(q, groups))
		off = is_member_off(layers, group, groups);
	else
		off = qpdf_oh_is_dictionary(q, groups) &&
		      is_off(layers, groups);
	qpdf_oh_release(q, formula);
	qpdf_oh_release(q, groups);
	return off;
}

gboolean miyin_layers_hide_object(const miyin_layers *layers, qpdf_oh dict)
{
	qpdf_oh group = qpdf_oh_get_key(layers->q, dict, "/OC");
	gboolean hide = miyin_layers_hide(layers, group);

	qpdf_oh_release(layers->q, group);
	return hide;
}
