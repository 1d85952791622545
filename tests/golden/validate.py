#!/usr/bin/python3
"""What every published document must be, whatever the case is about.

complaints(path, name) yields what is wrong with one file of output.dir. Well-formedness is
xmllint's word. The rules here are those that readers and validators trip over. feedparser is asked
too, and the full schemas where $FEEDD_SCHEMAS, or a folder `schemas` beside this tree, has them.

usage: tests/golden/validate.py FILE...
       tests/golden/validate.py --test      see that each rule finds what it is there for
"""
import collections
import ctypes
import ctypes.util
import datetime
import email.utils
import glob
import gzip
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zlib

sys.dont_write_bytecode = True

import validate_pages     # noqa: E402

try:
    import feedparser
except ImportError:
    feedparser = None
try:
    import jsonschema
except ImportError:
    jsonschema = None

BROTLI = ctypes.util.find_library('brotlidec') and \
    ctypes.CDLL(ctypes.util.find_library('brotlidec'))
ATOM = '{http://www.w3.org/2005/Atom}'
CONTENT = '{http://purl.org/rss/1.0/modules/content/}'
XHTML = '{http://www.w3.org/1999/xhtml}'
DATE = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)')
URI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+')
URL_ATTRIBUTES = {'href', 'src', 'poster', 'cite', 'data', 'action', 'background', 'longdesc'}
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMAS = os.environ.get('FEEDD_SCHEMAS') or \
    next(iter(glob.glob(os.path.join(os.path.dirname(TOP), '*/schemas'))), '')


def lacks():
    """Checks that cannot be made here, for people."""
    if not feedparser:
        yield 'reading by feedparser (python3-feedparser)'
    if not BROTLI:
        yield 'what .br files hold (libbrotlidec)'
    if SCHEMAS and not jsonschema:
        yield 'the JSON Feed schema (python3-jsonschema)'


class Body(html.parser.HTMLParser):
    """Gathers what an HTML body must not hold."""

    def __init__(self):
        super().__init__()
        self.complaints = []

    def handle_starttag(self, tag, attrs):
        if tag in ('script', 'style', 'base', 'meta'):
            self.complaints.append(f'<{tag}> in a body')
        for name, value in attrs:
            if name.startswith('on'):
                self.complaints.append(f'{name}= in a body')
            if name in URL_ATTRIBUTES and not URI.fullmatch(value or ''):
                self.complaints.append(f'{name}="{value}" is not absolute')
            if name in URL_ATTRIBUTES and re.match(r'(?i)(java|vb)script:', value or ''):
                self.complaints.append(f'{name}="{value}" is a script')
            if name == 'srcset':
                self.complaints += [f'srcset: {url} is not absolute'
                                    for url in re.findall(r'(?:^|,\s+)([^\s,]\S*)', value or '')
                                    if not URI.fullmatch(url.rstrip(','))]


def body_complaints(text, where):
    body = Body()
    body.feed(text)
    for complaint in body.complaints:
        yield f'{where}: {complaint}'


def date_ok(text):
    if not DATE.fullmatch(text or ''):
        return False
    try:
        datetime.datetime.fromisoformat(text.replace('Z', '+00:00'))
    except ValueError:
        return False
    return True


def rfc822_ok(text):
    """A date of RFC 822 with a four-digit year, whose day of the week is the right one."""
    match = re.fullmatch(r'(\w{3}), \d\d \w{3} \d{4} \d\d:\d\d:\d\d ([+-]\d{4}|GMT)', text or '')
    if not match:
        return False
    try:
        return email.utils.parsedate_to_datetime(text).strftime('%a') == match[1]
    except ValueError:
        return False


def repeated(ids):
    for value, count in collections.Counter(ids).items():
        if count > 1:
            yield f'id {value} stands {count} times'


