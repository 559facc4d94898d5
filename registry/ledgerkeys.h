/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of the log, in files beside the register that the service's account
 * alone reads: seal-key, which is written anew with each entry; head-key, PEM;
 * and first-key, which an officer takes away.
 */
#ifndef MIYIN_LEDGERKEYS_H
#define MIYIN_LEDGERKEYS_H

#include <miyin/seal.h>

/* Make new ones. Errors: SYSTEM. */
gboolean miyin_ledgerkeys_create(miyin_suite *suite, const char *dir,
				 GError **error);

/* The key of the heads. Errors: SYSTEM, INPUT. */
EVP_PKEY *miyin_ledgerkeys_open_head(const miyin_suite *suite, const char *dir,
				     GError **error);

/* -1: SYSTEM. */
int miyin_ledgerkeys_open_seal(const char *dir, GError **error);
gboolean miyin_ledgerkeys_read_seal(int fd, const char *dir, miyin_seal *seal,
				    GError **error);
/* Over the one that is there, unless that is later. One that cannot be written
 * stays: who begins with it comes to the same. */
void miyin_ledgerkeys_write_seal(int fd, const miyin_seal *seal);

#endif
