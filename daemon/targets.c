#include "daemon/targets.h"

#include <string.h>

#include "daemon/exit.h"
#include "daemon/indexkey.h"
#include "daemon/log.h"

/* A secret for requests that nobody gets to see. */
static const struct slice stand_in = {"whsec_YSBzZWNyZXQgdGhhdCBzdGFuZHMgaW4gZm9yIGl0", 46};

static int load_one(
    const struct site *site, size_t number, enum targets_use use, struct targets *targets)
{
	const struct config_ping *settings = &site->config->pings[number];
	struct target *target = &targets->items[number];
	struct err err;

	target->settings = settings;
	target->secret = SECRET_INIT;
	target->ping = (struct ping_target){
	    .url = slice_of(settings->url),
	    .site_title = slice_of(site->config->site.title),
	    .site_url = slice_of(site->config->site.url),
	    .key = slice_of(settings->key),
	};
	if (use == TARGETS_KEEP)
		return EXIT_DONE;
	if (use == TARGETS_SHOW && secret_is_hidden(settings)) {
		target->ping.secrets = &stand_in;
		target->ping.secrets_len = 1;
		return EXIT_DONE;
	}
	if (secret_read(site, settings, &target->secret, &err) < 0) {
		log_at(LOG_ERROR, slice_of(site->path), settings->line, settings->column, err.text);
		return err.kind == ERR_IO ? EXIT_IO : EXIT_CONFIG;
	}
	target->ping.secrets = target->secret.lines;
	target->ping.secrets_len = target->secret.len;
	return EXIT_DONE;
}

int targets_load(const struct site *site, enum targets_use use, struct targets *out)
{
	size_t len = site->config->pings_len;
	int status = EXIT_DONE;

	*out = (struct targets){.arena = ARENA_INIT};
	out->items = arena_array(&out->arena, struct target, len + 1);
	out->len = len;
	for (size_t i = 0; i < len; i++) { /* what is wrong with the others is said too */
		int one = load_one(site, i, use, out);

		if (status != EXIT_CONFIG && one != EXIT_DONE)
			status = one;
	}
	return status;
}

bool targets_want_key(const struct targets *targets)
{
	for (size_t i = 0; i < targets->len; i++)
		if (targets->items[i].settings->protocol->key && !targets->items[i].settings->key)
			return true;
	return false;
}

void targets_set_key(struct targets *targets, struct slice key)
{
	struct slice copy = arena_copy(&targets->arena, key);

	for (size_t i = 0; i < targets->len; i++)
		if (targets->items[i].settings->protocol->key && !targets->items[i].settings->key)
			targets->items[i].ping.key = copy;
}

int targets_publish_keys(const struct targets *targets, const struct site *site, struct err *err)
{
	for (size_t i = 0; i < targets->len; i++)
		if (targets->items[i].settings->protocol->key &&
		    indexkey_publish(site, targets->items[i].ping.key, err) < 0)
			return -1;
	return 0;
}

size_t targets_find(const struct targets *targets, const char *name)
{
	size_t i = 0;

	while (i < targets->len && strcmp(targets->items[i].settings->name, name) != 0)
		i++;
	return i;
}

void targets_free(struct targets *targets)
{
	for (size_t i = 0; i < targets->len; i++)
		secret_free(&targets->items[i].secret);
	arena_free(&targets->arena);
	targets->items = NULL;
	targets->len = 0;
}
