#include "feeds/frontmatter/jsonld.h"

#include "feeds/base/json.h"
#include "feeds/frontmatter/head.h"

enum {
	SEARCH_DEPTH = 6,    /* of arrays and graphs in which an article is looked for */
	SEARCH_NODES = 1000, /* things looked at for one name */
	AUTHORS_MAX = 50,
};

static bool is_article_type(const struct value *type)
{
	static const char *const names[] = {"Article", "BlogPosting", "NewsArticle", "TechArticle",
	    "ScholarlyArticle", "OpinionNewsArticle", "AnalysisNewsArticle",
	    "BackgroundNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle",
	    "SatiricalArticle", "AdvertiserContentArticle", "SocialMediaPosting", "LiveBlogPosting",
	    "DiscussionForumPosting", "Report", NULL};
	struct slice text;

	if (!type)
		return false;
	if (type->type == VALUE_LIST) {
		for (const struct value *item = type->first; item; item = item->next)
			if (item->type == VALUE_STRING && is_article_type(item))
				return true;
		return false;
	}
	text = type->text;
	if (slice_starts(text, "https://schema.org/"))
		text = slice_from(text, strlen("https://schema.org/"));
	else if (slice_starts(text, "http://schema.org/"))
		text = slice_from(text, strlen("http://schema.org/"));
	for (size_t i = 0; names[i]; i++)
		if (slice_equal_str(text, names[i]))
			return true;
	return false;
}

/* What is looked for: an article, or the thing with this @id and a name or URL. */
struct search {
	const struct value *id;
	size_t nodes;
};

static bool search_fits(const struct search *search, const struct value *map)
{
	const struct value *id;

	if (!search->id)
		return is_article_type(value_get(map, "@type"));
	id = value_get(map, "@id");
	return id && slice_equal(id->text, search->id->text) && map->count > 1;
}

static const struct value *search_in(
    struct search *search, const struct value *value, unsigned depth)
{
	const struct value *found = NULL, *inner;

	if (depth == SEARCH_DEPTH || search->nodes++ == SEARCH_NODES)
		return NULL;
	if (value->type == VALUE_LIST) {
		for (inner = value->first; inner && !found; inner = inner->next)
			found = search_in(search, inner, depth + 1);
		return found;
	}
	if (value->type != VALUE_MAP)
		return NULL;
	if (search_fits(search, value))
		return value;
	inner = value_get(value, "@graph");
	if (!inner)
		inner = value_get(value, "mainEntity");
	return inner ? search_in(search, inner, depth + 1) : NULL;
}

/* What `{"@id": …}` refers to in the same script; anything else is itself. */
static const struct value *referred(const struct value *root, const struct value *value)
{
	struct search search = {.id = value_get(value, "@id")};
	const struct value *found = NULL;

	if (search.id && value->count == 1)
		found = search_in(&search, root, 0);
	return found ? found : value;
}

static struct slice text_at(const struct value *map, const char *key)
{
	const struct value *value = value_get(map, key);

	if (value && value->type == VALUE_LIST)
		value = value->first;
	return value && value->type == VALUE_STRING ? slice_trim(value->text) : SLICE_NONE;
}

static struct slice image_of(const struct value *root, const struct value *article)
{
	const struct value *image = value_get(article, "image");
	struct slice url;

	if (!image)
		return text_at(article, "thumbnailUrl");
	if (image->type == VALUE_LIST)
		image = image->first;
	if (!image || image->type == VALUE_STRING)
		return image ? slice_trim(image->text) : SLICE_NONE;
	image = referred(root, image);
	url = text_at(image, "url");
	return url.len > 0 ? url : text_at(image, "contentUrl");
}

static void author_put(struct value *authors, struct arena *arena, const struct value *root,
    const struct value *author)
{
	struct slice name, url;
	struct value *person;

	if (authors->count == AUTHORS_MAX)
		return;
	if (author->type == VALUE_STRING && author->text.len > 0)
		value_append(
		    authors, value_string(arena, author->text, author->line, author->column));
	if (author->type != VALUE_MAP)
		return;
	author = referred(root, author);
	name = text_at(author, "name");
	url = text_at(author, "url");
	if (name.len == 0)
		return;
	person = value_new(arena, VALUE_MAP, author->line, author->column);
	(void)head_put_text(person, arena, SLICE("name"), name, author->line, author->column);
	if (url.len > 0)
		(void)head_put_text(person, arena, SLICE("url"), url, author->line, author->column);
	value_append(authors, person);
}

static struct value *authors_of(
    struct arena *arena, const struct value *root, const struct value *article)
{
	const struct value *author = value_get(article, "author");
	struct value *authors;

	if (!author)
		author = value_get(article, "creator");
	if (!author)
		return NULL;
	authors = value_new(arena, VALUE_LIST, author->line, author->column);
	if (author->type != VALUE_LIST) {
		author_put(authors, arena, root, author);
	} else {
		for (author = author->first; author; author = author->next)
			author_put(authors, arena, root, author);
	}
	return authors->count > 0 ? authors : NULL;
}

bool jsonld_read(struct slice script, uint32_t first_line, struct arena *arena, struct jsonld *out)
{
	struct value_rules rules = {.max_bytes = JSONLD_MAX, .first_line = first_line};
	struct search search = {.id = NULL};
	const struct value *article;
	struct value *root;
	struct err err; /* a page's script is not the article's head: wrong ones are passed over */

	if (json_parse(script, &rules, arena, &root, NULL, &err) < 0)
		return false;
	article = search_in(&search, root, 0);
	if (!article)
		return false;
	out->headline = text_at(article, "headline");
	if (out->headline.len == 0)
		out->headline = text_at(article, "name");
	out->published = text_at(article, "datePublished");
	if (out->published.len == 0)
		out->published = text_at(article, "dateCreated");
	out->modified = text_at(article, "dateModified");
	out->summary = text_at(article, "description");
	if (out->summary.len == 0)
		out->summary = text_at(article, "abstract");
	out->image = image_of(root, article);
	out->language = text_at(article, "inLanguage");
	out->authors = authors_of(arena, root, article);
	out->keywords = value_get(article, "keywords");
	out->section = value_get(article, "articleSection");
	return true;
}
