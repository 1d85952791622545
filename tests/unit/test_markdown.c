/* markdown: dialects' additions, ids, headlines, bounds, threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "feeds/markup/budget.h"
#include "feeds/markup/markup.h"

struct pair {
	const char *in, *out;
};

static int render(struct slice body, struct buf *html, struct err *err)
{
	struct markup_source source = {.body = body};
	struct arena arena = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	int result = markup_markdown.to_html(&source, &arena, &diags, html, err);

	arena_free(&arena);
	diags_free(&diags);
	return result;
}

/* Rendered, with the line ends between tags and around the whole left out. */
static void check(const char *in, const char *out)
{
	struct buf html = BUF_INIT, tight = BUF_INIT;
	struct err err;

	assert_int_equal(render(slice_of(in), &html, &err), 0);
	for (size_t i = 0; i < html.len; i++)
		if (html.data[i] != '\n' || (i > 0 && html.data[i - 1] != '>' && html.data[i + 1] &&
						html.data[i + 1] != '<'))
			buf_putc(&tight, html.data[i]);
	assert_string_equal(buf_string(&tight), out);
	buf_free(&html);
	buf_free(&tight);
}

#define CHECK(pairs)                                                                               \
	do {                                                                                       \
		for (size_t i_ = 0; i_ < sizeof(pairs) / sizeof(*(pairs)); i_++)                   \
			check((pairs)[i_].in, (pairs)[i_].out);                                    \
	} while (0)

