/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <netdb.h>
#include <cups/http.h>
#include <miyin/text.h>
#include "device.h"

#define JETDIRECT 9100
#define SMB 445

typedef struct {
	char scheme[32], user[256], host[256], resource[1024];
	int port;
	char *serial; /* serial= or uuid= of the query, or NULL */
	char *path;   /* resource without query */
} device;

/* An IPv4 address within IPv6: what is sent there goes by IPv4. */
static void unmap_host(char *host)
{
	static const char mapped[] = "::ffff:";
	char *bare = *host == '[' ? host + 1 : host;

	if (g_ascii_strncasecmp(bare, mapped, strlen(mapped)) != 0 ||
	    !strchr(bare, '.'))
		return;
	bare += strlen(mapped);
	memmove(host, bare, strlen(bare) + 1);
	host[strcspn(host, "]")] = '\0';
}

/* beh:/1/3/5/socket://10.0.0.5 and miyindevice:socket://10.0.0.5 */
static const char *skip_wrapper(const char *uri)
{
	int slashes = 0;

	if (g_str_has_prefix(uri, "miyindevice:"))
		uri += strlen("miyindevice:");
	if (!g_str_has_prefix(uri, "beh:/"))
		return uri;
	while (*uri && slashes < 4)
		if (*uri++ == '/')
			slashes++;
	return uri;
}

static char *query_value(const char *resource, const char *key)
{
	const char *query = strchr(resource, '?');
	g_auto(GStrv) pairs = g_strsplit_set(query ? query + 1 : "", "&+", -1);

	for (int i = 0; pairs[i]; i++) {
		char *value = strchr(pairs[i], '=');

		if (!value)
			continue;
		*value++ = '\0';
		if (g_str_equal(pairs[i], key) && *value)
			return g_strdup(value);
	}
	return NULL;
}

static gboolean is_hp(const char *scheme)
{
	return g_str_equal(scheme, "hp") || g_str_equal(scheme, "hpfax");
}

static void device_clear(device *d)
{
	g_free(d->serial);
	g_free(d->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(device, device_clear)

static gboolean read_device(const char *uri, device *d)
{
	g_autofree char *ip = NULL;

	uri = skip_wrapper(uri);
	if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, d->scheme,
			    sizeof(d->scheme), d->user, sizeof(d->user),
			    d->host, sizeof(d->host), &d->port, d->resource,
			    sizeof(d->resource)) < HTTP_URI_STATUS_OK)
		return FALSE;
	/* HPLIP: hp:/net/MODEL?ip=10.0.0.5; to others ip= means nothing. */
	ip = is_hp(d->scheme) ? query_value(d->resource, "ip") : NULL;
	if (ip) {
		g_strlcpy(d->scheme, "hp", sizeof(d->scheme));
		g_strlcpy(d->host, ip, sizeof(d->host));
	}
	unmap_host(d->host);
	d->serial = query_value(d->resource, "serial");
	if (!d->serial)
		d->serial = query_value(d->resource, "uuid");
	d->path = g_strndup(d->resource, strcspn(d->resource, "?"));
	return TRUE;
}

/* The dot of the root: the same machine's name, spelt out. */
static void drop_root(char *host)
{
	size_t n = strlen(host);

	if (n > 1 && host[n - 1] == '.')
		host[n - 1] = '\0';
}

static gboolean is_ipp(const device *d)
{
	return miyin_text_has_name("ipp ipps http https", d->scheme);
}

static gboolean is_network(const device *d)
{
	return is_ipp(d) || miyin_text_has_name("socket lpd smb", d->scheme) ||
	       (g_str_equal(d->scheme, "hp") && d->host[0]);
}

gboolean miyin_device_is_loopback(const char *host)
{
	return g_ascii_strcasecmp(host, "localhost") == 0 ||
	       g_str_has_prefix(host, "127.") || g_str_equal(host, "::1") ||
	       g_str_equal(host, "[::1]");
}

/* A machine with many printers rather than a printer. */
static gboolean is_server(const device *d)
{
	return g_str_has_prefix(d->path, "/printers/") ||
	       g_str_has_prefix(d->path, "/classes/") ||
	       g_str_equal(d->scheme, "smb") ||
	       miyin_device_is_loopback(d->host);
}

