/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal.h"
#include "content.h"
#include <miyin/qpdf.h>
#include <stdlib.h>
#include <string.h>

#define STREAMS_MAX 200000 /* rewritten; more is made to last */

/* Where the names of a stream are looked up, and what became of them. */
typedef struct {
	miyin_inert *n;
	qpdf_oh own, page; /* dictionaries, or 0 */
	qpdf_oh used;	   /* the new resources */
	GHashTable *names; /* kind and name -> new name, "" when left out */
	unsigned n_names;
	gboolean of_page; /* a name was found in the page's only */
} scope;

static qpdf_oh rewrite(scope *s, GBytes *content, gboolean glyph);

/* ---- streams with resources ---------------------------------------------- */

static scope *scope_new(miyin_inert *n, qpdf_oh own, qpdf_oh page)
{
	scope *s = g_new0(scope, 1);

	s->n = n;
	s->own = own && qpdf_oh_is_dictionary(n->q, own) ? own : 0;
	s->page = page;
	s->used = qpdf_oh_new_dictionary(n->q);
	s->names =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return s;
}

static void scope_free(scope *s)
{
	qpdf_oh_release(s->n->q, s->used);
	g_hash_table_unref(s->names);
	g_free(s);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(scope, scope_free)

/* 0 when there is none. */
static qpdf_oh find_in(const scope *s, qpdf_oh resources, const char *kind,
		       const char *name)
{
	qpdf_data q = s->n->q;
	qpdf_oh dict, found;

	if (!resources)
		return 0;
	dict = qpdf_oh_get_key(q, resources, kind);
	found = qpdf_oh_is_dictionary(q, dict) && qpdf_oh_has_key(q, dict, name)
			? qpdf_oh_get_key(q, dict, name)
			: 0;
	qpdf_oh_release(q, dict);
	return found;
}

/* What a form does not have it finds on its page: so do readers. */
static qpdf_oh find(scope *s, const char *kind, const char *name)
{
	qpdf_oh found = find_in(s, s->own, kind, name);

	if (!found && s->page) {
		s->of_page = TRUE;
		found = find_in(s, s->page, kind, name);
	}
	return found;
}

static const miyin_rule form_rules[] = {
	{ "/BBox /Matrix", miyin_inert_plain, NULL },
	{ "/Group", NULL, &miyin_inert_group },
	{ NULL, NULL, NULL },
};

static const miyin_rule pattern_rules[] = {
	{ "/PaintType /TilingType /XStep /YStep", miyin_inert_number, NULL },
	{ "/BBox /Matrix", miyin_inert_plain, NULL },
	{ NULL, NULL, NULL },
};

/* A stream with operators, and what it must be. */
static qpdf_oh clean_stream(scope *s, qpdf_oh stream, qpdf_oh dict,
			    const miyin_rule *rules)
{
	g_autoptr(GBytes) content = miyin_inert_decode(s->n, stream);
	qpdf_oh clean;

	if (!content)
		return 0;
	clean = rewrite(s, content, FALSE);
	miyin_inert_fill(s->n, clean, dict, rules);
	miyin_qpdf_set_of_stream(s->n->q, clean, "/Resources",
				 qpdf_oh_new_object(s->n->q, s->used));
	return clean;
}

/* A form or a tiling pattern, once if it needs nothing of the page. */
static qpdf_oh clean_painted(scope *of, char kind, qpdf_oh stream, qpdf_oh dict,
			     const miyin_rule *rules)
{
	miyin_inert *n = of->n;
	qpdf_oh own = qpdf_oh_get_key(n->q, dict, "/Resources");
	gboolean bare = !qpdf_oh_is_dictionary(n->q, own);
	/* Without any it has those of who draws it. */
	g_autoptr(scope) s = scope_new(n, bare ? of->own : own, of->page);
	g_autofree char *once = g_strdup_printf(
		"%c%d", kind, qpdf_oh_get_object_id(n->q, stream));
	g_autofree char *here =
		g_strdup_printf("%s %u %u", once, bare ? of->own : 0, s->page);
	qpdf_oh clean = 0;
	gpointer known;
	gboolean is_here =
		g_hash_table_lookup_extended(n->done, here, NULL, &known);

	if (is_here ||
	    g_hash_table_lookup_extended(n->done, once, NULL, &known)) {
		of->of_page = of->of_page || is_here;
		clean = known ? qpdf_oh_new_object(n->q,
						   GPOINTER_TO_UINT(known))
			      : 0;
	} else if (n->depth < MIYIN_INERT_DEPTH) {
		g_hash_table_insert(n->done, g_strdup(here), NULL);
		n->depth++;
		clean = clean_stream(s, stream, dict, rules);
		n->depth--;
		of->of_page = of->of_page || s->of_page || bare;
		g_hash_table_remove(n->done, here);
		g_hash_table_insert(n->done,
				    g_strdup(bare || s->of_page ? here : once),
				    GUINT_TO_POINTER(clean));
		if (clean)
			clean = qpdf_oh_new_object(n->q, clean);
	}
	qpdf_oh_release(n->q, own);
	return clean;
}

static qpdf_oh clean_form(scope *of, qpdf_oh stream, qpdf_oh dict)
{
	qpdf_data q = of->n->q;
	qpdf_oh clean = clean_painted(of, 'F', stream, dict, form_rules);

	if (clean) {
		miyin_qpdf_set_of_stream(q, clean, "/Type",
					 qpdf_oh_new_name(q, "/XObject"));
		miyin_qpdf_set_of_stream(q, clean, "/Subtype",
					 qpdf_oh_new_name(q, "/Form"));
	}
	return clean;
}

/* A form that is PostScript says so in one of three places. */
static gboolean is_postscript(qpdf_data q, qpdf_oh dict)
{
	return miyin_qpdf_is(q, dict, "/Subtype2", "/PS") ||
	       qpdf_oh_has_key(q, dict, "/PS") ||
	       qpdf_oh_has_key(q, dict, "/Level1");
}

static qpdf_oh clean_xobject(scope *s, qpdf_oh object)
{
	qpdf_data q = s->n->q;
	qpdf_oh dict, clean = 0;

	if (!qpdf_oh_is_stream(q, object))
		return 0;
	dict = qpdf_oh_get_dict(q, object);
	if (miyin_layers_hide_object(s->n->layers, dict) ||
	    is_postscript(q, dict))
		clean = 0;
	else if (miyin_qpdf_is(q, dict, "/Subtype", "/Image"))
		clean = miyin_inert_image(s->n, object);
	else if (miyin_qpdf_is(q, dict, "/Subtype", "/Form"))
		clean = clean_form(s, object, dict);
	qpdf_oh_release(q, dict);
	return clean;
}

/* ---- resources by kind --------------------------------------------------- */

static const miyin_rule shaded_rules[] = {
	{ "/Shading", NULL, &miyin_inert_shading },
	{ "/Matrix", miyin_inert_plain, NULL },
	{ NULL, NULL, NULL },
};

static qpdf_oh clean_pattern(scope *s, qpdf_oh object)
{
	qpdf_data q = s->n->q;
	qpdf_oh dict, clean;

	if (qpdf_oh_is_dictionary(q, object)) {
		clean = miyin_inert_dict(s->n, object, shaded_rules);
		miyin_qpdf_set(q, clean, "/PatternType",
			       qpdf_oh_new_integer(q, 2));
		return clean;
	}
	if (!qpdf_oh_is_stream(q, object))
		return 0;
	dict = qpdf_oh_get_dict(q, object);
	clean = clean_painted(s, 'P', object, dict, pattern_rules);
	qpdf_oh_release(q, dict);
	if (clean)
		miyin_qpdf_set_of_stream(q, clean, "/PatternType",
					 qpdf_oh_new_integer(q, 1));
	return clean;
}

static qpdf_oh clean_resource(scope *s, const char *kind, qpdf_oh object)
{
	if (g_str_equal(kind, "/XObject"))
		return clean_xobject(s, object);
	if (g_str_equal(kind, "/Pattern"))
		return clean_pattern(s, object);
	return miyin_inert_clean(
		s->n, object,
		g_str_equal(kind, "/Font")	  ? &miyin_inert_font
		: g_str_equal(kind, "/ExtGState") ? &miyin_inert_state
		: g_str_equal(kind, "/Shading")	  ? &miyin_inert_shading
						  : &miyin_inert_space);
}

/* Under a name of ours; a Type 3 font's begins with T, for content.c. */
static char *add(scope *s, const char *kind, qpdf_oh take_clean)
{
	qpdf_data q = s->n->q;
	qpdf_oh dict = miyin_qpdf_get_dict(q, s->used, kind);
	gboolean type3 = g_str_equal(kind, "/Font") &&
			 miyin_qpdf_is(q, take_clean, "/Subtype", "/Type3");
	char *name = g_strdup_printf("/%c%u",
				     type3	      ? 'T'
				     : kind[1] == 'F' ? 'F'
						      : 'R',
				     ++s->n_names);

	miyin_qpdf_set(q, dict, name, take_clean);
	qpdf_oh_release(q, dict);
	return name;
}

static const char *rename_resource(void *data, const char *kind,
				   const char *name)
{
	scope *s = data;
	g_autofree char *key = g_strconcat(kind, name, NULL);
	const char *known = g_hash_table_lookup(s->names, key);
	qpdf_oh object, clean = 0;

	if (!known) {
		char *renamed;

		object = find(s, kind, name);
		if (object) {
			clean = clean_resource(s, kind, object);
			qpdf_oh_release(s->n->q, object);
		}
		renamed = clean ? add(s, kind, clean) : g_strdup("");
		g_hash_table_insert(s->names, g_steal_pointer(&key), renamed);
		known = renamed;
	}
	return *known ? known : NULL;
}

static gboolean is_hidden(void *data, const char *name)
{
	scope *s = data;
	qpdf_oh group = find(s, "/Properties", name);
	gboolean hidden;

	if (!group)
		return FALSE;
	hidden = miyin_layers_hide(s->n->layers, group);
	qpdf_oh_release(s->n->q, group);
	return hidden;
}

/* Its space may be a name of a resource. */
static void find_space(scope *s, qpdf_oh dict)
{
	qpdf_oh space = qpdf_oh_get_key(s->n->q, dict, "/ColorSpace");

	if (qpdf_oh_is_name(s->n->q, space) &&
	    !g_str_has_prefix(qpdf_oh_get_name(s->n->q, space), "/Device")) {
		qpdf_oh found = find(s, "/ColorSpace",
				     qpdf_oh_get_name(s->n->q, space));

		if (found)
			miyin_qpdf_set(s->n->q, dict, "/ColorSpace", found);
	}
	qpdf_oh_release(s->n->q, space);
}

static const char *add_image(void *data, const char *text, const void *bytes,
			     gsize length)
{
	scope *s = data;
	qpdf_data q = s->n->q;
	qpdf_oh dict = qpdf_oh_parse(q, text);
	qpdf_oh stream, filter, parms, image;
	g_autofree char *key = g_strdup_printf("inline %u", s->n_names + 1);
	char *name;

	if (!qpdf_oh_is_dictionary(q, dict)) {
		qpdf_oh_release(q, dict);
		return NULL;
	}
	find_space(s, dict);
	stream = qpdf_oh_new_stream(q);
	filter = qpdf_oh_get_key(q, dict, "/Filter");
	parms = qpdf_oh_get_key(q, dict, "/DecodeParms");
	qpdf_oh_replace_stream_data(q, stream, (unsigned char *)(gsize)bytes,
				    length, filter, parms);
	miyin_inert_merge(s->n, stream, dict);
	image = miyin_inert_image(s->n, stream);
	qpdf_oh_release(q, filter);
	qpdf_oh_release(q, parms);
	qpdf_oh_release(q, stream);
	qpdf_oh_release(q, dict);
	if (!image)
		return NULL;
	name = add(s, "/XObject", image);
	g_hash_table_insert(s->names, g_steal_pointer(&key), name);
	return name;
}

/* Spaces that stand for the device's are used without being named. */
static void keep_defaults(scope *s)
{
	static const char *const names[] = { "/DefaultGray", "/DefaultRGB",
					     "/DefaultCMYK" };
	qpdf_data q = s->n->q;

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
		qpdf_oh space = find_in(s, s->own, "/ColorSpace", names[i]);
		qpdf_oh clean = space ? miyin_inert_clean(s->n, space,
							  &miyin_inert_space)
				      : 0;
		qpdf_oh dict;

		if (space)
			qpdf_oh_release(q, space);
		if (!clean)
			continue;
		dict = miyin_qpdf_get_dict(q, s->used, "/ColorSpace");
		miyin_qpdf_set(q, dict, names[i], clean);
		qpdf_oh_release(q, dict);
	}
}

