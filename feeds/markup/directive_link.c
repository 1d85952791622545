/*
 * Links that directives write to other articles, and links whose targets
 * nobody knows: a reader is better off with plain text than with a link that
 * leads to a page which does not exist.
 */
#include "feeds/markup/directive_family.h"

bool scan_find_link(const struct scan *s, struct slice target, struct buf *url)
{
	size_t hash = slice_find_byte(target, 0, '#');
	struct slice path = slice_trim(slice_sub(target, 0, hash));
	const struct links *links = s->source->links;

	if (path.len > 0 && (!links || !links->find(links->arg, s->source->path, path, url)))
		return false;
	buf_put_slice(url, slice_from(target, hash));
	return path.len > 0 || hash < target.len;
}

/* Something with an extension that no article has: a file of the site. */
static bool is_file(struct slice target)
{
	static const char *const articles[] = {
	    ".md", ".markdown", ".mdown", ".mdx", ".mdwn", ".html", ".htm", ".txt", ".gmi"};
	size_t dot = target.len;

	while (dot > 0 && target.ptr[dot - 1] != '.' && target.ptr[dot - 1] != '/')
		dot--;
	if (dot == 0 || target.ptr[dot - 1] == '/' || target.len - dot > 5 || target.len == dot)
		return false;
	for (size_t i = 0; i < sizeof(articles) / sizeof(articles[0]); i++) {
		if (slice_ends_nocase(target, articles[i]))
			return false;
	}
	return true;
}

/* The "[" that belongs to the "]" at the end of `out`, not far before; SIZE_MAX: none. */
static size_t link_start(struct slice out)
{
	unsigned depth = 0;

	for (size_t i = out.len; i > 0 && out.len - i < 512; i--) {
		char c = out.ptr[i - 1];

		if (c == ']')
			depth++;
		else if (c == '[' && --depth == 0)
			return i - 1;
		else if (c == '\n' && i > 1 && out.ptr[i - 2] == '\n')
			break;
	}
	return SIZE_MAX;
}

/* `[text](` stands before, the rest of a link behind `end`: only the text stays. Or 0. */
static size_t drop_link(struct scan *s, size_t end)
{
	struct slice out = buf_slice(s->out), text;
	struct slice near =
	    slice_sub(s->text, 0, s->text.len - end > 256 ? end + 256 : s->text.len);
	size_t close = slice_find_byte(near, end, ')'), start;

	if (!s->markdown || !slice_ends(out, "](") || close == near.len ||
	    slice_find_byte(near, end, '\n') < close)
		return 0;
	start = link_start(slice_sub(out, 0, out.len - 1));
	if (start == SIZE_MAX || (s->depth > 0 && start < s->frames[s->depth - 1].start))
		return 0;
	text = arena_copy(s->arena, slice_sub(out, start + 1, out.len - 2));
	buf_cut(s->out, start);
	if (s->out_line > start) /* the text began lines before */
		s->out_line = start;
	scan_put(s, text);
	return close + 1;
}

/* The position behind the character at `at`, or behind all of a `{{ … }}` within its line. */
static size_t behind_output(struct slice text, size_t at)
{
	struct slice near = slice_sub(text, 0, text.len - at > 256 ? at + 256 : text.len);
	size_t close;

	if (at + 1 >= near.len || near.ptr[at] != '{' || near.ptr[at + 1] != '{')
		return at + 1;
	close = slice_find(near, at, "}}");
	return close < near.len && slice_find_byte(near, at, '\n') > close ? close + 2 : at + 1;
}

size_t scan_drop_link(struct scan *s, size_t end)
{
	struct slice out = buf_slice(s->out);
	size_t start, next;

	if (slice_ends(out, "](")) {
		start = link_start(slice_sub(out, 0, out.len - 1));
		if (start != SIZE_MAX && start > 0 && out.ptr[start - 1] == '!')
			return end; /* a picture: what is left may be its path */
		next = drop_link(s, end);
		return next ? next : end;
	}
	if (!slice_ends(out, "]: ") && !slice_ends(out, "href=\"") && !slice_ends(out, "href='"))
		return end;
	scan_put(s, SLICE("#"));
	while (end < s->text.len && !strchr(" \t\n\"'<>", s->text.ptr[end]))
		end = behind_output(s->text, end);
	return end;
}

size_t scan_put_reference(struct scan *s, struct slice target, size_t end)
{
	struct buf url = BUF_INIT, html = BUF_INIT;
	bool found;

	target = slice_trim(target);
	found = scan_find_link(s, target, &url);
	if (!found && is_file(target)) {
		if (slice_find(target, 0, "://") == target.len) {
			buf_put_slice(&url, s->source->site_url);
			while (slice_starts(target, "/"))
				target = slice_from(target, 1);
		}
		buf_put_slice(&url, target);
		found = true;
	}
	if (found) {
		scan_put_url(&html, buf_slice(&url));
		scan_put(s, buf_slice(&html));
	} else {
		size_t next = drop_link(s, end);

		scan_note(s, "no article fits", target, ", so its link is dropped");
		if (next)
			end = next;
		else
			scan_put(s, SLICE("#"));
	}
	buf_free(&url);
	buf_free(&html);
	return end;
}
