#include "daemon/live.h"

#include <stdlib.h>
#include <string.h>

#include "feeds/base/buf.h"
#include "feeds/base/mem.h"
#include "feeds/ping/answer.h"

enum { VALIDATOR_MAX = 256 }; /* bytes of an ETag or a date that are kept */

struct live_ask {
	struct live_page *page;
	struct live_ask *next;
	enum live_what what;
	struct digest digest;
	uint64_t patience_ms;
	char *link; /* NULL: none */
	live_done done;
	void *arg;
};

struct live_page {
	struct live *live;
	struct live_page *next;
	char *url;
	bool feed;   /* of which the digest is looked at, and nothing else */
	bool kept;   /* for later looks: a feed, which has validators worth keeping */
	bool queued; /* to be fetched, when there is room */
	bool seen;   /* what follows is of the last 200 */
	struct digest digest;
	char *etag, *modified; /* NULL: it gave none */
	struct http_transfer *transfer;
	uint64_t patience_ms; /* of the transfer; 0: as long as any */
	struct live_ask *asks;
	uint64_t used; /* rising; the least was used longest ago */
};

struct live {
	struct http *http;
	struct live_page *pages;
	size_t kept; /* pages that are */
	uint64_t uses;
	unsigned fetching;
	bool stopping;
};

static void pump(struct live *live);

struct live *live_start(struct http *http)
{
	struct live *live = mem_zalloc(1, sizeof(*live));

	live->http = http;
	return live;
}

/* ---- pages ---- */

static void drop_page(struct live_page *page)
{
	struct live_page **at = &page->live->pages;

	while (*at != page)
		at = &(*at)->next;
	*at = page->next;
	page->live->kept -= page->kept;
	free(page->url);
	free(page->etag);
	free(page->modified);
	free(page);
}

static bool is_idle(const struct live_page *page)
{
	return !page->asks && !page->transfer;
}

/* Room for one more: the one that was not used for the longest time goes. */
static void make_room(struct live *live)
{
	struct live_page *oldest = NULL;

	if (live->kept < LIVE_PAGES)
		return;
	for (struct live_page *page = live->pages; page; page = page->next)
		if (page->kept && is_idle(page) && (!oldest || page->used < oldest->used))
			oldest = page;
	if (oldest)
		drop_page(oldest);
}

static struct live_page *need_page(struct live *live, struct slice url, bool feed)
{
	struct live_page *page;

	for (page = live->pages; feed && page; page = page->next)
		if (page->kept && slice_equal_str(url, page->url))
			return page;
	if (feed)
		make_room(live);
	page = mem_zalloc(1, sizeof(*page));
	page->live = live;
	page->url = mem_dup(url.ptr, url.len);
	page->feed = feed;
	page->kept = feed && live->kept < LIVE_PAGES;
	page->next = live->pages;
	live->kept += page->kept;
	live->pages = page;
	return page;
}

/* ---- looking ---- */

static void replace(char **kept, struct slice value)
{
	free(*kept);
	*kept = value.len && value.len <= VALIDATOR_MAX ? mem_dup(value.ptr, value.len) : NULL;
}

/* It ended before it was whole, and not for its length. */
static bool is_broken_off(const struct live_page *page, const struct http_answer *answer)
{
	return answer->cut && (page->feed || answer->body.len < LIVE_PAGE_MAX);
}

/* What the page is now, if the answer says. */
static void learn(struct live_page *page, const struct http_answer *answer)
{
	const struct ping_answer headers = {.headers = answer->headers};
	bool whole = !is_broken_off(page, answer);

	if (answer->status != 200)
		return;
	page->seen = true;
	page->digest = answer->digest;
	/* Half a page may not be what has not changed next time. */
	replace(&page->etag, whole ? answer_header(&headers, "ETag") : SLICE_NONE);
	replace(&page->modified, whole ? answer_header(&headers, "Last-Modified") : SLICE_NONE);
}

static bool has_bytes(
    const struct live_page *page, const struct live_ask *ask, const struct http_answer *answer)
{
	if (answer->status != 200 && answer->status != 304)
		return false;
	return page->seen && digest_equal(&page->digest, &ask->digest);
}

/* Written as it is, or with its "&" as HTML has them. */
static bool holds_link(struct slice body, const char *link)
{
	struct buf escaped = BUF_INIT;
	bool holds = slice_find(body, 0, link) < body.len;

	if (!holds && strchr(link, '&')) {
		for (const char *c = link; *c; c++)
			if (*c == '&')
				buf_puts(&escaped, "&amp;");
			else
				buf_putc(&escaped, *c);
		holds = slice_find(body, 0, buf_string(&escaped)) < body.len;
	}
	buf_free(&escaped);
	return holds;
}

