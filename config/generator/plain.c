/* A folder of articles that no generator is known of. */
#include "config/generator/inside.h"

static const char *const folders[] = {
    "content", "posts", "_posts", "articles", "blog", "src/content", NULL};
static const char *const outputs[] = {
    "public", "public_html", "htdocs", "www", "html", "_site", "dist", "output", NULL};
static const char *const wants[] = {"content", "posts", "_posts", "articles", "blog", "src/content",
    "public", "public_html", "htdocs", "www", "html", "_site", "dist", "output", NULL};

static bool read_plain(const struct generator_site *site, struct draft *draft)
{
	const char *content = inside_folder_of(site, folders);
	const char *output = inside_folder_of(site, outputs);

	(void)draft_set(draft, DRAFT_TITLE, slice_of(site->name), DRAFT_GUESSED,
	    "the folder's name"); /* else a note says why */
	(void)draft_set(draft, DRAFT_CONTENT, slice_of(content ? content : "."), DRAFT_GUESSED,
	    NULL); /* our own text, and so are the next */
	(void)draft_set(draft, DRAFT_PERMALINK, SLICE("/:path/"), DRAFT_GUESSED, NULL);
	(void)draft_set(
	    draft, DRAFT_OUTPUT, slice_of(output ? output : "public"), DRAFT_GUESSED, NULL);
	return true;
}

const struct generator generator_plain = {"plain", "a folder of articles", wants, read_plain};
