/* The sections and items of feedd.toml(5). */
#include "config/settings.h"
#include "docs/print/print.h"

/* Lines of TOML, each in a macro of its own. */
static void put_lines(struct buf *out, const char *toml)
{
	buf_puts(out, ".Dl ");
	for (const char *c = toml; *c; c++) {
		if (*c == '"')
			buf_puts(out, "\\(dq");
		else if (*c == '\n')
			buf_puts(out, "\n.Dl ");
		else if (*c != '#') /* apart has them */
			buf_putc(out, *c);
	}
	buf_putc(out, '\n');
}

static void put_example(struct buf *out, const struct setting *setting)
{
	struct buf line = BUF_INIT;

	buf_printf(&line, "%s = ", setting->key);
	settings_put_value(setting, &line);
	buf_printf(out, "%s:\n", setting->standard ? "Default" : "Example");
	if (setting->apart)
		put_lines(out, setting->apart);
	put_lines(out, buf_string(&line));
	buf_free(&line);
}

static void put_setting(struct buf *out, const struct setting *setting, bool first)
{
	struct buf kind = BUF_INIT;

	buf_printf(out, ".\\\" [%s %s]\n%s.It Ic %s\n", sections[setting->section].name,
	    setting->key, first ? ".Bl -tag -width Ds\n" : "", setting->key);
	print_prose(out, setting->text);
	buf_puts(out, ".Pp\n");
	buf_puts(&kind, "Takes: ");
	settings_put_kind(setting, &kind);
	buf_putc(&kind, '.');
	print_prose(out, buf_string(&kind));
	put_example(out, setting);
	buf_puts(out, ".\\\" [.]\n");
	buf_free(&kind);
}

static void put_section(struct buf *out, enum section section)
{
	bool first = true;

	buf_printf(
	    out, ".\\\" [%s]\n.Ss %s\\&\n", sections[section].name, sections[section].header);
	print_prose(out, sections[section].text);
	buf_puts(out, ".\\\" [.]\n");
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);

		if (setting.section != section)
			continue;
		put_setting(out, &setting, first);
		first = false;
	}
	buf_printf(
	    out, ".\\\" [%s end]\n%s.\\\" [.]\n", sections[section].name, first ? "" : ".El\n");
}

void print_settings(struct buf *out)
{
	for (size_t i = 0; i < SECTION_COUNT; i++)
		put_section(out, (enum section)i);
}
