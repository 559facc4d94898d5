/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/budget.h>
#include <miyin/refusal.h>
#include <miyin/keyfile.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <stddef.h>

#define GROUP "budget"
#define N_NUMBERS 5

const miyin_budget miyin_budget_default = {
	.input_mib = 512,
	.temporary_mib = 1024,
	.memory_mib = 2048,
	.pages = 5000,
	.seconds = 600,
};

/* A frame's body ends at 1 GiB, so more than that of input goes nowhere. */
#define NUMBER(member) offsetof(miyin_budget, member)
static const struct {
	const char *key;
	unsigned least, greatest;
	size_t offset;
} numbers[N_NUMBERS] = {
	{ "input-mib", 1, 1024, NUMBER(input_mib) },
	{ "temporary-mib", 16, 65536, NUMBER(temporary_mib) },
	{ "memory-mib", 256, 1048576, NUMBER(memory_mib) },
	{ "pages", 1, 1000000, NUMBER(pages) },
	{ "seconds", 10, 86400, NUMBER(seconds) },
};

static unsigned *nth(miyin_budget *budget, unsigned i)
{
	return G_STRUCT_MEMBER_P(budget, numbers[i].offset);
}

gboolean miyin_budget_read(GKeyFile *file, const char *path,
			   miyin_budget *budget, GError **error)
{
	const char *keys[N_NUMBERS + 1] = { NULL };
	g_autofree char *all = NULL;
	miyin_keyfile_group g = { file, path, GROUP, error, FALSE };
	miyin_budget read = miyin_budget_default;
	const gboolean is_there = g_key_file_has_group(file, GROUP);

	for (unsigned i = 0; i < N_NUMBERS; i++)
		keys[i] = numbers[i].key;
	all = g_strjoinv(" ", (char **)keys);
	if (is_there)
		miyin_keyfile_check_group(&g, all);
	for (unsigned i = 0; is_there && i < N_NUMBERS; i++)
		*nth(&read, i) = miyin_keyfile_get_number(
			&g, keys[i], numbers[i].least, numbers[i].greatest);
	if (g.failed)
		return FALSE;
	*budget = read;
	return TRUE;
}

GError *miyin_budget_refusal(const miyin_budget *budget, miyin_budget_part part)
{
	g_autofree char *most = NULL;

	switch (part) {
	case MIYIN_BUDGET_INPUT:
		most = g_strdup_printf(_("%u MiB of files"), budget->input_mib);
		break;
	case MIYIN_BUDGET_TEMPORARY:
		most = g_strdup_printf(_("%u MiB of temporary files"),
				       budget->temporary_mib);
		break;
	case MIYIN_BUDGET_MEMORY:
		most = g_strdup_printf(_("%u MiB of memory"),
				       budget->memory_mib);
		break;
	case MIYIN_BUDGET_PAGES:
		most = g_strdup_printf(_("%u pages"), budget->pages);
		break;
	default:
		most = g_strdup_printf(_("%u seconds of work"),
				       budget->seconds);
	}
	return miyin_refusal_new(MIYIN_REFUSAL_BUDGET, most);
}

char *miyin_budget_format(const miyin_budget *budget)
{
	return g_strdup_printf("%u %u %u %u %u", budget->input_mib,
			       budget->temporary_mib, budget->memory_mib,
			       budget->pages, budget->seconds);
}

gboolean miyin_budget_parse(const char *text, miyin_budget *budget)
{
	g_auto(GStrv) words = g_strsplit(text ? text : "", " ", -1);
	miyin_budget read = miyin_budget_default;

	if (text && g_strv_length(words) != N_NUMBERS)
		return FALSE;
	for (unsigned i = 0; text && i < N_NUMBERS; i++)
		if (!miyin_text_to_number(words[i], numbers[i].least,
					  numbers[i].greatest, nth(&read, i)))
			return FALSE;
	*budget = read;
	return TRUE;
}
