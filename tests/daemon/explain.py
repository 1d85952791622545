#!/usr/bin/python3
"""--explain: how an article was read and where it stands, what a feed holds and who is told."""
import contextlib
import json
import os
import re
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (DONE, FAULTS, USAGE, contains, equal, lacks, run_all, test, true)    # noqa: E402

SETTINGS = '''[site]
title = "Test"
url = "https://test.example/"
language = "en"
timezone = "Europe/Berlin"
author = "Tess Ter"
[[feed]]
name = "main"
atom = "atom.xml"
limit = 2
[[feed]]
name = "rusty"
tag = "rust"
json = "rust.json"
[[feed]]
name = "tags"
by = "tag"
atom = "tags/:tag/atom.xml"
'''
FIRST = '\nfeedd has not run here yet: ids and dates are those that its first build would give\n'
WRITES = ' (the next build writes it)'


def told(site, *args, **more):
    """What it says, with nothing on standard error."""
    run = site.run('--explain', *args, **more).expect(DONE)
    equal(run.err, '')
    return run.out


def facts(site, word):
    return json.loads(told(site, word, '--json'))


def fields(site, word):
    """Of each field the value, where it is from, the key, the line, the zone."""
    return {field['name']: tuple(field.get(key) for key in ('value', 'from', 'key', 'line', 'zone'))
            for field in facts(site, word)['fields']}


def why(site, word, name):
    return {field['name']: field.get('why', '') for field in facts(site, word)['fields']}[name]


@test('--explain: a whole article, to the byte')
def whole(site):
    site.settings(SETTINGS)
    site.write('content/posts/hello.md', '''---
title: Hello
date: 2024-01-02 10:00
lastmod: yesterday
tags: [rust, web]
layout: post
draft: false
weight: 3
description:
---
# Hello

First <b onclick="x()">para</b> <script>alert(1)</script><font color=red>x</font>.

{{< nosuch a >}} <a href="javascript:x()">j</a>
''')
    equal(told(site, 'content/posts/hello.md'), '''\
posts/hello.md: public, in 4 feeds

  read as        yaml head, then markdown from line 11; 271 bytes
  title          Hello  (title, line 2)
  published      2024-01-02T09:00:00Z
                 (date, line 3: "2024-01-02 10:00", without a zone, so in Europe/Berlin (site.timezone))
  updated        2024-01-02T09:00:00Z  (not edited since it was published)
  id             tag:test.example,2024-01-02:/posts/hello
                 (new: made of the site's host, the day of its publication and its path)
  url            https://test.example/posts/hello/
                 (content.permalink: "/:path/", :path is "posts/hello")
  language       en  (site.language)
  section        posts  (its folder)
  tags           rust, web  (tags, line 5)
  authors        Tess Ter
                 (it names none, so the feeds name the site's (site.author))
  summary        First para x.  (the body: its first paragraph)

keys that decide nothing
  lastmod        line 4: could not be used
  layout         line 6: tells only how a list of tags is written
  draft          line 7: with this value it says nothing
  weight         line 8: feedd has no use for it
  description    line 9: is empty

feeds
  main           entry 1 of 1; atom.xml (the next build writes it)
  rusty          entry 1 of 1; rust.json (the next build writes it)
  tags: rust     entry 1 of 1; tags/rust/atom.xml (the next build writes it)
  tags: web      entry 1 of 1; tags/web/atom.xml (the next build writes it)

not in the feeds, of what it holds
  font: tags that no feed may have; their text stays
  script: elements, with all that is inside
  onclick: attributes that no feed may have
  href: attributes, for a value that no feed may have
  h1: a first heading that repeats the title

notes
  line 15: unknown shortcode 'nosuch' removed, its inner text stays

warnings
  line 4: 'yesterday' is not a date that feedd can read, so the publication date serves; write it \
like 2024-01-31 or 2024-01-31T10:00:00+01:00
''' + FIRST)


