/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts by their look; ICU knows which characters look alike. */
#include <miyin/skeleton.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <string.h>

#define GROWTH 18 /* NFKC makes 18 characters of U+FDFA, no more */
#define BRAILLE_BLANK 0x2800
#define LONG_SOUND 0x30fc /* ー, which ICU makes of — and 一 */

static UChar *to_utf16(const char *text, int32_t *length)
{
	glong n = 0;
	UChar *wide = g_utf8_to_utf16(text, -1, NULL, &n, NULL);

	*length = (int32_t)n;
	return wide;
}

static UChar *fold(const UChar *text, int32_t length, gboolean cased,
		   int32_t *folded)
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *form =
		cased ? unorm2_getNFKCInstance(&code)
		      : unorm2_getNFKCCasefoldInstance(&code);
	int32_t room = length * GROWTH + 1;
	UChar *out = g_new(UChar, room);

	/* As GLib does: no memory, no program. */
	*folded = unorm2_normalize(form, text, length, out, room, &code);
	if (U_FAILURE(code))
		g_error("ICU: normalize: %s", u_errorName(code));
	return out;
}

static UChar *find_prototypes(const UChar *text, int32_t length, int32_t *found)
{
	UErrorCode code = U_ZERO_ERROR;
	USpoofChecker *checker = uspoof_open(&code);
	int32_t room = length * GROWTH + 1;
	UChar *out = g_new(UChar, room);

	*found = uspoof_getSkeleton(checker, 0, text, length, out, room, &code);
	if (U_FAILURE(code))
		g_error("ICU: skeleton: %s", u_errorName(code));
	uspoof_close(checker);
	return out;
}

/* An i is an I is an l is a 1: the first step is by case, the others by
 * look. */
static UChar32 unify(UChar32 c)
{
	switch (u_charType(c)) {
	case U_DASH_PUNCTUATION:
		return '-';
	case U_START_PUNCTUATION:
	case U_INITIAL_PUNCTUATION:
		return '(';
	case U_END_PUNCTUATION:
	case U_FINAL_PUNCTUATION:
		return ')';
	default:
		return c == 'i' ? 'l' : c == LONG_SOUND ? '-' : c;
	}
}

static char *to_utf8(const UChar *text, int32_t length)
{
	GString *out = g_string_new(NULL);

	for (int32_t at = 0; at < length;) {
		UChar32 c;

		U16_NEXT(text, at, length, c);
		if (!miyin_text_is_invisible(c))
			g_string_append_unichar(out, unify(c));
	}
	return g_string_free(out, FALSE);
}

/* Looks first in the case that is written, for Β is a B and β is none; then
 * without case, for both are one reference. */
char *miyin_text_skeleton(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
	int32_t n;
	g_autofree UChar *wide = to_utf16(valid, &n);
	g_autofree UChar *plain = fold(wide, n, TRUE, &n);
	g_autofree UChar *cased = find_prototypes(plain, n, &n);
	g_autofree UChar *folded = fold(cased, n, FALSE, &n);
	g_autofree UChar *found = find_prototypes(folded, n, &n);
	g_autofree UChar *last = fold(found, n, FALSE, &n);

	return to_utf8(last, n);
}

gboolean miyin_text_is_invisible(gunichar c)
{
	UChar32 wide = (UChar32)c;

	return c == BRAILLE_BLANK || u_isUWhiteSpace(wide) ||
	       u_charType(wide) == U_CONTROL_CHAR ||
	       u_charType(wide) == U_FORMAT_CHAR ||
	       u_hasBinaryProperty(wide, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

char *miyin_text_drop_invisible(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text; text = g_utf8_next_char(text))
		if (!miyin_text_is_invisible(g_utf8_get_char(text)))
			g_string_append_unichar(out, g_utf8_get_char(text));
	return g_string_free(out, FALSE);
}

/* Opening it takes longer than a page of text. */
static UTransliterator *get_table(void)
{
	static const UChar name[] = u"Traditional-Simplified";
	static UTransliterator *table;
	UErrorCode code = U_ZERO_ERROR;

	if (!table)
		table = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL,
				     &code);
	return table;
}

char *miyin_text_simplify(const char *text)
{
	const int32_t room = (int32_t)MIN(strlen(text), G_MAXINT32 / 4) + 1;
	const UTransliterator *table = get_table();
	UErrorCode code = U_ZERO_ERROR;
	g_autofree UChar *wide = g_new(UChar, 2 * room);
	g_autofree char *out = g_new(char, 6 * room);
	int32_t length = 0, limit;

	if (!table)
		return g_strdup(text);
	u_strFromUTF8(wide, 2 * room, &length, text, -1, &code);
	limit = length;
	utrans_transUChars(table, wide, &length, 2 * room, 0, &limit, &code);
	u_strToUTF8(out, 6 * room, NULL, wide, length, &code);
	return U_SUCCESS(code) ? g_steal_pointer(&out) : g_strdup(text);
}
