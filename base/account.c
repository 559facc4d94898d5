/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/account.h>
#include <miyin/memfile.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <unistd.h>

/* Above what distributions, systemd, containers and SSSD give out: from here,
 * a process's own number. A job's would be that of another server's job on the
 * same machine, too, and all that an account has is killed. */
#define FIRST 2100000000u
#define N (1u << 22) /* process numbers at most */
/* Where only 65,536 are there, as in some containers: systemd's own range for
 * accounts that live for a moment. */
#define FIRST_SMALL 61184u
#define N_SMALL 4336u
#define CLAIMS "/run/miyin-accounts" /* nobody but root makes names there */

static gboolean has_account(unsigned account)
{
	FILE *map = fopen("/proc/self/uid_map", "re");
	unsigned long long first, outside, n;
	gboolean found = !map;

	while (map && fscanf(map, "%llu %llu %llu", &first, &outside, &n) == 3)
		found = found || (account >= first && account - first < n);
	if (map)
		fclose(map);
	return found;
}

void miyin_account_range(unsigned *first, unsigned *last)
{
	const gboolean all = has_account(FIRST + N - 1);

	*first = all ? FIRST : FIRST_SMALL;
	*last = *first + (all ? N : N_SMALL) - 1;
}

/* Two processes have numbers that come to the same account: who was first has
 * it. Each is a byte of a file that is never removed, and the kernel lets go
 * of those of a process that dies. */
static gboolean claim(unsigned number, unsigned n, unsigned *free_number)
{
	g_auto(miyin_fd) fd =
		open(CLAIMS, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	for (unsigned i = 0; fd >= 0 && i < n; i++) {
		struct flock byte = {
			.l_type = F_WRLCK,
			.l_whence = SEEK_SET,
			.l_start = (number + i) % n,
			.l_len = 1,
		};

		if (fcntl(fd, F_OFD_SETLK, &byte) != 0)
			continue;
		*free_number = (unsigned)byte.l_start;
		g_steal_fd(&fd); /* it stays open */
		return TRUE;
	}
	return FALSE;
}

gboolean miyin_account_take(pid_t pid, uid_t *account)
{
	unsigned first, last, number, n;

	miyin_account_range(&first, &last);
	n = last - first + 1;
	number = (unsigned)pid % n;
	if (n < N && !claim(number, n, &number))
		return FALSE;
	*account = first + number;
	return TRUE;
}

gboolean miyin_account_become(uid_t uid, gid_t gid)
{
	return setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 &&
	       setresuid(uid, uid, uid) == 0;
}
