/*
 * log: everything that feedd prints.
 *
 * Incidents go to standard error, one line each: errors are for what a person
 * must do something about, warnings for what was worked around, info for what
 * changed outside the process, debug for the rest. On a terminal they are
 * coloured, in the journal they have its priorities. What a command was asked
 * for (--settings, --json) goes to standard output. Only the loop's thread prints.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feeds/base/slice.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Call once. Levels above `level` are dropped. */
void log_start(enum log_level level);
bool log_wants(enum log_level level);

void log_put(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define log_error(...)	 log_put(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_put(LOG_WARNING, __VA_ARGS__)
#define log_info(...)	 log_put(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	 log_put(LOG_DEBUG, __VA_ARGS__)

/*
 * Lines may wait until log_release, in their order, so that many are one write. An error does not,
 * nor does what stands before it.
 */
void log_hold(void);
void log_release(void);

/*
 * `path:line:column: text`, parts that are 0 left out. The path is escaped, so
 * that no name can forge a line; the text is too.
 */
void log_at(
    enum log_level level, struct slice path, uint32_t line, uint32_t column, const char *text);

/* On a terminal, a line that the next one overwrites; elsewhere nothing. */
void log_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A question on the terminal, at whose end the person writes. */
void log_question(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Nobody answered: its line ends here. */
void log_unanswered(void);

/* To standard output, as it is. */
void log_output(struct slice text);
/* Flush both; -1 when standard output could not be written (a full disk). */
int log_finish(void);

#endif
