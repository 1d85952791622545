/*
 * prompt: questions to the person at the terminal.
 *
 * One question, one line of an answer; an empty one takes what is offered. The end of the input
 * (ctrl-d) stops: whoever asked does nothing then.
 */
#ifndef DAEMON_PROMPT_H
#define DAEMON_PROMPT_H

#include <stdbool.h>

#include "feeds/base/buf.h"

enum { PROMPT_LINE_MAX = 2000 }; /* bytes of an answer */

/* Is there a person: are standard input and standard error terminals? */
bool prompt_possible(void);
/*
 * The answer, without blanks at its ends, into *out, which is emptied first; `offer`, where it is
 * not NULL, when that is empty. -1: the input has ended.
 */
int prompt_line(const char *question, const char *offer, struct buf *out);
/* Yes or no; `offer` on an empty answer. */
int prompt_yes(const char *question, bool offer, bool *out);

#endif
