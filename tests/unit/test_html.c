/* html: the row of HTML bodies; and the tokens that HTML is made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/markup/htmllex.h"
#include "feeds/markup/markup.h"

static void test_headline(void **state)
{
	static const struct {
		const char *body, *title;
	} cases[] = {
	    {"<p>x</p><h1 class=a>One &amp; <em>two</em>\n three</h1><h1>no</h1>",
		"One & two three"},
	    {"<script>'<h1>no</h1>'</script><!-- <h1>no</h1> --><H1>Yes</H1>", "Yes"},
	    {"<h1 id=x>T<a class=anchor href=#x>#</a></h1>", "T"},
	    {"<h1><img alt=logo src=x></h1>", ""},
	    {"<h1>&#146;caf&eacute;<script>x</script></h1>", "’café"},
	    {"<h2>x</h2>", ""},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = ARENA_INIT;
		struct headline headline;

		markup_html.headline(slice_of(cases[i].body), &arena, &headline);
		assert_true(slice_equal_str(headline.title, cases[i].title));
		assert_int_equal(headline.summary.len, 0);
		arena_free(&arena);
	}
}

/* An h1 that nobody closed is no title; and it costs no more than a look. */
static void test_headline_unclosed(void **state)
{
	struct arena arena = ARENA_INIT;
	struct headline headline;
	struct buf body = BUF_INIT;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_puts(&body, "<h1>x");
	markup_html.headline(buf_slice(&body), &arena, &headline);
	assert_int_equal(headline.title.len, 0);
	buf_free(&body);
	arena_free(&arena);
}

static void test_to_html(void **state)
{
	const struct markup_source source = {.body = SLICE("<p>x")};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct buf html = BUF_INIT, small = BUF_BOUNDED(3);
	struct err err;

	(void)state;
	assert_int_equal(markup_html.to_html(&source, &arena, &diags, &html, &err), 0);
	assert_string_equal(buf_string(&html), "<p>x");
	assert_int_equal(markup_html.to_html(&source, &arena, &diags, &small, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_true(markup_html.page);
	buf_free(&html);
	buf_free(&small);
}

/* Tokens as letters, with what they hold in brackets. */
static void test_tokens(void **state)
{
	static const struct {
		const char *html, *tokens;
	} cases[] = {
	    {"a<b>c</b>d", "T[a]S[b]T[c]E[b]T[d]"},
	    {"<br/><a href=x/>", "S[br/]S[a href=x/]"},
	    {"<a b='>' c=\">\">d", "S[a b=> c=>]T[d]"},
	    {"<a b c= d e = f =g>", "S[a b= c=d e=f =g=]"},
	    {"a < b <3 <", "T[a < b <3 <]"},
	    {"<a b='", "T[<a b=']"},
	    {"<!--a-->b<!-->c<!--->d<!--e--!>f<!--g--h-->",
		"C[a]T[b]C[]T[c]C[]T[d]C[e]T[f]C[g--h]"},
	    {"<!--a", "C[a]"},
	    {"<!doctype x><?y?></><//z>a", "OOOOT[a]"},
	    {"</p x='>'>a</", "E[p]T[a]T[</]"},
	};
	static const char kinds[] = "TSECO";

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct htmllex lex = {.html = slice_of(cases[i].html)};
		struct htmllex_token token;
		struct buf out = BUF_INIT;

		while (htmllex_next(&lex, &token)) {
			struct htmllex_attr attr;

			buf_putc(&out, kinds[token.kind]);
			if (token.kind == HTMLLEX_OTHER)
				continue;
			buf_putc(&out, '[');
			buf_put_slice(&out, token.name);
			buf_put_slice(&out, token.text);
			while (
			    token.kind == HTMLLEX_START && htmllex_next_attr(&token.attrs, &attr))
				buf_printf(&out, " %.*s=%.*s", SLICE_FMT(attr.name),
				    SLICE_FMT(attr.value));
			buf_puts(&out, token.closed ? "/]" : "]");
		}
		assert_string_equal(buf_string(&out), cases[i].tokens);
		buf_free(&out);
	}
}

static void test_raw(void **state)
{
	struct htmllex lex = {.html = SLICE("a</scriptx></SCRIPT >b")};

	(void)state;
	assert_true(slice_equal_str(htmllex_skip_raw(&lex, "script"), "a</scriptx>"));
	lex.at = 12;
	(void)htmllex_skip_raw(&lex, "script");
	assert_int_equal(lex.at, lex.html.len);
	assert_true(slice_equal_str(htmllex_attr(SLICE(" a=1 HREF='x' href=y"), "href"), "x"));
	assert_int_equal(htmllex_attr(SLICE(" a=1"), "href").len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_headline),
	    cmocka_unit_test(test_headline_unclosed),
	    cmocka_unit_test(test_to_html),
	    cmocka_unit_test(test_tokens),
	    cmocka_unit_test(test_raw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
