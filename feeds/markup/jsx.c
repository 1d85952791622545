/*
 * MDX: components `<Name …>`, expressions `{…}`, import and export lines.
 *
 * Nothing is run. Of expressions only what stands there as a literal has a
 * value, and names that an import or an export binds to one. HTML elements
 * keep their tags, with attributes brought back from React's spelling.
 */
#include "feeds/markup/directive_family.h"
#include "feeds/markup/htmltag.h"

enum { WASTE_MAX = 1048576, SHORT_MAX = 256 };

/* ---- values ---- */

static bool is_identifier(struct slice text)
{
	return text.len > 0 && call_word(text, 0, "$") == text.len &&
	       (text.ptr[0] < '0' || text.ptr[0] > '9') && text.ptr[0] != '-';
}

static bool is_number(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((text.ptr[i] < '0' || text.ptr[i] > '9') && text.ptr[i] != '.')
			return false;
	}
	return text.len > 0;
}

/* A literal, require("…"), or a name bound to a literal. */
static bool read_value(const struct scan *s, struct slice text, struct slice *out)
{
	static const char *const tails[] = {".src", ".default", ".publicURL"};
	const struct scan_variable *variable;
	char quote;

	text = slice_trim(text);
	if (slice_starts(text, "require(") || slice_starts(text, "useBaseUrl(")) {
		size_t open = slice_find_byte(text, 0, '(') + 1;
		size_t close = slice_find_byte(text, open, ')');

		text = slice_trim(slice_sub(text, open, close));
	}
	if (text.len >= 2 && strchr("\"'`", quote = text.ptr[0]) &&
	    slice_find_byte(text, 1, quote) == text.len - 1 &&
	    slice_find(text, 0, "${") == text.len) {
		*out = slice_sub(text, 1, text.len - 1);
		return true;
	}
	if (is_number(text)) {
		*out = text;
		return true;
	}
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		if (slice_ends(text, tails[i]))
			text.len -= strlen(tails[i]);
	}
	variable = is_identifier(text) ? scan_variable(s, text) : NULL;
	if (!variable)
		return false;
	*out = variable->value;
	return true;
}

/* Braced arguments get their value, or none. */
static void read_args(struct directive_call *call)
{
	for (size_t i = 0; i < call->args_len; i++) {
		struct directive_arg *arg = &call->args[i];
		struct slice value;

		if (arg->form != ARG_BRACED)
			continue;
		if (read_value(call->scan, slice_sub(arg->value, 1, arg->value.len - 1), &value))
			*arg = (struct directive_arg){arg->key, value, ARG_QUOTED};
	}
}

/* Those that stayed without one must not be taken for text. */
static void drop_braced(struct directive_call *call)
{
	size_t kept = 0;

	for (size_t i = 0; i < call->args_len; i++) {
		if (call->args[i].form != ARG_BRACED)
			call->args[kept++] = call->args[i];
	}
	call->args_len = kept;
}

/* ---- tags ---- */

/* How much of the body one try may look at; less when tries keep failing. */
static struct slice window(const struct scan *s, size_t max)
{
	if (s->shared->wasted > WASTE_MAX)
		max = SHORT_MAX;
	return s->text.len - s->pos > max ? slice_sub(s->text, 0, s->pos + max) : s->text;
}

static size_t waste(struct scan *s, size_t to)
{
	s->shared->wasted += to - s->pos;
	return 0;
}

static size_t skip_blanks(struct slice text, size_t at)
{
	while (at < text.len && strchr(" \t\n", text.ptr[at]))
		at++;
	return at;
}

/* The value of an attribute at *at; false when it does not end. */
static bool read_attribute_value(struct slice text, size_t *at, struct directive_arg *arg)
{
	size_t start = *at, end;
	char c = start < text.len ? text.ptr[start] : ' ';

	if (c == '"' || c == '\'') {
		end = slice_find_byte(text, start + 1, c);
		if (end == text.len)
			return false;
		arg->value = slice_sub(text, start + 1, end);
		*at = end + 1;
		return true;
	}
	if (c == '{') {
		end = call_braced_end(text, start);
		arg->form = ARG_BRACED;
		if (end == text.len)
			return false;
	} else {
		end = start + call_word(text, start, "./:#%?&");
	}
	arg->value = slice_sub(text, start, end);
	*at = end;
	return end > start;
}

