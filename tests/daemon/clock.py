#!/usr/bin/python3
"""The clock: articles appear and leave at their second, whatever the clock does meanwhile."""
import os
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import DONE, SETTINGS, equal, lacks, run_all, test, true      # noqa: E402
from preload import Clock                                   # noqa: E402

LATE_SECONDS = 1.0      # an appearance is in time when it comes within these
BERLIN = SETTINGS + 'timezone = "Europe/Berlin"\n'


def started(site, when):
    """A daemon whose clock says `when`, beside articles that always stand."""
    clock = Clock(site)
    clock.set(when)
    for i in range(5):
        site.article(f'old-{i}.md', date=f'2020-01-0{i + 1}')
    return clock, site.daemon(env=clock.env)


def titles(site):
    return {title for title in site.items() if not title.startswith('Title of old')}


def seen(site, daemon, clock, name):
    """When, by the clock of feedd, an article came into the feed."""
    daemon.until(lambda: name in titles(site), f'{name} appears', 30)
    return clock.now()


def at_rest(site, daemon):
    """What was saved before has been looked at: a marker saved after it is in the feed."""
    site.article('marker.md', title='marker', date='2020-02-02', tags=f'[m{time.monotonic_ns()}]',
                 body=f'{time.monotonic_ns()}\n')
    body = site.read('content/marker.md').split(b'\n')[-2].decode()
    daemon.until(lambda: body in str(site.items().get('marker')), 'a marker appears')


def iso(moment):
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(moment))


@test('an article of the future appears at its second, with no other trigger')
def scheduled(site):
    clock, daemon = started(site, '2024-06-01T12:00:00+00:00')
    due = int(clock.now()) + 3
    site.article('a.md', title='due', date=iso(due))
    at_rest(site, daemon)
    true(clock.now() < due, 'too slow to try')
    true('due' not in titles(site), 'it is there before its time')
    moment = seen(site, daemon, clock, 'due')
    true(due <= moment <= due + LATE_SECONDS, f'{moment - due:.3f} s after its second')


@test('many of one second, and one a second later, each in time')
def several(site):
    clock, daemon = started(site, '2024-06-01T12:00:00+00:00')
    due = int(clock.now()) + 3
    for i in range(5):
        site.article(f'a{i}.md', title=f'first {i}', date=iso(due))
    site.article('b.md', title='second', date=iso(due + 1))
    at_rest(site, daemon)
    seen(site, daemon, clock, 'first 0')
    daemon.until(lambda: len(titles(site)) >= 6, 'all of the second')
    moment = seen(site, daemon, clock, 'second')
    true(due + 1 <= moment <= due + 1 + LATE_SECONDS, f'{moment - due - 1:.3f} s late')


@test('an article leaves at the second of its expiry')
def expires(site):
    clock, daemon = started(site, '2024-06-01T12:00:00+00:00')
    due = int(clock.now()) + 3
    site.article('a.md', title='brief', date='2024-05-01', expiryDate=iso(due))
    daemon.until(lambda: 'brief' in titles(site), 'it appears')
    daemon.until(lambda: 'brief' not in titles(site), 'it leaves', 30)
    true(due <= clock.now() <= due + LATE_SECONDS, f'{clock.now() - due:.3f} s after its second')


@test('nine o\'clock in Berlin is that, on the day when summer time begins')
def spring(site):
    site.settings(BERLIN)
    clock, daemon = started(site, '2026-03-28T20:00:00+01:00')
    site.article('a.md', title='due', date='2026-03-29 09:00')
    at_rest(site, daemon)
    clock.set('2026-03-29T08:59:58+02:00')
    at_rest(site, daemon)
    true('due' not in titles(site), 'it is there before its time')
    late = seen(site, daemon, clock, 'due') - 1774767600    # date -d 2026-03-29T07:00Z +%s
    true(0 <= late <= LATE_SECONDS, f'{late:.3f} s after its second')


