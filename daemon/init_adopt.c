/* The feed that the site has already, whose ids its readers know. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/download.h"
#include "daemon/fsio.h"
#include "daemon/init.h"
#include "daemon/log.h"
#include "daemon/prompt.h"
#include "feeds/adopt.h"
#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/base/uri.h"

/* Where generators and people have the feed of all articles. */
static const char *const usual[] = {"index.xml", "atom.xml", "feed.xml", "rss.xml", "rss2.xml",
    "feed.json", "index.json", "feed/feed.xml", "feed/index.xml", "feeds/all.atom.xml",
    "feeds/all.rss.xml", "blog/index.xml", "posts/index.xml"};

enum { USUAL = sizeof(usual) / sizeof(*usual), KEPT_MOST = 9 };

static size_t count_entries(struct slice bytes, struct err *err)
{
	struct adopt_feed feed = ADOPT_FEED_INIT;
	size_t entries = adopt_parse(bytes, &feed, err) == 0 ? feed.len : 0;

	adopt_feed_free(&feed);
	return entries;
}

static char *path_in(const char *dir, const char *name)
{
	char *path = NULL;

	if (*name == '/')
		return mem_dup(name, strlen(name));
	if (asprintf(&path, "%s/%s", dir, name) < 0)
		mem_exhausted();
	return path;
}

/* How many entries a file has that is a feed; 0: it is none, or not there. */
static size_t entries_of(const char *path)
{
	struct buf bytes = BUF_INIT;
	size_t entries = 0;
	struct err ignored;

	if (fsio_read_path(path, ADOPT_BYTES_MAX, &bytes, &ignored) == 0)
		entries = count_entries(buf_slice(&bytes), &ignored);
	buf_free(&bytes);
	return entries;
}

/* The first that is a feed, those of the draft before the usual ones. To be freed; NULL: none. */
static char *find_local(const struct init *init, size_t *out_entries)
{
	const struct draft *draft = &init->draft;
	char *output = path_in(init->dir, draft->values[DRAFT_OUTPUT].text), *path = NULL;
	size_t feeds = draft->feeds_len * FORMAT_FEEDS;

	for (size_t i = 0; i < feeds + USUAL; i++) {
		const struct draft_feed *feed = &draft->feeds[i < feeds ? i / FORMAT_FEEDS : 0];
		const char *name = i < feeds ? feed->paths[i % FORMAT_FEEDS] : usual[i - feeds];

		if (!name || (i < feeds && feed->by))
			continue;
		path = path_in(output, name);
		*out_entries = entries_of(path);
		if (*out_entries > 0)
			break;
		free(path);
		path = NULL;
	}
	free(output);
	return path;
}

static int offer_local(struct init *init, char *take_path, size_t entries)
{
	struct buf question = BUF_INIT;
	bool yes = true;
	int rc = 0;

	buf_printf(&question, "%s is a feed of %zu entr%s. Take over the ids in it?", take_path,
	    entries, text_plural_y(entries));
	if (init->asks)
		rc = prompt_yes(buf_string(&question), true, &yes);
	if (rc == 0 && yes)
		init->adopt = take_path;
	else
		free(take_path);
	buf_free(&question);
	return rc;
}

/* The public address of the first feed; empty while that of the site is not known. */
static void put_public(const struct init *init, struct buf *out)
{
	const struct draft *draft = &init->draft;

	if (draft->values[DRAFT_URL].trust < DRAFT_FOUND)
		return;
	for (size_t i = 0; i < draft->feeds_len; i++)
		for (size_t j = 0; j < FORMAT_FEEDS; j++)
			if (draft->feeds[i].paths[j] && !draft->feeds[i].by) {
				uri_resolve(slice_of(draft->values[DRAFT_URL].text),
				    slice_of(draft->feeds[i].paths[j]), out);
				return;
			}
}

/* A document that is no feed is not kept. */
static bool fetch(struct init *init, const char *url)
{
	struct err err = {0};
	size_t entries;

	buf_clear(&init->old);
	log_info("downloading %s", url);
	if (download_run(url, NULL, ADOPT_BYTES_MAX, &init->old, &err) < 0) {
		log_warning("%s: %s", url, err.text);
		return false;
	}
	entries = count_entries(buf_slice(&init->old), &err);
	if (entries == 0) {
		log_warning("%s: %s", url, err.kind ? err.text : "it is a feed without entries");
		buf_clear(&init->old);
		return false;
	}
	log_info("it has %zu entr%s", entries, text_plural_y(entries));
	return true;
}

static int offer_public(struct init *init)
{
	struct buf url = BUF_INIT, answer = BUF_INIT, question = BUF_INIT;
	bool done = false;
	int rc = 0;

	put_public(init, &url);
	buf_puts(&question, "Address of a feed that the site has on the web, to take over the ids "
			    "that its readers know; empty for none");
	if (url.len > 0)
		buf_printf(&question, ", y for %s", buf_string(&url));
	while (!done && (rc = prompt_line(buf_string(&question), NULL, &answer)) == 0) {
		struct slice word = buf_slice(&answer);
		bool yes = slice_equal_nocase(word, "y") || slice_equal_nocase(word, "yes");

		if (word.len == 0 || slice_equal_nocase(word, "n") ||
		    slice_equal_nocase(word, "no") || slice_equal_nocase(word, "none"))
			done = true;
		else if (yes && url.len > 0)
			done = fetch(init, buf_string(&url));
		else if (uri_is_web(word))
			done = fetch(init, buf_string(&answer));
		else
			log_warning("that is no address such as https://example.com/index.xml");
	}
	buf_free(&url);
	buf_free(&answer);
	buf_free(&question);
	return rc;
}

int init_find_feed(struct init *init)
{
	size_t entries = 0;
	char *local = find_local(init, &entries);

	if (local)
		return offer_local(init, local, entries);
	return init->asks ? offer_public(init) : 0;
}

/* "old-feed.xml", "old-feed-2.xml": the first name that is free. */
int init_keep_feed(struct init *init, struct err *err)
{
	const char *end = slice_starts(slice_trim(buf_slice(&init->old)), "{") ? "json" : "xml";
	char *name = NULL;
	int rc = -1;

	for (unsigned i = 1; rc < 0 && i <= KEPT_MOST; i++) {
		free(name);
		if ((i == 1 ? asprintf(&name, "old-feed.%s", end)
			    : asprintf(&name, "old-feed-%u.%s", i, end)) < 0)
			mem_exhausted();
		rc = fsio_write_new(init->folder, name, buf_slice(&init->old), err);
	}
	if (rc == 0)
		init->adopt = path_in(init->dir, name);
	free(name);
	return rc;
}
