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