/* From behind the name to behind ">"; 0 when this is no tag. */
static size_t read_attributes(struct directive_call *call, struct slice text, size_t at)
{
	for (;;) {
		struct directive_arg arg = {SLICE_NONE, SLICE_NONE, ARG_QUOTED};
		size_t len;

		at = skip_blanks(text, at);
		if (at == text.len)
			return waste(call->scan, at);
		if (text.ptr[at] == '>')
			return at + 1;
		if (text.ptr[at] == '/') {
			call->single = true;
			at++;
			continue;
		}
		len = call_word(text, at, ":.@$");
		if (len > 0) {
			arg.key = slice_sub(text, at, at + len);
			at = skip_blanks(text, at + len);
			if (at < text.len && text.ptr[at] == '=') {
				at = skip_blanks(text, at + 1);
				if (!read_attribute_value(text, &at, &arg))
					return waste(call->scan, at);
			} else {
				arg.form = ARG_BARE;
				arg.value = SLICE("true");
			}
		} else if (text.ptr[at] != '{' || !read_attribute_value(text, &at, &arg)) {
			return waste(call->scan, at);
		}
		if (call->args_len < SCAN_ARGS)
			call->args[call->args_len++] = arg;
	}
}

/* ---- HTML elements ---- */

static bool is_void(struct slice name)
{
	static const char *const names[] = {
	    "img", "br", "hr", "input", "source", "track", "wbr", "embed", "meta", "link", "col"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (slice_equal_str(name, names[i]))
			return true;
	}
	return false;
}

/* React's names back to HTML's; what is no text goes. */
static void put_element(struct directive_call *call, struct buf *html)
{
	buf_putc(html, '<');
	buf_put_slice(html, call->name);
	for (size_t i = 0; i < call->args_len; i++) {
		const struct directive_arg *arg = &call->args[i];
		struct slice key = arg->key;

		if (key.len == 0 || slice_starts(key, "on") || slice_equal_str(key, "ref"))
			continue;
		if (slice_equal_str(key, "className"))
			key = SLICE("class");
		else if (slice_equal_str(key, "htmlFor"))
			key = SLICE("for");
		buf_putc(html, ' ');
		for (size_t k = 0; k < key.len; k++) /* srcSet, tabIndex */
			buf_putc(html, key.ptr[k] >= 'A' && key.ptr[k] <= 'Z'
					   ? (char)(key.ptr[k] + 32)
					   : key.ptr[k]);
		buf_puts(html, "=\"");
		scan_put_attr(html, arg->form == ARG_BARE ? SLICE("") : arg->value);
		buf_putc(html, '"');
	}
	buf_putc(html, '>');
	if (call->single && !is_void(call->name)) {
		buf_puts(html, "</");
		buf_put_slice(html, call->name);
		buf_putc(html, '>');
	}
}

/* An element that is HTML already stays as it is. */
static size_t expand_element(struct directive_call *call)
{
	struct scan *s = call->scan;
	struct slice tag = slice_sub(s->text, s->pos, call->end);
	struct buf html = BUF_INIT;

	if (slice_find_byte(tag, 0, '{') == tag.len && slice_find(tag, 0, "className") == tag.len)
		return 0;
	read_args(call);
	drop_braced(call);
	put_element(call, &html);
	scan_put(s, buf_slice(&html));
	buf_free(&html);
	return call->end;
}

/* ---- components ---- */

