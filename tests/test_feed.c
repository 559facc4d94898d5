/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backend/feed.h"
#include <miyin/memfile.h>

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define DOCUMENT 300000 /* bytes: more than a pipe holds */

/* What a backend does with the document; it ends at the end of the word.
 * a: take all, c: say that it connects, C: that it is connected, s: sleep,
 * l: look an address up, n: connect to what was found, N: is connected to it,
 * w: wait a moment,
 * T: stop itself, K: kill itself, f: fail, 1: take a byte,
 * b: the printer took no job, B: nor with the document, x: the connection broke
 * while it took it, g: the printer has a job, j: it has number 7 there,
 * d: the printer has the document */
static const struct {
	const char *what, *does;
	miyin_feed_end end;
	gboolean reached, signaled;
	int status; /* exit status, or number of the signal */
} ways[] = {
	{ "prints", "cCa", MIYIN_FEED_DONE, TRUE, FALSE, 0 },
	{ "never says that it connects", "a", MIYIN_FEED_DONE, TRUE, FALSE, 0 },
	{ "its printer is off", "cf", MIYIN_FEED_DONE, FALSE, FALSE, 1 },
	{ "takes all before it connects", "caf", MIYIN_FEED_DONE, FALSE, FALSE,
	  1 },
	{ "as socket does, its printer is off", "clC1wnf", MIYIN_FEED_DONE,
	  FALSE, FALSE, 1 },
	{ "as socket does, and fails in the middle", "clC1wnC1f",
	  MIYIN_FEED_DONE, TRUE, FALSE, 1 },
	{ "as socket does, and is killed in the middle", "clCnC1K",
	  MIYIN_FEED_DONE, TRUE, TRUE, SIGKILL },
	{ "as socket does, and waits for its printer", "clC1wns",
	  MIYIN_FEED_STUCK, FALSE, TRUE, SIGTERM },
	{ "as socket does, and prints", "clC1wnCa", MIYIN_FEED_DONE, TRUE,
	  FALSE, 0 },
	{ "as ipp does, its printer is off", "clCnf", MIYIN_FEED_DONE, FALSE,
	  FALSE, 1 },
	{ "as ipp does, and is killed in the middle", "clCnN1K",
	  MIYIN_FEED_DONE, TRUE, TRUE, SIGKILL },
	{ "as ipp does, and takes all before it fails", "clCnNaf",
	  MIYIN_FEED_DONE, TRUE, FALSE, 1 },
	{ "fails in the middle", "cC1f", MIYIN_FEED_DONE, TRUE, FALSE, 1 },
	{ "is killed in the middle", "cC1K", MIYIN_FEED_DONE, TRUE, TRUE,
	  SIGKILL },
	{ "takes a byte and is content", "cC1", MIYIN_FEED_SHORT, TRUE, FALSE,
	  0 },
	{ "takes a byte, looks again and is content", "cC1w", MIYIN_FEED_SHORT,
	  TRUE, FALSE, 0 },
	{ "takes nothing and is content", "cC", MIYIN_FEED_SHORT, FALSE, FALSE,
	  0 },
	{ "is killed at once", "cK", MIYIN_FEED_DONE, FALSE, TRUE, SIGKILL },
	{ "takes nothing for ever", "cCs", MIYIN_FEED_STUCK, FALSE, TRUE,
	  SIGTERM },
	{ "takes all and sleeps for ever", "cCas", MIYIN_FEED_STUCK, TRUE, TRUE,
	  SIGTERM },
	{ "is stopped in the middle", "cC1T", MIYIN_FEED_STUCK, TRUE, TRUE,
	  SIGTERM },
	{ "has all and is stopped", "cCaT", MIYIN_FEED_STUCK, TRUE, TRUE,
	  SIGTERM },
};

