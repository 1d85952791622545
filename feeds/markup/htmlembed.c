#include "feeds/markup/htmlembed.h"

#include "feeds/base/uri.h"

enum { ID_MAX = 200 }; /* bytes of what a player is told to play */

/* Where a player's URL says what it plays. */
enum id_place {
	ID_SEGMENT, /* the path segment behind `prefix` */
	ID_REST,    /* the path behind `prefix` */
	ID_BEFORE,  /* the path up to `prefix`, which stands at its end or in its middle */
	ID_QUERY,   /* the value of the query's key `key`, below the path `prefix` */
	ID_URL,	    /* the same, and the value is the page's URL */
	ID_NONE,    /* it does not say: the player's URL is as good as any */
};

/*
 * The first row that fits counts. In `page`, "$" is what is played and "@" the
 * player's host. A host fits by whole labels at its end; "" fits all.
 */
static const struct player {
	const char *host, *prefix;
	enum id_place place;
	const char *key, *page, *label;
} players[] = {
    {"youtube.com", "/embed/videoseries", ID_QUERY, "list",
	"https://www.youtube.com/playlist?list=$", "Playlist on YouTube"},
    {"youtube-nocookie.com", "/embed/videoseries", ID_QUERY, "list",
	"https://www.youtube.com/playlist?list=$", "Playlist on YouTube"},
    {"youtube.com", "/embed/", ID_SEGMENT, NULL, "https://www.youtube.com/watch?v=$",
	"Video on YouTube"},
    {"youtube.com", "/v/", ID_SEGMENT, NULL, "https://www.youtube.com/watch?v=$",
	"Video on YouTube"},
    {"youtube-nocookie.com", "/embed/", ID_SEGMENT, NULL, "https://www.youtube.com/watch?v=$",
	"Video on YouTube"},
    {"youtube-nocookie.com", "/v/", ID_SEGMENT, NULL, "https://www.youtube.com/watch?v=$",
	"Video on YouTube"},
    {"player.vimeo.com", "/video/", ID_SEGMENT, NULL, "https://vimeo.com/$", "Video on Vimeo"},
    {"dailymotion.com", "/embed/video/", ID_SEGMENT, NULL, "https://www.dailymotion.com/video/$",
	"Video on Dailymotion"},
    {"dailymotion.com", "/player", ID_QUERY, "video", "https://www.dailymotion.com/video/$",
	"Video on Dailymotion"},
    {"player.bilibili.com", "/player.html", ID_QUERY, "bvid", "https://www.bilibili.com/video/$",
	"Video on bilibili"},
    {"player.bilibili.com", "/player.html", ID_QUERY, "aid", "https://www.bilibili.com/video/av$",
	"Video on bilibili"},
    {"embed.nicovideo.jp", "/watch/", ID_SEGMENT, NULL, "https://www.nicovideo.jp/watch/$",
	"Video on niconico"},
    {"player.twitch.tv", "/", ID_QUERY, "video", "https://www.twitch.tv/videos/$",
	"Video on Twitch"},
    {"player.twitch.tv", "/", ID_QUERY, "channel", "https://www.twitch.tv/$", "Channel on Twitch"},
    {"clips.twitch.tv", "/embed", ID_QUERY, "clip", "https://clips.twitch.tv/$", "Clip on Twitch"},
    {"embed.ted.com", "/talks/", ID_REST, NULL, "https://www.ted.com/talks/$", "Talk on TED"},
    {"loom.com", "/embed/", ID_SEGMENT, NULL, "https://www.loom.com/share/$", "Video on Loom"},
    {"streamable.com", "/e/", ID_SEGMENT, NULL, "https://streamable.com/$", "Video on Streamable"},
    {"odysee.com", "/$/embed/", ID_REST, NULL, "https://odysee.com/$", "Video on Odysee"},
    {"media.ccc.de", "/oembed", ID_BEFORE, NULL, "https://media.ccc.de$", "Video on media.ccc.de"},
    {"facebook.com", "/plugins/video.php", ID_URL, "href", NULL, "Video on Facebook"},
    {"facebook.com", "/plugins/post.php", ID_URL, "href", NULL, "Post on Facebook"},
    {"w.soundcloud.com", "/player", ID_URL, "url", NULL, "Audio on SoundCloud"},
    {"open.spotify.com", "/embed/", ID_REST, NULL, "https://open.spotify.com/$",
	"Audio on Spotify"},
    {"open.spotify.com", "/embed-podcast/", ID_REST, NULL, "https://open.spotify.com/$",
	"Podcast on Spotify"},
    {"embed.podcasts.apple.com", "/", ID_REST, NULL, "https://podcasts.apple.com/$",
	"Podcast on Apple Podcasts"},
    {"embed.music.apple.com", "/", ID_REST, NULL, "https://music.apple.com/$",
	"Audio on Apple Music"},
    {"bandcamp.com", "/EmbeddedPlayer", ID_NONE, NULL, NULL, "Audio on Bandcamp"},
    {"mixcloud.com", "/widget/iframe", ID_NONE, NULL, NULL, "Audio on Mixcloud"},
    {"platform.twitter.com", "/embed/", ID_QUERY, "id", "https://twitter.com/i/status/$",
	"Post on Twitter"},
    {"instagram.com", "/embed", ID_BEFORE, NULL, "https://www.instagram.com$/",
	"Post on Instagram"},
    {"embed.bsky.app", "/embed/", ID_NONE, NULL, NULL, "Post on Bluesky"},
    {"codepen.io", "/embed/preview/", ID_BEFORE, NULL, "https://codepen.io$/pen/",
	"Pen on CodePen"},
    {"codepen.io", "/embed/", ID_BEFORE, NULL, "https://codepen.io$/pen/", "Pen on CodePen"},
    {"jsfiddle.net", "/embedded", ID_BEFORE, NULL, "https://jsfiddle.net$/", "Fiddle on JSFiddle"},
    {"codesandbox.io", "/embed/", ID_SEGMENT, NULL, "https://codesandbox.io/s/$",
	"Sandbox on CodeSandbox"},
    {"stackblitz.com", "/edit/", ID_SEGMENT, NULL, "https://stackblitz.com/edit/$",
	"Project on StackBlitz"},
    {"replit.com", "/@", ID_NONE, NULL, NULL, "Project on Replit"},
    {"asciinema.org", "/embed", ID_BEFORE, NULL, "https://asciinema.org$",
	"Recording on asciinema"},
    {"asciinema.org", "/iframe", ID_BEFORE, NULL, "https://asciinema.org$",
	"Recording on asciinema"},
    {"speakerdeck.com", "/player/", ID_NONE, NULL, NULL, "Slides on Speaker Deck"},
    {"slideshare.net", "/slideshow/embed_code/", ID_NONE, NULL, NULL, "Slides on SlideShare"},
    {"docs.google.com", "/presentation/", ID_NONE, NULL, NULL, "Slides on Google Docs"},
    {"docs.google.com", "/forms/", ID_NONE, NULL, NULL, "Form on Google Docs"},
    {"docs.google.com", "/", ID_NONE, NULL, NULL, "Document on Google Docs"},
    {"google.com", "/maps", ID_NONE, NULL, NULL, "Map on Google Maps"},
    {"maps.google.com", "/", ID_NONE, NULL, NULL, "Map on Google Maps"},
    {"openstreetmap.org", "/export/embed.html", ID_NONE, NULL, NULL, "Map on OpenStreetMap"},
    {"archive.org", "/embed/", ID_SEGMENT, NULL, "https://archive.org/details/$",
	"Recording on the Internet Archive"},
    {"giphy.com", "/embed/", ID_SEGMENT, NULL, "https://giphy.com/gifs/$", "Picture on GIPHY"},
    {"coub.com", "/embed/", ID_SEGMENT, NULL, "https://coub.com/view/$", "Video on Coub"},
    {"rumble.com", "/embed/", ID_NONE, NULL, NULL, "Video on Rumble"},
    {"vk.com", "/video_ext.php", ID_NONE, NULL, NULL, "Video on VK"},
    {"tiktok.com", "/embed/", ID_NONE, NULL, NULL, "Video on TikTok"},
    /* The pages themselves, which some embed as if they were players or pictures. */
    {"youtube.com", "/watch", ID_NONE, NULL, NULL, "Video on YouTube"},
    {"youtube.com", "/shorts/", ID_NONE, NULL, NULL, "Video on YouTube"},
    {"youtube.com", "/live/", ID_NONE, NULL, NULL, "Video on YouTube"},
    {"youtube.com", "/playlist", ID_NONE, NULL, NULL, "Playlist on YouTube"},
    {"youtu.be", "/", ID_NONE, NULL, NULL, "Video on YouTube"},
    {"vimeo.com", "/", ID_NONE, NULL, NULL, "Video on Vimeo"},
    {"", "/videos/embed/", ID_SEGMENT, NULL, "https://@/w/$", "Video"}, /* PeerTube, anywhere */
};

