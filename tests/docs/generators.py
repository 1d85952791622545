#!/usr/bin/python3
"""The recipes in docs/ are tried on a small site of each generator that is installed.

Settings of both, as docs/NAME.md has them, and articles as people write them. Then each page that
the generator makes has the address that feedd gives its article, feeds are there after a rebuild,
and none is made by the generator. Before that, the generator's own feed is made and adopted: every
article in it keeps its id. Generators from npm are looked for in $NODE_MODULES.
"""
import html
import json
import os
import re
import shutil
import subprocess
import sys
from urllib.parse import unquote

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, 'lib'), os.path.join(HERE, '../daemon/lib')]
from blocks import files                                        # noqa: E402
from case import DONE, equal, run_all, skip, test, true         # noqa: E402

DOCS = os.path.abspath(os.path.join(HERE, '../../docs'))
NODE_MODULES = os.environ.get('NODE_MODULES', '')
URL = 'https://example.com/'
FEEDS = ('.xml', '.json')


def head(**keys):
    return '---\n' + ''.join(f'{key}: {value}\n' for key, value in keys.items()) + '---\nText.\n'


def recipe(site, name):
    """Write the settings that the recipe has, and remove what the site of a test has."""
    with open(f'{DOCS}/{name}.md', encoding='utf-8') as file:
        named = files(file.read())
    true('feedd.toml' in named, f'docs/{name}.md has no feedd.toml')
    shutil.rmtree(site.path('content'))
    for path, content in named.items():
        site.write(path, content)


def build(site, *command):
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=False,
                          env={**os.environ, 'HOME': site.root, 'TZ': 'Europe/Berlin',
                               'ASTRO_TELEMETRY_DISABLED': '1'})
    true(done.returncode == 0, f'{command} failed:\n{done.stdout}{done.stderr}')


def node(site, program, *packages):
    """A program of the packages; the site's modules are those of $NODE_MODULES."""
    for package in packages:
        if not os.path.isdir(f'{NODE_MODULES}/{package}'):
            skip(f'{package} is not in $NODE_MODULES')
    if not os.path.exists(site.path('node_modules')):
        os.symlink(NODE_MODULES, site.path('node_modules'))
    site.write('package.json', json.dumps({'name': 'site', 'version': '1.0.0', 'private': True,
                                           'dependencies': dict.fromkeys(packages, '*'),
                                           'hexo': {}}))
    return site.path(f'node_modules/.bin/{program}')


def variants(name):
    """(setting of the generator, setting of feedd) of each row of the recipe's table of addresses."""
    with open(f'{DOCS}/{name}.md', encoding='utf-8') as file:
        rows = re.findall(r'^\| (?:none, or )?`(.*)` \| `(permalink = .*)` \|$', file.read(), re.M)
    true(rows, f'docs/{name}.md has no table of addresses')
    return [(theirs.replace('\\|', '|'), ours) for theirs, ours in rows]


def vary(site, name, output, setting, check):
    """Check each variant; setting(theirs) is {file: what is put behind it}."""
    kept = {}
    for theirs, ours in variants(name):
        for path, text in setting(theirs).items():
            if path not in kept:
                kept[path] = site.read(path).decode() if os.path.exists(site.path(path)) else ''
            site.write(path, kept[path] + text)
        settings = site.read('feedd.toml').decode()
        site.settings(re.sub(r'^permalink = "[^"]*"', lambda _: ours, settings, flags=re.M))
        wipe(site, output, '.feedd', 'db.json')
        try:
            check()
        except AssertionError as error:
            raise AssertionError(f'{theirs}: {error}') from error


def need(program):
    if not shutil.which(program):
        skip(f'{program} is not there')
    return program


def page_of(site, output, url):
    """The file that a web server sends for an address."""
    true(url.startswith(URL), f'{url} is not of the site')
    path = f'{output}/{unquote(url[len(URL):])}'
    return path + 'index.html' if path.endswith('/') else path


