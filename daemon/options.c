#include "daemon/options.h"

#include <getopt.h>
#include <string.h>
#include <strings.h>

#include "config/nearest.h"

/* What getopt returns: a letter, this with the number of a row, or OPTION_WORD for what is none. */
enum { OPTION_WORD = 1, OPTION_FIRST = 256 };

struct option_row {
	char letter;	      /* of its short form; 0: it has none */
	enum command command; /* COMMAND_DAEMON: it is no command */
	const char *name;
	const char *argument; /* NULL: takes none; "[X]": may have one */
	const char *help;
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
    {0, COMMAND_INIT, "init", "DIR", "write a feedd.toml for the site in that folder", set_init},
    {0, COMMAND_ONCE, "once", NULL, "build the feeds that are out of date, and end", NULL},
    {0, COMMAND_CHECK, "check", NULL, "say what would change and what is wrong; write nothing",
	NULL},
    {0, COMMAND_STATUS, "status", NULL, "say how articles, feeds and pings stand", NULL},
    {0, COMMAND_EXPLAIN, "explain", "ARTICLE|FEED", "say why it is as it is, and where it stands",
	set_explain},
    {0, COMMAND_DAEMON, "adopt", "FEED", "build, and take over ids and dates of an existing feed",
	set_adopt},
    {0, COMMAND_DAEMON, "ping-now", "[TARGET]",
	"tell hubs now what is due, or the one of that name", set_ping_now},
    {0, COMMAND_CHECK_SETTINGS, "check-settings", NULL,
	"say what is wrong with the settings; read no article", NULL},
    {0, COMMAND_SETTINGS, "settings", NULL, "print all settings with their defaults", NULL},
    {0, COMMAND_SERVER, "print-server-config", "nginx|apache|caddy", "lines for that web server",
	set_server},
    {0, COMMAND_LINKS, "print-links", NULL, "<link> lines of the feeds, for the head of pages",
	NULL},
    {'c', COMMAND_DAEMON, "config", "FILE", "settings, else ./feedd.toml or /etc/feedd/feedd.toml",
	set_config},
    {0, COMMAND_DAEMON, "no-ping", NULL, "tell no hub; what is due stays due", set_no_ping},
    {'n', COMMAND_DAEMON, "dry-run", NULL, "print what would be sent; send and write nothing",
	set_dry_run},
    {0, COMMAND_DAEMON, "json", NULL, "with --check, --status or --explain: print JSON", set_json},
    {0, COMMAND_DAEMON, "yes", NULL, "with --init: ask nothing, and say what to correct", set_yes},
    {0, COMMAND_DAEMON, "strict", NULL, "end with status 1 when an article had to be skipped",
	set_strict},
    {0, COMMAND_DAEMON, "force", NULL, "publish although many ids would change at once", set_force},
    {'v', COMMAND_DAEMON, "verbose", NULL, "say more", set_verbose},
    {'q', COMMAND_DAEMON, "quiet", NULL, "say only what is wrong", set_quiet},
    {'V', COMMAND_VERSION, "version", NULL, "print the version", NULL},
    {'h', COMMAND_HELP, "help", NULL, "print this", NULL},
};

/* The columns of --help, and what may share a line with another of its kind. */
enum {
	ROWS = sizeof(rows) / sizeof(*rows),
	HELP_COLUMN = 25,
	HALF = 40,
	HALF_COLUMN = 17,
};

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
	if (!options->adopt)
		return 0;
	if (options->command == COMMAND_DAEMON)
		options->command = COMMAND_ONCE;
	if (options->command != COMMAND_ONCE && options->command != COMMAND_CHECK)
		return err_set(err, ERR_INVALID, "--adopt goes alone, or with --once or --check");
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
		    "--init and --config: --init writes feedd.toml into its folder; where you move "
		    "it "
		    "from there, write full paths for dir in [content] and [output]");
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

static void put_forms(struct option longs[], struct buf *shorts)
{
	buf_puts(shorts, "-:"); /* words come in their order, and missing arguments as ':' */
	for (int i = 0; i < ROWS; i++) {
		const char *argument = rows[i].argument;
		int has = !argument	       ? no_argument
			  : argument[0] == '[' ? optional_argument
					       : required_argument;

		longs[i] = (struct option){rows[i].name, has, NULL, OPTION_FIRST + i};
		if (rows[i].letter)
			buf_printf(
			    shorts, "%c%s", rows[i].letter, has == required_argument ? ":" : "");
	}
}

static const struct option_row *row_of(int code)
{
	if (code >= OPTION_FIRST)
		return &rows[code - OPTION_FIRST];
	for (int i = 0; i < ROWS; i++)
		if (code != 0 && rows[i].letter == code)
			return &rows[i];
	return NULL;
}

static bool is_name(const char *name)
{
	for (int i = 0; i < ROWS; i++)
		if (strcmp(name, rows[i].name) == 0)
			return true;
	return false;
}

/* "-check" is no -c with the file "heck". */
static bool lacks_dash(const char *word)
{
	return word[0] == '-' && is_name(word + 1);
}

/* "--init --yes DIR" leaves out what has to follow at once, and getopt takes the option for it. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] == '-' && is_name(word + 2);
}

/* getopt takes an argument that may be left out only after "=". */
static char *next_word(int argc, char *const argv[], const struct option_row *row)
{
	bool may = row->argument && row->argument[0] == '[' && !optarg;

	return may && optind < argc && argv[optind][0] != '-' ? argv[optind++] : optarg;
}

