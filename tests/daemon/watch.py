#!/usr/bin/python3
"""Watching a real tree: limits of the kernel, mounts, roots and folders that come and go."""
import mmap
import os
import shutil
import signal
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, SETTINGS, contains, equal, lacks, run_all, skip, test,       # noqa: E402
                  true)
from mounts import mount, mounted, own_namespace, unmount                           # noqa: E402
from preload import Clock                                                           # noqa: E402

FEEDS = '[[feed]]\nname = "main"\njson = "feed.json"\nlimit = 0\n'
POLL_SECONDS = 20       # a look every 5, on a machine that is busy
MANY = 2000
GONE, BACK = "content.dir 'content' is gone", "content.dir 'content' is back"
QUEUE_MOST = 200000     # events that are made in a while


def start(site, content='', *args, **more):
    site.settings(SETTINGS + f'[content]\n{content}\n' + FEEDS)
    for i in range(5):
        site.article(f'posts/a{i}.md', f'Words of number {i}, and no other.\n')
    return site.daemon(*args, **more)


def titled(site, *names):
    """Are these articles in the feed?"""
    return {f'Title of {name}' for name in names} <= site.items().keys()


# ---- limits of the kernel ----

@test('a queue that overflows: thousands of files at once, none is missed')
def overflow(site):
    with open('/proc/sys/fs/inotify/max_queued_events', encoding='ascii') as file:
        most = int(file.read())
    if most > QUEUE_MOST:
        skip('somebody has raised the limit')
    daemon = start(site)
    daemon.signal(signal.SIGSTOP)
    for i in range(most // 2 + 100):    # alike ones in a row would be one
        os.utime(site.path(f'content/posts/a{i % 2}.md'))
    for i in range(MANY):
        site.article(f'new/{i % 20}/b{i}.md')
    os.unlink(site.path('content/posts/a4.md'))
    daemon.signal(signal.SIGCONT)
    expected = {f'Title of posts/a{i}.md' for i in range(4)} | {
        f'Title of new/{i % 20}/b{i}.md' for i in range(MANY)}
    daemon.until(lambda: site.items().keys() == expected, 'what is there, and nothing else', 60)
    for i in range(20):                 # the new folders are watched
        site.article(f'new/{i}/c.md')
    daemon.until(lambda: titled(site, *[f'new/{i}/c.md' for i in range(20)]), 'later ones', 10)
    daemon.stop()


def limited(what, number, clock=None):
    """A command that lowers a limit in a user namespace of its own, and goes on as another."""
    # The clock comes last: it brings a thread, and then no namespace may be had.
    env = [f'{key}={value}' for key, value in clock.env.items()] if clock else []
    under = ['unshare', '--user', '--map-root-user', 'sh', '-c',
             f'echo {number} >/proc/sys/user/{what} && exec "$@"', 'sh']
    if subprocess.run(under + ['true'], capture_output=True, check=False).returncode:
        skip('no user namespace may be had here')
    return under + ['env', *env]


def set_limit(daemon, what, number):
    subprocess.run(['nsenter', '--user', '--preserve-credentials', '-t', str(daemon.process.pid),
                    'sh', '-c', f'echo {number} >/proc/sys/user/{what}'], check=True)


@test('watches run out: said once with what to raise; folders are polled; more help')
def no_watches(site):
    for i in range(10):
        site.article(f'z{i}/old.md')
    # The root, the folder above it, "posts", two others
    daemon = start(site, under=limited('max_inotify_watches', 5))
    said = daemon.log('fs.inotify.max_user_watches')
    equal(len(said), 1)
    contains(said[0], 'warning: 8 of 12 folders are not watched')
    contains(site.run('--status').expect(DONE).out, 'watches by events, 8 folders polled\n')
    for i in range(10):
        site.article(f'z{i}/new.md')
    site.article('z5/deep/er/new.md')
    os.unlink(site.path('content/z6/old.md'))
    shutil.rmtree(site.path('content/z7'))
    daemon.until(lambda: titled(site, 'z5/deep/er/new.md', *[f'z{i}/new.md' for i in range(10) if i != 7]),
                 'what changed in them', POLL_SECONDS)
    daemon.until(lambda: not titled(site, 'z6/old.md') and not titled(site, 'z7/old.md'),
                 'what was deleted in them', POLL_SECONDS)
    equal(daemon.log('fs.inotify.max_user_watches'), said)
    set_limit(daemon, 'max_inotify_watches', 100)
    daemon.signal(signal.SIGUSR1)
    daemon.until(lambda: 'watches by events\n' in site.run('--status').out, 'all are watched', 20)
    site.article('z5/deep/er/newer.md')
    daemon.until(lambda: titled(site, 'z5/deep/er/newer.md'), 'an edit', 4)
    daemon.stop()


@test('not even the root can be watched: it is polled, and found when it is replaced')
def no_watch_at_all(site):
    clock = Clock(site)
    daemon = start(site, under=limited('max_inotify_watches', 1, clock))
    equal(len(daemon.log('fs.inotify.max_user_watches')), 1)
    site.article('new.md')
    site.article('deep/er/new.md')
    clock.step(10)          # a look is due
    daemon.until(lambda: titled(site, 'new.md', 'deep/er/new.md'), 'what is new', 10)
    before = site.stamps()
    shutil.copytree(site.path('content'), site.path('next'))
    os.rename(site.path('content'), site.path('old'))
    clock.step(10)
    daemon.until(lambda: daemon.log(GONE), 'the loss is said', 10)
    equal(site.stamps(), before)
    site.write('next/late.md', site.read('next/new.md').replace(b'new.md', b'late.md'))
    os.rename(site.path('next'), site.path('content'))
    clock.step(60)
    daemon.until(lambda: titled(site, 'late.md'), 'the other root', 10)
    equal(len(site.items()), 8)
    daemon.stop()


@test('no watcher is left: said once with what to raise, and all is polled')
def no_instances(site):
    clock = Clock(site)
    daemon = start(site, under=limited('max_inotify_instances', 0, clock))
    said = daemon.log('fs.inotify.max_user_instances')
    equal(len(said), 1)
    contains(site.run('--status').expect(DONE).out, 'watches by poll\n')
    polled(site, daemon, clock)
    equal(daemon.log('fs.inotify.max_user_instances'), said)


def polled(site, daemon, clock=None):
    """An edit, a new folder and a deletion are found; with a clock, when it says so."""
    site.article('posts/a0.md', 'Edited.\n')
    site.article('new/folder/b.md')
    os.unlink(site.path('content/posts/a1.md'))
    if clock:
        clock.step(10)
    daemon.until(lambda: 'Edited.' in site.items()['Title of posts/a0.md']['content_html']
                 and titled(site, 'new/folder/b.md') and not titled(site, 'posts/a1.md'),
                 'what changed', POLL_SECONDS)
    equal(len(site.items()), 5)
    daemon.stop()


@test('watch = "poll": nothing is watched, and all is found')
def poll(site):
    daemon = start(site, 'watch = "poll"')
    folder = f'/proc/{daemon.process.pid}/fd'
    open_now = [os.readlink(f'{folder}/{number}') for number in os.listdir(folder)]
    equal([name for name in open_now if 'inotify' in name], [])
    true([name for name in open_now if 'event' in name], f'this test sees nothing: {open_now}')
    contains(site.run('--status').expect(DONE).out, 'watches by poll\n')
    polled(site, daemon)


# ---- what no event tells ----

@test('a write by mmap after close is found by the rescan')
def by_mmap(site):
    daemon = start(site, 'rescan_interval = 1')
    with open(site.path('content/posts/a0.md'), 'r+b') as file:
        shared = mmap.mmap(file.fileno(), 0)
    daemon.at_rest()
    at = shared.find(b'Words')
    shared[at:at + 5] = b'Wards'
    shared.flush()
    daemon.until(lambda: 'Wards' in site.items()['Title of posts/a0.md']['content_html'],
                 'the new words', 10)
    shared.close()
    daemon.stop()


@test('a file system mounted over a watched folder, and unmounted again')
def mounted_over(site):
    own_namespace()
    site.article('other/b.md')
    daemon = start(site, 'rescan_interval = 1')
    with mounted(site, 'content/other'):
        site.article('other/c.md')
        site.article('other/sub/d.md')
        daemon.until(lambda: titled(site, 'other/c.md', 'other/sub/d.md')
                     and not titled(site, 'other/b.md'), 'the articles of the mount', 10)
        site.article('other/sub/e.md')
        daemon.until(lambda: titled(site, 'other/sub/e.md'), 'an edit', 10)
    daemon.until(lambda: titled(site, 'other/b.md') and not titled(site, 'other/c.md'),
                 'what was there before', 10)
    site.article('other/f.md')
    daemon.until(lambda: titled(site, 'other/f.md'), 'an edit', 10)
    equal(len(site.items()), 7)
    daemon.stop()


# ---- the root ----

def lost(site, daemon, before):
    daemon.until(lambda: daemon.log(GONE), 'the loss is said', 10)
    daemon.hold_on(1.5)
    equal(len(daemon.log(GONE)), 1)
    equal(daemon.log(BACK), [])
    equal(site.stamps(), before, 'feeds without a root')


def found(site, daemon):
    """The root is back, and watched."""
    daemon.until(lambda: daemon.log(BACK), 'the return is said', 10)
    daemon.at_rest(seconds=10)
    equal(len(daemon.log(GONE)), 1)
    daemon.stop()


@test('the root is renamed, and renamed back: feeds stay, edits meanwhile are found')
def root_renamed(site):
    daemon = start(site)
    before = site.stamps()
    os.rename(site.path('content'), site.path('away'))
    lost(site, daemon, before)
    site.write('away/posts/b.md', '---\ntitle: Title of posts/b.md\ndate: 2024-01-01\n---\nText.\n')
    os.unlink(site.path('away/posts/a0.md'))
    os.rename(site.path('away'), site.path('content'))
    daemon.until(lambda: titled(site, 'posts/b.md') and not titled(site, 'posts/a0.md'),
                 'edits of meanwhile', 10)
    equal(len(site.items()), 5)
    found(site, daemon)


@test('the root is gone, and a reload brings another')
def root_reload(site):
    daemon = start(site)
    before = site.stamps()
    shutil.copytree(site.path('content'), site.path('other'))
    os.rename(site.path('content'), site.path('away'))
    lost(site, daemon, before)
    site.settings(SETTINGS + '[content]\ndir = "other"\n' + FEEDS)
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.log('ready: ')) == 2, 'the reload')
    site.write('other/late.md', site.read('other/posts/a0.md').replace(b'posts/a0.md', b'late.md'))
    daemon.until(lambda: titled(site, 'late.md'), 'an edit', 10)
    daemon.hold_on(2)       # nobody looks for the old one any more
    equal(daemon.log("' is back"), [])
    equal(len(site.items()), 6)
    daemon.stop()


