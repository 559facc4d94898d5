/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of a content stream or of what is written like one. C++. */
#ifndef MIYIN_TOKENS_H
#define MIYIN_TOKENS_H

#define POINTERHOLDER_TRANSITION 4
#include <glib.h>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>

using Token = QPDFTokenizer::Token;

inline bool is_number(Token const &token)
{
	return token.getType() == QPDFTokenizer::tt_integer ||
	       token.getType() == QPDFTokenizer::tt_real;
}

inline bool is_name(Token const &token)
{
	return token.getType() == QPDFTokenizer::tt_name;
}

inline bool is_string(Token const &token)
{
	return token.getType() == QPDFTokenizer::tt_string;
}

/* Hand them over one by one. FALSE when it was not read to its end. */
bool miyin_tokens_read(const void *bytes, gsize length,
		       QPDFObjectHandle::TokenFilter *filter);

/* A string as an object that a reader cannot take for anything else. */
std::string miyin_tokens_write_string(std::string const &bytes);

#endif
