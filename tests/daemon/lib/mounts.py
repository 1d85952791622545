"""File systems that a test mounts on folders of its site; as root, in a mount namespace of its own.

    with mounted(site, 'disk', 'size=256k'):
        fill(site, 'disk')      # no room any more
        free(site, 'disk')

Whatever becomes of the test, nothing stays mounted: the namespace ends with it.
"""
import contextlib
import ctypes
import os
import subprocess

from case import need_root, skip

CLONE_NEWNS = 0x20000
FILLER = '.filler'


class Own:
    there = False   # the namespace


def own_namespace():
    need_root()
    if Own.there:
        return
    if ctypes.CDLL(None).unshare(CLONE_NEWNS) != 0:
        skip('no namespace of its own may be had here')
    if subprocess.run(['mount', '--make-rprivate', '/'], capture_output=True, check=False).returncode:
        skip('mounts cannot be made private here')
    Own.there = True


def mount(site, name, *options):
    """A file system in memory, of options such as size=64k, over a folder of the site."""
    own_namespace()
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', ','.join(('mode=0755',) + options), 'feedd-test',
                       site.path(name)], capture_output=True, check=False).returncode:
        skip('no file system can be mounted here')


def remount(site, name, options):
    subprocess.run(['mount', '-o', 'remount,' + options, site.path(name)], check=True)


def unmount(site, name):
    """Away with its name; who has it open keeps it."""
    subprocess.run(['umount', '--lazy', site.path(name)], check=True)


@contextlib.contextmanager
def mounted(site, name, *options):
    os.makedirs(site.path(name), exist_ok=True)
    mount(site, name, *options)
    try:
        yield
    finally:
        while os.path.ismount(site.path(name)):
            unmount(site, name)


@contextlib.contextmanager
def instead(site, name, path):
    """A file of the site in the place of one of the system, such as /etc/resolv.conf."""
    own_namespace()
    path = os.path.realpath(path)
    if not os.path.exists(path) or subprocess.run(
            ['mount', '--bind', site.path(name), path], capture_output=True,
            check=False).returncode:
        skip(f'{path} cannot be another file here')
    try:
        yield
    finally:
        subprocess.run(['umount', '--lazy', path], check=True)


def fill(site, name):
    """Take all the room that a file system has left."""
    filler = os.open(site.path(f'{name}/{FILLER}'), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for size in (65536, 4096, 1):
            try:
                while os.write(filler, bytes(size)):
                    pass
            except OSError:
                pass
    finally:
        os.close(filler)


def free(site, name):
    os.unlink(site.path(f'{name}/{FILLER}'))
