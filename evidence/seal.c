/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/seal.h>

#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#include <miyin/error.h>

gboolean miyin_seal_init(miyin_seal *seal, GError **error)
{
	seal->index = 0;
	if (RAND_priv_bytes(seal->key, sizeof(seal->key)) == 1)
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("No random numbers for a new key."));
}

void miyin_seal_clear(miyin_seal *seal)
{
	OPENSSL_cleanse(seal, sizeof(*seal));
}

void miyin_seal_evolve(miyin_seal *seal, miyin_suite *suite, guint64 index)
{
	g_assert(index >= seal->index);
	for (; seal->index < index; seal->index++)
		miyin_suite_hash(suite, MIYIN_HASH_EVOLVE, seal->key,
				 sizeof(seal->key), NULL, 0, seal->key);
}

void miyin_seal_make(const miyin_seal *seal, miyin_suite *suite,
		     const miyin_hash *chained, miyin_hash *made)
{
	miyin_suite_mac(suite, seal->key, chained->bytes, made->bytes);
}

void miyin_seal_print(const miyin_seal *seal, char text[MIYIN_SEAL_KEY])
{
	for (unsigned i = 0; i < sizeof(seal->key); i++)
		g_snprintf(text + 2 * i, 3, "%02x", seal->key[i]);
}

gboolean miyin_seal_scan(miyin_seal *seal, const char *text, GError **error)
{
	miyin_seal found = { 0 };
	size_t n = 0;

	if (strlen(text) == MIYIN_SEAL_KEY - 1 &&
	    OPENSSL_hexstr2buf_ex(found.key, sizeof(found.key), &n, text,
				  '\0') == 1 &&
	    n == sizeof(found.key)) {
		*seal = found;
		return TRUE;
	}
	return miyin_fail(error, MIYIN_ERROR_INPUT,
			  _("A sealing key is 64 hexadecimal digits."));
}
