/* Sentences of an explanation. */
#include <fcntl.h>
#include <sys/stat.h>

#include "daemon/explain_inside.h"
#include "feeds/base/date.h"
#include "feeds/frontmatter/fields.h"

enum { TEXT_MOST = 120 }; /* bytes of a text that a sentence quotes */

static struct slice taken(struct arena *arena, struct buf *text)
{
	struct slice copy = arena_copy(arena, buf_slice(text));

	buf_free(text);
	return copy;
}

static void put_quoted(struct buf *out, struct slice text)
{
	size_t len = text.len < TEXT_MOST ? text.len : TEXT_MOST;

	while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	buf_printf(
	    out, "\"%.*s%s\"", SLICE_FMT(slice_sub(text, 0, len)), len < text.len ? "…" : "");
}

struct slice explain_time(struct arena *arena, int64_t when)
{
	char date[DATE_RFC3339_SIZE];

	return arena_copy(arena, slice_of(date_rfc3339(when, date)));
}

static void put_zone(struct buf *out, const struct site *site, enum trace_zone zone)
{
	const char *name = site->config->site.timezone;

	switch (zone) {
	case TRACE_ZONE_NONE: break;
	case TRACE_ZONE_OWN: buf_puts(out, ", in its own zone"); break;
	case TRACE_ZONE_SITE:
		buf_printf(out, ", without a zone, so in %s (site.timezone)", name);
		break;
	case TRACE_ZONE_MIDNIGHT:
		buf_printf(out, ", a day alone, so its midnight in %s (site.timezone)", name);
		break;
	case TRACE_ZONE_SEEN:
		buf_puts(out, ", a day alone, so the time of first sight (content.date_only)");
		break;
	}
}

static void put_source(struct buf *out, const struct trace_step *step, struct slice value)
{
	bool quote = step->text.len > 0 && !slice_equal(slice_trim(step->text), value);

	switch (step->from) {
	case TRACE_HEAD: buf_printf(out, "%.*s, line %u", SLICE_FMT(step->key), step->line); break;
	case TRACE_NAME: buf_puts(out, "the file's name"); break;
	case TRACE_FOLDER: buf_puts(out, "its folder"); break;
	case TRACE_BODY: buf_puts(out, "the body"); break;
	case TRACE_SETTING: buf_printf(out, "%.*s", SLICE_FMT(step->key)); break;
	case TRACE_FILE:
	case TRACE_RULE: quote = false; break;
	}
	if (!quote)
		return;
	buf_puts(out, ": ");
	put_quoted(out, step->text);
}

struct slice explain_step_words(struct arena *arena, const struct site *site,
    const struct trace *trace, const struct trace_step *step, struct slice value)
{
	struct buf out = BUF_INIT;

	put_source(&out, step, value);
	put_zone(&out, site, step->zone);
	if (step->how)
		buf_printf(&out, "%s%s", out.len ? ": " : "", step->how);
	if (strcmp(step->what, "url") == 0)
		for (size_t i = 0; i < trace->tokens.len; i++) {
			buf_printf(&out, ", :%.*s is ", SLICE_FMT(trace->tokens.items[i].name));
			put_quoted(&out, trace->tokens.items[i].text);
		}
	return taken(arena, &out);
}

const char *explain_key_words(const struct trace *trace, const struct trace_key *key)
{
	if (trace_heard(trace, key->value))
		return NULL;
	switch (key->fate) {
	case TRACE_EMPTY: return "is empty";
	case TRACE_FOREIGN: return "feedd has no use for it";
	case TRACE_SILENT: return "with this value it says nothing";
	case TRACE_KNOWN: break;
	}
	if (strcmp(key->what, fields_name(FIELD_LAYOUT)) == 0)
		return "tells only how a list of tags is written";
	return trace_last(trace, key->what) ? "another source counts" : "could not be used";
}

struct slice explain_filter(struct arena *arena, const struct config_feed *feed, const char *name)
{
	const struct {
		const char *name, *value;
	} filters[] = {{"by", query_by_name(feed->by)}, {"section", feed->section},
	    {"tag", feed->tag}, {"category", feed->category}, {"author", feed->author},
	    {"lang", feed->lang}, {"path", feed->path}};

	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		if (strcmp(filters[i].name, name) == 0)
			return arena_printf(arena, "%s = \"%s\"", name, filters[i].value);
	return slice_of(name);
}

/* ---- what is no article ---- */

static bool is_own(const struct site *site, const char *path)
{
	struct stat stat;

	if (fstatat(site->content, path, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	for (size_t i = 0; i < site->scan.own_len; i++)
		if (site->scan.own[i].dev == stat.st_dev && site->scan.own[i].ino == stat.st_ino)
			return true;
	return false;
}

/* Why the scan takes no file of this name, or does not enter this folder; empty: it does. */
static struct slice judge(
    struct arena *arena, const struct site *site, const char *path, bool is_folder)
{
	const char *what = is_folder ? "the folder" : "the file", *pattern;

	if (is_folder && is_own(site, path))
		return arena_printf(
		    arena, "the folder '%s' is feedd's own (output.dir or state.dir)", path);
	switch (scan_judge(&site->scan, path, is_folder, &pattern)) {
	case SCAN_WANTED: break;
	case SCAN_NOT_INCLUDED:
		return SLICE("no pattern of content.include matches it; if it is written in a "
			     "language that feedd reads, add one");
	case SCAN_DOT:
		return arena_printf(
		    arena, "%s '%s' is hidden: its name begins with a dot", what, path);
	case SCAN_LITTER:
		return arena_printf(arena,
		    "%s '%s' has a name such as editors, sync tools and generators give to what "
		    "is no article (\"%s\"); rename it",
		    what, path, pattern);
	case SCAN_EXCLUDED:
		return arena_printf(
		    arena, "%s '%s' is left out by content.exclude (\"%s\")", what, path, pattern);
	}
	return SLICE_NONE;
}

struct slice explain_no_article(struct arena *arena, const struct site *site, const char *path)
{
	struct slice why = SLICE_NONE;

	for (const char *end = strchr(path, '/'); end && why.len == 0; end = strchr(end + 1, '/'))
		why = judge(
		    arena, site, arena_string(arena, slice_make(path, (size_t)(end - path))), true);
	if (why.len == 0)
		why = judge(arena, site, path, false);
	return why.len
		   ? why
		   : SLICE("it was not found among the articles; it may be new, or lie behind a "
			   "symlink that leads elsewhere");
}