@test('the root is removed and made again, with its articles')
def root_removed(site):
    daemon = start(site)
    ids = sorted(item['id'] for item in site.items().values())
    before = site.stamps()
    shutil.copytree(site.path('content'), site.path('copy'))
    shutil.rmtree(site.path('content'))
    lost(site, daemon, before)
    shutil.copytree(site.path('copy'), site.path('content'))
    found(site, daemon)
    equal(sorted(item['id'] for title, item in site.items().items() if title != 'marker'), ids)


@test('the root is replaced by another in a moment')
def root_replaced(site):
    daemon = start(site)
    ids = sorted(item['id'] for item in site.items().values())
    shutil.copytree(site.path('content'), site.path('next'))
    site.write('next/posts/a0.md', site.read('next/posts/a0.md').replace(b'Words', b'Texts'))
    os.rename(site.path('content'), site.path('old'))
    os.rename(site.path('next'), site.path('content'))
    daemon.until(lambda: 'Texts' in site.items()['Title of posts/a0.md']['content_html'],
                 'the other root', 10)
    equal(sorted(item['id'] for item in site.items().values()), ids)
    site.write('old/posts/x.md', '---\ntitle: Astray\ndate: 2024-01-01\n---\nText.\n')
    site.article('posts/late.md')
    daemon.until(lambda: titled(site, 'posts/late.md'), 'an edit', 10)
    daemon.at_rest()
    lacks(list(site.items()), 'Astray')
    daemon.stop()


