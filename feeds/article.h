/*
 * article: a source file, understood.
 *
 * article_parse takes a file's legal text and says what it is: title, dates,
 * tags, where its page lives, whether it is public. The body is only located;
 * it is rendered later, and only for articles that stand in some feed
 * (markup/markup.h). Everything a parsed article holds lives in the arena it
 * was parsed into; article_pack makes the lasting copy that an index keeps.
 */
#ifndef FEEDS_ARTICLE_H
#define FEEDS_ARTICLE_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/arena.h"
#include "feeds/base/diag.h"
#include "feeds/base/err.h"
#include "feeds/base/zone.h"
#include "feeds/feed.h"
#include "feeds/markup/markup.h"
#include "feeds/permalink.h"

enum { ARTICLE_NEVER = 0 }; /* of `expires` */

/*
 * What tells a file that was not touched since it was read. The machine's half
 * (daemon/) fills and compares it; here it is only carried.
 */
struct article_stamp {
	int64_t size;	  /* bytes */
	int64_t mtime_ns; /* Unix time in nanoseconds */
	int64_t ctime_ns;
	uint64_t inode;
};

struct article {
	struct slice path;    /* within content.dir, as on disk */
	struct slice title;   /* plain text, never empty */
	struct slice id;      /* RFC 4287 atom:id: from the front matter, else minted */
	struct slice url;     /* of the page, an absolute URI */
	struct slice section; /* first folder that is no language, or empty */
	struct slice lang;    /* BCP 47, or empty: the site's */
	const struct slice *tags, *categories, *authors; /* of authors the names */
	int64_t published;				 /* Unix seconds */
	int64_t updated;				 /* its own update key, else `published` */
	int64_t expires;				 /* ARTICLE_NEVER: does not */
	int64_t first_seen;				 /* when feedd first saw it */
	struct article_stamp stamp;
	uint64_t digest;  /* of the file's bytes, by hash.h; 0: not known */
	uint64_t written; /* of what the author wrote, likewise; see article_parse */
	uint64_t sketch;  /* of its text; see identity_sketch. 0: too short for one */
	uint16_t tags_len, categories_len, authors_len; /* at most FIELDS_LIST_MAX */
	bool draft : 1;
	bool excluded : 1; /* the author wants it in no feed, or it is the site's home or README */
	bool minor : 1;	   /* the last change is not worth an `updated` */
	bool undated : 1;  /* no date anywhere: `published` is the file's */
	bool dateless : 1; /* undated, and the rules want no such article in feeds */
	bool own_id : 1;   /* `id` is the front matter's */
	bool own_updated : 1; /* `updated` is the front matter's */
	bool early : 1; /* it says an `updated` that is still to come; its stamp fits no file */
	bool by_first_seen : 1; /* the time of day of `published` is that of first sight */
	/*
	 * The machine's half sets these, and on its own thread while workers read those above: a
	 * memory location of their own (C11 3.14).
	 */
	bool : 0;
	bool shown : 1;	 /* it has stood in a feed */
	bool shared : 1; /* its file has other names: what is done by those tells nothing of it */
	bool links : 1;	 /* rendering asked for other articles */
};

/* What only rendering needs; lives in the arena of the parse. */
struct article_detail {
	struct slice summary;	    /* the author's own, plain text, or empty */
	struct slice separator;	    /* what the author put behind it in the body, or empty */
	struct slice image_url;	    /* absolute, or empty */
	struct slice external_url;  /* absolute, or empty */
	struct enclosure enclosure; /* url absolute, or empty */
	const struct person *authors;
	size_t authors_len;
	struct slice body;  /* of the text that was parsed */
	uint32_t body_line; /* from 1 */
	const struct markup *markup;
};

enum article_standing { /* why an article is in feeds, or not */
	ARTICLE_PUBLIC,
	ARTICLE_DRAFT,
	ARTICLE_SCHEDULED, /* published later than now */
	ARTICLE_EXPIRED,
	ARTICLE_EXCLUDED, /* feed: false and its like */
	ARTICLE_UNDATED,  /* see article_rules.skip_undated */
	ARTICLE_STANDINGS,
};

/* What a site says about all its articles. Borrowed for the call. */
struct article_rules {
	struct slice site_url;	/* absolute, ends with "/" */
	struct slice site_lang; /* BCP 47, or empty */
	/* Of the sections that feeds ask for, those that read like languages: keys (feedpath.h). */
	const struct slice *sections;
	size_t sections_len;
	const struct zone *zone; /* for dates without one; NULL: UTC */
	struct slice permalink;	 /* a pattern: permalink.h */
	enum permalink_style permalink_style;
	bool
	    permalink_site_days; /* days in URLs are those of `zone`, not of the date's own offset */
	bool skip_undated;
	bool
	    date_only_first_seen; /* a date without time takes the time of first sight, if that was the same day */
};

struct article_file {	    /* what the machine knows of the file */
	struct slice path;  /* within content.dir */
	int64_t undated;    /* `published` of an article without a date */
	int64_t first_seen; /* Unix seconds */
	int64_t now;	    /* nothing was updated later */
	struct article_stamp stamp;
	uint64_t digest; /* of the file's bytes; 0: not known */
};

/*
 * Parse an article. `text` is legal (text.h) and stays borrowed by *out and *detail. Fails with
 * ERR_SYNTAX and place when the front matter is broken, with ERR_INVALID when
 * the file is empty.
 *
 * `written` is that of written.h: the same for every place, name and setting.
 */
int article_parse(struct slice text, const struct article_file *file,
    const struct article_rules *rules, struct arena *arena, struct diags *diags,
    struct article *out, struct article_detail *detail, struct err *err);

/* The one predicate of visibility, the same for every feed. */
enum article_standing article_standing(const struct article *article, int64_t now);
/* "draft", "scheduled": for summaries. */
const char *article_standing_name(enum article_standing standing);

/* A lasting copy of what an index needs, one allocation, released with free(). */
struct article *article_pack(const struct article *article);

#endif
