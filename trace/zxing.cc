/* SPDX-License-Identifier: GPL-3.0-or-later */
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include "zxing.h"

/* 2.2 gave its options a new name, the old one is deprecated. It looks for
 * white codes on black too, which ours never are, and writes the bytes of a
 * text as people read them. */
#if __has_include(<ZXing/ReaderOptions.h>)
static ZXing::ReaderOptions options_of_all()
{
	return ZXing::ReaderOptions().setTryInvert(false).setTextMode(
		ZXing::TextMode::Plain);
}
#else
static ZXing::DecodeHints options_of_all()
{
	return ZXing::DecodeHints();
}
#endif

/* A text with bytes that C or UTF-8 cannot hold is somebody else's: it only
 * has to differ from ours, so they become U+FFFD. */
template <typename Results>
static void take_codes(const Results &results, GArray *codes)
{
	for (const auto &result : results) {
		const std::string text = result.text();
		miyin_read_code code = {};

		if (!result.isValid())
			continue;
		for (int i = 0; i < 4; i++) {
			code.corners.x[i] = result.position()[i].x;
			code.corners.y[i] = result.position()[i].y;
		}
		code.text = g_utf8_make_valid(text.data(), text.size());
		g_array_append_val(codes, code);
	}
}

extern "C" void miyin_zxing_read(const guint8 *bytes, unsigned width_px,
				 unsigned height_px, GArray *codes)
{
	/* C callers cannot catch; what was found before stays. */
	try {
		auto options = options_of_all();

		options.setFormats(ZXing::BarcodeFormat::QRCode);
		options.setTryHarder(true);
		options.setTryRotate(true);
		options.setTryDownscale(true);
		take_codes(ZXing::ReadBarcodes(
				   ZXing::ImageView(bytes, int(width_px),
						    int(height_px),
						    ZXing::ImageFormat::Lum),
				   options),
			   codes);
	} catch (...) {
	}
}
