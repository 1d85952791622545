#!/usr/bin/python3
"""Pings, from a saved file to what a hub hears: once, in time, whatever fails."""
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from aggregator import Aggregator                                           # noqa: E402
from case import (CONFIG, DONE, IO, SANITIZED, USAGE, contains, equal, lacks, need_root,     # noqa: E402
                  run_all, skip, test, true)
from mounts import instead                                                       # noqa: E402
from preload import Clock                                                       # noqa: E402

SITE = 'https://test.example/'
ATOM = SITE + 'atom.xml'
FAST = 5 if SANITIZED else 1     # seconds


def settings(*targets, site=SITE, more='', feeds='atom = "atom.xml"'):
    """One feed, in Atom, and these [[ping]]s: texts of their keys, or hubs that are told by WebSub."""
    text = (f'[site]\ntitle = "Test"\nurl = "{site}"\nauthor = "Tess Ter"\n{more}\n'
            f'[http]\nallow = ["127.0.0.0/8"]\n[[feed]]\nname = "main"\n{feeds}\n')
    for target in targets:
        if isinstance(target, Aggregator):
            target = f'protocol = "websub"\nurl = "{target.url}"'
        text += f'[[ping]]\n{target}\n'
    return text


def published(site, word):
    return word.encode() in site.read('public/atom.xml')


def told(hub, *topics):
    equal([request.form()['hub.url'] for request in hub.requests], list(topics))


def start(site, hub, *args, **more):
    """A daemon that has had its first run: the hub knows nothing, and what comes is news."""
    site.settings(settings(hub))
    site.article('a.md', 'Old words.\n')
    return site.daemon(*args, **more)


def due(site):
    """Rows of the state that are due: (topic, attempts, status)."""
    state = sqlite3.connect(f'file:{site.path(".feedd/state.db")}?mode=ro', uri=True)
    try:
        return state.execute('SELECT topic, attempts, last_status FROM ping WHERE since != 0 '
                             'ORDER BY topic').fetchall()
    finally:
        state.close()


# ---- what is told, and when ----

@test('a saved file: the hub is asked within a second of the rename, rightly, and that is said')
def save(site):
    hub = Aggregator(site)
    daemon = start(site, hub)
    daemon.hold_on(0.3)
    site.write('new', '---\ntitle: New\ndate: 2024-02-03\n---\nNew words.\n')
    began = time.monotonic()
    os.rename(site.path('new'), site.path('content/b.md'))
    request, = hub.until(daemon, 1)
    true(request.time - began < FAST, f'{request.time - began:.2f} s')
    true(published(site, 'New words'), 'it was told before the feed was there')
    equal((request.method, request.target), ('POST', '/'))
    equal(request.form(), {'hub.mode': 'publish', 'hub.url': ATOM, 'hub.topic': ATOM})
    equal(request.headers['content-type'], 'application/x-www-form-urlencoded')
    true(re.fullmatch(r'feedd/[\d.]+ \(\+https://test.example/\)', request.headers['user-agent']),
         request.headers['user-agent'])
    daemon.until(lambda: daemon.log(f'hub 127.0.0.1: told of {ATOM}'), 'the line')
    daemon.stop()
    equal(due(site), [])
    equal(len(hub.requests), 1)


@test('a first run tells nothing, a start with nothing new neither')
def first_run(site):
    hub = Aggregator(site)
    daemon = start(site, hub)
    daemon.hold_on(1)
    daemon.stop()
    daemon = site.daemon()
    daemon.hold_on(1)
    daemon.stop()
    site.run('--once').expect(DONE)
    equal(hub.requests, [])


@test('announce_first_run tells of what is there')
def announce_first_run(site):
    hub = Aggregator(site)
    site.settings(settings(f'protocol = "websub"\nurl = "{hub.url}"\nannounce_first_run = true'))
    site.article('a.md')
    daemon = site.daemon()
    hub.until(daemon, 1)
    daemon.stop()
    told(hub, ATOM)


@test('a feed that does not change is not told of, one beside it is')
def unchanged(site):
    hub = Aggregator(site)
    site.settings(settings(hub) + '[[feed]]\nname = "tagged"\ntag = "x"\natom = "x.xml"\n')
    site.article('a.md')
    site.article('x.md', tags='[x]')
    daemon = site.daemon()
    site.article('a.md', 'Other words.\n')
    hub.until(daemon, 1)
    os.utime(site.path('content/x.md'))
    daemon.hold_on(1)
    daemon.stop()
    told(hub, ATOM)


@test('ten edits in a moment are one ping, or two at most')
def ten_edits(site):
    hub = Aggregator(site)
    hub.answer('/', {'delay': 0.5})
    daemon = start(site, hub)
    for i in range(10):
        site.article('a.md', f'Edit {i}.\n')
    daemon.until(lambda: published(site, 'Edit 9'), 'the last edit')
    hub.until(daemon, 1)
    daemon.hold_on(1.5)
    true(len(hub.requests) <= 2, f'{len(hub.requests)} requests')
    equal(due(site), [])
    daemon.stop()


@test('ten edits within a second are one ping, or two at most, and the last is told of')
def ten_edits_apart(site):
    hub = Aggregator(site)
    daemon = start(site, hub)
    began = time.monotonic()
    for i in range(10):
        site.article('a.md', f'Edit {i}.\n')
        daemon.until(lambda i=i: published(site, f'Edit {i}'), 'the edit')
    last = time.monotonic()
    hub.until(daemon, 1)
    daemon.hold_on(1.5)
    true(hub.requests[0].time - began < FAST + 0.5, 'the first does not wait for ever')
    most = max(2, 1 + (last - began) / 0.9)     # a busy machine may pause for longer than feedd waits
    true(len(hub.requests) <= most, f'{len(hub.requests)} requests in {last - began:.2f} s')
    true(hub.requests[-1].time > last, 'the last edit is told of')
    equal(due(site), [])
    daemon.stop()


@test('while something is published all the time, what is due goes on')
def edits_all_the_time(site):
    hub = Aggregator(site)
    hub.answer('*', {'delay': 0.15, 'status': 204})
    site.settings(settings(hub) + '[[feed]]\nname = "tags"\nby = "tag"\natom = ":tag.xml"\n')
    tags = [f't{i}' for i in range(40)]
    site.article('a.md', tags=f'[{", ".join(tags)}]')
    site.article('z.md')
    daemon = site.daemon()
    site.article('a.md', 'New words.\n', tags=f'[{", ".join(tags)}]')
    began, edits = time.monotonic(), 0

    def told():
        return {r.form()['hub.url'] for r in hub.requests} >= {f'{SITE}{tag}.xml' for tag in tags}

    while not told() and time.monotonic() - began < 10:
        edits += 1
        site.article('z.md', f'Edit {edits}.\n')
        daemon.hold_on(0.1)
    # Four at a time, 150 ms each: 1.5 s, and the wait of 0.2 to 0.95 s before.
    true(told() and time.monotonic() - began < 6, f'{len(hub.requests)} requests, {edits} edits')
    daemon.stop()


