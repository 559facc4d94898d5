/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * photos N-PAGES: a PDF of so many pages of A4, each a JPEG of noise of some
 * 620 kB, which no program can make smaller.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#define WIDTH 808
#define HEIGHT 1144
#define QUALITY 80
#define PER_PAGE 3 /* objects: the page, its content, its photo */

static const char content[] = "595 0 0 842 0 0 cm /P Do";

static GByteArray *pdf;
static GArray *places; /* of gsize: of each object */

static void put(const char *format, ...) G_GNUC_PRINTF(1, 2);

static void put(const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list rest;

	va_start(rest, format);
	text = g_strdup_vprintf(format, rest);
	va_end(rest);
	g_byte_array_append(pdf, (guint8 *)text, strlen(text));
}

static void begin_object(void)
{
	gsize place = pdf->len;

	g_array_append_val(places, place);
	put("%u 0 obj\n", places->len);
}

static void put_photo(tjhandle jpeg, GRand *noise, guint8 *pixels)
{
	unsigned char *data = NULL;
	unsigned long n_bytes = 0;

	for (unsigned i = 0; i < WIDTH * HEIGHT * 3; i++)
		pixels[i] = g_rand_int(noise) >> 24;
	if (tjCompress2(jpeg, pixels, WIDTH, 0, HEIGHT, TJPF_RGB, &data,
			&n_bytes, TJSAMP_420, QUALITY, 0) != 0)
		exit(1);
	begin_object();
	put("<</Type/XObject/Subtype/Image/Width %d/Height %d"
	    "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"
	    "/Length %lu>>stream\n",
	    WIDTH, HEIGHT, n_bytes);
	g_byte_array_append(pdf, data, n_bytes);
	put("\nendstream\nendobj\n");
	tjFree(data);
}

static void put_page(tjhandle jpeg, GRand *noise, guint8 *pixels)
{
	const unsigned page = places->len + 1;

	begin_object();
	put("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %u 0 R"
	    "/Resources<</XObject<</P %u 0 R>>>>>>endobj\n",
	    page + 1, page + 2);
	begin_object();
	put("<</Length %zu>>stream\n%s\nendstream\nendobj\n",
	    sizeof(content) - 1, content);
	put_photo(jpeg, noise, pixels);
}

static void put_head(unsigned n_pages)
{
	put("%%PDF-1.4\n");
	begin_object();
	put("<</Type/Catalog/Pages 2 0 R>>endobj\n");
	begin_object();
	put("<</Type/Pages/Count %u/Kids[", n_pages);
	for (unsigned i = 0; i < n_pages; i++)
		put("%u 0 R ", 3 + PER_PAGE * i);
	put("]>>endobj\n");
}

static void put_tail(void)
{
	const unsigned start = pdf->len;

	put("xref\n0 %u\n0000000000 65535 f \n", places->len + 1);
	for (unsigned i = 0; i < places->len; i++)
		put("%010zu 00000 n \n", g_array_index(places, gsize, i));
	put("trailer<</Size %u/Root 1 0 R>>\nstartxref\n%u\n%%%%EOF\n",
	    places->len + 1, start);
}

int main(int argc, char **argv)
{
	unsigned n_pages = argc == 2 ? atoi(argv[1]) : 0;
	g_autofree guint8 *pixels = g_malloc(WIDTH * HEIGHT * 3);
	g_autoptr(GRand) noise = g_rand_new_with_seed(1);
	tjhandle jpeg = tjInitCompress();

	if (n_pages < 1) {
		fputs("usage: photos N-PAGES\n", stderr);
		return 2;
	}
	pdf = g_byte_array_new();
	places = g_array_new(FALSE, FALSE, sizeof(gsize));
	put_head(n_pages);
	for (unsigned i = 0; i < n_pages; i++)
		put_page(jpeg, noise, pixels);
	put_tail();
	tjDestroy(jpeg);
	return fwrite(pdf->data, 1, pdf->len, stdout) == pdf->len ? 0 : 1;
}
