/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/order.h>
#include <miyin/error.h>
#include <miyin/keyfile.h>
#include <miyin/memfile.h>
#include <miyin/text.h>
#include <string.h>

const char *const miyin_body_words[] = { "keep", "fit", "auto", "raster",
					 NULL };

#define EDGE_PER_MM 100.0
#define EDGE_MAX (unsigned)(MIYIN_EDGE_MAX_MM * EDGE_PER_MM)
#define NAME "order"
#define LINES_MAX 60
#define TEXT_MAX 10000

static const char keys[] =
	"cover body specimen n-pages n-lines n-codes watermark watermark-text"
	" swap-even edge turns";

miyin_order *miyin_order_new(void)
{
	miyin_order *order = g_new0(miyin_order, 1);

	order->layout = miyin_layout_new();
	order->turns = g_strdup("");
	return order;
}

static void write_layout(GKeyFile *file, const miyin_layout *layout)
{
	g_key_file_set_integer(file, NAME, "n-lines", layout->lines->len);
	g_key_file_set_integer(file, NAME, "n-codes", layout->codes->len);
	g_key_file_set_string(file, NAME, "watermark",
			      miyin_watermark_words[layout->watermark]);
	g_key_file_set_string(file, NAME, "watermark-text",
			      layout->watermark_text);
	g_key_file_set_boolean(file, NAME, "swap-even", layout->swap_even);
	g_key_file_set_integer(file, NAME, "edge",
			       (int)(layout->edge_mm * EDGE_PER_MM + 0.5));
	for (unsigned i = 0; i < layout->lines->len; i++) {
		const miyin_line *line = layout->lines->pdata[i];
		g_autofree char *group = g_strdup_printf("line %u", i + 1);
		g_autofree char *name = g_strdup_printf("classes %u", i + 1);
		g_autofree char *whole = g_strdup_printf("whole %u", i + 1);

		miyin_line_write(file, group, line);
		g_key_file_set_integer(file, "classes", name, line->classes);
		g_key_file_set_integer(file, "classes", whole, line->n_whole);
	}
	for (unsigned i = 0; i < layout->codes->len; i++) {
		g_autofree char *group = g_strdup_printf("code %u", i + 1);

		miyin_codeplace_write(
			file, group,
			&g_array_index(layout->codes, miyin_codeplace, i));
	}
}

static void write_pages(GKeyFile *file, const miyin_order *order)
{
	for (unsigned i = 0; i < order->n_pages; i++) {
		const miyin_order_page *page = &order->pages[i];
		g_autoptr(GString) codes = g_string_new(page->human);
		char number[12];

		for (miyin_code_kind k = 0; k < MIYIN_N_CODE_KINDS; k++) {
			g_autofree char *word =
				miyin_code_write(k, page->codes[k]);

			g_string_append_printf(codes, " %s", word);
		}
		g_snprintf(number, sizeof(number), "%u", i + 1);
		g_key_file_set_string(file, "pages", number, codes->str);
	}
}

static void write_levels(GKeyFile *file, const miyin_order *order)
{
	for (unsigned i = 0; i < order->n_levels; i++) {
		const miyin_order_level *level = &order->levels[i];
		char number[12], rank[12];
		const char *const parts[] = { level->id, rank, level->text,
					      level->text_en };

		g_snprintf(number, sizeof(number), "%u", i + 1);
		g_snprintf(rank, sizeof(rank), "%u", level->rank);
		g_key_file_set_string_list(file, "levels", number, parts,
					   G_N_ELEMENTS(parts));
	}
}

char *miyin_order_format(const miyin_order *order)
{
	g_autoptr(GKeyFile) file = g_key_file_new();

	g_key_file_set_boolean(file, NAME, "cover", order->cover);
	g_key_file_set_string(file, NAME, "body",
			      miyin_body_words[order->body]);
	g_key_file_set_boolean(file, NAME, "specimen", order->specimen);
	g_key_file_set_integer(file, NAME, "n-pages", order->n_pages);
	g_key_file_set_string(file, NAME, "turns", order->turns);
	write_layout(file, order->layout);
	write_pages(file, order);
	write_levels(file, order);
	return g_key_file_to_data(file, NULL, NULL);
}

