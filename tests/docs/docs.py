#!/usr/bin/python3
"""README.md, docs/*.md and the manual pages say what is true: settings load, commands run, links lead somewhere."""
import glob
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, 'lib'), os.path.join(HERE, '../daemon/lib')]
from blocks import fenced, indented                                             # noqa: E402
from case import DONE, FEEDD, SETTINGS, equal, run_all, skip, test, true        # noqa: E402

ROOT = os.path.abspath(os.path.join(HERE, '../..'))
PAGES = [f'{ROOT}/README.md'] + sorted(glob.glob(f'{ROOT}/docs/*.md') + glob.glob(f'{ROOT}/docs/*.[58]'))
# Settings of something else, by their first line or what only they have.
FOREIGN = ('# hugo.toml', '# config.toml')
# Commands of other programs, for which it is enough that they are asked for in the way of a shell.
STUBS = ('npm npx hugo zola rsync systemctl journalctl nginx apachectl a2enmod sysctl namei '
         'install cp editor apt systemd-sysusers systemd-tmpfiles make sqlite3 jq man').split()
FEEDS = '''[[feed]]
name = "main"
rss = "rss.xml"
atom = "atom.xml"
json = "feed.json"
[[feed]]
by = "tag"
atom = "tags/:tag/atom.xml"
'''
HUB = '[[ping]]\nprotocol = "websub"\nurl = "https://hub.example.com/"\n'


def marked_down(page):
    """What of a manual page is to be tried, as blocks of Markdown."""
    blocks = re.findall(r'^\.Bd -literal.*\n((?:.*\n)*?)\.Ed', page, re.M)
    lines = re.findall(r'^\.Dl ((?:feedd --|curl ).*\n)', page, re.M)
    return ''.join(f'```toml\n{block}```\n' for block in blocks) + f'```sh\n{"".join(lines)}```\n'


def pages():
    for path in PAGES:
        with open(path, encoding='utf-8') as file:
            text = file.read()
        yield os.path.relpath(path, ROOT), text if path.endswith('.md') else marked_down(text)


def is_settings(code):
    """An indented block that is TOML: its first line is a section."""
    return re.match(r'\[\[?\w+(\.\w+)*\]\]?\s', code) and '[Service]' not in code


def settings_of(text):
    return [code for language, code in fenced(text) if language == 'toml'
            and not code.startswith(FOREIGN)] + [c for c in indented(text) if is_settings(c)]


def made_here(site, code):
    """The settings, with what they name on the machine below the site."""
    code = re.sub(r'^((?:dir|file) = ")/', rf'\g<1>{site.root}/', code, flags=re.M)
    parsed = tomllib.loads(code)
    if 'site' not in parsed:
        code = SETTINGS + code
    feeds = [feed.get('name') for feed in parsed.get('feed', [])]
    for name in (name for ping in parsed.get('ping', []) for name in ping.get('feeds', [])):
        if name not in feeds:
            code += f'\n[[feed]]\nname = "{name}"\nrss = "{name}.xml"\n'
    for section in ('content', 'output', 'state'):
        folder = parsed.get(section, {}).get('dir')
        if folder:
            os.makedirs(os.path.join(site.root, folder), exist_ok=True)
    return code


@test('each block of settings is taken')
def settings(site):
    tried = 0
    for page, text in pages():
        for code in settings_of(text):
            site.settings(made_here(site, code))
            run = site.run('--check-settings')
            true(run.status == DONE, f'{page}:\n{code}\n{run.err}')
            tried += 1
    true(tried > 10, f'only {tried} blocks found')


@test('settings of other programs are in the language that they should be')
def foreign(_site):
    for page, text in pages():
        for language, code in fenced(text):
            if language == 'toml':
                tomllib.loads(code)
            elif language == 'json':
                json.loads(code)
            elif language == 'python':
                compile(code, page, 'exec')


def shell_of(text):
    """Blocks of commands: fenced as sh, or indented with feedd or sudo at the head of a line."""
    found = [code for language, code in fenced(text) if language == 'sh']
    return found + [code for code in indented(text)
                    if re.match(r'(?:feedd|sudo|make|journalctl|curl)\b', code)
                    and '[Service]' not in code]


def play(site):
    """Programs to run, and a site to run them on."""
    site.settings(SETTINGS + '[output]\ndir = "public"\n' + HUB + FEEDS)
    for number in range(3):
        site.article(f'posts/{number}.md')
    site.article('posts/hello.md', tags='[rust]')
    site.article('posts/my-article.md')
    site.run('--once', '--no-ping').expect(DONE)
    shutil.copy(site.path('public/atom.xml'), site.path('old-feed.xml'))
    for folder in ('etc', 'bin', 'srv/blog/public', 'srv/blog/content/posts', 'var'):
        os.makedirs(site.path(folder))
    site.article('../srv/blog/content/posts/my-article.md')
    for name in ('feedd', 'blog'):
        site.write(f'etc/{name}.toml', SETTINGS + f'[content]\ndir = "{site.root}/srv/blog/content"\n'
                   f'[output]\ndir = "{site.root}/srv/blog/public"\n'
                   f'[state]\ndir = "{site.root}/var/{name}"\n')
        site.run('--once', '--config', f'etc/{name}.toml').expect(DONE)
    # The daemon would not end, and what is told to hubs is not for a test.
    program(site, 'feedd', f'''case " $* " in
" "*" --config "*|"  ") [ $# = 0 ] && exit 0 ;;
esac
case " $* " in
*--ping-now*) exec {FEEDD} --dry-run "$@" ;;
*" --init "*) mv feedd.toml kept; {FEEDD} --yes "$@"; rc=$?; mv kept feedd.toml; exit $rc ;;
*" --force "*|*--help*) ;;
esac
[ "$*" = --force ] && exit 0
exec {FEEDD} "$@"
''')
    program(site, 'sudo', '[ "$1" = -u ] && shift 2\nexec "$@"\n')
    program(site, 'tee', 'cat >/dev/null\n')
    program(site, 'curl', '[ "$1" != -s ] || cat public/rss.xml\n')
    for name in STUBS:
        program(site, name, 'if [ ! -t 0 ] && [ -p /dev/stdin ]; then cat >/dev/null; fi\n')


