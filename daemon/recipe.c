#include "daemon/recipe.h"

#include "feeds/base/hash.h"

static void put_number(struct digest_stream *stream, uint64_t number)
{
	digest_put(stream, &number, sizeof(number));
}

/* With its length, so that no two lists of texts run together. */
static void put_text(struct digest_stream *stream, struct slice text)
{
	put_number(stream, text.len);
	digest_put(stream, text.ptr, text.len);
}

static void put_person(struct digest_stream *stream, const struct person *person)
{
	put_text(stream, person->name);
	put_text(stream, person->email);
	put_text(stream, person->url);
}

static void put_channel(struct digest_stream *stream, const struct channel *channel)
{
	put_text(stream, channel->title);
	put_text(stream, channel->description);
	put_text(stream, channel->home_url);
	put_text(stream, channel->self_url);
	put_text(stream, channel->language);
	put_number(stream, channel->authors_len);
	for (size_t i = 0; i < channel->authors_len; i++)
		put_person(stream, &channel->authors[i]);
	put_number(stream, channel->hubs_len);
	for (size_t i = 0; i < channel->hubs_len; i++)
		put_text(stream, channel->hubs[i]);
	put_number(stream, channel->ttl);
	/* Only where it stands, so that documents without one keep their recipes. */
	if (channel->cloud.domain.len) {
		put_text(stream, SLICE("cloud"));
		put_text(stream, channel->cloud.domain);
		put_number(stream, channel->cloud.port);
		put_text(stream, channel->cloud.path);
	}
	if (channel->stylesheet.len) {
		put_text(stream, SLICE("stylesheet"));
		put_text(stream, channel->stylesheet);
	}
}

static void put_page(struct digest_stream *stream, const struct document *document)
{
	const struct channel *channel = &document->channel;

	put_text(stream, slice_of(document->source->site->config->site.timezone));
	put_text(stream, channel->index_href);
	for (size_t i = 0; i < channel->documents_len; i++)
		put_text(stream, channel->documents[i].url);
}

static void put_article(struct digest_stream *stream, const struct article *article, uint64_t names)
{
	put_text(stream, article->path);
	put_text(stream, article->id);
	put_text(stream, article->url);
	put_text(stream, article->lang);
	put_number(stream, article->digest);
	put_number(stream, (uint64_t)article->published);
	put_number(stream, (uint64_t)article->updated);
	put_number(stream, article->links ? names : 0);
}

struct digest recipe_of(const struct document *document, uint64_t names)
{
	const struct document_source *source = document->source;
	const struct config *config = source->site->config;
	struct digest_stream *stream = digest_new();
	struct digest digest;

	put_text(stream, SLICE(FEEDD_VERSION));
	put_text(stream, slice_of(document->format->name));
	put_text(stream, slice_of(document->path));
	put_number(stream, config->output.gzip);
	put_number(stream, config->output.brotli);
	put_number(stream, source->feed->content);
	put_channel(stream, &document->channel);
	if (document->format->for_people)
		put_page(stream, document);
	put_number(stream, source->len);
	for (size_t i = 0; i < source->len; i++)
		put_article(stream, query_group_at(source->query, i), names);
	digest = digest_finish(stream);
	digest_free(stream);
	return digest;
}

bool recipe_stands(
    const struct library *library, const struct digest *recipe, const struct publish_target *target)
{
	const struct library_document *published =
	    library_document(library, slice_of(target->path));

	return published && digest_equal(recipe, &published->recipe) &&
	       publish_stands(target, &published->stamp);
}

uint64_t recipe_name(const struct article *article)
{
	return hash_of(article->url, hash_of(article->title, hash_of(article->path, 0)));
}