static bool is_live(const struct live_page *page, const struct live_ask *ask,
    const struct http_answer *answer, const char **why)
{
	bool found = answer->status >= 200 && answer->status < 300;
	bool linked = found && (!ask->link || holds_link(answer->body, ask->link));
	bool half = found && is_broken_off(page, answer), live = false;

	if (answer->outcome != HTTP_DONE) {
		*why = answer->why ? answer->why : "it was not looked at";
		return false;
	}
	switch (ask->what) {
	case LIVE_BYTES:
		*why = found || answer->status == 304 ? "the old feed is there" : "it is not there";
		live = has_bytes(page, ask, answer);
		break;
	case LIVE_THERE:
		*why = found ? "the link is not in it" : "it is not there";
		live = linked;
		break;
	case LIVE_GONE:
		*why = ask->link ? "the link is still in it" : "it is still there";
		live =
		    answer->status == 404 || answer->status == 410 || (found && !linked && !half);
		break;
	}
	if (half)
		*why = "it broke off";
	return live;
}

static void free_ask(struct live_ask *ask)
{
	free(ask->link);
	free(ask);
}

static void on_fetched(void *arg, const struct http_answer *answer)
{
	struct live_page *page = arg;
	struct live *live = page->live;
	struct live_ask *asks = page->asks, *ask;

	page->transfer = NULL;
	live->fetching--;
	if (answer->outcome == HTTP_CANCELLED && !live->stopping)
		asks = NULL; /* it was asked for again since then, and is fetched anew */
	else
		page->asks = NULL;
	page->queued = page->asks != NULL;
	if (answer->outcome == HTTP_DONE)
		learn(page, answer);
	while ((ask = asks)) {
		const char *why = "";
		bool there = is_live(page, ask, answer, &why);

		asks = ask->next;
		ask->page = NULL;
		ask->done(ask->arg, there, why);
		free_ask(ask);
	}
	if (live->stopping || (!page->kept && is_idle(page)))
		drop_page(page);
	if (live->stopping && live->fetching == 0)
		free(live);
	else if (!live->stopping)
		pump(live);
}

/* Whoever has the least waits no longer; the others look again. */
static uint64_t least_patience(const struct live_page *page)
{
	uint64_t least = 0;

	for (const struct live_ask *ask = page->asks; ask; ask = ask->next)
		if (ask->patience_ms && (!least || ask->patience_ms < least))
			least = ask->patience_ms;
	return least;
}

static void fetch(struct live_page *page)
{
	struct http_header headers[2];
	struct http_request request = {
	    .redirects = true,
	    .url = slice_of(page->url),
	    .headers = headers,
	    .answer_max = page->feed ? LIVE_FEED_MAX : LIVE_PAGE_MAX,
	    .digested = page->feed,
	    .timeout_ms = least_patience(page),
	};

	if (page->seen && page->etag)
		headers[request.headers_len++] =
		    (struct http_header){"If-None-Match", slice_of(page->etag)};
	if (page->seen && page->modified)
		headers[request.headers_len++] =
		    (struct http_header){"If-Modified-Since", slice_of(page->modified)};
	page->queued = false;
	page->patience_ms = request.timeout_ms;
	page->live->fetching++;
	page->transfer = http_send(page->live->http, &request, on_fetched, page);
}

static void pump(struct live *live)
{
	for (struct live_page *page = live->pages; page && live->fetching < LIVE_AT_ONCE;
	     page = page->next)
		if (page->queued)
			fetch(page);
}

struct live_ask *live_ask(
    struct live *live, const struct live_question *question, live_done done, void *arg)
{
	struct live_page *page = need_page(live, question->url, question->what == LIVE_BYTES);
	struct live_ask *ask = mem_zalloc(1, sizeof(*ask));

	*ask = (struct live_ask){
	    .page = page,
	    .next = page->asks,
	    .what = question->what,
	    .digest = question->digest,
	    /* Else each that asks a second later would have the page fetched anew. */
	    .patience_ms = question->patience_ms < HTTP_TIMEOUT_MS ? question->patience_ms : 0,
	    .link = question->link.len ? mem_dup(question->link.ptr, question->link.len) : NULL,
	    .done = done,
	    .arg = arg,
	};
	page->asks = ask;
	page->used = ++live->uses;
	page->queued = !page->transfer;
	if (page->transfer && ask->patience_ms &&
	    (!page->patience_ms || ask->patience_ms < page->patience_ms)) {
		page->patience_ms = ask->patience_ms;
		http_cancel(page->transfer); /* it is fetched anew */
	}
	pump(live);
	return ask;
}

void live_cancel(struct live_ask *ask)
{
	struct live_page *page = ask->page;
	struct live_ask **at = &page->asks;

	while (*at != ask)
		at = &(*at)->next;
	*at = ask->next;
	free_ask(ask);
	if (page->asks)
		return;
	page->queued = false;
	if (page->transfer)
		http_cancel(page->transfer);
	else if (!page->kept)
		drop_page(page);
}

void live_stop(struct live *live)
{
	struct live_page *page, *next;

	if (!live)
		return;
	live->stopping = true;
	for (page = live->pages; page; page = next) {
		next = page->next;
		if (page->transfer)
			http_cancel(page->transfer);
		else
			drop_page(page);
	}
	if (live->fetching == 0)
		free(live);
}

int64_t live_again_in(int64_t waited)
{
	return waited < 1 ? 1 : waited < LIVE_AGAIN_MOST ? waited : LIVE_AGAIN_MOST;
}
