#!/usr/bin/python3
"""Pages for people: what a browser makes of them, who owns the files, what an edit costs.

Where `chromium` is installed, it shows pages and feeds with styles: $CHROMIUM names another one.
"""
import functools
import html.parser
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, FAULTS, IO, SETTINGS, contains, equal, lacks, run_all, skip, test, true)   # noqa: E402

CHROMIUM = os.environ.get('CHROMIUM') or shutil.which('chromium')
PAGES = '[pages]\ndir = "feeds"\nopml = "feeds.opml"\nstyle_feeds = true\n'
FEEDS = ('[[feed]]\nname = "main"\nrss = "rss.xml"\natom = "atom.xml"\nlimit = 3\n'
         '[[feed]]\nby = "tag"\natom = "tags/:tag.xml"\n')
SITE = SETTINGS + 'language = "en"\n' + PAGES + FEEDS


def changed(site, before):
    """The files of output.dir that were replaced or have come or gone since `before`."""
    after = site.stamps()
    return sorted(name for name in before.keys() | after.keys()
                  if before.get(name) != after.get(name))


@test('an edit touches the pages of its own feeds, and that of all feeds when a number changes')
def touched(site):
    site.settings(SITE)
    for number in range(4):
        site.article(f'{number}.md', tags='[all, tag%d]' % number,
                     date=f'2024-01-0{number + 1}T00:00:00Z')
    site.run('--once').expect(DONE, 'documents')
    before = site.stamps()
    site.run('--once').expect(DONE, ' 0 written')
    equal(changed(site, before), [])

    site.article('3.md', 'Another text.\n', tags='[all, tag3]', date='2024-01-04T00:00:00Z')
    site.run('--once').expect(DONE)
    equal(changed(site, before), ['atom.xml', 'feeds/main.html', 'feeds/tag/all.html',
                                  'feeds/tag/tag3.html', 'rss.xml', 'tags/all.xml',
                                  'tags/tag3.xml'])

    before = site.stamps()
    site.article('4.md', tags='[tag3]', date='2024-01-05T00:00:00Z')
    site.run('--once').expect(DONE)
    equal([name for name in changed(site, before) if name.startswith('feeds')],
          ['feeds/index.html', 'feeds/main.html', 'feeds/tag/tag3.html'])

    before = site.stamps()
    site.article('5.md', tags='[new]', date='2024-01-06T00:00:00Z')
    site.run('--once').expect(DONE)
    equal([name for name in changed(site, before) if name.startswith('feeds')],
          ['feeds.opml', 'feeds/index.html', 'feeds/main.html', 'feeds/tag/new.html'])


@test('a daemon follows too; a feed that is empty leaves both lists at once, its page later')
def followed(site):
    site.settings(SITE + '[output]\nkeep_empty = 0\n')
    site.article('a.md', tags='[one]')
    daemon = site.daemon()
    contains(site.read('public/feeds/index.html').decode(), '>one</a>')
    site.article('b.md', tags='[two]')
    daemon.until(lambda: b'>two</a>' in site.read('public/feeds/index.html'), 'a new tag')
    daemon.until(lambda: b'tags/two.xml' in site.read('public/feeds.opml'), 'it in the OPML')
    os.unlink(site.path('content/a.md'))
    daemon.until(lambda: b'>one</a>' not in site.read('public/feeds/index.html'), 'a tag goes')
    daemon.until(lambda: b'tags/one.xml' not in site.read('public/feeds.opml'), 'the OPML too')
    daemon.until(lambda: not os.path.exists(site.path('public/feeds/tag/one.html')), 'its page')
    daemon.stop()


@test('a stylesheet that was changed is never overwritten, and one that was not follows feedd')
def stylesheet(site):
    path = 'public/feeds/feedd.css'
    site.settings(SITE)
    site.article('a.md')
    site.run('--once').expect(DONE)
    ours = site.read(path)
    os.unlink(site.path(path))
    site.run('--once').expect(DONE, '1 written')
    equal(site.read(path), ours)
    site.write(path, 'body { color: black }\n')
    run = site.run('--once', '--verbose').expect(DONE, ' 0 written', 'is left as it is')
    equal(run.lines('error'), [])
    equal(site.read(path), b'body { color: black }\n')
    shutil.rmtree(site.path('.feedd'))      # not without its state either
    site.run('--once').expect(DONE)
    equal(site.read(path), b'body { color: black }\n')
    site.write(path, ours)                  # given back
    site.run('--once').expect(DONE)
    equal(site.read(path), ours)


