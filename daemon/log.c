#include "daemon/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feeds/base/buf.h"
#include "feeds/base/text.h"

static struct {
	enum log_level level;
	bool terminal; /* standard error is one */
	bool colour;
	bool progress; /* a progress line is on the screen */
	bool journal;  /* lines begin with their priority, as sd-daemon(3) has it */
	bool held;     /* lines wait in the buffer */
} state = {.level = LOG_INFO};

/* Standard error is the journal's: $JOURNAL_STREAM names it by device and inode. */
static bool to_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat stat;
	char text[48];

	if (!stream || fstat(STDERR_FILENO, &stat) < 0)
		return false;
	(void)snprintf(text, sizeof(text), "%llu:%llu", (unsigned long long)stat.st_dev,
	    (unsigned long long)stat.st_ino); /* fits */
	return strcmp(stream, text) == 0;
}

void log_start(enum log_level level)
{
	static char buffer[16384];
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");

	state.level = level;
	state.terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
	state.colour = state.terminal && !(no_colour && *no_colour);
	state.journal = to_journal();
	(void)setvbuf(stderr, buffer, _IOFBF, sizeof(buffer)); /* if not, each is written at once */
}

bool log_wants(enum log_level level)
{
	return level <= state.level;
}

static void wipe_progress(void)
{
	if (state.progress)
		(void)fputs("\r\033[K", stderr); /* nowhere to report a failure */
	state.progress = false;
}

static void put_line(enum log_level level, const struct buf *text)
{
	static const struct {
		const char *word, *colour, *priority;
	} looks[] = {
	    [LOG_ERROR] = {"error: ", "\033[1;31m", "<3>"},
	    [LOG_WARNING] = {"warning: ", "\033[33m", "<4>"},
	    [LOG_INFO] = {"", "", "<6>"},
	    [LOG_DEBUG] = {"", "\033[2m", "<7>"},
	};
	const char *on = state.colour ? looks[level].colour : "", *off = *on ? "\033[0m" : "";

	wipe_progress();
	if (state.journal) /* which shows the level itself */
		(void)fprintf(stderr, "%s%s\n", looks[level].priority, buf_string(text));
	else
		(void)fprintf(stderr, "%s%s%s%s\n", on, looks[level].word, buf_string(text), off);
	if (!state.held || level == LOG_ERROR)
		(void)fflush(stderr); /* nowhere to report a failure */
}

void log_hold(void)
{
	state.held = true;
}

void log_release(void)
{
	if (!state.held)
		return;
	state.held = false;
	(void)fflush(stderr); /* nowhere to report a failure */
}

void log_put(enum log_level level, const char *fmt, ...)
{
	struct buf line = BUF_INIT;
	char *text = NULL;
	va_list args;

	if (!log_wants(level))
		return;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) >= 0)
		text_put_escaped(&line, slice_of(text));
	va_end(args);
	put_line(level, &line);
	free(text);
	buf_free(&line);
}

void log_at(
    enum log_level level, struct slice path, uint32_t line, uint32_t column, const char *text)
{
	struct buf out = BUF_INIT;

	if (!log_wants(level))
		return;
	text_put_escaped(&out, path);
	if (line)
		buf_printf(&out, ":%u", line);
	if (line && column)
		buf_printf(&out, ":%u", column);
	buf_puts(&out, ": ");
	text_put_escaped(&out, slice_of(text));
	put_line(level, &out);
	buf_free(&out);
}

void log_progress(const char *fmt, ...)
{
	va_list args;

	if (!state.terminal || state.level < LOG_INFO)
		return;
	wipe_progress();
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args); /* nowhere to report a failure */
	va_end(args);
	(void)fflush(stderr);
	state.progress = true;
}

void log_question(const char *fmt, ...)
{
	struct buf line = BUF_INIT;
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) >= 0)
		text_put_escaped(&line, slice_of(text));
	va_end(args);
	wipe_progress();
	(void)fputs(buf_string(&line), stderr); /* nowhere to report a failure */
	(void)fflush(stderr);
	free(text);
	buf_free(&line);
}

void log_unanswered(void)
{
	(void)fputc('\n', stderr); /* nowhere to report a failure */
	(void)fflush(stderr);
}

void log_output(struct slice text)
{
	if (text.len > 0)
		(void)fwrite(text.ptr, 1, text.len, stdout); /* log_finish asks whether it worked */
}

int log_finish(void)
{
	wipe_progress();
	(void)fflush(stderr); /* nowhere to report a failure */
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return errno == EPIPE ? 0 : -1; /* who reads has seen enough */
}