static qpdf_oh rewrite(scope *s, GBytes *content, gboolean glyph)
{
	const miyin_content_names names = { s, rename_resource, is_hidden,
					    add_image };
	GString *text;
	qpdf_oh stream;

	if (++s->n->n_streams > STREAMS_MAX) {
		s->n->too_much = TRUE;
		return qpdf_oh_new_stream(s->n->q);
	}
	keep_defaults(s);
	text = miyin_content_rewrite(g_bytes_get_data(content, NULL),
				     g_bytes_get_size(content), glyph, &names);
	stream = miyin_qpdf_stream(s->n->q, text->str, text->len);
	g_string_free(text, TRUE);
	return stream;
}

/* ---- what others begin with ---------------------------------------------- */

qpdf_oh miyin_normal_page(miyin_inert *n, qpdf_oh page, const double bbox[4])
{
	qpdf_oh resources = qpdf_oh_get_key(n->q, page, "/Resources");
	gboolean any = qpdf_oh_is_dictionary(n->q, resources);
	g_autoptr(GBytes) content = miyin_inert_contents(n, page);
	g_autoptr(scope) s = scope_new(n, resources, any ? resources : 0);
	qpdf_oh form = rewrite(s, content, FALSE);

	miyin_qpdf_make_form(n->q, form, bbox,
			     qpdf_oh_new_object(n->q, s->used));
	qpdf_oh_release(n->q, resources);
	return form;
}

