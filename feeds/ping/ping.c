#include "feeds/ping/ping.h"

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
