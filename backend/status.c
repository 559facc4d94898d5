/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status.h"
#include <miyin/text.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_CHARS 300	/* cupsd cuts a line at 1,023 bytes */

static void say(const char *kind, const char *text);

void miyin_status_error(const char *text)
{
	say("ERROR", text);
}

void miyin_status_warning(const char *text)
{
	say("WARNING", text);
}

void miyin_status_info(const char *text)
{
	say("INFO", text);
}

void miyin_status_debug(const char *text)
{
	say("DEBUG", text);
}

void miyin_status_pages(unsigned total)
{
	fprintf(stderr, "PAGE: total %u\n", total);
}

void miyin_status_reasons(char **shown, const char *reasons)
{
	if (reasons && (g_str_equal(reasons, "none") || !*reasons))
		reasons = NULL;
	if (g_strcmp0(*shown, reasons) == 0)
		return;
	if (*shown)
		fprintf(stderr, "STATE: -%s\n", *shown);
	if (reasons && strspn(reasons, "abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789.,-") == strlen(reasons))
		fprintf(stderr, "STATE: +%s\n", reasons);
	else
		reasons = NULL;
	g_free(*shown);
	*shown = g_strdup(reasons);
}

void miyin_status_refuse(GError **error, miyin_refusal refusal)
{
	if ((*error)->domain == MIYIN_REFUSAL)
		return;
	miyin_status_debug((*error)->message);
	g_clear_error(error);
	*error = miyin_refusal_new(refusal);
}

gboolean miyin_status_is_read(void)
{
	struct pollfd status = { .fd = STDERR_FILENO };

	return poll(&status, 1, 0) <= 0 || !(status.revents & POLLERR);
}

static void say(const char *kind, const char *text)
{
	g_autofree char *clean = miyin_text_clean(text, LINE_MAX_CHARS);

	fprintf(stderr, "%s: %s\n", kind, clean);
}
