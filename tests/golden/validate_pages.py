"""What pages for people, their stylesheet and OPML must be; a part of validate.py.

Of WCAG 2.2 AA: the language, a title, landmarks, headings in order, links and lists that are not
empty (1.3.1, 2.4.2, 2.4.4, 2.4.6, 3.1.1), and the contrast of the colours (1.4.3). Of
HTML: what a parser would take otherwise than an XML reader does. And no script, no style within,
nothing from elsewhere, so that a strict Content-Security-Policy is content.
"""
import collections
import html.parser
import os
import re
import urllib.parse
import xml.etree.ElementTree as ET

URI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+')
VOID = {'meta', 'link', 'br', 'hr', 'img', 'input', 'wbr'}
NEVER = {'script', 'style', 'iframe', 'object', 'embed', 'base', 'form', 'img', 'svg'}
FILLED = {'a', 'title', 'h1', 'h2', 'h3', 'p', 'dt', 'dd', 'code', 'time', 'li', 'ul', 'dl', 'span',
          'nav', 'section', 'article', 'header', 'main'}
LANDMARKS = {'header': 1, 'main': 1, 'h1': 1, 'title': 1}
TEXT_CONTRAST = 4.5
PAIRS = [('text', 'back'), ('soft', 'back'), ('link', 'back'), ('text', 'panel')]


