/*
 * Links between articles: what a target written in one article means.
 */
#include "feeds/base/uri.h"
#include "feeds/index.h"
#include "feeds/permalink.h"

/* Articles of one name that a link looks at: a thousand `readme.md` cost no more than this. */
enum { LINK_CANDIDATES = 4096 };

enum {		       /* of how well a candidate fits */
	FIT_NAME = 16, /* the link names its file, with the date that is no part of the slug */
	FIT_PATH = 32, /* and its path */
};

/* What a link says, taken apart once. */
struct wanted {
	struct permalink_name name;
	struct slice exact; /* the path it would have from its own place, without extension */
	struct slice near;  /* the same seen from the article that holds the link */
	bool rooted;
	bool stated;	   /* "./x" and "../x" say the one place that is meant */
	struct slice lang; /* of the article that holds the link */
};

/* Append `path` to folder segments already in `out`, working "." and ".." off. */
static void put_resolved(struct buf *out, struct slice path)
{
	while (path.len > 0) {
		size_t end = slice_find_byte(path, 0, '/');
		struct slice segment = slice_sub(path, 0, end);

		path = slice_from(path, end < path.len ? end + 1 : end);
		if (slice_equal_str(segment, "..")) {
			size_t len = out->len;

			while (len > 0 && out->data[len - 1] != '/')
				len--;
			buf_cut(out, len > 0 ? len - 1 : 0);
		} else if (segment.len > 0 && !slice_equal_str(segment, ".")) {
			if (out->len > 0)
				buf_putc(out, '/');
			buf_put_slice(out, segment);
		}
	}
}

static struct slice folder_of(struct slice path)
{
	size_t slash = path.len;

	while (slash > 0 && path.ptr[slash - 1] != '/')
		slash--;
	return slice_sub(path, 0, slash > 0 ? slash - 1 : 0);
}

static struct slice stem_of(struct slice path)
{
	struct permalink_name name;

	permalink_name(path, &name);
	return name.stem;
}

/* How well a candidate's folders fit those that the link names; 0: not at all. */
static int fit_folders(const struct wanted *wanted, struct slice folders)
{
	struct slice named = wanted->name.folders;

	if (named.len == 0)
		return 8;
	if (slice_equal(folders, named))
		return 12;
	if (folders.len > named.len && folders.ptr[folders.len - named.len - 1] == '/' &&
	    slice_equal(slice_from(folders, folders.len - named.len), named))
		return wanted->rooted ? 4 : 8;
	return 0;
}

/* How well a candidate fits; 0: not at all. */
static int fit(const struct wanted *wanted, const struct article *article)
{
	struct permalink_name name;
	int rank;

	permalink_name(article->path, &name);
	if (!slice_same_nocase(name.slug, wanted->name.slug))
		return 0;
	if (slice_equal(name.stem, wanted->near) || slice_equal(name.stem, wanted->exact))
		rank = FIT_PATH;
	else if (wanted->name.lang.len > 0 && !slice_equal(name.lang, wanted->name.lang))
		return 0;
	else
		rank = fit_folders(wanted, name.folders);
	if (rank == 0)
		return 0;
	if (rank < FIT_PATH && slice_same_nocase(name.filename, wanted->name.filename))
		rank += FIT_NAME;
	/* Among translations: the language of the link's own article, else the main one. */
	if (slice_equal(name.lang, wanted->lang))
		return rank + 2;
	return name.lang.len == 0 ? rank + 1 : rank;
}

/* The candidate that fits best, so far. */
struct choice {
	const struct article *best;
	int rank;
	bool tie;
};

static void consider(
    struct choice *choice, const struct wanted *wanted, const struct article *article)
{
	int rank = fit(wanted, article);

	if (rank > choice->rank)
		*choice = (struct choice){article, rank, false};
	else if (rank > 0 && rank == choice->rank)
		choice->tie = true;
}

/* Articles at this very path: translations of one, or of two extensions. */
static void consider_path(const struct index *index, struct choice *choice,
    const struct wanted *wanted, struct slice stem)
{
	unsigned left = LINK_CANDIDATES;

	for (uint32_t i = index_chain(index, INDEX_STEM, stem); i != INDEX_NONE && left-- > 0;
	     i = index->next[INDEX_STEM][i])
		if (slice_equal(stem_of(index->items[i]->path), stem))
			consider(choice, wanted, index->items[i]);
}

/* The path first, which most links name: thousands of articles may share the name. */
static const struct article *best_fit(const struct index *index, const struct wanted *wanted)
{
	struct choice choice = {0};
	unsigned left = LINK_CANDIDATES;

	consider_path(index, &choice, wanted, wanted->near);
	if (!wanted->stated && !slice_equal(wanted->near, wanted->exact))
		consider_path(index, &choice, wanted, wanted->exact);
	if (choice.rank >= FIT_PATH || wanted->stated)
		return choice.tie ? NULL : choice.best;
	for (uint32_t i = index_chain(index, INDEX_NAME, wanted->name.slug);
	     i != INDEX_NONE && left-- > 0; i = index->next[INDEX_NAME][i])
		consider(&choice, wanted, index->items[i]);
	return choice.tie ? NULL : choice.best;
}

static const struct article *by_title(const struct index *index, struct slice title)
{
	const struct article *found = NULL;
	unsigned left = LINK_CANDIDATES;

	for (uint32_t i = index_chain(index, INDEX_TITLE, title); i != INDEX_NONE && left-- > 0;
	     i = index->next[INDEX_TITLE][i]) {
		if (!slice_same_nocase(index->items[i]->title, title))
			continue;
		if (found)
			return NULL;
		found = index->items[i];
	}
	return found;
}

const struct article *index_link(const struct index *index, struct slice from, struct slice target)
{
	struct buf path = BUF_INIT, near = BUF_INIT, exact = BUF_INIT;
	struct wanted wanted = {.rooted = slice_starts(target, "/") || slice_starts(target, "@/"),
	    .stated = slice_starts(target, "./") || slice_starts(target, "../")};
	struct permalink_name own;
	const struct article *found = NULL;

	if (index_len(index) == 0 || target.len == 0)
		return NULL;
	uri_put_decoded(&path, slice_from(target, slice_starts(target, "@") ? 1 : 0));
	while (path.len > 0 && path.data[path.len - 1] == '/')
		buf_cut(&path, path.len - 1);
	put_resolved(&exact, buf_slice(&path));
	buf_put_slice(&near, folder_of(from));
	if (wanted.rooted)
		buf_clear(&near);
	put_resolved(&near, buf_slice(&path));
	if (exact.len > 0) {
		permalink_name(from, &own);
		wanted.lang = own.lang;
		permalink_name(buf_slice(&exact), &wanted.name);
		wanted.exact = stem_of(buf_slice(&exact));
		wanted.near = stem_of(buf_slice(&near));
		found = best_fit(index, &wanted);
		if (!found && !wanted.stated)
			found = by_title(index, buf_slice(&path));
	}
	buf_free(&path);
	buf_free(&near);
	buf_free(&exact);
	return found;
}

static bool find_url(const void *arg, struct slice from, struct slice target, struct buf *url)
{
	const struct article *article = index_link(arg, from, target);

	if (article)
		buf_put_slice(url, article->url);
	return article != NULL;
}

struct links index_links(const struct index *index)
{
	return (struct links){index, find_url};
}
