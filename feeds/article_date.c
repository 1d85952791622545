/* When an article was published, was updated and expires. */
#include "feeds/article_parts.h"

static enum trace_zone zone_used(const struct date *date)
{
	return date->has_offset ? TRACE_ZONE_OWN
	       : date->has_time ? TRACE_ZONE_SITE
				: TRACE_ZONE_MIDNIGHT;
}

/* Where a date was found, and which zone it is meant in. */
static void trace_date(const struct reading *r, const char *what, enum trace_from from,
    struct slice text, const struct date *date, const char *how)
{
	const struct trace_step step = {
	    .what = what, .from = from, .zone = zone_used(date), .text = text, .how = how};

	if (trace_of(r))
		trace_put_step(trace_of(r), &step);
}

static void trace_head_date(const struct reading *r, enum field field, const struct value *value,
    const struct date *date, const char *how)
{
	const struct trace_step step = {.what = fields_name(field),
	    .zone = zone_used(date),
	    .key = value->key,
	    .line = value->line,
	    .text = value->text,
	    .how = how,
	    .value = value};

	if (trace_of(r))
		trace_put_step(trace_of(r), &step);
}

/*
 * A date of the front matter, no later than `latest`; alternatives are tried in turn, those that
 * are no dates, or later, reported. Returns where it stands, or NULL.
 */
static const struct value *front_date(
    struct reading *r, enum field field, int64_t latest, const char *instead, struct date *out)
{
	const struct value *const *values = r->fields.values[field];

	for (size_t i = 0; values[i]; i++) {
		struct slice text = slice_trim(values[i]->text);

		/* `published: true` is no date; `date:` left empty is none either. */
		if (text.len == 0 || values[i]->type == VALUE_BOOL || values[i]->type == VALUE_NULL)
			continue;
		if (date_parse(text, out) == 0) {
			if (date_unix(out, r->rules->zone) <= latest) {
				trace_head_date(r, field, values[i], out, NULL);
				return values[i];
			}
			r->early = true;
			diag_put(r->diags, DIAG_WARNING, values[i]->line, values[i]->column,
			    "'%.*s' is still to come, so until then %s; write the day of the last "
			    "change",
			    SLICE_FMT(shown(text)), instead);
			continue;
		}
		diag_put(r->diags, DIAG_WARNING, values[i]->line, values[i]->column,
		    "'%.*s' is not a date that feedd can read, so %s; write it like "
		    "2024-01-31 or 2024-01-31T10:00:00+01:00",
		    SLICE_FMT(shown(text)), instead);
	}
	return NULL;
}

/*
 * Does Jekyll's reader of YAML take it for a time stamp, and so for UTC? Only
 * `2024-05-05 23:30:00` is one: without its seconds, in quotes or otherwise written it is a
 * string, and of the site's zone.
 */
static bool is_yaml_utc(const struct value *value, const struct date *date)
{
	struct slice text = slice_trim(value->text);
	unsigned colons = 0;

	if (value->quoted || !date->has_time || date->has_offset ||
	    slice_find_byte(text, 0, '-') != 4)
		return false;
	for (size_t i = 0; i < text.len; i++)
		colons += text.ptr[i] == ':';
	return colons == 2 && text.ptr[text.len - 1] >= '0' && text.ptr[text.len - 1] <= '9';
}

/* Hugo's `date` may lie in the past and its `publishDate` in the future: the later one holds. */
static void hold_until_release(struct reading *r, struct date *date)
{
	const struct value *const *values = r->fields.values[FIELD_PUBLISHED];
	struct date release;

	for (size_t i = 0; values[i]; i++)
		if (fields_release(values[i]) &&
		    date_parse(slice_trim(values[i]->text), &release) == 0 &&
		    date_unix(&release, r->rules->zone) > date_unix(date, r->rules->zone)) {
			*date = release;
			r->yaml_utc = is_yaml_utc(values[i], date);
			trace_head_date(r, FIELD_PUBLISHED, values[i], date,
			    "later than its date, and released then");
		}
}

/* The last folder that begins with a date, as in `2013-03-19-trip/notes.md`. */
static bool folder_date(struct slice folders, struct date *out, struct slice *folder)
{
	size_t end = folders.len;

	while (end > 0) {
		size_t start = end;

		while (start > 0 && folders.ptr[start - 1] != '/')
			start--;
		if (date_prefix(slice_sub(folders, start, end), out) > 0) {
			*folder = slice_sub(folders, start, end);
			return true;
		}
		end = start > 0 ? start - 1 : 0;
	}
	return false;
}

