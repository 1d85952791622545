#!/usr/bin/python3
"""Ids that never change, and dates that move only when an author's words do."""
import datetime
import os
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, SETTINGS, contains, equal, run_all, skip, test, true)   # noqa: E402
from preload import Clock                                                      # noqa: E402

FEEDS = '[[feed]]\nname = "main"\njson = "feed.json"\natom = "atom.xml"\nlimit = 0\n'
POST = 'posts/post.md'
HEAD = {'title': 'Post', 'date': '2024-01-02T03:04:05Z', 'tags': '[one, two]', 'summary': 'In short.'}
HOUR = 3600


def put(site, name=POST, body='The old words.\n', **keys):
    site.article(name, body, **{**HEAD, **keys})


def started(site, *args, **more):
    site.settings(SETTINGS + FEEDS)
    put(site)
    for i in range(9):
        site.article(f'posts/other-{i}.md', f'Other text {i}.\n', date=f'2023-01-0{i + 1}')
    return site.daemon(*args, **more)


def entry(site, title='Post'):
    return site.items()[title]


def others(site, title='Post'):
    return {key: item for key, item in site.items().items() if key not in (title, 'marker')}


def reload(site, daemon, settings):
    site.settings(settings)
    before = len(daemon.log('ready: '))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.log('ready: ')) > before, 'the reload')


def moment(text):
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp()


def rewrite(site, change, name=POST):
    """Replace the file by what `change` makes of its bytes, with another inode and time."""
    path = site.path('content/' + name)
    site.write('content/posts/.new', change(site.read('content/' + name)))
    os.rename(site.path('content/posts/.new'), path)


# ---- what moves no date ----

def still(name):
    def add(change):
        def run(site):
            daemon = started(site)
            before, rest = entry(site), others(site)
            change(site, daemon)
            daemon.at_rest()
            after = entry(site)
            equal(after['id'], before['id'])
            for key in ('date_published', 'date_modified'):
                equal(after.get(key), before.get(key), key)
            equal({key: item['id'] for key, item in others(site).items()},
                  {key: item['id'] for key, item in rest.items()})
            daemon.stop()
            site.run('--once').expect(DONE)     # nor does the next start
            equal(entry(site), after)
        run.__name__ = change.__name__
        test(f'no date moves: {name}')(run)
        return change
    return add


@still('touch')
def touch(site, daemon):
    os.utime(site.path('content/' + POST))


@still('rename, and a later look at everything')
def rename(site, daemon):
    os.rename(site.path('content/' + POST), site.path('content/posts/moved.md'))
    daemon.until(lambda: entry(site)['url'].endswith('/moved/'), 'the new place')
    daemon.signal(signal.SIGUSR1)


@still('the same bytes in a new file')
def same(site, daemon):
    rewrite(site, lambda text: text)


@still('a git checkout of another branch and back')
def checkout(site, daemon):
    if not shutil.which('git'):
        skip('git is not installed')

    def git(*command):
        subprocess.run(['git', '-c', 'user.name=T', '-c', 'user.email=t@t', *command], check=True,
                       cwd=site.path('content'), capture_output=True)
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'one')
    git('checkout', '-q', '--orphan', 'empty')
    git('rm', '-rq', '--cached', 'posts/post.md')
    git('commit', '-qm', 'two')
    os.unlink(site.path('content/' + POST))
    daemon.until(lambda: 'Post' not in site.items(), 'it is gone', 10)
    git('checkout', '-q', '-f', 'master' if os.path.exists(site.path('content/.git/refs/heads/master'))
        else 'main')
    daemon.until(lambda: 'Post' in site.items(), 'it is back', 10)


@still('LF becomes CRLF, and LF again')
def line_ends(site, daemon):
    rewrite(site, lambda text: text.replace(b'\n', b'\r\n'))
    daemon.at_rest()
    true('date_modified' not in entry(site) or entry(site)['date_modified'] < '2025', 'CRLF moved it')
    rewrite(site, lambda text: text.replace(b'\r\n', b'\n'))


@still('a BOM before it')
def mark(site, daemon):
    rewrite(site, lambda text: b'\xef\xbb\xbf' + text)


@still('keys in another order')
def order(site, daemon):
    site.write('content/' + POST, '---\n' + ''.join(
        f'{key}: {HEAD[key]}\n' for key in reversed(HEAD)) + '---\nThe old words.\n')


@still('a key that feedd does not know')
def unknown_key(site, daemon):
    put(site, weight='12', layout='wide')


