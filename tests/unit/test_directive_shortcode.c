/* directive: shortcodes of Hugo and Zola. */
#include "tests/unit/directive_case.h"

static void test_figures(void **state)
{
	(void)state;
	check("{{< figure src=\"a b.png\" alt=\"x \\\"y\\\"\" caption=\"By *me* [x](y)\" >}}",
	    "<figure><img src=\"a%20b.png\" alt=\"x &quot;y&quot;\"><figcaption>\n\n"
	    "By *me* [x](y)\n\n</figcaption></figure>");
	check("{{< figure src=a.png title=\"T\" attr=\"Me\" attrlink=\"https://m.e/\" link=\"/l\" "
	      ">}}",
	    "<figure><a href=\"/l\"><img src=\"a.png\" alt=\"\"></a><figcaption><strong>T</strong> "
	    "<a href=\"https://m.e/\">Me</a></figcaption></figure>");
	check("{{< img \"a.png\" \"alt <t>\" />}}", "<img src=\"a.png\" alt=\"alt &lt;t&gt;\">");
	check("{{% image src='a.png' width=\"30px\" height=\"50%\" %}}",
	    "<img src=\"a.png\" alt=\"\" width=\"30\">");
	assert_int_equal(count_unknown("a.md", "{{< figure caption=x >}}"), 1);
}

static void test_services(void **state)
{
	(void)state;
	check("{{< youtube w7Ft2ymGmfc >}}",
	    "<a href=\"https://www.youtube.com/watch?v=w7Ft2ymGmfc\">"
	    "https&#58;//www.youtube.com/watch?v=w7Ft2ymGmfc</a>");
	check("{{< vimeo id=1 title=\"T *x*\" >}}",
	    "<a href=\"https://vimeo.com/1\">T &#42;x&#42;</a>");
	check_html("{{< gist jmooring 50a7482715eac222e230d1e64dd9a89b >}}",
	    "<a href=\"https://gist.github.com/jmooring/50a7482715eac222e230d1e64dd9a89b\">"
	    "https://gist.github.com/jmooring/50a7482715eac222e230d1e64dd9a89b</a>");
	check_html("{{< tweet user=\"a\" id=\"1\" >}}{{< tweet 2 >}}",
	    "<a href=\"https://twitter.com/a/status/1\">https://twitter.com/a/status/1</a>"
	    "<a "
	    "href=\"https://twitter.com/i/web/status/2\">https://twitter.com/i/web/status/2</a>");
	check_html("{{< video src=\"a.mp4\" poster=\"p.png\" >}}",
	    "<video controls src=\"a.mp4\" poster=\"p.png\"><a href=\"a.mp4\">a.mp4</a></video>");
}

static void test_paired(void **state)
{
	(void)state;
	check("{{< notice warning >}}\nBe *careful*\n{{< /notice >}}\n",
	    "<blockquote><p><strong>Warning</strong></p>\n\n\nBe "
	    "*careful*\n\n\n</blockquote>\n\n\n");
	check_html("{{% admonition type=tip title=\"A <b>\" %}}x{{% /admonition %}}",
	    "<blockquote><p><strong>A &lt;b&gt;</strong></p>x</blockquote>");
	check_html("{{< details \"More\" >}}x{{< /details >}}",
	    "<details><summary>More</summary>x</details>");
	check_html("{{< quote author=\"A\" source=\"S\" >}}x{{< /quote >}}",
	    "<blockquote>x<footer>A, <cite>S</cite></footer></blockquote>");
	check("{{< button href=\"/x\" >}}Go *on*{{< /button >}}", "<a href=\"/x\">Go *on*</a>");
	check("a {{< mark >}}b{{< /mark >}}", "a <mark>b</mark>");
	check("{{< columns >}}\na\n<--->\nb\n{{< /columns >}}\n<--->\n", "\na\n\nb\n\n<--->\n");
	check("{{< tabs >}}{{< unknown a=b >}}x{{< /unknown >}}{{< /tabs >}}", "x");
	assert_int_equal(count_unknown("a.md", "{{< unknown >}}x{{< /unknown >}}"), 1);
	/* Closed in the wrong order, or never. */
	check_html("{{< note >}}a{{< details >}}b{{< /note >}}c{{< /details >}}",
	    "<blockquote><p><strong>Note</strong></p>a<details><summary>Details</summary>b"
	    "</details></blockquote>c");
	check_html("{{< note >}}a", "a");
	check("{{< comment >}} {{< x >}} {{< /comment >}}b", "b");
	check("{{< x.inline >}}{{ .Site }}{{< /x.inline >}}b", "b");
}

