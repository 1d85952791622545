#!/usr/bin/python3
"""feedd --init: the dialogue at a terminal, --yes, adoption, and settings files of ill will."""
import http.server
import os
import pty
import select
import sys
import threading
import time
import tomllib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, FAULTS, HUNG_SECONDS, IO, USAGE, contains, equal, lacks,     # noqa: E402
                  run_all, test, true)

STOPPED = 1
END = '\x04'    # ctrl-d
ARTICLE = '---\ntitle: First\ndate: 2024-01-02\n---\nText.\n'
FEED = '''<?xml version="1.0"?>
<rss version="2.0"><channel><title>A</title><link>https://blog.test/</link><description>A</description>
<item><title>First</title><link>https://blog.test/first/</link><guid>old-id-1</guid></item>
</channel></rss>
'''


def dialogue(site, *answers):
    """Each answer to the question whose text ends in its first part; status and what was said."""
    master, slave = pty.openpty()
    process = site.start('--init', 'blog', stdin=slave, stdout=slave, stderr=slave,
                         env={'TERM': 'dumb'})
    os.close(slave)
    text, seen = '', 0
    answers = list(answers)
    end = time.monotonic() + HUNG_SECONDS
    while time.monotonic() < end:
        if select.select([master], [], [], 1)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:     # nobody has the other side any more
                break
            if not piece:
                break
            text += piece.decode('utf-8', 'backslashreplace').replace('\r\n', '\n')
        if text.endswith(': ') and len(text) > seen:
            question = text.splitlines()[-1]
            seen = len(text)
            true(answers, f'one question too many: {question}')
            part, answer = answers.pop(0)
            contains(question, part)
            answer = answer() if callable(answer) else answer
            os.write(master, (answer if answer == END else answer + '\n').encode())
    os.close(master)
    status = process.wait()
    equal(answers, [], f'not asked, in:\n{text}')
    return status, text


def blog(site, **files):
    os.makedirs(site.path('blog/posts'))
    site.write('blog/posts/first.md', ARTICLE)
    for name, content in files.items():
        site.write('blog/' + name, content)


def settings(site):
    return tomllib.loads(site.read('blog/feedd.toml').decode())


ANSWERS = [('site.title [blog]', 'My "blog"'), ('site.url [https://example.com/]', 'https://blog.test'),
           ('site.author', ''), ('site.language', 'de'), ('site.timezone [', 'Europe/Berlin'),
           ('content.dir [posts]', ''), ('content.permalink [/:path/]', ''),
           ('output.dir [public]', 'www')]


@test('what is open is asked, with what is offered; then the file is there, and checked')
def asked(site):
    blog(site)
    status, text = dialogue(site, *ANSWERS, ('on the web', ''))
    equal(status, DONE, text)
    contains(text, 'a folder of articles', 'blog/feedd.toml written', 'https://blog.test/first/',
             '1 article: 1 public', 'feedd --once --config blog/feedd.toml')
    equal(settings(site), {
        'site': {'title': 'My "blog"', 'url': 'https://blog.test', 'language': 'de',
                 'timezone': 'Europe/Berlin'},
        'content': {'dir': 'posts', 'permalink': '/:path/'}, 'output': {'dir': 'www'},
        'feed': [{'name': 'main', 'rss': 'rss.xml', 'atom': 'atom.xml', 'json': 'feed.json'}]})
    equal(site.files('blog'), ['feedd.toml', 'posts/first.md'])


@test('who gives no address is told that there is none yet, and no feed is looked for at it')
def no_address(site):
    blog(site)
    answers = [(part, '' if part.startswith('site.url') else answer) for part, answer in ANSWERS]
    status, text = dialogue(site, *answers, ('on the web', ''))
    equal(status, DONE, text)
    contains(text, "warning: site.url: This is nobody's address")
    lacks(text, 'y for https://example.com')


@test('what was found is not asked')
def found(site):
    blog(site)
    site.write('blog/hugo.toml', 'baseURL = "https://blog.test/"\ntitle = "T"\n'
                                 'params.author = "Jo"\ncontentDir = "posts"\n')
    status, text = dialogue(site, ('on the web', ''))
    equal(status, DONE, text)
    contains(text, 'site.title: T (title in hugo.toml)')


