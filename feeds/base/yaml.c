#include "feeds/base/yaml.h"

#include <stdlib.h>
#include <yaml.h>

#include "feeds/base/mem.h"
#include "feeds/base/text.h"
#include "feeds/base/vec.h"
#include "feeds/base/yaml_scalar.h"

enum {
	DEFAULT_BYTES = 65536,
	DEFAULT_DEPTH = 32,
	DEFAULT_NODES = 100000,
	KEY_SHOWN = 40, /* characters of a key in a message */
};

/* A list or map that is not closed yet. */
struct frame {
	struct value *container;
	struct slice key; /* of a map's next value, once it was read */
	uint32_t key_line, key_column;
	bool has_key;
};

/*
 * libyaml counts columns in characters. This walks along with its marks, which
 * go forward but for errors, and knows the bytes.
 */
struct walk {
	size_t line, column; /* from 0, as in a mark */
	size_t at, line_start;
};

struct loader {
	yaml_parser_t parser;
	struct slice text;
	struct walk walk;
	struct value_rules rules; /* defaults filled in */
	struct arena *arena;
	VEC(struct frame) stack;
	struct value *root;
	size_t nodes;
	unsigned documents;
	bool done;
};

/* What to do about the commonest complaints of libyaml. */
static const struct {
	const char *problem, *advice;
	bool at_context; /* where the construct began is of more use than where it broke */
} advices[] = {
    {"found character that cannot start any token", "put the value in quotes", false},
    {"did not find expected alphabetic or numeric character", "put the value in quotes", true},
    {"did not find expected key", "look at the indentation and at what follows a closing quote",
	false},
    {"did not find expected ',' or ']'", "close the '[', or put the value in quotes", false},
    {"did not find expected node content", "close the '[' or '{', or put the value in quotes",
	false},
    {"did not find expected ',' or '}'", "close the '{', or put the value in quotes", false},
    {"could not find expected ':'", "a line needs a key and ': ', or to be indented", true},
    {"did not find expected '-' indicator", "indent all items of a list alike", false},
    {"block sequence entries are not allowed in this context",
	"begin the list on a line of its own", false},
    {"found unknown escape character", "double the backslash, or use single quotes", false},
    {"found unexpected end of stream", "close the quotes", true},
};

static bool same(const char *a, const char *b)
{
	return a && slice_equal_str(slice_of(a), b);
}

/* The byte that a mark means, in *out_at, with its place in the file. */
static void find_place(
    struct loader *loader, const yaml_mark_t *mark, uint32_t *out_line, uint32_t *out_column)
{
	struct walk walk = loader->walk;
	struct slice text = loader->text;

	if (mark->line < walk.line || (mark->line == walk.line && mark->column < walk.column))
		walk = (struct walk){0};
	while (walk.line < mark->line) {
		size_t end = slice_find_byte(text, walk.at, '\n');

		if (end == text.len) { /* libyaml lets the text end on a line of its own */
			walk.at = end;
			walk.column = SIZE_MAX;
			break;
		}
		walk.at = walk.line_start = end + 1;
		walk.line++;
		walk.column = 0;
	}
	while (walk.column < mark->column && walk.at < text.len && text.ptr[walk.at] != '\n') {
		(void)text_next(text, &walk.at); /* stepped over, not looked at */
		walk.column++;
	}
	loader->walk = walk;
	*out_line = loader->rules.first_line + (uint32_t)walk.line;
	*out_column = (uint32_t)(walk.at - walk.line_start) + 1;
}

static int refuse(struct loader *loader, const yaml_mark_t *mark, enum err_kind kind,
    const char *why, struct err *err)
{
	uint32_t line, column;

	find_place(loader, mark, &line, &column);
	return err_at(err, kind, line, column, "%s", why);
}

/* A ": " too many: is it the second of its line, or had the line before none? */
static const char *advise_mapping(const struct loader *loader)
{
	struct slice before = slice_sub(loader->text, loader->walk.line_start, loader->walk.at);

	if (slice_find(before, 0, ": ") < before.len)
		return "put the value in quotes";
	return "look at the line before: it needs ': ', or this one less indentation";
}