@test('the root is a file system that is unmounted, and mounted again')
def root_unmounted(site):
    with mounted(site, 'content'):
        daemon = start(site)
        before = site.stamps()
        shutil.copytree(site.path('content'), site.path('copy'))
        unmount(site, 'content')
        daemon.hold_on(1)       # an empty folder is there now
        daemon.signal(signal.SIGUSR1)
        daemon.hold_on(1.5)
        equal(site.stamps(), before, 'feeds without a root')
        mount(site, 'content')
        shutil.copytree(site.path('copy'), site.path('content'), dirs_exist_ok=True)
        daemon.signal(signal.SIGUSR1)
        site.article('posts/late.md')
        daemon.until(lambda: titled(site, 'posts/late.md'), 'an edit', 10)
        equal(len(site.items()), 6)
        daemon.stop()


# ---- folders ----

@test('a subtree is moved out and edited there: nothing happens; and back: it is as it is')
def moved_out(site):
    site.article('tree/sub/b.md')
    daemon = start(site, '', '--verbose')
    key = site.items()['Title of tree/sub/b.md']['id']
    os.rename(site.path('content/tree'), site.path('tree'))
    daemon.until(lambda: not titled(site, 'tree/sub/b.md'), 'it has left', 10)
    daemon.at_rest()
    before = site.stamps()
    looks = len(daemon.log('to look at'))
    site.write('tree/sub/b.md', '---\ntitle: Title of tree/sub/b.md\ndate: 2024-01-02T03:04:05Z\n---\nOut.\n')
    site.write('tree/sub/c.md', '---\ntitle: Title of tree/sub/c.md\ndate: 2024-01-02T03:04:05Z\n---\nOut.\n')
    os.mkdir(site.path('tree/more'))
    daemon.hold_on(2)
    equal(site.stamps(), before)
    equal(len(daemon.log('to look at')), looks, 'looks')
    os.rename(site.path('tree'), site.path('content/tree'))
    daemon.until(lambda: titled(site, 'tree/sub/b.md', 'tree/sub/c.md'), 'they are back', 10)
    equal(site.items()['Title of tree/sub/b.md']['id'], key)
    contains(site.items()['Title of tree/sub/b.md']['content_html'], 'Out.')
    site.article('tree/more/d.md')
    daemon.until(lambda: titled(site, 'tree/more/d.md'), 'an edit', 10)
    daemon.stop()


