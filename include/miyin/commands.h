/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of `miyin`. Each gets its own arguments (argv[0] is the
 * command's name), parses them with GOption, prints results on standard
 * output and returns the exit status. On failure it sets *error, and main
 * prints it as "miyin: message" and exits 1 unless the status says more.
 */
#ifndef MIYIN_COMMANDS_H
#define MIYIN_COMMANDS_H

#include <glib.h>
#include <miyin/config.h>

typedef int (*miyin_command_func)(int argc, char **argv,
				  const miyin_config *config, GError **error);

int miyin_command_protect(int argc, char **argv, const miyin_config *config,
			  GError **error);
int miyin_command_unprotect(int argc, char **argv, const miyin_config *config,
			    GError **error);
int miyin_command_doctor(int argc, char **argv, const miyin_config *config,
			 GError **error);
int miyin_command_log(int argc, char **argv, const miyin_config *config,
		      GError **error);
int miyin_command_copies(int argc, char **argv, const miyin_config *config,
			 GError **error);
int miyin_command_document(int argc, char **argv, const miyin_config *config,
			   GError **error);
int miyin_command_backup(int argc, char **argv, const miyin_config *config,
			 GError **error);
int miyin_command_verify(int argc, char **argv, const miyin_config *config,
			 GError **error);
int miyin_command_trace(int argc, char **argv, const miyin_config *config,
			GError **error);
int miyin_command_preview(int argc, char **argv, const miyin_config *config,
			  GError **error);

#endif
