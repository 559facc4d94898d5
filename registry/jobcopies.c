/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

static miyin_copy *read_copy(sqlite3_stmt *statement)
{
	miyin_copy *copy = g_new0(miyin_copy, 1);

	copy->row = sqlite3_column_int64(statement, 0);
	copy->copy_id = sqlite3_column_int64(statement, 1);
	copy->serial = sqlite3_column_int(statement, 2);
	copy->copy_no = sqlite3_column_int(statement, 3);
	copy->holder = g_strdup(miyin_store_text(statement, 4));
	copy->state = miyin_copy_state_find(miyin_store_text(statement, 5));
	copy->device_job = sqlite3_column_int(statement, 6);
	return copy;
}

gboolean miyin_register_job_copies(miyin_register *reg, const char *job_uuid,
				   unsigned first_no, unsigned last_no,
				   GPtrArray **out, GError **error)
{
	g_autoptr(GPtrArray) copies =
		g_ptr_array_new_with_free_func((GDestroyNotify)miyin_copy_free);
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT c.id, c.copy_id, c.serial, c.copy_no, c.holder,"
		" c.state, c.device_job FROM copies c JOIN jobs j"
		" ON j.id = c.job WHERE j.uuid = ? AND j.document_no"
		" BETWEEN ? AND ? AND c.id = (SELECT max(id) FROM copies"
		" WHERE job = c.job AND copy_no = c.copy_no) ORDER BY c.id",
		"sii", job_uuid, (int)first_no, (int)last_no);
	int status;

	if (!statement)
		return FALSE;
	while ((status = sqlite3_step(statement)) == SQLITE_ROW)
		g_ptr_array_add(copies, read_copy(statement));
	sqlite3_finalize(statement);
	if (status != SQLITE_DONE)
		return miyin_store_fail(reg, error);
	*out = g_steal_pointer(&copies);
	return TRUE;
}