@test("a page of somebody else stays; feedd's own is known again without its state")
def foreign(site):
    site.settings(SITE)
    site.article('a.md', tags='[one]')
    site.write('public/feeds/tag/one.html', '<!DOCTYPE html><title>Mine</title>')
    run = site.run('--once').expect(IO, 'feeds/tag/one.html: a page is there that feedd did not')
    equal(len(run.lines('error')), 1)
    equal(site.read('public/feeds/tag/one.html'), b'<!DOCTYPE html><title>Mine</title>')
    true(os.path.exists(site.path('public/tags/one.xml')), 'its feed is not there')
    os.unlink(site.path('public/feeds/tag/one.html'))
    site.run('--once').expect(DONE, '1 written')
    shutil.rmtree(site.path('.feedd'))
    site.article('b.md', tags='[one]')
    site.run('--once').expect(DONE)
    contains(site.read('public/feeds/tag/one.html').decode(), 'Title of b.md')


@test('a symlink that leads elsewhere is somebody\'s stylesheet, or page, and stays')
def symlinks(site):
    site.settings(SITE)
    site.article('a.md', tags='[one]')
    site.write('theme.css', 'body { color: black }\n')
    site.write('mine.html', '<!DOCTYPE html><title>Mine</title>')
    os.makedirs(site.path('public/feeds'))
    os.symlink('../../theme.css', site.path('public/feeds/feedd.css'))
    os.symlink('../../mine.html', site.path('public/feeds/main.html'))
    for _ in range(2):
        run = site.run('--once').expect(IO, 'feeds/main.html: a page is there that feedd did not')
        equal(len(run.lines('error')), 1)
        equal(os.readlink(site.path('public/feeds/feedd.css')), '../../theme.css')
        equal(os.readlink(site.path('public/feeds/main.html')), '../../mine.html')
    os.unlink(site.path('public/feeds/main.html'))
    site.run('--once').expect(DONE, '1 written')


@test('pages in the folder of the articles are no articles')
def one_folder(site):
    site.settings(SITE + '[content]\ndir = "."\nexclude = ["feedd.toml"]\n[output]\ndir = "."\n')
    site.article('a.md', tags='[one]')
    for _ in range(2):
        site.run('--once').expect(DONE, '1 article: 1 public')
    true(os.path.exists(site.path('feeds/index.html')), 'no page')
    daemon = site.daemon()
    site.article('b.md')
    daemon.until(lambda: b'Title of b.md' in site.read('feeds/main.html'), 'b.md on the page')
    daemon.stop()
    site.run('--once').expect(DONE, '2 articles: 2 public', ' 0 written')


@test('nobody is told of a page, and no web server of its headers')
def silent(site):
    hub = '[[ping]]\nprotocol = "websub"\nurl = "https://hub.example/"\nannounce_first_run = true\n'
    site.settings(SITE + hub)
    site.article('a.md', tags='[one]')
    run = site.run('--once', '--dry-run').expect(DONE)
    contains(run.out, 'rss.xml', 'tags%2Fone.xml')
    lacks(run.out, '.html', 'opml', '.css')
    site.run('--once', '--no-ping').expect(DONE)
    targets = json.loads(site.run('--status', '--json').out)['targets']
    equal([target['due'] for target in targets], [3])
    lacks(site.run('--print-server-config', 'nginx').expect(DONE).out, '.html', 'opml', '.css')


@test('--status has the pages of all feeds beside the feeds, not as one of them')
def no_feeds(site):
    site.settings(SITE)
    site.article('a.md', tags='[one]')
    site.run('--once').expect(DONE)
    documents = json.loads(site.run('--status', '--json').out)['documents']
    equal(sorted(one['format'] for one in documents if 'feed' not in one and 'entries' not in one),
          ['index', 'opml', 'stylesheet'])
    equal(len([one for one in documents if 'feed' in one and 'entries' in one]), 5)


@test('--explain knows the page of a feed, and what is of all feeds')
def explained(site):
    site.settings(SITE)
    site.article('a.md', tags='[one]')
    site.run('--once').expect(DONE)
    contains(site.run('--explain', 'feeds/tag/one.html').expect(DONE).out, "feed 'tag: one'")
    for word in ('feeds/index.html', 'public/feeds.opml', 'https://test.example/feeds/feedd.css'):
        contains(site.run('--explain', word).expect(FAULTS).err, 'is of no feed, but of all')


@test('pages that nothing asks for any more are named once, and left')
def left(site):
    site.settings(SITE)
    site.article('a.md')
    site.run('--once').expect(DONE)
    before = site.stamps()
    site.settings(SETTINGS + FEEDS)
    run = site.run('--once').expect(DONE)
    for path in ('feeds.opml', 'feeds/feedd.css', 'feeds/index.html', 'feeds/main.html'):
        contains(run.err, f'public/{path} is of no feed and no page in the settings any more')
    site.run('--once').expect(DONE)
    equal(site.run('--once').lines('warning'), [])
    equal([name for name in changed(site, before) if name.startswith('feeds')], [])


