#!/usr/bin/python3
"""What happens to a daemon that runs for months: folders replaced under it, masses deleted, ids lost.

Each test does to the site what people and their other tools do, and says what must hold then.
"""
import fcntl
import os
import shutil
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, IO, LOCKED, SETTINGS, contains, equal, lacks, need_root,    # noqa: E402
                  run_all, test, true)
from preload import Clock, Steps                                                   # noqa: E402

FEEDS = '[[feed]]\nname = "main"\njson = "feed.json"\nlimit = 0\n'
HELD = 'would lose'


def articles(site, number, folder='posts'):
    for i in range(number):
        site.article(f'{folder}/a{i}.md', f'Words of number {i}, and no other.\n',
                     date=f'2023-0{i // 28 + 1}-{i % 28 + 1:02}')


def ids(site):
    return sorted(item['id'] for item in site.items().values())


def pause(daemon, seconds):
    end = time.monotonic() + seconds
    daemon.until(lambda: time.monotonic() > end, 'a pause')


def builds(daemon, seconds):
    """How many builds end within so many seconds."""
    before = len(daemon.told('STATUS='))
    pause(daemon, seconds)
    return len(daemon.told('STATUS=')) - before


@test('a folder is renamed, and a file in it is edited at once')
def rename_edit(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 10)
    articles(site, 100, 'others')
    daemon = site.daemon()
    before = ids(site)
    os.rename(site.path('content/posts'), site.path('content/texts'))
    with open(site.path('content/texts/a3.md'), 'a', encoding='utf-8') as file:
        file.write('More.\n')
    daemon.until(lambda: b'More.' in site.read('public/feed.json'), 'the edit', 5)
    equal(ids(site), before)


@test('a folder with its files is deleted')
def delete_folder(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 3)
    articles(site, 100, 'others')
    daemon = site.daemon()
    shutil.rmtree(site.path('content/posts'))
    daemon.until(lambda: len(ids(site)) == 100, 'the others', 5)


@test('a folder is copied, and the original deleted at once')
def copy_delete(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 3)
    articles(site, 100, 'others')
    daemon = site.daemon()
    before = ids(site)
    shutil.copytree(site.path('content/posts'), site.path('content/texts'))
    shutil.rmtree(site.path('content/posts'))
    daemon.until(lambda: b'/texts/a2' in site.read('public/feed.json'), 'the copy', 5)
    pause(daemon, 1.5)
    equal(ids(site), before)


@test('a name that was left takes no id of the article that moved, in the first run of all')
def name_again(site):
    site.settings(SETTINGS + FEEDS)
    site.article('old.md', 'The words of the first article, which moves.\n')
    daemon = site.daemon()
    os.rename(site.path('content/old.md'), site.path('content/new.md'))
    pause(daemon, 2)
    before = ids(site)
    site.article('old.md', 'Another text that has nothing to do with it.\n', title='"Another"')
    daemon.until(lambda: 'Another' in site.items(), 'the second article', 5)
    equal(len(ids(site)), 2)
    true(before[0] in ids(site), 'the first keeps its id')


@test('without a state, --force is asked for once')
def force_fresh(site):
    site.settings(SETTINGS + FEEDS)
    site.write('public/feed.json', '{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": ['
               + ','.join(f'{{"id": "urn:{i}", "url": "https://test.example/x{i}/"}}' for i in range(9)) + ']}')
    articles(site, 5)
    daemon = site.daemon('--force')
    equal(len(ids(site)), 5)
    site.article('fresh.md')
    daemon.until(lambda: len(ids(site)) == 6, 'the next article', 5)


@test('killed in its first run, with feeds published that the state knows nothing of')
def first_killed(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 5)
    steps = Steps(site)
    for number in range(1, 1000):
        for folder in ('public', '.feedd'):
            shutil.rmtree(site.path(folder), ignore_errors=True)
        steps.kill_at(number)
        if site.run('--once', env=steps.env).status == DONE:
            break
        site.run('--once').expect(DONE)
        equal(len(ids(site)), 5)


@test('a copy with the id of its original is an article of its own when the id is taken out')
def copied_id(site):
    site.settings(SETTINGS + FEEDS)
    site.article('a.md', id='"urn:x:1"')
    site.article('b.md', id='"urn:x:1"')
    daemon = site.daemon()
    equal(len(ids(site)), 1)
    site.article('b.md')
    daemon.until(lambda: len(ids(site)) == 2, 'both', 5)


