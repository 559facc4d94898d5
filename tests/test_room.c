/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rooms of the guard, by root: what they leave behind, and what becomes of
 * rooms that nobody keeps any more.
 */
#include "backend/keeper.h"
#include "backend/room.h"
#include <miyin/sandbox.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define FOLDERS 20000
#define DEEP 3000
#define EXCHANGES 200

static const miyin_room_limits limits = { 20, 60, G_GUINT64_CONSTANT(1) << 30,
					  1 << 20 };

/* ---- what is done in a room ---------------------------------------------- */

static int nothing(const char *folder, gpointer data)
{
	(void)folder;
	(void)data;
	return 0;
}

static gboolean tell(const char *folder)
{
	gsize length = strlen(folder);

	return write(STDOUT_FILENO, folder, length) == (gssize)length &&
	       close(STDOUT_FILENO) == 0;
}

/* Leaves files where nobody looks, says where, and waits to be killed. */
static int fill(const char *folder, gpointer data)
{
	g_autofree char *inner = g_build_filename(folder, ".a", "b", NULL);
	g_autofree char *file = g_build_filename(inner, ".c", NULL);

	(void)data;
	if (g_mkdir_with_parents(inner, 0700) != 0 ||
	    !g_file_set_contents(file, "left", -1, NULL) || !tell(folder))
		return 1;
	for (;;)
		pause();
}

static int dig(const char *folder, gpointer data)
{
	(void)data;
	if (chdir(folder) != 0 || !tell(folder))
		return 1;
	for (int i = 0; i < DEEP; i++)
		if (mkdir("d", 0700) != 0 || chdir("d") != 0)
			return 1;
	for (;;)
		pause();
}

static int write_much(const char *folder, gpointer data)
{
	static char bytes[2 << 20];
	const int *links = data;
	g_autofree char *path = g_build_filename(folder, "a", NULL);

	if (!g_file_set_contents(path, bytes, sizeof(bytes) / 4, NULL))
		return 1;
	for (int i = 0; i < *links; i++) {
		g_autofree char *other = g_strdup_printf("%s/%d", folder, i);

		if (link(path, other) != 0)
			return 1;
	}
	sleep(1);
	return 0;
}

/* ---- rooms -----------------------------------------------------------------
 */

static miyin_room *start(miyin_room_kind kind, miyin_room_func func,
			 gpointer data, int *told)
{
	g_autoptr(GError) error = NULL;
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	int out[2];
	miyin_room *room;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	room = miyin_room_start(
		&(const miyin_room_task){ .kind = kind,
					  .limits = &limits,
					  .fds = { nowhere, out[1], nowhere },
					  .func = func,
					  .data = data },
		&error);
	ck_assert_msg(room != NULL, "%s", error ? error->message : "");
	close(out[1]);
	close(nowhere);
	if (told)
		*told = out[0];
	else
		close(out[0]);
	return room;
}

static char *read_folder(int told)
{
	char path[4096] = "";

	ck_assert_int_gt(read(told, path, sizeof(path) - 1), 1);
	close(told);
	ck_assert_int_eq(access(path, F_OK), 0);
	return g_strdup(path);
}

static void pass(miyin_room_kind kind)
{
	g_autoptr(miyin_room) room = start(kind, nothing, NULL, NULL);

	ck_assert_int_eq(miyin_room_wait(room, -1), MIYIN_ROOM_DONE);
}

/* The only child that we have. */
static pid_t find_keeper(void)
{
	g_autofree char *text = NULL;

	ck_assert(g_file_get_contents("/proc/thread-self/children", &text, NULL,
				      NULL));
	return (pid_t)g_ascii_strtoll(text, NULL, 10);
}

/* Sweeps as others do, without a pause. */
static G_GNUC_NORETURN void sweep_on(const char *place)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		g_autoptr(GDir) names = g_dir_open(place, 0, NULL);
		const char *name;

		while (names && (name = g_dir_read_name(names))) {
			g_autofree char *path =
				g_build_filename(place, name, NULL);
			int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

			if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
				rmdir(path);
			if (fd >= 0)
				close(fd);
		}
	}
}

