/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/suite.h>

#include <glib/gi18n.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <string.h>

#include <miyin/error.h>

/* OpenSSL takes none where GB/T 32918 says this one. */
#define SM2_ID "1234567812345678"
#define POINT_LENGTH 65

typedef struct {
	const char *name, *digest, *key;
	gboolean is_sm2;
	gsize n_public;
} row;

static const row rows[] = {
	{ "sha256", "SHA256", "ED25519", FALSE, 32 },
	{ "sm3", "SM3", "SM2", TRUE, POINT_LENGTH },
};

struct miyin_suite {
	const row *row;
	EVP_MD *digest;
	EVP_MD_CTX *context;
};

typedef EVP_PKEY_CTX key_context;
typedef EVP_MD_CTX digest_context;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(key_context, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(digest_context, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)

miyin_suite *miyin_suite_open(const char *name, GError **error)
{
	g_autoptr(miyin_suite) suite = g_new0(miyin_suite, 1);

	for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_strcmp0(rows[i].name, name) == 0)
			suite->row = &rows[i];
	if (!suite->row) {
		miyin_fail(error, MIYIN_ERROR_INPUT,
			   _("There is no suite \"%s\"; there are sha256 and "
			     "sm3."),
			   name ? name : "");
		return NULL;
	}
	suite->digest = EVP_MD_fetch(NULL, suite->row->digest, NULL);
	suite->context = EVP_MD_CTX_new();
	if (suite->digest && suite->context &&
	    EVP_DigestInit_ex2(suite->context, suite->digest, NULL) == 1)
		return g_steal_pointer(&suite);
	miyin_fail(error, MIYIN_ERROR_SYSTEM,
		   _("This computer's OpenSSL does not offer %s."),
		   suite->row->digest);
	return NULL;
}

void miyin_suite_close(miyin_suite *suite)
{
	if (!suite)
		return;
	EVP_MD_CTX_free(suite->context);
	EVP_MD_free(suite->digest);
	g_free(suite);
}

const char *miyin_suite_name(const miyin_suite *suite)
{
	return suite->row->name;
}

/* What fails here is memory or the library itself: better no log than one with
 * a hash of nothing. */
static void insist(int ok)
{
	if (ok != 1)
		g_error("OpenSSL cannot hash");
}

void miyin_suite_hash(miyin_suite *suite, guint8 kind, const void *a, gsize n_a,
		      const void *b, gsize n_b, guint8 hash[MIYIN_HASH_LENGTH])
{
	insist(EVP_DigestInit_ex2(suite->context, NULL, NULL));
	insist(EVP_DigestUpdate(suite->context, &kind, 1));
	insist(EVP_DigestUpdate(suite->context, a, n_a));
	if (b)
		insist(EVP_DigestUpdate(suite->context, b, n_b));
	insist(EVP_DigestFinal_ex(suite->context, hash, NULL));
}

void miyin_suite_digest(miyin_suite *suite, const void *bytes, gsize length,
			guint8 hash[MIYIN_HASH_LENGTH])
{
	insist(EVP_DigestInit_ex2(suite->context, NULL, NULL));
	insist(EVP_DigestUpdate(suite->context, bytes, length));
	insist(EVP_DigestFinal_ex(suite->context, hash, NULL));
}

void miyin_suite_mac(miyin_suite *suite, const guint8 key[MIYIN_HASH_LENGTH],
		     const guint8 hash[MIYIN_HASH_LENGTH],
		     guint8 mac[MIYIN_HASH_LENGTH])
{
	insist(HMAC(suite->digest, key, MIYIN_HASH_LENGTH, hash,
		    MIYIN_HASH_LENGTH, mac, NULL) != NULL);
}

/* ---- keys --------------------------------------------------------------- */

EVP_PKEY *miyin_suite_new_key(const miyin_suite *suite, GError **error)
{
	g_autoptr(key_context) context =
		EVP_PKEY_CTX_new_from_name(NULL, suite->row->key, NULL);
	EVP_PKEY *key = NULL;

	if (!context || EVP_PKEY_keygen_init(context) != 1 ||
	    EVP_PKEY_generate(context, &key) != 1)
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("No %s key can be made."), suite->row->key);
	return key;
}

