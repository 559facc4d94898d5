/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <unistd.h>
#include <cups/cups.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include "conftext.h"
#include "cupsdconf.h"
#include "operations.h"
#include "queues.h"

#define BEGIN "# miyin begin"
#define END "# miyin end"
#define RESOURCE "/admin/conf/cupsd.conf"
#define RELOAD_WAIT_S 60
#define DEFAULT_MAX_EVENTS "MaxEvents 100" /* man cupsd.conf */

static const char form[] =
#include <ppd/cupsd.conf.h>
	;
static const char built_in_body[] =
#include <ppd/default-policy.conf.h>
	;

/* The first block; *end is after its last line. */
static gboolean find_marked(const char *text, const char **start,
			    const char **end)
{
	gboolean inside = FALSE, found = FALSE;
	g_auto(miyin_confline) l = { 0 };

	while (!found && miyin_conftext_next(&text, &l)) {
		if (g_ascii_strcasecmp(l.text, BEGIN) == 0) {
			*start = l.start;
			inside = TRUE;
		} else if (inside && g_ascii_strcasecmp(l.text, END) == 0) {
			*end = l.end;
			found = TRUE;
		}
	}
	return found;
}

static char *cut_marked(const char *text)
{
	GString *out = g_string_new(NULL);
	const char *start, *end;

	while (find_marked(text, &start, &end)) {
		if (end[-1] != '\n' && start > text && start[-1] == '\n')
			start--;
		g_string_append_len(out, text, start - text);
		text = end;
	}
	g_string_append(out, text);
	return g_string_free(out, FALSE);
}

/* The last line of a text, with its line end. */
static char *last_line(const GString *text)
{
	gsize start = text->len;

	while (start > 0 &&
	       (start == text->len || text->str[start - 1] != '\n'))
		start--;
	return g_strdup(text->str + start);
}

static gboolean is_same_directive(const char *a, const char *b)
{
	const gsize length = strcspn(a, " \t\n");

	return length == strcspn(b, " \t\n") &&
	       g_ascii_strncasecmp(a, b, length) == 0;
}

/* Ahead of our policies, the last one where it is wanted. */
static char **list_settings(void)
{
	g_autofree char *all = g_strndup(form, strstr(form, "<Policy") - form);

	return g_strsplit(g_strchomp(all), "\n", -1);
}

/* cupsctl takes our marks away with all comments, and leaves the rest where it
 * was: our settings, in their order, end right above our first policy. Those
 * that it was told to change are the administrator's now. */
static void cut_settings(GString *out)
{
	g_autoptr(GString) kept = g_string_new(NULL);
	g_auto(GStrv) settings = list_settings();

	for (unsigned i = g_strv_length(settings); i-- > 0;) {
		g_autofree char *last = last_line(out);
		g_autofree char *ours = g_strconcat(settings[i], "\n", NULL);

		if (!is_same_directive(last, ours))
			continue;
		g_string_truncate(out, out->len - strlen(last));
		if (!g_str_equal(last, ours))
			g_string_prepend(kept, last);
	}
	g_string_append(out, kept->str);
}

gboolean miyin_cupsdconf_is_cover(const char *policy)
{
	const size_t n = strlen(MIYIN_POLICY_DEFAULT);

	return g_ascii_strncasecmp(policy, MIYIN_POLICY_DEFAULT, n) == 0 &&
	       (policy[n] == '\0' || policy[n] == '-');
}

gboolean miyin_cupsdconf_is_ours(const char *policy)
{
	return g_ascii_strcasecmp(policy, MIYIN_POLICY_GATE) == 0 ||
	       g_ascii_strcasecmp(policy, MIYIN_POLICY_DEVICE) == 0 ||
	       miyin_cupsdconf_is_cover(policy);
}

