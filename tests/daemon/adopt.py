#!/usr/bin/python3
"""Ids of existing feeds: --adopt, and a state that was lost."""
import email.utils
import json
import os
import shutil
import sqlite3
import sys
import time
from xml.sax.saxutils import escape

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from aggregator import Aggregator                                             # noqa: E402
from case import (CONFIG, DONE, FAULTS, IO, LOCKED, SETTINGS, SKIPPED, USAGE,    # noqa: E402
                  contains, equal, lacks, run_all, test, true)

DAY = 86400
JAN_2_2024 = 1704164645     # 03:04:05 UTC, as Site.article has it
ALL = '[[feed]]\nname = "main"\nrss = "rss.xml"\natom = "atom.xml"\njson = "feed.json"\nlimit = 0\n'


def item(title, link, guid=None, published=JAN_2_2024):
    """An item of an RSS feed, as Hugo writes it."""
    date = f'<pubDate>{email.utils.formatdate(published)}</pubDate>' if published else ''
    return (f'<item><title>{escape(title)}</title><link>{escape(link)}</link>{date}'
            f'<guid>{escape(guid or link)}</guid></item>')


def rss(*items):
    return f'<rss version="2.0"><channel><title>Old</title>{"".join(items)}</channel></rss>'


def ids(site):
    return {title: entry['id'] for title, entry in site.items().items()}


def same(site, stamps, folder='public'):
    """Files are as they were: inode, mtime, mode and bytes."""
    now = site.stamps(folder)
    equal(sorted(now), sorted(stamps))
    for file, stamp in stamps.items():
        if now[file] != stamp:
            changed = set(now[file][3].splitlines()) - set(stamp[3].splitlines())
            raise AssertionError(f'{file} is another one; lines that are new: {changed}')


@test('articles that are published already take the ids of the feed, by URL in many spellings')
def by_url(site):
    site.settings(SETTINGS + ALL)
    links = {
        'a.md': 'http://test.example/a/',           # not https
        'b.md': 'https://test.example/b',           # no slash
        'c.md': 'https://test.example/c/index.html',
        'dé.md': 'https://test.example/d%c3%a9/',
        'e.md': 'https://TEST.example:443/e/#top',
        'f.md': 'https://test.example/f/',
    }
    for name in links:
        site.article(name)
    site.article('other.md')
    site.run('--once').expect(DONE)
    minted = ids(site)
    site.write('old.xml', rss(*(item(f'X {name}', link, f'old-{name}', JAN_2_2024 - DAY)
                                for name, link in links.items())))
    checked = site.stamps('.')
    run = site.run('--check', '--adopt', 'old.xml')
    contains(run.err, 'old.xml: 6 entries: 6 to be placed, 0 placed before, 0 not placed')
    same(site, checked, '.')
    run = site.run('--adopt', 'old.xml').expect(
        DONE, 'old.xml: 6 entries: 6 placed, 0 placed before, 0 not placed; each entry keeps its id')
    lacks(run.err, 'not placed: ', 'held back')
    found = ids(site)
    for name in links:
        equal(found[f'Title of {name}'], f'old-{name}')
        contains(site.read('public/rss.xml').decode(), f'>old-{name}</guid>')
        contains(site.read('public/atom.xml').decode(), f'<id>old-{name}</id>')
    equal(found['Title of other.md'], minted['Title of other.md'])


@test('the same feed twice gives the same, and nothing is written')
def twice(site):
    site.article('a.md')
    site.write('old.xml', rss(item('A', 'https://test.example/a/', 'old-a'),
                              item('Gone', 'https://test.example/gone/', 'old-gone')))
    site.run('--once').expect(DONE)
    site.run('--adopt', 'old.xml').expect(DONE, '1 placed')
    stamps = site.stamps()
    site.run('--adopt', 'old.xml').expect(
        DONE, 'old.xml: 2 entries: 0 placed, 1 placed before, 1 not placed', ' 0 written')
    same(site, stamps)
    # Edited since: what feedd has learned of it stays.
    site.article('a.md', 'Other text.\n')
    site.run('--once').expect(DONE)
    modified = site.items()['Title of a.md']['date_modified']
    site.run('--adopt', 'old.xml').expect(DONE, ' 0 written')
    equal(site.items()['Title of a.md']['date_modified'], modified)


