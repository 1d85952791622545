"""What the tests of the real program share: a site in a temporary folder, runs of feedd, TAP.

    @test('a draft is in no feed')
    def draft(site):
        site.article('a.md', draft='true')
        equal(site.run('--once').status, 0)

    @test('a save is in the feed')
    def save(site):
        daemon = site.daemon()          # ready when this returns; ended with the test
        site.article('a.md')
        daemon.until(lambda: b'Title of a.md' in site.read('public/rss.xml'), 'a.md in the feed')

    run_all()

Each test gets a Site of its own. A test fails by an exception; skip(why) leaves it out.
$FEEDD is the program (build/feedd).
"""
import json
import os
import resource
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
FEEDD = os.path.abspath(os.environ.get('FEEDD') or os.path.join(HERE, '../../../build/feedd'))
DONE, SKIPPED, USAGE, FAULTS, IO, LOCKED, CONFIG = 0, 1, 64, 65, 74, 75, 78     # daemon/exit.h
NOBODY = 65534
SETTINGS = '''[site]
title = "Test"
url = "https://test.example/"
author = "Tess Ter"
'''
HUNG_SECONDS = 120


def program_holds(*marks):
    """One of these words: how a program was built."""
    with open(FEEDD, 'rb') as file:
        content = file.read()
    return any(mark in content for mark in marks)


# It is slower, and its memory is its own affair.
SANITIZED = program_holds(b'__asan_init', b'__tsan_init', b'__ubsan_handle')


class Skip(Exception):
    pass


def skip(why):
    raise Skip(why)


def need_root():
    if os.geteuid() != 0:
        skip('only root can try this')


def equal(found, expected, what=''):
    if found != expected:
        raise AssertionError(f'{what + ": " if what else ""}found {found!r}, expected {expected!r}')


def true(condition, what):
    if not condition:
        raise AssertionError(what)


def contains(text, *parts):
    for part in parts:
        if part not in text:
            raise AssertionError(f'{part!r} is not in:\n{text}')


def lacks(text, *parts):
    for part in parts:
        if part in text:
            raise AssertionError(f'{part!r} is in:\n{text}')


class Run:
    """How one run of feedd ended."""

    def __init__(self, status, out, err, seconds, peak):
        self.status = status
        self.out = out          # text; undecodable bytes as \\xNN
        self.err = err
        self.seconds = seconds
        self.peak = peak        # KiB of memory

    def lines(self, part=''):
        return [line for line in self.err.splitlines() if part in line]

    def expect(self, status, *parts):
        """The status, and what standard error holds; returns the run."""
        if self.status != status:
            raise AssertionError(f'exit {self.status}, expected {status}:\n{self.out}{self.err}')
        contains(self.err, *parts)
        return self