@test('folders that are made, filled, renamed and deleted at once, by many')
def races(site):
    daemon = start(site)

    def work(number):
        for i in range(40):
            here = f'w{number}-{i}'
            site.article(f'{here}/x/y/b.md', title=f'"{here}"')
            if i % 4 == 1:
                os.rename(site.path(f'content/{here}'), site.path(f'content/{here}m'))
                site.article(f'{here}m/x/late.md', title=f'"{here} late"')
            elif i % 4 == 2:
                shutil.rmtree(site.path(f'content/{here}'))
            elif i % 4 == 3:
                os.rename(site.path(f'content/{here}/x'), site.path(f'content/w{number}-{i - 1}'))
                shutil.rmtree(site.path(f'content/{here}'))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f'Title of posts/a{i}.md' for i in range(5)}
    for number in range(4):
        for i in range(40):
            expected |= {f'w{number}-{i}'} if i % 4 != 2 else set()
            expected |= {f'w{number}-{i} late'} if i % 4 == 1 else set()
    daemon.until(lambda: site.items().keys() == expected, 'what is there, and nothing else', 20)
    for number in range(4):
        site.article(f'w{number}-1m/x/y/b.md', 'Edited.\n', title=f'"w{number}-1"')
        site.article(f'w{number}-2/y/b.md', 'Edited.\n', title=f'"w{number}-3"')
    daemon.until(lambda: all('Edited.' in site.items()[f'w{number}-{i}']['content_html']
                             for number in range(4) for i in (1, 3)), 'edits in what was moved', 10)
    daemon.stop()


