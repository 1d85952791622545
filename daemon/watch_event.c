#include "daemon/watch_inside.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "daemon/job.h"

enum {
	COOKIE_MS = 50,	   /* both halves of a rename come within */
	ADRIFT_MAX = 1024, /* folders whose second half has not come */
	STAT = -2,	   /* beside WATCH_NOTHING: only a look can tell */
};

/* ---- Folders that are adrift ---- */

static void on_timer(uv_timer_t *timer);

/* With the lock: the folder has left its place. */
static void set_adrift(struct watch *watch, uint32_t node, uint32_t cookie)
{
	struct watch_node *at = watch_tree_node(&watch->tree, node);

	if (at->wd == WATCH_NO_WD || watch->adrift.len == ADRIFT_MAX) {
		watch_drop(watch, node); /* it is met again like a new one */
		return;
	}
	at->moved = true;
	watch_tree_detach(&watch->tree, node);
	vec_push(
	    &watch->adrift, ((struct adrift){cookie, at->wd, uv_now(watch->loop) + COOKIE_MS}));
	if (!uv_is_active((uv_handle_t *)&watch->timer))
		(void)uv_timer_start(&watch->timer, on_timer, COOKIE_MS, 0); /* has a callback */
}

/* With the lock: the node, if it is still without a place. */
static uint32_t still_adrift(struct watch *watch, const struct adrift *adrift)
{
	uint32_t node = watch_tree_by_wd(&watch->tree, adrift->wd);

	if (!node || node == WATCH_ROOT || watch_tree_node(&watch->tree, node)->parent)
		return WATCH_NONE;
	return node;
}

/* With the lock: the folder that was moved away with this cookie, or WATCH_NONE. */
static uint32_t come_ashore(struct watch *watch, uint32_t cookie)
{
	for (size_t i = 0; i < watch->adrift.len; i++)
		if (watch->adrift.items[i].cookie == cookie) {
			uint32_t node = still_adrift(watch, &watch->adrift.items[i]);

			watch->adrift.items[i] = watch->adrift.items[--watch->adrift.len];
			return node;
		}
	return WATCH_NONE;
}

/* What was moved out of the tree would go on to report from there. */
static void on_timer(uv_timer_t *timer)
{
	struct watch *watch = container_of(timer, struct watch, timer);
	uint64_t now_ms = uv_now(watch->loop);
	size_t kept = 0;

	(void)pthread_mutex_lock(&watch->lock);
	for (size_t i = 0; i < watch->adrift.len; i++) {
		struct adrift *adrift = &watch->adrift.items[i];
		uint32_t node;

		if (adrift->until_ms > now_ms) {
			watch->adrift.items[kept++] = *adrift;
			continue;
		}
		node = still_adrift(watch, adrift);
		if (node)
			watch_drop(watch, node);
	}
	watch->adrift.len = kept;
	(void)pthread_mutex_unlock(&watch->lock);
	if (kept)
		(void)uv_timer_start(timer, on_timer, COOKIE_MS, 0); /* has a callback */
}

/* ---- Events: what is to be said of each, and what becomes of the tree ---- */

/* With the lock: something happened to a folder in this one. A watch_kind, or WATCH_NOTHING. */
static int folder_event(struct watch *watch, uint32_t node, const struct inotify_event *event)
{
	struct slice name = slice_of(event->name);
	uint32_t child = watch_tree_child(&watch->tree, node, name), moved;
	bool wanted = scan_wants(watch->rules, buf_string(&watch->path), true);

	if (event->mask & IN_MOVED_TO) {
		moved = come_ashore(watch, event->cookie);
		if (moved && wanted) {
			watch_tree_move(&watch->tree, moved, node, name);
			watch_hush(watch);
		} else if (moved) {
			watch_drop(watch, moved);
		}
		return wanted ? WATCH_FOLDER : WATCH_NOTHING;
	}
	if (event->mask & (IN_MOVED_FROM | IN_DELETE)) {
		if (child && event->mask & IN_MOVED_FROM)
			set_adrift(watch, child, event->cookie);
		else if (child)
			watch_drop(watch, child);
		return wanted || child ? WATCH_GONE : WATCH_NOTHING;
	}
	/* A folder whose mode changes is news if it could not be read before. */
	if (event->mask & IN_ATTRIB && child &&
	    watch_tree_node(&watch->tree, child)->wd != WATCH_NO_WD)
		return WATCH_NOTHING;
	return wanted && event->mask & (IN_CREATE | IN_ATTRIB) ? WATCH_FOLDER : WATCH_NOTHING;
}

