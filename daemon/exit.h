/*
 * exit: the exit statuses of feedd, after sysexits.h.
 */
#ifndef DAEMON_EXIT_H
#define DAEMON_EXIT_H

enum {
	EXIT_DONE = 0,
	EXIT_SKIPPED = 1, /* articles were skipped and --strict was given */
	EXIT_NEEDED = 1,  /* --status: something needs a person */
	EXIT_STOPPED = 1, /* --init: whoever was asked wanted no more */
	EXIT_USAGE = 64,
	EXIT_FAULTS = 65, /* --check found some, or what --adopt or --explain names is not there */
	EXIT_IO = 74,	  /* the machine refused something, or a build is held back */
	EXIT_HELD = 75,	  /* another feedd holds the state */
	EXIT_CONFIG = 78,
};

#endif