@test('--explain: title, date and dialect of each kind of article')
def kinds(site):
    site.settings(SETTINGS)
    articles = {
        'yaml.md': ('---\ntitle: T\ndate: 2024-01-02\n---\nx\n', 'yaml', 'title', 2, 'date', 3),
        'toml.md': ('+++\ntitle = "T"\ndate = 2024-01-02\n+++\nx\n', 'toml', 'title', 2, 'date', 3),
        'json.md': ('{\n"title": "T",\n"date": "2024-01-02"\n}\nx\n', 'json',
                    'title', 2, 'date', 3),
        'hexo.md': (';;;\n"title": "T",\n"date": "2024-01-02"\n;;;\nx\n', 'hexo',
                    'title', 2, 'date', 3),
        'x.mdx': ('export const meta = {\n  title: "T",\n  date: "2024-01-02"\n}\n\nx\n', 'mdx',
                  'title', 2, 'date', 3),
        'pelican.md': ('Title: T\nDate: 2024-01-02\n\nx\n', 'keyvalue', 'Title', 1, 'Date', 2),
        'page.html': ('<!doctype html>\n<title>T</title>\n<meta name="date" content="2024-01-02">\n'
                      '<p>x\n', 'html', 'title', 2, 'date', 3),
        'blosxom.txt': ('T\nmeta-date: 2024-01-02\n\nx\n', 'blosxom', 'title', 1, 'date', 2),
    }
    for name, (text, head, title, title_line, date, date_line) in articles.items():
        site.write('content/' + name, text)
        found = fields(site, name)
        equal(facts(site, name)['head'], head, name)
        equal(found['title'], ('T', 'head', title, title_line, None), name)
        equal(found['published'], ('2024-01-01T23:00:00Z', 'head', date, date_line,
                                   'site, at midnight'), name)


@test('--explain: what files without a head say by their names, folders and shape')
def shapes(site):
    site.settings(SETTINGS)
    site.write('content/de/notes/2024-01-02-my-note.md', 'Text.\n')
    found = fields(site, 'de/notes/2024-01-02-my-note.md')
    equal(found['title'][:2], ('My Note', 'name'))
    equal(found['published'][:2], ('2024-01-01T23:00:00Z', 'name'))
    equal(found['language'][:2], ('de', 'folder'))
    equal(found['section'][:2], ('notes', 'folder'))
    site.write('content/plain.txt', 'A Headline\n\nText below it, as people write it.\n')
    equal(fields(site, 'plain.txt')['title'][:2], ('A Headline', 'body'))
    contains(why(site, 'plain.txt', 'published'), 'no date', 'content.undated')
    site.write('content/2024/03/04/x.gmi', '# Gem\n\nText.\n')
    equal(fields(site, '2024/03/04/x.gmi')['published'][:2], ('2024-03-03T23:00:00Z', 'folder'))


@test('--explain: zones: its own, the site\'s, midnight, first sight')
def zones(site):
    site.settings(SETTINGS)
    for text, value, zone in [('2024-07-02T10:00:00+09:00', '2024-07-02T01:00:00Z', 'own'),
                              ('2024-07-02 10:00', '2024-07-02T08:00:00Z', 'site'),
                              ('2024-07-02', '2024-07-01T22:00:00Z', 'site, at midnight')]:
        site.article('a.md', date=text)
        found = fields(site, 'a.md')['published']
        equal((found[0], found[4]), (value, zone), text)
    contains(why(site, 'a.md', 'published'), 'Europe/Berlin', 'site.timezone')
    site.article('b.md', date='2024-01-02', publishDate='2024-02-02')
    equal(fields(site, 'b.md')['published'][2], 'publishDate')
    contains(why(site, 'b.md', 'published'), 'released then')


@test('--explain: the URL: pattern with its tokens, own key, language')
def urls(site):
    site.settings(SETTINGS + '[content]\npermalink = "/:year/:slug/"\n')
    site.article('a.md')
    contains(why(site, 'a.md', 'url'), '"/:year/:slug/"', ':year is "2024"', ':slug is "a"')
    site.article('b.md', permalink='/own/')
    equal(fields(site, 'b.md')['url'], ('https://test.example/own/', 'head', 'permalink', 4, None))
    site.article('c.fr.md', slug='cc')
    equal(fields(site, 'c.fr.md')['url'][0], 'https://test.example/fr/2024/cc/')
    contains(why(site, 'c.fr.md', 'url'), 'below its language', ':slug is "cc"')
    equal(json.loads(told(site, 'https://test.example/own/', '--json'))['article'], 'b.md')


