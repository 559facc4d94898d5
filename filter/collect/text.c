/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text.h"
#include <string.h>
#include <unicode/ucsdet.h>

#define BOM "\xef\xbb\xbf"
#define BYTES_LOOKED 65536
/* Of ICU's 0 to 100; it gives few characters 10, whatever they are. */
#define SURE 50
#define SURER 20

/* UTF-32LE begins as UTF-16LE does. */
static const char *find_wide(const guint8 *bytes, gsize length)
{
	static const struct {
		const char *mark;
		gsize n;
		const char *name;
	} wide[] = {
		{ "\xff\xfe\0\0", 4, "UTF-32" },
		{ "\0\0\xfe\xff", 4, "UTF-32" },
		{ "\xff\xfe", 2, "UTF-16" },
		{ "\xfe\xff", 2, "UTF-16" },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(wide); i++)
		if (length >= wide[i].n &&
		    memcmp(bytes, wide[i].mark, wide[i].n) == 0)
			return wide[i].name;
	return NULL;
}

gboolean miyin_text_is_wide(const guint8 *bytes, gsize length)
{
	return find_wide(bytes, length) != NULL;
}

/* In a text of Latin letters with accents a byte of GB18030's first halves
 * stands between letters of ASCII; Chinese characters stand together. */
static gboolean is_latin(const guint8 *bytes, gsize length)
{
	gsize n_lone = 0, n_pairs = 0;
	gboolean before = FALSE;

	for (gsize i = 0; i + 1 < length; i++) {
		gboolean pair = bytes[i] >= 0x80;

		if (pair) {
			n_pairs++;
			n_lone += !before && g_ascii_isalpha(bytes[i + 1]) &&
				  (i + 2 >= length || bytes[i + 2] < 0x80);
			i++;
		}
		before = pair;
	}
	return n_lone * 2 > n_pairs;
}

/* Does another encoding of two bytes explain the text much better? */
static gboolean is_other(const guint8 *bytes, gsize length)
{
	UErrorCode status = U_ZERO_ERROR;
	UCharsetDetector *detector = ucsdet_open(&status);
	const UCharsetMatch **all;
	int32_t n = 0, chinese = 0, best = 0;

	ucsdet_setText(detector, (const char *)bytes,
		       (int32_t)MIN(length, BYTES_LOOKED), &status);
	all = ucsdet_detectAll(detector, &n, &status);
	for (int32_t i = 0; U_SUCCESS(status) && i < n; i++) {
		const char *name = ucsdet_getName(all[i], &status);
		int32_t sure = ucsdet_getConfidence(all[i], &status);

		if (g_str_equal(name, "GB18030"))
			chinese = MAX(chinese, sure);
		else
			best = MAX(best, sure);
	}
	ucsdet_close(detector);
	return best >= SURE && best >= chinese + SURER;
}

char *miyin_text_read(const guint8 *bytes, gsize length, gsize *n)
{
	const char *wide = find_wide(bytes, length);
	gsize used = 0;
	char *utf8;

	if (!wide && (is_latin(bytes, length) || is_other(bytes, length)))
		return NULL;
	utf8 = g_convert((const char *)bytes, length, "UTF-8",
			 wide ? wide : "GB18030", &used, n, NULL);
	if (utf8 && used != length)
		g_clear_pointer(&utf8, g_free);
	if (utf8 && g_str_has_prefix(utf8, BOM)) {
		*n -= strlen(BOM);
		memmove(utf8, utf8 + strlen(BOM), *n + 1);
	}
	return utf8;
}
