#include "daemon/teller.h"

#include "daemon/announce.h"
#include "daemon/exit.h"
#include "daemon/indexkey.h"
#include "daemon/log.h"

int teller_open(const struct site *site, enum targets_use use, struct teller *out)
{
	struct arena arena = ARENA_INIT;
	int status;

	*out = (struct teller){.site = site, .all = true};
	status = targets_load(site, use, &out->targets);
	if (status != EXIT_DONE) {
		targets_free(&out->targets);
		return status;
	}
	out->outbox = outbox_start(announce_targets(site->config, &arena), site->config->pings_len);
	arena_free(&arena);
	return EXIT_DONE;
}

/* What is due to hubs that the settings name otherwise now, or do not name any more. */
static void look_after_gone(struct teller *teller, int64_t now)
{
	size_t left;

	/* One that is told of everything at first hears of what was due to the old one, too. */
	for (size_t i = 0; i < teller->targets.len; i++)
		if (!teller->targets.items[i].settings->announce_first_run &&
		    outbox_take_over(teller->outbox, i))
			log_info("hub %s: it has another url than before, and what is due there "
				 "goes to it",
			    teller->targets.items[i].settings->name);
	left = outbox_left(teller->outbox);
	if (left)
		log_info("%zu ping%s due to hubs that the settings do not name any more; should "
			 "they be named again within %d days, they are told",
		    left, left == 1 ? " is" : "s are", OUTBOX_ABSENT_DAYS);
	outbox_turn(teller->outbox, now); /* from now on the days are counted */
}

static void load_target(void *arg, const struct state_target *target)
{
	outbox_load_target(arg, target);
}

static void load_row(void *arg, const struct state_ping *row)
{
	outbox_load(arg, row);
}

int teller_load(struct teller *teller, struct state *state, bool dry, int64_t now, struct err *err)
{
	struct buf key = BUF_INIT;
	int rc = 0;

	if (state && !teller->loaded &&
	    (state_targets(state, load_target, teller->outbox, err) < 0 ||
		state_pings(state, load_row, teller->outbox, err) < 0))
		return -1;
	if (!teller->loaded)
		look_after_gone(teller, now);
	teller->loaded = true;
	if (targets_want_key(&teller->targets))
		rc = indexkey_load(teller->site, state, !dry, &key, err);
	targets_set_key(
	    &teller->targets, key.len ? buf_slice(&key) : SLICE("made-up-at-the-first-run"));
	buf_free(&key);
	return rc;
}

void teller_replace(struct teller *teller, struct teller *take_next, bool same_state, int64_t now)
{
	struct arena arena = ARENA_INIT;
	const struct config *config = take_next->site->config;

	if (same_state) {
		outbox_set_targets(
		    teller->outbox, announce_targets(config, &arena), config->pings_len);
		outbox_free(take_next->outbox);
		take_next->outbox = teller->outbox;
		take_next->loaded = teller->loaded;
	} else {
		outbox_free(teller->outbox);
	}
	targets_free(&teller->targets);
	arena_free(&arena);
	*teller = *take_next;
	if (!same_state)
		return;
	look_after_gone(teller, now);
	outbox_hurry_unheard(teller->outbox, now); /* our settings may have been why */
}

bool teller_take(struct teller *teller)
{
	if (!outbox_changed(teller->outbox))
		return false;
	outbox_take_changes(teller->outbox, &teller->changes);
	teller->taken = true;
	return true;
}

void teller_saving(struct teller *teller, struct library *library, bool whole, int64_t now)
{
	announce_build(library, teller->outbox, teller->all, whole, now);
	outbox_turn(teller->outbox, now); /* where nothing is sent, nobody else does */
	teller->all = teller->all && !whole;
	(void)teller_take(teller); /* perhaps nothing has changed */
}

int teller_save(struct teller *teller, struct state *state, struct err *err)
{
	teller->key_err = (struct err){0};
	(void)targets_publish_keys(&teller->targets, teller->site, &teller->key_err);
	return teller->taken ? outbox_save(state, &teller->changes, err) : 0;
}

void teller_saved(struct teller *teller, bool saved, bool renewed)
{
	bool failed = teller->key_err.kind != ERR_NONE;

	if (failed && !teller->key_failed)
		log_warning(
		    "%s; search engines will not believe pings of IndexNow", teller->key_err.text);
	teller->key_failed = failed;
	if (renewed)
		outbox_save_all(teller->outbox);
	if (teller->taken)
		outbox_saved(teller->outbox, &teller->changes, saved);
	teller->taken = false;
}

void teller_close(struct teller *teller)
{
	outbox_free(teller->outbox);
	targets_free(&teller->targets);
}