@test('answers that come close together share a save of the state, and wait for no slow one')
def saves(site):
    many, every = 60, 0.02      # seconds between two saves
    hub = Aggregator(site)
    hub.answer('/slow', {'delay': 600})
    paths = [f'/{n}' for n in range(many)]
    site.settings(settings(*(f'name = "{path}"\nprotocol = "websub"\nurl = "{hub.url[:-1]}{path}"'
                             for path in ['/slow', *paths])))
    site.article('a.md')
    daemon = site.daemon('--verbose')
    before = len(daemon.log('daemon: telling'))
    began = time.monotonic()
    site.article('a.md', 'Other words.\n')
    daemon.until(lambda: len(daemon.log(f'told of {ATOM}')) == many, 'all but one')
    took = time.monotonic() - began
    # It is idle again, with one that is not answered: what the others said is in the state.
    daemon.until(lambda: [topic for topic, _, _ in due(site)] == [ATOM], 'the last save')
    count = len(daemon.log('daemon: telling')) - before
    true(0 < count <= took / every + 2, f'{count} saves in {took * 1000:.0f} ms')
    daemon.kill()


@test('what changes while it is being told is told again')
def changes_meanwhile(site):
    hub = Aggregator(site)
    hub.answer('/', {'delay': 1}, {})
    daemon = start(site, hub)
    site.article('a.md', 'First.\n')
    hub.until(daemon, 1)
    site.article('a.md', 'Second.\n')
    daemon.until(lambda: published(site, 'Second'), 'the second edit')
    hub.until(daemon, 2)
    daemon.stop()
    told(hub, ATOM, ATOM)


# ---- what fails ----

@test('a hub that is down: --status says what is due; when it is up, it is told, and that is said')
def down(site):
    hub = Aggregator(site)
    daemon = start(site, hub)
    hub.stop()
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: daemon.log('hub 127.0.0.1: not told of'), 'the failure')
    daemon.until(lambda: due(site), 'a row that is due')
    contains(site.run('--status').out, '127.0.0.1')
    hub.start()
    # Full jitter: the one try within five seconds may have come before the hub, and then the
    # next is minutes away.
    daemon.until(lambda: hub.requests or any(attempts > 1 for _, attempts, _ in due(site)),
                 'the next try')
    if not hub.requests:
        site.run('--ping-now').expect(DONE)
    hub.until(daemon, 1)
    daemon.until(lambda: not due(site), 'it is told')
    daemon.until(lambda: daemon.log('it works again'), 'the line')
    equal(len(daemon.log('not told of')), 1, 'lines about one incident')
    told(hub, ATOM)
    daemon.stop()


@test('killed after publishing and before telling: told once after the restart')
def crash_before(site):
    hub = Aggregator(site)
    hub.answer('/', {'how': 'hang'})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    hub.until(daemon, 1)
    daemon.kill()
    hub.answer('/', {})
    daemon = site.daemon()
    hub.until(daemon, 2)
    daemon.until(lambda: not due(site), 'it is told')
    daemon.stop()
    daemon = site.daemon()
    daemon.hold_on(1)
    daemon.stop()
    told(hub, ATOM, ATOM)


@test('killed at any moment: what was published is told, at most once too often')
def crash_anywhere(site):
    hub = Aggregator(site)
    site.settings(settings(hub))
    site.article('a.md')
    site.run('--once').expect(DONE)
    before = 0
    for i in range(8):
        daemon = site.daemon()
        site.article('a.md', f'Words {i}.\n')
        daemon.hold_on(0.15 + i * 0.03)
        daemon.kill()
        daemon = site.daemon()
        daemon.until(lambda i=i: published(site, f'Words {i}') and not due(site), 'told')
        daemon.stop()
        now = len(hub.requests)
        true(1 <= now - before <= 2, f'round {i}: {now - before} requests')
        before = now


@test('410 parks the target: one line, nothing more is sent, until --ping-now')
def gone(site):
    hub = Aggregator(site)
    hub.answer('/', {'status': 410, 'body': 'no more'})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: daemon.log('wants to be told nothing more'), 'the line')
    site.article('a.md', 'Newer words.\n')
    daemon.until(lambda: published(site, 'Newer'), 'the edit')
    daemon.hold_on(1.5)
    equal(len(hub.requests), 1)
    hub.answer('/', {})
    site.run('--ping-now', '127.0.0.1').expect(DONE)
    hub.until(daemon, 2)
    daemon.until(lambda: not due(site), 'it is told')
    daemon.stop()


@test('404 gives up on what was published; the next change is told')
def give_up(site):
    hub = Aggregator(site)
    hub.answer('/', {'status': 404}, {})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: daemon.log('given up'), 'the line')
    daemon.hold_on(1.5)
    equal(len(hub.requests), 1)
    site.article('a.md', 'Newer words.\n')
    hub.until(daemon, 2)
    daemon.stop()


@test('a hub that refuses a hundred feeds is ten warnings')
def refusals(site):
    hub = Aggregator(site)
    hub.answer('*', {'status': 400, 'body': 'no'})
    site.settings(settings(hub, feeds='by = "tag"\natom = ":tag.xml"'))
    tags = '[' + ', '.join(f't{i}' for i in range(100)) + ']'
    site.article('a.md', tags=tags)
    daemon = site.daemon()
    site.article('a.md', 'New words.\n', tags=tags)
    hub.until(daemon, 100)
    daemon.until(lambda: not due(site), 'all are given up')
    lines = daemon.log('given up until that changes')
    equal(len(lines), 10)
    contains(lines[-1], 'more of these are not said until it is told of something')
    daemon.stop()


@test('Retry-After is waited for')
def retry_after(site):
    hub = Aggregator(site)
    hub.answer('/', {'status': 503, 'headers': {'Retry-After': '3'}}, {})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    first, second = hub.until(daemon, 2)
    true(2.5 < second.time - first.time < 6, f'{second.time - first.time:.1f} s')
    daemon.stop()


@test('rude answers: reset, closed, endless; each is tried again, or was good enough')
def rude(site):
    hubs = [Aggregator(site) for _ in range(3)]
    hubs[0].answer('/', {'how': 'reset'}, {})
    hubs[1].answer('/', {'how': 'close'}, {})
    hubs[2].answer('/', {'status': 200, 'how': 'endless'})
    site.settings(settings(*hubs))
    site.article('a.md')
    daemon = site.daemon()
    site.article('a.md', 'New words.\n')
    hubs[0].until(daemon, 2)
    hubs[1].until(daemon, 2)
    hubs[2].until(daemon, 1)
    daemon.until(lambda: not due(site), 'all are told')
    daemon.stop()
    equal([len(hub.requests) for hub in hubs], [2, 2, 1])


