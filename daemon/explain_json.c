/* Explanations as JSON. */
#include "daemon/explain_inside.h"
#include "daemon/json.h"

static void put_line(struct jsonout *json, uint32_t line)
{
	if (line)
		jsonout_int(json, "line", line);
}

static void put_documents(struct jsonout *json, const struct explain_documents *documents)
{
	jsonout_array(json, "documents");
	for (size_t i = 0; i < documents->items.len; i++) {
		const struct explain_document *document = &documents->items.items[i];

		jsonout_object(json, NULL);
		jsonout_string(json, "path", document->path);
		jsonout_string(json, "url", document->topic);
		jsonout_string(json, "format", document->format);
		jsonout_bool(json, "is_there", document->published);
		jsonout_bool(json, "as_it_should_be", document->stands);
		if (document->published) {
			jsonout_int(json, "entries", (int64_t)document->entries);
			jsonout_int(json, "bytes", (int64_t)document->size);
			json_time(json, "changed", document->changed);
		}
		jsonout_close(json);
	}
	jsonout_close(json);
}

/* ---- an article ---- */

static const char *zone_name(enum trace_zone zone)
{
	static const char *const names[] = {
	    [TRACE_ZONE_NONE] = "",
	    [TRACE_ZONE_OWN] = "own",
	    [TRACE_ZONE_SITE] = "site",
	    [TRACE_ZONE_MIDNIGHT] = "site, at midnight",
	    [TRACE_ZONE_SEEN] = "first sight",
	};

	return names[zone];
}

