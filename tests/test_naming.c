/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/naming.h>

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>

/* ---- holders ------------------------------------------------------------- */

static const struct {
	const char *what, *name;
	gboolean allowed;
} holders[] = {
	{ "a name", "张三", TRUE },
	{ "an English name", "Li Si", TRUE },
	{ "a name with a dot", "买买提·吐尔逊", TRUE },
	{ "a name with a hyphen", "Jean-Luc O'Brien", TRUE },
	{ "a name with an accent", "J\xc3\xbcrgen M\xc3\xbcller", TRUE },
	{ "a Vietnamese name", "Nguy\xe1\xbb\x85n", TRUE },
	{ "an Arabic name", "محمد", TRUE },
	{ "a Hindi name", "रवि", TRUE },
	{ "a department", "办公室（文印）", TRUE },
	{ "a department whose name begins like a level", "内部审计处", TRUE },
	{ "two departments", "一科/二科", TRUE },
	{ "a name and a number", "张三 10023", TRUE },
	{ "an account", "zhang_san", TRUE },
	{ "an account with its domain", "li@example.org", TRUE },
	{ "a rare character", "张𓀀", TRUE },
	{ "a surname that is a numeral", "陆一", TRUE },
	{ "an ordinary first name", "秘书长", TRUE },
	{ "nothing", "", FALSE },
	{ "a number alone", "10023", FALSE },
	{ "signs alone", "--", FALSE },
	{ "a name that is too long",
	  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四"
	  "五六七"
	  "八九十一",
	  FALSE },
	{ "a mark's own words", "张三_第1份_共1份", FALSE },
	{ "the same with spaces", "张三 第 1 份 共 1 份", FALSE },
	{ "in Chinese numerals", "张三 第一份", FALSE },
	{ "in wide digits", "张三第１份", FALSE },
	{ "pages", "张三 第2页", FALSE },
	{ "a serial with its name", "份号 000012", FALSE },
	{ "a serial", "000012", FALSE },
	{ "a serial and a name", "000012 张三", FALSE },
	{ "a name and a serial", "张三 000012", FALSE },
	{ "a holder's line", "持有人 李四", FALSE },
	{ "a kind of copy", "副本", FALSE },
	{ "a kind of copy beside a name", "张三（复印件）", FALSE },
	{ "an original", "原 件", FALSE },
	{ "a void one", "作废", FALSE },
	{ "a reproduction", "翻印", FALSE },
	{ "a page before its number", "页 1/1", FALSE },
	{ "an approval", "Approved by Li", FALSE },
	{ "all", "全体", FALSE },
	{ "all in English", "Everyone", FALSE },
	{ "an English mark", "Li Copy 1 of 3", FALSE },
	{ "another English mark", "Copy No. 2", FALSE },
	{ "pages in English", "Li 1 of 3", FALSE },
	{ "a holder's line in English", "Holder Li", FALSE },
	{ "a human code", "7K3Q-9XMD-2FHT Li", FALSE },
	{ "a level", "机密", FALSE },
	{ "a level, spaced", "机 密", FALSE },
	{ "a level in English", "Secret", FALSE },
	{ "a level of look-alikes",
	  "\xd0\x85"
	  "ECRET",
	  FALSE },
	{ "like a mark: （绝密）", "（绝密）", FALSE },
	{ "like a mark: (机密10年)", "(机密10年)", FALSE },
	{ "like a mark: · 机密 ·", "· 机密 ·", FALSE },
	{ "like a mark: /机密", "/机密", FALSE },
	{ "like a mark: 機密", "機密", FALSE },
	{ "like a mark: 絕密30年", "絕密30年", FALSE },
	{ "like a mark: TOP-SECRET", "TOP-SECRET", FALSE },
	{ "like a mark: SECRET//NOFORN", "SECRET//NOFORN", FALSE },
	{ "like a mark: Top Secret - 10 years", "Top Secret - 10 years",
	  FALSE },
	{ "like a mark: 机密·10年", "机密·10年", FALSE },
	{ "like a mark: 机密-10年", "机密-10年", FALSE },
	{ "like a mark: 机 密 长期", "机 密 长期", FALSE },
	{ "like a mark: 绝密 启用前", "绝密 启用前", FALSE },
	{ "like a mark: 机密 会议开始前", "机密 会议开始前", FALSE },
	{ "like a mark: 绝密件", "绝密件", FALSE },
	{ "like a mark: 国家秘密", "国家秘密", FALSE },
	{ "like a mark: 张三（绝密）", "张三（绝密）", FALSE },
	{ "like a mark: UNCLASSIFIED", "UNCLASSIFIED", FALSE },
	{ "like a mark: 已解密", "已解密", FALSE },
	{ "like a mark: 公开", "公开", FALSE },
	{ "like a mark: 第叁份", "第叁份", FALSE },
	{ "like a mark: 第Ⅲ份", "第Ⅲ份", FALSE },
	{ "like a mark: 叁份第", "叁份第", FALSE },
	{ "like a mark: Copy three of five", "Copy three of five", FALSE },
	{ "like a mark: 份 号 12", "份 号 12", FALSE },
	{ "like a mark: 打印 人", "打印 人", FALSE },
	{ "like a mark: 持 有 人", "持 有 人", FALSE },
	{ "like a mark: 密 级 机密", "密 级 机密", FALSE },
	{ "like a mark: 複製件", "複製件", FALSE },
	{ "like a mark: 無", "無", FALSE },
	{ "like a mark: 系統", "系統", FALSE },
	{ "like a mark: 管理員", "管理員", FALSE },
	{ "like a mark: GEF35KQ602VB", "GEF35KQ602VB", FALSE },
	{ "like a mark: GEF3 5KQ6 02VB", "GEF3 5KQ6 02VB", FALSE },
	{ "an audit office", "Internal Audit", TRUE },
	{ "a secretary", "Secretary General", TRUE },
	{ "a secrecy office", "保密局", TRUE },
	{ "an unlucky number", "Zhang 10023", TRUE },
	{ "a level with a period", "机密10年", FALSE },
	{ "a level with a period in Chinese", "机密 十年", FALSE },
	{ "a level for long", "绝密长期", FALSE },
	{ "a level line", "机密★10年", FALSE },
	{ "the system", "系统", FALSE },
	{ "the system, spaced", "系 统", FALSE },
	{ "the system in English", "SYSTEM", FALSE },
	{ "a specimen", "样张", FALSE },
	{ "nobody", "无", FALSE },
	{ "a mark on a character", "张\xcc\xa3三", FALSE },
	{ "a mark on a space", "张 \xcc\xa3三", FALSE },
	{ "a heap of marks", "a\xcc\x81\xcc\xa3\xcc\x88\xcc\x81li", FALSE },
	{ "a star", "张三★", FALSE },
	{ "a box", "张三□", FALSE },
	{ "a slash of another kind", "张三|李四", FALSE },
	{ "an emoji", "张三😀", FALSE },
};

