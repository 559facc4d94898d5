/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cups/cups.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include "cupsdconf.h"
#include "queues.h"

#define BEGIN "# miyin begin"
#define END "# miyin end"
#define RESOURCE "/admin/conf/cupsd.conf"
#define GET_DOCUMENT "CUPS-Get-Document"
#define RELOAD_WAIT_S 60

/* One line of the file, as cupsFileGetConf understands it. */
typedef struct {
	const char *start, *end; /* end: after the line end */
	char *text;		 /* without space at its ends */
	char *word;		 /* "" for a comment */
	char *value;
} line;

static gboolean next_line(const char **at, line *l);
static void line_clear(line *l);
static gboolean find_marked(const char *text, const char **start,
			    const char **end);
static char *cut_marked(const char *text);
static char *cut_strays(const char *text);
static gboolean is_ours(const char *policy);
static char *policy_body(const char *text, const char *policy);
static void append_policies(GString *out, const char *user);
static void append_default(GString *out, const char *base);
static void append_without(GString *out, const char *body);
static gboolean limit_names(const char *value, const char *operation);
static char *limit_without(const char *value);
static gboolean is_get_document(const char *operation);

/* Operations are named once each; what is not named anybody may do: asking.
 * The sets were tested, facts of cups.md section 3. */
static const char gate_policy[] =
	"<Policy " MIYIN_POLICY_GATE ">\n"
	"  JobPrivateAccess @OWNER @SYSTEM %s\n"
	"  JobPrivateValues all\n"
	"  SubscriptionPrivateAccess @OWNER @SYSTEM\n"
	"  SubscriptionPrivateValues all\n"
	"  <Limit Create-Job Print-Job Validate-Job>\n"
	"    AuthType Default\n"
	"    Require valid-user\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  # A second print of a document must be a job of its own.\n"
	"  <Limit Restart-Job Reprocess-Job Resubmit-Job CUPS-Move-Job "
	"Set-Job-Attributes CUPS-Get-Document Print-URI Send-URI>\n"
	"    AuthType Default\n"
	"    Require user " MIYIN_NOBODY "\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  <Limit Send-Document Close-Job Hold-Job Release-Job Cancel-Job "
	"Cancel-My-Jobs Cancel-Current-Job Suspend-Current-Job Resume-Job "
	"CUPS-Authenticate-Job Create-Job-Subscription Renew-Subscription "
	"Cancel-Subscription Get-Notifications Purge-Jobs>\n"
	"    AuthType Default\n"
	"    Require user @OWNER @SYSTEM\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  <Limit CUPS-Add-Modify-Printer CUPS-Delete-Printer "
	"CUPS-Add-Modify-Class CUPS-Delete-Class CUPS-Set-Default "
	"Set-Printer-Attributes Pause-Printer Resume-Printer Enable-Printer "
	"Disable-Printer Pause-Printer-After-Current-Job Hold-New-Jobs "
	"Release-Held-New-Jobs Deactivate-Printer Activate-Printer "
	"Restart-Printer Shutdown-Printer Startup-Printer Promote-Job "
	"Schedule-Job-After Cancel-Jobs CUPS-Accept-Jobs "
	"CUPS-Reject-Jobs>\n"
	"    AuthType Default\n"
	"    Require user @SYSTEM\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  <Limit All>\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"</Policy>\n";

/* cupsCreateJob asks for the printer's attributes first. */
static const char device_policy[] =
	"<Policy " MIYIN_POLICY_DEVICE ">\n"
	"  JobPrivateAccess @OWNER @SYSTEM\n"
	"  JobPrivateValues all\n"
	"  SubscriptionPrivateAccess @OWNER @SYSTEM\n"
	"  SubscriptionPrivateValues all\n"
	"  <Limit Create-Job Print-Job Validate-Job Send-Document "
	"Close-Job>\n"
	"    AuthType Default\n"
	"    Require user %s\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  <Limit Cancel-Job Cancel-Jobs Cancel-My-Jobs Get-Job-Attributes "
	"Get-Jobs Get-Printer-Attributes Get-Printer-Supported-Values>\n"
	"    AuthType Default\n"
	"    Require user %s @SYSTEM\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  <Limit Restart-Job Reprocess-Job Resubmit-Job CUPS-Move-Job "
	"Set-Job-Attributes CUPS-Get-Document Print-URI Send-URI>\n"
	"    AuthType Default\n"
	"    Require user " MIYIN_NOBODY "\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  <Limit All>\n"
	"    AuthType Default\n"
	"    Require user @SYSTEM\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"</Policy>\n";

