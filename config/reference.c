/* The reference of all settings, printed from their table as a feedd.toml. */
#include "config/reference.h"

#include <string.h>

#include "config/config.h"
#include "feeds/base/text.h"

enum { WIDTH = 79, REMARK_COLUMN = 40, REMARK_WIDTH = 59 };

void reference_put_prose(struct buf *out, const char *text)
{
	struct slice rest = slice_of(text);
	size_t column = 0;

	if (rest.len == 0)
		return;
	while (rest.len > 0) {
		size_t end = slice_find_byte(rest, 0, ' ');

		if (column > 0 && column + 1 + end > WIDTH) {
			buf_putc(out, '\n');
			column = 0;
		}
		buf_puts(out, column == 0 ? "# " : " ");
		column += (column == 0 ? 2 : 1) + end;
		text_put_escaped(out, slice_sub(rest, 0, end));
		rest = slice_from(rest, end < rest.len ? end + 1 : end);
	}
	buf_putc(out, '\n');
}

void reference_put_line(struct buf *out, const struct setting *setting, const char *value,
    const char *word, const char *remark, bool live)
{
	struct buf line = BUF_INIT, prose = BUF_INIT;

	buf_printf(&line, "%s%s = %s", live ? "" : "#", setting->key, value);
	if (!*remark) {
		buf_printf(out, "%s\n", buf_string(&line));
	} else if (line.len < REMARK_COLUMN && strlen(remark) < REMARK_WIDTH) {
		buf_printf(out, "%-*s# ", REMARK_COLUMN, buf_string(&line));
		text_put_escaped(out, slice_of(remark));
		buf_putc(out, '\n');
	} else {
		buf_printf(&prose, "%s %s.", word, remark);
		reference_put_prose(out, buf_string(&prose));
		buf_printf(out, "%s\n", buf_string(&line));
	}
	buf_free(&line);
	buf_free(&prose);
}

static void put_setting(struct buf *out, const struct setting *setting, bool live)
{
	struct buf value = BUF_INIT, kind = BUF_INIT;

	settings_put_value(setting, &value);
	settings_put_kind(setting, &kind);
	reference_put_line(out, setting, buf_string(&value), "Takes:", buf_string(&kind),
	    live && setting->required);
	buf_free(&value);
	buf_free(&kind);
}

static void put_section(struct buf *out, enum section section)
{
	const struct section_info *info = &sections[section];
	const char *text = NULL;

	buf_puts(out, "\n\n");
	reference_put_prose(out, info->text);
	buf_printf(out, "%s%s\n", info->repeated ? "#" : "", info->header);
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);

		if (setting.section != section || setting.apart)
			continue;
		/* The formats' rows share one text. */
		if (setting.text != text) {
			buf_putc(out, '\n');
			reference_put_prose(out, setting.text);
			text = setting.text;
		}
		put_setting(out, &setting, !info->repeated);
	}
}

/* What changes how the rest of a block must look, each in a block of its own. */
static void put_apart(struct buf *out, enum section section)
{
	for (size_t i = 0; i < settings_len(); i++) {
		struct setting setting = settings_at(i);

		if (setting.section != section || !setting.apart)
			continue;
		buf_puts(out, "\n");
		reference_put_prose(out, setting.text);
		buf_printf(out, "#%s\n#%s\n", sections[section].header, setting.apart);
		put_setting(out, &setting, false);
	}
}

void config_put_settings(struct buf *out)
{
	reference_put_prose(out, "feedd.toml: every setting that there is.");
	buf_puts(out, "#\n");
	reference_put_prose(out,
	    "A line with a \"#\" right before its key shows what holds as long as it is "
	    "left like this; to change it, take the \"#\" away. \"not set\" marks an "
	    "example, where nothing holds.");
	for (size_t i = 0; i < SECTION_COUNT; i++) {
		put_section(out, (enum section)i);
		put_apart(out, (enum section)i);
	}
}