START_TEST(swept_while_it_is_made)
{
	g_autofree char *place = g_strdup("/dev/shm/miyin-place-XXXXXX");
	miyin_keeper keeper;
	pid_t sweeper;

	ck_assert_ptr_nonnull(g_mkdtemp(place));
	sweeper = fork();
	if (sweeper == 0)
		sweep_on(place);
	for (int i = 0; i < FOLDERS; i++) {
		ck_assert_msg(miyin_keeper_open(&keeper, place), "%d: %s", i,
			      g_strerror(errno));
		ck_assert_int_eq(access(keeper.path, F_OK), 0);
		miyin_keeper_close(&keeper);
	}
	kill(sweeper, SIGKILL);
	waitpid(sweeper, NULL, 0);
	ck_assert_int_eq(rmdir(place), 0);
}
END_TEST

START_TEST(keeper_is_killed)
{
	int told;
	g_autoptr(miyin_room) room =
		start(MIYIN_ROOM_DRIVER, fill, NULL, &told);
	g_autofree char *folder = read_folder(told);
	g_autofree char *outer = g_path_get_dirname(folder);

	kill(find_keeper(), SIGKILL);
	ck_assert_int_eq(miyin_room_wait(room, -1), MIYIN_ROOM_FAILED);
	/* The lock goes with the last of its processes, a moment later. */
	for (int i = 0; i < 100 && access(folder, F_OK) == 0; i++) {
		pass(MIYIN_ROOM_ENGINE);
		g_usleep(20000);
	}
	ck_assert_int_ne(access(folder, F_OK), 0);
	if (!g_str_equal(outer, "/dev/shm"))
		ck_assert_int_ne(access(outer, F_OK), 0);
}
END_TEST

/* Of somebody who knows our names; to a folder of root's, or his own. */
START_TEST(others_are_left_alone)
{
	g_autofree char *theirs =
		g_strdup_printf("/dev/shm/miyin-room-%d", getpid());
	g_autofree char *file = g_build_filename(theirs, "file", NULL);
	g_autofree char *way = g_strconcat(theirs, "-link", NULL);
	g_autofree char *ours = g_strdup("/tmp/miyin-victim-XXXXXX");
	g_autofree char *kept = NULL;

	ck_assert_ptr_nonnull(g_mkdtemp(ours));
	kept = g_build_filename(ours, "file", NULL);
	ck_assert(g_file_set_contents(kept, "kept", -1, NULL));
	ck_assert_int_eq(g_mkdir(theirs, 0777), 0);
	ck_assert(g_file_set_contents(file, "kept", -1, NULL));
	ck_assert_int_eq(chown(theirs, NOBODY, NOBODY), 0);
	ck_assert_int_eq(symlink(ours, way), 0);
	pass(MIYIN_ROOM_ENGINE);
	ck_assert_int_eq(access(file, F_OK), 0);
	ck_assert_int_eq(access(kept, F_OK), 0);
	g_unlink(file);
	g_rmdir(theirs);
	g_unlink(way);
	g_unlink(kept);
	g_rmdir(ours);
}
END_TEST

START_TEST(too_deep)
{
	int told;
	g_autoptr(miyin_room) room = start(MIYIN_ROOM_DRIVER, dig, NULL, &told);
	g_autofree char *folder = read_folder(told);

	ck_assert_int_eq(miyin_room_wait(room, -1), MIYIN_ROOM_SPACE);
	ck_assert_int_ne(access(folder, F_OK), 0);
}
END_TEST

/* A folder and a link to ours change places all the while. */
static G_GNUC_NORETURN void exchange(const char *folder, const char *victim)
{
	g_autofree char *a = g_build_filename(folder, "a", NULL);
	g_autofree char *b = g_build_filename(folder, "b", NULL);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		g_autofree char *file = g_build_filename(a, "file", NULL);

		g_mkdir(a, 0700);
		g_file_set_contents(file, "theirs", -1, NULL);
		if (symlink(victim, b) == 0 || errno == EEXIST)
			for (int i = 0; i < 100; i++)
				renameat2(AT_FDCWD, a, AT_FDCWD, b,
					  RENAME_EXCHANGE);
	}
}

