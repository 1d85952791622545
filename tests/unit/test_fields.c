/* fields: what keys mean, whatever generator wrote them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feeds/base/arena.h"
#include "feeds/base/buf.h"
#include "feeds/base/yaml.h"
#include "feeds/frontmatter/fields.h"
#include "feeds/frontmatter/jsobject.h"
#include "feeds/frontmatter/keys.h"

/* Heads are written as object literals here: any type in little room. */
struct head {
	struct arena arena;
	struct diags diags;
	struct value *root;
	struct fields fields;
};

static struct head *head_of(const char *object)
{
	struct head *head = calloc(1, sizeof(*head));
	struct value_rules rules = {.first_line = 1};
	struct err err;

	assert_non_null(head);
	if (jsobject_parse(
		slice_of(object), NULL, &rules, &head->arena, &head->diags, &head->root, &err) < 0)
		fail_msg("%s: %s", object, err.text);
	fields_collect(head->root, NULL, &head->fields);
	return head;
}

static void head_free(struct head *head)
{
	arena_free(&head->arena);
	diags_free(&head->diags);
	free(head);
}

static void assert_slice(struct slice slice, const char *expected)
{
	if (!slice_equal_str(slice, expected))
		fail_msg("'%.*s' is not '%s'", SLICE_FMT(slice), expected);
}

static void assert_scalar(const char *object, enum field field, const char *expected)
{
	struct head *head = head_of(object);
	const struct value *value = fields_scalar(&head->fields, field);

	if (expected) {
		if (!value)
			fail_msg("%s: no value, not '%s'", object, expected);
		assert_slice(value->text, expected);
	} else if (value) {
		fail_msg("%s: '%.*s' where nothing is expected", object, SLICE_FMT(value->text));
	}
	head_free(head);
}

static void test_keys_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < keys_table_len; i++)
		if (strcmp(keys_table[i - 1].spelling, keys_table[i].spelling) >= 0)
			fail_msg("'%s' stands before '%s'", keys_table[i - 1].spelling,
			    keys_table[i].spelling);
	for (size_t i = 0; i < keys_table_len; i++) {
		const struct key *key = &keys_table[i];

		assert_ptr_equal(keys_find(slice_of(key->spelling)), key);
		for (const char *c = key->spelling; *c; c++)
			assert_true((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'));
		assert_true((key->field == FIELD_COUNT) == (key->sense == KEY_INSIDE));
		for (size_t j = 0; j < i; j++)
			if (key->field != FIELD_COUNT && keys_table[j].field == key->field)
				assert_int_not_equal(keys_table[j].rank, key->rank);
	}
}

static void test_keys_spellings(void **state)
{
	static const char *const spellings[] = {"publishdate", "publishDate", "publish_date",
	    "Publish-Date", "PUBLISH DATE", "_publishDate", "publish_\tdate"};

	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		const struct key *key = keys_find(slice_of(spellings[i]));

		assert_non_null(key);
		assert_int_equal(key->field, FIELD_PUBLISHED);
	}
	assert_null(keys_find(SLICE("publishdat")));
	assert_null(keys_find(SLICE("publishdates")));
	assert_null(keys_find(SLICE("")));
	assert_null(keys_find(SLICE("-_-")));
	assert_null(keys_find(SLICE("titletitletitletitletitletitletitletitle")));
	assert_null(keys_find(SLICE("title\xc3\xa9")));
	assert_true(fields_known(SLICE("Title")));
	assert_false(fields_known(SLICE("Note")));
}

