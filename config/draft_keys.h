/*
 * draft_keys: which setting each value of a draft is. Private to draft*.c.
 */
#ifndef CONFIG_DRAFT_KEYS_H
#define CONFIG_DRAFT_KEYS_H

#include "config/draft.h"
#include "config/settings.h"

struct draft_key_row {
	enum section section;
	const char *key;
	const char *name; /* both, for people */
};

extern const struct draft_key_row draft_keys[DRAFT_KEYS];

#endif
