#!/usr/bin/python3
"""A disk that refuses: the old feeds stay, it is said once and shown, and tried until it works."""
import contextlib
import json
import os
import signal
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, IO, SETTINGS, contains, equal, lacks, need_root, run_all, test,  # noqa: E402
                  true)
from mounts import fill, free, mounted, remount     # noqa: E402
from preload import Clock, Sectors                   # noqa: E402

NEEDED = 1
FEEDS = '[[feed]]\nname = "main"\njson = "feed.json"\nlimit = 0\n'
ON_DISK = '[output]\ndir = "disk/public"\n'
STATE_ON_DISK = '[state]\ndir = "disk/state"\n'
FEED = 'disk/public/feed.json'
AGAIN = 'what failed works again'
MEND_SECONDS = 20       # the back-off of the tries until then, on a machine that is busy


def prepare(site, settings):
    site.settings(SETTINGS + settings + FEEDS)
    for i in range(5):
        site.article(f'a{i}.md', f'The old words of {i}.\n')


def tries(daemon):
    """How many builds were tried again, and are over."""
    daemon.listen()
    lines = daemon.log()
    again = [i for i, line in enumerate(lines) if ', the clock or what failed' in line]
    return sum('build: done' in '\n'.join(lines[i:]) for i in again)


def edit(site, daemon, number=1):
    """Save an article, and wait until feedd has failed for it and has tried again."""
    site.article('a0.md', 'The new words.\n')
    daemon.until(lambda: daemon.log('error: '), 'what is wrong is said', 20)
    before = tries(daemon)
    daemon.until(lambda: tries(daemon) >= before + number, 'it is tried again', 60)


def outage(site, refuse, mend, word, shown=None, folder='disk/public', lines=1, number=1, **more):
    """
    An edit while the disk refuses, and what must hold until it does not, and after. It is said
    with a word of the first line, and shown with another.
    """
    daemon = site.daemon('--verbose', **more)
    before = site.stamps(folder)
    refuse()
    edit(site, daemon, number)
    equal(site.stamps(folder), before, 'while the disk refuses')
    said = daemon.log('error: ')
    equal(len(said), lines, f'lines: {said}')
    contains(said[0], word)
    status = site.run('--status')
    equal(status.status, NEEDED, f'{status.out}{status.err}')
    contains(status.out, 'fault since ', shown or word)
    equal(json.loads(site.run('--status', '--json').out)['needs_person'], True)
    mend()
    daemon.until(lambda: daemon.log(AGAIN), 'it works again', MEND_SECONDS)
    contains(site.read(folder + '/feed.json').decode(), 'The new words.')
    lacks(site.run('--status').expect(DONE).out, 'fault')
    equal(sorted(site.files(folder)), sorted(before), 'files afterwards')
    equal(daemon.log('error: '), said)
    equal(len(daemon.log(AGAIN)), 1)
    daemon.stop()


@test('a full disk under the feeds')
def output_full(site):
    prepare(site, ON_DISK)
    with mounted(site, 'disk', 'size=256k'):
        outage(site, lambda: fill(site, 'disk'), lambda: free(site, 'disk'),
               'No space left on device', number=2)


@test('a full disk under the feeds and the state')
def both_full(site):
    prepare(site, ON_DISK + STATE_ON_DISK)
    with mounted(site, 'disk', 'size=1m'):
        outage(site, lambda: fill(site, 'disk'), lambda: free(site, 'disk'),
               'No space left on device', 'disk is full', lines=2)  # of the feed, of the state


@test('a full disk under the state: a feed shows no id that is not stored')
def state_full(site):
    prepare(site, STATE_ON_DISK)
    with mounted(site, 'disk', 'size=1m'):
        daemon = site.daemon('--verbose')
        fill(site, 'disk')
        for i in range(20):
            site.article(f'new-{i}.md')
        edit(site, daemon)
        with contextlib.closing(sqlite3.connect(
                f'file:{site.path("disk/state/state.db")}?mode=ro', uri=True)) as db:
            stored = {row[0] for row in db.execute('SELECT id FROM article')}
        shown = {item['id'] for item in site.items().values()}
        true(shown <= stored, f'{shown - stored} are shown and not stored')
        equal(len(daemon.log('error: ')), 1, str(daemon.log('error: ')))
        contains(daemon.log('error: ')[0], 'state in disk/state')
        free(site, 'disk')
        daemon.until(lambda: daemon.log(AGAIN), 'it works again', MEND_SECONDS)
        equal(len(site.items()), 25)
        site.run('--status').expect(DONE)
        daemon.stop()


