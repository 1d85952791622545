/* directive: Liquid, Hexo's tags. */
#include "tests/unit/directive_case.h"

static void test_values(void **state)
{
	(void)state;
	check("{{ page.title }}", "A &#42;Title&#42;");
	check_html("{{ page.title }}", "A *Title*");
	check("{{ site.url }}{{ site.baseurl }}/x", "https://example.org/blog/x");
	check("{{ site.url }}{{ page.url }}", "https://example.org/2024/one/");
	check("[a]({{ '/p q/' | relative_url }})", "[a](/blog/p%20q/)");
	check("[a]({{ \"x\" | absolute_url }})", "[a](https://example.org/blog/x)");
	check(
	    "{{ '/x' | prepend: site.baseurl | prepend: site.url }}", "https://example.org/blog/x");
	check("<a href=\"{{ '/x' | url }}\">", "<a href=\"/blog/x\">");
	check("{{ 'https://a.b/' | relative_url }}", "https://a.b/");
	check("{{ '**x**' | markdownify }} {{ \"aB\" | upcase | append: '!' }}", "**x** AB!");
	check("{{ \"{{\" }}{{ '}}' }} {{ '{%' }}", "{{}} {%");
	check("{{ nothing | default: 'd' }} {{ 'A Bc!' | slugify }}", "d a-bc");
	check("{{ 'a-b-a' | replace: 'a', 'x' | remove: '-' }}", "xbx");
	check("{{ '<b>' | escape }}", "&lt;b&gt;");
}

static void test_unknown_values(void **state)
{
	(void)state;
	check("a {{ some.thing }}b {{- x -}} c", "a bc");
	assert_int_equal(count_unknown("a.md", "{{ a }} {{ b | c: d }}"), 2);
	/* A link that begins with it leads nowhere. */
	check("[text *x*]({{ site.repo }}/y) b", "text *x* b");
	check("[r]: {{ site.repo }}/y\n", "[r]: #\n");
	check("<a href=\"{{ site.repo }}/y\">", "<a href=\"#\">");
	check("![i]({{ site.cdn }}/y.png)", "![i](/y.png)");
	/* No output, but somebody's braces. */
	check_same("{{ a: 1 }} {{ .Title }} {{= x }} {{\"a\": 1}}");
}

static void test_assign(void **state)
{
	(void)state;
	check("{% assign a = \"/img\" %}![]({{ a }}/x.png)", "![](/img/x.png)");
	check("{% assign a = site.unknown %}{{ a }}b", "b");
	check("{% assign a = 'x' %}{% assign a = unknown %}{{ a }}b", "b");
	check("{% capture t %}*n* {{ page.title }}{% endcapture %}<p>{{ t | markdownify }}</p>",
	    "<p>*n* A &#42;Title&#42;</p>");
	check("{% capture t %}\n*n*\n- m\n{% endcapture %}\n<div>{{ t | markdownify }} </div>\n",
	    "\n<div>\n\n\n*n*\n- m\n\n\n</div>\n");
	check("{% set a = 'x' %}{{ a }}{% set b %}y{% endset %}{{ b }}", "xy");
	check("{% assign u = page.title %}{{ u }}", "A &#42;Title&#42;");
	assert_int_equal(count_unknown("a.md", "{% assign a = b %}{% assign c = 'd' %}"), 0);
}

static void test_branches(void **state)
{
	(void)state;
	check("a {# b\n{{ x }} #}c {#- d -#}", "a c ");
	check_same("## A {#id} `{# b #}` {#} {# never closed");
	check("{% if a %}A{% elsif b %}B{% else %}C{% endif %}d", "Ad");
	check("{% unless a %}A{% else %}B{% endunless %}", "A");
	check("{% if a %}A{% if b %}B{% else %}C{% endif %}D{% else %}E{% endif %}", "ABD");
	check("{% case x %} {% when 1 %}A{% when 2 %}B{% else %}C{% endcase %}", " A");
	check("a{% comment %} {{ x }} {% if %} {% endcomment %}b{%- # c -%}", "ab");
	/* What goes anyway is nothing to complain of. */
	assert_int_equal(count_unknown("a.md", "{% if a %}A{% else %}{{ x }}{% endif %}"), 0);
	/* Never closed: all stays. */
	check("{% if a %}A{% else %}B", "AB");
	check("{% capture a %}A", "A");
}