static void test_scalars(void **state)
{
	(void)state;
	assert_scalar("{title: 'A'}", FIELD_TITLE, "A");
	assert_scalar("{Title: 2024}", FIELD_TITLE, "2024");
	assert_scalar("{title: true}", FIELD_TITLE, "true");
	assert_scalar("{title: ''}", FIELD_TITLE, NULL);
	assert_scalar("{title: null}", FIELD_TITLE, NULL);
	assert_scalar("{title: ['a']}", FIELD_TITLE, NULL);
	/* the table decides, not the article's order */
	assert_scalar("{description: 'd', summary: 's'}", FIELD_SUMMARY, "s");
	assert_scalar("{description: 'd', summary: ''}", FIELD_SUMMARY, "d");
	assert_scalar("{excerpt: true, spoiler: 'x'}", FIELD_SUMMARY, "x");
	/* of one key the last */
	assert_scalar("{title: 'a', Title: 'b'}", FIELD_TITLE, "b");
	/* the root, then the maps that count like it */
	assert_scalar("{extra: {description: 'e'}}", FIELD_SUMMARY, "e");
	assert_scalar("{params: {summary: 'p'}, description: 'd'}", FIELD_SUMMARY, "d");
	assert_scalar("{extra: {summary: 'e'}, params: {summary: 'p'}}", FIELD_SUMMARY, "p");
	assert_scalar("{extra: 'a string'}", FIELD_SUMMARY, NULL);
	assert_scalar("{other: {summary: 'o'}}", FIELD_SUMMARY, NULL);
	/* more of what generators call them */
	assert_scalar("{last_modified_at: '2024-01-02'}", FIELD_UPDATED, "2024-01-02");
	assert_scalar(
	    "{last_update: {date: '2024-01-02', author: 'x'}}", FIELD_UPDATED, "2024-01-02");
	assert_scalar("{last_update: {author: 'x'}}", FIELD_UPDATED, NULL);
	assert_scalar("{expiryDate: '2024-01-02'}", FIELD_EXPIRES, "2024-01-02");
	assert_scalar("{unpublishdate: '2024-01-02'}", FIELD_EXPIRES, "2024-01-02");
	assert_scalar("{creation_date: '2024-01-02'}", FIELD_PUBLISHED, "2024-01-02");
	assert_scalar("{permalink: '/a/'}", FIELD_URL, "/a/");
	assert_scalar("{permalink: false}", FIELD_URL, NULL);
	assert_scalar("{permalink: '/a/', url: '/b/'}", FIELD_URL, "/b/");
	assert_scalar("{canonical_url: 'https://elsewhere.example/'}", FIELD_URL, NULL);
	assert_scalar("{lang: 'no'}", FIELD_LANG, "no");
	/* a link post's target is a URL; `link: /a/` is the article's own page */
	assert_scalar("{link: 'https://a.example/x'}", FIELD_EXTERNAL_URL, "https://a.example/x");
	assert_scalar("{link: '/a/'}", FIELD_EXTERNAL_URL, NULL);
	assert_scalar("{link: 'mailto:a@a.example'}", FIELD_EXTERNAL_URL, NULL);
	assert_scalar("{external_url: 'HTTP://a.example'}", FIELD_EXTERNAL_URL, "HTTP://a.example");
}

static void test_published_alternatives(void **state)
{
	struct head *head = head_of("{created: '5', published: '4', pubDate: '3',"
				    " publishDate: '2', date: '1', draft: false}");
	const struct value *const *values = head->fields.values[FIELD_PUBLISHED];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(values[i]->text.ptr[0], "12345"[i]);
	assert_null(values[5]);
	head_free(head);
	/* too many: the best stay, in order */
	head = head_of(
	    "{ctime: 'z', created: '9', issued: '8', posted: '7', publishedOn: '6',"
	    " publishedAt: '5', published: '4', pubDate: '3', publishDate: '2', date: '1'}");
	values = head->fields.values[FIELD_PUBLISHED];
	for (size_t i = 0; i < FIELDS_ALTERNATIVES; i++)
		assert_int_equal(values[i]->text.ptr[0], "12345678"[i]);
	assert_null(values[FIELDS_ALTERNATIVES]);
	head_free(head);
}

