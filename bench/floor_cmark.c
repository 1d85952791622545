/* floor_cmark: what it costs to read every article and turn its Markdown into HTML. */
#include "bench/walk.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS = CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES };

static void render(int folder, const char *name, const struct stat *st, void *arg)
{
	static const char *const extensions[] = {"table", "strikethrough", "autolink", "tasklist"};
	const char *bytes = walk_read(folder, name, st);
	cmark_parser *parser = cmark_parser_new(OPTIONS);
	long long *sum = arg;
	cmark_node *root;
	char *html;

	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		cmark_syntax_extension *extension = cmark_find_syntax_extension(extensions[i]);

		if (!extension)
			walk_fail(extensions[i]);
		cmark_parser_attach_syntax_extension(parser, extension);
	}
	cmark_parser_feed(parser, bytes, (size_t)st->st_size);
	root = cmark_parser_finish(parser);
	html = cmark_render_html(root, OPTIONS, cmark_parser_get_syntax_extensions(parser));
	*sum += (long long)strlen(html);
	free(html);
	cmark_node_free(root);
	cmark_parser_free(parser);
}

int main(int argc, char **argv)
{
	long long sum = 0;

	if (argc != 2)
		return 64;
	cmark_gfm_core_extensions_ensure_registered();
	walk_files(argv[1], render, &sum);
	printf("%lld bytes of HTML\n", sum);
	return 0;
}
