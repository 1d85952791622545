/*
 * directive: what generators add to a body's own language.
 *
 * One scanner walks the body, leaves code alone (fences, indented code, code
 * spans, <pre>, <code>, <script>, HTML comments) and hands each directive to
 * the family that knows its opening: Liquid and Hexo `{% %}` and `{{ }}`, Hugo
 * `{{< >}}` and `{{% %}}`, Zola `{{ f() }}`, JSX components and import/export
 * lines, Obsidian `[[ ]]` and `![[ ]]`, ikiwiki `[[! ]]`. A known directive
 * becomes HTML or Markdown; an unknown one goes, its inner text stays, and it is counted and noted.
 */
#ifndef FEEDS_MARKUP_DIRECTIVE_H
#define FEEDS_MARKUP_DIRECTIVE_H

#include "feeds/markup/markup.h"

/*
 * Append source->body to `out` with its directives worked out. `markdown` says
 * that the body is Markdown, where indented code and fences count; else HTML.
 * Bounded by out->max; never fails otherwise.
 */
void directive_expand(const struct markup_source *source, bool markdown, struct arena *arena,
    struct diags *diags, struct buf *out);

#endif