@still('a minor edit')
def minor(site, daemon):
    put(site, body='The newer words.\n', minor='true')
    daemon.until(lambda: 'newer' in entry(site)['content_html'], 'the edit')


@still('minor: true comes and goes')
def minor_key(site, daemon):
    put(site, minor='true')
    daemon.at_rest()
    put(site)


@still('another timezone, title and author of the site')
def site_settings(site, daemon):
    reload(site, daemon, SETTINGS.replace('"Test"', '"Other"').replace('Tess', 'Tom')
           + 'timezone = "Asia/Tokyo"\n' + FEEDS)


@still('another timezone, of dates without one, and back')
def zone(site, daemon):
    put(site, 'posts/local.md', title='Local', date='2024-01-02 03:04:05')
    daemon.at_rest()
    before = entry(site, 'Local')
    for name in ('America/New_York', 'Asia/Tokyo', 'UTC'):
        reload(site, daemon, SETTINGS + f'timezone = "{name}"\n' + FEEDS)
        item = entry(site, 'Local')
        equal(item.get('date_modified', item['date_published']), item['date_published'], name)
    equal(entry(site, 'Local'), before)
    os.unlink(site.path('content/posts/local.md'))
    daemon.until(lambda: 'Local' not in site.items(), 'it is gone', 10)


@still('another permalink')
def permalink(site, daemon):
    reload(site, daemon, SETTINGS + '[content]\npermalink = "/p/:slug/"\n' + FEEDS)
    daemon.until(lambda: '/p/' in entry(site)['url'], 'the new URL')


@still('another domain')
def domain(site, daemon):
    reload(site, daemon, SETTINGS.replace('test.example', 'other.example') + FEEDS)
    daemon.until(lambda: 'other.example' in entry(site)['url'], 'the new URL')


@still('edits of a neighbour')
def neighbour(site, daemon):
    site.article('posts/other-1.md', 'Edited.\n', date='2023-01-02')
    daemon.until(lambda: 'Edited.' in entry(site, 'Title of posts/other-1.md')['content_html'],
                 'the edit')


# ---- what moves `updated` ----

def moves(name, **change):
    def run(site):
        daemon = started(site)
        before = entry(site)
        body = change.pop('body', 'The old words.\n')
        # Saved elsewhere an hour ago, and moved here now.
        put(site, 'posts/.new', body, **change)
        stamp = int(os.stat(site.path('content/' + POST)).st_mtime) - HOUR
        os.utime(site.path('content/posts/.new'), (stamp, stamp))
        os.rename(site.path('content/posts/.new'), site.path('content/' + POST))
        daemon.at_rest()
        title = change.get('title', 'Post')
        after = entry(site, title)
        equal(moment(after['date_modified']), stamp, 'date_modified')
        equal(after['id'], before['id'])
        equal(after['date_published'], before['date_published'])
        daemon.stop()
        shutil.rmtree(site.path('public'))
        site.run('--once').expect(DONE)
        equal(entry(site, title), after)
    test(f'`updated` moves to the time of the file: {name}')(run)
    run.__name__ = 'moves_' + name.replace(' ', '_')


moves('another body', body='The new words.\n')
moves('another title', title='Posts')
moves('another tag', tags='[one, three]')
moves('another summary', summary='In other words.')


@test('a key that says when it was updated wins over all')
def own_key(site):
    daemon = started(site)
    put(site, updated='2024-05-05T05:05:05Z')
    daemon.until(lambda: entry(site).get('date_modified') == '2024-05-05T05:05:05Z', 'the date of the key')
    put(site, body='The new words.\n', updated='2024-05-05T05:05:05Z')
    daemon.until(lambda: 'new words' in entry(site)['content_html'], 'the edit')
    equal(entry(site)['date_modified'], '2024-05-05T05:05:05Z')


@test('edits of a draft before it is published move nothing')
def draft(site):
    daemon = started(site)
    put(site, 'posts/draft.md', title='Draft', draft='true')
    daemon.at_rest()
    put(site, 'posts/draft.md', 'Other words.\n', title='Draft', draft='true')
    daemon.at_rest()
    true('Draft' not in site.items(), 'a draft is published')
    put(site, 'posts/draft.md', 'The last words.\n', title='Draft')
    daemon.until(lambda: 'Draft' in site.items(), 'it is published')
    item = entry(site, 'Draft')
    equal(item.get('date_modified', item['date_published']), item['date_published'])


# ---- ids ----