static void test_common(void **state)
{
	static const struct pair pairs[] = {
	    {"", ""},
	    {"*a* **b** `c_d_`", "<p><em>a</em> <strong>b</strong> <code>c_d_</code></p>"},
	    {"<b onclick=x>raw</b>", "<p><b onclick=x>raw</b></p>"},
	    {"|a|b|\n|-|:-:|\n|1|2|\n",
		"<table><thead><tr><th>a</th><th align=\"center\">b</th></tr></thead>"
		"<tbody><tr><td>1</td><td align=\"center\">2</td></tr></tbody></table>"},
	    {"- [ ] a\n- [x] b\n",
		"<ul><li><input type=\"checkbox\" disabled=\"\" /> a</li>"
		"<li><input type=\"checkbox\" checked=\"\" disabled=\"\" /> b</li></ul>"},
	    {"a[^1]\n\n[^1]: note\n",
		"<p>a<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1\" "
		"data-footnote-ref>1</a></sup></p>"
		"<section class=\"footnotes\" data-footnotes><ol><li id=\"fn-1\">"
		"<p>note <a href=\"#fnref-1\" class=\"footnote-backref\" data-footnote-backref "
		"aria-label=\"Back to content\">↩</a></p></li></ol></section>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_marks(void **state)
{
	static const struct pair pairs[] = {
	    {"~~a *b*~~ c", "<p><del>a <em>b</em></del> c</p>"},
	    {"a ~ b ~~~ c ~~ d ~~", "<p>a ~ b ~~~ c ~~ d ~~</p>"},
	    {"==a== x==y and y==z", "<p><mark>a</mark> x==y and y==z</p>"},
	    {"这是==重点==内容", "<p>这是<mark>重点</mark>内容</p>"},
	    {"==a ~~b== c~~", "<p><mark>a ~~b</mark> c~~</p>"},
	    {"`~~a~~`", "<p><code>~~a~~</code></p>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_urls(void **state)
{
	static const struct pair pairs[] = {
	    {"see https://a.b/c_d_e.",
		"<p>see <a href=\"https://a.b/c_d_e\">https://a.b/c_d_e</a>.</p>"},
	    {"https://a.b/_x_/*y*",
		"<p><a href=\"https://a.b/_x_/*y\">https://a.b/_x_/*y</a>*</p>"},
	    {"(http://a.b/(c))", "<p>(<a href=\"http://a.b/(c)\">http://a.b/(c)</a>)</p>"},
	    {"*http://a.b/*", "<p><em><a href=\"http://a.b/\">http://a.b/</a></em></p>"},
	    {"[http://a.b/](/c)", "<p><a href=\"/c\">http://a.b/</a></p>"},
	    {"[*http://a.b/*](/c)", "<p><a href=\"/c\"><em>http://a.b/</em></a></p>"},
	    {"<a href=\"/c\">http://a.b/</a>", "<p><a href=\"/c\">http://a.b/</a></p>"},
	    {"<a href=\"/c\">*http://a.b/*</a>", "<p><a href=\"/c\"><em>http://a.b/</em></a></p>"},
	    {"<a href=\"/c\">c</a> http://a.b/",
		"<p><a href=\"/c\">c</a> <a href=\"http://a.b/\">http://a.b/</a></p>"},
	    {"<abbr>http://a.b/</abbr>",
		"<p><abbr><a href=\"http://a.b/\">http://a.b/</a></abbr></p>"},
	    {"[a](http://a.b/_x_)", "<p><a href=\"http://a.b/_x_\">a</a></p>"},
	    {"<http://a.b/_x_>", "<p><a href=\"http://a.b/_x_\">http://a.b/_x_</a></p>"},
	    {"www.a.b, xwww.a.b www.a",
		"<p><a href=\"http://www.a.b\">www.a.b</a>, xwww.a.b www.a</p>"},
	    {"git@a.b:c.git", "<p>git@a.b:c.git</p>"},
	    {"Me_x+y@a-b.org, (you@a.b.) 给c@d.cn。",
		"<p><a href=\"mailto:Me_x+y@a-b.org\">Me_x+y@a-b.org</a>, (<a "
		"href=\"mailto:you@a.b\">"
		"you@a.b</a>.) 给<a href=\"mailto:c@d.cn\">c@d.cn</a>。</p>"},
	    {"*a@b.c*: `a@b.c` [a@b.c](d) <a href=\"d\">a@b.c</a> <a@b.c>",
		"<p><em><a href=\"mailto:a@b.c\">a@b.c</a></em>: <code>a@b.c</code> <a "
		"href=\"d\">a@b.c</a> "
		"<a href=\"d\">a@b.c</a> <a href=\"mailto:a@b.c\">a@b.c</a></p>"},
	    {"x@y @a@b.social r@1.2.3 v@3.0-beta a@b.c/d a:b@c.d müller@b.c a@b..c a@b.c-",
		"<p>x@y @a@b.social r@1.2.3 v@3.0-beta a@b.c/d a:b@c.d müller@b.c a@b..c "
		"a@b.c-</p>"},
	    {"https://a@b.c/d", "<p><a href=\"https://a@b.c/d\">https://a@b.c/d</a></p>"},
	    {"`http://a.b`", "<p><code>http://a.b</code></p>"},
	    {"见https://a.b/中文。好", "<p>见<a href=\"https://a.b/%E4%B8%AD%E6%96%87\">"
				       "https://a.b/中文</a>。好</p>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_heading_ids(void **state)
{
	static const struct pair pairs[] = {
	    {"## A b", "<h2>A b</h2>"},
	    {"## A `b` {#c .d}", "<h2 id=\"c\">A <code>b</code></h2>"},
	    {"## A {: #c }", "<h2 id=\"c\">A</h2>"},
	    {"A\n=\n{: #c}", "<h1 id=\"c\">A</h1>"},
	    {"## A {#c}\n\nb\n{: #d}", "<h2 id=\"c\">A</h2><p>b</p>"}, /* the paragraph's */
	    {"## A\n{: #c}\nb", "<h2 id=\"c\">A</h2><p>b</p>"},
	    {"## A {b}", "<h2>A {b}</h2>"},
	    {"## A {#\"><b}", "<h2 id=\"&#34;>&#60;b\">A</h2>"},
	    {"[x](#a-b_c)\n## A b_c!\n## A b_c\n",
		"<p><a href=\"#a-b_c\">x</a></p><h2 id=\"a-b_c\">A b_c!</h2><h2>A b_c</h2>"},
	    {"<a href=\"#%C3%A4\">x</a>\n\n# Ä\n",
		"<p><a href=\"#%C3%A4\">x</a></p><h1 id=\"ä\">Ä</h1>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_attributes(void **state)
{
	static const struct pair pairs[] = {
	    {"a\n{: .b}\n\nc", "<p>a</p><p>c</p>"},
	    {"{: .b}\na", "<p>a</p>"},
	    {"![a](b){: width=\"1\"} [c](d){:target=\"_blank\"}, `e`{.f}",
		"<p><img src=\"b\" alt=\"a\" /> <a href=\"d\">c</a>, <code>e</code></p>"},
	    {"* TOC\n{:toc}\n\na", "<p>a</p>"},
	    {"- a\n- b\n{: .c}\n", "<ul><li>a</li><li>b</li></ul>"},
	    {"* {:.x} one\n* {: #id .x}*two*\n* {:a=\"b c\"} **d**\n",
		"<ul><li>one</li><li><em>two</em></li><li><strong>d</strong></li></ul>"},
	    {"1. {:.x} one\n\n   {:.y} two\n", "<ol><li><p>one</p><p>{:.y} two</p></li></ol>"},
	    {"- {:ok 1} a\n- {:a=>1} b\n- {:.x}\n  c",
		"<ul><li>{:ok 1} a</li><li>{:a=&gt;1} b</li><li>c</li></ul>"},
	    {"|a|\n|-|\n|b|\n{: .c}\n", "<table><thead><tr><th>a</th></tr></"
					"thead><tbody><tr><td>b</td></tr></tbody></table>"},
	    {"> a\n{: .c}\n", "<blockquote><p>a</p></blockquote>"},
	    {"say {: this} and {that}", "<p>say {: this} and {that}</p>"},
	    {"`{: .a}`\n\n    {: .b}\n",
		"<p><code>{: .a}</code></p><pre><code>{: .b}</code></pre>"},
	    {"[TOC]\n\na", "<p>a</p>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_block_names(void **state)
{
	static const struct pair pairs[] = {
	    {"a *b* ^37066d\n\nc! ^my-name  \nd\n", "<p>a <em>b</em></p><p>c! ^my-name<br />d</p>"},
	    {"`a` ^one\n\nb\n^two", "<p><code>a</code></p><p>b</p>"},
	    {"- a ^one\n- b\n^two\n", "<ul><li>a</li><li>b</li></ul>"},
	    {"## a ^one\n\n[b](#a)", "<h2 id=\"a\">a</h2><p><a href=\"#a\">b</a></p>"},
	    {"> a\n\n^one\n\nb", "<blockquote><p>a</p></blockquote><p>b</p>"},
	    {"|a|b|\n|-|-|\n|c|d|\n^one\n", "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
					    "<tbody><tr><td>c</td><td>d</td></tr></tbody></table>"},
	    /* What is none. */
	    {"^one\n\n2 ^16\n\na^one\n\n`a ^one`\n\n*a*^one\n\n^_^\n\nx ^n",
		"<p>^one</p><p>2 ^16</p><p>a^one</p><p><code>a ^one</code></p><p><em>a</em>^one</p>"
		"<p>^_^</p><p>x ^n</p>"},
	    {"|a|b|\n|-|-|\n|^one|d|\n|x|d ^one|\n",
		"<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>^one</td><td>d</"
		"td>"
		"</tr><tr><td>x</td><td>d ^one</td></tr></tbody></table>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_image_widths(void **state)
{
	static const struct pair pairs[] = {
	    {"![a b|300](c) ![*a*|3x20](c)",
		"<p><img src=\"c\" alt=\"a b\" /> <img src=\"c\" alt=\"a\" /></p>"},
	    {"![a|b](c) ![|5](c) ![a 5](c) ![a|x5](c)",
		"<p><img src=\"c\" alt=\"a|b\" /> <img src=\"c\" alt=\"\" /> <img src=\"c\" "
		"alt=\"a 5\" /> <img src=\"c\" alt=\"a|x5\" /></p>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_callouts(void **state)
{
	static const struct pair pairs[] = {
	    {"> [!NOTE]\n> a", "<blockquote><p><strong>Note</strong></p><p>a</p></blockquote>"},
	    {"> [!my-type]- The *T*\n> a\n>\n> b",
		"<blockquote><p><strong>The <em>T</em></strong></p><p>a</p><p>b</p></blockquote>"},
	    {"> [!tip]", "<blockquote><p><strong>Tip</strong></p></blockquote>"},
	    {"> [!a] **b**\n",
		"<blockquote><p><strong><strong>b</strong></strong></p></blockquote>"},
	    {"> [a]", "<blockquote><p>[a]</p></blockquote>"},
	    {":::tip\na\n:::\nb",
		"<blockquote><p><strong>Tip</strong></p><p>a</p></blockquote><p>b</p>"},
	    {":::: my-box Some *T*\n::: {.callout-note}\na\n:::\n::::\n",
		"<blockquote><p><strong>Some <em>T</em></strong></p>"
		"<blockquote><p><strong>Note</strong></p><p>a</p></blockquote></blockquote>"},
	    {":::note[T]\n- a\n",
		"<blockquote><p><strong>T</strong></p><ul><li>a</li></ul></blockquote>"},
	    {"```\n:::tip\n```\n", "<pre><code>:::tip</code></pre>"},
	    {"!!! note \"T\"\n    a\n\n        b\n\n    ??? c\n        d\ne",
		"<blockquote><p><strong>T</strong></p><p>a</p><pre><code>b</code></pre>"
		"<blockquote><p><strong>C</strong></p><p>d</p></blockquote></blockquote><p>e</p>"},
	    {"!!! wow\nno", "<p>!!! wow\nno</p>"},
	    {"=== \"A *x*\"\n\n    a\n\n===+ \"B\"\n\n    ```\n    b\n    ```\n",
		"<blockquote><p><strong>A <em>x</em></strong></p><p>a</p></blockquote>"
		"<blockquote><p><strong>B</strong></p><pre><code>b</code></pre></blockquote>"},
	    {"a\n===\n\n=== \"b\"\n\nc === \"d\"\n",
		"<h1>a</h1><p>=== &quot;b&quot;</p><p>c === &quot;d&quot;</p>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_definitions(void **state)
{
	static const struct pair pairs[] = {
	    {"a\nb\n: c *d*\n: e\n  f\n",
		"<dl><dt>a</dt><dt>b</dt><dd>c <em>d</em></dd><dd>e\nf</dd></dl>"},
	    {"a\n\n:   b\n\n    c\n\n    - d\n\ne",
		"<dl><dt>a</dt><dd><p>b</p><p>c</p><ul><li>d</li></ul></dd></dl><p>e</p>"},
	    {"> a\n> : b", "<blockquote><dl><dt>a</dt><dd>b</dd></dl></blockquote>"},
	    {": a", "<p>: a</p>"},
	    {"a:\n:b", "<p>a:\n:b</p>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_mathematics(void **state)
{
	static const struct pair pairs[] = {
	    {"$a_b$ *c* $d_e*f*$", "<p>$a_b$ <em>c</em> $d_e*f*$</p>"},
	    {"$5 and *6* for $7", "<p>$5 and <em>6</em> for $7</p>"},
	    {"$$x_1 \\\\ \\{y\\}_2 *z*$$", "<p>$$x_1 \\\\ \\{y\\}_2 *z*$$</p>"},
	    {"$$\na_1\n= b &lt; c\n- d\n    e\n$$\n*f*",
		"<p>$$\na_1\n= b &lt; c\n- d\ne\n$$<em>f</em></p>"},
	    {"`$a\\_b$` <i title=\"$_a_$\">", "<p><code>$a\\_b$</code> <i title=\"$_a_$\"></p>"},
	    {"`$a\n$b_c_$`", "<p><code>$a $b_c_$</code></p>"},
	    {"```\n$$a_b$$\n```", "<pre><code>$$a_b$$</code></pre>"},
	    {"$$ open *a*", "<p>$$ open <em>a</em></p>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_addresses(void **state)
{
	static const struct pair pairs[] = {
	    {"![d](/img/a b.png)", "<p><img src=\"/img/a%20b.png\" alt=\"d\" /></p>"},
	    {"[a](my file.pdf) [b](../x  y)",
		"<p><a href=\"my%20file.pdf\">a</a> <a href=\"../x%20%20y\">b</a></p>"},
	    {"[c](/x y.html \"t (u)\")", "<p><a href=\"/x%20y.html\" title=\"t (u)\">c</a></p>"},
	    {"[c]( a b.md#d 'e f' )", "<p><a href=\"a%20b.md#d\" title=\"e f\">c</a></p>"},
	    {"[a](see page 3.4) f[x](/ 2) [1](2 3.5)",
		"<p>[a](see page 3.4) f[x](/ 2) [1](2 3.5)</p>"},
	    {"\\[a](/f g.png)", "<p>[a](/f g.png)</p>"},
	    {"[a]({tag}a b) [b](http://c.d/e 'f'.txt)",
		"<p><a href=\"%7Btag%7Da%20b\">a</a> "
		"<a href=\"http://c.d/e%20&#x27;f&#x27;.txt\">b</a></p>"},
	    {"- **[a](/b *c* d)**",
		"<ul><li><strong><a href=\"/b%20*c*%20d\">a</a></strong></li></ul>"},
	    {"[sic](no address) [a](see this.) [b]({{ .x }} y) [c](/d\ne f)",
		"<p>[sic](no address) [a](see this.) [b]({{ .x }} y) [c](/d\ne f)</p>"},
	    {"![](/a.png =30x20) \\[a\\](/b c)", "<p>![](/a.png =30x20) [a](/b c)</p>"},
	    {"`[a](/b c)`\n\n    [a](/b c)",
		"<p><code>[a](/b c)</code></p><pre><code>[a](/b c)</code></pre>"},
	    {"[a](/b \"c\") [d](</e f> 'g')",
		"<p><a href=\"/b\" title=\"c\">a</a> <a href=\"/e%20f\" title=\"g\">d</a></p>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_gone(void **state)
{
	static const struct pair pairs[] = {
	    {"a %%b%% c %% d %%", "<p>a  c</p>"},
	    {"50%% of *a*, 60%% of b", "<p>50%% of <em>a</em>, 60%% of b</p>"},
	    {"a\n\n%%\nb\n\nc\n%%\n\nd", "<p>a</p><p>d</p>"},
	    {"%%\nnever closed", "<p>%%\nnever closed</p>"},
	    {"a\n\n%%\nb\n\nc\n%% d\n\ne", "<p>a</p><p>d</p><p>e</p>"},
	    {"a\n\n%% b\n\nc %% d %%e%%\n\nf", "<p>a</p><p>d</p><p>f</p>"},
	    {"%% b\n\n100%%-sure\n\nc%%\nd", "<p>d</p>"},
	    {"%% One\n\na\n\n%% Two\n\nb %%", "<p>%% One</p><p>a</p>"},
	    {"%% One\n\na\n\n%% Two\n\nb", "<p>%% One</p><p>a</p><p>%% Two</p><p>b</p>"},
	    {"%% One\n\n```\n%%\n```\n\na", "<p>%% One</p><pre><code>%%</code></pre><p>a</p>"},
	    {"%%\n```\nb\n```\n%%\n\na", "<p>a</p>"},
	    {"end of line%%todo%%", "<p>end of line</p>"},
	    {"a %%b %% c %% d%% e", "<p>a  c  e</p>"},
	    {"a %%b\nc\nd%% e", "<p>a\ne</p>"},
	    {"- a %%\nb\n%% c\n- d", "<ul><li>a\nc</li><li>d</li></ul>"},
	    {"a %%b\n\nc%% d", "<p>a %%b</p><p>c%% d</p>"},
	    {"a %% b\n~~~\nc=%%d\n~~~\ne\n\nf",
		"<p>a %% b</p><pre><code>c=%%d</code></pre><p>e</p><p>f</p>"},
	    {"a %% b\n<pre>\n%%c\n</pre>\n\nd", "<p>a %% b</p><pre>%%c</pre><p>d</p>"},
	    {"a %%b\n`c\nd` %% e\n\nf", "<p>a\ne</p><p>f</p>"},
	    {"- ```\n  a\nb %%c%% d", "<ul><li><pre><code>a</code></pre></li></ul><p>b  d</p>"},
	    {"- a\n  1. ```\n     %%b%%\n     ```\n  c %%d%% e",
		"<ul><li>a<ol><li><pre><code>%%b%%</code></pre></li></ol>c  e</li></ul>"},
	    {"> a %%b\n> c%%\n> d", "<blockquote><p>a\nd</p></blockquote>"},
	    {"> %%b\n> c%% d\n\ne", "<blockquote><p>d</p></blockquote><p>e</p>"},
	    {"> a %%b\n>\n> c%% d", "<blockquote><p>a %%b</p><p>c%% d</p></blockquote>"},
	    {"> a %%b\n> - c%% d", "<blockquote><p>a %%b</p><ul><li>c%% d</li></ul></blockquote>"},
	    {"a %%b\n> c%% d", "<p>a %%b</p><blockquote><p>c%% d</p></blockquote>"},
	    {"a %% b\nc %% d\n- e %% f\ng %% h", "<p>a\nd</p><ul><li>e\nh</li></ul>"},
	    {"a %% b\n- c %% d\ne %% f", "<p>a %% b</p><ul><li>c\nf</li></ul>"},
	    {"- a %% b\n- c %% d", "<ul><li>a %% b</li><li>c %% d</li></ul>"},
	    {"|%%|a|\n|-|-|\n|%% |b|", "<table><thead><tr><th>%%</th><th>a</th></tr></thead>"
				       "<tbody><tr><td>%%</td><td>b</td></tr></tbody></table>"},
	    {"a %%b\n1. c%% d", "<p>a %%b</p><ol><li>c%% d</li></ol>"},
	    {"Use %% in `printf(\"%%d\")`, or\n`%%`.",
		"<p>Use %% in <code>printf(&quot;%%d&quot;)</code>, or<code>%%</code>.</p>"},
	    {"%%c%%start a%%b%%c v2%%due%% ж%%ж%%ж", "<p>start ac v2 жж</p>"},
	    {"- item%%c%%\n- %%d%%two%%[[e]]%%", "<ul><li>item</li><li>two</li></ul>"},
	    {"|a|\n|-|\n|x%%c%%|", "<table><thead><tr><th>a</th></tr></thead>"
				   "<tbody><tr><td>x</td></tr></tbody></table>"},
	    {"## Head%%c%%", "<h2>Head</h2>"},
	    {"100%% sure and 50%%", "<p>100%% sure and 50%%</p>"},
	    {"100%%, not 50%%; 10%%-20%%", "<p>100%%, not 50%%; 10%%-20%%</p>"},
	    {"(%%a) or (%%b)\n'%%c' or '%%d'\n%s%%: %d%%",
		"<p>(%%a) or (%%b)\n'%%c' or '%%d'\n%s%%: %d%%</p>"},
	    {"`a%%b%%` for %%i in (*) do %%i", "<p><code>a%%b%%</code> for %%i in (*) do %%i</p>"},
	    {"{::comment}\na\n{:/comment}\nb {::nomarkdown}c{:/} {::options x=\"y\" /}",
		"<p>b c</p>"},
	    {"*[HTML]: Hyper Text\na", "<p>a</p>"},
	    {"<div markdown=\"1\">\n*a*\n</div>", "<div markdown=\"1\"><p><em>a</em></p></div>"},
	};

	(void)state;
	CHECK(pairs);
}

#define NOTES(n, text)                                                                               \
	"<section class=\"footnotes\" data-footnotes><ol><li id=\"fn-inline-note-" n "\"><p>" text   \
	" <a href=\"#fnref-inline-note-" n                                                           \
	"\" class=\"footnote-backref\" data-footnote-backref aria-label=\"Back to content\">↩</a>" \
	"</p></li></ol></section>"
#define MARKED(before, n, behind)                                                                  \
	"<p>" before "<sup class=\"footnote-ref\"><a href=\"#fn-inline-note-" n                    \
	"\" id=\"fnref-inline-note-" n "\" data-footnote-ref>" n "</a></sup>" behind "</p>"
#define NOTED(before, n, behind, text) MARKED(before, n, behind) NOTES(n, text)

static void test_notes(void **state)
{
	static const struct pair pairs[] = {
	    {"a^[b *c* `]` [d](/e)] f", NOTED("a", "1", " f",
					    "b <em>c</em> <code>]</code> "
					    "<a href=\"/e\">d</a>")},
	    {"a^[b ^[c d]]\n\n```\nopen ^[e f]", /* a note has none within */
		MARKED("a", "1", "") "<pre><code>open ^[e f]</code></pre>" NOTES("1", "b ^[c d]")},
	    {"a^[b c]\n\n> ```\n> open",
		MARKED("a", "1", "") "<blockquote><pre><code>open</code></pre></blockquote>" NOTES(
		    "1", "b c")},
	    {"a^[b c]\n\n- d\n\n  ```\n  open",
		MARKED("a", "1",
		    "") "<ul><li><p>d</p><pre><code>open\n\n</code></pre></li></ul>" NOTES("1",
		    "b c")},
	    {"^[0-9 -]* or x2^[2 3]", "<p>^[0-9 -]* or x2^[2 3]</p>"},
	    {"<!-- open\n\na^[b c]", "<!-- open\n\na^[b c]"},
	    {"^[a-z]+ ^[one] ^[1 2](#x) ^[a b][c] \\^[d e] `^[f g]` ^[never ends",
		"<p>^[a-z]+ ^[one] ^<a href=\"#x\">1 2</a> ^[a b][c] ^[d e] <code>^[f g]</code> "
		"^[never ends</p>"},
	};

	(void)state;
	CHECK(pairs);
}

static void test_headline(void **state)
{
	static const struct pair pairs[] = {
	    {"# The *big* \\`code\\` `x`", "The big `code` x"},
	    {"a\n\n## b\n\n   # C ##\n", "C"},
	    {"```\n# a\n```\n    # b\n\n<!--\n# c\n-->\n#d\n# e", "e"},
	    {"Two\nlines\n===\n", "Two lines"},
	    {"- a\n===\n", ""},
	    {"# {{ page.title }}\n# b {#c}", "b"},
	    {"# [a](b) ![c](d) [[e|f]] [^1]", "a f"},
	    {"<h1 align=\"center\"> <em>a</em> b</h1>", "a b"},
	    {"# ==a== <b>b</b> &amp; https://c.d", "a b & https://c.d"},
	    {"# Title%%todo%% %%and more%%", "Title"},
	    {"# Title^[a note]", "Title"},
	    {"# 100%% of $a_1$", "100%% of $a_1$"},
	    {"text only", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct arena arena = ARENA_INIT;
		struct headline headline = {SLICE_NONE, SLICE_NONE};

		markup_markdown.headline(slice_of(pairs[i].in), &arena, &headline);
		assert_string_equal(arena_string(&arena, headline.title), pairs[i].out);
		arena_free(&arena);
	}
}

static void repeat(struct buf *out, const char *s, size_t len)
{
	while (out->len + strlen(s) <= len)
		buf_puts(out, s);
}

static void check_limit(struct buf *body, const char *words)
{
	struct buf html = BUF_INIT;
	struct err err;

	assert_int_equal(render(buf_slice(body), &html, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_non_null(strstr(err.text, words));
	assert_int_equal(html.len, 0);
	buf_free(&html);
	buf_clear(body);
}

static void test_bounds(void **state)
{
	struct buf body = BUF_INIT, html = BUF_INIT;
	struct err err;

	(void)state;
	repeat(&body, "a ", MARKUP_BODY_MAX + 2);
	check_limit(&body, "larger than 256 KB");
	/* 5000 columns and short rows: each row is filled up. */
	repeat(&body, "|a", 10000);
	buf_putc(&body, '\n');
	repeat(&body, "|-", body.len + 10000);
	buf_putc(&body, '\n');
	repeat(&body, "|b\n", body.len + 30000);
	check_limit(&body, "needs more than 64 MB");
	repeat(&body, "![[]()", MARKUP_BODY_MAX);
	check_limit(&body, "\"![\"");
	repeat(&body, "a<?", MARKUP_BODY_MAX);
	check_limit(&body, "\"<?\"");
	repeat(&body, "- ", 60000);
	repeat(&body, "a\n\n", MARKUP_BODY_MAX);
	check_limit(&body, "deep");
	/* The next article is none the worse. */
	assert_int_equal(render(SLICE("*a*"), &html, &err), 0);
	assert_string_equal(buf_string(&html), "<p><em>a</em></p>\n");
	buf_free(&body);
	buf_free(&html);
}

/* Many short ones of what is costly are no reason to refuse. */
static void test_no_false_bounds(void **state)
{
	struct buf body = BUF_INIT, html = BUF_INIT;
	struct err err;

	(void)state;
	repeat(&body, "![a](b.png) [c](d)\n\n<?php a ?>\n\n    > > > 1. - deep\n\n", 200000);
	assert_int_equal(render(buf_slice(&body), &html, &err), 0);
	buf_free(&body);
	buf_free(&html);
}

/* Time grows with the length alone, whatever has no end. */
static void check_quick(struct buf *body)
{
	struct buf html = BUF_INIT;
	struct err err;
	clock_t start = clock();

	assert_int_equal(render(buf_slice(body), &html, &err), 0);
	assert_true(clock() - start < 2 * CLOCKS_PER_SEC);
	buf_free(&html);
	buf_clear(body);
}

static void test_time(void **state)
{
	struct buf body = BUF_INIT;

	(void)state;
	repeat(&body, "\\` %% \\`\n", MARKUP_BODY_MAX); /* a comment's begin, no end of one */
	check_quick(&body);
	repeat(&body, "^[", MARKUP_BODY_MAX * 2 / 3);
	repeat(&body, "]", MARKUP_BODY_MAX);
	check_quick(&body);
	repeat(&body, "](/a b) ", MARKUP_BODY_MAX);
	check_quick(&body);
	buf_free(&body);
}

static const char threaded[] = "# T {#t}\n\n~~a~~ https://a.b/ *c* "
			       "|\n\n|a|b|\n|-|-|\n|1|~~2~~|\n\n- [x] d\n\nx[^1]\n\n[^1]: y\n";

static void *thread_run(void *arg)
{
	struct buf *html = arg;
	struct err err;

	for (int i = 0; i < 200; i++) {
		buf_clear(html);
		if (render(slice_of(threaded), html, &err) < 0)
			return arg;
	}
	return NULL;
}

static void test_threads(void **state)
{
	struct buf html[4] = {BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT};
	pthread_t threads[4];
	void *failed;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, thread_run, &html[i]), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
		assert_string_equal(buf_string(&html[i]), buf_string(&html[0]));
	}
	assert_non_null(strstr(html[0].data, "<del>a</del>"));
	for (int i = 0; i < 4; i++)
		buf_free(&html[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_threads), /* first: nothing is registered yet */
	    cmocka_unit_test(test_common),
	    cmocka_unit_test(test_marks),
	    cmocka_unit_test(test_urls),
	    cmocka_unit_test(test_heading_ids),
	    cmocka_unit_test(test_attributes),
	    cmocka_unit_test(test_block_names),
	    cmocka_unit_test(test_image_widths),
	    cmocka_unit_test(test_callouts),
	    cmocka_unit_test(test_definitions),
	    cmocka_unit_test(test_mathematics),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_gone),
	    cmocka_unit_test(test_notes),
	    cmocka_unit_test(test_headline),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_no_false_bounds),
	    cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