@test('an article moves, and another comes under its old name at once')
def moved_and_new(site):
    site.settings(SETTINGS + FEEDS)
    site.article('old.md', 'The words of the first article, which moves.\n')
    daemon = site.daemon()
    before = ids(site)
    os.rename(site.path('content/old.md'), site.path('content/new.md'))
    site.article('old.markdown', 'Another text that has nothing to do with it.\n', title='"Another"')
    daemon.until(lambda: 'Another' in site.items(), 'the second article', 5)
    pause(daemon, 1.5)
    equal([len(ids(site)), before[0] in ids(site)], [2, True])


@test('a deletion that takes a while is one: it is held back')
def slow_deletion(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 40)
    daemon = site.daemon()
    for i in range(40):
        os.unlink(site.path(f'content/posts/a{i}.md'))
        time.sleep(0.015)
    daemon.until(lambda: daemon.log(HELD), 'held back', 10)
    pause(daemon, 2)
    equal(len(ids(site)), 40)


@test('what is held back stays so, whatever else happens')
def stays_held(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 10)
    daemon = site.daemon()
    shutil.move(site.path('content/posts'), site.path('away'))
    daemon.until(lambda: daemon.log(HELD), 'held back', 10)
    daemon.signal(signal.SIGUSR1)
    pause(daemon, 2.5)
    site.article('fresh.md')
    pause(daemon, 2.5)
    equal(len(daemon.log(HELD)), 1, 'said')
    equal(daemon.log('nothing is held back'), [])
    equal(len(ids(site)), 10)
    equal(builds(daemon, 2.5), 0, 'builds while nothing happens')
    before = len(daemon.log('ready: '))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.log('ready: ')) > before, 'the reload', 10)
    contains(daemon.log('ready: ')[-1], 'a build is held back')
    equal(daemon.log('nothing is held back'), [])
    equal(len(ids(site)), 10)
    shutil.move(site.path('away'), site.path('content/posts'))
    daemon.until(lambda: len(ids(site)) == 11, 'all are back', 10)
    pause(daemon, 2)
    equal(len(ids(site)), 11)


def uncached(site):
    """A daemon that finds six articles published, and has rendered none of them itself."""
    site.settings(SETTINGS + FEEDS)
    articles(site, 6)
    site.run('--once').expect(DONE)
    return site.daemon()


@test('a deletion is held, though nothing of the article is in the cache')
def held_uncached(site):
    daemon = uncached(site)
    name = 'content/posts/a1.md'
    text, before = site.read(name), ids(site)
    os.unlink(site.path(name))
    site.article('fresh.md')
    pause(daemon, 0.6)
    equal([known for known in before if known not in ids(site)], [], 'gone from the feed')
    site.write(name, text)
    daemon.until(lambda: len(ids(site)) == 7, 'the new one', 3)
    pause(daemon, 1.5)
    equal(len(ids(site)), 7)
    os.unlink(site.path(name))
    daemon.until(lambda: len(ids(site)) == 6, 'deleted for good', 5)


@test('nothing in the cache: many deletions and a save are held back')
def guard_uncached(site):
    daemon = uncached(site)
    for i in range(5):
        os.unlink(site.path(f'content/posts/a{i}.md'))
    site.article('fresh.md')
    daemon.until(lambda: daemon.log(HELD), 'held back', 10)
    pause(daemon, 2.5)
    equal(len(ids(site)), 6)
    daemon.signal(signal.SIGHUP)        # another cache
    pause(daemon, 2.5)
    site.article('fresher.md')
    pause(daemon, 3.5)
    equal(len(ids(site)), 6, 'after a reload')
    equal(builds(daemon, 2.5), 0, 'builds while nothing happens')


@test('feedd --force lets go what a daemon holds back')
def force_daemon(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 10)
    site.article('fresh.md')
    daemon = site.daemon()
    shutil.rmtree(site.path('content/posts'))
    daemon.until(lambda: daemon.log(HELD), 'held back', 10)
    site.run('--force').expect(DONE)
    daemon.until(lambda: len(ids(site)) == 1, 'published', 10)
    pause(daemon, 2)
    equal(len(daemon.log(HELD)), 1, 'said')


