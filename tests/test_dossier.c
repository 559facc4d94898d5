/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents belong to somebody: who may print what under whose reference, at
 * which level, and what the officer and the user are told of each other.
 */
#include "register-file.h"
#include <miyin/refusal.h>
#include <string.h>

#define PAINTED "0123456789abcdef"
#define LOOKS "1123456789abcdef"
#define WORDS "2123456789abcdef"

/* A print: who, under what, which content, at which level; and its end. */
typedef struct {
	/* keys: of what it paints, how it looks and its words, "-": none */
	const char *user, *reference, *hash, *keys;
	unsigned rank;
	int refusal; /* -1: issued */
} print;

#define OK (-1)
#define LOWERED MIYIN_REFUSAL_LEVEL_LOWERED
#define REFERENCE MIYIN_REFUSAL_REFERENCE

static const struct {
	const char *what;
	print first, second, third;
	int n_documents;
	const char *event; /* that the officer reads, or NULL */
} rows[] = {
	{ "a blank page under somebody's reference",
	  { "li", "17号", HASH_A, NULL, 3, OK },
	  { "wang", "17号", HASH_C, NULL, 3, REFERENCE },
	  { "li", "17号", HASH_A, NULL, 3, OK },
	  1,
	  NULL },
	{ "a reference that looks like somebody's",
	  { "li", "A17", HASH_A, NULL, 3, OK },
	  { "wang", "Ａ17", HASH_C, NULL, 3, REFERENCE },
	  { "wang", "А17", HASH_C, NULL, 3, REFERENCE },
	  1,
	  NULL },
	{ "a reference that a reader takes for somebody's",
	  { "li", "JM〔2026〕12号", HASH_A, NULL, 3, OK },
	  { "wang", "JM〔2026〕十二號", HASH_C, NULL, 3, REFERENCE },
	  { "wang", "JM〔2026〕第012号.", HASH_C, NULL, 3, REFERENCE },
	  1,
	  NULL },
	{ "the owner's own look-alike is the same document",
	  { "li", "A17", HASH_A, NULL, 3, OK },
	  { "li", "Ａ１７", HASH_A, NULL, 3, OK },
	  { "li", "А17", HASH_A, NULL, 3, OK },
	  1,
	  NULL },
	{ "a colleague prints the same text under its reference",
	  { "li", "17号", HASH_A, NULL, 3, OK },
	  { "wang", "17号", HASH_A, NULL, 3, OK },
	  { "wang", "17号", HASH_B, PAINTED, 3, REFERENCE },
	  1,
	  NULL },
	{ "another raises its level",
	  { "li", "17号", HASH_A, NULL, 2, OK },
	  { "wang", "17号", HASH_A, NULL, 3, REFERENCE },
	  { "li", "17号", HASH_A, NULL, 2, OK },
	  1,
	  NULL },
	{ "another lowers it",
	  { "li", "17号", HASH_A, NULL, 3, OK },
	  { "wang", "17号", HASH_A, NULL, 2, REFERENCE },
	  { "li", "17号", HASH_A, NULL, 3, OK },
	  1,
	  NULL },
	{ "its owner raises it",
	  { "li", "17号", HASH_A, NULL, 2, OK },
	  { "li", "17号", HASH_A, NULL, 3, OK },
	  { "li", "17号", HASH_A, NULL, 2, LOWERED },
	  1,
	  NULL },
	{ "the owner's new version",
	  { "li", "17号", HASH_A, NULL, 3, OK },
	  { "li", "17号", HASH_C, NULL, 3, OK },
	  { "li", "17号", HASH_C, NULL, 3, OK },
	  1,
	  "version" },
	{ "a common form without reference: to each his own",
	  { "li", "17号", HASH_A, NULL, 2, OK },
	  { "wang", NULL, HASH_A, NULL, 2, OK },
	  { "zhao", NULL, HASH_A, NULL, 2, OK },
	  3,
	  "same-content" },
	{ "his own document stays his own",
	  { "li", NULL, HASH_A, NULL, 2, OK },
	  { "wang", NULL, HASH_A, NULL, 2, OK },
	  { "wang", NULL, HASH_A, NULL, 2, OK },
	  2,
	  "same-content" },
	{ "a text first printed under a reference",
	  { "li", "17号", HASH_A, NULL, 2, OK },
	  { "li", NULL, HASH_A, NULL, 2, OK },
	  { "li", "18号", HASH_A, NULL, 2, OK },
	  2,
	  "same-content" },
	{ "a lower level under a new reference",
	  { "li", "17号", HASH_A, NULL, 3, OK },
	  { "li", "18号", HASH_A, NULL, 1, LOWERED },
	  { "wang", "19号", HASH_A, NULL, 1, LOWERED },
	  1,
	  NULL },
	{ "a lower level without one",
	  { "li", "17号", HASH_A, NULL, 3, OK },
	  { "li", NULL, HASH_A, NULL, 1, LOWERED },
	  { "wang", NULL, HASH_A, NULL, 1, LOWERED },
	  1,
	  NULL },
	{ "a lower level, saved again: other bytes paint the same",
	  { "li", "17号", HASH_A, PAINTED, 3, OK },
	  { "wang", NULL, HASH_C, PAINTED, 1, LOWERED },
	  { "wang", NULL, HASH_C, "ffff", 1, OK },
	  2,
	  NULL },
	{ "a lower level, by a program that looks the same",
	  { "li", "17号", HASH_A, PAINTED " " LOOKS, 3, OK },
	  { "li", NULL, HASH_C, "ffff " LOOKS, 1, LOWERED },
	  { "wang", "18号", HASH_B, "eeee " LOOKS, 1, LOWERED },
	  1,
	  NULL },
	{ "a lower level, printed to a file: the same words",
	  { "li", "17号", HASH_A, PAINTED " " LOOKS " " WORDS, 3, OK },
	  { "li", NULL, HASH_C, "ffff bbbb " WORDS, 1, LOWERED },
	  { "wang", "18号", HASH_B, "eeee cccc " WORDS, 1, LOWERED },
	  1,
	  NULL },
	{ "copies of it count for one document",
	  { "li", NULL, HASH_A, PAINTED " " LOOKS " " WORDS, 2, OK },
	  { "li", NULL, HASH_C, "ffff bbbb " WORDS, 2, OK },
	  { "wang", NULL, HASH_B, "eeee cccc " WORDS, 2, OK },
	  2,
	  "version" },
	{ "hidden words do not open another's reference",
	  { "li", "17号", HASH_A, PAINTED " " LOOKS " " WORDS, 3, OK },
	  { "wang", "17号", HASH_C, "ffff bbbb " WORDS, 3, REFERENCE },
	  { "wang", "17号", HASH_B, "eeee " LOOKS " dddd", 3, OK },
	  1,
	  NULL },
	{ "pages without looks or words are not alike",
	  { "li", NULL, HASH_A, PAINTED " - -", 2, OK },
	  { "li", NULL, HASH_C, "ffff - -", 2, OK },
	  { "wang", NULL, HASH_B, "eeee - -", 1, OK },
	  3,
	  NULL },
	{ "who comes later and says more does not bind the first",
	  { "li", NULL, HASH_A, NULL, 1, OK },
	  { "wang", NULL, HASH_A, NULL, 3, OK },
	  { "li", NULL, HASH_A, NULL, 1, OK },
	  2,
	  "same-content" },
	{ "nor a third",
	  { "li", NULL, HASH_A, NULL, 1, OK },
	  { "wang", NULL, HASH_A, NULL, 3, OK },
	  { "zhao", NULL, HASH_A, NULL, 1, OK },
	  3,
	  "same-content" },
	{ "but himself",
	  { "li", NULL, HASH_A, NULL, 1, OK },
	  { "wang", NULL, HASH_A, NULL, 3, OK },
	  { "wang", "18号", HASH_A, NULL, 1, LOWERED },
	  2,
	  "same-content" },
	{ "the first owner, under another reference, binds the others",
	  { "li", NULL, HASH_A, NULL, 1, OK },
	  { "li", "18号", HASH_A, NULL, 3, OK },
	  { "wang", NULL, HASH_A, NULL, 1, LOWERED },
	  2,
	  "same-content" },
	{ "a group owns together",
	  { "@plan", "17号", HASH_A, NULL, 2, OK },
	  { "@plan wang", "17号", HASH_C, NULL, 3, OK },
	  { "zhao", "17号", HASH_B, NULL, 3, REFERENCE },
	  1,
	  "version" },
	{ "a reference that looks like a hash",
	  { "li", "sha256:" HASH_A, HASH_C, NULL, 2, OK },
	  { "wang", NULL, HASH_A, NULL, 2, OK },
	  { "li", NULL, HASH_C, NULL, 2, OK },
	  2,
	  NULL },
};

