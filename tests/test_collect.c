/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/collect/input.h"
#include "filter/collect/options.h"
#include "filter/collect/pages.h"

#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/qpdf.h>
#include <miyin/refusal.h>

#include <check.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what data is ----------------------------------------------------- */

#define DATA(text) (text), sizeof(text) - 1
#define PDF "application/pdf"
#define RAW "application/vnd.cups-raw"
#define BYTES "application/octet-stream" /* what cupsd has no name for */

static const struct {
	const char *name, *bytes;
	gsize length;
	const char *claim;
	miyin_input_type type;
	const char *what;
} data[] = {
	{ "a PDF", DATA("%PDF-1.7\n1 0 obj\n"), PDF, MIYIN_INPUT_PDF, NULL },
	{ "a PDF after junk", DATA("HTTP/1.1 200 OK\r\n\r\n%PDF-1.7\n"), PDF,
	  MIYIN_INPUT_PDF, NULL },
	{ "a PDF after NULs", DATA("\0\0\0%PDF-1.7\n"), PDF, MIYIN_INPUT_PDF,
	  NULL },
	{ "a PDF of the scheduler", DATA("%PDF-1.7\n"),
	  "application/vnd.cups-pdf", MIYIN_INPUT_PDF, NULL },
	{ "a PDF of unknown claim", DATA("%PDF-1.7\n"), "", MIYIN_INPUT_PDF,
	  NULL },
	{ "a PDF behind PJL",
	  DATA("\x1b%-12345X@PJL SET COPIES=7\r\n"
	       "@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.7\n"),
	  PDF, MIYIN_INPUT_PDF, NULL },
	{ "a PDF called an image", DATA("%PDF-1.7\n"), "image/png",
	  MIYIN_INPUT_PDF, NULL },
	{ "a PDF called raw", DATA("%PDF-1.7\n"), RAW, MIYIN_INPUT_RAW, "raw" },
	{ "a PDF of no type", DATA("%PDF-1.7\n"), BYTES, MIYIN_INPUT_PDF,
	  NULL },
	{ "white space, and a PDF", DATA(" \t\f%PDF-1.7\n"), BYTES,
	  MIYIN_INPUT_PDF, NULL },
	{ "bytes, and a PDF with an escape in it",
	  DATA("\xff\0 junk\r\n%PDF-1.7\n\x1b@PJL %!PS"), BYTES,
	  MIYIN_INPUT_PDF, NULL },
	{ "PJL and a PDF, of no type", DATA("@PJL\n%PDF-1.7\n"), BYTES,
	  MIYIN_INPUT_RAW, "PJL" },
	{ "an escape and a PDF, of no type",
	  DATA("\x1b"
	       "E%PDF-1.7\n"),
	  BYTES, MIYIN_INPUT_RAW, "PCL" },
	{ "PostScript and a PDF, of no type", DATA("%!PS\n%PDF-1.7\n"), BYTES,
	  MIYIN_INPUT_RAW, "raw" },
	{ "objects without a header", DATA("\xff\n7 0 obj\n<<"), BYTES,
	  MIYIN_INPUT_DAMAGED, NULL },
	{ "objects without a header, called PDF", DATA("00008 0\robj<<"), PDF,
	  MIYIN_INPUT_DAMAGED, NULL },
	{ "the end of a PDF", DATA("xref\n0 1\ntrailer\r\n<</Size 1>>"), BYTES,
	  MIYIN_INPUT_DAMAGED, NULL },
	{ "its last lines", DATA("startxref\n12\n%%EOF"), BYTES,
	  MIYIN_INPUT_DAMAGED, NULL },
	{ "objects called raw", DATA("7 0 obj\n<<"), RAW, MIYIN_INPUT_RAW,
	  "raw" },
	{ "objects called text", DATA("7 0 obj\n<<"), "text/plain",
	  MIYIN_INPUT_TEXT, NULL },
	{ "objects behind PJL", DATA("@PJL\n7 0 obj\n<<"), BYTES,
	  MIYIN_INPUT_RAW, "PJL" },
	{ "bytes", DATA("\0obj 1 trailer >>"), BYTES, MIYIN_INPUT_RAW, "raw" },
	{ "a PDF called raster", DATA("%PDF-1.7\n"),
	  "application/vnd.cups-raster", MIYIN_INPUT_RAW, "raster" },
	{ "PostScript", DATA("%!PS-Adobe-3.0\n"), "application/postscript",
	  MIYIN_INPUT_POSTSCRIPT, NULL },
	{ "PostScript behind PJL", DATA("\x1b%-12345X@PJL\r\n%!PS\n"),
	  "application/postscript", MIYIN_INPUT_POSTSCRIPT, NULL },
	{ "PostScript of a Windows driver", DATA("%!PS-Adobe-3.0\n"),
	  "application/vnd.adobe-reader-postscript", MIYIN_INPUT_POSTSCRIPT,
	  NULL },
	{ "PostScript called PDF", DATA("%!PS-Adobe-3.0\n"), PDF,
	  MIYIN_INPUT_RAW, "raw" },
	{ "PostScript made for one printer", DATA("%!PS-Adobe-3.0\n"),
	  "application/vnd.cups-postscript", MIYIN_INPUT_RAW,
	  "printer PostScript" },
	{ "PJL", DATA("\x1b%-12345X@PJL JOB\r\n"), RAW, MIYIN_INPUT_RAW,
	  "PJL" },
	{ "PJL called PDF", DATA("\x1b%-12345X@PJL JOB\r\n"), PDF,
	  MIYIN_INPUT_RAW, "PJL" },
	{ "PJL called PostScript", DATA("\x1b%-12345X@PJL JOB\r\n"),
	  "application/postscript", MIYIN_INPUT_RAW, "PJL" },
	{ "PCL",
	  DATA("\x1b"
	       "E\x1b&l26A"),
	  "application/vnd.hp-PCL", MIYIN_INPUT_RAW, "PCL" },
	{ "PCL called PDF",
	  DATA("\x1b"
	       "E\x1b&l26A"),
	  PDF, MIYIN_INPUT_RAW, "PCL" },
	{ "CUPS raster", DATA("RaS3\0\0"), PDF, MIYIN_INPUT_RAW, "raster" },
	{ "CUPS raster, other bytes first", DATA("3SaR\0\0"), PDF,
	  MIYIN_INPUT_RAW, "raster" },
	{ "PWG raster", DATA("RaS2PwgRaster\0"), "image/pwg-raster",
	  MIYIN_INPUT_RASTER, NULL },
	{ "PWG raster called raw", DATA("RaS2PwgRaster\0"), RAW,
	  MIYIN_INPUT_RAW, "raster" },
	{ "PWG raster called CUPS raster", DATA("RaS2PwgRaster\0"),
	  "application/vnd.cups-raster", MIYIN_INPUT_RAW, "raster" },
	{ "raster of CUPS, called PWG", DATA("RaS2\0\0\0\0"),
	  "image/pwg-raster", MIYIN_INPUT_RAW, "raster" },
	{ "old raster", DATA("RaSt"), "image/x", MIYIN_INPUT_RAW, "raster" },
	{ "Apple raster", DATA("UNIRAST\0\0\0\0\1"), "image/urf",
	  MIYIN_INPUT_RASTER, NULL },
	{ "raster with a PDF header inside", DATA("RaS2 %PDF-1.7\n"),
	  "image/pwg-raster", MIYIN_INPUT_RAW, "raster" },
	{ "a picture", DATA("\x89PNG\r\n\x1a\n"), "image/png",
	  MIYIN_INPUT_IMAGE, NULL },
	{ "a photo", DATA("\xff\xd8\xff\xe0"), "image/jpeg", MIYIN_INPUT_IMAGE,
	  NULL },
	{ "a picture called PDF", DATA("\x89PNG\r\n\x1a\n"), PDF,
	  MIYIN_INPUT_RAW, "raw" },
	{ "text called PDF", DATA("Dear Li,\n"), PDF, MIYIN_INPUT_DAMAGED,
	  NULL },
	{ "nothing", DATA(""), PDF, MIYIN_INPUT_RAW, "raw" },
	{ "one byte", DATA("%"), PDF, MIYIN_INPUT_DAMAGED, NULL },
	{ "a truncated header", DATA("%PDF"), PDF, MIYIN_INPUT_DAMAGED, NULL },
	{ "UTF-16", DATA("\xff\xfeH\0i\0"), BYTES, MIYIN_INPUT_TEXT, NULL },
	{ "UTF-16 called raw", DATA("\xff\xfeH\0i\0"), RAW, MIYIN_INPUT_RAW,
	  "raw" },
	{ "UTF-32", DATA("\0\0\xfe\xff\0\0\0H"), BYTES, MIYIN_INPUT_TEXT,
	  NULL },
	{ "an OFD file", DATA("PK\3\4\x14\0 OFD.xml"), BYTES, MIYIN_INPUT_OTHER,
	  "OFD" },
	{ "a Word file", DATA("PK\3\4 [Content_Types].xml word/document.xml"),
	  "application/zip", MIYIN_INPUT_OTHER, "DOCX" },
	{ "an old Word file", DATA("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), BYTES,
	  MIYIN_INPUT_OTHER, "DOC, XLS, PPT, WPS" },
	{ "WebP", DATA("RIFF\x24\0\0\0WEBPVP8 "), "image/webp",
	  MIYIN_INPUT_OTHER, "WebP" },
	{ "WebP of no type", DATA("RIFF\x24\0\0\0WEBPVP8 "), BYTES,
	  MIYIN_INPUT_OTHER, "WebP" },
	{ "WebP called raw", DATA("RIFF\x24\0\0\0WEBPVP8 "), RAW,
	  MIYIN_INPUT_RAW, "raw" },
	{ "RTF", DATA("{\\rtf1 Dear Li}"), "text/plain", MIYIN_INPUT_OTHER,
	  "RTF" },
	{ "a text that begins as programs do", DATA("MZ is short\n"),
	  "text/plain", MIYIN_INPUT_TEXT, NULL },
	{ "a PDF in a ZIP's head", DATA("PK\3\4%PDF-1.7\n"), BYTES,
	  MIYIN_INPUT_PDF, NULL },
	{ "text of another kind", DATA("a { b: c }"), "text/css",
	  MIYIN_INPUT_TEXT, NULL },
	{ "XML that CUPS calls music", DATA("<?xml version='1.0'?>\n<a/>"),
	  "application/vnd.recordare.musicxml+xml", MIYIN_INPUT_TEXT, NULL },
	{ "SVG behind a head",
	  DATA("\xef\xbb\xbf<?xml version='1.0'?>\n<svg/>"), "text/plain",
	  MIYIN_INPUT_OTHER, "SVG" },
	{ "HTML with SVG", DATA("<html><svg/></html>"), "text/html",
	  MIYIN_INPUT_TEXT, NULL },
	{ "a plotter's", DATA("IN;SP1;PA0,0;PD100,100;"),
	  "application/vnd.hp-HPGL", MIYIN_INPUT_RAW, "raw" },
	{ "SVG called text", DATA("<svg xmlns='http://www.w3.org/2000/svg'/>"),
	  "text/plain", MIYIN_INPUT_OTHER, "SVG" },
};

START_TEST(sniff)
{
	/* No byte behind the data may be read. */
	g_autofree guint8 *exact = g_memdup2(data[_i].bytes, data[_i].length);
	const char *what = "not set";
	miyin_input_type type =
		miyin_input_sniff(exact ? exact : (const guint8 *)"",
				  data[_i].length, data[_i].claim, &what);

	ck_assert_msg(type == data[_i].type, "%s is %d", data[_i].name, type);
	ck_assert_msg(g_strcmp0(what, data[_i].what) == 0, "%s is %s",
		      data[_i].name, what);
}
END_TEST

/* Readers look for the header in the first 1,024 bytes. */
START_TEST(sniff_late)
{
	const char *what;
	guint8 bytes[2048];

	memset(bytes, ' ', sizeof(bytes));
	memcpy(bytes + 1019, "%PDF-", 5);
	ck_assert_int_eq(miyin_input_sniff(bytes, sizeof(bytes), PDF, &what),
			 MIYIN_INPUT_PDF);
	memset(bytes, ' ', sizeof(bytes));
	memcpy(bytes + 1020, "%PDF-", 5);
	ck_assert_int_eq(miyin_input_sniff(bytes, sizeof(bytes), PDF, &what),
			 MIYIN_INPUT_DAMAGED);
}
END_TEST

/* ---- the name of content ---------------------------------------------- */

#define HEAD "%PDF-1.7\n"
/* A date, a file id or a checksum may be a word of the text: what it is in is
 * known to a reader of PDF only. */
static const struct {
	const char *name, *a, *b;
	gboolean same;
} pairs[] = {
	{ "the same bytes", HEAD "text", HEAD "text", TRUE },
	{ "another text", HEAD "text", HEAD "texT", FALSE },
	{ "another date", HEAD "/CreationDate (D:2026)",
	  HEAD "/CreationDate (D:2027)", FALSE },
	{ "a text behind the name of a date", HEAD "/CreationDate (no) Tj",
	  HEAD "/CreationDate (yes) Tj", FALSE },
	{ "another file id", HEAD "/ID [<00>]", HEAD "/ID [<01>]", FALSE },
	{ "another checksum", HEAD "/DocChecksum /01AB\n",
	  HEAD "/DocChecksum /77FF\n", FALSE },
};

static char *hash_exactly(const char *text, gsize length)
{
	g_autofree guint8 *exact = g_memdup2(text, length);

	return miyin_input_hash(exact ? exact : (const guint8 *)"", length);
}

START_TEST(hash_of_pair)
{
	g_autofree char *a = hash_exactly(pairs[_i].a, strlen(pairs[_i].a));
	g_autofree char *b = hash_exactly(pairs[_i].b, strlen(pairs[_i].b));

	ck_assert_uint_eq(strlen(a), 64);
	ck_assert_uint_eq(strspn(a, "0123456789abcdef"), 64);
	ck_assert_msg(g_str_equal(a, b) == pairs[_i].same, "%s",
		      pairs[_i].name);
}
END_TEST

/* Of what is no PDF it is the plain SHA-256. */
START_TEST(hash_plain)
{
	g_autofree char *hash = hash_exactly("abc", 3);

	ck_assert_str_eq(hash, "ba7816bf8f01cfea414140de5dae2223"
			       "b00361a396177a9cb410ff61f20015ad");
}
END_TEST

/* Cut after each byte, in memory of exactly that length: valgrind and the
 * sanitizer see a byte too far; the hash must see every byte. */
START_TEST(hash_truncated)
{
	static const char whole[] = HEAD "/CreationDate (D:2026)/ModDate<31>"
					 "/DocChecksum /AB\ntext /ID [<0>]";
	g_autofree char *before = hash_exactly(whole, 0);

	for (gsize length = 1; length < sizeof(whole); length++) {
		char *hash = hash_exactly(whole, length);
		g_autofree char *again = hash_exactly(whole, length);

		ck_assert_str_eq(hash, again);
		ck_assert_str_ne(hash, before);
		g_free(before);
		before = hash;
	}
}
END_TEST

static const char *const ends[] = { "/ID",
				    "/ID ",
				    "/ID [",
				    "/ID [<",
				    "/",
				    "/CreationDate",
				    "/CreationDate(",
				    "/ModDate <",
				    "/DocChecksum /A",
				    "/ID [<00>]" };

START_TEST(hash_at_the_end)
{
	g_autofree char *text = g_strconcat(HEAD, "text ", ends[_i], NULL);
	g_autofree char *longer = g_strconcat(text, "x", NULL);
	g_autofree char *a = hash_exactly(text, strlen(text));
	g_autofree char *b = hash_exactly(longer, strlen(longer));

	ck_assert_str_ne(a, b);
}
END_TEST

/* ---- reading it ------------------------------------------------------- */

START_TEST(input_of_file)
{
	g_autofree char *dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "d00001-001", NULL);
	g_autofree char *linked = g_build_filename(dir, "link", NULL);
	g_autoptr(miyin_input) input = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert(g_file_set_contents(path, HEAD "text", -1, NULL));
	input = miyin_input_read(path, PDF, &miyin_budget_default, NULL);
	ck_assert_ptr_nonnull(input);
	ck_assert_int_eq(input->type, MIYIN_INPUT_PDF);
	ck_assert_uint_eq(strlen(input->content_hash), 64);
	ck_assert_int_eq(lseek(input->fd, 0, SEEK_CUR), 0);
	bytes = miyin_memfile_map(input->fd, NULL);
	ck_assert_uint_eq(g_bytes_get_size(bytes), strlen(HEAD "text"));
	/* A name in the spool that leads elsewhere. */
	ck_assert_int_eq(symlink(path, linked), 0);
	ck_assert_ptr_null(
		miyin_input_read(linked, PDF, &miyin_budget_default, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	g_clear_error(&error);
	g_unlink(linked);
	g_unlink(path);
	ck_assert_ptr_null(
		miyin_input_read(path, PDF, &miyin_budget_default, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, "cannot be opened"));
	g_rmdir(dir);
}
END_TEST

START_TEST(input_of_nothing)
{
	g_autoptr(miyin_input) input =
		miyin_input_read("/dev/null", PDF, &miyin_budget_default, NULL);

	ck_assert_ptr_nonnull(input);
	ck_assert_int_eq(input->type, MIYIN_INPUT_RAW);
	ck_assert_str_eq(input->content_hash,
			 "e3b0c44298fc1c149afbf4c8996fb924"
			 "27ae41e4649b934ca495991b7852b855");
}
END_TEST

static miyin_input *read_bytes(const char *bytes, gsize length,
			       const char *claim, GError **error)
{
	const miyin_budget small = { .input_mib = 1 };
	int fd = miyin_memfile_new("sent", NULL);
	int standard = dup(STDIN_FILENO);
	miyin_input *input;

	ck_assert(miyin_memfile_write(fd, bytes, length, NULL));
	miyin_memfile_rewind(fd);
	dup2(fd, STDIN_FILENO);
	close(fd);
	input = miyin_input_read(NULL, claim, &small, error);
	dup2(standard, STDIN_FILENO);
	close(standard);
	return input;
}

static GBytes *pack(const char *bytes, gsize length)
{
	g_autoptr(GZlibCompressor) zlib =
		g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
	g_autoptr(GOutputStream) memory =
		g_memory_output_stream_new_resizable();
	g_autoptr(GOutputStream) packed =
		g_converter_output_stream_new(memory, G_CONVERTER(zlib));

	ck_assert(g_output_stream_write_all(packed, bytes, length, NULL, NULL,
					    NULL));
	ck_assert(g_output_stream_close(packed, NULL, NULL));
	return g_memory_output_stream_steal_as_bytes(
		G_MEMORY_OUTPUT_STREAM(memory));
}

/* Packed or not, it is one document. */
START_TEST(input_packed)
{
	g_autoptr(GBytes) packed = pack(HEAD "text", strlen(HEAD "text"));
	g_autoptr(miyin_input) plain = NULL, input = NULL;

	input = read_bytes(g_bytes_get_data(packed, NULL),
			   g_bytes_get_size(packed), PDF, NULL);
	plain = read_bytes(HEAD "text", strlen(HEAD "text"), PDF, NULL);
	ck_assert_ptr_nonnull(input);
	ck_assert_int_eq(input->type, MIYIN_INPUT_PDF);
	ck_assert_str_eq(input->content_hash, plain->content_hash);
	ck_assert_int_eq(pwrite(input->fd, "x", 1, 0), -1);
}
END_TEST

START_TEST(input_over_its_budget)
{
	g_autofree char *large = g_strnfill((1 << 20) + 1, 'x');
	g_autoptr(GBytes) packed = pack(large, (1 << 20) + 1);
	g_autoptr(GError) plain = NULL, unpacked = NULL, damaged = NULL;

	ck_assert_ptr_null(
		read_bytes(large, (1 << 20) + 1, "text/plain", &plain));
	ck_assert(g_error_matches(plain, MIYIN_REFUSAL, MIYIN_REFUSAL_BUDGET));
	ck_assert_ptr_nonnull(strstr(plain->message, "1 MiB of files"));
	ck_assert_ptr_null(read_bytes(g_bytes_get_data(packed, NULL),
				      g_bytes_get_size(packed), "text/plain",
				      &unpacked));
	ck_assert(
		g_error_matches(unpacked, MIYIN_REFUSAL, MIYIN_REFUSAL_BUDGET));
	ck_assert_ptr_null(read_bytes(g_bytes_get_data(packed, NULL),
				      g_bytes_get_size(packed) / 2,
				      "text/plain", &damaged));
	ck_assert(
		g_error_matches(damaged, MIYIN_REFUSAL, MIYIN_REFUSAL_DAMAGED));
}
END_TEST

/* What looks for a level reads a text here. */
START_TEST(input_words)
{
	static const char gb18030[] = "\xbb\xfa\xc3\xdc\n10";
	g_autoptr(miyin_input) utf8 = read_bytes(
		"机密\r\n★", strlen("机密\r\n★"), "text/plain", NULL);
	g_autoptr(miyin_input) gb =
		read_bytes(gb18030, strlen(gb18030), "text/plain", NULL);
	g_autoptr(miyin_input) pdf = read_bytes(HEAD, strlen(HEAD), PDF, NULL);

	ck_assert_str_eq(utf8->words, "机密\u2028★");
	ck_assert_str_eq(gb->words, "机密\u202810");
	ck_assert_ptr_null(pdf->words);
}
END_TEST

/* As Windows ends lines, in any encoding: one end is one line. */
START_TEST(input_line_ends)
{
	static const struct {
		const char *bytes, *text;
	} texts[] = {
		{ "a\r\nb\r\n", "a\nb\n" },
		{ "机\r\n\r\n密", "机\n\n密" },
		{ "\xbb\xfa\r\n\xc3\xdc", "机\n密" }, /* GB18030 */
		{ "a\rb\n", "a\rb\n" },		      /* printed over */
		{ "end\r", "end\r" },
		{ "a\fb\n\f", "a\fb\n" }, /* no empty page */
		{ "a\n\f\r\n\f \n", "a\n" },
		{ "\f", "\f" },
		{ "N\bNA\bA _\bM_\bE", "NA ME" }, /* as nroff has it */
		{ "机\b机_\b密", "机密" },
		{ "a\b_b\b_", "ab" },
		{ "\ba\n\bb", "a\nb" },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(miyin_input) input =
			read_bytes(texts[i].bytes, strlen(texts[i].bytes),
				   "text/plain", NULL);
		g_autoptr(GBytes) is = miyin_memfile_map(input->fd, NULL);

		ck_assert_uint_eq(g_bytes_get_size(is), strlen(texts[i].text));
		ck_assert_mem_eq(g_bytes_get_data(is, NULL), texts[i].text,
				 strlen(texts[i].text));
	}
}
END_TEST

/* As a text editor or a machine of another country wrote it. */
static const struct {
	const char *name, *bytes;
	gsize n;
	const char *words; /* NULL: refused */
} encodings[] = {
	{ "UTF-8 with a mark", DATA("\xef\xbb\xbf机密"), "\ufeff机密" },
	{ "UTF-16LE", DATA("\xff\xfe\x3a\x67\xc6\x5b"), "机密" },
	{ "UTF-16BE", DATA("\xfe\xff\x67\x3a\x5b\xc6"), "机密" },
	{ "UTF-16LE, cut", DATA("\xff\xfe\x3a\x67\xc6"), NULL },
	{ "UTF-16LE, half a pair", DATA("\xff\xfe\x3a\xd8\x41\0"), NULL },
	{ "UTF-16LE with an escape", DATA("\xff\xfe\x1b\0E\0"), NULL },
	{ "UTF-16LE with a zero", DATA("\xff\xfeH\0\0\0i\0"), NULL },
	{ "UTF-32LE", DATA("\xff\xfe\0\0\x3a\x67\0\0"), "机" },
	{ "GB18030", DATA("\xbb\xfa\xc3\xdc"), "机密" },
	{ "GB18030 in Latin text", DATA("Mr \xd5\xc5 has it"), "Mr 张 has it" },
	{ "GB18030 without spaces",
	  DATA("A\xd5\xc5\xc8\xfd"
	       "B"),
	  "A张三B" },
	{ "GB18030 of four bytes", DATA("\x81\x30\x89\x38"), "ß" },
	{ "traditional, in GBK", DATA("\x99\x43\xc3\xdc"), "機密" },
	{ "GB18030, cut", DATA("\xbb\xfa\xc3"), NULL },
	{ "Latin-1",
	  DATA("Pr\xfc"
	       "fung f\xfc"
	       "r M\xfcller, Stra\xdf"
	       "e.\n"),
	  NULL },
	{ "Latin-1, French", DATA("voil\xe0 d\xe9j\xe0 vu\n"), NULL },
	{ "Latin-1, one letter", DATA("caf\xe9s"), NULL },
	{ "Big5",
	  DATA("\xbe\xf7\xb1\x4b\xa4\xe5\xa5\xf3\xa1\x41\xbd\xd0\xa4\xc5"
	       "\xb6\xc7\xbe\x5c\xa1\x43\xa5\xbb\xa4\xe5\xa5\xf3\xa5\xd1"
	       "\xbf\xec\xa4\xbd\xab\xc7\xb5\x6f\xa5\x58\xa1\x43"),
	  NULL },
};

START_TEST(encoding)
{
	g_autoptr(GError) reason = NULL;
	g_autoptr(miyin_input) text = read_bytes(
		encodings[_i].bytes, encodings[_i].n, "text/plain", &reason);

	ck_assert_msg(!text == !encodings[_i].words, "%s", encodings[_i].name);
	if (text)
		ck_assert_str_eq(text->words, encodings[_i].words);
	else
		ck_assert(g_error_matches(reason, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_ENCODING));
}
END_TEST

/* ---- how many pages ---------------------------------------------------- */

/* Where each object is; damaged without. */
static void append_table(GString *pdf)
{
	g_autoptr(GString) table = g_string_new("0000000000 65535 f \n");
	const gsize start = pdf->len;
	int n = 1;

	for (;; n++) {
		g_autofree char *object = g_strdup_printf("\n%d 0 obj ", n);
		const char *at = strstr(pdf->str, object);

		if (!at)
			break;
		g_string_append_printf(table, "%010zu 00000 n \n",
				       (gsize)(at + 1 - pdf->str));
	}
	g_string_append_printf(pdf,
			       "xref\n0 %d\n%strailer <</Root 1 0 R/Size %d>>\n"
			       "startxref\n%zu\n%%%%EOF\n",
			       n, table->str, n, start);
}

/* A PDF of these objects, from 2 on; 1 is the root, which has 2 for pages. */
static int new_pdf(const char *objects, gboolean with_table)
{
	g_autoptr(GString) pdf = g_string_new(
		HEAD "1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n");
	int fd = miyin_memfile_new("pdf", NULL);

	g_string_append_printf(pdf, "%s\n", objects);
	if (with_table)
		append_table(pdf);
	else
		g_string_append(pdf, "trailer <</Root 1 0 R>>\n");
	ck_assert(miyin_memfile_write(fd, pdf->str, pdf->len, NULL));
	return fd;
}

#define PAGES(n, kids)                                                         \
#n " 0 obj <</Type/Pages/Count 1/Kids[" kids "]>> endobj\n"
#define TEN(kid) kid kid kid kid kid kid kid kid kid kid

static const struct {
	const char *name, *objects;
	unsigned n_pages;
} trees[] = {
	{ "a page", PAGES(2, "3 0 R") "3 0 obj <</Type/Page>> endobj", 1 },
	{ "three pages that count as one",
	  PAGES(2, "3 0 R 3 0 R 3 0 R") "3 0 obj <</Type/Page>> endobj", 3 },
	{ "a hundred in two steps",
	  PAGES(2, TEN("3 0 R ")) PAGES(3, TEN("4 0 R ")) "4 0 obj <<>> endobj",
	  100 },
	{ "a million in six",
	  PAGES(2, TEN("3 0 R ")) PAGES(3, TEN("4 0 R "))
		  PAGES(4, TEN("5 0 R ")) PAGES(5, TEN("6 0 R "))
			  PAGES(6, TEN("7 0 R "))
				  PAGES(7, TEN("8 0 R ")) "8 0 obj <<>> endobj",
	  101 },
	/* Damaged: left to those who lay it out, and see that too. */
	{ "a tree that holds itself", PAGES(2, "2 0 R"), 0 },
	{ "a tree that holds itself twice", PAGES(2, "2 0 R 2 0 R"), 0 },
	{ "nodes without pages",
	  PAGES(2, TEN("3 0 R ")) PAGES(3, TEN("4 0 R "))
		  PAGES(4, TEN("5 0 R ")) PAGES(5, ""),
	  101 },
	{ "no page", PAGES(2, ""), 0 },
	{ "no pages at all", "2 0 obj 7 endobj", 0 },
};

static unsigned count_pages(int pdf)
{
	miyin_counted counted = { .n_pages = 77 };

	ck_assert(miyin_pages_count(pdf, 100, FALSE, &counted, NULL));
	if (counted.bare >= 0)
		close(counted.bare);
	return counted.n_pages;
}

START_TEST(pages_counted)
{
	int pdf = new_pdf(trees[_i].objects, TRUE);
	unsigned n = count_pages(pdf);

	ck_assert_msg(n == trees[_i].n_pages, "%s: %u", trees[_i].name, n);
	close(pdf);
}
END_TEST

/* The pages that layout will see, 0 when it cannot read the file. */
static int pages_of_qpdf(int pdf)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(pdf, NULL);
	qpdf_data qpdf = qpdf_init();
	int n = miyin_qpdf_open(qpdf, bytes) ? qpdf_get_num_pages(qpdf) : 0;

	if (qpdf_has_error(qpdf))
		qpdf_get_error(qpdf);
	qpdf_cleanup(&qpdf);
	return MAX(n, 0);
}

/* qpdf 12 leaves pages out of a tree that it found without a table, and gives
 * trees up; layout then does so too. */
START_TEST(damaged_counted)
{
	int pdf = new_pdf(trees[_i].objects, FALSE);
	unsigned n = count_pages(pdf);

	if (n != trees[_i].n_pages)
		ck_assert_msg((int)n == pages_of_qpdf(pdf), "%s: %u",
			      trees[_i].name, n);
	close(pdf);
}
END_TEST

/* ---- options without a PPD -------------------------------------------- */

#define PLAIN "PageSize=A4 sides=one-sided"

static const struct {
	const char *name, *text;
	const char *layout;  /* NULL: refused */
	const char *picture; /* NULL: as layout; or the option refused */
} options[] = {
	{ "none", "", PLAIN, NULL },
	{ "two up", "number-up=2", PLAIN " number-up=2", NULL },
	{ "sixteen up", "number-up=16", PLAIN " number-up=16", NULL },
	{ "an order of pages up", "number-up=4 number-up-layout=tbrl",
	  PLAIN " number-up=4 number-up-layout=tbrl", NULL },
	{ "a range", "page-ranges=1-3,7,9-", PLAIN " page-ranges=1-3,7,9-",
	  NULL },
	{ "odd pages", "page-set=odd", PLAIN " page-set=odd", NULL },
	{ "a border", "page-border=double-thick",
	  PLAIN " page-border=double-thick", NULL },
	{ "landscape", "landscape", PLAIN " landscape=true", PLAIN },
	{ "scaled once", "fit-to-page scaling=50",
	  PLAIN " fit-to-page=true scaling=50", PLAIN },
	{ "margins once", "page-left=72 page-top=36.5",
	  PLAIN " page-left=72 page-top=36.5", PLAIN },
	{ "turned once", "orientation-requested=4",
	  PLAIN " orientation-requested=4", PLAIN },
	{ "two-sided", "sides=two-sided-long-edge",
	  "PageSize=A4 sides=two-sided-long-edge", NULL },
	{ "a booklet turns over the short edge",
	  "booklet=true sides=two-sided-long-edge",
	  "PageSize=A4 sides=two-sided-short-edge booklet=true", NULL },
	{ "a booklet for another machine", "booklet=shuffle-only",
	  PLAIN " booklet=shuffle-only", NULL },
	{ "no booklet", "booklet=false", PLAIN " booklet=false", NULL },

	{ "copies smuggled", "copies=7", PLAIN, NULL },
	{ "copies smuggled in capitals", "Copies=7 COPIES=7", PLAIN, NULL },
	{ "collated",
	  "collate=true Collate=True multiple-document-handling="
	  "separate-documents-collated-copies",
	  PLAIN, NULL },
	{ "raw", "raw", PLAIN, NULL },
	{ "a label on each page", "page-label=x", PLAIN, NULL },
	{ "banners", "job-sheets=classified,none", PLAIN, NULL },
	{ "a classification", "classification=none", PLAIN, NULL },
	{ "JCL", "emit-jcl=false pdftopdfJCLBegin=x", PLAIN, NULL },
	{ "an option of no list", "pdftopdfAutoRotate=no nopdfAutoRotate",
	  PLAIN, NULL },
	{ "a name with other letters", "Number-Up=2", PLAIN " number-up=2",
	  NULL },

	{ "17 up", "number-up=17", NULL, "number-up" },
	{ "0 up", "number-up=0", NULL, "number-up" },
	{ "2 up, and more", "number-up=\"2 copies=7\"", NULL, "number-up" },
	{ "2 up and a line end", "number-up=\"2\n\"", NULL, "number-up" },
	{ "2 up and an escape", "number-up=2\x1b%-12345X", NULL, "number-up" },
	{ "an order that is none", "number-up-layout=lrtbx", NULL,
	  "number-up-layout" },
	{ "a range that goes on", "page-ranges=1-;", NULL, "page-ranges" },
	{ "a range with a command", "page-ranges=1-3;id", NULL, "page-ranges" },
	{ "a range with a space", "page-ranges=\"1-3 copies=7\"", NULL,
	  "page-ranges" },
	{ "a range of words", "page-ranges=all", NULL, "page-ranges" },
	{ "no characters to the inch", "cpi=0", NULL, "cpi" },
	{ "characters of words", "cpi=ten", NULL, "cpi" },
	{ "a negative number of lines", "lpi=-6", NULL, "lpi" },
	{ "no columns", "columns=0", NULL, "columns" },
	{ "a margin wider than the paper", "page-left=900", NULL, "page-left" },
	{ "more columns than have room", "columns=30", NULL, "columns" },
	{ "half a column", "columns=1.5", NULL, "columns" },
	{ "an empty range", "page-ranges=", NULL, "page-ranges" },
	{ "a range with a line end", "page-ranges='1-3\nPPD: x'", NULL,
	  "page-ranges" },
	/* CVE-2026-34980: a line end in page-border was read as PPD: */
	{ "a border with a line end", "page-border=\"single\nPPD: /tmp/x\"",
	  NULL, "page-border" },
	{ "a border with a line end alone", "page-border=\"single\n\"", NULL,
	  "page-border" },
	{ "a border with quotes", "page-border='a\"b'", NULL, "page-border" },
	{ "a tab", "page-set='odd\t'", NULL, "page-set" },
	{ "a set that is none", "page-set=prime", NULL, "page-set" },
	{ "sides that are none", "sides=foo", NULL, "sides" },
	{ "sides with more", "sides='one-sided copies=7'", NULL, "sides" },
	{ "a margin that is none", "page-left=-5", NULL, "page-left" },
	{ "a margin of a formula", "page-left=1e9", NULL, "page-left" },
	{ "an orientation that is none", "orientation-requested=8", NULL,
	  "orientation-requested" },
	{ "a booklet that is none", "booklet=1", NULL, "booklet" },
	{ "a truth that is none", "mirror=maybe", NULL, "mirror" },
	{ "a wide digit", "number-up=\xef\xbc\x92", NULL, "number-up" },
};

START_TEST(options_to_layout)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_options) read =
		miyin_options_read(options[_i].text, "1", NULL, &error);

	ck_assert_msg((read != NULL) == (options[_i].layout != NULL), "%s: %s",
		      options[_i].name, error ? error->message : "was read");
	if (!read) {
		ck_assert(g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_BAD_OPTION));
		ck_assert_msg(strstr(error->message, options[_i].picture) !=
				      NULL,
			      "%s: %s", options[_i].name, error->message);
		for (const char *at = error->message; *at; at++)
			ck_assert((guint8)*at >= ' ' && *at != 0x7f);
		return;
	}
	ck_assert_msg(g_str_equal(read->layout, options[_i].layout), "%s: %s",
		      options[_i].name, read->layout);
	ck_assert_str_eq(read->picture_layout, options[_i].picture
						       ? options[_i].picture
						       : options[_i].layout);
	ck_assert_uint_eq(read->copies, 1);
	ck_assert_str_eq(read->media, "iso_a4_210x297mm");
}
END_TEST

