/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "field.h"
#include <miyin/qpdf.h>
#include <string.h>

#define DEPTH_MAX 32
#define TEXT_MAX 20000 /* bytes */
#define FONT "Noto Sans CJK SC"
#define PAD_PT 2.0
#define AUTO_MOST_PT 12.0
#define AUTO_LEAST_PT 4.0
#define AUTO_LINE 0.72 /* of a box of one line */

/* Bits of /Ff. */
#define LINES (1 << 12)
#define PASSWORD (1 << 13)
#define PUSH (1 << 16)
#define COMB (1 << 24)

/* /MK /CA of a box that is marked, in ZapfDingbats. */
static const struct {
	char letter;
	const char *mark;
} marks[] = {
	{ '4', "✓" }, { '8', "✗" }, { 'l', "●" },
	{ 'u', "◆" }, { 'n', "■" }, { 'H', "★" },
};

/* Of the widget, or of the fields above it. */
static qpdf_oh inherit(qpdf_data q, qpdf_oh widget, const char *key)
{
	qpdf_oh at = qpdf_oh_new_object(q, widget);

	for (int i = 0; i < DEPTH_MAX && qpdf_oh_is_dictionary(q, at); i++) {
		qpdf_oh value = qpdf_oh_get_key(q, at, key), above;

		if (!qpdf_oh_is_null(q, value)) {
			qpdf_oh_release(q, at);
			return value;
		}
		qpdf_oh_release(q, value);
		above = qpdf_oh_get_key(q, at, "/Parent");
		qpdf_oh_release(q, at);
		at = above;
	}
	qpdf_oh_release(q, at);
	return qpdf_oh_new_null(q);
}

static int inherit_number(qpdf_data q, qpdf_oh widget, const char *key)
{
	qpdf_oh value = inherit(q, widget, key);
	int number = qpdf_oh_is_integer(q, value)
			     ? qpdf_oh_get_int_value_as_int(q, value)
			     : 0;

	qpdf_oh_release(q, value);
	return number;
}

static char *get_text(qpdf_data q, qpdf_oh value)
{
	return qpdf_oh_is_string(q, value)
		       ? g_strdup(qpdf_oh_get_utf8_value(q, value))
		       : NULL;
}

/* Gray, RGB or CMYK. FALSE: none. */
static gboolean set_colour(double to[3], const double *from, int n)
{
	for (int i = 0; i < 3; i++) {
		if (n == 1)
			to[i] = from[0];
		else if (n == 3)
			to[i] = from[i];
		else if (n == 4)
			to[i] = 1 - MIN(1, from[i] + from[3]);
	}
	return n == 1 || n == 3 || n == 4;
}

static gboolean get_colour(qpdf_data q, qpdf_oh dict, const char *key,
			   double colour[3])
{
	qpdf_oh array = qpdf_oh_get_key(q, dict, key);
	int n = miyin_qpdf_length(q, array);
	double numbers[4] = { 0 };

	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(q, array);
	     miyin_qpdf_next(&at) && at.i <= 4;)
		if (qpdf_oh_is_number(q, at.item))
			numbers[at.i - 1] =
				qpdf_oh_get_numeric_value(q, at.item);
	qpdf_oh_release(q, array);
	return set_colour(colour, numbers, n);
}

/* /DA: "/HeBo 12 Tf 0 g", the operands before their operators. */
static void read_appearance(miyin_field *field, const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
	double numbers[4] = { 0 };
	int n = 0;

	for (char **word = words; *word; word++) {
		char *end;
		double number = g_ascii_strtod(*word, &end);

		if (**word == '/') {
			field->bold =
				strstr(*word, "Bo") || strstr(*word, "bo");
			n = 0;
		} else if (**word && !*end) {
			numbers[n % 4] = number;
			n++;
		} else if (**word) {
			if (g_str_equal(*word, "Tf") && n == 1)
				field->size_pt = CLAMP(numbers[0], 0, 300);
			else if (strlen(*word) <= 2 && strchr("grk", **word))
				set_colour(field->ink, numbers, n);
			n = 0;
		}
	}
}

