/* The items of feedd(8)'s list of options. */
#include <ctype.h>
#include <string.h>

#include "docs/print/print.h"

/* ` Ar FILE`, ` Op Ar TARGET`, ` Cm nginx | apache`. */
static void put_argument(struct buf *out, const struct option_shown *option)
{
	const char *argument = option->argument;
	bool may = argument[0] == '[';

	buf_puts(out, may ? " Op " : " ");
	buf_puts(out, islower((unsigned char)argument[may]) ? "Cm " : "Ar ");
	for (const char *c = argument; *c; c++) {
		if (*c == '|')
			buf_puts(out, " | ");
		else if (!strchr("[]", *c))
			buf_putc(out, *c);
	}
}

static void put_sentence(struct buf *out, const char *help)
{
	struct buf text = BUF_INIT;

	buf_putc(&text, (char)toupper((unsigned char)help[0]));
	buf_printf(&text, "%s.", help + 1);
	print_prose(out, buf_string(&text));
	buf_free(&text);
}

void print_options(struct buf *out)
{
	for (size_t i = 0; i < options_len(); i++) {
		struct option_shown option = options_at(i);

		buf_printf(out, ".\\\" [--%s]\n.It ", option.name);
		if (option.letter)
			buf_printf(out, "Fl %c , ", option.letter);
		buf_printf(out, "Fl -%s", option.name);
		if (option.argument)
			put_argument(out, &option);
		buf_putc(out, '\n');
		put_sentence(out, option.help);
		buf_puts(out, ".\\\" [.]\n");
	}
}
