/* SPDX-License-Identifier: GPL-3.0-or-later */
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include "trace/zxing.h"

/* A text with bytes that C or UTF-8 cannot hold is somebody else's: it only
 * has to differ from ours, so they become U+FFFD. */
static void take_texts(const ZXing::Results &results, GPtrArray *texts)
{
	for (const auto &result : results) {
		const std::string text = result.text();

		if (result.isValid())
			g_ptr_array_add(texts, g_utf8_make_valid(text.data(),
								 text.size()));
	}
}

extern "C" char **miyin_zxing_read(const guint8 *bytes, unsigned width_px,
				   unsigned height_px)
{
	GPtrArray *texts = g_ptr_array_new();

	/* C callers cannot catch; what was found before stays. */
	try {
		ZXing::DecodeHints hints;

		hints.setFormats(ZXing::BarcodeFormat::QRCode);
		hints.setTryHarder(true);
		hints.setTryRotate(true);
		hints.setTryDownscale(true);
		take_texts(ZXing::ReadBarcodes(
				   ZXing::ImageView(bytes, int(width_px),
						    int(height_px),
						    ZXing::ImageFormat::Lum),
				   hints),
			   texts);
	} catch (...) {
	}
	g_ptr_array_add(texts, nullptr);
	return reinterpret_cast<char **>(g_ptr_array_free(texts, FALSE));
}
