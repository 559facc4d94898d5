/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/keys.h>
#include <miyin/error.h>
#include <miyin/keyfile.h>
#include <miyin/text.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/core_names.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_KEYS 16

struct miyin_keys {
	unsigned current;
	gboolean has[N_KEYS];
	unsigned char master[N_KEYS][MIYIN_KEY_LENGTH];
};

/* A key that others can read proves nothing: better no paper. */
static gboolean check_owner(const char *path, GError **error)
{
	struct stat status;

	if (stat(path, &status) != 0 && errno == ENOENT)
		return miyin_fail(
			error, MIYIN_ERROR_SYSTEM,
			_("The keys %s do not exist: no queue was "
			  "protected yet, or they are lost; then restore "
			  "the backup."),
			path);
	if (stat(path, &status) != 0)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", path,
				  g_strerror(errno));
	if (status.st_mode & 077)
		return miyin_fail(
			error, MIYIN_ERROR_SYSTEM,
			_("%s: others may read the keys; its mode must be "
			  "0400"),
			path);
	return TRUE;
}

static gboolean parse_hex(const char *hex, unsigned char *bytes)
{
	size_t n;

	return strlen(hex) == 2 * MIYIN_KEY_LENGTH &&
	       OPENSSL_hexstr2buf_ex(bytes, MIYIN_KEY_LENGTH, &n, hex, '\0');
}

static gboolean read_masters(miyin_keys *keys, GKeyFile *file, const char *path,
			     GError **error)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	g_auto(GStrv) names = g_key_file_get_keys(file, "keys", NULL, NULL);
	miyin_keyfile_group g = { file, path, "keys", error, FALSE };

	if (!names || groups[1])
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("%s: its one group must be [keys]"), path);
	for (int i = 0; names[i]; i++) {
		g_autofree char *hex = NULL;
		unsigned id;

		if (g_str_equal(names[i], "current"))
			continue;
		hex = g_key_file_get_string(file, "keys", names[i], NULL);
		if (!hex ||
		    !miyin_text_to_number(names[i], 0, N_KEYS - 1, &id) ||
		    keys->has[id] || !parse_hex(hex, keys->master[id]))
			return miyin_fail(
				error, MIYIN_ERROR_INPUT,
				_("%s: key \"%s\" is not a number from 0 to "
				  "15, named once, with 64 hexadecimal "
				  "digits"),
				path, names[i]);
		keys->has[id] = TRUE;
	}
	keys->current = miyin_keyfile_get_number(&g, "current", 0, N_KEYS - 1);
	if (g.failed)
		return FALSE;
	if (!keys->has[keys->current])
		return miyin_fail(
			error, MIYIN_ERROR_INPUT,
			_("%s: \"current\" does not name one of the keys"),
			path);
	return TRUE;
}

miyin_keys *miyin_keys_open(const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = NULL;
	g_autoptr(miyin_keys) keys = g_new0(miyin_keys, 1);

	if (!check_owner(path, error) ||
	    !(file = miyin_keyfile_open(path, error)) ||
	    !read_masters(keys, file, path, error))
		return NULL;
	return g_steal_pointer(&keys);
}

miyin_keys *miyin_keys_specimen(void)
{
	static const char name[] = "miyin specimen, not a secret";
	miyin_keys *keys = g_new0(miyin_keys, 1);

	memcpy(keys->master[0], name, sizeof(name));
	keys->has[0] = TRUE;
	return keys;
}

/* Whole and on disk before it has its name: a key file that ends early would
 * stand in the way of a good one. An old one is never replaced. */
static gboolean write_new(const char *path, const GString *text)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *draft = g_strdup_printf("%s.new", path);
	int fd, dir, reason = 0;

	g_unlink(draft);
	fd = g_open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	if (fd < 0)
		return FALSE;
	errno = ENOSPC;
	if (write(fd, text->str, text->len) != (ssize_t)text->len ||
	    fsync(fd) != 0 || link(draft, path) != 0)
		reason = errno;
	close(fd);
	g_unlink(draft);
	dir = g_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (reason == 0 && (dir < 0 || fsync(dir) != 0))
		reason = errno;
	if (dir >= 0)
		close(dir);
	errno = reason;
	return reason == 0;
}

gboolean miyin_keys_create(const char *path, GError **error)
{
	g_autoptr(GString) text = g_string_new("[keys]\ncurrent = 1\n1 = ");
	unsigned char master[MIYIN_KEY_LENGTH];
	gboolean ok;

	if (RAND_bytes(master, sizeof(master)) != 1)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("No random numbers for a new key."));
	for (size_t i = 0; i < sizeof(master); i++)
		g_string_append_printf(text, "%02x", master[i]);
	g_string_append_c(text, '\n');
	ok = write_new(path, text);
	if (!ok)
		miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", path,
			   g_strerror(errno));
	OPENSSL_cleanse(master, sizeof(master));
	OPENSSL_cleanse(text->str, text->len);
	return ok;
}

unsigned miyin_keys_current(const miyin_keys *keys)
{
	return keys->current;
}

gboolean miyin_keys_derive(const miyin_keys *keys, unsigned key_id,
			   const char *purpose,
			   unsigned char key[MIYIN_KEY_LENGTH], GError **error)
{
	EVP_KDF *kdf;
	EVP_KDF_CTX *context;
	OSSL_PARAM params[4];
	gboolean ok;

	if (key_id >= N_KEYS || !keys->has[key_id])
		return miyin_fail(error, MIYIN_ERROR_MISSING,
				  _("There is no key %u on this site."),
				  key_id);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
						     (char *)"SHA256", 0);
	params[1] = OSSL_PARAM_construct_octet_string(
		OSSL_KDF_PARAM_KEY, (void *)keys->master[key_id],
		MIYIN_KEY_LENGTH);
	params[2] = OSSL_PARAM_construct_octet_string(
		OSSL_KDF_PARAM_INFO, (void *)purpose, strlen(purpose));
	params[3] = OSSL_PARAM_construct_end();
	kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	context = EVP_KDF_CTX_new(kdf);
	ok = EVP_KDF_derive(context, key, MIYIN_KEY_LENGTH, params) == 1;
	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
	if (!ok)
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("The key for %s cannot be derived."), purpose);
	return ok;
}

gboolean miyin_keys_fingerprint(const miyin_keys *keys, unsigned key_id,
				char fingerprint[MIYIN_KEY_FINGERPRINT],
				GError **error)
{
	unsigned char key[MIYIN_KEY_LENGTH] = { 0 };

	if (!miyin_keys_derive(keys, key_id, "fingerprint", key, error))
		return FALSE;
	for (int i = 0; i < MIYIN_KEY_FINGERPRINT / 2; i++)
		g_snprintf(fingerprint + 2 * i, 3, "%02x", key[i]);
	return TRUE;
}

void miyin_keys_free(miyin_keys *keys)
{
	if (!keys)
		return;
	OPENSSL_cleanse(keys, sizeof(*keys));
	g_free(keys);
}
