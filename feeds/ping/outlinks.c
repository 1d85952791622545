#include "feeds/ping/outlinks.h"

#include "feeds/base/map.h"
#include "feeds/base/uri.h"
#include "feeds/markup/htmlent.h"
#include "feeds/markup/htmllex.h"

struct search {
	struct buf site; /* its host */
	struct map seen; /* pages, without fragments; keys are in the arena */
	struct arena *arena;
	struct outlinks *out;
};

/* Without "www.", with which most sites are the same. */
static struct slice host_plain(const struct buf *host)
{
	struct slice plain = buf_slice(host);

	return slice_starts(plain, "www.") ? slice_from(plain, strlen("www.")) : plain;
}

static bool is_outside(const struct search *search, struct slice url)
{
	struct buf host = BUF_INIT;
	bool outside;

	uri_put_host(&host, url);
	outside = !slice_equal(host_plain(&host), host_plain(&search->site));
	buf_free(&host);
	return outside;
}

static void link_put(struct search *search, struct slice url)
{
	struct slice page = slice_sub(url, 0, slice_find_byte(url, 0, '#'));
	struct outlinks *out = search->out;

	if (!uri_is_web(url) || !is_outside(search, url) ||
	    map_get(&search->seen, page) != MAP_NONE)
		return;
	if (out->len == OUTLINKS_MAX || url.len > OUTLINKS_URL_MAX) {
		out->cut = true;
		return;
	}
	url = arena_copy(search->arena, url);
	*map_put(&search->seen, slice_sub(url, 0, page.len)) = out->len;
	out->urls[out->len++] = url;
}

void outlinks_find(struct slice html, struct slice external_url, struct slice site_url,
    struct arena *arena, struct outlinks *out)
{
	struct search search = {.arena = arena, .out = out};
	struct htmllex lex = {.html = html};
	struct htmllex_token token;
	struct buf url = BUF_INIT;

	out->len = 0;
	out->cut = false;
	uri_put_host(&search.site, site_url);
	link_put(&search, slice_trim(external_url));
	while (htmllex_next(&lex, &token)) {
		if (token.kind != HTMLLEX_START || !slice_equal_nocase(token.name, "a"))
			continue;
		buf_clear(&url);
		/* What is broken stays, as the site's own page has it. */
		(void)htmlent_put_value(htmllex_attr(token.attrs, "href"), &url);
		link_put(&search, buf_slice(&url));
	}
	map_free(&search.seen);
	buf_free(&search.site);
	buf_free(&url);
}