/* Titles that players' snippets come with and that say nothing. */
static const char *const empty_titles[] = {"YouTube video player", "YouTube video",
    "Embedded video", "video", "iframe", "Spotify Embed", "Dailymotion Video Player",
    "vimeo-player", NULL};

/* Of the hosts above, those whose pages are embedded with the mark of a picture. */
static const char *const video_hosts[] = {
    "youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", NULL};
static const char *const picture_types[] = {
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".apng", NULL};

static bool host_fits(struct slice host, const char *suffix)
{
	size_t len = strlen(suffix);

	return slice_ends(host, suffix) &&
	       (len == 0 || host.len == len || host.ptr[host.len - len - 1] == '.');
}

/* The value of `key` in a query, still encoded; empty: none. */
static struct slice query_value(struct slice query, const char *key)
{
	while (query.len > 0) {
		size_t end = slice_find_byte(query, 0, '&'), equals;
		struct slice pair = slice_sub(query, 0, end);

		query = slice_from(query, end < query.len ? end + 1 : end);
		if (slice_starts(pair, "amp;")) /* escaped once too often, as pasted snippets are */
			pair = slice_from(pair, 4);
		equals = slice_find_byte(pair, 0, '=');
		if (equals < pair.len && slice_equal_str(slice_sub(pair, 0, equals), key))
			return slice_from(pair, equals + 1);
	}
	return SLICE_NONE;
}

