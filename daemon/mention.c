#include "daemon/mention.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/read.h"
#include "feeds/base/map.h"
#include "feeds/base/mem.h"
#include "feeds/entry.h"
#include "feeds/ping/outlinks.h"

struct mention {
	const struct ping_item *item;
	struct digest wanted;
	struct arena arena;
	struct outlinks links;
	int rc; /* of read_indexed; 0: there is no article, too */
	struct err err;
};

struct known { /* a row of a link */
	struct slice topic, link;
	struct digest wanted;
};

struct knowns {
	struct arena *arena;
	VEC(struct known) rows;
};

struct mention *mention_new(const struct ping_item *item, const struct digest *wanted)
{
	struct mention *mention = mem_zalloc(1, sizeof(*mention));

	mention->item = item;
	mention->wanted = *wanted;
	return mention;
}

/* ---- reading ---- */

/* What stands in feeds under this id and URL now; NULL: an event about that is on its way. */
static const struct article *article_of(const struct library *library, const struct ping_item *item)
{
	const struct article *article = index_holder(&library->index, item->id);

	return article && slice_equal(article->url, item->url) ? article : NULL;
}

static int read_links(struct mention *mention, const struct library *library,
    const struct article *article, int64_t now)
{
	const struct site *site = library->site;
	const struct links links = index_links(&library->index);
	const struct entry_site entry_site = {
	    slice_of(site->config->site.url), slice_of(site->config->site.language), &links};
	struct reader reader = READER_INIT;
	struct diags diags = DIAGS_INIT; /* said when it was published */
	struct entry entry;
	int rc = read_indexed(&reader, site, article, now, &diags, &mention->err);

	if (rc == 0) {
		entry_render(
		    &reader.article, &reader.detail, &entry_site, &reader.arena, &diags, &entry);
		outlinks_find(entry.content, entry.external_url, entry_site.url, &mention->arena,
		    &mention->links);
	}
	diags_free(&diags);
	reader_free(&reader);
	return rc;
}

void mention_read(struct mention *mention, const struct library *library, int64_t now)
{
	const struct article *article =
	    digest_is_none(&mention->wanted) ? NULL : article_of(library, mention->item);

	if (article)
		mention->rc = read_links(mention, library, article, now);
}

/* ---- what is to be told ---- */

static void note_row(void *arg, const struct outbox_row *row)
{
	struct knowns *knowns = arg;
	const struct known known = {
	    .topic = arena_copy(knowns->arena, outbox_topic(row)),
	    .link = arena_copy(knowns->arena, outbox_item(row).link),
	    .wanted = *outbox_wanted(row),
	};

	vec_push(&knowns->rows, known);
}

static struct outbox_what what_of(
    const struct mention *mention, struct slice topic, struct slice link)
{
	struct outbox_what what = {.topic = topic, .item = *mention->item};

	what.item.link = link;
	return what;
}

/* Rows of links that are not there any more. They are known, so that there is room for them. */
static void want_gone(const struct mention *mention, struct outbox *outbox, size_t target,
    const struct knowns *knowns, const struct map *links, int64_t now)
{
	for (size_t i = 0; i < knowns->rows.len; i++) {
		const struct known *known = &knowns->rows.items[i];
		const struct outbox_what what = what_of(mention, known->topic, known->link);

		if (map_get(links, known->link) == MAP_NONE && !digest_is_none(&known->wanted))
			(void)outbox_want(outbox, target, &what, &known->wanted, NULL, true, now);
	}
}

static const struct digest *known_digest(const struct knowns *knowns, struct slice topic)
{
	for (size_t i = 0; i < knowns->rows.len; i++)
		if (slice_equal(knowns->rows.items[i].topic, topic) &&
		    !digest_is_none(&knowns->rows.items[i].wanted))
			return &knowns->rows.items[i].wanted;
	return NULL;
}

bool mention_is_early(const struct mention *mention)
{
	return mention->rc > 0;
}

bool mention_is_cut(const struct mention *mention)
{
	return mention->links.cut;
}

int mention_want(const struct mention *mention, struct outbox *outbox, size_t target, int64_t now,
    struct err *err)
{
	struct arena arena = ARENA_INIT;
	struct knowns knowns = {.arena = &arena, .rows = VEC_INIT};
	struct map links = MAP_INIT;
	size_t lost = 0;

	if (mention->rc < 0) {
		*err = mention->err;
		return -1;
	}
	if (mention->rc > 0)
		return 0;
	outbox_rows(outbox, target, arena_printf(&arena, "%.*s ", SLICE_FMT(mention->item->url)),
	    note_row, &knowns);
	for (size_t i = 0; i < mention->links.len; i++) {
		struct slice link = mention->links.urls[i];
		struct slice topic = arena_printf(
		    &arena, "%.*s %.*s", SLICE_FMT(mention->item->url), SLICE_FMT(link));
		const struct outbox_what what = what_of(mention, topic, link);

		*map_put(&links, link) = i;
		lost += !outbox_want(outbox, target, &what, known_digest(&knowns, topic),
		    &mention->wanted, true, now);
	}
	want_gone(mention, outbox, target, &knowns, &links, now);
	vec_free(&knowns.rows);
	map_free(&links);
	arena_free(&arena);
	if (lost)
		return err_set(
		    err, ERR_LIMIT, "too much is due to be told: %zu of its links wait", lost);
	return 0;
}

void mention_free(struct mention *mention)
{
	if (!mention)
		return;
	arena_free(&mention->arena);
	free(mention);
}
