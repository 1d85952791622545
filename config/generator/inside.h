/*
 * inside: what the members of the family share. Private to config/generator/.
 */
#ifndef CONFIG_GENERATOR_INSIDE_H
#define CONFIG_GENERATOR_INSIDE_H

#include "config/generator/generator.h"
#include "feeds/base/value.h"

/* ---- what was seen ---- */

bool inside_is_file(const struct generator_site *site, const char *path);
bool inside_is_folder(const struct generator_site *site, const char *path);
/* The first of some paths (ends with NULL) that is a file, or a folder; NULL: none. */
const char *inside_file_of(const struct generator_site *site, const char *const *paths);
const char *inside_folder_of(const struct generator_site *site, const char *const *paths);
/* Whether a folder has a name that begins like this. */
bool inside_has_name(const struct generator_site *site, const char *folder, const char *beginning);
/* Whether a folder has a name that begins with a date. */
bool inside_has_dated(const struct generator_site *site, const char *folder);
/* Text of a file, legal, in the draft's arena; empty, and a complaint unless it is missing. */
struct slice inside_text(const struct generator_site *site, const char *path, struct draft *draft);
/*
 * A settings file as a tree in the draft's arena, by its extension: .toml, .yaml, .yml, .json.
 * NULL, and a complaint unless it is missing, when it is no map.
 */
struct value *inside_tree(const struct generator_site *site, const char *path, struct draft *draft);

/* ---- what stands in a tree ---- */

/* "a.b.c"; letters of any case, as Hugo has it; NULL: not there. */
const struct value *inside_get(const struct value *root, const char *path);
/* The text of a scalar there; empty: none. */
struct slice inside_string(const struct value *root, const char *path);
/* The number there, within 1 to 100000; 0: none. */
int inside_number(const struct value *root, const char *path);
/* Is there a true, or the text "true"? `standard` when there is nothing. */
bool inside_switch(const struct value *root, const char *path, bool standard);
/* Is there a list with this text, or this text alone? */
bool inside_lists(const struct value *root, const char *path, const char *text);

/* ---- into the draft ---- */

/* Set from the first of some keys that has a text; `file` is where they are. */
void inside_take(struct draft *draft, enum draft_key key, const struct value *root,
    const char *file, const char *const *paths);
/* An address, with `base` behind it; one that is an example of its generator is a guess. */
void inside_take_url(struct draft *draft, struct slice url, struct slice base, const char *from);
/* A folder, without "./" before and "/" behind; "" is ".". */
void inside_take_folder(
    struct draft *draft, enum draft_key key, struct slice folder, const char *from);
/* The same in all places: `from` is a standard of the generator. */
void inside_standard(struct draft *draft, enum draft_key key, const char *text, const char *from);
/* A path of a feed as output.dir has it: without "/" before; "index.xml" behind a "/" at its end. */
const char *inside_feed_path(struct draft *draft, struct slice path);
/* The one feed for all, in one format; `note` may be NULL. */
void inside_add_main(
    struct draft *draft, const char *format, const char *path, int limit, const char *note);
/* The site has articles in more languages: the one feed is that of its own, others are offered. */
void inside_part_languages(struct draft *draft);
/* A feed for each of `by`; offered: as a comment. */
void inside_add_by(struct draft *draft, const char *by, const char *format, const char *path,
    bool offered, const char *note);

/* ---- permalinks ---- */

struct inside_token {
	const char *theirs, *ours; /* without ":"; NULL for ours: written as it is, `text` */
	const char *text;
};

/*
 * Set content.permalink from a pattern of the generator whose preset is `preset`, `:token` or, where
 * `braces`, `{token}`. A token that feedd has none for is said in a note, and the permalink stays as
 * it was. `tokens` ends with a row of NULL.
 */
void inside_take_permalink(struct draft *draft, const char *preset, struct slice pattern,
    const struct inside_token *tokens, bool braces, const char *from);

#endif