/* As many cells and lines as the margins leave; without a PPD those are 4.2 mm
 * at the sides. */
START_TEST(options_of_lines)
{
	static const struct {
		const char *text;
		unsigned cells, rows;
		gboolean wrap;
	} cases[] = {
		{ "", 79, 60, TRUE },
		{ "landscape", 113, 39, TRUE },
		{ "nolandscape", 79, 60, TRUE },
		{ "orientation-requested=4", 113, 39, TRUE },
		{ "orientation-requested=5", 113, 39, TRUE },
		{ "orientation-requested=6", 79, 60, TRUE },
		{ "media=Letter", 81, 56, TRUE },
		{ "media=A5", 54, 39, TRUE },
		{ "media=A3", 113, 89, TRUE },
		{ "cpi=12 lpi=8", 95, 80, TRUE },
		{ "cpi=17.14 lpi=6", 136, 60, TRUE },
		{ "columns=2", 37, 60, TRUE },
		{ "page-left=72 page-right=72", 62, 60, TRUE },
		{ "page-top=36 page-bottom=36", 79, 64, TRUE },
		{ "landscape page-left=72", 105, 39, TRUE },
		{ "nowrap", 79, 60, FALSE },
		{ "wrap=false prettyprint", 79, 60, FALSE },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(miyin_options) read =
			miyin_options_read(cases[i].text, "1", NULL, NULL);

		ck_assert_msg(
			miyin_lines_cells(&read->lines) == cases[i].cells &&
				miyin_lines_rows(&read->lines) == cases[i].rows,
			"%s: %u x %u", cases[i].text,
			miyin_lines_cells(&read->lines),
			miyin_lines_rows(&read->lines));
		ck_assert(read->lines.wrap == cases[i].wrap);
		ck_assert(read->pretty ==
			  (strstr(cases[i].text, "pretty") != NULL));
	}
}
END_TEST

