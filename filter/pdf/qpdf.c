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

void miyin_qpdf_set_of_stream(qpdf_data q, qpdf_oh stream, const char *key,
			      qpdf_oh take_value)
{
	qpdf_oh dict = qpdf_oh_get_dict(q, stream);

	miyin_qpdf_set(q, dict, key, take_value);
	qpdf_oh_release(q, dict);
}

qpdf_oh miyin_qpdf_get(qpdf_data q, qpdf_oh dict, const char *key)
{
	return qpdf_oh_is_dictionary(q, dict) ? qpdf_oh_get_key(q, dict, key)
					      : qpdf_oh_new_null(q);
}

qpdf_oh miyin_qpdf_get_dict(qpdf_data q, qpdf_oh dict, const char *key)
{
	qpdf_oh value = qpdf_oh_get_key(q, dict, key);

	if (!qpdf_oh_is_dictionary(q, value)) {
		qpdf_oh_release(q, value);
		value = qpdf_oh_new_dictionary(q);
		qpdf_oh_replace_key(q, dict, key, value);
	}
	return value;
}

gboolean miyin_qpdf_is(qpdf_data q, qpdf_oh dict, const char *key,
		       const char *name)
{
	qpdf_oh value = miyin_qpdf_get(q, dict, key);
	gboolean is = qpdf_oh_is_name_and_equals(q, value, name);

	qpdf_oh_release(q, value);
	return is;
}

gboolean miyin_qpdf_is_true(qpdf_data q, qpdf_oh dict, const char *key)
{
	qpdf_oh value = miyin_qpdf_get(q, dict, key);
	gboolean is =
		qpdf_oh_is_bool(q, value) && qpdf_oh_get_bool_value(q, value);

	qpdf_oh_release(q, value);
	return is;
}

int miyin_qpdf_length(qpdf_data q, qpdf_oh array)
{
	return qpdf_oh_is_array(q, array) ? qpdf_oh_get_array_n_items(q, array)
					  : 0;
}

void miyin_qpdf_append(qpdf_data q, qpdf_oh array, qpdf_oh take_item)
{
	if (!take_item)
		take_item = qpdf_oh_new_null(q);
	qpdf_oh_append_item(q, array, take_item);
	qpdf_oh_release(q, take_item);
}

/* The C API can do one iteration at a time: the values come later. */
char **miyin_qpdf_keys(qpdf_data q, qpdf_oh dict)
{
	g_autoptr(GStrvBuilder) keys = g_strv_builder_new();

	if (qpdf_oh_is_dictionary(q, dict)) {
		qpdf_oh_begin_dict_key_iter(q, dict);
		while (qpdf_oh_dict_more_keys(q))
			g_strv_builder_add(keys, qpdf_oh_dict_next_key(q));
	}
	return g_strv_builder_end(keys);
}

miyin_qpdf_items miyin_qpdf_items_of(qpdf_data q, qpdf_oh array)
{
	return (miyin_qpdf_items){ .q = q,
				   .of = array,
				   .n = miyin_qpdf_length(q, array) };
}

miyin_qpdf_items miyin_qpdf_entries(qpdf_data q, qpdf_oh dict)
{
	char **keys = miyin_qpdf_keys(q, dict);

	return (miyin_qpdf_items){
		.q = q, .of = dict, .n = (int)g_strv_length(keys), .keys = keys
	};
}

gboolean miyin_qpdf_next(miyin_qpdf_items *at)
{
	if (at->item)
		qpdf_oh_release(at->q, at->item);
	at->item = 0;
	if (at->i == at->n)
		return FALSE;
	at->key = at->keys ? at->keys[at->i] : NULL;
	at->item = at->key ? qpdf_oh_get_key(at->q, at->of, at->key)
			   : qpdf_oh_get_array_item(at->q, at->of, at->i);
	at->i++;
	return TRUE;
}

void miyin_qpdf_items_clear(miyin_qpdf_items *at)
{
	if (at->item)
		qpdf_oh_release(at->q, at->item);
	g_clear_pointer(&at->keys, g_strfreev);
}

qpdf_oh miyin_qpdf_numbers(qpdf_data q, const double *numbers, int n)
{
	qpdf_oh array = qpdf_oh_new_array(q);

	for (int i = 0; i < n; i++) {
		char text[G_ASCII_DTOSTR_BUF_SIZE];

		g_ascii_formatd(text, sizeof(text), "%.5f", numbers[i]);
		miyin_qpdf_append(q, array,
				  qpdf_oh_new_real_from_string(q, text));
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

gboolean miyin_qpdf_open(qpdf_data q, GBytes *pdf)
{
	qpdf_silence_errors(q);
	qpdf_set_suppress_warnings(q, QPDF_TRUE);
	return !(qpdf_read_memory(q, "document", g_bytes_get_data(pdf, NULL),
				  g_bytes_get_size(pdf), NULL) &
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
