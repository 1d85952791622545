/* Completion for zsh, by _arguments of its completion system. */
#include "docs/print/print.h"

static void put_action(struct buf *out, const struct option_shown *option)
{
	enum argument argument = print_argument(option);
	bool may = option->argument && option->argument[0] == '[';

	if (argument == ARGUMENT_NONE)
		return;
	buf_puts(out, may ? "::" : ":");
	if (argument == ARGUMENT_WORDS) {
		buf_puts(out, "one of:(");
		print_words(out, option);
		buf_putc(out, ')');
		return;
	}
	print_words(out, option);
	buf_puts(out, argument == ARGUMENT_FILE	    ? ":_files"
		      : argument == ARGUMENT_FOLDER ? ":_files -/"
						    : ": ");
}

/* ` \` and the option: `--once`, or `'(-c --config)'{-c,--config=}` for either of two. */
static void put_forms(struct buf *out, const struct option_shown *option)
{
	const char *equals = option->argument ? "=" : "";

	buf_puts(out, " \\\n\t");
	if (option->letter)
		buf_printf(out, "'(-%c --%s)'{-%c,--%s%s}", option->letter, option->name,
		    option->letter, option->name, equals);
	else
		buf_printf(out, "--%s%s", option->name, equals);
}

void print_zsh(struct buf *out)
{
	buf_puts(out,
	    "#compdef feedd\n# zsh completion for feedd, made from its table of options.\n"
	    "_arguments");
	for (size_t i = 0; i < options_len(); i++) {
		struct option_shown option = options_at(i);
		struct buf help = BUF_INIT;

		print_escaped(&help, option.help, "[]:\\", "\\");
		put_forms(out, &option);
		buf_puts(out, "'[");
		print_escaped(out, buf_string(&help), "'", "'\\'");
		buf_putc(out, ']');
		put_action(out, &option);
		buf_putc(out, '\'');
		buf_free(&help);
	}
	buf_putc(out, '\n');
}
