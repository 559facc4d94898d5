/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/crockford.h>
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char miyin_crockford_char(unsigned value)
{
	return alphabet[value & 31];
}

int miyin_crockford_value(char c)
{
	const char *at;

	c = g_ascii_toupper(c);
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}
