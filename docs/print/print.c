#include "docs/print/print.h"

#include <stdio.h>
#include <string.h>

static const struct piece pieces[] = {
    {"options", print_options},
    {"settings", print_settings},
    {"bash", print_bash},
    {"zsh", print_zsh},
    {"fish", print_fish},
};

enum { PIECES = sizeof(pieces) / sizeof(*pieces), MAIN_USAGE = 2 };

enum argument print_argument(const struct option_shown *option)
{
	static const struct {
		const char *word;
		enum argument argument;
	} known[] = {
	    {"FILE", ARGUMENT_FILE},
	    {"FEED", ARGUMENT_FILE},
	    {"ARTICLE", ARGUMENT_FILE},
	    {"DIR", ARGUMENT_FOLDER},
	};

	if (!option->argument)
		return ARGUMENT_NONE;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strstr(option->argument, known[i].word))
			return known[i].argument;
	return strchr(option->argument, '|') ? ARGUMENT_WORDS : ARGUMENT_OTHER;
}

void print_escaped(struct buf *out, const char *text, const char *special, const char *escape)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			buf_puts(out, escape);
		buf_putc(out, *text);
	}
}

void print_words(struct buf *out, const struct option_shown *option)
{
	for (const char *c = option->argument; *c; c++)
		if (!strchr("[]", *c))
			buf_putc(out, *c == '|' ? ' ' : *c);
}

int main(int argc, char *argv[])
{
	struct buf out = BUF_INIT;
	int status = MAIN_USAGE;

	for (size_t i = 0; i < PIECES; i++)
		if (argc == 2 && strcmp(argv[1], pieces[i].name) == 0) {
			pieces[i].put(&out);
			status =
			    fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0
				? 0
				: 1;
		}
	buf_free(&out);
	return status;
}