def due_for_days(site, url, tries=10):
    """A ping to `url` that has been due for four days, and tried; and a daemon that goes on."""
    site.settings(settings(f'protocol = "websub"\nurl = "{url}"'))
    site.article('a.md')
    site.run('--once').expect(DONE)
    site.article('a.md', 'New words.\n')
    site.run('--once', '--no-ping').expect(DONE)
    state = sqlite3.connect(site.path('.feedd/state.db'))
    state.execute('UPDATE ping SET since = since - 4 * 86400, attempts = ? WHERE since != 0',
                  (tries,))
    state.commit()
    state.close()
    return site.daemon()


@test('what is due for days is given up when the hub refuses')
def given_up_after_days(site):
    hub = Aggregator(site)
    hub.stop()
    daemon = due_for_days(site, hub.url)
    daemon.until(lambda: daemon.log('1 ping given up after 4 days'), 'the line')
    daemon.until(lambda: not due(site), 'it is given up')
    daemon.stop()


@test('a machine that slept for days gives up on nothing because of one bad answer')
def slept_for_days(site):
    hub = Aggregator(site)
    hub.answer('/', {'status': 503}, {})
    daemon = due_for_days(site, hub.url, tries=1)
    daemon.until(lambda: daemon.log('503 Service Unavailable; due again at'), 'the line')
    site.run('--ping-now').expect(DONE)
    hub.until(daemon, 2)
    daemon.until(lambda: not due(site), 'it is told')
    lacks(daemon.log('hub'), 'given up')
    daemon.stop()


@test('what is due for days is not given up while there is no network')
def no_network(site):
    daemon = due_for_days(site, 'http://hub.invalid/')
    daemon.until(lambda: daemon.log('hub hub.invalid: not told of'), 'the line')
    daemon.stop()
    equal([topic for topic, _, _ in due(site)], [ATOM])


@test('redirects are not followed, and addresses behind the wall are not asked')
def screened(site):
    hub = Aggregator(site)
    hub.answer('/', {'status': 302, 'headers': {'Location': f'{hub.url}other'}})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: daemon.log('given up'), 'the line')
    equal([request.target for request in hub.requests], ['/'])
    daemon.stop()
    site.settings(settings(hub).replace('"127.0.0.0/8"', ''))
    daemon = site.daemon()
    site.article('a.md', 'Newer words.\n')
    daemon.until(lambda: len(daemon.log('name it in allow of [http]; due again at')) == 1, 'the line')
    equal(len(hub.requests), 1)
    site.settings(settings(hub))        # which is done, and nothing was forgotten
    hub.answer('/', {})
    daemon.signal(signal.SIGHUP)
    hub.until(daemon, 2)
    daemon.until(lambda: not due(site), 'it is told')
    daemon.stop()


@test('a redirect is followed where the settings say so, but to no address behind the wall')
def redirected(site):
    other = Aggregator(site)
    hubs = {}
    for place, answers in ((f'{other.url}elsewhere', [{}]), ('http://[::ffff:10.1.2.3]/', []),
                           ('http://169.254.169.254/latest', [])):
        hubs[place] = Aggregator(site)
        hubs[place].answer('/', {'status': 307, 'headers': {'Location': place}}, *answers)
    site.settings(settings(*(f'protocol = "websub"\nurl = "{hub.url}"\nredirects = true'
                             for hub in hubs.values())))
    site.article('a.md')
    daemon = site.daemon()
    site.article('a.md', 'New words.\n')
    request, = other.until(daemon, 1)
    equal((request.method, request.target, request.form()['hub.url']), ('POST', '/elsewhere', ATOM))
    daemon.until(lambda: len(due(site)) == 2, 'one is told')
    for address in ('10.1.2.3', '169.254.169.254'):
        daemon.until(lambda a=address: any(a in line for line in daemon.log('due again at')), 'the line')
    equal([len(hub.requests) for hub in hubs.values()], [1, 1, 1])
    daemon.stop()


def certificate(site, name, days):
    """Of 127.0.0.1, signed by itself; the pair of files."""
    files = site.path(name + '.pem'), site.path(name + '.key')
    made = subprocess.run(
        ['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', files[1],
         '-out', files[0], '-days', str(days), '-subj', '/CN=127.0.0.1',
         '-addext', 'subjectAltName=IP:127.0.0.1'], capture_output=True, check=False)
    if made.returncode:
        skip('no openssl')
    return files


@test('a certificate that nobody vouches for is not trusted')
def bad_certificate(site):
    hub = Aggregator(site, certificate(site, 'bad', 2))
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: daemon.log('certificate'), 'the line')
    equal(hub.requests, [])
    equal(len(due(site)), 1)
    daemon.stop()


@test('TLS: the hub whose certificate SSL_CERT_FILE holds is told; one of another name is not')
def good_certificate(site):
    files = certificate(site, 'good', 2)
    good, misnamed = Aggregator(site, files), Aggregator(site, files)
    site.settings(settings(good, f'protocol = "websub"\nname = "misnamed"\n'
                           f'url = "{misnamed.url.replace("127.0.0.1", "localhost")}"'
                           ).replace('"127.0.0.0/8"', '"127.0.0.0/8", "::1/128"'))
    site.article('a.md')
    daemon = site.daemon(env={'SSL_CERT_FILE': files[0]})
    site.article('a.md', 'New words.\n')
    good.until(daemon, 1)
    daemon.until(lambda: daemon.log('hub misnamed: not told of'), 'the line')
    equal(misnamed.requests, [])
    daemon.until(lambda: len(due(site)) == 1, 'one is due')
    daemon.stop()