static const char *key_of(char **keys, unsigned i)
{
	return i < g_strv_length(keys) && !g_str_equal(keys[i], "-") ? keys[i]
								     : NULL;
}

/* "@plan wang" is wang, who acts for @plan. */
static int send(miyin_register *reg, const print *p, int n)
{
	g_autofree char *uuid = g_strdup_printf("job-%d", n);
	g_auto(GStrv) owners = g_strsplit(p->user, " ", -1);
	g_auto(GStrv) keys = g_strsplit(p->keys ? p->keys : "", " ", -1);
	miyin_request request = new_request(uuid, 1, 9);
	g_autoptr(GPtrArray) copies = NULL;
	g_autoptr(GError) error = NULL;
	gboolean reprint;
	gboolean asked;

	request.user =
		strrchr(p->user, ' ') ? strrchr(p->user, ' ') + 1 : p->user;
	request.owners = *p->user == '@' ? owners : NULL;
	request.reference = p->reference;
	request.content_hash = p->hash;
	request.identity = key_of(keys, 0);
	request.shown = key_of(keys, 1);
	request.words = key_of(keys, 2);
	request.level_rank = p->rank;
	asked = miyin_register_is_reprint(reg, &request, &reprint, NULL);
	if (miyin_register_issue(reg, &request, &copies, &error)) {
		ck_assert(asked);
		return OK;
	}
	ck_assert(!asked);
	ck_assert_msg(error->domain == MIYIN_REFUSAL, "%s", error->message);
	/* Nothing of what others have. */
	ck_assert_ptr_null(strstr(error->message, "机密"));
	ck_assert_ptr_null(strstr(error->message, " li"));
	ck_assert(miyin_register_refuse(reg, &request,
					miyin_refusal_id(error->code),
					error->message, NULL));
	return error->code;
}

