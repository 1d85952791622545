#!/usr/bin/python3
"""Hostile input is normal input: skipped or repaired with one clear line, within bounds.

Every test has a good neighbour, which must be published whatever else lies there.
"""
import json
import os
import socket
import stat
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, IO, SANITIZED, SETTINGS, contains, equal, lacks, need_root,     # noqa: E402
                  run_all, skip, test, true)

SECONDS = 60 if SANITIZED else 10
MEMORY = 96 << 10       # KiB; a megabyte of article may take some tens of them
MANY = 100000


def publish(site, skipped=None, seconds=SECONDS, memory=MEMORY):
    """Run --once beside a good neighbour, within bounds. skipped: how many lines say so."""
    site.article('neighbour.md', title='The neighbour', date='2001-01-01')
    site.settings(SETTINGS + '[[feed]]\nname = "main"\nrss = "rss.xml"\natom = "atom.xml"\n'
                  'json = "feed.json"\nlimit = 0\n')
    run = site.run('--once').expect(DONE)
    for name in ('rss.xml', 'atom.xml', 'feed.json'):
        contains(site.read('public/' + name).decode(), 'The neighbour')
    true(run.seconds < seconds, f'took {run.seconds:.1f} s')
    true(SANITIZED or run.peak < memory, f'took {run.peak >> 10} MiB')
    if os.environ.get('MEASURE'):
        print(f'# {run.seconds:.2f} s, {run.peak >> 10} MiB')
    lacks(run.err, '\033', '\0', '\ufffd\ufffd\ufffd\ufffd')
    if skipped is not None:
        equal(len(run.lines('error: ')), skipped, run.err)
        true(not skipped or f'{skipped} skipped' in run.err, run.err)
    return run


def items(site):
    return {item['title']: item for item in json.loads(site.read('public/feed.json'))['items']}


def body_test(name, extension, body, *parts):
    """A body made to cost: it is rendered, or left out with a word, and its title stands."""
    @test(name)
    def run(site):
        site.write(f'content/bomb.{extension}', f'---\ntitle: Bomb\ndate: 2024-01-01\n---\n{body}')
        run = publish(site, 0)
        true('Bomb' in items(site), run.err)
        contains(run.err, *parts)


# ---- bytes ----

@test('a NUL, UTF-16 and UTF-32 with marks and without, binary data: skipped, and what to do')
def encodings(site):
    text = '---\ntitle: Wide\ndate: 2024-01-01\n---\nWide text, and more of it.\n'
    for number, codec in enumerate(('utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-le',
                                    'utf-32-be')):
        site.write(f'content/wide{number}.md', text.encode(codec))
    site.write('content/nul.md', text + 'A \0 in it.\n')
    site.write('content/elf.md', b'\x7fELF\2\1\1' + bytes(1000))
    site.write('content/zeros.md', bytes(5000))
    site.write('content/random.txt', bytes((i * 7919 >> 3) & 255 for i in range(5000)))
    run = publish(site)
    equal(list(items(site)), ['The neighbour'])
    for number in range(3):
        contains(run.lines(f'wide{number}.md')[0], 'UTF-16', 'UTF-8')
        contains(run.lines(f'wide{number + 3}.md')[0], 'UTF-32', 'UTF-8')
    contains(run.lines('nul.md')[0], 'nul.md:6:3: ')
    equal(len(run.lines('error: ')), 10)


@test('invalid UTF-8 is repaired and reported once, with its place')
def invalid(site):
    site.write('content/latin1.md',
               '---\ntitle: Café\ndate: 2024-01-01\n---\nnaïve\n'.encode('latin-1'))
    site.write('content/all.md', b'---\ntitle: All\ndate: 2024-01-01\n---\n' +
               bytes(range(128, 256)) * 500)
    run = publish(site, 0)
    equal(len(run.lines('warning: ')), 2, run.err)
    contains(run.lines('latin1.md')[0], 'latin1.md:2:11: ')
    contains(site.read('public/rss.xml').decode(), 'Caf\ufffd', 'na\ufffdve')