class Parsed(html.parser.HTMLParser):
    """The page as an HTML parser has it: void elements have no end, others no "/>"."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.complaints = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.complaints.append(f'<{tag}/> is not closed in HTML')

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.complaints.append(f'</{tag}> closes another element in HTML')


def headings_complaints(root):
    levels = [int(element.tag[1]) for element in root.iter() if re.fullmatch('h[1-6]', element.tag)]
    for before, after in zip([0] + levels, levels):
        if after > before + 1:
            yield f'h{after} stands below h{before}'


def attribute_complaints(element, path):
    for name, value in element.items():
        if name.startswith('on') or name == 'style':
            yield f'{name}= in a page'
        if name != 'href' or URI.fullmatch(value):
            if name == 'href' and not re.match('https?:', value):
                yield f'href="{value}" leads elsewhere than to a web address'
            continue
        target = os.path.join(os.path.dirname(path), urllib.parse.unquote(value))
        if not os.path.exists(target):
            yield f'href="{value}" leads to nothing'
    if element.tag == 'link' and element.get('rel') == 'stylesheet' \
            and URI.fullmatch(element.get('href', '')):
        yield 'a stylesheet from elsewhere'


def page_complaints(path, content):
    if not content.startswith(b'<!DOCTYPE html>\n'):
        yield 'no document type of HTML'
        return
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        yield str(error)
        return
    parsed = Parsed()
    parsed.feed(content.decode())
    yield from parsed.complaints
    if [tag for tag, _ in parsed.tags] != [element.tag for element in root.iter()]:
        yield 'HTML and XML see different elements'
    counts = collections.Counter(element.tag for element in root.iter())
    for tag, count in LANDMARKS.items():
        if counts[tag] != count:
            yield f'<{tag}> stands {counts[tag]} times'
    if not root.get('lang'):
        yield 'no language'
    if content.find(b'<meta charset="utf-8"/>') not in range(1024):
        yield 'no character encoding in its first 1024 bytes'
    for value, count in collections.Counter(
            element.get('id') for element in root.iter() if element.get('id')).items():
        if count > 1:
            yield f'id {value} stands {count} times'
    yield from headings_complaints(root)
    for element in root.iter():
        if element.tag in NEVER:
            yield f'<{element.tag}> in a page'
        if element.tag in FILLED and not ''.join(element.itertext()).strip():
            yield f'<{element.tag}> is empty'
        if element.tag == 'code' and not URI.fullmatch(element.text or ''):
            yield f'{element.text} is no address to copy'
        yield from attribute_complaints(element, path)


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= .04045 else ((part + .055) / 1.055) ** 2.4
                        for part in parts]
    return .2126 * red + .7152 * green + .0722 * blue


def contrast(one, two):
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + .05) / (dark + .05)


def style_complaints(content):
    """Colours are named once, in :root, for light and for dark."""
    text = re.sub(r'/\*.*?\*/', '', content.decode(), flags=re.DOTALL)
    if re.search(r'url\(|@import|@font-face|expression\(', text):
        yield 'asks for something else'
    if text.count('{') != text.count('}'):
        yield 'a brace without its other'
    schemes = [dict(re.findall(r'--(\w+):\s*(#[0-9a-f]{6});', block))
               for block in re.findall(r':root\s*\{(.*?)\}', text, re.DOTALL)]
    if len(schemes) != 2 or 'prefers-color-scheme: dark' not in text:
        yield 'no colours for light and dark'
        return
    for name, scheme in zip(('light', 'dark'), schemes):
        for front, back in PAIRS:
            ratio = contrast(scheme[front], scheme[back])
            if ratio < TEXT_CONTRAST:
                yield f'{name}: {front} on {back} has a contrast of {ratio:.1f}'
    if ':focus-visible' not in text or re.search(r'outline:\s*(0|none)', text):
        yield 'what has the focus is not shown'
    for colour in re.findall(r'#[0-9a-fA-F]{3,8}\b', re.sub(r':root\s*\{.*?\}', '', text,
                                                            flags=re.DOTALL)):
        yield f'{colour} stands outside of :root'


def opml_complaints(root):
    if root.get('version') != '2.0' or root.find('head/title') is None \
            or root.find('body') is None:
        yield 'no OPML 2.0 with a title and a body'
        return
    for outline in root.iter('outline'):
        if outline.get('type') != 'rss' or not outline.get('text'):
            yield 'an outline without type or text'
        for name in ('xmlUrl', 'htmlUrl'):
            if not URI.fullmatch(outline.get(name, '')):
                yield f'{name} {outline.get(name)} is not absolute'


def page_of(body, head='', lang=' lang="en"'):
    return (f'<!DOCTYPE html>\n<html{lang}><head><meta charset="utf-8"/><title>T</title>{head}'
            f'</head><body><header><h1>T</h1></header><main>{body}</main></body></html>')


def style_of(text='#111111', more=':focus-visible { outline: 1px solid; }'):
    colours = ('--text: {}; --soft: #333333; --back: #ffffff; --link: #0000cc; --panel: #eeeeee;'
               .format(text))
    return (f':root {{ {colours} }} @media (prefers-color-scheme: dark) {{ :root {{ {colours} }} }}'
            + more)


def opml_of(outline):
    return ('<?xml version="1.0"?>\n<opml version="2.0"><head><title>T</title></head><body>'
            f'{outline}</body></opml>')


# As in validate.py.
PLANTED = [
    ('p.html', page_of('<h2>A</h2><p>B</p><code>https://e.org/</code>'), None),
    ('p.html', page_of('<p>A</p>')[16:], 'no document type'),
    ('p.html', page_of('<p>A'), 'mismatched tag'),
    ('p.html', page_of('<h3>A</h3>'), 'h3 stands below h1'),
    ('p.html', page_of('<h1>A</h1>'), '<h1> stands 2 times'),
    ('p.html', page_of('<p/>'), '<p/> is not closed in HTML'),
    ('p.html', page_of('<p> </p>'), '<p> is empty'),
    ('p.html', page_of('<p id="a">A</p><p id="a">A</p>'), 'id a stands 2 times'),
    ('p.html', page_of('<p>A</p>', lang=''), 'no language'),
    ('p.html', page_of('<a href="nowhere.html">A</a>'), 'leads to nothing'),
    ('p.html', page_of('<a href="javascript:a()">A</a>'), 'elsewhere than to a web address'),
    ('p.html', page_of('<p onclick="a()">A</p>'), 'onclick='),
    ('p.html', page_of('<script>a</script>'), '<script> in a page'),
    ('p.html', page_of('<p>A</p>', '<link rel="stylesheet" href="https://e.org/a.css"/>'),
     'a stylesheet from elsewhere'),
    ('p.html', page_of('<code>/feed</code>'), 'no address to copy'),
    ('s.css', style_of(), None),
    ('s.css', style_of('#999999'), 'text on back has a contrast of 2.8'),
    ('s.css', style_of(more=''), 'the focus is not shown'),
    ('s.css', style_of() + 'a { background: url(a.png); }', 'asks for something else'),
    ('s.css', style_of() + 'a { color: #123456; }', 'outside of :root'),
    ('o.opml', opml_of('<outline type="rss" text="A" xmlUrl="https://e.org/a" '
                       'htmlUrl="https://e.org/"/>'), None),
    ('o.opml', opml_of('<outline type="rss" text="A" xmlUrl="/a" htmlUrl="https://e.org/"/>'),
     'xmlUrl /a is not absolute'),
    ('o.opml', opml_of('<outline text="A"/>'), 'without type or text'),
]
