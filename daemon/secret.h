/*
 * secret: what a target of pings and feedd know, and nobody else.
 *
 * It is a file, named by the settings (secret_file) or given by systemd as a
 * credential (secret_credential, systemd.exec(5)), with a secret a line. All of
 * them hold, so that one takes the place of another without a ping refused.
 * A secret stands in no log, and is wiped when it is not needed any more.
 */
#ifndef DAEMON_SECRET_H
#define DAEMON_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/site.h"
#include "feeds/base/buf.h"
#include "feeds/base/err.h"

enum { SECRET_LINES = 8, SECRET_FILE_MAX = 4096 };

struct secret {
	struct slice lines[SECRET_LINES]; /* none of them empty, no blanks around them */
	size_t len;			  /* 0: the target has no secret */
	bool exposed;			  /* everybody on this machine may read the file */
	struct buf bytes;		  /* of the file */
};

#define SECRET_INIT                                                                                \
	(struct secret)                                                                            \
	{                                                                                          \
		.bytes = BUF_INIT                                                                  \
	}

/* Into an empty *out, which stays so on failure. Blocks, shortly. */
int secret_read(
    const struct site *site, const struct config_ping *ping, struct secret *out, struct err *err);
void secret_free(struct secret *secret);
/* It is a credential, and none can be looked at here, as outside of a service. */
bool secret_is_hidden(const struct config_ping *ping);

/*
 * Look at the secrets of all [[ping]] and log what is wrong, for --check: true when nothing is.
 * Where a credential cannot be looked at, as outside of a service, that is said, and is not wrong.
 */
bool secret_check(const struct site *site);

#endif
