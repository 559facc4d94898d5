/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/code.h>
#include <string.h>

static const struct {
	const char *id;
	gboolean (*format)(const miyin_payload *claim, const miyin_keys *keys,
			   char *text, GError **error);
	gboolean (*parse)(const char *text, const miyin_keys *keys,
			  miyin_payload *claim, GError **error);
} kinds[] = {
	[MIYIN_CODE_QR] = { "qr", miyin_payload_format, miyin_payload_parse },
};
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == MIYIN_N_CODE_KINDS);

gboolean miyin_code_format(miyin_code_kind kind, const miyin_payload *claim,
			   const miyin_keys *keys,
			   char text[MIYIN_CODE_LENGTH_MAX + 1], GError **error)
{
	return kinds[kind].format(claim, keys, text, error);
}

gboolean miyin_code_parse(miyin_code_kind kind, const char *text,
			  const miyin_keys *keys, miyin_payload *claim,
			  GError **error)
{
	return kinds[kind].parse(text, keys, claim, error);
}

gboolean miyin_code_is_ours(miyin_code_kind kind, const char *text)
{
	miyin_payload claim;

	return miyin_code_parse(kind, text, NULL, &claim, NULL);
}

char *miyin_code_write(miyin_code_kind kind, const char *text)
{
	return g_strdup_printf("%s:%s", kinds[kind].id, text);
}

gboolean miyin_code_read(const char *word, miyin_code_kind *kind,
			 const char **text)
{
	for (miyin_code_kind i = 0; i < MIYIN_N_CODE_KINDS; i++) {
		const size_t n = strlen(kinds[i].id);

		if (!g_str_has_prefix(word, kinds[i].id) || word[n] != ':' ||
		    !miyin_code_is_ours(i, word + n + 1))
			continue;
		*kind = i;
		*text = word + n + 1;
		return TRUE;
	}
	return FALSE;
}
