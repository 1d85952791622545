/* A feed: its files, what stands in it, what does not, and who is told. */
#include <stdlib.h>

#include "daemon/announce.h"
#include "daemon/explain_inside.h"
#include "daemon/plan.h"
#include "daemon/recipe.h"
#include "daemon/status.h"

/* ---- files ---- */

void explain_documents_gather(const struct explain_asked *asked, size_t feed,
    struct query_group *group, struct arena *arena, struct explain_documents *out)
{
	const struct library *library = asked->library;
	struct document_source source = plan_source(library, feed, group, asked->now);

	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		const struct library_document *published;
		struct explain_document told;
		struct document *document;

		if (!source.feed->paths[i])
			continue;
		document = document_new(&source, i);
		document->recipe = recipe_of(document, library->names);
		published = library_document(library, slice_of(document->path));
		told = (struct explain_document){
		    .path = arena_copy(arena, slice_of(document->path)),
		    .topic = arena_copy(arena, document->channel.self_url),
		    .format = slice_of(formats[i]->name),
		    .stands = plan_stands(library, document),
		    .published = published != NULL,
		    .changed = published ? published->changed : 0,
		    .entries = published ? published->entries : 0,
		    .size = published ? (size_t)published->stamp.size : 0,
		};
		document_free(document);
		vec_push(&out->items, told);
	}
}

/* ---- what is not in it ---- */

static void count(struct explain_feed *out, struct slice why, const struct article *article)
{
	for (size_t i = 0; i < out->counts.len; i++) {
		if (slice_equal(out->counts.items[i].why, why)) {
			out->counts.items[i].count++;
			return;
		}
	}
	vec_push(&out->counts, ((struct explain_count){1, arena_copy(&out->arena, why), article}));
}

/* Public, and of no use to this feed. */
static struct slice refused(const struct explain_asked *asked, const struct explain_name *name,
    struct explain_feed *out, const struct article *article)
{
	const struct library *library = asked->library;
	const char *refusal =
	    query_refusal(&library->queries[name->feed], &library->results[name->feed], article);

	if (refusal && strcmp(refusal, "by") != 0)
		return arena_printf(&out->arena, "not taken by its filter %.*s",
		    SLICE_FMT(explain_filter(&out->arena, out->feed, refusal)));
	return refusal ? SLICE("without a value to group them by") : SLICE("with other values");
}

static void gather_counts(
    const struct explain_asked *asked, const struct explain_name *name, struct explain_feed *out)
{
	const struct index *index = &asked->library->index;
	const struct query *query = &asked->library->queries[name->feed];
	const struct query_result *result = &asked->library->results[name->feed];
	const struct query_group *group = out->group;
	size_t window = query_group_window(group), met = 0;

	for (size_t i = 0; i < index_len(index); i++) {
		const struct article *article = index_at(index, i);
		enum article_standing standing = article_standing(article, asked->now);
		bool joins = query_would_join(query, result, group, article);

		if (index_admitted(index, i) && joins) {
			if (met++ >= window)
				count(out, SLICE("older than what its limit holds"), article);
		} else if (!joins) {
			count(out, refused(asked, name, out, article), article);
		} else if (standing != ARTICLE_PUBLIC) {
			count(out, slice_of(article_standing_name(standing)), article);
		} else {
			count(out, SLICE("with the id or URL of another"), article);
		}
	}
}

/* ---- who is told ---- */

struct due_search {
	const struct explain_feed *feed;
	const struct outbox_target_settings *settings; /* of all targets */
	struct explain_feed *out;
	size_t *numbers; /* of each of out->targets, that of its settings */
};

static bool has_topic(const struct explain_feed *feed, struct slice topic)
{
	for (size_t i = 0; i < feed->documents.items.len; i++)
		if (slice_equal(feed->documents.items.items[i].topic, topic))
			return true;
	return false;
}