class Site:
    """A folder with feedd.toml and content/; feeds go to public/."""

    def __init__(self, root):
        self.root = root
        self.daemons = []
        self.settings(SETTINGS)
        os.mkdir(f'{root}/content')

    def path(self, name):
        return os.path.join(self.root, name)

    def settings(self, text):
        self.write('feedd.toml', text)

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return path

    def article(self, name, body='Text.\n', **keys):
        """An article with title and date, unless the keys say others."""
        keys = {'title': f'"Title of {name}"', 'date': '2024-01-02T03:04:05Z', **keys}
        head = ''.join(f'{key}: {value}\n' for key, value in keys.items() if value is not None)
        return self.write('content/' + name, f'---\n{head}---\n{body}')

    def read(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def items(self, name='public/feed.json'):
        """The entries of a JSON feed, by title."""
        return {item['title']: item for item in json.loads(self.read(name))['items']}

    def files(self, name='public'):
        """Every file below a folder, hidden ones too."""
        found = []
        for folder, _, names in os.walk(self.path(name)):
            found += [os.path.relpath(os.path.join(folder, n), self.path(name)) for n in names]
        return sorted(found)

    def stamps(self, name='public'):
        """Inode, mtime, mode and bytes of each file: what a run must not touch."""
        stamps = {}
        for file in self.files(name):
            info = os.lstat(self.path(f'{name}/{file}'))
            content = self.read(f'{name}/{file}') if stat.S_ISREG(info.st_mode) else b''
            stamps[file] = (info.st_ino, info.st_mtime_ns, info.st_mode, content)
        return stamps

    def start(self, *args, nobody=False, limits=(), env=None, under=(), **more):
        """The process, not waited for. limits: pairs of resource.RLIMIT_* and a number;
        under: a command that becomes feedd in the end."""
        program = FEEDD
        if nobody and os.geteuid() == 0:
            program = self.path('.program')     # its own folder may be closed to others
            if not os.path.exists(program):
                shutil.copy(FEEDD, program)
            more.update(user=NOBODY, group=NOBODY, extra_groups=())

        def limit():
            for what, most in limits:
                resource.setrlimit(what, (most, most))

        kept = {key: value for key, value in os.environ.items() if key.endswith('SAN_OPTIONS')}
        more.setdefault('stdin', subprocess.DEVNULL)
        more.setdefault('cwd', self.root)
        return subprocess.Popen([*under, program, *args], preexec_fn=limit, env={
            'PATH': os.environ['PATH'], 'HOME': self.root, **kept, **(env or {})}, **more)

    def run(self, *args, **more):
        """feedd ARGS to its end."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            began = time.monotonic()
            process = self.start(*args, stdout=more.pop('stdout', out), stderr=err, **more)
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() - began > HUNG_SECONDS:
                    process.kill()
                    raise AssertionError(f'still running after {HUNG_SECONDS} s')
                time.sleep(0.002)
            process.returncode = os.waitstatus_to_exitcode(status)
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode('utf-8', 'backslashreplace'))
        return Run(process.returncode, *texts, time.monotonic() - began, usage.ru_maxrss)

    def daemon(self, *args, ready=True, **more):
        """A Daemon on this site; ready=False: it need not be ready yet, nor ever."""
        daemon = Daemon(self, *args, **more)
        self.daemons.append(daemon)
        if ready:
            daemon.until(lambda: daemon.told('READY=1'), 'READY=1')
        return daemon

    def open_to_nobody(self):
        """Give everything to the user that start(nobody=True) is."""
        if os.geteuid() != 0:
            return
        for folder, _, names in os.walk(self.root):
            for name in names + ['']:
                os.chown(os.path.join(folder, name), NOBODY, NOBODY, follow_symlinks=False)


class Daemon:
    """feedd as a service: started, waited for, ended. Its words are in .log(), all of them."""

    count = 0

    def __init__(self, site, *args, env=None, **more):
        Daemon.count += 1
        self.site = site
        self.heard = []         # what it told systemd: 'READY=1', 'STATUS=...'
        self.log_path = site.path(f'.log-{Daemon.count}')
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind(site.path(f'.notify-{Daemon.count}'))
        os.chmod(site.path(f'.notify-{Daemon.count}'), 0o777)
        with open(self.log_path, 'wb') as log:
            self.process = site.start(*args, stdout=log, stderr=log, env={
                'NOTIFY_SOCKET': site.path(f'.notify-{Daemon.count}'), **(env or {})}, **more)

    def log(self, part=''):
        """Its lines so far that hold `part`."""
        with open(self.log_path, encoding='utf-8', errors='backslashreplace') as file:
            return [line for line in file.read().splitlines() if part in line]

    def listen(self, seconds=0.0):
        """Take in what it told systemd."""
        while select.select([self.socket], [], [], seconds)[0]:
            self.heard += self.socket.recv(65536).decode('utf-8', 'backslashreplace').splitlines()
            seconds = 0

    def told(self, start):
        self.listen()
        return [line for line in self.heard if line.startswith(start)]

    def failed(self, what):
        tail = '\n'.join(self.log()[-30:])
        return AssertionError(f'{what}; it told {self.heard[-5:]} and said:\n{tail}')

    def until(self, condition, what, seconds=HUNG_SECONDS):
        """Wait until condition() is true; a file that is not there yet is no failure."""
        end = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except FileNotFoundError:
                pass
            if self.process.poll() is not None:
                raise self.failed(f'it ended with {self.process.returncode}, before: {what}')
            if time.monotonic() > end:
                raise self.failed(f'not within {seconds} s: {what}')
            self.listen(0.005)

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=HUNG_SECONDS):
        """Its exit status."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise self.failed(f'still running after {seconds} s')
            self.listen(0.005)      # a socket that is full would hold it up
        return self.process.returncode

    def stop(self, status=DONE, seconds=HUNG_SECONDS if SANITIZED else 2):
        """SIGTERM, and the end in time with that status."""
        self.signal(signal.SIGTERM)
        ended = self.wait(seconds)
        if ended != status:
            raise self.failed(f'it ended with {ended}, expected {status}')

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def close(self):
        self.kill()
        self.socket.close()

    def at_rest(self, feed='public/feed.json', seconds=HUNG_SECONDS):
        """What was done before has been looked at: a marker that is saved now is in the feed."""
        word = f'At {time.monotonic_ns()}.'
        self.site.article('marker.md', word + '\n', title='marker', date='2020-02-02')
        self.until(lambda: word in str(self.site.items(feed).get('marker')), 'a marker', seconds)

    def hold_on(self, seconds):
        """Let time pass; for what must not happen."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end, f'{seconds} s pass')


TESTS = []


def test(name):
    def add(function):
        TESTS.append((name, function))
        return function
    return add


def open_folders(parent, name):
    """Make a folder, and those in it, ones that may be read; by descriptors, for long paths."""
    os.chmod(name, 0o700, dir_fd=parent)
    folder = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        for inner in names:
            open_folders(folder, inner)
    finally:
        os.close(folder)


def remove(root):
    """rmtree, for trees whose folders a test may have closed."""
    open_folders(None, root)
    shutil.rmtree(os.fsencode(root))


def run_one(function):
    root = tempfile.mkdtemp(prefix='feedd-test-')
    os.chmod(root, 0o755)
    site = Site(root)
    try:
        function(site)
        return None, ''
    except Skip as why:
        return None, f' # SKIP {why}'
    except Exception as error:      # a test may fail in any way
        if isinstance(error, AssertionError):
            place = traceback.extract_tb(error.__traceback__)
            line = [frame for frame in place if frame.filename == sys.argv[0]
                    or frame.filename.endswith(os.path.basename(sys.argv[0]))][-1].lineno
            return f'line {line}: {error}', ''
        return traceback.format_exc(), ''
    finally:
        for daemon in site.daemons:
            daemon.close()
        remove(root)


def run_all():
    names = sys.argv[1:]
    chosen = [(name, function) for name, function in TESTS
              if not names or function.__name__ in names]
    failed = False
    print(f'1..{len(chosen)}', flush=True)
    for number, (name, function) in enumerate(chosen, 1):
        complaint, directive = run_one(function)
        if complaint:
            print('\n'.join('# ' + line for line in complaint.splitlines()))
        print(f"{'not ' if complaint else ''}ok {number} - {name}{directive}", flush=True)
        failed = failed or bool(complaint)
    sys.exit(1 if failed else 0)