@test('names with line ends, escapes and bad UTF-8: one harmless line each; those beside them go on')
def names(site):
    daemon = start(site)
    odd = os.fsencode(site.path('content/odd'))
    text = b'---\ntitle: Odd\ndate: 2024-01-01\n---\nText.\n'
    os.makedirs(os.path.join(odd, b'fo\xfflder\n'))
    for name in (b'a\nerror: b.md', b'caf\xe9.md', b'esc\x1b[31m.md', b'fo\xfflder\n/in.md'):
        with open(os.path.join(odd, name), 'wb') as file:
            file.write(text)
    daemon.until(lambda: daemon.log('odd/a\\x0aerror: b.md'), 'the first is named', 10)
    daemon.at_rest()
    daemon.signal(signal.SIGUSR1)
    daemon.at_rest()
    lacks(list(site.items()), 'Odd')
    said = daemon.log('odd/')
    equal(len(said), 4, f'lines: {said}')
    true(all('\x1b' not in line for line in said), 'an escape got through')
    equal([line for line in daemon.log() if line.startswith('error: b.md')], [])
    os.rename(os.path.join(odd, b'a\nerror: b.md'), os.path.join(odd, b'good.md'))
    daemon.until(lambda: 'Odd' in site.items(), 'a better name', 10)
    shutil.rmtree(odd)
    daemon.until(lambda: 'Odd' not in site.items(), 'their end', 10)
    daemon.at_rest()        # feeds are there before the state
    lacks(site.run('--status').expect(DONE).out, 'odd/')
    daemon.stop()


@test('symlinks that lead in circles, made while it runs')
def loops(site):
    daemon = start(site, '', '--verbose')
    os.symlink('.', site.path('content/self'))
    os.symlink('..', site.path('content/posts/up'))
    os.symlink('loop-b.md', site.path('content/loop-a.md'))
    os.symlink('loop-a.md', site.path('content/loop-b.md'))
    os.symlink('/', site.path('content/all'))
    site.article('posts/late.md')
    daemon.until(lambda: titled(site, 'posts/late.md'), 'an edit', 10)
    daemon.at_rest()
    daemon.signal(signal.SIGUSR1)
    daemon.at_rest()
    looks = len(daemon.log('to look at'))
    daemon.hold_on(2.5)     # the marker may be one more
    true(len(daemon.log('to look at')) <= looks + 1, 'looks for nothing')
    said = [line for line in daemon.log() if line.startswith(('error: ', 'warning: '))]
    equal(sorted(line.split(': ')[1] for line in said),
          ['all', 'loop-a.md', 'loop-b.md', 'posts/up', 'self'], str(said))
    equal(len(site.items()), 7)
    contains(site.run('--status').expect(DONE).out, 'posts/up')
    os.unlink(site.path('content/self'))
    os.unlink(site.path('content/posts/up'))
    daemon.signal(signal.SIGUSR1)
    daemon.until(lambda: 'posts/up' not in site.run('--status').expect(DONE).out, 'their end', 10)
    daemon.stop()


run_all()
