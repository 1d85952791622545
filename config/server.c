#include "config/server.h"

#include <inttypes.h>
#include <string.h>

#include "config/settings.h"
#include "feeds/base/uri.h"
#include "feeds/feedpath.h"

const struct server *const servers[SERVER_COUNT] = {&server_nginx, &server_apache, &server_caddy};

const struct server *server_find(struct slice name)
{
	for (size_t i = 0; i < SERVER_COUNT; i++)
		if (slice_equal_str(name, servers[i]->name))
			return servers[i];
	return NULL;
}

void server_put_quoted(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\\' || text.ptr[i] == '"')
			buf_putc(out, '\\');
		buf_putc(out, text.ptr[i]);
	}
}

/* RFC 8288; all in one header (W3C WebSub section 4). */
void server_put_link(
    const struct server_file *file, const char *quote, const char *asked, struct buf *out)
{
	for (size_t i = 0; i < file->hubs_len; i++)
		buf_printf(
		    out, "<%.*s>; rel=%s\"hub%s\", ", SLICE_FMT(file->hubs[i]), quote, quote);
	if (file->self.len)
		buf_printf(out, "<%.*s>", SLICE_FMT(file->self));
	else
		buf_printf(out, "<%.*s%s>", SLICE_FMT(file->origin), asked);
	buf_printf(out, "; rel=%s\"self%s\"", quote, quote);
}

/* ---- one file ---- */

/* Neither a "/" nor a "." is in the name of a value; see feedpath.h. */
static const char any_name[] = "[^/.]+";

/*
 * What each server would quote in its own way is written without itself: a class of one
 * character needs no backslash, and the rest has a number.
 */
static void put_regex(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (strchr("\\^\"`", c))
			buf_printf(out, "\\x%02x", (unsigned)c);
		else if (strchr("$.[]|()?*+{}", c))
			buf_printf(out, "[%c]", c);
		else
			buf_putc(out, c);
	}
}

static struct slice kept(struct arena *arena, struct buf *buf)
{
	struct slice copy = arena_copy(arena, buf_slice(buf));

	buf_free(buf);
	return copy;
}

/* The path of the site's URL, decoded, without the "/" at its end. */
static struct slice site_path(struct arena *arena, const struct uri *site)
{
	struct buf path = BUF_INIT;

	uri_put_decoded(&path, site->path);
	if (slice_ends(buf_slice(&path), "/"))
		buf_cut(&path, path.len - 1);
	return kept(arena, &path);
}

/* `by`: the token of the path; "": it has none. */
static struct slice path_regex(
    struct arena *arena, struct slice folder, struct slice path, const char *by)
{
	struct buf out = BUF_INIT, token = BUF_INIT;
	size_t at = 0, end;

	if (*by)
		buf_printf(&token, ":%s", by);
	buf_putc(&out, '^');
	put_regex(&out, folder);
	put_regex(&out, SLICE("/"));
	while (*by && (end = slice_find(path, at, buf_string(&token))) < path.len) {
		put_regex(&out, slice_sub(path, at, end));
		buf_puts(&out, any_name);
		at = end + token.len;
	}
	put_regex(&out, slice_from(path, at));
	buf_putc(&out, '$');
	buf_free(&token);
	return kept(arena, &out);
}

/* Is anybody told when it changes, and comes for it at once? Then nobody may keep an old one. */
static bool is_told(const struct config *config, const struct config_feed *feed)
{
	for (size_t i = 0; i < config->pings_len; i++)
		if (config->pings[i].protocol->topics != PING_NO_TOPICS &&
		    config_ping_wants(&config->pings[i], slice_of(feed->name)))
			return true;
	return false;
}

static const char *cache_of(
    struct arena *arena, const struct config *config, const struct config_feed *feed)
{
	if (feed->ttl == 0 || is_told(config, feed))
		return "no-cache"; /* keep it, but ask each time whether it changed */
	return arena_printf(arena, "max-age=%" PRId64, feed->ttl * 60).ptr;
}

static const char *type_of(struct arena *arena, const struct format *format)
{
	/* RFC 8259 section 11: JSON is UTF-8, and has no parameter to say so. */
	if (format == &format_json)
		return format->media_type;
	return arena_printf(arena, "%s; charset=utf-8", format->media_type).ptr;
}

static void put_file(const struct server *server, const struct config *config,
    const struct config_feed *feed, size_t format, size_t number, struct buf *out)
{
	const char *by = query_by_name(feed->by);
	struct slice path = slice_of(feed->paths[format]), folder;
	struct arena arena = ARENA_INIT;
	struct server_file file = {.config = config, .number = number};
	struct buf self = BUF_INIT;
	struct uri site;

	uri_split(slice_of(config->site.url), &site);
	folder = site_path(&arena, &site);
	file.type = type_of(&arena, formats[format]);
	file.regex = path_regex(&arena, folder, path, by);
	file.origin =
	    arena_printf(&arena, "%.*s://%.*s", SLICE_FMT(site.scheme), SLICE_FMT(site.authority));
	file.cache = cache_of(&arena, config, feed);
	file.hubs = config_hubs(config, slice_of(feed->name), &arena, &file.hubs_len);
	if (!*by) {
		feed_url(slice_of(config->site.url), path, &self);
		file.self = kept(&arena, &self);
		file.path = arena_printf(&arena, "%.*s/%.*s", SLICE_FMT(folder), SLICE_FMT(path));
	}
	server->file(&file, out);
	arena_free(&arena);
}

void server_put(const struct server *server, const struct config *config, struct buf *out)
{
	size_t number = 0;

	buf_printf(out,
	    "# The feeds of %s\n"
	    "# Made by feedd --print-server-config %s; make it anew when feedd.toml "
	    "changes.\n#\n%s",
	    config->site.url, server->name, server->where);
	for (size_t i = 0; i < config->feeds_len; i++)
		for (size_t j = 0; j < FORMAT_FEEDS; j++)
			if (config->feeds[i].paths[j])
				put_file(server, config, &config->feeds[i], j, ++number, out);
}
