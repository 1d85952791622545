/* outbox: who is told what and when, as scripts with invented times, chances and answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/outbox.h"
#include "feeds/base/buf.h"

enum { T = 1700000000, ROWS = 8, FLIGHTS = 300 };

static const struct ping plain = {.name = "plain", .topics = PING_ALL_TOPICS, .batch = 1};
static const struct ping by_id = {.name = "id", .entries = PING_BY_ID, .batch = 1};
static const struct ping by_url = {
    .name = "url", .entries = PING_BY_URL, .batch = 3, .again_after = 600};
static const struct ping by_link = {.name = "link", .entries = PING_BY_LINK, .batch = 1};

/* Targets of all scripts: their names are their places in "abcimul". */
static const struct outbox_target_settings targets[] = {
    {SLICE("plain a"), SLICE("a"), SLICE("a.example"), &plain, 0},
    {SLICE("plain b"), SLICE("b"), SLICE("b.example"), &plain, 0},
    {SLICE("plain c"), SLICE("c"), SLICE("c.example"), &plain, 0},
    {SLICE("id i"), SLICE("i"), SLICE("i.example"), &by_id, 0},
    {SLICE("plain m"), SLICE("m"), SLICE("m.example"), &plain, 60},
    {SLICE("url u"), SLICE("u"), SLICE("u.example"), &by_url, 0},
    {SLICE("link l"), SLICE("l"), SLICE_NONE, &by_link, 0},
};
static const char names[] = "abcimul";

enum { TARGETS = sizeof(targets) / sizeof(*targets) };

struct flight {
	struct outbox_row *rows[ROWS];
	size_t len;
};

struct play {
	struct outbox *outbox;
	int64_t now;
	uint32_t chance;
	struct flight flights[FLIGHTS];
	size_t len;
	struct buf out;
	char dir[40];
	struct state *state;
};

static struct digest digest_named(char name)
{
	return name == '-' ? (struct digest){{0}} : digest_of(&name, 1);
}

static char name_of(const struct digest *digest)
{
	for (char name = 'A'; name <= 'Z'; name++) {
		struct digest named = digest_named(name);

		if (memcmp(&named, digest, sizeof(named)) == 0)
			return name;
	}
	return '-';
}

/* The state */

static void load_target(void *arg, const struct state_target *target)
{
	outbox_load_target(arg, target);
}

static void load_row(void *arg, const struct state_ping *row)
{
	outbox_load(arg, row);
}

/* Made when it is first asked for. */
static struct state *state_of(struct play *play)
{
	struct err err = {.text = ""};
	pid_t holder;
	bool damaged;

	if (play->state)
		return play->state;
	strcpy(play->dir, "/tmp/feedd-outbox-XXXXXX");
	assert_non_null(mkdtemp(play->dir));
	if (state_open(play->dir, &play->state, &holder, &damaged, &err) < 0)
		fail_msg("%s", err.text);
	return play->state;
}

static void load(struct play *play)
{
	struct err err = {.text = ""};

	if (state_targets(state_of(play), load_target, play->outbox, &err) < 0 ||
	    state_pings(state_of(play), load_row, play->outbox, &err) < 0)
		fail_msg("%s", err.text);
}

/* `renewed`: the state was lost, and a new one has these changes alone. */
static void save(struct play *play, bool good, bool renewed)
{
	struct outbox_changes changes;
	struct err err = {.text = ""};

	outbox_take_changes(play->outbox, &changes);
	if (good && (state_begin(state_of(play), &err) < 0 ||
			outbox_save(play->state, &changes, &err) < 0 ||
			state_commit(play->state, &err) < 0))
		fail_msg("%s", err.text);
	if (renewed)
		outbox_save_all(play->outbox);
	outbox_saved(play->outbox, &changes, good);
}

static void state_drop(struct play *play)
{
	static const char *const files[] = {
	    "state.db", "state.db-wal", "state.db-shm", "lock", "state.db.damaged"};
	char path[80];

	if (!play->state)
		return;
	state_close(play->state);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", play->dir, files[i]);
		(void)remove(path);
	}
	assert_int_equal(remove(play->dir), 0);
}

static void add_row(void *arg, const struct state_ping *row)
{
	buf_printf(arg, "%.*s %c%c%c;", SLICE_FMT(row->topic), name_of(&row->wanted),
	    name_of(&row->told), name_of(&row->given_up));
}

static void add_rest(void *arg, const struct state_target *target)
{
	if (target->rests)
		buf_printf(
		    arg, "%.*s rests until %d\n", SLICE_FMT(target->key), (int)(target->rests - T));
}

/* Words of a script */

static const char *word(const char **script)
{
	static char words[8][64];
	static size_t turn;
	char *out = words[turn++ % 8];
	size_t len = strcspn(*script, " \n");

	assert_true(len < sizeof(words[0]));
	memcpy(out, *script, len);
	out[len] = '\0';
	*script += len;
	*script += **script == ' ';
	return out;
}

static size_t target_of(const char *name)
{
	const char *at = strchr(names, *name);

	assert_non_null(at);
	return (size_t)(at - names);
}

/* "want TARGET TOPIC DIGEST", "quiet ..." without announcing it; "-" for none. */
static void do_want(struct play *play, const char *args, bool announce)
{
	const char *target = word(&args), *topic = word(&args), *digest = word(&args);
	struct digest wanted = digest_named(*digest);
	struct outbox_what what = {slice_of(topic), {.url = slice_of(topic)}};

	assert_true(outbox_want(play->outbox, target_of(target), &what, NULL,
	    *digest == '-' ? NULL : &wanted, announce, play->now));
}