@test('--explain: the id: its own, new, stored, moved, back, adopted')
def ids(site):
    site.settings(SETTINGS)
    site.article('own.md', guid='"urn:x:1"')
    equal(fields(site, 'own.md')['id'], ('urn:x:1', 'head', 'guid', 4, None))
    site.article('a.md', body='A text that is long enough to be told from any other text.\n')
    contains(why(site, 'a.md', 'id'), 'new: made of')
    site.run('--once', '--quiet').expect(DONE)
    contains(why(site, 'a.md', 'id'), 'stored for it since 20', 'made of the site\'s host')
    os.rename(site.path('content/a.md'), site.path('content/b.md'))
    contains(why(site, 'b.md', 'id'), 'moved here from a.md')
    equal(fields(site, 'b.md')['id'][0], 'tag:test.example,2024-01-02:/a')
    site.run('--once', '--quiet').expect(DONE)
    contains(why(site, 'b.md', 'id'), 'stored for it', 'now it would be tag:test.example,2024-01-02:/b')
    os.rename(site.path('content/b.md'), site.path('away'))
    site.run('--once', '--quiet').expect(DONE)
    os.rename(site.path('away'), site.path('content/c.md'))
    contains(why(site, 'c.md', 'id'), 'went earlier at b.md')


@test('--explain: an id taken over from a feed, before and after')
def adopted(site):
    site.settings(SETTINGS)
    site.article('a.md')
    site.run('--once', '--quiet').expect(DONE)
    text = site.read('public/atom.xml').replace(b'tag:test.example,2024-01-02:/a', b'urn:old:a')
    site.write('old.xml', text)
    site.run('--adopt', 'old.xml', '--quiet').expect(DONE)
    equal(fields(site, 'a.md')['id'][0], 'urn:old:a')
    contains(why(site, 'a.md', 'id'), 'taken over from an existing feed (--adopt)')
    # Without a state the feeds that are there have the ids.
    for name in os.listdir(site.path('.feedd')):
        os.remove(site.path('.feedd/' + name))
    found = json.loads(site.run('--explain', 'a.md', '--json').expect(DONE).out)
    equal([field['why'] for field in found['fields'] if field['name'] == 'id'],
          ['taken over from an existing feed, which has its URL, or its title and day'])


@test('--explain: standing, and which key says so; where it would stand')
def standing(site):
    site.settings(SETTINGS)
    for name, keys, said, field, key in [
            ('draft.md', {'published': 'false'}, 'draft', 'draft', 'published'),
            ('out.md', {'rss': 'false'}, 'excluded', 'left out', 'rss'),
            ('later.md', {'date': '2999-01-01T00:00:00Z'}, 'scheduled', 'published', 'date'),
            ('past.md', {'expiryDate': '2024-02-01'}, 'expired', 'expires', 'expiryDate')]:
        site.article(name, tags='rust', **keys)
        equal(facts(site, name)['standing'], said)
        equal(fields(site, name)[field][2], key)
        places = {place['feed']: place for place in facts(site, name)['feeds']}
        equal({place['is_in'] for place in places.values()}, {False})
        equal({place['takes_it'] for place in places.values()}, {True})
        contains(told(site, name), f'{name}: {said}, in 0 feeds\n', 'no: not ')
    contains(told(site, 'later.md'), 'no: not before 2999-01-01T00:00:00Z')
    site.write('content/README.md', 'For who works here.\n')
    contains(told(site, 'README.md'), 'excluded', 'a notice beside the articles')


@test('--explain: its place in each feed, who pushed it out, whose filter does not take it')
def places(site):
    site.settings(SETTINGS)
    for day in (1, 2, 3):
        site.article(f'{day}.md', date=f'2024-01-0{day}T00:00:00Z', tags='web')
    found = {(place['feed'], place.get('value')): place for place in facts(site, '1.md')['feeds']}
    equal(found['main', None]['is_in'], False)
    equal((found['main', None]['place'], found['main', None]['entries']), (3, 2))
    contains(found['main', None]['why'], 'limit = 2', '2.md of 2024-01-02')
    contains(found['rusty', None]['why'], 'tag = "rust"')
    equal(found['tags', 'web']['place'], 3)
    site.article('none.md')
    contains(told(site, 'none.md'), 'by = "tag", of which it has no value')
    # One URL for two: the other is named.
    site.run('--once', '--quiet').expect(DONE)
    site.article('twin.md', url='/1/', date='2024-01-04T00:00:00Z')
    contains(told(site, 'twin.md'), 'in 0 feeds: its URL is that of 1.md')


@test('--explain: whether what is published has it')
def published(site):
    site.settings(SETTINGS)
    site.article('a.md')
    contains(told(site, 'a.md'), 'atom.xml' + WRITES)
    site.run('--once', '--quiet').expect(DONE)
    lacks(told(site, 'a.md'), WRITES, 'has not run')
    site.article('a.md', title='Another')
    contains(told(site, 'a.md'), 'atom.xml' + WRITES)


