#include "daemon/init.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/exit.h"
#include "daemon/fsio.h"
#include "daemon/log.h"
#include "daemon/prompt.h"
#include "daemon/site.h"
#include "feeds/base/mem.h"

static const char settings_name[] = "feedd.toml";
static const char nobodys[] = "https://example.com/";

/* What a person is asked, in this order, unless it was found. */
static const struct question {
	enum draft_key key;
	const char *standard; /* what holds when there is no guess; NULL: nothing has to */
} questions[] = {
    {DRAFT_TITLE, "My site"},
    {DRAFT_URL, nobodys},
    {DRAFT_AUTHOR, NULL},
    {DRAFT_LANGUAGE, NULL},
    {DRAFT_TIMEZONE, "UTC"},
    {DRAFT_CONTENT, "."},
    {DRAFT_PERMALINK, "/:path/"},
    {DRAFT_OUTPUT, "public"},
};

enum { QUESTIONS = sizeof(questions) / sizeof(*questions) };

/* ---- what was found ---- */

static void log_found(const struct init *init)
{
	const struct draft *draft = &init->draft;

	for (size_t i = 0; i < draft->faults_len; i++) {
		const struct draft_fault *fault = &draft->faults[i];

		log_at(LOG_WARNING, slice_of(fault->path), fault->line, fault->column, fault->text);
	}
	log_info("%s: this is %s", init->dir, init->generator->title);
	for (size_t i = 0; i < DRAFT_KEYS; i++) {
		const struct draft_value *value = &draft->values[i];

		if (value->trust == DRAFT_FOUND && value->text)
			log_info("  %s: %s%s%s%s", draft_key_name((enum draft_key)i), value->text,
			    value->from ? " (" : "", value->from ? value->from : "",
			    value->from ? ")" : "");
	}
}

/* ---- questions ---- */

/* The machine's zone is a fair guess about the person at it, and nothing more. */
static void guess_zone(struct draft *draft)
{
	static const char mark[] = "/zoneinfo/";
	char path[256];
	ssize_t len = readlink("/etc/localtime", path, sizeof(path) - 1);
	const char *at;

	if (len <= 0)
		return;
	path[len] = '\0';
	at = strstr(path, mark);
	if (at && site_has_zone(at + sizeof(mark) - 1))
		(void)draft_set(draft, DRAFT_TIMEZONE, slice_of(at + sizeof(mark) - 1),
		    DRAFT_GUESSED, "this machine"); /* else a note says why */
}

/* What config_parse cannot know: is it here? NULL: it is, or will be. */
static const char *fault_here(const struct init *init, enum draft_key key, const char *text)
{
	struct stat stat;

	if (key == DRAFT_TIMEZONE && !site_has_zone(text))
		return "no time zone of this machine has that name; write one such as "
		       "Europe/Berlin";
	if (key != DRAFT_CONTENT)
		return NULL;
	if (fstatat(init->folder, text, &stat, 0) < 0)
		return "there is no such folder";
	return S_ISDIR(stat.st_mode) ? NULL : "that is no folder";
}

/* True: it is taken; else it was said what is wrong. */
static bool take_answer(struct init *init, enum draft_key key, struct slice answer)
{
	struct diags diags = DIAGS_INIT;
	const char *fault;
	bool taken = draft_try(key, answer, &diags);

	fault = taken ? fault_here(init, key, answer.ptr)
		      : (diags.len ? diags.items[0].text : "that is no value");
	if (fault)
		log_warning("%s", fault);
	else
		(void)draft_set(&init->draft, key, answer, DRAFT_SAID, NULL); /* it was tried */
	diags_free(&diags);
	return fault == NULL;
}

static int ask_one(struct init *init, const struct question *question)
{
	const struct draft_value *value = &init->draft.values[question->key];
	const char *offer = value->trust == DRAFT_OPEN ? question->standard : value->text;
	struct buf answer = BUF_INIT, text = BUF_INIT;
	bool taken = false;
	int rc = 0;

	if (value->note)
		log_info("%s", value->note);
	log_info("%s%s", draft_key_words(question->key), offer ? "" : " Empty: not said.");
	buf_printf(&text, "%s", draft_key_name(question->key));
	while (!taken && (rc = prompt_line(buf_string(&text), offer, &answer)) == 0)
		taken = answer.len == 0 ? !question->standard
					: take_answer(init, question->key, buf_slice(&answer));
	buf_free(&answer);
	buf_free(&text);
	return rc;
}

/* A folder that settings name, and that is not there, is not found. */
static void doubt_missing(struct init *init)
{
	static const enum draft_key keys[] = {DRAFT_CONTENT, DRAFT_TIMEZONE};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct draft_value *value = &init->draft.values[keys[i]];
		const char *fault =
		    value->trust == DRAFT_FOUND ? fault_here(init, keys[i], value->text) : NULL;

		if (!fault)
			continue;
		draft_note(&init->draft, keys[i], "The site says \"%s\": %s.", value->text, fault);
		value->trust = DRAFT_GUESSED;
	}
	/* A zone that nobody knows would only keep the settings from loading. */
	if (init->draft.values[DRAFT_TIMEZONE].trust == DRAFT_GUESSED)
		init->draft.values[DRAFT_TIMEZONE].trust = DRAFT_OPEN;
}

/* Who only pressed enter has given no address; ids are made of it, and stay. */
static void doubt_url(struct draft *draft)
{
	struct draft_value *url = &draft->values[DRAFT_URL];

	if (strcmp(url->text, nobodys) != 0)
		return;
	url->trust = DRAFT_GUESSED;
	draft_note(draft, DRAFT_URL,
	    "This is nobody's address: put that of your site here before you publish, for ids are "
	    "made of it.");
}