/* libcups knows the name in any letters, pdftopdf in two. */
START_TEST(options_reversed)
{
	g_autoptr(miyin_options) read =
		miyin_options_read("outputorder=Reverse", "1", NULL, NULL);

	ck_assert_ptr_nonnull(strstr(read->layout, " OutputOrder=Reverse"));
	ck_assert_ptr_nonnull(
		strstr(read->picture_layout, " OutputOrder=Reverse"));
}
END_TEST

/* What comes out is words of letters that no program takes for others. */
START_TEST(options_of_any_bytes)
{
	static const char *const names[] = {
		"number-up",
		"page-ranges",
		"page-border",
		"sides",
		"orientation-requested",
		"MiyinLevel",
		"PageSize",
		"landscape",
	};
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);

	for (int i = 0; i < 20000; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(miyin_options) read = NULL;

		for (int k = 0; k < 3; k++) {
			g_string_append_printf(
				text, "%s=",
				names[g_rand_int_range(rand, 0,
						       G_N_ELEMENTS(names))]);
			for (int n = 0; n < 3; n++)
				g_string_append_c(
					text, g_rand_int_range(rand, 1, 256));
			g_string_append_c(text, ' ');
		}
		read = miyin_options_read(text->str, "1", NULL, NULL);
		if (!read)
			continue;
		ck_assert(g_regex_match_simple(
			"^[A-Za-z0-9.,=-]+( [A-Za-z0-9.,=-]+)*$", read->layout,
			G_REGEX_DOLLAR_ENDONLY, 0));
		ck_assert(g_utf8_validate(read->level, -1, NULL));
		for (const char *at = read->level; *at; at++)
			ck_assert((guint8)*at >= ' ' && *at != 0x7f);
	}
}
END_TEST

