#include "feeds/base/uri.h"
#include "feeds/frontmatter/fields.h"

/* A child by any of its names, the first name first. */
static const struct value *child_scalar(const struct value *map, const char *const *names)
{
	for (; *names; names++)
		for (const struct value *child = map->first; child; child = child->next)
			if (slice_equal_nocase(child->key, *names) && child->text.len > 0 &&
			    child->type != VALUE_BOOL && child->type != VALUE_NULL)
				return child;
	return NULL;
}

/* The first element of a list that is something, else the value itself; NULL: there is none. */
static const struct value *first_of(const struct value *value)
{
	if (value->type == VALUE_LIST)
		value = value->first;
	while (value && value->type == VALUE_NULL)
		value = value->next;
	return value;
}

/* `[[pic.png|300]]` and `![[pic.png]]`, as Obsidian has links in its properties. */
static struct slice unlinked(struct slice text)
{
	text = slice_trim(text);
	if (slice_starts(text, "!"))
		text = slice_from(text, 1);
	if (!slice_starts(text, "[[") || !slice_ends(text, "]]") || text.len < 4)
		return text;
	text = slice_sub(text, 2, text.len - 2);
	return slice_trim(slice_sub(text, 0, slice_find_byte(text, 0, '|')));
}

struct slice fields_image(const struct fields *fields)
{
	static const char *const names[] = {"url", "src", "path", "file", "filename", "feature",
	    "image", "href", "source", "og_image", "teaser", "overlay_image", "thumbnail",
	    "facebook", "default", NULL};

	for (size_t i = 0; fields->values[FIELD_IMAGE][i]; i++) {
		const struct value *value = first_of(fields->values[FIELD_IMAGE][i]);
		struct slice text;

		if (value && value->type == VALUE_MAP)
			value = child_scalar(value, names);
		if (!value || value->type == VALUE_BOOL)
			continue;
		text = unlinked(value->text);
		if (text.len == 0)
			continue;
		trace_value(
		    fields->trace, fields_name(FIELD_IMAGE), fields->values[FIELD_IMAGE][i], NULL);
		return text;
	}
	return SLICE_NONE;
}

/* The media type that an extension stands for; empty for one not known. */
static struct slice media_type(struct slice url)
{
	static const struct {
		const char *extension, *type;
	} types[] = {
	    {".mp3", "audio/mpeg"},
	    {".m4a", "audio/mp4"},
	    {".aac", "audio/aac"},
	    {".ogg", "audio/ogg"},
	    {".oga", "audio/ogg"},
	    {".opus", "audio/ogg"}, /* RFC 7845 section 9: in an Ogg container */
	    {".flac", "audio/flac"},
	    {".wav", "audio/wav"},
	    {".mp4", "video/mp4"},
	    {".m4v", "video/mp4"},
	    {".webm", "video/webm"},
	    {".ogv", "video/ogg"},
	    {".mov", "video/quicktime"},
	    {".pdf", "application/pdf"},
	    {".epub", "application/epub+zip"},
	};
	struct uri uri;

	uri_split(url, &uri);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (slice_ends_nocase(uri.path, types[i].extension))
			return slice_of(types[i].type);
	return SLICE_NONE;
}

/*
 * A number of bytes, -1 for anything else. Durations (`12:34`) are found under
 * the same names in real articles, and players believe what a feed says.
 */
static int64_t byte_count(struct slice text)
{
	int64_t number = 0;

	if (text.len == 0 || text.len > 18)
		return -1;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return -1;
		number = number * 10 + (text.ptr[i] - '0');
	}
	return number > 0 ? number : -1;
}

static struct slice type_text(struct slice text)
{
	return slice_find_byte(text, 0, '/') < text.len ? text : SLICE_NONE;
}

static struct slice text_of(const struct value *value)
{
	return value ? slice_trim(value->text) : SLICE_NONE;
}

static struct slice take_line(struct slice *rest)
{
	struct slice line = SLICE_NONE;

	(void)slice_line(rest, &line); /* none is an empty one */
	return slice_trim(line);
}

static bool enclosure_read(const struct value *value, struct enclosure *out)
{
	static const char *const urls[] = {
	    "url", "src", "href", "file", "path", "mp3", "audio", "link", NULL};
	static const char *const lengths[] = {
	    "length", "bytes", "size", "filesize", "file_size", "byte_length", NULL};
	static const char *const types[] = {"type", "mime", "mimetype", "mime_type", NULL};
	struct slice length, type;

	if (value->type == VALUE_MAP) {
		out->url = text_of(child_scalar(value, urls));
		length = text_of(child_scalar(value, lengths));
		type = text_of(child_scalar(value, types));
	} else {
		/* WordPress keeps URL, length and type as lines of one string. */
		struct slice rest = text_of(value);

		if (value->type != VALUE_STRING)
			return false;
		out->url = take_line(&rest);
		length = take_line(&rest);
		type = take_line(&rest);
	}
	/* A bare word is a player's name or a kind of media, no file. */
	if (slice_find_byte(out->url, 0, '.') == out->url.len &&
	    slice_find_byte(out->url, 0, '/') == out->url.len)
		return false;
	out->length = byte_count(length);
	out->type = type_text(type);
	return true;
}

/* What stands beside the enclosure. */
static struct slice told_text(const struct fields *fields, enum field field)
{
	const struct value *value = fields_scalar(fields, field);

	trace_value(fields->trace, fields_name(field), value, NULL);
	return text_of(value);
}

bool fields_enclosure(const struct fields *fields, struct enclosure *out)
{
	for (size_t i = 0; fields->values[FIELD_ENCLOSURE][i]; i++) {
		const struct value *value = first_of(fields->values[FIELD_ENCLOSURE][i]);
		struct enclosure found;

		if (!value || !enclosure_read(value, &found))
			continue;
		trace_value(fields->trace, fields_name(FIELD_ENCLOSURE),
		    fields->values[FIELD_ENCLOSURE][i], NULL);
		if (found.length < 0)
			found.length = byte_count(told_text(fields, FIELD_ENCLOSURE_LENGTH));
		if (found.type.len == 0)
			found.type = type_text(told_text(fields, FIELD_ENCLOSURE_TYPE));
		if (found.type.len == 0)
			found.type = media_type(found.url);
		*out = found;
		return true;
	}
	return false;
}
