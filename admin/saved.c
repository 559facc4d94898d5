/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <miyin/error.h>
#include <miyin/gateuri.h>
#include <miyin/text.h>
#include <miyin/memfile.h>
#include "saved.h"
#include "identity.h"

#define PPD "printer.ppd"
#define ATTRIBUTES "queue.conf"

/* The attributes that are saved, and where they are in a miyin_queue. */
static const struct {
	const char *key;
	gsize offset;
} texts[] = {
	{ "name", G_STRUCT_OFFSET(miyin_queue, name) },
	{ "device-uri", G_STRUCT_OFFSET(miyin_queue, device_uri) },
	{ "printer-op-policy", G_STRUCT_OFFSET(miyin_queue, op_policy) },
	{ "printer-error-policy", G_STRUCT_OFFSET(miyin_queue, error_policy) },
	{ "job-sheets-before", G_STRUCT_OFFSET(miyin_queue, sheets[0]) },
	{ "job-sheets-after", G_STRUCT_OFFSET(miyin_queue, sheets[1]) },
	{ "printer-info", G_STRUCT_OFFSET(miyin_queue, info) },
	{ "printer-location", G_STRUCT_OFFSET(miyin_queue, location) },
	{ "port-monitor", G_STRUCT_OFFSET(miyin_queue, port_monitor) },
}, truths[] = {
	{ "printer-is-shared", G_STRUCT_OFFSET(miyin_queue, shared) },
	{ "printer-is-accepting-jobs",
	  G_STRUCT_OFFSET(miyin_queue, accepting) },
	{ "printer-is-stopped", G_STRUCT_OFFSET(miyin_queue, stopped) },
};

static gboolean set_errno(const char *path, GError **error)
{
	return miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s.", path,
			  g_strerror(errno));
}

gboolean miyin_saved_lock(const miyin_config *config, GError **error)
{
	g_autofree char *path =
		g_build_filename(config->state_dir, "protected.lock", NULL);
	g_auto(miyin_identity) service =
		miyin_identity_enter(config->user, error);
	int fd;

	if (!service)
		return FALSE;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return (fd >= 0 && flock(fd, LOCK_EX) == 0) || set_errno(path, error);
}

char **miyin_protected_list(const miyin_config *config, GError **error)
{
	g_autofree char *dir =
		g_build_filename(config->state_dir, "protected", NULL);
	g_auto(miyin_identity) service =
		miyin_identity_enter(config->user, error);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GError) reason = NULL;
	g_autoptr(GDir) folder = NULL;
	const char *name;

	if (!service)
		return NULL;
	folder = g_dir_open(dir, 0, &reason);
	while (folder && (name = g_dir_read_name(folder))) {
		g_autofree char *path =
			g_build_filename(dir, name, ATTRIBUTES, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
			g_ptr_array_add(names, g_strdup(name));
	}
	/* Before the first is protected there is none. */
	if (!folder &&
	    !g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
		miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s", reason->message);
		return NULL;
	}
	return miyin_text_sort(g_steal_pointer(&names));
}

/* The scheduler allows a queue to be called "..". */
static gboolean is_folder_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

static miyin_saved *read_files(const char *dir, const char *name,
			       GError **error)
{
	g_autofree char *ppd = g_build_filename(dir, PPD, NULL);
	g_autofree char *path = g_build_filename(dir, ATTRIBUTES, NULL);
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(miyin_saved) saved = g_new0(miyin_saved, 1);
	miyin_queue *queue = saved->queue = g_new0(miyin_queue, 1);
	g_auto(GStrv) keys = NULL;

	queue->defaults =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (!is_folder_name(name) ||
	    (access(path, F_OK) != 0 && errno == ENOENT)) {
		miyin_fail(error, MIYIN_ERROR_MISSING,
			   _("The queue \"%s\" is not protected."), name);
		return NULL;
	}
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error) ||
	    !g_file_get_contents(ppd, &saved->ppd, NULL, error))
		return NULL;
	for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
		char **v = G_STRUCT_MEMBER_P(queue, texts[i].offset);

		*v = g_key_file_get_string(file, "queue", texts[i].key, error);
		if (!*v)
			return NULL;
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(truths); i++)
		G_STRUCT_MEMBER(gboolean, queue, truths[i].offset) =
			g_key_file_get_boolean(file, "queue", truths[i].key,
					       NULL);
	saved->scheme = g_key_file_get_string(file, "gate", "scheme", NULL);
	saved->level = g_key_file_get_string(file, "gate", "level", NULL);
	keys = g_key_file_get_keys(file, "defaults", NULL, NULL);
	for (int i = 0; keys && keys[i]; i++)
		g_hash_table_insert(
			queue->defaults, g_strdup(keys[i]),
			g_key_file_get_string(file, "defaults", keys[i], NULL));
	return g_steal_pointer(&saved);
}