static const struct {
	const char *text;
	unsigned copies; /* 0: refused */
} copies[] = {
	{ "1", 1 },    { "999", 999 }, { "3", 3 },   { "0", 0 },
	{ "1000", 0 }, { "-1", 0 },    { "", 0 },    { "two", 0 },
	{ "3x", 0 },   { " 3", 0 },    { "1e2", 0 }, { "4294967297", 0 },
};

START_TEST(copies_of_argument)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_options) read =
		miyin_options_read("copies=7", copies[_i].text, NULL, &error);

	ck_assert_msg((read != NULL) == (copies[_i].copies > 0), "\"%s\"",
		      copies[_i].text);
	if (read) {
		ck_assert_uint_eq(read->copies, copies[_i].copies);
		return;
	}
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_BAD_OPTION));
	ck_assert_ptr_nonnull(strstr(error->message, "copies"));
}
END_TEST

/* ---- our own options -------------------------------------------------- */

static const struct {
	const char *name, *text;
	const char *level, *period, *document, *holders;
} ours[] = {
	{ "none", "", "", "", "", "" },
	{ "all",
	  "MiyinLevel=jimi MiyinPeriod=10年 MiyinDocument=17号 "
	  "MiyinHolders=张三,李四",
	  "jimi", "10年", "17号", "张三,李四" },
	{ "as a print dialog sends them",
	  "MiyinLevel=jimi MiyinPeriod=Custom.10年 MiyinDocument=None "
	  "MiyinHolders=Custom.张三、李四",
	  "jimi", "10年", "", "张三、李四" },
	{ "a level not chosen", "MiyinLevel=Unset", "", "", "", "" },
	{ "in quotes", "MiyinDocument='某政办发 17号' MiyinLevel=\"jimi\"",
	  "jimi", "", "某政办发 17号", "" },
	{ "a quote inside", "MiyinDocument=a\\'b", "", "", "a'b", "" },
	{ "an option inside quotes is text",
	  "MiyinDocument='x MiyinLevel=neibu' MiyinLevel=jimi", "jimi", "",
	  "x MiyinLevel=neibu", "" },
	{ "escapes are dropped", "MiyinDocument=\"a\x1b[2Jb\"", "", "", "a[2Jb",
	  "" },
	{ "line ends become spaces", "MiyinDocument=\"a\nlevel=neibu\"", "", "",
	  "a level=neibu", "" },
	{ "turned text is dropped",
	  "MiyinHolders=\"a\xe2\x80\xae"
	  "b\"",
	  "", "", "", "ab" },
	{ "Custom. alone", "MiyinPeriod=Custom.", "", "", "", "" },
	{ "the last one counts", "MiyinLevel=neibu MiyinLevel=jimi", "jimi", "",
	  "", "" },
};