/* "entry TARGET KEY BEFORE DIGEST [LINK]" */
static void do_entry(struct play *play, const char *args, bool announce)
{
	const char *target = word(&args), *key = word(&args), *from = word(&args),
		   *to = word(&args), *link = word(&args);
	struct digest before = digest_named(*from), wanted = digest_named(*to);
	struct outbox_what what = {slice_of(key), {.entry = true, .url = slice_of(key)}};

	what.item.link = slice_of(link);
	assert_true(outbox_want(play->outbox, target_of(target), &what,
	    *from == '-' ? NULL : &before, *to == '-' ? NULL : &wanted, announce, play->now));
}

static void put_row(struct buf *out, const struct outbox_row *row)
{
	static const char events[] = {
	    [PING_ADDED] = '+', [PING_UPDATED] = '*', [PING_REMOVED] = '-'};
	struct ping_item item = outbox_item(row);

	buf_printf(out, " %c:%.*s%c%c", names[outbox_target(row)], SLICE_FMT(outbox_topic(row)),
	    events[item.event], name_of(outbox_wanted(row)));
}

/* "next": all that may go now, a pair of brackets for each request. */
static void do_next(struct play *play)
{
	struct flight *flight;

	buf_printf(&play->out, "%d", (int)(play->now - T));
	while (assert_true(play->len < FLIGHTS), flight = &play->flights[play->len],
	    flight->len = outbox_next(
		play->outbox, play->now, (uint64_t)(play->now - T) * 1000, flight->rows, ROWS),
	    flight->len > 0) {
		buf_puts(&play->out, " [");
		for (size_t i = 0; i < flight->len; i++)
			put_row(&play->out, flight->rows[i]);
		buf_puts(&play->out, " ]");
		play->len++;
	}
	buf_putc(&play->out, '\n');
}

static struct flight pop(struct play *play)
{
	struct flight first = play->flights[0];

	assert_true(play->len > 0);
	memmove(play->flights, play->flights + 1, --play->len * sizeof(*play->flights));
	return first;
}

/* What became of the first request that has no answer yet. */
static void do_answer(struct play *play, enum ping_result result, int status, const char *args)
{
	struct flight flight = pop(play);
	struct ping_verdict verdict = {.result = result, .retry_after = atoi(args)};
	struct outbox_outcome out;

	out = outbox_answer(
	    play->outbox, flight.rows, flight.len, &verdict, status, play->now, play->chance);
	if (out.next_try)
		buf_printf(&play->out, "again at %d\n", (int)(out.next_try - T));
	if (out.given_up)
		buf_printf(&play->out, "%zu given up%s\n", out.given_up, out.over ? ", over" : "");
	if (out.parked)
		buf_puts(&play->out, "parked\n");
}

/* "fails N": whatever goes next fails, as soon as it may, so many times. */
static void do_fails(struct play *play, const char *args)
{
	const struct ping_verdict verdict = {.result = PING_RETRY};

	for (int i = atoi(args); i > 0; i--) {
		int64_t time = outbox_next_time(play->outbox, play->now);
		struct outbox_row *rows[ROWS];
		size_t len;

		if (time > play->now)
			play->now = time;
		len = outbox_next(play->outbox, play->now, 0, rows, ROWS);
		assert_true(len > 0);
		(void)outbox_answer(
		    play->outbox, rows, len, &verdict, 500, play->now, play->chance);
	}
}

/* "unheard SECONDS": there was no network. */
static void do_unheard(struct play *play, const char *args)
{
	struct flight flight = pop(play);

	outbox_unheard(play->outbox, flight.rows[0], play->now + atoi(args), SLICE("no network"));
}

static void do_cancel(struct play *play, const char *args)
{
	struct flight flight = pop(play);

	if (*args)
		outbox_wait(play->outbox, flight.rows[--flight.len], play->now + atoi(args),
		    SLICE("not live"));
	outbox_cancel(play->outbox, flight.rows, flight.len);
}

static void do_crash(struct play *play)
{
	outbox_free(play->outbox);
	play->len = 0;
	play->outbox = outbox_start(targets, TARGETS);
	load(play);
}

static void do_print(struct play *play, const char *what)
{
	int64_t time = outbox_next_time(play->outbox, play->now);
	struct err err;

	if (strcmp(what, "due") == 0)
		buf_printf(&play->out, "due %zu\n", outbox_due(play->outbox));
	else if (strcmp(what, "rests") == 0)
		(void)state_targets(state_of(play), add_rest, &play->out, &err);
	else if (strcmp(what, "time") == 0)
		buf_printf(&play->out, "time %d\n", time ? (int)(time - T) : -1);
	else if (strcmp(what, "message") == 0)
		buf_printf(
		    &play->out, "%.*s\n", SLICE_FMT(outbox_item(play->flights[0].rows[0]).message));
	else if (state_pings(state_of(play), add_row, &play->out, &err) == 0)
		buf_putc(&play->out, '\n');
}

