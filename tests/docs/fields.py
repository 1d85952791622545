#!/usr/bin/python3
"""docs/json.md names each field that --json prints, and nothing else."""
import json
import os
import re
import shutil
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../daemon/lib'))
from aggregator import Aggregator                                       # noqa: E402
from case import DONE, FAULTS, IO, SETTINGS, SKIPPED, equal, run_all, test  # noqa: E402

ROW = re.compile(r'^\| `([^`]+)`( \\\*)? \|', re.M)
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')
TIMES = ('at', 'started', 'published', 'updated', 'changed', 'since', 'empty_since', 'parked', 'last_told',
         'next_try')


def documented(command):
    """{field: is it always there}"""
    with open(os.path.join(HERE, '../../docs/json.md'), encoding='utf-8') as file:
        text = file.read()
    section = text.split(f'## `feedd {command} --json`\n')[1].split('\n## ')[0]
    return {field: not seldom for field, seldom in ROW.findall(section)}


def fields_of(value, path=''):
    """The paths of all that is no object and no list, as the page writes them."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from fields_of(inner, f'{path}.{key}'.lstrip('.'))
    elif isinstance(value, list):
        for inner in value:
            yield from fields_of(inner, path + '[]')
    else:
        if path.split('.')[-1] in TIMES:
            assert TIME.fullmatch(value), f'{path}: {value}'
        yield path


def compare(command, documents):
    """Each field is documented; each that is documented was seen, and always if so it says."""
    rows = documented(command)
    seen = set()
    for document in documents:
        fields = set(fields_of(document))
        seen |= fields
        equal(sorted(fields - set(rows)), [], 'not documented')
        equal(document['version'], 1)
        missing = [row for row, always in rows.items() if always and '[]' not in row and row not in fields]
        equal(missing, [], 'missing')
    equal(sorted(set(rows) - seen), [], 'documented, and nowhere to be seen')


@test('the fields of --check --json are those of the page')
def check(site):
    site.article('a.md')
    site.article('later.md', date='2999-01-01')
    site.write('content/broken.md', '---\ntitle: [\n---\n')
    compare('--check', [json.loads(site.run('--check', '--json').expect(FAULTS).out)])


HEAD = """---
title: A
date: 2024-01-02 10:00
lastmod: yesterday
tags: [x]
layout: post
extra:
  toc: true
---
A <font color=red>red</font> <b onclick="x()">word</b>.
"""


def explained(site, word):
    return json.loads(site.run('--explain', word, '--json').expect(DONE).out)


@test('the fields of --explain --json are those of the page')
def explain(site):
    good, dead = Aggregator(site), Aggregator(site)
    dead.stop()
    site.settings(SETTINGS + '[[feed]]\nname = "main"\nrss = "rss.xml"\nlimit = 5\n[[feed]]\nname = "tags"\n'
                  'by = "tag"\natom = "tags/:tag.xml"\n[http]\nallow = ["127.0.0.0/8"]\n' + ''.join(
                      f'[[ping]]\nname = "{number}"\nprotocol = "websub"\nurl = "{hub.url}"\n'
                      'announce_first_run = true\n' for number, hub in enumerate((good, dead))))
    site.write('content/a.md', HEAD)
    site.write('content/long.md', '---\n' + ''.join(f'key{i}: x\n' for i in range(501)) + '---\n'
               + ''.join(f'<x-y{i}>t</x-y{i}> ' for i in range(201)))
    site.write('content/broken.md', '---\ntitle: [\n---\n')
    site.write('content/.hidden.md', 'Text.\n')
    for name in 'bcdef':
        site.article(name + '.md', f'Words of {name}.\n')
    site.run('--once').expect(DONE)
    articles = [explained(site, name) for name in ('a.md', 'b.md', 'long.md')]
    articles += [explained(site, name) for name in ('broken.md', 'content/.hidden.md')]
    feeds = [explained(site, word) for word in ('main', 'tags', 'tags/x.xml')]
    for name in ('long', *'abcdef'):
        os.unlink(site.path(f'content/{name}.md'))
    site.run('--once').expect(IO)       # held back
    articles.append(explained(site, 'broken.md'))
    feeds.append(explained(site, 'main'))
    compare('--explain ARTICLE', articles)
    compare('--explain FEED', feeds)


@test('the fields of --status --json are those of the page')
def status(site):
    def now(expected):
        return json.loads(site.run('--status', '--json').expect(expected).out)

    good, gone, dead = Aggregator(site), Aggregator(site), Aggregator(site)
    gone.answer('/', {'status': 410})
    dead.stop()
    documents = [now(DONE)]
    site.settings(SETTINGS + '[[feed]]\nname = "main"\nrss = "rss.xml"\n[[feed]]\nby = "tag"\n'
                  'atom = "tags/:tag.xml"\n[http]\nallow = ["127.0.0.0/8"]\n' + ''.join(
                      f'[[ping]]\nname = "{name}"\nprotocol = "websub"\nurl = "{hub.url}"\n'
                      'announce_first_run = true\n'
                      for name, hub in (('good', good), ('gone', gone), ('dead', dead))))
    for name in 'abcdef':
        site.article(f'posts/{name}.md', f'Words of {name}.\n', tags='[x]')
    site.article('later.md', date='2999-01-01')
    site.article('tagged.md', tags='[y]')
    site.write('content/broken.md', '---\ntitle: [\n---\n')
    daemon = site.daemon()
    good.until(daemon, 1)
    gone.until(daemon, 1)
    daemon.until(lambda: daemon.log('hub dead: not told'), 'a try in vain')
    site.article('tagged.md')
    daemon.until(lambda: b'<entry>' not in site.read('public/tags/y.xml'), 'an empty feed')
    documents.append(now(SKIPPED))
    os.unlink(site.path('public/rss.xml'))
    os.mkdir(site.path('public/rss.xml'))
    site.write('public/rss.xml/in-the-way', '')
    site.article('posts/a.md', 'Other words.\n', tags='[x]')
    daemon.until(lambda: daemon.log('rss.xml: '), 'a failure')
    daemon.until(lambda: now(SKIPPED)['faults'], 'a fault')
    documents.append(now(SKIPPED))
    shutil.rmtree(site.path('public/rss.xml'))
    shutil.rmtree(site.path('content/posts'))
    daemon.until(lambda: 'held_back' in now(SKIPPED), 'a build that is held back')
    documents.append(now(SKIPPED))
    compare('--status', documents)


run_all()
