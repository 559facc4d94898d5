/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linked into every program of `make sanitize`: their options cannot come from
 * the environment, because miyin's programs start each other with a bare one.
 * REPORTS is a path that becomes REPORTS.PID, for the scheduler's children
 * write to a log that is gone with the lab.
 */
/* Names that the sanitizers ask for.
 * NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*) */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__lsan_default_options(void);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

const char *__asan_default_options(void)
{
	return "log_path=" REPORTS ":detect_stack_use_after_return=1";
}

const char *__ubsan_default_options(void)
{
	return "log_path=" REPORTS ":print_stacktrace=1";
}

const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}
