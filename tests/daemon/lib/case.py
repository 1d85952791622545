"""What the tests of the real program share: a site in a temporary folder, runs of feedd, TAP.

    @test('a draft is in no feed')
    def draft(site):
        site.article('a.md', draft='true')
        equal(site.run('--once').status, 0)

    run_all()

Each test gets a Site of its own. A test fails by an exception; skip(why) leaves it out.
$FEEDD is the program (build/feedd).
"""
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
FEEDD = os.path.abspath(os.environ.get('FEEDD') or os.path.join(HERE, '../../../build/feedd'))
DONE, SKIPPED, USAGE, FAULTS, IO, CONFIG = 0, 1, 64, 65, 74, 78     # daemon/exit.h
NOBODY = 65534
SETTINGS = '''[site]
title = "Test"
url = "https://test.example/"
author = "Tess Ter"
'''
HUNG_SECONDS = 120


def program_sanitized():
    """Built with a sanitizer: slower, and its memory is its own affair."""
    with open(FEEDD, 'rb') as file:
        content = file.read()
    return any(mark in content for mark in (b'__asan_init', b'__tsan_init', b'__ubsan_handle'))


SANITIZED = program_sanitized()


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

    def start(self, *args, nobody=False, limits=(), env=None, **more):
        """The process, not waited for. limits: pairs of resource.RLIMIT_* and a number."""
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
        return subprocess.Popen([program, *args], preexec_fn=limit, env={
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

    def open_to_nobody(self):
        """Give everything to the user that start(nobody=True) is."""
        if os.geteuid() != 0:
            return
        for folder, _, names in os.walk(self.root):
            for name in names + ['']:
                os.chown(os.path.join(folder, name), NOBODY, NOBODY, follow_symlinks=False)


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
    try:
        function(Site(root))
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