static const struct directive_row components[] = {
    {"Image", SHAPE_BLOCK, component_image, NULL},
    {"Img", SHAPE_BLOCK, component_image, NULL},
    {"Picture", SHAPE_BLOCK, component_image, NULL},
    {"Photo", SHAPE_BLOCK, component_image, NULL},
    {"NextImage", SHAPE_BLOCK, component_image, NULL},
    {"ThemedImage", SHAPE_BLOCK, component_image, NULL},
    {"StaticImage", SHAPE_BLOCK, component_image, NULL},
    {"ZoomImage", SHAPE_BLOCK, component_image, NULL},
    {"BlogImage", SHAPE_BLOCK, component_image, NULL},
    {"Screenshot", SHAPE_BLOCK, component_image, NULL},
    {"Figure", SHAPE_BLOCK, component_figure, NULL},
    {"YouTube", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"YouTubeEmbed", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"LiteYouTube", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"LiteYouTubeEmbed", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"YouTubeVideo", SHAPE_INLINE, component_service, "https://www.youtube.com/watch?v=%"},
    {"Vimeo", SHAPE_INLINE, component_service, "https://vimeo.com/%"},
    {"CodePen", SHAPE_INLINE, component_service, "https://codepen.io/%"},
    {"CodeSandbox", SHAPE_INLINE, component_service, "https://codesandbox.io/s/%"},
    {"Instagram", SHAPE_INLINE, component_service, "https://www.instagram.com/p/%/"},
    {"Spotify", SHAPE_INLINE, component_service, "https://open.spotify.com/%"},
    {"Gist", SHAPE_INLINE, component_gist, NULL},
    {"Tweet", SHAPE_INLINE, component_tweet, NULL},
    {"TwitterTweetEmbed", SHAPE_INLINE, component_tweet, NULL},
    {"StaticTweet", SHAPE_INLINE, component_tweet, NULL},
    {"Twitter", SHAPE_INLINE, component_tweet, NULL},
    {"Iframe", SHAPE_INLINE, component_frame, NULL},
    {"Embed", SHAPE_INLINE, component_frame, NULL},
    {"ReactPlayer", SHAPE_INLINE, component_frame, NULL},
    {"LinkPreview", SHAPE_INLINE, component_frame, NULL},
    {"LinkCard", SHAPE_INLINE, component_frame, NULL},
    {"Video", SHAPE_BLOCK, component_media, "video"},
    {"VideoPlayer", SHAPE_BLOCK, component_media, "video"},
    {"Audio", SHAPE_BLOCK, component_media, "audio"},
    {"Link", SHAPE_SPAN, component_anchor, NULL},
    {"A", SHAPE_SPAN, component_anchor, NULL},
    {"NavLink", SHAPE_SPAN, component_anchor, NULL},
    {"NextLink", SHAPE_SPAN, component_anchor, NULL},
    {"ExternalLink", SHAPE_SPAN, component_anchor, NULL},
    {"Button", SHAPE_SPAN, component_anchor, NULL},
    {"LinkButton", SHAPE_SPAN, component_anchor, NULL},
    {"Kbd", SHAPE_SPAN, component_element, "kbd"},
    {"Mark", SHAPE_SPAN, component_element, "mark"},
    {"Highlight", SHAPE_SPAN, component_element, "mark"},
    {"InlineCode", SHAPE_SPAN, component_element, "code"},
    {"Callout", SHAPE_WRAP, component_callout, NULL},
    {"Admonition", SHAPE_WRAP, component_callout, NULL},
    {"Aside", SHAPE_WRAP, component_callout, NULL},
    {"Alert", SHAPE_WRAP, component_callout, NULL},
    {"Notice", SHAPE_WRAP, component_callout, NULL},
    {"Banner", SHAPE_WRAP, component_callout, NULL},
    {"Note", SHAPE_WRAP, component_callout, "note"},
    {"Tip", SHAPE_WRAP, component_callout, "tip"},
    {"Info", SHAPE_WRAP, component_callout, "info"},
    {"Warning", SHAPE_WRAP, component_callout, "warning"},
    {"Caution", SHAPE_WRAP, component_callout, "caution"},
    {"Danger", SHAPE_WRAP, component_callout, "danger"},
    {"Important", SHAPE_WRAP, component_callout, "important"},
    {"Check", SHAPE_WRAP, component_callout, NULL},
    {"Quote", SHAPE_WRAP, component_quote, NULL},
    {"Blockquote", SHAPE_WRAP, component_quote, NULL},
    {"PullQuote", SHAPE_WRAP, component_quote, NULL},
    {"Details", SHAPE_WRAP, component_details, NULL},
    {"Accordion", SHAPE_WRAP, component_details, NULL},
    {"AccordionItem", SHAPE_WRAP, component_details, NULL},
    {"Collapse", SHAPE_WRAP, component_details, NULL},
    {"Collapsible", SHAPE_WRAP, component_details, NULL},
    {"Disclosure", SHAPE_WRAP, component_details, NULL},
    {"Expandable", SHAPE_WRAP, component_details, NULL},
    {"Spoiler", SHAPE_WRAP, component_details, NULL},
    {"TabItem", SHAPE_WRAP, component_section, NULL},
    {"Tab", SHAPE_WRAP, component_section, NULL},
    {"Card", SHAPE_WRAP, component_section, NULL},
    {"Step", SHAPE_WRAP, component_section, NULL},
    {"CodeBlock", SHAPE_VERBATIM, component_code, NULL},
    {"Code", SHAPE_VERBATIM, component_code, NULL},
    {"Mermaid", SHAPE_VERBATIM, component_code, "mermaid"},
    {"Tabs", SHAPE_TEXT, NULL, NULL},
    {"AccordionGroup", SHAPE_TEXT, NULL, NULL},
    {"CardGrid", SHAPE_TEXT, NULL, NULL},
    {"CardGroup", SHAPE_TEXT, NULL, NULL},
    {"CodeGroup", SHAPE_TEXT, NULL, NULL},
    {"Steps", SHAPE_TEXT, NULL, NULL},
    {"FileTree", SHAPE_TEXT, NULL, NULL},
    {"Fragment", SHAPE_TEXT, NULL, NULL},
    {"React.Fragment", SHAPE_TEXT, NULL, NULL},
    {"Columns", SHAPE_TEXT, NULL, NULL},
    {"Column", SHAPE_TEXT, NULL, NULL},
    {"Grid", SHAPE_TEXT, NULL, NULL},
    {"Center", SHAPE_TEXT, NULL, NULL},
    {"Container", SHAPE_TEXT, NULL, NULL},
    {"Box", SHAPE_TEXT, NULL, NULL},
    {"Prose", SHAPE_TEXT, NULL, NULL},
    {"Layout", SHAPE_TEXT, NULL, NULL},
    {"Frame", SHAPE_TEXT, NULL, NULL},
    {"Intro", SHAPE_TEXT, NULL, NULL},
    {"Head", SHAPE_DROP, NULL, NULL},
    {"Helmet", SHAPE_DROP, NULL, NULL},
    {"Script", SHAPE_DROP, NULL, NULL},
    {"TOC", SHAPE_GONE, NULL, NULL},
    {"TOCInline", SHAPE_GONE, NULL, NULL},
    {"TableOfContents", SHAPE_GONE, NULL, NULL},
    {"Icon", SHAPE_GONE, NULL, NULL},
    {"Spacer", SHAPE_GONE, NULL, NULL},
    {"Divider", SHAPE_GONE, NULL, NULL},
    {NULL, SHAPE_GONE, NULL, NULL},
};

