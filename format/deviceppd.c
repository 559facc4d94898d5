/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/deviceppd.h>
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <string.h>

#define BEGIN "*PPD-Adobe:"
#define KEPT "*%miyin: "
#define MONITOR "*%miyin-monitor: "
#define PASS "*cupsFilter2: \"application/pdf application/octet-stream 0 -\""

/* What makes the scheduler start something between a job and its device. */
static const char *const programs[] = {
	"*cupsFilter:",
	"*cupsFilter2:",
	"*cupsPreFilter:",
	"*cupsPortMonitor",
};

/* Of one line, without its end; CUPS takes keywords without regard to case. */
static gboolean starts_program(const char *line)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(programs); i++)
		if (g_ascii_strncasecmp(line, programs[i],
					strlen(programs[i])) == 0)
			return TRUE;
	return FALSE;
}

/* Of any line ends, each without its own; CR LF makes one. */
static char **split(const char *ppd)
{
	g_auto(GStrv) parts = g_strsplit(ppd, "\r\n", -1);
	g_autofree char *text = g_strjoinv("\n", parts);

	g_strdelimit(text, "\r", '\n');
	return g_strsplit(text, "\n", -1);
}

static gboolean fail(const char *why, GError **error)
{
	return miyin_fail(error, MIYIN_ERROR_INPUT, "%s", why);
}

/* The last line's end is not doubled. */
static char *finish(GString *text)
{
	if (text->len > 0)
		g_string_truncate(text, text->len - 1);
	return g_string_free(text, FALSE);
}

char *miyin_deviceppd_make(const char *ppd, const char *monitor, GError **error)
{
	g_auto(GStrv) lines = split(ppd);
	g_autoptr(GString) text = g_string_new(NULL);

	if (!g_str_has_prefix(ppd, BEGIN)) {
		fail(_("The driver is no PPD file."), error);
		return NULL;
	}
	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, "*%miyin")) {
			fail(_("The driver is that of a protected printer "
			       "already."),
			     error);
			return NULL;
		}
		g_string_append_printf(text, "%s%s\n",
				       starts_program(*line) ? KEPT : "",
				       *line);
		if (line != lines)
			continue;
		g_string_append_printf(text, "%s\n%s%s\n", PASS, MONITOR,
				       monitor && *monitor ? monitor : "none");
	}
	return finish(g_steal_pointer(&text));
}

char *miyin_deviceppd_restore(const char *ppd, char **monitor, GError **error)
{
	g_auto(GStrv) lines = split(ppd);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *found = NULL;
	gboolean passes = FALSE;

	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, KEPT))
			g_string_append_printf(text, "%s\n",
					       *line + strlen(KEPT));
		else if (g_str_has_prefix(*line, MONITOR) && !found)
			found = g_strdup(*line + strlen(MONITOR));
		else if (g_str_equal(*line, PASS))
			passes = TRUE;
		else if (starts_program(*line) &&
			 !fail(_("The scheduler itself would run a program of "
				 "the driver; miyin doctor says how to mend "
				 "that."),
			       error))
			return NULL;
		else
			g_string_append_printf(text, "%s\n", *line);
	}
	if (!passes || !found) {
		fail(_("The queue does not leave its driver to miyin; miyin "
		       "doctor says how to mend that."),
		     error);
		return NULL;
	}
	*monitor = g_str_equal(found, "none") ? NULL : g_steal_pointer(&found);
	return finish(g_steal_pointer(&text));
}