miyin_saved *miyin_saved_open(const miyin_config *config, const char *name,
			      GError **error)
{
	g_autofree char *dir =
		g_build_filename(config->state_dir, "protected", name, NULL);
	g_auto(miyin_identity) service =
		miyin_identity_enter(config->user, error);

	return service ? read_files(dir, name, error) : NULL;
}

void miyin_saved_free(miyin_saved *saved)
{
	if (!saved)
		return;
	miyin_queue_free(saved->queue);
	g_free(saved->ppd);
	g_free(saved->scheme);
	g_free(saved->level);
	g_free(saved);
}

static gboolean write_file(const char *dir, const char *name, const char *text,
			   GError **error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	return g_file_set_contents_full(path, text, -1,
					G_FILE_SET_CONTENTS_CONSISTENT |
						G_FILE_SET_CONTENTS_DURABLE,
					0600, error);
}

static gboolean sync_folder(const char *dir, GError **error)
{
	g_auto(miyin_fd) fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return (fd >= 0 && fsync(fd) == 0) || set_errno(dir, error);
}

static gboolean write_files(const char *dir, const miyin_saved *saved,
			    GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *text = NULL;
	GHashTableIter iter;
	gpointer key, value;

	for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *v =
			G_STRUCT_MEMBER(char *, saved->queue, texts[i].offset);

		g_key_file_set_string(file, "queue", texts[i].key, v ? v : "");
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(truths); i++)
		g_key_file_set_boolean(file, "queue", truths[i].key,
				       G_STRUCT_MEMBER(gboolean, saved->queue,
						       truths[i].offset));
	g_key_file_set_string(file, "gate", "scheme", saved->scheme);
	if (saved->level)
		g_key_file_set_string(file, "gate", "level", saved->level);
	g_hash_table_iter_init(&iter, saved->queue->defaults);
	while (g_hash_table_iter_next(&iter, &key, &value))
		g_key_file_set_string(file, "defaults", key, value);
	text = g_key_file_to_data(file, NULL, NULL);
	return write_file(dir, PPD, saved->ppd, error) &&
	       write_file(dir, ATTRIBUTES, text, error) &&
	       sync_folder(dir, error);
}

gboolean miyin_saved_write(const miyin_config *config, const miyin_saved *saved,
			   GError **error)
{
	g_autofree char *parent =
		g_build_filename(config->state_dir, "protected", NULL);
	g_autofree char *dir =
		g_build_filename(parent, saved->queue->name, NULL);
	g_auto(miyin_identity) service = FALSE;

	if (!is_folder_name(saved->queue->name))
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("A queue of the name \"%s\" cannot be "
				    "protected."),
				  saved->queue->name);
	service = miyin_identity_enter(config->user, error);
	return service &&
	       (g_mkdir_with_parents(dir, 0700) == 0 ||
		set_errno(dir, error)) &&
	       write_files(dir, saved, error) && sync_folder(parent, error) &&
	       sync_folder(config->state_dir, error);
}

gboolean miyin_saved_remove(const miyin_config *config, const char *name,
			    GError **error)
{
	g_autofree char *dir =
		g_build_filename(config->state_dir, "protected", name, NULL);
	g_autofree char *ppd = g_build_filename(dir, PPD, NULL);
	g_autofree char *attributes = g_build_filename(dir, ATTRIBUTES, NULL);
	g_auto(miyin_identity) service =
		miyin_identity_enter(config->user, error);

	if (!service)
		return FALSE;
	/* The attributes first: without them it is not protected any more. */
	return ((g_unlink(attributes) == 0 || errno == ENOENT) &&
		(g_unlink(ppd) == 0 || errno == ENOENT) &&
		(g_rmdir(dir) == 0 || errno == ENOENT)) ||
	       set_errno(dir, error);
}

char *miyin_saved_gate_uri(const miyin_saved *saved)
{
	g_autofree char *device =
		g_strconcat(saved->queue->name, "-device", NULL);

	return miyin_gateuri_format(device, saved->scheme, saved->level);
}

gboolean miyin_saved_restore(const miyin_saved *saved, GError **error)
{
	const miyin_queue *was = saved->queue;
	const miyin_queue_change change = {
		.device_uri = was->device_uri,
		.ppd = saved->ppd,
		.op_policy = was->op_policy,
		.error_policy = was->error_policy,
		.sheets = { was->sheets[0], was->sheets[1] },
		.info = was->info,
		.location = was->location,
		.shared = was->shared ? MIYIN_YES : MIYIN_NO,
		.accepting = was->accepting ? MIYIN_YES : MIYIN_NO,
		.running = was->stopped ? MIYIN_NO : MIYIN_YES,
	};
	/* The scheduler knows the monitors of a PPD only once it has it. */
	const miyin_queue_change monitor = {
		.port_monitor = was->port_monitor,
	};

	return miyin_queue_change_apply(was->name, &change, error) &&
	       miyin_queue_change_apply(was->name, &monitor, error) &&
	       miyin_queue_restore_defaults(was->name, was->defaults, error);
}
