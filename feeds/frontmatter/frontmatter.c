#include "feeds/frontmatter/frontmatter.h"

#include <stddef.h>

/*
 * The order settles who wins. Heads between marks come first: what stands
 * there is meant as a head, whatever the file is called. Then what has an
 * opening that nothing else has (JSON, MDX), then HTML pages, by extension.
 * Then ikiwiki, whose directives are a sure sign wherever they stand, and last
 * the two guesses, which read plain lines as a head: Blosxom's asks for more
 * evidence than `Key: value`, so it is asked before. "none" takes the rest.
 */
static const struct frontmatter_kind *const kinds[] = {
    &frontmatter_yaml,
    &frontmatter_toml,
    &frontmatter_hexo,
    &frontmatter_json,
    &frontmatter_mdx,
    &frontmatter_html,
    &frontmatter_ikiwiki,
    &frontmatter_blosxom,
    &frontmatter_keyvalue,
    &frontmatter_none,
};

int frontmatter_parse(struct slice text, struct slice path, struct arena *arena,
    struct diags *diags, struct frontmatter *out, struct err *err)
{
	for (size_t i = 0;; i++) {
		struct frontmatter found = {.kind = kinds[i], .body_line = 1};

		switch (kinds[i]->parse(text, path, arena, diags, &found, err)) {
		case FRONTMATTER_NOT_MINE: continue;
		case FRONTMATTER_BROKEN: return err_wrap(err, "%s head", kinds[i]->name);
		case FRONTMATTER_READ: *out = found; return 0;
		}
	}
}
