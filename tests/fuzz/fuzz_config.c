/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin.conf. */
#include "fuzz.h"

#include <miyin/config.h>

#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	int fd = fuzz_file(data, length);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_config) config =
		miyin_config_open(fuzz_folder("miyin.conf", fd), &error);

	close(fd);
	if (!config) {
		fuzz_assert_error(error);
		return 0;
	}
	g_assert(config->site <= 65535);
	g_assert(config->site_name && *config->user);
	g_assert(g_path_is_absolute(config->register_path));
	g_assert(g_path_is_absolute(config->state_dir));
	return 0;
}
