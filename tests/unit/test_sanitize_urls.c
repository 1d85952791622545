/* sanitize: where links lead, what is shown, and players. */
#include "tests/unit/sanitize_case.h"

static void test_urls(void **state)
{
	static const struct pair pairs[] = {
	    {"<a href=x>1</a>", "<a href=\"" PAGE "x\">1</a>"},
	    {"<a href='../x y?q=ü#f'>1</a>",
		"<a href=\"https://example.com/posts/x%20y?q=%C3%BC#f\">1</a>"},
	    {"<a href=/x>1</a>", "<a href=\"https://example.com/x\">1</a>"},
	    {"<a href=//cdn.net/x>1</a>", "<a href=\"https://cdn.net/x\">1</a>"},
	    {"<a href=#fn1 id=r1>1</a>", "<a href=\"" PAGE "#fn1\" id=\"r1\">1</a>"},
	    {"<a href=foo/>1</a>", "<a href=\"" PAGE "foo/\">1</a>"},
	    {"<a href=mailto:a@b.c>1</a> <a href=tel:1>2</a>",
		"<a href=\"mailto:a@b.c\">1</a> <a href=\"tel:1\">2</a>"},
	    {"<img src=i.png alt=x longdesc=d.html width=10px height=50% loading=lazy>",
		"<img src=\"" PAGE "i.png\" alt=\"x\" longdesc=\"" PAGE "d.html\" width=\"10\">"},
	    {"<blockquote cite=/q>x</blockquote>",
		"<blockquote cite=\"https://example.com/q\">x</blockquote>"},
	    {"<video src=v.mp4 poster=/p.jpg autoplay><source src=w.webm type=video/webm>"
	     "<track src=t.vtt kind=captions></video>",
		"<video src=\"" PAGE "v.mp4\" poster=\"https://example.com/p.jpg\" controls=\"\">"
		"<source src=\"" PAGE "w.webm\" type=\"video/webm\">"
		"<track src=\"" PAGE "t.vtt\" kind=\"captions\"></video>"},
	    {"<audio controls><source src=a.ogg></audio>",
		"<audio controls=\"\"><source src=\"" PAGE "a.ogg\"></audio>"},
	    {"<img src=a srcset=\"a,b.jpg 1x, /c.jpg 2x,d.jpg 3q, data:image/png;base64,AA 4x\">",
		"<img src=\"" PAGE "a\" srcset=\"" PAGE
		"a,b.jpg 1x, https://example.com/c.jpg 2x, " PAGE
		"d.jpg, data:image/png;base64,AA 4x\">"},
	    {"<picture><source srcset='a.webp, b.webp 2x' media='(min-width: 1px)'><img src=c>"
	     "</picture>",
		"<picture><source srcset=\"" PAGE "a.webp, " PAGE "b.webp 2x\" "
		"media=\"(min-width: 1px)\"><img src=\"" PAGE "c\"></picture>"},
	    {"<table background=b.png><tr><td style=\"background-image:url( 'x.png' )\">y</table>",
		"<table background=\"" PAGE "b.png\"><tr><td style=\"background-image: "
		"url('" PAGE "x.png')\">y</td></tr></table>"},
	    {"<p style='color: red; POSITION: fixed; text-align:center;width:expression(1)'>x</p>",
		"<p style=\"color: red; text-align: center\">x</p>"},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_links(void **state)
{
	static const struct pair pairs[] = {
	    {"<a href=b.md>1</a>", "<a href=\"https://example.com/posts/b/\">1</a>"},
	    {"<a href='b.md?x=1#h ü'>1</a>",
		"<a href=\"https://example.com/posts/b/?x=1#h%20%C3%BC\">1</a>"},
	    {"<a href=@/posts/b.md#s>1</a>", "<a href=\"https://example.com/posts/b/#s\">1</a>"},
	    {"<a href=@/posts/gone.md>1</a>", "1"},
	    {"<a href=../posts/b>1</a>", "<a href=\"https://example.com/posts/b/\">1</a>"},
	    {"<a href=/posts/b.md>1</a>", "<a href=\"https://example.com/posts/b/\">1</a>"},
	    {"<a href=b%20c.md>1</a>", "<a href=\"https://example.com/posts/b/\">1</a>"},
	    {"<a href=nobody.md>1</a>", "<a href=\"" PAGE "nobody.md\">1</a>"},
	    {"<a href=https://h/b.md>1</a>", "<a href=\"https://h/b.md\">1</a>"},
	    {"<a href='{filename}b.md'>1</a>", "<a href=\"https://example.com/posts/b/\">1</a>"},
	    {"<a href='%7Bstatic%7D/f.pdf'>1</a><img src={static}/i.png>",
		"<a href=\"https://example.com/f.pdf\">1</a>"
		"<img src=\"https://example.com/i.png\">"},
	    {"<a href='|static|/f.pdf'>1</a><a href=%7bAttach%7df.pdf>2</a><a href={static>3</a>",
		"<a href=\"https://example.com/f.pdf\">1</a><a href=\"" PAGE "f.pdf\">2</a>"
		"<a href=\"" PAGE "%7Bstatic\">3</a>"},
	    {"<a href={tag}My%20Tag>1</a><a href='{category}Web &amp; Dev'>2</a>"
	     "<a href=%7Bauthor%7DJos%C3%A9>3</a><a href={index}>4</a><a href='|tag|a'>5</a>",
		"<a href=\"https://example.com/tag/my-tag.html\">1</a>"
		"<a href=\"https://example.com/category/web-dev.html\">2</a>"
		"<a href=\"https://example.com/author/jose.html\">3</a>"
		"<a href=\"https://example.com/\">4</a>"
		"<a href=\"https://example.com/tag/a.html\">5</a>"},
	};

	(void)state;
	CHECK(pairs, false);
}

/* Files of Pelican: of the article posts/a.md, whose page is in another folder. */
static void test_pelican(void **state)
{
	static const struct pair pairs[] = {
	    {"<a href={static}d.pdf>1</a><img src={static}img/x%20y.png>",
		"<a href=\"https://example.com/posts/d.pdf\">1</a>"
		"<img src=\"https://example.com/posts/img/x%20y.png\">"},
	    {"<img src={static}../img/x.png><img src={static}//h/x.png><img "
	     "src={attach}../b/a:b.png>",
		"<img src=\"https://example.com/img/x.png\"><img "
		"src=\"https://example.com/h/x.png\">"
		"<img src=\"" PAGE "a:b.png\">"},
	    {"<img src={attach}img/x.png><img src={attach}/posts/x.png>",
		"<img src=\"" PAGE "img/x.png\"><img src=\"" PAGE "x.png\">"},
	    {"<img src={attach}/images/g.png><a href={attach}../up/g.pdf#page=/2>1</a>",
		"<img src=\"" PAGE "g.png\"><a href=\"" PAGE "g.pdf#page=/2\">1</a>"},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_schemes(void **state)
{
	static const struct pair pairs[] = {
	    {"<a href=javascript:alert(1)>x</a>", "x"},
	    {"<a href=' JavaScript:alert(1)'>x</a>", "x"},
	    {"<a href='jav&#x09;ascript:alert(1)'>x</a>", "x"},
	    {"<a href='jav&#x0A;ascript&#58;alert(1)'>x</a>", "x"},
	    {"<a href='\x01javascript:alert(1)'>x</a>", "x"},
	    {"<a href=vbscript:x>x</a><a href=data:text/html,x>y</a><a href=file:///x>z</a>",
		"xyz"},
	    {"<a href='javascript&colon;alert(1)'>x</a>",
		"<a href=\"" PAGE "javascript&amp;colon;alert(1)\">x</a>"},
	    {"<a href='averyveryverylongscheme:x'>x</a>", "x"},
	    {"<a href='averyveryverylong/path:x'>x</a>",
		"<a href=\"" PAGE "averyveryverylong/path:x\">x</a>"},
	    {"<img src=javascript:x alt=a>", ""},
	    {"<img src='data:image/svg+xml,<svg onload=x>'>", ""},
	    {"<img src='data:text/html,x'>", ""},
	    {"<img src='data:image/png;base64,AAAA'>", "<img src=\"data:image/png;base64,AAAA\">"},
	    {"<img src=a srcset='javascript:x 1x, b 2x'>",
		"<img src=\"" PAGE "a\" srcset=\"" PAGE "b 2x\">"},
	    {"<video poster=javascript:x src=v></video>",
		"<video src=\"" PAGE "v\" controls=\"\"></video>"},
	    {"<iframe src=javascript:x></iframe><iframe srcdoc='<script>'></iframe>", ""},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_images(void **state)
{
	static const struct pair pairs[] = {
	    {"<img src=blank.gif data-src=real.jpg>", "<img src=\"" PAGE "real.jpg\">"},
	    {"<img src='data:image/gif;base64,R0lGODlhAQABAIAAAA' data-lazy-src=/r.jpg "
	     "data-srcset='s.jpg 2x'>",
		"<img src=\"https://example.com/r.jpg\" srcset=\"" PAGE "s.jpg 2x\">"},
	    {"<img src='data:image/gif;base64,R0lGODlhAQABAIAAAA'><noscript><img src=n></noscript>",
		"<img src=\"" PAGE "n\">"},
	    {"<img src=a data-src=b><noscript><img src=b></noscript>", "<img src=\"" PAGE "b\">"},
	    {"<noscript><img src=https://t.example/pixel></noscript>x", "x"},
	    {"<img src=t.gif width=1 height=1><img src=t.gif style='display:none'>x", "x"},
	    {"<img alt=x>", ""},
	};

	(void)state;
	CHECK(pairs, false);
}

static void test_frames(void **state)
{
	static const struct pair pairs[] = {
	    {"<iframe src=//www.youtube-nocookie.com/embed/abc?rel=0 title='YouTube video player'>"
	     "</iframe>",
		"<p><a href=\"https://www.youtube.com/watch?v=abc\">Video on YouTube</a></p>"},
	    {"<iframe src=https://player.vimeo.com/video/1 title='My talk'>old</iframe>x",
		"<p><a href=\"https://vimeo.com/1\">My talk</a></p>x"},
	    {"<iframe src=https://codepen.io/me/embed/XyZ?tab=css>",
		"<p><a href=\"https://codepen.io/me/pen/XyZ\">Pen on CodePen</a></p>"},
	    {"<p>a <iframe src='https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b"
	     "&amp;c=d'></iframe> b</p>",
		"<p>a <a href=\"https://soundcloud.com/a/b\">Audio on SoundCloud</a> b</p>"},
	    {"<iframe src=https://tube.example/videos/embed/u-u-id></iframe>",
		"<p><a href=\"https://tube.example/w/u-u-id\">Video</a></p>"},
	    {"<iframe src=/demo.html /></p>x", "<p><a href=\"https://example.com/demo.html\">"
					       "https://example.com/demo.html</a></p>x"},
	    {"<iframe src=https://notyoutube.com/embed/x></iframe>",
		"<p><a "
		"href=\"https://notyoutube.com/embed/x\">https://notyoutube.com/embed/x</a></p>"},
	    {"<iframe src=about:blank data-src=https://www.twitch.tv/x title=T></iframe>",
		"<p><a href=\"https://www.twitch.tv/x\">T</a></p>"},
	    {"<object data=https://www.youtube.com/v/abc><embed src=https://www.youtube.com/v/abc>"
	     "</object>",
		"<p><a href=\"https://www.youtube.com/watch?v=abc\">Video on YouTube</a></p>"},
	    {"<a href=x><iframe src=https://player.vimeo.com/video/1></iframe></a>",
		"<a href=\"" PAGE "x\">Video on Vimeo</a>"},
	};

	(void)state;
	CHECK(pairs, false);
}

/* A picture of a video's page is that video; one of its pictures stays. */
static void test_videos(void **state)
{
	static const struct pair pairs[] = {
	    {"<p><img src='https://www.youtube.com/watch?v=abc&amp;t=9' alt=v> <img alt "
	     "src=https://youtu.be/abc></p>",
		"<p><a href=\"https://www.youtube.com/watch?v=abc&amp;t=9\">v</a> "
		"<a href=\"https://youtu.be/abc\">Video on YouTube</a></p>"},
	    {"<img src=https://vimeo.com/1><a href=x><img "
	     "src=https://player.vimeo.com/video/1></a>",
		"<p><a href=\"https://vimeo.com/1\">Video on Vimeo</a></p>"
		"<a href=\"" PAGE "x\">Video on Vimeo</a>"},
	    {"<img src=https://www.youtube.com/embed/abc>",
		"<p><a href=\"https://www.youtube.com/watch?v=abc\">Video on YouTube</a></p>"},
	    {"<img src=https://i.ytimg.com/vi/abc/0><img src=https://youtu.be/a.JPG>"
	     "<img src=https://img.youtube.com/vi/abc/0.jpg><img src=/watch?v=abc>",
		"<img src=\"https://i.ytimg.com/vi/abc/0\"><img src=\"https://youtu.be/a.JPG\">"
		"<img src=\"https://img.youtube.com/vi/abc/0.jpg\">"
		"<img src=\"https://example.com/watch?v=abc\">"},
	};

	(void)state;
	CHECK(pairs, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_urls),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_pelican),
	    cmocka_unit_test(test_schemes),
	    cmocka_unit_test(test_images),
	    cmocka_unit_test(test_frames),
	    cmocka_unit_test(test_videos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
