/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin: the command of the officers and the administrator. */
#include <miyin/commands.h>
#include <miyin/service.h>

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include <miyin/sandbox.h>
#include <miyin/text.h>

#define MIYIN_VERSION "0.1.0"

typedef struct {
	const char *name, *what;
	miyin_command_func run;
	gboolean anybody; /* needs neither root nor the service's account */
	gboolean sandbox; /* looks into users' files */
} command;

static const command commands[] = {
	{ "protect", N_("Put the marks on everything that a queue prints"),
	  miyin_command_protect, FALSE, FALSE },
	{ "unprotect", N_("Give a queue back as it was"),
	  miyin_command_unprotect, FALSE, FALSE },
	{ "doctor", N_("Check that every way to the printers is guarded"),
	  miyin_command_doctor, FALSE, FALSE },
	{ "log", N_("List the events of the register"), miyin_command_log,
	  FALSE, FALSE },
	{ "copies", N_("List the copies of a document"), miyin_command_copies,
	  FALSE, FALSE },
	{ "document", N_("Show whose a document is, or say it"),
	  miyin_command_document, FALSE, FALSE },
	{ "backup", N_("Copy the register to a new file"), miyin_command_backup,
	  FALSE, FALSE },
	{ "verify", N_("Check that the register is what was written"),
	  miyin_command_verify, FALSE, FALSE },
	{ "trace", N_("Find the copy and holder of a page"),
	  miyin_command_trace, FALSE, TRUE },
	{ "preview", N_("Write specimen pages to a file, not to a printer"),
	  miyin_command_preview, TRUE, TRUE },
};

/* As gettext does it: LANGUAGE refines a language, but does not replace C. */
static void set_language(const char *locale_dir)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *wished = g_getenv("LANGUAGE");
	const char *lang = NULL;
	g_autofree char *first = NULL;

	for (unsigned i = 0; i < G_N_ELEMENTS(names) && !lang; i++) {
		lang = g_getenv(names[i]);
		if (lang && !*lang)
			lang = NULL;
	}
	if (wished && *wished &&
	    !(lang && (g_str_equal(lang, "C") || g_str_equal(lang, "POSIX")))) {
		first = g_strndup(wished, strcspn(wished, ":"));
		lang = first;
	}
	miyin_text_set_language(lang ? lang : "C", locale_dir);
}

static const command *find_command(const char *name)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
		if (g_str_equal(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static gboolean is_help(const char *word)
{
	return g_str_equal(word, "--help") || g_str_equal(word, "-h") ||
	       g_str_equal(word, "-?");
}

static int print_usage(FILE *stream, int status)
{
	fprintf(stream, "%s\n\n",
		_("Usage: miyin COMMAND [OPTION...] [ARGUMENT...]"));
	for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(stream, "  %-10s %s\n", commands[i].name,
			_(commands[i].what));
	fprintf(stream, "\n%s\n",
		_("miyin COMMAND --help explains a command; miyin --version "
		  "prints the version."));
	return status;
}

/* Where nothing is installed a preview from a built tree takes the samples that
 * lie beside the program. */
static void use_samples(void)
{
	g_autofree char *own =
		g_build_filename(miyin_config_dir(), "miyin.conf", NULL);
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = program ? g_path_get_dirname(program) : NULL;
	g_autofree char *samples =
		folder ? g_build_filename(folder, "etc", NULL) : NULL;
	g_autofree char *file =
		samples ? g_build_filename(samples, "miyin.conf", NULL) : NULL;

	if (file && !g_getenv("MIYIN_CONF_DIR") &&
	    !g_file_test(own, G_FILE_TEST_EXISTS) &&
	    g_file_test(file, G_FILE_TEST_EXISTS))
		g_setenv("MIYIN_CONF_DIR", samples, TRUE);
}

static int run_command(const command *found, int argc, char **argv,
		       GError **error)
{
	g_autoptr(miyin_config) config = NULL;
	g_autofree char *name = g_strconcat("miyin ", argv[0], NULL);
	const char *warning = NULL;

	/* GOption prints the help and ends the program before it is used. */
	g_set_prgname(name);
	if (argc > 1 && is_help(argv[1]))
		return found->run(argc, argv, &(const miyin_config){ 0 },
				  error);
	if (found->run == miyin_command_preview)
		use_samples();
	config = miyin_config_open(miyin_config_dir(), error);
	if (!config)
		return 1;
	set_language(config->locale_dir);
	if (!found->anybody && !miyin_service_check(config->user, error))
		return 1;
	if (found->sandbox &&
	    !miyin_sandbox_check(config->landlock_required, &warning, error))
		return 1;
	if (warning)
		fprintf(stderr, "miyin: %s\n", warning);
	return found->run(argc, argv, config, error);
}

/* A list that did not get to its file whole is not a success. */
static int report(int status, const GError *error)
{
	if (error) {
		fprintf(stderr, "miyin: %s\n", error->message);
		if (!status)
			status = 1;
	}
	if (fflush(stdout) == EOF || ferror(stdout)) {
		fprintf(stderr,
			_("miyin: The output could not be written: "
			  "%s\n"),
			g_strerror(errno));
		return status ? status : 1;
	}
	return status;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	const command *found;
	int status;

	set_language(MIYIN_LOCALE_DIR);
	if (argc < 2)
		return print_usage(stderr, 2);
	if (is_help(argv[1]))
		return report(print_usage(stdout, 0), NULL);
	if (g_str_equal(argv[1], "--version")) {
		puts("miyin " MIYIN_VERSION);
		return report(0, NULL);
	}
	found = find_command(argv[1]);
	if (!found) {
		fprintf(stderr,
			_("miyin: There is no command \"%s\"; miyin --help "
			  "lists them.\n"),
			argv[1]);
		return 2;
	}
	status = run_command(found, argc - 1, argv + 1, &error);
	return report(status, error);
}