static void do_line(struct play *play, const char *line)
{
	const char *verb = word(&line);

	if (*verb == '+')
		play->now += atoll(verb);
	else if (strcmp(verb, "want") == 0)
		do_want(play, line, true);
	else if (strcmp(verb, "quiet") == 0)
		do_want(play, line, false);
	else if (strcmp(verb, "entry") == 0)
		do_entry(play, line, true);
	else if (strcmp(verb, "next") == 0)
		do_next(play);
	else if (strcmp(verb, "told") == 0)
		do_answer(play, PING_TOLD, 204, line);
	else if (strcmp(verb, "retry") == 0)
		do_answer(play, PING_RETRY, 500, line);
	else if (strcmp(verb, "lost") == 0) /* the answer, if there was one */
		do_answer(play, PING_RETRY, 0, line);
	else if (strcmp(verb, "unsent") == 0) /* nobody was there to be asked */
		do_answer(play, PING_RETRY, OUTBOX_UNSENT, line);
	else if (strcmp(verb, "no") == 0)
		do_answer(play, PING_GIVE_UP, 400, line);
	else if (strcmp(verb, "self") == 0) /* feedd gave it up, nobody was asked */
		do_answer(play, PING_GIVE_UP, OUTBOX_UNSENT, line);
	else if (strcmp(verb, "park") == 0)
		do_answer(play, PING_PARK, 410, line);
	else if (strcmp(verb, "cut") == 0) {
		struct flight flight = pop(play);

		outbox_cut_off(play->outbox, flight.rows, flight.len);
	} else if (strcmp(verb, "fails") == 0)
		do_fails(play, line);
	else if (strcmp(verb, "unheard") == 0)
		do_unheard(play, line);
	else if (strcmp(verb, "cancel") == 0)
		do_cancel(play, line);
	else if (strcmp(verb, "hold") == 0)
		outbox_hold(play->outbox);
	else if (strcmp(verb, "release") == 0)
		outbox_release(play->outbox);
	else if (strcmp(verb, "hurry") == 0)
		outbox_hurry(play->outbox, target_of(line), play->now);
	else if (strcmp(verb, "save") == 0)
		save(play, true, false);
	else if (strcmp(verb, "unsaved") == 0)
		save(play, false, false);
	else if (strcmp(verb, "renew") == 0)
		save(play, true, true);
	else if (strcmp(verb, "crash") == 0)
		do_crash(play);
	else if (strcmp(verb, "set") == 0)
		outbox_set_targets(play->outbox, targets, (size_t)atoi(line));
	else if (strcmp(verb, "back") == 0)
		play->now -= atoll(line);
	else
		do_print(play, verb);
}

/* A verb a line; "A / B" are two lines. */
static void run(struct play *play, const char *script)
{
	for (const char *end; *script; script = *end ? end + 3 : end) {
		char line[128];

		end = strstr(script, " / ");
		if (!end)
			end = script + strlen(script);
		assert_true((size_t)(end - script) < sizeof(line));
		(void)snprintf(line, sizeof(line), "%.*s", (int)(end - script), script);
		do_line(play, line);
	}
}

static void play_start(struct play *play)
{
	*play = (struct play){.now = T, .chance = UINT32_MAX, .out = BUF_INIT};
	play->outbox = outbox_start(targets, TARGETS);
}

static void play_end(struct play *play)
{
	outbox_free(play->outbox);
	state_drop(play);
	buf_free(&play->out);
}

struct script {
	const char *what, *script, *expected;
};

static void play_all(const struct script *scripts, size_t len)
{
	static struct play play;

	for (size_t i = 0; i < len; i++) {
		play_start(&play);
		run(&play, scripts[i].script);
		if (strcmp(buf_string(&play.out), scripts[i].expected) != 0)
			fail_msg("%s: found\n%sexpected\n%s", scripts[i].what,
			    buf_string(&play.out), scripts[i].expected);
		play_end(&play);
	}
}

#define PLAY(scripts) play_all(scripts, sizeof(scripts) / sizeof(*(scripts)))

static void test_topics(void **state)
{
	static const struct script scripts[] = {
	    {"a change is told once", "want a x B / next / told / next / due",
		"0 [ a:x+B ]\n0\ndue 0\n"},
	    {"ten changes are one ping",
		"want a x A / want a x B / want a x C / want a x D / next / told / next",
		"0 [ a:x+D ]\n0\n"},
	    {"what is held is one ping, and others go on meanwhile",
		"want a x A / hold / want a y B / want b z C / next / next / want a y D / time / "
		"release / next / next",
		"0 [ a:x+A ]\n0\ntime -1\n0 [ a:y+D ] [ b:z+C ]\n0\n"},
	    {"what was due before is not held, whatever it wants now",
		"want a x A / hold / want a x B / next / told / release / next",
		"0 [ a:x+B ]\n0\n"},
	    {"a change of what is under way is held",
		"want a x A / next / hold / want a x B / told / next / release / next",
		"0 [ a:x+A ]\n0\n0 [ a:x*B ]\n"},
	    {"held, and back to what was told: nothing",
		"want a x A / next / told / hold / want a x B / want a x A / release / next / due",
		"0 [ a:x+A ]\n0\ndue 0\n"},
	    {"held, and gone meanwhile", "hold / want a x A / want a x - / due / release / next",
		"due 0\n0\n"},
	    {"back to what was told: nothing",
		"want a x A / next / told / want a x B / want a x A / next / due",
		"0 [ a:x+A ]\n0\ndue 0\n"},
	    {"the same again: nothing", "want a x A / next / told / want a x A / next",
		"0 [ a:x+A ]\n0\n"},
	    {"a change under way: the answer is of what was sent",
		"want a x A / next / want a x B / next / told / next / told / next",
		"0 [ a:x+A ]\n0\n0 [ a:x*B ]\n0\n"},
	    {"a change under way and back again: told twice",
		"want a x A / next / told / want a x B / next / want a x A / told / next",
		"0 [ a:x+A ]\n0 [ a:x*B ]\n0 [ a:x*A ]\n"},
	    {"first run: nothing", "quiet a x A / next / due / want a x B / next",
		"0\ndue 0\n0 [ a:x*B ]\n"},
	    {"what is there already is announced all the same", "want a x A / quiet a x B / next",
		"0 [ a:x+B ]\n"},
	    {"a topic that is published no more goes",
		"want a x A / want a x - / next / due / save / rows", "0\ndue 0\n\n"},
	    {"so when it was saved", "quiet a x A / save / want a x - / rows / save / rows",
		"x AA-;\n\n"},
	    {"so under way, when the answer comes",
		"want a x A / save / next / want a x - / due / told / save / rows",
		"0 [ a:x+A ]\ndue 0\n\n"},
	    {"and if it is back before",
		"want a x A / next / want a x - / want a x B / told / next",
		"0 [ a:x+A ]\n0 [ a:x*B ]\n"},
	    {"each target for itself", "want a x A / want b x A / next / told / next / due",
		"0 [ a:x+A ] [ b:x+A ]\n0\ndue 1\n"},
	    {"not tried after all", "want a x A / next / cancel / due / next",
		"0 [ a:x+A ]\ndue 1\n0 [ a:x+A ]\n"},
	    {"it waits for its page, and a change wakes it",
		"want a x A / next / cancel 30 / time / next / want a x B / next",
		"0 [ a:x+A ]\ntime 30\n0\n0 [ a:x+B ]\n"},
	    {"it changed before it was to wait: it does not",
		"want a x A / next / want a x B / cancel 30 / next", "0 [ a:x+A ]\n0 [ a:x+B ]\n"},
	    {"it went before it was to wait",
		"want a x A / next / want a x - / cancel 30 / due / save / rows",
		"0 [ a:x+A ]\ndue 0\n\n"},
	};

	(void)state;
	PLAY(scripts);
}

