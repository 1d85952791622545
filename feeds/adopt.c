/*
 * XML is read by libxml2 as SAX events, without a tree; JSON into a value tree. Both hand their
 * entries to feed_put.
 */
#include "feeds/adopt.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "feeds/base/date.h"
#include "feeds/base/json.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/base/uri.h"
#include "feeds/base/vec.h"

enum {
	FIELD_BYTES_MAX = 16384, /* of an id, a URL, a title; longer ones count as missing */
	JSON_NODES_MAX = 1000000,
};

/* What an entry can say, with the rank of who says it: the highest counts. */
enum field {
	FIELD_ID,
	FIELD_URL,
	FIELD_TITLE,
	FIELD_PUBLISHED,
	FIELD_UPDATED,
	FIELDS,
};

struct draft { /* of an entry */
	struct buf texts[FIELDS];
	unsigned ranks[FIELDS]; /* 0: not said */
};

/* ---- entries ---- */

static void draft_clear(struct draft *draft)
{
	for (unsigned i = 0; i < FIELDS; i++) {
		buf_clear(&draft->texts[i]);
		draft->ranks[i] = 0;
	}
}

static void draft_free(struct draft *draft)
{
	for (unsigned i = 0; i < FIELDS; i++)
		buf_free(&draft->texts[i]);
}

/* Legal and on one line; empty when it was cut. */
static struct slice draft_text(const struct draft *draft, enum field field, struct arena *arena)
{
	const struct buf *text = &draft->texts[field];
	struct buf repaired = BUF_INIT, line = BUF_INIT;
	struct text_repairs repairs;
	struct slice legal = SLICE_NONE, copy;
	struct err ignored;

	if (!text->overflow &&
	    text_legal(slice_trim(buf_slice(text)), &repaired, &legal, &repairs, &ignored) < 0)
		legal = SLICE_NONE;
	legal = slice_trim(legal);
	for (size_t i = 0; i < legal.len; i++)
		buf_putc(&line, legal.ptr[i] == '\n' || legal.ptr[i] == '\t' ? ' ' : legal.ptr[i]);
	copy = arena_copy(arena, buf_slice(&line));
	buf_free(&repaired);
	buf_free(&line);
	return copy;
}

/* The year 1 is what Hugo, and whatever else is in Go, prints of a page that has no date. */
static int64_t unix_of(const struct date *date)
{
	return date->year == 1 ? ADOPT_UNDATED : date_unix(date, NULL);
}

/*
 * Dates as feeds have them. What is wrong in some is the name of the weekday or the zone; a
 * day too early is better than none.
 */
static int64_t read_date(struct slice text)
{
	struct date date;
	size_t comma, end;

	text = slice_trim(text);
	if (date_parse(text, &date) == 0)
		return unix_of(&date);
	comma = slice_find_byte(text, 0, ',');
	if (comma < text.len)
		text = slice_trim(slice_from(text, comma + 1));
	if (date_parse(text, &date) == 0)
		return unix_of(&date);
	for (end = text.len; end > 0 && text.ptr[end - 1] != ' '; end--)
		;
	if (end > 0 && date_parse(slice_sub(text, 0, end), &date) == 0)
		return unix_of(&date);
	return ADOPT_UNDATED;
}

static int feed_put(struct adopt_feed *feed, const struct draft *draft, struct err *err)
{
	struct adopt_entry entry = {
	    .id = draft_text(draft, FIELD_ID, &feed->arena),
	    .url = draft_text(draft, FIELD_URL, &feed->arena),
	    .title = draft_text(draft, FIELD_TITLE, &feed->arena),
	    .published = read_date(buf_slice(&draft->texts[FIELD_PUBLISHED])),
	    .updated = read_date(buf_slice(&draft->texts[FIELD_UPDATED])),
	};

	if (entry.id.len == 0)
		entry.id = entry.url;
	if (entry.url.len == 0 && uri_is_web(entry.id))
		entry.url = entry.id; /* RSS: a guid is a permalink unless it says otherwise */
	if (entry.updated == ADOPT_UNDATED)
		entry.updated = entry.published;
	if (entry.id.len == 0) {
		feed->skipped++;
		return 0;
	}
	if (feed->len == ADOPT_ENTRIES_MAX)
		return err_set(err, ERR_LIMIT, "more than %d entries", ADOPT_ENTRIES_MAX);
	vec_push(feed, entry);
	return 0;
}

/* ---- XML ---- */