@test('an entry that no URL fits is found by title and day, where that is one alone')
def by_title(site):
    site.article('posts/a.md', title='"Plain – title"')
    site.article('posts/b.md', title='Twin')
    site.article('posts/c.md', title='Twin')
    site.article('posts/d.md', title='Other day')
    site.run('--once').expect(DONE)
    minted = {entry['url']: entry['id'] for entry in json.loads(
        site.read('public/feed.json'))['items']}
    site.write('old.xml', rss(
        item('Plain &#8211; title', 'https://old.example/2024/plain', 'old-a', JAN_2_2024 + 3600),
        item('Twin', 'https://old.example/twin', 'old-twin'),
        item('Other day', 'https://old.example/day', 'old-day', JAN_2_2024 - 9 * DAY)))
    run = site.run('--adopt', 'old.xml').expect(DONE, '3 entries: 1 placed', ' 2 not placed')
    named = run.lines('not placed: ')
    equal(len(named), 2, run.err)
    contains(named[0], '"Twin" of 2024-01-02, https://old.example/twin', 'guid: "old-twin"')
    contains(named[1], '"Other day" of 2023-12-24', 'guid: "old-day"')
    found = {entry['url']: entry['id'] for entry in json.loads(
        site.read('public/feed.json'))['items']}
    minted['https://test.example/posts/a/'] = 'old-a'
    equal(found, minted)
    # The advice is good.
    site.article('posts/d.md', title='Other day', guid='old-day')
    site.run('--adopt', 'old.xml').expect(DONE, ' 0 placed, 2 placed before, 1 not placed')
    equal(ids(site)['Other day'], 'old-day')


@test('an undated article takes the first date, and an update of the feed is taken too')
def dates(site):
    site.article('undated.md', date=None)
    site.article('dated.md')
    site.article('later.md')
    site.run('--once').expect(DONE)
    site.write('old.json', json.dumps({'version': 'https://jsonfeed.org/version/1.1', 'title': 'T',
                                       'items': [
        {'id': 'old-u', 'url': 'https://test.example/undated/', 'title': 'U',
         'date_published': '2020-02-02T02:02:02Z'},
        {'id': 'old-d', 'url': 'https://test.example/dated/', 'title': 'D',
         'date_published': '2023-02-02T02:02:02Z', 'date_modified': '2024-03-03T03:03:03Z'},
        {'id': 'old-l', 'url': 'https://test.example/later/', 'title': 'L',
         'date_published': '2024-05-05T02:02:02Z'}]}))
    site.run('--adopt', 'old.json').expect(DONE, '3 placed')
    items = site.items()
    undated, dated = items['Title of undated.md'], items['Title of dated.md']
    equal(undated['date_published'], '2020-02-02T02:02:02Z')
    lacks(undated, 'date_modified')
    equal(dated['date_published'], '2024-01-02T03:04:05Z', 'the author has the word')
    equal(dated['date_modified'], '2024-03-03T03:03:03Z')
    lacks(items['Title of later.md'], 'date_modified')      # the feed tells of no update
    os.utime(site.path('content/undated.md'), (0, 1e9))
    site.run('--once').expect(DONE, ' 0 written')


@test('ids of the front matter stay; ids taken stay through a rename, an edit and a lost state')
def kept(site):
    site.settings(SETTINGS + ALL)
    for name in ('own.md', 'a.md', 'b.md', 'c.md'):
        site.article(name, f'The text of {name}, which is like no other one here.\n',
                     guid='mine' if name == 'own.md' else None)
    site.run('--once').expect(DONE)
    site.write('old.xml', rss(*(item('X', f'https://test.example/{name}/', f'old-{name}')
                                for name in ('own', 'a', 'b', 'c'))))
    site.run('--adopt', 'old.xml').expect(
        DONE, '4 entries: 3 placed, 0 placed before, 1 with another id in the article\'s own head',
        ' 0 not placed')
    os.rename(site.path('content/a.md'), site.path('content/renamed.md'))
    site.article('b.md', 'Something else.\n')
    site.run('--once').expect(DONE)
    wanted = {'Title of own.md': 'mine', 'Title of a.md': 'old-a', 'Title of b.md': 'old-b',
              'Title of c.md': 'old-c'}
    equal(ids(site), wanted)
    stamps = site.stamps()
    shutil.rmtree(site.path('.feedd'))
    site.run('--once').expect(DONE)
    same(site, stamps)
    site.run('--adopt', 'old.xml').expect(
        DONE, ' 0 placed, 3 placed before, 1 with another', ' 0 not placed')
    same(site, stamps)