EVP_PKEY *miyin_suite_read_key(const miyin_suite *suite, const char *pem,
			       GError **error)
{
	g_autoptr(BIO) text = BIO_new_mem_buf(pem, -1);
	g_autoptr(EVP_PKEY) key =
		text ? PEM_read_bio_PrivateKey(text, NULL, NULL, (void *)"")
		     : NULL;

	if (key && EVP_PKEY_is_a(key, suite->row->key))
		return g_steal_pointer(&key);
	miyin_fail(error, MIYIN_ERROR_INPUT, _("This is no %s key."),
		   suite->row->key);
	return NULL;
}

char *miyin_suite_write_key(EVP_PKEY *key, GError **error)
{
	g_autoptr(BIO) text = BIO_new(BIO_s_secmem());
	char *bytes;
	long length;

	if (!text || PEM_write_bio_PrivateKey(text, key, NULL, NULL, 0, NULL,
					      NULL) != 1) {
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("The key cannot be written."));
		return NULL;
	}
	length = BIO_get_mem_data(text, &bytes);
	return g_strndup(bytes, (gsize)length);
}

GBytes *miyin_suite_public(EVP_PKEY *key)
{
	unsigned char bytes[POINT_LENGTH];
	size_t length;

	/* A point that is compressed in one release and not in another would
	 * be two keys. */
	if (EVP_PKEY_is_a(key, "SM2"))
		EVP_PKEY_set_utf8_string_param(
			key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
			"uncompressed");
	if (EVP_PKEY_get_octet_string_param(
		    key,
		    EVP_PKEY_is_a(key, "SM2")
			    ? OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY
			    : OSSL_PKEY_PARAM_PUB_KEY,
		    bytes, sizeof(bytes), &length) != 1)
		return NULL;
	return g_bytes_new(bytes, length);
}

EVP_PKEY *miyin_suite_read_public(const miyin_suite *suite, const void *bytes,
				  gsize length)
{
	g_autoptr(key_context) context =
		EVP_PKEY_CTX_new_from_name(NULL, suite->row->key, NULL);
	OSSL_PARAM params[3], *at = params;
	EVP_PKEY *key = NULL;

	if (suite->row->is_sm2)
		*at++ = OSSL_PARAM_construct_utf8_string(
			OSSL_PKEY_PARAM_GROUP_NAME, (char *)"SM2", 0);
	*at++ = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
						  (void *)bytes, length);
	*at = OSSL_PARAM_construct_end();
	if (length != suite->row->n_public || !context ||
	    EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		return NULL;
	return key;
}

/* ---- signatures --------------------------------------------------------- */

/* Its key's context with the id of SM2; NULL: it cannot be had. */
static EVP_PKEY_CTX *set_up(const miyin_suite *suite, EVP_PKEY *key,
			    EVP_MD_CTX *context)
{
	EVP_PKEY_CTX *of_key = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	if (of_key && suite->row->is_sm2 &&
	    EVP_PKEY_CTX_set1_id(of_key, SM2_ID, strlen(SM2_ID)) != 1)
		g_clear_pointer(&of_key, EVP_PKEY_CTX_free);
	if (of_key)
		EVP_MD_CTX_set_pkey_ctx(context, of_key);
	return of_key;
}

GBytes *miyin_suite_sign(const miyin_suite *suite, EVP_PKEY *key,
			 const char *text, gsize length, GError **error)
{
	g_autoptr(digest_context) context = EVP_MD_CTX_new();
	g_autoptr(key_context) of_key = set_up(suite, key, context);
	const EVP_MD *digest = suite->row->is_sm2 ? suite->digest : NULL;
	const unsigned char *bytes = (const unsigned char *)text;
	unsigned char signature[128];
	size_t n = sizeof(signature);

	if (of_key &&
	    EVP_DigestSignInit(context, NULL, digest, NULL, key) == 1 &&
	    EVP_DigestSign(context, signature, &n, bytes, length) == 1)
		return g_bytes_new(signature, n);
	miyin_fail(error, MIYIN_ERROR_SYSTEM, _("Nothing can be signed."));
	return NULL;
}

gboolean miyin_suite_verify(const miyin_suite *suite, EVP_PKEY *key,
			    const char *text, gsize length,
			    const guint8 *signature, gsize n_signature)
{
	g_autoptr(digest_context) context = EVP_MD_CTX_new();
	g_autoptr(key_context) of_key = set_up(suite, key, context);
	const EVP_MD *digest = suite->row->is_sm2 ? suite->digest : NULL;
	const unsigned char *bytes = (const unsigned char *)text;

	return of_key &&
	       EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
	       EVP_DigestVerify(context, signature, n_signature, bytes,
				length) == 1;
}
