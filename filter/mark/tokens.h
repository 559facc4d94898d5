/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of a content stream or of what is written like one. C++. */
#ifndef MIYIN_TOKENS_H
#define MIYIN_TOKENS_H

#define POINTERHOLDER_TRANSITION 4
#include <glib.h>
#include <qpdf/QPDFObjectHandle.hh>

/* Hand them over one by one. FALSE when it was not read to its end. */
bool miyin_tokens_read(const void *bytes, gsize length,
		       QPDFObjectHandle::TokenFilter *filter);

#endif
