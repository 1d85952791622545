#!/usr/bin/python3
"""The likeliest mistakes of a first day, and all that feedd says to each: what, where, what to do.

A case is a site with one mistake in it, and the lines on standard error, word by word. What it
says in any case is left out of them: a line for each document, and the sum of these. `{root}` is
the folder of the site, `{uid}` who feedd runs as.
"""
import os
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (CONFIG, DONE, FAULTS, IO, NOBODY, SETTINGS, USAGE, equal, run_all, skip,  # noqa: E402
                  test)
from aggregator import Aggregator        # noqa: E402
from preload import Clock                                                                   # noqa: E402

ROUTINE = re.compile(r"feed '[^']*': \S+ (would be )?written|\d+ feeds?: ")
PUBLIC = '1 article: 1 public'
DENIED = 'Permission denied; feedd runs as user id {uid}, which needs the right to (chown, chmod)'
HTTP = '[http]\nallow = ["127.0.0.0/8"]\n'


def said(site, status, *lines, args=('--check',), **more):
    run = site.run(*args, **more)
    uid = NOBODY if os.geteuid() == 0 else os.geteuid()
    found = [line for line in run.err.splitlines() if not ROUTINE.match(line)]
    equal(found, [line.replace('{root}', site.root).replace('{uid}', str(uid)) for line in lines])
    equal(run.status, status)
    return run


def head(site, text):
    """An article with a mistake in its head, or a text that is none, beside one that is right."""
    site.article('a.md')
    site.write('content/b.md', text)


# What stands below `[site]`, and what is said to it when there is one article.
SETTINGS_WRONG = [
    ('a key of an older or another program', '[content]\nsource = "posts"\n',
     ['feedd.toml:6:1: there is no setting \'source\' in [content]; feedd --settings shows all']),
    ('a key with a slip, a table with one', '[content]\nundatd = "skip"\n[outptu]\ndir = "x"\n',
     ['feedd.toml:6:1: there is no setting \'undatd\' in [content], did you mean "undated"?',
      'feedd.toml:7:2: there is no table \'outptu\', did you mean "output"?']),
    ('a key in the wrong table', '[output]\nlimit = 20\n',
     ['feedd.toml:6:1: there is no setting \'limit\' in [output]; there is one in [[feed]]']),
    ('two feeds with one path', '[[feed]]\nrss = "feed.xml"\n[[feed]]\natom = "feed.xml"\n',
     ['feedd.toml:8:8: atom goes to "feed.xml", and so does rss of the feed in line 5; '
      'give each a path of its own']),
    ('one bracket for a feed', '[feed]\nrss = "rss.xml"\n',
     ['feedd.toml:5:1: there can be several of feed; write [[feed]], in two brackets, before its '
      'settings']),
    ('a feed outside of output.dir', '[[feed]]\nrss = "/srv/www/rss.xml"\n',
     ['feedd.toml:6:7: rss must be relative to output.dir, without a first "/", '
      'found "/srv/www/rss.xml"']),
    ('a number in quotes', '[[feed]]\nrss = "rss.xml"\nlimit = "20"\n',
     ['feedd.toml:7:9: limit must be a whole number, found a string; write digits without quotes']),
    ('a token that there is not', '[content]\npermalink = "/:titel/"\n',
     ['feedd.toml:6:13: permalink has an unknown token, ":titel" (there are :slug :title :section '
      ':path :stem :filename :lang :categories :slugified_categories :year :month :day '
      ':short_year :i_month :short_month :long_month :i_day :y_day :w_year :week :w_day :short_day '
      ':long_day :hour :minute :second), did you mean ":title"?']),
    ('a zone that there is not', 'timezone = "Berlin"\n',
     ['feedd.toml:5:12: timezone "Berlin": no such zone on this machine (/usr/share/zoneinfo/Berlin: '
      'open: No such file or directory); names are like "Europe/Berlin", and the package is tzdata']),
    ('quotes of printed text', 'language = \u201cen\u201d\n',
     ['feedd.toml:5:12: this begins with the quote \u201c of printed text; TOML wants straight ones: '
      '"..."']),
    ('no quotes', 'language = en\n',
     ['feedd.toml:5:12: \'en\' is no value; put quotes around a string: "..."']),
    ('a colon', 'language: "en"\n',
     ["feedd.toml:5:9: '=' stands between 'language' and its value, not ':'"]),
    ('YAML', 'content:\n  dir: posts\n',
     ["feedd.toml:5:8: '=' stands between 'content' and its value, not ':'; a table is written [NAME]"]),
    ('a path of Windows', '[content]\ndir = "C:\\Users\\jane"\n',
     ['feedd.toml:6:10: \\U is followed by 8 hexadecimal digits; write \\\\ for a backslash, or use '
      'single quotes']),
    ('a secret in the settings',
     '[[ping]]\nprotocol = "webhook"\nurl = "https://h.example/"\nsecret = "xyzzy"\n',
     ['feedd.toml:5:1: "webhook" needs a secret; add a line such as secret_file = "webhook.secret", or '
      'secret_credential = "webhook"',
      'feedd.toml:8:1: there is no setting \'secret\' in [[ping]], did you mean "secret_file"?']),
    ('a hub with a port that cannot be', '[[ping]]\nprotocol = "websub"\nurl = "https://h.example:84433/"\n',
     ['feedd.toml:7:7: url has a port that cannot be; they go from 1 to 65535']),
]


