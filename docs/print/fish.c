/* Completion for fish. */
#include "docs/print/print.h"

static void put_argument(struct buf *out, const struct option_shown *option)
{
	switch (print_argument(option)) {
	case ARGUMENT_FILE: buf_puts(out, " -r -F"); break;
	case ARGUMENT_FOLDER: buf_puts(out, " -x -a '(__fish_complete_directories)'"); break;
	case ARGUMENT_WORDS:
		buf_puts(out, " -x -a '");
		print_words(out, option);
		buf_putc(out, '\'');
		break;
	case ARGUMENT_NONE:
	case ARGUMENT_OTHER: break;
	}
}

void print_fish(struct buf *out)
{
	buf_puts(out, "# fish completion for feedd, made from its table of options.\n"
		      "complete -c feedd -f\n");
	for (size_t i = 0; i < options_len(); i++) {
		struct option_shown option = options_at(i);

		buf_printf(out, "complete -c feedd -l %s", option.name);
		if (option.letter)
			buf_printf(out, " -s %c", option.letter);
		put_argument(out, &option);
		buf_puts(out, " -d '");
		print_escaped(out, option.help, "'\\", "\\");
		buf_puts(out, "'\n");
	}
}
