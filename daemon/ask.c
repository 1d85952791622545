#include "daemon/ask.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/exit.h"
#include "daemon/fsio.h"
#include "daemon/lock.h"
#include "daemon/log.h"
#include "feeds/base/buf.h"
#include "feeds/base/digest.h"

enum { NAME_BYTES = 16 }; /* of the digest of what it is about: a name may be anything */

static char *path_of(const struct site *site, enum ask_what what, const char *about)
{
	static const char *const names[] = {"force", "ping-now"};
	struct digest digest = digest_of(about ? about : "", about ? strlen(about) : 0);
	struct buf path = BUF_INIT;

	buf_printf(&path, "%s/%s", site->state_path, names[what]);
	for (size_t i = 0; about && i < NAME_BYTES; i++)
		buf_printf(&path, "%s%02x", i == 0 ? "-" : "", digest.bytes[i]);
	return path.data;
}

pid_t ask_holder(const struct site *site)
{
	struct err ignored;
	int folder = fsio_open_folder(site->state_path, &ignored);
	pid_t holder = folder < 0 ? 0 : lock_holder(folder);

	if (folder >= 0)
		(void)close(folder); /* only looked at */
	return holder;
}

int ask_put(const struct site *site, pid_t holder, enum ask_what what, const char *about)
{
	char *path = path_of(site, what, about);
	struct err err;
	int status = EXIT_DONE;

	if (fsio_touch(path, &err) < 0) {
		log_error("%s: %s", path, err.text);
		status = EXIT_IO;
	} else if (kill(holder, SIGUSR1) < 0) {
		log_error("feedd, process %d, cannot be told: %s; ask as the user that it runs as",
		    (int)holder, strerrordesc_np(errno));
		status = EXIT_IO;
	}
	free(path);
	return status;
}

bool ask_take(const struct site *site, enum ask_what what, const char *about)
{
	char *path = path_of(site, what, about);
	bool asked = unlink(path) == 0;

	free(path);
	return asked;
}
