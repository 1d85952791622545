/* The fields of an article: what feedd has, and why. */
#include "daemon/explain_inside.h"
#include "feeds/base/text.h"
#include "feeds/entry.h"
#include "feeds/identity.h"

struct rows { /* what the rows are made of */
	const struct explain_asked *asked;
	const struct entry *entry;
	const struct article *before;
	struct explain_article *out;
};

static void put_row(struct rows *r, const char *name, struct slice value, struct slice why,
    const struct trace_step *step)
{
	vec_push(&r->out->rows, ((struct explain_row){name, value, why, step}));
}

static struct slice words(const struct rows *r, const struct trace_step *step, struct slice value)
{
	return explain_step_words(
	    &r->out->arena, r->asked->library->site, &r->out->trace, step, value);
}

/* As the step that decided has it; nothing where there is neither. */
static void put_field(struct rows *r, const char *name, struct slice value)
{
	const struct trace_step *step = trace_last(&r->out->trace, name);

	if (value.len > 0 || step)
		put_row(r, name, value, step ? words(r, step, value) : SLICE_NONE, step);
}

static struct slice joined(struct arena *arena, const struct slice *items, size_t len)
{
	struct buf text = BUF_INIT;
	struct slice copy;

	for (size_t i = 0; i < len; i++) {
		buf_puts(&text, i ? ", " : "");
		buf_put_slice(&text, items[i]);
	}
	copy = arena_copy(arena, buf_slice(&text));
	buf_free(&text);
	return copy;
}

static bool is_stored(const struct rows *r)
{
	enum resolve_how how = r->asked->account->how;

	return how != RESOLVE_NEW && how != RESOLVE_ADOPTED;
}

/* ---- dates ---- */

static struct slice undated_words(const struct rows *r, struct slice why)
{
	const char *source = "the time of its last change (content.undated)";

	if (r->asked->account->how == RESOLVE_ADOPTED)
		source = "the date that the adopted feed has";
	else if (is_stored(r))
		source = "the date that was stored when feedd first saw it";
	else if (r->asked->library->site->config->content.undated == UNDATED_FIRST_SEEN)
		source = "the time of first sight (content.undated)";
	return arena_printf(&r->out->arena, "%.*s, so %s", SLICE_FMT(why), source);
}

static void put_published(struct rows *r)
{
	const struct article *article = r->out->article;
	const struct trace_step *step = trace_last(&r->out->trace, "published");
	struct slice value = explain_time(&r->out->arena, article->published);
	struct slice why = step ? words(r, step, value) : SLICE_NONE;

	if (article->undated)
		why = undated_words(r, why);
	else if (article->published != r->before->published)
		why = arena_printf(&r->out->arena,
		    "%.*s; the time of day was stored at first sight", SLICE_FMT(why));
	put_row(r, "published", value, why, step);
}

static void put_updated(struct rows *r)
{
	const struct article *article = r->out->article;
	const struct trace_step *step = trace_last(&r->out->trace, "updated");
	struct slice value = explain_time(&r->out->arena, article->updated);
	struct slice why;

	if (step)
		why = words(r, step, value);
	else if (article->updated > article->published)
		why = SLICE("what is written changed then, after it was published");
	else
		why = SLICE("not edited since it was published");
	put_row(r, "updated", value, why, step);
}

/* ---- id ---- */

struct adopted_search {
	struct slice id;
	bool found;
};

static void find_adopted(void *arg, const struct state_adopted *row)
{
	struct adopted_search *search = arg;

	search->found = search->found || slice_equal(row->id, search->id);
}

/* Of a stored id that is not the one that would be made today. */
static struct slice origin_words(const struct rows *r)
{
	struct adopted_search search = {r->out->article->id, false};
	struct state *state = r->asked->library->state;
	struct err ignored; /* then it is not known, and not said */

	if (state && state_adopted(state, find_adopted, &search, &ignored) == 0 && search.found)
		return SLICE("taken over from an existing feed (--adopt)");
	if (slice_starts(search.id, "tag:"))
		return arena_printf(&r->out->arena,
		    "made when its host, day or path was another; now it would be %.*s",
		    SLICE_FMT(r->before->id));
	return SLICE("taken over from a feed that was there before");
}

static struct slice stored_words(const struct rows *r)
{
	struct arena *arena = &r->out->arena;
	struct slice since = explain_time(arena, r->out->article->first_seen);
	bool minted = slice_equal(r->out->article->id, r->before->id);