@test('settings that change while all is held back change the articles later')
def held_settings(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 6)
    site.run('--once').expect(DONE)
    os.rename(site.path('content/posts'), site.path('away'))
    site.settings(SETTINGS + '[content]\npermalink = "/x/:slug/"\n' + FEEDS)
    site.run('--once').expect(IO, HELD)
    os.rename(site.path('away'), site.path('content/posts'))
    site.run('--once').expect(DONE)
    equal([item['url'] for item in site.items().values() if '/x/' not in item['url']], [])


@test('a root that cannot be read makes nobody busy')
def unreadable_root(site):
    need_root()
    site.settings(SETTINGS + FEEDS)
    articles(site, 2)
    site.open_to_nobody()
    daemon = site.daemon(nobody=True)
    before = site.read('public/feed.json')
    os.chmod(site.path('content'), 0)
    daemon.signal(signal.SIGUSR1)
    true(builds(daemon, 3) < 9, 'few builds')
    equal(site.read('public/feed.json'), before)
    os.chmod(site.path('content'), 0o755)
    site.article('posts/late.md')
    daemon.until(lambda: len(ids(site)) == 3, 'it works again', 10)


@test('an empty feed that cannot be removed makes nobody busy')
def removal_fails(site):
    need_root()
    clock = Clock(site)
    site.settings(SETTINGS + '[output]\nkeep_empty = 1\n' + FEEDS
                  + '[[feed]]\nby = "tag"\njson = "tags/:tag.json"\n')
    site.article('one.md', tags='[x]')
    site.open_to_nobody()
    daemon = site.daemon(nobody=True, env=clock.env)
    site.article('one.md')
    daemon.until(lambda: not site.items('public/tags/x.json'), 'an empty feed', 5)
    os.chmod(site.path('public/tags'), 0o555)
    clock.step(2 * 86400)
    daemon.until(lambda: daemon.log('could not be removed'), 'said', 5)
    true(builds(daemon, 3) < 9, 'few builds')
    os.chmod(site.path('public/tags'), 0o755)
    daemon.until(lambda: not os.path.exists(site.path('public/tags/x.json')), 'removed', 20)
    daemon.until(lambda: daemon.log('1 document removed'), 'said', 5)


@test('an article that comes back has its id, and is not said to be new')
def comes_back(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 2)
    daemon = site.daemon()
    before = ids(site)
    os.rename(site.path('content/posts/a0.md'), site.path('a0.md'))
    daemon.until(lambda: len(ids(site)) == 1, 'gone', 5)
    os.rename(site.path('a0.md'), site.path('content/posts/a0.md'))
    daemon.until(lambda: ids(site) == before, 'back', 5)
    site.article('posts/late.md')
    daemon.until(lambda: daemon.log('1 new ("Title of posts/late.md")'), 'said', 5)
    equal(len(daemon.log(' new (')), 1)


@test('an output folder that is made anew gets its feeds')
def new_output(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 3)
    daemon = site.daemon()
    shutil.rmtree(site.path('public'))
    os.mkdir(site.path('public'))
    site.article('late.md')
    daemon.until(lambda: len(ids(site)) == 4, 'the feed', 5)
    os.rename(site.path('public'), site.path('public.old'))
    site.article('later.md')
    daemon.until(lambda: len(ids(site)) == 5, 'the feed', 5)


@test('an output folder that is made anew inside the content is no content')
def new_output_inside(site):
    site.settings(SETTINGS + '[content]\ndir = "content"\n[output]\ndir = "content/public"\n' + FEEDS)
    articles(site, 3)
    daemon = site.daemon()
    shutil.rmtree(site.path('content/public'))
    site.write('content/public/page.html', '<html><title>Page</title><body><p>A page of text.</p></body></html>')
    pause(daemon, 2)
    site.article('late.md')
    daemon.until(lambda: len(site.items('content/public/feed.json')) == 4, 'the feed', 5)
    lacks(list(site.items('content/public/feed.json')), 'Page')


