/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cupsjob.h"
#include "asked.h"
#include "caller.h"
#include "tell.h"
#include <miyin/gateuri.h>
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <cups/cups.h>
#include <stdlib.h>
#include <string.h>

#define HOST_OPTION "job-originating-host-name"

static gboolean is_word(const char *text)
{
	if (!*text)
		return FALSE;
	for (; *text; text++)
		if (!g_ascii_isalnum(*text) && !strchr("-_.", *text) &&
		    !(*text & 0x80))
			return FALSE;
	return TRUE;
}

/* miyin:/Office-device?scheme=cn-gb9704&level=jimi */
static gboolean parse_uri(miyin_job *job, const char *uri)
{
	g_auto(GStrv) settings = g_strsplit(uri, "&", -1);

	job->device_queue = miyin_gateuri_device(uri);
	job->scheme_name = miyin_gateuri_setting(uri, "scheme");
	job->fixed_level = miyin_gateuri_setting(uri, "level");
	/* Nothing else: a level mistyped would be none. */
	return job->device_queue && is_word(job->device_queue) &&
	       job->scheme_name && is_word(job->scheme_name) &&
	       (!job->fixed_level || is_word(job->fixed_level)) &&
	       g_strv_length(settings) == (job->fixed_level ? 2 : 1);
}

/* cupsd takes it from a client on its own machine, and writes an attribute
 * "x job-originating-host-name" of any client as if it were two options: who
 * came over the socket was here, and what stands there twice tells nothing. */
static char *find_host(const char *options, const char *host)
{
	const char *first = strstr(options, HOST_OPTION);

	if (g_getenv("AUTH_UID"))
		return g_strdup("localhost");
	if (first && strstr(first + 1, HOST_OPTION))
		return g_strdup("?");
	return miyin_text_clean(host, MIYIN_TEXT_MAX);
}

/* A client can send a job-uuid of its own choice, but not choose its job id:
 * the two together name this job and no other. */
static void parse_options(miyin_job *job, const char *text)
{
	cups_option_t *options = NULL;
	int n = cupsParseOptions(text, 0, &options);
	const char *uuid = cupsGetOption("job-uuid", n, options);
	g_autofree char *clean = miyin_text_clean(uuid, 80);

	job->uuid = g_strdup_printf("%s#%d", clean, job->job_id);
	job->host = find_host(text, cupsGetOption(HOST_OPTION, n, options));
	cupsFreeOptions(n, options);
}

miyin_job *miyin_cupsjob_new(char **argv, GError **error)
{
	g_autoptr(miyin_job) job = g_new0(miyin_job, 1);
	const char *uid = g_getenv("AUTH_UID");
	const miyin_caller_words words = {
		.owner = argv[2],
		.auth_username = g_getenv("AUTH_USERNAME"),
		.auth_uid = uid,
		.auth_info_required = g_getenv("AUTH_INFO_REQUIRED"),
	};
	const char *printer = g_getenv("PRINTER");
	const char *uri = g_getenv("DEVICE_URI");

	job->status = &miyin_tell;
	job->documents = g_ptr_array_new_with_free_func(
		(GDestroyNotify)miyin_document_free);
	job->job_id = atoi(argv[1]);
	job->user = miyin_caller_find(&words);
	job->uid = uid && *uid ? atoi(uid) : -1;
	job->title = miyin_text_clean(argv[3], MIYIN_TEXT_MAX);
	job->printer = miyin_text_clean(printer, MIYIN_TEXT_MAX);
	parse_options(job, argv[5]);
	miyin_asked_read(&job->asked, argv[5]);
	if (!uri || !parse_uri(job, uri)) {
		miyin_tell_warning("DEVICE_URI is not "
				   "miyin:/QUEUE?scheme=S");
		miyin_refuse_for(error, MIYIN_REFUSAL_CONFIG);
		return NULL;
	}
	return g_steal_pointer(&job);
}