static char *cut_strays(const char *text)
{
	GString *out = g_string_new(NULL);
	gboolean inside = FALSE;
	g_auto(miyin_confline) l = { 0 };

	while (miyin_conftext_next(&text, &l)) {
		gboolean drop = inside;

		if (g_ascii_strcasecmp(l.word, "<Policy") == 0) {
			drop = inside = miyin_cupsdconf_is_ours(l.value);
			if (g_ascii_strcasecmp(l.value, MIYIN_POLICY_GATE) == 0)
				cut_settings(out);
		} else if (g_ascii_strncasecmp(l.word, "</Policy", 8) == 0) {
			inside = FALSE;
		} else if (g_ascii_strcasecmp(l.text, BEGIN) == 0 ||
			   g_ascii_strcasecmp(l.text, END) == 0 ||
			   (g_ascii_strcasecmp(l.word, "DefaultPolicy") == 0 &&
			    miyin_cupsdconf_is_ours(l.value))) {
			drop = TRUE;
		}
		if (!drop)
			g_string_append_len(out, l.start, l.end - l.start);
	}
	return g_string_free(out, FALSE);
}

char *miyin_cupsdconf_remove(const char *text)
{
	g_autofree char *rest = cut_marked(text);

	return cut_strays(rest);
}

static void append_settings(GString *out, const char *base)
{
	g_autofree char *own = miyin_conftext_get(base, "MaxJobsPerUser");
	const gboolean has_own = own && !g_str_equal(own, "0");
	g_auto(GStrv) settings = list_settings();

	for (int i = 0; settings[i] && (settings[i + 1] || !has_own); i++)
		g_string_append_printf(out, "%s\n", settings[i]);
}

/* A policy up to its Limits. */
static void open_policy(GString *out, const char *name, const char *like,
			const char *user)
{
	g_autofree char *body = miyin_conftext_policy(form, like);
	g_autoptr(GString) private = g_string_new(body);

	g_string_replace(private, "@SERVICE", user, 0);
	g_string_append_printf(out, "<Policy %s>\n%s", name, private->str);
}

static void append_policy(GString *out, const char *name, miyin_place place,
			  const char *user)
{
	open_policy(out, name, name, user);
	miyin_operations_write(out, place, user);
	g_string_append(out, "</Policy>\n");
}

static char *cover_of(const char *policy, const char *preset)
{
	if (g_ascii_strcasecmp(policy, preset) == 0)
		return g_strdup(MIYIN_POLICY_DEFAULT);
	return g_strconcat(MIYIN_POLICY_DEFAULT "-", policy, NULL);
}

static gboolean is_private(const char *word)
{
	return g_ascii_strncasecmp(word, "JobPrivate", 10) == 0 ||
	       g_ascii_strncasecmp(word, "SubscriptionPrivate", 19) == 0;
}

static gboolean is_decided(const char *name)
{
	const miyin_operation *row =
		miyin_operations_find(miyin_operations_parse(name));

	return row && row->may[MIYIN_AT_SERVER] != MIYIN_MAY_AS_BEFORE;
}

static char *limit_without(const char *value)
{
	g_auto(GStrv) names = g_strsplit_set(value, " \t", -1);
	GString *others = g_string_new(NULL);

	for (int i = 0; names[i]; i++)
		if (*names[i] && !is_decided(names[i]))
			g_string_append_printf(others, "%s%s",
					       others->len ? " " : "",
					       names[i]);
	return g_string_free(others, FALSE);
}

/* A policy's body with what the table decides taken out of every Limit, and
 * what it says of privacy. */
static void append_without(GString *out, const char *body)
{
	gboolean skip = FALSE;
	g_auto(miyin_confline) l = { 0 };

	while (miyin_conftext_next(&body, &l)) {
		if (is_private(l.word))
			continue;
		if (g_ascii_strcasecmp(l.word, "<Limit") == 0) {
			g_autofree char *others = limit_without(l.value);

			skip = !*others;
			if (g_str_equal(others, l.value))
				g_string_append_len(out, l.start,
						    l.end - l.start);
			else if (!skip)
				g_string_append_printf(out, "  <Limit %s>\n",
						       others);
		} else if (!skip) {
			g_string_append_len(out, l.start, l.end - l.start);
		} else if (g_ascii_strncasecmp(l.word, "</Limit", 7) == 0) {
			skip = FALSE;
		}
	}
}

