#include "feeds/markup/summary.h"

#include "feeds/base/text.h"

enum {
	COLLECT_MAX = 16384, /* bytes of text looked at for a summary */
	LABEL_MAX = 80,	     /* bytes of a label in bold */
};

/* What a tag means for text. Elements without a row are part of a line. */
enum role {
	LINE,
	BREAK,	   /* br: a blank */
	PARAGRAPH, /* a block of running text, or around such */
	ITEM,	   /* a block of a list */
	ASIDE,	   /* with all inside, not what an article begins with: figures, tables, code */
	HIDDEN,	   /* with all inside, no text: ruby's readings */
};

static const struct {
	const char *name;
	enum role role;
} roles[] = {
    {"p", PARAGRAPH},
    {"div", PARAGRAPH},
    {"br", BREAK},
    {"li", ITEM},
    {"ul", ITEM},
    {"ol", ITEM},
    {"blockquote", PARAGRAPH},
    {"section", PARAGRAPH},
    {"article", PARAGRAPH},
    {"header", PARAGRAPH},
    {"address", PARAGRAPH},
    {"hr", PARAGRAPH},
    {"h1", ASIDE},
    {"h2", ASIDE},
    {"h3", ASIDE},
    {"h4", ASIDE},
    {"h5", ASIDE},
    {"h6", ASIDE},
    {"pre", ASIDE},
    {"table", ASIDE},
    {"figure", ASIDE},
    {"nav", ASIDE},
    {"aside", ASIDE},
    {"footer", ASIDE},
    {"details", ASIDE},
    {"video", ASIDE},
    {"audio", ASIDE},
    {"dl", ITEM},
    {"dt", ITEM},
    {"dd", ITEM},
    {"figcaption", PARAGRAPH},
    {"summary", PARAGRAPH},
    {"caption", PARAGRAPH},
    {"tr", PARAGRAPH},
    {"td", PARAGRAPH},
    {"th", PARAGRAPH},
    {"rt", HIDDEN},
    {"rp", HIDDEN},
    {"rtc", HIDDEN},
};

static const struct {
	const char *name;
	char character;
} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};

struct token {
	struct slice text; /* between tags; empty for a tag */
	struct slice name;
	bool tag, end;
	enum role role;
};

static enum role role_of(struct slice name)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (slice_equal_str(name, roles[i].name))
			return roles[i].role;
	}
	return LINE;
}

/* The sanitizer writes ">" in values as an entity: the first one ends the tag. */
static bool next_token(struct slice *rest, struct token *out)
{
	size_t end;

	*out = (struct token){.role = LINE};
	if (rest->len == 0)
		return false;
	if (rest->ptr[0] != '<') {
		end = slice_find_byte(*rest, 0, '<');
		out->text = slice_sub(*rest, 0, end);
		*rest = slice_from(*rest, end);
		return true;
	}
	out->tag = true;
	out->end = slice_starts(*rest, "</");
	end = slice_find_byte(*rest, 0, '>');
	out->name = slice_sub(*rest, out->end ? 2 : 1, end);
	out->name.len = slice_find_byte(out->name, 0, ' ');
	out->role = role_of(out->name);
	*rest = slice_from(*rest, end < rest->len ? end + 1 : end);
	return true;
}

static void put_decoded(struct buf *out, struct slice text)
{
	while (text.len > 0) {
		size_t amp = slice_find_byte(text, 0, '&'), used = 1;
		char character = '&';

		buf_put_slice(out, slice_sub(text, 0, amp));
		if (amp == text.len)
			return;
		text = slice_from(text, amp);
		for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
			if (slice_starts(text, entities[i].name)) {
				used = strlen(entities[i].name);
				character = entities[i].character;
			}
		}
		buf_putc(out, character);
		text = slice_from(text, used);
	}
}

/* Does *rest, behind a start tag `<sup>`, hold a link: the mark of a footnote? */
static bool is_footnote_mark(const struct token *token, struct slice rest)
{
	return !token->end && slice_equal_str(token->name, "sup") && slice_starts(rest, "<a ");
}

/* Go behind the end of the element whose start tag was just read. */
static void skip_element(struct slice *rest, struct slice name)
{
	struct token token;
	size_t depth = 1;

	while (depth > 0 && next_token(rest, &token)) {
		if (token.tag && slice_equal(token.name, name))
			depth += token.end ? (size_t)-1 : 1;
	}
}