static bool is_component(struct slice name)
{
	return (name.ptr[0] >= 'A' && name.ptr[0] <= 'Z') ||
	       slice_find_byte(name, 0, '.') < name.len;
}

static size_t expand_closing(struct scan *s)
{
	size_t len = call_word(s->text, s->pos + 2, "."), end;
	struct slice name = slice_sub(s->text, s->pos + 2, s->pos + 2 + len);
	bool again;

	end = skip_blanks(window(s, SHORT_MAX), s->pos + 2 + len);
	if (end >= s->text.len || s->text.ptr[end] != '>' || (len > 0 && !is_component(name)))
		return 0;
	if (len > 0)
		(void)scan_shut(s, CLOSE_TAG, name, &again); /* of one that nobody knows */
	return scan_gone(s, end + 1);
}

static size_t expand_tag(struct scan *s)
{
	struct directive_call call = {.scan = s, .kind = "component", .style = CLOSE_TAG};
	struct slice rest = slice_from(s->text, s->pos);
	size_t len;

	if (slice_starts(rest, "</"))
		return expand_closing(s);
	if (slice_starts(rest, "<>"))
		return scan_gone(s, s->pos + 2);
	len = call_word(s->text, s->pos + 1, ".");
	if (len == 0 || len > 100 || (unsigned char)rest.ptr[1] >= 0x80)
		return 0;
	call.name = slice_sub(rest, 1, 1 + len);
	call.end = read_attributes(&call, window(s, SCAN_TAG_MAX), s->pos + 1 + len);
	if (!call.end)
		return 0;
	if (!is_component(call.name))
		return expand_element(&call);
	read_args(&call);
	drop_braced(&call);
	call.row = call_row(components, call.name);
	if (!call.row && slice_find_byte(call.name, 0, '.') < call.name.len) {
		size_t dot = slice_find_byte(call.name, 0, '.');

		call.row = call_row(components, slice_from(call.name, dot + 1));
		/* Its closing tag has the long name, which no row has. */
		if (call.row && call.row->shape >= SHAPE_WRAP && call.row->shape != SHAPE_TEXT)
			call.row = NULL;
	}
	return call_run(&call);
}

/* ---- expressions ---- */

/* TeX in a sentence: "x_{i}", "\frac{a}{b}". */
static bool is_tex(const struct scan *s)
{
	size_t at = s->pos;
	char c = at > 0 ? s->text.ptr[at - 1] : ' ';

	if (c == '^' || c == '_' || c == '$')
		return true;
	if (c == '}') /* the second of "\frac{a}{b}", if the first stayed */
		return slice_ends(buf_slice(s->out), "}");
	while (at > 0 && s->pos - at < 20 && call_word(s->text, at - 1, "") > 0)
		at--;
	return at < s->pos && at > 0 && s->text.ptr[at - 1] == '\\';
}

