/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/mark/declared.h"

#include <check.h>
#include <miyin/scheme.h>
#include <stdlib.h>

#define LEVEL(i, r, t, e)                                                      \
	{                                                                      \
		.id = (char *)(i), .rank = (r), .text = (char *)(t),           \
		.text_en = (char *)(e)                                         \
	}

static const miyin_order_level chinese[] = {
	LEVEL("juemi", 4, "绝密", "Top Secret"),
	LEVEL("jimi", 3, "机密", "Secret"),
	LEVEL("mimi", 2, "秘密", "Confidential"),
	LEVEL("neibu", 1, "内部", "Internal"),
};

/* ---- marks of the state ------------------------------------------------ */

typedef struct {
	const char *what, *text, *level; /* NULL: none */
} row;

static const row marks[] = {
	{ "nothing", "", NULL },
	{ "spaces", " \n　\n\t\n", NULL },
	{ "level and years", "机密★10年\n关于印发的通知\n", "jimi" },
	{ "level and months", "秘密★6个月", "mimi" },
	{ "level and a day", "秘密★2027年1月1日", "mimi" },
	{ "level and a condition", "机密★会议开始前", "jimi" },
	{ "top secret for long", "绝密★长期", "juemi" },
	{ "a star alone", "机密★", "jimi" },
	{ "spaces everywhere", "机 密 ★ 1 0 年", "jimi" },
	{ "wide spaces", "机　密　★　１０　年", "jimi" },
	{ "no-break and thin spaces", "机\xc2\xa0密\xe2\x80\x89★10年", "jimi" },
	{ "zero-width spaces", "机\xe2\x80\x8b密\xef\xbb\xbf★10年", "jimi" },
	{ "a tab before it", "\t机密★10年", "jimi" },
	{ "full-width digits", "机密★１０年", "jimi" },
	{ "a white star", "机密☆10年", "jimi" },
	{ "an asterisk", "机密*10年", "jimi" },
	{ "a full-width asterisk", "机密＊10年", "jimi" },
	{ "a star of another font", "机密✭10年", "jimi" },
	{ "an emoji star", "机密⭐10年", "jimi" },
	{ "after the serial", "000012\n机密★10年\n特急", "jimi" },
	{ "beside the serial", "000012 机密★10年", "jimi" },
	{ "behind a named serial", "份号：000012　机密★10年", "jimi" },
	{ "beside the urgency", "绝密★长期 特急", "juemi" },
	{ "in brackets", "【机密★10年】", "jimi" },
	{ "one character below the other", "机\n密\n★\n1\n0\n年\n正文",
	  "jimi" },
	{ "vertical tabs between lines", "000012\v机密★10年\v特急", "jimi" },
	{ "vertical tabs between characters", "机\v密\v★\v10年", "jimi" },
	{ "line separators", "通知\xe2\x80\xa8秘密★1年\xe2\x80\xa9正文",
	  "mimi" },
	{ "carriage returns", "通知\r秘密★1年\r\n正文", "mimi" },
	{ "deep on the page",
	  "1a\n2b\n3c\n4d\n5e\n6f\n7g\n8h\n9i\n10\n11\n12\n"
	  "13\n14\n15\n16\n17\n机密★10年\n",
	  "jimi" },
	{ "a wide space after the first character", "机\n密 ★ 10年\n正文",
	  "jimi" },
	{ "wide spaces, as Poppler gives them", "机\n密\n☆\n１０\n年\n正文",
	  "jimi" },
	{ "the highest of two", "秘密★1年\n机密★10年\n", "jimi" },
	{ "the highest of two, first", "机密★10年\n秘密★1年\n", "jimi" },
	{ "in a running line of ours",
	  "机密★10年　份号 000012　第2份 共3份　持有人 张三", "jimi" },
	{ "broken UTF-8 around it", "\xff\n机密★10年\n\xe6", "jimi" },
};

/* ---- words alone, fields ----------------------------------------------- */

