#!/usr/bin/python3
"""Wrong settings: every complaint at once, each in one line with its place and what to do."""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (CONFIG, DONE, FAULTS, IO, contains, equal, lacks, run_all,     # noqa: E402
                  test, true)

GOOD = '[site]\ntitle = "T"\nurl = "https://t.example"\n'
FEED = '[[feed]]\nrss = "r.xml"\n'

# Name of the test, settings, and for each complaint its line:column and what it must name.
WRONG = [
    ('nothing at all', '', [('1:1', 'title'), ('1:1', 'url')]),
    ('a key misspelt', GOOD + 'titel = "x"\n', [('4:1', "'titel'", '"title"')]),
    ('a key of another case', GOOD + 'Language = "en"\n', [('4:1', "'Language'", '"language"')]),
    ('a table misspelt', GOOD + '[contents]\ndir = "c"\n', [('4:2', "'contents'", '"content"')]),
    ('a key in the wrong table', GOOD + 'dir = "c"\n', [('4:1', "'dir'", '[content]')]),
    ('a key before any table', 'permalink = "/:slug/"\n' + GOOD,
     [('1:1', "'permalink'", '[content]')]),
    ('a key that nobody knows', GOOD + 'quux = 1\n', [('4:1', "'quux'")]),
    ('a number for a text', '[site]\ntitle = 1\nurl = "https://t.example"\n',
     [('2:9', 'title', 'quotes')]),
    ('a text for a list', GOOD + '[content]\nexclude = "x"\n', [('5:11', 'exclude', 'brackets')]),
    ('a text for a number', GOOD + FEED + 'limit = "5"\n', [('6:9', 'limit', 'digits')]),
    ('one bracket for a feed', GOOD + '[feed]\nrss = "r.xml"\n', [('4:1', '[[feed]]')]),
    ('a relative address', '[site]\ntitle = "T"\nurl = "example.com"\n', [('3:7', 'absolute')]),
    ('an address of files', '[site]\ntitle = "T"\nurl = "file:///srv"\n', [('3:7', 'url')]),
    ('an empty title', '[site]\ntitle = ""\nurl = "https://t.example"\n', [('2:9', 'title')]),
    ('a zone that nobody knows', GOOD + 'timezone = "Europe/Belrin"\n', [('4:12', 'Europe/Belrin')]),
    ('a zone that leads elsewhere', GOOD + 'timezone = "../../etc/passwd"\n',
     [('4:12', 'timezone')]),
    ('a language that is none', GOOD + 'language = "english please"\n', [('4:12', 'language')]),
    ('a choice misspelt', GOOD + '[content]\nundated = "mtim"\n', [('5:11', 'mtim', '"mtime"')]),
    ('a preset misspelt', GOOD + '[content]\npermalink = "jekyl"\n',
     [('5:13', 'jekyl', '"jekyll"')]),
    ('a token that nobody knows', GOOD + '[content]\npermalink = "/:yaer/:slug/"\n',
     [('5:13', ':yaer')]),
    ('a limit below 0', GOOD + FEED + 'limit = -1\n', [('6:9', 'limit', '0')]),
    ('no bytes at all', GOOD + '[content]\nmax_bytes = 0\n', [('5:13', 'max_bytes')]),
    ('a feed without a path', GOOD + '[[feed]]\nname = "x"\n', [('4:1', 'rss')]),
    ('a path that leads out', GOOD + '[[feed]]\nrss = "../r.xml"\n', [('5:7', '..')]),
    ('a path from the root', GOOD + '[[feed]]\nrss = "/srv/r.xml"\n', [('5:7', 'rss')]),
    ('a path that is a folder', GOOD + '[[feed]]\nrss = "feeds/"\n', [('5:7', 'rss')]),
    ('two feeds in one file', GOOD + FEED + '[[feed]]\natom = "r.xml"\n',
     [('7:8', 'r.xml', 'line 4')]),
    ('two feeds of one name', GOOD + FEED + 'name = "a"\n[[feed]]\nname = "a"\nrss = "b.xml"\n',
     [('8:8', '"a"', 'line 4')]),
    ('by without its token', GOOD + '[[feed]]\nby = "tag"\nrss = "r.xml"\n', [('6:7', ':tag')]),
    ('a token without by', GOOD + '[[feed]]\nrss = ":tag.xml"\n', [('5:7', ':tag', 'by = "tag"')]),
    ('by something else', GOOD + '[[feed]]\nby = "tags"\nrss = ":tag.xml"\n',
     [('5:6', 'tags', '"tag"')]),
    ('a ping for a feed that is not there',
     GOOD + FEED + 'name = "main"\n[[ping]]\nprotocol = "websub"\nurl = "https://h.example/"\n'
     'feeds = ["mian"]\n', [('10:10', 'mian', '"main"')]),
    ('a ping of a protocol that nobody speaks',
     GOOD + '[[ping]]\nprotocol = "pubsub"\nurl = "https://h.example/"\n', [('5:12', 'pubsub')]),
    ('a ping to nowhere', GOOD + '[[ping]]\nprotocol = "websub"\n', [('4:1', 'url')]),
    ('a ping to a mailbox', GOOD + '[[ping]]\nprotocol = "websub"\nurl = "mailto:a@b.example"\n',
     [('6:7', 'url', 'absolute')]),
    ('a ping with an address that it cannot have',
     GOOD + '[[ping]]\nprotocol = "webmention"\nurl = "https://h.example/"\n', [('6:1', 'url')]),
    ('a password in the address of a ping',
     GOOD + '[[ping]]\nprotocol = "websub"\nurl = "https://a:b@h.example/"\n',
     [('6:7', 'password')]),
    ('a secret that nobody asks for',
     GOOD + '[[ping]]\nprotocol = "websub"\nurl = "https://h.example/"\nsecret_file = "s"\n',
     [('7:1', 'secret_file', '"websub"')]),
    ('no secret', GOOD + '[[ping]]\nprotocol = "webhook"\nurl = "https://h.example/"\n',
     [('4:1', 'secret_file', 'secret_credential')]),
    ('a key that is too short', GOOD + '[[ping]]\nprotocol = "indexnow"\nkey = "abc"\n',
     [('6:7', 'key', '8')]),
    ('two pings to one hub', GOOD + '[[ping]]\nprotocol = "websub"\nurl = "https://h.example/"\n'
     '[[ping]]\nprotocol = "websub"\nurl = "https://H.example"\n', [('7:1', 'line 4')]),
    ('two pings of one name', GOOD + '[[ping]]\nprotocol = "indexnow"\nname = "a"\n'
     '[[ping]]\nprotocol = "webmention"\nname = "a"\n', [('9:8', '"a"', 'line 4')]),
    ('a proxy without a port', GOOD + '[http]\nproxy = "http://p.example"\n', [('5:9', 'port')]),
    ('a network that is none', GOOD + '[http]\nallow = ["localhost"]\n',
     [('5:10', 'localhost', '192.168.1.0/24')]),
    ('a compression that nobody has', GOOD + '[output]\ncompress = ["gzp"]\n',
     [('5:13', 'gzp', '"gzip"')]),
    ('TOML that is broken', GOOD + 'author = "Ann\n', [('4:', '')]),
    ('a key twice', GOOD + 'title = "U"\n', [('4:1', 'title')]),
]


