/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policy.conf. */
#include "fuzz.h"

#include <miyin/policy.h>

#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	int fd = fuzz_file(data, length);
	g_autofree char *path = fuzz_path(fd);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_policy) policy = miyin_policy_open(path, &error);
	const miyin_limits *limits;

	close(fd);
	if (!policy) {
		fuzz_assert_error(error);
		return 0;
	}
	limits = miyin_policy_find(policy, "jimi");
	if (!limits)
		return 0;
	g_assert(limits->copies_per_document <= 999 &&
		 limits->copies_per_job <= 999);
	g_assert(limits->body <= MIYIN_BODY_AUTO);
	g_assert(limits->verify <= MIYIN_VERIFY_STRUCTURAL);
	g_assert(limits->declared <= MIYIN_DECLARED_OFF);
	miyin_policy_names(limits->users, "nobody");
	miyin_policy_names(limits->queues, "Office");
	return 0;
}
