/*
 * site: the settings of a site with what they name on this machine: its
 * folders, opened, and its time zone, read.
 *
 * Loaded once; nothing of it changes afterwards but the two folders, between
 * builds, so workers read it freely.
 */
#ifndef DAEMON_SITE_H
#define DAEMON_SITE_H

#include "config/config.h"
#include "daemon/scan.h"
#include "feeds/article.h"
#include "feeds/entry.h"

struct site {
	struct config *config;
	char *path;	    /* of the settings file, as in messages */
	int content;	    /* the open content folder */
	int output;	    /* the open output folder; -1 in a dry run when it is missing */
	char *output_path;  /* as in messages */
	bool output_fault;  /* of a dry run: nothing could be written there, which was said */
	char *metrics_path; /* NULL: none */
	char *state_path;   /* of the state folder, which may not be there yet */
	struct zone *zone;  /* NULL: UTC */
	struct article_rules rules;
	struct scan_rules scan;
};

enum site_fault { /* what kept a site from loading; main makes exit codes of it */
	SITE_OK,
	SITE_BAD_CONFIG,
	SITE_NO_INPUT, /* a file or folder that the settings name cannot be used */
};

/*
 * Load from `path`, or when that is NULL from ./feedd.toml, else
 * /etc/feedd/feedd.toml. Complaints are logged here, all of them, with their
 * places. `dry`: make no folder.
 */
enum site_fault site_load(const char *path, bool dry, struct site *out);
/* The settings alone: nothing that they name is looked at. */
enum site_fault site_read(const char *path, struct site *out);
/* A path of the settings, seen from the folder of their file; to be freed. */
char *site_path(const struct site *site, const char *path);
/* Does the machine know a time zone of this name, which is well formed? */
bool site_has_zone(const char *name);
/* The content folder once more, as the settings name it: a descriptor of its own, or -1. */
int site_reopen_content(const struct site *site, struct err *err);
/* Is the open content folder still the one that the settings name? */
bool site_is_content(const struct site *site);
/*
 * The output folder may have been made anew, as generators and people do, or its name may lead
 * elsewhere by now: open what it names. True: it is another one. Only while nobody uses it.
 */
bool site_follow_output(struct site *site);
void site_free(struct site *site);

#endif
