/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokens.h"
#include <qpdf/Pl_QPDFTokenizer.hh>

bool miyin_tokens_read(const void *bytes, gsize length,
		       QPDFObjectHandle::TokenFilter *filter)
{
	try {
		Pl_QPDFTokenizer tokens("tokens", filter);

		tokens.write((unsigned char *)const_cast<void *>(bytes),
			     length);
		tokens.finish();
		return true;
	} catch (std::exception const &) {
		return false;
	}
}

std::string miyin_tokens_write_string(std::string const &bytes)
{
	bool plain = true;

	for (unsigned char c : bytes)
		plain = plain && c >= ' ' && c < 127;
	if (!plain)
		return QPDFObjectHandle::newString(bytes).unparseBinary();
	std::string text = "(";
	for (char c : bytes) {
		if (c == '(' || c == ')' || c == '\\')
			text += '\\';
		text += c;
	}
	return text + ")";
}