@test('articles that come later take their ids then, in a daemon too')
def later(site):
    site.article('a.md')
    site.write('old.xml', rss(item('A', 'https://test.example/a/', 'old-a'),
                              item('L', 'https://test.example/later/', 'old-later'),
                              item('By title', 'https://old.example/x/', 'old-title')))
    site.run('--adopt', 'old.xml').expect(DONE, '1 placed, 0 placed before, 2 not placed',
                                          'an article that comes later')
    site.article('later.md')
    site.run('--once').expect(DONE)
    equal(ids(site)['Title of later.md'], 'old-later')
    daemon = site.daemon()
    site.article('elsewhere.md', title='By title')
    daemon.until(lambda: 'By title' in ids(site), 'the article')
    equal(ids(site)['By title'], 'old-title')
    daemon.stop()
    site.run('--adopt', 'old.xml').expect(DONE, '0 placed, 3 placed before, 0 not placed; each entry keeps')


@test('a feed of some articles leaves the others what they have, and no guard holds it')
def some(site):
    site.settings(SETTINGS + ALL + '[[feed]]\nname = "newest"\njson = "newest.json"\nlimit = 20\n')
    for i in range(100):
        site.article(f'a{i:02}.md', date=f'2024-01-01T00:{i % 60:02}:{i // 60:02}Z')
    site.run('--once').expect(DONE)
    before = site.items()
    newest = site.items('public/newest.json')
    site.write('old.xml', rss(*(item(title, entry['url'].replace('https', 'http'), f'old {title}',
                                     JAN_2_2024 - DAY) for title, entry in newest.items())))
    run = site.run('--adopt', 'old.xml').expect(DONE, '20 entries: 20 placed')
    equal(run.lines('would lose'), [])
    for title, entry in site.items().items():
        equal(entry['id'], f'old {title}' if title in newest else before[title]['id'])
    equal({entry['id'] for entry in site.items('public/newest.json').values()},
          {f'old {title}' for title in newest})


@test('the guard still holds back what was not asked for')
def guard(site):
    for i in range(8):
        site.article(f'a{i}.md')
    site.run('--once').expect(DONE)
    stamps = site.stamps()
    site.write('old.xml', rss(item('A', 'https://test.example/a0/', 'old-a')))
    for i in range(1, 7):
        os.unlink(site.path(f'content/a{i}.md'))
    site.run('--adopt', 'old.xml').expect(IO, 'would lose 6 of its 8 entries')
    same(site, stamps)
    site.run('--adopt', 'old.xml', '--force').expect(DONE, '1 placed')
    equal(ids(site)['Title of a0.md'], 'old-a')


@test('of two articles with one URL the one in the feeds takes the id')
def twins(site):
    for i in range(100):        # more than one worker reads
        site.article(f'many/{i}.md', date='2025-01-01T00:00:00Z')
    for i in range(8):
        site.article(f'{i}-b.md', url=f'/{i}/', date='2024-01-02T00:00:00Z')
        site.article(f'{i}-a.md', url=f'/{i}/', date='2023-01-01T00:00:00Z', draft='true')
        site.article(f'{i}-z.md', url=f'/{i}/', date='2024-01-01T00:00:00Z')
    site.settings(SETTINGS + ALL)
    site.write('old.xml', rss(*(item('S', f'https://test.example/{i}/', f'old-{i}')
                                for i in range(8))))
    site.run('--once').expect(DONE)
    site.run('--adopt', 'old.xml').expect(DONE, ' 8 placed', 'which readers have seen and keeps it')

    def placed():
        found = ids(site)
        for i in range(8):
            equal(found[f'Title of {i}-z.md'], f'old-{i}')

    placed()
    stamps = site.stamps()
    shutil.rmtree(site.path('.feedd'))
    site.run('--once').expect(DONE)
    same(site, stamps)
    for folder in ('.feedd', 'public'):
        shutil.rmtree(site.path(folder))
    site.run('--adopt', 'old.xml').expect(DONE, ' 8 placed')
    placed()