START_TEST(options_of_ours)
{
	g_autoptr(miyin_options) read =
		miyin_options_read(ours[_i].text, "1", NULL, NULL);

	ck_assert_ptr_nonnull(read);
	ck_assert_msg(g_str_equal(read->level, ours[_i].level), "%s: %s",
		      ours[_i].name, read->level);
	ck_assert_msg(g_str_equal(read->period, ours[_i].period), "%s: %s",
		      ours[_i].name, read->period);
	ck_assert_msg(g_str_equal(read->document, ours[_i].document), "%s: %s",
		      ours[_i].name, read->document);
	ck_assert_msg(g_str_equal(read->holders, ours[_i].holders), "%s: %s",
		      ours[_i].name, read->holders);
	/* None of it goes to the programs that lay out pages. */
	ck_assert_str_eq(read->layout, PLAIN);
}
END_TEST

static const struct {
	const char *name, *text;
	const char *approver, *scope, *control; /* NULL: refused */
} ours_too[] = {
	{ "none", "", "", "", "" },
	{ "all", "MiyinApprover=李主任 MiyinScope='各处 室' MiyinControl=true",
	  "李主任", "各处 室", "true" },
	{ "as a print dialog sends them",
	  "MiyinApprover=Custom.李主任 MiyinScope=None MiyinControl=True",
	  "李主任", "", "true" },
	{ "no control sheet", "MiyinControl=False", "", "", "" },
	{ "a line end and a forged field", "MiyinApprover=\"a\ncontrol=true\"",
	  "a control=true", "", "" },
	{ "neither yes nor no", "MiyinControl=maybe", NULL, NULL, NULL },
	{ "nothing", "MiyinControl=", NULL, NULL, NULL },
};