static void test_loops(void **state)
{
	(void)state;
	check("{% for i in (1..3) %}{{ i }},{% endfor %}", "1,2,3,");
	check("{% assign l = \"a|b\" | split: \"|\" %}{% for i in l %}[{{ i }}]{% endfor %}",
	    "[a][b]");
	check("{% for i in (1..2) %}{% for j in (1..2) %}{{ i }}{{ j }} {% endfor %}{% endfor %}",
	    "11 12 21 22 ");
	/* Items that nobody knows: without them the text says nothing. */
	check("a{% for p in site.posts %}- {{ p.title }}{% endfor %}b", "ab");
	check("{% for p in site.posts %}text{% else %}none{% endfor %}", "text");
	assert_int_equal(
	    count_unknown("a.md", "{% for p in x %}{{ p.a }}{{ p.b }}{% endfor %}"), 1);
}

static void test_raw(void **state)
{
	(void)state;
	check("{% raw %}{{ x }} {% y %}{% endraw %} {{ z }}b", "{{ x }} {% y %} b");
	check("{% raw %}`{{ x }}`{% endraw %}", "`{{ x }}`");
	check("`{% raw %}{{ x }}{% endraw %}` {{ x }}b", "`{{ x }}` b");
	check("[`{% raw %}{% highlight %}{% endraw %}`, `{% raw %}{% raw %}{% endraw %}`]",
	    "[`{% highlight %}`, `{% raw %}`]");
	check("```\n{% raw %}\n{{ x }}\n{% endraw %}\n```\n", "```\n{{ x }}\n```\n");
	check("{% raw %}\n```\n{{ x }} [[y]]\n```\n{% endraw %}\n{{ x }}b\n",
	    "\n```\n{{ x }} [[y]]\n```\n\nb\n");
	check_html("<pre>{% raw %}{{ x }}{% endraw %}</pre>", "<pre>{{ x }}</pre>");
	/* A word about the tags. */
	check_same("`{% raw %}` and `{% endraw %}` are tags");
	check("{% raw %} alone", " alone");
}

static void test_highlight(void **state)
{
	(void)state;
	check("{% highlight ruby linenos %}\nputs \"*\" <<a\n\nend\n{% endhighlight %}\ntext\n",
	    "<pre><code class=\"language-ruby\">puts &quot;&#42;&quot; &lt;&lt;a&#10;&#10;end"
	    "</code></pre>\n\ntext\n");
	check("- i\n  {% highlight c %}\n  x;\n    y;\n  {% endhighlight %}\n",
	    "- i\n  <pre><code class=\"language-c\">x;&#10;  y;</code></pre>\n");
	check("{% highlight liquid %}{% raw %}{{ x }}{% endraw %}{% endhighlight %}",
	    "<pre><code class=\"language-liquid\">&#123;&#123; x &#125;&#125;</code></pre>");
	check_html("{% highlight c %}\na\nb{% endhighlight %}",
	    "<pre><code class=\"language-c\">a\nb</code></pre>");
	check("{% codeblock A title lang:js http://x.y %}\nf()\n{% endcodeblock %}",
	    "<pre><code class=\"language-js\">f()</code></pre>");
	check("{% codeblock %}\nf()\n{% endcodeblock %}", "<pre><code>f()</code></pre>");
	check("{% codeblock %}{%} {% raw %}{%}{% endraw %}{% endcodeblock %}",
	    "<pre><code>&#123;%&#125; &#123;%&#125;</code></pre>");
}

static void test_links(void **state)
{
	(void)state;
	check("[a]({% link _posts/x.md %}#h)", "[a](https://example.org/p/_posts/x.md#h)");
	check("[a]({% post_url 2024-01-02-x %})", "[a](https://example.org/p/2024-01-02-x)");
	check("[a]({{ site.baseurl }}{% post_url x %})", "[a](https://example.org/p/x)");
	check("[a]({{ site.url }}{{ site.baseurl }}{% link x.md %}#f)",
	    "[a](https://example.org/p/x.md#f)");
	check(
	    "[a]({{ site.baseurl }}{% link no-f.pdf %})", "[a](https://example.org/blog/no-f.pdf)");
	check("[a]({{ site.baseurl }}{% post_url no-such %}) b", "a b");
	check("[a]: {{ site.nobody }}/x/{{ n }}\nb", "[a]: #\nb");
	check("{{ site.baseurl }} {% post_url x %}", "/blog https://example.org/p/x");
	check("[a *b*]({% post_url no-such %} \"t\") c", "a *b* c");
	check("[two\nlines]({% post_url no-such %}) c", "two\nlines c");
	check("<a href=\"{% link no-such.md %}\">", "<a href=\"#\">");
	check("{% link no-files/a.png %}", "https://example.org/blog/no-files/a.png");
	check("{% post_link slug A title %}|{% post_link no-such 'T x' %}|{% post_link no-such %}",
	    "<a href=\"https://example.org/p/slug\">A title</a>|T x|no-such");
	check("{% link My site https://a.b/ external %}", "<a href=\"https://a.b/\">My site</a>");
	check("![]({% asset_path a.png %}) <a href=\"{% asset_path 'b c.pdf' %}\">",
	    "![](a.png) <a href=\"b%20c.pdf\">");
}