#define NS_ATOM	      "http://www.w3.org/2005/Atom"
#define NS_ATOM_03    "http://purl.org/atom/ns#"
#define NS_DC	      "http://purl.org/dc/elements/1.1/"
#define NS_DCTERMS    "http://purl.org/dc/terms/"
#define RSS	      NULL
#define NS_FEEDBURNER "http://rssnamespace.org/feedburner/ext/1.0"

struct name {
	const char *ns; /* RSS: see is_rss */
	const char *local;
	enum field field;
	unsigned rank;
};

static const struct name item_names[] = {
    {RSS, "guid", FIELD_ID, 2},
    {RSS, "link", FIELD_URL, 2},
    {NS_FEEDBURNER, "origLink", FIELD_URL, 3}, /* `link` leads through a counter */
    {RSS, "title", FIELD_TITLE, 1},
    {RSS, "pubDate", FIELD_PUBLISHED, 4},
    {NS_ATOM, "published", FIELD_PUBLISHED, 3},
    {NS_DCTERMS, "created", FIELD_PUBLISHED, 2},
    {NS_DC, "date", FIELD_PUBLISHED, 1},
    {NS_ATOM, "updated", FIELD_UPDATED, 2},
    {NS_DCTERMS, "modified", FIELD_UPDATED, 1},
};

static const struct name entry_names[] = {
    {NS_ATOM, "id", FIELD_ID, 1},
    {NS_FEEDBURNER, "origLink", FIELD_URL, 3},
    {NS_ATOM, "title", FIELD_TITLE, 1},
    {NS_ATOM, "published", FIELD_PUBLISHED, 1},
    {NS_ATOM, "issued", FIELD_PUBLISHED, 1}, /* Atom 0.3 */
    {NS_ATOM, "updated", FIELD_UPDATED, 1},
    {NS_ATOM, "modified", FIELD_UPDATED, 1},
};

struct reading {
	xmlParserCtxtPtr parser;
	struct adopt_feed *feed;
	struct draft draft;
	unsigned depth;	      /* elements open */
	unsigned entry_depth; /* of the entry's children; 0: outside of any */
	unsigned text_depth;  /* of the children of the element whose text is taken; 0: of none */
	enum field field;     /* which that is */
	bool atom;
	bool failed;
	struct err err;
};

static bool is(const xmlChar *name, const char *wanted)
{
	return name && strcmp((const char *)name, wanted) == 0;
}

static bool is_atom(const xmlChar *ns)
{
	return is(ns, NS_ATOM) || is(ns, NS_ATOM_03);
}

static void stop(struct reading *reading)
{
	reading->failed = true;
	xmlStopParser(reading->parser);
}

/* The root tells what it is. */
static void start_root(struct reading *reading, const xmlChar *local)
{
	reading->atom = is(local, "feed");
	if (reading->atom || is(local, "rss") || is(local, "RDF"))
		return;
	(void)err_set(&reading->err, ERR_INVALID,
	    "this is no feed: neither RSS nor Atom nor JSON Feed; download the feed itself, not a "
	    "page "
	    "with a link to it"); /* -1, said by stop */
	stop(reading);
}

/*
 * SAX2: five pointers an attribute: name, prefix, namespace, value and its end. Unless it is to
 * expand entities, the parser leaves each "&" as a reference to it.
 */
static void put_attribute(struct buf *out, const xmlChar **attributes, int len, const char *local)
{
	static const char ampersand[] = "&#38;";
	struct slice rest = SLICE_NONE;

	for (int i = 0; i < len && rest.len == 0; i++, attributes += 5)
		if (is(attributes[0], local))
			rest = slice_make(
			    (const char *)attributes[3], (size_t)(attributes[4] - attributes[3]));
	while (rest.len > 0) {
		size_t end = slice_find(rest, 0, ampersand);

		buf_put_slice(out, slice_sub(rest, 0, end));
		if (end < rest.len) {
			buf_putc(out, '&');
			end += strlen(ampersand);
		}
		rest = slice_from(rest, end);
	}
}

static bool has_word(const xmlChar **attributes, int len, const char *local, const char *word)
{
	struct buf value = BUF_INIT;
	bool has;

	put_attribute(&value, attributes, len, local);
	has = value.len == 0 || slice_holds_nocase(buf_slice(&value), word);
	buf_free(&value);
	return has;
}