static const row words[] = {
	{ "the level alone", "机密\n关于印发的通知\n", "jimi" },
	{ "with space between", "机　密\n关于印发的通知\n", "jimi" },
	{ "framed", "【绝密】\n", "juemi" },
	{ "with stars", "★ 绝密 ★\n", "juemi" },
	{ "far apart", "机\n\n密\n关于\n", "jimi" },
	{ "with a period but no star", "机密10年", "jimi" },
	{ "with a period apart", "机密　长期", "jimi" },
	{ "with a dot", "秘密·3年", "mimi" },
	{ "of a unit", "某某集团　机密　5年", "jimi" },
	{ "in line 15",
	  "1a\n2b\n3c\n4d\n5e\n6f\n7g\n8h\n9i\n10\n11\n12\n13\n14\n"
	  "机密",
	  "jimi" },
	{ "in line 16",
	  "1a\n2b\n3c\n4d\n5e\n6f\n7g\n8h\n9i\n10\n11\n12\n13\n14\n"
	  "15\n机密",
	  NULL },
	{ "empty lines do not count",
	  "1a\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n机密", "jimi" },
	{ "a field", "密级：机密", "jimi" },
	{ "a field, half-width", "密级:机密", "jimi" },
	{ "a field with spaces", "密 级 ： 机 密", "jimi" },
	{ "a field with a ratio sign", "密级∶秘密", "mimi" },
	{ "a field in brackets", "【密级】机密", "jimi" },
	{ "a value in brackets", "密级：【机密】", "jimi" },
	{ "a field filled in", "密级：__机密__", "jimi" },
	{ "a field with a period", "密级：机密★10年", "jimi" },
	{ "a field with 级", "密级：机密级", "jimi" },
	{ "a field before another", "密级：机密　编号：123", "jimi" },
	{ "a field after another", "编号：123　密级：机密", "jimi" },
	{ "a field deep on the page",
	  "1a\n2b\n3c\n4d\n5e\n6f\n7g\n8h\n9i\n10\n11\n12\n13\n14\n15\n16\n"
	  "密级：秘密\n",
	  "mimi" },
	{ "a field of level and period", "密级和保密期限：绝密 30年", "juemi" },
	{ "a longer name", "涉密等级：绝密", "juemi" },
	{ "a field and its value far apart", "密级：\n机密\n编号：\n12",
	  "jimi" },
	{ "the same deep on the page",
	  "1a\n2b\n3c\n4d\n5e\n6f\n7g\n8h\n9i\n10\n11\n12\n13\n14\n15\n16\n"
	  "密级：\n机密\n",
	  "jimi" },
	{ "a field with a box that is ticked", "密级：☑机密", "jimi" },
	{ "after a unit of a long name",
	  "中国某某某某工业集团公司第五研究院文件  机密★10年", "jimi" },
	{ "a cell of a table", "密　级  机密", "jimi" },
	{ "a cell with its period", "密级　机密★10年", "jimi" },
	{ "a cell with 级", "密级 绝密级", "juemi" },
	{ "alone with 级", "机密级", "jimi" },
	{ "in brackets before the star", "（机密）★10年", "jimi" },
	{ "traditional characters", "絕密★長期", "juemi" },
	{ "a traditional field", "密級：機密", "jimi" },
};

static const struct {
	const char *what, *text, *period; /* NULL: none */
} periods[] = {
	{ "none", "机密", NULL },
	{ "a star and years", "机密★10年", "10年" },
	{ "a serial behind", "机密★10年 第000012号", "10年" },
	{ "urgency behind", "绝密★长期 特急", "长期" },
	{ "in English", "机密★10 years Copy 3", "10 years" },
	{ "a condition", "机密★会议开始前", "会议开始前" },
	{ "a condition and more", "机密★会议 开始前", "会议 开始前" },
	{ "numerals", "机密 · 十年", "十年" },
	{ "traditional", "絕密★長期", "长期" },
	{ "behind brackets", "（机密）★10年", "10年" },
	{ "a field of its own", "密级：机密\n保密期限：20年", "20年" },
	{ "a cell of its own", "密级　机密\n保密期限　20年", "20年" },
	{ "a field before it", "保密期限：20年\n机密", "20年" },
	{ "the mark's before the field's", "机密★5年\n保密期限：20年", "5年" },
	{ "a page's number", "机密 1", NULL },
	{ "a greater one", "机密 12", NULL },
	{ "one in Chinese", "机密三", NULL },
	{ "a month", "机密 2026年11月", NULL },
	{ "a day of issue", "机密 2020年11月3日", NULL },
	{ "a day to come", "机密 2036年11月3日", "2036年11月3日" },
	{ "a number behind a star", "机密★1", NULL },
	{ "a page behind a star", "机密★第3页", NULL },
	{ "pages behind a star", "机密★3/12", NULL },
	{ "a month behind a star", "机密★二〇二六年十一月", NULL },
	{ "a day without a year behind a star", "机密★11月3日", NULL },
	{ "a condition of nobody's", "机密★考试结束前", "考试结束前" },
	{ "something else behind a star", "机密★存档 3", "存档 3" },
	{ "another field", "密级：机密\n合同期限：20年", NULL },
	{ "a field without a level", "保密期限：20年", NULL },
};