@test('nine o\'clock in Berlin is that, on the day when summer time ends')
def autumn(site):
    site.settings(BERLIN)
    clock, daemon = started(site, '2026-10-24T20:00:00+02:00')
    site.article('a.md', title='due', date='2026-10-25 09:00')
    at_rest(site, daemon)
    clock.set('2026-10-25T08:00:01+01:00')      # nine by summer time
    at_rest(site, daemon)
    true('due' not in titles(site), 'it is there an hour early')
    clock.set('2026-10-25T08:59:58+01:00')
    at_rest(site, daemon)
    late = seen(site, daemon, clock, 'due') - 1792915200    # date -d 2026-10-25T08:00Z +%s
    true(0 <= late <= LATE_SECONDS, f'{late:.3f} s after its second')


@test('a clock that jumps over the moment: the article is there at once')
def forward(site):
    clock, daemon = started(site, '2024-06-01T12:00:00+00:00')
    site.article('a.md', title='due', date='2024-06-03T12:00:00Z')
    at_rest(site, daemon)
    true('due' not in titles(site), 'it is there before its time')
    clock.step(3 * 86400)
    began = time.monotonic()
    seen(site, daemon, clock, 'due')
    true(time.monotonic() - began <= LATE_SECONDS, 'late after the jump')


@test('a clock that is set back: what waits goes on waiting, and comes at its second')
def backward(site):
    clock, daemon = started(site, '2024-06-01T12:00:00+00:00')
    due = int(clock.now()) + 2
    site.article('a.md', title='due', date=iso(due))
    at_rest(site, daemon)
    clock.step(-3)      # before the moment passes by the old clock
    passed = time.monotonic() + 3
    at_rest(site, daemon)
    daemon.until(lambda: time.monotonic() > passed, 'time passes')
    if clock.now() < due:
        true('due' not in titles(site), 'it is there before its time')
    moment = seen(site, daemon, clock, 'due')
    true(due <= moment <= due + LATE_SECONDS, f'{moment - due:.3f} s after its second')


@test('a clock set back behind what was published: feeds as of a fresh --once, and on again')
def behind(site):
    clock, daemon = started(site, '2024-06-01T12:00:00+00:00')
    site.article('a.md', title='new', date='2024-06-01T11:59:00Z')
    daemon.until(lambda: 'new' in titles(site), 'it appears')
    entry = site.items()['new']
    clock.set('2024-06-01T11:00:00+00:00')
    at_rest(site, daemon)
    clock.set('2024-06-01T12:00:01+00:00')
    daemon.until(lambda: 'new' in titles(site), 'it is back')
    equal(site.items()['new'], entry)


@test('the clock moves while feedd is down: what became due is there when it is ready')
def down(site):
    clock, daemon = started(site, '2024-06-01T12:00:00+00:00')
    site.article('a.md', title='due', date='2024-06-02T12:00:00Z')
    site.article('b.md', title='brief', date='2024-05-01', expiryDate='2024-06-02T12:00:00Z')
    at_rest(site, daemon)
    daemon.stop()
    clock.step(2 * 86400)
    site.daemon(env=clock.env)
    equal(titles(site) - {'marker'}, {'due'})


@test('an updated of the future is named, and counts from its second on')
def early(site):
    clock = Clock(site)
    clock.set('2024-06-01T12:00:00+00:00')
    site.article('a.md', title='early', date='2024-05-01', lastmod='2024-06-02T12:00:00Z')
    words = "a.md:4:10: '2024-06-02T12:00:00Z' is still to come"
    site.run('--once', env=clock.env).expect(DONE, words)
    lacks(site.items()['early'], 'date_modified')
    daemon = site.daemon(env=clock.env)
    daemon.signal(signal.SIGUSR1)   # a look at every file
    at_rest(site, daemon)
    equal(len(daemon.log(words)), 1, 'times that it is named')
    lacks(site.items()['early'], 'date_modified')
    clock.step(2 * 86400)
    daemon.signal(signal.SIGUSR1)
    daemon.until(lambda: 'date_modified' in site.items()['early'], 'it counts')
    equal(site.items()['early']['date_modified'], '2024-06-02T12:00:00Z')


run_all()
