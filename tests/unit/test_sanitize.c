/* sanitize: what reaches a feed of any HTML, and what does not. */
#include <time.h>

#include "feeds/markup/htmltag.h"
#include "tests/unit/sanitize_case.h"

static void test_elements(void **state)
{
	static const struct pair pairs[] = {
	    {"<p>a <b>b</b> <em>c</em></p>", "<p>a <b>b</b> <em>c</em></p>"},
	    {"plain & text < 1 > 0 \"q\"", "plain &amp; text &lt; 1 &gt; 0 &quot;q&quot;"},
	    {"<p>a<p>b", "<p>a</p><p>b</p>"},
	    {"\n <h1>The Title</h1>\n\n<p>a</p>\n<script>x</script>\n<pre>b\n\nc</pre>\n",
		"<p>a</p>\n<pre>b\n\nc</pre>\n"},
	    {"<b>a</b>\n\n<b>b</b> <b>c</b>", "<b>a</b>\n<b>b</b> <b>c</b>"},
	    {"<b><i>x</b></i>", "<b><i>x</i></b>"},
	    {"</p></div>x</body></html>y", "xy"},
	    {"<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"},
	    {"a<br>b<br/>c<hr>d<wbr>e", "a<br>b<br>c<hr>d<wbr>e"},
	    {"<P CLASS=x ID=y>X</P>", "<p id=\"y\">X</p>"},
	    {"<made-up onclick=x>a</made-up><font color=red>b</font>", "ab"},
	    {"<main>a</main><center>b</center><tt>c</tt>",
		"<div>a</div><div>b</div><code>c</code>"},
	    {"<p>a<figure>b</figure>", "<p>a</p><figure>b</figure>"},
	    {"<p>a<hr>b", "<p>a</p><hr>b"},
	    {"<table><tr><td colspan=2 width=50 bgcolor=red>x<th scope=row>y</table>",
		"<table><tr><td colspan=\"2\" width=\"50\">x</td><th "
		"scope=\"row\">y</th></tr></table>"},
	    {"<ol start=3 reversed type=a><li value=7>x</ol>",
		"<ol start=\"3\" reversed=\"\" type=\"a\"><li value=\"7\">x</li></ol>"},
	    {"<ruby>a<rp>(</rp><rt>b</rt></ruby>", "<ruby>a<rp>(</rp><rt>b</rt></ruby>"},
	    {"<math><mfrac><mi>x</mi><mn>2</mn></mfrac><annotation>x/2</annotation></math>",
		"<math><mfrac><mi>x</mi><mn>2</mn></mfrac></math>"},
	    {"<details open><summary>s</summary>d</details>",
		"<details open=\"\"><summary>s</summary>d</details>"},
	    {"<pre><code class=\"language-c hl\">int\n  x;</code></pre>",
		"<pre><code class=\"language-c hl\">int\n  x;</code></pre>"},
	    {"<time datetime=2024-01-02>x</time><abbr title='a \"b\"'>y</abbr>",
		"<time datetime=\"2024-01-02\">x</time><abbr title=\"a &quot;b&quot;\">y</abbr>"},
	    {"<li><input type=checkbox checked disabled> a <input type=\"checkbox\"> b"
	     "<input value=c><select><option>d</select><button>e</button><textarea>f</textarea>",
		"<li>☑ a ☐ b</li>"},
	    {"<form action=x><label>a</label></form>", "a"},
	    {"<span class=katex>a<span class=\"katex-html x\">b<span>c</span></span>d</span>",
		"<span class=\"katex\">ad</span>"},
	    {"<table><tr><td class=gutter><pre>1</pre><td>x<td class=gutter>2</td><td>y</table>",
		"<table><tr><td>x</td><td>y</td></tr></table>"},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_entities(void **state)
{
	static const struct pair pairs[] = {
	    {"&copy; &nbsp;&#8211;&#x2014; &eacute;", "© \xc2\xa0–— é"},
	    {"&check; &hearts; &lbrace;&fflig;", "✓ ♥ {ﬀ"},
	    {"&copy 2020 &nbspx &unknown; AT&T &amp;copy;",
		"© 2020 &amp;nbspx &amp;unknown; AT&amp;T &amp;copy;"},
	    {"&lt;script&gt;&quot;&#39;&apos;", "&lt;script&gt;&quot;''"},
	    {"it&#146;s &#128;5 &#x85;", "it’s €5 …"},
	    {"a&#1;b&#xFFFE;c&#xD800;d&#0;e\x7f", "abcde"},
	    {"<a href='/?a=1&copy=2&amp;b=3'>x</a>",
		"<a href=\"https://example.com/?a=1&amp;copy=2&amp;b=3\">x</a>"},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_dropped(void **state)
{
	static const struct pair pairs[] = {
	    {"a<script>if (a<b) '</p>'</script>b", "ab"},
	    {"a<style>p{}</style>b<template><p>c</p></template>d", "abd"},
	    {"a<svg><title>b</title><a>c</a><svg>d</svg></svg>e", "ae"},
	    {"a<svg/>b<svg>c", "abc"}, /* nobody closed the second */
	    {"a<script>b", "a"},
	    {"<object data=x.swf><param name=a><p>fallback</p></object>", "<p>fallback</p>"},
	    {"<link rel=stylesheet href=x><meta charset=x><title>t</title>a", "a"},
	    {"<!-- c -->a<!-->b<!--->c<!-- d --!>e<?php f ?>g<!doctype html>h<![CDATA[i]]>j",
		"abceghj"},
	    {"a<!-- b", "a"},
	    {"<canvas>a</canvas><map><area href=x></map>", "a"},
	    {"<span class=\"x sr-only\">a</span>b", "b"},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_hidden(void **state)
{
	static const struct pair pairs[] = {
	    {"<div hidden><p>a</p><div>b</div></div>c", "c"},
	    {"<p HIDDEN=\"\">a<p>b", "<p>b</p>"},
	    {"<ul><li hidden=hidden>a<li>b</ul>", "<ul><li>b</li></ul>"},
	    {"<p hidden>a<div>b</div>", "<div>b</div>"},
	    {"<p>a<span hidden>b</p><p>c <span>d</span></p>", "<p>a</p><p>c <span>d</span></p>"},
	    {"<span hidden><p>a<div>b</div></span>c", "c"},
	    {"<p hidden>a<b>b</b><hr>c</p>d", "<hr>cd"},
	    {"<dl><dt hidden>a<dd>b</dl>", "<dl><dd>b</dd></dl>"},
	    {"<table><tr><th hidden>a<td>b<tr hidden><td>c<td>d<tr><td>e</table>",
		"<table><tr><td>b</td></tr><tr><td>e</td></tr></table>"},
	    {"<p>a<br hidden>b<img hidden src=x>c</p>", "<p>abc</p>"},
	    {"<p><span hidden/>a</p>", "<p>a</p>"},
	    {"<p hidden=until-found>a</p><p hidden=\"Until-Found\">b</p>", "<p>a</p><p>b</p>"},
	    {"<span aria-hidden=true>a</span>", "<span>a</span>"},
	    {"<body hidden style='display:none'><p>a</p>", "<p>a</p>"},
	    {"<div hidden>a", "a"}, /* nobody closed it */
	    {"<img style='display:none' data-src=a><noscript><img src=b></noscript>",
		"<img src=\"" PAGE "a\">"},
	    {"<p style=\"color: red; x: 'a; display: none\">a</p>",
		"<p style=\"color: red\">a</p>"},
	    {"<p style='display:none'>a</p>b", "b"},
	    {"<p style='color : red ; DISPLAY : None ! important;'>a</p>b", "b"},
	    {"<p style=\"\n display\t:\n none !IMPORTANT\">a</p>b", "b"},
	    {"<p style='display:none;display:block'>a</p>", "<p>a</p>"},
	    {"<p style='display:none!important;display:block'>a</p>b", "b"},
	    {"<p style='display:inline;display:none'>a</p>b", "b"},
	    {"<p style='x-display:none'>a</p>", "<p>a</p>"},
	    {"<p style='display:nonesuch'>a</p>", "<p>a</p>"},
	    {"<p style='display'>a</p>", "<p>a</p>"},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_attacks(void **state)
{
	static const struct pair pairs[] = {
	    {"<img src=x onerror=alert(1)>", "<img src=\"" PAGE "x\">"},
	    {"<p/onclick=alert(1)>x", "<p>x</p>"},
	    {"<svg onload=alert(1)>", ""},
	    {"<svg><p><style><img src=x onerror=1></style></svg>", ""},
	    {"<math><mtext><table><mglyph><style><img src=x onerror=1>",
		"<math><mtext><table></table></mtext></math>"},
	    {"<abbr title=\"&quot;><img src=x onerror=1>\">x</abbr>",
		"<abbr title=\"&quot;&gt;&lt;img src=x onerror=1&gt;\">x</abbr>"},
	    {"<abbr title='\"><img src=x onerror=1>'>x</abbr>",
		"<abbr title=\"&quot;&gt;&lt;img src=x onerror=1&gt;\">x</abbr>"},
	    {"<abbr title=`x` y=\"z>w</abbr>", "&lt;abbr title=`x` y=&quot;z&gt;w"},
	    {"<noscript><p title=\"</noscript><img src=x onerror=1>\"></noscript>x", "x"},
	    {"<img data-src><noscript><p title=\"</noscript><img src=x onerror=1>\">y</noscript>x",
		"<p title=\"&lt;/noscript&gt;&lt;img src=x onerror=1&gt;\">y</p>x"},
	    {"<p style=\"color:expression(alert(1))\">x</p>", "<p>x</p>"},
	    {"<p style=\"color:red\\3b;background:url(javascript:x)\">x</p>", "<p>x</p>"},
	    {"<p style=\"background-image:url(javascript:x);color:re/**/d\">x</p>", "<p>x</p>"},
	    {"<p style='background-image:url(\"x\\\");color:red'>x</p>", "<p>x</p>"},
	    {"<scr<script>ipt>alert(1)</script>x", "ipt&gt;alert(1)x"},
	    {"<<script>alert(1)//<</script>x", "&lt;x"},
	    {"<!--<img src=\"--><img src=x onerror=1>\">", "<img src=\"" PAGE "x\">&quot;&gt;"},
	    {"<xmp><img src=x></xmp><plaintext><b>y", "<b>y</b>"},
	    {"<base href=https://evil.example/><a href=x>y</a>", "<a href=\"" PAGE "x\">y</a>"},
	    {"<meta http-equiv=refresh content=0;url=x><a target=_blank ping=x href=y>z</a>",
		"<a href=\"" PAGE "y\">z</a>"},
	    {"<a href=x><a href=y>z</a></a>",
		"<a href=\"" PAGE "x\"></a><a href=\"" PAGE "y\">z</a>"},
	    {"<embed src=x.swf><applet code=y>z</applet>", "z"},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_anchors(void **state)
{
	static const struct pair pairs[] = {
	    {"<h2 id=x>T<a class=\"header-anchor\" href=\"#x\">#</a></h2>", "<h2 id=\"x\">T</h2>"},
	    {"<h2><a href=#x aria-hidden=true><svg><path></svg></a>T</h2>", "<h2>T</h2>"},
	    {"<h2>T <a href=#x>¶</a></h2>", "<h2>T </h2>"},
	    {"<h2><a class=anchor href=#x>T</a></h2>", "<h2><a href=\"" PAGE "#x\">T</a></h2>"},
	    {"<p>x<a href=#fn>#</a></p>", "<p>x<a href=\"" PAGE "#fn\">#</a></p>"},
	    {"<a name=top><p>x <a href=y>z</a>",
		"<a id=\"top\"></a><p>x <a href=\"" PAGE "y\">z</a></p>"},
	    {"<a id=x/>y<div/>z", "<a id=\"x/\"></a>y<div></div>z"},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_title(void **state)
{
	static const struct pair pairs[] = {
	    {"<h1>The  Title</h1><p>x</p>", "<p>x</p>"},
	    {"<div><img src=a><h1 id=t><b>The</b> Title<a href=#t>#</a></h1></div>x",
		"<div><img src=\"" PAGE "a\"></div>x"},
	    {"<p>x</p><h1>The Title</h1>", "<p>x</p><h1>The Title</h1>"},
	    {"<h1>Another</h1><h1>The Title</h1>", "<h1>Another</h1><h1>The Title</h1>"},
	    {"<h1>The Title</h1><h1>The Title</h1>", "<h1>The Title</h1>"},
	    {"<h2>The Title</h2>", "<h2>The Title</h2>"},
	    {"<h1>the title</h1>x", "x"},
	    {"<h1>The Titles</h1>", "<h1>The Titles</h1>"},
	    {"<h1>The<h1>Title</h1>x", "<h1>The<h1>Title</h1>x</h1>"},
	};
	struct markup_result result = {.html = BUF_INIT};

	(void)state;
	CHECK(pairs, false);
	assert_int_equal(
	    sanitize("<h1>“It’s” – so…</h1>x", "\"It's\" -- so...", false, &result), 0);
	assert_string_equal(buf_string(&result.html), "x");
	buf_clear(&result.html);
	assert_int_equal(
	    sanitize("<h1><em>The</em> <code>a_b</code></h1>x", "*The* `a_b`", false, &result), 0);
	assert_string_equal(buf_string(&result.html), "x");
	buf_free(&result.html);
}

static void test_more(void **state)
{
	static const struct {
		const char *html, *before; /* NULL: no mark */
	} cases[] = {
	    {"<p>a</p><!-- more --><p>b</p>", "<p>a</p>"},
	    {"<p>a</p><!--more--><!-- more -->b", "<p>a</p>"},
	    {"a<!-- MORE -->", "a"},
	    {"a<!--more Read on-->b", "a"},
	    {"a<!-- more of this later -->b", NULL},
	    {"a<!--excerpt-->b", "a"},
	    {"a<!-- truncate -->b", "a"},
	    {"a<!-- END_SUMMARY -->b", "a"},
	    {"a<!-- PELICAN_END_SUMMARY -->b", "a"},
	    {"a<!--readmore-->b", "a"},
	    {"a<!-- excerpt-end -->b", "a"},
	    {"a<!-- TEASER_END -->b", "a"},
	    {"<div>a<!-- more --></div>", "<div>a"},
	    {"a<!-- anymore -->b<!---->c", NULL},
	    {"<!-- more -->a", ""},
	    {"<h1>The Title</h1><!-- more -->a", ""},
	    {"<p>a</p><h1>b<!-- more --></h1>", "<p>a</p><h1>b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct markup_result result = {.html = BUF_INIT};

		assert_int_equal(sanitize(cases[i].html, "The Title", false, &result), 0);
		assert_null(
		    slice_find(buf_slice(&result.html), 0, "<!--") < result.html.len ? "" : NULL);
		if (!cases[i].before) {
			assert_int_equal(result.more, SIZE_MAX);
		} else {
			assert_true(result.more <= result.html.len);
			assert_true(slice_equal_str(
			    slice_make(result.html.data, result.more), cases[i].before));
		}
		buf_free(&result.html);
	}
}

static void test_page(void **state)
{
	static const struct pair pairs[] = {
	    {"<!doctype html><html><head><title>t</title><style>s</style></head><body><nav>n</nav>"
	     "<main><p>x</p></main><footer>f</footer></body></html>",
		"<p>x</p>"},
	    {"<body><header>h</header><main>m<article><p>x</p></article></main>", "<p>x</p>"},
	    {"<body><div>y<div role=main>x<div>z</div></div>w</div></body>", "x<div>z</div>"},
	    {"<html><body><p>x</p><aside>a</aside><form>f</form><dialog>d</dialog></body></html>",
		"<p>x</p>"},
	    {"<html><p>x</p>", "<p>x</p>"},
	    {"<article><header><h1>The Title</h1><p>by me</p></header>x</article>y", "x"},
	    {"<article><header><figure><img src=a></figure><h1>The Title</h1></header>x</article>",
		"<header><figure><img src=\"" PAGE "a\"></figure></header>x"},
	    {"<body><div id=nav>n</div><ul class=\"site-nav\"><li>n</ul><p class=has-nav>x</body>",
		"<p>x</p>"},
	    {"<article>x<div class=\"post-share\">s</div><ul class=social-links><li>t</ul>"
	     "<div class=\"no-sidebar\">y</div><span class=hljs-comments>z</span>"
	     "<div id=comments>c</div></article>",
		"x<div>y</div><span class=\"hljs-comments\">z</span>"},
	    /* cards that lead elsewhere */
	    {"<body><main><p>long enough to be the thing itself</p><article>a</article>"
	     "<article>b</article></main>",
		"<p>long enough to be the thing "
		"itself</p><article>a</article><article>b</article>"},
	    /* places that a script fills */
	    {"<body><div class=post><p>The whole text.</p></div><article id=comments> "
	     "<script>load()</script></article></body>",
		"<div><p>The whole text.</p></div>"},
	    {"<body><main> </main><div role=main><p>x</p></div></body>", "<p>x</p>"},
	    {"<body><main><p>long enough</p><article>a</article><article></article></main>", "a"},
	    {"<body><article hidden>all that is not to be seen</article><article>a</article>", "a"},
	    {"<body><div hidden><main>m</main><div role=main>n</div></div><p>a</p>", "<p>a</p>"},
	    {"<body><p hidden>a<main>m</main>", "m"},
	    {"<body><header>h</header><div style='display:none' id=app><p>a</p></div>",
		"<div id=\"app\"><p>a</p></div>"},
	    {"<body><div hidden>a</div><img src=b></body>", "<img src=\"" PAGE "b\">"},
	    {"<body><article>cookies</article><main><p>the thing itself</p></main>",
		"<p>the thing itself</p>"},
	    {"<body><main>m</main><article>the thing itself</article>", "the thing itself"},
	    {"<body><p>y</p><article><img src=a></article>", "<img src=\"" PAGE "a\">"},
	    {"<body><p>y</p><main><video src=a></video></main>",
		"<video src=\"" PAGE "a\" controls=\"\"></video>"},
	    {"<html><head><base href=/b/></head><body><a href=x>y</a>",
		"<a href=\"https://example.com/b/x\">y</a>"},
	    {"<html><head><base href=javascript:></head><body><a href=x>y</a>",
		"<a href=\"" PAGE "x\">y</a>"},
	    /* no page: taken whole */
	    {"<nav>n</nav><p>x</p><footer>f</footer><form>g</form>",
		"<nav>n</nav><p>x</p><footer>f</footer>g"},
	    {"<p>a</p><article>b</article>", "<p>a</p><article>b</article>"},
	    {"<script>'<body>'</script><p>x</p><nav>y</nav>", "<p>x</p><nav>y</nav>"},
	};

	(void)state;
	CHECK(pairs, true);
}

static void test_bounds(void **state)
{
	struct markup_result result = {.html = BUF_BOUNDED(64)};
	struct buf html = BUF_INIT;

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_puts(&html, "<p>x</p>");
	assert_int_equal(sanitize(buf_string(&html), "", false, &result), -1);
	assert_int_equal(result.html.len, 0);
	buf_free(&result.html);
	buf_free(&html);
}

/* Deep, wide and unclosed: text stays, tags are bounded, and time is linear. */
static void test_hostile(void **state)
{
	static const struct {
		const char *open, *close;
		size_t times;
	} cases[] = {
	    {"<div>", "", 100000},
	    {"<div>", "</div>", 100000},
	    {"<a href=x>", "", 100000},
	    {"<b>", "</i>", 100000},
	    {"<i><div></i>", "</div>", 50000},
	    {"<p a", " b", 100000},
	    {"<svg>", "", 100000},
	    {"<!--", "", 100000},
	    {"<a b='", "\"", 100000},
	    {"<ul><li>", "", 100000},
	    {"<font><p>", "", 100000},
	    {"&notanentity;", "", 50000},
	    {"<header>", "", 100000},
	    {"<x", "", 100000},
	    {"<", "", 100000},
	    {"<h1>", "", 100000},
	    {"<u>", "<div></u></div>", 60000},
	    {"<table><tr><td>", "", 50000},
	    {"<template>", "</template>", 50000},
	    {"<p title=x x", " y=1", 50000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct markup_result result = {.html = BUF_INIT};
		struct buf html = BUF_INIT;
		clock_t start, used;

		buf_puts(&html, "before ");
		for (size_t n = 0; n < cases[i].times; n++)
			buf_puts(&html, cases[i].open);
		buf_puts(&html, "inside");
		for (size_t n = 0; n < cases[i].times; n++)
			buf_puts(&html, cases[i].close);
		start = clock();
		assert_int_equal(sanitize(buf_string(&html), "", i % 2 == 0, &result), 0);
		used = clock() - start;
		assert_true(slice_starts(buf_slice(&result.html), "before "));
		/* Quadratic would be minutes; this leaves room for a sanitizer's build. */
		assert_true(used < 10 * CLOCKS_PER_SEC);
		buf_free(&result.html);
		buf_free(&html);
	}
}

static void test_depth(void **state)
{
	struct markup_result result = {.html = BUF_INIT};
	struct buf html = BUF_INIT;
	size_t opened = 0;

	(void)state;
	for (int i = 0; i < 5000; i++)
		buf_puts(&html, "<div>");
	buf_puts(&html, "inside");
	assert_int_equal(sanitize(buf_string(&html), "", false, &result), 0);
	for (size_t at = 0;
	     (at = slice_find(buf_slice(&result.html), at, "<div>")) < result.html.len; at++)
		opened++;
	assert_int_equal(opened, 100);
	assert_true(slice_find(buf_slice(&result.html), 0, "inside</div>") < result.html.len);
	buf_free(&result.html);
	buf_free(&html);
}

/* The tables are searched by halves: a row out of order would not be found. */
static void test_tables(void **state)
{
	static const char *const elements =
	    "a abbr acronym address annotation annotation-xml applet area article aside audio b "
	    "base "
	    "basefont bdi bdo big blockquote body br button canvas caption center cite code col "
	    "colgroup datalist dd del details dfn dialog dir div dl dt em embed fieldset "
	    "figcaption "
	    "figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i "
	    "iframe "
	    "img input ins kbd label legend li link listing main mark math menclose menu merror "
	    "meta "
	    "mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms "
	    "mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover nav nobr "
	    "noembed noframes noscript object ol optgroup option p param picture plaintext pre q "
	    "rb "
	    "rp rt rtc ruby s samp script section select semantics small source span strike strong "
	    "style sub summary sup svg table tbody td template textarea tfoot th thead time title "
	    "tr "
	    "track tt u ul var video wbr xmp ";
	static const char *const attributes =
	    "abbr accent align alt alttext aria-hidden background border checked cite class "
	    "colspan "
	    "columnalign controls data data-lazy-src data-lazy-srcset data-original data-poster "
	    "data-src data-srcset datetime default dir display displaystyle fence headers height "
	    "hidden href "
	    "hreflang id kind label lang linethickness longdesc loop lspace mathvariant media "
	    "muted "
	    "name open poster rel reversed rowspan rspace scope separator sizes span src srclang "
	    "srcset start stretchy style title type valign value width ";
	struct slice rest = slice_of(elements);

	(void)state;
	while (rest.len > 0) {
		size_t end = slice_find_byte(rest, 0, ' ');

		assert_non_null(htmltag_find(slice_sub(rest, 0, end)));
		rest = slice_from(rest, end + 1);
	}
	rest = slice_of(attributes);
	while (rest.len > 0) {
		size_t end = slice_find_byte(rest, 0, ' ');

		assert_non_null(htmlattr_find(slice_sub(rest, 0, end)));
		rest = slice_from(rest, end + 1);
	}
	assert_null(htmltag_find(SLICE("made-up")));
	assert_null(htmltag_find(SLICE("")));
	assert_null(htmltag_find(SLICE("blockquoteblockquote")));
	assert_null(htmlattr_find(SLICE("onclick")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_elements),
	    cmocka_unit_test(test_entities),
	    cmocka_unit_test(test_dropped),
	    cmocka_unit_test(test_hidden),
	    cmocka_unit_test(test_attacks),
	    cmocka_unit_test(test_anchors),
	    cmocka_unit_test(test_title),
	    cmocka_unit_test(test_more),
	    cmocka_unit_test(test_page),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