def atom_complaints(feed):
    """RFC 4287, sections 4.1.1 and 4.1.2."""
    entries = feed.findall(ATOM + 'entry')
    for number, element in enumerate([feed] + entries):
        where = f'entry {number}' if number else 'feed'
        for name in ('id', 'title', 'updated'):
            if len(element.findall(ATOM + name)) != 1:
                yield f'{where}: must have one {name}'
        if not URI.fullmatch(element.findtext(ATOM + 'id', '')):
            yield f'{where}: its id is no URI'
        for date in element.findall(ATOM + 'updated') + element.findall(ATOM + 'published'):
            if not date_ok(date.text):
                yield f'{where}: {date.text} is no date of RFC 3339'
        links = collections.Counter()
        for link in element.findall(ATOM + 'link'):
            rel = link.get('rel', 'alternate')
            links[rel, link.get('type'), link.get('hreflang')] += rel == 'alternate'
            if not URI.fullmatch(link.get('href', '')):
                yield f'{where}: link {link.get("href")} is not absolute'
        if any(count > 1 for count in links.values()):
            yield f'{where}: two alternate links of one type'
        if number and element.find(ATOM + 'author') is None and feed.find(ATOM + 'author') is None:
            yield f'{where}: no author, and none in the feed'
        if number and element.find(ATOM + 'content') is None \
                and not any(rel == 'alternate' for rel, _, _ in links):
            yield f'{where}: neither content nor an alternate link'
        for person in element.findall(ATOM + 'author') + element.findall(ATOM + 'contributor'):
            if not (person.findtext(ATOM + 'name') or '').strip():
                yield f'{where}: a person without a name'
        for name in ('content', 'summary'):
            text = element.find(ATOM + name)
            if text is not None and text.get('type') == 'html':
                yield from body_complaints(text.text or '', where)
    if not any(link.get('rel') == 'self' for link in feed.findall(ATOM + 'link')):
        yield 'feed: no self link'
    yield from repeated(entry.findtext(ATOM + 'id') for entry in entries)


def rss_complaints(rss):
    channel = rss.find('channel')
    if rss.get('version') != '2.0' or channel is None:
        yield 'no channel of RSS 2.0'
        return
    for name in ('title', 'link', 'description'):
        if len(channel.findall(name)) != 1:
            yield f'channel: must have one {name}'
    for cloud in channel.findall('cloud'):
        if sorted(cloud.keys()) != ['domain', 'path', 'port', 'protocol', 'registerProcedure']:
            yield 'channel: cloud must have its five attributes'
        elif not re.fullmatch(r'[1-9]\d*', cloud.get('port')):
            yield f'channel: port {cloud.get("port")} of cloud is not positive'
    items = channel.findall('item')
    for number, element in enumerate([channel] + items):
        where = f'item {number}' if number else 'channel'
        for name in ('pubDate', 'lastBuildDate'):
            for date in element.findall(name):
                if not rfc822_ok(date.text):
                    yield f'{where}: {date.text} is no date of RFC 822'
        for link in element.findall('link'):
            if not URI.fullmatch(link.text or ''):
                yield f'{where}: link {link.text} is not absolute'
        if not number:
            continue
        if element.find('title') is None and element.find('description') is None:
            yield f'{where}: neither title nor description'
        guid = element.find('guid')
        if guid is None or not guid.text:
            yield f'{where}: no guid'
        elif guid.get('isPermaLink', 'true') == 'true' and not URI.fullmatch(guid.text):
            yield f'{where}: guid {guid.text} says that it is a link'
        for author in element.findall('author'):
            if '@' not in (author.text or ''):
                yield f'{where}: author {author.text} has no address'
        for enclosure in element.findall('enclosure'):
            if not re.fullmatch(r'\d+', enclosure.get('length', '')) or not enclosure.get('type') \
                    or not URI.fullmatch(enclosure.get('url', '')):
                yield f'{where}: enclosure lacks url, length or type'
        if len(element.findall('enclosure')) > 1:
            yield f'{where}: two enclosures, where readers take one'
        for name in ('description', CONTENT + 'encoded'):
            yield from body_complaints(element.findtext(name, ''), where)
    yield from repeated(item.findtext('guid') for item in items)


def json_complaints(content):
    try:
        feed = json.loads(content)
    except ValueError as error:
        yield str(error)
        return
    if not str(feed.get('version', '')).startswith('https://jsonfeed.org/version/1'):
        yield 'no version of JSON Feed'
        return
    if not isinstance(feed.get('title'), str) or not isinstance(feed.get('items'), list):
        yield 'a title and items are a must'
        return
    for number, item in enumerate(feed['items'], 1):
        where = f'item {number}'
        if not isinstance(item.get('id'), str) or not item['id']:
            yield f'{where}: its id must be a string'
        if 'content_html' not in item and 'content_text' not in item:
            yield f'{where}: neither content_html nor content_text'
        for name in ('date_published', 'date_modified'):
            if name in item and not date_ok(item[name]):
                yield f'{where}: {item[name]} is no date of RFC 3339'
        for name in ('url', 'external_url', 'image', 'banner_image'):
            if name in item and not URI.fullmatch(item[name]):
                yield f'{where}: {name} {item[name]} is not absolute'
        for attachment in item.get('attachments', []):
            if not URI.fullmatch(attachment.get('url', '')) or not attachment.get('mime_type'):
                yield f'{where}: an attachment lacks url or mime_type'
        yield from body_complaints(item.get('content_html', ''), where)
    yield from repeated(item.get('id') for item in feed['items'])
    schema = os.path.join(SCHEMAS, 'jsonfeed-1.1.schema.json')
    if SCHEMAS and jsonschema and os.path.exists(schema):
        with open(schema, encoding='utf-8') as file:
            rules = jsonschema.Draft7Validator(json.load(file))
        for error in rules.iter_errors(feed):
            yield f"schema: {'/'.join(map(str, error.path))}: {error.message[:200]}"


