#!/usr/bin/python3
"""Random outages: whatever fails, in the end each target was told the last of everything.

usage: tests/daemon/outages.py [--seed N] [--seconds N] [--targets N] [--keep]

Fifty targets of all protocols fail in every way that is known, while articles are saved, and feedd
is killed, restarted and reloaded; hours pass by its clock, so that it climbs its ladder. It goes
in rounds: after each, all targets are mended, and time passes until nothing is due. Then what each
target saw last is what is published, and nothing was told twice but where feedd had been killed.
A round is mild, when time alone has to bring everything to rest, or rough, when targets refuse,
park, and are taken from the settings for days, and --ping-now ends it. In the last half there are
no restarts: memory and descriptors must not grow. Speaks TAP.
"""
import argparse
import collections
import itertools
import json
import os
import random
import re
import signal
import statistics
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
import case                                                                 # noqa: E402
from case import DONE, run_all, test, true                                  # noqa: E402
from preload import Clock                                                   # noqa: E402
from swarm import Swarm                                                     # noqa: E402

SITE = 'https://test.example/'
START = 1717243200      # 2024-06-01: where the clock begins
HOUR = 3600
SECTIONS = ('essays', 'letters', 'notes', 'posts', 'walks')
ARTICLES = 8            # of each section, at the start
ROUND_SECONDS = 45
SETTLE_SECONDS = 90
MILD_HOURS = 60         # of a round: nothing is due for three days in it
ROUGH_HOURS = 130       # and here a target may be away, but not for a week
ENTRIES_HOURS = 48      # of a rough round: then who is told of entries has no outage any more
LATE_SECONDS = 1        # a request that was sent before a kill may be read after it
DESCRIPTORS = 48        # connections that are kept, and other work of the moment
FEEDS = '''[site]
title = "Test"
url = "https://test.example/"
author = "Tess Ter"
[http]
allow = ["127.0.0.0/8"]
[[feed]]
name = "all"
json = "feed.json"
limit = 0
[[feed]]
name = "main"
rss = "rss.xml"
atom = "atom.xml"
limit = LIMIT
[[feed]]
name = "sections"
by = "section"
atom = "in/:section.xml"
'''
NAMES = {'feed.json': 'all', 'rss.xml': 'main', 'atom.xml': 'main'}    # of the feeds of files
MILD = ('refuse', {'how': 'reset'}, {'how': 'close'}, {'how': 'hang'}, {'how': 'half'},
        {'status': 408}, {'status': 425}, {'status': 429}, {'status': 500}, {'status': 502},
        {'status': 503}, {'status': 504}, {'status': 510},
        {'status': 503, 'headers': {'Retry-After': '30'}},
        {'status': 429, 'headers': {'Retry-After': '7000'}},
        {'status': 503, 'headers': {'Retry-After': 'DATE'}},
        {'good': True, 'delay': 0.7}, {'good': True, 'delay': 4})
ENDLESS = {'good': True, 'status': 200, 'how': 'endless'}   # of websub, whose answer has no body
ROUGH = ({'status': 400}, {'status': 403}, {'status': 404}, {'status': 410},
         {'status': 301, 'headers': {'Location': 'http://127.0.0.1:1/'}},
         {'status': 302, 'headers': {'Location': 'http://169.254.169.254/'}})


def make_targets(swarm, count):
    """Of fifty 3 are for links, 3 IndexNow, 4 webhooks, 4 XML-RPC, 4 rssCloud, 2 podcasts."""
    kinds = ([('webmention', (), '')] * 3 + [('indexnow', (), '')] * 3 + [('webhook', (), '')] * 4 +
             [('xmlrpc', ['sections'], 'min_interval = 0\n')] * 3 + [('xmlrpc', ['main'], '')] +
             [('rsscloud', (), '')] * 4 + [('podcastindex', (), '')] * 2)
    websub = [('websub', feeds, '') for feeds in ((), ['main'], ['sections'])]
    websub += [('websub', (), 'min_interval = 600\n')]
    if count < len(kinds) + len(websub):
        kinds = sorted(set(map(repr, kinds)))[:count - len(websub)]
        kinds = [eval(kind) for kind in kinds]      # pylint: disable=eval-used
    kinds += (websub * count)[:count - len(kinds)]
    for kind in kinds:
        swarm.add(*kind)


