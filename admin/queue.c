/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/deviceuri.h>
#include <miyin/text.h>
#include "conftext.h"
#include "queue.h"

static void read_type(miyin_queue *queue, int type)
{
	queue->is_class = (type & CUPS_PRINTER_CLASS) != 0;
	queue->is_remote =
		(type & (CUPS_PRINTER_REMOTE | CUPS_PRINTER_DISCOVERED)) != 0;
}

static char **read_strings(ipp_attribute_t *attribute)
{
	int count = ippGetCount(attribute);
	char **strings = g_new0(char *, count + 1);

	for (int i = 0; i < count; i++)
		strings[i] = g_strdup(ippGetString(attribute, i, NULL));
	return strings;
}

static char *attribute_text(ipp_attribute_t *attribute)
{
	char text[4096];

	ippAttributeString(attribute, text, sizeof(text));
	return g_strdup(text);
}

static void read_attribute(miyin_queue *queue, ipp_attribute_t *attribute)
{
	const struct {
		const char *name;
		char **text;
	} texts[] = {
		{ "printer-name", &queue->name },
		{ "device-uri", &queue->device_uri },
		{ "printer-op-policy", &queue->op_policy },
		{ "printer-error-policy", &queue->error_policy },
		{ "printer-info", &queue->info },
		{ "printer-location", &queue->location },
		{ "port-monitor", &queue->port_monitor },
	};
	const struct {
		const char *name;
		gboolean *truth;
	} truths[] = {
		{ "printer-is-shared", &queue->shared },
		{ "printer-is-accepting-jobs", &queue->accepting },
		{ "printer-is-temporary", &queue->is_temporary },
	};
	const char *name = ippGetName(attribute);

	for (unsigned i = 0; name && i < G_N_ELEMENTS(texts); i++)
		if (g_str_equal(name, texts[i].name))
			*texts[i].text =
				g_strdup(ippGetString(attribute, 0, NULL));
	for (unsigned i = 0; name && i < G_N_ELEMENTS(truths); i++)
		if (g_str_equal(name, truths[i].name))
			*truths[i].truth = ippGetBoolean(attribute, 0);
	if (!name)
		return;
	if (g_str_equal(name, "printer-state")) {
		int state = ippGetInteger(attribute, 0);

		queue->stopped = state == IPP_PSTATE_STOPPED;
		queue->busy = state == IPP_PSTATE_PROCESSING;
	} else if (g_str_equal(name, "printer-type"))
		read_type(queue, ippGetInteger(attribute, 0));
	else if (g_str_equal(name, "member-names"))
		queue->members = read_strings(attribute);
	else if (g_str_equal(name, "auth-info-required"))
		queue->auth_info = attribute_text(attribute);
	else if (g_str_equal(name, "printer-state-reasons"))
		queue->reasons = read_strings(attribute);
	else if (g_str_equal(name, "job-sheets-default"))
		for (int i = 0; i < 2 && i < ippGetCount(attribute); i++)
			queue->sheets[i] =
				g_strdup(ippGetString(attribute, i, NULL));
	else if (g_str_has_suffix(name, "-default") &&
		 !g_hash_table_contains(queue->defaults, name))
		/* An administrator's comes before the built-in one. */
		g_hash_table_insert(queue->defaults, g_strdup(name),
				    attribute_text(attribute));
}

const char *miyin_queue_server_root(void)
{
	const char *root = g_getenv("CUPS_SERVERROOT");

	return root && *root ? root : "/etc/cups";
}

static void learn_line(miyin_queue *queue, const miyin_confline *line)
{
	if (g_str_equal(line->word, "DeviceURI")) {
		/* cupsd writes # as \# there. */
		g_autofree char *uri = g_strcompress(line->value);
		g_autofree char *bare = miyin_deviceuri_bare(uri);
		g_autofree char *told = miyin_deviceuri_bare(queue->device_uri);

		if (!g_str_equal(bare, told))
			return;
		miyin_text_replace(&queue->device_uri, g_steal_pointer(&uri));
	} else if (g_str_equal(line->word, "AuthInfoRequired")) {
		miyin_text_replace(&queue->auth_info, g_strdup(line->value));
	}
}

/* The scheduler never tells the user and password of a device, nor an
 * auth-info-required that is "none"; both are in its printers.conf. Without the
 * password the device queue of, say, an smb: printer could not print. */
static void learn_from_file(miyin_queue *queue)
{
	g_autofree char *path = g_build_filename(miyin_queue_server_root(),
						 "printers.conf", NULL);
	g_autofree char *text = NULL;
	g_auto(miyin_confline) line = { 0 };
	gboolean inside = FALSE;
	const char *at;

	if (!queue->device_uri || !g_file_get_contents(path, &text, NULL, NULL))
		return;
	for (at = text; miyin_conftext_next(&at, &line);) {
		if (g_str_equal(line.word, "<Printer") ||
		    g_str_equal(line.word, "<DefaultPrinter"))
			inside = g_str_equal(line.value, queue->name);
		else if (inside)
			learn_line(queue, &line);
	}
}

ipp_attribute_t *miyin_queue_read(ipp_attribute_t *attribute, ipp_t *answer,
				  miyin_queue **queue)
{
	g_autoptr(miyin_queue) q = g_new0(miyin_queue, 1);

	q->defaults =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	while (attribute && ippGetGroupTag(attribute) != IPP_TAG_PRINTER)
		attribute = ippNextAttribute(answer);
	while (attribute && ippGetGroupTag(attribute) == IPP_TAG_PRINTER) {
		read_attribute(q, attribute);
		attribute = ippNextAttribute(answer);
	}
	if (q->name) {
		learn_from_file(q);
		if (!q->port_monitor)
			q->port_monitor = g_strdup("none");
		*queue = g_steal_pointer(&q);
	}
	return attribute;
}

void miyin_queue_free(miyin_queue *queue)
{
	if (!queue)
		return;
	g_free(queue->name);
	g_free(queue->device_uri);
	g_free(queue->op_policy);
	g_free(queue->error_policy);
	g_free(queue->sheets[0]);
	g_free(queue->sheets[1]);
	g_free(queue->info);
	g_free(queue->location);
	g_free(queue->port_monitor);
	g_free(queue->auth_info);
	g_strfreev(queue->members);
	g_strfreev(queue->reasons);
	g_hash_table_unref(queue->defaults);
	g_free(queue);
}