@test('a full disk under the state: an edit is published, it is shown, and a crash costs nothing')
def state_full_edit(site):
    prepare(site, STATE_ON_DISK)
    with mounted(site, 'disk', 'size=1m'):
        daemon = site.daemon('--verbose')
        fill(site, 'disk')
        edit(site, daemon)
        equal(len(daemon.log('error: ')), 1, str(daemon.log('error: ')))
        contains(site.run('--status').expect(NEEDED).out, 'fault since ', ': state: ')
        faults = json.loads(site.run('--status', '--json').expect(NEEDED).out)['faults']
        equal([fault['key'] for fault in faults], ['state'])
        before = site.stamps()
        contains(site.read('public/feed.json').decode(), 'The new words.')
        daemon.kill()
        free(site, 'disk')
        lacks(site.run('--status').expect(DONE).out, 'fault')
        daemon = site.daemon()
        equal(site.stamps(), before)
        fill(site, 'disk')
        site.article('a1.md', 'The new words.\n')
        daemon.until(lambda: site.run('--status').status == NEEDED, 'it is shown', 20)
        free(site, 'disk')
        daemon.until(lambda: daemon.log(AGAIN), 'it works again', MEND_SECONDS)
        lacks(site.run('--status').expect(DONE).out, 'fault')
        daemon.stop()


@test('a disk that is full at the start: 74, feeds stay, and the next start is right')
def full_at_start(site):
    prepare(site, ON_DISK + STATE_ON_DISK)
    with mounted(site, 'disk', 'size=1m'):
        site.run('--once').expect(DONE)
        before = site.stamps('disk/public')
        fill(site, 'disk')
        site.article('a0.md', 'The new words.\n')
        daemon = site.daemon(ready=False)
        equal(daemon.wait(), IO)
        contains('\n'.join(daemon.log()), 'state in disk/state', 'No space left on device')
        equal(site.stamps('disk/public'), before)
        free(site, 'disk')
        daemon = site.daemon()
        contains(site.read(FEED).decode(), 'The new words.')
        equal(daemon.log('damaged'), [])
        daemon.stop()


@test('a file system under the feeds that becomes read-only')
def output_read_only(site):
    prepare(site, ON_DISK)
    with mounted(site, 'disk'):
        outage(site, lambda: remount(site, 'disk', 'ro'), lambda: remount(site, 'disk', 'rw'),
               'Read-only file system')


@test('an output folder that feedd may not write to')
def permission(site):
    need_root()
    prepare(site, ON_DISK)
    os.makedirs(site.path('disk/public'))
    site.open_to_nobody()
    outage(site, lambda: os.chmod(site.path('disk/public'), 0o555),
           lambda: os.chmod(site.path('disk/public'), 0o755), 'Permission denied', nobody=True)


@test('feeds that can be written are, beside one that cannot')
def one_of_two(site):
    need_root()
    site.settings(SETTINGS + FEEDS + '[[feed]]\nname = "other"\njson = "sub/other.json"\n')
    site.article('a0.md', 'The old words.\n')
    site.open_to_nobody()
    daemon = site.daemon('--verbose', nobody=True)
    before = site.stamps('public/sub')
    os.chmod(site.path('public/sub'), 0o555)
    edit(site, daemon)
    contains(site.read('public/feed.json').decode(), 'The new words.')
    equal(site.stamps('public/sub'), before)
    equal(len(daemon.log('error: ')), 1)
    contains(site.run('--status').expect(NEEDED).out, 'fault since ', 'output')
    os.chmod(site.path('public/sub'), 0o755)
    daemon.until(lambda: daemon.log(AGAIN), 'it works again', MEND_SECONDS)
    contains(site.read('public/sub/other.json').decode(), 'The new words.')
    site.run('--status').expect(DONE)


