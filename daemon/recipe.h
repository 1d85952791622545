/*
 * recipe: all that decides a document's bytes, as one digest.
 *
 * A document is rendered only when its recipe is not that of the file on disk.
 * Whatever can change a byte goes in: the program's version, the channel, and
 * of each entry what the index knows, the digest of its file among it. An
 * entry whose body asks for other articles (links) depends on where all of
 * them live as well; `names` stands for that.
 */
#ifndef DAEMON_RECIPE_H
#define DAEMON_RECIPE_H

#include <stdint.h>

#include "daemon/document.h"
#include "daemon/library.h"

/* Names of one article: its path, title and URL. XOR of all articles' is `names`. */
uint64_t recipe_name(const struct article *article);

struct digest recipe_of(const struct document *document, uint64_t names);

/* Was it published by this recipe, and is it what is there? Blocks. */
bool recipe_stands(const struct library *library, const struct digest *recipe,
    const struct publish_target *target);

#endif