static void test_verbatim(void **state)
{
	(void)state;
	check("{{< highlight go \"linenos=table\" >}}\nfunc(){{ x }}\n{{< /highlight >}}\n",
	    "<pre><code class=\"language-go\">func()&#123;&#123; x &#125;&#125;</code></pre>\n");
	check("{{< mermaid >}}\na --> b\n{{< /mermaid >}}",
	    "<pre><code class=\"language-mermaid\">a --&gt; b</code></pre>");
	check(
	    "{{< math >}}\\frac{a}{b}_1{{< /math >}}", "&#92;frac&#123;a&#125;&#123;b&#125;&#95;1");
	check("{{< rawhtml >}}\n<p>\n\n    x</p>\n{{< /rawhtml >}}", "<div><p> x</p> </div>");
}

static void test_references(void **state)
{
	(void)state;
	check("[a]({{< ref \"post.md#h\" >}})", "[a](https://example.org/p/post.md#h)");
	check("[a]({{% relref path=\"post.md\" %}})", "[a](https://example.org/p/post.md)");
	check("see [the *post*]({{< ref \"no-post.md\" >}}).", "see the *post*.");
	check("[![i](p.png)]({{< ref \"no-post.md\" >}})", "![i](p.png)");
	check("[a]({{< ref \"#local\" >}})", "[a](#local)");
	/* Pelican's marks stay, for the sanitizer: from the root they mean the site's. */
	check("[a]({filename}../x.md) ![]({static}/i.png) <a href=\"{attach}x.pdf\"> {static}",
	    "[a]({filename}../x.md) ![]({static}/i.png) <a href=\"{attach}x.pdf\"> {static}");
	check("[a](|filename|x.md) {{ x }}b", "[a](|filename|x.md) b");
}

static void test_escaped(void **state)
{
	(void)state;
	check("{{</* figure src=\"*\" */>}}",
	    "&#123;&#123;&lt; figure src=&quot;&#42;&quot; &gt;&#125;&#125;");
	check("`{{</* x */>}}` and `{{%/* y */%}}`", "`{{< x >}}` and `{{% y %}}`");
	check("```\n{{</* x */>}}\n{{/* a comment */}}\n```\n",
	    "```\n{{< x >}}\n{{/* a comment */}}\n```\n");
	check("`{{/* f(a=1) */}}`", "`{{ f(a=1) }}`");
}

static void test_zola(void **state)
{
	(void)state;
	check("{{ youtube(id=\"abc\", title=\"T\") }}",
	    "<a href=\"https://www.youtube.com/watch?v=abc\">T</a>");
	check("{{ resize_image(path='a.png', width=30, height=40, op=\"fit\") }}",
	    "<img src=\"a.png\" alt=\"\">");
	check("{{ resize_image(path=\"a.png\", width=100, height=0, op=\"fit_width\") }}",
	    "<img src=\"a.png\" alt=\"\">");
	check("{% quote(author=`A`) %}x{% end %}",
	    "<blockquote>\n\nx\n\n<footer>A</footer></blockquote>\n\n");
	check_html("{% note() %}a{% unknown() %}b{% end %}c{% end %}d",
	    "<blockquote><p><strong>Note</strong></p>abc</blockquote>d");
	check("[a]({{ get_url(path=\"@/x.md\") }})", "[a](https://example.org/p/@/x.md)");
	check("[a]({{ url_for('/y') }})", "[a](/y)");
	check("a {{ nobody(x=1) }}b", "a b");
	assert_int_equal(count_unknown("a.md", "{{ nobody(x=1) }}{% nobody2() %}{% end %}"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_figures),
	    cmocka_unit_test(test_services),
	    cmocka_unit_test(test_paired),
	    cmocka_unit_test(test_verbatim),
	    cmocka_unit_test(test_references),
	    cmocka_unit_test(test_escaped),
	    cmocka_unit_test(test_zola),
	};

	return cmocka_run_group_tests_name("directive_shortcode", tests, NULL, NULL);
}
