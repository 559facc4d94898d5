/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Libraries that keep what they made until the end, or lose it: cairo 1.16
 * some of each PDF surface, libcups 2.4 some of each PPD it marks. */
/* Names that the sanitizers ask for.
 * NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*) */
const char *__lsan_default_suppressions(void);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n"
	       "leak:libpango\n"
	       "leak:libcairo\n"
	       "leak:_ppdCacheCreateWithPPD\n";
}