@test('a feed that is adopted later wins over one that was adopted before')
def again(site):
    site.article('a.md')
    site.write('first.xml', rss(item('A', 'https://test.example/a/', 'first')))
    site.write('second.xml', '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>'
               '<entry><id>urn:second</id><title>A</title>'
               '<updated>2024-01-02T03:04:05Z</updated>'
               '<link href="https://test.example/a/"/></entry></feed>')
    site.run('--adopt', 'first.xml').expect(DONE, '1 placed')
    site.run('--adopt', 'second.xml').expect(DONE, '1 placed')
    equal(ids(site), {'Title of a.md': 'urn:second'})


@test('entries that have no place are named, at most fifty, and forge no line')
def unplaced(site):
    site.article('a.md')
    site.write('old.xml', rss(*(item(f'T{i}\u202e\x85x', f'https://old.example/{i}', 'o' * 2000 +
                                     str(i)) for i in range(70))))
    run = site.run('--adopt', 'old.xml').expect(
        DONE, '20 more could not be placed', '70 entries: 0 placed, 0 placed before, 70 not placed',
        'content.permalink may be wrong')
    named = run.lines('not placed: ')
    equal(len(named), 50)
    contains(named[0], 'https://old.example/0', r'T0\u{202E}')
    true(max(map(len, named)) < 1200, 'lines have a bound')


@test('what is no feed changes nothing')
def garbage(site):
    site.article('a.md')
    site.run('--once').expect(DONE)
    stamps = site.stamps('.')
    bad = {
        'text': b'no feed at all\n', 'empty': b'', 'binary': bytes(range(256)) * 10,
        'page.html': b'<html><body>A page</body></html>',
        'other.json': b'{"items": 3}',
        'cut.xml': rss(item('A', 'https://t.example/')).encode()[:-9],
        'entity.xml': b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                      b'<rss><channel><item><guid>&b;</guid></item></channel></rss>',
        'none.xml': rss().encode(), 'huge.xml': b'<rss>' + b' ' * (16 << 20),
    }
    for name, content in bad.items():
        site.write(f'bad/{name}', content)
        run = site.run('--adopt', f'bad/{name}').expect(FAULTS, f'error: bad/{name}')
        equal(len(run.lines()), 1, run.err)
    os.mkfifo(site.path('bad/fifo'))
    for name in ('missing.xml', '.', 'fifo'):
        run = site.run('--adopt', f'bad/{name}')
        true(run.status in (IO, FAULTS), run.err)
        contains(run.err, f'error: bad/{name}')
    shutil.rmtree(site.path('bad'))
    same(site, stamps, '.')


@test('a feed is adopted from its address; redirects are followed')
def address(site):
    web = Aggregator(site)
    feed = rss(item('Title of a.md', 'https://test.example/a/', 'old-a'))
    web.answer('/feed', {'status': 301, 'headers': {'Location': '/rss.xml'}})
    web.answer('/rss.xml', {'status': 200, 'body': feed})
    web.answer('/none', {'status': 404})
    web.answer('/page', {'status': 200, 'body': '<p>A page.'})
    web.answer('/half', {'how': 'close'})
    site.article('a.md')
    site.run('--check', '--adopt', web.url + 'feed').expect(DONE, '1 to be placed')
    for name, status, why in (('none', IO, 'the server answered with status 404'),
                              ('page', FAULTS, ''), ('half', IO, '')):
        run = site.run('--adopt', web.url + name).expect(status, f'error: {web.url}{name}: {why}')
        equal(len(run.lines()), 1, run.err)
    site.run('--adopt', 'http://127.0.0.1:1/rss.xml').expect(IO, 'refused')
    site.run('--adopt', 'HTTP' + web.url[4:] + 'feed').expect(DONE, '1 placed')
    equal(ids(site)['Title of a.md'], 'old-a')


@test('other commands are refused with one sentence')
def usage(site):
    for command in ('--status', '--settings', '--check-settings'):
        site.run(command, '--adopt', 'old.xml').expect(USAGE, 'goes alone')
    site.run('--adopt').expect(USAGE, 'needs an argument')
    site.settings('nothing')
    site.write('old.xml', rss(item('A', 'https://test.example/a/')))
    site.run('--adopt', 'old.xml').expect(CONFIG)


@test('beside a daemon: refused, with what to do; --check may look')
def daemon(site):
    site.article('a.md')
    running = site.daemon()
    site.write('old.xml', rss(item('A', 'https://test.example/a/', 'old-a')))
    site.run('--adopt', 'old.xml').expect(
        LOCKED, f'another feedd, process {running.process.pid}', 'systemctl stop feedd')
    site.run('--check', '--adopt', 'old.xml').expect(DONE, '1 to be placed')
    running.stop()
    site.run('--adopt', 'old.xml').expect(DONE, '1 placed')
    running = site.daemon()
    equal(ids(site)['Title of a.md'], 'old-a')
    running.stop()


