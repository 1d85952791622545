#include "feeds/frontmatter/frontmatter.h"

static enum frontmatter_verdict none_parse(struct slice text, struct slice path,
    struct arena *arena, struct diags *diags, struct frontmatter *out, struct err *err)
{
	(void)text, (void)path, (void)diags,
	    (void)err; /* an article without a head is none the worse */
	out->root = value_new(arena, VALUE_MAP, 1, 1);
	out->body = 0;
	out->body_line = 1;
	return FRONTMATTER_READ;
}

const struct frontmatter_kind frontmatter_none = {
    .name = "none",
    .parse = none_parse,
};