@test('what is fixed by hand before the next try, by another edit, is fixed')
def edited_again(site):
    prepare(site, ON_DISK)
    with mounted(site, 'disk', 'size=256k'):
        daemon = site.daemon('--verbose')
        fill(site, 'disk')
        edit(site, daemon)
        free(site, 'disk')
        site.article('a0.md', 'Newer words.\n')
        daemon.until(lambda: b'Newer words.' in site.read(FEED), 'the edit', MEND_SECONDS)
        daemon.until(lambda: daemon.log(AGAIN), 'it works again', MEND_SECONDS)
        daemon.stop()


@test('an output folder that cannot be made: 74, and what to set')
def cannot_be_made(site):
    need_root()
    prepare(site, '[output]\ndir = "closed/public"\n')
    os.mkdir(site.path('closed'))
    site.open_to_nobody()
    os.chmod(site.path('closed'), 0o555)
    daemon = site.daemon(ready=False, nobody=True)
    equal(daemon.wait(), IO)
    contains('\n'.join(daemon.log()), "output.dir 'closed/public'", 'Permission denied')


# ---- what is read ----

def bad_disk(site, **more):
    """Three articles in posts/, one elsewhere, and a daemon whose disk the test can spoil."""
    clock = Clock(site)
    sectors = Sectors(site, clock)
    site.settings(SETTINGS + FEEDS + '[[feed]]\ntag = "other"\njson = "other.json"\n')
    for i in range(3):
        site.article(f'posts/a{i}.md', f'The old words of {i}.\n', title=f'A{i}')
    site.article('other.md', tags='[other]', title='Other')
    return clock, sectors, site.daemon('--verbose', env=sectors.env, **more)


@test('an article that the disk cannot read for a while stays as it was')
def unread_article(site):
    _, sectors, daemon = bad_disk(site)
    before = site.read('public/feed.json')
    sectors.spoil('/posts/a1.md')
    site.article('posts/a1.md', 'The new words.\n', title='A1')
    daemon.until(lambda: daemon.log('error: posts/a1.md: read: Input/output error'), 'said', 10)
    daemon.until(lambda: tries(daemon) >= 2, 'it is tried again', 20)
    equal(site.read('public/feed.json'), before)
    contains(site.run('--status').out, 'posts/a1.md: read: Input/output error')
    site.article('late.md', title='Late')
    daemon.until(lambda: 'Late' in site.items('public/feed.json'), 'neighbours go on', 10)
    equal(len(site.items('public/feed.json')), 5)
    sectors.mend()
    daemon.until(lambda: b'The new words.' in site.read('public/feed.json'), 'the edit', 20)
    daemon.until(lambda: daemon.log(AGAIN), 'it works again', MEND_SECONDS)
    lacks(site.run('--status').expect(DONE).out, 'a1.md')
    equal(len(daemon.log('error: ')), 1)


@test('a folder that the disk cannot list for a while has its articles')
def unread_folder(site):
    _, sectors, daemon = bad_disk(site)
    before = site.read('public/feed.json')
    sectors.spoil('/content/posts')
    daemon.signal(signal.SIGUSR1)
    daemon.until(lambda: daemon.log('error: posts: read to its end: Input/output error'), 'said', 10)
    daemon.until(lambda: tries(daemon) >= 2, 'it is tried again', 20)
    equal(site.read('public/feed.json'), before)
    sectors.mend()
    daemon.until(lambda: daemon.log(AGAIN), 'it works again', MEND_SECONDS)
    equal(site.read('public/feed.json'), before)
    lacks(site.run('--status').expect(DONE).out, 'skipped')


@test('a feed waits for a text that the disk cannot read, and not for ever')
def unread_text(site):
    clock, sectors, daemon = bad_disk(site)
    daemon.stop()
    before = site.read('public/feed.json')
    daemon = site.daemon('--verbose', env=sectors.env)      # which has rendered nothing
    sectors.spoil('/posts/a1.md')
    site.article('late.md', title='Late')
    daemon.until(lambda: daemon.log('error: posts/a1.md: read: Input/output error'), 'said', 10)
    daemon.until(lambda: tries(daemon) >= 2, 'it is tried again', 20)
    equal(site.read('public/feed.json'), before)
    clock.step(61)
    daemon.until(lambda: 'Late' in site.items('public/feed.json'), 'others go on', 20)
    equal(sorted(site.items('public/feed.json')), ['A0', 'A2', 'Late', 'Other'])
    sectors.mend()
    clock.step(400)
    daemon.until(lambda: 'A1' in site.items('public/feed.json'), 'it is back', 20)
    daemon.until(lambda: daemon.log(AGAIN), 'it works again', MEND_SECONDS)
    equal(len(daemon.log('error: ')), 1)
    equal(site.items('public/feed.json')['A1']['id'],
          next(item['id'] for item in json.loads(before)['items'] if item['title'] == 'A1'))