START_TEST(period_found)
{
	g_autofree char *period = NULL;

	miyin_declared_read(periods[_i].text, chinese, G_N_ELEMENTS(chinese),
			    &period);
	ck_assert_msg(g_strcmp0(period, periods[_i].period) == 0, "%s: %s",
		      periods[_i].what, period ? period : "none");
}
END_TEST

/* With the words and signs that stand beside a level, and no others. */
static const row beside[] = {
	{ "绝密。", "绝密。\n关于印发的通知\n", "juemi" },
	{ "绝密件", "绝密件\n关于印发的通知\n", "juemi" },
	{ "绝密文件", "绝密文件\n关于印发的通知\n", "juemi" },
	{ "绝密资料", "绝密资料\n关于印发的通知\n", "juemi" },
	{ "绝密，严禁外传", "绝密，严禁外传\n关于印发的通知\n", "juemi" },
	{ "机密 特急", "机密 特急\n关于印发的通知\n", "jimi" },
	{ "特急 机密", "特急 机密\n关于印发的通知\n", "jimi" },
	{ "\"SECRET\"", "\"SECRET\"\n关于印发的通知\n", "jimi" },
	{ "STRICTLY CONFIDENTIAL", "STRICTLY CONFIDENTIAL\n关于印发的通知\n",
	  "mimi" },
	{ "本文件密级为绝密", "本文件密级为绝密\n关于印发的通知\n", "juemi" },
	{ "密级为机密", "密级为机密\n关于印发的通知\n", "jimi" },
	{ "机密 SECRET", "机密 SECRET\n关于印发的通知\n", "jimi" },
	{ "机密（SECRET）", "机密（SECRET）\n关于印发的通知\n", "jimi" },
	{ "SECRET 机密", "SECRET 机密\n关于印发的通知\n", "jimi" },
	{ "绝密/TOP SECRET", "绝密/TOP SECRET\n关于印发的通知\n", "juemi" },
	{ "“机密”", "“机密”\n关于印发的通知\n", "jimi" },
	{ "※机密※", "※机密※\n关于印发的通知\n", "jimi" },
	{ "·机密·", "·机密·\n关于印发的通知\n", "jimi" },
	{ "※机密★10年", "※机密★10年\n关于印发的通知\n", "jimi" },
	{ "某市委机密★10年", "某市委机密★10年\n关于印发的通知\n", "jimi" },
	{ "机密/10年", "机密/10年\n关于印发的通知\n", "jimi" },
	{ "机密，10年", "机密，10年\n关于印发的通知\n", "jimi" },
	{ "机密●10年", "机密●10年\n关于印发的通知\n", "jimi" },
	{ "机密-10年", "机密-10年\n关于印发的通知\n", "jimi" },
	{ "机密 至2036年1月1日", "机密 至2036年1月1日\n关于印发的通知\n",
	  "jimi" },
	{ "机密 2036-01-01", "机密 2036-01-01\n关于印发的通知\n", "jimi" },
	{ "机密 10 years", "机密 10 years\n关于印发的通知\n", "jimi" },
	{ "SECRET 10 years", "SECRET 10 years\n关于印发的通知\n", "jimi" },
	{ "机密廿年", "机密廿年\n关于印发的通知\n", "jimi" },
	{ "机密两年", "机密两年\n关于印发的通知\n", "jimi" },
	{ "机密 永久", "机密 永久\n关于印发的通知\n", "jimi" },
	{ "绝密·启用前", "绝密·启用前\n关于印发的通知\n", "juemi" },
	{ "绝密：启用前", "绝密：启用前\n关于印发的通知\n", "juemi" },
	{ "绝密★启用前", "绝密★启用前\n关于印发的通知\n", "juemi" },
	{ "绝密 考试结束前", "绝密 考试结束前\n关于印发的通知\n", "juemi" },
	{ "JM〔2026〕12号 机密", "JM〔2026〕12号 机密\n关于印发的通知\n",
	  "jimi" },
	{ "机密 JM〔2026〕12号", "机密 JM〔2026〕12号\n关于印发的通知\n",
	  "jimi" },
	{ "絕密資料", "絕密資料\n关于印发的通知\n", "juemi" },
	{ "a list of levels", "绝密、机密、秘密\n正文", NULL },
	{ "boxes to tick", "□绝密 □机密\n正文", NULL },
	{ "a sentence", "机密文件应当由专人保管\n正文", NULL },
	{ "a quotation", "标注“机密★10年”字样。\n正文", NULL },
	{ "what a law is about", "国家秘密\n正文", NULL },
	{ "a heading of a contract", "Confidential Information\n1.", NULL },
	{ "a word that begins so", "Secretary\n1.", NULL },
	{ "a telephone", "机密室 12345\n正文", NULL },
};