static void test_failures(void **state)
{
	static const struct script scripts[] = {
	    {"the ladder",
		"want a x A / next / retry / time / +5 / next / retry / +299 / next / +1 / next",
		"0 [ a:x+A ]\nagain at 5\ntime 5\n5 [ a:x+A ]\nagain at 305\n304\n305 [ a:x+A ]\n"},
	    {"another change is tried at once",
		"want a x A / next / retry / want a x B / next / retry / +5 / next",
		"0 [ a:x+A ]\nagain at 5\n0 [ a:x+B ]\nagain at 5\n5 [ a:x+B ]\n"},
	    {"one that failed under way: the new one waits as a failure",
		"want a x A / next / want a x B / retry / next / +5 / next",
		"0 [ a:x+A ]\nagain at 5\n0\n5 [ a:x+B ]\n"},
	    {"back to what was told while it failed: nothing, and no rung is kept",
		"quiet a x A / want a x B / next / retry / want a x A / +5 / next / time / "
		"want a x B / next",
		"0 [ a:x*B ]\nagain at 5\n5\ntime -1\n5 [ a:x*B ]\n"},
	    {"Retry-After holds the whole target, and no change shortens it",
		"want a x A / want a y A / next / retry 600 / retry / want a z A / +599 / next / "
		"+1 / next",
		"0 [ a:x+A ] [ a:y+A ]\nagain at 600\nagain at 600\n599\n"
		"600 [ a:z+A ] [ a:y+A ] [ a:x+A ]\n"},
	    {"a server that asks for years gets a day",
		"want a x A / next / retry 999999999 / +86399 / next / +1 / next",
		"0 [ a:x+A ]\nagain at 86400\n86399\n86400 [ a:x+A ]\n"},
	    {"Retry-After is kept over a restart",
		"want a x A / next / retry 600 / save / crash / want a y A / next / +600 / next",
		"0 [ a:x+A ]\nagain at 600\n0\n600 [ a:y+A ] [ a:x+A ]\n"},
	    {"no is no, until something changes",
		"want a x A / next / no / next / due / want a x A / next / want a x B / next",
		"0 [ a:x+A ]\n1 given up\n0\ndue 0\n0\n0 [ a:x+B ]\n"},
	    {"no, while there was a change", "want a x A / next / want a x B / no / next",
		"0 [ a:x+A ]\n1 given up\n0 [ a:x+B ]\n"},
	    {"after three days it is over",
		"want a x A / fails 9 / next / +86400 / next / retry / next / due",
		"185705\n272105 [ a:x+A ]\n1 given up, over\n272105\ndue 0\n"},
	    {"not when the machine slept for five of them",
		"want a x A / next / retry / +432000 / next / retry / next / +300 / next / due",
		"0 [ a:x+A ]\nagain at 5\n432000 [ a:x+A ]\nagain at 432300\n432000\n"
		"432300 [ a:x+A ]\ndue 1\n"},
	    {"nor when there was no network in all that time",
		"want a x A / fails 9 / +86400 / next / unheard 300 / +300 / next / retry / due / "
		"fails 5 / due / fails 1 / due",
		"272105 [ a:x+A ]\n272405 [ a:x+A ]\nagain at 272705\ndue 1\ndue 1\ndue 0\n"},
	    {"the three days are those of the last change",
		"want a x A / next / retry / +200000 / want a x B / +59200 / next / retry",
		"0 [ a:x+A ]\nagain at 5\n259200 [ a:x+B ]\nagain at 259205\n"},
	    {"a parked target is sent nothing",
		"want a x A / want a y A / next / park / told / want a z A / next / time / due / "
		"save / crash / next / hurry a / next",
		"0 [ a:x+A ] [ a:y+A ]\nparked\n0\ntime -1\ndue 2\n0\n0 [ a:x+A ] [ a:z+A ]\n"},
	    {"what is parked and old goes, but not while it is under way",
		"entry i x - A / entry i y - A / next / park / +3000000 / next / due / told / due",
		"0 [ i:x+A ] [ i:y+A ]\nparked\n3000000\ndue 1\ndue 0\n"},
	    {"entries do not pile up for one that is parked",
		"entry i x - A / entry i y - A / next / park / retry / due / +2592001 / next / "
		"save / rows",
		"0 [ i:x+A ] [ i:y+A ]\nparked\nagain at 5\ndue 2\n2592001\n\n"},
	    {"hurry", "want a x A / next / retry 600 / want a y A / next / hurry a / next",
		"0 [ a:x+A ]\nagain at 600\n0\n0 [ a:x+A ] [ a:y+A ]\n"},
	    {"hurry what was given up", "want a x A / next / no / hurry a / next",
		"0 [ a:x+A ]\n1 given up\n0 [ a:x+A ]\n"},
	    {"the interval of a target is over all its rows",
		"want m x A / want m y A / next / told / time / +60 / next / +1 / next",
		"0 [ m:x+A ]\ntime 61\n60\n61 [ m:y+A ]\n"},
	    {"a failure is said to be due again when the interval is over",
		"want m x A / next / retry / time / +60 / next / +1 / next",
		"0 [ m:x+A ]\nagain at 61\ntime 61\n60\n61 [ m:x+A ]\n"},
	    {"what was not tried begins no interval", "want m x A / next / cancel / next",
		"0 [ m:x+A ]\n0 [ m:x+A ]\n"},
	    {"nor does what feedd gives up by itself",
		"want m x A / next / self / want m y A / next",
		"0 [ m:x+A ]\n1 given up\n0 [ m:y+A ]\n"},
	    {"the interval is kept over a restart",
		"want m x A / next / told / save / crash / want m y A / time / +61 / next",
		"0 [ m:x+A ]\ntime 61\n61 [ m:y+A ]\n"},
	};

	(void)state;
	PLAY(scripts);
}

