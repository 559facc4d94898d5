/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Write a specimen of an official document after GB/T 9704-2012: red head,
 * type area 156 x 225 mm at 28, 37 mm, 22 lines of 28 characters, 16 pt,
 * page numbers outside at the foot. All names in it are made up.
 *
 *   notice FILE.pdf
 */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>

#define MM (72 / 25.4)
#define WIDTH (210 * MM)
#define HEIGHT (297 * MM)
#define LEFT (28 * MM)
#define RIGHT (184 * MM)
#define TOP (37 * MM)
#define PITCH 28.99
#define N_PAGES 3
#define LINES 22
#define HEAD_LINES 8

static const char *const text[] = {
	"各科室、各直属单位：",
	"　　为加强文件印制管理，确保每份文件去向清楚、责任到人，",
	"现就有关事项通知如下。",
	"　　一、文件印制应当标明密级和保密期限，注明发放范围及制",
	"作数量，编排顺序号。未标明的，一律不予印制。",
	"　　二、文件严格按照批准的份数印制，不得擅自多印、多留。",
	"印制过程中产生的残页、废页应当登记后及时销毁。",
	"　　三、每份文件应当有明确的持有人。持有人应当妥善保管文",
	"件，不得转借、横传，用毕及时归还保密员。",
	"　　四、复制文件视同原件管理，不得改变其密级、保密期限和",
	"知悉范围，复制份数计入该文件的总份数。",
	"　　五、保密员应当随时掌握文件的去向，每月清点一次，做到",
	"账物相符。发现短少的，应当立即报告，不得隐瞒。",
	"　　六、文件清退、销毁应当逐件登记，经负责人批准，由两人",
	"以上监销，销毁清册长期保存备查。",
	"　　七、本通知自印发之日起施行。此前有关规定与本通知不一",
	"致的，以本通知为准。",
};

static void write_line(cairo_t *cr, const char *font, double x, double y,
		       const char *words, double red, int align)
{
	PangoLayout *layout = pango_cairo_create_layout(cr);
	PangoFontDescription *description =
		pango_font_description_from_string(font);
	PangoRectangle logical;

	pango_cairo_context_set_resolution(pango_layout_get_context(layout),
					   72);
	pango_layout_context_changed(layout);
	pango_layout_set_font_description(layout, description);
	pango_layout_set_text(layout, words, -1);
	pango_layout_get_extents(layout, NULL, &logical);
	x -= pango_units_to_double(logical.width) * align / 2;
	y -= pango_units_to_double(pango_layout_get_baseline(layout));
	cairo_set_source_rgb(cr, red, 0, 0);
	cairo_move_to(cr, x, y);
	pango_cairo_show_layout(cr, layout);
	pango_font_description_free(description);
	g_object_unref(layout);
}

static void write_head(cairo_t *cr)
{
	write_line(cr, "Noto Serif CJK SC Bold 38", WIDTH / 2, 72 * MM,
		   "某市档案管理中心文件", 0.82, 1);
	write_line(cr, "Noto Serif CJK SC 16", WIDTH / 2, 88 * MM,
		   "某档发〔2026〕17号", 0, 1);
	cairo_set_source_rgb(cr, 0.82, 0, 0);
	cairo_set_line_width(cr, 1.6);
	cairo_move_to(cr, LEFT, 92 * MM);
	cairo_line_to(cr, RIGHT, 92 * MM);
	cairo_stroke(cr);
	write_line(cr, "Noto Serif CJK SC Bold 22", WIDTH / 2, 112 * MM,
		   "关于加强文件印制管理的通知", 0, 1);
}

static void write_page(cairo_t *cr, int page)
{
	int first = page == 1 ? HEAD_LINES : 0;
	char number[32];

	if (page == 1)
		write_head(cr);
	for (int line = first; line < LINES; line++)
		write_line(cr, "Noto Serif CJK SC 15.7", LEFT,
			   TOP + PITCH * line + 20,
			   text[((page - 1) * LINES + line - HEAD_LINES) %
				(int)G_N_ELEMENTS(text)],
			   0, 0);
	g_snprintf(number, sizeof(number), "— %d —", page);
	write_line(cr, "Noto Serif CJK SC 14",
		   page % 2 ? RIGHT - 16 : LEFT + 16,
		   TOP + 225 * MM + 7 * MM + 5, number, 0, page % 2 ? 2 : 0);
	cairo_show_page(cr);
}

int main(int argc, char **argv)
{
	cairo_surface_t *surface;
	cairo_t *cr;
	int status;

	if (argc != 2) {
		fprintf(stderr, "Usage: %s FILE.pdf\n", argv[0]);
		return 2;
	}
	surface = cairo_pdf_surface_create(argv[1], WIDTH, HEIGHT);
	cr = cairo_create(surface);
	for (int page = 1; page <= N_PAGES; page++)
		write_page(cr, page);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	return status == CAIRO_STATUS_SUCCESS ? 0 : 1;
}
