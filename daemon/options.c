#include "daemon/options.h"

#include <getopt.h>
#include <string.h>
#include <strings.h>

enum { OPTION_FIRST = 256 }; /* above every byte, so that there are no short options by chance */

struct option_row {
	const char *name;
	const char *argument; /* NULL: takes none; "[X]": may have one */
	const char *help;
	enum command command; /* COMMAND_DAEMON: it is no command */
	void (*set)(struct options *options, const char *argument); /* may be NULL */
};

static void set_config(struct options *options, const char *argument)
{
	options->config = argument;
}

static void set_json(struct options *options, const char *argument)
{
	(void)argument; /* takes none */
	options->json = true;
}

static void set_strict(struct options *options, const char *argument)
{
	(void)argument; /* takes none */
	options->strict = true;
}

static void set_force(struct options *options, const char *argument)
{
	(void)argument; /* takes none */
	options->force = true;
}

static void set_explain(struct options *options, const char *argument)
{
	options->explain = argument;
}

static void set_adopt(struct options *options, const char *argument)
{
	options->adopt = argument;
}

static void set_ping_now(struct options *options, const char *argument)
{
	options->ping_now = true;
	options->ping_target = argument;
}

static void set_no_ping(struct options *options, const char *argument)
{
	(void)argument; /* takes none */
	options->no_ping = true;
}

static void set_dry_run(struct options *options, const char *argument)
{
	(void)argument; /* takes none */
	options->dry_run = true;
}

static void set_server(struct options *options, const char *argument)
{
	options->server = server_find(slice_of(argument));
}

static void set_init(struct options *options, const char *argument)
{
	options->init = argument;
}

static void set_yes(struct options *options, const char *argument)
{
	(void)argument; /* takes none */
	options->yes = true;
}

static void set_verbose(struct options *options, const char *argument)
{
	(void)argument; /* takes none */
	options->level = LOG_DEBUG;
}

static void set_quiet(struct options *options, const char *argument)
{
	(void)argument; /* takes none */
	options->level = LOG_WARNING;
}

static const struct option_row rows[] = {
    {"init", "DIR", "write a feedd.toml for the site in that folder", COMMAND_INIT, set_init},
    {"once", NULL, "build the feeds that are out of date, and end", COMMAND_ONCE, NULL},
    {"check", NULL, "say what would change and what is wrong; write nothing", COMMAND_CHECK, NULL},
    {"status", NULL, "say how articles and feeds stand, also while feedd runs", COMMAND_STATUS,
	NULL},
    {"explain", "ARTICLE|FEED", "say why it is as it is, and where it stands", COMMAND_EXPLAIN,
	set_explain},
    {"adopt", "FEED", "build, and take over ids and dates of an existing feed", COMMAND_DAEMON,
	set_adopt},
    {"ping-now", "[TARGET]", "tell hubs now what they are to be told, or one of them",
	COMMAND_DAEMON, set_ping_now},
    {"check-settings", NULL, "say what is wrong with the settings; look at no article",
	COMMAND_CHECK_SETTINGS, NULL},
    {"settings", NULL, "print all settings with their defaults, as a feedd.toml", COMMAND_SETTINGS,
	NULL},
    {"print-server-config", "nginx|apache|caddy", "lines for that web server", COMMAND_SERVER,
	set_server},
    {"print-links", NULL, "<link> lines of the feeds, for the head of pages", COMMAND_LINKS, NULL},
    {"config", "FILE", "the settings (./feedd.toml, else /etc/feedd/feedd.toml)", COMMAND_DAEMON,
	set_config},
    {"no-ping", NULL, "tell no hub; what is due stays due", COMMAND_DAEMON, set_no_ping},
    {"dry-run", NULL, "print what would be sent; send and write nothing", COMMAND_DAEMON,
	set_dry_run},
    {"json", NULL, "with --check, --status or --explain: print JSON", COMMAND_DAEMON, set_json},
    {"yes", NULL, "with --init: ask nothing, and say what to correct", COMMAND_DAEMON, set_yes},
    {"strict", NULL, "end with status 1 when an article had to be skipped", COMMAND_DAEMON,
	set_strict},
    {"force", NULL, "publish although many ids would change at once", COMMAND_DAEMON, set_force},
    {"verbose", NULL, "say more: every file, every shortcode that nobody knows", COMMAND_DAEMON,
	set_verbose},
    {"quiet", NULL, "say only what is wrong", COMMAND_DAEMON, set_quiet},
    {"version", NULL, "print the version", COMMAND_VERSION, NULL},
    {"help", NULL, "print this", COMMAND_HELP, NULL},
};

enum { ROWS = sizeof(rows) / sizeof(*rows), HELP_COLUMN = 23 };

static int set_command(struct options *out, const struct option_row *row, struct err *err)
{
	if (out->command != COMMAND_DAEMON && out->command != row->command)
		return err_set(err, ERR_INVALID,
		    "--%s: only one command at a time; run feedd once for each", row->name);
	out->command = row->command;
	return 0;
}

/* --adopt is a way to build, or to say what a build would do. */
static int check_adopt(struct options *options, struct err *err)
{
	const char *feed = options->adopt;

	if (!feed)
		return 0;
	if (options->command == COMMAND_DAEMON)
		options->command = COMMAND_ONCE;
	if (options->command != COMMAND_ONCE && options->command != COMMAND_CHECK)
		return err_set(err, ERR_INVALID, "--adopt goes alone, or with --once or --check");
	if (strncasecmp(feed, "http://", 7) == 0 || strncasecmp(feed, "https://", 8) == 0)
		return err_set(err, ERR_INVALID,
		    "--adopt: '%s' is an address, and feedd does not download feeds yet; do that "
		    "first, for example with curl -L -o old-feed.xml '%s', then run feedd --adopt "
		    "old-feed.xml",
		    feed, feed);
	return 0;
}

