/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * orders SCHEMES KEYS N-PAGES N-COPIES FOLDER: what the backend would tell
 * miyinmark of each copy, as FOLDER/order.1 and so on.
 */
#include <miyin/compose.h>
#include <stdio.h>
#include <stdlib.h>

#define COPY_ID G_GUINT64_CONSTANT(0x5a3c96e1f0)

static miyin_order *compose(const miyin_scheme *scheme, const miyin_keys *keys,
			    unsigned n_pages, unsigned copy_no,
			    unsigned n_copies)
{
	g_autofree char *serial = g_strdup_printf("%06u", copy_no);
	const miyin_level *level = miyin_scheme_find_level(scheme, "jimi");
	const miyin_composition composition = {
		.scheme = scheme,
		.level = level,
		.words = { .mark = "机密★10年",
			   .level = level->text,
			   .period = "10年",
			   .serial = serial,
			   .holder = "张三",
			   .date = "2026-11-21",
			   .copy_no = copy_no,
			   .n_copies = n_copies,
			   .n_pages = n_pages },
		.site = 1,
		.copy_id = COPY_ID ^ copy_no,
	};

	return miyin_compose(&composition, keys, NULL);
}

int main(int argc, char **argv)
{
	g_autoptr(miyin_scheme) scheme =
		argc == 6 ? miyin_scheme_open(argv[1], "cn-gb9704", NULL)
			  : NULL;
	miyin_keys *keys = scheme ? miyin_keys_open(argv[2], NULL) : NULL;
	unsigned n_copies;

	if (!keys) {
		fputs("usage: orders SCHEMES KEYS N-PAGES N-COPIES FOLDER\n",
		      stderr);
		return 2;
	}
	n_copies = atoi(argv[4]);
	for (unsigned k = 1; k <= n_copies; k++) {
		g_autofree char *path =
			g_strdup_printf("%s/order.%u", argv[5], k);
		g_autoptr(miyin_order) order =
			compose(scheme, keys, atoi(argv[3]), k, n_copies);
		g_autofree char *text =
			order ? miyin_order_format(order) : NULL;

		if (!text || !g_file_set_contents(path, text, -1, NULL))
			return 1;
	}
	miyin_keys_free(keys);
	return 0;
}