/* What the scheduler makes up when cupsd.conf has no default policy.
 * Source: cups 2.4.2, scheduler/conf.c, cupsdReadConfiguration. */
static const char built_in_body[] =
	"  <Limit Create-Job Print-Job Print-URI Validate-Job>\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  <Limit Send-Document Send-URI Cancel-Job Hold-Job Release-Job "
	"Restart-Job Purge-Jobs Set-Job-Attributes Create-Job-Subscription "
	"Renew-Subscription Cancel-Subscription Get-Notifications "
	"Reprocess-Job Cancel-Current-Job Suspend-Current-Job Resume-Job "
	"Cancel-My-Jobs Close-Job CUPS-Move-Job CUPS-Authenticate-Job>\n"
	"    Require user @OWNER @SYSTEM\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  <Limit Pause-Printer Resume-Printer Set-Printer-Attributes "
	"Enable-Printer Disable-Printer Pause-Printer-After-Current-Job "
	"Hold-New-Jobs Release-Held-New-Jobs Deactivate-Printer "
	"Activate-Printer Restart-Printer Shutdown-Printer Startup-Printer "
	"Promote-Job Schedule-Job-After Cancel-Jobs CUPS-Add-Modify-Printer "
	"CUPS-Delete-Printer CUPS-Add-Modify-Class CUPS-Delete-Class "
	"CUPS-Accept-Jobs CUPS-Reject-Jobs CUPS-Set-Default>\n"
	"    AuthType Default\n"
	"    Require user @SYSTEM\n"
	"    Order deny,allow\n"
	"  </Limit>\n"
	"  <Limit All>\n"
	"    Order deny,allow\n"
	"  </Limit>\n";

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
			      "takes it out again.\n"
			      "PreserveJobFiles No\n");
	append_policies(out, user);
	append_default(out, base);
	g_string_append(out, whole ? END "\n" : END);
	return g_string_free(out, FALSE);
}

char *miyin_cupsdconf_remove(const char *text)
{
	g_autofree char *rest = cut_marked(text);

	return cut_strays(rest);
}

char *miyin_cupsdconf_block(const char *text)
{
	const char *start, *end;

	if (!find_marked(text, &start, &end))
		return NULL;
	return g_strstrip(g_strndup(start, end - start));
}

char *miyin_cupsdconf_get(const char *text, const char *directive)
{
	char *value = NULL;
	int depth = 0;
	line l;

	while (next_line(&text, &l)) {
		if (l.word[0] == '<')
			depth += l.word[1] == '/' ? -1 : 1;
		else if (depth == 0 &&
			 g_ascii_strcasecmp(l.word, directive) == 0) {
			g_free(value);
			value = g_strdup(l.value);
		}
		line_clear(&l);
	}
	return value;
}

gboolean miyin_cupsdconf_forbids(const char *text, const char *policy,
				 const char *operation)
{
	g_autofree char *body = policy_body(text, policy);
	const char *at = body;
	gboolean inside = FALSE, forbidden = FALSE;
	line l;

	if (!body)
		return FALSE;
	while (next_line(&at, &l)) {
		if (g_ascii_strcasecmp(l.word, "<Limit") == 0)
			inside = limit_names(l.value, operation);
		else if (l.word[0] == '<')
			inside = FALSE;
		else if (inside && g_ascii_strcasecmp(l.word, "Require") == 0)
			forbidden = g_str_equal(l.value, "user " MIYIN_NOBODY);
		line_clear(&l);
	}
	return forbidden;
}

char *miyin_cupsdconf_read(GError **error)
{
	return miyin_queues_get(RESOURCE, error);
}