static const row prose[] = {
	{ "a sentence about files", "机密文件应当专人保管。", NULL },
	{ "a sentence about marks", "应当标注“机密★10年”字样。", NULL },
	{ "a sentence that is broken", "公民有保守国家\n秘密的义务。", NULL },
	{ "a sentence that ends with the word", "本办法所称国家\n秘密。",
	  NULL },
	{ "a list of levels", "绝密、机密、秘密三级", NULL },
	{ "a heading that goes on", "秘密级国家秘密", NULL },
	{ "a field with all levels", "密级：绝密、机密、秘密", NULL },
	{ "a field with alternatives", "密级：绝密/机密/秘密", NULL },
	{ "a field with boxes", "密级：绝密□ 机密□ 秘密□", NULL },
	{ "a field with boxes before", "密级：□绝密 □机密 □秘密", NULL },
	{ "a field with boxes apart", "密级：绝密 □ 机密 □", NULL },
	{ "an empty field", "密级：\n编号：12", NULL },
	{ "a field whose value is another", "密级：公开", NULL },
	{ "an empty field before a sentence", "密级：\n机密文件的保管", NULL },
	{ "a vertical title", "保\n守\n国\n家\n秘\n密\n知识问答", NULL },
	{ "a field without a sign", "密级 机密 等级 划分", NULL },
	{ "another word with it", "工作机密性要求", NULL },
	{ "a name", "机密局\n", NULL },
	{ "a period that is prose", "机密10年来的工作", NULL },
	{ "a star within a sentence", "要求如下，凡属于国家机密★的事项应当标明",
	  NULL },
	{ "a footnote star", "国家秘密*", NULL },
};

/* ---- English ----------------------------------------------------------- */

