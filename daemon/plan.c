#include "daemon/plan.h"

#include <stdlib.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "daemon/publish.h"
#include "daemon/recipe.h"
#include "feeds/base/mem.h"

enum { DAY = 86400 };

struct document_source plan_source(
    const struct library *library, size_t feed, const struct query_group *group, int64_t now)
{
	return (struct document_source){
	    .site = library->site,
	    .feed = &library->site->config->feeds[feed],
	    .query = group,
	    .len = query_group_window(group),
	    .now = now,
	    .dry = library->dry,
	};
}

bool plan_stands(const struct library *library, const struct document *document)
{
	const struct publish_target target = document_target(document);

	return recipe_stands(library, &document->recipe, &target);
}

static int64_t keep_empty(const struct library *library)
{
	return library->site->config->output.keep_empty * DAY;
}

/* An empty feed of a value stays for a while, if it was ever published. */
static bool is_over(const struct library *library, const struct document *document, int64_t now)
{
	const struct library_document *published =
	    library_document(library, slice_of(document->path));

	if (document->source->feed->by == QUERY_BY_NOTHING || document->source->len > 0)
		return false;
	if (!published)
		return true;
	return published->empty_since && published->empty_since + keep_empty(library) <= now;
}

static void remove_document(
    struct library *library, const struct document *document, struct plan *plan)
{
	const struct library_document *published =
	    library_document(library, slice_of(document->path));

	if (!published)
		return;
	if (!library->dry && publish_remove(library->site->output, document->path,
				 &published->stamp, &plan->err) < 0)
		return; /* tried again with the next build */
	library_drop_document(library, slice_of(document->path));
	plan->removed++;
}

/* Remove what a crash left in the folders of feeds; each is swept once. */
static void sweep(
    const struct library *library, const char *path, struct map *swept, struct arena *names)
{
	const char *slash = strrchr(path, '/');
	struct slice folder =
	    arena_copy(names, slice_make(path, slash ? (size_t)(slash - path) : 0));
	size_t *known = map_put(swept, folder.len ? folder : SLICE("."));
	struct err ignored;
	int fd;

	if (*known != MAP_NONE)
		return;
	*known = 0;
	fd = fsio_open_folder_below(
	    library->site->output, folder.len ? folder.ptr : "", false, &ignored);
	if (fd < 0)
		return; /* it will be made */
	fsio_sweep(fd);
	(void)close(fd); /* only read */
}

static void sweep_all(const struct library *library)
{
	struct arena names = ARENA_INIT;
	struct map swept = MAP_INIT;

	for (size_t i = 0; i < library->claims.cap; i++)
		if (library->claims.slots[i].key.ptr)
			sweep(library, library->claims.slots[i].key.ptr, &swept, &names);
	map_free(&swept);
	arena_free(&names);
}

static void plan_group(
    struct library *library, size_t feed, struct query_group *group, int64_t now, struct plan *plan)
{
	struct document_source source = plan_source(library, feed, group, now);
	struct plan_item item = {.feed = feed, .group = group};
	bool any = false;

	pages_note(library, feed, group);
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		struct document *document;

		if (!source.feed->paths[i])
			continue;
		document = document_new(&source, i);
		document->recipe = recipe_of(document, library->names);
		library_claim(library, slice_of(document->path), feed);
		if (is_over(library, document, now))
			remove_document(library, document, plan);
		else if (plan_stands(library, document))
			plan->standing++;
		else
			any = item.wanted[i] = true;
		if (item.wanted[i] && document->format->for_people)
			item.foreign = pages_is_foreign(library, document->path);
		document_free(document);
	}
	group->touched = any; /* until it is rendered, whatever comes between */
	if (any)
		vec_push(&plan->items, item);
}

static void find_orphans(struct library *library, struct plan *plan)
{
	for (size_t i = 0; i < library->documents.len; i++) {
		const struct library_document *document = library->documents.items[i];
		struct slice path = slice_of(document->path);

		if (document->dropped || library_claimed(library, path))
			continue;
		vec_push(&plan->orphans, mem_dup(path.ptr, path.len));
		library_drop_document(library, path);
	}
}

/* Groups that have neither articles nor documents are nothing any more. */
static void forget_groups(struct library *library, size_t feed)
{
	struct query_result *result = &library->results[feed];

	for (size_t i = result->len; i-- > 0;) {
		struct query_group *group = result->groups[i];
		struct document_source source = plan_source(library, feed, group, 0);
		bool published = query_group_len(group) > 0 || source.feed->by == QUERY_BY_NOTHING;

		for (size_t j = 0; j < FORMAT_COUNT && !published; j++) {
			struct document *document;

			if (!source.feed->paths[j])
				continue;
			document = document_new(&source, j);
			published = library_document(library, slice_of(document->path)) != NULL;
			document_free(document);
		}
		if (!published)
			query_group_remove(result, group);
	}
}

/* With other names about, links to articles may lead elsewhere: the recipe tells. */
static bool has_links(const struct query_group *group)
{
	size_t window = query_group_window(group);

	for (size_t i = 0; i < window; i++)
		if (query_group_at(group, i)->links)
			return true;
	return false;
}

void plan_make(struct library *library, int64_t now, bool all, struct plan *out)
{
	bool renamed = library->names != library->names_planned;

	*out = (struct plan){0};
	library->names_planned = library->names;
	pages_claim(library);
	for (size_t i = 0; i < library->site->config->feeds_len; i++) {
		struct query_result *result = &library->results[i];

		for (size_t j = 0; j < result->len; j++)
			if (all || result->groups[j]->touched ||
			    query_group_len(result->groups[j]) == 0 ||
			    (renamed && has_links(result->groups[j])))
				plan_group(library, i, result->groups[j], now, out);
		forget_groups(library, i);
	}
	out->standing += pages_plan(library, now, &out->pages);
	if (!all)
		return;
	find_orphans(library, out);
	if (!library->dry)
		sweep_all(library);
}

void plan_free(struct plan *plan)
{
	vec_free(&plan->items);
	for (size_t i = 0; i < plan->orphans.len; i++)
		free(plan->orphans.items[i]);
	vec_free(&plan->orphans);
}

int64_t plan_next_removal(const struct library *library)
{
	int64_t next = 0;

	for (size_t i = 0; i < library->documents.len; i++) {
		const struct library_document *document = library->documents.items[i];
		int64_t when = document->empty_since + keep_empty(library);

		if (!document->dropped && document->empty_since && (next == 0 || when < next))
			next = when;
	}
	return next;
}
