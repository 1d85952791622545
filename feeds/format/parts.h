/*
 * parts: what more than one format has to decide about a channel or an entry.
 */
#ifndef FEEDS_FORMAT_PARTS_H
#define FEEDS_FORMAT_PARTS_H

#include <stdbool.h>

#include "feeds/base/xmlout.h"
#include "feeds/feed.h"

/* Media type of an enclosure: the one given, else by its name, else bytes of any kind. */
struct slice part_enclosure_type(const struct enclosure *enclosure);

/* The entry is in a language that its channel does not say. */
bool part_own_language(const struct channel *channel, const struct entry *entry);

/*
 * Who to name for an entry where its document names nobody for all entries:
 * its authors, else the channel's; *out_len may be 0.
 */
const struct person *part_authors(
    const struct channel *channel, const struct entry *entry, size_t *out_len);

/* Text of the open element: the entry's content. */
void part_content(struct xmlout *xml, const struct entry *entry);

/* Media RSS: an entry's image, for readers that show it big and those that show it small. */
void part_image(struct xmlout *xml, struct slice image_url);

#endif