static void test_includes(void **state)
{
	(void)state;
	check("{% include figure.html src=\"{{ site.baseurl }}/a b.png\" caption=\"c\" alt='x' %}",
	    "<figure><img src=\"/blog/a%20b.png\" alt=\"x\"><figcaption>c</figcaption></figure>");
	check("{% include components/image.html path=\"a.png\" width=\"30\" %}",
	    "<img src=\"a.png\" alt=\"\" width=\"30\">");
	check("{% include youtube.html id='abc' title=\"T\" %}",
	    "<a href=\"https://www.youtube.com/watch?v=abc\">T</a>");
	check("{% include alert.html type=\"tip\" content=\"Do *it*\" %}",
	    "<blockquote><p><strong>Tip</strong></p>\n\nDo *it*\n\n</blockquote>");
	check("a {% include nobody.html x=y %}b {% include toc.html %}c", "a b c");
	assert_int_equal(count_unknown("a.md", "{% include nobody.html %}"), 1);
	assert_int_equal(count_unknown("a.md", "{% include toc.html %}"), 0);
}

/* Addresses below the site's root, not below the article. */
static void test_figures(void **state)
{
	(void)state;
	check("{% include figure image_path=\"assets/u v.jpg\" alt=\"a\" %}",
	    "<figure><img src=\"https://example.org/blog/assets/u%20v.jpg\" alt=\"a\"></figure>");
	check("{% include figure.liquid path=\"assets/8.jpg\" class=\"img-fluid\" %}",
	    "<figure><img src=\"https://example.org/blog/assets/8.jpg\" alt=\"\"></figure>");
	check("{% include figure url=\"a/big.jpg\" image_path=\"https://a.b/c.jpg\" %}",
	    "<figure><a href=\"https://example.org/blog/a/big.jpg\"><img "
	    "src=\"https://a.b/c.jpg\" alt=\"\"></a></figure>");
	check("{% include figure.html src=\"/a.jpg\" %}",
	    "<figure><img src=\"/a.jpg\" alt=\"\"></figure>");
	check("{% include figure.html src=\"./a.jpg\" %}",
	    "<figure><img src=\"./a.jpg\" alt=\"\"></figure>");
}

static void test_hexo(void **state)
{
	(void)state;
	check("{% img cls /a.png 30 40 '\"T\" \"A\"' %}",
	    "<img src=\"/a.png\" alt=\"A\" title=\"T\" width=\"30\" height=\"40\">");
	check("{% asset_img a.png A title %}",
	    "<img src=\"a.png\" alt=\"A title\" title=\"A title\">");
	check("{% image \"./a.png\", \"A\", \"100vw\" %}", "<img src=\"./a.png\" alt=\"A\">");
	check("{% img a.png \"T\" \"A\" %}", "<img src=\"a.png\" alt=\"A\" title=\"T\">");
	check("{% blockquote Seth Godin, Book http://a.b/c Site %}q{% endblockquote %}",
	    "<blockquote>\n\nq\n\n<footer>Seth Godin, <cite><a href=\"http://a.b/c\">Site</a>"
	    "</cite></footer></blockquote>\n\n");
	check("{% note info %}x{% endnote %}",
	    "<blockquote><p><strong>Info</strong></p>\n\nx\n\n</blockquote>\n\n");
	check("{% youtube abc %}{% vimeo 1 %}{% gist 12ab f.c %}{% hackmd x_y %}",
	    "<a "
	    "href=\"https://www.youtube.com/watch?v=abc\">https&#58;//www.youtube.com/watch?v=abc"
	    "</a><a href=\"https://vimeo.com/1\">https&#58;//vimeo.com/1</a>"
	    "<a href=\"https://gist.github.com/12ab\">f.c</a>"
	    "<a href=\"https://hackmd.io/x_y\">https&#58;//hackmd.io/x&#95;y</a>");
	check_html("{% tabs T %}<!-- tab One -->a<!-- endtab -->{% endtabs %}<!-- tab Two -->",
	    "<div><p><strong>One</strong></p>a</div><!-- tab Two -->");
	check("{% nobody a b %}x{% endnobody %}y", "xy");
	check("{% iframe https://a.b/ 3 4 %}", "<a href=\"https://a.b/\">https&#58;//a.b/</a>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_unknown_values),
	    cmocka_unit_test(test_assign),
	    cmocka_unit_test(test_branches),
	    cmocka_unit_test(test_loops),
	    cmocka_unit_test(test_raw),
	    cmocka_unit_test(test_highlight),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_includes),
	    cmocka_unit_test(test_figures),
	    cmocka_unit_test(test_hexo),
	};

	return cmocka_run_group_tests_name("directive_liquid", tests, NULL, NULL);
}
