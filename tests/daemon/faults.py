#!/usr/bin/python3
"""What feedd --once does when the disk refuses, when it is killed, and when it is not alone.

Speaks TAP. $FEEDD is the program (build/feedd).
"""
import fcntl
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
FEEDD = os.path.abspath(os.environ.get('FEEDD') or os.path.join(HERE, '../../build/feedd'))
SITE = '[site]\ntitle = "T"\nurl = "https://example.com/"\n'
RUN_SECONDS = 120


def site_make(root, settings, articles=40):
    os.makedirs(f'{root}/content')
    for i in range(articles):
        article_write(root, i, f'Text of {i}.')
    with open(f'{root}/feedd.toml', 'w', encoding='utf-8') as file:
        file.write(SITE + settings)


def article_write(root, number, text):
    with open(f'{root}/content/a{number}.md', 'w', encoding='utf-8') as file:
        file.write(f'---\ntitle: A{number}\ndate: 2024-01-{1 + number % 28:02}\n'
                   f'tags: [t{number}]\n---\n{text}\n')


def once(root, *args):
    return subprocess.run([FEEDD, '--once', *args], cwd=root, capture_output=True, text=True,
                          timeout=RUN_SECONDS, check=False)


def temps(root):
    return [name for _, _, names in os.walk(f'{root}/public') for name in names
            if name.endswith('.tmp')]


def test_failing_documents(root):
    """every document of a long feed fails: the build ends, and says so"""
    site_make(root, '[[feed]]\nname = "a"\nrss = "sub/rss.xml"\natom = "atom.xml"\nlimit = 0\n'
                    '[[feed]]\nname = "b"\nrss = "sub/b.xml"\nlimit = 0\n')
    article_write(root, 27, '*long* text\n\n' * 50000)     # the newest: others are done before
    os.makedirs(f'{root}/public')
    with open(f'{root}/public/sub', 'w', encoding='utf-8') as file:
        file.write('a file where a folder is wanted')
    for _ in range(3):
        done = once(root)
        assert done.returncode == 74, done
        assert 'error: feed \'b\': sub/b.xml: ' in done.stderr, done.stderr
        assert ' 2 failed' in done.stderr, done.stderr
    assert os.path.exists(f'{root}/public/atom.xml')


def test_stale_temps(root):
    """a temp that nobody writes is swept, whatever process has its number; one in work is not"""
    site_make(root, '')
    os.makedirs(f'{root}/public')
    stale, other = '.rss.xml.feedd-1-0.tmp', '.other.xml.feedd-99999999-3.tmp'
    held, kept = '.atom.xml.feedd-99999999-0.tmp', '.rss.xml.feedd-x.tmp'
    for name in (stale, other, held, kept):
        with open(f'{root}/public/{name}', 'w', encoding='utf-8') as file:
            file.write('half')
    with open(f'{root}/public/{held}', encoding='utf-8') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = once(root)
        assert done.returncode == 0, done
        assert sorted(temps(root)) == sorted([held, kept]), temps(root)
    done = once(root)   # nothing changes, and still
    assert ' 0 written' in done.stderr, done
    assert temps(root) == [kept], temps(root)


def test_same_process_number(root):
    """another feedd with our process number, as in a container, writes the same feed"""
    site_make(root, '[[feed]]\nrss = "rss.xml"\n')
    os.makedirs(f'{root}/public')
    script = ('import fcntl, os, sys; fd = os.open(f"public/.rss.xml.feedd-{os.getpid()}-0.tmp", '
              'os.O_RDWR | os.O_CREAT); fcntl.flock(fd, fcntl.LOCK_EX); os.write(fd, b"half"); '
              'os.set_inheritable(fd, True); os.execv(sys.argv[1], [sys.argv[1], "--once"])')
    done = subprocess.run([sys.executable, '-c', script, FEEDD], cwd=root, capture_output=True,
                          text=True, timeout=RUN_SECONDS, check=False)
    assert done.returncode == 0, done
    with open(f'{root}/public/rss.xml', encoding='utf-8') as file:
        assert file.read().endswith('</rss>\n')
    assert len(temps(root)) == 1, temps(root)


def test_killed(root):
    """killed at any moment: each feed is the old or the new one, and the next run ends right"""
    site_make(root, '[output]\ncompress = ["gzip"]\n[[feed]]\nrss = "rss.xml"\njson = "feed.json"\n'
                    'limit = 0\n[[feed]]\nby = "tag"\natom = "tags/:tag.xml"\n', articles=100)
    assert once(root).returncode == 0
    for step in range(30):
        for number in range(0, 100, 3):
            article_write(root, number, f'Text {step}. ' * 2000)
        run = subprocess.Popen([FEEDD, '--once'], cwd=root, stderr=subprocess.DEVNULL)
        time.sleep(step / 100)
        run.kill()
        run.wait()
        for folder, _, names in os.walk(f'{root}/public'):
            for name in names:
                whole_or_temp(os.path.join(folder, name))
    assert once(root).returncode == 0
    assert temps(root) == []
    shutil.move(f'{root}/public', f'{root}/crashed')
    assert once(root).returncode == 0
    same = subprocess.run(['diff', '-r', 'public', 'crashed'], cwd=root, check=False)
    assert same.returncode == 0


def whole_or_temp(path):
    if path.endswith('.tmp'):
        return
    with (gzip.open if path.endswith('.gz') else open)(path, 'rb') as file:
        text = file.read()
    if '.json' in path:
        json.loads(text)
    else:
        assert text.endswith((b'</rss>\n', b'</feed>\n')), path


TESTS = [function for name, function in list(globals().items()) if name.startswith('test_')]


def main():
    print(f'1..{len(TESTS)}')
    failed = 0
    for number, test in enumerate(TESTS, 1):
        root = tempfile.mkdtemp(prefix='feedd-faults-')
        try:
            test(root)
            print(f'ok {number} - {test.__doc__}')
        except Exception:   # a test of any kind of failure
            failed += 1
            print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()))
            print(f'not ok {number} - {test.__doc__}')
        shutil.rmtree(root, ignore_errors=True)
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