def program(site, name, script):
    path = site.write(f'bin/{name}', '#!/bin/sh\n' + script)
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)


def bash(site, code):
    for folder in ('etc/feedd', 'srv', 'var/lib/feedd'):
        code = re.sub(rf'(?<![\w.:/])/{folder}(?=[/\s])', f'{site.root}/{folder.split("/")[0]}', code)
    return subprocess.run(['bash', '-euo', 'pipefail', '-c', code], cwd=site.root,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          env={'PATH': f'{site.path("bin")}:/usr/bin:/bin', 'HOME': site.root})


@test('each command can be given as it stands')
def commands(site):
    play(site)
    tried = 0
    for page, text in pages():
        for code in shell_of(text):
            for line in re.sub(r'\\\n', '', code).splitlines():
                if line.split() and '[Service]' not in line and 'ReadWritePaths' not in line:
                    done = bash(site, line)
                    true(done.returncode == 0, f'{page}: {line}\n{done.returncode}: {done.stderr}')
                    tried += 1
    true(tried > 60, f'only {tried} commands found')


@test('options that are named in passing are options, on the manual pages as well')
def options(site):
    known = set(re.findall(r'--[a-z][\w-]*', site.run('--help').out))
    # Of other programs, in the same text.
    others = {'--cleanDestinationDir', '--kill-whom', '--now', '--create', '--case', '--help'}
    for page, text in pages():
        words = re.findall(r'(?:feedd|`)[^`\n|]*?(--[A-Za-z][\w-]*)', text)
        equal([word for word in words if word not in known | others], [], page)


@test('settings that are named in passing are settings')
def named(site):
    reference = site.run('--settings').out
    for page, text in pages():
        for key, section in re.findall(r'`(\w+)(?: = [^`]*)?` in `(\[\[?\w+\]\]?)`', text):
            part = re.search(rf'^#?{re.escape(section)}\n(.*?)(?=^#?\[|\Z)', reference, re.M | re.S)
            true(part and re.search(rf'^#?{key} = ', reference[part.start():], re.M),
                 f'{page}: there is no {key} in {section}')


@test('links lead to pages and headings that are there')
def links(_site):
    texts = dict(pages())

    def anchors(page):
        return {re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-')
                for heading in re.findall(r'^#+ (.*)', texts[page], re.M)}

    for page, text in texts.items():
        for target in re.findall(r'\]\((?!https?:)([^)\s]*)\)', text):
            path, _, anchor = target.partition('#')
            path = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            true(os.path.exists(f'{ROOT}/{path}'), f'{page}: {target}')
            true(not anchor or anchor in anchors(path), f'{page}: {target}')


@test('web servers take the blocks that are for them')
def servers(site):
    site.settings(SETTINGS + '[[feed]]\nby = "tag"\natom = "tags/:tag/atom.xml"\n')
    site.write('tmp/x', '')
    for name in ('nginx', 'apache', 'caddy'):
        site.write(f'feeds.{name}', site.run('--print-server-config', name).out)
    with open(f'{ROOT}/docs/web-servers.md', encoding='utf-8') as file:
        blocks = [(language, re.sub(r'/etc/\w+/feeds[.]\w+', site.path(f'feeds.{language}'), code)
                   .replace('/srv/blog', site.root))
                  for language, code in fenced(file.read())]
    tried = 0
    for language, code in blocks:
        if language == 'nginx' and shutil.which('nginx'):
            paths = ''.join(f'{kind}_temp_path {site.root}/tmp;' for kind in (
                'client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
            conf = site.write('n.conf', f'pid {site.root}/pid; error_log stderr; events {{}}\n'
                              f'http {{ access_log off; {paths}\n' + code.replace(
                                  'server {', 'server { listen 127.0.0.1:8099;') + '}')
            command = ['nginx', '-t', '-c', conf]
        elif language == 'caddy' and shutil.which('caddy'):
            command = ['caddy', 'adapt', '--adapter', 'caddyfile', '--config',
                       site.write('caddy.conf', code)]
        elif language == 'apache' and shutil.which('apache2'):
            modules = '/usr/lib/apache2/modules'
            conf = site.write('a.conf', ''.join(
                f'LoadModule {name}_module {modules}/mod_{name}.so\n' for name in (
                    'mpm_event', 'authz_core', 'alias', 'env', 'headers', 'mime', 'rewrite', 'setenvif')
                if os.path.exists(f'{modules}/mod_{name}.so')) +
                f'ServerRoot {site.root}\nServerName x\nErrorLog {site.root}/log\nMutex flock:{site.root}\n'
                f'TypesConfig {site.write("mime.types", "")}\n' + code)
            command = ['apache2', '-t', '-f', conf]
        else:
            continue
        os.makedirs(site.path('public'), exist_ok=True)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        true(done.returncode == 0, f'{code}\n{done.stdout}{done.stderr}')
        tried += 1
    if not tried:
        skip('no web server is there')


if __name__ == '__main__':
    run_all()
