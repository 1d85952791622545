#include "daemon/prompt.h"

#include <errno.h>
#include <unistd.h>

#include "daemon/log.h"
#include "feeds/base/slice.h"

bool prompt_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* A line without its end; what is too long is cut. False at the end of the input. */
static bool read_line(struct buf *out)
{
	bool any = false;
	ssize_t got;
	char c;

	for (;;) {
		got = read(STDIN_FILENO, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return any;
		if (c == '\n')
			return true;
		any = true;
		if (out->len < PROMPT_LINE_MAX)
			buf_putc(out, c);
	}
}

int prompt_line(const char *question, const char *offer, struct buf *out)
{
	struct buf line = BUF_INIT;
	struct slice answer;
	bool more;

	if (offer && *offer)
		log_question("%s [%s]: ", question, offer);
	else
		log_question("%s: ", question);
	more = read_line(&line);
	if (!more)
		log_unanswered();
	answer = slice_trim(buf_slice(&line));
	buf_clear(out);
	if (answer.len > 0)
		buf_put_slice(out, answer);
	else if (offer)
		buf_puts(out, offer);
	buf_free(&line);
	return more ? 0 : -1;
}

int prompt_yes(const char *question, bool offer, bool *out)
{
	struct buf answer = BUF_INIT;
	struct slice word;
	int rc;

	while ((rc = prompt_line(question, offer ? "yes" : "no", &answer)) == 0) {
		word = buf_slice(&answer);
		*out = slice_equal_nocase(word, "y") || slice_equal_nocase(word, "yes");
		if (*out || slice_equal_nocase(word, "n") || slice_equal_nocase(word, "no"))
			break;
		log_warning("please answer yes or no");
	}
	buf_free(&answer);
	return rc;
}