/* Is a field of this rank to be taken? Then its text starts anew. */
static struct buf *field_start(struct draft *draft, enum field field, unsigned rank)
{
	if (rank <= draft->ranks[field])
		return NULL;
	draft->ranks[field] = rank;
	buf_clear(&draft->texts[field]);
	return &draft->texts[field];
}

/* RSS has no namespace, but many feeds say one. A prefix that nobody declared has none either. */
static bool is_rss(const xmlChar *ns, const xmlChar *prefix)
{
	static const char *const known[] = {"http://purl.org/rss/1.0/",
	    "http://my.netscape.com/rdf/simple/0.9/", "http://backend.userland.com/rss2",
	    "http://blogs.law.harvard.edu/tech/rss"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (is(ns, known[i]))
			return true;
	return !ns && !prefix;
}

static const struct name *find_name(
    const struct reading *reading, const xmlChar *local, const xmlChar *prefix, const xmlChar *ns)
{
	const struct name *names = reading->atom ? entry_names : item_names;
	size_t len = reading->atom ? sizeof(entry_names) / sizeof(entry_names[0])
				   : sizeof(item_names) / sizeof(item_names[0]);

	for (size_t i = 0; i < len; i++) {
		const char *wanted = names[i].ns;
		bool same = wanted ? is(ns, wanted) : is_rss(ns, prefix);

		if (wanted && strcmp(wanted, NS_ATOM) == 0)
			same = is_atom(ns);
		if (same && is(local, names[i].local))
			return &names[i];
	}
	return NULL;
}

/* An Atom link, in RSS too: the page's when it has no `rel`, or `alternate`. */
static void start_link(struct reading *reading, const xmlChar **attributes, int len)
{
	bool html = has_word(attributes, len, "type", "html");
	struct buf *url;

	if (!has_word(attributes, len, "rel", "alternate"))
		return;
	url = field_start(&reading->draft, FIELD_URL, reading->atom && html ? 2 : 1);
	if (url)
		put_attribute(url, attributes, len, "href");
}

static void start_field(struct reading *reading, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *ns, const xmlChar **attributes, int len)
{
	const struct name *name = find_name(reading, local, prefix, ns);

	if (is_atom(ns) && is(local, "link")) {
		start_link(reading, attributes, len);
	} else if (name && field_start(&reading->draft, name->field, name->rank)) {
		reading->text_depth = reading->depth;
		reading->field = name->field;
	}
}

static void on_start(void *arg, const xmlChar *local, const xmlChar *prefix, const xmlChar *ns,
    int namespaces_len, const xmlChar **namespaces, int attributes_len, int defaulted,
    const xmlChar **attributes)
{
	struct reading *reading = arg;

	(void)namespaces_len, (void)namespaces, (void)defaulted;
	if (reading->failed)
		return;
	if (reading->depth++ == 0) {
		start_root(reading, local);
	} else if (reading->entry_depth == 0 && is(local, reading->atom ? "entry" : "item")) {
		draft_clear(&reading->draft);
		reading->entry_depth = reading->depth;
		/* RSS 1.0: its address in the graph, which is its link. */
		put_attribute(&reading->draft.texts[FIELD_ID], attributes, attributes_len, "about");
	} else if (reading->entry_depth == reading->depth - 1 && reading->text_depth == 0) {
		start_field(reading, local, prefix, ns, attributes, attributes_len);
	}
}

static void on_end(void *arg, const xmlChar *local, const xmlChar *prefix, const xmlChar *ns)
{
	struct reading *reading = arg;

	(void)local, (void)prefix, (void)ns;
	if (reading->failed)
		return;
	if (reading->text_depth == reading->depth)
		reading->text_depth = 0;
	if (reading->entry_depth == reading->depth) {
		reading->entry_depth = 0;
		if (feed_put(reading->feed, &reading->draft, &reading->err) < 0)
			stop(reading);
	}
	reading->depth--;
}

static void on_text(void *arg, const xmlChar *text, int len)
{
	struct reading *reading = arg;

	if (!reading->failed && reading->text_depth > 0)
		buf_put(&reading->draft.texts[reading->field], text, (size_t)len);
}

/* The first complaint counts. Names of HTML's characters that nobody declared are common. */
static void on_error(void *arg, xmlErrorPtr error)
{
	struct reading *reading = arg;
	const char *text = error->message ? error->message : "not well-formed";
	int len = (int)strcspn(text, "\n");

	if (reading->failed || error->level < XML_ERR_ERROR ||
	    error->code == XML_ERR_UNDECLARED_ENTITY || error->code == XML_WAR_UNDECLARED_ENTITY ||
	    error->domain == XML_FROM_NAMESPACE)
		return;
	(void)err_at(&reading->err, ERR_SYNTAX, error->line > 0 ? (uint32_t)error->line : 0, 0,
	    "%.*s", len, text); /* -1, said by stop */
	stop(reading);
}

static int read_xml(struct slice bytes, struct adopt_feed *feed, struct err *err)
{
	struct reading reading = {.feed = feed};
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .characters = on_text,
	    .ignorableWhitespace = on_text,
	    .cdataBlock = on_text,
	    .serror = on_error};

	for (unsigned i = 0; i < FIELDS; i++)
		reading.draft.texts[i].max = FIELD_BYTES_MAX;
	reading.parser = xmlCreateMemoryParserCtxt(bytes.ptr, (int)bytes.len);
	if (!reading.parser)
		mem_exhausted();
	*reading.parser->sax = sax;
	reading.parser->userData = &reading;
	/* Knows the options. Recovering goes on behind an entity; on_error stops the rest. */
	(void)xmlCtxtUseOptions(reading.parser, XML_PARSE_NONET | XML_PARSE_RECOVER);
	(void)xmlParseDocument(reading.parser); /* on_error has heard of it */
	xmlFreeDoc(reading.parser->myDoc); /* where it keeps entities that a document declares */
	xmlFreeParserCtxt(reading.parser);
	draft_free(&reading.draft);
	if (reading.failed) {
		*err = reading.err;
		return -1;
	}
	return 0;
}