@test('--explain: a file that is no article, and which cannot be used')
def not_articles(site):
    site.settings(SETTINGS + '[content]\nexclude = ["old/**"]\nmax_bytes = 4096\n')
    for name, *parts in [
            ('x.rst', 'no article', 'content.include'),
            ('.hidden.md', 'hidden'),
            ('.dot/a.md', "folder '.dot' is hidden"),
            ('node_modules/a.md', "folder 'node_modules'", 'rename'),
            ('x.sync-conflict-1.md', '*.sync-conflict-*'),
            ('_index.md', '"_index.*"'),
            ('old/a.md', "content.exclude (\"old/**\")")]:
        site.write('content/' + name, '---\ntitle: T\n---\nx\n')
        contains(told(site, name), name + ': no article: ', *parts)
    for name, text, *parts in [
            ('large.md', 'x' * 5000, 'more than', 'max_bytes in [content]'),
            ('empty.md', '', 'it is empty'),
            ('open.md', '---\ntitle: T\n', 'line 1', 'never ends'),
            ('bad.md', '---\ntitle: [a\n---\n', 'line 3: yaml head'),
            ('nul.md', b'a\0b', 'skipped')]:
        site.write('content/' + name, text)
        contains(told(site, name), name + ': skipped: ', *parts)
        equal(facts(site, name)['skipped'], True)
    os.mkfifo(site.path('content/fifo.md'))
    contains(told(site, 'fifo.md'), 'fifo.md: skipped: it is a FIFO')
    os.symlink('/etc/passwd', site.path('content/out.md'))
    contains(told(site, 'out.md'), 'out.md: skipped')
    site.settings(SETTINGS + '[output]\ndir = "content/public"\n')
    site.write('content/public/a.md', 'x\n')
    contains(told(site, 'public/a.md'), "'public' is feedd's own")


@test('--explain: paths as people type them')
def paths(site):
    site.settings(SETTINGS)
    site.article('posts/a.md')
    os.symlink(site.path('content'), site.path('link'))
    for word, folder in [('content/posts/a.md', ''), ('posts/a.md', ''), ('./posts/../posts/a.md', ''),
                         ('a.md', 'content/posts'), ('../content/posts/a.md', 'content'),
                         (site.path('content/posts/a.md'), '/'), ('link/posts/a.md', '')]:
        found = site.run('--config', site.path('feedd.toml'), '--explain', word, '--json',
                         cwd=os.path.join(site.root, folder)).expect(DONE).out
        equal(json.loads(found)['article'], 'posts/a.md', word)
    site.run('--explain', 'content/posts').expect(FAULTS, 'is a folder')
    for word in ('nothing.md', '/etc/passwd', 'https://test.example/none/', '', '..', '/', '\x1b[2J'):
        lacks(site.run('--explain', word).expect(FAULTS, 'neither a file in').err, '\x1b')
    site.run('--explain').expect(USAGE, 'needs an argument')
    site.run('--explain', 'a', '--check').expect(USAGE, 'only one command')


@test('--explain: nothing that an article says reaches the terminal raw, or goes on for ever')
def hostile(site):
    site.settings(SETTINGS)
    site.write('content/a.md', b'---\ntitle: "\\e[31mred\\u202e"\ntags: ["' + b'\xff' + b'", "x\\ny"]\n'
               b'"\\e]0;k": v\ndate: "\\e[2J"\nsummary: "' + b'long ' * 2000 + b'"\n---\n'
               b'<x\x1b[31m y="1"> \x07 {{< \x1b[2J >}}\n')
    out = told(site, 'a.md')
    true(not re.search('[\x00-\x09\x0b-\x1f\x7f\u202e]', out), repr(out))
    contains(out, 'not UTF-8', 'control characters')
    true(len(out) < 8000, 'it is short')
    facts(site, 'a.md')
    site.write('content/b.md', '---\n' + ''.join(f'k{i}: 1\n' for i in range(3000)) + '---\n' +
               ''.join(f'<t{i}>' for i in range(3000)))
    contains(told(site, 'b.md'), 'and 480 more (--json lists all)', 'and 2500 keys behind',
             'and 2800 things under other names')
    name = 'content/line\nbreak.md'
    site.write(name, 'x\n')
    equal(len(told(site, name).splitlines()), 1)