static void test_trouble(void **state)
{
	static const struct script scripts[] = {
	    {"three failures: then one by one, on the target's ladder",
		"want a p A / want a q A / want a r A / want a s A / next / "
		"retry / retry / retry / retry / time / +5 / next / retry / time / +300 / next",
		"0 [ a:p+A ] [ a:q+A ] [ a:r+A ] [ a:s+A ]\n"
		"again at 5\nagain at 5\nagain at 5\nagain at 5\ntime 5\n"
		"5 [ a:p+A ]\nagain at 305\ntime 305\n305 [ a:q+A ]\n"},
	    {"what feedd gives up by itself is no answer of the target",
		"want a p A / want a q A / want a r A / next / retry / retry / retry / "
		"+305 / next / self / next",
		"0 [ a:p+A ] [ a:q+A ] [ a:r+A ]\nagain at 5\nagain at 5\nagain at 5\n"
		"305 [ a:p+A ]\n1 given up\n305 [ a:q+A ]\n"},
	    {"when it answers again, all is due",
		"want a p A / want a q A / want a r A / next / retry / retry / retry / "
		"+5 / next / retry / +300 / next / told / next",
		"0 [ a:p+A ] [ a:q+A ] [ a:r+A ]\nagain at 5\nagain at 5\nagain at 5\n"
		"5 [ a:p+A ]\nagain at 305\n305 [ a:q+A ]\n305 [ a:r+A ] [ a:p+A ]\n"},
	    {"a change waits five minutes at most",
		"want a x A / next / retry / +5 / next / retry / +300 / next / retry / time / "
		"want a x B / time / +100 / want a x C / time / +200 / next / retry",
		"0 [ a:x+A ]\nagain at 5\n5 [ a:x+A ]\nagain at 305\n305 [ a:x+A ]\n"
		"again at 2105\ntime 2105\ntime 605\ntime 605\n605 [ a:x+C ]\nagain at 905\n"},
	    {"one row that fails does not hold the others",
		"want a x A / next / retry / +5 / next / want a y A / next / retry / told / "
		"want a y B / next / told / +299 / want a y C / next / told / +1 / next / retry / "
		"want a z A / next",
		"0 [ a:x+A ]\nagain at 5\n5 [ a:x+A ]\n5 [ a:y+A ]\nagain at 305\n5 [ a:y*B ]\n"
		"304 [ a:y*C ]\n305 [ a:x+A ]\nagain at 2105\n305 [ a:z+A ]\n"},
	    {"and at once: what was high on the ladder, too",
		"want a x A / next / retry / +5 / next / retry / +300 / next / retry / want a y A "
		"/ "
		"+300 / next / told / next",
		"0 [ a:x+A ]\nagain at 5\n5 [ a:x+A ]\nagain at 305\n305 [ a:x+A ]\n"
		"again at 2105\n605 [ a:y+A ]\n605 [ a:x+A ]\n"},
	    {"over: rows that had no turn go with the one that had",
		"want a p A / want a q A / want a r A / want a s A / next / "
		"retry / retry / retry / retry / fails 6 / +195885 / want a t A / +10 / next / "
		"retry / +300 / "
		"next / retry / due",
		"0 [ a:p+A ] [ a:q+A ] [ a:r+A ] [ a:s+A ]\n"
		"again at 5\nagain at 5\nagain at 5\nagain at 5\n"
		"259200 [ a:t+A ]\nagain at 259500\n259500 [ a:r+A ]\n4 given up, over\ndue 1\n"},
	};

	(void)state;
	PLAY(scripts);
}

