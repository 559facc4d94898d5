/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of a content stream or of what is written like one. C++. */
#ifndef MIYIN_TOKENS_H
#define MIYIN_TOKENS_H

#define POINTERHOLDER_TRANSITION 4
#include <glib.h>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>

/* Hand them over one by one. FALSE when it was not read to its end. */
bool miyin_tokens_read(const void *bytes, gsize length,
		       QPDFObjectHandle::TokenFilter *filter);

/* A string as an object that a reader cannot take for anything else. */
std::string miyin_tokens_write_string(std::string const &bytes);

#endif
