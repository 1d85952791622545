/*
 * htmlembed: players and frames become links.
 *
 * Readers of feeds show no iframes. A table knows the players of well-known
 * hosts and the pages that they play; any other frame leads to its own URL.
 */
#ifndef FEEDS_MARKUP_HTMLEMBED_H
#define FEEDS_MARKUP_HTMLEMBED_H

#include <stdbool.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"

struct htmlembed {
	bool known; /* a row of the table fits */
	/*
	 * What to call it when its title says nothing: "Video on YouTube", or "" when
	 * only the URL is left to show. NULL: the title says enough.
	 */
	const char *label;
};

/*
 * Append the URL of the page that the frame at `src` (absolute, http or https)
 * shows. `title` is the frame's own, empty for none.
 */
void htmlembed_put(struct slice src, struct slice title, struct buf *out, struct htmlembed *embed);

/* Is what an image has for its source a web video, as Obsidian embeds one, and no picture? */
bool htmlembed_is_video(struct slice src);

#endif
