#!/usr/bin/python3
"""The feed of a tag that loses its last article: it stays for a while, empty and valid, and goes."""
import json
import os
import signal
import sys
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, SETTINGS, contains, equal, lacks, run_all, test, true)      # noqa: E402
from preload import Clock                                                           # noqa: E402

FEEDS = '''[[feed]]
name = "main"
json = "feed.json"
[[feed]]
by = "tag"
json = "tags/:tag.json"
rss = "tags/:tag.rss"
atom = "tags/:tag.atom"
'''
ALL = ['x.atom', 'x.json', 'x.rss']
DAY = 86400
ATOM = '{http://www.w3.org/2005/Atom}'


def started(site, keep_empty=30):
    """A daemon whose tag x has just lost its last article."""
    clock = Clock(site)
    site.settings(SETTINGS + f'[output]\nkeep_empty = {keep_empty}\n' + FEEDS)
    for i in range(5):
        site.article(f'a{i}.md')
    site.article('last.md', tags='[x]')
    daemon = site.daemon('--verbose', env=clock.env)
    equal(tags(site), ALL)
    return clock, daemon


def tags(site):
    return site.files('public/tags') if os.path.exists(site.path('public/tags')) else []


def untag(site, daemon):
    site.article('last.md')
    daemon.until(lambda: not site.items('public/tags/x.json'), 'an empty feed', 10)
    daemon.at_rest()


def gone(site, daemon):
    daemon.until(lambda: not tags(site), 'the feed is gone', 10)


@test('it stays, empty and valid, with its id; then it goes; and it comes back')
def empty(site):
    clock, daemon = started(site)
    before = json.loads(site.read('public/tags/x.json'))
    key = ElementTree.fromstring(site.read('public/tags/x.atom')).find(f'{ATOM}id').text
    untag(site, daemon)
    equal(tags(site), ALL)
    equal(json.loads(site.read('public/tags/x.json')), {**before, 'items': []})
    atom = ElementTree.fromstring(site.read('public/tags/x.atom'))
    equal(atom.find(f'{ATOM}id').text, key)
    true(atom.find(f'{ATOM}updated') is not None, 'an Atom feed needs its date')
    equal(atom.findall(f'{ATOM}entry'), [])
    rss = ElementTree.fromstring(site.read('public/tags/x.rss'))
    equal([rss.find(f'channel/{name}') is not None for name in ('title', 'link', 'description')],
          [True] * 3)
    equal(rss.findall('channel/item'), [])
    contains(site.run('--status').expect(DONE).out, 'tags/x.json: 0 entries', 'empty since')
    stamps = site.stamps('public/tags')
    clock.step(29 * DAY)
    daemon.at_rest()
    equal(site.stamps('public/tags'), stamps, 'before its time')
    clock.step(DAY)
    gone(site, daemon)
    lacks(site.run('--status').expect(DONE).out, 'tags/x')
    site.article('last.md', tags='[x]')
    daemon.until(lambda: len(site.items('public/tags/x.json')) == 1, 'it is back', 10)
    equal(tags(site), ALL)
    equal(ElementTree.fromstring(site.read('public/tags/x.atom')).find(f'{ATOM}id').text, key)
    daemon.stop()


@test('a tag that comes back while its feed is empty counts anew when it goes again')
def again(site):
    clock, daemon = started(site)
    untag(site, daemon)
    clock.step(20 * DAY)
    daemon.at_rest()
    site.article('last.md', tags='[x]')
    daemon.until(lambda: len(site.items('public/tags/x.json')) == 1, 'it is back', 10)
    lacks(site.run('--status').expect(DONE).out, 'empty since')
    clock.step(20 * DAY)
    untag(site, daemon)
    clock.step(20 * DAY)
    daemon.at_rest()
    equal(tags(site), ALL)
    clock.step(10 * DAY + 60)
    gone(site, daemon)
    daemon.stop()


@test('the time runs while feedd does not, and its start removes what is over')
def down(site):
    clock, daemon = started(site)
    untag(site, daemon)
    stamps = site.stamps('public/tags')
    daemon.stop()
    daemon = site.daemon(env=clock.env)
    equal(site.stamps('public/tags'), stamps)
    daemon.stop()
    clock.step(31 * DAY)
    daemon = site.daemon(env=clock.env)
    equal(tags(site), [])
    daemon.stop()


@test('an article that is deleted empties its tag, too')
def deleted(site):
    clock, daemon = started(site)
    os.unlink(site.path('content/last.md'))
    daemon.until(lambda: not site.items('public/tags/x.json'), 'an empty feed', 10)
    clock.step(31 * DAY)
    gone(site, daemon)
    daemon.stop()


@test('keep_empty = 0: it goes at once')
def at_once(site):
    _, daemon = started(site, 0)
    site.article('last.md')
    gone(site, daemon)
    equal(site.files(), ['feed.json'])
    site.article('last.md', tags='[x]')
    daemon.until(lambda: tags(site) == ALL, 'it is back', 10)
    daemon.stop()


@test('a file that somebody put in its place is not removed')
def foreign(site):
    clock, daemon = started(site)
    untag(site, daemon)
    daemon.stop()
    site.write('public/tags/mine.json', 'mine')
    os.unlink(site.path('public/tags/x.json'))
    site.write('public/tags/x.json', 'mine')
    clock.step(31 * DAY)
    daemon = site.daemon(env=clock.env)
    equal(tags(site), ['mine.json', 'x.json'])
    daemon.at_rest()
    daemon.signal(signal.SIGUSR1)
    daemon.at_rest()
    equal([site.read(f'public/tags/{name}') for name in tags(site)], [b'mine', b'mine'])
    daemon.stop()


@test('a file where the feed of a tag would go that no article has: not touched')
def never_ours(site):
    _, daemon = started(site)
    site.write('public/tags/y.json', 'mine')
    site.article('a0.md', draft='true', tags='[y]')
    daemon.at_rest()
    daemon.signal(signal.SIGUSR1)
    daemon.at_rest()
    equal(site.read('public/tags/y.json'), b'mine')
    daemon.stop()


@test('the feed of the whole site is never removed')
def main_stays(site):
    clock = Clock(site)
    site.settings(SETTINGS + '[output]\nkeep_empty = 0\n' + FEEDS)
    site.article('only.md')
    daemon = site.daemon(env=clock.env)
    site.article('only.md', draft='true')
    daemon.until(lambda: not site.items(), 'an empty feed', 10)
    clock.step(400 * DAY)
    daemon.signal(signal.SIGUSR1)
    daemon.hold_on(1)
    equal(site.items(), {})
    daemon.stop()


run_all()
