/*
 * feedd: keeps the feeds of a folder of articles right.
 */
#include <libxml/parser.h>
#include <signal.h>
#include <stdlib.h>

#include "config/config.h"
#include "config/links.h"
#include "daemon/daemon.h"
#include "daemon/exit.h"
#include "daemon/explain.h"
#include "daemon/init.h"
#include "daemon/log.h"
#include "daemon/once.h"
#include "daemon/options.h"
#include "daemon/secret.h"
#include "daemon/site.h"
#include "daemon/status.h"

static int run_command(const struct site *site, const struct options *options)
{
	switch (options->command) {
	case COMMAND_CHECK: return check_run(site, options);
	case COMMAND_STATUS: return status_run(site, options);
	case COMMAND_EXPLAIN: return explain_run(site, options);
	default: return once_run(site, options);
	}
}

static int with_site(const struct options *options)
{
	bool dry = options->command != COMMAND_ONCE || options->dry_run;
	struct site site;
	int status;

	switch (site_load(options->config, dry, &site)) {
	case SITE_OK: status = run_command(&site, options); break;
	case SITE_NO_INPUT: status = EXIT_IO; break;
	default: status = EXIT_CONFIG; break;
	}
	site_free(&site);
	return status;
}

/* What a reload asks first: would the settings, and what they name here, load? */
static int check_settings(const char *path)
{
	int status = EXIT_DONE;
	struct site site;

	switch (site_load(path, true, &site)) {
	case SITE_OK: status = secret_check(&site) ? EXIT_DONE : EXIT_IO; break;
	case SITE_NO_INPUT: status = EXIT_IO; break;
	default: status = EXIT_CONFIG; break;
	}
	if (status == EXIT_DONE)
		log_info("%s: nothing is wrong with the settings", site.path);
	site_free(&site);
	return status;
}

static void print_help(void)
{
	struct buf out = BUF_INIT;

	options_put_help(&out);
	log_output(buf_slice(&out));
	buf_free(&out);
}

static void print_settings(void)
{
	struct buf out = BUF_INIT;

	config_put_settings(&out);
	log_output(buf_slice(&out));
	buf_free(&out);
}

/* What is made of the settings alone. */
static int print_of_settings(const struct options *options)
{
	struct buf out = BUF_INIT;
	struct site site;
	enum site_fault fault = site_read(options->config, &site);

	if (fault == SITE_OK) {
		if (options->command == COMMAND_SERVER)
			server_put(options->server, site.config, &out);
		else
			links_put(site.config, &out);
		log_output(buf_slice(&out));
	}
	buf_free(&out);
	site_free(&site);
	return fault == SITE_OK ? EXIT_DONE : EXIT_CONFIG;
}

static int run_init(const struct options *options)
{
	struct options check = *options;
	struct init init;
	int status = init_run(options, &init);

	if (status == EXIT_DONE) {
		check.command = COMMAND_CHECK;
		check.config = init.settings;
		check.adopt = init.adopt;
		status = with_site(&check);
		init_log_next(&init);
	}
	init_free(&init);
	return status;
}

static int run(const struct options *options)
{
	switch (options->command) {
	case COMMAND_HELP: print_help(); return EXIT_DONE;
	case COMMAND_VERSION: log_output(SLICE("feedd " FEEDD_VERSION "\n")); return EXIT_DONE;
	case COMMAND_SETTINGS: print_settings(); return EXIT_DONE;
	case COMMAND_INIT: return run_init(options);
	case COMMAND_SERVER:
	case COMMAND_LINKS: return print_of_settings(options);
	case COMMAND_CHECK_SETTINGS: return check_settings(options->config);
	case COMMAND_ONCE:
	case COMMAND_CHECK:
	case COMMAND_STATUS:
	case COMMAND_EXPLAIN: return with_site(options);
	case COMMAND_DAEMON: return daemon_run(options);
	}
	return EXIT_USAGE;
}

int main(int argc, char *argv[])
{
	struct options options;
	struct err err;
	int status;

	log_start(LOG_INFO);
	if (options_parse(argc, argv, &options, &err) < 0) {
		log_error("%s", err.text);
		return EXIT_USAGE;
	}
	log_start(options.level);
	xmlInitParser();		/* before any thread uses libxml2 */
	(void)signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write, not our end */
	(void)signal(SIGXFSZ, SIG_IGN); /* so is a file that may not grow */
	(void)signal(SIGIO, SIG_IGN);	/* see fsio_writer */
	(void)signal(SIGUSR1, SIG_IGN); /* see ask.h; who does not listen is not to end by it */
	status = run(&options);
	if (log_finish() < 0) {
		log_error("standard output could not be written; is its disk full?");
		status = status == EXIT_DONE ? EXIT_IO : status;
	}
	xmlCleanupParser();
	return status;
}