/* /MK and /BS: its ground, its border, and whether it is turned. */
static void read_box(miyin_field *field, qpdf_data q, qpdf_oh widget)
{
	qpdf_oh box = qpdf_oh_get_key(q, widget, "/MK");
	qpdf_oh style = qpdf_oh_get_key(q, widget, "/BS");

	if (qpdf_oh_is_dictionary(q, box)) {
		double turn = miyin_qpdf_get_number(q, box, "/R", 0);

		field->has_ground = get_colour(q, box, "/BG", field->ground);
		if (get_colour(q, box, "/BC", field->edge))
			field->edge_pt = 1;
		field->turn = ((int)turn / 90 % 4 + 4) % 4;
	}
	if (qpdf_oh_is_dictionary(q, style) && field->edge_pt > 0)
		field->edge_pt =
			CLAMP(miyin_qpdf_get_number(q, style, "/W", 1), 0, 12);
	qpdf_oh_release(q, style);
	qpdf_oh_release(q, box);
}

static char *get_item(qpdf_data q, qpdf_oh array, int at)
{
	qpdf_oh item = qpdf_oh_get_array_item(q, array, at);
	char *text = get_text(q, item);

	qpdf_oh_release(q, item);
	return text;
}

/* Of a choice the words beside its value: [value words]. */
static char *find_words(qpdf_data q, qpdf_oh widget, const char *value)
{
	qpdf_oh all = inherit(q, widget, "/Opt");
	char *words = NULL;

	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(q, all);
	     !words && miyin_qpdf_next(&at);) {
		g_autofree char *name = NULL;

		if (miyin_qpdf_length(q, at.item) != 2)
			continue;
		name = get_item(q, at.item, 0);
		if (g_strcmp0(name, value) == 0)
			words = get_item(q, at.item, 1);
	}
	qpdf_oh_release(q, all);
	return words ? words : g_strdup(value);
}

static char *read_choice(qpdf_data q, qpdf_oh widget, qpdf_oh value)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autofree char *one = get_text(q, value);

	if (one)
		return find_words(q, widget, one);
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(q, value);
	     miyin_qpdf_next(&at);) {
		g_autofree char *name = get_text(q, at.item);
		g_autofree char *words =
			name ? find_words(q, widget, name) : NULL;

		if (words)
			g_string_append_printf(lines, "%s%s",
					       lines->len ? "\n" : "", words);
	}
	return miyin_qpdf_length(q, value) > 0 ? g_strdup(lines->str) : NULL;
}

/* Of a box its mark when it is on. */
static char *read_mark(qpdf_data q, qpdf_oh widget)
{
	qpdf_oh state = qpdf_oh_get_key(q, widget, "/AS");
	qpdf_oh value = inherit(q, widget, "/V");
	qpdf_oh said = qpdf_oh_is_name(q, state) ? state : value;
	qpdf_oh box = qpdf_oh_get_key(q, widget, "/MK");
	const char *mark = marks[0].mark;
	qpdf_oh sign = miyin_qpdf_get(q, box, "/CA");
	g_autofree char *letter = get_text(q, sign);

	for (unsigned i = 0; letter && i < G_N_ELEMENTS(marks); i++)
		if (*letter == marks[i].letter)
			mark = marks[i].mark;
	if (!qpdf_oh_is_name(q, said) ||
	    qpdf_oh_is_name_and_equals(q, said, "/Off"))
		mark = NULL;
	qpdf_oh_release(q, sign);
	qpdf_oh_release(q, box);
	qpdf_oh_release(q, value);
	qpdf_oh_release(q, state);
	return g_strdup(mark);
}

