#!/usr/bin/python3
"""What feedd --once does when the disk refuses, when it is killed, and when it is not alone.

Speaks TAP. $FEEDD is the program (build/feedd).
"""
import os
import shutil
import subprocess
import sys
import tempfile
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
