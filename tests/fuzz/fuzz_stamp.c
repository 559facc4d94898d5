/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole path of a PDF: prepare, stamp, and read the copy back. */
#include "fuzz.h"
#include "filter/mark/prepare.h"
#include "filter/mark/stamp.h"

#include <miyin/compose.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>

#include <qpdf/qpdf-c.h>
#include <string.h>
#include <unistd.h>

#define N_PAGES_MAX 20 /* more teach nothing new and take their time */

static miyin_order *new_order(unsigned n_pages)
{
	static miyin_scheme *scheme;
	static miyin_keys *keys;
	miyin_composition c = {
		.words = { .n_pages = n_pages },
		.copy_id = 42,
	};
	miyin_order *order;

	if (!scheme) {
		scheme = miyin_scheme_open(FUZZ_SCHEMES, "cn-gb9704", NULL);
		keys = miyin_keys_specimen();
	}
	c.scheme = scheme;
	c.level = miyin_scheme_find_level(scheme, "jimi");
	order = miyin_compose(&c, keys, NULL);
	/* Fonts take a thousand times as long as all the rest. */
	g_ptr_array_set_size(order->layout->lines, 0);
	order->layout->watermark = MIYIN_WATERMARK_OFF;
	return order;
}

/* As a third program would: our pages, and no error on the way. */
static void assert_pages(GBytes *copy, unsigned n_pages)
{
	qpdf_data q = qpdf_init();

	qpdf_silence_errors(q);
	qpdf_set_suppress_warnings(q, QPDF_TRUE);
	qpdf_set_attempt_recovery(q, QPDF_FALSE);
	g_assert(!(qpdf_read_memory(q, "copy", g_bytes_get_data(copy, NULL),
				    g_bytes_get_size(copy), NULL) &
		   QPDF_ERRORS));
	g_assert_cmpint(qpdf_get_num_pages(q), ==, n_pages);
	qpdf_cleanup(&q);
}

static miyin_sheets *read_again(const miyin_sheets *sheets)
{
	g_autofree char *text = miyin_sheets_format(sheets);
	miyin_sheets *again = miyin_sheets_parse(text, strlen(text), NULL);

	g_assert_nonnull(again);
	return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autoptr(GBytes) pdf = g_bytes_new_static(data, length);
	g_autoptr(GBytes) base = NULL, copy = NULL;
	g_autoptr(miyin_sheets) sheets = NULL, again = NULL;
	g_autoptr(miyin_order) order = NULL;
	g_autoptr(GError) error = NULL;
	int fd;

	if (!miyin_prepare(pdf, &base, NULL, &sheets, &error)) {
		g_assert(error && !base && !sheets);
		return 0;
	}
	again = read_again(sheets);
	if (sheets->pages->len > N_PAGES_MAX)
		return 0;
	order = new_order(sheets->pages->len);
	/* As inspect would for a page that must make room. */
	for (unsigned i = 0; length % 2 && i < again->pages->len; i++)
		g_array_index(again->pages, miyin_sheet, i).shift =
			(miyin_shift){ 0.9, 10, 20 };
	fd = fuzz_file("", 0);
	if (miyin_stamp(fd, base, again, order, &error)) {
		copy = miyin_memfile_map(fd, NULL);
		assert_pages(copy, order->n_pages);
	} else {
		g_assert(error && error->domain == MIYIN_REFUSAL);
	}
	close(fd);
	return 0;
}