static const row english[] = {
	{ "secret", "SECRET\n", "jimi" },
	{ "top secret", "TOP SECRET\n", "juemi" },
	{ "top secret with a hyphen", "TOP-SECRET\nbody", "juemi" },
	{ "top secret with an underscore", "TOP_SECRET\nbody", "juemi" },
	{ "a level that a dot parts", "机·密★20年\n正文", "jimi" },
	{ "a level that a hyphen parts", "机-密\n正文", "jimi" },
	{ "a level that a slash parts", "机/密\n正文", "jimi" },
	{ "a level that a dash parts, with a period", "绝—密★长期", "juemi" },
	{ "a hyphen in a sentence", "the top-secret talks were held", NULL },
	{ "confidential at the foot", "text\n\nCONFIDENTIAL\f", "mimi" },
	{ "full-width", "ＳＥＣＲＥＴ", "jimi" },
	{ "full-width with a space", "ＴＯＰ　ＳＥＣＲＥＴ", "juemi" },
	{ "spaced", "S E C R E T", "jimi" },
	{ "spaced widely", "S\nE\nC\nR\nE\nT\nPlan", "jimi" },
	{ "one word below the other", "TOP\nSECRET\nPlan", "juemi" },
	{ "a field and its value far apart", "Classification:\nSecret\nCopy",
	  "jimi" },
	{ "with a caveat", "SECRET//NOFORN", "jimi" },
	{ "with caveats", "TOP SECRET // SI // NOFORN", "juemi" },
	{ "with an unfinished caveat", "SECRET//", "jimi" },
	{ "between dashes", "- SECRET -", "jimi" },
	{ "between asterisks", "*** TOP SECRET ***", "juemi" },
	{ "in brackets", "[CONFIDENTIAL]", "mimi" },
	{ "deep on the page",
	  "1a\n2b\n3c\n4d\n5e\n6f\n7g\n8h\n9i\n10\n11\n12\n13\n14\n15\n16\n"
	  "SECRET",
	  "jimi" },
	{ "a field", "Classification: SECRET", "jimi" },
	{ "a field in small letters", "Classification: Secret", "jimi" },
	{ "a field in capitals", "CLASSIFICATION : TOP SECRET", "juemi" },
	{ "a field with caveats", "Classification: SECRET//NOFORN", "jimi" },
	{ "a longer field", "Security Classification: Confidential", "mimi" },
	{ "a field and more", "Classification: SECRET   Copy 3 of 5", "jimi" },
	{ "a field after another", "Copy 3  Classification: Secret", "jimi" },
	{ "the highest of two", "CONFIDENTIAL\nSECRET\n", "jimi" },
	{ "both languages", "秘密★1年\nTOP SECRET\n", "juemi" },
	{ "a caveat after a space", "SECRET NOFORN", "jimi" },
	{ "a caveat after a dash", "TOP SECRET - EYES ONLY", "juemi" },
	{ "a caveat after a stroke", "SECRET/REL TO USA, GBR", "jimi" },
	{ "a security level", "Security level: TOP SECRET", "juemi" },
	{ "small letters", "secret\n", NULL },
	{ "a heading", "Secret\n", NULL },
	{ "a sentence", "This is a secret that nobody knows.", NULL },
	{ "a sentence in capitals", "KEEP THIS SECRET", NULL },
	{ "the start of a sentence", "SECRET KEYS MUST NOT BE SHARED", NULL },
	{ "a word that is longer", "SECRETARY", NULL },
	{ "a full stop", "SECRET.", NULL },
	{ "a portion mark", "(S) The plan", NULL },
	{ "a variable", "SECRET=1234", NULL },
	{ "an address", "https://SECRET.example", NULL },
	{ "a level of others", "NATO SECRET", NULL },
	{ "a statement",
	  "Classification: confidential information is kept apart", NULL },
	{ "an empty field before a sentence",
	  "Classification:\nSecret things are kept apart", NULL },
	{ "a spaced heading", "S\nE\nC\nR\nE\nT\nA\nR\nY\nNotes", NULL },
	{ "a heading in two lines", "NO\nSECRETS\n", NULL },
	{ "another field", "Declassification: SECRET", NULL },
	{ "a field of another kind", "Image Classification: methods", NULL },
};

static void check_row(const row *r)
{
	int found = miyin_declared_read(r->text, chinese, G_N_ELEMENTS(chinese),
					NULL);
	const char *level = found < 0 ? "none" : chinese[found].id;

	ck_assert_msg(g_str_equal(level, r->level ? r->level : "none"),
		      "%s: %s", r->what, level);
}

START_TEST(mark_found)
{
	check_row(&marks[_i]);
}
END_TEST

START_TEST(beside_found)
{
	check_row(&beside[_i]);
}
END_TEST

START_TEST(word_found)
{
	check_row(&words[_i]);
}
END_TEST

START_TEST(prose_passed)
{
	check_row(&prose[_i]);
}
END_TEST

START_TEST(english_found)
{
	check_row(&english[_i]);
}
END_TEST

/* ---- other schemes ------------------------------------------------------ */

static const miyin_order_level mixed[] = {
	LEVEL("clear", 1, "TLP:CLEAR", "TLP Clear"),
	LEVEL("amber", 3, "TLP:AMBER", "TLP Amber"),
	LEVEL("strict", 4, "TLP:AMBER+STRICT", "TLP Amber Strict"),
	LEVEL("red", 5, "TLP:RED", ""),
	LEVEL("eu", 7, "TRÈS SECRET UE/EU TOP SECRET", "EU Top Secret"),
	LEVEL("nato", 6, "NATO SECRET", "NATO Secret"),
	LEVEL("small", 2, "Confidential", "Confidential"),
};