/* With the lock: the same of what is no folder itself, but may be a symlink to one; or STAT. */
static int file_event(struct watch *watch, uint32_t node, const struct inotify_event *event)
{
	const char *path = buf_string(&watch->path);
	bool wanted = scan_wants(watch->rules, path, false);

	if (event->mask & (IN_CREATE | IN_MOVED_TO))
		return wanted || scan_wants(watch->rules, path, true) ? STAT : WATCH_NOTHING;
	if (event->mask & (IN_MOVED_FROM | IN_DELETE)) {
		uint32_t child = watch_tree_child(&watch->tree, node, slice_of(event->name));

		if (child)
			watch_drop(watch, child);
		return wanted || child ? WATCH_GONE : WATCH_NOTHING;
	}
	if (!wanted)
		return WATCH_NOTHING;
	return event->mask & IN_CLOSE_WRITE ? WATCH_CHANGED : WATCH_TOUCHED;
}

/* With the lock: a folder tells of itself. Its parent may have, before or after, or not at all. */
static int self_event(struct watch *watch, uint32_t node, const struct inotify_event *event)
{
	struct watch_node *at = watch_tree_node(&watch->tree, node);

	if (event->mask & IN_MOVE_SELF && at->moved) {
		at->moved = false; /* its parent has */
		return WATCH_NOTHING;
	}
	if (!(event->mask & (IN_MOVE_SELF | IN_DELETE_SELF | IN_UNMOUNT | IN_IGNORED)))
		return WATCH_NOTHING;
	if (node == WATCH_ROOT)
		return WATCH_ROOT_LOST;
	if (event->mask & IN_UNMOUNT)
		return WATCH_FOLDER; /* what it stood on is seen again */
	watch_drop(watch, node);
	return event->mask & IN_MOVE_SELF     ? WATCH_FOLDER
	       : event->mask & IN_DELETE_SELF ? WATCH_GONE
					      : WATCH_NOTHING;
}

/* Fills watch->path; an enum watch_kind, WATCH_NOTHING or STAT. */
static int judge_by_tree(struct watch *watch, const struct inotify_event *event)
{
	uint32_t node;
	int kind = WATCH_NOTHING;

	(void)pthread_mutex_lock(&watch->lock);
	node = watch_tree_by_wd(&watch->tree, event->wd);
	buf_clear(&watch->path);
	if (node && event->len == 0) {
		if (!watch_tree_path(&watch->tree, node, &watch->path)) {
			/* Adrift. Its end is known soon enough; only its own move is awaited. */
			if (event->mask & IN_MOVE_SELF)
				watch_tree_node(&watch->tree, node)->moved = false;
		} else {
			kind = self_event(watch, node, event);
		}
	} else if (node && watch_tree_path(&watch->tree, node, &watch->path)) {
		if (watch->path.len)
			buf_putc(&watch->path, '/');
		buf_puts(&watch->path, event->name);
		kind = event->mask & IN_ISDIR ? folder_event(watch, node, event)
					      : file_event(watch, node, event);
	}
	(void)pthread_mutex_unlock(&watch->lock);
	return kind;
}

static bool is_deleted(int root)
{
	static const char mark[] = " (deleted)";
	char name[32], path[PATH_MAX];
	ssize_t len;

	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", root); /* fits */
	len = readlink(name, path, sizeof(path));
	return len > 0 && slice_ends(slice_make(path, (size_t)len), mark);
}

/*
 * A file that was created just now, and not linked to its name: such a one has no other name,
 * and was last changed by what makes files, which sets both times. A link whose first name
 * went at once shows by its ctime alone.
 */
static bool is_new(const struct stat *stat)
{
	enum { TICK_NS = 20000000 };
	int64_t mtime = scan_stamp(stat).mtime_ns, ctime = scan_stamp(stat).ctime_ns;

	return S_ISREG(stat->st_mode) && stat->st_nlink == 1 && ctime - mtime < TICK_NS;
}

/* Something that is no folder has appeared. Is anyone still writing it? */
static int judge_by_stat(const struct watch *watch, uint32_t mask)
{
	const char *path = buf_string(&watch->path);
	bool wanted = scan_wants(watch->rules, path, false);
	struct stat stat, target;
	struct err ignored;
	int kind = WATCH_CHANGED;

	if (fstatat(watch->root, path, &stat, AT_SYMLINK_NOFOLLOW) < 0) {
		/* Gone again: the next event tells. */
		stat = (struct stat){.st_mode = S_IFREG, .st_nlink = 1};
	}
	if (mask & IN_CREATE && is_new(&stat))
		kind = WATCH_CREATED;
	else if (S_ISDIR(stat.st_mode) ||
		 (S_ISLNK(stat.st_mode) && fsio_stat(watch->root, path, &target, &ignored) == 0 &&
		     S_ISDIR(target.st_mode)))
		return scan_wants(watch->rules, path, true) ? WATCH_FOLDER : WATCH_NOTHING;
	return wanted ? kind : WATCH_NOTHING;
}

int watch_judge(struct watch *watch, const struct inotify_event *event)
{
	int kind;

	if (event->wd == watch->ear->above)
		return event->mask & IN_DELETE && is_deleted(watch->root) ? WATCH_ROOT_LOST
									  : WATCH_NOTHING;
	kind = judge_by_tree(watch, event);
	return kind == STAT ? judge_by_stat(watch, event->mask) : kind;
}
