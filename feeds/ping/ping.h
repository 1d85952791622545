/*
 * ping: the family of protocols in which aggregators are told, a row each.
 *
 *	compose ─► (daemon/ sends the request) ─► judge ─► told, try again, given up, parked, next step
 *
 * A row turns what is to be told into an HTTP request, and an answer into a
 * verdict. It sends nothing, knows no clock and keeps nothing: the same call
 * gives the same request. To add a protocol, write feeds/ping/NAME.c and add
 * its row to the table in ping.c; settings, outbox and delivery follow the
 * table.
 */
#ifndef FEEDS_PING_PING_H
#define FEEDS_PING_PING_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/arena.h"
#include "feeds/base/buf.h"
#include "feeds/base/err.h"
#include "feeds/base/slice.h"

enum ping_topics { /* which documents it is told of */
	PING_NO_TOPICS,
	PING_ALL_TOPICS,
	PING_RSS_TOPICS, /* those in RSS */
	PING_ONE_TOPIC,	 /* of each feed the first format that it has */
};

enum ping_entries { /* which entries it is told of, and what tells two of them apart */
	PING_NO_ENTRIES,
	PING_BY_ID,
	PING_BY_URL,  /* an entry whose URL changes is one that goes and one that comes */
	PING_BY_LINK, /* each link of an entry to another site */
};

enum ping_event { PING_ADDED, PING_UPDATED, PING_REMOVED };

/* What is to be told. Strings are empty where they do not apply. */
struct ping_item {
	bool entry; /* else a topic */
	enum ping_event event;
	struct slice url;	    /* of the topic, or of the entry's page */
	struct slice id;	    /* of the entry (RFC 4287 atom:id) */
	struct slice title;	    /* of the feed or the entry; plain text */
	struct slice link;	    /* PING_BY_LINK: where it leads */
	struct slice feed, format;  /* of a topic: its name in the settings, "atom" */
	int64_t published, updated; /* of the entry, Unix seconds; 0: not known */
	int64_t since;		    /* when it came to be due, Unix seconds */
	struct slice
	    message; /* one and the same for all tries of this ping: letters, digits, "_" */
};

struct ping_target { /* whom to tell; borrowed */
	struct slice url;
	struct slice site_title, site_url; /* the URL is absolute and ends with "/" */
	struct slice key;		   /* IndexNow's */
	const struct slice
	    *secrets; /* as their file has them, without line ends; all of them hold */
	size_t secrets_len;
};

/*
 * One step of one ping. A step that leads to a next one says what that needs to
 * know in its verdict, and finds it here.
 */
struct ping_call {
	const struct ping_target *target;
	const struct ping_item *items; /* at least one, at most the row's `batch` */
	size_t items_len;
	unsigned step;	   /* from 0; below PING_STEPS */
	struct slice next; /* of the last step's verdict */
	int64_t now;	   /* Unix seconds, of this try */
};

enum { PING_STEPS = 4 };

struct ping_header {
	const char *name;
	struct slice value;
	bool secret; /* never shown */
};

enum { PING_HEADERS = 8 };

struct ping_request {	/* strings live in the arena of the call */
	bool post;	/* else GET */
	bool redirects; /* follow them, whatever the settings say: a page is fetched */
	struct slice url;
	struct ping_header headers[PING_HEADERS]; /* Content-Type too */
	size_t headers_len;
	struct slice body;
};

struct ping_answer {
	int status;	      /* HTTP */
	struct slice headers; /* lines "Name: value", as they came, of the last response */
	struct slice body;    /* perhaps cut off */
	struct slice url;     /* that answered, after redirects */
};

enum ping_result {
	PING_TOLD,
	PING_NOTHING, /* nobody wants to be told of this; as good as told */
	PING_RETRY,   /* later, by the ladder */
	PING_GIVE_UP, /* this will not do; the next change is told again */
	PING_PARK,    /* it wants to hear nothing any more */
	PING_NEXT,    /* with step + 1, at once */
};

struct ping_verdict {
	enum ping_result result;
	struct slice text; /* what it said, for people: one short line; in the arena of the call */
	int64_t retry_after; /* it asked to wait so many seconds; 0: it did not */
	struct slice next;   /* PING_NEXT: for the call of the next step; in the arena */
};

struct ping {
	const char *name;  /* "websub": of the setting */
	const char *title; /* "WebSub": for messages */
	const char *url;   /* where it listens when the settings do not say; NULL: they have to */
	bool no_url;	   /* nobody listens at one place: the settings must not say */
	enum ping_topics topics;
	enum ping_entries entries;
	bool secret; /* it may have secrets; see `secret_needed` */
	bool secret_needed;
	/* Is it one? Errors say nothing of what it is. NULL: any line is. */
	int (*check_secret)(struct slice secret, struct err *err);
	bool key;	      /* it has a key that stands in a file of the site */
	unsigned batch;	      /* items in one request, at most */
	int64_t min_interval; /* seconds between two requests, when the settings do not say */
	int64_t again_after;  /* seconds before the same entry is told again */
	/* When a second request follows on the answer to the first, for people; NULL: none does. */
	const char *then;
	/*
	 * Would it take this one? -1: no, and why (ERR_INVALID); then compose is not to be asked
	 * with it. NULL: it takes all.
	 */
	int (*takes)(
	    const struct ping_target *target, const struct ping_item *item, struct err *err);
	/*
	 * -1: what it needs is missing or wrong (ERR_INVALID); that is the target's fault.
	 */
	int (*compose)(const struct ping_call *call, struct arena *arena, struct ping_request *out,
	    struct err *err);
	/* The call is the one that was composed. Ask ping_judge, which lets no secret into `text`. */
	void (*judge)(const struct ping_call *call, const struct ping_answer *answer,
	    struct arena *arena, struct ping_verdict *out);
};

enum { PING_COUNT = 8 };

extern const struct ping *const pings[PING_COUNT];

extern const struct ping ping_websub;	    /* W3C WebSub, publish as hubs have it */
extern const struct ping ping_xmlrpc;	    /* weblogUpdates.extendedPing, else .ping */
extern const struct ping ping_rsscloud;	    /* rssCloud, REST form */
extern const struct ping ping_indexnow;	    /* IndexNow */
extern const struct ping ping_webhook;	    /* Standard Webhooks 1.0.0 */
extern const struct ping ping_webmention;   /* W3C Webmention, the sender's half */
extern const struct ping ping_podping;	    /* podping.cloud */
extern const struct ping ping_podcastindex; /* the hub of the Podcast Index */

/*
 * What an answer means by the protocol. The text is made of an answer with "***" where it repeats
 * a secret of the target, or a part of its URL that may be one: it can be logged and kept.
 */
void ping_judge(const struct ping *protocol, const struct ping_call *call,
    const struct ping_answer *answer, struct arena *arena, struct ping_verdict *out);
/* Append the text, with "***" in these places. */
void ping_put_hidden(struct buf *out, struct slice text, const struct ping_target *target);

/*
 * What HTTP alone says, for every judge: 2xx told; 408, 425, 429 and 5xx try again, with
 * Retry-After; 410 park; anything else give up, a redirect with where it leads.
 */
void ping_judge_status(const struct ping_call *call, const struct ping_answer *answer,
    struct arena *arena, struct ping_verdict *out);

#endif