/* Each of the administrator's policies, but for the operations that the table
 * decides and for what is private. Some operations obey the default policy
 * alone; others that of the queue in the request, whatever queue the job that
 * they name is on: so no queue may keep a policy that is not ours.
 * Source: cups 2.4.2, scheduler/ipp.c, get_jobs, create_subscriptions. */
static void append_covers(GString *out, const char *base, const char *user)
{
	g_autoptr(GPtrArray) names = miyin_conftext_policies(base);

	for (unsigned i = 0; i < names->len; i++) {
		g_autofree char *body =
			miyin_conftext_policy(base, names->pdata[i]);
		g_autofree char *cover =
			cover_of(names->pdata[i], names->pdata[0]);

		open_policy(out, cover, MIYIN_POLICY_DEFAULT, user);
		append_without(out, body ? body : built_in_body);
		miyin_operations_write(out, MIYIN_AT_SERVER, user);
		g_string_append(out, "</Policy>\n");
	}
	g_string_append(out, "DefaultPolicy " MIYIN_POLICY_DEFAULT "\n");
}

char *miyin_cupsdconf_add(const char *text, const char *user)
{
	g_autofree char *base = miyin_cupsdconf_remove(text);
	GString *out = g_string_new(base);
	gboolean whole = out->len == 0 || g_str_has_suffix(base, "\n");

	/* A file without a last line end gets one before our block and none
	 * after it: so remove knows. */
	if (!whole)
		g_string_append_c(out, '\n');
	g_string_append(out,
			BEGIN "\n"
			      "# Written by miyin protect; miyin unprotect "
			      "takes it out again.\n");
	append_settings(out, base);
	append_policy(out, MIYIN_POLICY_GATE, MIYIN_AT_GATE, user);
	append_policy(out, MIYIN_POLICY_DEVICE, MIYIN_AT_DEVICE, user);
	append_covers(out, base, user);
	g_string_append(out, whole ? END "\n" : END);
	return g_string_free(out, FALSE);
}

char *miyin_cupsdconf_block(const char *text)
{
	const char *start, *end;

	if (!find_marked(text, &start, &end))
		return NULL;
	return g_strstrip(g_strndup(start, end - start));
}

char *miyin_cupsdconf_cover(const char *text, const char *policy)
{
	g_autofree char *base = miyin_cupsdconf_remove(text);
	g_autofree char *preset = miyin_conftext_default_policy(base);

	return cover_of(policy, preset);
}

char *miyin_cupsdconf_uncover(const char *text, const char *cover)
{
	const char *policy = cover + strlen(MIYIN_POLICY_DEFAULT);
	g_autofree char *base = miyin_cupsdconf_remove(text);

	return *policy ? g_strdup(policy + 1)
		       : miyin_conftext_default_policy(base);
}

/* What a policy keeps private and who sees it all the same, one a line. */
static char *privacy_of(const char *text, const char *policy)
{
	g_autofree char *body = miyin_conftext_policy(text, policy);
	GString *privacy = g_string_new(NULL);
	const char *at = body ? body : "";
	g_auto(miyin_confline) l = { 0 };

	while (miyin_conftext_next(&at, &l)) {
		if (is_private(l.word))
			g_string_append_printf(privacy, "%s %s\n", l.word,
					       l.value);
	}
	return g_string_free(privacy, FALSE);
}

static miyin_place place_of(const char *policy)
{
	if (g_ascii_strcasecmp(policy, MIYIN_POLICY_GATE) == 0)
		return MIYIN_AT_GATE;
	return miyin_cupsdconf_is_cover(policy) ? MIYIN_AT_SERVER
						: MIYIN_AT_DEVICE;
}