@test('names that no server answers for do not delay a hub, nor the end; --once waits a while')
def silent_names(site):
    hub = Aggregator(site)
    silent = [f'protocol = "websub"\nname = "silent-{i}"\nurl = "http://hub-{i}.example/"'
              for i in range(40)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        need_root()
        # Of this process alone: another run of the tests has one, too.
        address = f'127.53.{os.getpid() >> 8 & 255}.{os.getpid() & 255}'
        server.bind((address, 53))
        site.write('resolv.conf', f'nameserver {address}\n')
        with instead(site, 'resolv.conf', '/etc/resolv.conf'):
            site.settings(settings(*silent, hub))
            site.article('a.md')
            daemon = site.daemon()
            for i in range(3):
                began = time.monotonic()
                site.article('a.md', f'Words {i}.\n')
                seconds = hub.until(daemon, i + 1)[-1].time - began
                # All places in flight may be taken by those that say nothing, for two seconds.
                true(seconds < FAST + 2.5, f'{seconds:.2f} s')
            daemon.stop()
            equal(len(due(site)), 40)
            site.article('a.md', 'Last words.\n')
            run = site.run('--once').expect(DONE, f'hub 127.0.0.1: told of {ATOM}',
                                            'hub silent-39: not told of', '40 pings are still due')
            true(run.seconds < 60, f'{run.seconds:.1f} s')


@test('a slow hub and a dead one do not delay another')
def slow_target(site):
    slow, dead, good = Aggregator(site), Aggregator(site), Aggregator(site)
    slow.answer('/', {'how': 'hang'})
    dead.stop()
    site.settings(settings(slow, dead, good))
    site.article('a.md')
    daemon = site.daemon()
    for i in range(3):
        began = time.monotonic()
        site.article('a.md', f'Words {i}.\n')
        requests = good.until(daemon, i + 1)
        true(requests[-1].time - began < FAST, f'{requests[-1].time - began:.2f} s')
    daemon.stop()


@test('one that does not answer delays another on its host for less than a second')
def slow_neighbour(site):
    host = Aggregator(site)
    host.answer('/slow', {'how': 'hang'})
    site.settings(settings(
        *(f'name = "{name}"\nprotocol = "websub"\nurl = "{host.url[:-1]}/{name}"'
          for name in ('slow', 'good')),
        feeds='atom = "atom.xml"\n[[feed]]\nby = "tag"\natom = ":tag.xml"'))
    tags = [f't{i}' for i in range(9)]
    site.article('a.md', tags=f'[{", ".join(tags)}]')
    daemon = site.daemon()
    began = time.monotonic()
    site.article('a.md', 'New words.\n', tags=f'[{", ".join(tags)}]')

    def good():
        return [request for request in host.requests if request.target == '/good']

    daemon.until(lambda: len(good()) == 1 + len(tags), 'the good one was told of all', 10)
    took = good()[-1].time - began
    true(took < FAST + 0.5, f'{took:.2f} s')
    daemon.stop()


@test('a long build that follows a save holds up nobody who is to hear of that')
def hold_and_build(site):
    hub = Aggregator(site)
    site.settings(settings(hub))
    for i in range(20000):
        site.write(f'.new/b{i}.md', f'---\ntitle: B {i}\ndraft: true\n---\n{"Words. " * 300}\n')
    site.article('a.md')
    daemon = site.daemon('--verbose')
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: published(site, 'New words'), 'the edit')
    os.rename(site.path('.new'), site.path('content/new'))
    daemon.until(lambda: daemon.told('STATUS=20001 articles'), 'the build', 60)
    lines = '\n'.join(daemon.log())
    contains(lines[:lines.rindex('build: done')], 'told of')
    daemon.kill()


# ---- the life of the daemon ----

@test('SIGTERM ends it within two seconds though a hub hangs; the ping stays due')
def stop(site):
    hub = Aggregator(site)
    hub.answer('/', {'how': 'hang'})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    hub.until(daemon, 1)
    daemon.stop()
    equal([(topic, attempts) for topic, attempts, _ in due(site)], [(ATOM, 0)])


@test('an answer that comes while it stops is not asked for again')
def stop_answered(site):
    hub = Aggregator(site)
    hub.answer('/', {'delay': 0.3})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    hub.until(daemon, 1)
    daemon.stop()
    equal(due(site), [])


@test('a reload adds a target, whose first run it is, and drops another')
def reload(site):
    first, second = Aggregator(site), Aggregator(site)
    daemon = start(site, first)
    site.settings(settings(first, second))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.log('ready: ')) == 2, 'the reload')
    first.until(daemon, 1)              # the feed has another hub in it now
    daemon.until(lambda: not due(site), 'it is told')
    site.article('a.md', 'New words.\n')
    first.until(daemon, 2)
    second.until(daemon, 1)
    daemon.until(lambda: not due(site), 'both are told')
    site.settings(settings(second))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.log('ready: ')) == 3, 'the reload')
    second.until(daemon, 2)             # and here one less
    site.article('a.md', 'Newer words.\n')
    second.until(daemon, 3)
    daemon.hold_on(0.5)
    told(first, ATOM, ATOM)
    told(second, ATOM, ATOM, ATOM)
    daemon.stop()


@test('a target that the settings lost for a while is told what it missed, restarts or not')
def back_again(site):
    first, second = Aggregator(site), Aggregator(site)
    site.settings(settings(first, second))
    site.article('a.md')
    daemon = site.daemon()
    for restart in (False, True):
        before = len(second.requests)
        site.settings(settings(first))
        daemon.signal(signal.SIGHUP)
        daemon.until(lambda: daemon.told('RELOADING=1'), 'the reload')
        site.article('a.md', f'New words {restart}.\n')
        daemon.until(lambda r=restart: published(site, f'New words {r}'), 'the edit')
        daemon.until(lambda: not due(site), 'one is told')
        if restart:
            daemon.kill()
            daemon = site.daemon()
            site.article('a.md', 'Newer words.\n')
            daemon.until(lambda: published(site, 'Newer words'), 'the edit')
        equal(len(second.requests), before)
        site.settings(settings(first, second))
        daemon.signal(signal.SIGHUP)
        second.until(daemon, before + 1)
        daemon.until(lambda: not due(site), 'it is told')
    daemon.stop()


@test('a target whose url is edited is told at the new one what was due, restarts or not')
def url_edited(site):
    hub = Aggregator(site)
    hub.answer('*', {'status': 503})
    hub.answer('/third', {})
    targets = [f'protocol = "websub"\nurl = "{hub.url}{name}"' for name in ('first', 'second', 'third')]
    site.settings(settings(targets[0]))
    site.article('a.md')
    daemon = site.daemon()
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: len(hub.requests) == 1 and due(site), 'one is due')
    site.settings(settings(targets[1]))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: daemon.log('it has another url than before'), 'the line')
    hub.until(daemon, 2)
    daemon.kill()
    site.settings(settings(targets[2]))
    daemon = site.daemon()
    daemon.until(lambda: not due(site), 'it is told')
    equal([request.target for request in hub.requests], ['/first', '/second', '/third'])
    daemon.stop()


@test('what one url has refused, another is asked')
def url_mended(site):
    hub = Aggregator(site)
    hub.answer('/wrong', {'status': 404})
    target = 'protocol = "xmlrpc"\nmin_interval = 0\nurl = "{}"'
    site.settings(settings(target.format(hub.url + 'wrong')))
    site.article('a.md')
    daemon = site.daemon()
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: daemon.log('given up until'), 'the refusal')
    site.settings(settings(target.format(hub.url + 'right')))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: hub.to('/right'), 'the other')
    daemon.stop()