/* What the player plays, as the row has it; empty when the row does not fit. */
static struct slice player_id(const struct player *player, const struct uri *uri)
{
	struct slice path = uri->path;
	size_t at;

	if (player->place == ID_BEFORE) {
		at = slice_find(path, 0, player->prefix);
		return at < path.len ? slice_sub(path, 0, at) : SLICE_NONE;
	}
	if (!slice_starts(path, player->prefix))
		return SLICE_NONE;
	path = slice_from(path, strlen(player->prefix));
	switch (player->place) {
	case ID_SEGMENT: return slice_sub(path, 0, slice_find_byte(path, 0, '/'));
	case ID_REST: return path;
	case ID_QUERY:
	case ID_URL: return query_value(uri->query, player->key);
	case ID_BEFORE:
	case ID_NONE: break;
	}
	return SLICE("-");
}

static void put_page(
    const struct player *player, struct slice id, struct slice host, struct buf *out)
{
	for (const char *c = player->page; *c; c++) {
		if (*c == '$')
			buf_put_slice(out, id);
		else if (*c == '@')
			buf_put_slice(out, host);
		else
			buf_putc(out, *c);
	}
}

/* What follows CodePen's "/embed/": it is at the end of the page's URL too. */
static void put_behind(const struct player *player, const struct uri *uri, struct buf *out)
{
	size_t length = strlen(player->prefix), at = slice_find(uri->path, 0, player->prefix);

	if (player->place == ID_BEFORE && player->prefix[length - 1] == '/')
		buf_put_slice(out, slice_from(uri->path, at + length));
}

/* A page's URL given inside a player's; false when it is none. */
static bool put_inner_url(struct slice id, struct buf *out)
{
	struct buf decoded = BUF_INIT;
	bool ok;

	uri_put_decoded(&decoded, id);
	ok = uri_is_web(buf_slice(&decoded));
	if (ok)
		uri_resolve(buf_slice(&decoded), SLICE_NONE, out);
	buf_free(&decoded);
	return ok;
}

static bool put_player(
    const struct player *player, struct slice src, struct slice host, struct buf *out)
{
	struct slice id;
	struct uri uri;

	if (!host_fits(host, player->host))
		return false;
	uri_split(src, &uri);
	id = player_id(player, &uri);
	if (id.len == 0 || id.len > (player->place == ID_URL ? ID_MAX * 10 : ID_MAX))
		return false;
	if (player->place == ID_URL)
		return put_inner_url(id, out);
	if (player->place == ID_NONE) {
		buf_put_slice(out, src);
		return true;
	}
	put_page(player, id, host, out);
	put_behind(player, &uri, out);
	return true;
}

void htmlembed_put(struct slice src, struct slice title, struct buf *out, struct htmlembed *embed)
{
	struct buf host = BUF_INIT;
	bool empty;

	title = slice_trim(title);
	empty = title.len == 0;
	for (const char *const *t = empty_titles; *t; t++)
		empty = empty || slice_equal_nocase(title, *t);
	*embed = (struct htmlembed){.known = false, .label = empty ? "" : NULL};
	uri_put_host(&host, src);
	for (size_t i = 0; i < sizeof(players) / sizeof(players[0]); i++) {
		if (!put_player(&players[i], src, buf_slice(&host), out))
			continue;
		embed->known = true;
		if (empty)
			embed->label = players[i].label;
		buf_free(&host);
		return;
	}
	buf_put_slice(out, src);
	buf_free(&host);
}

bool htmlembed_is_video(struct slice src)
{
	struct buf host = BUF_INIT, page = BUF_INIT;
	struct htmlembed embed = {.known = false};
	struct uri uri;
	bool fits = false;

	uri_split(src, &uri);
	for (const char *const *type = picture_types; *type; type++) {
		if (slice_ends_nocase(uri.path, *type))
			return false;
	}
	uri_put_host(&host, src);
	for (const char *const *h = video_hosts; *h; h++)
		fits = fits || host_fits(buf_slice(&host), *h);
	if (fits)
		htmlembed_put(src, SLICE_NONE, &page, &embed);
	buf_free(&host);
	buf_free(&page);
	return embed.known;
}