START_TEST(holder)
{
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open("samples/schemes", "cn-gb9704", NULL);

	ck_assert_ptr_nonnull(scheme);
	ck_assert_msg(miyin_holder_is_allowed(holders[_i].name, scheme) ==
			      holders[_i].allowed,
		      "%s: %s", holders[_i].what, holders[_i].name);
	ck_assert(miyin_holder_is_allowed(holders[_i].name, scheme) ==
		  holders[_i].allowed);
}
END_TEST

/* ---- whom copies go to -----------------------------------------------------
 */

static const struct {
	const char *scope;
	gboolean allowed;
} scopes[] = {
	{ "各处室", TRUE },
	{ "局领导、办公室，各处室（不含下属单位）；共享服务中心", TRUE },
	{ "内部审计处、机要科", TRUE },
	{ "发至县团级", TRUE },
	{ "2026 年工作组全体成员", TRUE },
	{ "All secretaries; the board of 2026", TRUE },
	{ "绝密★30年", FALSE },
	{ "绝密", FALSE },
	{ "各处室 绝密30年", FALSE },
	{ "絕密", FALSE },
	{ "机　密", FALSE },
	{ "内部", FALSE },
	{ "各处室，内部", FALSE },
	{ "各处室★", FALSE },
	{ "各处室 第1份 共3份", FALSE },
	{ "份号 000009", FALSE },
	{ "000009", FALSE },
	{ "持有人 张三", FALSE },
	{ "the board, TOP SECRET", FALSE },
	{ "the board SECRET", FALSE },
	{ "ＴＯＰ ＳＥＣＲＥＴ", FALSE },
	{ "top secret", FALSE },
	{ "GEF3-5KQ6-02VB", FALSE },
};

START_TEST(scope)
{
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open("samples/schemes", "cn-gb9704", NULL);

	ck_assert_ptr_nonnull(scheme);
	ck_assert_msg(miyin_scope_is_allowed(scopes[_i].scope, scheme) ==
			      scopes[_i].allowed,
		      "%s", scopes[_i].scope);
}
END_TEST

/* A scheme in traditional characters, whose English has signs of its own. */
static const struct {
	const char *what, *name;
	gboolean allowed;
} foreign[] = {
	{ "a name", "張三", TRUE },
	{ "a department", "內部審計處", TRUE },
	{ "its level", "機密", FALSE },
	{ "its level, simplified", "机密", FALSE },
	{ "its level with a period", "機密10年", FALSE },
	{ "its level, spaced, simplified", "绝 密", FALSE },
	{ "a name and its level", "張三（機密）", FALSE },
	{ "a name and its level, simplified", "张三机密", FALSE },
	{ "a level that is spaced in the scheme", "张三绝密", FALSE },
	{ "an English level with a sign", "Secret (A)", FALSE },
	{ "the same with a caveat", "Secret (A)//NOFORN", FALSE },
	{ "one with half a bracket", "Top (Secret//NOFORN", FALSE },
};