/* A comment goes, but for a "more" mark: Docusaurus has `truncate` as one. */
static size_t drop_comment(struct scan *s, struct slice inner, size_t end)
{
	struct slice comment = slice_from(inner, 2);

	if (slice_ends(comment, "*/"))
		comment = slice_sub(comment, 0, comment.len - 2);
	if (!htmltag_is_more(slice_trim(comment)))
		return scan_gone(s, end);
	scan_put(s, SLICE("<!-- more -->"));
	return end;
}

static size_t expand_expression(struct scan *s)
{
	struct slice text = window(s, SCAN_TAG_MAX), inner, value;
	size_t end;

	if (is_tex(s) || slice_starts(slice_from(text, s->pos), "{#") ||
	    slice_starts(slice_from(text, s->pos), "{:"))
		return 0; /* the name of a heading is no expression */
	end = call_braced_end(text, s->pos);
	if (end == text.len && text.ptr[end - 1] != '}')
		return waste(s, end);
	inner = slice_trim(slice_sub(text, s->pos + 1, end - 1));
	if (inner.len == 0)
		return scan_gone(s, end);
	if (slice_starts(inner, "/*"))
		return drop_comment(s, inner, end);
	if (read_value(s, inner, &value)) {
		struct buf html = BUF_INIT;

		scan_put_text(s, &html, value);
		scan_put(s, buf_slice(&html));
		buf_free(&html);
		return end;
	}
	scan_unknown(s, "expression", slice_sub(inner, 0, call_word(inner, 0, ".")), false);
	return scan_gone(s, end);
}

/* ---- modules ---- */

static bool is_module(struct slice line)
{
	static const char *const exports[] = {"const ", "default ", "function ", "let ", "var ",
	    "class ", "async ", "{", "*", "type ", "interface "};

	if (slice_starts(line, "import "))
		return slice_find_byte(line, 0, '"') < line.len ||
		       slice_find_byte(line, 0, '\'') < line.len ||
		       slice_find_byte(line, 0, '{') < line.len;
	if (!slice_starts(line, "export "))
		return false;
	for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++) {
		if (slice_starts(slice_from(line, 7), exports[i]))
			return true;
	}
	return false;
}

/* The end of the statement that begins at s->pos, its line's end included. */
static size_t statement_end(struct scan *s, struct slice text)
{
	size_t depth = 0, first = slice_find_byte(text, s->pos, '\n');
	char quote = '\0', last = ' ';

	for (size_t at = s->pos; at < text.len; at++) {
		char c = text.ptr[at];

		if (quote) {
			if (c == '\\')
				at++;
			else if (c == quote || (c == '\n' && quote != '`'))
				quote = '\0';
		} else if (c == '"' || c == '\'' || c == '`') {
			quote = c;
		} else if (c == '{' || c == '[' || c == '(') {
			depth++;
		} else if (c == '}' || c == ']' || c == ')') {
			depth -= depth > 0;
		} else if (c == '\n' && depth == 0 && !strchr("=,&|+?:>", last)) {
			return at + 1;
		}
		if (c != ' ' && c != '\t' && c != '\n')
			last = c;
	}
	if (text.len == s->text.len && depth == 0)
		return text.len;
	(void)waste(s, text.len);
	return first < text.len ? first + 1 : text.len; /* not understood: the line alone */
}

/* `import x from "y"`, `export const x = "y"`. */
static void bind(struct scan *s, struct slice statement)
{
	bool import = slice_starts(statement, "import ");
	size_t at = import ? 7 : strlen("export const "), len, divider;
	struct slice value;

	if (!import && !slice_starts(statement, "export const "))
		return;
	len = call_word(statement, at, "$");
	divider =
	    import ? slice_find(statement, at, " from ") : slice_find_byte(statement, at, '=');
	if (len == 0 || divider == statement.len)
		return;
	value = slice_trim(slice_from(statement, divider + (import ? 6 : 1)));
	if (slice_ends(value, ";"))
		value.len--;
	if (read_value(s, value, &value))
		scan_set(s, slice_sub(statement, at, at + len), value);
}

size_t jsx_module(struct scan *s)
{
	struct slice text = window(s, SCAN_TEXT_MAX);
	size_t end = slice_find_byte(text, s->pos, '\n');

	if (!is_module(slice_sub(text, s->pos, end)))
		return 0;
	end = statement_end(s, text);
	s->shared->wasted += end - s->pos;
	bind(s, slice_sub(s->text, s->pos, end));
	return end;
}

const struct directive_family directive_jsx_tag = {"JSX tag", "<", IN_MDX, false, expand_tag};
const struct directive_family directive_jsx_expression = {
    "JSX expression", "{", IN_MDX, false, expand_expression};
