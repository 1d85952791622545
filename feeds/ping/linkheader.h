/*
 * linkheader: the links in a Link header field (RFC 8288 section 3).
 *
 *	struct slice rest = value;
 *	struct linkheader link;
 *	while (linkheader_next(&rest, &link))
 *		...
 */
#ifndef FEEDS_PING_LINKHEADER_H
#define FEEDS_PING_LINKHEADER_H

#include <stdbool.h>

#include "feeds/base/slice.h"

struct linkheader {
	struct slice target; /* a reference, to be resolved against the URL that answered */
	struct slice rel;    /* words; escapes in a quoted one stay as they are */
	bool anchored;	     /* it leads from elsewhere than what was answered (section 3.2) */
};

/*
 * Take the next link off *rest, the value of one field. False when there is none left, or what
 * is left begins with no link.
 */
bool linkheader_next(struct slice *rest, struct linkheader *out);

/* Is `word` among the link relations, whatever its case? */
bool linkheader_rel_has(struct slice rel, const char *word);

#endif
