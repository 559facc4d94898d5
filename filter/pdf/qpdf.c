/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/qpdf.h>
#include <miyin/memfile.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

void miyin_qpdf_set(qpdf_data q, qpdf_oh dict, const char *key,
		    qpdf_oh take_value)
{
	qpdf_oh_replace_key(q, dict, key, take_value);
	qpdf_oh_release(q, take_value);
}

qpdf_oh miyin_qpdf_get(qpdf_data q, qpdf_oh dict, const char *key)
{
	return qpdf_oh_is_dictionary(q, dict) ? qpdf_oh_get_key(q, dict, key)
					      : qpdf_oh_new_null(q);
}

qpdf_oh miyin_qpdf_numbers(qpdf_data q, const double *numbers, int n)
{
	qpdf_oh array = qpdf_oh_new_array(q);

	for (int i = 0; i < n; i++) {
		char text[G_ASCII_DTOSTR_BUF_SIZE];
		qpdf_oh number;

		g_ascii_formatd(text, sizeof(text), "%.5f", numbers[i]);
		number = qpdf_oh_new_real_from_string(q, text);
		qpdf_oh_append_item(q, array, number);
		qpdf_oh_release(q, number);
	}
	return array;
}

gboolean miyin_qpdf_get_rect(qpdf_data q, qpdf_oh dict, const char *key,
			     double rect[4])
{
	qpdf_oh array = qpdf_oh_get_key(q, dict, key);
	double got[4];
	gboolean ok = qpdf_oh_is_array(q, array) &&
		      qpdf_oh_get_array_n_items(q, array) >= 4;

	for (int i = 0; ok && i < 4; i++) {
		qpdf_oh item = qpdf_oh_get_array_item(q, array, i);

		ok = qpdf_oh_is_number(q, item);
		got[i] = ok ? qpdf_oh_get_numeric_value(q, item) : 0;
		ok = ok && isfinite(got[i]) && fabs(got[i]) < 1e6;
		qpdf_oh_release(q, item);
	}
	qpdf_oh_release(q, array);
	if (!ok)
		return FALSE;
	rect[0] = MIN(got[0], got[2]);
	rect[1] = MIN(got[1], got[3]);
	rect[2] = MAX(got[0], got[2]);
	rect[3] = MAX(got[1], got[3]);
	return rect[2] > rect[0] && rect[3] > rect[1];
}

void miyin_qpdf_cut_rect(double rect[4], const double by[4])
{
	const double both[4] = { fmax(rect[0], by[0]), fmax(rect[1], by[1]),
				 fmin(rect[2], by[2]), fmin(rect[3], by[3]) };

	if (both[2] > both[0] && both[3] > both[1])
		memcpy(rect, both, sizeof(both));
}

int miyin_qpdf_get_turn(qpdf_data q, qpdf_oh page)
{
	double turn = miyin_qpdf_get_number(q, page, "/Rotate", 0);

	return fabs(turn) < 1e6 ? ((int)turn % 360 + 360) % 360 : 0;
}

double miyin_qpdf_get_number(qpdf_data q, qpdf_oh dict, const char *key,
			     double otherwise)
{
	qpdf_oh item = qpdf_oh_get_key(q, dict, key);
	double number = otherwise;

	if (qpdf_oh_is_number(q, item))
		number = qpdf_oh_get_numeric_value(q, item);
	qpdf_oh_release(q, item);
	return number;
}

qpdf_oh miyin_qpdf_stream(qpdf_data q, const void *bytes, gsize length)
{
	qpdf_oh stream = qpdf_oh_new_stream(q);
	qpdf_oh filter = qpdf_oh_new_name(q, "/FlateDecode");
	qpdf_oh parms = qpdf_oh_new_null(q);
	uLongf packed_length = compressBound(length);
	g_autofree Bytef *packed = g_malloc(packed_length);

	compress2(packed, &packed_length, bytes, length, 6);
	qpdf_oh_replace_stream_data(q, stream, packed, packed_length, filter,
				    parms);
	qpdf_oh_release(q, filter);
	qpdf_oh_release(q, parms);
	return stream;
}

gboolean miyin_qpdf_open(qpdf_data q, gconstpointer bytes, gsize length)
{
	qpdf_silence_errors(q);
	qpdf_set_suppress_warnings(q, QPDF_TRUE);
	return !(qpdf_read_memory(q, "document", bytes, length, NULL) &
		 QPDF_ERRORS);
}

gboolean miyin_qpdf_write(qpdf_data q, int fd)
{
	if (qpdf_init_write_memory(q) & QPDF_ERRORS)
		return FALSE;
	qpdf_set_static_ID(q, QPDF_TRUE);
	return !(qpdf_write(q) & QPDF_ERRORS) &&
	       miyin_memfile_write(fd, qpdf_get_buffer(q),
				   qpdf_get_buffer_length(q), NULL);
}

void miyin_qpdf_make_form(qpdf_data q, qpdf_oh stream, const double bbox[4],
			  qpdf_oh take_resources)
{
	qpdf_oh dict = qpdf_oh_get_dict(q, stream);

	miyin_qpdf_set(q, dict, "/Type", qpdf_oh_new_name(q, "/XObject"));
	miyin_qpdf_set(q, dict, "/Subtype", qpdf_oh_new_name(q, "/Form"));
	miyin_qpdf_set(q, dict, "/BBox", miyin_qpdf_numbers(q, bbox, 4));
	miyin_qpdf_set(q, dict, "/Resources", take_resources);
	qpdf_oh_release(q, dict);
}