@test('a content folder behind a symlink that leads elsewhere now is found')
def other_release(site):
    site.settings(SETTINGS + '[content]\ndir = "now"\n' + FEEDS)
    articles(site, 3)
    shutil.copytree(site.path('content'), site.path('second'))
    os.symlink('content', site.path('now'))
    daemon = site.daemon()
    os.symlink('second', site.path('next'))
    os.rename(site.path('next'), site.path('now'))
    site.write('second/late.md', '---\ntitle: Late\ndate: 2024-01-01\n---\nText.\n')
    daemon.signal(signal.SIGUSR1)
    daemon.until(lambda: 'Late' in site.items(), 'the new release', 10)


@test('a link that finds its article is mended in every feed')
def dangling(site):
    site.settings(SETTINGS + FEEDS + '[[feed]]\nby = "tag"\njson = "tags/:tag.json"\n')
    site.article('a.md', 'See [[Bee]].\n', tags='[x]')
    daemon = site.daemon()
    site.article('bee.md', title='"Bee"')
    daemon.until(lambda: b'https://test.example/bee/' in site.read('public/feed.json'), 'in main', 5)
    daemon.until(lambda: b'https://test.example/bee/' in site.read('public/tags/x.json'), 'in the tag', 5)


@test('a slow writer is waited for across a reload')
def slow_reload(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 1)
    daemon = site.daemon()
    with open(site.path('content/slow.md'), 'w', encoding='utf-8') as file:
        file.write('---\ntitle: Slow\ndate: 2024-01-01\n---\nHalf.')
        file.flush()
        pause(daemon, 0.3)
        daemon.signal(signal.SIGHUP)
        pause(daemon, 1)
        lacks(list(site.items()), 'Slow')
        file.write(' Whole.\n')
    daemon.until(lambda: 'Slow' in site.items(), 'the article', 10)


@test('a folder that may be read again has its articles at once')
def closed_folder(site):
    need_root()
    site.settings(SETTINGS + FEEDS)
    articles(site, 2)
    site.article('one.md')
    site.open_to_nobody()
    daemon = site.daemon(nobody=True)
    before = ids(site)
    os.chmod(site.path('content/posts'), 0)
    daemon.signal(signal.SIGUSR1)
    daemon.until(lambda: len(ids(site)) == 1, 'they are gone', 10)
    os.chmod(site.path('content/posts'), 0o755)
    daemon.until(lambda: ids(site) == before, 'they are back', 5)


@test('a reload that names a state which another holds changes nothing')
def held_state(site):
    site.settings(SETTINGS + FEEDS)
    site.article('a.md')
    daemon = site.daemon()
    os.mkdir(site.path('other'), 0o700)
    with open(site.path('other/lock'), 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        site.settings(SETTINGS + '[state]\ndir = "other"\n' + FEEDS)
        daemon.signal(signal.SIGHUP)
        daemon.until(lambda: daemon.log('stay as they were'), 'refused', 10)
        site.article('b.md')
        daemon.until(lambda: len(ids(site)) == 2, 'the old settings hold', 10)
    site.settings(SETTINGS + '[state]\ndir = "./.feedd"\n' + FEEDS)
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: daemon.log('loaded again'), 'the same state by another name', 10)
    site.article('c.md')
    daemon.until(lambda: len(ids(site)) == 3, 'it goes on', 10)


@test('a feed that fails while another one does is named, too')
def fails_too(site):
    site.settings(SETTINGS + FEEDS + '[[feed]]\nby = "tag"\njson = "tags/:tag.json"\n')
    site.article('a.md', tags='[x]')
    daemon = site.daemon()
    for name in ('tags/x.json', 'feed.json'):
        os.unlink(site.path(f'public/{name}'))
        os.mkdir(site.path(f'public/{name}'))
        site.article('a.md', f'Words for {name}.\n', tags='[x]')
        daemon.until(lambda: daemon.log(f'{name}: '), f'{name} is named', 10)
    pause(daemon, 2.5)
    equal(len(daemon.log('error')), 2, 'said once each')


@test('the status counts all feeds, not those of the last build')
def status_feeds(site):
    site.settings(SETTINGS + FEEDS + '[[feed]]\nby = "tag"\njson = "tags/:tag.json"\n')
    site.article('a.md', tags='[x]')
    site.article('b.md', tags='[y]')
    daemon = site.daemon()
    site.article('b.md', 'Other words.\n', tags='[y]')
    daemon.until(lambda: b'Other words' in site.read('public/feed.json'), 'the edit', 10)
    daemon.until(lambda: len(daemon.told('STATUS=')) > 1, 'the status', 10)
    equal(daemon.told('STATUS=')[-1], 'STATUS=2 articles: 2 public; 3 feeds')


