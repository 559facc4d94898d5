/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operators.h"
#include <map>

namespace
{

const struct {
	const char *name;
	Operator what;
} rows[] = {
	{ "w", { NUMBERS, 1, nullptr } },
	{ "J", { NUMBERS, 1, nullptr } },
	{ "j", { NUMBERS, 1, nullptr } },
	{ "M", { NUMBERS, 1, nullptr } },
	{ "i", { NUMBERS, 1, nullptr } },
	{ "d", { DASH, 1, nullptr } },
	{ "ri", { INTENT, 0, nullptr } },
	{ "gs", { RESOURCE, 0, "/ExtGState" } },
	{ "q", { SAVE, 0, nullptr } },
	{ "Q", { RESTORE, 0, nullptr } },
	{ "cm", { NUMBERS, 6, nullptr } },
	{ "m", { PATH, 2, nullptr } },
	{ "l", { PATH, 2, nullptr } },
	{ "c", { PATH, 6, nullptr } },
	{ "v", { PATH, 4, nullptr } },
	{ "y", { PATH, 4, nullptr } },
	{ "h", { PATH, 0, nullptr } },
	{ "re", { PATH, 4, nullptr } },
	{ "S", { PAINT, 0, nullptr } },
	{ "s", { PAINT, 0, nullptr } },
	{ "f", { PAINT, 0, nullptr } },
	{ "F", { PAINT, 0, nullptr } },
	{ "f*", { PAINT, 0, nullptr } },
	{ "B", { PAINT, 0, nullptr } },
	{ "B*", { PAINT, 0, nullptr } },
	{ "b", { PAINT, 0, nullptr } },
	{ "b*", { PAINT, 0, nullptr } },
	{ "n", { PAINT, 0, nullptr } },
	{ "W", { CLIP, 0, nullptr } },
	{ "W*", { CLIP, 0, nullptr } },
	{ "BT", { TEXT_BEGIN, 0, nullptr } },
	{ "ET", { TEXT_END, 0, nullptr } },
	{ "Tc", { NUMBERS, 1, nullptr } },
	{ "Tw", { NUMBERS, 1, nullptr } },
	{ "Tz", { NUMBERS, 1, nullptr } },
	{ "TL", { NUMBERS, 1, nullptr } },
	{ "Tf", { FONT, 1, "/Font" } },
	{ "Tr", { RENDER_MODE, 1, nullptr } },
	{ "Ts", { NUMBERS, 1, nullptr } },
	{ "Td", { NUMBERS, 2, nullptr } },
	{ "TD", { NUMBERS, 2, nullptr } },
	{ "Tm", { NUMBERS, 6, nullptr } },
	{ "T*", { NUMBERS, 0, nullptr } },
	{ "Tj", { SHOW, 0, nullptr } },
	{ "'", { SHOW, 0, nullptr } },
	{ "\"", { SHOW_SPACED, 2, nullptr } },
	{ "TJ", { SHOW_ARRAY, 0, nullptr } },
	{ "d0", { GLYPH, 2, nullptr } },
	{ "d1", { GLYPH, 6, nullptr } },
	{ "CS", { SPACE, 0, "/ColorSpace" } },
	{ "cs", { SPACE, 0, "/ColorSpace" } },
	{ "SC", { COLOUR, 0, "/Pattern" } },
	{ "SCN", { COLOUR, 0, "/Pattern" } },
	{ "sc", { COLOUR, 0, "/Pattern" } },
	{ "scn", { COLOUR, 0, "/Pattern" } },
	{ "G", { NUMBERS, 1, nullptr } },
	{ "g", { NUMBERS, 1, nullptr } },
	{ "RG", { NUMBERS, 3, nullptr } },
	{ "rg", { NUMBERS, 3, nullptr } },
	{ "K", { NUMBERS, 4, nullptr } },
	{ "k", { NUMBERS, 4, nullptr } },
	{ "sh", { RESOURCE, 0, "/Shading" } },
	{ "Do", { RESOURCE, 0, "/XObject" } },
	{ "BI", { IMAGE_BEGIN, 0, nullptr } },
	{ "ID", { IMAGE_DATA, 0, nullptr } },
	{ "EI", { IMAGE_END, 0, nullptr } },
	{ "MP", { DROP, 0, nullptr } },
	{ "DP", { DROP, 0, nullptr } },
	{ "BMC", { MARK_BEGIN, 0, nullptr } },
	{ "BDC", { MARK_BEGIN, 0, nullptr } },
	{ "EMC", { MARK_END, 0, nullptr } },
	{ "BX", { DROP, 0, nullptr } },
	{ "EX", { DROP, 0, nullptr } },
};

std::map<std::string, const Operator *> make_index()
{
	std::map<std::string, const Operator *> index;

	for (auto const &row : rows)
		index[row.name] = &row.what;
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
