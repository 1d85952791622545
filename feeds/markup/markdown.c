#include "feeds/markup/markdown.h"

#include "feeds/markup/budget.h"
#include "feeds/markup/markup.h"

struct render {
	struct slice source;
	struct arena *arena;
	struct buf scratch;
	struct buf *html;
};

static void render_work(cmark_mem *mem, void *arg)
{
	struct render *render = arg;
	struct markdown_walk walk = {.arena = render->arena,
	    .mem = mem,
	    .scratch = &render->scratch,
	    .plain = markdown_inline_is_plain(render->source)};
	cmark_parser *parser = budget_parser(mem);
	cmark_node *root;

	cmark_parser_feed(parser, render->source.ptr, render->source.len);
	root = cmark_parser_finish(parser);
	markdown_tree(&walk, root);
	buf_puts(render->html, cmark_render_html_with_mem(root, MARKDOWN_OPTIONS, NULL, mem));
}

static int source_render(
    struct slice source, struct arena *arena, struct buf *html, struct err *err)
{
	struct render render = {.source = source, .arena = arena, .html = html};
	int result;

	if (markdown_bound(source, err) < 0)
		return -1;
	result = budget_run(render_work, &render, source.len, err);
	buf_free(&render.scratch);
	if (result == 0 && html->overflow)
		result = err_set(err, ERR_LIMIT, "body becomes more HTML than fits");
	return result;
}

static int markdown_to_html(const struct markup_source *source, struct arena *arena,
    struct diags *diags, struct buf *html, struct err *err)
{
	struct buf prepared = BUF_INIT;
	int result;

	(void)diags; /* no Markdown is wrong */
	if (source->body.len > MARKUP_BODY_MAX)
		return err_set(err, ERR_LIMIT, "body is larger than %d KB", MARKUP_BODY_MAX >> 10);
	markdown_source(source->body, &prepared);
	result = source_render(buf_slice(&prepared), arena, html, err);
	buf_free(&prepared);
	return result;
}

static const char *const extensions[] = {
    "md", "markdown", "mdown", "mkd", "mkdn", "mdwn", "mdx", "rmd", "qmd", NULL};

const struct markup markup_markdown = {
    .name = "markdown",
    .extensions = extensions,
    .directives = true,
    .headline = markdown_headline,
    .to_html = markdown_to_html,
};