static void test_draft(void **state)
{
	static const char *const drafts[] = {"{draft: true}", "{draft: 'true'}", "{Draft: 'yes'}",
	    "{draft: 'On'}", "{draft: 1}", "{isDraft: true}", "{published: false}",
	    "{published: 'no'}", "{publish: false}", "{publish: 'off'}", "{status: 'draft'}",
	    "{status: ' Private '}", "{Status: 'hidden'}", "{status: 'pending'}",
	    "{post_status: 'trash'}", "{visibility: 'private'}", "{private: true}",
	    "{public: false}", "{unpublished: true}", "{'dg-publish': false}",
	    "{extra: {draft: true}}", "{params: {published: false}}",
	    "{draft: false, published: false}", "{draft: true, status: 'published'}",
	    "{unpublish: true}", "{draft: 'perhaps'}", "{draft: 2}"};
	static const char *const public[] = {"{}", "{draft: false}", "{draft: 'no'}",
	    "{draft: null}", "{published: true}", "{published: '2024-01-02'}",
	    "{publish: '2024-01-02'}", "{status: 'published'}", "{status: 'future'}",
	    "{status: true}", "{visibility: 'public'}", "{draft: ''}", "{draft: []}",
	    "{state: 'Ohio'}", "{unpublish: '2024-01-02'}", "{unpublish: false}",
	    "{other: {draft: true}}"};

	(void)state;
	for (size_t i = 0; i < sizeof(drafts) / sizeof(drafts[0]); i++) {
		struct head *head = head_of(drafts[i]);

		if (!fields_draft(&head->fields))
			fail_msg("%s is a draft", drafts[i]);
		head_free(head);
	}
	for (size_t i = 0; i < sizeof(public) / sizeof(public[0]); i++) {
		struct head *head = head_of(public[i]);

		if (fields_draft(&head->fields))
			fail_msg("%s is no draft", public[i]);
		head_free(head);
	}
}

static void test_excluded(void **state)
{
	static const char *const out[] = {"{feed: false}", "{rss: 'no'}", "{atom: false}",
	    "{excludeFromFeed: true}", "{exclude_from_feed: 'true'}", "{feed_exclude: true}",
	    "{hideFromFeed: true}", "{rss_ignore: true}", "{norss: true}", "{nofeed: 1}",
	    "{eleventyExcludeFromCollections: true}", "{in_feed: false}", "{unlisted: true}",
	    "{hidden: true}", "{_hidden: 'yes'}", "{_discoverable: 'no'}", "{permalink: false}",
	    "{render: false}", "{_build: {list: 'never'}}", "{build: {render: 'never'}}",
	    "{_build: {list: false}}", "{password: 'secret'}", "{feed: {exclude: true}}",
	    "{rss: {enabled: false}}", "{extra: {feed: false}}"};
	static const char *const in[] = {"{}", "{feed: true}", "{rss: 'full'}",
	    "{excludeFromFeed: false}", "{sitemap: false}", "{robots: 'noindex'}",
	    "{sitemap_exclude: true}", "{_build: {list: 'always', render: 'always'}}",
	    "{build: {publishResources: false}}", "{permalink: true}", "{password: ''}",
	    "{password: false}", "{feed: {excerpt_only: true}}", "{outputs: ['html']}",
	    "{eleventyExcludeFromCollections: false}"};

	(void)state;
	for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++) {
		struct head *head = head_of(out[i]);

		if (!fields_excluded(&head->fields))
			fail_msg("%s is in no feed", out[i]);
		assert_false(fields_draft(&head->fields));
		head_free(head);
	}
	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		struct head *head = head_of(in[i]);

		if (fields_excluded(&head->fields))
			fail_msg("%s stays in feeds", in[i]);
		head_free(head);
	}
}

static void test_minor(void **state)
{
	struct head *head = head_of("{minor: true}");

	(void)state;
	assert_true(fields_minor(&head->fields));
	head_free(head);
	head = head_of("{minor: false}");
	assert_false(fields_minor(&head->fields));
	head_free(head);
}

static void assert_id(const char *object, const char *expected)
{
	struct head *head = head_of(object);

	assert_slice(fields_id(&head->fields, &head->arena, &head->diags), expected);
	assert_int_equal(head->diags.len, 0);
	head_free(head);
}

static void assert_no_id(const char *object, enum diag_level level)
{
	struct head *head = head_of(object);

	assert_slice(fields_id(&head->fields, &head->arena, &head->diags), "");
	assert_int_equal(head->diags.len, 1);
	assert_int_equal(head->diags.items[0].level, level);
	assert_int_equal(head->diags.items[0].line, 1);
	head_free(head);
}