/* A reading error comes with an offset instead of a mark. */
static yaml_mark_t mark_offset(struct slice text, size_t offset)
{
	yaml_mark_t mark = {0};

	for (size_t i = 0; i < offset && i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		mark.column = c == '\n' ? 0 : mark.column + ((c & 0xC0) != 0x80);
		mark.line += c == '\n';
	}
	return mark;
}

/* What libyaml found wrong, and where. */
static int refuse_syntax(struct loader *loader, struct err *err)
{
	const yaml_parser_t *parser = &loader->parser;
	const char *problem = parser->problem ? parser->problem : "is no YAML", *advice = NULL;
	yaml_mark_t mark = parser->problem_mark;
	uint32_t line, column;

	if (parser->error == YAML_MEMORY_ERROR)
		mem_exhausted();
	if (parser->error == YAML_READER_ERROR)
		mark = mark_offset(loader->text, parser->problem_offset);
	for (size_t i = 0; i < sizeof(advices) / sizeof(*advices); i++) {
		if (!same(problem, advices[i].problem))
			continue;
		advice = advices[i].advice;
		if (advices[i].at_context && parser->context)
			mark = parser->context_mark;
	}
	find_place(loader, &mark, &line, &column);
	if (same(problem, "mapping values are not allowed in this context"))
		advice = advise_mapping(loader);
	else if (loader->walk.at < loader->text.len && loader->text.ptr[loader->walk.at] == '\t')
		advice = "indent with blanks, not with a tab";
	return err_at(err, ERR_SYNTAX, line, column, "%s%s%s", problem, advice ? "; " : "",
	    advice ? advice : "");
}

/* Take the next node: into the open map or list, or as the root. */
static int place_value(
    struct loader *loader, struct value *value, const yaml_mark_t *mark, struct err *err)
{
	struct frame *frame;

	if (++loader->nodes > loader->rules.max_nodes)
		return refuse(loader, mark, ERR_LIMIT, "holds too many values", err);
	if (loader->stack.len == 0) {
		loader->root = value;
		return 0;
	}
	frame = &loader->stack.items[loader->stack.len - 1];
	if (frame->container->type == VALUE_MAP) {
		value->key = frame->key;
		value->key_line = frame->key_line;
		value->key_column = frame->key_column;
		frame->has_key = false;
	}
	value_append(frame->container, value);
	return 0;
}

/* Does the next node stand where a map has a key? */
static bool wants_key(const struct loader *loader)
{
	const struct frame *frame;

	if (loader->stack.len == 0)
		return false;
	frame = &loader->stack.items[loader->stack.len - 1];
	return frame->container->type == VALUE_MAP && !frame->has_key;
}

/* Escapes in double quotes can say what no text may hold. */
static int copy_text(
    struct loader *loader, const yaml_event_t *event, struct slice *out, struct err *err)
{
	struct slice text =
	    slice_make((const char *)event->data.scalar.value, event->data.scalar.length);
	struct buf repaired = BUF_INIT;
	struct text_repairs repairs;
	struct err why;
	int rc = 0;

	if (event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		rc = text_legal(text, &repaired, &text, &repairs, &why);
	if (rc < 0)
		(void)refuse(loader, &event->start_mark, ERR_SYNTAX, /* -1, as rc is */
		    "\\0 has no place in a text", err);
	else
		*out = arena_copy(loader->arena, text);
	buf_free(&repaired);
	return rc;
}

static int take_key(struct loader *loader, const yaml_event_t *event, struct err *err)
{
	struct frame *frame = &loader->stack.items[loader->stack.len - 1];

	if (copy_text(loader, event, &frame->key, err) < 0)
		return -1;
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    slice_equal_str(frame->key, "<<"))
		return refuse(loader, &event->start_mark, ERR_SYNTAX,
		    "merge keys ('<<') are not taken; write the keys out", err);
	find_place(loader, &event->start_mark, &frame->key_line, &frame->key_column);
	frame->has_key = true;
	return 0;
}

static int take_scalar(struct loader *loader, const yaml_event_t *event, struct err *err)
{
	struct value *value;

	if (wants_key(loader))
		return take_key(loader, event, err);
	value = value_new(loader->arena, VALUE_STRING, 0, 0);
	find_place(loader, &event->start_mark, &value->line, &value->column);
	if (copy_text(loader, event, &value->text, err) < 0)
		return -1;
	value->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (!value->quoted)
		yaml_type_plain(value);
	return place_value(loader, value, &event->start_mark, err);
}