static void put_rows(struct jsonout *json, const struct explain_article *article)
{
	jsonout_array(json, "fields");
	for (size_t i = 0; i < article->rows.len; i++) {
		const struct explain_row *row = &article->rows.items[i];

		jsonout_object(json, NULL);
		jsonout_string(json, "name", slice_of(row->name));
		json_text(json, "value", row->value);
		if (row->step) {
			jsonout_string(json, "from", slice_of(trace_from_name(row->step->from)));
			json_text(json, "key", row->step->key);
			put_line(json, row->step->line);
			json_text(json, "text", row->step->text);
			json_text(json, "zone", slice_of(zone_name(row->step->zone)));
		}
		json_text(json, "why", row->why);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void put_keys(struct jsonout *json, const struct explain_article *article)
{
	jsonout_array(json, "keys");
	for (size_t i = 0; i < article->trace.keys.len; i++) {
		const struct trace_key *key = &article->trace.keys.items[i];
		const char *words = explain_key_words(&article->trace, key);

		jsonout_object(json, NULL);
		jsonout_string(json, "key", key->key);
		json_text(json, "within", key->within);
		put_line(json, key->line);
		json_text(json, "text", key->text);
		if (key->what)
			jsonout_string(json, "field", slice_of(key->what));
		jsonout_bool(json, "decides", words == NULL);
		json_text(json, "why", slice_of(words ? words : ""));
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void put_places(struct jsonout *json, const struct explain_article *article)
{
	jsonout_array(json, "feeds");
	for (size_t i = 0; i < article->places.len; i++) {
		const struct explain_place *place = &article->places.items[i];

		jsonout_object(json, NULL);
		jsonout_string(json, "feed", slice_of(place->feed->name));
		json_text(json, "value", place->value);
		jsonout_bool(json, "takes_it", place->takes);
		jsonout_bool(json, "is_in", place->stands);
		if (place->place)
			jsonout_int(json, "place", (int64_t)place->place);
		if (place->takes) {
			jsonout_int(json, "entries", (int64_t)place->window);
			jsonout_int(json, "articles", (int64_t)place->members);
		}
		json_text(json, "why", place->why);
		put_documents(json, &place->documents);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void put_removed(struct jsonout *json, const struct trace_tally *removed)
{
	jsonout_array(json, "removed");
	for (size_t i = 0; i < removed->items.len; i++) {
		const struct trace_removed *item = &removed->items.items[i];

		jsonout_object(json, NULL);
		jsonout_string(json, "kind", slice_of(trace_removal_name(item->removal)));
		jsonout_string(json, "name", item->name);
		jsonout_int(json, "count", (int64_t)item->count);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void put_complaints(struct jsonout *json, const struct diags *diags)
{
	jsonout_array(json, "complaints");
	for (size_t i = 0; i < diags->len; i++) {
		const struct diag *diag = &diags->items[i];

		jsonout_object(json, NULL);
		jsonout_string(
		    json, "level", diag->level == DIAG_NOTE ? SLICE("note") : SLICE("warning"));
		put_line(json, diag->line);
		if (diag->column)
			jsonout_int(json, "column", diag->column);
		jsonout_string(json, "text", slice_of(diag->text));
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void put_reading(struct jsonout *json, const struct explain_article *article)
{
	const struct article_detail *detail = &article->reader.detail;

	jsonout_string(json, "standing", slice_of(article_standing_name(article->standing)));
	jsonout_string(json, "head", slice_of(article->trace.dialect));
	jsonout_string(json, "markup", slice_of(detail->markup->name));
	jsonout_int(json, "body_line", detail->body_line);
	jsonout_int(json, "bytes", (int64_t)article->reader.raw.len);
	put_rows(json, article);
	put_keys(json, article);
	if (article->trace.keys_dropped)
		jsonout_int(json, "keys_left_out", (int64_t)article->trace.keys_dropped);
	put_places(json, article);
	put_removed(json, &article->trace.removed);
	if (article->trace.removed.others)
		jsonout_int(json, "removed_others", (int64_t)article->trace.removed.others);
}

void explain_article_json(const struct explain_article *article, struct buf *out)
{
	struct jsonout json;

	json_open(&json, out);
	jsonout_string(&json, "article", slice_of(article->path));
	jsonout_bool(&json, "is_article", article->is_article);
	jsonout_bool(&json, "skipped", article->is_article && !article->article);
	jsonout_bool(&json, "has_state", article->has_state);
	json_text(&json, "why", article->why_not);
	if (article->is_article && !article->article) {
		put_line(&json, article->err.line);
		json_text(&json, "error", slice_of(article->err.text));
	}
	json_text(&json, "held_back", article->held_back);
	if (article->article)
		put_reading(&json, article);
	put_complaints(&json, &article->diags);
	jsonout_close(&json);
}

/* ---- a feed ---- */

static void put_entries(struct jsonout *json, const struct query_group *group)
{
	jsonout_array(json, "entries");
	for (size_t i = 0; i < query_group_window(group); i++) {
		const struct article *article = query_group_at(group, i);

		jsonout_object(json, NULL);
		jsonout_string(json, "path", article->path);
		jsonout_string(json, "title", article->title);
		jsonout_string(json, "id", article->id);
		json_time(json, "published", article->published);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void put_counts(struct jsonout *json, const struct explain_feed *feed)
{
	jsonout_array(json, "not_in_it");
	for (size_t i = 0; i < feed->counts.len; i++) {
		const struct explain_count *count = &feed->counts.items[i];

		jsonout_object(json, NULL);
		jsonout_int(json, "count", (int64_t)count->count);
		jsonout_string(json, "why", count->why);
		jsonout_string(json, "newest", count->first->path);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void put_values(struct jsonout *json, const struct explain_feed *feed)
{
	jsonout_array(json, "values");
	for (size_t i = 0; i < feed->values.len; i++) {
		const struct explain_value *value = &feed->values.items[i];

		jsonout_object(json, NULL);
		jsonout_string(json, "value", value->value);
		jsonout_int(json, "entries", (int64_t)value->window);
		jsonout_int(json, "articles", (int64_t)value->members);
		put_documents(json, &value->documents);
		jsonout_close(json);
	}
	jsonout_close(json);
}

static void put_targets(struct jsonout *json, const struct explain_feed *feed)
{
	jsonout_array(json, "targets");
	for (size_t i = 0; i < feed->targets.len; i++) {
		const struct explain_target *target = &feed->targets.items[i];

		jsonout_object(json, NULL);
		jsonout_string(json, "name", slice_of(target->ping->name));
		jsonout_string(json, "protocol", slice_of(target->ping->protocol->name));
		json_text(json, "files", target->topics);
		jsonout_bool(json, "entries", target->entries);
		jsonout_int(json, "due", (int64_t)target->due);
		json_time(json, "last_told", target->last_told);
		json_time(json, "next_try", target->next_try);
		json_text(json, "last_answer", target->last_answer);
		jsonout_close(json);
	}
	jsonout_close(json);
}

void explain_feed_json(const struct explain_feed *feed, struct buf *out)
{
	struct jsonout json;

	json_open(&json, out);
	jsonout_string(&json, "feed", slice_of(feed->feed->name));
	if (feed->group)
		json_text(&json, "value", feed->group->value);
	jsonout_int(&json, "limit", feed->feed->limit);
	jsonout_bool(&json, "has_state", feed->has_state);
	json_text(&json, "held_back", feed->held_back);
	if (feed->group) {
		jsonout_int(&json, "articles", (int64_t)query_group_len(feed->group));
		put_documents(&json, &feed->documents);
		put_entries(&json, feed->group);
		put_counts(&json, feed);
	} else {
		put_values(&json, feed);
	}
	put_targets(&json, feed);
	jsonout_close(&json);
}
