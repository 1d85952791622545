/*
 * generator: the family of programs that make sites, as `feedd --init` has to know them.
 *
 * A row names the paths that it wants to see in a site's folder. The caller looks at the paths of
 * all rows (generator_wants), and hands over what it saw; then rows are asked in the order of the
 * table, and the first that knows the site as its own puts what it reads there into the draft.
 * Nothing here opens a file, and nothing is ever run: what a settings file in JavaScript or Python
 * computes is not known, and left to the person. To add a generator, write NAME.c and add its row
 * in generator.c; its order settles who wins.
 */
#ifndef CONFIG_GENERATOR_GENERATOR_H
#define CONFIG_GENERATOR_GENERATOR_H

#include <stdbool.h>

#include "config/draft.h"

enum {
	GENERATOR_FILE_MAX = 262144, /* bytes of a settings file that are looked at */
	GENERATOR_NAMES_MAX = 1000,  /* names of a folder */
};

enum generator_kind { GENERATOR_MISSING, GENERATOR_FILE, GENERATOR_FOLDER };

struct generator_seen {
	const char *path; /* as it was wanted */
	enum generator_kind kind;
	struct slice bytes; /* of a file, as they are; of a folder its names, a line each, those of
			       folders with a "/" behind */
	const char *fault;  /* why the bytes of a file could not be had; NULL: they are here */
};

struct generator_site {
	const char *name; /* of the folder */
	const struct generator_seen *seen;
	size_t len;
};

struct generator {
	const char *name;	  /* "hugo" */
	const char *title;	  /* "a Hugo site" */
	const char *const *wants; /* paths; ends with NULL */
	/* False: the site is none of it, and the draft is untouched. */
	bool (*read)(const struct generator_site *site, struct draft *draft);
};

extern const struct generator generator_zola;
extern const struct generator generator_hugo;
extern const struct generator generator_hexo;
extern const struct generator generator_jekyll;
extern const struct generator generator_astro;
extern const struct generator generator_eleventy;
extern const struct generator generator_pelican;
extern const struct generator generator_obsidian;
extern const struct generator generator_plain; /* takes what is left */

/* The path with this number that a row wants to see; some come twice. NULL behind the last. */
const char *generator_wants(size_t index);
/* Whose site it is; the draft is filled, but may lack anything. */
const struct generator *generator_read(const struct generator_site *site, struct draft *draft);

#endif