@test('what is due to a target that the settings drop is said once, and forgotten after a week')
def dropped_once(site):
    clock = Clock(site)
    hub = Aggregator(site)
    hub.answer('*', {'status': 503})
    site.settings(settings(hub))
    site.article('a.md')
    site.run('--once', env=clock.env).expect(DONE)
    site.article('a.md', 'New words.\n')
    site.run('--once', env=clock.env).expect(DONE)
    equal(len(due(site)), 1)
    site.settings(settings())
    contains(site.run('--once', env=clock.env).expect(DONE).err, '1 ping is due to hubs that')
    lacks(site.run('--once', env=clock.env).expect(DONE).err, 'due to hubs')
    clock.step(8 * 86400)
    site.run('--once', env=clock.env).expect(DONE)
    equal(due(site), [])


@test('what is due to a target that the settings drop is said')
def dropped_due(site):
    hub = Aggregator(site)
    hub.answer('*', {'status': 503})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: len(hub.requests) == 1 and due(site), 'one is due')
    site.settings(settings())
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: daemon.log('1 ping is due to hubs that the settings do not name any more'), 'said')
    daemon.stop()


@test('a reload names fewer feeds for a target: what is due of the others goes')
def reload_feeds(site):
    hub = Aggregator(site)
    hub.answer('*', {'status': 503})
    os.chmod(site.write('secret', 'whsec_' + 'c2VjcmV0' * 4 + '\n'), 0o600)
    target = f'protocol = "webhook"\nurl = "{hub.url}"\nsecret_file = "secret"\n'
    more = '[[feed]]\nname = "tagged"\ntag = "x"\natom = "x.xml"\n'
    site.settings(settings() + more + '[[ping]]\n' + target)
    site.article('a.md')
    site.article('b.md', tags='[x]')
    daemon = site.daemon()
    site.article('a.md', 'New words.\n')
    site.article('b.md', 'New words.\n', tags='[x]')
    daemon.until(lambda: len(due(site)) == 4, 'two feeds and two entries are due')
    site.settings(settings() + more + '[[ping]]\nfeeds = ["tagged"]\n' + target)
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(due(site)) == 2, 'those of the other feed are not')
    equal([topic for topic, _, _ in due(site)], [SITE + 'x.xml', 'tag:test.example,2024-01-02:/b'])
    daemon.stop()


@test('a reload while a hub hangs waits for it a second, and tells it afterwards')
def reload_hanging(site):
    hub = Aggregator(site)
    hub.answer('/', {'how': 'hang'}, {})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    hub.until(daemon, 1)
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.log('ready: ')) == 2, 'the reload', 5)
    hub.until(daemon, 2)
    daemon.until(lambda: not due(site), 'it is told')
    daemon.stop()


@test('a reload with other secrets or settings that are wrong changes nothing')
def reload_wrong(site):
    hub = Aggregator(site)
    daemon = start(site, hub)
    site.settings(settings(hub, f'protocol = "webhook"\nurl = "{hub.url}hook"\n'
                           'secret_file = "nowhere"'))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: daemon.log('the settings stay as they were'), 'the refusal')
    site.article('a.md', 'New words.\n')
    hub.until(daemon, 1)
    daemon.stop()


@test('the state is deleted under way: what is due is told all the same')
def state_deleted(site):
    hub = Aggregator(site)
    hub.answer('/', {'status': 503}, {'status': 503}, {'status': 503}, {})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    hub.until(daemon, 1)
    for name in os.listdir(site.path('.feedd')):
        if name.startswith('state.db'):
            os.unlink(site.path(f'.feedd/{name}'))
    site.article('b.md', 'More.\n')
    daemon.until(lambda: daemon.log('written anew'), 'the new state')
    daemon.until(lambda: due(site), 'the row, in the new state')
    daemon.kill()
    hub.answer('/', {})
    before = len(hub.requests)
    daemon = site.daemon()
    hub.until(daemon, before + 1)
    daemon.stop()


# ---- commands ----

@test('--once tries what is due once, a line each; the rest stays')
def once(site):
    good, bad = Aggregator(site), Aggregator(site)
    bad.answer('/', {'status': 503, 'body': 'busy'})
    site.settings(settings(good, bad).replace(
        '[[ping]]\n', '[[ping]]\nname = "good"\n', 1).replace(
        '[[ping]]\nprotocol', '[[ping]]\nname = "bad"\nprotocol'))
    site.article('a.md')
    site.run('--once').expect(DONE)
    equal(good.requests + bad.requests, [])
    site.article('a.md', 'New words.\n')
    run = site.run('--once').expect(DONE, f'hub good: told of {ATOM}',
                                    f'hub bad: not told of {ATOM}: 503', 'due again at 2')
    contains(run.err, '1 ping is still due')
    equal((len(good.requests), len(bad.requests)), (1, 1))
    equal([attempts for _, attempts, _ in due(site)], [1])
    bad.answer('/', {})
    site.run('--ping-now').expect(DONE, f'hub bad: told of {ATOM}')
    equal((len(good.requests), len(bad.requests)), (1, 2))
    equal(due(site), [])


@test('--no-ping sends nothing, as --once or as a daemon; what is due stays due')
def no_ping(site):
    hub = Aggregator(site)
    site.settings(settings(hub))
    site.article('a.md')
    site.run('--once').expect(DONE)
    site.article('a.md', 'New words.\n')
    site.run('--once', '--no-ping').expect(DONE)
    daemon = site.daemon('--no-ping')
    site.article('a.md', 'Newer words.\n')
    daemon.until(lambda: published(site, 'Newer'), 'the edit')
    daemon.hold_on(0.5)
    daemon.stop()
    equal(hub.requests, [])
    equal(len(due(site)), 1)
    site.run('--once').expect(DONE, 'told of')
    told(hub, ATOM)


@test('--ping-now: a name that no target has is answered with those that there are')
def ping_now_unknown(site):
    hub = Aggregator(site)
    site.settings(settings(hub))
    site.run('--ping-now', 'nobody').expect(USAGE, "'nobody'", "'127.0.0.1'")


@test('--ping-now beside a daemon: that one tells, now')
def ping_now(site):
    hub = Aggregator(site)
    hub.answer('/', {'status': 503, 'headers': {'Retry-After': '1000'}}, {})
    daemon = start(site, hub)
    site.article('a.md', 'New words.\n')
    hub.until(daemon, 1)
    daemon.until(lambda: daemon.log('not told of'), 'the failure')
    site.run('--ping-now').expect(DONE, f'process {daemon.process.pid}')
    hub.until(daemon, 2)
    daemon.until(lambda: not due(site), 'it is told')
    daemon.stop()