static gboolean same_ipp(const device *a, const device *b)
{
	static const int usual[] = { 0, 80, 443, 631 };
	gboolean a_usual = FALSE, b_usual = FALSE;

	for (unsigned i = 0; i < G_N_ELEMENTS(usual); i++) {
		a_usual |= a->port == usual[i];
		b_usual |= b->port == usual[i];
	}
	if (a->port != b->port && !(a_usual && b_usual))
		return FALSE;
	/* A printer answers at /, /ipp and /ipp/print alike. */
	return g_ascii_strcasecmp(a->path, b->path) == 0 ||
	       (!g_str_has_prefix(a->path, "/printers/") &&
		!g_str_has_prefix(b->path, "/printers/"));
}

static gboolean same_host(const char *a, const char *b)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *la = NULL, *lb = NULL, *ia, *ib;
	gboolean same =
		g_ascii_strcasecmp(a, b) == 0 ||
		(miyin_device_is_loopback(a) && miyin_device_is_loopback(b));

	if (same)
		return TRUE;
	if (getaddrinfo(a, NULL, &hints, &la) == 0 &&
	    getaddrinfo(b, NULL, &hints, &lb) == 0)
		for (ia = la; ia && !same; ia = ia->ai_next)
			for (ib = lb; ib && !same; ib = ib->ai_next)
				same = ia->ai_addrlen == ib->ai_addrlen &&
				       memcmp(ia->ai_addr, ib->ai_addr,
					      ia->ai_addrlen) == 0;
	if (la)
		freeaddrinfo(la);
	if (lb)
		freeaddrinfo(lb);
	return same;
}

static gboolean same_network(const device *a, const device *b)
{
	if (!same_host(a->host, b->host))
		return FALSE;
	if (is_ipp(a) && is_ipp(b))
		return same_ipp(a, b);
	if (g_str_equal(a->scheme, b->scheme))
		return a->port == b->port &&
		       (g_str_equal(a->scheme, "socket") ||
			g_ascii_strcasecmp(a->path, b->path) == 0);
	return !is_server(a) && !is_server(b);
}

/* "HP 400._ipp._tcp.local" and "HP 400._pdl-datastream._tcp.local" */
static gboolean same_service(const char *a, const char *b)
{
	const char *end_a = strstr(a, "._"), *end_b = strstr(b, "._");
	gsize length_a = end_a ? (gsize)(end_a - a) : strlen(a);
	gsize length_b = end_b ? (gsize)(end_b - b) : strlen(b);

	return length_a == length_b && g_ascii_strncasecmp(a, b, length_a) == 0;
}

gboolean miyin_device_is_same(const char *a, const char *b)
{
	g_auto(device) da = { .serial = NULL }, db = { .serial = NULL };

	if (!read_device(a, &da) || !read_device(b, &db))
		return FALSE;
	drop_root(da.host);
	drop_root(db.host);
	if (da.serial && db.serial)
		return g_ascii_strcasecmp(da.serial, db.serial) == 0;
	if (is_network(&da) && is_network(&db))
		return same_network(&da, &db);
	if (g_str_equal(da.scheme, "dnssd") && g_str_equal(db.scheme, "dnssd"))
		return same_service(da.host, db.host);
	return g_str_equal(da.scheme, db.scheme) &&
	       g_ascii_strcasecmp(da.host, db.host) == 0 &&
	       g_str_equal(da.path, db.path);
}

/* At a cable of this computer, or no paper at all. */
static gboolean is_local(const device *d)
{
	static const char schemes[] =
		"usb parallel serial bluetooth file scsi cups-brf cups-pdf";

	/* gutenprint53+usb: */
	return miyin_text_has_name(schemes, d->scheme) ||
	       g_str_has_suffix(d->scheme, "+usb") ||
	       (is_hp(d->scheme) && (g_str_has_prefix(d->path, "/usb/") ||
				     g_str_has_prefix(d->path, "/par/")));
}

miyin_device_place miyin_device_locate(const char *uri, char *host,
				       size_t host_size, int *port)
{
	g_auto(device) d = { .serial = NULL };

	if (!read_device(uri, &d))
		return MIYIN_DEVICE_UNKNOWN;
	if (is_local(&d))
		return MIYIN_DEVICE_LOCAL;
	/* CUPS asks for such a host by DNS-SD, whatever the scheme. */
	if (!is_network(&d) || !*d.host || strstr(d.host, "._tcp"))
		return MIYIN_DEVICE_UNKNOWN;
	if (d.port == 0)
		d.port = g_str_equal(d.scheme, "smb") ? SMB : JETDIRECT;
	g_strlcpy(host, d.host, host_size);
	*port = d.port;
	return MIYIN_DEVICE_NETWORK;
}