static void test_id(void **state)
{
	(void)state;
	assert_id("{}", "");
	assert_id("{guid: 'https://a.example/?p=1'}", "https://a.example/?p=1");
	assert_id("{guid: ' post-17 '}", "post-17");
	assert_id("{uuid: '6BA7B810-9DAD-11D1-80B4-00C04FD430C8'}",
	    "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8");
	assert_id("{id: '6ba7b810-9dad-11d1-80b4-00c04fd430c8'}",
	    "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8");
	assert_id("{id: 'tag:a.example,2024:x'}", "tag:a.example,2024:x");
	assert_id("{id: 'urn:isbn:1'}", "urn:isbn:1");
	assert_id("{guid: '', id: 'urn:x:y'}", "urn:x:y");
	/* short local names are not universal */
	assert_no_id("{id: 'intro'}", DIAG_NOTE);
	assert_no_id("{id: 42}", DIAG_NOTE);
	assert_no_id("{id: '6ba7b810-9dad-11d1-80b4-00c04fd430cg'}", DIAG_NOTE);
	assert_no_id("{id: 'chapter:one'}", DIAG_WARNING);
	assert_no_id("{id: 'tag:'}", DIAG_WARNING);
	/* blanks, what no document may hold, and templates are in no id */
	assert_no_id("{id: 'http://a b'}", DIAG_WARNING);
	assert_no_id("{guid: \"a \\n b\"}", DIAG_WARNING);
	assert_no_id("{guid: \"a\\u007fb\"}", DIAG_WARNING);
	assert_no_id("{uuid: 'a\u00a0b'}", DIAG_WARNING);
	assert_no_id("{guid: '{{uuid}}'}", DIAG_WARNING);
	assert_id("{id: 'urn:x:y', guid: 'g'}", "g");
}

/* The list of a field, joined with "|". */
static void assert_list_of(
    const char *object, enum field field, bool unquoted, bool jekylls, const char *expected)
{
	struct head *head = head_of(object);
	struct buf joined = BUF_INIT;
	struct slice *items;
	size_t len;

	for (struct value *v = head->root->first; unquoted && v; v = v->next)
		v->quoted = false;
	head->fields.jekylls = jekylls;
	len = fields_list(&head->fields, field, &head->arena, &head->diags, &items);
	for (size_t i = 0; i < len; i++)
		buf_printf(&joined, "%s%.*s", i ? "|" : "", SLICE_FMT(items[i]));
	if (strcmp(buf_string(&joined), expected) != 0)
		fail_msg("%s: '%s' is not '%s'", object, buf_string(&joined), expected);
	assert_int_equal(head->diags.len, 0);
	buf_free(&joined);
	head_free(head);
}

static void assert_list(const char *object, enum field field, bool unquoted, const char *expected)
{
	assert_list_of(object, field, unquoted, false, expected);
}

static void test_lists(void **state)
{
	(void)state;
	assert_list("{}", FIELD_TAGS, false, "");
	assert_list("{tags: null}", FIELD_TAGS, false, "");
	assert_list("{tags: []}", FIELD_TAGS, false, "");
	assert_list("{tags: ['a', 'b', 'a', '', null, ' c ']}", FIELD_TAGS, false, "a|b|c");
	assert_list("{tags: 'one'}", FIELD_TAGS, false, "one");
	assert_list("{tags: [\"a\\nb\", 'c  d', \"\\u0001\", \"e\\u00a0\\ufffef\"]}", FIELD_TAGS,
	    false, "a b|c d|e f");
	assert_list("{tags: 'a, b,,c'}", FIELD_TAGS, false, "a|b|c");
	assert_list("{tags: 'a, b; c;'}", FIELD_TAGS, false, "a, b|c");
	assert_list("{tags: ['a; b']}", FIELD_TAGS, false, "a; b");
	assert_list("{tags: ['a, b']}", FIELD_TAGS, false, "a, b");
	assert_list("{tags: [2024, true, 1.50]}", FIELD_TAGS, false, "2024|true|1.50");
	assert_list("{category: 2013}", FIELD_CATEGORIES, false, "2013");
	assert_list("{categories: [['a', 'b'], ['c']]}", FIELD_CATEGORIES, false, "a|b|c");
	assert_list("{category: 'a', categories: ['b', 'a']}", FIELD_CATEGORIES, false, "b|a");
	assert_list("{tag: 'a', tags: ['b']}", FIELD_TAGS, false, "b|a");
	assert_list("{tags: ['#a', '#b/c']}", FIELD_TAGS, false, "a|b/c");
	assert_list("{tags: '#a #b'}", FIELD_TAGS, false, "a|b");
	assert_list("{tags: '#a b'}", FIELD_TAGS, false, "a b");
	assert_list("{tags: [{name: 'n', slug: 's'}]}", FIELD_TAGS, false, "n");
	assert_list("{taxonomies: {tags: ['a'], categories: ['c']}}", FIELD_TAGS, false, "a");
	assert_list("{taxonomies: {categories: ['c']}}", FIELD_CATEGORIES, false, "c");
	/* keywords stand in for tags, they do not join them */
	assert_list("{tags: ['a'], keywords: 'k, l'}", FIELD_TAGS, false, "a");
	assert_list("{tags: [], keywords: 'k, l'}", FIELD_TAGS, false, "k|l");
}