class Outages:
    def __init__(self, site, seed, targets):
        self.site = site
        self.rng = random.Random(seed)
        self.clock = Clock(site)
        self.clock.set(START)
        self.swarm = Swarm(site, SITE)
        make_targets(self.swarm, targets)
        self.limit = 15
        self.without = []       # targets that the settings do not have
        self.titles = {}        # path below content/: title
        self.links = {}         # the same: link, or None
        self.made = 0
        self.kills = []
        self.did = []
        self.round_began = self.clock.now()
        self.rough = False
        self.restarts = True
        self.pause = 1          # seconds between steps, at most
        self.served = set()     # who had its one outage of a rough round
        self.memory = []
        self.descriptors = []
        self.count = collections.Counter()
        for section in SECTIONS:
            for _ in range(ARTICLES):
                self.create(section)
        self.put_settings()
        self.start()
        self.settle_feeds()
        self.first_titles = dict(self.titles)
        self.first = {name: self.swarm.digest(SITE + name)[0] for name in site.files()
                      if not name.endswith('.txt')}
        self.first_items = {url: (item['id'], item['title'])
                            for url, item in self.swarm.items().items()}

    # Articles

    def write(self, name):
        link = self.links[name]
        text = f'---\ntitle: {self.titles[name]}\ndate: 2024-0{1 + hash_of(name) % 5}-01\n---\n' \
               f'Words of {self.titles[name]}.\n' + (f'\nSee [this]({link}).\n' if link else '')
        path = self.site.path(f'content/{name}')
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + '~', 'w', encoding='ascii') as file:
            file.write(text)
        os.rename(path + '~', path)

    def create(self, section=None):
        self.made += 1
        name = f'{section or self.rng.choice(SECTIONS)}/a{self.made}.md'
        self.titles[name] = f'Story {self.made}, version 0'
        self.links[name] = None
        self.write(name)
        return name

    def edit(self):
        name = self.rng.choice(sorted(self.titles))
        title, version = self.titles[name].rsplit(' ', 1)
        self.titles[name] = f'{title} {int(version) + 1}'
        if self.rng.random() < 0.4:
            target = self.rng.choice([t for t in self.swarm.targets if t.protocol == 'webmention'])
            self.links[name] = self.rng.choice(
                (None, f'{target.url}page/{self.rng.randrange(5)}'))
        self.write(name)
        return name

    def delete(self):
        section = self.rng.choice(SECTIONS)
        inside = sorted(name for name in self.titles if name.startswith(section))
        if len(inside) < ARTICLES - 2:
            return ''
        name = self.rng.choice(inside)
        os.unlink(self.site.path(f'content/{name}'))
        del self.titles[name], self.links[name]
        return name

    # Targets

    def hours(self):
        return (self.clock.now() - self.round_began) / HOUR

    def break_one(self):
        target = self.rng.choice(self.swarm.targets)
        about_entries = target.protocol in ('webhook', 'indexnow', 'webmention')
        if self.rough and about_entries:
            # What is given up of an entry that is gone is never told; so it must not come to that.
            if target in self.served or self.hours() > ENTRIES_HOURS / 2:
                return ''
            self.served.add(target)
        kinds = MILD + (ENDLESS,) * (target.protocol == 'websub') + \
            ROUGH * (self.rough and not about_entries)
        answer = self.rng.choice(kinds)
        if isinstance(answer, dict) and answer.get('headers', {}).get('Retry-After') == 'DATE':
            when = time.gmtime(self.clock.now() + 1000)
            answer = {**answer, 'headers': {
                'Retry-After': time.strftime('%a, %d %b %Y %H:%M:%S GMT', when)}}
        target.break_down(answer)
        most = ENTRIES_HOURS / 2 if about_entries else 80
        target.until = self.clock.now() + HOUR * self.rng.choice((0.01, 0.1, 1, 5, 20, most))
        return f'{target.name} {target.protocol} {answer}'

    def break_many(self):
        return [self.break_one() for _ in range(len(self.swarm.targets) // 3)]

    def mend_over(self):
        for target in self.swarm.targets:
            if target.outage and target.until < self.clock.now():
                target.mend()

    # The daemon

    def start(self):
        self.daemon = self.site.daemon(env=self.clock.env)

    def put_settings(self):
        self.site.settings(FEEDS.replace('LIMIT', str(self.limit)) +
                           self.swarm.settings(self.without))

    def restart(self, kill):
        if not self.restarts:
            return 'not any more'
        if kill:
            began = time.monotonic()
            self.daemon.kill()
            self.kills.append((began, time.monotonic()))
        else:
            self.daemon.stop(seconds=10)
        self.daemon.close()
        self.site.daemons.remove(self.daemon)
        done = [self.edit() for _ in range(self.rng.randrange(3))]
        self.start()
        return f'meanwhile {done}'

    def kill(self):
        return self.restart(True)

    def stop(self):
        return self.restart(False)

    def edit_and_kill(self):
        self.edit()
        self.daemon.hold_on(self.rng.random() * 0.4)
        return self.restart(True)

    def reload(self):
        if self.rough and self.rng.random() < 0.5:
            about_topics = [t for t in self.swarm.targets
                            if t.protocol in ('websub', 'rsscloud', 'xmlrpc')]
            self.without = self.rng.sample(about_topics, self.rng.randrange(4))
        else:
            self.limit = self.rng.randrange(10, 30)
        self.put_settings()
        self.daemon.signal(signal.SIGHUP)
        return f'limit {self.limit}, without {[target.name for target in self.without]}'

    def step_clock(self):
        most = (ROUGH_HOURS if self.rough else MILD_HOURS) - self.hours()
        hours = min(most, self.rng.choice((0.05, 0.2, 0.6, 2, 5, 12)))
        self.clock.step(max(0, int(hours * HOUR)))
        return f'{hours:.2f} h'

    def rescan(self):
        self.daemon.signal(signal.SIGUSR1)
        return ''

    TABLE = ((edit, 40), (create, 4), (delete, 4), (break_one, 20), (break_many, 2),
             (step_clock, 12), (reload, 3), (rescan, 2), (kill, 3), (edit_and_kill, 4), (stop, 2))

    def step(self):
        operation, = self.rng.choices([row[0] for row in self.TABLE],
                                      [row[1] for row in self.TABLE])
        self.count[operation.__name__] += 1
        self.did.append(f'{time.monotonic():.2f} {operation.__name__}: {operation(self)}')
        self.mend_over()
        if self.rng.random() < 0.7:
            self.daemon.hold_on(self.rng.random() * self.pause)

    # What must hold

    def settle_feeds(self):
        def published():
            items = self.swarm.items()
            return {item['title'] for item in items.values()} == set(self.titles.values())
        self.daemon.until(published, 'what was saved is published', SETTLE_SECONDS)

    def topics(self, target):
        """Of which published files a target hears."""
        kinds = {'websub': r'.', 'webhook': r'.', 'rsscloud': r'rss.xml', 'podcastindex': r'rss.xml',
                 'xmlrpc': r'in/|rss.xml|feed.json'}.get(target.protocol)
        return [name for name in self.site.files() if kinds and re.match(kinds, name) and
                not name.endswith('.txt') and
                NAMES.get(name, 'sections') in (target.feeds or NAMES.get(name, 'sections'))]

    def wrong_topics(self, target):
        last = {SITE + name: digest for name, digest in self.first.items()}
        last.update((told.key, told.seen) for told in target.accepted)
        for name in self.topics(target):
            if last.get(SITE + name) != self.swarm.digest(SITE + name)[0]:
                yield f'{target.name} {target.protocol}: not told the last of {name}'

    def wrong_entries(self, target):
        items = self.swarm.items()
        is_id = target.protocol == 'webhook'
        last = {(id if is_id else url): title for url, (id, title) in self.first_items.items()}
        there = {(item['id'] if is_id else url): item['title'] for url, item in items.items()}
        last.update((told.key, told.seen) for told in target.accepted
                    if not told.key.startswith(SITE) or not is_id)
        for key in sorted(last.keys() | there.keys()):
            if last.get(key) != there.get(key):
                yield f'{target.name} {target.protocol}: {key} was {last.get(key)} at last, and ' \
                      f'is {there.get(key)}'

    def wrong_links(self, target):
        last = {told.key: told.seen for told in target.accepted}
        there = {}
        for item in self.swarm.items().values():
            for link in re.findall(r'href="([^"]*)"', item['content_html']):
                if link.startswith(target.url):
                    there[item['url'], link] = item['title']
        for key in sorted(last.keys() | there.keys()):
            if last.get(key) != there.get(key):
                yield f'{target.name}: {key} was {last.get(key)} at last, and is {there.get(key)}'

    def wrong(self):
        """Who does not know the last of everything."""
        for target in self.swarm.targets:
            if target.protocol == 'webmention':
                yield from self.wrong_links(target)
            elif target.protocol in ('webhook', 'indexnow'):
                yield from self.wrong_entries(target)
            if target.protocol not in ('webmention', 'indexnow'):
                yield from self.wrong_topics(target)

    @staticmethod
    def without_others(target, group):
        """Those that told of this, and not of what was there just before: that was refused until
        then, and the file was replaced by the old one again while it was told at last."""
        return group[:1] + [other for one, other in itertools.pairwise(group) if not (
            other.early and any(told.key == one.key and told.seen != one.seen and
                                one.time < told.time < other.time for told in target.refused))]

    @staticmethod
    def tellings(target, group):
        """How often it was told the same, but for what had to be told again: that a feed is back to
        what it was, to one that had heard of what was between, or may have."""
        def was_other_between(one, other):
            return any(told.key == one.key and one.time < told.time < other.time and
                       (told.seen != one.seen or told.early) for told in target.accepted + target.left)
        return 1 + sum(not was_other_between(*pair) for pair in itertools.pairwise(group))

    def repeated(self):
        """What was told more often than feedd was killed meanwhile."""
        for target in self.swarm.targets:
            groups = collections.defaultdict(list)
            for told in target.accepted:
                if told.message:
                    groups[told.message].append(told)
                elif target.protocol not in ('webmention', 'indexnow'):
                    groups[told.key, told.seen].append(told)
            for key, group in groups.items():
                first, last = group[0].time, group[-1].time
                kills = sum(first < ended + LATE_SECONDS and began < last
                            for began, ended in self.kills)
                count = len(group)
                if not group[0].message:
                    group = self.without_others(target, group)
                    count = self.tellings(target, group) - any(told.early for told in group)
                if count - 1 > kills:
                    times = [f'{told.key} {told.seen} at {told.time:.2f}' for told in group]
                    yield f'{target.name} {target.protocol}: {key} {times}, and ' \
                          f'{kills} kills'

    def due(self):
        rows = []
        for row in json.loads(self.site.run('--status', '--json', env=self.clock.env).out)['targets']:
            if row['due']:
                rows.append(f"{row['name']} {row['due']}")
        return rows

    def end_round(self):
        for target in self.swarm.targets:
            target.mend()
        if self.without:
            self.without = []
            self.put_settings()
            self.daemon.signal(signal.SIGHUP)
        self.settle_feeds()
        if self.rough:
            self.daemon.hold_on(1)
            self.site.run('--ping-now', env=self.clock.env).expect(DONE)
        end = time.monotonic() + SETTLE_SECONDS * (3 if case.SANITIZED else 1)
        turn = 0
        while True:
            self.daemon.hold_on(0.7)
            complaints, due = list(self.wrong()), self.due()
            if not complaints and not due:
                break
            if time.monotonic() > end:
                raise self.daemon.failed('\n'.join(['not at rest:', *complaints[:20], *due[:20]]))
            turn += 1
            if turn % 2 == 0:
                self.clock.step(2 * HOUR)   # IndexNow, min_interval, and what is high on the ladder
        complaints = list(self.repeated())
        if complaints:
            raise self.daemon.failed('\n'.join(complaints[:20]))
        if not self.restarts:
            self.take_figures()

    def take_figures(self):
        pid = self.daemon.process.pid
        with open(f'/proc/{pid}/status', encoding='ascii') as file:
            self.memory.append(int(re.search(r'VmRSS:\s+(\d+)', file.read())[1]))
        self.descriptors.append(len(os.listdir(f'/proc/{pid}/fd')))

    def keep(self, to):
        """The folder, and what was accepted when, for whoever looks into a failure."""
        case.shutil.copytree(self.site.root, to, symlinks=True, dirs_exist_ok=True,
                             ignore=case.shutil.ignore_patterns('.notify-*'))
        with open(f'{to}/accepted', 'w', encoding='utf-8') as file:
            for target in self.swarm.targets:
                for told in target.accepted:
                    file.write(f'{told.time:.2f} {target.name} {told.key} {told.seen}\n')
        print(f'# kept in {to}')

    def round(self, seconds, rough):
        self.rough = rough
        self.round_began = self.clock.now()
        self.served.clear()
        self.did.append('--- a rough round' if rough else '--- a mild round')
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.step()
        self.end_round()


def hash_of(name):
    return sum(name.encode())


def check_growth(walk):
    if len(walk.memory) < 8:
        return
    quarter = len(walk.memory) // 4
    early, late = (statistics.median(walk.memory[part]) for part in
                   (slice(quarter, 2 * quarter), slice(-quarter, None)))
    print(f'# resident at rest: {early} KiB early, {late} KiB late; descriptors: '
          f'{min(walk.descriptors)} to {max(walk.descriptors)}', flush=True)
    true(late < early * 1.05 + 1024, f'memory grew from {early} to {late} KiB: {walk.memory}')
    true(max(walk.descriptors) - min(walk.descriptors) <= DESCRIPTORS, str(walk.descriptors))


@test('whatever fails, each target is told the last of everything, and once')
def outages(site):
    began = time.monotonic()
    walk = Outages(site, options.seed, options.targets)
    walk.pause = 1 if options.seconds > ROUND_SECONDS else 0.3
    rounds = 0
    try:
        while not rounds or time.monotonic() - began < options.seconds:
            left = options.seconds - (time.monotonic() - began)
            walk.restarts = options.seconds < 300 or left > options.seconds / 2
            walk.round(min(ROUND_SECONDS, options.seconds / 2), rounds % 2 == 1)
            rounds += 1
        walk.daemon.stop(seconds=10)
        check_growth(walk)
    except AssertionError as error:
        if options.keep:
            walk.keep(f'/tmp/feedd-outages-{options.seed}')
        done = '\n'.join(walk.did[-60:])
        raise AssertionError(f'seed {options.seed}, round {rounds}: {error}\nit did last:\n{done}') \
            from None
    print(f'# seed {options.seed}: {rounds} rounds, {dict(walk.count)}, {len(walk.kills)} kills, '
          f'{sum(target.asked for target in walk.swarm.targets)} requests, '
          f'{sum(len(target.accepted) for target in walk.swarm.targets)} told, '
          f'{(walk.clock.now() - START) / 86400:.0f} days by its clock', flush=True)


parser = argparse.ArgumentParser(usage=__doc__.split('\n\n')[1].replace('usage: ', ''))
parser.add_argument('--seed', type=int, default=1)
parser.add_argument('--seconds', type=float, default=15)
parser.add_argument('--targets', type=int, default=20)
parser.add_argument('--keep', action='store_true')
options = parser.parse_args()
sys.argv = sys.argv[:1]
run_all()
