/* directive: MDX. */
#include <time.h>

#include "tests/unit/directive_case.h"

static void check_mdx(const char *body, const char *expected)
{
	check_in("posts/one.mdx", body, expected);
}

static void test_modules(void **state)
{
	(void)state;
	check_mdx("import A from './a'\nimport {\n  B,\n} from \"b\";\n\ntext\n", "\ntext\n");
	check_mdx("export const meta = {\n  a: 'x',\n\n  b: [1],\n}\n\ntext\n", "\ntext\n");
	check_mdx("export const name = 'A *b*'\n{name} {name.x}b\n", "A &#42;b&#42; b\n");
	check_mdx("import duties rose\n", "import duties rose\n");
	check_mdx("```js\nimport a from 'b'\n```\n", "```js\nimport a from 'b'\n```\n");
	check_mdx("export const a = {\n\ntext\n", "\ntext\n"); /* never closed: the line alone */
	/* Elsewhere, only when the body begins as a module. */
	check("import A from './a'\n\n<A/>b {{ x }}\n", "\nb \n");
	check_same("text\n\nimport A from './a'\n\n<A/>\n");
}

/* Each of these looks for an end that never comes; all together still take little time. */
static void test_open_modules(void **state)
{
	struct buf body = BUF_INIT;
	clock_t start;

	(void)state;
	while (body.len < 1000000)
		buf_puts(&body, "export const a = {\n");
	start = clock();
	check_mdx(buf_string(&body), "");
	assert_true(clock() - start < 2 * CLOCKS_PER_SEC);
	buf_free(&body);
}

static void test_components(void **state)
{
	(void)state;
	check_mdx("import pic from '../p q.png'\n<Image src={pic} alt=\"A\" />\n",
	    "<img src=\"../p%20q.png\" alt=\"A\">\n");
	check_mdx("<Figure src={require('./a.png')} caption='c' />",
	    "<figure><img src=\"./a.png\" alt=\"\"><figcaption>c</figcaption></figure>");
	check_mdx("<YouTube videoId={`abc`} title=\"T\" />",
	    "<a href=\"https://www.youtube.com/watch?v=abc\">T</a>");
	check_mdx("<Link to=\"/x\">a *b*</Link>", "<a href=\"/x\">a *b*</a>");
	check_mdx("<Callout type=\"warning\">\n  *x*\n</Callout>\n",
	    "<blockquote><p><strong>Warning</strong></p>\n\n\n  *x*\n\n\n</blockquote>\n\n\n");
	check_mdx("<CodeBlock language=\"js\">{`a <b`}</CodeBlock>",
	    "<pre><code class=\"language-js\">a &lt;b</code></pre>");
	check_mdx("<Tabs><TabItem value=\"a\" label=\"Apple\">x</TabItem></Tabs>",
	    "<div><p><strong>Apple</strong></p>\n\nx\n\n</div>\n\n");
	check_mdx("<Tabs><React.Fragment>x</React.Fragment></Tabs><>y</>", "xy");
	check_mdx("<Nobody a={1 > 2} b='>'>x <Deep.Er/>y</Nobody>", "x y");
	assert_int_equal(count_unknown("a.mdx", "<Nobody>x</Nobody> {a + b} {/* c */}"), 2);
	/* Not in other Markdown. */
	check_same("<Note>x</Note> {y} [[z");
}

static void test_elements(void **state)
{
	(void)state;
	check_mdx(
	    "<div className=\"a\" style={{color: 'red'}} onClick={() => f()} tabIndex={0}>x</div>",
	    "<div class=\"a\" tabindex=\"0\">x</div>");
	check_mdx("<span id={\"s\"} />", "<span id=\"s\"></span>");
	check_mdx("<p class=\"x\">{\"y\"}</p>", "<p class=\"x\">y</p>");
	/* Text in lines of its own is Markdown, where the element holds blocks. */
	check_mdx("<div>\n  *x*\n  y\n</div>\nz\n", "<div>\n\n  *x*\n  y\n</div>\n\nz\n");
	check_mdx("<summary>a</summary>\n*x*\n", "<summary>a</summary>\n\n*x*\n");
	check_mdx("<div>\n<p>\n*x*\n</p>\n</div>\n", "<div>\n<p>\n*x*\n</p>\n</div>\n");
	check("<div>\n*x* {{ y }}\n</div>\n", "<div>\n*x* \n</div>\n");
	check_mdx("<li>\n*x*\n</li>\n", "<li>\n\n*x*\n</li>\n");
	/* Indented for the eye. */
	check_mdx("- a\n\n      ```\n      b\n        c\n      ```\n\n        *d*\n- e\n",
	    "- a\n\n  ```\n  b\n    c\n  ```\n\n    *d*\n- e\n");
	check_mdx("<div>\n\n    *x*\n\n    ```\n    {a}\n      b\n    ```\n</div>\n",
	    "<div>\n\n*x*\n\n```\n{a}\n  b\n```\n</div>\n");
}

static void test_expressions(void **state)
{
	(void)state;
	check_mdx("a{\" \"}b{/* it's }{ */}c{'*'}{42}", "a bc&#42;&#52;2");
	check_mdx("x {props.y} z", "x  z");
	check_mdx("a\n\n{/* truncate */}\n\n{/*more*/}{/*more?*/}{/**/}b",
	    "a\n\n<!-- more -->\n\n<!-- more -->b");
	check_mdx("`{x}` $a_{i}$ $\\frac{a}{b}$ ## T {#id} \\{x}",
	    "`{x}` $a_{i}$ $\\frac{a}{b}$ ## T {#id} \\{x}");
	check_mdx("a < b, {never closed", "a < b, {never closed");
	check_mdx("{{ x }} {% y %} {{< z >}}b", "  b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_modules),
	    cmocka_unit_test(test_open_modules),
	    cmocka_unit_test(test_components),
	    cmocka_unit_test(test_elements),
	    cmocka_unit_test(test_expressions),
	};

	return cmocka_run_group_tests_name("directive_jsx", tests, NULL, NULL);
}
