#include "daemon/start.h"

#include <stdio.h>
#include <unistd.h>

#include "daemon/exit.h"
#include "daemon/fsio.h"
#include "daemon/lock.h"
#include "daemon/log.h"
#include "feeds/base/text.h"

static int open_dry(const struct site *site, struct state **out)
{
	struct err err;

	if (state_open_readonly(site->state_path, out, &err) < 0) {
		log_error("state in %s: %s", site->state_path, err.text);
		return EXIT_IO;
	}
	return EXIT_DONE;
}

static void log_damaged(const struct site *site)
{
	log_warning("the state in %s was damaged; it is kept as state.db.damaged, and ids are "
		    "taken from the published feeds",
	    site->state_path);
}

int start_state(const struct site *site, struct state **out)
{
	bool damaged = false;
	char who[32] = "";
	pid_t holder = 0;
	struct err err;

	if (state_open(site->state_path, out, &holder, &damaged, &err) < 0) {
		if (holder == 0) {
			log_error("state in %s: %s", site->state_path, err.text);
			return err.kind == ERR_INVALID ? EXIT_CONFIG : EXIT_IO;
		}
		if (holder != LOCK_UNKNOWN)
			(void)snprintf(who, sizeof(who), ", process %d,", (int)holder); /* fits */
		log_error("another feedd%s holds the state in %s; stop it first, or if it is of "
			  "another site, give this one a folder of its own: dir in [state]",
		    who, site->state_path);
		return EXIT_HELD;
	}
	if (damaged)
		log_damaged(site);
	return EXIT_DONE;
}

void start_log_adopted(const struct library *library)
{
	if (library->fresh && library->adopted_total)
		log_info("there is no state yet; ids are taken from the feeds in %s: %zu entr%s",
		    library->site->output_path, library->adopted_total,
		    text_plural_y(library->adopted_total));
	if (library->adopt_err.kind != ERR_NONE) /* of one that is broken no reader has any */
		log_put(library->adopt_err.kind == ERR_LIMIT ? LOG_WARNING : LOG_DEBUG,
		    "%s/%s; no ids were taken from it", library->site->output_path,
		    library->adopt_err.text);
}

bool start_log_renewed(struct library *library)
{
	bool renewed = library->renewed;

	if (renewed)
		log_warning("the state in %s was deleted or damaged; it was written anew",
		    library->site->state_path);
	library->renewed = false;
	return renewed;
}

/* Damage may lie deep in the file, and show only when its rows are read. */
static int load(const struct site *site, int64_t now, struct library *library, struct err *err)
{
	struct ahead *ahead = library->ahead;
	struct state *state;

	if (library_load(library, now, err) == 0)
		return 0;
	if (library->dry || !library->state || !state_damaged(library->state))
		return -1;
	library->ahead = NULL; /* it goes on */
	state = library_close(library);
	if (state_restart(state, err) < 0) {
		library_start(library, site, state, false);
		library->ahead = ahead;
		return -1;
	}
	log_damaged(site);
	library_start(library, site, state, false);
	library->ahead = ahead;
	return library_load(library, now, err);
}

/*
 * Before the scan watches: a folder that is made within content.dir is news. What is wrong with it,
 * state_open says.
 */
static void make_state_folder(const struct site *site)
{
	struct err ignored;
	int folder = fsio_make_private_folder(site->state_path, &ignored);

	if (folder >= 0)
		(void)close(folder); /* only made */
}

int start_library(const struct site *site, bool dry, int64_t now, struct library *out)
{
	struct state *state = NULL;
	/* Where there is no state yet all files are read: that needs no scan with stamps. */
	bool known = state_exists(site->state_path);
	struct ahead *ahead = NULL;
	struct err err;
	int status;

	if (!dry) {
		make_state_folder(site);
		ahead = ahead_start(site, known);
	}
	status = dry ? open_dry(site, &state) : start_state(site, &state);
	library_start(out, site, state, dry);
	out->ahead = ahead;
	if (status != EXIT_DONE)
		return status;
	if (load(site, now, out, &err) < 0) {
		ahead_drop(out->ahead);
		out->ahead = NULL;
		log_error("state in %s: %s", site->state_path, err.text);
		return EXIT_IO;
	}
	start_log_adopted(out);
	return EXIT_DONE;
}

void start_end(struct library *library)
{
	state_close(library_close(library));
}