	return arena_printf(arena, "stored for it since %.*s; %.*s", SLICE_FMT(since),
	    SLICE_FMT(minted ? SLICE("made of the site's host, the day of its publication and its "
				     "path")
			     : origin_words(r)));
}

static struct slice id_words(const struct rows *r, const struct trace_step *step)
{
	const struct resolve_account *account = r->asked->account;
	struct arena *arena = &r->out->arena;

	if (r->out->article->own_id)
		return words(r, step, r->out->article->id);
	switch (account->how) {
	case RESOLVE_UNREAD:
	case RESOLVE_STORED: return stored_words(r);
	case RESOLVE_MOVED:
		return arena_printf(
		    arena, "it was moved here from %s, and keeps its id", account->from);
	case RESOLVE_BACK:
		return arena_printf(
		    arena, "it is what went earlier at %s, and has its id again", account->from);
	case RESOLVE_ADOPTED:
		return SLICE("taken over from an existing feed, which has its URL, or its title "
			     "and day");
	case RESOLVE_NEW: break;
	}
	return arena_printf(arena,
	    "new: made of the site's host, the day of its publication and "
	    "its path%s",
	    slice_equal(r->out->article->id, r->before->id)
		? ""
		: ", with a number, since another article has had that id");
}

static void put_id(struct rows *r)
{
	const struct trace_step *step = trace_last(&r->out->trace, "id");

	put_row(r, "id", r->out->article->id, id_words(r, step), step);
}

/* ---- the others ---- */

static void put_language(struct rows *r)
{
	const char *site = r->asked->library->site->config->site.language;
	struct slice own = r->out->article->lang;

	put_field(r, "language", own.len ? own : slice_of(site));
}

static void put_authors(struct rows *r)
{
	const struct article *article = r->out->article;
	const struct config *config = r->asked->library->site->config;
	struct buf names = BUF_INIT;

	put_field(r, "authors", joined(&r->out->arena, article->authors, article->authors_len));
	put_field(r, "author's URL", SLICE_NONE);
	put_field(r, "author's email", SLICE_NONE);
	if (article->authors_len > 0 || config->site.authors_len == 0)
		return;
	for (size_t i = 0; i < config->site.authors_len; i++)
		buf_printf(
		    &names, "%s%.*s", i ? ", " : "", SLICE_FMT(config->site.authors[i].name));
	put_row(r, "authors", arena_copy(&r->out->arena, buf_slice(&names)),
	    SLICE("it names none, so the feeds name the site's (site.author)"), NULL);
	buf_free(&names);
}

static void put_enclosure(struct rows *r)
{
	const struct enclosure *enclosure = &r->entry->enclosure;

	put_field(r, "enclosure", enclosure->url);
	if (enclosure->url.len == 0)
		return;
	put_row(r, "enclosure's type", enclosure->type,
	    enclosure->type.len ? SLICE("") : SLICE("not known"), NULL);
	if (enclosure->length >= 0)
		put_row(r, "enclosure's length",
		    arena_printf(&r->out->arena, "%lld bytes", (long long)enclosure->length),
		    SLICE_NONE, NULL);
	else
		put_row(r, "enclosure's length", SLICE_NONE,
		    SLICE("not known: its head does not say, and the file is not here"), NULL);
}

static void put_switch(struct rows *r, const char *name, bool on)
{
	if (on)
		put_field(r, name, SLICE("yes"));
}

void explain_rows_gather(const struct explain_asked *asked, const struct entry *entry,
    const struct article *before, struct explain_article *out)
{
	struct rows rows = {asked, entry, before, out}, *r = &rows;
	const struct article *article = out->article;

	put_field(r, "title", article->title);
	put_published(r);
	put_updated(r);
	if (article->expires != ARTICLE_NEVER)
		put_field(r, "expires", explain_time(&out->arena, article->expires));
	put_id(r);
	put_field(r, "url", article->url);
	put_language(r);
	put_field(r, "section", article->section);
	put_field(r, "tags", joined(&out->arena, article->tags, article->tags_len));
	put_field(
	    r, "categories", joined(&out->arena, article->categories, article->categories_len));
	put_authors(r);
	put_field(r, "summary", entry->summary);
	put_field(r, "image", entry->image_url);
	put_field(r, "link", entry->external_url);
	put_enclosure(r);
	put_switch(r, "draft", article->draft);
	put_switch(r, "left out", article->excluded);
	put_switch(r, "minor change", article->minor);
}
