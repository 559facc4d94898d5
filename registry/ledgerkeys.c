/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledgerkeys.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <miyin/error.h>
#include <miyin/memfile.h>

/* Shorter than a sector, so that it is there whole or not at all. */
#define SEAL_FORMAT "miyin-seal 1 %020" G_GUINT64_FORMAT " %s\n"
#define SEAL_LENGTH (13 + 20 + 1 + 64 + 1)

static gboolean write_key(const char *dir, const char *name, const char *text,
			  int mode, GError **error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autoptr(GError) reason = NULL;

	if (g_file_set_contents_full(path, text, -1,
				     G_FILE_SET_CONTENTS_CONSISTENT |
					     G_FILE_SET_CONTENTS_DURABLE,
				     mode, &reason))
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s", reason->message);
}

static void format_seal(const miyin_seal *seal, char text[SEAL_LENGTH + 1])
{
	char key[MIYIN_SEAL_KEY];

	miyin_seal_print(seal, key);
	g_snprintf(text, SEAL_LENGTH + 1, SEAL_FORMAT, seal->index, key);
	OPENSSL_cleanse(key, sizeof(key));
}

static gboolean create_seals(const char *dir, GError **error)
{
	g_auto(miyin_seal) seal = { 0 };
	char text[SEAL_LENGTH + 1], key[MIYIN_SEAL_KEY + 1];
	gboolean ok;

	if (!miyin_seal_init(&seal, error))
		return FALSE;
	format_seal(&seal, text);
	miyin_seal_print(&seal, key);
	key[MIYIN_SEAL_KEY - 1] = '\n';
	key[MIYIN_SEAL_KEY] = '\0';
	ok = write_key(dir, "seal-key", text, 0600, error) &&
	     write_key(dir, "first-key", key, 0400, error);
	OPENSSL_cleanse(text, sizeof(text));
	OPENSSL_cleanse(key, sizeof(key));
	return ok;
}

gboolean miyin_ledgerkeys_create(miyin_suite *suite, const char *dir,
				 GError **error)
{
	EVP_PKEY *key = miyin_suite_new_key(suite, error);
	char *pem = key ? miyin_suite_write_key(key, error) : NULL;
	const gboolean ok = pem &&
			    write_key(dir, "head-key", pem, 0400, error) &&
			    create_seals(dir, error);

	if (pem)
		OPENSSL_cleanse(pem, strlen(pem));
	g_free(pem);
	EVP_PKEY_free(key);
	return ok;
}

static gboolean fail_read(const char *path, GError **error)
{
	if (errno == ENOENT)
		return miyin_fail(
			error, MIYIN_ERROR_SYSTEM,
			_("The key %s is lost: put its copy back; an older "
			  "one does."),
			path);
	return miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", path,
			  g_strerror(errno));
}

EVP_PKEY *miyin_ledgerkeys_open_head(const miyin_suite *suite, const char *dir,
				     GError **error)
{
	g_autofree char *path = g_build_filename(dir, "head-key", NULL);
	g_auto(miyin_fd) fd = open(path, O_RDONLY | O_CLOEXEC);
	char pem[4096];
	EVP_PKEY *key;
	ssize_t n = fd < 0 ? -1 : read(fd, pem, sizeof(pem) - 1);

	if (n < 0) {
		fail_read(path, error);
		return NULL;
	}
	pem[n] = '\0';
	key = miyin_suite_read_key(suite, pem, error);
	OPENSSL_cleanse(pem, sizeof(pem));
	return key;
}

int miyin_ledgerkeys_open_seal(const char *dir, GError **error)
{
	g_autofree char *path = g_build_filename(dir, "seal-key", NULL);
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail_read(path, error);
	return fd;
}

static gboolean parse_seal(char *text, miyin_seal *seal)
{
	guint64 index;
	int end = 0;

	if (sscanf(text, "miyin-seal 1 %20" G_GINT64_MODIFIER "u %n", &index,
		   &end) != 1 ||
	    end != SEAL_LENGTH - MIYIN_SEAL_KEY ||
	    text[SEAL_LENGTH - 1] != '\n')
		return FALSE;
	text[SEAL_LENGTH - 1] = '\0';
	if (!miyin_seal_scan(seal, text + end, NULL))
		return FALSE;
	seal->index = index;
	return TRUE;
}

static gboolean read_seal(int fd, miyin_seal *seal)
{
	char text[SEAL_LENGTH + 1] = "";
	const gboolean ok = pread(fd, text, SEAL_LENGTH, 0) == SEAL_LENGTH &&
			    parse_seal(text, seal);

	OPENSSL_cleanse(text, sizeof(text));
	return ok;
}

gboolean miyin_ledgerkeys_read_seal(int fd, const char *dir, miyin_seal *seal,
				    GError **error)
{
	gboolean ok;

	flock(fd, LOCK_SH);
	ok = read_seal(fd, seal);
	flock(fd, LOCK_UN);
	return ok || miyin_fail(error, MIYIN_ERROR_SYSTEM,
				_("%s/seal-key is no sealing key: put its copy "
				  "back; an older one does."),
				dir);
}

void miyin_ledgerkeys_write_seal(int fd, const miyin_seal *seal)
{
	g_auto(miyin_seal) there = { 0 };
	char text[SEAL_LENGTH + 1];

	format_seal(seal, text);
	flock(fd, LOCK_EX);
	if (!read_seal(fd, &there) || there.index < seal->index)
		(void)!pwrite(fd, text, SEAL_LENGTH, 0);
	flock(fd, LOCK_UN);
	OPENSSL_cleanse(text, sizeof(text));
}
