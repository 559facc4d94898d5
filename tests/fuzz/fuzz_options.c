/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies on the first line, then argv[5], with a PPD and without. */
#include "fuzz.h"
#include "filter/collect/options.h"

#include <miyin/memfile.h>

#include <string.h>
#include <unistd.h>

/* What goes on to the programs and the device queue cannot hold a space or
 * quote that the lists do not have. */
static void assert_plain(const char *text, const char *also)
{
	for (; *text; text++)
		g_assert(g_ascii_isalnum(*text) || strchr("=.,_+-", *text) ||
			 strchr(also, *text));
}

static void assert_whole(const miyin_options *options)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	int fd = fuzz_file("", 0);
	g_autoptr(miyin_frame) again = NULL;

	g_assert(options->copies >= 1 && options->copies <= 999);
	assert_plain(options->layout, " ");
	assert_plain(options->picture_layout, " ");
	assert_plain(options->media, "");
	assert_plain(options->sides, "");
	for (unsigned i = 0; i < options->device->len; i++)
		assert_plain(options->device->pdata[i], "");
	miyin_options_add_to_frame(options, frame);
	g_assert(miyin_frame_write(frame, fd, NULL));
	miyin_memfile_rewind(fd);
	g_assert(miyin_frame_read(fd, &again, NULL));
	g_assert_cmpuint(again->fields->len, ==, frame->fields->len);
	g_assert_cmpstr(miyin_frame_get(again, "holders"), ==,
			options->holders);
	g_assert_cmpstr(miyin_frame_get(again, "document"), ==,
			options->document);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	static const char *const ppds[] = { NULL, "tests/fuzz/printer.ppd" };
	g_autofree char *text = fuzz_text(data, length);
	char *rest = strchr(text, '\n');

	if (rest)
		*rest++ = '\0';
	for (unsigned i = 0; i < G_N_ELEMENTS(ppds); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(miyin_options) options = miyin_options_read(
			rest ? rest : "", text, ppds[i], &error);

		if (options)
			assert_whole(options);
		else
			fuzz_assert_error(error);
	}
	return 0;
}
