/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/order.h>
#include <miyin/error.h>
#include "keyfile.h"
#include <string.h>

#define NAME "order"

static const char *const keys[] = {
	"mark", "level",    "serial",  "holder", "date", "copy-no", "n-copies",
	"fit",	"specimen", "n-pages", NULL,
};

static gboolean parse_pages(GKeyFile *file, miyin_order *order,
			    GError **error);
static gboolean get_truth(GKeyFile *file, const char *key, gboolean *truth,
			  GError **error);
static gboolean holds_codes(const miyin_order_page *page);
static gboolean fail(GError **error, const char *what);

char *miyin_order_format(const miyin_order *order)
{
	g_autoptr(GKeyFile) file = g_key_file_new();

	g_key_file_set_string(file, NAME, "mark", order->mark);
	g_key_file_set_string(file, NAME, "level", order->level);
	g_key_file_set_string(file, NAME, "serial", order->serial);
	g_key_file_set_string(file, NAME, "holder", order->holder);
	g_key_file_set_string(file, NAME, "date", order->date);
	g_key_file_set_integer(file, NAME, "copy-no", order->copy_no);
	g_key_file_set_integer(file, NAME, "n-copies", order->n_copies);
	g_key_file_set_boolean(file, NAME, "fit", order->fit);
	g_key_file_set_boolean(file, NAME, "specimen", order->specimen);
	g_key_file_set_integer(file, NAME, "n-pages", order->n_pages);
	for (unsigned i = 0; i < order->n_pages; i++) {
		char number[12];
		char codes[sizeof(miyin_order_page) + 1];

		g_snprintf(number, sizeof(number), "%u", i + 1);
		g_snprintf(codes, sizeof(codes), "%s %s",
			   order->pages[i].payload, order->pages[i].human);
		g_key_file_set_string(file, "pages", number, codes);
	}
	return g_key_file_to_data(file, NULL, NULL);
}

miyin_order *miyin_order_parse(const char *text, gsize length, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(miyin_order) order = g_new0(miyin_order, 1);
	g_autoptr(GError) reason = NULL;

	if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE,
				       &reason)) {
		fail(error, reason->message);
		return NULL;
	}
	if (!miyin_keyfile_check_group(file, NAME, NAME, keys, error) ||
	    !miyin_keyfile_get_number(file, NAME, NAME, "n-pages", 1,
				      MIYIN_PAGES_MAX, &order->n_pages,
				      error) ||
	    !miyin_keyfile_get_number(file, NAME, NAME, "copy-no", 1, 9999,
				      &order->copy_no, error) ||
	    !miyin_keyfile_get_number(file, NAME, NAME, "n-copies", 1, 9999,
				      &order->n_copies, error) ||
	    !get_truth(file, "fit", &order->fit, error) ||
	    !get_truth(file, "specimen", &order->specimen, error))
		return NULL;
	order->mark = g_key_file_get_string(file, NAME, "mark", NULL);
	order->level = g_key_file_get_string(file, NAME, "level", NULL);
	order->serial = g_key_file_get_string(file, NAME, "serial", NULL);
	order->holder = g_key_file_get_string(file, NAME, "holder", NULL);
	order->date = g_key_file_get_string(file, NAME, "date", NULL);
	return parse_pages(file, order, error) ? g_steal_pointer(&order) : NULL;
}

void miyin_order_free(miyin_order *order)
{
	if (!order)
		return;
	g_free(order->mark);
	g_free(order->level);
	g_free(order->serial);
	g_free(order->holder);
	g_free(order->date);
	g_free(order->pages);
	g_free(order);
}

static gboolean parse_pages(GKeyFile *file, miyin_order *order,
			    GError **error)
{
	order->pages = g_new0(miyin_order_page, order->n_pages);
	for (unsigned i = 0; i < order->n_pages; i++) {
		miyin_order_page *page = &order->pages[i];
		g_autofree char *codes = NULL;
		char number[12];

		g_snprintf(number, sizeof(number), "%u", i + 1);
		codes = g_key_file_get_string(file, "pages", number, NULL);
		if (!codes ||
		    strlen(codes) != MIYIN_PAYLOAD_LENGTH + 1 +
					     MIYIN_HUMANCODE_LENGTH ||
		    codes[MIYIN_PAYLOAD_LENGTH] != ' ')
			return fail(error, "a page has no codes");
		memcpy(page->payload, codes, MIYIN_PAYLOAD_LENGTH);
		memcpy(page->human, codes + MIYIN_PAYLOAD_LENGTH + 1,
		       MIYIN_HUMANCODE_LENGTH);
		if (!holds_codes(page))
			return fail(error, "a page has no codes of ours");
	}
	return TRUE;
}

static gboolean get_truth(GKeyFile *file, const char *key, gboolean *truth,
			  GError **error)
{
	static const char *const words[] = { "false", "true", NULL };

	return miyin_keyfile_get_choice(file, NAME, NAME, key, words, truth,
					error);
}

/* As they are printed: capitals alone fit into the QR code. */
static gboolean holds_codes(const miyin_order_page *page)
{
	miyin_payload payload;
	guint64 copy_id;
	unsigned number;

	for (const char *at = page->payload; *at; at++)
		if (g_ascii_islower(*at))
			return FALSE;
	return miyin_payload_parse(page->payload, NULL, &payload, NULL) &&
	       miyin_humancode_parse(page->human, &copy_id, &number, NULL,
				     NULL);
}

static gboolean fail(GError **error, const char *what)
{
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT, "order: %s", what);
	return FALSE;
}
