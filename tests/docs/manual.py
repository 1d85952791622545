#!/usr/bin/python3
"""Manual pages follow the tables of feedd and are clean; completions work in the real shells."""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../daemon/lib'))
from case import contains, equal, run_all, skip, test, true      # noqa: E402

ROOT = os.path.abspath(os.path.join(HERE, '../..'))
BUILD = os.environ.get('BUILD') or os.path.join(ROOT, 'build')
PRINT = f'{BUILD}/docs/print/print'
PAGES = {'docs/feedd.8': 'options', 'docs/feedd.toml.5': 'settings'}
# Where the page of another program is not installed, that is no fault of ours.
ELSEWHERE = re.compile(r'referenced manual not found|outdated mandoc\.db')
SHELL_SECONDS = 60


def merge(*args):
    return subprocess.run([f'{ROOT}/docs/merge', *args], capture_output=True, text=True,
                          check=False)


def need(program):
    if not shutil.which(program):
        skip(f'{program} is not there')


@test('the pages hold what the tables of options and settings say')
def pages(_site):
    for page, piece in PAGES.items():
        done = merge('--check', f'{ROOT}/{page}', f'{PRINT} {piece}')
        equal(done.returncode, 0, done.stderr)


PAGE = '.Dd x\n.\\" [--a]\nold\n.\\" [.]\nby hand\n.\\" [--b]\nold\n.\\" [.]\n.\\" [end]\n.Sh END\n'


@test('a piece that changed, came or went is found; text by hand stays with its piece')
def merged(site):
    page = site.write('page', PAGE)
    pieces = site.write('pieces', '.\\" [--a]\nnew\n.\\" [.]\n.\\" [--c]\nnew\n.\\" [.]\n')
    equal(merge('--check', page, f'cat {pieces}').returncode, 1)
    equal(site.read('page').decode(), PAGE)
    equal(merge(page, f'cat {pieces}').returncode, 0)
    equal(site.read('page').decode(), '.Dd x\n.\\" [--a]\nnew\n.\\" [.]\nby hand\n.\\" [--c]\nnew\n'
                                      '.\\" [.]\n.\\" [end]\n.Sh END\n')
    equal(merge('--check', page, f'cat {pieces}').returncode, 0)
    site.write('pieces', '.\\" [--c]\nnew\n.\\" [.]\n')
    done = merge(page, f'cat {pieces}')
    true(done.returncode != 0, 'text by hand was lost')
    contains(done.stderr, '--a', 'by hand')


@test('mandoc has nothing to say about the pages')
def lint(_site):
    need('mandoc')
    for page in PAGES:
        done = subprocess.run(['mandoc', '-Tlint', f'{ROOT}/{page}'], capture_output=True,
                              text=True, check=False)
        said = (done.stdout + done.stderr).splitlines()
        equal([line for line in said if not ELSEWHERE.search(line)], [])


@test('the pages read as text: each option and setting has its item')
def text(site):
    need('mandoc')
    for page, expected in (('feedd.8', re.findall(r' (--[a-z-]+)', site.run('--help').out)),
                           ('feedd.toml.5', ['permalink', '[[ping]]', 'live_check'])):
        plain = subprocess.run(['mandoc', '-Tascii', f'{ROOT}/docs/{page}'], capture_output=True,
                               text=True, check=True).stdout
        plain = re.sub('.\b', '', plain)
        true(len(expected) > 2, f'{page}: nothing to look for')
        contains(plain, *expected)


class Shell:
    """A shell at a terminal, to which lines are typed. `feedd` in it shows its arguments."""

    def __init__(self, *argv, setup, cwd):
        pid, self.fd = pty.fork()
        if pid == 0:
            os.chdir(cwd)
            os.environ.update(TERM='dumb', PS1='> ', HOME=cwd, HISTFILE='/dev/null')
            os.execvp(argv[0], argv)
        self.pid = pid
        self.seen = ''
        self.typed(setup + '\n')
        self.typed('feedd ready\n', 'GOT:ready:')

    def typed(self, keys, until=None):
        """Type, and return all that was shown once `until` is."""
        self.seen = ''
        os.write(self.fd, keys.encode())
        end = time.monotonic() + SHELL_SECONDS
        while until and until not in self.seen:
            if time.monotonic() > end:
                raise AssertionError(f'{until!r} was not shown:\n{self.seen}')
            if select.select([self.fd], [], [], 0.1)[0]:
                self.seen += os.read(self.fd, 65536).decode('utf-8', 'replace')
        return self.seen

    def close(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def interactive(site, *argv, setup):
    site.write('apples.toml', '')
    shell = Shell(*argv, setup=setup, cwd=site.root)
    try:
        shell.typed('feedd --stri\t\n', 'GOT:--strict:')
        shell.typed('feedd --once --settin\t\n', 'GOT:--once:--settings:')
        shell.typed('feedd --print-server-config n\t\n', 'GOT:--print-server-config:nginx:')
        shell.typed('feedd --config appl\t\n', 'GOT:--config:apples.toml:')
        shell.typed('feedd -c appl\t\n', 'GOT:-c:apples.toml:')
        shell.typed('feedd --config=appl\t\n', 'apples.toml:')
        shell.typed('feedd --st\t\t', '--strict')
        contains(shell.seen, '--status')
    finally:
        shell.close()


GOT = "feedd() { printf 'GOT%s' ''; printf ':%s' \"$@\"; printf ':\\n'; }; "


@test('bash completes options and their arguments')
def bash(site):
    need('bash')
    interactive(site, 'bash', '--norc', '--noprofile', '-i',
                setup=f'{GOT}. {BUILD}/completions/feedd.bash')


@test('zsh completes options and their arguments')
def zsh(site):
    need('zsh')
    site.write('functions/_feedd', open(f'{BUILD}/completions/feedd.zsh', encoding='utf-8').read())
    interactive(site, 'zsh', '-f', '-i', setup=f'{GOT}fpath=({site.path("functions")} $fpath); '
                'autoload -Uz compinit; compinit -u -D')


@test('fish completes options and their arguments')
def fish(site):
    need('fish')
    site.write('apples.toml', '')

    def complete(line):
        done = subprocess.run(['fish', '--no-config', '-c', f'source {BUILD}/completions/feedd.fish'
                               f'; complete -C "feedd {line}"'], capture_output=True, text=True,
                              check=True, cwd=site.root, env={**os.environ, 'HOME': site.root})
        equal(done.stderr, '')
        return [row.split('\t')[0] for row in done.stdout.splitlines()]

    equal(complete('--st'), ['--status', '--strict'])
    equal(complete('--print-server-config n'), ['nginx'])
    contains(complete('--config appl'), 'apples.toml')
    contains(complete('-c appl'), 'apples.toml')
    contains(complete('-'), '-n', '-V')


if __name__ == '__main__':
    run_all()