@test('it builds as --once does: what is skipped is named, and --strict counts')
def builds(site):
    site.article('a.md')
    site.write('content/broken.md', '---\ntitle: [\n---\n')
    site.write('old.xml', rss(item('A', 'https://test.example/a/', 'old-a')))
    site.run('--adopt', 'old.xml', '--once', '--strict').expect(SKIPPED, 'broken.md:', '1 placed')
    equal(ids(site)['Title of a.md'], 'old-a')
    with sqlite3.connect(site.path('.feedd/state.db')) as db:
        equal(db.execute('SELECT id, used FROM adopted').fetchall(), [('old-a', 1)])


# ---- the state is lost ----

def lived_in(site, formats):
    """A site as it is after some time: renames, edits, undated articles, tags, dates by clock."""
    site.settings(SETTINGS + '[content]\ndate_only = "first-seen"\n'
                  '[output]\ncompress = ["gzip", "brotli"]\n'
                  '[[feed]]\nname = "main"\nlimit = 30\n' +
                  ''.join(f'{f} = "main-{f}.xml"\n' for f in formats) +
                  '[[feed]]\nname = "tags"\nby = "tag"\n' +
                  ''.join(f'{f} = "tags/:tag/{f}.xml"\n' for f in formats))
    today = time.strftime('%Y-%m-%d', time.gmtime())
    for i in range(60):
        site.article(f'a{i:02}.md', f'Text number {i} speaks of {"xyz"[i % 3] * 9}.\n',
                     date=f'2024-01-02T03:{i:02}:05Z', tags=f'[t{i % 4}]')
    site.article('dotted.md', title='"Ünï <b>cödé</b> & \\"quotes\\" – —"', tags='[t1]')
    site.article('undated.md', 'Never dated.\n', date=None, tags='[t1, u]')
    site.article('undated2.md', 'Never dated either.\n', date=None, tags='[t2]')
    for name in ('undated', 'undated2'):
        os.utime(site.path(f'content/{name}.md'), (1.7e9, 1.7e9))
    site.article('today.md', 'Of this day.\n', date=today, tags='[t3]')
    site.article('once/more/twin.md', 'One twin.\n', tags='[t1]', url='/first/')
    site.article('minor.md', 'Edited a little.\n', tags='[t1]')
    site.run('--once').expect(DONE)
    os.rename(site.path('content/a59.md'), site.path('content/renamed.md'))
    os.rename(site.path('content/undated.md'), site.path('content/undated-renamed.md'))
    site.run('--once').expect(DONE)
    site.article('a58.md', 'Edited text.\n', date='2024-01-02T03:58:05Z', tags='[t2]')
    site.article('undated2.md', 'Never dated, but edited.\n', date=None, tags='[t2]')
    site.article('minor.md', 'Edited a bit.\n', tags='[t1]', minor='true')
    site.article('new.md', 'Newer.\n', date='2024-02-02', tags='[t3]')
    site.run('--once').expect(DONE)
    os.unlink(site.path('content/a57.md'))
    site.run('--once').expect(DONE)
    site.run('--once').expect(DONE, ' 0 written')


def losing(*formats):
    @test(f'the state is lost: no byte changes, with {", ".join(formats)} alone')
    def lost(site):
        lived_in(site, formats)
        stamps = site.stamps()
        true(len(stamps) > 4 * len(formats), 'there are feeds of tags')
        for file in site.files('content'):     # as a fresh clone has them
            os.utime(site.path(f'content/{file}'))
        shutil.rmtree(site.path('.feedd'))
        site.run('--check').expect(DONE, ' 0 would be written')
        same(site, stamps)
        run = site.run('--once').expect(DONE)
        same(site, stamps)
        contains(run.err, 'there is no state yet; ids are taken from the feeds')
        site.run('--once').expect(DONE, ' 0 written')
        same(site, stamps)
        # And what comes afterwards is as if nothing had been lost.
        os.rename(site.path('content/renamed.md'), site.path('content/renamed-again.md'))
        site.run('--once').expect(DONE)


losing('rss')
losing('atom')
losing('json')
losing('rss', 'atom', 'json')


run_all()