@test('removed and restored, within the run and over a restart: the old id, the old dates')
def restored(site):
    daemon = started(site)
    os.rename(site.path('content/' + POST), site.path('content/posts/kept.md'))     # an id of another path
    daemon.until(lambda: entry(site)['url'].endswith('/kept/'), 'the new place')
    put(site, 'posts/kept.md', 'The new words.\n')
    daemon.until(lambda: 'new words' in entry(site)['content_html'], 'the edit')
    before = entry(site)
    contains(before['id'], 'post')
    text = site.read('content/posts/kept.md')

    def remove(daemon):
        os.unlink(site.path('content/posts/kept.md'))
        daemon.until(lambda: 'Post' not in site.items(), 'it is gone')
        daemon.at_rest()

    remove(daemon)
    site.write('content/posts/kept.md', text)
    daemon.until(lambda: 'Post' in site.items(), 'it is back')
    equal(entry(site), before)
    remove(daemon)
    daemon.stop()
    daemon = site.daemon()
    site.write('content/posts/kept.md', text)
    daemon.until(lambda: 'Post' in site.items(), 'it is back')
    equal(entry(site), before)
    remove(daemon)
    daemon.stop()
    site.write('content/posts/kept.md', text)
    site.run('--once').expect(DONE)
    equal(entry(site), before)


def after_days(site, days):
    """The id of an article that was gone for so long, and the one that it had."""
    clock = Clock(site)
    daemon = started(site, env=clock.env)
    os.rename(site.path('content/' + POST), site.path('content/posts/kept.md'))
    daemon.until(lambda: entry(site)['url'].endswith('/kept/'), 'the new place')
    before = entry(site)['id']
    text = site.read('content/posts/kept.md')
    os.unlink(site.path('content/posts/kept.md'))
    daemon.until(lambda: 'Post' not in site.items(), 'it is gone')
    clock.step(days * 86400)
    daemon.at_rest()
    daemon.at_rest()        # the first has forgotten
    site.write('content/posts/kept.md', text)
    daemon.until(lambda: 'Post' in site.items(), 'it is back')
    return entry(site)['id'], before


@test('an article that is gone for less than a year has its id again')
def within_year(site):
    equal(*after_days(site, 364))


@test('an article that is gone for more than a year is forgotten')
def over_year(site):
    found, before = after_days(site, 367)
    true(found != before, 'the old id was kept')


@test('two files with one id, or one URL: the older keeps it, the other is named once')
def duplicates(site):
    daemon = started(site)
    site.article('first.md', id='"urn:x:1"')
    daemon.until(lambda: 'Title of first.md' in site.items(), 'the first')
    site.article('second.md', id='"urn:x:1"')
    site.write('content/posts/post.html', '<html><head><title>Twin</title></head><body><p>Words of the '
               'twin.</p></body></html>')
    daemon.until(lambda: daemon.log('second.md') and daemon.log('posts/post.html'), 'they are named', 10)
    daemon.at_rest()
    daemon.signal(signal.SIGUSR1)
    daemon.at_rest()
    for name, what, kept in (('second.md', 'id', 'first.md'), ('posts/post.html', 'URL', POST)):
        said = daemon.log(f'{name}: ')
        equal(len(said), 1, str(said))
        contains(said[0], f'its {what} is that of {kept}, which readers have seen and keeps it')
        contains(site.run('--status').out, f'skipped: {name}: ')
    true('Twin' not in site.items() and 'Title of second.md' not in site.items(), 'both are there')
    os.unlink(site.path('content/first.md'))
    daemon.until(lambda: 'Title of second.md' in site.items(), 'the second', 10)
    equal(entry(site, 'Title of second.md')['id'], 'urn:x:1')


@test('what readers have seen keeps its URL against an older file that they have not')
def seen_first(site):
    site.article('draft.md', url='"/one/"', draft='true', date='2020-01-01')
    site.article('old.md', url='"/nine/"', draft='true', date='2020-01-01')
    daemon = started(site)
    time.sleep(1.1)             # first sight is in whole seconds
    site.article('new.md', url='"/one/"', date='2024-01-01')
    daemon.until(lambda: 'Title of new.md' in site.items(), 'the new one')
    site.article('draft.md', url='"/one/"', date='2020-01-01')
    site.article('old.md', url='"/one/"', date='2020-01-01')
    daemon.until(lambda: daemon.log('draft.md: its URL is that of new.md') and
                 daemon.log('old.md: its URL is that of new.md'), 'they are named', 10)
    equal(entry(site, 'Title of new.md')['url'], 'https://test.example/one/')
    true('Title of draft.md' not in site.items(), 'it took the place')