static char *read_value(miyin_field *field, qpdf_data q, qpdf_oh widget,
			int flags)
{
	qpdf_oh type = inherit(q, widget, "/FT");
	qpdf_oh value = inherit(q, widget, "/V");
	char *text = NULL;

	if (qpdf_oh_is_name_and_equals(q, type, "/Tx"))
		text = get_text(q, value);
	else if (qpdf_oh_is_name_and_equals(q, type, "/Ch"))
		text = read_choice(q, widget, value);
	else if (qpdf_oh_is_name_and_equals(q, type, "/Btn") &&
		 !(flags & PUSH)) {
		text = read_mark(q, widget);
		field->marked = TRUE;
	}
	qpdf_oh_release(q, value);
	qpdf_oh_release(q, type);
	return text;
}

static char *clean(char *take_text, gboolean secret)
{
	g_autofree char *text = take_text;
	g_auto(GStrv) lines = NULL;
	const char *end;

	if (secret)
		return g_strnfill(MIN(g_utf8_strlen(text, -1), 200), '*');
	g_utf8_validate(text, MIN(strlen(text), TEXT_MAX), &end);
	text[end - text] = '\0';
	lines = g_strsplit(text, "\r\n", -1);
	return g_strdelimit(g_strjoinv("\n", lines), "\r\v\f", '\n');
}

gboolean miyin_field_read(qpdf_data q, qpdf_oh widget, qpdf_oh form,
			  miyin_field *field)
{
	int flags = inherit_number(q, widget, "/Ff");
	double rect[4];
	qpdf_oh own, common;
	g_autofree char *text = NULL;
	g_autofree char *appearance = NULL;

	memset(field, 0, sizeof(*field));
	if (!miyin_qpdf_get_rect(q, widget, "/Rect", rect))
		return FALSE;
	text = read_value(field, q, widget, flags);
	field->text = clean(text ? g_steal_pointer(&text) : g_strdup(""),
			    flags & PASSWORD);
	field->width = rect[2] - rect[0];
	field->height = rect[3] - rect[1];
	field->lines = (flags & LINES) || strchr(field->text, '\n');
	if (flags & COMB)
		field->n_cells =
			CLAMP(inherit_number(q, widget, "/MaxLen"), 0, 1000);
	field->place = CLAMP(inherit_number(q, widget, "/Q"), 0, 2) / 2.0;
	own = inherit(q, widget, "/DA");
	common = qpdf_oh_get_key(q, form, "/DA");
	appearance = get_text(q, qpdf_oh_is_string(q, own) ? own : common);
	if (appearance)
		read_appearance(field, appearance);
	read_box(field, q, widget);
	qpdf_oh_release(q, common);
	qpdf_oh_release(q, own);
	return *field->text || field->has_ground || field->edge_pt > 0;
}

void miyin_field_get_size(const miyin_field *field, double *width,
			  double *height)
{
	gboolean side = field->turn % 2;

	*width = side ? field->height : field->width;
	*height = side ? field->width : field->height;
}