START_TEST(links_are_not_followed)
{
	g_autofree char *victim = g_strdup("/dev/shm/miyin-victim-XXXXXX");
	g_autofree char *file = NULL;
	miyin_keeper keeper;

	ck_assert_ptr_nonnull(g_mkdtemp(victim));
	file = g_build_filename(victim, "file", NULL);
	ck_assert(g_file_set_contents(file, "ours", -1, NULL));
	for (int i = 0; i < EXCHANGES; i++) {
		g_autofree char *begun = NULL;
		pid_t rogue;

		ck_assert(miyin_keeper_open(&keeper, "/dev/shm"));
		begun = g_build_filename(keeper.path, "b", NULL);
		rogue = fork();
		if (rogue == 0)
			exchange(keeper.path, victim);
		while (access(begun, F_OK) != 0)
			g_usleep(100);
		miyin_keeper_close(&keeper);
		kill(rogue, SIGKILL);
		waitpid(rogue, NULL, 0);
		ck_assert_int_eq(access(file, F_OK), 0);
	}
	g_unlink(file);
	ck_assert_int_eq(g_rmdir(victim), 0);
}
END_TEST

static const struct {
	const char *what;
	int links;
	miyin_room_end end;
} written[] = {
	{ "half of what it may", 0, MIYIN_ROOM_DONE },
	{ "half of what it may, under ten names", 9, MIYIN_ROOM_DONE },
};

START_TEST(space)
{
	int links = written[_i].links;
	g_autoptr(miyin_room) room =
		start(MIYIN_ROOM_DRIVER, write_much, &links, NULL);

	ck_assert_msg(miyin_room_wait(room, -1) == written[_i].end, "%s",
		      written[_i].what);
}
END_TEST

/* ---- without a network --------------------------------------------------- */

static int see_network(const char *folder, gpointer data)
{
	char own[64] = "";

	(void)folder;
	return readlink("/proc/self/ns/net", own, sizeof(own) - 1) > 0 &&
	       !g_str_equal(own, data);
}

/* As in a container: root, but for what changes the system. */
static void lose_right(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3,
						   0 };
	struct __user_cap_data_struct all[2];

	if (syscall(SYS_capget, &header, all) != 0)
		_exit(99);
	all[0].effective &= ~(1u << CAP_SYS_ADMIN);
	all[0].permitted &= ~(1u << CAP_SYS_ADMIN);
	if (syscall(SYS_capset, &header, all) != 0)
		_exit(99);
}

/* There are too many namespaces already. */
static void lose_space(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSPC),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { G_N_ELEMENTS(code), code };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(99);
}

static void lose_nothing(void)
{
}

static const struct {
	const char *what;
	void (*lose)(void);
	gboolean may;	    /* the server, as the guard and the doctor ask */
	miyin_room_end end; /* of what fails where it has no network */
} servers[] = {
	{ "a server", lose_nothing, TRUE, MIYIN_ROOM_FAILED },
	{ "one without the right", lose_right, FALSE, MIYIN_ROOM_DONE },
	{ "one without the space", lose_space, FALSE, MIYIN_ROOM_FAILED },
};

static int try_network(unsigned i)
{
	char network[64] = "";
	const char *warning = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_room) room = NULL;

	servers[i].lose();
	if (miyin_sandbox_check_room(TRUE, &warning, &error) !=
		    servers[i].may ||
	    warning || (error == NULL) != servers[i].may)
		return 1;
	if (!miyin_sandbox_check_room(FALSE, &warning, NULL) ||
	    (warning == NULL) != servers[i].may)
		return 2;
	if (readlink("/proc/self/ns/net", network, sizeof(network) - 1) < 0)
		return 3;
	room = start(MIYIN_ROOM_DRIVER, see_network, network, NULL);
	return miyin_room_wait(room, -1) == servers[i].end ? 0 : 4;
}

START_TEST(network)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(try_network(_i));
	waitpid(pid, &status, 0);
	ck_assert_msg(status == 0, "%s: %d", servers[_i].what,
		      WEXITSTATUS(status));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("room");
	TCase *tcase = tcase_create("room");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tcase, swept_while_it_is_made);
	tcase_add_test(tcase, keeper_is_killed);
	tcase_add_test(tcase, others_are_left_alone);
	tcase_add_test(tcase, links_are_not_followed);
	tcase_add_test(tcase, too_deep);
	tcase_add_loop_test(tcase, space, 0, G_N_ELEMENTS(written));
	tcase_add_loop_test(tcase, network, 0, G_N_ELEMENTS(servers));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