gboolean miyin_cupsdconf_write(const char *text, GError **error)
{
	int fd = memfd_create("cupsd.conf", MFD_CLOEXEC);
	gsize length = strlen(text);
	http_status_t status;

	if (fd < 0 || write(fd, text, length) != (gssize)length ||
	    lseek(fd, 0, SEEK_SET) < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("cupsd.conf could not be written: %s."),
			    g_strerror(errno));
		close(fd);
		return FALSE;
	}
	status = cupsPutFd(CUPS_HTTP_DEFAULT, RESOURCE, fd);
	close(fd);
	if (status != HTTP_STATUS_CREATED && status != HTTP_STATUS_OK) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("The scheduler did not take the new "
			      "cupsd.conf: %s."),
			    httpStatus(status));
		return FALSE;
	}
	/* It no longer listens until it has read the file, so the first answer
	 * comes from the new configuration. */
	for (int i = 0; i < RELOAD_WAIT_S * 10; i++) {
		if (miyin_queues_reachable())
			return TRUE;
		g_usleep(G_USEC_PER_SEC / 10);
	}
	g_set_error_literal(error, MIYIN_ERROR, MIYIN_ERROR_BUSY,
			    _("The scheduler does not answer after its new "
			      "cupsd.conf; look into its error_log."));
	return FALSE;
}

gboolean miyin_cupsdconf_install(const char *user, GError **error)
{
	g_autofree char *old = miyin_cupsdconf_read(error);
	g_autofree char *new = old ? miyin_cupsdconf_add(old, user) : NULL;

	return new &&
	       (g_str_equal(old, new) || miyin_cupsdconf_write(new, error));
}

gboolean miyin_cupsdconf_uninstall(GError **error)
{
	g_autofree char *old = miyin_cupsdconf_read(error);
	g_autofree char *new = old ? miyin_cupsdconf_remove(old) : NULL;

	return new &&
	       (g_str_equal(old, new) || miyin_cupsdconf_write(new, error));
}

static gboolean next_line(const char **at, line *l)
{
	const char *eol;
	char *p;

	if (!**at)
		return FALSE;
	l->start = *at;
	eol = strchr(*at, '\n');
	l->end = *at = eol ? eol + 1 : *at + strlen(*at);
	l->text = g_strstrip(g_strndup(l->start, l->end - l->start));
	l->word = g_strdup(l->text);
	p = strchr(l->word, '#');
	if (p && (p == l->word || p[-1] != '\\'))
		*p = '\0';
	p = l->word + strcspn(l->word, " \t");
	if (*p)
		*p++ = '\0';
	l->value = g_strstrip(g_strdup(p));
	if (l->word[0] == '<' && g_str_has_suffix(l->value, ">")) {
		l->value[strlen(l->value) - 1] = '\0';
		g_strchomp(l->value);
	}
	return TRUE;
}

static void line_clear(line *l)
{
	g_free(l->text);
	g_free(l->word);
	g_free(l->value);
}