START_TEST(options_of_control)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_options) read =
		miyin_options_read(ours_too[_i].text, "1", NULL, &error);
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);

	if (!ours_too[_i].control) {
		ck_assert_msg(!read, "%s", ours_too[_i].name);
		ck_assert_int_eq(error->code, MIYIN_REFUSAL_BAD_OPTION);
		ck_assert_ptr_nonnull(strstr(error->message, "MiyinControl"));
		return;
	}
	ck_assert_ptr_nonnull(read);
	miyin_options_add_to_frame(read, frame);
	ck_assert_str_eq(miyin_frame_get(frame, "approver"),
			 ours_too[_i].approver);
	ck_assert_str_eq(miyin_frame_get(frame, "scope"), ours_too[_i].scope);
	ck_assert_str_eq(miyin_frame_get(frame, "control"),
			 ours_too[_i].control);
	ck_assert_str_eq(read->layout, PLAIN);
}
END_TEST

static const struct {
	const char *text, *name; /* NULL: nothing is wrong with it */
} misspelt[] = {
	{ "MiyinLevle=jimi", "MiyinLevle" },
	{ "MiyinHolder=a", "MiyinHolder" },
	{ "MiyinLevel=jimi MiyinRef=17", "MiyinRef" },
	{ "miyin-level=jimi", "miyin-level" },
	{ "MyinLevel=jimi", "MyinLevel" },
	{ "MiynHolders=a", "MiynHolders" },
	{ "MiyimScope=a", "MiyimScope" },
	{ "Miyin=jimi", "Miyin" },
	/* What an administrator allows is in the PPD. */
	{ "MiyinAllow=JobType JobType=DocServer", "MiyinAllow" },
	{ "noMiyinKontrol", "MiyinKontrol" },
	{ "MIYINLEVEL=jimi miyinholders=a", NULL },
	{ "MiyinControl noMiyinControl", NULL },
	{ "media=A4 MediaType=Plain document-name=x", NULL },
	{ "MiyinDocument='MiyinLevle=jimi'", NULL },
};

START_TEST(options_misspelt)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_options) read =
		miyin_options_read(misspelt[_i].text, "1", NULL, &error);
	g_autofree char *quoted = g_strdup_printf("\"%s\"", misspelt[_i].name);

	if (!misspelt[_i].name) {
		ck_assert_msg(read, "%s", misspelt[_i].text);
		return;
	}
	ck_assert_msg(!read, "%s", misspelt[_i].text);
	ck_assert_int_eq(error->code, MIYIN_REFUSAL_UNKNOWN_OPTION);
	ck_assert_ptr_nonnull(strstr(error->message, quoted));
	ck_assert_ptr_nonnull(strstr(error->message, "MiyinHolders"));
}
END_TEST

static const struct {
	const char *text, *word; /* NULL: nothing is wrong with it */
} parted[] = {
	{ "MiyinHolders=Li Si", "Si" },
	{ "MiyinHolders=li si", "si" },
	{ "MiyinHolders=Ali noah", "noah" },
	{ "MiyinHolders=张 三", "三" },
	{ "Dupont-Martin MiyinHolders=Jean", "Dupont-Martin" },
	{ "MiyinApprover=Li Si", "Si" },
	{ "MiyinPeriod=10 years", "years" },
	{ "MiyinDocument=某办发 12号", "12号" },
	{ "MiyinHolders='Li Si'", NULL },
	{ "MiyinHolders='Li Si' Wang", NULL }, /* another's */
	{ "MiyinHolders=Custom.Li Si", NULL }, /* no dialog does it */
	{ "MiyinHolders=None Si", NULL },
	{ "MiyinLevel=jimi Si", NULL },
	{ "MiyinHolders=Li fit-to-page noCollate fitplot MiyinControl", NULL },
	{ "MiyinHolders=Ronald McDonald", "McDonald" },
	{ "MiyinHolders=zhang xiao-ming", "xiao-ming" },
	{ "MiyinHolders=Li EPIJ_Bord nocom.brother:x", NULL },
	{ "MiyinHolders=Li Si=Wang", NULL },
};

START_TEST(options_parted)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_options) read =
		miyin_options_read(parted[_i].text, "1", NULL, &error);
	g_autofree char *quoted = g_strdup_printf("\"%s\"", parted[_i].word);

	if (!parted[_i].word) {
		ck_assert_msg(read, "%s", parted[_i].text);
		return;
	}
	ck_assert_msg(!read, "%s", parted[_i].text);
	ck_assert_int_eq(error->code, MIYIN_REFUSAL_SPLIT_VALUE);
	ck_assert_ptr_nonnull(strstr(error->message, quoted));
}
END_TEST

START_TEST(options_in_frame)
{
	g_autoptr(miyin_options) read = miyin_options_read(
		"MiyinLevel=jimi MiyinPeriod=10年 print-quality=5 "
		"print-color-mode=monochrome output-bin='a b' "
		"print-content-optimize=\"text\ncopies=7\"",
		"3", NULL, NULL);
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	unsigned n_device = 0;

	ck_assert_ptr_nonnull(read);
	miyin_options_add_to_frame(read, frame);
	ck_assert_str_eq(miyin_frame_get(frame, "copies"), "3");
	ck_assert_str_eq(miyin_frame_get(frame, "level"), "jimi");
	ck_assert_str_eq(miyin_frame_get(frame, "period"), "10年");
	ck_assert_str_eq(miyin_frame_get(frame, "document"), "");
	ck_assert_str_eq(miyin_frame_get(frame, "holders"), "");
	ck_assert_str_eq(miyin_frame_get(frame, "media"), "iso_a4_210x297mm");
	ck_assert_str_eq(miyin_frame_get(frame, "page-size"), "A4");
	ck_assert_str_eq(miyin_frame_get(frame, "sides"), "one-sided");
	for (unsigned i = 0; i < frame->fields->len; i++) {
		const char *field = frame->fields->pdata[i];

		if (!g_str_has_prefix(field, "device="))
			continue;
		n_device++;
		ck_assert_msg(g_str_equal(field, "device=print-quality=5") ||
				      g_str_equal(field,
						  "device=print-color-mode="
						  "monochrome"),
			      "%s", field);
	}
	ck_assert_uint_eq(n_device, 2);
}
END_TEST

/* ---- options with a PPD ----------------------------------------------- */

static const char ppd_text[] =
	"*PPD-Adobe: \"4.3\"\n*FormatVersion: \"4.3\"\n*FileVersion: \"1.0\"\n"
	"*LanguageVersion: English\n*LanguageEncoding: ISOLatin1\n"
	"*PCFileName: \"TEST.PPD\"\n*Manufacturer: \"Test\"\n"
	"*Product: \"(Test)\"\n*ModelName: \"Test\"\n"
	"*ShortNickName: \"Test\"\n*NickName: \"Test\"\n"
	"*PSVersion: \"(3010.000) 0\"\n*LanguageLevel: \"3\"\n"
	"*ColorDevice: True\n*DefaultColorSpace: RGB\n"
	"*OpenUI *PageSize/Media: PickOne\n*DefaultPageSize: A4\n"
	"*PageSize A4/A4: \"<</PageSize[595 842]>>setpagedevice\"\n"
	"*PageSize A3/A3: \"<</PageSize[842 1191]>>setpagedevice\"\n"
	"*PageSize Letter/Letter: \"<</PageSize[612 792]>>setpagedevice\"\n"
	"*CloseUI: *PageSize\n"
	"*OpenUI *PageRegion/Media: PickOne\n*DefaultPageRegion: A4\n"
	"*PageRegion A4/A4: \"<</PageSize[595 842]>>setpagedevice\"\n"
	"*PageRegion A3/A3: \"<</PageSize[842 1191]>>setpagedevice\"\n"
	"*PageRegion Letter/Letter: \"<</PageSize[612 792]>>setpagedevice\"\n"
	"*CloseUI: *PageRegion\n"
	"*DefaultImageableArea: A4\n*DefaultPaperDimension: A4\n"
	"*ImageableArea A4: \"12 12 583 830\"\n"
	"*PaperDimension A4: \"595 842\"\n"
	"*ImageableArea A3: \"12 12 830 1179\"\n"
	"*PaperDimension A3: \"842 1191\"\n"
	"*ImageableArea Letter: \"12 12 600 780\"\n"
	"*PaperDimension Letter: \"612 792\"\n"
	"*VariablePaperSize: True\n*MaxMediaWidth: \"1000\"\n"
	"*MaxMediaHeight: \"2000\"\n*HWMargins: 12 12 12 12\n"
	"*CustomPageSize True: \"pop pop pop <</PageSize[5 -2 roll]>>"
	"setpagedevice\"\n"
	"*ParamCustomPageSize Width: 1 points 200 1000\n"
	"*ParamCustomPageSize Height: 2 points 200 2000\n"
	"*ParamCustomPageSize WidthOffset: 3 points 0 0\n"
	"*ParamCustomPageSize HeightOffset: 4 points 0 0\n"
	"*ParamCustomPageSize Orientation: 5 int 0 0\n"
	"*OpenUI *Duplex/Duplex: PickOne\n*DefaultDuplex: None\n"
	"*Duplex None/Off: \"\"\n*Duplex DuplexNoTumble/Long: \"\"\n"
	"*Duplex DuplexTumble/Short: \"\"\n*CloseUI: *Duplex\n"
	"*OpenUI *InputSlot/Tray: PickOne\n*DefaultInputSlot: Tray1\n"
	"*InputSlot Tray1/1: \"\"\n*InputSlot Tray2/2: \"\"\n"
	"*CloseUI: *InputSlot\n"
	"*OpenUI *Collate/Collate: PickOne\n*DefaultCollate: False\n"
	"*Collate False/No: \"\"\n*Collate True/Yes: \"\"\n"
	"*CloseUI: *Collate\n"
	"*OpenUI *MiyinLevel/Level: PickOne\n*DefaultMiyinLevel: Unset\n"
	"*MiyinLevel Unset/-: \"\"\n*MiyinLevel jimi/Secret: \"\"\n"
	"*CloseUI: *MiyinLevel\n"
	"*DefaultFont: Courier\n*Font Courier: Standard \"(1)\" Standard ROM\n";