def xmllint(path, *options):
    done = subprocess.run(['xmllint', '--noout', '--nonet', *options, path], capture_output=True,
                          text=True, check=False)
    if done.returncode:
        yield from done.stderr.splitlines()[:6]


def xml_complaints(path, content):
    broken = list(xmllint(path))
    if broken:
        yield from broken
        return
    root = ET.fromstring(content)
    if root.tag == ATOM + 'feed':
        yield from atom_complaints(root)
        schema = os.path.join(SCHEMAS, 'atom-rfc4287.rng')
        if SCHEMAS and os.path.exists(schema):
            yield from xmllint(path, '--relaxng', schema)
    elif root.tag == 'rss':
        yield from rss_complaints(root)
    elif root.tag == 'opml':
        yield from validate_pages.opml_complaints(root)
        return
    else:
        return
    if feedparser:
        parsed = feedparser.parse(content)
        if parsed.bozo:
            yield f'feedparser: {parsed.bozo_exception}'
        count = len(root.findall(ATOM + 'entry')) + len(root.findall('channel/item'))
        if len(parsed.entries) != count:
            yield f'feedparser sees {len(parsed.entries)} entries of {count}'


def brotli_decompress(content, size):
    """By the library, for Python's module is seldom there; None when it is no brotli."""
    room = ctypes.create_string_buffer(size + 1)
    length = ctypes.c_size_t(size + 1)
    done = BROTLI.BrotliDecoderDecompress(ctypes.c_size_t(len(content)), content,
                                          ctypes.byref(length), room)
    return room.raw[:length.value] if done == 1 else None


def packed_complaints(path, name, content):
    with open(path[:-3], 'rb') as file:
        plain = file.read()
    try:
        found = gzip.decompress(content) if name.endswith('.gz') \
            else brotli_decompress(content, len(plain)) if BROTLI else plain
    except (OSError, EOFError, zlib.error):
        found = None
    if found != plain:
        yield f'holds something else than {name[:-3]}'


def complaints(path, name):
    with open(path, 'rb') as file:
        content = file.read()
    if name.endswith(('.gz', '.br')):
        found = packed_complaints(path, name, content)
    elif name.endswith('.json'):
        found = json_complaints(content)
    elif content.startswith(b'<?xml'):
        found = xml_complaints(path, content)
    elif name.endswith('.html'):
        found = validate_pages.page_complaints(path, content)
    elif name.endswith('.css'):
        found = validate_pages.style_complaints(content)
    else:
        found = ()
    for complaint in found:
        yield f'{name}: {complaint}'


def atom_of(entry, head='<link rel="self" href="https://e.org/a.xml"/>'):
    return ('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
            '<id>tag:e.org,2024:/</id><title>T</title><updated>2024-01-01T00:00:00Z</updated>'
            f'<author><name>A</name></author>{head}{entry}</feed>')


def entry_of(parts, date='2024-01-01T00:00:00Z'):
    return (f'<entry><id>tag:e.org,2024:1</id><title>T</title><updated>{date}</updated>{parts}'
            '</entry>')


def rss_of(item, head=''):
    return ('<?xml version="1.0"?>\n<rss version="2.0"><channel><title>T</title>'
            f'<link>https://e.org/</link><description>D</description>{head}'
            f'<item><title>I</title>{item}</item></channel></rss>')


def json_of(item):
    return json.dumps({'version': 'https://jsonfeed.org/version/1.1', 'title': 'T',
                       'items': [{'id': '1', 'content_html': '<p>x</p>', **item}]})