static gboolean fail(GError **error, const char *what)
{
	return miyin_fail(error, MIYIN_ERROR_INPUT, "order: %s", what);
}

static gboolean parse_head(GKeyFile *file, miyin_order *order,
			   unsigned *n_lines, unsigned *n_codes, GError **error)
{
	miyin_keyfile_group g = { file, NULL, NAME, error, FALSE };
	miyin_layout *layout = order->layout;

	miyin_keyfile_check_group(&g, keys);
	order->n_pages =
		miyin_keyfile_get_number(&g, "n-pages", 0, MIYIN_PAGES_MAX);
	*n_lines = miyin_keyfile_get_number(&g, "n-lines", 0, LINES_MAX);
	*n_codes = miyin_keyfile_get_number(&g, "n-codes", 0, MIYIN_CODES_MAX);
	layout->watermark = miyin_keyfile_get_choice(&g, "watermark",
						     miyin_watermark_words);
	order->body = miyin_keyfile_get_choice(&g, "body", miyin_body_words);
	layout->edge_mm =
		miyin_keyfile_get_number(&g, "edge", 0, EDGE_MAX) / EDGE_PER_MM;
	order->cover = miyin_keyfile_get_truth(&g, "cover");
	order->specimen = miyin_keyfile_get_truth(&g, "specimen");
	layout->swap_even = miyin_keyfile_get_truth(&g, "swap-even");
	miyin_text_replace(&order->turns, miyin_keyfile_get_text(&g, "turns"));
	miyin_text_replace(&layout->watermark_text,
			   miyin_keyfile_get_text(&g, "watermark-text"));
	if (!g.failed && (strlen(order->turns) > MIYIN_PAGES_MAX ||
			  strspn(order->turns, "0123") != strlen(order->turns)))
		miyin_keyfile_fail(&g, "turns", " is not a digit a page");
	return !g.failed;
}

static gboolean parse_layout(GKeyFile *file, miyin_layout *layout,
			     unsigned n_lines, unsigned n_codes, GError **error)
{
	miyin_keyfile_group g = { file, NULL, NULL, error, FALSE };

	for (unsigned i = 0; i < n_lines; i++) {
		g_autofree char *group = g_strdup_printf("line %u", i + 1);
		g_autofree char *name = g_strdup_printf("classes %u", i + 1);
		g_autofree char *whole = g_strdup_printf("whole %u", i + 1);
		g_autoptr(miyin_line) line = NULL;

		g.group = group;
		line = miyin_line_read(&g);
		if (!line)
			return FALSE;
		g.group = "classes";
		line->classes = miyin_keyfile_get_number(&g, name, 0, 7);
		line->n_whole =
			miyin_keyfile_get_number(&g, whole, 0, TEXT_MAX);
		if (line->n_whole > g_utf8_strlen(line->text, -1))
			miyin_keyfile_fail(&g, whole,
					   ": a text is shorter than its part");
		g_ptr_array_add(layout->lines, g_steal_pointer(&line));
	}
	for (unsigned i = 0; i < n_codes; i++) {
		g_autofree char *group = g_strdup_printf("code %u", i + 1);
		miyin_codeplace spot;

		g.group = group;
		miyin_codeplace_read(&g, &spot);
		g_array_append_val(layout->codes, spot);
	}
	return !g.failed;
}

/* One of each kind, in their order. As it is printed: capitals alone fit into
 * the QR code. */
static gboolean parse_code(const char *word, miyin_code_kind expected,
			   char text[MIYIN_CODE_LENGTH_MAX + 1])
{
	miyin_code_kind kind;
	const char *said;

	if (!miyin_code_read(word, &kind, &said) || kind != expected)
		return FALSE;
	for (const char *at = said; *at; at++)
		if (g_ascii_islower(*at))
			return FALSE;
	return g_strlcpy(text, said, MIYIN_CODE_LENGTH_MAX + 1) <=
	       MIYIN_CODE_LENGTH_MAX;
}