static char *dir, *ppd;

static void make_ppd(void)
{
	dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	ppd = g_build_filename(dir, "test.ppd", NULL);
	ck_assert(g_file_set_contents(ppd, ppd_text, -1, NULL));
}

static void remove_ppd(void)
{
	g_unlink(ppd);
	g_rmdir(dir);
	g_free(ppd);
	g_free(dir);
}

/* What the printer cannot reach, and what its driver cuts off besides. */
START_TEST(edges)
{
	g_autoptr(miyin_options) plain = miyin_options_read("", "1", ppd, NULL);
	g_autofree char *text = g_strconcat(
		ppd_text, "*FoomaticRIPCommandLine: \"foo2zjs-wrapper %A\"\n",
		NULL);
	g_autoptr(miyin_options) cut = NULL;

	ck_assert_uint_eq(plain->edge, 424); /* 12 pt */
	ck_assert(g_file_set_contents(ppd, text, -1, NULL));
	cut = miyin_options_read("", "1", ppd, NULL);
	ck_assert_uint_eq(cut->edge, 508);
}
END_TEST

static const struct {
	const char *name, *text;
	const char *page_size; /* NULL: refused */
	const char *media, *sides, *tray;
} papers[] = {
	{ "the queue's own", "", "A4", "iso_a4_210x297mm", "one-sided",
	  "Tray1" },
	{ "another paper", "PageSize=A3", "A3", "iso_a3_297x420mm", "one-sided",
	  "Tray1" },
	{ "by its name in IPP", "media=na_letter_8.5x11in", "Letter",
	  "na_letter_8.5x11in", "one-sided", "Tray1" },
	{ "in small letters", "PageSize=letter", "Letter", "na_letter_8.5x11in",
	  "one-sided", "Tray1" },
	{ "a size of one's own", "PageSize=Custom.300x400", "Custom.300x400",
	  NULL, "one-sided", "Tray1" },
	{ "another tray", "InputSlot=Tray2", "A4", "iso_a4_210x297mm",
	  "one-sided", "Tray2" },
	{ "two-sided", "Duplex=DuplexNoTumble", "A4", "iso_a4_210x297mm",
	  "two-sided-long-edge", "Tray1" },
	{ "two-sided in IPP", "sides=two-sided-short-edge", "A4",
	  "iso_a4_210x297mm", "two-sided-short-edge", "Tray1" },
	{ "a booklet", "booklet=true", "A4", "iso_a4_210x297mm",
	  "two-sided-short-edge", "Tray1" },
	{ "a tray that is none", "InputSlot=Tray9", "A4", "iso_a4_210x297mm",
	  "one-sided", "Tray1" },
	{ "a paper that is none", "PageSize=A9", NULL, NULL, NULL, NULL },
	{ "a paper with more", "PageSize='A4 copies=7'", NULL, NULL, NULL,
	  NULL },
	{ "a paper with a line end", "PageSize=\"A4\nPPD: x\"", NULL, NULL,
	  NULL, NULL },
	{ "sides that are none", "sides=both", NULL, NULL, NULL, NULL },
	{ "the region of another paper", "PageRegion=A3", "A4",
	  "iso_a4_210x297mm", "one-sided", "Tray1" },
	{ "a region that is too large", "PageRegion=Custom.2400x2400", "A4",
	  "iso_a4_210x297mm", "one-sided", "Tray1" },
	{ "a size by parts", "PageSize={Width=2400 Height=2400 Units=pt}", NULL,
	  NULL, NULL, NULL },
};

START_TEST(options_with_ppd)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_options) read =
		miyin_options_read(papers[_i].text, "1", ppd, &error);
	g_autofree char *tray =
		g_strconcat("InputSlot=", papers[_i].tray, NULL);

	ck_assert_msg((read != NULL) == (papers[_i].page_size != NULL),
		      "%s: %s", papers[_i].name,
		      error ? error->message : "was read");
	if (!read) {
		ck_assert(g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_BAD_OPTION));
		return;
	}
	ck_assert_msg(g_str_equal(read->page_size, papers[_i].page_size),
		      "%s: %s", papers[_i].name, read->page_size);
	if (papers[_i].media)
		ck_assert_str_eq(read->media, papers[_i].media);
	ck_assert_str_eq(read->sides, papers[_i].sides);
	/* Of the PPD's choices the tray alone is the device's own. */
	ck_assert_uint_eq(read->device->len, 1);
	ck_assert_str_eq(read->device->pdata[0], tray);
}
END_TEST

/* ---- sheets of a size of one's own -------------------------------------- */

/* The printer's limits for custom sizes are 200 to 1000 and 200 to 2000. */
static const struct {
	const char *what, *text;
	const char *old, *new; /* what another printer has instead */
	const char *seen;      /* page size, or a part of the refusal */
} sheets[] = {
	{ "within", "PageSize=Custom.300x400", "", "", "Custom.300x400" },
	{ "the largest", "PageSize=Custom.1000x2000", "", "",
	  "Custom.1000x2000" },
	{ "too wide", "PageSize=Custom.1010x400", "", "",
	  "356 × 141 mm, but from 71 × 71 to 353 × 706 mm" },
	{ "too long", "PageSize=Custom.300x2400", "", "", "to 353 × 706 mm" },
	{ "too narrow", "PageSize=Custom.100x400", "", "", "from 71 × 71" },
	{ "by the option media", "media=Custom.2400x2400", "", "",
	  "847 × 847 mm" },
	{ "in millimetres", "PageSize=Custom.900x900mm", "", "",
	  "900 × 900 mm" },
	{ "in metres", "PageSize=Custom.2x2m", "", "", "2000 × 2000 mm" },
	{ "not a number", "PageSize=Custom.nanxnan", "", "", "PageSize" },
	{ "no size", "PageSize=Custom", "", "", "PageSize" },
	{ "larger than the paper path", "PageSize=Custom.950x1800",
	  "*MaxMediaWidth: \"1000\"", "*MaxMediaWidth: \"908\"",
	  "to 320 × 706 mm" },
	{ "longer than the paper path", "PageSize=Custom.900x1800",
	  "*MaxMediaHeight: \"2000\"", "*MaxMediaHeight: \"1701\"",
	  "to 353 × 600 mm" },
	{ "all margin", "PageSize=Custom.210x400", "*HWMargins: 12 12 12 12",
	  "*HWMargins: 110 12 110 12", "from 78 × 71" },
	{ "where only named sizes are", "PageSize=Custom.300x400",
	  "*CustomPageSize True", "*NotCustomPageSize True", "PageSize" },
	{ "so by the option media", "media=Custom.300x400",
	  "*CustomPageSize True", "*NotCustomPageSize True", "media" },
};

START_TEST(sheet_of_printer)
{
	g_autoptr(GString) text = g_string_new(ppd_text);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_options) read = NULL;
	gboolean is_size = g_str_has_prefix(sheets[_i].seen, "Custom.");

	if (*sheets[_i].old)
		ck_assert_uint_eq(g_string_replace(text, sheets[_i].old,
						   sheets[_i].new, 0),
				  1);
	if (strstr(sheets[_i].new, "NotCustom")) {
		g_string_replace(text, "*VariablePaperSize: True\n", "", 0);
		g_string_replace(text, "*ParamCustomPageSize",
				 "*NotParamCustomPageSize", 0);
	}
	ck_assert(g_file_set_contents(ppd, text->str, -1, NULL));
	read = miyin_options_read(sheets[_i].text, "1", ppd, &error);
	ck_assert_msg(!!read == is_size, "%s: %s", sheets[_i].what,
		      read ? read->page_size : error->message);
	if (read)
		ck_assert_str_eq(read->page_size, sheets[_i].seen);
	else
		ck_assert_msg(strstr(error->message, sheets[_i].seen) != NULL,
			      "%s: %s", sheets[_i].what, error->message);
}
END_TEST

/* ---- what goes on to the device ----------------------------------------- */

#define OPTION(name, choices)                                                  \
	"*OpenUI *" name "/" name ": PickOne\n*Default" name ": Normal\n"      \
	"*" name " Normal/Normal: \"\"\n" choices "*CloseUI: *" name "\n"