@test('--ping-now right after a reload was asked for: the new settings are meant')
def ping_now_reload(site):
    hub, blogs = Aggregator(site), Aggregator(site)
    hub.answer('/', {'how': 'hang'})        # the reload waits for it
    blogs.answer('/', {'status': 404}, {'status': 200, 'body': ''})
    one = f'protocol = "websub"\nurl = "{hub.url}"'
    two = f'protocol = "rsscloud"\nname = "blogs"\nurl = "{blogs.url}"'
    feeds = 'atom = "atom.xml"\nrss = "rss.xml"'
    site.settings(settings(one, two, feeds=feeds))
    site.article('a.md')
    daemon = site.daemon()
    site.article('a.md', 'New words.\n')
    daemon.until(lambda: daemon.log('hub blogs: not told'), 'it gives up')
    daemon.until(lambda: len(due(site)) == 2, 'and that is saved')
    site.settings(settings(one, feeds=feeds))
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: len(daemon.log('ready: ')) == 2, 'the reload')
    hub.until(daemon, 4)
    site.settings(settings(one, two, feeds=feeds))
    daemon.signal(signal.SIGHUP)
    site.run('--ping-now').expect(DONE)
    blogs.until(daemon, 2)
    daemon.kill()


@test('--dry-run prints what would be sent, with secrets blanked, and changes nothing')
def dry_run(site):
    hub = Aggregator(site)
    site.write('secret', 'whsec_' + 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0' + '\n')
    os.chmod(site.path('secret'), 0o600)
    site.settings(settings(hub, f'protocol = "webhook"\nurl = "{hub.url}hook?key=hidden"\n'
                           'secret_file = "secret"'))
    site.article('a.md')
    site.run('--once').expect(DONE)
    site.article('a.md', 'New words.\n')
    before = (site.stamps('public'), site.stamps('.feedd'))
    run = site.run('--dry-run').expect(DONE)
    contains(run.out, f'POST {hub.url}\n', 'hub.mode=publish', f'POST {hub.url}hook?***\n',
             'entry.updated')
    lacks(run.out + run.err, 'c2VjcmV0', 'v1,', 'hidden')
    equal(hub.requests, [])
    equal((site.stamps('public'), site.stamps('.feedd')), before)
    site.run('--once').expect(DONE)
    true(len(hub.requests) >= 2, 'what was due was sent')


@test('--dry-run prints what would follow on an answer, too')
def dry_run_then(site):
    hub = Aggregator(site)
    site.settings(settings(f'protocol = "xmlrpc"\nurl = "{hub.url}RPC2"', 'protocol = "webmention"'))
    site.article('a.md')
    site.run('--once').expect(DONE)
    site.article('a.md', f'[Words](http://127.0.0.1:{hub.port}/page).\n')
    run = site.run('--dry-run').expect(DONE)
    contains(run.out, 'weblogUpdates.extendedPing', '\nThen, if it knows no extendedPing:\n',
             'weblogUpdates.ping', f'GET http://127.0.0.1:{hub.port}/page\n',
             '\nThen, to the ENDPOINT that the page names, if it does:\n\nPOST ENDPOINT\n',
             'source=https%3A%2F%2Ftest.example%2Fa%2F&target=http')
    equal(hub.requests, [])


@test('a credential of a service is not there by hand: --no-ping and --dry-run do without')
def hidden_credential(site):
    hub = Aggregator(site)
    site.settings(settings(f'protocol = "webhook"\nurl = "{hub.url}hook"\n'
                           'secret_credential = "hook"'))
    site.article('a.md')
    run = site.run('--once', '--no-ping').expect(DONE)
    lacks(run.err, 'credential')
    site.article('a.md', 'New words.\n')
    run = site.run('--dry-run').expect(DONE)
    contains(run.out, f'POST {hub.url}hook\n', 'webhook-signature: ***\n', 'entry.updated')
    contains(site.run('--once').expect(IO).err, "secret_credential 'hook'")
    equal(hub.requests, [])


@test('a secret that no webhook can have is a fault of the settings, at once')
def wrong_secret(site):
    hub = Aggregator(site)
    daemon = start(site, hub)
    os.chmod(site.write('secret', 'whsec_xyzzy\n'), 0o600)
    site.settings(settings(f'protocol = "webhook"\nurl = "{hub.url}hook"\nsecret_file = "secret"'))
    fault = "secret_file 'secret': line 1: what stands behind \"whsec_\" is not base64"
    contains(site.run('--check').err, 'feedd.toml:', fault)
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: daemon.log('the settings stay as they were'), 'the refusal')
    true(daemon.log(fault), 'it is said')
    daemon.stop()
    site.run('--once').expect(CONFIG, fault)
    equal(site.daemon(ready=False).wait(), CONFIG)
    lacks('\n'.join(daemon.log()), 'xyzzy')


@test('--ping-now beside a daemon that tells nobody: it says so')
def ping_now_without(site):
    hub = Aggregator(site)
    daemon = start(site, hub, '--no-ping')
    site.run('--ping-now').expect(DONE, 'is asked to tell all hubs what is due')
    daemon.until(lambda: daemon.log('with --no-ping none is told'), 'said')
    daemon.stop()


@test('--once and --dry-run tell what is due behind thousands of pings that are over')
def many_over(site):
    clock = Clock(site)
    hub = Aggregator(site)
    site.settings(settings(f'protocol = "indexnow"\nurl = "{hub.url}indexnow"\n'
                           'announce_first_run = true', feeds='atom = "atom.xml"\nlimit = 0'))
    for i in range(2500):
        site.article(f'a{i}.md', 'Old words.\n')
    site.run('--once', env=clock.env).expect(DONE)
    before = len(hub.requests)
    true(before > 0, 'nothing was told')
    clock.step(3 * 86400)
    site.article('a7.md', 'New words.\n')
    contains(site.run('--dry-run', env=clock.env).expect(DONE).out, SITE + 'a7/')
    site.run('--once', env=clock.env).expect(DONE)
    equal(len(hub.requests), before + 1)
    contains(hub.requests[-1].body, SITE + 'a7/')


# ---- the other protocols, from end to end ----