/* What it says at an action. */
static const struct {
	char action;
	const char *line;
} said[] = {
	{ 'c', "STATE: +connecting-to-device" },
	{ 'C', "STATE: -connecting-to-device" },
	{ 'l', "DEBUG: Looking up \"127.0.0.1\"..." },
	{ 'n', "DEBUG: Connecting to 127.0.0.1:9" },
	{ 'N', "DEBUG: Connected to 127.0.0.1:9..." },
	{ 'b', "DEBUG: Create-Job: server-error-busy (Busy)" },
	{ 'B', "DEBUG: Print-Job: server-error-busy (Busy)" },
	{ 'x', "DEBUG: Print-Job: server-error-service-unavailable "
	       "(Broken pipe)" },
	{ 'g', "DEBUG: Create-Job: successful-ok (successful-ok)" },
	{ 'j', "DEBUG: Print job accepted - job ID 7." },
	{ 'd', "DEBUG: Send-Document: successful-ok (successful-ok)" },
};

static void act(char action)
{
	char waste[4096];

	for (unsigned i = 0; i < G_N_ELEMENTS(said); i++)
		if (action == said[i].action) {
			fprintf(stderr, "%s\n", said[i].line);
			return;
		}
	switch (action) {
	case 'a':
		while (read(STDIN_FILENO, waste, sizeof(waste)) > 0)
			;
		break;
	case '1':
		if (read(STDIN_FILENO, waste, 1) != 1)
			_exit(9);
		break;
	case 'w':
		g_usleep(600000); /* the feed looks meanwhile */
		break;
	case 's':
		sleep(1000);
		break;
	case 'f':
		_exit(1);
	default:
		/* Let what was said and taken be seen first. */
		g_usleep(400000);
		raise(action == 'T' ? SIGSTOP : SIGKILL);
	}
}

static pid_t start(const int fds[3], gpointer data)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	for (int i = 0; i < 3; i++)
		dup2(fds[i], i);
	closefrom(3);		  /* as an exec would */
	signal(SIGTERM, SIG_DFL); /* Check's own ends the test */
	for (const char *action = data; *action; action++)
		act(*action);
	_exit(0);
}

static int make_document(void)
{
	g_autofree char *bytes = g_malloc0(DOCUMENT);
	int fd = miyin_memfile_new("document", NULL);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, DOCUMENT), DOCUMENT);
	miyin_memfile_rewind(fd);
	return fd;
}

/* Of a document; canceled: before it begins. */
static miyin_feed_end run_feed(miyin_feed *feed, gboolean canceled)
{
	int stop[2];
	miyin_feed_end end;

	ck_assert_int_eq(pipe(stop), 0);
	if (canceled)
		ck_assert_int_eq(write(stop[1], "x", 1), 1);
	feed->stop_fd = stop[0];
	feed->input = make_document();
	end = miyin_feed_run(feed);
	close(stop[0]);
	close(stop[1]);
	return end;
}

START_TEST(backends)
{
	miyin_feed feed = { .messages = -1,
			    .driver_s = 30,
			    .device_s = 2,
			    .start = start,
			    .data = (gpointer)ways[_i].does };
	gboolean signaled;

	ck_assert_msg(run_feed(&feed, FALSE) == ways[_i].end, "%s",
		      ways[_i].what);
	ck_assert_msg(feed.reached == ways[_i].reached, "%s: reached",
		      ways[_i].what);
	signaled = WIFSIGNALED(feed.status);
	ck_assert_msg(signaled == ways[_i].signaled, "%s: status %d",
		      ways[_i].what, feed.status);
	ck_assert_int_eq(ways[_i].signaled ? WTERMSIG(feed.status)
					   : WEXITSTATUS(feed.status),
			 ways[_i].status);
	ck_assert_int_ge(fcntl(STDIN_FILENO, F_GETFD), 0);
	if (ways[_i].end == MIYIN_FEED_DONE && ways[_i].status == 0)
		ck_assert_uint_eq(feed.bytes, DOCUMENT);
}
END_TEST

/* A cancel is heard at once, though the device sleeps. */
START_TEST(canceled)
{
	miyin_feed feed = { .messages = -1,
			    .driver_s = 30,
			    .device_s = 3600,
			    .start = start,
			    .data = "cCas" };

	ck_assert_int_eq(run_feed(&feed, TRUE), MIYIN_FEED_STOPPED);
}
END_TEST