@test('a file whose folder the disk cannot look at for a while stays as it was')
def unread_parent(site):
    _, sectors, daemon = bad_disk(site)
    before = site.read('public/feed.json')
    sectors.spoil('/content/posts', '!')
    site.article('posts/a1.md', 'The new words.\n', title='A1')
    daemon.until(lambda: daemon.log('error: posts: look at it: Input/output error'), 'said', 10)
    daemon.until(lambda: tries(daemon) >= 2, 'it is tried again', 20)
    equal(site.read('public/feed.json'), before)
    sectors.mend()
    daemon.until(lambda: b'The new words.' in site.read('public/feed.json'), 'the edit', 20)


def vanishing(site):
    """A daemon that will read a1.md at its next look, and find it gone."""
    _, sectors, daemon = bad_disk(site)
    ahead = time.time() + 3600      # no time that tells changes apart, so it is read each time
    os.utime(site.path('content/posts/a1.md'), (ahead, ahead))
    daemon.hold_on(0.5)
    sectors.spoil('/posts/a1.md', '?')
    daemon.signal(signal.SIGUSR1)
    return sectors, daemon


@test('a file that is gone for the moment in which it is to be read stays as it was')
def vanished_for_a_moment(site):
    sectors, daemon = vanishing(site)
    before = site.read('public/feed.json')
    contains(before, b'The old words of 1.')
    daemon.hold_on(0.4)
    sectors.mend()
    daemon.hold_on(1.5)
    equal(site.read('public/feed.json'), before)
    lacks(site.run('--status').expect(DONE).out, 'a1.md')
    equal(daemon.log('error: '), [])


@test('a file that is listed, and gone whenever it is to be read, is named and goes; and is back')
def vanished_for_long(site):
    sectors, daemon = vanishing(site)
    before = site.items('public/feed.json')
    daemon.until(lambda: daemon.log('error: posts/a1.md: open: No such file'), 'said', 10)
    daemon.until(lambda: 'A1' not in site.items('public/feed.json'), 'it is out', 10)
    contains(site.run('--status').out, 'posts/a1.md: open: No such file or directory')
    daemon.signal(signal.SIGUSR1)
    daemon.hold_on(1.5)
    sectors.mend()
    daemon.signal(signal.SIGUSR1)
    daemon.until(lambda: site.items('public/feed.json') == before, 'it is back', 10)
    equal(len(daemon.log('error: ')), 1)


@test('a file that cannot be read for long does not take others along')
def unread_others(site):
    clock, sectors, daemon = bad_disk(site)
    sectors.spoil('/posts/a1.md')
    site.article('posts/a1.md', 'The new words.\n', title='A1')
    daemon.until(lambda: tries(daemon) >= 2, 'it is tried again', 20)
    clock.step(400)
    daemon.until(lambda: 'A1' not in site.items('public/feed.json'), 'it goes, after a minute', 20)
    sectors.spoil('/posts/a')
    site.article('posts/a0.md', 'Newer words.\n', title='A0')
    daemon.until(lambda: daemon.log('error: posts/a0.md: read'), 'said', 10)
    daemon.hold_on(1.5)
    equal(sorted(site.items('public/feed.json')), ['A0', 'A2', 'Other'])
    sectors.mend()
    daemon.until(lambda: len(site.items('public/feed.json')) == 4, 'both are back', 40)


