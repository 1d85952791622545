#include "daemon/watch_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "daemon/job.h"
#include "feeds/base/arena.h"
#include "feeds/base/mem.h"

enum {
	MASK = IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB |
	       IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK,
	READS = 16, /* at one go, before the loop does something else */
};

void watch_hush(struct watch *watch)
{
	for (size_t i = 0; i < watch->tree.dropped.len; i++)
		if (watch->ear) /* fails when the folder is gone, and the number with it */
			(void)inotify_rm_watch(watch->ear->fd, watch->tree.dropped.items[i]);
	watch->tree.dropped.len = 0;
}

void watch_drop(struct watch *watch, uint32_t node)
{
	watch_tree_drop(&watch->tree, node);
	watch_hush(watch);
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
	kind = watch_judge(watch, event);
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
		watch_hush(watch);
	}
	(void)pthread_mutex_unlock(&watch->lock);
}

void watch_forget(struct watch *watch, const char *path)
{
	uint32_t node;

	(void)pthread_mutex_lock(&watch->lock);
	node = watch_tree_find(&watch->tree, slice_of(path));
	if (node && node != WATCH_ROOT)
		watch_drop(watch, node);
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
