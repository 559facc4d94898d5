/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key file. */
#include "fuzz.h"

#include <miyin/keys.h>

#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	int fd = fuzz_file(data, length);
	g_autofree char *path = fuzz_path(fd);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_keys) keys = miyin_keys_open(path, &error);
	unsigned char key[MIYIN_KEY_LENGTH];

	close(fd);
	if (keys)
		g_assert(miyin_keys_derive(keys, miyin_keys_current(keys), "qr",
					   key, NULL));
	else
		fuzz_assert_error(error);
	return 0;
}
