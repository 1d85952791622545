#!/usr/bin/python3
"""A random walk: whatever is done to the folder, the feeds are those of a fresh --once.

usage: tests/daemon/walk.py [--seed N] [--steps N | --seconds N] [--keep]

Each step does a few random things to the content of a running daemon, or to its clock, or to the
daemon itself, and waits until the feeds equal, byte for byte, what `feedd --once` makes of a copy
of content and state. Each article carries a mark in its text; the id of a mark never changes.
With --seconds, the last two thirds are one process, whose memory and descriptors must not grow.
A failure tells the seed and what was done last; --keep leaves the folder. Speaks TAP.
"""
import argparse
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
from case import SETTINGS, run_all, test, true                              # noqa: E402
from fresh import differences, fresh, published                             # noqa: E402
from preload import Clock                                                   # noqa: E402

START = 1717243200      # 2024-06-01: where the clock begins
DAY = 86400
FARTHEST = 10 * DAY     # the clock stays this near to where it would be
SETTLE_SECONDS = 30
ARTICLES = 60           # at the start, and at the least
ARTICLES_MAX = 140
OTHERS_MAX = 20         # copies, links and litter
FOLDERS = ('posts', 'notes', 'posts/2024', 'notes/deep/er', 'essays')
TAGS = ('one', 'two', 'Two', 'three', 'vier', 'fünf')
FEEDS = '''[pages]
dir = "pages"
opml = "all.opml"
style_feeds = true
[[feed]]
name = "main"
json = "feed.json"
limit = 0
[[feed]]
name = "short"
rss = "rss.xml"
atom = "atom.xml"
limit = LIMIT
[[feed]]
by = "tag"
json = "tags/:tag.json"
content = "none"
[[feed]]
by = "section"
atom = "in/:section.xml"
content = "summary"
'''
LITTER = ('.a.md.swp', 'a.md~', '4913', '.#a.md', '.git/HEAD', 'a.md.tmp', 'picture.jpg')
MARK = re.compile(r'mark-(\d+)-')


class Article:
    """What a file should hold; `mark` goes with it wherever it is moved."""

    def __init__(self, mark, rng):
        self.mark = mark
        self.title = f'Story {mark} of {rng.choice(("the sea", "a hill", "two doors", "rain"))}'
        self.date = START - rng.randrange(400) * DAY - rng.randrange(DAY)
        self.tags = rng.sample(TAGS, rng.randrange(3))
        self.words = self.new_words(rng)
        self.more = {}

    @staticmethod
    def new_words(rng):
        return ' '.join(''.join(rng.choices('abcdefghijklmnop', k=rng.randrange(2, 9)))
                        for _ in range(rng.randrange(20, 80)))

    def text(self):
        keys = {'title': f'"{self.title}"', 'tags': f'[{", ".join(self.tags)}]', **self.more}
        if self.date is not None:
            keys['date'] = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(self.date))
        head = ''.join(f'{key}: {value}\n' for key, value in keys.items())
        return f'---\n{head}---\nmark-{self.mark}-\n\n{self.words}\n'


