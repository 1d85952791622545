/*
 * options: the command line, as one table.
 */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <stdbool.h>

#include "daemon/log.h"
#include "feeds/base/buf.h"
#include "feeds/base/err.h"

enum command {
	COMMAND_DAEMON, /* none was given */
	COMMAND_ONCE,
	COMMAND_CHECK,
	COMMAND_STATUS,
	COMMAND_CHECK_SETTINGS,
	COMMAND_SETTINGS,
	COMMAND_VERSION,
	COMMAND_HELP,
};

struct options {
	enum command command;
	const char *config; /* NULL: look for it */
	enum log_level level;
	bool json;	   /* --check and --status print JSON */
	bool strict;	   /* a skipped article is a failure */
	bool force;	   /* publish what the guard against mass changes holds back */
	const char *adopt; /* a feed whose ids are taken over, with --once or --check; or NULL */
};

/* -1 with a text that says what to write instead. */
int options_parse(int argc, char *const argv[], struct options *out, struct err *err);
/* Append what --help prints. */
void options_put_help(struct buf *out);

#endif
