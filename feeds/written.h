/*
 * written: the digest of what an author wrote.
 *
 * `updated` of an entry moves when this moves, and for nothing else: not for a
 * rename, a touch, another setting, another generator's dialect or order of
 * keys, keys that no entry shows, line ends. So everything here is as written,
 * before settings turn it into dates in zones and absolute URLs.
 */
#ifndef FEEDS_WRITTEN_H
#define FEEDS_WRITTEN_H

#include <stdint.h>

#include "feeds/base/date.h"
#include "feeds/feed.h"

/*
 * Raised when digests of the same writing become others. Whoever stored digests then takes the
 * new ones over and moves nothing.
 */
enum { WRITTEN_VERSION = 4 };

struct written { /* what is not in the front matter is empty */
	struct slice title, summary, lang, external_url, image;
	struct enclosure enclosure;
	const struct person *authors;
	size_t authors_len;
	const struct slice *tags, *categories;
	size_t tags_len, categories_len;
	const struct date *published; /* NULL: the front matter has none */
	struct slice body;	      /* white space at its ends does not count */
};

uint64_t written_digest(const struct written *written);

#endif