static int64_t published_instant(
    struct reading *r, const struct date *date, bool *out_by_first_seen)
{
	int64_t instant = date_unix(date, r->rules->zone);
	struct date seen;

	if (date->has_time || !r->rules->date_only_first_seen)
		return instant;
	seen = date_civil(r->file->first_seen, r->rules->zone);
	*out_by_first_seen =
	    seen.year == date->year && seen.month == date->month && seen.day == date->day;
	if (!*out_by_first_seen)
		return instant;
	if (trace_of(r) && trace_of(r)->steps.len > 0) /* of the date, just now */
		trace_of(r)->steps.items[trace_of(r)->steps.len - 1].zone = TRACE_ZONE_SEEN;
	return r->file->first_seen;
}

/* What looks like a date in the file's name, and is none, is a slip that somebody wants to hear. */
static void check_name_date(const struct reading *r)
{
	size_t len = date_prefix_broken(r->name.filename);

	if (len > 0)
		diag_put(r->diags, DIAG_WARNING, 0, 0,
		    "its name begins with '%.*s', a day that does not exist, so the next source of "
		    "a date was taken; name it like 2024-01-31-title, or give it a date key",
		    SLICE_FMT(slice_sub(r->name.filename, 0, len)));
}

/* The front matter, else the file's name, else a day in its `path` key, else in its folders. */
static bool find_date(struct reading *r, struct date *date)
{
	const char *what = fields_name(FIELD_PUBLISHED);
	struct slice own = written_text(r, FIELD_URL), folder;
	const struct value *head;

	head =
	    front_date(r, FIELD_PUBLISHED, INT64_MAX, "the next source of a date was taken", date);
	r->dated = head != NULL;
	r->yaml_utc = head && is_yaml_utc(head, date);
	if (r->dated)
		return true;
	check_name_date(r);
	if (date_prefix(r->name.filename, date) > 0)
		trace_date(r, what, TRACE_NAME, r->name.filename, date, NULL);
	else if (date_in_path(own, date, NULL))
		trace_date(r, what, TRACE_RULE, own, date, "the day in its own path");
	else if (date_in_path(r->file->path, date, NULL))
		trace_date(r, what, TRACE_FOLDER, r->file->path, date, NULL);
	else if (folder_date(r->name.folders, date, &folder))
		trace_date(r, what, TRACE_FOLDER, folder, date, NULL);
	else
		return false;
	return true;
}

/* When it was published, else what the rules say. */
void article_read_published(struct reading *r, struct article *out)
{
	struct date date;
	bool by_first_seen = false;

	if (find_date(r, &date)) {
		hold_until_release(r, &date);
		r->date = date;
		out->published = published_instant(r, &date, &by_first_seen);
		out->by_first_seen = by_first_seen;
		return;
	}
	out->undated = true;
	out->dateless = r->rules->skip_undated;
	if (out->dateless)
		diag_put(r->diags, DIAG_NOTE, 0, 0,
		    "it has no date, neither in its front matter nor in its name, and "
		    "content.undated is \"skip\"");
	trace_note(trace_of(r), fields_name(FIELD_PUBLISHED), TRACE_FILE, SLICE_NONE,
	    "it has no date, neither in its head nor in its name");
	out->published = r->file->undated;
	r->date = date_civil(out->published, NULL);
}

void article_read_dates(struct reading *r, struct article *out)
{
	int64_t now = r->file->now;
	int64_t latest = now > out->published ? now : out->published;
	struct date date;

	out->updated = out->published;
	if (front_date(r, FIELD_UPDATED, latest, "the publication date serves", &date)) {
		int64_t updated = date_unix(&date, r->rules->zone);

		out->own_updated = true;
		/* A day without time must not fall before the hour of publication. */
		if (updated > out->published)
			out->updated = updated;
		else if (updated < out->published)
			trace_note(trace_of(r), fields_name(FIELD_UPDATED), TRACE_RULE, SLICE_NONE,
			    "it says a time before its publication, which serves");
	}
	out->early = r->early;
	if (out->early)
		out->stamp.size = -1; /* no file's: it is read again, until that time has come */
	out->expires = ARTICLE_NEVER;
	if (front_date(r, FIELD_EXPIRES, INT64_MAX, "the article does not expire", &date))
		out->expires = date_unix(&date, r->rules->zone);
}
