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

void print_zsh(struct buf *out)
{
	buf_puts(out,
	    "#compdef feedd\n# zsh completion for feedd, made from its table of options.\n"
	    "_arguments");
	for (size_t i = 0; i < options_len(); i++) {
		struct option_shown option = options_at(i);
		struct buf help = BUF_INIT;

		print_escaped(&help, option.help, "[]:\\", "\\");
		buf_printf(out, " \\\n\t'--%s%s[", option.name, option.argument ? "=" : "");
		print_escaped(out, buf_string(&help), "'", "'\\'");
		buf_putc(out, ']');
		put_action(out, &option);
		buf_putc(out, '\'');
		buf_free(&help);
	}
	buf_putc(out, '\n');
}
