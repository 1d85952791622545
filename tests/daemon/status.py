#!/usr/bin/python3
"""--status: what it says of a state, beside a feedd that runs or none; its exit status."""
import contextlib
import fcntl
import json
import os
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, IO, USAGE, contains, equal, lacks, run_all, test)    # noqa: E402

NEEDED = 1
SETTINGS = '''[site]
title = "Test"
url = "https://test.example/"
[state]
dir = "memory"
'''
# As daemon/state_sql.c makes them.
TABLES = '''
CREATE TABLE article(path TEXT PRIMARY KEY, size INT NOT NULL, mtime_ns INT NOT NULL,
 ctime_ns INT NOT NULL, inode INT NOT NULL, digest BLOB NOT NULL, written BLOB NOT NULL,
 sketch INT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL,
 section TEXT NOT NULL, lang TEXT NOT NULL, tags TEXT NOT NULL, categories TEXT NOT NULL,
 authors TEXT NOT NULL, published INT NOT NULL, updated INT NOT NULL, expires INT NOT NULL,
 first_seen INT NOT NULL, flags INT NOT NULL, visible INT NOT NULL, gone INT NOT NULL)
 WITHOUT ROWID;
CREATE TABLE document(path TEXT PRIMARY KEY, feed TEXT NOT NULL, value TEXT NOT NULL,
 format TEXT NOT NULL, digest BLOB NOT NULL, recipe BLOB NOT NULL, size INT NOT NULL,
 mtime_ns INT NOT NULL, inode INT NOT NULL, entries INT NOT NULL, changed INT NOT NULL,
 empty_since INT NOT NULL) WITHOUT ROWID;
CREATE TABLE problem(path TEXT PRIMARY KEY, line INT NOT NULL, column_ INT NOT NULL,
 text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE fault(key TEXT PRIMARY KEY, text TEXT NOT NULL, since INT NOT NULL) WITHOUT ROWID;
CREATE TABLE adopted(id TEXT PRIMARY KEY, url TEXT NOT NULL, title TEXT NOT NULL,
 published INT NOT NULL, updated INT NOT NULL, used INT NOT NULL);
CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE target(key TEXT PRIMARY KEY, known INT NOT NULL, parked INT NOT NULL,
 last_sent INT NOT NULL, last_told INT NOT NULL, last_status INT NOT NULL,
 last_answer TEXT NOT NULL, failures INT NOT NULL, held INT NOT NULL, absent INT NOT NULL)
 WITHOUT ROWID;
CREATE TABLE ping(target TEXT NOT NULL, topic TEXT NOT NULL, entry INT NOT NULL,
 wanted BLOB NOT NULL, told BLOB NOT NULL, given_up BLOB NOT NULL, attempts INT NOT NULL,
 since INT NOT NULL, next_try INT NOT NULL, last_try INT NOT NULL, last_told INT NOT NULL,
 last_status INT NOT NULL, last_answer TEXT NOT NULL, url TEXT NOT NULL, id TEXT NOT NULL,
 title TEXT NOT NULL, link TEXT NOT NULL, feed TEXT NOT NULL, format TEXT NOT NULL,
 published INT NOT NULL, updated INT NOT NULL, PRIMARY KEY(target, topic)) WITHOUT ROWID;
CREATE TABLE event(number INTEGER PRIMARY KEY AUTOINCREMENT, before BLOB NOT NULL,
 after BLOB NOT NULL, path TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,
 url TEXT NOT NULL, old_url TEXT NOT NULL, feeds TEXT NOT NULL, published INT NOT NULL,
 updated INT NOT NULL, when_ INT NOT NULL);
ALTER TABLE target ADD COLUMN rests INT NOT NULL DEFAULT 0;
PRAGMA user_version = 3;
'''
DRAFT = 1


@contextlib.contextmanager
def state(site):
    """The open state of a site whose settings name it; made when it is not there."""
    site.settings(SETTINGS)
    os.makedirs(site.path('memory'), exist_ok=True)
    with contextlib.closing(sqlite3.connect(site.path('memory/state.db'))) as db:
        if db.execute('PRAGMA user_version').fetchone() == (0,):
            db.execute('PRAGMA journal_mode = WAL')
            db.executescript(TABLES)
        yield db
        db.commit()


def put_article(db, path, published, flags=0):
    db.execute('INSERT INTO article VALUES(?,0,0,0,0,?,?,0,?,?,?,?,?,?,?,?,?,?,0,0,?,1,0)',
               (path, bytes(16), bytes(16), path, 'https://test.example/', f'Title of {path}',
                '', '', '', '', '', published, published, flags))


def put_document(db, path, feed, entries):
    db.execute('INSERT INTO document VALUES(?,?,?,?,?,?,?,0,0,?,?,0)',
               (path, feed, '', 'atom', bytes(32), bytes(32), 1000, entries, 1704164645))