static void take_ping(void *arg, const struct state_ping *row)
{
	const struct due_search *search = arg;

	for (size_t i = 0; i < search->out->targets.len; i++) {
		struct explain_target *target = &search->out->targets.items[i];

		if (!slice_equal(row->target, search->settings[search->numbers[i]].key) ||
		    (!row->entry && !has_topic(search->out, row->topic)) ||
		    (row->entry && !target->entries))
			continue;
		if (row->last_told > target->last_told)
			target->last_told = row->last_told;
		if (row->last_answer.len)
			target->last_answer = arena_copy(&search->out->arena, row->last_answer);
		if (row->since == 0)
			continue;
		if (target->due++ == 0 || row->next_try < target->next_try)
			target->next_try = row->next_try;
	}
}

/* The files that it is told of, "atom.xml, rss.xml". */
static struct slice topics_of(const struct config_ping *ping, struct explain_feed *out)
{
	struct buf text = BUF_INIT;
	struct slice copy;
	size_t at = 0;

	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (!out->feed->paths[i])
			continue;
		if (announce_takes(ping, out->feed, i))
			buf_printf(&text, "%s%.*s", text.len ? ", " : "",
			    SLICE_FMT(out->group ? out->documents.items.items[at].path
						 : slice_of(out->feed->paths[i])));
		at++;
	}
	copy = arena_copy(&out->arena, buf_slice(&text));
	buf_free(&text);
	return copy;
}

static int gather_targets(
    const struct explain_asked *asked, struct explain_feed *out, struct err *err)
{
	const struct config *config = asked->library->site->config;
	struct due_search search = {.out = out,
	    .settings = announce_targets(config, &out->arena),
	    .numbers = arena_array(&out->arena, size_t, config->pings_len + 1)};

	for (size_t i = 0; i < config->pings_len; i++) {
		const struct config_ping *ping = &config->pings[i];
		struct explain_target target = {
		    .ping = ping,
		    .entries = ping->protocol->entries != PING_NO_ENTRIES,
		    .topics = topics_of(ping, out),
		};

		if (!config_ping_wants(ping, slice_of(out->feed->name)) ||
		    (!target.entries && target.topics.len == 0))
			continue;
		search.numbers[out->targets.len] = i;
		vec_push(&out->targets, target);
	}
	if (!asked->library->state || out->targets.len == 0)
		return 0;
	return state_pings(asked->library->state, take_ping, &search, err);
}

/* ---- the whole ---- */

static void gather_values(const struct explain_asked *asked, size_t feed, struct explain_feed *out)
{
	const struct query_result *result = &asked->library->results[feed];

	for (size_t i = 0; i < result->len; i++) {
		struct query_group *group = result->groups[i];
		struct explain_value value = {
		    group->value, query_group_window(group), query_group_len(group), {VEC_INIT}};

		explain_documents_gather(asked, feed, group, &out->arena, &value.documents);
		vec_push(&out->values, value);
	}
}

int explain_feed_gather(const struct explain_asked *asked, const struct explain_name *name,
    struct explain_feed *out, struct err *err)
{
	struct library *library = asked->library;
	struct query_group *group = name->group;
	struct buf held = BUF_INIT;

	*out = (struct explain_feed){.feed = &library->site->config->feeds[name->feed]};
	out->has_state = library->state != NULL;
	if (library->state && state_get_text(library->state, STATUS_HELD_BACK, &held, err) < 0)
		return -1;
	out->held_back = arena_copy(&out->arena, buf_slice(&held));
	buf_free(&held);
	if (!group && out->feed->by == QUERY_BY_NOTHING)
		group = library->results[name->feed].groups[0];
	out->group = group;
	if (group) {
		explain_documents_gather(asked, name->feed, group, &out->arena, &out->documents);
		gather_counts(asked, name, out);
	} else {
		gather_values(asked, name->feed, out);
	}
	return gather_targets(asked, out, err);
}

void explain_feed_free(struct explain_feed *feed)
{
	for (size_t i = 0; i < feed->values.len; i++)
		vec_free(&feed->values.items[i].documents.items);
	vec_free(&feed->values);
	vec_free(&feed->documents.items);
	vec_free(&feed->counts);
	vec_free(&feed->targets);
	arena_free(&feed->arena);
}