@test('--print-links prints what finds the feeds, from the settings alone')
def links(site):
    site.settings(SITE)
    shutil.rmtree(site.path('content'))
    run = site.run('--print-links').expect(DONE)
    equal(run.err, '')
    contains(run.out, 'type="application/rss+xml" title="Test (RSS 2.0)" '
                      'href="https://test.example/rss.xml"/>', '/tags/:tag.xml')
    site.settings('nonsense')
    equal(site.run('--print-links').out, '')


class Dom(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.text = ''
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag, **attrs):
        return [found for name, found in self.found if name == tag and
                all(found.get(key) == value for key, value in attrs.items())]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """The pages under the strictest policy that they are meant for."""

    extensions_map = {'.html': 'text/html; charset=utf-8', '.css': 'text/css',
                      '.xml': 'application/xml', '': 'application/octet-stream'}

    def end_headers(self):
        self.send_header('Content-Security-Policy', "default-src 'none'; style-src 'self'")
        self.send_header('X-Content-Type-Options', 'nosniff')
        super().end_headers()

    def do_GET(self):
        self.server.asked.append(self.path)
        super().do_GET()

    def log_message(self, *args):
        pass


class Browser:
    """chromium on the site's output, by a web server."""

    def __init__(self, site):
        if not CHROMIUM:
            skip('chromium is not installed')
        self.site = site
        handler = functools.partial(Quiet, directory=site.path('public'))
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
        self.server.asked = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def run(self, path, *options):
        url = f'http://127.0.0.1:{self.server.server_address[1]}/{path}'
        done = subprocess.run(
            [CHROMIUM, '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
             f'--user-data-dir={self.site.path("chromium")}', *options, url],
            capture_output=True, timeout=100, check=False)
        if done.returncode:
            skip('chromium does not run here')
        return done.stdout.decode()

    def dom(self, path):
        return Dom(self.run(path, '--dump-dom'))

    def text_of(self, path):
        """What stands on paper: generated text counts, hidden text does not. None: no way to see."""
        pdf = self.site.path('page.pdf')
        self.run(path, f'--print-to-pdf={pdf}')
        if not shutil.which('pdftotext'):
            return None
        return subprocess.run(['pdftotext', '-layout', pdf, '-'], capture_output=True,
                              check=True).stdout.decode()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def browsed(site):
    browser = Browser(site)
    site.settings(SITE)
    site.article('a.md', '<b>Bold</b> text of a.\n\nNot in the summary.\n', tags='[one]')
    site.article('b.md', title='"<script>alert(1)</script>"', date='2024-01-03T00:00:00Z')
    site.run('--once').expect(DONE)
    return browser


@test('a browser finds the feeds on the page of all, and follows it to that of each')
def browser_index(site):
    browser = browsed(site)
    dom = browser.dom('feeds/index.html')
    browser.close()
    equal([link['href'] for link in dom.all('link', rel='alternate')],
          ['https://test.example/rss.xml', 'https://test.example/atom.xml'])
    contains(dom.text, 'https://test.example/rss.xml', 'https://test.example/feeds.opml')
    hrefs = [link['href'] for link in dom.all('a')]
    for name in ('main.html', 'tag/one.html'):
        true(name in hrefs, f'{name} is not among {hrefs}')
    for tag in ('header', 'nav', 'main', 'h1'):
        equal(len(dom.all(tag)), 1, tag)
    true('/feeds/feedd.css' in browser.server.asked, 'the stylesheet was not asked for')
    equal([path for path in browser.server.asked
           if not re.fullmatch(r'/feeds/(index\.html|feedd\.css)|/favicon\.ico', path)], [])


@test('the page of a feed shows titles as text, days and summaries')
def browser_page(site):
    browser = browsed(site)
    dom = browser.dom('feeds/main.html')
    browser.close()
    contains(dom.text, '<script>alert(1)</script>', '2024-01-03', 'Bold text of a.')
    lacks(dom.text, 'Not in the summary')
    equal(dom.all('script'), [])
    equal(len(dom.all('article')), 2)
    true({'href': 'https://test.example/a/', 'dir': 'auto'} in dom.all('a'), 'no link to a')


@test('a feed is text for people in a browser, without its markup')
def browser_feed(site):
    browser = browsed(site)
    for name in ('rss.xml', 'atom.xml'):
        text = browser.text_of(name)
        if text is None:
            browser.close()
            skip('pdftotext is not installed')
        contains(text, 'This is a web feed', 'Test', 'Title of a.md', 'https://test.example/a/',
                 'Bold text of a.', '2024')
        lacks(text, 'Not in the summary', 'tag:test.example', 'style information')
    browser.close()


run_all()
