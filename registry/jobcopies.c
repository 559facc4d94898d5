/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobcopies.h"

#define SELECT                                                                 \
	"SELECT c.id, c.copy_id, c.serial, c.copy_no, c.holder, c.state,"      \
	" c.device_job FROM copies c JOIN jobs j ON j.id = c.job WHERE "

void miyin_copy_free(miyin_copy *copy)
{
	if (!copy)
		return;
	g_free(copy->holder);
	g_free(copy->verified);
	g_free(copy);
}

static gboolean read_copies(miyin_rows *row, GPtrArray *copies, GError **error)
{
	while (miyin_rows_next(row)) {
		miyin_copy *copy = g_new0(miyin_copy, 1);

		copy->row = miyin_rows_number(row, "id");
		copy->copy_id = (guint64)miyin_rows_number(row, "copy_id");
		copy->serial = (unsigned)miyin_rows_number(row, "serial");
		copy->copy_no = (unsigned)miyin_rows_number(row, "copy_no");
		copy->holder = g_strdup(miyin_rows_text(row, "holder"));
		copy->state =
			miyin_copy_state_find(miyin_rows_text(row, "state"));
		copy->device_job = (int)miyin_rows_number(row, "device_job");
		g_ptr_array_add(copies, copy);
	}
	return miyin_rows_end(row, error);
}

gboolean miyin_jobcopies_find(miyin_register *reg, gint64 job,
			      GPtrArray *copies, GError **error)
{
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg, SELECT "c.job = :job AND c.state <> 'void'",
		VALUES(NUMBER("job", job)), error);

	return read_copies(row, copies, error);
}

gboolean miyin_jobcopies_find_open(miyin_register *reg, const char *job_uuid,
				   GPtrArray *copies, GError **error)
{
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		SELECT "c.state IN ('reserved', 'sending') AND"
		       " (:uuid IS NULL OR j.uuid = :uuid)",
		VALUES(TEXT("uuid", job_uuid)), error);

	return read_copies(row, copies, error);
}

gboolean miyin_register_job_copies(miyin_register *reg, const char *job_uuid,
				   unsigned first_no, unsigned last_no,
				   GPtrArray **out, GError **error)
{
	g_autoptr(GPtrArray) copies =
		g_ptr_array_new_with_free_func((GDestroyNotify)miyin_copy_free);
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		SELECT "j.uuid = :uuid AND j.document_no BETWEEN :first AND"
		       " :last AND c.id = (SELECT max(id) FROM copies WHERE"
		       " job = c.job AND copy_no = c.copy_no) ORDER BY c.id",
		VALUES(TEXT("uuid", job_uuid), NUMBER("first", first_no),
		       NUMBER("last", last_no)),
		error);

	if (!read_copies(row, copies, error))
		return FALSE;
	*out = g_steal_pointer(&copies);
	return TRUE;
}
