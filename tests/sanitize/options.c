/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linked into every program of `make sanitize`: their options cannot come from
 * the environment, because miyin's programs start each other with a bare one.
 * A report is a file report.NAME.PID in the folder MIYIN_REPORTS, for the
 * scheduler's children write to a log that is gone with the lab; tests/check
 * looks there. NAME is what the program was called with: a filter is called
 * with its queue, a backend with its URI.
 */
#define LOG "log_exe_name=1:log_path=" MIYIN_REPORTS "/report"

/* Names that the sanitizers ask for.
 * NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*) */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__lsan_default_options(void);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

/* Libraries have no frame pointers: the fast way cannot tell who called them,
 * and so not whether a leak is theirs. */
const char *__asan_default_options(void)
{
	return LOG ":detect_stack_use_after_return=1"
		   ":fast_unwind_on_malloc=0:malloc_context_size=8";
}

const char *__ubsan_default_options(void)
{
	return LOG ":print_stacktrace=1";
}

const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}