@test('settings with a mistake')
def settings_wrong(site):
    site.article('a.md')
    for name, text, lines in SETTINGS_WRONG:
        site.settings(SETTINGS + text)
        try:
            said(site, CONFIG, *['error: ' + line for line in lines])
        except AssertionError as error:
            raise AssertionError(f'{name}: {error}') from error


@test('site.url: relative, without a scheme, with another one')
def address(site):
    site.article('a.md')
    must = 'error: feedd.toml:3:7: url must be an absolute address such as "https://example.com/", found '
    for url, rest in (('/blog/', '"/blog/"'),
                      ('test.example', '"test.example", did you mean "https://test.example"?'),
                      ('htps://test.example/', '"htps://test.example/"'),
                      ('', None)):
        site.settings(SETTINGS.replace('https://test.example/', url))
        said(site, CONFIG, must + rest if rest else
             'error: feedd.toml:3:7: url must not be empty')


@test('no settings: not here, not by that name, a folder, nothing in them')
def no_settings(site):
    site.article('a.md')
    site.settings('')
    said(site, CONFIG,
         'error: feedd.toml:1:1: title is missing in [site]; add a line such as title = "Example"',
         'error: feedd.toml:1:1: url is missing in [site]; add a line such as url = '
         '"https://example.com/"')
    said(site, CONFIG, 'error: blog.toml: open: No such file or directory; the settings are a file, '
         'often named feedd.toml; feedd --init DIR writes one', args=('--check', '-c', 'blog.toml'))
    said(site, CONFIG, 'error: content: it is a folder, not a file; the settings are a file, often '
         'named feedd.toml; feedd --init DIR writes one', args=('--check', '-c', 'content'))
    site.run('--init', '.', '--config', 'blog.toml').expect(
        USAGE, 'write full paths for dir in [content] and [output]')
    os.unlink(site.path('feedd.toml'))
    if os.path.exists('/etc/feedd/feedd.toml'):
        skip('there are settings in /etc')
    said(site, CONFIG, 'error: there is no ./feedd.toml and no /etc/feedd/feedd.toml; feedd --init DIR '
         'writes one for the site in that folder, --config FILE names another')


@test('settings as Windows saves them: line ends and a byte order mark are read, UTF-16 is named')
def windows(site):
    site.article('a.md')
    site.settings('\ufeff' + SETTINGS.replace('\n', '\r\n'))
    said(site, DONE, PUBLIC)
    site.write('feedd.toml', SETTINGS.encode('utf-16'))
    said(site, CONFIG, 'error: feedd.toml:1:1: this is UTF-16; save the file as UTF-8')
    site.write('feedd.toml', SETTINGS.replace('Test', 'Caf\u00e9').encode('latin-1'))
    said(site, CONFIG,
         'error: feedd.toml:2:13: byte 0xE9 is not valid UTF-8 here; save the file as UTF-8')


@test('content.dir: not there, a file, not to be read')
def content(site):
    site.article('a.md')
    rest = '; set dir in [content] to the folder of the articles, as seen from the folder of this file'
    site.settings(SETTINGS + '[content]\ndir = "posts"\n')
    said(site, IO, "error: feedd.toml:6:7: content.dir 'posts': open folder: No such file or directory" + rest)
    site.settings(SETTINGS + '[content]\ndir = "content/a.md"\n')
    said(site, IO, "error: feedd.toml:6:7: content.dir 'content/a.md': open folder: Not a directory" + rest)
    site.settings(SETTINGS)
    site.open_to_nobody()
    os.chmod(site.path('content'), 0)
    said(site, IO, "error: feedd.toml: content.dir 'content': open folder: " + DENIED, nobody=True)


@test('an article or a folder of them may not be read')
def unreadable(site):
    site.article('a.md')
    site.article('b.md')
    site.article('posts/c.md')
    site.open_to_nobody()
    os.chmod(site.path('content/b.md'), 0)
    os.chmod(site.path('content/posts'), 0)
    said(site, FAULTS, 'error: b.md: open: ' + DENIED, 'error: posts: open folder: ' + DENIED,
         '3 articles: 1 public, 2 skipped', nobody=True)