/* A null in a list is nothing, though a tree keeps how YAML's was written. */
static void test_lists_nulls(void **state)
{
	static const char text[] = "tags: [a, null, ~, '', 'null', {name: ~}]\n"
				   "categories:\n-\n- b\nauthors: [~, {name: null}, Jane]\n"
				   "images: [~, pic.png]\nenclosure: [~, {url: ~, src: a.mp3}]\n";
	const struct value_rules rules = {.first_line = 1};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct enclosure enclosure;
	struct person *people;
	struct fields fields;
	struct slice *items;
	struct value *root;
	struct err err;

	(void)state;
	assert_int_equal(yaml_parse(slice_of(text), &rules, &arena, &root, &err), 0);
	fields_collect(root, NULL, &fields);
	assert_int_equal(fields_list(&fields, FIELD_TAGS, &arena, &diags, &items), 2);
	assert_slice(items[0], "a");
	assert_slice(items[1], "null"); /* in quotes it is a word */
	assert_int_equal(fields_list(&fields, FIELD_CATEGORIES, &arena, &diags, &items), 1);
	assert_slice(items[0], "b");
	assert_int_equal(fields_authors(&fields, &arena, &diags, &people), 1);
	assert_slice(people[0].name, "Jane");
	assert_slice(fields_image(&fields), "pic.png");
	assert_true(fields_enclosure(&fields, &enclosure));
	assert_slice(enclosure.url, "a.mp3");
	assert_int_equal(diags.len, 0);
	diags_free(&diags);
	arena_free(&arena);
}

/* Jekyll alone divides at blanks, and only under the plural keys. */
static void test_lists_jekyll(void **state)
{
	(void)state;
	assert_list("{layout: 'post', tags: 'a b'}", FIELD_TAGS, true, "a|b");
	assert_list("{layout: 'post', categories: 'jekyll update'}", FIELD_CATEGORIES, true,
	    "jekyll|update");
	assert_list("{layout: 'post', tags: 'a b'}", FIELD_TAGS, false, "a b");
	assert_list("{layout: 'post', tag: 'a b'}", FIELD_TAGS, true, "a b");
	assert_list("{layout: 'post', tags: 'a b, c'}", FIELD_TAGS, true, "a b|c");
	assert_list("{tags: 'a b'}", FIELD_TAGS, true, "a b");
	assert_list("{layout: 'base.njk', tags: 'a b'}", FIELD_TAGS, true, "a b");
	assert_list("{layout: 'layouts/post', tags: 'a b'}", FIELD_TAGS, true, "a b");
}