/* "once", "-once" and "--onec" were all written for --once. */
static const char *nearest_name(const char *word)
{
	size_t dashes = strspn(word, "-");
	struct slice name = slice_make(word + dashes, strcspn(word + dashes, "="));
	struct nearest nearest = nearest_start(name);

	for (int i = 0; i < ROWS; i++)
		nearest_try(&nearest, rows[i].name);
	return nearest.best;
}

static int refuse_word(const char *word, struct err *err)
{
	const char *name = nearest_name(word);

	if (slice_ends(slice_of(word), ".toml"))
		return err_set(err, ERR_INVALID,
		    "'%s' is not an option; settings are named by --config %s", word, word);
	if (name)
		return err_set(err, ERR_INVALID,
		    "'%s' is not an option, did you mean --%s? See feedd --help", word, name);
	return err_set(err, ERR_INVALID, "'%s' is not an option; see feedd --help", word);
}

/* `code` is getopt's, `word` what it met. */
static int refuse(int code, const char *word, struct err *err)
{
	const struct option_row *row = row_of(optopt);

	if (code == OPTION_WORD || !row)
		return refuse_word(word, err);
	if (code == ':')
		return err_set(err, ERR_INVALID, "--%s needs an argument, %s; see feedd --help",
		    row->name, row->argument);
	return err_set(
	    err, ERR_INVALID, "'%s': --%s takes no argument; see feedd --help", word, row->name);
}

static int take(struct options *options, int code, int argc, char *const argv[], struct err *err)
{
	const struct option_row *row = row_of(code);

	if (optarg && is_option(optarg))
		return err_set(err, ERR_INVALID,
		    "--%s needs its argument, %s, right behind it, before %s; see feedd --help",
		    row->name, row->argument, optarg);
	if (row->command != COMMAND_DAEMON && set_command(options, row, err) < 0)
		return -1;
	if (row->set)
		row->set(options, next_word(argc, argv, row));
	return 0;
}

/* Whoever asks for help gets it, whatever else stands there. */
static bool is_question(int code)
{
	const struct option_row *row = row_of(code);

	return row && (row->command == COMMAND_HELP || row->command == COMMAND_VERSION);
}

static int read_all(int argc, char *const argv[], const char *shorts, const struct option longs[],
    struct options *options, struct err *err)
{
	int code, at = 1;

	opterr = 0; /* the words are ours */
	optind = 0; /* from the start, also for another array */
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (lacks_dash(argv[at]))
			return refuse_word(argv[at], err);
		if (code == '?' || code == ':' || code == OPTION_WORD)
			return refuse(code, argv[at], err);
		if (is_question(code)) {
			options->command = row_of(code)->command;
			return 0;
		}
		if (take(options, code, argc, argv, err) < 0)
			return -1;
		at = optind;
	}
	if (optind < argc)
		return refuse_word(argv[optind], err);
	return check_all(options, err);
}

int options_parse(int argc, char *const argv[], struct options *out, struct err *err)
{
	struct option longs[ROWS + 1] = {{0}};
	struct options options = {.level = LOG_INFO};
	struct buf shorts = BUF_INIT;
	int rc;

	put_forms(longs, &shorts);
	rc = read_all(argc, argv, buf_string(&shorts), longs, &options, err);
	buf_free(&shorts);
	if (rc == 0)
		*out = options;
	return rc;
}

static void pad(struct buf *out, size_t start, size_t column)
{
	while (out->len < start + column)
		buf_putc(out, ' ');
}

/* "  -c, --config FILE", two blanks at least, and what it does. */
static void put_row(struct buf *out, const struct option_row *row, size_t column)
{
	size_t start = out->len;

	if (row->letter)
		buf_printf(out, "  -%c, ", row->letter);
	else
		buf_puts(out, "      ");
	buf_printf(out, "--%s%s%s  ", row->name, row->argument ? " " : "",
	    row->argument ? row->argument : "");
	pad(out, start, column);
	buf_puts(out, row->help);
}

static bool fits_half(const struct option_row *row)
{
	struct buf line = BUF_INIT;
	bool fits;

	put_row(&line, row, HALF_COLUMN);
	fits = line.len <= HALF;
	buf_free(&line);
	return fits;
}

void options_put_help(struct buf *out)
{
	buf_puts(out,
	    "usage: feedd [COMMAND] [OPTION]...\n"
	    "Keeps feeds of a folder of articles; without a command, until it is ended.\n");
	for (int i = 0; i < ROWS; i++) {
		size_t start = out->len;
		bool two = i + 1 < ROWS && fits_half(&rows[i]) && fits_half(&rows[i + 1]);

		put_row(out, &rows[i], two ? HALF_COLUMN : HELP_COLUMN);
		if (two) {
			pad(out, start, HALF);
			put_row(out, &rows[++i], HALF_COLUMN);
		}
		buf_putc(out, '\n');
	}
	buf_puts(
	    out, "More, and what the exit statuses mean: feedd(8). Settings: feedd.toml(5).\n");
}

size_t options_len(void)
{
	return ROWS;
}

struct option_shown options_at(size_t index)
{
	const struct option_row *row = &rows[index];

	return (struct option_shown){row->letter, row->name, row->argument, row->help};
}
