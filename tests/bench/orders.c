/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * orders KEYS N-PAGES N-COPIES FOLDER: what the backend would tell miyinmark of
 * each copy, as FOLDER/order.1 and so on.
 */
#include <miyin/humancode.h>
#include <miyin/keys.h>
#include <miyin/order.h>
#include <miyin/payload.h>
#include <stdio.h>
#include <stdlib.h>

#define COPY_ID G_GUINT64_CONSTANT(0x5a3c96e1f0)

static miyin_order *write_order(const miyin_keys *keys, unsigned n_pages,
				unsigned copy_no, unsigned n_copies)
{
	miyin_order *order = g_new0(miyin_order, 1);
	miyin_payload payload = { .key_id = miyin_keys_current(keys),
				  .copy_id = COPY_ID ^ copy_no,
				  .pages = n_pages, .site = 1 };

	order->mark = g_strdup("机密★10年");
	order->level = g_strdup("机密");
	order->serial = g_strdup_printf("%06u", copy_no);
	order->holder = g_strdup("张三");
	order->date = g_strdup("2026-11-21");
	order->copy_no = copy_no;
	order->n_copies = n_copies;
	order->n_pages = n_pages;
	order->pages = g_new0(miyin_order_page, n_pages);
	for (unsigned i = 0; i < n_pages; i++) {
		payload.page = i + 1;
		if (!miyin_payload_format(&payload, keys,
					  order->pages[i].payload, NULL))
			exit(1);
		miyin_humancode_format(payload.copy_id, i + 1,
				       order->pages[i].human);
	}
	return order;
}

int main(int argc, char **argv)
{
	miyin_keys *keys = argc == 5 ? miyin_keys_open(argv[1], NULL) : NULL;
	unsigned n_copies;

	if (!keys) {
		fputs("usage: orders KEYS N-PAGES N-COPIES FOLDER\n", stderr);
		return 2;
	}
	n_copies = atoi(argv[3]);
	for (unsigned k = 1; k <= n_copies; k++) {
		g_autofree char *path =
			g_strdup_printf("%s/order.%u", argv[4], k);
		miyin_order *order =
			write_order(keys, atoi(argv[2]), k, n_copies);
		g_autofree char *text = miyin_order_format(order);

		miyin_order_free(order);
		if (!g_file_set_contents(path, text, -1, NULL))
			return 1;
	}
	miyin_keys_free(keys);
	return 0;
}
