/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind.h"
#include <string.h>

#define SVG_LOOKED 1024
#define BYTES(text) text, sizeof(text) - 1

/* The registries of these kinds are their own; all are in file(1)'s magic. */
static const struct {
	gsize at;
	const char *bytes;
	gsize n;
	const char *kind;
} kinds[] = {
	{ 8, BYTES("WEBP"), "WebP" },
	{ 4, BYTES("ftyphei"), "HEIC" },
	{ 4, BYTES("ftyphev"), "HEIC" },
	{ 4, BYTES("ftypmif1"), "HEIC" },
	{ 4, BYTES("ftypavi"), "AVIF" },
	{ 4, BYTES("ftyp"), "MP4" },
	{ 0, BYTES("\0\0\0\x0cjP  "), "JPEG 2000" },
	{ 0, BYTES("\xff\x4f\xff\x51"), "JPEG 2000" },
	{ 0, BYTES("\0\0\0\x0cJXL "), "JPEG XL" },
	{ 0, BYTES("\xff\x0a"), "JPEG XL" },
	{ 0, BYTES("8BPS"), "PSD" },
	{ 0, BYTES("AT&TFORM"), "DjVu" },
	{ 0, BYTES("\x97JB2\r\n"), "JBIG2" },
	{ 0, BYTES("{\\rtf"), "RTF" },
	{ 0, BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "DOC, XLS, PPT, WPS" },
	{ 0, BYTES("AC10"), "DWG" },
	{ 0, BYTES("7z\xbc\xaf\x27\x1c"), "7-Zip" },
	{ 0, BYTES("Rar!\x1a\x07"), "RAR" },
	{ 0, BYTES("\3757zXZ"), "XZ" },
	{ 0, BYTES("BZh"), "bzip2" },
	{ 0, BYTES("\x28\xb5\x2f\xfd"), "Zstandard" },
	{ 0, BYTES("\177ELF"), "ELF" },
	{ 0, BYTES("MZ"), "EXE" },
	{ 0, BYTES("SQLite format 3"), "SQLite" },
	{ 0, BYTES("HWP Document File"), "HWP" },
};

/* What only such a ZIP has in the names of its files. */
static const struct {
	const char *name, *kind;
} zips[] = {
	{ "OFD.xml", "OFD" },
	{ "mimetypeapplication/vnd.oasis.opendocument.text", "ODT" },
	{ "mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ODS" },
	{ "mimetypeapplication/vnd.oasis.opendocument.presentation", "ODP" },
	{ "mimetypeapplication/vnd.oasis.opendocument", "OpenDocument" },
	{ "mimetypeapplication/epub", "EPUB" },
	{ "word/document", "DOCX" },
	{ "xl/workbook", "XLSX" },
	{ "ppt/presentation", "PPTX" },
	{ "FixedDocumentSequence", "XPS" },
	{ "FixedDocSeq", "XPS" },
};

static const char *find_zip(const guint8 *bytes, gsize length)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(zips); i++)
		if (memmem(bytes, length, zips[i].name, strlen(zips[i].name)))
			return zips[i].kind;
	return "ZIP";
}

/* Behind what XML may begin with. */
static gboolean is_svg(const guint8 *bytes, gsize length)
{
	gsize at = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < length && g_ascii_isspace(bytes[at]))
		at++;
	length = MIN(length, SVG_LOOKED);
	return at < length && bytes[at] == '<' &&
	       memmem(bytes, length, "<svg", strlen("<svg")) &&
	       !memmem(bytes, length, "<html", strlen("<html"));
}

const char *miyin_kind_find(const guint8 *bytes, gsize length)
{
	if (length >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
		return find_zip(bytes, length);
	for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (length >= kinds[i].at + kinds[i].n &&
		    memcmp(bytes + kinds[i].at, kinds[i].bytes, kinds[i].n) ==
			    0)
			return kinds[i].kind;
	return is_svg(bytes, length) ? "SVG" : NULL;
}
