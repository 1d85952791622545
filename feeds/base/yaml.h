/*
 * yaml: reads one YAML document into a value tree, through libyaml's events.
 *
 * Plain scalars are typed by the core rules of YAML 1.2 (null, true/false,
 * int, float) and keep their text. Anchors, aliases, explicit tags and merge
 * keys are refused: no article is known to use them, and they can multiply.
 * A tab after a list mark, as editors leave it, is taken.
 */
#ifndef FEEDS_BASE_YAML_H
#define FEEDS_BASE_YAML_H

#include "feeds/base/value.h"

/*
 * Reads `text` whole. *out is the document's root in `arena`: a map, a list or
 * a scalar, VALUE_NULL for an empty document. Fails with ERR_SYNTAX or
 * ERR_LIMIT, with line and column.
 */
int yaml_parse(struct slice text, const struct value_rules *rules, struct arena *arena,
    struct value **out, struct err *err);

#endif