void summary_put_text(struct slice html, struct buf *out)
{
	struct buf text = BUF_INIT;
	struct token token;

	while (next_token(&html, &token)) {
		if ((token.role == HIDDEN && !token.end) || is_footnote_mark(&token, html))
			skip_element(&html, token.name);
		else if (token.role != LINE)
			buf_putc(&text, ' ');
		else if (!token.tag)
			put_decoded(&text, token.text);
	}
	text_put_collapsed(out, buf_slice(&text));
	buf_free(&text);
}

/* ---- the summary ---- */

/* A block of text, as it is collected. */
struct block {
	struct buf text;
	bool item;     /* of a list */
	bool unlinked; /* some of it is no link */
	bool unbold;   /* some of it is not in bold */
};

struct blocks {
	bool all;	     /* take all that is no aside, not only the first paragraph */
	struct buf best;     /* what was found */
	struct buf fallback; /* the first that is but a list's item, a link or a label */
};

/* A few words in bold and no sentence, as above a note. */
static bool is_label(const struct block *block)
{
	struct slice text = slice_trim(buf_slice(&block->text));

	return !block->unbold && text.len <= LABEL_MAX && text.len > 0 &&
	       (signed char)text.ptr[text.len - 1] > 0 && !strchr(".!?", text.ptr[text.len - 1]);
}

static void block_clear(struct block *block)
{
	buf_clear(&block->text);
	block->unlinked = block->unbold = false;
}

/* The block ends. True when enough was found. */
static bool block_end(struct blocks *blocks, struct block *block)
{
	bool good = block->unlinked && !block->item && !is_label(block);

	if (slice_trim(buf_slice(&block->text)).len == 0) {
		block_clear(block);
		return false;
	}
	if (blocks->all || good) {
		buf_putc(&blocks->best, ' ');
		buf_put_slice(&blocks->best, buf_slice(&block->text));
	} else if (blocks->fallback.len == 0) {
		buf_put_slice(&blocks->fallback, buf_slice(&block->text));
	}
	block_clear(block);
	return blocks->all ? blocks->best.len > COLLECT_MAX : good;
}

static void collect(struct slice html, struct blocks *blocks)
{
	struct block block = {.text = BUF_INIT};
	struct token token;
	size_t links = 0, items = 0, bolds = 0;

	while (next_token(&html, &token)) {
		if (!token.tag) {
			if (block.text.len <= COLLECT_MAX)
				put_decoded(&block.text, token.text);
			block.unlinked |= links == 0 && slice_trim(token.text).len > 0;
			block.unbold |= bolds == 0 && slice_trim(token.text).len > 0;
			continue;
		}
		if (token.role == BREAK)
			buf_putc(&block.text, ' ');
		else if (slice_equal_str(token.name, "a"))
			links += token.end ? (size_t)-1 : 1;
		else if (slice_equal_str(token.name, "strong") || slice_equal_str(token.name, "b"))
			bolds += token.end ? (size_t)-1 : 1;
		else if (is_footnote_mark(&token, html) || (token.role == HIDDEN && !token.end))
			skip_element(&html, token.name);
		if (token.role != PARAGRAPH && token.role != ITEM && token.role != ASIDE)
			continue;
		block.item = items > 0;
		if (block_end(blocks, &block))
			break;
		if (token.role == ASIDE && !token.end)
			skip_element(&html, token.name);
		else if (token.role == ITEM)
			items += token.end ? (size_t)-1 : 1;
	}
	block.item = items > 0;
	(void)block_end(blocks, &block); /* nothing comes behind it */
	buf_free(&block.text);
}

static void put_cut(struct buf *text, struct buf *out)
{
	struct buf line = BUF_INIT;
	size_t len;

	text_put_collapsed(&line, buf_slice(text));
	len = text_cut(buf_slice(&line), SUMMARY_MAX);
	buf_put_slice(out, slice_sub(buf_slice(&line), 0, len));
	if (len < line.len)
		buf_puts(out, "…");
	buf_free(&line);
}

void summary_put(const struct markup_result *body, struct buf *out)
{
	struct blocks blocks = {.all = body->more != SIZE_MAX};
	struct slice html = buf_slice(&body->html);
	struct buf text = BUF_INIT;

	if (blocks.all)
		collect(slice_sub(html, 0, body->more), &blocks);
	if (blocks.best.len == 0) {
		blocks.all = false;
		collect(html, &blocks);
	}
	if (blocks.best.len == 0 && blocks.fallback.len == 0) {
		/* Only code, tables, headings: those, then. */
		summary_put_text(html, &text);
		put_cut(&text, out);
	} else {
		put_cut(blocks.best.len > 0 ? &blocks.best : &blocks.fallback, out);
	}
	buf_free(&text);
	buf_free(&blocks.best);
	buf_free(&blocks.fallback);
}