static const row others[] = {
	{ "traffic light", "TLP:RED", "red" },
	{ "traffic light, spaced", "TLP: RED", "red" },
	{ "traffic light, full-width", "ＴＬＰ：ＲＥＤ", "red" },
	{ "a level that begins like another", "TLP:AMBER+STRICT", "strict" },
	{ "and the other", "TLP:AMBER", "amber" },
	{ "levels in no order", "TLP:AMBER\nTLP:RED\nTLP:CLEAR", "red" },
	{ "accents", "TRÈS SECRET UE/EU TOP SECRET", "eu" },
	{ "accents apart", "TRE\xcc\x80S SECRET UE/EU TOP SECRET", "eu" },
	{ "two words", "NATO SECRET", "nato" },
	{ "half of it", "SECRET", NULL },
	{ "a level in small letters counts in capitals", "CONFIDENTIAL",
	  "small" },
	{ "and not as it is written", "Confidential", NULL },
	{ "a sentence with it", "The TLP:RED rules", NULL },
};

START_TEST(other_found)
{
	int found = miyin_declared_read(others[_i].text, mixed,
					G_N_ELEMENTS(mixed), NULL);
	const char *level = found < 0 ? "none" : mixed[found].id;

	ck_assert_msg(g_str_equal(level,
				  others[_i].level ? others[_i].level : "none"),
		      "%s: %s", others[_i].what, level);
}
END_TEST

START_TEST(no_levels)
{
	const miyin_order_level empty = LEVEL("x", 1, "", " ");

	ck_assert_int_eq(miyin_declared_read("SECRET", NULL, 0, NULL), -1);
	ck_assert_int_eq(miyin_declared_read("\n \nSECRET\n", &empty, 1, NULL),
			 -1);
}
END_TEST

/* Whatever a document holds, the answer comes soon. */
START_TEST(long_text)
{
	static const char *const parts[] = {
		"机密", "密级：",	    "SECRET ", "机\n",
		"★",	"Classification: ", "\xff",    "Classification:\n"
	};
	g_autoptr(GString) text = g_string_new(NULL);
	int found;

	while (text->len < 1 << 20)
		g_string_append(text, parts[_i]);
	found = miyin_declared_read(text->str, chinese, G_N_ELEMENTS(chinese),
				    NULL);
	ck_assert_int_eq(found, -1);
}
END_TEST

/* ---- the level's own mark ----------------------------------------------- */

/* What miyin prints is read as what it is. */
START_TEST(own_marks)
{
	static const char *const names[] = { "cn-gb9704",  "us",      "uk",
					     "nato",	   "eu",      "tlp",
					     "cn-company", "cn-trade" };
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open("samples/schemes", names[_i], NULL);
	miyin_order_level levels[20];
	unsigned n = 0;

	ck_assert_msg(scheme != NULL, "%s", names[_i]);
	for (; n < scheme->levels->len && n < 20; n++) {
		const miyin_level *level = scheme->levels->pdata[n];

		levels[n] = (miyin_order_level){ .id = level->id,
						 .rank = level->rank,
						 .text = level->text,
						 .text_en = level->text_en };
	}
	for (unsigned i = 0; i < n; i++) {
		const miyin_level *level = scheme->levels->pdata[i];
		g_autofree char *mark =
			miyin_level_format_mark(level, level->period);
		int found = miyin_declared_read(mark, levels, n, NULL);

		ck_assert_msg(found == (int)i, "%s: %s: %d", names[_i], mark,
			      found);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("declared");
	TCase *tcase = tcase_create("declared");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 20);
	tcase_add_loop_test(tcase, mark_found, 0, G_N_ELEMENTS(marks));
	tcase_add_loop_test(tcase, beside_found, 0, G_N_ELEMENTS(beside));
	tcase_add_loop_test(tcase, period_found, 0, G_N_ELEMENTS(periods));
	tcase_add_loop_test(tcase, word_found, 0, G_N_ELEMENTS(words));
	tcase_add_loop_test(tcase, prose_passed, 0, G_N_ELEMENTS(prose));
	tcase_add_loop_test(tcase, english_found, 0, G_N_ELEMENTS(english));
	tcase_add_loop_test(tcase, other_found, 0, G_N_ELEMENTS(others));
	tcase_add_test(tcase, no_levels);
	tcase_add_loop_test(tcase, long_text, 0, 8);
	tcase_add_loop_test(tcase, own_marks, 0, 8);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
