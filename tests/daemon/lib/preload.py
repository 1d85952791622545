"""Libraries that are preloaded into feedd: a clock that the test sets, death at a step, a bad disk.

    clock = Clock(site)
    clock.set('2026-03-28T20:00:00+01:00')
    daemon = site.daemon(env=clock.env)
    clock.step(3600)

    steps = Steps(site)
    steps.kill_at(7)
    site.run('--once', env=steps.env)

    sectors = Sectors(site, clock)
    daemon = site.daemon(env=sectors.env)
    sectors.spoil('/content/posts')
"""
import datetime
import mmap
import os
import struct
import time

from case import HERE, SANITIZED, skip

BUILD = os.environ.get('BUILD') or os.path.join(HERE, '../../../build')


class Preload:
    def __init__(self, site, library, variable, size):
        path = os.path.abspath(os.path.join(BUILD, 'tests', library))
        if SANITIZED:
            skip('a sanitizer wants to be loaded first')
        if not os.path.exists(path):
            raise AssertionError(f'{path} is not there; make check-run builds it')
        name = site.write('.' + variable.lower(), bytes(size))
        os.chmod(name, 0o666)
        with open(name, 'r+b') as file:
            self.shared = mmap.mmap(file.fileno(), size)
        self.env = {'LD_PRELOAD': path, variable: name}


class Clock(Preload):
    """The wall clock of feedd. It goes on by itself, from where it was set."""

    def __init__(self, site):
        super().__init__(site, 'daemon/clock.so', 'CLOCK_OFFSET', 8)

    def now(self):
        """Unix seconds, with their fraction."""
        return time.time() + struct.unpack('=q', self.shared)[0] / 1e9

    def step(self, seconds):
        """Set it forward, or back, by so much."""
        offset = struct.unpack('=q', self.shared)[0]
        self.shared[:] = struct.pack('=q', offset + int(seconds * 1e9))

    def set(self, when):
        """To Unix seconds, or to an ISO date with its zone."""
        if isinstance(when, str):
            when = datetime.datetime.fromisoformat(when).timestamp()
        self.step(when - self.now())


class Steps(Preload):
    """Counts the steps by which feedd changes what is on disk; see tests/crash/steps.c."""

    def __init__(self, site):
        super().__init__(site, 'crash/steps.so', 'CRASH_STEPS', 12)

    @property
    def count(self):
        return struct.unpack('=3I', self.shared)[0]

    def kill_at(self, number, torn=False):
        """Die at the step of that number, counted from now; 0: at none."""
        self.shared[:] = struct.pack('=3I', 0, number, torn)


class Sectors(Preload):
    """Files and folders that the disk cannot read; see tests/daemon/sectors.c."""

    def __init__(self, site, beside=None):
        super().__init__(site, 'daemon/sectors.so', 'BAD_SECTORS', 4096)
        if beside:
            both = f'{self.env["LD_PRELOAD"]}:{beside.env["LD_PRELOAD"]}'
            self.env = {**beside.env, **self.env, 'LD_PRELOAD': both}

    def spoil(self, piece, how=''):
        """
        From now on, whatever has this piece in its path. With '!' it cannot be looked at either,
        with '?' it is gone when it is opened, and in order else.
        """
        self.shared[:] = (how + piece).encode().ljust(4096, b'\0')

    def mend(self):
        self.spoil('')