static void test_entries(void **state)
{
	static const struct script scripts[] = {
	    {"one comes, changes, goes; its row goes when it was told",
		"entry i x - A / next / told / save / rows / entry i x A B / next / told / "
		"entry i x B - / next / told / save / rows / due",
		"0 [ i:x+A ]\n\n0 [ i:x*B ]\n0 [ i:x-- ]\n\ndue 0\n"},
	    {"events of several changes are one",
		"entry i x - A / entry i x A B / entry i y A B / entry i y B - / next",
		"0 [ i:x+B ] [ i:y-- ]\n"},
	    {"gone before it was told: nothing",
		"entry i x - A / entry i x A - / next / due / save / rows", "0\ndue 0\n\n"},
	    {"so while it failed", "entry i x - A / next / retry / entry i x A - / +5 / next / due",
		"0 [ i:x+A ]\nagain at 5\n5\ndue 0\n"},
	    {"gone while it was told",
		"entry i x - A / next / entry i x A - / told / next / told / save / rows",
		"0 [ i:x+A ]\n0 [ i:x-- ]\n\n"},
	    {"gone while telling failed",
		"entry i x - A / next / entry i x A - / retry / +5 / next / save / rows",
		"0 [ i:x+A ]\nagain at 5\n5\n\n"},
	    {"back to what it was: nothing", "entry i x A B / entry i x B A / next / save / rows",
		"0\n\n"},
	    {"comes back before its end was told: changed", "entry i x A - / entry i x - B / next",
		"0 [ i:x*B ]\n"},
	    {"given up: the next change is told",
		"entry i x A B / next / no / entry i x B C / next",
		"0 [ i:x*B ]\n1 given up\n0 [ i:x*C ]\n"},
	    {"given up: it goes after 30 days",
		"entry i x A B / next / no / save / rows / time / +2591999 / next / save / rows / "
		"+1 / next / save / rows",
		"0 [ i:x*B ]\n1 given up\nx BAB;\ntime 2592000\n2591999\nx BAB;\n2592000\n\n"},
	    {"its end is given up: nothing is kept", "entry i x A - / next / no / save / rows",
		"0 [ i:x-- ]\n1 given up\n\n"},
	    {"as many in one request as it takes, of one target",
		"entry u p - A / entry u q A B / entry i p - A / entry u r A - / entry u s - A / "
		"next / "
		"told / told / told / due",
		"0 [ i:p+A ] [ u:p+A u:q*B u:r-- ] [ u:s+A ]\ndue 0\n"},
	    {"a batch fails together and comes again together",
		"entry u p - A / entry u q - A / next / retry / +5 / next",
		"0 [ u:p+A u:q+A ]\nagain at 5\n5 [ u:p+A u:q+A ]\n"},
	    {"not twice in ten minutes, though its row had nothing to say",
		"entry u p - A / next / told / +100 / entry u p A B / next / time / +500 / next",
		"0 [ u:p+A ]\n100\ntime 600\n600 [ u:p*B ]\n"},
	    {"nor when the answer was lost",
		"entry u p - A / next / lost / +5 / next / time / +595 / next",
		"0 [ u:p+A ]\nagain at 600\n5\ntime 600\n600 [ u:p+A ]\n"},
	    {"but when it could not be sent",
		"entry u p - A / next / unsent / save / rows / crash / +5 / next / told / "
		"entry u p A B / time",
		"0 [ u:p+A ]\nagain at 5\np A--;\n5 [ u:p+A ]\ntime 605\n"},
	    {"and what could not be sent is not due again when it is as it was told",
		"entry u p - A / next / told / +600 / entry u p A B / next / unsent / "
		"entry u p B A / due / entry u q B A / next / lost / entry u q A B / due",
		"0 [ u:p+A ]\n600 [ u:p*B ]\nagain at 605\ndue 0\n600 [ u:q*A ]\nagain at 1200\n"
		"due 1\n"},
	    {"nor when it was cut off", "entry u p - A / next / cut / next / time",
		"0 [ u:p+A ]\n0\ntime 600\n"},
	    {"so over a restart",
		"entry u p - A / next / told / save / crash / entry u p A B / time",
		"0 [ u:p+A ]\ntime 600\n"},
	    {"after that its row goes",
		"entry u p - A / next / told / save / rows / time / +600 / next / time / save / "
		"rows",
		"0 [ u:p+A ]\np AA-;\ntime 600\n600\ntime -1\n\n"},
	};

	(void)state;
	PLAY(scripts);
}

