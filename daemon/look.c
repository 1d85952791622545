#include "daemon/look.h"

#include "feeds/base/map.h"

struct look_paths { /* a VEC */
	const char **items;
	size_t len, cap;
};

struct looking {
	const struct library *library;
	const struct look_task *task;
	struct look *out;
	struct map there; /* paths that the scan found, filled when it is first asked */
	bool there_filled;
	size_t known;	   /* files found that the index has */
	struct map lost;   /* articles that were named as gone or missing: once is enough */
	struct map unread; /* paths of which nobody can tell what is there, or below; see `there` */
};

static bool same_stamp(const struct article_stamp *a, const struct article_stamp *b)
{
	return a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns &&
	       a->inode == b->inode;
}

enum { FOUND = 1, COMPLAINED = 2 }; /* in the map of paths */

/* False: it was put before. */
static bool put_there(struct looking *looking, struct slice path)
{
	size_t *known = map_put(&looking->there, path);
	bool first = *known == MAP_NONE;

	*known = FOUND;
	return first;
}

/* Sort the files found into known ones, which need nothing, and those to be read. */
static void sort_files(struct looking *looking, bool everything)
{
	const struct library *library = looking->library;

	for (size_t i = 0; i < looking->out->scan.len; i++) {
		const struct scan_file *file = &looking->out->scan.files[i];
		struct slice path = slice_of(file->path);
		const struct article *article = index_find(&library->index, path);
		const struct library_problem *problem = library_problem(library, path);

		/* Looked at by itself and with its folder. A scan of everything has none twice. */
		if (!everything && !put_there(looking, path))
			continue;
		looking->known += article != NULL;
		if (looking->task->reread) {
			vec_push(&looking->out->reads, file);
			continue;
		}
		/* With a problem of its own it is known from before it could not be read. */
		if (article && same_stamp(&article->stamp, &file->stamp) &&
		    (!problem || problem->conflict))
			continue;
		/* A file that cannot be used is not worth a second look before it changes. */
		if (problem && !article && same_stamp(&problem->stamp, &file->stamp))
			continue;
		vec_push(&looking->out->reads, file);
	}
}

/* Is the path one of the set, or below one of it? */
static bool is_below(const struct map *set, struct slice path)
{
	if (map_get(set, path) != MAP_NONE)
		return true;
	for (size_t i = 0; i < path.len; i++)
		if (path.ptr[i] == '/' && map_get(set, slice_sub(path, 0, i)) != MAP_NONE)
			return true;
	return false;
}

static bool is_lasting(const struct looking *looking, struct slice path)
{
	return looking->task->last ||
	       library_is_lasting(looking->library, path, looking->task->now);
}

static size_t how_found(struct looking *looking, struct slice path)
{
	const struct scan_result *scan = &looking->out->scan;

	if (!looking->there_filled) {
		for (size_t i = 0; i < scan->complaints_len; i++) {
			struct slice at = slice_of(scan->complaints[i].path);

			*map_put(&looking->there, at) = COMPLAINED;
			if (scan->complaints[i].passing && !is_lasting(looking, at))
				*map_put(&looking->unread, at) = 1;
		}
		for (size_t i = 0; i < scan->len; i++)
			(void)put_there(looking, slice_of(scan->files[i].path));
		looking->there_filled = true;
	}
	return map_get(&looking->there, path);
}

/* Is there a file that may be an article? What the scan complained of is none. */
static bool is_there(struct looking *looking, struct slice path)
{
	return how_found(looking, path) == FOUND;
}

/* What could not be looked at, for now, counts as it was. */
static bool is_unread(const struct looking *looking, struct slice path)
{
	if (looking->out->scan.unread_more && !looking->task->last)
		return true;
	return looking->unread.len > 0 && is_below(&looking->unread, path);
}

/* Is there anything that may be a problem, still? */
static bool is_seen(struct looking *looking, struct slice path)
{
	return how_found(looking, path) != MAP_NONE || is_unread(looking, path);
}

/* The article's file is not there: for good, or perhaps for a moment. */
static void lose(struct looking *looking, const struct article *article, bool moment)
{
	size_t *known;

	if (is_unread(looking, article->path))
		return;
	known = map_put(&looking->lost, article->path);
	if (*known != MAP_NONE)
		return; /* named by itself, and by its folder */
	*known = 1;
	if (moment)
		vec_push(&looking->out->missing, article);
	else
		vec_push(&looking->out->gone, article);
}