START_TEST(whose)
{
	g_autoptr(miyin_register) reg = open_register();
	const print *prints[] = { &rows[_i].first, &rows[_i].second,
				  &rows[_i].third };
	g_autofree char *sql = g_strdup_printf(
		"SELECT count(*) FROM events WHERE event = '%s'",
		rows[_i].event);

	for (int i = 0; i < 3; i++) {
		int end = send(reg, prints[i], i + 1);

		ck_assert_msg(end == prints[i]->refusal, "%s, print %d: %d",
			      rows[_i].what, i + 1, end);
	}
	ck_assert_msg(get_number("SELECT count(*) FROM documents") ==
			      rows[_i].n_documents,
		      "%s", rows[_i].what);
	ck_assert_msg(!rows[_i].event || get_number(sql) > 0, "%s",
		      rows[_i].what);
	assert_sound();
}
END_TEST

/* The officer reads what the user is not told. */
START_TEST(officer_is_told)
{
	g_autoptr(miyin_register) reg = open_register();
	const print first = { "li", "17号", HASH_A, NULL, 2, OK };
	const print second = { "wang", "17号", HASH_C, NULL, 2, REFERENCE };
	const print third = { "wang", "18号", HASH_A, NULL, 1, LOWERED };

	send(reg, &first, 1);
	send(reg, &second, 2);
	send(reg, &third, 3);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE user ="
				    " 'wang' AND reason = 'reference' AND"
				    " detail LIKE '%[it belongs to li, 秘密,"
				    " other content]'"),
			 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE user ="
				    " 'wang' AND reason = 'level-lowered' AND"
				    " detail LIKE '%[17号 of li is registered"
				    " as 秘密]'"),
			 1);
}
END_TEST

