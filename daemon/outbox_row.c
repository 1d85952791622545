#include "daemon/outbox_inside.h"

#include <assert.h>

#include "feeds/base/hash.h"
#include "feeds/base/mem.h"

/* A treap: of nodes in order of topics, one of higher priority lies above. */

struct slice outbox_topic(const struct outbox_row *row)
{
	return slice_make(row->topic, row->topic_len);
}

/* What decides about the shape of the tree is as good as chance. */
static uint32_t priority_of(struct slice topic)
{
	return (uint32_t)hash_of(topic, 0);
}

struct outbox_row *outbox_find(const struct outbox_target *target, struct slice topic)
{
	struct outbox_row *row = target->rows;

	while (row) {
		int order = slice_compare(topic, outbox_topic(row));

		if (order == 0)
			break;
		row = order < 0 ? row->left : row->right;
	}
	return row;
}

/* Below *link, part what is before a topic from what is behind it. */
static void split(struct outbox_row *row, struct slice topic, struct outbox_row **before,
    struct outbox_row **behind)
{
	while (row) {
		if (slice_compare(outbox_topic(row), topic) < 0) {
			*before = row;
			before = &row->right;
			row = row->right;
		} else {
			*behind = row;
			behind = &row->left;
			row = row->left;
		}
	}
	*before = *behind = NULL;
}

static void insert(struct outbox_row **link, struct outbox_row *row)
{
	struct slice topic = outbox_topic(row);

	while (*link && (*link)->priority >= row->priority)
		link = slice_compare(topic, outbox_topic(*link)) < 0 ? &(*link)->left
								     : &(*link)->right;
	split(*link, topic, &row->left, &row->right);
	*link = row;
}

static void take_out(struct outbox_row **link, const struct outbox_row *row)
{
	struct outbox_row *a = row->left, *b = row->right;

	while (*link != row)
		link = slice_compare(outbox_topic(row), outbox_topic(*link)) < 0 ? &(*link)->left
										 : &(*link)->right;
	while (a && b) {
		if (a->priority > b->priority) {
			*link = a;
			link = &a->right;
			a = a->right;
		} else {
			*link = b;
			link = &b->left;
			b = b->left;
		}
	}
	*link = a ? a : b;
}

void outbox_row_give(struct outbox_row *row, struct outbox_target *to)
{
	take_out(&row->lane->target->rows, row);
	row->lane = &to->lane;
	insert(&to->rows, row);
}

static void collect(struct outbox_row *row, struct outbox_list *out)
{
	if (!row)
		return;
	collect(row->left, out);
	vec_push(&out->rows, row);
	collect(row->right, out);
}

void outbox_collect(const struct outbox_target *target, struct outbox_list *out)
{
	collect(target->rows, out);
}

static void walk(const struct outbox_row *row, struct slice prefix,
    void (*each)(void *arg, const struct outbox_row *row), void *arg)
{
	struct slice topic;
	int order;

	if (!row)
		return;
	topic = outbox_topic(row);
	if (topic.len > prefix.len)
		topic.len = prefix.len;
	order = slice_compare(topic, prefix);
	if (order >= 0)
		walk(row->left, prefix, each, arg);
	if (order == 0)
		each(arg, row);
	if (order <= 0)
		walk(row->right, prefix, each, arg);
}

void outbox_rows(const struct outbox *outbox, size_t target, struct slice prefix,
    void (*each)(void *arg, const struct outbox_row *row), void *arg)
{
	walk(outbox->numbers.items[target]->rows, prefix, each, arg);
}

/* Memory */

struct outbox_row *outbox_row_new(
    struct outbox *outbox, struct outbox_target *target, struct slice topic, bool entry)
{
	struct outbox_row *row = mem_zalloc(1, sizeof(*row) + topic.len + 1);

	row->topic_len = (uint32_t)topic.len;
	if (topic.len > 0)
		memcpy(row->topic, topic.ptr, topic.len);
	row->priority = priority_of(topic);
	row->entry = entry;
	row->lane = &target->lane;
	insert(&target->rows, row);
	outbox->rows++;
	return row;
}

