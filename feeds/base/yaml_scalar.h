/*
 * yaml_scalar: what a plain scalar is by YAML 1.2's core rules. A part of yaml.
 */
#ifndef FEEDS_BASE_YAML_SCALAR_H
#define FEEDS_BASE_YAML_SCALAR_H

#include "feeds/base/value.h"

/*
 * Type a VALUE_STRING that was written without quotes (YAML 1.2.2 section
 * 10.3.2). "yes" and "on" stay strings: they were booleans in YAML 1.1 only.
 */
void yaml_type_plain(struct value *value);

#endif
