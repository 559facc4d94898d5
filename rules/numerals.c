/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ICU knows what each numeral is worth; here is how they stand together. */
#include <miyin/numerals.h>
#include <unicode/uchar.h>

#define BOTH 0x4e24	   /* 两, which Unicode counts among the words */
#define RUN_MAX 32	   /* of numerals; more are no number */
#define GREATEST_UNIT 1000 /* 千 */

/* What a numeral is worth, or -1. Ten and its like are above 9. */
static int value_of(gunichar c)
{
	double value = u_getNumericValue((UChar32)c);

	if (c == BOTH)
		return 2;
	/* 廿, 卅 and 卌 are 20, 30 and 40. */
	if ((value >= 0 && value <= 10) || value == 20 || value == 30 ||
	    value == 40 || value == 100 || value == GREATEST_UNIT)
		return value == (int)value ? (int)value : -1;
	return -1;
}

typedef struct {
	int values[RUN_MAX];
	unsigned n;
	gboolean units;	 /* 十, 百, 廿 */
	gboolean digits; /* 0 to 9 of Europe */
	gboolean han;	 /* 一 to 九 */
} numeral_run;

/* 二三年 are two or three, 三五年 three to five. */
static gboolean is_about(const numeral_run *run)
{
	const int a = run->values[0], b = run->values[1];

	return run->han && run->n == 2 && a > 0 &&
	       (b == a + 1 || (a == 3 && b == 5));
}

/* Places count: 二〇三〇. NULL for what is no certain number. */
static char *write_places(const numeral_run *run)
{
	GString *out;

	if (is_about(run))
		return NULL;
	out = g_string_new(NULL);
	for (unsigned i = 0; i < run->n; i++)
		g_string_append_c(out, (char)('0' + run->values[i]));
	return g_string_free(out, FALSE);
}

typedef struct {
	int sum, digit; /* -1: no digit waits for its unit */
	int unit;	/* the last one */
	gboolean zero;	/* a 零 after it */
} numeral_sum;

static gboolean add_unit(numeral_sum *s, int unit)
{
	gboolean ten = unit == 10;
	int n = s->digit;

	if (unit == 20 || unit == 30 || unit == 40) {
		if (n >= 0)
			return FALSE;
		n = unit / 10;
		unit = 10;
	} else if (n < 0 && ten && (s->unit > GREATEST_UNIT || s->zero)) {
		n = 1; /* 十五 */
	}
	if (n <= 0 || unit >= s->unit)
		return FALSE;
	s->sum += n * unit;
	s->digit = -1;
	s->unit = unit;
	s->zero = FALSE;
	return TRUE;
}

static gboolean add_digit(numeral_sum *s, int digit)
{
	if (s->digit >= 0 || (digit == 0 && s->zero))
		return FALSE;
	if (digit == 0)
		s->zero = TRUE;
	else
		s->digit = digit;
	return TRUE;
}

/* Units count: 一百零五. NULL when they make no number. */
static char *write_sum(const numeral_run *run)
{
	numeral_sum s = { .digit = -1, .unit = GREATEST_UNIT + 1 };

	for (unsigned i = 0; i < run->n; i++)
		if (!(run->values[i] < 10 ? add_digit(&s, run->values[i])
					  : add_unit(&s, run->values[i])))
			return NULL;
	if (s.digit < 0 && s.zero)
		return NULL;
	if (s.digit > 0 && s.unit > 10 && !s.zero)
		return NULL; /* 一百五: 150 or 105 */
	return g_strdup_printf("%d", s.sum + MAX(0, s.digit));
}

/* Take a run, and say where it ends. */
static const char *take_run(const char *at, numeral_run *run)
{
	for (; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		int value = value_of(c);

		if (value < 0)
			break;
		if (run->n < RUN_MAX)
			run->values[run->n] = value;
		run->n++;
		run->units |= value > 9;
		run->digits |= c < 0x80;
		run->han |= g_unichar_get_script(c) == G_UNICODE_SCRIPT_HAN;
	}
	return at;
}

char *miyin_numerals_to_digits(const char *text)
{
	GString *out = g_string_new(NULL);

	while (*text) {
		numeral_run run = { .n = 0 };
		const char *end = take_run(text, &run);
		g_autofree char *number = NULL;

		if (run.n > 0 && run.n <= RUN_MAX && !run.units)
			number = write_places(&run);
		else if (run.n > 0 && run.n <= RUN_MAX && !run.digits)
			number = write_sum(&run);
		if (run.n == 0)
			end = g_utf8_next_char(text);
		if (number)
			g_string_append(out, number);
		else
			g_string_append_len(out, text, end - text);
		text = end;
	}
	return g_string_free(out, FALSE);
}
