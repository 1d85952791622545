#!/usr/bin/python3
"""Terminals and pipes: colour and progress are for people, plain lines for everything else."""
import os
import pty
import re
import select
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, FAULTS, HUNG_SECONDS, SANITIZED, SETTINGS, contains,      # noqa: E402
                  equal, lacks, run_all, test, true)

PROGRESS = re.compile(r'\r\x1b\[K')


def on_terminal(site, *args, **env):
    """What feedd writes to a terminal on standard error, and its status."""
    master, slave = pty.openpty()
    process = site.start(*args, stdout=slave, stderr=slave, env={'TERM': 'xterm', **env})
    os.close(slave)
    text = b''
    end = time.monotonic() + HUNG_SECONDS
    while time.monotonic() < end:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            piece = os.read(master, 65536)
        except OSError:     # nobody has the other side any more
            break
        if not piece:
            break
        text += piece
    os.close(master)
    return process.wait(), text.decode('utf-8', 'backslashreplace').replace('\r\n', '\n')


def slow_site(site, articles):
    """Work that may take longer than the silence before a progress line."""
    site.settings(SETTINGS + '[[feed]]\nrss = "rss.xml"\nlimit = 0\n')
    body = ''.join(f'Paragraph {i} with *words*, [a link](/x{i}) and `code`.\n\n'
                   for i in range(300))
    for i in range(articles // 6 if SANITIZED else articles):
        site.article(f'{i}.md', body)


@test('errors and warnings are coloured on a terminal')
def colour(site):
    site.article('date.md', date='never')
    site.write('content/head.md', '---\ntitle: [\n---\n')
    status, text = on_terminal(site, '--once')
    equal(status, DONE)
    true(re.search(r'\x1b\[[0-9;]+m(error|warning): date\.md', text), text)
    true(re.search(r'\x1b\[[0-9;]+merror: head\.md', text), text)
    equal(text.count('\033[0m'), len(re.findall(r'\x1b\[[1-9][0-9;]*m', text)))


@test('no colour with NO_COLOR, on a dumb terminal, or without TERM')
def no_colour(site):
    site.write('content/head.md', '---\ntitle: [\n---\n')
    for env in ({'NO_COLOR': '1'}, {'TERM': 'dumb'}):
        status, text = on_terminal(site, '--once', **env)
        equal(status, DONE)
        lacks(text, '\033[1', '\033[3')
        contains(text, 'error: head.md:')


@test('into a pipe there is no escape and no carriage return, only lines')
def pipe(site):
    slow_site(site, 300)
    site.write('content/head.md', '---\ntitle: [\n---\n')
    for args in (['--once'], ['--once', '--verbose'], ['--check']):
        run = site.run(*args, env={'TERM': 'xterm'})
        lacks(run.err + run.out, '\033', '\r')
        true(run.err.endswith('\n'), 'the last line has no end')
    lacks(run.err, 'reading articles', 'rendering:')


@test('long work shows progress on a terminal, and wipes it at the end')
def progress(site):
    slow_site(site, 1500)
    status, text = on_terminal(site, '--once')
    equal(status, DONE)
    contains(text, 'rendering: ')
    true(PROGRESS.search(text), 'no line was wiped')
    last = text.splitlines()[-1]
    contains(last, '1 feed: 1 written')
    for line in text.split('\n'):
        shown = PROGRESS.split(line)[-1]
        lacks(shown, 'rendering: ', 'reading articles: ')


@test('quick work shows no progress')
def no_progress(site):
    site.article('a.md')
    equal(PROGRESS.findall(on_terminal(site, '--once')[1]), [])


@test('--quiet shows no progress of long work')
def no_progress_quiet(site):
    slow_site(site, 300)
    equal(on_terminal(site, '--once', '--quiet')[1], '')


@test('names and texts from articles cannot paint on the terminal')
def forged(site):
    site.write('content/\033[31mred\r.md', 'Text.\n')
    site.write('content/a.md',
               '---\ntitle: "\\e[31mred\\e[0m\\a"\ndate: "\\e]0;owned\\a"\n---\nText.\n')
    for args in (['--once', '--verbose'], ['--check']):
        status, text = on_terminal(site, *args, NO_COLOR='1')
        true(status in (DONE, FAULTS), text)
        lacks(PROGRESS.sub('', text), '\033', '\a', '\r')


run_all()
