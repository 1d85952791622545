/*
 * toml: reads TOML 1.0.0 (https://toml.io/en/v1.0.0) into a value tree.
 *
 * Accepts exactly the valid documents of the standard; anything else fails
 * with ERR_SYNTAX at its line and column. Repeated keys are always refused.
 */
#ifndef FEEDS_BASE_TOML_H
#define FEEDS_BASE_TOML_H

#include "feeds/base/value.h"

/*
 * Reads `text` whole; *out is a VALUE_MAP in `arena`. Fails with ERR_SYNTAX, or
 * ERR_LIMIT when a bound of `rules` is passed.
 */
int toml_parse(struct slice text, const struct value_rules *rules, struct arena *arena,
    struct value **out, struct err *err);

#endif
