/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/compose.h>
#include <miyin/humancode.h>
#include <miyin/code.h>
#include <miyin/text.h>

static void add_levels(miyin_order *order, const miyin_scheme *scheme)
{
	order->n_levels = scheme->levels->len;
	order->levels = g_new0(miyin_order_level, order->n_levels + 1);
	for (unsigned i = 0; i < order->n_levels; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		order->levels[i] = (miyin_order_level){
			.id = g_strdup(level->id),
			.rank = level->rank,
			.text = g_strdup(level->text),
			.text_en = g_strdup(level->text_en),
		};
	}
}

miyin_order *miyin_compose(const miyin_composition *c, const miyin_keys *keys,
			   GError **error)
{
	g_autoptr(miyin_order) order = miyin_order_new();
	miyin_payload claim = { .copy_id = c->copy_id,
				.pages = c->words.n_pages,
				.site = c->site };

	miyin_layout_free(order->layout);
	order->layout =
		miyin_scheme_layout(c->scheme, c->level, &c->words, c->reprint);
	order->cover = miyin_level_has_cover(c->level);
	order->body = c->body;
	order->layout->edge_mm = MAX(MIYIN_PRINTABLE_MM, c->edge_mm);
	order->specimen = c->specimen;
	miyin_text_replace(&order->turns, g_strdup(c->turns ? c->turns : ""));
	order->n_pages = keys ? c->words.n_pages : 0;
	order->pages = g_new0(miyin_order_page, order->n_pages + 1);
	if (keys)
		claim.key_id = miyin_keys_current(keys);
	else
		add_levels(order, c->scheme);
	for (unsigned i = 0; i < order->n_pages; i++) {
		claim.page = i + 1;
		for (miyin_code_kind k = 0; k < MIYIN_N_CODE_KINDS; k++)
			if (!miyin_code_format(k, &claim, keys,
					       order->pages[i].codes[k], error))
				return NULL;
		miyin_humancode_format(c->copy_id, i + 1,
				       order->pages[i].human);
	}
	return g_steal_pointer(&order);
}
