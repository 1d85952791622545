/*
 * pages: the documents that there is one of for the whole site.
 *
 * The page of all feeds, the OPML and the stylesheet ([pages] of the settings);
 * the page of each feed is a document like the others (document.h). What they
 * list changes when a feed comes, goes, has another name or another number of
 * entries: pages_note keeps a sum of that, feed by feed as they are touched, so
 * that an edit costs the same whatever the number of feeds.
 *
 *	pages_claim ─► pages_note … ─► pages_plan ─► pages_render ─► pages_keep …
 *
 * The stylesheet is the user's to change. It is written where there is none,
 * and replaced only while it is as feedd wrote it. A page that was there
 * before feedd's first is not replaced either: it may be the site's own. What cannot
 * be read, such as a symlink to a theme elsewhere, is somebody's too.
 *
 * All but the last blocks. pages_render reads the frozen library beside other jobs.
 */
#ifndef DAEMON_PAGES_H
#define DAEMON_PAGES_H

#include "daemon/library.h"
#include "daemon/publish.h"

enum { PAGES_COUNT = FORMAT_ALL - FORMAT_COUNT };

extern const char pages_name[]; /* stands for the feed that they are of, in messages */

struct pages_document {
	const char *path; /* within output.dir; NULL: there is none */
	size_t format;	  /* of formats[] */
	bool wanted;	  /* it is not what it should be */
	bool foreign;	  /* somebody else's file is there */
	struct digest recipe;

	/* Of pages_render, for what is wanted. */
	bool failed; /* *err says why */
	struct publish_result result;
	struct err err;
};

struct pages { /* in the order of formats[], from FORMAT_COUNT */
	struct pages_document documents[PAGES_COUNT];
};

/* They write their files, before any feed does. Their number as owner is that of no [[feed]]. */
void pages_claim(struct library *library);
/* A group is planned: it has these entries now. */
void pages_note(struct library *library, size_t feed, struct query_group *group);
/* How many of them are as they should be. */
size_t pages_plan(struct library *library, int64_t now, struct pages *out);
void pages_render(const struct library *library, int64_t now, struct pages *pages);
/* One of them was published: the library remembers it. On the loop. */
void pages_keep(struct library *library, const struct pages_document *document, int64_t now);

/* There is a page that feedd neither knows nor made. */
bool pages_is_foreign(const struct library *library, const char *path);
int pages_refuse(struct err *err);

#endif