def tried(site, output, build_site, articles, others=(), feeds_kept=True):
    """articles: how many; others: pages that are none."""
    build_site()
    made = site.files(output)
    equal([name for name in made if name.endswith(FEEDS) and name != 'sitemap.xml'], [],
          'feeds of the generator')
    site.run('--once').expect(DONE)
    items = [item for item in json.loads(site.run('--check', '--json').out)['items']
             if item['standing'] == 'public']
    equal(len(items), articles, str([item['path'] for item in items]))
    pages = sorted(page_of(site, output, item['url']) for item in items)
    wanted = sorted(f'{output}/{name}' for name in made
                    if name.endswith('.html') and name not in others)
    true(pages == wanted, f'addresses of feedd: {set(pages) - set(wanted)}, '
         f'of the generator: {set(wanted) - set(pages)}')
    before = [name for name in site.files(output) if name not in made]
    true(len(before) >= 3, 'there are not three feeds')
    build_site()
    equal([name for name in before if name in site.files(output)], before if feeds_kept else [],
          'feeds after a rebuild')


def wipe(site, *names):
    for name in names:
        path = site.path(name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.unlink(path)


def ids_of(feed):
    """What the items of RSS or the entries of Atom are called."""
    entries = re.findall(r'<(?:item|entry)\b.*?</(?:item|entry)>', feed, re.S)
    true(entries, f'no entries in\n{feed}')
    return {re.search(r'<(guid|id)\b[^>]*>(.*?)</', entry, re.S)[2].strip() for entry in entries}


def adopted(site, own, output, feed, build_site):
    """own: {file: its content when the generator makes its feed}."""
    kept = {path: site.read(path) if os.path.exists(site.path(path)) else None for path in own}
    for path, content in own.items():
        site.write(path, content)
    build_site()
    old = site.read(f'{output}/{feed}').decode()
    site.write('old-feed.xml', old)
    wipe(site, output, 'db.json')
    run = site.run('--adopt', 'old-feed.xml').expect(DONE)
    items = json.loads(site.run('--check', '--json').out)['items']
    lost = ids_of(old) - {html.escape(item['id'], quote=False) for item in items}
    true(not lost, f'not adopted: {lost}\n{old[:2000]}\n{run.err}')
    for path, content in kept.items():
        if content is None:
            os.unlink(site.path(path))
        else:
            site.write(path, content)
    wipe(site, output, '.feedd', 'old-feed.xml', 'db.json')


@test('Hugo')
def hugo(site):
    need('hugo')
    recipe(site, 'hugo')
    for kind in ('single', 'list'):
        site.write(f'layouts/_default/{kind}.html', '{{ .Content }}')
    site.write('content/posts/_index.md', head(title='Posts'))
    site.write('content/posts/First Post.md', head(title='One', date='2024-01-02'))
    site.write('content/posts/2024-02-03-dated.md', head(title='Two', date='2024-02-03'))
    site.write('content/posts/bundle/index.md', head(title='Three', date='2024-03-04T23:30:00Z'))
    site.write('content/posts/deep/er/four.md', head(title='Four', date='2024-04-05'))
    site.write('content/posts/five.md', head(title='Five', date='2024-05-06', slug='other-five'))
    site.write('content/posts/six.md', head(title='Six', date='2024-05-06', url='/at/six/'))
    site.write('content/posts/draft.md', head(title='No', date='2024-01-02', draft='true'))
    site.write('content/posts/Grüße_aus.md', head(title='Seven', date='2024-01-02'))
    odd = site.write("content/posts/What's new, in “2.0”?.md", head(title='Eight', date='2024-01-02'))
    lists = [name + end for name in ('index', 'posts', 'tags', 'categories')
             for end in ('.html', '/index.html')]

    def run():
        build(site, 'hugo', '--quiet')

    def check(articles=7):
        tried(site, 'public', run, articles, lists)

    adopted(site, {'hugo.toml': site.read('hugo.toml').decode().replace('disableKinds', '#')},
            'public', 'posts/index.xml', run)
    check(8)
    os.unlink(odd)      # the preset alone knows what Hugo makes of names
    for name in ('First Post', 'Grüße_aus'):
        os.rename(site.path(f'content/posts/{name}.md'),
                  site.path(f'content/posts/{name.lower()}.md'))
    config = site.read('hugo.toml').decode()

    def setting(theirs):
        site.write('hugo.toml', config)
        ugly = theirs.startswith('ugly')
        return {'hugo.toml': f'\n{theirs}\n' if ugly else f'\n[permalinks]\n{theirs}\n'}

    vary(site, 'hugo', 'public', setting, check)


@test('Jekyll')
def jekyll(site):
    need('jekyll')
    recipe(site, 'jekyll')
    site.write('index.md', head(title='Home'))
    site.write('_posts/2024-01-02-first-post.md', head(title='One'))
    site.write('_posts/2024-02-03-second.markdown', head(title='Two', layout='post', categories='essays boats'))
    site.write('_posts/2024-03-04-third.md', head(title='3', date='2024-03-04 23:30:00 +0100'))
    site.write('_posts/2024-03-05-Upper_Case.md', head(title='Four'))
    site.write('_posts/2024-04-05-five.md', head(title='Five', permalink='/at/five/'))
    site.write('_posts/2024-04-06-no.md', head(title='No', published='false'))
    site.write('_drafts/no.md', head(title='No'))
    site.write('_posts/2024-04-07-six.md', head(title='Six', date='2024-04-07 23:30:00 -0500'))
    site.write('_posts/2024-04-08-seven.md', head(title='7', categories='[Web Dev, "C#", web dev]'))
    site.write('_posts/2024-04-09-eight.md', head(title='The Eighth', permalink='/at/:year/:title/'))
    odd = site.write("_posts/2024-04-10-What – new, in “2.0”?.md", head(title='Nine'))

    def run():
        build(site, 'jekyll', 'build', '--quiet')

    def check(articles=8):
        tried(site, '_site', run, articles, ('index.html',))

    if subprocess.run(['ruby', '-e', 'require "jekyll-feed"'], capture_output=True,
                      check=False).returncode == 0:
        adopted(site, {'_config.yml': site.read('_config.yml').decode() + 'plugins: [jekyll-feed]\n'},
                '_site', 'feed.xml', run)
    check(9)
    os.unlink(odd)      # a pattern without :categories leaves names as they are
    vary(site, 'jekyll', '_site', lambda theirs: {'_config.yml': f'permalink: {theirs}\n'}, check)


@test('Pelican')
def pelican(site):
    need('pelican')
    recipe(site, 'pelican')
    site.write('content/first.md', 'Title: A First, Post!\nDate: 2024-01-02 10:00\n\nText.\n')
    site.write('content/boats/second.md', 'Title: Second\nDate: 2024-02-03\nTags: a, b\n\nText.\n')
    site.write('content/third.md', 'Title: Third\nDate: 2024-02-04\nSlug: number-3\n\nText.\n')
    site.write('content/four.md', 'Title: It’s "Four"\nDate: 2024-02-05 23:30\n\nText.\n')
    odd = site.write('content/odd.md', 'Title: snake_case in 1.2.3\nDate: 2024-02-05\n\nText.\n')
    german = site.write('content/first-de.md', 'Title: Erster\nSlug: number-3\nLang: de\n'
                        'Date: 2024-02-05\n\nText.\n')
    site.write('content/no.md', 'Title: No\nDate: 2024-02-06\nStatus: draft\n\nText.\n')
    site.write('content/pages/about.md', 'Title: About\n\nText.\n')
    lists = ('archives index tags categories authors author/jane-doe tag/a tag/b category/boats '
             'category/misc pages/about drafts/no').split()

    def run():
        build(site, 'pelican', '-q', '-s', 'pelicanconf.py')

    def check(articles=4):
        tried(site, 'output', run, articles, [f'{name}.html' for name in lists])

    def setting(theirs):
        save = "ARTICLE_SAVE_AS = ARTICLE_URL + ('index.html' if ARTICLE_URL[-1] == '/' else '')"
        return {'pelicanconf.py': f'{theirs}\n' + (save if 'ARTICLE_URL' in theirs else '') + '\n'}

    adopted(site, {'pelicanconf.py': site.read('pelicanconf.py').decode().replace(
        'FEED_ALL_ATOM = None', 'FEED_ALL_ATOM = "feeds/all.atom.xml"')}, 'output',
            'feeds/all.atom.xml', run)
    check(6)
    for name in (odd, german):  # the preset alone knows what Pelican makes of titles and languages
        os.unlink(name)
    vary(site, 'pelican', 'output', setting, check)


ELEVENTY_FEED = '''
import { feedPlugin } from "@11ty/eleventy-plugin-rss";
export default function (config) {
  config.addPlugin(feedPlugin, { type: "atom", outputPath: "/feed.xml",
    collection: { name: "post", limit: 0 },
    metadata: { language: "en", title: "Example", base: "https://example.com/" } });
}
export const config = { dir: { input: "src", output: "_site" } };
'''


@test('Eleventy')
def eleventy(site):
    program = node(site, 'eleventy', '@11ty/eleventy')
    recipe(site, 'eleventy')
    site.write('src/index.md', head(title='Home'))
    site.write('src/posts/first-post.md', head(title='One', date='2024-01-02'))
    site.write('src/posts/2024-02-03-second.md', head(title='Two'))
    site.write('src/posts/Third.md', head(title='Three', date='2024-03-04'))
    site.write('src/posts/four.md', head(title='Four', date='2024-03-04', permalink='/at/four/'))
    site.write('src/posts/five/index.md', head(title='Five', date='2024-03-04'))
    site.write('src/posts/deep/er/six.md', head(title='Six', date='2024-03-04'))

    def run():
        build(site, program, '--quiet')

    def check():
        tried(site, '_site', run, 6, ('index.html',))

    if os.path.isdir(f'{NODE_MODULES}/@11ty/eleventy-plugin-rss'):
        adopted(site, {'eleventy.config.mjs': ELEVENTY_FEED, 'src/posts/posts.json': '{"tags":["post"]}'},
                '_site', 'feed.xml', run)
    site.write('src/posts/no.md', head(title='No', date='2024-03-04', permalink='false'))
    check()
    vary(site, 'eleventy', '_site', lambda theirs: {'src/posts/posts.json': f'{{{theirs}}}'}, check)


@test('Hexo')
def hexo(site):
    program = node(site, 'hexo', 'hexo', 'hexo-renderer-marked', 'hexo-renderer-ejs')
    recipe(site, 'hexo')
    site.write('themes/landscape/layout/post.ejs', '<%- page.content %>')
    site.write('source/_posts/first-post.md', head(title='One', date='2024-01-02 10:00:00'))
    site.write('source/_posts/Second-Post.md', head(title='Two', date='2024-02-03 23:30:00'))
    site.write('source/_posts/2024-03-04-third.md', head(title='Three', date='2024-03-04'))
    site.write('source/_posts/deep/four.md', head(title='Four', date='2024-03-05'))
    site.write('source/_posts/no.md', head(title='No', date='2024-03-05', published='false'))
    site.write('source/_drafts/no.md', head(title='No'))

    def run():
        build(site, program, 'generate', '--silent')

    def check():
        tried(site, 'public', run, 4)

    if os.path.isdir(f'{NODE_MODULES}/hexo-generator-feed'):
        package = json.loads(site.read('package.json'))
        package['dependencies']['hexo-generator-feed'] = '*'
        adopted(site, {'package.json': json.dumps(package)}, 'public', 'atom.xml', run)
    config = re.sub('^permalink: .*\n', '', site.read('_config.yml').decode(), flags=re.M)
    site.write('_config.yml', config)
    vary(site, 'hexo', 'public', lambda theirs: {'_config.yml': f'permalink: {theirs}\n'}, check)


ASTRO_FEED = '''
import rss from "@astrojs/rss";
import { getCollection } from "astro:content";
export async function GET(context) {
  const posts = await getCollection("blog", ({ data }) => !data.draft);
  return rss({ title: "Example", description: "x", site: context.site,
    items: posts.map((post) => ({ title: String(post.data.title), link: `/blog/${post.slug}/`,
      pubDate: new Date(post.data.pubDate) })) });
}
'''


@test('Astro')
def astro(site):
    program = node(site, 'astro', 'astro')
    recipe(site, 'astro')
    site.write('src/pages/blog/[...slug].astro', '''---
import { getCollection } from "astro:content";
export async function getStaticPaths() {
  const posts = await getCollection("blog", ({ data }) => !data.draft);
  return posts.map((post) => ({ params: { slug: post.slug }, props: { post } }));
}
const { Content } = await Astro.props.post.render();
---
<Content />
''')
    site.write('src/content/blog/first.md', head(title='One', pubDate='2024-01-02'))
    site.write('src/content/blog/Second Post.md', head(title='Two', pubDate='2024-01-03'))
    site.write('src/content/blog/deep/third.md', head(title='Three', pubDate='2024-01-04'))
    site.write('src/content/blog/four.md', head(title='4', pubDate='2024-01-05', slug='number-4'))
    site.write('src/content/blog/five/index.md', head(title='Five', pubDate='2024-01-06'))
    site.write('src/content/blog/no.md', head(title='No', pubDate='2024-01-06', draft='true'))

    def run():
        build(site, program, 'build', '--silent')

    if os.path.isdir(f'{NODE_MODULES}/@astrojs/rss'):
        adopted(site, {'src/pages/rss.xml.js': ASTRO_FEED}, 'dist', 'rss.xml', run)
    tried(site, 'dist', run, 5, feeds_kept=False)


if __name__ == '__main__':
    run_all()