/* The first "POLICY: WHAT" of a policy of our block that another text's policy
 * decides otherwise, or NULL. */
static char *policy_differs(const char *whole, const char *name,
			    const char *text, const char *seen)
{
	unsigned n;
	const miyin_operation *rows = miyin_operations_list(&n);
	const miyin_place place = place_of(name);
	g_autofree char *private = privacy_of(whole, name);
	g_autofree char *seen_private = privacy_of(text, seen);

	if (!g_str_equal(private, seen_private))
		return g_strdup_printf("%s: JobPrivateValues", seen);
	for (unsigned i = 0; i < n; i++) {
		g_autofree char *wanted =
			miyin_conftext_limit(whole, name, rows[i].operation);
		g_autofree char *found =
			miyin_conftext_limit(text, seen, rows[i].operation);

		if (rows[i].may[place] != MIYIN_MAY_AS_BEFORE &&
		    g_strcmp0(wanted, found))
			return g_strdup_printf("%s: %s", seen,
					       ippOpString(rows[i].operation));
	}
	return NULL;
}

char *miyin_cupsdconf_differs(const char *text, const char *user)
{
	g_autofree char *whole = miyin_cupsdconf_add(text, user);
	g_autofree char *in_force = miyin_conftext_default_policy(text);
	g_autoptr(GPtrArray) names = miyin_conftext_policies(whole);
	char *other = NULL;

	for (unsigned i = 0; !other && i < names->len; i++) {
		const char *name = names->pdata[i], *seen = name;

		if (!miyin_cupsdconf_is_ours(name))
			continue;
		if (g_str_equal(name, MIYIN_POLICY_DEFAULT))
			seen = in_force;
		other = policy_differs(whole, name, text, seen);
	}
	return other;
}

char *miyin_cupsdconf_read(GError **error)
{
	return miyin_queues_get(RESOURCE, error);
}

static gboolean write_conf(const char *text, GError **error)
{
	g_auto(miyin_fd) fd = miyin_memfile_new_text("cupsd.conf", text, error);
	http_status_t status;

	if (fd < 0)
		return FALSE;
	miyin_memfile_rewind(fd);
	status = cupsPutFd(CUPS_HTTP_DEFAULT, RESOURCE, fd);
	if (status != HTTP_STATUS_CREATED && status != HTTP_STATUS_OK)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The scheduler did not take the new "
				    "cupsd.conf: %s."),
				  httpStatus(status));
	/* It no longer listens until it has read the file, so the first answer
	 * comes from the new configuration. */
	for (int i = 0; i < RELOAD_WAIT_S * 10; i++) {
		if (miyin_queues_reachable())
			return TRUE;
		g_usleep(G_USEC_PER_SEC / 10);
	}
	return miyin_fail(error, MIYIN_ERROR_BUSY,
			  _("The scheduler does not answer after its new "
			    "cupsd.conf; look into its error_log."));
}

gboolean miyin_cupsdconf_install(const char *user, GError **error)
{
	g_autofree char *old = miyin_cupsdconf_read(error);
	g_autofree char *new = old ? miyin_cupsdconf_add(old, user) : NULL;

	return new && (g_str_equal(old, new) || write_conf(new, error));
}

/* A cupsd that reads its file again keeps MaxEvents where the file has none:
 * so its own number first. Source: cups 2.4.2, scheduler/conf.c. */
gboolean miyin_cupsdconf_uninstall(GError **error)
{
	g_autofree char *old = miyin_cupsdconf_read(error);
	g_autofree char *new = old ? miyin_cupsdconf_remove(old) : NULL;
	g_autofree char *events =
		new ? miyin_conftext_get(new, "MaxEvents") : NULL;
	g_autofree char *first =
		new ? g_strconcat(new, "\n" DEFAULT_MAX_EVENTS "\n", NULL)
		    : NULL;

	return new && (g_str_equal(old, new) ||
		       ((events || write_conf(first, error)) &&
			write_conf(new, error)));
}