/* ---- JSON ---- */

static void put_json(
    struct draft *draft, enum field field, const struct value *item, const char *key)
{
	const struct value *value = value_get(item, key);

	if (value && value->type != VALUE_LIST && value->type != VALUE_MAP)
		buf_put_slice(&draft->texts[field], value->text);
}

static int read_items(const struct value *items, struct adopt_feed *feed, struct err *err)
{
	struct draft draft = {.ranks = {0}};
	int rc = 0;

	for (unsigned i = 0; i < FIELDS; i++)
		draft.texts[i] = BUF_BOUNDED(FIELD_BYTES_MAX);
	for (const struct value *item = items->first; item && rc == 0; item = item->next) {
		draft_clear(&draft);
		put_json(&draft, FIELD_ID, item, "id");
		put_json(&draft, FIELD_URL, item, "url");
		put_json(&draft, FIELD_TITLE, item, "title");
		put_json(&draft, FIELD_PUBLISHED, item, "date_published");
		put_json(&draft, FIELD_UPDATED, item, "date_modified");
		rc = feed_put(feed, &draft, err);
	}
	draft_free(&draft);
	return rc;
}

static int read_json(struct slice bytes, struct adopt_feed *feed, struct err *err)
{
	const struct value_rules rules = {
	    .max_bytes = ADOPT_BYTES_MAX, .max_nodes = JSON_NODES_MAX};
	struct arena arena = ARENA_INIT;
	struct value *root;
	const struct value *items;
	int rc = json_parse(bytes, &rules, &arena, &root, NULL, err);

	if (rc == 0) {
		items = value_get(root, "items");
		if (items && items->type == VALUE_LIST)
			rc = read_items(items, feed, err);
		else
			rc = err_set(err, ERR_INVALID, "this is no JSON Feed: it has no items");
	}
	arena_free(&arena);
	return rc;
}

int adopt_parse(struct slice bytes, struct adopt_feed *out, struct err *err)
{
	struct adopt_feed feed = ADOPT_FEED_INIT;
	int rc;

	if (slice_starts(bytes, "\xEF\xBB\xBF"))
		bytes = slice_from(bytes, 3);
	while (bytes.len > 0 && strchr(" \t\r\n", bytes.ptr[0]) && bytes.ptr[0])
		bytes = slice_from(bytes, 1); /* before <?xml, which the parser would refuse */
	if (bytes.len > ADOPT_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "more than %d bytes", ADOPT_BYTES_MAX);
	if (bytes.len == 0)
		return err_set(err, ERR_INVALID, "it is empty");
	rc = bytes.ptr[0] == '{' ? read_json(bytes, &feed, err) : read_xml(bytes, &feed, err);
	if (rc < 0)
		adopt_feed_free(&feed);
	else
		*out = feed;
	return rc;
}

void adopt_feed_free(struct adopt_feed *feed)
{
	arena_free(&feed->arena);
	free(feed->items);
	*feed = ADOPT_FEED_INIT;
}