@test('output.dir or the state is somebody else\'s')
def not_ours(site):
    site.settings(SETTINGS + '[[feed]]\nname = "main"\nrss = "rss.xml"\n')
    site.article('a.md')
    os.mkdir(site.path('public'))
    site.open_to_nobody()
    os.chmod(site.path('public'), 0o555)
    said(site, FAULTS, "error: feedd.toml: output.dir 'public': write in it: " + DENIED, PUBLIC, nobody=True)
    said(site, IO, "error: feed 'main': rss.xml: make a temporary file: " + DENIED, PUBLIC,
         args=('--once',), nobody=True)
    os.chmod(site.path('.feedd/lock'), 0)
    said(site, IO, "error: state in .feedd: state folder '.feedd': open 'lock': " + DENIED,
         args=('--once',), nobody=True)


@test('output.dir is content.dir, or lies in it: feeds are no articles')
def output_inside(site):
    for folder in ('content', 'content/feeds'):
        site.settings(SETTINGS + f'[output]\ndir = "{folder}"\n')
        site.article('a.md')
        for _ in range(2):
            said(site, DONE, PUBLIC, args=('--once',))


@test('a site that is reached by a symlink, and articles that a symlink leads to')
def symlinks(site):
    site.article('a.md')
    os.symlink('.', site.path('site'))
    said(site, DONE, PUBLIC, cwd=site.path('site'))
    os.rename(site.path('content'), site.path('texts'))
    os.symlink('texts', site.path('content'))
    said(site, DONE, PUBLIC)
    site.write('elsewhere/b.md', 'Text.\n')
    os.symlink('../elsewhere', site.path('texts/posts'))
    os.symlink('nowhere.md', site.path('texts/c.md'))
    said(site, FAULTS, 'error: c.md: it is a symlink to what is not there; remove it, or mend its target',
         'error: posts: a symlink leads out of its folder; put there what it leads to',
         '3 articles: 1 public, 2 skipped')


@test('no articles: none there, of another language, drafts alone, undated alone')
def nothing(site):
    none = "0 articles; nothing in 'content' is one by content.include: is it the right folder?"
    empty = 'warning: no article is public, so the feeds are empty; '
    said(site, DONE, none)
    site.write('content/a.rst', 'A\n=\n')
    said(site, DONE, none, '1 .rst file is no article by content.include')
    os.unlink(site.path('content/a.rst'))
    site.article('a.md', draft='true')
    site.article('b.md', draft='true')
    said(site, DONE, '2 articles: 2 draft', empty + 'drafts have draft: true in their heads, or the like')
    for name in ('a.md', 'b.md'):
        site.write('content/' + name, f'# Title of {name}\n\nText.\n')
    said(site, DONE, '2 articles: 2 public; 2 undated (see content.undated)')
    site.settings(SETTINGS + '[content]\nundated = "skip"\n')
    said(site, DONE, '2 articles: 2 undated',
         empty + 'undated ones are left out by undated = "skip" in [content]')


@test('a date without a zone lies ahead, as the site has another one than its writer')
def zone(site):
    clock = Clock(site)
    clock.set('2026-03-01T10:30:00Z')
    site.article('a.md')
    site.article('b.md', date='2026-03-01 12:29:00')
    said(site, DONE, '2 articles: 1 public, 1 scheduled',
         'b.md is scheduled for 2026-03-01T12:29:00Z, in 119 minutes; a date without a zone counts in '
         'that of site.timezone, "UTC"', env=clock.env)
    site.settings(SETTINGS + 'timezone = "Europe/Berlin"\n')
    site.article('b.md', date='2026-03-01 11:29:00')
    said(site, DONE, '2 articles: 2 public', env=clock.env)
    site.article('b.md', date='2026-05-01')
    said(site, DONE, '2 articles: 1 public, 1 scheduled', env=clock.env)


HEADS_WRONG = [
    ('a tab', '---\ntitle: B\ntags:\n\t- x\n---\n',
     'b.md:4:1: yaml head: found character that cannot start any token; indent with blanks, not with a tab'),
    ('a colon', '---\ntitle: B: the sequel\n---\n',
     'b.md:2:9: yaml head: mapping values are not allowed in this context; put the value in quotes'),
    ('an open quote', '---\ntitle: "B\n---\n',
     'b.md:2:8: yaml head: found unexpected end of stream; close the quotes'),
    ('no end', '---\ntitle: B\ndate: 2024-01-01\n\nText.\n',
     'b.md:1:1: yaml head: it opens with "---" and never ends; put a line "---" after its last key'),
    ('no end, in TOML', '+++\ntitle = "B"\n\nText.\n',
     'b.md:1:1: toml head: it opens with "+++" and never ends; put a line "+++" after its last key'),
    ('UTF-16', '---\ntitle: B\n---\nText.\n'.encode('utf-16'), 'b.md:1:1: it is UTF-16; save it as UTF-8'),
    ('a huge file', 'x' * (2 << 20),
     'b.md: it has 2097152 bytes, more than the 1048576 allowed; raise max_bytes in [content], or leave '
     'it out by exclude'),
    ('nothing', '', 'b.md: it is empty'),
]