/* What ipp says of its printer's answer. */
static const struct {
	const char *does;
	gboolean refused;
} answers[] = {
	{ "cCbf", TRUE },    { "cCaBf", TRUE },	  { "cCgaf", FALSE },
	{ "cCaxf", FALSE },  { "cCbgaf", FALSE }, { "cCaf", FALSE },
	{ "cCgabf", FALSE }, { "cCbgBf", FALSE }, { "cCbcCbf", TRUE },
};

START_TEST(refused)
{
	miyin_feed feed = { .messages = -1,
			    .driver_s = 30,
			    .device_s = 30,
			    .start = start,
			    .data = (gpointer)answers[_i].does };

	ck_assert_int_eq(run_feed(&feed, FALSE), MIYIN_FEED_DONE);
	ck_assert_msg(feed.refused == answers[_i].refused, "%s",
		      answers[_i].does);
}
END_TEST

/* The backend sleeps for ever, or fails when its printer has said that the job
 * is done; who watches the printer does this with number 7. */
static const struct {
	const char *does, *watch;
	miyin_feed_end end;
	int status;
	unsigned pages;
} watched[] = {
	{ "cCjads", "echo PAGE: total $job", MIYIN_FEED_DONE, 0, 7 },
	{ "cCadjs", "echo PAGE: total $job", MIYIN_FEED_DONE, 0, 7 },
	{ "cCjdas", "sleep 1", MIYIN_FEED_DONE, 0, 0 },
	{ "cCjadwf", "exit 1", MIYIN_FEED_DONE, 1, 0 },
	{ "cCjadwf", "kill -9 $$", MIYIN_FEED_DONE, 1, 0 },
	{ "cCjadwf", "sleep 1000", MIYIN_FEED_DONE, 1, 0 },
	{ "cC1jdwf", "true", MIYIN_FEED_DONE, 1, 0 },
	{ "cC1jdw", "true", MIYIN_FEED_SHORT, 0, 0 },
	{ "cCadwf", "true", MIYIN_FEED_DONE, 1, 0 },
	{ "cCajwf", "true", MIYIN_FEED_DONE, 1, 0 },
};

static pid_t start_watch(const char *job, int out, gpointer data)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	dup2(out, STDOUT_FILENO);
	g_setenv("job", job, TRUE);
	execl("/bin/sh", "sh", "-c", data, NULL);
	_exit(127);
}

START_TEST(printer_is_watched)
{
	miyin_feed feed = { .messages = -1,
			    .driver_s = 30,
			    .device_s = 30,
			    .start = start,
			    .data = (gpointer)watched[_i].does,
			    .watch = { .start = start_watch,
				       .data = (gpointer)watched[_i].watch } };

	ck_assert_int_eq(run_feed(&feed, FALSE), watched[_i].end);
	ck_assert(WIFEXITED(feed.status));
	ck_assert_int_eq(WEXITSTATUS(feed.status), watched[_i].status);
	ck_assert_uint_eq(feed.pages, watched[_i].pages);
}
END_TEST

static pid_t start_nothing(const int fds[3], gpointer data)
{
	(void)fds;
	(void)data;
	return -1;
}

START_TEST(not_started)
{
	miyin_feed feed = { .messages = -1,
			    .driver_s = 30,
			    .device_s = 2,
			    .start = start_nothing };

	ck_assert_int_eq(run_feed(&feed, FALSE), MIYIN_FEED_SYSTEM);
	ck_assert(!feed.reached);
	ck_assert_uint_eq(feed.bytes, 0);
	ck_assert_int_eq(feed.status, -1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("feed");
	TCase *tcase = tcase_create("feed");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, backends, 0, G_N_ELEMENTS(ways));
	tcase_add_loop_test(tcase, refused, 0, G_N_ELEMENTS(answers));
	tcase_add_loop_test(tcase, printer_is_watched, 0,
			    G_N_ELEMENTS(watched));
	tcase_add_test(tcase, canceled);
	tcase_add_test(tcase, not_started);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