/* Said once: a form that is printed every day would fill the book. */
START_TEST(same_content_once)
{
	g_autoptr(miyin_register) reg = open_register();
	const print first = { "li", NULL, HASH_A, NULL, 2, OK };
	const print other = { "wang", NULL, HASH_A, NULL, 2, OK };

	send(reg, &first, 1);
	for (int i = 2; i < 6; i++)
		send(reg, &other, i);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'same-content' AND user = 'wang' AND"
				    " detail LIKE 'same content as sha256:%"
				    " of li, 秘密 (1 in all)'"),
			 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'same-content'"),
			 1);
}
END_TEST

/* An officer says that the content is everybody's. */
START_TEST(common_content)
{
	g_autoptr(miyin_register) reg = open_register();
	const print first = { "li", "17号", HASH_A, NULL, 3, OK };
	const print other = { "wang", NULL, HASH_A, NULL, 1, LOWERED };
	const print own = { "li", NULL, HASH_A, NULL, 1, LOWERED };
	miyin_document_record record;

	ck_assert_int_eq(send(reg, &first, 1), OK);
	ck_assert_int_eq(send(reg, &other, 2), LOWERED);
	ck_assert(miyin_register_document(
		reg, CHANGE(HASH_A, NULL, 1, "officer"), &record, NULL));
	ck_assert(record.common);
	miyin_document_record_clear(&record);
	ck_assert_int_eq(send(reg, &other, 3), OK);
	/* Its owner said what it is to him. */
	ck_assert_int_eq(send(reg, &own, 4), LOWERED);
}
END_TEST

/* Who took a reference before its owner printed loses it. */
START_TEST(given_to_its_owner)
{
	g_autoptr(miyin_register) reg = open_register();
	const print squatter = { "wang", "17号", HASH_C, NULL, 3, OK };
	const print owner = { "li", "17号", HASH_A, NULL, 3, REFERENCE };
	miyin_document_record record;
	g_autoptr(GError) error = NULL;

	ck_assert_int_eq(send(reg, &squatter, 1), OK);
	ck_assert_int_eq(send(reg, &owner, 2), REFERENCE);
	ck_assert(miyin_register_document(
		reg, CHANGE("17号", NULL, -1, "officer"), &record, NULL));
	ck_assert_str_eq(record.owner, "wang");
	miyin_document_record_clear(&record);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'document'"),
			 0);
	ck_assert(miyin_register_document(
		reg, CHANGE("１７号", "li", -1, "officer"), &record, NULL));
	ck_assert_str_eq(record.owner, "li");
	miyin_document_record_clear(&record);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'document' AND user = 'officer' AND"
				    " detail LIKE 'owner li, was wang;%'"),
			 1);
	ck_assert_int_eq(send(reg, &owner, 3), OK);
	ck_assert_int_eq(send(reg,
			      &(const print){ "wang", "17号", HASH_B, NULL, 3,
					      REFERENCE },
			      4),
			 REFERENCE);
	ck_assert(!miyin_register_document(
		reg, CHANGE("18号", "li", -1, "officer"), &record, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dossier");
	TCase *tcase = new_tcase(suite, "dossier", 20);

	tcase_add_loop_test(tcase, whose, 0, G_N_ELEMENTS(rows));
	tcase_add_test(tcase, officer_is_told);
	tcase_add_test(tcase, same_content_once);
	tcase_add_test(tcase, common_content);
	tcase_add_test(tcase, given_to_its_owner);
	return run_suite(suite);
}