def one_complaint(site, settings, places):
    site.settings(settings)
    run = site.run('--once').expect(CONFIG)
    lines = run.err.splitlines()
    equal(len(lines), len(places), run.err)
    for line, (place, *parts) in zip(lines, places):
        if place:
            prefix = f'error: feedd.toml:{place}'
            true(line.startswith(prefix), f'{line!r} does not start with {prefix!r}')
            true(re.match(r'error: feedd\.toml:\d+:\d+: \S', line), f'no place and text: {line!r}')
        contains(line, *parts)
    equal(run.out, '')
    true(not os.path.exists(site.path('public')), 'something was published')


def add(name, settings, places):
    test(name)(lambda site: one_complaint(site, settings, places))


for case in WRONG:
    add(*case)


@test('many mistakes: all of them at once, from the first line to the last')
def all_at_once(site):
    site.settings('''[site]
titel = "T"
url = "t.example"
language = "x y"

[contnet]
dir = "c"

[output]
compress = ["gzip", "zip"]
dri = "public"

[[feed]]
by = "tag"
rss = "rss.xml"
limit = -5

[[feed]]
content = "ful"
atom = "../a.xml"
''')
    run = site.run('--check').expect(CONFIG)
    lines = run.err.splitlines()
    places = [tuple(map(int, re.match(r'error: feedd\.toml:(\d+):(\d+): ', line).groups()))
              for line in lines]
    equal(places, sorted(places))
    equal({line for line, _ in places}, {1, 2, 3, 4, 6, 10, 11, 15, 16, 19, 20})


SECRET = 'whsec_' + 'xyzzy' * 6 + 'xy'
HOOK = '[[ping]]\nprotocol = "webhook"\nurl = "https://h.example/"\n'


def checked(site, status, *parts, env=None):
    """What --check and --check-settings say of a secret; both the same."""
    run = site.run('--check', env=env).expect(FAULTS if status == IO else status, *parts)
    lacks(run.out + run.err, 'xyzzy')
    run = site.run('--check-settings', env=env).expect(status, *parts)
    lacks(run.out + run.err, 'xyzzy', 'nothing is wrong' if status == IO else 'error')