@test('an answer that makes no sense is said to, and asked again')
def wrong(site):
    blog(site)
    answers = list(ANSWERS)
    for at, part, bad in ((6, 'content.permalink', '/:pfad/'), (6, 'content.permalink', 'x'),
                          (5, 'content.dir', 'posts/first.md'), (5, 'content.dir', 'nowhere'),
                          (4, 'site.timezone', 'Mars/Base'), (3, 'site.language', 'no language'),
                          (1, 'site.url', 'blog.test')):
        answers.insert(at, (part, bad))
    status, text = dialogue(site, *answers[:-1], answers[-1], ('on the web', 'nonsense'),
                            ('on the web', ''))
    equal(status, DONE, text)
    contains(text, 'did you mean "https://blog.test"?', 'must be a language tag', 'no time zone',
             'there is no such folder', 'that is no folder', 'unknown token, ":pfad"',
             'that is no address')


@test('the end of the input at any question: nothing is written')
def stopped(site):
    blog(site)
    for count in range(len(ANSWERS) + 1):
        answers = [*ANSWERS, ('on the web', '')][:count + 1]
        answers[-1] = (answers[-1][0], END)
        status, text = dialogue(site, *answers)
        equal(status, STOPPED, text)
        contains(text, '\nwarning: stopped; nothing was written')
        equal(site.files('blog'), ['posts/first.md'])


@test('a feedd.toml that somebody writes while questions are asked stays')
def meanwhile(site):
    blog(site)

    def late():
        site.write('blog/feedd.toml', 'mine\n')
        return ''
    status, text = dialogue(site, *ANSWERS, ('on the web', late))
    equal(status, IO, text)
    contains(text, 'has come meanwhile, and stays')
    equal(site.read('blog/feedd.toml'), b'mine\n')
    equal(site.files('blog'), ['feedd.toml', 'posts/first.md'])


class Server:
    def __init__(self, answers):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                status, body = answers.get(self.path, (404, b''))
                self.send_response(status)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_address[1]}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@test('a feed on the web is downloaded when it is named, kept beside, and its ids are taken over')
def download(site):
    blog(site)
    server = Server({'/rss.xml': (200, FEED.encode()), '/page': (200, b'<html>no feed</html>')})
    site.write('blog/old-feed.xml', 'mine')
    status, text = dialogue(site, *ANSWERS, ('y for https://blog.test/rss.xml', server.url + '/no'),
                            ('on the web', server.url + '/page'),
                            ('on the web', server.url + '/rss.xml'))
    equal(status, DONE, text)
    contains(text, 'status 404', 'it has 1 entry', '--once --adopt blog/old-feed-2.xml')
    equal(site.read('blog/old-feed.xml'), b'mine')
    equal(site.read('blog/old-feed-2.xml').decode(), FEED)
    site.run('--once', '--adopt', 'blog/old-feed-2.xml', '--config', 'blog/feedd.toml').expect(DONE)
    contains(site.read('blog/www/rss.xml').decode(), 'old-id-1')


@test('a feed in the output folder is offered; no is no')
def local(site):
    blog(site)
    site.write('blog/public/feed.xml', FEED)
    answers = [*ANSWERS[:-1], ('output.dir [public]', '')]
    status, text = dialogue(site, *answers, ('public/feed.xml is a feed of 1 entry', 'maybe'),
                            ('public/feed.xml is a feed of 1 entry', 'n'))
    equal(status, DONE, text)
    lacks(text, '--adopt')
    os.unlink(site.path('blog/feedd.toml'))
    run = site.run('--init', 'blog', '--yes').expect(DONE, '--once --adopt blog/public/feed.xml')
    equal(site.read('blog/public/feed.xml').decode(), FEED)
    lacks(run.err, 'downloading')


@test('settings that are there stay, be they a symlink that leads nowhere: 74, and what to do')
def exists(site):
    blog(site, **{'feedd.toml': 'mine'})
    site.run('--init', 'blog', '--yes').expect(IO, 'blog/feedd.toml is there already', '--check')
    equal(site.read('blog/feedd.toml'), b'mine')
    os.unlink(site.path('blog/feedd.toml'))
    os.symlink('nowhere', site.path('blog/feedd.toml'))
    site.run('--init', 'blog', '--yes').expect(IO, 'is there already')
    equal(os.readlink(site.path('blog/feedd.toml')), 'nowhere')


@test('--yes fills in what is safe, and names what is to be corrected')
def yes(site):
    blog(site)
    run = site.run('--init', 'blog', '--yes').expect(
        DONE, 'warning: site.url: This is a guess', 'warning: content.dir: This is a guess')
    lacks(run.err, 'site.author')
    equal(settings(site)['site']['url'], 'https://example.com/')