static void test_links(void **state)
{
	static const struct script scripts[] = {
	    {"a link's row stays after it was told, for its change and its end",
		"entry l x - A / entry l x>h - A http://h.example/ / save / next / told / told / "
		"save / "
		"crash / rows / next / entry l x>h A B http://h.example/ / next / told / "
		"entry l x>h B - http://h.example/ / next / told / save / rows",
		"0 [ l:x+A ] [ l:x>h+A ]\nx>h AA-;\n0\n0 [ l:x>h*B ]\n0 [ l:x>h-- ]\n\n"},
	    {"a link that goes before it was told: nothing",
		"entry l x>h - A http://h.example/ / entry l x>h A - http://h.example/ / next / "
		"due",
		"0\ndue 0\n"},
	    {"the host of a link in trouble holds no other",
		"entry l x>h - A http://h.example/a / entry l x>i - A https://i.example/ / save / "
		"next / retry 600 / told / entry l y>h - A http://H.example/b / "
		"entry l y>i - A http://i.example/b / save / next / time",
		"0 [ l:x>h+A ] [ l:x>i+A ]\nagain at 600\n0 [ l:y>i+A ]\ntime 600\n"},
	    {"a host that wants no more parks nothing else",
		"entry l x>h - A http://h.example/ / save / next / park / entry l x>i - A "
		"http://i.example/ / save / next",
		"0 [ l:x>h+A ]\n1 given up\n0 [ l:x>i+A ]\n"},
	    {"a link is told when the state has it: a crash leaves none that it never hears of "
	     "again",
		"entry l x>h - A http://h.example/ / next / save / next / crash / "
		"entry l x>h A - http://h.example/ / next",
		"0\n0 [ l:x>h+A ]\n0 [ l:x>h-- ]\n"},
	    {"or when the state refused it", "entry l x>h - A http://h.example/ / unsaved / next",
		"0 [ l:x>h+A ]\n"},
	};

	(void)state;
	PLAY(scripts);
}

/* What the state is told, and what a crash leaves. */
static void test_saving(void **state)
{
	static const struct script scripts[] = {
	    {"what was not saved is due again after a crash, what was is not",
		"want a x A / save / next / told / crash / next / told / save / crash / next / due",
		"0 [ a:x+A ]\n0 [ a:x+A ]\n0\ndue 0\n"},
	    {"a save that failed is made up for",
		"want a x A / want a y A / want a y - / unsaved / rows / save / rows",
		"\nx A--;\n"},
	    {"so of a row that went meanwhile",
		"want a x A / unsaved / want a x - / save / rows / crash / due", "\ndue 0\n"},
	    {"and of its going", "quiet a x A / save / want a x - / unsaved / rows / save / rows",
		"x AA-;\n\n"},
	    {"gone and there again", "quiet a x A / save / want a x - / want a x B / save / rows",
		"x B--;\n"},
	    {"gone, not saved, and there again",
		"quiet a x A / save / want a x - / unsaved / want a x B / save / rows", "x B--;\n"},
	    {"attempts and times are kept",
		"want a x A / next / retry / +5 / next / retry / save / crash / +299 / next / +1 / "
		"next / retry",
		"0 [ a:x+A ]\nagain at 5\n5 [ a:x+A ]\nagain at 305\n304\n305 [ a:x+A ]\n"
		"again at 2105\n"},
	    {"trouble is kept, and asked about once",
		"want a p A / want a q A / want a r A / next / retry / retry / retry / save / "
		"crash / "
		"want a s A / next",
		"0 [ a:p+A ] [ a:q+A ] [ a:r+A ]\nagain at 5\nagain at 5\nagain at 5\n0 [ a:s+A "
		"]\n"},
	    {"how long one in trouble is left alone can be seen",
		"want a p A / want a q A / fails 5 / save / rests / want a p B / save / rests / "
		"+300 / "
		"next / told / save / rests",
		"plain a rests until 2110\nplain a rests until 610\n610 [ a:q+A ]\n"},
	    {"what was given up is kept",
		"want a x A / next / no / save / crash / want a x A / next / rows",
		"0 [ a:x+A ]\n1 given up\n0\nx A-A;\n"},
	    {"a link waits for a state that was begun anew",
		"entry l x>h - A http://h.example/ / save / renew / next / save / next",
		"0\n0 [ l:x>h+A ]\n"},
	    {"but not when it is what went there",
		"entry l x>h - A http://h.example/ / renew / next", "0 [ l:x>h+A ]\n"},
	    {"what went there and is told goes from there",
		"entry i x - A / renew / next / told / save / rows", "0 [ i:x+A ]\n\n"},
	};

	(void)state;
	PLAY(scripts);
}

/* Whoever was sent a change may have looked at it, whatever became of the answer. */
static void test_doubt(void **state)
{
	static const struct script scripts[] = {
	    {"there and back under way: it may have seen what was between",
		"want a x A / next / want a x B / want a x A / told / next / told / next / due",
		"0 [ a:x+A ]\n0 [ a:x*A ]\n0\ndue 0\n"},
	    {"gone and back under way", "want a x A / next / want a x - / want a x A / told / next",
		"0 [ a:x+A ]\n0 [ a:x*A ]\n"},
	    {"the same again under way is nothing",
		"want a x A / next / want a x A / told / next / due", "0 [ a:x+A ]\n0\ndue 0\n"},
	    {"back to what was told, but the answer was lost",
		"quiet a x A / want a x B / next / lost / want a x A / +5 / next",
		"0 [ a:x*B ]\nagain at 5\n5 [ a:x*A ]\n"},
	    {"so while it was under way",
		"quiet a x A / want a x B / next / want a x A / lost / +5 / next",
		"0 [ a:x*B ]\nagain at 5\n5 [ a:x*A ]\n"},
	    {"so when it was cut off", "quiet a x A / want a x B / next / cut / want a x A / next",
		"0 [ a:x*B ]\n0 [ a:x*A ]\n"},
	    {"so over a restart",
		"quiet a x A / want a x B / next / lost / save / crash / want a x A / next",
		"0 [ a:x*B ]\nagain at 5\n0 [ a:x*A ]\n"},
	    {"so when a crash lost the answer",
		"quiet a x A / want a x B / save / next / crash / want a x A / next",
		"0 [ a:x*B ]\n0 [ a:x*A ]\n"},
	    {"tried again it is the same event",
		"entry i x - A / next / lost / +5 / next / told / due",
		"0 [ i:x+A ]\nagain at 5\n5 [ i:x+A ]\ndue 0\n"},
	    {"an entry that goes, and may have been told of",
		"entry i x - A / next / lost / entry i x A - / next / told / save / rows",
		"0 [ i:x+A ]\nagain at 5\n0 [ i:x-- ]\n\n"},
	    {"what was answered is no matter of doubt",
		"quiet a x A / want a x B / next / retry / want a x A / +5 / next / due",
		"0 [ a:x*B ]\nagain at 5\n5\ndue 0\n"},
	};

	(void)state;
	PLAY(scripts);
}

