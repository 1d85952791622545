#include "feeds/ping/ping.h"

#include <stddef.h>

const struct ping *const pings[PING_COUNT] = {
    &ping_websub,
    &ping_xmlrpc,
    &ping_rsscloud,
    &ping_indexnow,
    &ping_podping,
    &ping_podcastindex,
    &ping_webhook,
    &ping_webmention,
};

const struct ping *ping_find(struct slice name)
{
	for (size_t i = 0; i < PING_COUNT; i++)
		if (slice_equal_str(name, pings[i]->name))
			return pings[i];
	return NULL;
}