@test('the command that is to follow can be pasted, whatever the folder is called')
def quoted(site):
    os.makedirs(site.path("it's a blog/posts"))
    site.run('--init', "it's a blog", '--yes').expect(
        DONE, "feedd --once --config 'it'\\''s a blog/feedd.toml'")


@test('without a terminal and without --yes nothing is done')
def no_terminal(site):
    blog(site)
    site.run('--init', 'blog').expect(USAGE, '--yes')
    equal(site.files('blog'), ['posts/first.md'])


@test('a folder that is not there, or may not be written')
def folders(site):
    site.run('--init', 'nowhere', '--yes').expect(IO, 'nowhere')
    site.run('--init', 'feedd.toml', '--yes').expect(IO, 'feedd.toml')
    site.run('--init').expect(USAGE, '--init')
    site.run('--once', '--yes').expect(USAGE, '--yes')
    site.run('--init', '.', '--config', 'x').expect(USAGE, '--config')


@test('settings of the site that cannot be read are said, and the generator is known all the same')
def unreadable(site):
    blog(site, **{'hugo.toml': 'title = "x"\n'})
    site.open_to_nobody()
    os.chmod(site.path('blog/hugo.toml'), 0)
    run = site.run('--init', 'blog', '--yes', nobody=True)
    contains(run.err, 'hugo.toml: open: Permission denied', 'this is a Hugo site')
    os.makedirs(site.path('linked'))
    site.write('shared.yml', 'title: x\n')
    os.symlink('../shared.yml', site.path('linked/_config.yml'))
    contains(site.run('--init', 'linked', '--yes').err, '_config.yml: a symlink leads out')


LAUGHS = 'a: &a [x, x]\n' + ''.join(f'{c}: &{c} [*{p}, *{p}]\n' for p, c in zip('abcdefg', 'bcdefgh'))
HOSTILE = {
    'a FIFO': None,
    'huge': 'title: ' + 'x' * (1 << 20) + '\n',
    'binary': b'\0\1\2\xff' * 1000,
    'no UTF-8': b'title: \xff\xfe\nurl: https://a.test/\n',
    'UTF-16': 'title: x\n'.encode('utf-16'),
    'cyclic': 'a: &a [*a]\ntitle: x\n',
    'laughing': LAUGHS,
    'deep': '[' * 20000,
    'a list': '- a\n- b\n',
    'lists for texts': 'title: [a]\nurl: {a: b}\npermalink: [x]\nfeed: [1]\nplugins: {a: b}\n',
    'lines in texts': 'title: "a\\nb\\u0000\\e[31m"\nurl: "https://a.test/\\n"\n',
    'paths that lead away': 'destination: ../../etc\ncollections_dir: /etc\nfeed: {path: ../../x}\n',
    'what no comment may hold': 'permalink: "/:a\\x7fb\\x1b/:c\\u202e/"\ntitle: "a\\x7fb"\n',
    'patterns': 'permalink: "{{{::::/:/:year:year\\n\\"]"\n',
    'long': f'title: {"long " * 5000}\npermalink: /{":year" * 5000}/\n',
}


@test('settings files of ill will: feedd.toml loads all the same, or nothing is done')
def hostile(site):
    for name in ('_config.yml', 'hugo.toml', 'config.toml', 'hugo.json', 'pelicanconf.py',
                 'astro.config.mjs', 'eleventy.config.js', 'package.json', '_data/site.json'):
        for what, content in HOSTILE.items():
            root = f'{what} {name}'
            os.makedirs(site.path(f'{root}/_posts'))
            site.write(f'{root}/_posts/2024-01-02-a.md', ARTICLE)
            if content is None:
                os.mkfifo(site.path(f'{root}/{os.path.basename(name)}'))
            else:
                site.write(f'{root}/{name}', content)
            run = site.run('--init', root, '--yes')
            true(run.status in (DONE, FAULTS, IO), f'{root}: {run.status}\n{run.err}')
            contains(run.err, 'feedd.toml written')
            lacks(run.err, '\033')
            true(all('content.dir' in line for line in run.lines('error: ')), run.err)
            tomllib.loads(site.read(f'{root}/feedd.toml').decode())
            site.run('--check', '--config', f'{root}/feedd.toml').expect(run.status)


run_all()