def fill(site):
    with state(site) as db:
        put_article(db, 'a.md', 1704164645)
        put_article(db, 'b.md', 1704164645, DRAFT)
        put_article(db, 'far.md', 32503680000)
        put_document(db, 'atom.xml', 'main', 1)
        db.executemany('INSERT INTO meta VALUES(?,?)', [
            ('watch_mode', 'poll'), ('build_at', 1704164645), ('build_ms', 14),
            ('build_changed', 3), ('started_at', 1704160000)])


@test('--status: no state is no fault, and none is made')
def none(site):
    contains(site.run('--status').expect(DONE).out, 'has not run here yet')
    found = json.loads(site.run('--status', '--json').expect(DONE).out)
    equal((found['known'], found['running'], found['needs_person']), (False, False, False))
    equal(sorted(os.listdir(site.root)), ['content', 'feedd.toml'])


@test('--status: articles, documents and the last build; the state is only read')
def told(site):
    fill(site)
    before = site.stamps('memory')
    run = site.run('--status').expect(DONE)
    equal(run.err, '')
    contains(run.out, 'feedd does not run\n',
             'last build: 2024-01-02T03:04:05Z, in 14 ms, 3 documents written\n',
             '3 articles: 1 public, 1 draft, 1 scheduled\n',
             'scheduled for 3000-01-01T00:00:00Z: far.md ("Title of far.md")\n',
             'main: atom.xml: 1 entry, 1000 bytes, changed 2024-01-02T03:04:05Z\n')
    equal(site.stamps('memory'), before)


@test('--status --json is one JSON document with the same facts')
def told_json(site):
    fill(site)
    found = json.loads(site.run('--status', '--json').expect(DONE).out)
    equal(found['articles'], {'public': 1, 'draft': 1, 'scheduled': 1, 'expired': 0,
                              'excluded': 0, 'undated': 0, 'skipped': 0})
    equal(found['scheduled'], [{'path': 'far.md', 'title': 'Title of far.md',
                                'published': '3000-01-01T00:00:00Z'}])
    equal(found['last_build'], {'at': '2024-01-02T03:04:05Z', 'milliseconds': 14, 'written': 3})
    equal(found['documents'], [{'path': 'atom.xml', 'feed': 'main', 'format': 'atom',
                                'entries': 1, 'bytes': 1000,
                                'changed': '2024-01-02T03:04:05Z'}])
    equal((found['skipped'], found['faults']), ([], []))
    lacks(found, 'pid', 'held_back')


@test('--status: a fault ends with status 1, a skipped article only when --strict')
def faults(site):
    fill(site)
    with state(site) as db:
        db.execute("INSERT INTO problem VALUES('x.md', 3, 1, 'front matter: no end')")
    contains(site.run('--status').expect(DONE).out, '1 skipped\n',
             'skipped: x.md:3:1: front matter: no end\n')
    site.run('--status', '--strict').expect(NEEDED)
    with state(site) as db:
        db.execute("INSERT INTO fault VALUES('output', 'No space left on device', 1704164645)")
    contains(site.run('--status').expect(NEEDED).out,
             'fault since 2024-01-02T03:04:05Z: output: No space left on device\n')
    equal(json.loads(site.run('--status', '--json').expect(NEEDED).out)['needs_person'], True)
    with state(site) as db:
        db.execute('DELETE FROM fault')
        db.execute("INSERT INTO meta VALUES('held_back', '30 of 40 ids')")
    contains(site.run('--status').expect(NEEDED).out, 'held back', '30 of 40 ids')


PINGS = SETTINGS + '''[[ping]]
protocol = "websub"
name = "hub"
url = "https://hub.test.example/?key=secret"
[[ping]]
protocol = "websub"
url = "https://new.test.example/"
'''
HUB = 'websub https://hub.test.example/?key=secret'


def put(db, table, **row):
    """A row of which only some columns matter."""
    for _, name, kind, *_ in db.execute(f'PRAGMA table_info({table})').fetchall():
        row.setdefault(name, {'TEXT': '', 'BLOB': bytes(32)}.get(kind, 0))
    db.execute(f'INSERT INTO {table}({",".join(row)}) VALUES({",".join("?" * len(row))})',
               list(row.values()))


