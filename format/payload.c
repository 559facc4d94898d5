/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/payload.h>
#include <miyin/crockford.h>
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define N_BITS 170
#define N_SIGNED_BITS 90
#define N_SIGNED_BYTES 12 /* 90 bits and six zeros */
#define N_MAC_BITS 80
#define ALGORITHM_SHA256 0

typedef struct {
	guint8 bytes[(N_BITS + 7) / 8];
	unsigned at;
} bits;

static void put_bits(bits *to, guint64 value, unsigned n)
{
	while (n-- > 0) {
		if (value >> n & 1)
			to->bytes[to->at / 8] |= 0x80 >> to->at % 8;
		to->at++;
	}
}

static guint64 take_bits(bits *from, unsigned n)
{
	guint64 value = 0;

	while (n-- > 0) {
		value = value << 1 |
			(from->bytes[from->at / 8] >> (7 - from->at % 8) & 1);
		from->at++;
	}
	return value;
}

static gboolean sign(const bits *whole, unsigned key_id, const miyin_keys *keys,
		     unsigned char mac[32], GError **error)
{
	unsigned char key[MIYIN_KEY_LENGTH];
	guint8 signed_part[N_SIGNED_BYTES];
	gboolean ok;

	if (!miyin_keys_derive(keys, key_id, "qr", key, error))
		return FALSE;
	memcpy(signed_part, whole->bytes, N_SIGNED_BYTES);
	signed_part[N_SIGNED_BYTES - 1] &= 0xff << (8 - N_SIGNED_BITS % 8);
	ok = HMAC(EVP_sha256(), key, sizeof(key), signed_part,
		  sizeof(signed_part), mac, NULL) != NULL;
	OPENSSL_cleanse(key, sizeof(key));
	if (!ok)
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("A trace code cannot be signed."));
	return ok;
}

gboolean miyin_payload_format(const miyin_payload *payload,
			      const miyin_keys *keys,
			      char text[MIYIN_PAYLOAD_LENGTH + 1],
			      GError **error)
{
	bits whole = { .at = 0 };
	unsigned char mac[32];

	put_bits(&whole, ALGORITHM_SHA256, 4);
	put_bits(&whole, payload->key_id, 4);
	put_bits(&whole, payload->copy_id, 40);
	put_bits(&whole, payload->page, 10);
	put_bits(&whole, payload->pages, 10);
	put_bits(&whole, payload->site, 16);
	put_bits(&whole, 0, 6);
	if (!sign(&whole, payload->key_id, keys, mac, error))
		return FALSE;
	for (int i = 0; i < N_MAC_BITS / 8; i++)
		put_bits(&whole, mac[i], 8);
	whole.at = 0;
	text[0] = 'M';
	for (int i = 1; i < MIYIN_PAYLOAD_LENGTH; i++)
		text[i] = miyin_crockford_char(take_bits(&whole, 5));
	text[MIYIN_PAYLOAD_LENGTH] = '\0';
	return TRUE;
}

static gboolean from_text(const char *text, bits *whole)
{
	memset(whole, 0, sizeof(*whole));
	if (strlen(text) != MIYIN_PAYLOAD_LENGTH || text[0] != 'M')
		return FALSE;
	for (int i = 1; i < MIYIN_PAYLOAD_LENGTH; i++) {
		int value = miyin_crockford_value(text[i]);

		if (value < 0)
			return FALSE;
		put_bits(whole, value, 5);
	}
	whole->at = 0;
	return TRUE;
}

gboolean miyin_payload_parse(const char *text, const miyin_keys *keys,
			     miyin_payload *payload, GError **error)
{
	miyin_payload got;
	unsigned char mac[32];
	guint8 claimed[N_MAC_BITS / 8];
	bits whole;
	unsigned algorithm, spare;

	if (!from_text(text, &whole))
		goto malformed;
	algorithm = take_bits(&whole, 4);
	got.key_id = take_bits(&whole, 4);
	got.copy_id = take_bits(&whole, 40);
	got.page = take_bits(&whole, 10);
	got.pages = take_bits(&whole, 10);
	got.site = take_bits(&whole, 16);
	spare = take_bits(&whole, 6);
	for (int i = 0; i < N_MAC_BITS / 8; i++)
		claimed[i] = take_bits(&whole, 8);
	if (algorithm != ALGORITHM_SHA256 || spare != 0 || got.page == 0 ||
	    got.page > got.pages)
		goto malformed;
	*payload = got;
	if (!keys)
		return TRUE;
	if (!sign(&whole, got.key_id, keys, mac, NULL) ||
	    CRYPTO_memcmp(mac, claimed, sizeof(claimed)) != 0)
		return miyin_fail(error, MIYIN_ERROR_TAMPER,
				  _("The code was not made by this site: its "
				    "signature does not hold."));
	return TRUE;
malformed:
	return miyin_fail(error, MIYIN_ERROR_INPUT,
			  _("This is not a trace code."));
}