@test('a secret that is missing, empty, no text, too long or none of its kind is found by the checks')
def secret_faults(site):
    site.article('a.md')
    site.settings(GOOD + HOOK + 'secret_file = "keys/hook"\n')
    checked(site, IO, 'feedd.toml:4:1: h.example: secret_file', "'keys/hook'", 'No such file')
    for content, said in (('', 'empty'), ('\n\n', 'empty'), ('xyzzy\0', 'ASCII'),
                          (f'{SECRET}\n' * 9, '8 lines'), ('xyzzy' * 1000, '4096'),
                          (f'\n{SECRET}\nxyzzy\n', 'line 3: it does not begin with "whsec_"; make'),
                          ('whsec_xyzzy\n', 'line 1: what stands behind "whsec_" is not base64'),
                          ('whsec_xyzzyxyz\n', 'line 1: it holds 6 bytes')):
        os.chmod(site.write('keys/hook', content), 0o600)
        checked(site, IO, 'feedd.toml:4:1: ', "'keys/hook'", said)
    os.unlink(site.path('keys/hook'))
    os.mkfifo(site.path('keys/hook'))
    checked(site, IO, "'keys/hook'")


@test('a secret is found beside the settings, and must not be for everybody')
def secret_open(site):
    site.article('a.md')
    site.settings(GOOD + HOOK + 'secret_file = "hook"\n')
    os.chmod(site.write('hook', SECRET + '\n'), 0o644)
    checked(site, DONE, 'feedd.toml:4:1: ', 'everybody', 'chmod')
    os.chmod(site.path('hook'), 0o640)
    checked(site, DONE)
    lacks(site.run('--check').err, 'everybody')


@test('a credential is one of the service; without a service that is said, and no fault')
def secret_credential(site):
    site.article('a.md')
    site.settings(GOOD + HOOK + 'secret_credential = "hook"\n')
    checked(site, DONE, 'feedd.toml:4:1: ', 'LoadCredential=hook:')
    checked(site, DONE, 'LoadCredential=hook:', env={'CREDENTIALS_DIRECTORY': site.path('none')})
    os.mkdir(site.path('given'))
    given = {'CREDENTIALS_DIRECTORY': site.path('given')}
    checked(site, IO, 'feedd.toml:4:1: ', "'hook'", 'No such file', env=given)
    os.chmod(site.write('given/hook', SECRET + '\n'), 0o400)
    checked(site, DONE, env=given)


@test('examples/pings.toml is right, and has every protocol that --settings names')
def example_pings(site):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           '../../examples/pings.toml'), encoding='utf-8') as file:
        settings = file.read()
    site.settings(settings)
    os.makedirs(site.path('blog/content'))
    os.chmod(site.write('webhook.secret', SECRET + '\n'), 0o600)
    os.chmod(site.write('podping', 'xyzzy\n'), 0o600)
    run = site.run('--check-settings', env={'CREDENTIALS_DIRECTORY': site.root}).expect(DONE)
    equal(run.err.count('\n'), 1, run.err)
    named = re.search(r'# Takes: ("websub"(?:.|\n)*?); required', site.run('--settings').out)[1]
    for protocol in re.findall(r'"(\w+)"', named):
        contains(settings, f'\nprotocol = "{protocol}"\n')


@test('foreign text in a complaint is harmless, and cut when long')
def harmless(site):
    site.settings(GOOD + '"\\u001b[31mred" = 1\n')
    run = site.run('--once').expect(CONFIG)
    true('\033' not in run.err, 'an escape reached the terminal')
    equal(run.err.count('\n'), 1)
    site.settings(GOOD + f'{"k" * 5000} = 1\n')
    run = site.run('--once').expect(CONFIG)
    true(len(run.err) < 400, f'{len(run.err)} bytes')


@test('a thousand mistakes are bounded, and end')
def bounded(site):
    site.settings(GOOD + ''.join(f'nonsense{i} = 1\n' for i in range(5000)))
    run = site.run('--once').expect(CONFIG)
    true(run.err.count('\n') < 200, f'{run.err.count(chr(10))} lines')
    true(run.seconds < 5, f'{run.seconds} s')


@test('odd but right settings are taken: BOM, CRLF, dotted keys, inline tables')
def odd(site):
    site.article('a.md')
    for settings in ('\ufeff' + GOOD, GOOD.replace('\n', '\r\n'),
                     'site.title = "T"\nsite.url = "https://t.example"\n',
                     'site = { title = "T", url = "https://t.example" }\n'):
        site.settings(settings)
        site.run('--once').expect(DONE)


run_all()