/* Where the site is Jekyll's: with any layout or none, in quotes or without. */
static void test_lists_jekylls(void **state)
{
	static const struct {
		const char *object, *expected;
	} cases[] = {
	    {"{categories: 'a b'}", "a|b"},
	    {"{categories: ' a  b a '}", "a|b"},
	    {"{layout: 'layouts/post', categories: 'a b'}", "a|b"},
	    {"{category: 'a b'}", "a b"},
	    {"{categories: ['a b', 'c']}", "a b|c"},
	    {"{categories: 'a b, c'}", "a b|c"},
	    {"{category: 'x y', categories: 'a b'}", "a|b|x y"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_list_of(cases[i].object, FIELD_CATEGORIES, false, true, cases[i].expected);
		assert_list_of(cases[i].object, FIELD_CATEGORIES, true, true, cases[i].expected);
	}
	assert_list_of("{tags: 'a b'}", FIELD_TAGS, false, true, "a|b");
	assert_list_of("{keywords: 'a b'}", FIELD_TAGS, false, true, "a b");
}

static void test_list_bound(void **state)
{
	struct buf object = BUF_INIT;
	struct slice *items;
	struct head *head;

	(void)state;
	buf_puts(&object, "{tags: [");
	for (int i = 0; i < FIELDS_LIST_MAX + 5; i++)
		buf_printf(&object, "'t%d',", i);
	buf_puts(&object, "]}");
	head = head_of(buf_string(&object));
	assert_int_equal(fields_list(&head->fields, FIELD_TAGS, &head->arena, &head->diags, &items),
	    FIELDS_LIST_MAX);
	assert_slice(items[FIELDS_LIST_MAX - 1], "t199");
	assert_int_equal(head->diags.len, 1);
	assert_int_equal(head->diags.items[0].level, DIAG_WARNING);
	assert_non_null(strstr(head->diags.items[0].text, "5 left out"));
	head_free(head);
	buf_free(&object);
}

/* Authors as `name <email> (url)`, joined with "|". */
static void assert_authors(const char *object, const char *expected)
{
	struct head *head = head_of(object);
	struct buf joined = BUF_INIT;
	struct person *people;
	size_t len = fields_authors(&head->fields, &head->arena, &head->diags, &people);

	for (size_t i = 0; i < len; i++) {
		buf_printf(&joined, "%s%.*s", i ? "|" : "", SLICE_FMT(people[i].name));
		if (people[i].email.len > 0)
			buf_printf(&joined, " <%.*s>", SLICE_FMT(people[i].email));
		if (people[i].url.len > 0)
			buf_printf(&joined, " (%.*s)", SLICE_FMT(people[i].url));
	}
	if (strcmp(buf_string(&joined), expected) != 0)
		fail_msg("%s: '%s' is not '%s'", object, buf_string(&joined), expected);
	buf_free(&joined);
	head_free(head);
}

static void test_authors(void **state)
{
	(void)state;
	assert_authors("{}", "");
	assert_authors("{author: ''}", "");
	assert_authors("{author: 'Jane Doe'}", "Jane Doe");
	assert_authors("{author: 'Jane Doe, Editor'}", "Jane Doe, Editor");
	assert_authors("{authors: ['Jane', 'Joe', 'Jane']}", "Jane|Joe");
	assert_authors("{authors: 'Jane, Joe'}", "Jane|Joe");
	assert_authors("{authors: 'Doe, Jane; Doe, Joe'}", "Doe, Jane|Doe, Joe");
	assert_authors("{authors: ['Doe, Jane']}", "Doe, Jane");
	assert_authors("{author: 'Jane <j@a.example>'}", "Jane <j@a.example>");
	assert_authors("{author: 'Jane (https://a.example/)'}", "Jane (https://a.example/)");
	assert_authors("{author: 'j@a.example (Jane)'}", "Jane <j@a.example>");
	assert_authors("{author: '<j@a.example>'}", "j@a.example <j@a.example>");
	assert_authors("{author: '[Jane](https://a.example/)'}", "Jane (https://a.example/)");
	assert_authors("{author: '[[people/Jane|Jane Doe]]'}", "Jane Doe");
	assert_authors("{author: 'Jane (she) <3'}", "Jane (she) <3");
	assert_authors("{author: [['Jane']]}", "Jane");
	assert_authors("{author: {name: 'Jane', email: 'j@a.example', url: 'https://a.example/'}}",
	    "Jane <j@a.example> (https://a.example/)");
	assert_authors("{author: {display_name: 'Jane', login: 'jd'}}", "Jane");
	assert_authors("{author: {login: 'jd'}}", "jd");
	assert_authors("{author: [{name: {given: 'Jane', family: 'Doe'}}]}", "Jane Doe");
	assert_authors("{author: {email: 'j@a.example'}}", "");
	assert_authors(
	    "{author: 'Jane', author_url: 'https://a.example/', author_email: 'j@a.example'}",
	    "Jane <j@a.example> (https://a.example/)");
	assert_authors("{author: 'Jane', authors: ['Jane', 'Joe']}", "Jane|Joe");
	assert_authors("{authors: [], author: 'Jane'}", "Jane");
	assert_authors("{extra: {author: 'Jane'}}", "Jane");
	assert_authors("{author: true}", "");
}

static void assert_image(const char *object, const char *expected)
{
	struct head *head = head_of(object);

	assert_slice(fields_image(&head->fields), expected);
	head_free(head);
}

static void test_image(void **state)
{
	(void)state;
	assert_image("{}", "");
	assert_image("{image: '/a.png'}", "/a.png");
	assert_image("{image: {path: '/a.png', alt: 'x'}}", "/a.png");
	assert_image("{image: {feature: 'a.jpg', credit: 'x'}}", "a.jpg");
	assert_image("{cover: {image: 'c.jpg', relative: true}}", "c.jpg");
	assert_image("{header: {teaser: 't.jpg'}}", "t.jpg");
	assert_image("{header: 'words'}", "");
	assert_image("{images: ['1.png', '2.png']}", "1.png");
	assert_image("{images: []}", "");
	assert_image("{cover: '![[pic.png|300]]'}", "pic.png");
	assert_image("{cover: '[[pic.png]]'}", "pic.png");
	assert_image("{cover: false, thumbnail: 't.png'}", "t.png");
	assert_image("{image: {alt: 'x'}, cover_image: 'c.png'}", "c.png");
}

static void assert_enclosure(const char *object, const char *url, int64_t length, const char *type)
{
	struct head *head = head_of(object);
	struct enclosure enclosure = {.length = -2};

	if (!url) {
		assert_false(fields_enclosure(&head->fields, &enclosure));
		assert_int_equal(enclosure.length, -2);
	} else {
		assert_true(fields_enclosure(&head->fields, &enclosure));
		assert_slice(enclosure.url, url);
		assert_int_equal(enclosure.length, length);
		assert_slice(enclosure.type, type);
	}
	head_free(head);
}

static void test_enclosure(void **state)
{
	(void)state;
	assert_enclosure("{}", NULL, 0, NULL);
	assert_enclosure("{enclosure: '/a.mp3'}", "/a.mp3", -1, "audio/mpeg");
	assert_enclosure("{enclosure: {url: '/a.mp3?x=1', length: 123, type: 'audio/x'}}",
	    "/a.mp3?x=1", 123, "audio/x");
	/* a duration is no length */
	assert_enclosure("{podcast: {mp3: '/a.mp3', length: '12:34'}}", "/a.mp3", -1, "audio/mpeg");
	assert_enclosure("{enclosure: {url: '/a.bin', length: 0}}", "/a.bin", -1, "");
	assert_enclosure("{podcast_file: 'a.m4a', podcast_bytes: '99'}", "a.m4a", 99, "audio/mp4");
	assert_enclosure("{enclosure: 'https://a.example/a.mp3\\n555\\naudio/mpeg\\n'}",
	    "https://a.example/a.mp3", 555, "audio/mpeg");
	assert_enclosure(
	    "{enclosure: [{src: '/1.ogg'}, {src: '/2.ogg'}]}", "/1.ogg", -1, "audio/ogg");
	assert_enclosure("{audio: true}", NULL, 0, NULL);
	assert_enclosure("{media: 'photo'}", NULL, 0, NULL);
	assert_enclosure("{media: 'photo', audio: 'x/y'}", "x/y", -1, "");
	assert_enclosure("{enclosure: {length: 5}}", NULL, 0, NULL);
}

static void test_not_a_map(void **state)
{
	struct arena arena = ARENA_INIT;
	struct fields fields;

	(void)state;
	fields_collect(value_new(&arena, VALUE_LIST, 1, 1), NULL, &fields);
	assert_null(fields_scalar(&fields, FIELD_TITLE));
	fields_collect(NULL, NULL, &fields);
	assert_false(fields_draft(&fields));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keys_sorted),
	    cmocka_unit_test(test_keys_spellings),
	    cmocka_unit_test(test_scalars),
	    cmocka_unit_test(test_published_alternatives),
	    cmocka_unit_test(test_draft),
	    cmocka_unit_test(test_excluded),
	    cmocka_unit_test(test_minor),
	    cmocka_unit_test(test_id),
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_lists_nulls),
	    cmocka_unit_test(test_lists_jekyll),
	    cmocka_unit_test(test_lists_jekylls),
	    cmocka_unit_test(test_list_bound),
	    cmocka_unit_test(test_authors),
	    cmocka_unit_test(test_image),
	    cmocka_unit_test(test_enclosure),
	    cmocka_unit_test(test_not_a_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
