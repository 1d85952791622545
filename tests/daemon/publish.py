#!/usr/bin/python3
"""Publishing: the same stays untouched, what changed is replaced whole, a failure keeps the old."""
import json
import os
import resource
import stat
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, IO, SETTINGS, contains, equal, lacks, need_root, run_all,     # noqa: E402
                  skip, test, true)

FEEDS = ['atom.xml', 'feed.json', 'rss.xml']
BY_TAG = '[[feed]]\nname = "main"\nrss = "rss.xml"\n[[feed]]\nby = "tag"\njson = "tags/:tag.json"\n'


def temps(site):
    return [name for name in site.files() if name.endswith('.tmp')]


def ids(site):
    return [item['id'] for item in json.loads(site.read('public/feed.json'))['items']]


@test('only the feeds that change are replaced, each by a new file of the old mode')
def replaced(site):
    site.settings(SETTINGS + BY_TAG)
    site.article('a.md', tags='one')
    site.article('b.md', tags='two')
    site.run('--once').expect(DONE)
    os.chmod(site.path('public/tags/one.json'), 0o640)
    before = site.stamps()
    site.article('a.md', 'Other text.\n', tags='one')
    site.run('--once').expect(DONE, '2 written, 1 unchanged')
    after = site.stamps()
    equal(after['tags/two.json'], before['tags/two.json'])
    for name in ('rss.xml', 'tags/one.json'):
        true(after[name][0] != before[name][0], f'{name} was written in place')
        true(after[name][1] > before[name][1], f'{name} has no later mtime')
    equal(stat.S_IMODE(after['tags/one.json'][2]), 0o640)
    equal(temps(site), [])


@test('a feed that asks for a section makes it one, also of articles that were read before')
def section_asked(site):
    feed = '[[feed]]\nname = "ml"\njson = "ml.json"\n'
    site.article('ml/a.md')
    for wanted in ('lang', 'section', 'lang'):
        site.settings(SETTINGS + feed + f'{wanted} = "ml"\n')
        site.run('--once').expect(DONE)
        equal(list(site.items('public/ml.json')), ['Title of ml/a.md'], wanted)


@test('a touched article, a checkout or a rewrite of equal bytes changes nothing')
def touched(site):
    path = site.article('a.md')
    site.run('--once').expect(DONE)
    before = site.stamps()
    os.utime(path, (1, 1))
    site.run('--once').expect(DONE, '3 unchanged')
    content = site.read('content/a.md')
    os.unlink(path)
    site.write('content/a.md', content)
    site.run('--once').expect(DONE, '3 unchanged')
    equal(site.stamps(), before)


@test('all feeds of one build have one mtime, and a packed copy that of its feed')
def mtimes(site):
    site.settings(SETTINGS + '[output]\ncompress = ["gzip", "brotli"]\n')
    site.article('a.md')
    site.run('--once').expect(DONE)
    equal(len(site.files()), 9)
    equal(len({mtime for _, mtime, _, _ in site.stamps().values()}), 1)


@test('two builds in one second give two mtimes')
def strictly_later(site):
    mtimes = []
    for text in ('One.\n', 'Two, as long.\n', 'Three\n'):
        site.article('a.md', text)
        site.run('--once').expect(DONE)
        mtimes.append(os.stat(site.path('public/rss.xml')).st_mtime_ns)
    equal(sorted(set(mtimes)), mtimes)
    true(mtimes[-1] < (time.time() + 60) * 1e9, 'far in the future')


@test('a packed copy that is lost or stale is made again; its feed is not touched')
def packed(site):
    site.settings(SETTINGS + '[output]\ncompress = ["gzip"]\n')
    site.article('a.md')
    site.run('--once').expect(DONE)
    before = site.stamps()
    os.unlink(site.path('public/rss.xml.gz'))
    site.write('public/atom.xml.gz', 'stale')
    site.run('--once').expect(DONE, '3 unchanged')
    after = site.stamps()
    for name in FEEDS:
        equal(after[name], before[name])
        equal(after[name + '.gz'][3], before[name + '.gz'][3])
        equal(after[name + '.gz'][1], after[name][1])


@test('a feed that somebody edited is made right again')
def edited(site):
    site.article('a.md')
    site.run('--once').expect(DONE)
    before = site.read('public/rss.xml')
    site.write('public/rss.xml', before.replace(b'Title', b'Tutle'))
    site.run('--once').expect(DONE, 'rss.xml written', '1 written, 2 unchanged')
    equal(site.read('public/rss.xml'), before)
    site.write('public/rss.xml', before[:100])
    site.run('--once').expect(DONE, '1 written, 2 unchanged')
    equal(site.read('public/rss.xml'), before)
    os.unlink(site.path('public/rss.xml'))
    site.run('--once').expect(DONE, '1 written, 2 unchanged')


