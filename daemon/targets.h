/*
 * targets: the [[ping]]s of the settings, as their protocols want to know them.
 *
 * Target and [[ping]] have the same number. Secrets are read here, once, if they are
 * needed: whoever changes one reloads.
 */
#ifndef DAEMON_TARGETS_H
#define DAEMON_TARGETS_H

#include "daemon/secret.h"
#include "daemon/site.h"
#include "feeds/ping/ping.h"

struct target {
	const struct config_ping *settings;
	struct ping_target ping;
	struct secret secret;
};

struct targets {
	struct arena arena;
	struct target *items;
	size_t len;
};

enum targets_use {
	TARGETS_TELL,
	TARGETS_SHOW, /* what would be sent, secrets blanked: a hidden one is stood in for */
	TARGETS_KEEP, /* remember what is due: no secret is read */
};

/* Of a run that is to tell somebody, unless it was given --no-ping. */
static inline enum targets_use targets_use(bool no_ping)
{
	return no_ping ? TARGETS_KEEP : TARGETS_TELL;
}

/*
 * All of them; they borrow from the site. An exit status: EXIT_CONFIG when a secret is none,
 * EXIT_IO when one cannot be read, which is said, each with its place in the settings. Blocks.
 */
int targets_load(const struct site *site, enum targets_use use, struct targets *out);
/* Does any need a key that the settings do not say? */
bool targets_want_key(const struct targets *targets);
/* It is this one; copied. */
void targets_set_key(struct targets *targets, struct slice key);
/* Bring the keys' files into output.dir. Blocks. */
int targets_publish_keys(const struct targets *targets, const struct site *site, struct err *err);
/* The one with this name; targets->len: none has it. */
size_t targets_find(const struct targets *targets, const char *name);
void targets_free(struct targets *targets);

#endif
