#!/usr/bin/python3
"""The daemon as a service: one at a time, reloads, a damaged state, the journal, metrics."""
import os
import re
import signal
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from aggregator import Aggregator     # noqa: E402
from case import (DONE, LOCKED, SETTINGS, Daemon, contains, equal, lacks, run_all,     # noqa: E402
                  test, true)

FEEDS = '[[feed]]\nname = "main"\njson = "feed.json"\n'
OTHER = '[[feed]]\nname = "other"\njson = "other.json"\n'


def started(site, *args, **more):
    site.settings(SETTINGS + FEEDS)
    for i in range(5):
        site.article(f'a{i}.md', f'Text {i}.\n')
    return site.daemon(*args, **more)


def reload(site, daemon, settings):
    """SIGHUP with other settings, up to the word that it is through."""
    site.settings(settings)
    before = len(daemon.told('READY=1'))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.told('READY=1')) > before, 'READY=1 after the reload')


# ---- one at a time ----

@test('a second daemon, or --once: 75, and the process that is there; it goes on')
def second(site):
    daemon = started(site)
    before = site.stamps()
    other = site.daemon(ready=False)
    equal(other.wait(20), LOCKED)
    said = other.log('error: ')
    equal(len(said), 1, str(said))
    contains(said[0], f'another feedd, process {daemon.process.pid}, holds the state')
    equal(other.told('READY=1'), [])
    site.run('--once').expect(LOCKED, f'process {daemon.process.pid}')
    equal(site.stamps(), before)
    daemon.at_rest()
    daemon.stop()
    site.run('--once').expect(DONE)


@test('the lock of one that was killed is free at once')
def killed(site):
    started(site).kill()
    site.daemon().stop()


@test('--check and --status go on beside a daemon')
def beside(site):
    daemon = started(site)
    site.run('--check').expect(DONE)
    contains(site.run('--status').expect(DONE).out, f'feedd runs, process {daemon.process.pid}')
    daemon.stop()
    contains(site.run('--status').expect(DONE).out, 'feedd does not run')


# ---- reloads ----

@test('SIGHUP with broken settings: they are named, and all stays as it was')
def broken(site):
    daemon = started(site)
    before = site.stamps()
    reload(site, daemon, SETTINGS.replace('title', 'titel') + FEEDS + 'limit = "x"\n')
    contains('\n'.join(daemon.log('error: ')), 'feedd.toml:2:1: ', 'feedd.toml:8:9: ',
             'the settings stay as they were')
    true(any('RELOADING=1' in line for line in daemon.heard), 'RELOADING=1 was not told')
    equal(site.stamps(), before)
    daemon.at_rest()
    for text in ('', '[site\n', SETTINGS + '[content]\ndir = "nowhere"\n' + FEEDS,
                 SETTINGS + 'timezone = "Europe/Nowhere"\n' + FEEDS):
        reload(site, daemon, text)
        daemon.at_rest()
    os.unlink(site.path('feedd.toml'))
    reload_missing(daemon)
    daemon.at_rest()
    reload(site, daemon, SETTINGS.replace('"Test"', '"Mended"') + FEEDS)
    daemon.until(lambda: b'"Mended"' in site.read('public/feed.json'), 'the mended settings', 10)
    daemon.stop()


def reload_missing(daemon):
    before = len(daemon.told('READY=1'))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.told('READY=1')) > before, 'READY=1 after the reload')


@test('another content folder at a reload: its articles, and no more of the old one')
def other_content(site):
    daemon = started(site, '--force')
    site.write('texts/b.md', '---\ntitle: Of the other\ndate: 2024-01-01\n---\nText.\n')
    for i in range(5):      # so many stay that the guard has nothing to say
        site.write(f'texts/a{i}.md', site.read(f'content/a{i}.md'))
    ids = {title: item['id'] for title, item in site.items().items()}
    reload(site, daemon, SETTINGS + '[content]\ndir = "texts"\n' + FEEDS)
    daemon.until(lambda: 'Of the other' in site.items(), 'the other folder', 10)
    equal({title: item['id'] for title, item in site.items().items() if title in ids}, ids)
    site.article('astray.md')
    site.write('texts/c.md', '---\ntitle: Later\ndate: 2024-01-01\n---\nText.\n')
    daemon.until(lambda: 'Later' in site.items(), 'a save', 10)
    daemon.hold_on(0.5)
    lacks(list(site.items()), 'Title of astray.md')
    daemon.stop()