static const struct {
	const char *what, *lines, *given;
	const char *sent, *ignored; /* without the tray, joined by a space */
} devices[] = {
	{ "a job that stays in the printer",
	  OPTION("JobType", "*JobType DocServer/Document Server: \"\"\n"),
	  "JobType=DocServer", "", "JobType" },
	{ "its default is not sent",
	  OPTION("JobType", "*JobType DocServer/Document Server: \"\"\n"), "",
	  "", "" },
	{ "allowed by the administrator",
	  OPTION("JobType", "*JobType DocServer/Document Server: "
			    "\"\"\n") "*MiyinAllow JobType: \"True\"\n",
	  "JobType=DocServer", "JobType=DocServer", "" },
	{ "another one is allowed",
	  OPTION("JobType", "*JobType DocServer/Document Server: "
			    "\"\"\n") "*MiyinAllow Gloss: \"True\"\n",
	  "JobType=DocServer", "", "JobType" },
	{ "a finer print",
	  OPTION("OutputMode", "*OutputMode Best/Best: \"\"\n"),
	  "OutputMode=Best", "OutputMode=Best", "" },
	{ "a draft", OPTION("OutputMode", "*OutputMode Draft/Draft: \"\"\n"),
	  "OutputMode=Draft", "", "OutputMode" },
	{ "a text of one's own",
	  OPTION("OutputMode",
		 "") "*CustomOutputMode True: \"\"\n"
		     "*ParamCustomOutputMode Text: 1 string 0 99\n",
	  "OutputMode=Custom.x", "", "OutputMode" },
	{ "foomatic's code of a choice",
	  OPTION("OutputMode",
		 "*OutputMode Best/Best: \"\"\n") "*FoomaticRIPOptionSe"
						  "tting "
						  "OutputMode=Best: "
						  "\"Economode=On\"\n",
	  "OutputMode=Best", "", "OutputMode" },
	{ "an installed part",
	  "*OpenGroup: InstallableOptions/Parts\n" OPTION(
		  "Staple", "*Staple Big/Big: \"\"\n") "*CloseGroup: "
						       "InstallableOptions\n",
	  "Staple=Big", "", "" },
	{ "copies and a hold of IPP", "",
	  "copies=7 job-hold-until=indefinite job-password=1", "",
	  "copies job-hold-until job-password" },
	{ "a darkness of IPP", "", "print-darkness=-100", "",
	  "print-darkness" },
	{ "colour of IPP where the driver has none", "",
	  "print-color-mode=monochrome", "print-color-mode=monochrome", "" },
	{ "two levels of it", "", "print-color-mode=bi-level", "",
	  "print-color-mode" },
	{ "a draft of IPP", "", "print-quality=3", "", "print-quality" },
	{ "colour of IPP where a preset may do more",
	  "*APPrinterPreset x/X: \"*ColorModel Gray\"\n",
	  "print-color-mode=monochrome", "", "" },
};

static char *join(const GPtrArray *list, const char *without)
{
	GString *all = g_string_new(NULL);

	for (unsigned i = 0; i < list->len; i++)
		if (g_strcmp0(list->pdata[i], without) != 0)
			g_string_append_printf(all, "%s%s", all->len ? " " : "",
					       (char *)list->pdata[i]);
	return g_string_free(all, FALSE);
}

START_TEST(options_to_device)
{
	g_autofree char *text = g_strconcat(ppd_text, devices[_i].lines, NULL);
	g_autoptr(miyin_options) read = NULL;
	g_autofree char *sent = NULL, *ignored = NULL;

	ck_assert(g_file_set_contents(ppd, text, -1, NULL));
	read = miyin_options_read(devices[_i].given, "1", ppd, NULL);
	ck_assert_ptr_nonnull(read);
	sent = join(read->device, "InputSlot=Tray1");
	ignored = join(read->ignored, NULL);
	ck_assert_msg(g_str_equal(sent, devices[_i].sent), "%s: %s",
		      devices[_i].what, sent);
	ck_assert_msg(g_str_equal(ignored, devices[_i].ignored), "%s: %s",
		      devices[_i].what, ignored);
}
END_TEST

/* A word of the driver's, which users may not choose, is no part of a name. */
START_TEST(options_parted_beside_driver)
{
	g_autofree char *text = g_strconcat(
		ppd_text, "*MiyinGone GlossyMode: \"True\"\n", NULL);
	g_autoptr(miyin_options) known = NULL, name = NULL;

	ck_assert(g_file_set_contents(ppd, text, -1, NULL));
	known = miyin_options_read("MiyinHolders=Li GlossyMode noglossymode",
				   "1", ppd, NULL);
	ck_assert_ptr_nonnull(known);
	name = miyin_options_read("MiyinHolders=Li MattMode", "1", ppd, NULL);
	ck_assert_ptr_null(name);
}
END_TEST

/* As for a preview, which has no queue. */
static const struct {
	const char *name, *text, *page_size, *media;
} free_papers[] = {
	{ "nothing said", "", "A4", "iso_a4_210x297mm" },
	{ "A3", "media=A3", "A3", "iso_a3_297x420mm" },
	{ "as IPP names it", "media=na_legal_8.5x14in", "Legal",
	  "na_legal_8.5x14in" },
	{ "as PPDs do", "PageSize=Letter", "Letter", "na_letter_8.5x11in" },
	{ "none", "media=A99", NULL, NULL },
	{ "none of a PPD", "PageSize=big", NULL, NULL },
	{ "a size with a name of any bytes", "media=is\xad_a4_210x21", NULL,
	  NULL },
};

START_TEST(options_without_ppd)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_options) read =
		miyin_options_read(free_papers[_i].text, "1", NULL, &error);

	ck_assert_msg((read != NULL) == (free_papers[_i].page_size != NULL),
		      "%s: %s", free_papers[_i].name,
		      error ? error->message : "was taken");
	if (!read) {
		ck_assert(g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_BAD_OPTION));
		return;
	}
	ck_assert_str_eq(read->page_size, free_papers[_i].page_size);
	ck_assert_str_eq(read->media, free_papers[_i].media);
}
END_TEST

static TCase *input_cases(void)
{
	TCase *tcase = tcase_create("input");

	tcase_add_loop_test(tcase, sniff, 0, G_N_ELEMENTS(data));
	tcase_add_loop_test(tcase, encoding, 0, G_N_ELEMENTS(encodings));
	tcase_add_test(tcase, sniff_late);
	tcase_add_loop_test(tcase, hash_of_pair, 0, G_N_ELEMENTS(pairs));
	tcase_add_test(tcase, hash_plain);
	tcase_add_test(tcase, hash_truncated);
	tcase_add_loop_test(tcase, hash_at_the_end, 0, G_N_ELEMENTS(ends));
	tcase_add_test(tcase, input_of_file);
	tcase_add_test(tcase, input_of_nothing);
	tcase_add_test(tcase, input_packed);
	tcase_add_test(tcase, input_over_its_budget);
	tcase_add_test(tcase, input_words);
	tcase_add_test(tcase, input_line_ends);
	tcase_add_test(tcase, input_line_ends);
	tcase_add_loop_test(tcase, pages_counted, 0, G_N_ELEMENTS(trees));
	tcase_add_loop_test(tcase, damaged_counted, 0, G_N_ELEMENTS(trees));
	return tcase;
}

static TCase *options_cases(void)
{
	TCase *tcase = tcase_create("options");

	tcase_set_timeout(tcase, 30);
	tcase_add_checked_fixture(tcase, make_ppd, remove_ppd);
	tcase_add_loop_test(tcase, options_to_layout, 0, G_N_ELEMENTS(options));
	tcase_add_test(tcase, edges);
	tcase_add_test(tcase, options_reversed);
	tcase_add_test(tcase, options_of_lines);
	tcase_add_test(tcase, options_of_any_bytes);
	tcase_add_loop_test(tcase, copies_of_argument, 0, G_N_ELEMENTS(copies));
	tcase_add_loop_test(tcase, options_of_ours, 0, G_N_ELEMENTS(ours));
	tcase_add_loop_test(tcase, options_of_control, 0,
			    G_N_ELEMENTS(ours_too));
	tcase_add_loop_test(tcase, options_misspelt, 0, G_N_ELEMENTS(misspelt));
	tcase_add_loop_test(tcase, options_parted, 0, G_N_ELEMENTS(parted));
	tcase_add_test(tcase, options_parted_beside_driver);
	tcase_add_test(tcase, options_in_frame);
	tcase_add_loop_test(tcase, options_with_ppd, 0, G_N_ELEMENTS(papers));
	tcase_add_loop_test(tcase, sheet_of_printer, 0, G_N_ELEMENTS(sheets));
	tcase_add_loop_test(tcase, options_to_device, 0, G_N_ELEMENTS(devices));
	tcase_add_loop_test(tcase, options_without_ppd, 0,
			    G_N_ELEMENTS(free_papers));
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("collect");
	SRunner *runner;
	int n_failed;

	suite_add_tcase(suite, input_cases());
	suite_add_tcase(suite, options_cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