/* Targets that come and go: "set N", the first N of them. */
static void test_settings(void **state)
{
	static const struct script scripts[] = {
	    {"what is due to a target that is not there waits for it",
		"want a x A / want b x A / set 1 / due / next / told / set 7 / due / next",
		"due 1\n0 [ a:x+A ]\ndue 1\n0 [ b:x+A ]\n"},
	    {"over a restart too", "want b x A / set 1 / save / crash / next", "0 [ b:x+A ]\n"},
	    {"for a week, then it is forgotten",
		"want b x A / set 1 / next / save / +604799 / next / save / rows / +86401 / next / "
		"save / rows / set 7 / next",
		"0\n604799\nx A--;\n691200\n\n691200\n"},
	    {"times go on where they were",
		"want m x A / next / told / want m y A / set 1 / set 7 / time",
		"0 [ m:x+A ]\ntime 61\n"},
	    {"links find their hosts again",
		"entry l x>h - A http://h.example/ / save / next / retry 600 / set 1 / set 7 / "
		"next / time",
		"0 [ l:x>h+A ]\nagain at 600\n0\ntime 600\n"},
	};

	(void)state;
	PLAY(scripts);
}

/* A clock that is set back makes nobody wait for the time that was lost. */
static void test_clock(void **state)
{
	static const struct script scripts[] = {
	    {"a rung", "want a x A / next / retry / back 1000000 / next / time",
		"0 [ a:x+A ]\nagain at 5\n-1000000\ntime -999995\n"},
	    {"an interval", "want m x A / next / told / want m y A / back 1000000 / next / time",
		"0 [ m:x+A ]\n-1000000\ntime -999939\n"},
	    {"a state of the future",
		"want m x A / next / told / save / back 1000000 / crash / want m y A / next / time",
		"0 [ m:x+A ]\n-1000000\ntime -999939\n"},
	    {"ten minutes",
		"entry u p - A / next / told / entry u p A B / back 1000000 / next / time",
		"0 [ u:p+A ]\n-1000000\ntime -999400\n"},
	    {"a target in trouble, and a change that came just then",
		"want a x A / fails 4 / back 1000000 / want a x B / next / time",
		"-997895\ntime -997595\n"},
	    {"its three days begin no later than now",
		"want a x A / save / back 1000000 / crash / next / retry / fails 9 / due",
		"-1000000 [ a:x+A ]\nagain at -999995\ndue 0\n"},
	    {"a second is nothing", "want a x A / next / retry / back 1 / next / +6 / next",
		"0 [ a:x+A ]\nagain at 5\n-1\n5 [ a:x+A ]\n"},
	};

	(void)state;
	PLAY(scripts);
}

/* One and the same for all tries, over a crash too; another for another change. */
static void test_message(void **state)
{
	/* A script, and a letter for each of its messages: equal letters for equal ones. */
	static const char *const scripts[] = {
	    "want a x A / next / message / retry / +5 / next / message",
	    "aa",
	    "want a x A / next / message / want a x B / message / told / next / message",
	    "aab",
	    "want a x A / next / message / crash / want a x A / next / message",
	    "aa",
	    "want a x A / save / next / message / crash / next / message",
	    "aa",
	    "want a x A / want b x A / want a y A / next / message / told / message / told / "
	    "message",
	    "abc",
	    /* There and back, and there again. */
	    "want a x A / next / message / told / want a x B / next / message / told / +9 / "
	    "want a x A / next / message / told / want a x B / next / message",
	    "abcd",
	    "want a x A / next / message / retry / back 1000000 / next / +5 / next / message",
	    "aa",
	    "entry i x A B / next / message / told / entry i x B A / +9 / next / message / told / "
	    "+9 / entry i x A B / next / message",
	    "abc",
	};
	static struct play play;

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i += 2) {
		char *lines[8];
		size_t len = 0;

		play_start(&play);
		run(&play, scripts[i]);
		for (char *line = strtok(play.out.data, "\n"); line; line = strtok(NULL, "\n"))
			if (strncmp(line, "msg_", 4) == 0)
				lines[len++] = line;
		assert_int_equal(len, strlen(scripts[i + 1]));
		for (size_t j = 0; j < len; j++) {
			assert_int_equal(strspn(lines[j], "msg_0123456789abcdef"), 36);
			for (size_t k = 0; k < j; k++)
				if ((strcmp(lines[j], lines[k]) == 0) !=
				    (scripts[i + 1][j] == scripts[i + 1][k]))
					fail_msg("%s: %zu and %zu", scripts[i], k, j);
		}
		play_end(&play);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_topics),
	    cmocka_unit_test(test_failures),
	    cmocka_unit_test(test_trouble),
	    cmocka_unit_test(test_entries),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_saving),
	    cmocka_unit_test(test_doubt),
	    cmocka_unit_test(test_settings),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_message),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
