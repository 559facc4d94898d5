/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a QR code on paper says: 35 characters, 'M' and 34 Crockford digits of
 *
 *   algorithm 4 | key id 4 | copy id 40 | page 10 | pages 10 | site 16 |
 *   spare 6 | MAC 80                                      (170 bits)
 *
 * The MAC is HMAC-SHA-256 of the 90 bits before it, packed into 12 bytes from
 * the left with six zero bits at the end, truncated to its first 80 bits.
 * Nothing of the document is in it; the register answers. doc/format-payload.md
 */
#ifndef MIYIN_PAYLOAD_H
#define MIYIN_PAYLOAD_H

#include <glib.h>
#include <miyin/keys.h>

#define MIYIN_PAYLOAD_LENGTH 35
#define MIYIN_PAGES_MAX 1023 /* pages of one copy */

typedef struct {
	unsigned key_id;      /* 0-15 */
	guint64 copy_id;      /* below 2^40 */
	unsigned page, pages; /* 1-1023, page <= pages */
	unsigned site;	      /* 0-65535 */
} miyin_payload;

/*
 * Write the payload of a page, signed with the key payload->key_id of keys.
 *
 * Errors: MISSING when keys has no such key.
 */
gboolean miyin_payload_format(const miyin_payload *payload,
			      const miyin_keys *keys,
			      char text[MIYIN_PAYLOAD_LENGTH + 1],
			      GError **error);

/*
 * Read a payload. payload is filled whenever the text has the right form, so
 * that a caller can tell what a forgery claims to be.
 *
 *   keys   NULL: form only, the MAC is not looked at
 *
 * Errors: INPUT when the text is not one of ours; TAMPER when the MAC does
 * not hold or its key is unknown.
 */
gboolean miyin_payload_parse(const char *text, const miyin_keys *keys,
			     miyin_payload *payload, GError **error);

#endif
