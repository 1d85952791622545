"""What a fresh `feedd --once` makes of a site, with the ids that it has: the truth to compare with."""
import os
import shutil
import sqlite3
import tempfile

from case import DONE, Site, remove


def copy_state(source, target):
    """A copy of the state as of one commit, beside a daemon that writes to it."""
    if not os.path.exists(source):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    there = sqlite3.connect(f'file:{source}?mode=ro', uri=True, timeout=10)
    here = sqlite3.connect(target)
    try:
        there.backup(here)
    finally:
        here.close()
        there.close()


def copy_tree(source, target):
    """Content as it stands, while the test keeps its hands off: links as links, times too."""
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)


def fresh(site, env=None, state=True):
    """The files that --once publishes for a copy of the site, by name, and its words."""
    root = tempfile.mkdtemp(prefix='feedd-fresh-')
    try:
        twin = Site(root)
        twin.settings(site.read('feedd.toml'))
        copy_tree(site.path('content'), twin.path('content'))
        if state:
            copy_state(site.path('.feedd/state.db'), twin.path('.feedd/state.db'))
        run = twin.run('--once', env=env).expect(DONE)
        return published(twin), run.err
    finally:
        remove(root)


def published(site):
    """The feeds by name; a daemon may be at work on them."""
    found = {}
    for name in site.files():
        try:
            if not name.endswith('.tmp'):
                found[name] = site.read('public/' + name)
        except FileNotFoundError:
            pass
    return found


def differences(found, expected):
    """A few lines on how two sets of files differ."""
    lines = [f'only the daemon has {name}' for name in sorted(found.keys() - expected.keys())]
    lines += [f'only --once has {name}' for name in sorted(expected.keys() - found.keys())]
    for name in sorted(found.keys() & expected.keys()):
        if found[name] != expected[name]:
            at = next((i for i, (a, b) in enumerate(zip(found[name], expected[name])) if a != b),
                      min(len(found[name]), len(expected[name])))
            lines.append(f'{name} differs at byte {at}: daemon {found[name][max(0, at - 80):at + 80]!r}'
                         f' --once {expected[name][max(0, at - 80):at + 80]!r}')
    return lines