static miyin_scheme *open_foreign(void)
{
	static const char *const turns[][2] = {
		{ "text = 绝密", "text = 絕 密" },
		{ "text = 机密", "text = 機密" },
		{ "text = 内部", "text = 內部" },
		{ "text[en] = Secret", "text[en] = Secret (A)" },
		{ "text[en] = Top Secret", "text[en] = Top (Secret" },
	};
	g_autofree char *dir = g_dir_make_tmp("miyin-naming-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "foreign.scheme", NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *sample = NULL;
	g_autoptr(GError) error = NULL;
	miyin_scheme *scheme;

	ck_assert(g_file_get_contents("samples/schemes/cn-gb9704.scheme",
				      &sample, NULL, NULL));
	g_string_assign(text, sample);
	for (unsigned i = 0; i < G_N_ELEMENTS(turns); i++)
		ck_assert_uint_gt(
			g_string_replace(text, turns[i][0], turns[i][1], 0), 0);
	ck_assert(g_file_set_contents(path, text->str, -1, NULL));
	scheme = miyin_scheme_open(dir, "foreign", &error);
	ck_assert_msg(scheme != NULL, "%s", error ? error->message : "");
	g_unlink(path);
	g_rmdir(dir);
	return scheme;
}

START_TEST(holder_beside_other_levels)
{
	g_autoptr(miyin_scheme) scheme = open_foreign();

	ck_assert_msg(miyin_holder_is_allowed(foreign[_i].name, scheme) ==
			      foreign[_i].allowed,
		      "%s: %s", foreign[_i].what, foreign[_i].name);
}
END_TEST

/* ---- references ------------------------------------------------------------
 */

static const struct {
	const char *what, *reference;
	gboolean allowed;
} references[] = {
	{ "a document number", "国发〔2026〕1号", TRUE },
	{ "letters and digits", "A-2026/17", TRUE },
	{ "a number alone", "17", TRUE },
	{ "an accent", "Aff\xc3\xa8res 1", TRUE },
	{ "a dash alone", "-", FALSE },
	{ "dots", "...", FALSE },
	{ "nothing", "", FALSE },
	{ "a mark on a digit", "甲1\xcc\xa3", FALSE },
	{ "a mark on a character",
	  "甲\xcc\x87"
	  "1",
	  FALSE },
	{ "a mark on a bracket", "甲(1)\xcc\xb2", FALSE },
	{ "a heap of marks", "A\xcc\x87\xcc\xa3\xcc\x87\xcc\xa3", FALSE },
};

START_TEST(reference)
{
	ck_assert_msg(miyin_reference_is_allowed(references[_i].reference) ==
			      references[_i].allowed,
		      "%s: %s", references[_i].what, references[_i].reference);
}
END_TEST

/* The numbers of documents as people write them. */
static const struct {
	const char *one, *other;
	gboolean same;
} numbers[] = {
	{ "JM〔2026〕12号", "JM〔2026〕12號", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕12号.", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕12号。", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕012号", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕O12号", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕十二号", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕十\xe2\x80\x8b二 号", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕一二号", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕壹拾贰號", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕第12号", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕第０１２号", TRUE },
	{ "JM〔2026〕12号", "JM〔二〇二六〕第十二号", TRUE },
	{ "JM〔2026〕12号", "JM[2026]l2号", TRUE },
	{ "JM〔2026〕23号", "JM〔2026〕二三号", TRUE },
	{ "國辦發〔2026〕1號", "国办发〔2026〕1号", TRUE },
	{ "JM—1号", "JM一1号", TRUE },
	{ "JM〔2026〕12号", "JM〔2026〕1-2号", FALSE },
	{ "JM〔2026〕12号", "JM〔2026〕120号", FALSE },
	{ "JM〔2026〕12号", "JM〔2026〕102号", FALSE },
	{ "JM〔2026〕12号", "JM〔2026〕十三号", FALSE },
	{ "JM〔2026〕12号", "JM〔2026〕12", FALSE },
	{ "JM2026", "JM2026年", FALSE },
	{ "JM〔2026〕1号", "JM〔2026年〕1号", FALSE },
	{ "第一局〔2026〕1号", "局〔2026〕1号", FALSE },
	{ "王二", "王2", FALSE },
	{ "V1.01号", "V1.1号", FALSE },
	{ "A012", "A12", FALSE },
	{ "A012号", "A12号", FALSE },
};

START_TEST(number)
{
	g_autofree char *one = miyin_reference_skeleton(numbers[_i].one);
	g_autofree char *other = miyin_reference_skeleton(numbers[_i].other);

	ck_assert_msg(g_str_equal(one, other) == numbers[_i].same,
		      "%s, %s: %s, %s", numbers[_i].one, numbers[_i].other, one,
		      other);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("naming");
	TCase *tcase = tcase_create("naming");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, holder, 0, G_N_ELEMENTS(holders));
	tcase_add_loop_test(tcase, holder_beside_other_levels, 0,
			    G_N_ELEMENTS(foreign));
	tcase_add_loop_test(tcase, reference, 0, G_N_ELEMENTS(references));
	tcase_add_loop_test(tcase, scope, 0, G_N_ELEMENTS(scopes));
	tcase_add_loop_test(tcase, number, 0, G_N_ELEMENTS(numbers));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