@test('an empty file with a time to come is not looked at every two seconds')
def empty_future(site):
    site.settings(SETTINGS + FEEDS)
    site.article('a.md')
    daemon = site.daemon()
    path = site.write('content/empty.md', '')
    os.utime(path, (time.time() + 1e6, time.time() + 1e6))
    pause(daemon, 3)
    equal(builds(daemon, 5), 0)


def words(n):
    return f'The words of article {n}, which has {n} of them and more, and no other has.\n'


def titles(site):
    return {item['id']: item['title'] for item in site.items().values()}


@test('two articles swap their names: the ids go with them')
def swap(site):
    site.settings(SETTINGS + FEEDS)
    for i in range(4):
        site.article(f'a{i}.md', words(i), title=f'Title {i}', date=f'2024-01-0{i + 1}')
    daemon = site.daemon()
    before = titles(site)
    os.rename(site.path('content/a0.md'), site.path('content/.swap'))
    os.rename(site.path('content/a1.md'), site.path('content/a0.md'))
    os.rename(site.path('content/.swap'), site.path('content/a1.md'))
    daemon.until(lambda: site.items()['Title 0']['url'].endswith('/a1/'), 'the swap', 5)
    equal(titles(site), before)
    daemon.stop()


@test('a row of names moves up by one: the ids go with the articles')
def chain(site):
    site.settings(SETTINGS + FEEDS)
    for i in range(7):
        site.article(f'part-{i}.md', words(i), title=f'Title {i}', date=f'2024-01-0{i + 1}')
    site.run('--once').expect(DONE)
    before = titles(site)
    for i in reversed(range(7)):
        os.rename(site.path(f'content/part-{i}.md'), site.path(f'content/part-{i + 1}.md'))
    site.article('part-0.md', 'A preface that is new.\n', title='Preface', date='2024-02-01')
    site.run('--once').expect(DONE)
    after = titles(site)
    equal({key: after.get(key) for key in before}, before)
    equal(len(after), 8)


@test('an article moves, and another comes to its very path at once')
def moved_and_replaced(site):
    site.settings(SETTINGS + FEEDS)
    for i in range(3):
        site.article(f'a{i}.md', words(i), title=f'Title {i}', date=f'2024-01-0{i + 1}')
    site.run('--once').expect(DONE)
    before = titles(site)
    os.rename(site.path('content/a1.md'), site.path('content/older.md'))
    site.article('a1.md', 'Something else, and all new.\n', title='Another', date='2024-03-01')
    site.run('--once').expect(DONE)
    after = titles(site)
    equal({key: after.get(key) for key in before}, before)
    equal(len(after), 4)


@test('a copy is made before an edit: the id stays with the edited one')
def backup(site):
    site.settings(SETTINGS + FEEDS)
    for i in range(3):
        site.article(f'a{i}.md', words(i), title=f'Title {i}', date=f'2024-01-0{i + 1}')
    site.article('copy.md', 'An old copy.\n', title='Copy', date='2024-01-09')
    site.run('--once').expect(DONE)
    before = {item['url']: item['id'] for item in site.items().values()}
    shutil.copy(site.path('content/a1.md'), site.path('content/copy.md'))
    site.article('a1.md', words(1) + 'And more.\n', title='Title 1, again', date='2024-01-02')
    site.run('--once').expect(DONE)
    equal({item['url']: item['id'] for item in site.items().values()}, before)


@test('an article that replaces another takes the place, and the id, of that one')
def replaced(site):
    site.settings(SETTINGS + FEEDS)
    for i in range(3):
        site.article(f'a{i}.md', words(i), title=f'Title {i}', date=f'2024-01-0{i + 1}')
    site.article('next.md', words(9), title='Title 1', date='2024-01-02', draft='true')
    site.run('--once').expect(DONE)
    before = ids(site)
    site.article('next.md', words(9), title='Title 1', date='2024-01-02')
    os.rename(site.path('content/next.md'), site.path('content/a1.md'))
    site.run('--once').expect(DONE)
    equal(ids(site), before)


