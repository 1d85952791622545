/*
 * options: the command line, as one table.
 *
 * What --help prints, the options in feedd(8) and the completions of shells follow its rows.
 */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/server.h"
#include "daemon/log.h"
#include "feeds/base/buf.h"
#include "feeds/base/err.h"

enum command {
	COMMAND_DAEMON, /* none was given */
	COMMAND_ONCE,
	COMMAND_CHECK,
	COMMAND_STATUS,
	COMMAND_EXPLAIN,
	COMMAND_CHECK_SETTINGS,
	COMMAND_SETTINGS,
	COMMAND_SERVER,
	COMMAND_INIT,
	COMMAND_LINKS,
	COMMAND_VERSION,
	COMMAND_HELP,
};

struct options {
	enum command command;
	const char *config; /* NULL: look for it */
	enum log_level level;
	bool json;	     /* --check, --status and --explain print JSON */
	bool strict;	     /* a skipped article is a failure */
	bool force;	     /* publish what the guard against mass changes holds back */
	const char *explain; /* an article or a feed, of COMMAND_EXPLAIN */
	const char *adopt;   /* a feed whose ids are taken over, with --once or --check; or NULL */
	bool no_ping;	     /* nobody is told, with --once or as a daemon; what is due stays due */
	bool ping_now;	     /* what is due is due at once, with --once */
	const char *ping_target; /* name of the one [[ping]] that is meant; NULL: all */
	bool dry_run;		 /* say what would be sent; send and write nothing; with --once */
	const struct server *server; /* of COMMAND_SERVER */
	const char *init;	     /* of COMMAND_INIT: the folder of the site */
	bool yes;		     /* of COMMAND_INIT: ask nothing */
};

/* -1 with a text that says what to write instead. */
int options_parse(int argc, char *const argv[], struct options *out, struct err *err);
/* Append what --help prints. */
void options_put_help(struct buf *out);

/* A row of the table, for the manual and the completions of shells. */
struct option_shown {
	char letter;	  /* 'c' for -c; 0: it has no short form */
	const char *name; /* "adopt" */
	const char
	    *argument;	  /* "FEED"; "[TARGET]": may be left out; "a|b": one of these; or NULL */
	const char *help; /* as --help has it */
};

size_t options_len(void);
struct option_shown options_at(size_t index);

#endif