qpdf_oh miyin_normal_form(miyin_inert *n, qpdf_oh stream)
{
	g_autoptr(scope) none = scope_new(n, 0, 0);

	return clean_xobject(none, stream);
}

void miyin_normal_glyphs(miyin_inert *n, qpdf_oh font, qpdf_oh clean)
{
	qpdf_oh glyphs = qpdf_oh_get_key(n->q, font, "/CharProcs");
	qpdf_oh own = qpdf_oh_get_key(n->q, font, "/Resources");
	qpdf_oh procs = qpdf_oh_new_dictionary(n->q);
	g_autoptr(scope) s = scope_new(n, own, 0);

	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_entries(n->q, glyphs);
	     miyin_qpdf_next(&at);) {
		g_autofree char *name = NULL;
		g_autoptr(GBytes) content =
			qpdf_oh_is_stream(n->q, at.item)
				? miyin_inert_decode(n, at.item)
				: NULL;

		if (!content)
			continue;
		name = miyin_inert_glyph(at.key);
		miyin_qpdf_set(n->q, procs, name, rewrite(s, content, TRUE));
	}
	miyin_qpdf_set(n->q, clean, "/CharProcs", procs);
	qpdf_oh_replace_key(n->q, clean, "/Resources", s->used);
	qpdf_oh_release(n->q, own);
	qpdf_oh_release(n->q, glyphs);
}
