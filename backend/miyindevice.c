/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyindevice: the CUPS backend of a device queue, before the device's own.
 * It lets a job through to the real backend once, and only if the register
 * says that a copy is being sent by this job; what it refuses is an event of
 * the register. It runs the printer's filters itself, in a room with limits,
 * and then that backend, and writes into the register how it ended.
 *
 * Without it a scheduler that restarts would print the job of a copy again
 * from its spool, and whoever found a way onto the device queue would print
 * without a mark. A driver would read a stranger's fonts as lp, without an
 * end; and a backend that was killed is a job "completed" to the scheduler.
 *
 *   DEVICE_URI   as include/miyin/deviceuri.h says
 *   PPD          as include/miyin/deviceppd.h says
 *
 * Installed 0700: cupsd starts it as root.
 */
#include "device.h"
#include <miyin/deviceuri.h>
#include <miyin/sandbox.h>
#include <cups/backend.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define NO_BACKEND "there is no backend for its device"
#define NO_SANDBOX "this kernel cannot shut its driver in"
#define NO_ROOM "this server cannot take the network from its driver"
#define NO_COPY "the register has no copy for this job"

static int refuse(const char *why)
{
	char waste[65536];

	while (read(STDIN_FILENO, waste, sizeof(waste)) > 0)
		;
	fprintf(stderr, "ERROR: Not sent to the device: %s.\n", why);
	return CUPS_BACKEND_CANCEL;
}

/* cupsd signals our group when the job is canceled; each wait looks here. */
static int open_stop(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int argc, char **argv)
{
	const char *wrapped = g_getenv("DEVICE_URI");
	g_autofree char *uri = wrapped ? miyin_deviceuri_unwrap(wrapped) : NULL;
	g_auto(miyin_device) device = { .argv = argv, .uri = uri };
	g_autoptr(miyin_config) config = NULL;
	g_autoptr(miyin_recorder) recorder = NULL;
	miyin_device_record record = { 0 };
	const char *warning = NULL;
	gboolean written;
	int status;

	if (argc == 1)
		return CUPS_BACKEND_OK;
	if (argc < 6 || argc > 7 || !uri) {
		fprintf(stderr,
			"Usage: %s job-id user title copies options "
			"[file]\n",
			argv[0]);
		return CUPS_BACKEND_FAILED;
	}
	device.stop_fd = open_stop();
	config = miyin_config_open(miyin_config_dir(), NULL);
	if (!miyin_device_find_backend(&device))
		device.fault = NO_BACKEND;
	if (config &&
	    !miyin_sandbox_check(config->landlock_required, NULL, NULL))
		device.fault = NO_SANDBOX;
	if (config && !device.fault &&
	    !miyin_sandbox_check_room(config->landlock_required, &warning,
				      NULL))
		device.fault = NO_ROOM;
	if (warning)
		fprintf(stderr, "WARNING: %s\n", warning);
	if (config)
		recorder = miyin_recorder_start(config, argv, device.fault);
	if (!recorder || device.fault)
		return refuse(device.fault ? device.fault : NO_COPY);
	device.recorder = recorder;
	status = miyin_device_run(&device, config, &record);
	written = miyin_recorder_end(recorder, &record);
	miyin_device_record_clear(&record);
	if (!written) {
		fprintf(stderr, "ERROR: The register did not take the end of "
				"this copy.\n");
		return CUPS_BACKEND_FAILED;
	}
	return status;
}
