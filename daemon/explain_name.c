/* What the word behind --explain means. */
#include <stdlib.h>
#include <sys/stat.h>

#include "daemon/explain_inside.h"
#include "daemon/plan.h"
#include "feeds/base/mem.h"
#include "feeds/feedpath.h"

/* As it is without symlinks on the way; the last name stays what it is. NULL: there is no such. */
static char *real_path(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct buf joined = BUF_INIT;
	char *folder, *real, *out;

	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return realpath(path, NULL);
	folder = slash ? mem_dup(path, (size_t)(slash - path) + 1) : mem_dup(".", 1);
	real = realpath(folder, NULL);
	buf_printf(&joined, "%s/%s", real && real[1] ? real : "", name);
	out = real ? mem_dup(joined.data, joined.len) : NULL;
	free(folder);
	free(real);
	buf_free(&joined);
	return out;
}

/* What stands behind a folder in a path below it; NULL: it is not below. */
static const char *below(const char *folder, const char *path)
{
	size_t len = strlen(folder);

	return strncmp(folder, path, len) == 0 && path[len] == '/' && path[len + 1] ? path + len + 1
										    : NULL;
}

/* Is there a file at `path`, and within content.dir? */
static bool find_file(const char *content, const char *path, struct explain_name *out)
{
	char *real = real_path(path);
	const char *within = real ? below(content, real) : NULL;
	struct stat stat;
	bool found = within && lstat(real, &stat) == 0;

	if (found) {
		out->kind = S_ISDIR(stat.st_mode) ? EXPLAIN_FOLDER : EXPLAIN_ARTICLE;
		out->path = mem_dup(within, strlen(within));
	}
	free(real);
	return found;
}

static bool find_article(const struct site *site, const char *word, struct explain_name *out)
{
	char *named = site_path(site, site->config->content.dir);
	char *content = realpath(named, NULL);
	struct buf path = BUF_INIT;
	bool found = content && find_file(content, word, out);

	if (content && !found && *word != '/') {
		buf_printf(&path, "%s/%s", content, word);
		found = find_file(content, buf_string(&path), out);
	}
	buf_free(&path);
	free(content);
	free(named);
	return found;
}

static bool find_feed(const struct site *site, const char *word, struct explain_name *out)
{
	for (size_t i = 0; i < site->config->feeds_len; i++) {
		if (strcmp(site->config->feeds[i].name, word) != 0)
			continue;
		explain_name_free(out); /* a folder of that name is not meant */
		out->kind = EXPLAIN_FEED;
		out->feed = i;
		return true;
	}
	return false;
}

void explain_name_find(const struct site *site, const char *word, struct explain_name *out)
{
	*out = (struct explain_name){.kind = EXPLAIN_UNKNOWN};
	if (!find_article(site, word, out) || out->kind == EXPLAIN_FOLDER)
		(void)find_feed(site, word, out); /* or it stays a folder, or unknown */
}

/* Does a feed write this file, or has it this URL? */
static bool find_document(
    const struct library *library, struct slice path, const char *url, struct explain_name *out)
{
	const struct config *config = library->site->config;

	for (size_t i = 0; i < config->feeds_len; i++) {
		for (size_t j = 0; j < library->results[i].len * FORMAT_COUNT; j++) {
			struct query_group *group = library->results[i].groups[j / FORMAT_COUNT];
			struct document_source source = plan_source(library, i, group, 0);
			struct document *document;
			bool found;

			if (!config->feeds[i].paths[j % FORMAT_COUNT])
				continue;
			document = document_new(&source, j % FORMAT_COUNT);
			found = slice_equal_str(path, document->path) ||
				slice_equal_str(document->channel.self_url, url);
			document_free(document);
			if (!found)
				continue;
			*out = (struct explain_name){EXPLAIN_FEED, NULL, i, group};
			return true;
		}
	}
	return false;
}

/* Is it what [pages] makes for all feeds, by path or URL? */
static bool is_of_site(const struct config *config, struct slice path, const char *url)
{
	const char *const paths[] = {
	    config->pages.index, config->pages.opml, config->pages.stylesheet};
	struct buf whole = BUF_INIT;
	bool found = false;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths) && !found; i++) {
		if (!paths[i])
			continue;
		buf_clear(&whole);
		feed_url(slice_of(config->site.url), slice_of(paths[i]), &whole);
		found = slice_equal_str(path, paths[i]) || slice_equal_str(buf_slice(&whole), url);
	}
	buf_free(&whole);
	return found;
}

void explain_name_look(const struct library *library, const char *word, struct explain_name *out)
{
	char *output = realpath(library->site->output_path, NULL);
	char *real = real_path(word);
	const char *within = output && real ? below(output, real) : NULL;
	const struct article *article = index_with(&library->index, INDEX_HELD_URL, slice_of(word));
	struct slice path = slice_of(within ? within : word);

	if (!find_document(library, path, word, out) && article) {
		explain_name_free(out);
		out->kind = EXPLAIN_ARTICLE;
		out->path = mem_dup(article->path.ptr, article->path.len);
	}
	if (out->kind == EXPLAIN_UNKNOWN && is_of_site(library->site->config, path, word))
		out->kind = EXPLAIN_PAGES;
	free(output);
	free(real);
}

void explain_name_free(struct explain_name *name)
{
	free(name->path);
	name->path = NULL;
}
