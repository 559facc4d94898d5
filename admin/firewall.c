/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firewall.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <miyin/account.h>
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <miyin/process.h>
#include "device.h"
#include "saved.h"

#define FILE_NAME "printers.nft"
#define BEGIN                                                                  \
	"#!/usr/sbin/nft -f\n"                                                 \
	"# Written by miyin protect --firewall. Load it when the system\n"     \
	"# starts: include it in /etc/nftables.conf.\n"                        \
	"table inet miyin\n"                                                   \
	"delete table inet miyin\n"
#define TRY_MS 2000
#define NOBODY 65534

typedef struct {
	char host[256];
	int port;
} address;

static char *rules_path(void)
{
	return g_build_filename(miyin_config_dir(), FILE_NAME, NULL);
}

/* For the system's rules: nft loads nothing at all when a file that it names is
 * gone, as it is with the last queue. */
static char *rules_pattern(void)
{
	return g_build_filename(miyin_config_dir(), "*.nft", NULL);
}

gboolean miyin_firewall_is_wanted(void)
{
	g_autofree char *path = rules_path();

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Where it is by name or address, and the addresses of that; *list is NULL when
 * there is none, or it is on no network. */
static miyin_device_place find(const char *uri, address *a,
			       struct addrinfo **list)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	const miyin_device_place place =
		miyin_device_locate(uri, a->host, sizeof(a->host), &a->port);
	g_autofree char *port = NULL;

	*list = NULL;
	if (place != MIYIN_DEVICE_NETWORK)
		return place;
	port = g_strdup_printf("%d", a->port);
	if (getaddrinfo(a->host, port, &hints, list) != 0)
		*list = NULL;
	return place;
}

static void name_address(const struct sockaddr *sa, char *text, socklen_t size)
{
	if (sa->sa_family == AF_INET6)
		inet_ntop(AF_INET6,
			  &((const struct sockaddr_in6 *)(const void *)sa)
				   ->sin6_addr,
			  text, size);
	else
		inet_ntop(AF_INET,
			  &((const struct sockaddr_in *)(const void *)sa)
				   ->sin_addr,
			  text, size);
}

/* Backends are root's, or have an account of their own; not lp's, whom all
 * filters are. */
static void append_rules(GString *out, const struct addrinfo *list, int port)
{
	unsigned first, last;

	miyin_account_range(&first, &last);
	for (; list; list = list->ai_next) {
		g_autoptr(GString) rule = g_string_new(NULL);
		char text[INET6_ADDRSTRLEN];

		name_address(list->ai_addr, text, sizeof(text));
		g_string_printf(rule, "\t\t%s daddr %s ",
				list->ai_family == AF_INET6 ? "ip6" : "ip",
				text);
		if (miyin_device_is_loopback(text))
			g_string_append_printf(rule, "tcp dport %d ", port);
		g_string_append_printf(rule,
				       "meta skuid != { 0, %u-%u } reject\n",
				       first, last);
		/* Two queues may have one printer. */
		if (!strstr(out->str, rule->str))
			g_string_append(out, rule->str);
	}
}

gboolean miyin_firewall_can_close(const char *uri, GError **error)
{
	g_autofree char *bare = miyin_deviceuri_bare(uri);
	struct addrinfo *list;
	address a;
	const miyin_device_place place = find(uri, &a, &list);

	if (list)
		freeaddrinfo(list);
	if (list || place == MIYIN_DEVICE_LOCAL)
		return TRUE;
	return miyin_fail(
		error, MIYIN_ERROR_MISSING,
		_("%s names no address that can be found, so no firewall "
		  "rule can be made for it; before its queue is protected, "
		  "give it the printer's address with lpadmin -v."),
		bare);
}

/* The rules for the printers of these URIs; one that names no address, on a
 * network or not, has none. */