@test('another output folder at a reload: the feeds are there, with their ids; old ones stay')
def other_output(site):
    daemon = started(site)
    before = site.stamps()
    ids = {item['id'] for item in site.items().values()}
    reload(site, daemon, SETTINGS + '[output]\ndir = "elsewhere/feeds"\n' + FEEDS)
    daemon.until(lambda: site.items('elsewhere/feeds/feed.json'), 'the feeds', 10)
    equal({item['id'] for item in site.items('elsewhere/feeds/feed.json').values()}, ids)
    daemon.at_rest('elsewhere/feeds/feed.json')
    equal(site.stamps(), before)
    daemon.stop()


@test('another state folder at a reload: ids stay, and it is held instead of the old one')
def other_state(site):
    daemon = started(site)
    ids = {item['id'] for item in site.items().values()}
    reload(site, daemon, SETTINGS + '[state]\ndir = "memory"\n' + FEEDS)
    daemon.at_rest()
    true(os.path.exists(site.path('memory/state.db')), 'no state is there')
    true(ids < {item['id'] for item in site.items().values()}, 'ids have changed')
    site.run('--once').expect(LOCKED)
    daemon.stop()


@test('feeds that come and go at a reload: written; left as they are, and named')
def feeds(site):
    daemon = started(site)
    main = site.stamps()
    reload(site, daemon, SETTINGS + FEEDS + OTHER)
    daemon.until(lambda: len(site.items('public/other.json')) == 5, 'a new feed', 10)
    equal(site.stamps()['feed.json'], main['feed.json'])
    before = site.stamps()
    reload(site, daemon, SETTINGS + FEEDS)
    equal(len(daemon.log('public/other.json is of no feed and no page in the settings any more')), 1)
    daemon.at_rest()
    equal(site.stamps()['other.json'], before['other.json'])
    lacks(site.run('--status').expect(DONE).out, 'other.json')
    reload(site, daemon, SETTINGS + FEEDS + OTHER)
    daemon.until(lambda: 'marker' in site.items('public/other.json'), 'it is kept again', 10)
    daemon.stop()


@test('saves while a reload is under way are not lost')
def busy_reload(site):
    daemon = started(site)
    for i in range(20):
        site.settings(SETTINGS.replace('"Test"', f'"Test {i}"') + FEEDS)
        daemon.signal(signal.SIGHUP)
        site.article(f'new-{i}.md', date=f'2024-02-{i + 1:02}')
    daemon.until(lambda: {f'Title of new-{i}.md' for i in range(20)} <= site.items().keys()
                 and b'"Test 19"' in site.read('public/feed.json'), 'all of them', 20)
    daemon.stop()


# ---- a damaged state ----

DAMAGES = {
    'no database': lambda content: b'no database ' * 1000,
    'cut short': lambda content: content[:len(content) // 2],
    'a hole in its middle': lambda content: content[:4096] + bytes(8192) + content[12288:],
    'empty': lambda content: b'',
}


def add_damage(name, damage):
    def run(site):
        started(site).stop()
        site.run('--once').expect(DONE)
        before = site.stamps()
        site.write('.feedd/state.db', damage(site.read('.feedd/state.db')))
        daemon = site.daemon()
        if name != 'empty':     # as one that has not been written yet
            equal(len(daemon.log('was damaged; it is kept as state.db.damaged')), 1)
            true(os.path.exists(site.path('.feedd/state.db.damaged')), 'it is not kept')
        equal(site.stamps(), before)
        daemon.at_rest()
        daemon.stop()
        site.daemon().stop()
    run.__name__ = 'damaged_' + name.split()[0]
    test(f'a state that is {name}: set aside, and no feed changes')(run)


for damage_name, damage_of in DAMAGES.items():
    add_damage(damage_name, damage_of)


# ---- the journal ----

@test('to the journal each line begins with its priority, and elsewhere none does')
def journal(site):
    site.article('broken.md', title='[')
    path = site.write(f'.log-{Daemon.count + 1}', '')
    info = os.stat(path)
    daemon = started(site, '--verbose', env={'JOURNAL_STREAM': f'{info.st_dev}:{info.st_ino}'})
    equal(daemon.log_path, path)
    site.settings('[site]\n')
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: daemon.log('the settings stay'), 'the reload')
    daemon.stop()
    lines = daemon.log()
    equal([line for line in lines if not re.match(r'<[3467]>\S', line)], [])
    contains('\n'.join(lines), '<3>broken.md:', '<6>ready: ', '<7>', "<3>the settings stay")
    lacks('\n'.join(lines), 'error: ', '\x1b')
    site.settings(SETTINGS + FEEDS)
    for stream in ('', '1:2', 'nonsense', f'{info.st_dev}:'):
        other = site.daemon(env={'JOURNAL_STREAM': stream})
        other.stop()
        equal([line for line in other.log() if line.startswith('<')], [], stream)


