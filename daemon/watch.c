#include "daemon/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "daemon/job.h"
#include "daemon/watch_tree.h"
#include "feeds/base/arena.h"
#include "feeds/base/mem.h"

enum {
	MASK = IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB |
	       IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK,
	READ_BYTES = 65536,
	READS = 16,	   /* at one go, before the loop does something else */
	COOKIE_MS = 50,	   /* both halves of a rename come within */
	ADRIFT_MAX = 1024, /* folders whose second half has not come */
};

/* One inotify descriptor; it outlives its watch until libuv has let go of it. */
struct ear {
	uv_poll_t poll;
	int fd;
	int32_t above; /* the folder that the root lies in, or WATCH_NO_WD */
	struct watch *watch;
	char bytes[READ_BYTES] __attribute__((aligned(__alignof__(struct inotify_event))));
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

/* With the lock: take the numbers that were dropped from the kernel, too. */
static void hush(struct watch *watch)
{
	for (size_t i = 0; i < watch->tree.dropped.len; i++)
		if (watch->ear) /* fails when the folder is gone, and the number with it */
			(void)inotify_rm_watch(watch->ear->fd, watch->tree.dropped.items[i]);
	watch->tree.dropped.len = 0;
}

static void drop(struct watch *watch, uint32_t node)
{
	watch_tree_drop(&watch->tree, node);
	hush(watch);
}

/* ---- A descriptor: opened, closed ---- */

static void on_readable(uv_poll_t *poll, int status, int events);

static void on_ear_closed(uv_handle_t *handle)
{
	free(container_of((uv_poll_t *)handle, struct ear, poll));
}

static const char *why_not(int error)
{
	if (error == EMFILE)
		return "all of this user's watchers are taken; raise "
		       "fs.inotify.max_user_instances";
	return strerrordesc_np(error);
}

/*
 * A folder that is open, as the root is, does not tell when it is deleted; the
 * one above does, if it may be watched.
 */
static int32_t watch_above(int fd, int root)
{
	int above = openat(root, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat here, there;
	int32_t wd = WATCH_NO_WD;
	char name[32];

	if (above < 0)
		return WATCH_NO_WD;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", above); /* fits */
	if (fstat(root, &here) == 0 && fstat(above, &there) == 0 &&
	    (here.st_dev != there.st_dev || here.st_ino != there.st_ino))
		wd = inotify_add_watch(fd, name, IN_DELETE | IN_ONLYDIR | IN_EXCL_UNLINK);
	(void)close(above); /* only read */
	return wd;
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

static void ear_open(struct watch *watch)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	struct ear *ear;

	if (fd < 0) {
		watch->polling = why_not(errno);
		return;
	}
	ear = mem_alloc(sizeof(*ear));
	ear->fd = fd;
	ear->watch = watch;
	ear->above = watch_above(fd, watch->root);
	if (uv_poll_init(watch->loop, &ear->poll, fd) < 0) {
		watch->polling = "the event loop cannot wait for it";
		(void)close(fd); /* nothing in it */
		free(ear);
		return;
	}
	(void)uv_poll_start(&ear->poll, UV_READABLE, on_readable); /* fails only when closing */
	watch->polling = NULL;
	(void)pthread_mutex_lock(&watch->lock);
	watch->ear = ear;
	(void)pthread_mutex_unlock(&watch->lock);
}

/* No more events; all that was known is forgotten. */
static void ear_close(struct watch *watch)
{
	struct ear *ear = watch->ear;

	(void)pthread_mutex_lock(&watch->lock);
	watch->ear = NULL;
	watch_tree_free(&watch->tree);
	watch_tree_init(&watch->tree);
	(void)pthread_mutex_unlock(&watch->lock);
	watch->adrift.len = 0;
	if (!ear)
		return;
	uv_close((uv_handle_t *)&ear->poll, on_ear_closed);
	(void)close(ear->fd); /* now, or its watches would count against the next one's */
}

/* ---- Folders that are adrift ---- */

static void on_timer(uv_timer_t *timer);

/* With the lock: the folder has left its place. */
static void set_adrift(struct watch *watch, uint32_t node, uint32_t cookie)
{
	struct watch_node *at = watch_tree_node(&watch->tree, node);

	if (at->wd == WATCH_NO_WD || watch->adrift.len == ADRIFT_MAX) {
		drop(watch, node); /* it is met again like a new one */
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
			drop(watch, node);
	}
	watch->adrift.len = kept;
	(void)pthread_mutex_unlock(&watch->lock);
	if (kept)
		(void)uv_timer_start(timer, on_timer, COOKIE_MS, 0); /* has a callback */
}

/* ---- Events: what is to be said of each, and what becomes of the tree ---- */

enum { NOTHING = -1, STAT = -2 };

/* With the lock: a folder below `node`, or (no name) the node itself. An enum watch_kind. */
static int folder_event(struct watch *watch, uint32_t node, const struct inotify_event *event)
{
	struct slice name = slice_of(event->name);
	uint32_t child = watch_tree_child(&watch->tree, node, name), moved;
	bool wanted = scan_wants(watch->rules, buf_string(&watch->path), true);

	if (event->mask & IN_MOVED_TO) {
		moved = come_ashore(watch, event->cookie);
		if (moved && wanted) {
			watch_tree_move(&watch->tree, moved, node, name);
			hush(watch);
		} else if (moved) {
			drop(watch, moved);
		}
		return wanted ? WATCH_FOLDER : NOTHING;
	}
	if (event->mask & (IN_MOVED_FROM | IN_DELETE)) {
		if (child && event->mask & IN_MOVED_FROM)
			set_adrift(watch, child, event->cookie);
		else if (child)
			drop(watch, child);
		return wanted || child ? WATCH_GONE : NOTHING;
	}
	/* A folder whose mode changes is news if it could not be read before. */
	if (event->mask & IN_ATTRIB && child &&
	    watch_tree_node(&watch->tree, child)->wd != WATCH_NO_WD)
		return NOTHING;
	return wanted && event->mask & (IN_CREATE | IN_ATTRIB) ? WATCH_FOLDER : NOTHING;
}

/* With the lock: something that is no folder itself, but may be a symlink to one. */
static int file_event(struct watch *watch, uint32_t node, const struct inotify_event *event)
{
	const char *path = buf_string(&watch->path);
	bool wanted = scan_wants(watch->rules, path, false);

	if (event->mask & (IN_CREATE | IN_MOVED_TO))
		return wanted || scan_wants(watch->rules, path, true) ? STAT : NOTHING;
	if (event->mask & (IN_MOVED_FROM | IN_DELETE)) {
		uint32_t child = watch_tree_child(&watch->tree, node, slice_of(event->name));

		if (child)
			drop(watch, child);
		return wanted || child ? WATCH_GONE : NOTHING;
	}
	if (!wanted)
		return NOTHING;
	return event->mask & IN_CLOSE_WRITE ? WATCH_CHANGED : WATCH_TOUCHED;
}

/* With the lock: a folder tells of itself. Its parent may have, before or after, or not at all. */
static int self_event(struct watch *watch, uint32_t node, const struct inotify_event *event)
{
	struct watch_node *at = watch_tree_node(&watch->tree, node);

	if (event->mask & IN_MOVE_SELF && at->moved) {
		at->moved = false; /* its parent has */
		return NOTHING;
	}
	if (!(event->mask & (IN_MOVE_SELF | IN_DELETE_SELF | IN_UNMOUNT | IN_IGNORED)))
		return NOTHING;
	if (node == WATCH_ROOT)
		return WATCH_ROOT_LOST;
	if (event->mask & IN_UNMOUNT)
		return WATCH_FOLDER; /* what it stood on is seen again */
	drop(watch, node);
	return event->mask & IN_MOVE_SELF     ? WATCH_FOLDER
	       : event->mask & IN_DELETE_SELF ? WATCH_GONE
					      : NOTHING;
}

/* Fills watch->path; an enum watch_kind, NOTHING or STAT. */
static int judge(struct watch *watch, const struct inotify_event *event)
{
	uint32_t node;
	int kind = NOTHING;

	if (event->wd == watch->ear->above)
		return event->mask & IN_DELETE && is_deleted(watch->root) ? WATCH_ROOT_LOST
									  : NOTHING;
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

/* Something that is no folder has appeared. Is anyone still writing it? */
static int judge_by_stat(const struct watch *watch, uint32_t mask)
{
	const char *path = buf_string(&watch->path);
	bool wanted = scan_wants(watch->rules, path, false);
	struct stat stat, target;
	struct err ignored;
	int kind = WATCH_CHANGED;

	if (fstatat(watch->root, path, &stat, AT_SYMLINK_NOFOLLOW) < 0) {
		stat.st_mode = S_IFREG; /* gone again: the next event tells */
		stat.st_nlink = 1;
	}
	if (S_ISREG(stat.st_mode) && mask & IN_CREATE && stat.st_nlink == 1)
		kind = WATCH_CREATED;
	else if (S_ISDIR(stat.st_mode) ||
		 (S_ISLNK(stat.st_mode) && fsio_stat(watch->root, path, &target, &ignored) == 0 &&
		     S_ISDIR(target.st_mode)))
		return scan_wants(watch->rules, path, true) ? WATCH_FOLDER : NOTHING;
	return wanted ? kind : NOTHING;
}

static void handle(struct watch *watch, const struct inotify_event *event)
{
	int kind;

	if (event->mask & IN_Q_OVERFLOW) {
		/* Places may be wrong, folders missing: begin anew, as the scan does. */
		ear_close(watch);
		ear_open(watch);
		watch->event(watch->arg, WATCH_OVERFLOW, "");
		return;
	}
	kind = judge(watch, event);
	if (kind == STAT)
		kind = judge_by_stat(watch, event->mask);
	if (kind == WATCH_ROOT_LOST)
		ear_close(watch);
	if (kind >= 0)
		watch->event(watch->arg, (enum watch_kind)kind,
		    kind == WATCH_ROOT_LOST ? "" : buf_string(&watch->path));
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct ear *ear = container_of(poll, struct ear, poll);
	struct watch *watch = ear->watch;

	(void)status;
	(void)events;
	for (int i = 0; i < READS && watch->ear == ear; i++) {
		ssize_t len = read(ear->fd, ear->bytes, sizeof(ear->bytes));

		if (len <= 0)
			break; /* EAGAIN: all read */
		/* The callback may begin anew: then the rest is about nothing we know. */
		for (ssize_t at = 0; at < len && watch->ear == ear;) {
			const struct inotify_event *event =
			    (const struct inotify_event *)(ear->bytes + at);

			at += (ssize_t)(sizeof(*event) + event->len);
			handle(watch, event);
		}
	}
}

/* ---- Start, stop ---- */

static void begin(struct watch *watch, int root, const struct scan_rules *rules, bool poll)
{
	watch->root = root;
	watch->rules = rules;
	watch->polling_said = poll;
	watch->unwatched_said = false;
	watch->refusal = 0;
	if (poll)
		watch->polling = "the settings ask for it";
	else
		ear_open(watch);
}

struct watch *watch_start(struct uv_loop_s *loop, int root, const struct scan_rules *rules,
    bool poll, watch_event event, void *arg)
{
	struct watch *watch = mem_zalloc(1, sizeof(*watch));

	watch->loop = loop;
	watch->event = event;
	watch->arg = arg;
	watch_tree_init(&watch->tree);
	(void)pthread_mutex_init(&watch->lock, NULL); /* cannot fail */
	(void)uv_timer_init(loop, &watch->timer);     /* cannot fail */
	begin(watch, root, rules, poll);
	return watch;
}

void watch_restart(struct watch *watch, int root, const struct scan_rules *rules, bool poll)
{
	ear_close(watch);
	begin(watch, root, rules, poll);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct watch *watch = container_of((uv_timer_t *)handle, struct watch, timer);

	watch_tree_free(&watch->tree);
	(void)pthread_mutex_destroy(&watch->lock); /* nobody holds it */
	vec_free(&watch->adrift);
	buf_free(&watch->path);
	free(watch);
}

void watch_stop(struct watch *take_watch)
{
	if (!take_watch)
		return;
	ear_close(take_watch);
	uv_close((uv_handle_t *)&take_watch->timer, on_timer_closed);
}

/* ---- Folders ---- */

void watch_folder(struct watch *watch, const char *path, int fd)
{
	struct slice place = slice_of(path);
	char name[32];
	int32_t wd;

	if (!watch)
		return;
	/* By descriptor: whatever the names say by now, this is the folder that will be listed. */
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd); /* fits */
	(void)pthread_mutex_lock(&watch->lock);
	if (watch->ear) {
		wd = inotify_add_watch(watch->ear->fd, name, MASK);
		if (wd < 0)
			watch->refusal = errno;
		/*
		 * Without a place: an event has taken the folder above away since
		 * the scan entered it. If it is anywhere still, a later event says so.
		 */
		if (!watch_tree_put(&watch->tree, place, wd) && wd >= 0 &&
		    !watch_tree_by_wd(&watch->tree, wd))
			vec_push(&watch->tree.dropped, wd);
		hush(watch);
	}
	(void)pthread_mutex_unlock(&watch->lock);
}

void watch_forget(struct watch *watch, const char *path)
{
	uint32_t node;

	(void)pthread_mutex_lock(&watch->lock);
	node = watch_tree_find(&watch->tree, slice_of(path));
	if (node && node != WATCH_ROOT)
		drop(watch, node);
	(void)pthread_mutex_unlock(&watch->lock);
}

const char *watch_polling(const struct watch *watch)
{
	return watch->polling;
}

void watch_unwatched(struct watch *watch, void (*each)(void *arg, const char *path), void *arg)
{
	VEC(const char *) paths = VEC_INIT;
	struct arena arena = ARENA_INIT;
	struct buf path = BUF_INIT;

	(void)pthread_mutex_lock(&watch->lock);
	for (uint32_t i = WATCH_ROOT; watch->tree.unwatched && i < watch->tree.nodes.len; i++) {
		const struct watch_node *node = watch_tree_node(&watch->tree, i);

		buf_clear(&path);
		if (node->name && node->wd == WATCH_NO_WD &&
		    watch_tree_path(&watch->tree, i, &path))
			vec_push(&paths, arena_string(&arena, buf_slice(&path)));
	}
	(void)pthread_mutex_unlock(&watch->lock);
	for (size_t i = 0; i < paths.len; i++)
		each(arg, paths.items[i]);
	vec_free(&paths);
	arena_free(&arena);
	buf_free(&path);
}

int watch_complain(struct watch *watch, struct err *err)
{
	size_t len, unwatched;
	int refusal;

	if (watch->polling && !watch->polling_said) {
		watch->polling_said = true;
		return err_set(err, ERR_LIMIT,
		    "changes are not reported but looked for every so often: %s", watch->polling);
	}
	(void)pthread_mutex_lock(&watch->lock);
	len = watch->tree.len;
	unwatched = watch->tree.unwatched;
	refusal = watch->refusal;
	(void)pthread_mutex_unlock(&watch->lock);
	if (watch->polling || unwatched == 0 || refusal == 0) {
		watch->unwatched_said = false;
		return 0;
	}
	if (watch->unwatched_said)
		return 0;
	watch->unwatched_said = true;
	return err_set(err, ERR_LIMIT,
	    "%zu of %zu folders are not watched but looked at every so often: %s", unwatched, len,
	    refusal == ENOSPC ? "the kernel allows no more; raise fs.inotify.max_user_watches"
			      : strerrordesc_np(refusal));
}

size_t watch_len(struct watch *watch)
{
	size_t len;

	(void)pthread_mutex_lock(&watch->lock);
	len = watch->tree.len;
	(void)pthread_mutex_unlock(&watch->lock);
	return len;
}

const char *watch_remote(int fd)
{
	static const struct {
		unsigned type;
		const char *name;
	} systems[] = {{NFS_SUPER_MAGIC, "NFS"}, {SMB_SUPER_MAGIC, "SMB"}, {0xfe534d42, "SMB"},
	    {0xff534d42, "CIFS"}, {0x65735546, "FUSE"}, {V9FS_MAGIC, "9P"}, {0x00c36400, "Ceph"},
	    {AFS_SUPER_MAGIC, "AFS"}, {CODA_SUPER_MAGIC, "Coda"}};
	struct statfs statfs;

	if (fstatfs(fd, &statfs) == 0)
		for (size_t i = 0; i < sizeof(systems) / sizeof(*systems); i++)
			if (systems[i].type == (unsigned)statfs.f_type)
				return systems[i].name;
	return NULL;
}