@test('webhook: an entry is told of with a signature that holds')
def webhook(site):
    hub = Aggregator(site)
    site.write('secret', 'whsec_' + 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0' + '\n')
    os.chmod(site.path('secret'), 0o600)
    site.settings(settings(f'protocol = "webhook"\nurl = "{hub.url}hook"\nsecret_file = "secret"'))
    site.article('a.md')
    daemon = site.daemon()
    site.article('b.md', 'New words.\n')
    daemon.until(lambda: any('entry.published' in r.body for r in hub.requests), 'the event')
    request = next(r for r in hub.requests if 'entry.published' in r.body)
    for name in ('webhook-id', 'webhook-timestamp', 'webhook-signature'):
        true(name in request.headers, name)
    json.loads(request.body)
    os.unlink(site.path('content/b.md'))
    daemon.until(lambda: any('entry.removed' in r.body for r in hub.requests), 'the removal')
    daemon.stop()


@test('IndexNow: its key is made up once, stands in a file, and pages are told of')
def indexnow(site):
    hub = Aggregator(site)
    hub.answer('*', {'status': 202})
    site.settings(settings(f'protocol = "indexnow"\nurl = "{hub.url}indexnow"'))
    site.article('a.md')
    daemon = site.daemon()
    keys = [name for name in site.files() if re.fullmatch(r'[0-9a-f]{32}\.txt', name)]
    equal(len(keys), 1)
    equal(site.read(f'public/{keys[0]}').decode().strip(), keys[0][:-4])
    os.unlink(site.path(f'public/{keys[0]}'))
    site.article('b.md', 'New words.\n')
    request = hub.until(daemon, 1)[0]
    body = json.loads(request.body)
    equal((body['key'], body['urlList']), (keys[0][:-4], [SITE + 'b/']))
    daemon.until(lambda: keys[0] in site.files(), 'the file of the key again')
    daemon.stop()
    site.run('--once').expect(DONE)
    equal([name for name in site.files() if name.endswith('.txt')], keys)


@test('IndexNow: a page of another host is given up by itself, and is not said to be told')
def indexnow_elsewhere(site):
    hub = Aggregator(site)
    hub.answer('*', {'status': 202})
    site.settings(settings(f'name = "search"\nprotocol = "indexnow"\nurl = "{hub.url}indexnow"'))
    site.article('a.md')
    site.run('--once').expect(DONE)
    site.article('b.md')
    site.article('c.md', url='https://elsewhere.example/c')
    dry = site.run('--once', '--dry-run').expect(
        DONE, f'hub search: would not be told of https://elsewhere.example/c: it takes only URLs below {SITE}')
    true('elsewhere' not in dry.out, 'it is in no request')
    site.run('--once').expect(DONE, f'hub search: told of {SITE}b/',
                              'not told of https://elsewhere.example/c, and given up',
                              f'it takes only URLs below {SITE}')
    equal([json.loads(request.body)['urlList'] for request in hub.requests], [[SITE + 'b/']])
    site.run('--once').expect(DONE)
    equal(len(hub.requests), 1)


@test('Webmention: more links than an entry may have are not told of, and that is said')
def webmention_many(site):
    other = Aggregator(site)
    other.answer('*', {'status': 404})
    site.settings(settings('protocol = "webmention"'))
    site.article('a.md')
    site.run('--once').expect(DONE)
    site.article('b.md', ' '.join(f'[{i}]({other.url}{i})' for i in range(101)) + '\n')
    site.run('--once').expect(DONE, f'hub webmention: {SITE}b/ has more than 100 links')
    equal(len(other.requests), 100)


@test('Webmention: links are looked for, endpoints discovered, removals sent')
def webmention(site):
    other = Aggregator(site)
    other.answer('/page', {'status': 200, 'headers': {'Link': '</mention>; rel="webmention"'},
                           'body': '<p>hello</p>'})
    other.answer('/mention', {'status': 202})
    site.settings(settings('protocol = "webmention"'))
    site.article('a.md')
    daemon = site.daemon('--verbose')
    site.article('b.md', f'I read [this]({other.url}page) and [that]({SITE}a/).\n')
    request, = other.until(daemon, 1, path='/mention')
    equal(request.form(), {'source': SITE + 'b/', 'target': other.url + 'page'})
    contains(other.to('/page')[0].headers['user-agent'], 'Webmention', 'feedd/')
    daemon.until(lambda: not due(site), 'it is told')
    site.article('b.md', 'Nothing more to see.\n')
    other.until(daemon, 2, path='/mention')
    daemon.until(lambda: not due(site), 'it is told')
    daemon.stop()
    equal(len(other.to('/mention')), 2)


@test('Webmention: a page that takes none, and one that is gone, are no warnings')
def webmention_none(site):
    other = Aggregator(site)
    other.answer('/page', {'status': 200, 'body': '<p>hello</p>'})
    other.answer('/gone', {'status': 404})
    site.settings(settings('protocol = "webmention"'))
    site.article('a.md')
    daemon = site.daemon()
    site.article('b.md', f'I read [this]({other.url}page) and [that]({other.url}gone).\n')
    other.until(daemon, 2)
    daemon.until(lambda: not due(site), 'both are done with')
    daemon.stop()
    equal(daemon.log('warning'), [])
    equal(daemon.log('told of ' + other.url + 'page'), [])
    contains(site.run('--status').out, 'webmention (webmention): not told of anything yet')


@test('Podping: told by a GET, which is said like any other; its token is not')
def podping(site):
    hub = Aggregator(site)
    hub.answer('*', {'status': 200, 'body': 'Success!'}, {'status': 400, 'body': 'no'})
    os.chmod(site.write('token', 'xyzzy-token\n'), 0o600)
    site.settings(settings(f'protocol = "podping"\nurl = "{hub.url}"\nsecret_file = "token"',
                           feeds='rss = "rss.xml"'))
    site.article('a.md')
    daemon = site.daemon('--verbose')
    site.article('a.md', 'New words.\n')
    request, = hub.until(daemon, 1)
    equal((request.method, request.headers['authorization']), ('GET', 'xyzzy-token'))
    daemon.until(lambda: daemon.log(f'hub 127.0.0.1: told of {SITE}rss.xml'), 'the line')
    site.article('a.md', 'Newer words.\n')
    daemon.until(lambda: daemon.log('warning: hub 127.0.0.1: not told of'), 'the refusal')
    daemon.stop()
    equal(daemon.log('xyzzy'), [])


# ---- live pages ----

@test('live_check: the ping waits until the world sees the new feed')
def live_check(site):
    hub, web = Aggregator(site), Aggregator(site)
    site.settings(settings(f'protocol = "websub"\nurl = "{hub.url}"\nlive_check = true',
                           site=web.url))
    site.article('a.md')
    daemon = site.daemon('--verbose')
    old = site.read('public/atom.xml').decode()
    web.answer('/atom.xml', {'status': 200, 'headers': {'ETag': '"old"'}, 'body': old})
    site.article('a.md', 'New words.\n')
    looks = web.until(daemon, 3, path='/atom.xml')
    equal(looks[1].headers.get('if-none-match'), '"old"')
    true('if-none-match' not in looks[0].headers, 'a condition before anything was seen')
    equal(hub.requests, [])
    web.answer('/atom.xml', {'status': 200, 'headers': {'ETag': '"new"'},
                             'body': site.read('public/atom.xml').decode()})
    hub.until(daemon, 1)
    daemon.stop()
    told(hub, web.url + 'atom.xml')


@test('live_check: after live_timeout it goes anyway, and that is said')
def live_timeout(site):
    hub, web = Aggregator(site), Aggregator(site)
    web.answer('*', {'status': 404})
    site.settings(settings(f'protocol = "websub"\nurl = "{hub.url}"\nlive_check = true\n'
                           'live_timeout = 2', site=web.url))
    site.article('a.md')
    daemon = site.daemon()
    site.article('a.md', 'New words.\n')
    hub.until(daemon, 1)
    contains('\n'.join(daemon.log()), 'is not live after 2 s (live_timeout): it is not there')
    daemon.stop()


@test('live_check: a page that does not answer is waited for until live_timeout, and no longer')
def live_hangs(site):
    hub, public = Aggregator(site), Aggregator(site)
    public.answer('*', {'how': 'hang'})
    site.settings(settings(f'protocol = "websub"\nurl = "{hub.url}"\nlive_check = true\n'
                           'live_timeout = 3', site=public.url))
    site.article('a.md')
    daemon = site.daemon()
    began = time.monotonic()
    site.article('a.md', 'New words.\n')
    request = hub.until(daemon, 1, seconds=20)[0]
    true(3 <= request.time - began < FAST + 6, f'{request.time - began:.2f} s')
    daemon.until(lambda: daemon.log('is not live after 3 s'), 'it is said')
    daemon.stop()


@test('live_check: one that waits for less than another one of the same page goes first')
def live_hangs_for_two(site):
    patient, hub, public = Aggregator(site), Aggregator(site), Aggregator(site)
    public.answer('*', {'how': 'hang'})
    site.settings(settings(*(f'protocol = "websub"\nurl = "{each.url}"\nlive_check = true\n{more}'
                             for each, more in ((patient, ''), (hub, 'live_timeout = 3'))),
                           site=public.url))
    site.article('a.md')
    daemon = site.daemon()
    began = time.monotonic()
    site.article('a.md', 'New words.\n')
    request = hub.until(daemon, 1, seconds=20)[0]
    true(3 <= request.time - began < FAST + 6, f'{request.time - began:.2f} s')
    equal(patient.requests, [])
    daemon.stop()


@test('live_check: a page that takes its time is fetched once for all who ask meanwhile')
def live_slow_page(site):
    hub, public = Aggregator(site), Aggregator(site)
    public.answer('*', {'how': 'hang'})
    site.settings(settings(*(f'name = "h{i}"\nprotocol = "websub"\nurl = "{hub.url}{i}"\n'
                             'live_check = true' for i in range(16)), site=public.url))
    site.article('a.md')
    daemon = site.daemon()
    site.article('a.md', 'New words.\n')
    public.until(daemon, 1)
    daemon.hold_on(2.5)     # they ask one after another, in more than one second of the clock
    equal(len(public.requests), 1)
    daemon.kill()


@test('live_check: a hundred pages that do not get live are ten warnings')
def live_flood(site):
    hub, web = Aggregator(site), Aggregator(site)
    web.answer('*', {'status': 404})
    site.settings(settings(f'protocol = "indexnow"\nurl = "{hub.url}"\nlive_check = true\n'
                           'live_timeout = 1', site=web.url))
    site.article('a.md')
    daemon = site.daemon()
    for i in range(100):
        site.article(f'p/{i}.md')
    daemon.until(lambda: hub.requests and not due(site), 'all are told')
    equal(len(daemon.log('told now, though')), 10)
    daemon.stop()


@test('live_check: a clock that is set back is no reason to wait for a year')
def live_clock(site):
    hub, web, clock = Aggregator(site), Aggregator(site), Clock(site)
    web.answer('*', {'status': 404})
    site.settings(settings(f'protocol = "websub"\nurl = "{hub.url}"\nlive_check = true\n'
                           'live_timeout = 4', site=web.url))
    site.article('a.md')
    daemon = site.daemon(env=clock.env)
    site.article('a.md', 'New words.\n')
    web.until(daemon, 1)
    clock.step(-365 * 86400)
    hub.until(daemon, 1)
    daemon.stop()


@test('live_check: a page of an entry has to be there, or to be gone')
def live_entry(site):
    hub, web = Aggregator(site), Aggregator(site)
    hub.answer('*', {'status': 200})
    web.answer('/b/', {'status': 404}, {'status': 404}, {'status': 200, 'body': 'here'})
    site.settings(settings(f'protocol = "indexnow"\nurl = "{hub.url}indexnow"\n'
                           'live_check = true', site=web.url))
    site.article('a.md')
    daemon = site.daemon()
    site.article('b.md', 'New words.\n')
    request, = hub.until(daemon, 1)
    equal(len(web.to('/b/')), 3)
    equal(json.loads(request.body)['urlList'], [web.url + 'b/'])
    daemon.until(lambda: not due(site), 'it is told')
    daemon.stop()


@test('a hub that is back in the settings is told of what they make of the feed, not before')
def back_in_settings(site):
    one, other = Aggregator(site), Aggregator(site)
    other.answer('/', {'status': 503})
    clock = Clock(site)
    site.settings(settings(one, other))
    site.article('a.md')
    daemon = site.daemon(env=clock.env)
    site.article('a.md', 'New words.\n')
    other.until(daemon, 1)
    daemon.until(lambda: len(due(site)) == 1, 'it is due')
    first = site.read('public/atom.xml')
    site.settings(settings(one))    # its link is in the feed no more
    daemon.signal(signal.SIGHUP)
    daemon.until(lambda: site.read('public/atom.xml') != first, 'the feed without it')
    clock.step(600)
    other.answer('/', {'status': 204})
    site.settings(settings(one, other))
    daemon.signal(signal.SIGHUP)
    other.until(daemon, 2)
    daemon.until(lambda: not due(site), 'it is told')
    daemon.stop()
    equal(site.read('public/atom.xml'), first)
    published = os.stat(site.path('public/atom.xml')).st_ctime + time.monotonic() - time.time()
    true(other.requests[-1].time > published, 'it was told of a feed that was not there yet')


@test('live_check with --once: a look, a line, and the ping stays due')
def live_once(site):
    hub, web = Aggregator(site), Aggregator(site)
    web.answer('*', {'status': 200, 'body': 'old'})
    site.settings(settings(f'protocol = "websub"\nurl = "{hub.url}"\nlive_check = true',
                           site=web.url))
    site.article('a.md')
    site.run('--once').expect(DONE)
    site.article('a.md', 'New words.\n')
    site.run('--once').expect(DONE, 'yet: not live yet: the old feed is there; due again at 2',
                              '1 ping is still due')
    equal((len(web.requests), len(hub.requests)), (1, 0))
    equal([attempts for _, attempts, _ in due(site)], [0])
    contains(site.run('--status').out, 'last answer: not live yet: the old feed is there')


run_all()