# ---- metrics ----

SAMPLE = re.compile(r'([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (-?[0-9.]+)$')


def metrics(site, name='metrics/feedd.prom'):
    """The samples of the file; each must have its TYPE before it."""
    found, types = {}, set()
    text = site.read(name).decode()
    true(text.endswith('\n'), 'no line end at the end')
    for line in text.splitlines():
        if line.startswith('# TYPE '):
            true(line.split()[2] not in types, f'twice: {line}')
            types.add(line.split()[2])
        elif not line.startswith('# HELP '):
            match = SAMPLE.match(line)
            true(match and match[1] in types, f'no sample: {line}')
            found[match[1], *sorted(part for part in re.findall(r'[a-z_]+="[^"]*"', match[2])
                                    if not part.startswith('site='))] = float(match[3])
    return found


@test('the metrics are replaced as a whole after each build, and say how it is')
def metrics_file(site):
    os.mkdir(site.path('metrics'))
    site.settings(SETTINGS + '[metrics]\nfile = "metrics/feedd.prom"\n' + FEEDS)
    site.article('a.md')
    site.article('draft.md', draft='true')
    daemon = site.daemon()
    standing, entries = ('feedd_articles', 'standing="public"'), 'feedd_feed_entries'
    daemon.until(lambda: metrics(site)[standing] == 1, 'the file', 10)
    found = metrics(site)
    equal(found['feedd_articles', 'standing="draft"'], 1)
    equal(found[entries, 'feed="main"', 'format="json"'], 1)
    equal((found[('feedd_faults',)], found[('feedd_held_back',)]), (0, 0))
    equal(found[('feedd_build_documents_written',)], 1)
    true(found[('feedd_build_timestamp_seconds',)] > 1.7e9, 'no time of the build')
    with open(site.path('metrics/feedd.prom'), encoding='utf-8') as old:
        before = old.read()
        site.article('b.md')
        site.write('content/broken.md', '---\ntitle: [\n---\n')
        daemon.until(lambda: metrics(site)[standing] == 2
                     and metrics(site)['feedd_articles', 'standing="skipped"'] == 1, 'the next', 10)
        old.seek(0)
        equal(old.read(), before, 'a reader of the old one')
    equal(metrics(site)[entries, 'feed="main"', 'format="json"'], 2)
    equal(site.files('metrics'), ['feedd.prom'])
    daemon.stop()


@test('the metrics show what hubs have said without another build, and --once writes them, too')
def metrics_pings(site):
    good, gone, slow = Aggregator(site), Aggregator(site), Aggregator(site)
    gone.answer('/', {'status': 410})
    slow.answer('/', {'how': 'hang'})
    os.mkdir(site.path('metrics'))
    site.settings(SETTINGS + '[metrics]\nfile = "metrics/feedd.prom"\n' + FEEDS +
                  '[http]\nallow = ["127.0.0.0/8"]\n' +
                  ''.join(f'[[ping]]\nname = "{name}"\nprotocol = "websub"\nurl = "{hub.url}"\n'
                          for name, hub in (('good', good), ('gone', gone), ('slow', slow))))
    site.article('a.md')
    site.run('--once').expect(DONE)
    told = 'feedd_ping_last_told_timestamp_seconds', 'target="good"'
    equal(metrics(site)[told], 0)
    daemon = site.daemon()
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: metrics(site)[told] > 1.7e9 and
                 metrics(site)['feedd_ping_parked', 'target="gone"'] == 1, 'what they said', 5)
    equal(metrics(site)['feedd_ping_due', 'target="good"'], 0)
    daemon.stop()


@test('metrics that cannot be written: said once, and the feeds go on')
def metrics_fail(site):
    site.settings(SETTINGS + '[metrics]\nfile = "nowhere/feedd.prom"\n' + FEEDS)
    site.article('a.md')
    daemon = site.daemon()
    daemon.at_rest()
    daemon.at_rest()
    equal(len(daemon.log('metrics file ')), 1)
    os.mkdir(site.path('nowhere'))
    daemon.at_rest()
    daemon.until(lambda: metrics(site, 'nowhere/feedd.prom'), 'the file', 10)
    daemon.stop()


run_all()