@test('a folder that can neither be listed nor read keeps neighbours for a minute, and no longer')
def unread_cold(site):
    clock, sectors, daemon = bad_disk(site)
    for i in range(8):
        site.article(f'more/b{i}.md', title=f'B{i}')
    daemon.until(lambda: len(site.items('public/feed.json')) == 12, 'all', 10)
    daemon.stop()
    daemon = site.daemon('--verbose', env=sectors.env)      # which has rendered nothing
    sectors.spoil('/content/posts')
    site.article('late.md', title='Late')
    daemon.until(lambda: daemon.log('error: '), 'said', 10)
    for _ in range(4):
        clock.step(400)
        daemon.until(lambda n=tries(daemon): tries(daemon) > n, 'a try', 20)
    daemon.until(lambda: 'Late' in site.items('public/feed.json'), 'others go on', 20)
    said = len(daemon.log('error: '))
    clock.step(400)
    daemon.until(lambda n=tries(daemon): tries(daemon) > n, 'a try', 20)
    equal(len(daemon.log('error: ')), said)
    sectors.mend()
    clock.step(400)
    daemon.until(lambda: len(site.items('public/feed.json')) == 13, 'all is back', 20)


@test('one that was in conflict with another has its minute, too')
def unread_conflict(site):
    clock, sectors, daemon = bad_disk(site)
    site.article('z.md', url='"/posts/a0/"', title='Z')
    daemon.until(lambda: daemon.log('z.md: its URL is that of'), 'the conflict', 10)
    sectors.spoil('/z.md')
    site.article('z.md', 'New words.\n', url='"/posts/a0/"', title='Z')
    daemon.until(lambda: daemon.log('error: z.md: read'), 'said', 10)
    daemon.until(lambda: tries(daemon) >= 2, 'it is tried again', 20)
    sectors.mend()
    daemon.until(lambda: daemon.log(AGAIN), 'it works again', MEND_SECONDS)
    said = len(daemon.log('error: '))
    true(said <= 3, f'{said} lines')
    site.article('z.md', url='"/z/"', title='Z')
    daemon.until(lambda: 'Z' in site.items('public/feed.json'), 'its own URL', 10)
    clock.step(400)
    daemon.at_rest()
    sectors.spoil('/z.md')
    site.article('z.md', 'Newer words.\n', url='"/z/"', title='Z')
    daemon.until(lambda: len(daemon.log('error: ')) > said, 'said', 10)
    daemon.hold_on(1.5)
    true('Z' in site.items('public/feed.json'), 'it is gone')


@test('many files that cannot be read for long are a mass deletion: the guard holds it back')
def unread_many(site):
    clock, sectors, daemon = bad_disk(site)
    for i in range(3, 20):
        site.article(f'posts/a{i}.md', f'The old words of {i}.\n', title=f'A{i}')
    daemon.until(lambda: len(site.items('public/feed.json')) == 21, 'all', 10)
    daemon.stop()
    before = site.read('public/feed.json')
    daemon = site.daemon('--verbose', env=sectors.env)
    sectors.spoil('/posts/a')
    site.article('late.md', title='Late')
    daemon.until(lambda: daemon.log('error: posts/a1.md: read'), 'said', 10)
    for _ in range(3):
        clock.step(400)
        daemon.until(lambda n=tries(daemon): tries(daemon) > n or daemon.log('would lose'), 'a try', 20)
    daemon.until(lambda: daemon.log('would lose'), 'the guard', 20)
    equal(site.read('public/feed.json'), before)
    daemon.stop()
    site.run('--once', env=sectors.env).expect(IO, 'would lose')
    equal(site.read('public/feed.json'), before)


@test('without a daemon: what cannot be read is as it was, or others go on without it')
def unread_once(site):
    sectors = Sectors(site)
    prepare(site, '')
    site.run('--once').expect(DONE)
    sectors.spoil('/content/a1.md')
    site.article('a1.md', 'The new words.\n')
    before = site.read('public/feed.json')
    site.run('--once', env=sectors.env).expect(IO, 'a1.md: read: Input/output error')
    equal(site.read('public/feed.json'), before)
    site.article('late.md', title='Late')
    site.run('--once', env=sectors.env).expect(IO, 'a1.md: read: Input/output error')
    equal(len(site.items('public/feed.json')), 5)
    site.run('--once').expect(DONE)
    equal(len(site.items('public/feed.json')), 6)


run_all()
