/*
 * Blanks in the address of a link or a picture: kramdown and Python-Markdown take
 * them, CommonMark does not (section 6.3), and all of it would be text. They become
 * %20 where the address looks like one: words in brackets behind `]` may be prose.
 */
#include "feeds/markup/markdown.h"

enum { ADDRESS_MAX = 2048, TEXT_MAX = 1000, EXTENSION_MAX = 5 }; /* bytes; TEXT_MAX: of a link */

static size_t behind_blanks(struct slice s, size_t at)
{
	while (at < s.len && markdown_is_blank(s.ptr[at]))
		at++;
	return at;
}

/* Does a title in quotes begin at `at`, with the link's end behind it? */
static bool is_title(struct slice line, size_t at)
{
	size_t end = slice_find_byte(line, at + 1, line.ptr[at]);

	if (end == line.len)
		return false;
	end = behind_blanks(line, end + 1);
	return end < line.len && line.ptr[end] == ')';
}

/* What stands in the bracket that opens the line, up to its end or a title; empty: none. */
static struct slice find_address(struct slice line)
{
	size_t start, end;

	if (line.len > ADDRESS_MAX)
		line.len = ADDRESS_MAX;
	start = end = behind_blanks(line, 2);
	for (; end < line.len && line.ptr[end] != ')'; end++) {
		char c = line.ptr[end];
		bool apart = markdown_is_blank(line.ptr[end - 1]);

		if ((c == '"' || c == '\'') && apart && is_title(line, end))
			break;
		if (strchr("<(>\"`", c))
			return SLICE_NONE;
	}
	return end < line.len ? slice_trim(slice_sub(line, start, end)) : SLICE_NONE;
}

static bool has_blank(struct slice address)
{
	for (size_t i = 0; i < address.len; i++)
		if (markdown_is_blank(address.ptr[i]))
			return true;
	return false;
}

/* `a b.pdf`, `a b.md#part`; not `page 3.4` */
static bool has_extension(struct slice address)
{
	size_t end = slice_find_byte(address, 0, '#'), dot;

	for (dot = end; dot > 0 && markdown_is_alnum(address.ptr[dot - 1]);)
		dot--;
	return dot > 1 && address.ptr[dot - 1] == '.' && !markdown_is_blank(address.ptr[dot - 2]) &&
	       end > dot && end - dot <= EXTENSION_MAX &&
	       !(address.ptr[dot] >= '0' && address.ptr[dot] <= '9');
}

/* `![](/a.png =300x200)`, as some write a size. */
static bool has_size(struct slice address)
{
	size_t at = address.len;

	while (at > 0 && !markdown_is_blank(address.ptr[at - 1]))
		at--;
	return at < address.len && address.ptr[at] == '=';
}

static bool is_address(struct slice address)
{
	static const char *const starts[] = {"/", "./", "../", "http:", "https:"};

	if (!has_blank(address) || has_size(address))
		return false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (slice_starts(address, starts[i]))
			return !markdown_is_blank(address.ptr[strlen(starts[i])]);
	/* "{static}" and its kin; "{{ x }}" is what a template left. */
	if (address.ptr[0] == '{')
		return markdown_is_alnum(address.ptr[1]);
	return has_extension(address);
}

/* Is the bracket that begins the text of the link no text itself? */
static bool is_opened(struct slice line, size_t i)
{
	size_t least = i > TEXT_MAX ? i - TEXT_MAX : 0;

	while (i > least && line.ptr[i - 1] != '[')
		i--;
	return i > least && (i == 1 || line.ptr[i - 2] != '\\');
}

size_t markdown_address_put(struct slice line, size_t i, struct buf *out)
{
	struct slice address = find_address(slice_from(line, i));

	if (!is_address(address) || !is_opened(line, i))
		return 0;
	buf_puts(out, "](");
	for (size_t at = 0; at < address.len; at++) {
		if (markdown_is_blank(address.ptr[at]))
			buf_puts(out, "%20");
		else
			buf_putc(out, address.ptr[at]);
	}
	return (size_t)(address.ptr + address.len - line.ptr) - i;
}

bool markdown_address_any(struct slice body)
{
	for (size_t at = slice_find(body, 0, "]("); at < body.len;
	     at = slice_find(body, at + 2, "](")) {
		size_t end = body.len - at < ADDRESS_MAX ? body.len : at + ADDRESS_MAX;
		struct slice rest = slice_sub(body, at, end), line;

		if (slice_line(&rest, &line) && is_address(find_address(line)))
			return true;
	}
	return false;
}
