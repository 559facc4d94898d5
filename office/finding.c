/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/finding.h>

static const char *const verdicts[] = {
	[MIYIN_FOUND] = "found",
	[MIYIN_FOUND_NOTHING] = "nothing",
	[MIYIN_FOUND_FORGED] = "forged",
	[MIYIN_FOUND_UNKNOWN] = "unknown",
	[MIYIN_FOUND_SPECIMEN] = "specimen",
};

void miyin_finding_free(miyin_finding *found)
{
	g_free(found->text);
	g_free(found->why);
	if (found->strings)
		g_string_chunk_free(found->strings);
	g_free(found);
}

const char *miyin_finding_verdict(const miyin_finding *found)
{
	return verdicts[found->verdict];
}