@test('files of others in output.dir are left alone')
def neighbours(site):
    site.article('a.md')
    site.write('public/index.html', '<p>mine</p>')
    site.write('public/.rss.xml.feedd-backup', 'mine')
    site.write('public/.rss.xml.swp', 'mine')
    site.write('public/rss.xml.tmp', 'mine')
    before = site.stamps()
    site.run('--once').expect(DONE)
    after = site.stamps()
    equal({name: after[name] for name in before}, before)


@test('--check sweeps no temp either')
def check_sweeps(site):
    site.article('a.md')
    site.write('public/.rss.xml.feedd-99999999-0.tmp', 'half')
    before = site.stamps()
    site.run('--check').expect(DONE)
    equal(site.stamps(), before)
    site.run('--once').expect(DONE)
    equal(temps(site), [])


@test('a folder where a feed should go: the others are published, 74')
def folder_there(site):
    site.article('a.md')
    os.makedirs(site.path('public/rss.xml/mine'))
    site.run('--once').expect(IO, "error: feed 'main': rss.xml: ", '1 failed')
    equal(site.files(), ['atom.xml', 'feed.json'])
    true(os.path.isdir(site.path('public/rss.xml/mine')), 'the folder is gone')


@test('output.dir read-only: old feeds stay, one line for each, 74')
def read_only(site):
    site.article('a.md')
    site.run('--once').expect(DONE)
    site.article('a.md', 'Changed.\n')
    site.open_to_nobody()
    os.chmod(site.path('public'), 0o555)
    before = site.stamps()
    run = site.run('--once', nobody=True).expect(IO, '3 failed', 'Permission denied')
    equal(len(run.lines('error: ')), 3)
    equal(site.stamps(), before)
    os.chmod(site.path('public'), 0o755)
    site.run('--once', nobody=True).expect(DONE, '3 written')


@test('feeds that cannot be read are replaced all the same')
def unreadable_feed(site):
    site.article('a.md')
    site.run('--once').expect(DONE)
    site.open_to_nobody()
    for name in FEEDS:
        os.chmod(site.path('public/' + name), 0o200)
    site.run('--once', nobody=True).expect(DONE, '3 written')


@test('a file size limit: old feeds stay, no temp does, 74')
def size_limit(site):
    site.article('a.md')
    site.run('--once').expect(DONE)
    before = site.stamps()
    site.article('a.md', 'Much text. ' * 20000)
    site.run('--once', limits=[(resource.RLIMIT_FSIZE, 100000)]).expect(
        IO, "feed 'main': rss.xml: ", 'File too large', '3 failed')
    equal(site.stamps(), before)
    site.run('--once').expect(DONE, '3 written')


@test('a full disk: old feeds stay, no temp does, 74')
def full_disk(site):
    need_root()
    os.mkdir(site.path('public'))
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', site.path('public')],
                      capture_output=True, check=False).returncode:
        skip('no file system can be mounted here')
    try:
        site.article('a.md')
        site.run('--once').expect(DONE)
        before = site.stamps()
        site.article('a.md', 'Much text. ' * 20000)
        site.run('--once').expect(IO, "feed 'main': ", 'No space left on device', 'failed')
        after = site.stamps()
        equal(temps(site), [])
        true(any(after[name] == before[name] for name in FEEDS), 'nothing failed')
        for name in FEEDS:      # small ones may have had room
            true(after[name] == before[name] or len(after[name][3]) > 100000, f'{name} is half')
    finally:
        subprocess.run(['umount', site.path('public')], check=True)


@test('a symlink in output.dir that leads out is not followed')
def symlink_out(site):
    site.settings(SETTINGS + '[[feed]]\nrss = "rss.xml"\njson = "sub/feed.json"\n')
    site.article('a.md')
    os.makedirs(site.path('outside'))
    os.mkdir(site.path('public'))
    site.write('outside/mine.xml', 'mine')
    os.symlink('../outside', site.path('public/sub'))
    os.symlink('../outside/mine.xml', site.path('public/rss.xml'))
    site.run('--once').expect(IO, 'sub/feed.json: ', 'leads out', '1 failed')
    equal(site.files('outside'), ['mine.xml'])
    equal(site.read('outside/mine.xml'), b'mine')
    true(not os.path.islink(site.path('public/rss.xml')), 'the link is still there')


@test('a symlink in output.dir that stays inside is followed')
def symlink_inside(site):
    site.settings(SETTINGS + '[[feed]]\njson = "sub/feed.json"\n')
    site.article('a.md')
    os.makedirs(site.path('public/real'))
    os.symlink('real', site.path('public/sub'))
    site.run('--once').expect(DONE)
    equal(site.files(), ['real/feed.json'])
    site.run('--once').expect(DONE, '1 unchanged')