static void set_size(PangoLayout *type, const miyin_field *field,
		     double size_pt)
{
	PangoFontDescription *font = pango_font_description_from_string(FONT);

	pango_font_description_set_weight(
		font, field->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
	pango_layout_set_font_description(type, font);
	pango_font_description_free(font);
}

/* As large as it was said to be, else as fits. */
static void fit(PangoLayout *type, const miyin_field *field, double width,
		double height)
{
	double size = field->size_pt;
	int w, h;

	if (size > 0) {
		set_size(type, field, size);
		return;
	}
	size = field->lines ? AUTO_MOST_PT : height * AUTO_LINE;
	if (!field->marked)
		size = MIN(size, AUTO_MOST_PT);
	do {
		set_size(type, field, size);
		pango_layout_get_size(type, &w, &h);
		size *= 0.9;
	} while (size > AUTO_LEAST_PT &&
		 (w > width * PANGO_SCALE ||
		  (field->lines && h > height * PANGO_SCALE)));
}

static PangoLayout *new_type(cairo_t *cr, const char *text, int length)
{
	PangoLayout *type = pango_cairo_create_layout(cr);
	PangoContext *context = pango_layout_get_context(type);

	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_layout_context_changed(type);
	pango_layout_set_text(type, text, length);
	return type;
}

static void set_ink(cairo_t *cr, const double c[3])
{
	cairo_set_source_rgb(cr, c[0], c[1], c[2]);
}

static void draw_edges_of_cells(const miyin_field *field, cairo_t *cr,
				double width, double height)
{
	set_ink(cr, field->edge);
	for (unsigned i = 1; field->edge_pt > 0 && i < field->n_cells; i++) {
		cairo_move_to(cr, width * i / field->n_cells, 0);
		cairo_line_to(cr, width * i / field->n_cells, height);
		cairo_stroke(cr);
	}
}

static void draw_cells(const miyin_field *field, miyin_lettering *lettering,
		       cairo_t *cr, double width, double height)
{
	const char *at = field->text;

	for (unsigned i = 0; *at && i < field->n_cells; i++) {
		const char *next = g_utf8_next_char(at);
		g_autoptr(PangoLayout) type =
			new_type(cr, at, (int)(next - at));
		double cell = width / field->n_cells;
		int w, h;

		fit(type, field, cell, height);
		pango_layout_get_size(type, &w, &h);
		cairo_move_to(cr,
			      (i + 0.5) * cell - (double)w / PANGO_SCALE / 2,
			      (height - (double)h / PANGO_SCALE) / 2);
		miyin_lettering_show(lettering, cr, type);
		at = next;
	}
}

static void draw_text(const miyin_field *field, miyin_lettering *lettering,
		      cairo_t *cr, double width, double height)
{
	g_autoptr(PangoLayout) type = new_type(cr, field->text, -1);
	double pad = field->marked ? 0 : PAD_PT + field->edge_pt;
	double room = MAX(1, width - 2 * pad), place = field->place;
	int w, h;

	if (field->marked)
		place = 0.5;
	if (field->lines)
		pango_layout_set_width(type, (int)(room * PANGO_SCALE));
	pango_layout_set_wrap(type, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(type, place < 0.5   ? PANGO_ALIGN_LEFT
					 : place > 0.5 ? PANGO_ALIGN_RIGHT
						       : PANGO_ALIGN_CENTER);
	fit(type, field, room, height - (field->lines ? 2 * pad : 0));
	pango_layout_get_size(type, &w, &h);
	cairo_move_to(
		cr,
		field->lines ? pad
			     : pad + place * (room - (double)w / PANGO_SCALE),
		field->lines ? pad : (height - (double)h / PANGO_SCALE) / 2);
	miyin_lettering_show(lettering, cr, type);
}

void miyin_field_add(const miyin_field *field, miyin_lettering *lettering,
		     cairo_t *cr)
{
	g_autoptr(PangoLayout) type = new_type(cr, field->text, -1);

	miyin_lettering_add(lettering, type);
}

void miyin_field_draw(const miyin_field *field, miyin_lettering *lettering,
		      cairo_t *cr)
{
	double width, height;

	miyin_field_get_size(field, &width, &height);
	if (field->has_ground) {
		set_ink(cr, field->ground);
		cairo_rectangle(cr, 0, 0, width, height);
		cairo_fill(cr);
	}
	if (field->edge_pt > 0) {
		double e = field->edge_pt;

		set_ink(cr, field->edge);
		cairo_set_line_width(cr, e);
		cairo_rectangle(cr, e / 2, e / 2, width - e, height - e);
		cairo_stroke(cr);
	}
	draw_edges_of_cells(field, cr, width, height);
	set_ink(cr, field->ink);
	cairo_rectangle(cr, 0, 0, width, height);
	cairo_clip(cr);
	if (field->n_cells > 0)
		draw_cells(field, lettering, cr, width, height);
	else
		draw_text(field, lettering, cr, width, height);
	cairo_reset_clip(cr);
}
