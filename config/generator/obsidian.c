/* Obsidian: a vault of notes, which says nothing of a site. */
#include "config/generator/inside.h"

static const char *const wants[] = {".obsidian", ".obsidian/app.json", NULL};

static bool read_obsidian(const struct generator_site *site, struct draft *draft)
{
	if (!inside_is_folder(site, ".obsidian"))
		return false;
	(void)draft_set(draft, DRAFT_TITLE, slice_of(site->name), DRAFT_GUESSED,
	    "the vault's name"); /* else a note says why */
	inside_standard(draft, DRAFT_CONTENT, ".", "the vault itself");
	draft_add(draft, DRAFT_EXCLUDE, "templates/**");
	draft_add(draft, DRAFT_EXCLUDE, "Templates/**");
	draft_note(draft, DRAFT_EXCLUDE,
	    "Every note that has a date is published, but for drafts (draft: true, publish: false) "
	    "and these; put folders here that are nobody's business.");
	inside_standard(draft, DRAFT_UNDATED, "skip", "a note is published by giving it a date");
	(void)draft_set(
	    draft, DRAFT_PERMALINK, SLICE("/:path/"), DRAFT_GUESSED, NULL); /* our own text */
	(void)draft_set(draft, DRAFT_OUTPUT, SLICE("public"), DRAFT_GUESSED, NULL); /* likewise */
	return true;
}

const struct generator generator_obsidian = {
    "obsidian", "a vault of Obsidian", wants, read_obsidian};