class Walk:
    def __init__(self, site, seed):
        self.site = site
        self.rng = random.Random(seed)
        self.clock = Clock(site)
        self.clock.set(START)
        self.offset = 0
        self.limit = 5
        self.made = 0
        self.at = {}            # path below content/ -> Article
        self.gone = []          # (path, Article)
        self.shared = set()     # marks that stand, or stood, under several names: ids may part
        self.ids = {}           # mark -> id
        self.unread = set()     # marks whose file cannot be read just now
        self.used = set()       # marks that this step has touched already
        self.did = []
        self.daemon = None
        self.fds = None
        self.memory = []
        self.put_settings()
        for _ in range(ARTICLES):
            self.create()

    # What every operation needs

    def path(self, name=''):
        return self.site.path(f'content/{name}')

    def fresh_name(self, suffix='.md'):
        self.made += 1
        return f'{self.rng.choice(FOLDERS)}/n{self.made}{suffix}'

    def write(self, name, text, how=None):
        """As editors do: in place, by a temp, as git does, or bit by bit."""
        path = self.path(name)
        how = how or self.rng.choice(('in place', 'temp', 'git', 'pieces'))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if how == 'git' and os.path.lexists(path):
            os.unlink(path)
        if how == 'temp':
            with open(path + '.part', 'w', encoding='utf-8') as file:
                file.write(text)
            os.rename(path + '.part', path)
            return
        with open(path, 'w', encoding='utf-8') as file:
            if how == 'pieces':
                file.write(text[:len(text) // 2])
                file.flush()
                time.sleep(0.02)
                text = text[len(text) // 2:]
            file.write(text)

    def pick(self):
        """An article that this step has not touched."""
        free = sorted(name for name, article in self.at.items() if article.mark not in self.used)
        if not free:
            return None, None
        name = self.rng.choice(free)
        self.used.add(self.at[name].mark)
        return name, self.at[name]

    def edit(self, change):
        name, article = self.pick()
        if not article:
            return ''
        change(article)
        self.write(name, article.text())
        return name

    def put_settings(self):
        self.site.settings(SETTINGS + FEEDS.replace('LIMIT', str(self.limit)))

    # Operations; each returns what it did it to

    def create(self):
        article = Article(self.made, self.rng)
        name = self.fresh_name()
        if self.rng.random() < 0.1:
            article.date = None
        self.at[name] = article
        self.used.add(article.mark)
        self.write(name, article.text())
        return name

    def edit_words(self):
        return self.edit(lambda a: setattr(a, 'words', a.new_words(self.rng)))

    def append(self):
        name, article = self.pick()
        if not article:
            return ''
        article.words += '\n\nAnd so on.'
        with open(self.path(name), 'a', encoding='utf-8') as file:
            file.write('\nAnd so on.\n')
        article.words = article.words.rstrip('\n')
        return name

    def edit_title(self):
        return self.edit(lambda a: setattr(a, 'title', f'{a.title.split(":")[0]}: part '
                                                       f'{self.rng.randrange(99)}'))

    def edit_tags(self):
        return self.edit(lambda a: setattr(a, 'tags', self.rng.sample(TAGS, self.rng.randrange(4))))

    def edit_date(self):
        when = int(self.clock.now()) + self.rng.choice((-30 * DAY, -DAY, -3600, 1, 2, DAY, 4 * DAY))
        return self.edit(lambda a: setattr(a, 'date', when))

    def expiry(self):
        when = int(self.clock.now()) + self.rng.choice((-DAY, 1, 2, DAY, 30 * DAY))
        date = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(when))
        return self.edit(lambda a: a.more.update(expiryDate=date))

    def no_expiry(self):
        return self.edit(lambda a: a.more.pop('expiryDate', None))

    def draft(self):
        return self.edit(lambda a: a.more.update(draft='true' if a.more.get('draft') != 'true'
                                                 else 'false'))

    def broken(self):
        """A head that cannot be read, and the file as it should be again, in this step or later."""
        name, article = self.pick()
        if not article:
            return ''
        self.write(name, '---\ntitle: [\n---\nBroken.\n')
        if self.rng.random() < 0.5:
            self.unread.add(article.mark)
            self.settle()
            self.unread.discard(article.mark)
        self.write(name, article.text())
        return name

    def touch(self):
        name, article = self.pick()
        if article and article.date is not None:    # else its date is that of the file
            os.utime(self.path(name))
        return name

    def rename(self):
        name, article = self.pick()
        if not article:
            return ''
        to = self.fresh_name()
        os.makedirs(os.path.dirname(self.path(to)), exist_ok=True)
        os.rename(self.path(name), self.path(to))
        self.at[to] = self.at.pop(name)
        if self.rng.random() < 0.3:
            article.words += '\n\nA line more.'
            self.write(to, article.text(), 'in place')
        return f'{name} to {to}'

    def rename_folder(self):
        """A folder gets another name: some of its articles were never so far from home."""
        folder = os.path.dirname(self.rng.choice(sorted(self.at)))
        inside = [name for name in self.at if name.startswith(folder + '/')]
        links = [name for name in self.others(folder) if os.path.islink(self.path(name))]
        if self.used & {self.at[name].mark for name in inside} or len(links) > 2:
            return ''           # links end nowhere when they move: three at once may be held back
        self.made += 1
        to = f'{folder.split("/")[0]}/d{self.made}'
        if to.startswith(folder + '/'):
            to = f'moved/d{self.made}'
        os.makedirs(os.path.dirname(self.path(to)), exist_ok=True)
        os.rename(self.path(folder), self.path(to))
        for name in inside:
            self.used.add(self.at[name].mark)
            self.at[to + name[len(folder):]] = self.at.pop(name)
        return f'{folder} to {to}, {len(inside)} articles'

    def others(self, folder):
        """What lies there beside the articles: copies, links and litter."""
        found = [os.path.relpath(os.path.join(path, name), self.path('.'))
                 for path, _, names in os.walk(self.path(folder)) for name in names]
        return sorted(name for name in found if name not in self.at)

    def replace_folder(self):
        """A generator puts a new folder where the old one was."""
        folder = os.path.dirname(self.rng.choice(sorted(self.at)))
        inside = [name for name in self.at if name.startswith(folder + '/')]
        if self.used & {self.at[name].mark for name in inside}:
            return ''
        for name in inside:
            article = self.at[name]
            self.used.add(article.mark)
            if self.rng.random() < 0.3:
                article.words = article.new_words(self.rng)
            path = self.path(f'.new/{name[len(folder) + 1:]}')
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(article.text())
            if article.date is None:
                os.utime(path, ns=(0, os.stat(self.path(name)).st_mtime_ns))
        for name in self.others(folder):    # many that go at once would be held back
            path = self.path('.new' + name[len(folder):])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.rename(self.path(name), path)
        os.rename(self.path(folder), self.path('.old'))
        os.rename(self.path('.new'), self.path(folder))
        case.shutil.rmtree(self.path('.old'))
        return f'{folder}, {len(inside)} articles'

    def delete(self):
        if len(self.at) <= ARTICLES:
            return ''
        name, article = self.pick()
        if not article:
            return ''
        os.unlink(self.path(name))
        self.gone.append((name, self.at.pop(name)))
        return name

    def restore(self):
        back = [(name, article) for name, article in self.gone
                if name not in self.at and article.mark not in self.used
                and article.mark not in self.shared]
        if not back:
            return ''
        name, article = self.rng.choice(back)
        self.gone.remove((name, article))
        self.used.add(article.mark)
        if article.date is not None and self.rng.random() < 0.3:
            name = self.fresh_name()
        self.at[name] = article
        self.write(name, article.text())
        return name

    def link(self, make):
        name, article = self.pick()
        if not article or article.date is None:
            return ''
        others = self.others('.')
        if len(others) > OTHERS_MAX:
            os.unlink(self.path(others[self.rng.randrange(len(others))]))
        to = self.fresh_name()
        os.makedirs(os.path.dirname(self.path(to)), exist_ok=True)
        make(name, to)
        self.shared.add(article.mark)
        return f'{name} as {to}'

    def symlink(self):
        return self.link(lambda name, to: os.symlink(
            os.path.relpath(self.path(name), os.path.dirname(self.path(to))), self.path(to)))

    def hard_link(self):
        return self.link(lambda name, to: os.link(self.path(name), self.path(to)))

    def copy(self):
        return self.link(lambda name, to: case.shutil.copy(self.path(name), self.path(to)))

    def litter(self):
        name = self.rng.choice(LITTER)
        folder = os.path.dirname(self.rng.choice(sorted(self.at)))
        path = self.path(f'{folder}/{name}')
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if name.startswith('.#'):
            if not os.path.lexists(path):
                os.symlink('me@here.1234', path)
        else:
            with open(path, 'w', encoding='utf-8') as file:
                file.write('---\ntitle: Litter\ndate: 2024-01-01\n---\nLitter.\n')
        return f'{folder}/{name}'

    def spoil_output(self):
        """Somebody edits, or removes, what feedd has published."""
        name = self.rng.choice([name for name in self.site.files()
                                if not os.path.basename(name).startswith('.')
                                and not name.endswith('.css')])     # that is its owner's to edit
        if self.rng.random() < 0.5:
            os.unlink(self.site.path('public/' + name))
        else:
            self.site.write('public/' + name, 'spoilt')
        self.rescan()
        return name

    def spoil_state(self):
        """The state goes under the running daemon, or its folder does."""
        how = self.rng.choice(('deleted', 'emptied', 'folder deleted', 'folder moved'))
        folder, file = self.site.path('.feedd'), self.site.path('.feedd/state.db')
        before = len(self.daemon.log('it was written anew'))
        shown = self.shown()
        if how == 'deleted':
            os.unlink(file)
        elif how == 'emptied':
            os.truncate(file, 0)
        elif how == 'folder deleted':
            case.shutil.rmtree(folder, ignore_errors=True)  # a file of SQLite's may just go
        else:
            os.rename(folder, folder + '.old')
        self.rescan()
        self.daemon.until(lambda: len(self.daemon.log('it was written anew')) > before,
                          'another state')
        case.shutil.rmtree(folder + '.old', ignore_errors=True)
        self.gone.clear()       # only the state knew them, and the ids of what was in no feed
        shown &= self.shown()
        self.ids = {mark: known for mark, known in self.ids.items() if mark in shown}
        return how

    def shown(self):
        """The marks that stand in the feed now; none where this step has spoilt it."""
        try:
            items = json.loads(self.site.read('public/feed.json'))['items']
        except (FileNotFoundError, ValueError):
            return set()
        return {int(MARK.search(item['content_html'])[1]) for item in items}

    def step_clock(self):
        step = self.rng.choice((-2 * DAY, -3600, -5, 5, 3600, 2 * DAY))
        if abs(self.offset + step) > FARTHEST:
            step = -step
        self.offset += step
        self.clock.step(step)
        return f'{step} s'

    def rescan(self):
        self.daemon.signal(signal.SIGUSR1)
        return 'SIGUSR1'

    def reload(self):
        if self.rng.random() < 0.5:
            self.limit = self.rng.randrange(1, 30)
            self.put_settings()
        self.daemon.signal(signal.SIGHUP)
        return f'limit {self.limit}'

    def restart(self):
        how = self.rng.choice(('killed', 'killed', 'stopped'))
        if how == 'killed':
            self.daemon.kill()
        else:
            self.daemon.stop()
        self.daemon.close()
        self.site.daemons.remove(self.daemon)
        others = [self.step_content() for _ in range(self.rng.randrange(3))]
        self.start()
        return f'{how}, meanwhile {others}'

    CONTENT = ((create, 6), (edit_words, 12), (append, 4), (edit_title, 5), (edit_tags, 5),
               (edit_date, 6), (expiry, 3), (no_expiry, 3), (draft, 4), (touch, 4),
               (rename, 8), (rename_folder, 2), (replace_folder, 2), (delete, 7), (restore, 6),
               (symlink, 1), (hard_link, 1), (copy, 1), (litter, 3))
    OTHERS = ((broken, 3), (step_clock, 6), (spoil_output, 2), (spoil_state, 1), (rescan, 2), (reload, 3),
              (restart, 3))

    def do(self, table):
        operation = self.rng.choices([row[0] for row in table], [row[1] for row in table])[0]
        if operation is Walk.create and len(self.at) > ARTICLES_MAX:
            operation = Walk.delete
        done = f'{operation.__name__}: {operation(self)}'
        self.did.append(done)
        return done

    def step_content(self):
        return self.do(self.CONTENT)

    def step(self, restarts=True):
        self.used.clear()
        table = self.CONTENT + tuple(row for row in self.OTHERS
                                     if restarts or row[0] is not Walk.restart)
        for _ in range(self.rng.choice((1, 1, 1, 2, 3, 5))):
            self.do(table)
        self.settle()

    # The daemon, and what must hold

    def start(self):
        self.daemon = self.site.daemon(env=self.clock.env)

    def settle(self):
        """Wait until the feeds are those of a fresh --once."""
        end = time.monotonic() + SETTLE_SECONDS
        pause = 0.06
        while True:
            time.sleep(pause)
            self.daemon.listen()
            if self.daemon.process.poll() is not None:
                raise self.daemon.failed(f'feedd ended: {self.daemon.process.returncode}')
            before = published(self.site)
            expected, _ = fresh(self.site, self.clock.env)
            found = published(self.site)
            if found == expected == before:
                break
            if time.monotonic() > end:
                raise self.daemon.failed('\n'.join(differences(found, expected)))
            pause = min(pause * 1.5, 0.5)
        self.check_ids(json.loads(found['feed.json'])['items'])
        self.check_descriptors()

    def check_ids(self, items):
        seen = {}
        for item in items:
            mark = int(MARK.search(item['content_html'])[1])
            if mark in self.shared:
                continue
            true(mark not in seen, f'mark {mark} is there twice: {seen.get(mark)} and {item["id"]}')
            seen[mark] = item['id']
            known = self.ids.setdefault(mark, item['id'])
            true(item['id'] == known, f'mark {mark} had the id {known}, has {item["id"]}')
        public = {article.mark: name for name, article in self.at.items()
                  if article.more.get('draft') != 'true' and 'expiryDate' not in article.more
                  and article.date is not None and article.date < self.clock.now() - DAY}
        missing = [f'{name}: {self.at[name].text()[:200]!r}' for mark, name in public.items()
                   if mark not in seen and mark not in self.shared | self.unread]
        true(not missing, f'public, and not in the feed: {missing}')

    def check_descriptors(self):
        """At rest it has as many as at its start, and some for moments of work."""
        count = len(os.listdir(f'/proc/{self.daemon.process.pid}/fd'))
        if self.fds is None or self.fds[0] != self.daemon.process.pid:
            self.fds = (self.daemon.process.pid, count)
        true(count <= self.fds[1] + 4, f'{count} descriptors, {self.fds[1]} at the start')

    def resident(self):
        with open(f'/proc/{self.daemon.process.pid}/status', encoding='ascii') as file:
            return int(re.search(r'VmRSS:\s+(\d+)', file.read())[1])


def grown(memory):
    """Whether memory grew steadily: medians of the second and the last quarter."""
    quarter = len(memory) // 4
    early = statistics.median(memory[quarter:2 * quarter])
    late = statistics.median(memory[-quarter:])
    return early, late, late > early * 1.05 + 1024


def last_steps(walk, seed, steps, error):
    done = '\n'.join(walk.did[-25:])
    return AssertionError(f'seed {seed}, step {steps}: {error}\nit did last:\n{done}')


@test('whatever is done, the feeds are those of a fresh --once, and ids stay')
def random_walk(site):
    walk = Walk(site, options.seed)
    walk.start()
    began = time.monotonic()
    steps = 0
    walk_began = len(walk.did)
    try:
        walk.settle()
        while True:
            elapsed = time.monotonic() - began
            if elapsed > options.seconds if options.seconds else steps >= options.steps:
                break
            walk.step(restarts=not options.seconds or elapsed < options.seconds / 3)
            if options.seconds and elapsed > options.seconds / 3:
                walk.memory.append(walk.resident())
            steps += 1
        walk.daemon.stop()
    except AssertionError as error:
        if options.keep:
            kept = f'/tmp/feedd-walk-{options.seed}'
            case.shutil.copytree(site.root, kept, symlinks=True,
                                 ignore=case.shutil.ignore_patterns('.notify-*'))
            with open(f'{kept}/steps.txt', 'w', encoding='utf-8') as file:
                file.writelines(f'{done}\n' for done in walk.did)
            print(f'# kept in {kept}')
        raise last_steps(walk, options.seed, steps, error) from None
    print(f'# seed {options.seed}: {steps} steps, {len(walk.did) - walk_began} operations,'
          f' {time.monotonic() - began:.0f} s', flush=True)
    if len(walk.memory) >= 40:
        early, late, too_much = grown(walk.memory)
        print(f'# resident: {early} KiB early, {late} KiB late', flush=True)
        true(not too_much, f'memory grew from {early} to {late} KiB')


parser = argparse.ArgumentParser(usage=__doc__.split('\n\n')[1].replace('usage: ', ''))
parser.add_argument('--seed', type=int, default=1)
parser.add_argument('--steps', type=int, default=25)
parser.add_argument('--seconds', type=float, default=0)
parser.add_argument('--keep', action='store_true')
options = parser.parse_args()
sys.argv = sys.argv[:1]
run_all()
