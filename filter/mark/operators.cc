/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operators.h"
#include <map>
#include <sstream>

namespace
{

const struct {
	const char *names; /* with blanks between them */
	Operator what;
} rows[] = {
	{ "T*", { NUMBERS, 0, nullptr } },
	{ "w J j M i Tc Tw Tz TL Ts G g", { NUMBERS, 1, nullptr } },
	{ "Td TD", { NUMBERS, 2, nullptr } },
	{ "RG rg", { NUMBERS, 3, nullptr } },
	{ "K k", { NUMBERS, 4, nullptr } },
	{ "cm Tm", { NUMBERS, 6, nullptr } },
	{ "d", { DASH, 1, nullptr } },
	{ "ri", { INTENT, 0, nullptr } },
	{ "gs", { RESOURCE, 0, "/ExtGState" } },
	{ "sh", { RESOURCE, 0, "/Shading" } },
	{ "Do", { RESOURCE, 0, "/XObject" } },
	{ "q", { SAVE, 0, nullptr } },
	{ "Q", { RESTORE, 0, nullptr } },
	{ "h", { PATH, 0, nullptr } },
	{ "m l", { PATH, 2, nullptr } },
	{ "v y re", { PATH, 4, nullptr } },
	{ "c", { PATH, 6, nullptr } },
	{ "S s f F f* B B* b b* n", { PAINT, 0, nullptr } },
	{ "W W*", { CLIP, 0, nullptr } },
	{ "BT", { TEXT_BEGIN, 0, nullptr } },
	{ "ET", { TEXT_END, 0, nullptr } },
	{ "Tf", { FONT, 1, "/Font" } },
	{ "Tr", { RENDER_MODE, 1, nullptr } },
	{ "Tj '", { SHOW, 0, nullptr } },
	{ "\"", { SHOW_SPACED, 2, nullptr } },
	{ "TJ", { SHOW_ARRAY, 0, nullptr } },
	{ "d0", { GLYPH, 2, nullptr } },
	{ "d1", { GLYPH, 6, nullptr } },
	{ "CS cs", { SPACE, 0, "/ColorSpace" } },
	{ "SC SCN sc scn", { COLOUR, 0, "/Pattern" } },
	{ "BI", { IMAGE_BEGIN, 0, nullptr } },
	{ "ID", { IMAGE_DATA, 0, nullptr } },
	{ "EI", { IMAGE_END, 0, nullptr } },
	{ "BMC BDC", { MARK_BEGIN, 0, nullptr } },
	{ "EMC", { MARK_END, 0, nullptr } },
	{ "MP DP BX EX", { DROP, 0, nullptr } },
};

std::map<std::string, const Operator *> make_index()
{
	std::map<std::string, const Operator *> index;

	for (auto const &row : rows) {
		std::istringstream names(row.names);

		for (std::string name; names >> name;)
			index[name] = &row.what;
	}
	return index;
}

std::string const &find_full(std::map<std::string, std::string> const &names,
			     std::string const &name)
{
	auto found = names.find(name);

	return found == names.end() ? name : found->second;
}

} // namespace

const Operator *find_operator(std::string const &name)
{
	static const std::map<std::string, const Operator *> index =
		make_index();
	auto found = index.find(name);

	return found == index.end() ? nullptr : found->second;
}

std::string const &find_image_key(std::string const &name)
{
	static const std::map<std::string, std::string> image_keys = {
		{ "/BPC", "/BitsPerComponent" },
		{ "/CS", "/ColorSpace" },
		{ "/D", "/Decode" },
		{ "/DP", "/DecodeParms" },
		{ "/F", "/Filter" },
		{ "/H", "/Height" },
		{ "/IM", "/ImageMask" },
		{ "/I", "/Interpolate" },
		{ "/W", "/Width" },
		{ "/L", "/Length" },
	};

	return find_full(image_keys, name);
}

std::string const &find_image_name(std::string const &name)
{
	static const std::map<std::string, std::string> image_names = {
		{ "/G", "/DeviceGray" },       { "/RGB", "/DeviceRGB" },
		{ "/CMYK", "/DeviceCMYK" },    { "/I", "/Indexed" },
		{ "/AHx", "/ASCIIHexDecode" }, { "/A85", "/ASCII85Decode" },
		{ "/LZW", "/LZWDecode" },      { "/Fl", "/FlateDecode" },
		{ "/RL", "/RunLengthDecode" }, { "/CCF", "/CCITTFaxDecode" },
		{ "/DCT", "/DCTDecode" },
	};

	return find_full(image_names, name);
}