static int open_container(
    struct loader *loader, enum value_type type, const yaml_mark_t *mark, struct err *err)
{
	struct frame frame = {0};

	if (wants_key(loader))
		return refuse(loader, mark, ERR_SYNTAX,
		    "a key must be a text; put a value that begins with '{' or '[' in quotes", err);
	if (loader->stack.len >= loader->rules.max_depth)
		return refuse(loader, mark, ERR_LIMIT, "lists and maps are nested too deep", err);
	frame.container = value_new(loader->arena, type, 0, 0);
	find_place(loader, mark, &frame.container->line, &frame.container->column);
	if (place_value(loader, frame.container, mark, err) < 0)
		return -1;
	vec_push(&loader->stack, frame);
	return 0;
}

/* A map's child and its number, sorted to find equal keys. */
struct entry {
	struct value *value;
	size_t number;
	struct value *rival; /* the next one with this key, NULL when it is the last */
};

static int compare_keys(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = slice_compare(x->value->key, y->value->key);

	if (order != 0)
		return order;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int compare_numbers(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

/* One key twice: refuse it, or complain and let the later one count. */
static int judge_repeat(
    struct loader *loader, const struct value *value, const struct value *rival, struct err *err)
{
	struct buf key = BUF_INIT;
	int rc = 0;

	text_put_escaped(&key, slice_sub(value->key, 0, text_cut(value->key, KEY_SHOWN)));
	if (loader->rules.repeats)
		diag_put(loader->rules.repeats, DIAG_WARNING, rival->key_line, rival->key_column,
		    "'%s' stands here again, after line %u; the last one counts", buf_string(&key),
		    value->key_line);
	else
		rc = err_at(err, ERR_SYNTAX, rival->key_line, rival->key_column,
		    "'%s' stands here for the second time, after line %u; keep one of the two",
		    buf_string(&key), value->key_line);
	buf_free(&key);
	return rc;
}

/* Chain the entries of a map anew, without those that a later one replaces. */
static int drop_repeats(
    struct loader *loader, struct value *map, struct entry *entries, struct err *err)
{
	size_t count = map->count;

	map->first = map->last = NULL;
	map->count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = &entries[i];

		entry->value->next = NULL;
		if (!entry->rival)
			value_append(map, entry->value);
		else if (judge_repeat(loader, entry->value, entry->rival, err) < 0)
			return -1;
	}
	return 0;
}

/* Look for keys that stand in a map more than once: sorted, for there may be many. */
static int check_keys(struct loader *loader, struct value *map, struct err *err)
{
	struct entry *entries = mem_zalloc(map->count, sizeof(*entries));
	size_t count = 0;
	bool repeated = false;
	int rc = 0;

	for (struct value *value = map->first; value; value = value->next) {
		entries[count].value = value;
		entries[count].number = count;
		count++;
	}
	qsort(entries, count, sizeof(*entries), compare_keys);
	for (size_t i = 1; i < count; i++) {
		if (slice_equal(entries[i - 1].value->key, entries[i].value->key)) {
			entries[i - 1].rival = entries[i].value;
			repeated = true;
		}
	}
	if (repeated) {
		qsort(entries, count, sizeof(*entries), compare_numbers);
		rc = drop_repeats(loader, map, entries, err);
	}
	free(entries);
	return rc;
}

static int close_container(struct loader *loader, struct err *err)
{
	struct value *container = loader->stack.items[--loader->stack.len].container;

	return container->type == VALUE_MAP ? check_keys(loader, container, err) : 0;
}

/* The anchor or the tag of a node; NULL when it has none. */
static const char *node_property(const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		break;
	default: break;
	}
	if (anchor)
		return "anchors ('&') are not taken; put a value that begins with '&' in quotes";
	return tag ? "tags ('!') are not taken; put a value that begins with '!' in quotes" : NULL;
}