static char *format_rules(const char *const *uris, GError **error)
{
	g_autoptr(GString) out = g_string_new(
		BEGIN "table inet miyin {\n\tchain output {\n"
		      "\t\ttype filter hook output priority filter; "
		      "policy accept;\n");

	for (; *uris; uris++) {
		struct addrinfo *list;
		address a;

		if (find(*uris, &a, &list) != MIYIN_DEVICE_NETWORK)
			continue;
		/* For want of a name server what was closed would open. */
		if (!list) {
			miyin_fail(error, MIYIN_ERROR_MISSING,
				   _("The printer's name %s has no address, "
				     "so no firewall rule can be made."),
				   a.host);
			return NULL;
		}
		append_rules(out, list, a.port);
		freeaddrinfo(list);
	}
	g_string_append(out, "\t}\n}\n");
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static GPtrArray *list_uris(const miyin_config *config, GError **error)
{
	g_auto(GStrv) names = miyin_protected_list(config, error);
	g_autoptr(GPtrArray) uris = g_ptr_array_new_with_free_func(g_free);

	if (!names)
		return NULL;
	for (char **name = names; *name; name++) {
		g_autoptr(miyin_saved) saved =
			miyin_saved_open(config, *name, error);

		if (!saved)
			return NULL;
		g_ptr_array_add(uris, g_strdup(saved->queue->device_uri));
	}
	g_ptr_array_add(uris, NULL);
	return g_steal_pointer(&uris);
}

static gboolean is_whole(const miyin_config *config, GError **error)
{
	g_autoptr(GPtrArray) uris = list_uris(config, error);

	for (unsigned i = 0; uris && uris->pdata[i]; i++)
		if (!miyin_firewall_can_close(uris->pdata[i], error))
			return FALSE;
	return uris != NULL;
}

static gboolean load(const char *path, GError **error)
{
	g_autofree char *nft = g_find_program_in_path("nft");
	const char *argv[] = { nft ? nft : "/usr/sbin/nft", "-f", path, NULL };
	g_autofree char *said = NULL;
	g_autoptr(GError) reason = NULL;
	int status = 0;

	if (!g_file_test(argv[0], G_FILE_TEST_IS_EXECUTABLE))
		return miyin_fail(error, MIYIN_ERROR_MISSING,
				  _("There is no nft here; install the "
				    "package nftables."));
	if (g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL,
			 NULL, NULL, NULL, &said, &status, &reason) &&
	    g_spawn_check_wait_status(status, &reason))
		return TRUE;
	if (said)
		g_strdelimit(g_strchomp(said), "\n", ' ');
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("The firewall did not take the rules: %s"),
			  said && *said ? said : reason->message);
}

/* The file says what is in force: rules that were not taken, or only half
 * written, must not look like some that somebody asked for. */
static gboolean replace_rules(const char *path, const char *text,
			      GError **error)
{
	g_autofree char *fresh = g_strconcat(path, ".new", NULL);
	gboolean ok =
		g_file_set_contents_full(fresh, text, -1,
					 G_FILE_SET_CONTENTS_CONSISTENT |
						 G_FILE_SET_CONTENTS_DURABLE,
					 0644, error) &&
		load(fresh, error);

	if (ok && g_rename(fresh, path) != 0) {
		miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s.", path,
			   g_strerror(errno));
		ok = FALSE;
	}
	if (!ok)
		g_unlink(fresh);
	return ok;
}

gboolean miyin_firewall_install(const miyin_config *config, GError **error)
{
	g_autofree char *path = rules_path();
	g_autoptr(GPtrArray) uris = list_uris(config, error);
	g_autofree char *text = NULL;
	gboolean ok;

	if (!uris)
		return FALSE;
	if (uris->len > 1) {
		text = format_rules((const char *const *)uris->pdata, error);
		return text && replace_rules(path, text, error);
	}
	/* What cannot be taken back now shall not come with the next start. */
	ok = replace_rules(path, BEGIN, error);
	g_unlink(path);
	return ok;
}

static int connect_as_nobody(gpointer data)
{
	const struct addrinfo *to = data;
	struct pollfd ready = { .events = POLLOUT };
	socklen_t size = sizeof(int);
	int failed = 1;

	if (!miyin_account_become(NOBODY, NOBODY))
		return 1;
	ready.fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (ready.fd < 0)
		return 1;
	if (connect(ready.fd, to->ai_addr, to->ai_addrlen) == 0)
		return 0;
	if (errno == EINPROGRESS && poll(&ready, 1, TRY_MS) == 1)
		getsockopt(ready.fd, SOL_SOCKET, SO_ERROR, &failed, &size);
	return failed != 0;
}

char *miyin_firewall_reach(const char *uri)
{
	struct addrinfo *list;
	char *where = NULL;
	address a;

	find(uri, &a, &list);
	for (struct addrinfo *to = list; to && !where; to = to->ai_next) {
		const miyin_process process = { .work = connect_as_nobody,
						.data = to };
		char text[INET6_ADDRSTRLEN];

		if (miyin_process_run(&process) != 0)
			continue;
		name_address(to->ai_addr, text, sizeof(text));
		where = g_strdup_printf(_("%s, port %d"), text, a.port);
	}
	if (list)
		freeaddrinfo(list);
	return where;
}

int miyin_firewall_close_all(const miyin_config *config, GError **error)
{
	g_autofree char *path = rules_pattern();

	if (!miyin_saved_lock(config, error) ||
	    !miyin_firewall_install(config, error))
		return 1;
	if (!is_whole(config, error)) {
		g_prefix_error(error, _("Not all printers are closed: "));
		return 1;
	}
	printf(_("Only CUPS reaches the printers of protected queues now; "
		 "include %s in /etc/nftables.conf, so that it stays so.\n"),
	       path);
	return 0;
}

void miyin_firewall_tell(const char *uri, gboolean is_closed)
{
	g_autofree char *path = rules_pattern();
	g_autofree char *where = miyin_firewall_reach(uri);

	if (is_closed)
		printf(_("Include %s in /etc/nftables.conf, so that the "
			 "printer stays closed to others when the system "
			 "starts.\n"),
		       path);
	else if (where)
		printf(_("Any account of this server still reaches the printer "
			 "itself (%s); miyin protect --firewall closes "
			 "that.\n"),
		       where);
}