@test('with the state lost, of two with one URL or id it stays the one that it was')
def lost_contest(site):
    site.settings(SETTINGS + FEEDS)
    for i in range(4):
        site.article(f'z{i}.md', url=f'"/{i}/"', date='2024-01-02')
        site.article(f'zid{i}.md', id=f'"urn:x:{i}"', date='2024-01-02')
    site.run('--once').expect(DONE)
    time.sleep(1.1)
    for i in range(4):
        site.article(f'a{i}.md', url=f'"/{i}/"', date='2023-01-01')
        site.article(f'aid{i}.md', id=f'"urn:x:{i}"', date='2023-01-01')
    site.run('--once').expect(DONE, 'and keeps it')
    before = site.read('public/feed.json')
    equal(len(site.items()), 8)
    shutil.rmtree(site.path('.feedd'))
    site.run('--once').expect(DONE, 'and keeps it')
    equal(site.read('public/feed.json'), before)


@test('a rename that changes the case alone')
def case_only(site):
    daemon = started(site)
    before = entry(site)
    os.rename(site.path('content/' + POST), site.path('content/posts/Post.md'))
    daemon.until(lambda: entry(site)['url'].endswith('/Post/'), 'the new name')
    equal({**entry(site), 'url': ''}, {**before, 'url': ''})


@test('a folder of 300 articles is renamed')
def folder(site):
    site.settings(SETTINGS + FEEDS)
    for i in range(300):
        site.article(f'posts/p{i}.md', f'Text {i}.\n', date=f'2023-{i % 12 + 1:02}-{i % 28 + 1:02}')
    daemon = site.daemon()
    before = {title: {**item, 'url': ''} for title, item in site.items().items()}
    os.rename(site.path('content/posts'), site.path('content/texts'))
    daemon.until(lambda: all('/texts/' in item['url'] for item in site.items().values()), 'all moved')
    equal({title: {**item, 'url': ''} for title, item in site.items().items()}, before)
    daemon.until(lambda: len(daemon.log('atom.xml written')) == 2, 'the other format')
    daemon.hold_on(1.5)
    equal(len(daemon.log('atom.xml written')), 2)       # at once


@test('renamed and edited in one go, by one script')
def rename_edit(site):
    daemon = started(site)
    before = entry(site)['id']
    put(site, 'posts/moved.md', 'The old words, and some more.\n')      # another inode
    os.unlink(site.path('content/' + POST))
    daemon.until(lambda: entry(site)['url'].endswith('/moved/'), 'the new place')
    daemon.hold_on(1.5)
    equal(entry(site)['id'], before)
    with open(site.path('content/posts/moved.md'), 'a', encoding='utf-8') as file:
        file.write('Even more.\n')
    os.rename(site.path('content/posts/moved.md'), site.path('content/posts/again.md'))
    daemon.until(lambda: 'Even more' in entry(site)['content_html'], 'the edit')
    daemon.until(lambda: entry(site)['url'].endswith('/again/'), 'the new place')
    equal(entry(site)['id'], before)


@test('deleted here, and made elsewhere in a later batch')
def apart(site):
    daemon = started(site)
    before = entry(site)
    text = site.read('content/' + POST)
    os.unlink(site.path('content/' + POST))
    daemon.until(lambda: 'Post' not in site.items(), 'it is gone')
    daemon.at_rest()
    site.write('content/elsewhere/post.md', text)
    daemon.until(lambda: 'Post' in site.items(), 'it is back')
    equal(entry(site)['id'], before['id'])
    equal(entry(site)['date_published'], before['date_published'])


@test('made elsewhere first, and deleted here in a later batch')
def apart_copy(site):
    daemon = started(site)
    before = entry(site)
    site.write('content/elsewhere/post.md', site.read('content/' + POST))
    daemon.until(lambda: b'/elsewhere/post/' in site.read('public/feed.json'), 'the copy')
    copies = site.read('public/feed.json')
    os.unlink(site.path('content/' + POST))
    daemon.until(lambda: b'/posts/post/' not in site.read('public/feed.json'), 'the first is gone')
    true(copies.count(before['id'].encode()) == 1, 'two entries of one id')
    # Readers have seen two entries: each keeps the id that it had.
    true(entry(site)['id'] != before['id'], 'an id has gone over to another entry')


run_all()