@test('an article that becomes a dangling symlink is skipped and named; its neighbours are published')
def dangling(site):
    site.article('a.md')
    os.symlink('a.md', site.path('content/link.md'))
    site.article('b.md')
    site.run('--once').expect(DONE, '3 public')
    os.unlink(site.path('content/a.md'))
    site.run('--once').expect(DONE, 'error: link.md: ', '1 public', '1 skipped', '3 written')
    site.run('--once').expect(DONE, '3 unchanged')
    site.article('a.md')
    site.run('--once').expect(DONE, '3 public')
    equal(len(ids(site)), 3)


@test('output.dir may be a symlink itself')
def symlink_output(site):
    site.article('a.md')
    os.mkdir(site.path('www'))
    os.symlink('www', site.path('public'))
    site.run('--once').expect(DONE)
    equal(site.files('www'), FEEDS)


@test('output.dir inside content.dir: what is published is no article')
def output_inside(site):
    site.settings(SETTINGS + '[output]\ndir = "content/public"\n')
    site.article('a.md')
    site.write('content/public/index.html', '<title>A page</title><p>Built.</p>')
    site.run('--once').expect(DONE, '1 article: 1 public')
    site.run('--once').expect(DONE, '1 article: 1 public', '3 unchanged')


@test('content.dir inside output.dir, or the same folder, works')
def content_inside(site):
    site.settings(SETTINGS + '[content]\ndir = "public/content"\n')
    site.write('public/content/a.md', '---\ntitle: A\ndate: 2024-01-01\n---\nText.\n')
    site.run('--once').expect(DONE, '1 article: 1 public')
    site.settings(SETTINGS + '[content]\ndir = "public"\n')
    os.rename(site.path('public/content/a.md'), site.path('public/a.md'))
    site.run('--once').expect(DONE, '1 article: 1 public')
    site.run('--once').expect(DONE, '1 article: 1 public', '3 unchanged')


@test('two feeds that meet in one file only there: the first keeps it, the other is named')
def meeting(site):
    site.settings(SETTINGS + '[[feed]]\nname = "rust"\njson = "tags/rust.json"\ntag = "rust"\n'
                  '[[feed]]\nby = "tag"\njson = "tags/:tag.json"\ncontent = "none"\n')
    site.article('a.md', tags='[rust, web]')
    site.run('--once').expect(IO, "error: feed 'tag': tags/rust.json: ", "'rust'", '1 failed')
    equal(site.files(), ['tags/rust.json', 'tags/web.json'])
    contains(site.read('public/tags/rust.json').decode(), 'content_html')
    before = site.stamps()
    site.run('--once').expect(IO)
    equal(site.stamps(), before)


@test('ids stay when title, slug, scheme, permalink, tags, limit or clock change')
def ids_stay(site):
    site.article('posts/a.md', date='2024-01-02T23:30:00+01:00')
    site.article('posts/b.md', date='2024-01-01')
    site.run('--once').expect(DONE)
    before = ids(site)
    site.article('posts/a.md', 'Rewritten.\n', date='2024-01-02T23:30:00+01:00', title='Other',
                 slug='other', tags='[x]', updated='2024-05-05')
    site.settings(SETTINGS.replace('https', 'http') + 'timezone = "Asia/Tokyo"\nlanguage = "de"\n'
                  '[content]\npermalink = "/:year/:slug.html"\n')
    site.run('--once', env={'TZ': 'America/St_Johns'}).expect(DONE)
    equal(ids(site), before)


@test('two articles that claim one URL or one id: the older keeps it, the other is named')
def conflicts(site):
    site.article('old.md', date='2024-01-01', permalink='/same/')
    site.article('new.md', date='2024-01-02', permalink='/same/')
    site.article('c.md', date='2024-01-03', guid='urn:x:1')
    site.article('d.md', date='2024-01-04', guid='urn:x:1')
    site.run('--once').expect(DONE, 'error: new.md: ', 'old.md', 'error: d.md: ', 'c.md',
                              '2 public', '2 skipped')
    equal(ids(site), ['urn:x:1', 'tag:test.example,2024-01-01:/old'])


@test('many feeds in one folder are quick to write and to leave')
def many_feeds(site):
    site.settings(SETTINGS + '[[feed]]\nby = "tag"\njson = "tags/:tag.json"\ncontent = "none"\n')
    for i in range(30):
        site.article(f'{i}.md', tags='[' + ', '.join(f't{i}x{j}' for j in range(100)) + ']')
    run = site.run('--once').expect(DONE, '3000 written')
    true(run.seconds < 60, f'{run.seconds:.1f} s')
    site.run('--once').expect(DONE, '0 written, 3000 unchanged')
    lacks(run.err, 't1x1.json')      # no line for each of them


run_all()