static gboolean parse_page(const char *codes, miyin_order_page *page)
{
	g_auto(GStrv) words = g_strsplit(codes, " ", MIYIN_N_CODE_KINDS + 2);
	unsigned number;
	guint64 copy_id;

	if (g_strv_length(words) != MIYIN_N_CODE_KINDS + 1 ||
	    strlen(words[0]) != MIYIN_HUMANCODE_LENGTH ||
	    !miyin_humancode_parse(words[0], &copy_id, &number, NULL, NULL))
		return FALSE;
	memcpy(page->human, words[0], MIYIN_HUMANCODE_LENGTH);
	for (miyin_code_kind k = 0; k < MIYIN_N_CODE_KINDS; k++)
		if (!parse_code(words[1 + k], k, page->codes[k]))
			return FALSE;
	return TRUE;
}

static gboolean parse_pages(GKeyFile *file, miyin_order *order, GError **error)
{
	order->pages = g_new0(miyin_order_page, order->n_pages + 1);
	for (unsigned i = 0; i < order->n_pages; i++) {
		g_autofree char *codes = NULL;
		char number[12];

		g_snprintf(number, sizeof(number), "%u", i + 1);
		codes = g_key_file_get_string(file, "pages", number, NULL);
		if (!codes)
			return fail(error, "a page has no codes");
		if (!parse_page(codes, &order->pages[i]))
			return fail(error, "a page has no codes of ours");
	}
	return TRUE;
}

static gboolean parse_level(GKeyFile *file, const char *key,
			    miyin_order_level *level, GError **error)
{
	g_auto(GStrv) parts =
		g_key_file_get_string_list(file, "levels", key, NULL, NULL);

	if (!parts || g_strv_length(parts) != 4 ||
	    !miyin_text_to_number(parts[1], 0, G_MAXINT, &level->rank))
		return fail(error, "a level is not ID;RANK;TEXT;TEXT");
	level->id = g_strdup(parts[0]);
	level->text = g_strdup(parts[2]);
	level->text_en = g_strdup(parts[3]);
	return TRUE;
}

static gboolean parse_levels(GKeyFile *file, miyin_order *order, GError **error)
{
	g_auto(GStrv) numbers = g_key_file_get_keys(file, "levels", NULL, NULL);
	unsigned n = numbers ? g_strv_length(numbers) : 0;

	if (n > MIYIN_LEVELS_MAX)
		return fail(error, "there are too many levels");
	order->levels = g_new0(miyin_order_level, n + 1);
	for (unsigned i = 0; i < n; i++) {
		char number[12];

		g_snprintf(number, sizeof(number), "%u", i + 1);
		if (!parse_level(file, number, &order->levels[i], error))
			return FALSE;
		order->n_levels = i + 1;
	}
	return TRUE;
}

miyin_order *miyin_order_parse(const char *text, gsize length, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(miyin_order) order = miyin_order_new();
	g_autoptr(GError) reason = NULL;
	unsigned n_lines, n_codes;

	if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE,
				       &reason)) {
		fail(error, reason->message);
		return NULL;
	}
	if (!parse_head(file, order, &n_lines, &n_codes, error) ||
	    !parse_layout(file, order->layout, n_lines, n_codes, error) ||
	    !parse_pages(file, order, error) ||
	    !parse_levels(file, order, error))
		return NULL;
	return g_steal_pointer(&order);
}

void miyin_order_free(miyin_order *order)
{
	if (!order)
		return;
	miyin_layout_free(order->layout);
	g_free(order->turns);
	g_free(order->pages);
	for (unsigned i = 0; i < order->n_levels; i++) {
		g_free(order->levels[i].id);
		g_free(order->levels[i].text);
		g_free(order->levels[i].text_en);
	}
	g_free(order->levels);
	g_free(order);
}

miyin_page_class miyin_order_class(const miyin_order *order, unsigned page)
{
	if (order->cover && page == 0)
		return MIYIN_COVER_PAGE;
	return page == (order->cover ? 1u : 0u) ? MIYIN_FIRST_PAGE
						: MIYIN_OTHER_PAGE;
}

int miyin_order_write(const miyin_order *order, GError **error)
{
	g_autofree char *text = miyin_order_format(order);

	return miyin_memfile_new_text("order", text, error);
}
