/* The mass-change guard: what readers would see as everything gone, or everything new, is held back. */
#include "daemon/resolve.h"

enum { GUARD_LEAST = 3 }; /* ids that must go before a feed is held back for it */

static bool guard_group(
    const struct resolve *r, size_t feed, const struct query_group *group, struct buf *out)
{
	size_t window = query_group_window(group), lost = 0;

	for (size_t i = 0; i < window; i++)
		lost += map_get(&r->leaving, query_group_at(group, i)->id) != MAP_NONE;
	if (lost < GUARD_LEAST || lost * 2 <= window)
		return false;
	buf_printf(out,
	    "feed '%s' would lose %zu of its %zu entries at once, so nothing is published until "
	    "they are back; if this is meant, run feedd --force",
	    r->library->site->config->feeds[feed].name, lost, window);
	return true;
}

/* What became of it is said, and was asked for. */
static bool is_asked(const struct resolve *r, struct slice id)
{
	return r->library->asked && map_get(&r->library->asked->table.ids, id) != MAP_NONE;
}

/* Without a state: do the feeds that are there find their articles? */
static bool guard_adopted(const struct resolve *r, struct buf *out)
{
	const struct adopt_table *adopted = &r->library->adopted;
	size_t left = 0;

	for (size_t i = 0; i < adopted->len; i++)
		left += !adopted->items[i].taken && !is_asked(r, adopted->items[i].id);
	if (!r->library->fresh || left < GUARD_LEAST || left * 2 <= r->library->adopted_total)
		return false;
	buf_printf(out,
	    "the feeds in %s hold %zu entries, and for %zu of them there is no article, so that "
	    "readers would see everything again; look at content.permalink and site.url, and if "
	    "this is meant, run feedd --once --force",
	    r->library->site->output_path, r->library->adopted_total, left);
	return true;
}

bool resolve_guard(const struct resolve *r, struct buf *out)
{
	bool held = guard_adopted(r, out);

	for (size_t i = 0;
	     !held && r->leaving.len >= GUARD_LEAST && i < r->library->site->config->feeds_len;
	     i++) {
		const struct query_result *result = &r->library->results[i];

		for (size_t j = 0; !held && j < result->len; j++)
			held = guard_group(r, i, result->groups[j], out);
	}
	return held;
}