/* Everything was scanned: what was not found is not there. */
static void find_gone(struct looking *looking)
{
	const struct index *index = &looking->library->index;
	struct look *out = looking->out;

	for (size_t i = 0; looking->known < index_len(index) && i < index_len(index); i++) {
		const struct article *article = index_at(index, i);

		if (is_there(looking, article->path))
			continue;
		lose(looking, article, looking->task->patient);
	}
	for (size_t i = 0; i < looking->library->problems.len; i++) {
		const struct library_problem *problem = looking->library->problems.items[i];

		/* One that may come back has its problem until then. */
		if (!problem->solved && !is_seen(looking, slice_of(problem->path)) &&
		    !(looking->task->patient && index_find(index, slice_of(problem->path))))
			vec_push(&out->solved, problem);
	}
}

/*
 * Some paths were looked at. Those that are files or articles answer for
 * themselves; others may be folders, and then everything that the index has
 * below them is looked for, in one pass.
 */
static void find_gone_below(
    struct looking *looking, const char *const *paths, size_t len, bool moment)
{
	const struct library *library = looking->library;
	struct look *out = looking->out;
	struct map folders = MAP_INIT;

	for (size_t i = 0; i < len; i++) {
		struct slice path = slice_of(paths[i]);
		const struct article *article = index_find(&library->index, path);
		const struct library_problem *problem = library_problem(library, path);

		if (is_there(looking, path) || (!article && is_seen(looking, path)))
			continue;
		if (!article && !problem)
			*map_put(&folders, path) = 1;
		if (article)
			lose(looking, article, moment);
		if (problem && !moment && !is_seen(looking, path))
			vec_push(&out->solved, problem);
	}
	for (size_t i = 0; folders.len > 0 && i < index_len(&library->index); i++) {
		const struct article *article = index_at(&library->index, i);

		if (is_below(&folders, article->path) && !is_there(looking, article->path))
			lose(looking, article, moment);
	}
	for (size_t i = 0; folders.len > 0 && !moment && i < library->problems.len; i++) {
		const struct library_problem *problem = library->problems.items[i];
		struct slice path = slice_of(problem->path);

		if (!problem->solved && is_below(&folders, path) && !is_seen(looking, path))
			vec_push(&out->solved, problem);
	}
	map_free(&folders);
}

/* ---- files with several names ---- */

struct inodes {
	VEC(uint64_t) items;
};