CONTENT_HTML = '<content type="html">{}</content>'
GUID = '<guid isPermaLink="false">1</guid>'
CLOUD = '<cloud domain="c.org" port="{}" path="/p" protocol="http-post" {}/>'
# name of the file, document, and the one complaint it must earn; None: none.
PLANTED = [
    ('a.xml', atom_of(entry_of(CONTENT_HTML.format(
        '&lt;a href="https://e.org/">&lt;img srcset="https://e.org/a 1x, https://e.org/b 2x">'))),
     None),
    ('a.xml', atom_of('', ''), 'no self link'),
    ('a.xml', atom_of(entry_of('')), 'neither content nor an alternate link'),
    ('a.xml', atom_of(entry_of('<link href="/b"/>')), 'link /b is not absolute'),
    ('a.xml', atom_of(entry_of('<content/>', '2024-02-30T00:00:00Z')), 'is no date of RFC 3339'),
    ('a.xml', atom_of(entry_of('<content/>') * 2), 'stands 2 times'),
    ('a.xml', atom_of(entry_of(CONTENT_HTML.format('&lt;a href="b">'))), '"b" is not absolute'),
    ('a.xml', atom_of(entry_of(CONTENT_HTML.format('&lt;img srcset="b 1x">'))), 'srcset'),
    ('a.xml', atom_of(entry_of(CONTENT_HTML.format('&lt;p onclick="b">'))), 'onclick='),
    ('a.xml', atom_of(entry_of(CONTENT_HTML.format('&lt;script>'))), '<script>'),
    ('a.xml', atom_of(entry_of('<content>\x01</content>')), 'PCDATA invalid Char value 1'),
    ('r.xml', rss_of(GUID + '<pubDate>Mon, 01 Jan 2024 00:00:00 +0000</pubDate>'), None),
    ('r.xml', rss_of(GUID + '<pubDate>Tue, 01 Jan 2024 00:00:00 +0000</pubDate>'), 'RFC 822'),
    ('r.xml', rss_of('<guid>1</guid>'), 'says that it is a link'),
    ('r.xml', rss_of(''), 'no guid'),
    ('r.xml', rss_of(GUID + '<author>Ann</author>'), 'has no address'),
    ('r.xml', rss_of(GUID + '<enclosure url="https://e.org/a" type="audio/mpeg"/>'), 'enclosure'),
    ('r.xml', rss_of(GUID, CLOUD.format(80, 'registerProcedure=""')), None),
    ('r.xml', rss_of(GUID, CLOUD.format(80, '')), 'five attributes'),
    ('r.xml', rss_of(GUID, CLOUD.format(0, 'registerProcedure=""')), 'not positive'),
    ('f.json', json_of({}), None),
    ('f.json', json_of({'id': 1}), 'must be a string'),
    ('f.json', json_of({'url': '/a'}), 'url /a is not absolute'),
    ('f.json', json_of({'date_published': '2024-01-01'}), 'RFC 3339'),
    ('f.json', '{"version": "https://jsonfeed.org/version/1.1", }', 'Expecting property name'),
    ('a.gz', gzip.compress(b'plain'), None),
    ('a.gz', gzip.compress(b'other'), 'holds something else'),
    ('a.gz', gzip.compress(b'plain')[:-4], 'holds something else'),
    ('a.br', b'\x0b\x02\x80plain\x03', None),
    ('a.br', b'\x0b\x02\x80other\x03', 'holds something else' if BROTLI else None),
    *validate_pages.PLANTED,
]


def self_test():
    print(f'1..{len(PLANTED)}')
    failed = 0
    for number, (name, document, expected) in enumerate(PLANTED, 1):
        with tempfile.TemporaryDirectory() as root:
            path = os.path.join(root, name)
            packed = isinstance(document, bytes)
            with open(path, 'wb') as file:
                file.write(document if packed else document.encode())
            if packed:
                with open(path[:-3], 'wb') as file:
                    file.write(b'plain')
            found = list(complaints(path, name))
        good = any(expected in complaint for complaint in found) if expected else not found
        failed += not good
        if not good:
            print(f'# {document}\n# found {found}')
        print(f"{'' if good else 'not '}ok {number} - {name}: {expected or 'nothing wrong'}")
    return 1 if failed else 0


def main():
    if sys.argv[1:] == ['--test']:
        return self_test()
    found = [complaint for path in sys.argv[1:] for complaint in complaints(path, path)]
    print('\n'.join(found), end='\n' if found else '')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
