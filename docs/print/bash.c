/* Completion for bash. It works without the helpers of the package bash-completion. */
#include "docs/print/print.h"

/* "\t-c | --config)\n" */
static void put_pattern(struct buf *out, const struct option_shown *option)
{
	buf_putc(out, '\t');
	if (option->letter)
		buf_printf(out, "-%c | ", option->letter);
	buf_printf(out, "--%s)\n", option->name);
}

static void put_arguments(struct buf *out, const struct option_shown *option)
{
	switch (print_argument(option)) {
	case ARGUMENT_FILE:
	case ARGUMENT_FOLDER:
		put_pattern(out, option);
		buf_printf(out,
		    "\t\tcompopt -o filenames 2>/dev/null\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -%c -- \"$word\")\n\t\treturn\n\t\t;;\n",
		    print_argument(option) == ARGUMENT_FILE ? 'f' : 'd');
		break;
	case ARGUMENT_WORDS:
		put_pattern(out, option);
		buf_puts(out, "\t\tmapfile -t COMPREPLY < <(compgen -W '");
		print_words(out, option);
		buf_puts(out, "' -- \"$word\")\n\t\treturn\n\t\t;;\n");
		break;
	case ARGUMENT_NONE:
	case ARGUMENT_OTHER: break;
	}
}

void print_bash(struct buf *out)
{
	buf_puts(out,
	    "# bash completion for feedd, made from its table of options.\n"
	    "_feedd()\n{\n"
	    "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n\n"
	    "\t# --option=word comes as three words.\n"
	    "\tif [[ $word == = ]]; then\n"
	    "\t\tword=\n"
	    "\telif [[ $before == = ]]; then\n"
	    "\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}\n"
	    "\tfi\n"
	    "\tCOMPREPLY=()\n"
	    "\tcase $before in\n");
	for (size_t i = 0; i < options_len(); i++) {
		struct option_shown option = options_at(i);

		put_arguments(out, &option);
	}
	buf_puts(out, "\tesac\n\tmapfile -t COMPREPLY < <(compgen -W '");
	for (size_t i = 0; i < options_len(); i++)
		buf_printf(out, "%s--%s", i == 0 ? "" : " ", options_at(i).name);
	buf_puts(out, "' -- \"$word\")\n}\ncomplete -F _feedd feedd\n");
}
