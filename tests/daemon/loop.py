#!/usr/bin/python3
"""The daemon's loop: it waits for nothing, wakes for nothing, and looks at each thing once."""
import os
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import SANITIZED, SETTINGS, equal, program_holds, run_all, skip, test, true      # noqa: E402

MANY = 3000
FEEDS = '''[[feed]]
name = "main"
atom = "atom.xml"
[[feed]]
by = "tag"
json = "tags/:tag.json"
'''


def many(site):
    site.settings(SETTINGS + FEEDS)
    for i in range(MANY):
        site.article(f'posts/{i % 50}/{i}.md', f'Text {i} and some more words.\n' * 5,
                     date=f'20{i % 20 + 10}-0{i % 9 + 1}-0{i % 8 + 1}', tags=f'[tag {i % 30}]')


def wakes(daemon):
    """How often any of its threads has gone to sleep and woken."""
    total = 0
    for task in os.listdir(f'/proc/{daemon.process.pid}/task'):
        with open(f'/proc/{daemon.process.pid}/task/{task}/status', encoding='utf-8') as file:
            total += sum(int(line.split()[1]) for line in file if 'ctxt_switches' in line)
    return total


@test('the loop is never busy for more than 10 ms, whatever there is to do')
def never_busy(site):
    if SANITIZED:
        skip('a sanitized program takes its time')
    many(site)
    daemon = site.daemon('--verbose')
    looks = len(daemon.log('to look at'))
    for i in range(MANY):
        os.utime(site.path(f'content/posts/{i % 50}/{i}.md'))
    daemon.until(lambda: len(daemon.log('to look at')) > looks, 'a look at what was touched')
    for i in range(0, MANY, 2):
        site.article(f'posts/{i % 50}/{i}.md', 'Other words.\n', date='2024-02-03', tags='[other]')
    daemon.until(lambda: 'other.json' in site.files('public/tags'), 'a feed of the new tag')
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.log('ready: ')) == 2, 'the reload')
    daemon.signal(signal.SIGUSR1)
    daemon.until(lambda: len(daemon.log('everything')) == 3, 'the rescan')
    equal(daemon.log('loop: busy'), [])
    daemon.stop()


@test('idle means idle: nothing wakes it')
def idle(site):
    if program_holds(b'__tsan_init'):
        skip('ThreadSanitizer has a thread that wakes ten times a second')
    for i in range(20):
        site.article(f'{i}.md')
    daemon = site.daemon()
    end = time.monotonic() + 3          # what it did last is over: SQLite, the page cache
    daemon.until(lambda: time.monotonic() > end, 'three seconds')
    before = wakes(daemon)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        time.sleep(0.1)
    equal(wakes(daemon) - before, 0, 'wake-ups in three seconds')
    daemon.stop()


@test('its own output inside the content folder wakes nothing')
def own_output(site):
    site.settings(SETTINGS + '[output]\ndir = "content/feeds"\n[state]\ndir = "content/state"\n')
    site.article('a.md')
    daemon = site.daemon('--verbose')
    site.article('a.md', 'Other words.\n')
    daemon.until(lambda: b'Other words' in site.read('content/feeds/atom.xml'), 'the edit')
    end = time.monotonic() + 1.5
    daemon.until(lambda: time.monotonic() > end, 'what it may have woken itself with')
    equal(len(daemon.log('to look at')), 2, 'looks')
    equal([line for line in daemon.log('watch: ') if 'a.md' not in line], [])
    daemon.stop()


@test('a folder and the files in it that change together are looked at once each')
def folder_and_files(site):
    for i in range(30):
        site.article(f'a/b/{i}.md', f'Text {i} of this article, which has some words.\n',
                     title=f'Story {i}', date=f'2024-03-{i + 1:02}')
    daemon = site.daemon()
    ids = sorted(item['id'] for item in site.items().values())
    for i in range(10):
        with open(site.path(f'content/a/b/{i}.md'), 'a', encoding='utf-8') as file:
            file.write('More.\n')
    os.rename(site.path('content/a/b/29.md'), site.path('content/a/b/31.md'))
    os.rename(site.path('content/a/b'), site.path('content/a/c'))
    for i in range(10, 20):
        with open(site.path(f'content/a/c/{i}.md'), 'a', encoding='utf-8') as file:
            file.write('More.\n')
    daemon.until(lambda: all('/a/c/' in item['url'] for item in site.items().values()), 'the move')
    equal(sorted(item['id'] for item in site.items().values()), ids)
    true(daemon.process.poll() is None, 'it ended')
    daemon.stop()


run_all()