@test('an article with a mistake')
def heads_wrong(site):
    for name, text, line in HEADS_WRONG:
        head(site, text)
        try:
            said(site, FAULTS, 'error: ' + line, '2 articles: 1 public, 1 skipped')
        except AssertionError as error:
            raise AssertionError(f'{name}: {error}') from error


@test('an article that is not UTF-8 is published, and named')
def not_utf8(site):
    head(site, '---\ntitle: Caf\u00e9\ndate: 2024-01-01\n---\nCaf\u00e9\n'.encode('latin-1'))
    said(site, FAULTS, 'warning: b.md:2:11: 2 byte sequences are not UTF-8, replaced by U+FFFD; save the '
         'file as UTF-8', '2 articles: 2 public')


@test('the file of a secret: not there, empty, open to everybody')
def secret(site):
    ping = '[[ping]]\nprotocol = "webhook"\nurl = "https://h.example/"\nsecret_file = "hook.secret"\n'
    site.settings(SETTINGS + ping)
    site.article('a.md')
    said(site, FAULTS, "error: feedd.toml:5:1: h.example: secret_file 'hook.secret': open: No such file or "
         'directory; write the secret into that file, on a line of its own, and chmod 600 it', PUBLIC)
    os.chmod(site.write('hook.secret', '\n'), 0o600)
    said(site, FAULTS, "error: feedd.toml:5:1: h.example: secret_file 'hook.secret': it is empty; a line of "
         'it is a secret', PUBLIC)
    os.chmod(site.write('hook.secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n'), 0o644)
    said(site, DONE, 'warning: feedd.toml:5:1: h.example: everybody on this machine may read the secret in '
         'hook.secret; take that away with chmod o-r', PUBLIC)


def told(site, url, http=HTTP):
    """What is said of a hub when the first feed is published."""
    site.settings(SETTINGS + f'[[feed]]\nrss = "rss.xml"\n{http}[[ping]]\nprotocol = "websub"\n'
                  f'announce_first_run = true\nurl = "{url}"\nname = "hub"\n')
    site.article('a.md', f'Words at {time.monotonic_ns()}.\n')
    err = site.run('--once').expect(DONE).err
    line = next(line for line in err.splitlines() if line.startswith('warning: hub '))
    return re.sub(r'; due again at \S+$', '', line.removeprefix('warning: hub hub: not told of '
                                                                'https://test.example/rss.xml'))


@test('a hub: wrong port, unknown name, own network, certificate that nobody vouches for')
def hub_wrong(site):
    equal(told(site, 'http://127.0.0.1:1/'), ': connect: Connection refused; nothing listens at that port')
    equal(told(site, 'http://no-such-hub.invalid/'),
          ': no address is known for no-such-hub.invalid; look at the name')
    equal(told(site, 'http://127.0.0.1:2/', ''), ': 127.0.0.1 leads to '
          '127.0.0.1, a loopback address; if that is meant, name it in allow of [http]')
    made = subprocess.run(
        ['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', site.path('key'),
         '-out', site.path('cert'), '-days', '2', '-subj', '/CN=127.0.0.1'],
        capture_output=True, check=False)
    if made.returncode:
        skip('no openssl')
    hub = Aggregator(site, (site.path('cert'), site.path('key')))
    equal(told(site, hub.url), ': SSL certificate problem: self-signed certificate; trusted are those of '
          'ca-certificates and of $SSL_CERT_FILE')


@test('the command line: a word without dashes, with one, a slip, settings without --config')
def command_line(site):
    for word, hint in (('once', ', did you mean --once? See feedd --help'),
                       ('-check', ', did you mean --check? See feedd --help'),
                       ('--chekc', ', did you mean --check? See feedd --help'),
                       ('--port', '; see feedd --help'),
                       ('blog.toml', '; settings are named by --config blog.toml')):
        said(site, USAGE, f"error: '{word}' is not an option{hint}", args=(word,))
    said(site, IO, 'error: old.xml: open: No such file or directory', args=('--adopt', 'old.xml'))
    said(site, DONE, args=('--status',))
    equal(site.run('--status').out,
          'feedd has not run here yet: there is no state in .feedd; start it, or run feedd --once; '
          'if it runs elsewhere, name that folder by dir in [state]\n')


run_all()