static int take_event(struct loader *loader, const yaml_event_t *event, struct err *err)
{
	const char *property = node_property(event);

	if (property)
		return refuse(loader, &event->start_mark, ERR_SYNTAX, property, err);
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (loader->documents++ > 0)
			return refuse(loader, &event->start_mark, ERR_SYNTAX,
			    "a second document begins; there may be only one", err);
		return 0;
	case YAML_ALIAS_EVENT:
		return refuse(loader, &event->start_mark, ERR_SYNTAX,
		    "aliases ('*') are not taken; put a value that begins with '*' in quotes", err);
	case YAML_SCALAR_EVENT: return take_scalar(loader, event, err);
	case YAML_SEQUENCE_START_EVENT:
		return open_container(loader, VALUE_LIST, &event->start_mark, err);
	case YAML_MAPPING_START_EVENT:
		return open_container(loader, VALUE_MAP, &event->start_mark, err);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: return close_container(loader, err);
	case YAML_STREAM_END_EVENT:
	case YAML_NO_EVENT: loader->done = true; return 0;
	default: return 0; /* the start of the stream, the end of the document */
	}
}

/* Tabs behind the list marks that begin a line; YAML 1.2 allows them, libyaml does not. */
static size_t blank_tabs(char *line, size_t len)
{
	size_t at = 0;

	while (at < len && line[at] == ' ')
		at++;
	while (at + 1 < len && line[at] == '-' && (line[at + 1] == ' ' || line[at + 1] == '\t'))
		for (at++; at < len && (line[at] == ' ' || line[at] == '\t'); at++)
			line[at] = ' ';
	return at;
}

/*
 * Make blanks of what libyaml stumbles over and other readers do not: tabs as
 * above; U+0085, U+2028 and U+2029, which ended lines until YAML 1.2 (section
 * 5.4); DEL and the C1 controls, for which no article needs to be lost.
 * Lengths stay, so that places do.
 */
static void smooth(struct buf *text)
{
	size_t at = 0;

	while (at < text->len) {
		unsigned char *p = (unsigned char *)text->data + at;
		size_t left = text->len - at, len = 1;

		if (at == 0 || p[-1] == '\n') {
			size_t skip = blank_tabs((char *)p, left);

			at += skip;
			if (skip > 0)
				continue;
		}
		if (*p == 0x7F)
			*p = ' ';
		else if (left >= 2 && *p == 0xC2 && p[1] >= 0x80 && p[1] <= 0x9F)
			memset(p, ' ', len = 2);
		else if (left >= 3 && *p == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9))
			memset(p, ' ', len = 3);
		at += len;
	}
}

/*
 * Events are looked at one by one as libyaml makes them: left alone, it takes
 * time that grows with the square of the depth.
 */
static int load(struct loader *loader, struct err *err)
{
	if (!yaml_parser_initialize(&loader->parser))
		mem_exhausted();
	yaml_parser_set_encoding(&loader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &loader->parser, (const unsigned char *)loader->text.ptr, loader->text.len);
	while (!loader->done) {
		yaml_event_t event;
		int rc;

		if (!yaml_parser_parse(&loader->parser, &event))
			return refuse_syntax(loader, err);
		rc = take_event(loader, &event, err);
		yaml_event_delete(&event);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int yaml_parse(struct slice text, const struct value_rules *rules, struct arena *arena,
    struct value **out, struct err *err)
{
	struct loader loader = {.rules = *rules, .arena = arena};
	struct buf copy = BUF_INIT;
	int rc;

	if (loader.rules.max_bytes == 0)
		loader.rules.max_bytes = DEFAULT_BYTES;
	if (loader.rules.max_depth == 0)
		loader.rules.max_depth = DEFAULT_DEPTH;
	if (loader.rules.max_nodes == 0)
		loader.rules.max_nodes = DEFAULT_NODES;
	if (loader.rules.first_line == 0)
		loader.rules.first_line = 1;
	if (text.len > loader.rules.max_bytes)
		return err_at(err, ERR_LIMIT, loader.rules.first_line, 1,
		    "is longer than %zu bytes", loader.rules.max_bytes);
	buf_put_slice(&copy, text);
	smooth(&copy);
	loader.text = slice_of("");
	if (copy.len > 0)
		loader.text = buf_slice(&copy);
	rc = load(&loader, err);
	yaml_parser_delete(&loader.parser);
	vec_free(&loader.stack);
	buf_free(&copy);
	if (rc == 0)
		*out = loader.root ? loader.root
				   : value_new(arena, VALUE_NULL, loader.rules.first_line, 1);
	return rc;
}