@test('--status: targets of pings, what is due to them and why; nothing of them is secret')
def pings(site):
    fill(site)
    with state(site) as db:
        put(db, 'target', key=HUB, known=1, last_told=1704164600, last_status=503,
            last_answer='503: full\n')
        put(db, 'ping', target=HUB, topic='https://test.example/a.xml', wanted=bytes([1] * 32),
            attempts=2, since=1704164645, next_try=32503680000, last_answer='503: full\n')
        put(db, 'ping', target='websub https://gone.test.example/', topic='x', since=1)
    site.settings(PINGS)
    out = site.run('--status').expect(DONE).out
    contains(out, '2 targets of pings\n',
             '  hub (websub https://hub.test.example/?...): last told 2024-01-02T03:03:20Z, 1 due, '
             'next try 3000-01-01T00:00:00Z; last answer: 503: full\\x0a\n',
             '    due since 2024-01-02T03:04:05Z: https://test.example/a.xml; 2 tries failed; '
             'next try 3000-01-01T00:00:00Z; last answer: 503: full\\x0a\n',
             '  new.test.example (websub https://new.test.example/): not started yet, 0 due\n')
    text = site.run('--status', '--json').expect(DONE).out
    lacks(out + text, 'secret')
    equal(json.loads(text)['targets'], [
        {'name': 'hub', 'protocol': 'websub', 'url': 'https://hub.test.example/?...',
         'last_told': '2024-01-02T03:03:20Z', 'last_status': 503, 'last_answer': '503: full\n',
         'due': 1, 'given_up': 0, 'next_try': '3000-01-01T00:00:00Z',
         'oldest_due': [{'topic': 'https://test.example/a.xml', 'since': '2024-01-02T03:04:05Z',
                         'failures': 2, 'next_try': '3000-01-01T00:00:00Z',
                         'last_answer': '503: full\n'}]},
        {'name': 'new.test.example', 'protocol': 'websub', 'url': 'https://new.test.example/',
         'due': 0, 'given_up': 0, 'oldest_due': []}])


@test('--status: a target that is parked, or that gave up a feed, waits for a person')
def pings_need_person(site):
    fill(site)
    with state(site) as db:
        put(db, 'target', key=HUB, known=1, parked=1704164645, last_answer='410: Gone')
    site.settings(PINGS)
    contains(site.run('--status').expect(NEEDED).out,
             'it has not wanted to hear anything since 2024-01-02T03:04:05Z', '--ping-now hub\n')
    with state(site) as db:
        db.execute('UPDATE target SET parked = 0')
        put(db, 'ping', target=HUB, topic='https://test.example/a.xml', wanted=bytes([1] * 32),
            given_up=bytes([1] * 32))
    site.settings(PINGS)
    contains(site.run('--status').expect(NEEDED).out, '0 due, 1 given up until the next change')


@test('--status: an article that has the id of another is skipped, and counts once')
def conflict(site):
    site.settings(SETTINGS)
    site.article('a.md', id='urn:x:1')
    site.article('b.md', id='urn:x:1')
    contains(site.run('--once').expect(DONE).err, '2 articles: 1 public, 1 skipped\n')
    contains(site.run('--status').expect(DONE).out, '2 articles: 1 public, 1 skipped\n',
             'skipped: b.md: its id is that of a.md')


@test('--status: beside a holder of the lock it names it, and reads what was committed last')
def beside(site):
    fill(site)
    with open(site.path('memory/lock'), 'w', encoding='ascii') as lock, state(site) as db:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write('4711\n')
        lock.flush()
        put_article(db, 'c.md', 1704164645)
        db.commit()
        put_article(db, 'd.md', 1704164645)
        run = site.run('--status').expect(DONE)
        contains(run.out, 'feedd runs, process 4711, since 2024-01-02T01:46:40Z; '
                 'watches by poll\n', '2 public')
        found = json.loads(site.run('--status', '--json').expect(DONE).out)
        equal((found['running'], found['pid'], found['watch_mode']), (True, 4711, 'poll'))


@test('--status: names in a state cannot forge a line')
def forged(site):
    with state(site) as db:
        db.execute('INSERT INTO problem VALUES(?, 0, 0, ?)', ('a\nfault: b', 'c\x1b[31m\nd'))
    run = site.run('--status').expect(DONE)
    contains(run.out, 'skipped: a\\x0afault: b: c\\x1b[31m\\x0ad\n')


@test('--status: a state that is damaged, or of a newer feedd, or closed to us is said')
def unreadable(site):
    fill(site)
    with state(site) as db:
        db.execute('PRAGMA user_version = 99')
    site.run('--status').expect(IO, 'newer feedd')
    site.write('memory/state.db', 'no database ' * 100)
    site.run('--status').expect(IO, 'damaged', 'memory/state.db')
    os.chmod(site.path('memory'), 0)
    site.run('--status', nobody=True).expect(IO, 'memory', 'Permission denied; run this as the user')


@test('--status: $STATE_DIRECTORY names the state unless the settings do')
def from_systemd(site):
    fill(site)
    site.settings(SETTINGS.replace('[state]\ndir = "memory"\n', ''))
    run = site.run('--status', env={'STATE_DIRECTORY': site.path('memory')}).expect(DONE)
    contains(run.out, '1 public')


@test('--status and --check do not go together')
def one_command(site):
    site.run('--status', '--check').expect(USAGE, 'one command at a time')


run_all()