def damage(path):
    """The pages in the middle are garbage; what says which file this is stays."""
    size = os.path.getsize(path)
    with open(path, 'r+b') as file:
        file.seek(size // 3 // 4096 * 4096)
        file.write(os.urandom(size // 3))


@test('a state that is damaged inside is set aside, and no byte of the feeds changes')
def damaged_inside(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 200)
    site.run('--once').expect(DONE)
    before = site.stamps()
    damage(site.path('.feedd/state.db'))
    site.run('--once').expect(DONE, 'state.db.damaged')
    equal(site.stamps(), before)
    lacks(site.run('--once').err, 'damaged')


def state_goes(site, go):
    """`go` does something to the state of a running daemon, which writes another."""
    site.settings(SETTINGS + FEEDS + '[metrics]\nfile = "feedd.prom"\n')
    articles(site, 30)
    daemon = site.daemon()
    os.rename(site.path('content/posts/a3.md'), site.path('content/posts/moved.md'))
    daemon.until(lambda: any(item['url'].endswith('/moved/') for item in site.items().values()),
                 'the move', 5)
    before = ids(site)
    go(site.path('.feedd'))
    site.article('fresh.md')
    daemon.until(lambda: len(ids(site)) == 31 and daemon.log('written anew'), 'another state', 5)
    site.run('--once').expect(LOCKED, str(daemon.process.pid))
    contains(site.run('--status').out, '31 public')
    daemon.stop()
    shutil.rmtree(site.path('public'))      # so that ids can come from the state alone
    site.run('--once').expect(DONE)
    equal([i for i in before if i not in ids(site)], [])


@test('a state that is deleted under the daemon is written anew')
def deleted_state(site):
    def delete(folder):
        for name in ('state.db', 'state.db-wal', 'state.db-shm'):
            os.unlink(f'{folder}/{name}')
    state_goes(site, delete)


@test('so is one that is emptied')
def emptied_state(site):
    state_goes(site, lambda folder: os.truncate(f'{folder}/state.db', 0))


@test('so is one that loses its log, which has all that was committed last')
def logless_state(site):
    state_goes(site, lambda folder: os.unlink(f'{folder}/state.db-wal'))


@test('so is one whose folder is deleted; the new one is locked')
def deleted_folder(site):
    state_goes(site, shutil.rmtree)


@test('so is one whose folder is moved away')
def moved_folder(site):
    state_goes(site, lambda folder: os.rename(folder, folder + '.old'))
    true(os.path.exists(site.path('.feedd.old/state.db')), 'the old one went, too')


@test('ids of an old feed that wait for their articles are in the new state, too')
def deleted_waiting(site):
    site.settings(SETTINGS + FEEDS)
    articles(site, 3)
    site.write('old.xml', '<rss version="2.0"><channel><title>T</title><link>https://test.example/</link>'
               '<description>D</description><item><title>Late</title>'
               '<link>https://test.example/late/</link><guid>old-late</guid></item></channel></rss>')
    site.run('--adopt', 'old.xml').expect(DONE)
    daemon = site.daemon()
    shutil.rmtree(site.path('.feedd'))
    site.article('fresh.md')
    daemon.until(lambda: daemon.log('written anew'), 'another state', 10)
    daemon.stop()
    daemon = site.daemon()
    site.article('late.md', title='Late')
    daemon.until(lambda: 'Late' in site.items(), 'the article', 10)
    equal(site.items()['Late']['id'], 'old-late')


@test('a state whose folder cannot be made again is an error, said once, until it can')
def folder_in_the_way(site):
    site.settings(SETTINGS + FEEDS + '[metrics]\nfile = "feedd.prom"\n')
    articles(site, 3)
    daemon = site.daemon()
    shutil.rmtree(site.path('.feedd'))
    site.write('.feedd', 'no folder\n')
    before = site.stamps()
    for i in range(4):
        site.article(f'fresh{i}.md')
        daemon.hold_on(0.5)
    equal(site.stamps(), before)
    equal(len(daemon.log('error: ')), 1)
    os.unlink(site.path('.feedd'))
    daemon.signal(signal.SIGUSR1)
    daemon.until(lambda: len(ids(site)) == 7 and os.path.exists(site.path('.feedd/state.db')),
                 'another state', 10)
    daemon.stop()


run_all()
