/* A draft as a file, with the words of the table of settings. */
#include "config/draft_keys.h"
#include "config/reference.h"

/* Text as a TOML basic string (TOML 1.0.0, "String"). */
static void put_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	for (const char *at = text; *at; at++) {
		unsigned char c = (unsigned char)*at;

		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			buf_printf(out, "\\u%04X", c);
		else
			buf_putc(out, (char)c);
	}
	buf_putc(out, '"');
}

static void put_value(struct buf *out, const struct draft_value *value)
{
	if (!value->items) {
		put_quoted(out, value->text);
		return;
	}
	buf_putc(out, '[');
	for (size_t i = 0; i < value->len; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		put_quoted(out, value->items[i]);
	}
	buf_putc(out, ']');
}

/* The value of a draft that stands at this setting, or NULL. */
static const struct draft_value *value_of(const struct draft *draft, const struct setting *setting)
{
	for (size_t i = 0; i < DRAFT_KEYS; i++)
		if (draft_keys[i].section == setting->section &&
		    slice_equal_str(slice_of(draft_keys[i].key), setting->key))
			return &draft->values[i];
	return NULL;
}

static void put_live(
    struct buf *out, const struct setting *setting, const struct draft_value *value)
{
	struct buf text = BUF_INIT;

	put_value(&text, value);
	reference_put_line(
	    out, setting, buf_string(&text), "From", value->from ? value->from : "", true);
	buf_free(&text);
}

/* What is not set, in a line that shows what holds. */
static void put_standard(struct buf *out, const struct setting *setting)
{
	struct buf text = BUF_INIT, kind = BUF_INIT;

	settings_put_value(setting, &text);
	settings_put_kind(setting, &kind);
	reference_put_line(out, setting, buf_string(&text), "Takes:", buf_string(&kind), false);
	buf_free(&text);
	buf_free(&kind);
}

static void put_header(struct buf *out, enum section section)
{
	buf_puts(out, "\n\n");
	reference_put_prose(out, sections[section].text);
}

/* What is set first, each with its words; then the rest, as it holds. */
static void put_section(const struct draft *draft, enum section section, struct buf *out)
{
	bool rest = false;

	put_header(out, section);
	buf_printf(out, "%s\n", sections[section].header);
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);
		const struct draft_value *value = value_of(draft, &setting);

		if (!value || setting.section != section ||
		    (value->trust == DRAFT_OPEN && !value->note))
			continue;
		buf_putc(out, '\n');
		reference_put_prose(out, setting.text);
		reference_put_prose(out, value->note ? value->note : "");
		if (value->trust != DRAFT_OPEN)
			put_live(out, &setting, value);
		else
			put_standard(out, &setting);
	}
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);
		const struct draft_value *value = value_of(draft, &setting);

		if (setting.section != section ||
		    (value && (value->trust != DRAFT_OPEN || value->note)))
			continue;
		buf_puts(out, rest ? "" : "\n");
		put_standard(out, &setting);
		rest = true;
	}
}

static void put_text(struct buf *out, bool live, const char *key, const char *text)
{
	buf_printf(out, "%s%s = ", live ? "" : "#", key);
	put_quoted(out, text);
	buf_putc(out, '\n');
}

static void put_feed(const struct draft_feed *feed, struct buf *out)
{
	bool live = !feed->offered;

	buf_putc(out, '\n');
	reference_put_prose(out, feed->note ? feed->note : "");
	buf_printf(out, "%s[[feed]]\n", live ? "" : "#");
	if (feed->name)
		put_text(out, live, "name", feed->name);
	if (feed->by)
		put_text(out, live, "by", feed->by);
	for (size_t i = 0; i < FORMAT_FEEDS; i++)
		if (feed->paths[i])
			put_text(out, live, formats[i]->name, feed->paths[i]);
	if (feed->lang)
		put_text(out, live, "lang", feed->lang);
	if (feed->limit)
		buf_printf(out, "%slimit = %d\n", live ? "" : "#", feed->limit);
}

static void put_feeds(const struct draft *draft, struct buf *out)
{
	put_header(out, SECTION_FEED);
	for (size_t i = 0; i < draft->feeds_len; i++)
		put_feed(&draft->feeds[i], out);
	buf_puts(out, "\n");
	reference_put_prose(out, "What else a feed may say:");
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);

		if (setting.section == SECTION_FEED)
			put_standard(out, &setting);
	}
}

/* A section that a generator knows nothing of: the keys that it cannot do without. */
static void put_offer(enum section section, struct buf *out)
{
	put_header(out, section);
	buf_printf(out, "#%s\n", sections[section].header);
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);

		if (setting.section == section &&
		    (setting.required || setting.type == &type_url || setting.type == &type_folder))
			put_standard(out, &setting);
	}
}

void draft_put(const struct draft *draft, const char *made, struct buf *out)
{
	struct buf head = BUF_INIT;

	buf_printf(&head,
	    "feedd.toml: how feedd makes the feeds of this site. %s A line with a \"#\" right "
	    "before "
	    "its key shows what holds as long as it is left like this, or an example where it says "
	    "\"not set\"; to change it, take the \"#\" away. Every setting that there is: feedd "
	    "--settings.",
	    made);
	reference_put_prose(out, buf_string(&head));
	buf_free(&head);
	put_section(draft, SECTION_SITE, out);
	put_section(draft, SECTION_CONTENT, out);
	put_section(draft, SECTION_OUTPUT, out);
	put_feeds(draft, out);
	put_offer(SECTION_STATE, out);
	put_offer(SECTION_PING, out);
}