void outbox_row_free(struct outbox *outbox, struct outbox_row *row)
{
	assert(!row->sent && !heap_has(&row->node));
	if (row->fresh)
		TAILQ_REMOVE(&outbox->fresh, row, next);
	take_out(&row->lane->target->rows, row);
	outbox->rows--;
	free(row->words);
	free(row->answer);
	free(row);
}

static size_t words_len(const struct outbox_words *words)
{
	size_t len = sizeof(*words);

	for (size_t i = 0; i < OUTBOX_STRINGS; i++)
		if (words->strings[i].start != OUTBOX_TOPIC)
			len += words->strings[i].len;
	return len;
}

bool outbox_words_equal(const struct outbox_words *a, const struct outbox_words *b)
{
	return words_len(a) == words_len(b) && memcmp(a, b, words_len(a)) == 0;
}

struct outbox_words *outbox_words_new(const struct outbox_row *row, const struct ping_item *item,
    const struct digest *wanted, int64_t since)
{
	const struct slice strings[OUTBOX_STRINGS] = {
	    [OUTBOX_URL] = item->url,
	    [OUTBOX_ID] = item->id,
	    [OUTBOX_TITLE] = item->title,
	    [OUTBOX_LINK] = item->link,
	    [OUTBOX_FEED] = item->feed,
	    [OUTBOX_FORMAT] = item->format,
	};
	struct outbox_words *words;
	size_t len = 0;

	for (size_t i = 0; i < OUTBOX_STRINGS; i++)
		len += strings[i].len;
	words = mem_alloc(sizeof(*words) + len);
	words->wanted = wanted ? *wanted : (struct digest){{0}};
	words->since = words->named = since;
	words->published = item->published;
	words->updated = item->updated;
	len = 0;
	for (size_t i = 0; i < OUTBOX_STRINGS; i++) {
		words->strings[i].len = (uint32_t)strings[i].len;
		words->strings[i].start = (uint32_t)len;
		if (slice_equal(strings[i], outbox_topic(row))) {
			words->strings[i].start = OUTBOX_TOPIC;
		} else if (strings[i].len > 0) {
			memcpy(words->bytes + len, strings[i].ptr, strings[i].len);
			len += strings[i].len;
		}
	}
	return mem_resize(words, 1, sizeof(*words) + len);
}

void outbox_row_set_words(struct outbox_row *row, struct outbox_words *take_words)
{
	if (!row->sent || row->sent->words != row->words)
		free(row->words);
	row->words = take_words;
}

struct slice outbox_string(
    const struct outbox_row *row, const struct outbox_words *words, int which)
{
	if (words->strings[which].start == OUTBOX_TOPIC)
		return outbox_topic(row);
	return slice_make(words->bytes + words->strings[which].start, words->strings[which].len);
}

void outbox_set_answer(char **answer, struct slice text)
{
	free(*answer);
	*answer = text.len > 0 ? mem_dup(text.ptr, text.len) : NULL;
}

/* What it says */

static const struct outbox_words *words_of(const struct outbox_row *row)
{
	return row->sent ? row->sent->words : row->words;
}

size_t outbox_target(const struct outbox_row *row)
{
	return row->lane->target->number;
}

const struct digest *outbox_wanted(const struct outbox_row *row)
{
	return &words_of(row)->wanted;
}

static enum ping_event event_of(const struct outbox_row *row, const struct outbox_words *words)
{
	if (digest_is_none(&words->wanted))
		return PING_REMOVED;
	return outbox_row_is_new(row) ? PING_ADDED : PING_UPDATED;
}

struct ping_item outbox_item(const struct outbox_row *row)
{
	const struct outbox_words *words = words_of(row);

	return (struct ping_item){
	    .entry = row->entry,
	    .event = event_of(row, words),
	    .url = outbox_string(row, words, OUTBOX_URL),
	    .id = outbox_string(row, words, OUTBOX_ID),
	    .title = outbox_string(row, words, OUTBOX_TITLE),
	    .link = outbox_string(row, words, OUTBOX_LINK),
	    .feed = outbox_string(row, words, OUTBOX_FEED),
	    .format = outbox_string(row, words, OUTBOX_FORMAT),
	    .published = words->published,
	    .updated = words->updated,
	    .since = words->since,
	    .message = row->sent ? slice_of(row->sent->message) : SLICE_NONE,
	};
}
