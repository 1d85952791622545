/*
 * rsscloud: where those register who want to hear of a feed from an rssCloud
 * server that feedd pings.
 */
#ifndef FEEDS_PING_RSSCLOUD_H
#define FEEDS_PING_RSSCLOUD_H

#include "feeds/base/arena.h"
#include "feeds/feed.h"

/*
 * From the URL that pings go to, ".../ping", that of ".../pleaseNotify". The strings of *out
 * live in the arena; it has no domain when the URL leads nowhere.
 */
void rsscloud_cloud(struct slice url, struct arena *arena, struct cloud *out);

#endif