static int compare_inodes(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The files that have changed, gone or come, by what they were and by what they are. */
static void put_inodes(const struct looking *looking, struct inodes *out)
{
	const struct look *look = looking->out;

	for (size_t i = 0; i < look->reads.len; i++) {
		const struct scan_file *file = look->reads.items[i];
		struct slice path = slice_of(file->path);
		const struct article *known = index_find(&looking->library->index, path);
		const struct library_problem *problem = library_problem(looking->library, path);

		vec_push(&out->items, file->stamp.inode);
		if (known)
			vec_push(&out->items, known->stamp.inode);
		if (problem)
			vec_push(&out->items, problem->stamp.inode);
	}
	for (size_t i = 0; i < look->gone.len; i++)
		vec_push(&out->items, look->gone.items[i]->stamp.inode);
	for (size_t i = 0; i < look->missing.len; i++)
		vec_push(&out->items, look->missing.items[i]->stamp.inode);
	for (size_t i = 0; i < look->solved.len; i++)
		vec_push(&out->items, look->solved.items[i]->stamp.inode);
	if (out->items.len)
		qsort(out->items.items, out->items.len, sizeof(uint64_t), compare_inodes);
}

static bool has_inode(const struct inodes *in, uint64_t inode)
{
	/* 0: a problem whose file could not be looked at, or that is not one of its file */
	return inode != 0 && in->items.len > 0 &&
	       bsearch(&inode, in->items.items, in->items.len, sizeof(inode), compare_inodes);
}

/* A symlink that led nowhere may lead to a file that has come. */
static void put_dangling(struct looking *looking, struct look_paths *paths)
{
	const struct library *library = looking->library;
	bool come = false;

	for (size_t i = 0; i < looking->out->reads.len && !come; i++)
		come = !index_find(&library->index, slice_of(looking->out->reads.items[i]->path));
	for (size_t i = 0; i < library->problems.len && come; i++) {
		const struct library_problem *problem = library->problems.items[i];

		if (!problem->solved && problem->stamp.size < 0 &&
		    !is_seen(looking, slice_of(problem->path)))
			vec_push(paths, problem->path);
	}
}

/*
 * Events name one path of a file. What is a symlink to it, or another name of
 * it, has changed as well: append those paths. False: there are none.
 */
static bool put_twins(struct looking *looking, struct look_paths *paths)
{
	const struct library *library = looking->library;
	struct inodes inodes = {VEC_INIT};
	size_t before = paths->len;

	put_dangling(looking, paths);
	if (library->shared.len || library->problems.len)
		put_inodes(looking, &inodes);
	for (size_t i = 0; i < library->shared.cap && inodes.items.len; i++) {
		struct slice path = library->shared.slots[i].key;
		const struct article *article = path.ptr ? index_find(&library->index, path) : NULL;

		if (article && has_inode(&inodes, article->stamp.inode) && !is_seen(looking, path))
			vec_push(paths, path.ptr);
	}
	/* One that cannot be read is not in the index: whether it has other names is not known. */
	for (size_t i = 0; i < library->problems.len; i++) {
		const struct library_problem *problem = library->problems.items[i];

		if (!problem->solved && has_inode(&inodes, problem->stamp.inode) &&
		    !is_seen(looking, slice_of(problem->path)))
			vec_push(paths, problem->path);
	}
	vec_free(&inodes.items);
	return paths->len > before;
}

/* ---- the whole ---- */

static void forget(struct looking *looking)
{
	struct look *out = looking->out;

	scan_free(&out->scan);
	out->reads.len = out->gone.len = out->missing.len = out->solved.len = 0;
	map_free(&looking->there);
	map_free(&looking->lost);
	map_free(&looking->unread);
	looking->there = looking->lost = looking->unread = MAP_INIT;
	looking->there_filled = false;
	looking->known = 0;
}

static void look_at(struct looking *looking, const struct scan_rules *rules,
    const struct look_paths *paths, const struct look_paths *all)
{
	const struct look_task *task = looking->task;

	scan_look(
	    looking->library->site->content, rules, all->items, all->len, &looking->out->scan);
	if (looking->out->scan.more)
		return;
	sort_files(looking, false);
	find_gone_below(looking, paths->items, paths->len, false);
	find_gone_below(looking, task->maybe_gone, task->maybe_gone_len, true);
}

/* The paths that are looked at, those that seem to be gone, and other names of the same files. */
static void look_at_paths(struct looking *looking, const struct scan_rules *rules)
{
	const struct look_task *task = looking->task;
	struct look_paths paths = VEC_INIT, all = VEC_INIT;

	for (size_t i = 0; i < task->paths_len; i++)
		vec_push(&paths, task->paths[i]);
	for (bool again = true; again;) {
		all.len = 0;
		for (size_t i = 0; i < paths.len; i++)
			vec_push(&all, paths.items[i]);
		for (size_t i = 0; i < task->maybe_gone_len; i++)
			vec_push(&all, task->maybe_gone[i]);
		look_at(looking, rules, &paths, &all);
		/* The second time no file has a name that is not there. */
		again = paths.len == task->paths_len && !looking->out->scan.more &&
			put_twins(looking, &paths);
		if (again)
			forget(looking);
	}
	vec_free(&paths);
	vec_free(&all);
}

int look_run(
    const struct library *library, const struct look_task *task, struct look *out, struct err *err)
{
	struct looking looking = {.library = library, .task = task, .out = out};
	struct scan_rules rules = library->site->scan;
	bool everything = task->everything;
	int rc = 0;

	*out = (struct look){.scan = {.arena = ARENA_INIT}};
	rules.stamps = index_len(&library->index) > 0;
	if (!everything) {
		look_at_paths(&looking, &rules);
		everything = out->scan.more;
		if (everything)
			forget(&looking);
	}
	if (everything && task->take_ahead)
		rc = ahead_take(task->take_ahead, &out->scan, err);
	else if (everything)
		rc = scan_run(library->site->content, &rules, &out->scan, err);
	if (everything && rc == 0) {
		sort_files(&looking, true);
		find_gone(&looking);
	}
	map_free(&looking.there);
	map_free(&looking.lost);
	map_free(&looking.unread);
	return rc;
}

void look_free(struct look *look)
{
	scan_free(&look->scan);
	vec_free(&look->reads);
	vec_free(&look->gone);
	vec_free(&look->missing);
	vec_free(&look->solved);
}
