/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the harnesses share. Each is one parser: it must not crash, must say
 * why it fails, must leave its out parameters alone then, and what it reads
 * it must read again from what is written of it. Warnings of GLib are
 * findings too.
 */
#ifndef MIYIN_FUZZ_H
#define MIYIN_FUZZ_H

#include <glib.h>
#include <stdint.h>

#define FUZZ_SCHEMES "samples/schemes" /* from the top of the repository */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

/* The bytes, ended by 0; it may hold others. Free with g_free. */
char *fuzz_text(const uint8_t *data, size_t length);

/* The bytes with unreadable memory behind them, for what libraries read on of
 * them is not seen by AddressSanitizer. */
GBytes *fuzz_guarded(const uint8_t *data, size_t length);

/* A memory file of the bytes, at its start, that only its owner may read. */
int fuzz_file(const void *bytes, size_t length);

/* Its name, for what opens a path. Free with g_free. */
char *fuzz_path(int fd);

/* A folder with one file that leads to fd; gone when the process ends. */
const char *fuzz_folder(const char *name, int fd);

/* An error that can be printed: set, of ours, one line of text. */
void fuzz_assert_error(const GError *error);

#endif