static int ask_all(struct init *init)
{
	log_info(
	    "Now what they leave open. An empty answer takes what stands in [ ]; ctrl-d stops, "
	    "and nothing is written.");
	for (size_t i = 0; i < QUESTIONS; i++)
		if (init->draft.values[questions[i].key].trust < DRAFT_FOUND &&
		    ask_one(init, &questions[i]) < 0)
			return -1;
	doubt_url(&init->draft);
	return 0;
}

/* The same without anybody there. */
static void fill_all(struct init *init)
{
	for (size_t i = 0; i < QUESTIONS; i++) {
		const struct question *question = &questions[i];
		struct draft_value *value = &init->draft.values[question->key];

		if (value->trust >= DRAFT_FOUND || !question->standard)
			continue;
		if (value->trust == DRAFT_OPEN)
			(void)draft_set(&init->draft, question->key, slice_of(question->standard),
			    DRAFT_GUESSED, NULL); /* our own text */
		draft_note(&init->draft, question->key, "This is a guess of feedd: correct it.");
	}
}

/* ---- the file ---- */

static int write_settings(struct init *init)
{
	struct buf text = BUF_INIT, made = BUF_INIT;
	char *path = NULL;
	struct err err;
	int rc;

	buf_printf(&made, "Written by feedd --init, which found %s.", init->generator->title);
	draft_put(&init->draft, buf_string(&made), &text);
	if (asprintf(&path, "%s/%s", init->dir, settings_name) < 0)
		mem_exhausted();
	rc = init->old.len ? init_keep_feed(init, &err) : 0;
	if (rc == 0)
		rc = fsio_write_new(init->folder, settings_name, buf_slice(&text), &err);
	if (rc < 0) {
		log_error("%s: %s", path, err.text);
		free(path);
	} else {
		log_info("%s written", path);
		init->settings = path;
	}
	buf_free(&text);
	buf_free(&made);
	return rc < 0 ? EXIT_IO : EXIT_DONE;
}

/* ---- in this order ---- */

static int open_site(const struct options *options, struct init *init)
{
	struct stat stat;
	struct err err;

	init->folder = fsio_open_folder(init->dir, &err);
	if (init->folder < 0) {
		log_error("%s: %s; name the folder of your site", init->dir, err.text);
		return EXIT_IO;
	}
	if (fstatat(init->folder, settings_name, &stat, AT_SYMLINK_NOFOLLOW) == 0) {
		log_error(
		    "%s/%s is there already, and stays as it is; look at it with feedd --check "
		    "--config %s/%s, or move it away and run this again",
		    init->dir, settings_name, init->dir, settings_name);
		return EXIT_IO;
	}
	init->asks = !options->yes && prompt_possible();
	if (!options->yes && !init->asks) {
		log_error("there is no terminal to ask at; with --yes nothing is asked");
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}

int init_run(const struct options *options, struct init *out)
{
	struct generator_site site;
	int status;

	*out = (struct init){.dir = options->init, .folder = -1, .draft = DRAFT_INIT};
	status = open_site(options, out);
	if (status != EXIT_DONE)
		return status;
	init_look(out->folder, out->dir, &out->draft.arena, &site);
	out->generator = generator_read(&site, &out->draft);
	(void)draft_set(&out->draft, DRAFT_TITLE, slice_of(site.name), DRAFT_GUESSED,
	    "the folder's name"); /* else a note says why */
	log_found(out);
	doubt_missing(out);
	if (out->asks)
		guess_zone(&out->draft);
	if (!out->asks)
		fill_all(out);
	if ((out->asks && ask_all(out) < 0) || init_find_feed(out) < 0) {
		log_warning("stopped; nothing was written");
		return EXIT_STOPPED;
	}
	return write_settings(out);
}

/* What was written with a note is to be looked at. */
static void log_notes(const struct init *init)
{
	const struct draft *draft = &init->draft;

	for (size_t i = 0; i < DRAFT_KEYS; i++)
		if (draft->values[i].note)
			log_warning(
			    "%s: %s", draft_key_name((enum draft_key)i), draft->values[i].note);
	for (size_t i = 0; i < draft->feeds_len; i++)
		if (draft->feeds[i].note && !draft->feeds[i].offered)
			log_warning("feed '%s': %s",
			    draft->feeds[i].name ? draft->feeds[i].name : draft->feeds[i].by,
			    draft->feeds[i].note);
}

/* A word of a command for a shell, in quotes where it needs them. */
static void put_word(struct buf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+,:@%";

	if (*word && strspn(word, plain) == strlen(word)) {
		buf_puts(out, word);
		return;
	}
	buf_putc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_puts(out, "'\\'");
		buf_putc(out, *word);
	}
	buf_putc(out, '\'');
}

void init_log_next(const struct init *init)
{
	struct buf command = BUF_INIT;

	log_notes(init);
	buf_puts(&command, "feedd --once ");
	if (init->adopt) {
		buf_puts(&command, "--adopt ");
		put_word(&command, init->adopt);
		buf_putc(&command, ' ');
	}
	buf_puts(&command, "--config ");
	put_word(&command, init->settings);
	log_info("look through %s, then publish%s: %s", init->settings,
	    init->adopt ? ", with the ids of the feed that was there" : "", buf_string(&command));
	buf_free(&command);
}

void init_free(struct init *init)
{
	if (init->folder >= 0)
		(void)close(init->folder); /* synced before */
	draft_free(&init->draft);
	buf_free(&init->old);
	free(init->settings);
	free(init->adopt);
}
