/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of the register by what an officer asks for: how many rows, or why
 * there are none.
 */
#include "register-file.h"
#include <miyin/listing.h>
#include <string.h>

static const char *const gates[] = { "new-queue", NULL };

/* Of two copies that li has on the queue secret, 张三's and 李四's. */
static const struct {
	const char *sentence;
	miyin_wish wish;
	int copies;	   /* -1: none, for it never was */
	const char *there; /* what the error says there is */
} wishes[] = {
	{ "all", { .gates = NULL }, 2, NULL },
	{ "of a user", { .filter.user = "li" }, 2, NULL },
	{ "of one who never printed", { .filter.user = "root" }, 0, NULL },
	{ "of nobody", { .filter.user = "no-one-at-all" }, -1, "li" },
	{ "of a queue", { .filter.printer = "secret" }, 2, NULL },
	{ "of a gate without a print",
	  { .filter.printer = "new-queue", .gates = (char **)gates },
	  0,
	  NULL },
	{ "of a queue that is none",
	  { .filter.printer = "other", .gates = (char **)gates },
	  -1,
	  "secret" },
	{ "of a level by its id", { .filter.level = "mimi" }, 2, NULL },
	{ "of a level by its text", { .filter.level = "秘密" }, 2, NULL },
	{ "of a level without a print", { .filter.level = "绝密" }, 0, NULL },
	{ "of a level that is none", { .filter.level = "plain" }, -1, "juemi" },
	{ "of a holder", { .filter.holder = "李四" }, 1, NULL },
	{ "of a stranger", { .filter.holder = "孙八" }, -1, "张三, 李四" },
	{ "of a name that steers terminals",
	  { .filter.holder = "\033[31mred" },
	  -1,
	  "\"[31mred\"" },
	{ "that had an event", { .filter.event = "issue" }, 2, NULL },
	{ "that never had it", { .filter.event = "printed" }, 0, NULL },
};

static gboolean count_event(const miyin_event *event, gpointer n)
{
	*(int *)n += g_str_equal(event->event, "issue");
	return TRUE;
}

static gboolean count_copy(const miyin_copy_record *copy, gpointer n)
{
	*(int *)n += g_str_equal(copy->title, "Plan");
	return TRUE;
}

static void assert_listed(int i, gboolean listed, int n, const GError *error)
{
	if (wishes[i].copies >= 0) {
		ck_assert_msg(listed && n == wishes[i].copies, "%s: %d, %s",
			      wishes[i].sentence, n,
			      error ? error->message : "");
		return;
	}
	ck_assert_msg(!listed && n == 0, "%s", wishes[i].sentence);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING));
	ck_assert_msg(strstr(error->message, wishes[i].there) != NULL, "%s: %s",
		      wishes[i].sentence, error->message);
}

START_TEST(lists)
{
	const miyin_actor actor = { .name = (char *)"wang" };
	const miyin_config config = { .register_path = path,
				      .user = (char *)g_get_user_name() };
	g_autoptr(miyin_levels) levels = miyin_levels_open("samples/schemes");
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	g_auto(miyin_office) office = { 0 };
	g_autoptr(GError) of_copies = NULL, of_events = NULL;
	int n_copies = 0, n_events = 0;
	gboolean listed;

	ck_assert(miyin_office_open(&office, &actor, &config, NULL));
	listed = miyin_listing_copies(&office, levels, &wishes[_i].wish,
				      count_copy, &n_copies, &of_copies);
	assert_listed(_i, listed, n_copies, of_copies);
	listed = miyin_listing_events(&office, levels, &wishes[_i].wish,
				      count_event, &n_events, &of_events);
	assert_listed(_i, listed, n_events, of_events);
}
END_TEST

/* The register as a whole is an administrator's. */
START_TEST(roles)
{
	miyin_actor actor = { .name = (char *)"wang",
			      .role = MIYIN_ROLE_OFFICER };
	const miyin_config config = { .register_path = path,
				      .user = (char *)g_get_user_name() };
	g_autoptr(miyin_register) reg = open_register();
	g_autofree char *file = g_strconcat(path, ".copy", NULL);
	g_auto(miyin_office) office = { 0 };
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_office_open(&office, &actor, &config, NULL));
	ck_assert(!miyin_office_backup(&office, file, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_DENIED));
	ck_assert(!g_file_test(file, G_FILE_TEST_EXISTS));
	actor.role = MIYIN_ROLE_ADMINISTRATOR;
	ck_assert(miyin_office_backup(&office, file, NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("listing");
	TCase *tcase = new_tcase(suite, "wishes", 20);

	tcase_add_test(tcase, roles);
	tcase_add_loop_test(tcase, lists, 0, G_N_ELEMENTS(wishes));
	return run_suite(suite);
}
