/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyindevice: the CUPS backend of a device queue, before the device's own.
 * It lets a job through to the real backend once, and only if the register
 * says that a copy is being sent by this job; then it runs that backend. What
 * it refuses is an event of the register.
 *
 * Without it a scheduler that restarts would print the job of a copy again
 * from its spool, and whoever found a way onto the device queue would print
 * without a mark.
 *
 *   DEVICE_URI   as include/miyin/deviceuri.h says
 *
 * Installed 0700: cupsd starts it as root.
 */
#include <miyin/config.h>
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <miyin/register.h>
#include <miyin/service.h>
#include <miyin/text.h>
#include <cups/backend.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILTER_USER "lp"	/* who runs backends that need no root */
#define NO_BACKEND "there is no backend for its device"
#define NO_COPY "the register has no copy for this job"

static gboolean may_start(char **argv, const char *fault);
static int ask_register(char **argv, const char *fault);
static void enter_refusal(miyin_register *reg, char **argv, const char *why);
static char *find_backend(const char *uri, struct stat *status);
static int run_backend(const char *path, char **argv,
		       const struct stat *status);
static int become_backend(const char *path, char **argv,
			  const struct stat *status);
static gboolean drop_rights(const struct stat *status);
static int refuse(const char *why);

int main(int argc, char **argv)
{
	const char *wrapped = g_getenv("DEVICE_URI");
	g_autofree char *uri = wrapped ? miyin_deviceuri_unwrap(wrapped) : NULL;
	g_autofree char *path = NULL;
	struct stat status;

	if (argc == 1)
		return CUPS_BACKEND_OK;
	if (argc < 6 || argc > 7 || !uri) {
		fprintf(stderr, "Usage: %s job-id user title copies options "
				"[file]\n", argv[0]);
		return CUPS_BACKEND_FAILED;
	}
	path = find_backend(uri, &status);
	if (!may_start(argv, path ? NULL : NO_BACKEND) || !path)
		return refuse(path ? NO_COPY : NO_BACKEND);
	argv[0] = uri;
	g_setenv("DEVICE_URI", uri, TRUE);
	return run_backend(path, argv, &status);
}

/* The register is the service user's; the real backend may need root. */
static gboolean may_start(char **argv, const char *fault)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(ask_register(argv, fault));
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && status == 0;
}

/* fault: why it may not start in any case, or NULL */
static int ask_register(char **argv, const char *fault)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_config) config =
		miyin_config_open(miyin_config_dir(), &error);
	g_autoptr(miyin_register) reg = NULL;

	if (config && miyin_service_become(config->user, &error))
		reg = miyin_register_open(config->register_path, FALSE,
					  &error);
	if (reg && !fault &&
	    miyin_register_start_device(reg, atoi(argv[1]), &error))
		return 0;
	if (reg)
		enter_refusal(reg, argv, fault ? fault : NO_COPY);
	if (error)
		fprintf(stderr, "DEBUG: %s\n", error->message);
	return 1;
}

/* The officer sees who tried to get around the gate, and when. */
static void enter_refusal(miyin_register *reg, char **argv, const char *why)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *user = miyin_text_clean(argv[2], MIYIN_TEXT_MAX);
	g_autofree char *title = miyin_text_clean(argv[3], MIYIN_TEXT_MAX);
	g_autofree char *printer = miyin_text_clean(g_getenv("PRINTER"),
						    MIYIN_TEXT_MAX);
	const miyin_request request = {
		.user = user,
		.title = title,
		.printer = printer,
		.job_id = atoi(argv[1]),
	};

	if (!miyin_register_refuse(reg, &request, "unregistered", why, &error))
		fprintf(stderr, "DEBUG: %s\n", error->message);
}

/* As cupsd does: root's, and nobody else's to write. */
static char *find_backend(const char *uri, struct stat *status)
{
	const char *bin = g_getenv("CUPS_SERVERBIN");
	size_t n = strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789-+");
	g_autofree char *scheme = g_strndup(uri, n);
	g_autofree char *path = NULL;

	if (n == 0 || uri[n] != ':' || g_str_has_prefix(scheme, "miyin"))
		return NULL;
	path = g_build_filename(bin ? bin : "/usr/lib/cups", "backend", scheme,
				NULL);
	if (stat(path, status) != 0 || !S_ISREG(status->st_mode) ||
	    status->st_uid != 0 || (status->st_mode & (S_IWGRP | S_IWOTH)))
		return NULL;
	return g_steal_pointer(&path);
}

/* cupsd 2.4 calls the job of a backend that was killed completed; its copy
 * would be entered as printed. So somebody must outlive it. */
static int run_backend(const char *path, char **argv,
		       const struct stat *status)
{
	pid_t pid;
	int end = 0;

	/* cupsd signals the whole group. */
	signal(SIGTERM, SIG_IGN);
	pid = fork();
	if (pid == 0)
		_exit(become_backend(path, argv, status));
	if (pid < 0)
		return refuse("the backend of its device cannot be started");
	while (waitpid(pid, &end, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(end))
		return WEXITSTATUS(end);
	if (WTERMSIG(end) == SIGTERM) {
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
	}
	fprintf(stderr, "ERROR: The backend of the device ended with signal "
			"%d.\n", WTERMSIG(end));
	return CUPS_BACKEND_FAILED;
}

static int become_backend(const char *path, char **argv,
			  const struct stat *status)
{
	signal(SIGTERM, SIG_DFL);
	if (!drop_rights(status))
		return refuse("its rights cannot be dropped");
	execv(path, argv);
	fprintf(stderr, "DEBUG: %s: %s\n", path, strerror(errno));
	return refuse("the backend of its device cannot be started");
}

static gboolean drop_rights(const struct stat *status)
{
	const struct passwd *account;

	if (geteuid() != 0 || !(status->st_mode & S_IXOTH))
		return TRUE;
	account = getpwnam(FILTER_USER);
	return account && initgroups(FILTER_USER, account->pw_gid) == 0 &&
	       setresgid(account->pw_gid, account->pw_gid, account->pw_gid) ==
		       0 &&
	       setresuid(account->pw_uid, account->pw_uid, account->pw_uid) ==
		       0;
}

static int refuse(const char *why)
{
	char waste[65536];

	while (read(STDIN_FILENO, waste, sizeof(waste)) > 0)
		;
	fprintf(stderr, "ERROR: Not sent to the device: %s.\n", why);
	return CUPS_BACKEND_CANCEL;
}
