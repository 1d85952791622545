#include "feeds/format/parts.h"

#include "feeds/base/uri.h"

/* By the ending of the name: what podcasts use and what people attach to articles. */
static const struct {
	const char *ending, *type;
} media_types[] = {
    {".mp3", "audio/mpeg"},
    {".m4a", "audio/mp4"},
    {".m4b", "audio/mp4"},
    {".aac", "audio/aac"},
    {".ogg", "audio/ogg"},
    {".oga", "audio/ogg"},
    {".opus", "audio/ogg"},
    {".flac", "audio/flac"},
    {".wav", "audio/wav"},
    {".mp4", "video/mp4"},
    {".m4v", "video/mp4"},
    {".mov", "video/quicktime"},
    {".ogv", "video/ogg"},
    {".webm", "video/webm"},
    {".mkv", "video/x-matroska"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".png", "image/png"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".avif", "image/avif"},
    {".svg", "image/svg+xml"},
    {".pdf", "application/pdf"},
    {".epub", "application/epub+zip"},
    {".zip", "application/zip"},
    {".torrent", "application/x-bittorrent"},
};

struct slice part_enclosure_type(const struct enclosure *enclosure)
{
	struct uri uri;

	if (enclosure->type.len)
		return enclosure->type;
	uri_split(enclosure->url, &uri);
	for (size_t i = 0; i < sizeof(media_types) / sizeof(media_types[0]); i++)
		if (slice_ends_nocase(uri.path, media_types[i].ending))
			return slice_of(media_types[i].type);
	return SLICE("application/octet-stream");
}

/* Language tags compare without case (BCP 47 section 2.1.1). */
bool part_own_language(const struct channel *channel, const struct entry *entry)
{
	struct slice a = entry->language, b = channel->language;

	if (a.len == 0)
		return false;
	if (a.len != b.len)
		return true;
	for (size_t i = 0; i < a.len; i++) {
		unsigned char x = (unsigned char)a.ptr[i], y = (unsigned char)b.ptr[i];

		if (x != y && ((x ^ y) != 0x20 || (x | 0x20) < 'a' || (x | 0x20) > 'z'))
			return true;
	}
	return false;
}

const struct person *part_authors(
    const struct channel *channel, const struct entry *entry, size_t *out_len)
{
	if (entry->authors_len) {
		*out_len = entry->authors_len;
		return entry->authors;
	}
	*out_len = channel->authors_len;
	return channel->authors;
}

void part_image(struct xmlout *xml, struct slice image_url)
{
	if (image_url.len == 0)
		return;
	xmlout_open(xml, "media:content");
	xmlout_attr(xml, "url", image_url);
	xmlout_attr(xml, "medium", SLICE("image"));
	xmlout_close(xml);
	xmlout_open(xml, "media:thumbnail");
	xmlout_attr(xml, "url", image_url);
	xmlout_close(xml);
}

void part_content(struct xmlout *xml, const struct entry *entry)
{
	if (entry->content_xml.len)
		xmlout_escaped(xml, entry->content_xml);
	else
		xmlout_text(xml, entry->content);
}
