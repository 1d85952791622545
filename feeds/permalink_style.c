/* How generators make names of files, and titles, parts of an address. */
#include "feeds/base/latin.h"
#include "feeds/base/text.h"
#include "feeds/permalink.h"

struct rule {
	bool lower;
	bool latin;	  /* letters of other scripts in Latin ones, without accents */
	bool plain;	  /* all stays, but for blanks, each a "-" */
	const char *kept; /* of ASCII, beside letters and digits */
	bool dashed;	  /* what goes leaves a "-", as blanks do; else nothing */
	bool each;	  /* each blank is a "-"; else a run of them, and none at the ends */
	bool elided;	  /* apostrophes leave nothing: "it's" is "its" */
};

static const struct rule plain_rule = {.plain = true};
static const struct rule slug_rule = {.lower = true, .kept = "", .dashed = true, .elided = true};
static const struct rule hugo_rule = {.lower = true, .kept = "./_#+~@-"};
static const struct rule jekyll_rule = {.kept = "._~!$&'()+,;=@", .dashed = true};
static const struct rule zola_rule = {.lower = true, .latin = true, .kept = "", .dashed = true};
static const struct rule astro_rule = {.lower = true, .kept = "_-", .each = true};
static const struct rule pelican_rule = {.lower = true, .latin = true, .kept = "_"};

static const struct {
	const struct rule *name, *own, *title; /* own NULL: a slug of the head has no say */
	const char
	    *translated;  /* the pattern of another language than the site's; NULL: the same */
	bool lower_dates; /* names of months and days, too */
} styles[] = {
    [PERMALINK_PLAIN] = {&plain_rule, &plain_rule, &slug_rule, NULL, false},
    [PERMALINK_FILES] = {&plain_rule, NULL, &slug_rule, NULL, false},
    [PERMALINK_HUGO] = {&hugo_rule, &hugo_rule, &hugo_rule, NULL, true},
    [PERMALINK_JEKYLL] = {&jekyll_rule, &jekyll_rule, &slug_rule, NULL, false},
    [PERMALINK_ZOLA] = {&zola_rule, &zola_rule, &slug_rule, NULL, false},
    [PERMALINK_ASTRO] = {&astro_rule, &plain_rule, &slug_rule, NULL, false},
    [PERMALINK_PELICAN] = {&pelican_rule, &plain_rule, &pelican_rule, "/:title-:lang.html", false},
};

/* Punctuation and symbols beyond ASCII; what is in none of these blocks counts as a letter. */
static bool is_symbol(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} blocks[] = {{0x80, 0xa9}, {0xab, 0xb4}, {0xb6, 0xb9}, {0xbb, 0xbf}, {0xd7, 0xd7},
	    {0xf7, 0xf7}, {0x2000, 0x206f}, {0x20a0, 0x20cf}, {0x2100, 0x2bff}, {0x3000, 0x3004},
	    {0x3008, 0x3020}, {0xfe00, 0xfe0f}, {0xff00, 0xff0f}, {0x1f000, 0x1faff}};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		if (c >= blocks[i].first && c <= blocks[i].last)
			return true;
	return false;
}

static bool is_kept(const struct rule *rule, uint32_t c)
{
	if (c >= 0x80)
		return !is_symbol(c) && !text_is_space(c);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c != 0 && strchr(rule->kept, (int)c));
}

static void put_words(struct buf *out, struct slice text, const struct rule *rule)
{
	size_t start = out->len;
	bool gap = false;

	for (size_t at = 0; at < text.len;) {
		size_t from = at;
		uint32_t c = text_next(text, &at);
		bool blank = text_is_space(c) || c == '-';

		if (is_kept(rule, c)) {
			/* A "-" that is written already serves for the blanks beside it. */
			if (gap && out->len > start && c != '-' && out->data[out->len - 1] != '-')
				buf_putc(out, '-');
			buf_put(out, text.ptr + from, at - from);
			gap = false;
		} else if (rule->each && c == ' ') {
			buf_putc(out, '-');
		} else if (!rule->elided || (c != '\'' && c != 0x2019)) {
			gap = gap || blank || rule->dashed;
		}
	}
}

static void put_plain(struct buf *out, struct slice text)
{
	size_t start = out->len;

	buf_put_slice(out, text);
	for (size_t i = start; i < out->len; i++)
		if (out->data[i] == ' ')
			out->data[i] = '-';
}

static void put_by_rule(struct buf *out, struct slice text, const struct rule *rule)
{
	struct buf lower = BUF_INIT, latin = BUF_INIT;

	if (rule->lower) {
		text_put_lower(&lower, text);
		text = buf_slice(&lower);
	}
	if (rule->latin) {
		latin_put(&latin, text);
		text = buf_slice(&latin);
	}
	if (rule->plain)
		put_plain(out, text);
	else
		put_words(out, text, rule);
	buf_free(&lower);
	buf_free(&latin);
}

void permalink_put_name(struct buf *out, struct slice name, enum permalink_style style)
{
	put_by_rule(out, name, styles[style].name);
}

bool permalink_hears_slug(enum permalink_style style)
{
	return styles[style].own != NULL;
}

void permalink_put_own(struct buf *out, struct slice slug, enum permalink_style style)
{
	put_by_rule(out, slug, styles[style].own);
}

void permalink_put_title(struct buf *out, struct slice title, enum permalink_style style)
{
	put_by_rule(out, title, styles[style].title);
}

void permalink_put_slug(struct buf *out, struct slice title)
{
	put_by_rule(out, title, &slug_rule);
}

const char *permalink_translated(enum permalink_style style)
{
	return styles[style].translated;
}

bool permalink_lowers_dates(enum permalink_style style)
{
	return styles[style].lower_dates;
}
