/*
 * watch_inside: what the parts of watch share, and nobody else sees.
 *
 * watch.c has the descriptor, the folders and what people are told;
 * watch_event.c says what an event means, and keeps the tree in step with it.
 */
#ifndef DAEMON_WATCH_INSIDE_H
#define DAEMON_WATCH_INSIDE_H

#include <pthread.h>
#include <sys/inotify.h>
#include <uv.h>

#include "daemon/watch.h"
#include "daemon/watch_tree.h"
#include "feeds/base/buf.h"
#include "feeds/base/vec.h"

enum {
	WATCH_READ_BYTES = 65536,
	WATCH_NOTHING = -1, /* beside enum watch_kind: nothing to say */
};

/* One inotify descriptor; it outlives its watch until libuv has let go of it. */
struct ear {
	uv_poll_t poll;
	int fd;
	int32_t above; /* the folder that the root lies in, or WATCH_NO_WD */
	struct watch *watch;
	char bytes[WATCH_READ_BYTES] __attribute__((aligned(__alignof__(struct inotify_event))));
};

/* A folder that was moved away, we do not know yet where to. */
struct adrift {
	uint32_t cookie;
	int32_t wd; /* by number: its node may have been put elsewhere, or dropped, meanwhile */
	uint64_t until_ms;
};

struct watch {
	struct uv_loop_s *loop;
	int root;
	const struct scan_rules *rules;
	watch_event event;
	void *arg;
	uv_timer_t timer; /* for what is adrift */
	VEC(struct adrift) adrift;
	struct buf path; /* of the event in hand */
	const char *polling;
	bool polling_said, unwatched_said;

	pthread_mutex_t lock; /* guards what follows */
	struct ear *ear;      /* NULL: no events come */
	struct watch_tree tree;
	int refusal; /* errno of the last folder that could not be watched */
};

/* With the lock: forget a node and all below it, and have the kernel forget them. */
void watch_drop(struct watch *watch, uint32_t node);
/* With the lock: the kernel forgets what the tree has dropped. */
void watch_hush(struct watch *watch);

/*
 * What an event means: an enum watch_kind, with its path in watch->path, or
 * WATCH_NOTHING. Takes the lock.
 */
int watch_judge(struct watch *watch, const struct inotify_event *event);

#endif
