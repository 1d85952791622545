#include "daemon/scan.h"

#include <string.h>

#include "feeds/base/glob.h"
#include "feeds/base/text.h"

/* What editors, sync tools and generators leave about, beside every dot file. */
static const char *const litter[] = {"_index.*", "*~", "#*#", "4913", "*.swp", "*.swo", "*.swx",
    "*.tmp", "*.bak", "*.orig", "*.rej", "*.part", "*.filepart", "*.crdownload", "*___jb_tmp___",
    "*___jb_old___", "~$*", "~syncthing~*", "*.sync-conflict-*", "*(*conflicted copy*)*",
    "Thumbs.db", "desktop.ini"};

/* Folders that hold no articles: packages, and a generator's templates and output. */
static const char *const litter_folders[] = {
    "node_modules", "_site", "_layouts", "_includes", "_sass", "_data"};

/* The first pattern that matches, or NULL. */
static const char *match(const char *const *patterns, size_t len, struct slice path)
{
	for (size_t i = 0; i < len; i++)
		if (glob_match(slice_of(patterns[i]), path))
			return patterns[i];
	return NULL;
}

static const char *match_litter(const char *name, bool is_folder)
{
	return is_folder ? match(litter_folders, sizeof(litter_folders) / sizeof(*litter_folders),
			       slice_of(name))
			 : match(litter, sizeof(litter) / sizeof(*litter), slice_of(name));
}

enum scan_judgement scan_judge(
    const struct scan_rules *rules, const char *path, bool is_folder, const char **out_pattern)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *ignored = NULL;
	const char **pattern = out_pattern ? out_pattern : &ignored;

	*pattern = NULL;
	if (!is_folder && !match(rules->include, rules->include_len, slice_of(path)))
		return SCAN_NOT_INCLUDED;
	if (name[0] == '.')
		return SCAN_DOT;
	*pattern = match_litter(name, is_folder);
	if (*pattern)
		return SCAN_LITTER;
	*pattern = match(rules->exclude, rules->exclude_len, slice_of(path));
	return *pattern ? SCAN_EXCLUDED : SCAN_WANTED;
}

bool scan_wants(const struct scan_rules *rules, const char *path, bool is_folder)
{
	return scan_judge(rules, path, is_folder, NULL) == SCAN_WANTED;
}

bool scan_good_name(const char *name)
{
	struct slice s = slice_of(name), legal;
	struct text_repairs repairs = {0};
	struct buf repaired = BUF_INIT;
	struct err ignored;
	bool good = text_legal(s, &repaired, &legal, &repairs, &ignored) == 0 &&
		    slice_equal(legal, s) && !strpbrk(name, "\n\t\177");

	buf_free(&repaired);
	return good;
}