/* What is sent, and whether, is the business of --once and of the daemon. */
static int check_pings(struct options *options, struct err *err)
{
	const char *name = options->ping_now  ? "ping-now"
			   : options->dry_run ? "dry-run"
			   : options->no_ping ? "no-ping"
					      : NULL;

	if (!name)
		return 0;
	if (options->no_ping && (options->ping_now || options->dry_run))
		return err_set(err, ERR_INVALID,
		    "--no-ping and --%s: give one of the two; --dry-run alone sends nothing", name);
	if (options->adopt && !options->no_ping)
		return err_set(err, ERR_INVALID,
		    "--adopt and --%s: one at a time; run feedd --adopt %s first%s", name,
		    options->adopt,
		    options->dry_run ? ", or with --check, which writes nothing" : "");
	if (options->command == COMMAND_DAEMON && !options->no_ping)
		options->command = COMMAND_ONCE;
	if (options->command != COMMAND_ONCE && options->command != COMMAND_DAEMON)
		return err_set(err, ERR_INVALID, "--%s goes %swith --once; the other commands %s",
		    name, options->no_ping ? "with the daemon, or " : "alone, or ",
		    options->no_ping ? "tell no hub anyway" : "send nothing");
	return 0;
}

static int check_server(const struct options *options, struct err *err)
{
	if (options->command != COMMAND_SERVER || options->server)
		return 0;
	return err_set(err, ERR_INVALID,
	    "--print-server-config takes nginx, apache or caddy; for another web server, look at "
	    "what they need");
}

static int check_init(const struct options *options, struct err *err)
{
	if (options->yes && options->command != COMMAND_INIT)
		return err_set(err, ERR_INVALID, "--yes goes with --init");
	if (options->command == COMMAND_INIT && options->config)
		return err_set(err, ERR_INVALID,
		    "--init and --config: --init writes feedd.toml into its folder; move it from "
		    "there");
	return 0;
}

static int check_all(struct options *options, struct err *err)
{
	if (check_adopt(options, err) < 0 || check_pings(options, err) < 0 ||
	    check_server(options, err) < 0 || check_init(options, err) < 0)
		return -1;
	if (options->json && options->command != COMMAND_CHECK &&
	    options->command != COMMAND_STATUS && options->command != COMMAND_EXPLAIN)
		return err_set(err, ERR_INVALID, "--json goes with --check, --status or --explain");
	return 0;
}

static void put_longs(struct option longs[])
{
	for (int i = 0; i < ROWS; i++) {
		const char *argument = rows[i].argument;
		int has = !argument	       ? no_argument
			  : argument[0] == '[' ? optional_argument
					       : required_argument;

		longs[i] = (struct option){rows[i].name, has, NULL, OPTION_FIRST + i};
	}
}

/* getopt takes an argument that may be left out only after "=". */
static char *next_word(int argc, char *const argv[], const struct option_row *row)
{
	bool may = row->argument && row->argument[0] == '[' && !optarg;

	return may && optind < argc && argv[optind][0] != '-' ? argv[optind++] : optarg;
}

int options_parse(int argc, char *const argv[], struct options *out, struct err *err)
{
	struct option longs[ROWS + 1] = {{0}};
	struct options options = {.level = LOG_INFO};
	int chosen;

	put_longs(longs);
	opterr = 0; /* the words are ours */
	optind = 1;
	while ((chosen = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
		if (chosen == ':')
			return err_set(err, ERR_INVALID, "%s needs an argument; see feedd --help",
			    argv[optind - 1]);
		if (chosen < OPTION_FIRST)
			return err_set(
			    err, ERR_INVALID, "no option '%s'; see feedd --help", argv[optind - 1]);
		const struct option_row *row = &rows[chosen - OPTION_FIRST];

		if (row->command != COMMAND_DAEMON && set_command(&options, row, err) < 0)
			return -1;
		if (row->set)
			row->set(&options, next_word(argc, argv, row));
	}
	if (optind < argc)
		return err_set(
		    err, ERR_INVALID, "'%s' is not an option; see feedd --help", argv[optind]);
	if (check_all(&options, err) < 0)
		return -1;
	*out = options;
	return 0;
}

static void put_row(struct buf *out, const struct option_row *row)
{
	size_t start = out->len;

	buf_printf(out, "  --%s%s%s  ", row->name, row->argument ? " " : "",
	    row->argument ? row->argument : "");
	while (out->len < start + HELP_COLUMN)
		buf_putc(out, ' ');
	buf_printf(out, "%s\n", row->help);
}

void options_put_help(struct buf *out)
{
	buf_puts(out,
	    "feedd keeps RSS, Atom and JSON feeds of a folder of articles.\n\n"
	    "usage: feedd [OPTION]...          watch the folder, until ended by a signal\n"
	    "       feedd --COMMAND [OPTION]...\n\n");
	for (int i = 0; i < ROWS; i++)
		put_row(out, &rows[i]);
	buf_puts(out,
	    "\nstatus: 0 done; 1 done, but articles were skipped and --strict was given, or\n"
	    "--status found something that needs a person, or --init was stopped; 64 wrong\n"
	    "usage; 65 --check found faults, or what --adopt or --explain names is not there;\n"
	    "74 a file could not be read or written, or the feeds are held back; 75 another\n"
	    "feedd holds the state; 78 the settings are wrong.\n");
}

size_t options_len(void)
{
	return ROWS;
}

struct option_shown options_at(size_t index)
{
	return (struct option_shown){rows[index].name, rows[index].argument, rows[index].help};
}
