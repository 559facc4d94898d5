/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tell.h"
#include <miyin/text.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_CHARS 300 /* cupsd cuts a line at 1,023 bytes */

/*
 * cupsd puts each line on the printer, where everybody reads it, and on the job
 * only a line that is as grave as the gravest so far. So the text is followed
 * by an empty INFO, which takes it off the printer and stays off the job. In
 * one piece: cupsd answers nobody between two lines that it has read together.
 * Source: cups 2.4.2, scheduler/job.c, update_job.
 */
static void tell_owner(const char *kind, const char *text)
{
	g_autofree char *clean = miyin_text_clean(text, LINE_MAX_CHARS);
	g_autofree char *both =
		g_strdup_printf("%s: %s\nINFO: \n", kind, clean);

	if (write(STDERR_FILENO, both, strlen(both)) < 0)
		return; /* nobody is there to be told */
}

void miyin_tell_error(const char *text)
{
	tell_owner("ERROR", text);
}

void miyin_tell_warning(const char *text)
{
	tell_owner("WARNING", text);
}

void miyin_tell_info(const char *text)
{
	/* A job's last INFO goes away when the job ends. */
	tell_owner("WARNING", text);
}

void miyin_tell_debug(const char *text)
{
	g_autofree char *clean = miyin_text_clean(text, LINE_MAX_CHARS);

	fprintf(stderr, "DEBUG: %s\n", clean);
}

static void tell_pages(unsigned total)
{
	fprintf(stderr, "PAGE: total %u\n", total);
}

/*
 * A driver's backend says so of its own job, and the scheduler takes whoever
 * says it for done: one that ends then calls the job completed, and the copies
 * that are not yet printed would never be.
 * Source: cups 2.4.2, scheduler/job.c, update_job and cupsdStopAllJobs.
 */
static char *keep_others(const char *reasons)
{
	g_auto(GStrv) all = g_strsplit(reasons ? reasons : "", ",", -1);
	GString *kept = g_string_new(NULL);

	for (char **one = all; *one; one++)
		if (!g_str_has_prefix(*one, "cups-waiting-for-job-completed"))
			g_string_append_printf(kept, "%s%s",
					       kept->len > 0 ? "," : "", *one);
	return g_string_free(kept, FALSE);
}

static gboolean tell_reasons(char **shown, const char *reasons)
{
	g_autofree char *others = keep_others(reasons);

	reasons = others;
	if (g_str_equal(reasons, "none") || !*reasons)
		reasons = NULL;
	if (g_strcmp0(*shown, reasons) == 0)
		return FALSE;
	if (*shown)
		fprintf(stderr, "STATE: -%s\n", *shown);
	if (reasons && strspn(reasons, "abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789.,-") == strlen(reasons))
		fprintf(stderr, "STATE: +%s\n", reasons);
	else
		reasons = NULL;
	miyin_text_replace(shown, g_strdup(reasons));
	return TRUE;
}

gboolean miyin_tell_is_read(void)
{
	struct pollfd status = { .fd = STDERR_FILENO };

	return poll(&status, 1, 0) <= 0 || !(status.revents & POLLERR);
}

const miyin_status miyin_tell = {
	.warn = miyin_tell_warning,
	.show = miyin_tell_info,
	.debug = miyin_tell_debug,
	.count = tell_pages,
	.reasons = tell_reasons,
	.is_read = miyin_tell_is_read,
};
