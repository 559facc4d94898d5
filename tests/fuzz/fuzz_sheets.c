/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of pages and, after an empty line, the base whose table it names:
 * both come from the process that read the user's file. */
#include "fuzz.h"
#include "filter/mark/pdfwriter.h"

#include <string.h>
#include <unistd.h>

static void open_tail(const miyin_sheets *sheets, const uint8_t *bytes,
		      size_t length)
{
	g_autoptr(GBytes) base = fuzz_guarded(bytes, length);
	g_autoptr(GError) error = NULL;
	int fd = fuzz_file("", 0);
	miyin_pdfwriter *tail = miyin_pdfwriter_open(fd, base, sheets, &error);

	if (tail) {
		unsigned root = miyin_pdfwriter_reserve(tail);

		g_assert_cmpuint(root, ==, sheets->n_objects);
		miyin_pdfwriter_write(tail, root, "<<>>", 4);
		g_assert(miyin_pdfwriter_close(tail, root, NULL));
	} else {
		fuzz_assert_error(error);
		g_assert_cmpint(lseek(fd, 0, SEEK_END), ==, 0);
	}
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	const uint8_t *gap = memmem(data, length, "\n\n", 2);
	size_t n = gap ? (size_t)(gap + 1 - data) : length;
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_sheets) sheets =
		miyin_sheets_parse((const char *)data, n, &error);
	g_autoptr(miyin_sheets) again = NULL;
	g_autofree char *text = NULL, *text_again = NULL;

	if (!sheets) {
		fuzz_assert_error(error);
		return 0;
	}
	text = miyin_sheets_format(sheets);
	again = miyin_sheets_parse(text, strlen(text), &error);
	g_assert_no_error(error);
	text_again = miyin_sheets_format(again);
	g_assert_cmpstr(text, ==, text_again);
	if (gap)
		open_tail(sheets, gap + 2, length - n - 1);
	return 0;
}