/* The first block; *end is after its last line. */
static gboolean find_marked(const char *text, const char **start,
			    const char **end)
{
	gboolean inside = FALSE, found = FALSE;
	line l;

	while (!found && next_line(&text, &l)) {
		if (g_ascii_strcasecmp(l.text, BEGIN) == 0) {
			*start = l.start;
			inside = TRUE;
		} else if (inside && g_ascii_strcasecmp(l.text, END) == 0) {
			*end = l.end;
			found = TRUE;
		}
		line_clear(&l);
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

static char *cut_strays(const char *text)
{
	GString *out = g_string_new(NULL);
	gboolean inside = FALSE;
	line l;

	while (next_line(&text, &l)) {
		gboolean drop = inside;

		if (g_ascii_strcasecmp(l.word, "<Policy") == 0)
			drop = inside = is_ours(l.value);
		else if (g_ascii_strncasecmp(l.word, "</Policy", 8) == 0)
			inside = FALSE;
		else if (g_ascii_strcasecmp(l.text, BEGIN) == 0 ||
			 g_ascii_strcasecmp(l.text, END) == 0 ||
			 (g_ascii_strcasecmp(l.word, "DefaultPolicy") == 0 &&
			  is_ours(l.value)))
			drop = TRUE;
		if (!drop)
			g_string_append_len(out, l.start, l.end - l.start);
		line_clear(&l);
	}
	return g_string_free(out, FALSE);
}

static gboolean is_ours(const char *policy)
{
	return g_ascii_strcasecmp(policy, MIYIN_POLICY_GATE) == 0 ||
	       g_ascii_strcasecmp(policy, MIYIN_POLICY_DEVICE) == 0 ||
	       g_ascii_strcasecmp(policy, MIYIN_POLICY_DEFAULT) == 0;
}

/* The lines between <Policy NAME> and </Policy>, or NULL. */
static char *policy_body(const char *text, const char *policy)
{
	const char *start = NULL, *end = NULL;
	line l;

	while (!end && next_line(&text, &l)) {
		if (start && g_ascii_strncasecmp(l.word, "</Policy", 8) == 0)
			end = l.start;
		else if (!start && g_ascii_strcasecmp(l.word, "<Policy") == 0 &&
			 g_ascii_strcasecmp(l.value, policy) == 0)
			start = l.end;
		line_clear(&l);
	}
	return end ? g_strndup(start, end - start) : NULL;
}

static void append_policies(GString *out, const char *user)
{
	g_autoptr(GString) gate = g_string_new(gate_policy);
	g_autoptr(GString) device = g_string_new(device_policy);

	g_string_replace(gate, "%s", user, 0);
	g_string_replace(device, "%s", user, 0);
	g_string_append(out, gate->str);
	g_string_append(out, device->str);
}

/* CUPS-Get-Document obeys the default policy alone, whatever policy the queue
 * has, so the default policy must forbid it. */
static void append_default(GString *out, const char *base)
{
	g_autofree char *name = miyin_cupsdconf_get(base, "DefaultPolicy");
	g_autofree char *body = policy_body(base, name ? name : "default");

	g_string_append(out, "<Policy " MIYIN_POLICY_DEFAULT ">\n");
	append_without(out, body ? body : built_in_body);
	g_string_append(out, "  <Limit " GET_DOCUMENT ">\n"
			     "    AuthType Default\n"
			     "    Require user " MIYIN_NOBODY "\n"
			     "    Order deny,allow\n"
			     "  </Limit>\n"
			     "</Policy>\n"
			     "DefaultPolicy " MIYIN_POLICY_DEFAULT "\n");
}

/* A policy's body with CUPS-Get-Document taken out of every Limit. */
static void append_without(GString *out, const char *body)
{
	gboolean skip = FALSE;
	line l;

	while (next_line(&body, &l)) {
		if (g_ascii_strcasecmp(l.word, "<Limit") == 0 &&
		    limit_names(l.value, GET_DOCUMENT)) {
			g_autofree char *others = limit_without(l.value);

			skip = !*others;
			if (!skip)
				g_string_append_printf(out, "  <Limit %s>\n",
						       others);
		} else if (!skip) {
			g_string_append_len(out, l.start, l.end - l.start);
		} else if (g_ascii_strncasecmp(l.word, "</Limit", 7) == 0) {
			skip = FALSE;
		}
		line_clear(&l);
	}
}

static gboolean limit_names(const char *value, const char *operation)
{
	g_auto(GStrv) names = g_strsplit_set(value, " \t", -1);

	for (int i = 0; names[i]; i++)
		if (g_ascii_strcasecmp(names[i], operation) == 0 ||
		    (is_get_document(operation) && is_get_document(names[i])))
			return TRUE;
	return FALSE;
}

static char *limit_without(const char *value)
{
	g_auto(GStrv) names = g_strsplit_set(value, " \t", -1);
	GString *others = g_string_new(NULL);

	for (int i = 0; names[i]; i++)
		if (*names[i] && !is_get_document(names[i]))
			g_string_append_printf(others, "%s%s",
					       others->len ? " " : "",
					       names[i]);
	return g_string_free(others, FALSE);
}

/* The scheduler also takes an operation's number. */
static gboolean is_get_document(const char *operation)
{
	return g_ascii_strcasecmp(operation, GET_DOCUMENT) == 0 ||
	       g_ascii_strcasecmp(operation, "0x4027") == 0;
}