@test('a sparse file of 100 MB, one just too large and one just small enough')
def large(site):
    with open(site.path('content/sparse.md'), 'wb') as file:
        file.truncate(100 << 20)
    site.write('content/over.md', b'x' * ((1 << 20) + 1))
    site.write('content/just.txt', b'Just Enough\n\n' + b'word ' * ((1 << 20) // 5 - 10))
    run = publish(site, 2)
    contains(run.lines('sparse.md')[0], '104857600', 'max_bytes in [content]')
    contains(run.lines('over.md')[0], '1048577', 'max_bytes in [content]')


@test('empty files, blanks, a mark alone, one byte')
def empty(site):
    for name, content in {'empty.md': '', 'blank.md': ' \n\t\n', 'empty.html': '', 'empty.txt': '',
                          'mark.md': '\ufeff', 'one.md': 'x', 'dashes.md': '---\n',
                          'plus.md': '+++\n', 'brace.md': '{', 'angle.html': '<'}.items():
        site.write('content/' + name, content)
    run = publish(site)
    for name in ('empty.md', 'blank.md', 'empty.html', 'empty.txt', 'mark.md'):
        contains(run.lines(name)[0], 'error: ', 'empty')


# ---- bombs ----

@test('a YAML alias bomb, and other heads made to cost: skipped')
def head_bombs(site):
    aliases = 'a0: &a0 [x, x, x, x, x, x, x, x, x]\n' + ''.join(
        f'a{i}: &a{i} [' + ', '.join([f'*a{i - 1}'] * 9) + ']\n' for i in range(1, 10))
    site.write('content/alias.md', f'---\ntitle: Bomb\n{aliases}---\nx\n')
    site.write('content/self.md', '---\ntitle: Bomb\na: &a [*a]\n---\nx\n')
    site.write('content/yaml.md', f'---\ntitle: {"[" * MANY}\n---\nx\n')
    site.write('content/yaml2.md', f'---\ntitle: {"{a: " * MANY}\n---\nx\n')
    site.write('content/yaml3.md',
               '---\n' + ''.join(f'{" " * i}a:\n' for i in range(300)) + '---\nx\n')
    site.write('content/toml.md', f'+++\ntitle = {"[" * MANY}\n+++\nx\n')
    site.write('content/toml2.md', f'+++\n{".".join(["a"] * MANY)} = 1\n+++\nx\n')
    site.write('content/json.md', f'{{"title": {"[" * MANY}\n}}\nx\n')
    site.write('content/json2.md', '{"a":' * MANY + '1' + '}' * MANY + '\nx\n')
    run = publish(site)
    for name in ('alias', 'self', 'yaml', 'yaml2', 'toml', 'toml2', 'json', 'json2'):
        lines = run.lines(f'{name}.md')
        equal(len(lines), 1, f'{name}: {lines}')
        contains(lines[0], f'error: {name}.md:')


@test('heads that never end, or hold a hundred thousand keys')
def head_sizes(site):
    site.write('content/open.md', '---\ntitle: Open\n' + 'a line of prose\n' * 50000)
    site.write('content/keys.md',
               '---\n' + ''.join(f'k{i}: 1\n' for i in range(90000)) + '---\nx\n')
    site.write('content/keys2.md',
               '+++\n' + ''.join(f'k{i} = 1\n' for i in range(80000)) + '+++\nx\n')
    site.write('content/keys3.md', '{' + ','.join(f'"k{i}": 1' for i in range(80000)) + '}\nx\n')
    site.write('content/same.md', '---\n' + 'title: Same\n' * 80000 + '---\nx\n')
    site.write('content/meta.md', ''.join(f'Key{i}: value\n' for i in range(60000)) + '\nx\n')
    site.write('content/page.html', '<head>' + ''.join(
        f'<meta name="k{i}" content="v">' for i in range(30000)) + '</head>x')
    site.write('content/mdx.mdx', 'export const meta = ' + '{a: ' * MANY)
    publish(site)


body_test('10^5 brackets in Markdown', 'md', '[' * MANY)
body_test('10^5 links in links', 'md', '[' * (MANY // 2) + '](x)' * (MANY // 2))
body_test('10^5 images in images', 'md', '![' * (MANY // 3) + '](x)' * (MANY // 3))
body_test('10^5 quotes in quotes', 'md', '> ' * (MANY // 2) + 'x')
body_test('10^5 lists in lists', 'md', '- ' * (MANY // 2) + 'x')
body_test('10^5 indented lists', 'md', ''.join(f'{" " * i}* x\n' for i in range(700)))
body_test('10^5 marks of emphasis', 'md', '*a **a _a __a ' * (MANY // 8))
body_test('10^5 backticks of every length', 'md', ' '.join('`' * i for i in range(1, 700)))
body_test('10^5 HTML openings in Markdown', 'md', '<a ' * MANY)
body_test('10^5 comments that never end', 'md', '<!-- ' * (MANY // 2))
body_test('10^5 declarations, instructions and sections', 'md',
          'x <!A ' * 20000 + 'x <? ' * 20000 + '<![CDATA[ ' * 5000)
body_test('a table of a thousand columns and rows', 'md',
          '|x' * 1000 + '|\n' + '|-' * 1000 + '|\n' + '|y' * 1000 + '|\n' + '|\n' * 60000)
body_test('a table of short rows under a wide head', 'md',
          '|a' * 20000 + '|\n' + '|-' * 20000 + '|\n' + 'x\n' * 20000)
body_test('10^5 footnotes', 'md',
          ''.join(f'[^{i}] ' for i in range(8000)) + '\n\n' +
          ''.join(f'[^{i}]: x\n' for i in range(8000)))
body_test('10^5 references to one footnote', 'md', '[^a]' * 40000 + '\n\n[^a]: x\n')
body_test('10^5 link definitions', 'md',
          ''.join(f'[{i}]: /x\n' for i in range(18000)) + '[x] ' * 1000)
body_test('10^5 nested elements of HTML', 'html', '<div>' * MANY)
body_test('10^5 elements of HTML, closed in the wrong order', 'html',
          '<b><i>' * (MANY // 2) + '</b></i>' * (MANY // 4))
body_test('10^5 attributes of one element', 'html',
          '<p ' + ' '.join(f'a{i}="x"' for i in range(MANY // 2)) + '>x</p>')
body_test('10^5 tables in tables', 'html', '<table><tr><td>' * (MANY // 3))
body_test('10^5 of "<" and of "&"', 'html', '<' * MANY + '&' * MANY + '&#x' * MANY)
body_test('a URL of half a megabyte', 'html',
          f'<a href="/{"x" * 500000}">x</a><img srcset="{"a 1x, " * 20000}">')
body_test('10^5 shortcodes that nobody closes', 'md', '{{< a >}}' * (MANY // 4))
body_test('10^5 nested braces', 'md', '{{' * MANY)
body_test('10^5 Liquid blocks that nobody closes', 'md', '{% if a %}' * (MANY // 5))
body_test('10^5 raw blocks, openings only', 'md', '{% raw %}' * (MANY // 5))
body_test('10^5 wikilinks that never end', 'md', '[[' * MANY)
body_test('10^5 embeds', 'md', '![[a]]' * (MANY // 4))
body_test('10^5 components in components', 'mdx', '<A>' * MANY)
body_test('10^5 braces of expressions', 'mdx', '<A x={' * (MANY // 4))
body_test('10^5 lines of one letter', 'txt', 'x\n' * MANY)
body_test('10^5 paragraphs', 'txt', 'Headline\n\n' * (MANY // 4))
body_test('10^5 gemtext links', 'gmi', '=> /x y\n' * (MANY // 2))
body_test('a paragraph of combining marks', 'md', 'e' + '\u0301' * MANY)
body_test('a paragraph of joined emoji', 'md', '👩' + '\u200d👩' * 30000)


@test('a title of 60 KB, thousands of tags and authors; more than a head may hold is named')
def long_values(site):
    tags, people = (', '.join(f'{word}{i}' for i in range(3000)) for word in ('t', 'p'))
    site.write('content/title.md', f'---\ntitle: {"T" * 60000}\ndate: 2024-01-01\n---\nx\n')
    site.write('content/tags.md',
               f'---\ntitle: Tags\ntags: [{tags}]\nauthors: [{people}]\n---\nx\n')
    site.write('content/heading.md', '# ' + 'H' * 200000 + '\n\nx\n')
    site.write('content/huge.md', f'---\ntitle: {"T" * 70000}\n---\nx\n')
    site.write('content/huge.toml.md', '+++\ntags = [' + '"tag", ' * 10000 + ']\n+++\nx\n')
    run = publish(site)
    equal(len(run.lines('warning: tags.md:')), 2, run.err)
    contains(run.lines('tags.md')[0], 'left out')
    contains(run.lines('error: huge.md:')[0], 'larger than')
    true('T' * 60000 in items(site), 'the long title is not there')


@test('a feed for each of many tags, of articles that have as many as they may')
def many_tags(site):
    for i in range(10):
        tags = ', '.join(f'{"t" * 50}{i}x{j}' for j in range(1000))
        site.article(f'{i}.md', tags=f'[{tags}]')
    site.settings(SETTINGS + '[[feed]]\nby = "tag"\njson = "t/:tag.json"\ncontent = "none"\n')
    run = site.run('--once').expect(DONE)
    true(run.seconds < 6 * SECONDS, f'{run.seconds:.1f} s')


# ---- files that are none ----

@test('FIFOs, sockets and devices named like articles: one line each, and no waiting')
def special(site):
    os.mkfifo(site.path('content/fifo.md'))
    listener = socket.socket(socket.AF_UNIX)
    old = os.getcwd()
    os.chdir(site.path('content'))
    listener.bind('socket.md')
    os.chdir(old)
    expected = ['fifo.md', 'socket.md', 'link.md']
    os.symlink('fifo.md', site.path('content/link.md'))
    os.mkfifo(site.path('content/pipe'))     # not named like an article: nothing to say
    if os.geteuid() == 0:
        try:
            os.mknod(site.path('content/zero.md'), stat.S_IFCHR | 0o666, os.makedev(1, 5))
            expected.append('zero.md')
        except OSError:
            pass
    run = publish(site, len(expected))
    for name in expected:
        contains(run.lines(f'error: {name}: ')[0], 'not a file')
    listener.close()


@test('symlinks: loops, dangling ones and those that lead out are named; those inside are followed')
def symlinks(site):
    outside = site.write('outside/secret.md', '---\ntitle: Secret\ndate: 2024-01-01\n---\nx\n')
    content = site.path('content')
    site.article('real/inside.md', title='Inside', date='2024-01-01')
    os.symlink('.', f'{content}/self')
    os.symlink('loop2.md', f'{content}/loop1.md')
    os.symlink('loop1.md', f'{content}/loop2.md')
    os.symlink('..', f'{content}/real/up')
    os.symlink('nowhere.md', f'{content}/dangling.md')
    os.symlink('nowhere', f'{content}/dangling')
    os.symlink(outside, f'{content}/absolute.md')
    os.symlink('../outside/secret.md', f'{content}/relative.md')
    os.symlink('../outside', f'{content}/folder')
    os.symlink('/proc/self/root', f'{content}/proc')
    os.symlink('/etc/passwd', f'{content}/passwd.txt')
    os.symlink('../outside', f'{content}/node_modules')     # left out in any case
    os.symlink('real', f'{content}/twice')
    run = publish(site)
    equal(sorted(items(site)), ['Inside', 'The neighbour'])
    lacks(site.read('public/rss.xml').decode(), 'Secret', 'root:')
    for name in ('absolute.md', 'relative.md', 'folder', 'proc', 'passwd.txt'):
        contains(run.lines(f'error: {name}: ')[0], 'leads out')
    for name in ('loop1.md', 'loop2.md'):
        contains(run.lines(f'error: {name}: ')[0], 'circle')
    for name in ('self', 'real/up'):
        contains(run.lines(f'error: {name}: ')[0], 'a folder that it lies in; remove it')
    contains(run.lines('error: dangling.md: ')[0], 'not there')
    equal(len(run.lines('error: ')), 10, run.err)


@test('a folder that is only a symlink is read once, under a name that stays')
def symlinked_folder(site):
    site.article('a/one.md', title='One')
    os.symlink('a', site.path('content/0'))
    publish(site, 0)
    equal(items(site)['One']['url'], 'https://test.example/a/one/')


# ---- names ----

@test('names with line ends, escapes or bad UTF-8: one line each that shows them harmless')
def names(site):
    content = os.fsencode(site.path('content'))
    for name in (b'line\nend.md', b'forged.md: all is well\nerror: x.md', b'escape\033[31m.md',
                 b'bad\xff\xfe.md', b'tab\there.md', b'delete\177.md'):
        with open(os.path.join(content, name), 'w', encoding='utf-8') as file:
            file.write('---\ntitle: Odd name\n---\nx\n')
    for name in (b'photo\xff.jpg', b'photo\n.jpg'):     # no articles: nothing to say
        with open(os.path.join(content, name), 'wb'):
            pass
    os.mkdir(os.path.join(content, b'folder\n\xe9'))
    run = publish(site)
    equal(len(run.lines('error: ')), 7, run.err)
    true(all(line.endswith('rename it') for line in run.lines('error: ')), run.err)
    contains(run.err, '\\x0a', '\\x1b', '\\xff')
    lacks(run.err, 'photo')


@test('more names that cannot be used than feedd keeps: the last line says so')
def many_names(site):
    for i in range(1010):
        with open(site.path(f'content/{i}\t.md'), 'w', encoding='ascii'):
            pass
    run = publish(site)
    equal(len(run.lines('error: ')), 1001, run.err)
    equal(sum('more than 1,000 others' in line for line in run.lines('error: ')), 1, run.err)


@test('names with every other character are published under proper URLs')
def odd_names(site):
    for name in ('a b', 'a%20b', 'a#b', 'a?b', 'a&b', "a'b", 'a"b', 'a\\b', 'a<b>', 'a:b', '-rf',
                 'ü', 'e\u0301', '\u202egnp', '日本語', '👍🏽', 'a*b', '[a]', '{a}', '$(a)', '`a`', 'CON',
                 ':slug'):
        site.article(f'{name}/{name}.md', title=json.dumps(name, ensure_ascii=False))
    run = publish(site)
    urls = [item['url'] for item in items(site).values()]
    equal(len(set(urls)), len(urls))
    equal(len(urls), 24, run.err)
    lacks(run.err, '\u202e')
    for url in urls:
        true(all(c.isalnum() or c in "-._~:/?#[]@!$&'()*+,;=%" for c in url) and url.isascii(), url)
        lacks(url, '#', '?')


@test('very deep folders and very long names')
def deep(site):
    site.article('/'.join('d' for _ in range(60)) + '/deep.md', title='Deep')
    here = site.path('content')
    for i in range(300):
        here += '/dd'
    os.makedirs(here)
    site.article('n' * 252 + '.md', title='Long')
    long = site.path('content')
    for _ in range(20):     # a path that no call takes whole
        long = os.path.join(long, 'l' * 150)
    os.makedirs(long)
    folder = os.open(long, os.O_RDONLY)
    for _ in range(10):
        os.mkdir('l' * 200, dir_fd=folder)
        inner = os.open('l' * 200, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    with os.fdopen(os.open('far.md', os.O_WRONLY | os.O_CREAT, dir_fd=folder), 'w') as file:
        file.write('Far away.\n')
    os.close(folder)
    run = publish(site)
    true({'Deep', 'Long'} <= set(items(site)), run.err)
    contains(run.err, 'deeper than 64 folders')
    true(len(run.lines('error: ')) <= 3, run.err)


# ---- what may not be read, or changes ----

@test('articles and folders that may not be read are named, with the reason')
def unreadable(site):
    site.article('neighbour.md', title='The neighbour')
    site.article('closed.md')
    site.article('folder/inside.md')
    site.article('blind/inside.md')
    site.open_to_nobody()
    os.chmod(site.path('content/closed.md'), 0)
    os.chmod(site.path('content/folder'), 0)
    os.chmod(site.path('content/blind'), 0o444)
    run = site.run('--once', nobody=True).expect(DONE, '3 skipped')
    for name in ('closed.md', 'folder', 'blind'):
        contains(run.lines(f'error: {name}')[0], 'Permission denied')
    contains(site.read('public/rss.xml').decode(), 'The neighbour')
    os.chmod(site.path('content'), 0)
    site.run('--once', nobody=True).expect(IO, "content.dir 'content'", 'Permission denied')
    contains(site.read('public/rss.xml').decode(), 'The neighbour')


@test('articles that vanish, appear and change meanwhile: it ends, and the next run is right')
def moving(site):
    for i in range(400):
        site.article(f'{i}.md', f'Text of {i}.\n' * 50, title=f'Number {i}')
    site.article('neighbour.md', title='The neighbour')
    site.settings(SETTINGS + '[[feed]]\njson = "feed.json"\nlimit = 0\n')
    stop = threading.Event()

    def churn():
        number = 0
        while not stop.is_set():
            number = (number + 37) % 400
            path = site.path(f'content/{number}.md')
            if number % 3 == 0 and os.path.exists(path):
                os.unlink(path)
            else:
                site.article(f'{number}.md', f'Changed {number}.\n', title=f'Number {number}')

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(5):
            run = site.run('--once')
            true(run.status in (DONE, IO), run.err)
            if os.path.exists(site.path('public/feed.json')):
                json.loads(site.read('public/feed.json'))
    finally:
        stop.set()
        thread.join()
    site.run('--once').expect(DONE)
    left = sum(name.endswith('.md') for name in os.listdir(site.path('content')))
    equal(len(items(site)), left)
    site.run('--once').expect(DONE, '1 unchanged')


@test('thousands of broken articles: each is named, and it ends')
def many_broken(site):
    count = 3000 if SANITIZED else 20000
    for i in range(count):
        site.write(f'content/{i % 100}/{i}.md', '---\ntitle: [\n---\n')
    publish(site, count, seconds=6 * SECONDS)


run_all()