@test('--explain: beside a feedd that runs, and nothing is written')
def beside(site):
    site.settings(SETTINGS)
    site.article('a.md')
    site.daemon()
    before = site.stamps('public'), site.stamps('content')
    contains(told(site, 'a.md'), 'stored for it since')
    contains(told(site, 'main'), 'atom.xml: 1 entry')
    equal((site.stamps('public'), site.stamps('content')), before)


@test('--explain: without a state none is made')
def stateless(site):
    site.settings(SETTINGS)
    site.article('a.md')
    contains(told(site, 'a.md'), FIRST)
    told(site, 'main')
    equal(sorted(os.listdir(site.root)), ['content', 'feedd.toml'])


@test('--explain FEED: files, entries, what is not in it and why')
def feed(site):
    site.settings(SETTINGS)
    for day in (1, 2, 3, 4):
        site.article(f'{day}.md', date=f'2024-01-0{day}T00:00:00Z')
    site.article('draft.md', draft='true')
    site.article('later.md', date='2999-01-01')
    site.run('--once', '--quiet').expect(DONE)
    out = told(site, 'main')
    out = re.sub(r'\d+ bytes, changed \S+Z', 'N bytes, changed T', out)
    equal(out, '''\
feed 'main': 2 of the 4 articles that it takes; limit = 2

files
  atom.xml: 2 entries, N bytes, changed T

entries
      1  2024-01-04T00:00:00Z  Title of 4.md  4.md
      2  2024-01-03T00:00:00Z  Title of 3.md  3.md

articles that are not in it
      1  scheduled: later.md
      1  draft: draft.md
      2  older than what its limit holds, the newest of them 2.md

nobody is told of it (no [[ping]])
''')
    found = facts(site, 'main')
    equal([entry['path'] for entry in found['entries']], ['4.md', '3.md'])
    equal(found['documents'][0]['as_it_should_be'], True)
    contains(told(site, 'rusty'), '0 of the 0', 'not taken by its filter tag = "rust"')


@test('--explain FEED: by name, by file, by URL; the feeds of values')
def feed_names(site):
    site.settings(SETTINGS)
    site.article('a.md', tags='[rust, Web Dev]')
    contains(told(site, 'tags'), '2 feeds, one for each value of tag', 'tags/web-dev/atom.xml')
    site.run('--once', '--quiet').expect(DONE)
    for word in ('tags/rust/atom.xml', 'public/tags/rust/atom.xml',
                 'https://test.example/tags/rust/atom.xml', site.path('public/tags/rust/atom.xml')):
        found = facts(site, word)
        equal((found['feed'], found['value']), ('tags', 'rust'), word)
    equal({value['value'] for value in facts(site, 'tags')['values']}, {'rust', 'Web Dev'})


@test('--explain FEED: who is told, and what is due; no secrets')
def feed_told(site):
    site.settings(SETTINGS + '''[[ping]]
protocol = "websub"
name = "hub"
url = "https://hub.invalid/?key=secret"
feeds = ["main"]
announce_first_run = true
[[ping]]
protocol = "xmlrpc"
name = "old"
url = "https://old.invalid/RPC2"
''')
    site.article('a.md')
    contains(told(site, 'main'), 'hub (websub): of atom.xml; nothing is due\n')
    site.run('--once', '--quiet', '--no-ping').expect(DONE)
    with contextlib.closing(sqlite3.connect(site.path('.feedd/state.db'))) as db:
        db.execute("UPDATE ping SET next_try = 4102444800, last_answer = 'no' || char(27)")
        db.commit()
    out = told(site, 'main')
    contains(out, 'hub (websub): of atom.xml; 1 due, next try 2100-01-01T00:00:00Z; last answer: no')
    lacks(out, 'secret', '\x1b')
    lacks(told(site, 'rusty'), 'hub (websub)')
    equal([target['due'] for target in facts(site, 'main')['targets'] if target['name'] == 'hub'], [1])


@test('--explain: what is held back is said')
def held_back(site):
    site.settings(SETTINGS)
    for day in range(1, 9):
        site.article(f'{day}.md', date=f'2024-01-0{day}T00:00:00Z', tags='rust')
    site.run('--once', '--quiet').expect(DONE)
    for day in range(1, 8):
        os.remove(site.path(f'content/{day}.md'))
    true(site.run('--once').status != DONE, 'held back')
    contains(told(site, '8.md'), 'held back until feedd --force: ')
    contains(told(site, 'main'), 'held back until feedd --force: ')


run_all()
