/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "markwords.h"

#define LENGTH_MAX 40
#define LETTERS_MAX 4 /* JM〔2026〕12号 */
#define NONE G_MAXUINT

/* Longer ones before those that they begin with. Words that make headings of
 * texts about secrecy (国家秘密, 信息, INFORMATION) are not here. Those in
 * letters come last. */
static const char *const words[] = {
	"本文件",     "文件",	  "资料",     "材料",	  "文稿",
	"档案",	      "件",	  "级别",     "等级",	  "级",
	"密级",	      "保密期限", "为",	      "份号",	  "编号",
	"文号",	      "第",	  "号",	      "份",	  "特急",
	"特提",	      "加急",	  "平急",     "急件",	  "限时",
	"注意保密",   "妥善保管", "严禁外传", "不得外传", "严禁复制",
	"严禁复印",   "不得复制", "启用前",   "公布前",	  "公开前",
	"考试结束前", "考前",	  "长期",     "永久",	  "至",
	"年",	      "个",	  "月",	      "日",	  "天",
	"两",	      "廿",	  "卅",	      "十",	  "一",
	"二",	      "三",	  "四",	      "五",	  "六",
	"七",	      "八",	  "九",	      "〇",	  "STRICTLY",
	"DOCUMENTS",  "DOCUMENT", "COPY",     "YEARS",	  "YEAR",
	"MONTHS",     "MONTH",	  "DAYS",     "DAY",	  "UNTIL",
	"NO",	      "OF",
};

static gboolean is_letter(const miyin_glyphs *l, guint at)
{
	const gunichar c = miyin_glyphs_at(l, at);

	return c < 0x250 && g_unichar_isalpha(c);
}

/* COPY is none of COPYING. */
static gboolean ends_word(const miyin_glyphs *l, guint at)
{
	return miyin_glyphs_gap(l, at) || !is_letter(l, at) ||
	       !is_letter(l, at - 1);
}

static guint skip_word(const miyin_glyphs *l, guint at)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
		guint end = miyin_glyphs_skip_label(l, at, words[i]);

		if (end > 0 && ends_word(l, end))
			return end;
	}
	return 0;
}

/* Of a number such as JM〔2026〕. */
static guint skip_letters(const miyin_glyphs *l, guint at)
{
	guint end = at;

	while (end < l->len && end - at < LETTERS_MAX && is_letter(l, end) &&
	       g_unichar_isupper(miyin_glyphs_at(l, end)))
		end++;
	return end > at && g_unichar_type(miyin_glyphs_at(l, end)) ==
				       G_UNICODE_OPEN_PUNCTUATION
		       ? end
		       : 0;
}

static gboolean is_quoted(const miyin_glyphs *l)
{
	static const gunichar quotes[] = { '"', 0x201c, 0x201d, 0xab, 0xbb };
	const gunichar first = miyin_glyphs_at(l, 0);
	const gunichar last = miyin_glyphs_at(l, l->len - 1);
	gboolean opens = FALSE, closes = FALSE;

	for (unsigned i = 0; i < G_N_ELEMENTS(quotes); i++) {
		opens |= first == quotes[i];
		closes |= last == quotes[i];
	}
	return opens && closes;
}

static gboolean is_sign(gunichar c)
{
	return g_unichar_isdigit(c) ||
	       (!miyin_glyphs_is_box(c) &&
		(g_unichar_ispunct(c) || c == MIYIN_STAR));
}

gboolean miyin_markwords_only(const miyin_glyphs *l, miyin_level_at level_at,
			      gpointer data)
{
	unsigned seen[2] = { NONE, NONE }; /* without capitals, with them */
	gboolean beside = FALSE;

	for (guint at = 0; at < l->len && l->len <= LENGTH_MAX;) {
		unsigned level;
		gboolean cased;
		guint end = level_at(l, at, &level, &cased, data);

		if (end > 0) {
			if (seen[cased] != NONE && seen[cased] != level)
				return FALSE;
			seen[cased] = level;
		} else if (is_sign(miyin_glyphs_at(l, at))) {
			end = at + 1;
		} else {
			end = skip_word(l, at);
			beside |= end > 0;
			end = end > 0 ? end : skip_letters(l, at);
		}
		if (end == 0)
			return FALSE;
		at = end;
	}
	/* SECRET=1 and SECRET. have signs only. */
	return l->len <= LENGTH_MAX &&
	       (seen[0] != NONE ||
		(seen[1] != NONE && (beside || is_quoted(l))));
}
