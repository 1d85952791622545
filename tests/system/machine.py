"""A machine for the system tests: a container over an overlay of this one, thrown away afterwards.

The tests of a program build on each other, and run in the order of a list; each is a function whose
docstring is its name. run_all boots, runs them and speaks TAP; it skips where no container can run.
Needs root and the packages systemd-container and dbus.
"""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

BOOT_SECONDS = 120
WAIT_SECONDS = 30
SETTINGS = '''[site]
title = "{name}"
url = "https://{name}.example/"

[content]
dir = "/srv/{name}/content"

[output]
dir = "/srv/{name}/public"

[[feed]]
name = "main"
rss = "rss.xml"
json = "feed.json"
'''
# Jobs of the host that have nothing to do with feedd and take their time.
MASKED = ('apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'e2scrub_all.timer',
          'fstrim.timer', 'systemd-networkd-wait-online.service', 'networking.service',
          'systemd-timesyncd.service', 'getty@.service', 'console-getty.service')


class Container:
    """A machine that is booted from what this one is, and written to in memory."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix='feedd-system-')
        self.tree = f'{self.root}/tree'
        self.mounted = []
        self.nspawn = None
        self.first = None       # the process that is its systemd

    def mount(self, *args):
        subprocess.run(['mount', *args], check=True, capture_output=True)
        self.mounted.append(args[-1])

    def make(self, put):
        self.mount('-t', 'tmpfs', 'tmpfs', self.root)
        for name in ('upper', 'work', 'tree'):
            os.mkdir(f'{self.root}/{name}')
        self.mount('-t', 'overlay', 'overlay', '-o', f'lowerdir=/,upperdir={self.root}/upper,'
                   f'workdir={self.root}/work', self.tree)
        policy = f'{self.tree}/usr/sbin/policy-rc.d'
        if os.path.exists(policy):
            os.unlink(policy)
        with open(f'{self.tree}/etc/machine-id', 'wb') as file:
            file.write(os.urandom(16).hex().encode() + b'\n')
        for unit in MASKED:
            link = f'{self.tree}/etc/systemd/system/{unit}'
            if os.path.lexists(link):
                os.unlink(link)
            os.symlink('/dev/null', link)
        put(self.tree)

    def boot(self):
        self.log = open(f'{self.root}/console', 'wb')
        self.nspawn = subprocess.Popen(
            ['systemd-nspawn', '--quiet', '-D', self.tree, '--register=no', '--keep-unit', '-b',
             '--console=pipe', '--private-network', '--machine=feedd-test'],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True)
        end = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < end and self.nspawn.poll() is None:
            children = subprocess.run(['pgrep', '-P', str(self.nspawn.pid)], capture_output=True,
                                      text=True, check=False).stdout.split()
            if children:
                self.first = children[0]
                state = self.run('systemctl', 'is-system-running', check=False).stdout.strip()
                if state in ('running', 'degraded'):
                    return
            time.sleep(0.1)
        raise RuntimeError('systemd did not come up:\n' + self.console())

    def console(self):
        with open(f'{self.root}/console', encoding='utf-8', errors='replace') as file:
            return file.read()[-3000:]

    def run(self, *command, check=True, **more):
        done = subprocess.run(['nsenter', '-t', self.first, '-m', '-u', '-i', '-n', '-p', '-C', '-r', '-w',
                               '--', *command], capture_output=True, text=True, check=False,
                              timeout=WAIT_SECONDS * 4, **more)
        if check and done.returncode:
            raise AssertionError(f'{" ".join(command)}: exit {done.returncode}\n'
                                 f'{done.stdout}{done.stderr}')
        return done

    def close(self):
        if self.nspawn and self.nspawn.poll() is None:
            if self.first:
                self.run('systemctl', 'poweroff', check=False)
            try:
                self.nspawn.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(self.nspawn.pid, signal.SIGKILL)
                self.nspawn.wait()
        if self.nspawn:
            self.log.close()
        for path in reversed(self.mounted):
            subprocess.run(['umount', '-l', path], check=False)
        os.rmdir(self.root)


machine = Container()


def true(condition, what):
    if not condition:
        raise AssertionError(what)


def write(path, text):
    """A file in the container, as a user there would save it."""
    machine.run('mkdir', '-p', os.path.dirname(path))
    machine.run('tee', path, input=text)


def read(path):
    return machine.run('cat', path).stdout


def show(unit, key):
    return machine.run('systemctl', 'show', '-P', key, unit).stdout.strip()


def journal(unit):
    return machine.run('journalctl', '--no-pager', '-o', 'cat', '-u', unit).stdout


def until(condition, what, unit='feedd', seconds=WAIT_SECONDS):
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except (AssertionError, KeyError, ValueError):
            if time.monotonic() > end:
                raise
        if time.monotonic() > end:
            raise AssertionError(f'not within {seconds} s: {what}\n'
                                 + machine.run('systemctl', 'status', '--no-pager', '-l', unit,
                                               check=False).stdout + journal(unit)[-3000:])
        time.sleep(0.05)


def titles(name):
    return {item['title'] for item in json.loads(read(f'/srv/{name}/public/feed.json'))['items']}


def settings(name, unit=None, more=''):
    write(f'/etc/feedd/{unit or name}.toml', SETTINGS.format(name=name) + more)


def article(name, file, title):
    write(f'/srv/{name}/content/{file}', f'---\ntitle: {title}\ndate: 2024-01-02\n---\nText.\n')


def site(name, unit):
    """What a user prepares: settings, content, a folder for the feeds, and leave to write there."""
    settings(name, 'feedd' if unit == 'feedd' else name)
    article(name, 'first.md', 'First')
    machine.run('install', '-d', '-o', 'feedd', f'/srv/{name}/public')
    write(f'/etc/systemd/system/{unit}.service.d/output.conf',
          f'[Service]\nReadWritePaths=/srv/{name}/public\n')
    machine.run('systemctl', 'daemon-reload')


def why_not():
    if os.geteuid() != 0:
        return 'only root can boot a container'
    for program in ('systemd-nspawn', 'nsenter', 'dbus-daemon'):
        if not shutil.which(program):
            return f'{program} is not installed'
    return None


def run_tests(tests):
    print(f'1..{len(tests)}', flush=True)
    failed = False
    for number, function in enumerate(tests, 1):
        try:
            function()
            word = 'ok'
        except Exception as error:      # a test may fail in any way
            print('\n'.join(f'# {line}' for line in str(error).splitlines()))
            word, failed = 'not ok', True
        print(f'{word} {number} - {function.__doc__}', flush=True)
    return 1 if failed else 0


def run_all(put, tests, shell=False):
    """Boot a machine that put(tree) has made ready, and run the tests in it, or a shell."""
    why = why_not()
    if why:
        print(f'1..0 # SKIP {why}')
        return 0
    try:
        try:
            machine.make(put)
            machine.boot()
        except (subprocess.CalledProcessError, OSError, RuntimeError) as error:
            print('\n'.join(f'# {line}' for line in str(error).splitlines()))
            print('1..0 # SKIP no container boots here')
            return 0
        if shell:
            return subprocess.call(['nsenter', '-t', machine.first, '-a', 'bash'])
        return run_tests(tests)
    finally:
        machine.close()
