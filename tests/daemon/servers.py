#!/usr/bin/python3
"""--print-server-config: what it prints is taken by the real servers, which then serve feeds well.

A server that is not installed is left out: nginx-light with libnginx-mod-http-brotli-static,
apache2-bin, caddy.
"""
import glob
import gzip
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import CONFIG, DONE, USAGE, contains, equal, lacks, run_all, skip, test, true   # noqa: E402

# Names and addresses with what somebody's quoting stumbles over.
SETTINGS = '''[site]
title = "T"
url = "https://t.example/bl%C3%B6g/"
[output]
dir = "www/blög"
compress = [COMPRESS]
[[feed]]
name = "main"
rss = "rss.xml"
json = "odd $name {1} ~^+ 'x' \\"y\\" `z` %41.json"
ttl = 60
[[feed]]
by = "tag"
atom = "tags/:tag/atom.xml"
[[ping]]
protocol = "websub"
url = "https://hub.example/?a=$b%20c&d='e'"
feeds = ["tag"]
[[ping]]
protocol = "websub"
url = "https://other.example/"
feeds = ["tag"]
[[ping]]
protocol = "xmlrpc"
url = "https://blogs.example/"
feeds = ["tag"]
'''
BASE = '/bl%C3%B6g/'
ODD = "odd%20$name%20%7B1%7D%20~%5E+%20'x'%20%22y%22%20%60z%60%20%2541.json"
TAG = 'tags/gr%C3%BCn/atom.xml'
APACHE = '''ServerRoot "ROOT"
PidFile "ROOT/apache.pid"
Listen 127.0.0.1:PORT
ServerName t.example
ErrorLog "ROOT/apache.log"
Mutex flock:ROOT
User nobody
Group nogroup
'''


def free_port():
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        return found.getsockname()[1]


def get(port, path, method='GET', **headers):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=20)
    connection.request(method, path, headers={'Host': 't.example', **{
        name.replace('_', '-'): value for name, value in headers.items()}})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


class Server:
    """One that serves ROOT/www, ended with the `with`."""

    def __init__(self, site, *command):
        self.log = site.path('server.log')
        self.command = command

    def __enter__(self):
        with open(self.log, 'wb') as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)

    def until(self, port):
        for _ in range(2000):
            with socket.socket() as probe:
                if probe.connect_ex(('127.0.0.1', port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        with open(self.log, encoding='utf-8', errors='replace') as log:
            raise AssertionError('it does not serve: ' + log.read())


def build(site, compress):
    site.settings(SETTINGS.replace('COMPRESS', compress))
    site.article('a.md', body='Much ado. ' * 200, tags='[grün]')
    site.run('--once', '--no-ping').expect(DONE)
    for name in site.files('www'):  # an ETag is strong when the file has stood for a while
        os.utime(site.path('www/' + name), (1e9, 1e9))
    os.chmod(site.root, 0o755)      # the server may be somebody else
    site.write('www/index.html', '<p>Not ours.</p>')
    site.write('www/blög/sitemap.xml', '<x/>')
    site.write('www/blög/tags/a/b/atom.xml', '<x/>')
    site.write('www/blög/rssxxml', '<x/>')


def printed(site, name):
    run = site.run('--print-server-config', name).expect(DONE)
    equal(run.err, '')
    return run.out


def judge(site, port, codings):
    """What every server has to do."""
    for name, kind, cache, self_url in (
            ('rss.xml', 'application/rss+xml; charset=utf-8', 'max-age=3600', BASE + 'rss.xml'),
            (ODD, 'application/feed+json', 'max-age=3600', BASE + ODD),
            (TAG, 'application/atom+xml; charset=utf-8', 'no-cache', BASE + TAG)):
        answer, body = get(port, BASE + name)
        equal((answer.status, answer.headers.get_all('Content-Type')), (200, [kind]), name)
        equal(answer.headers.get_all('Cache-Control'), [cache], name)
        true(len(body) > 300, name)
        links = answer.headers.get_all('Link')
        equal(len(links), 1, name)
        true(links[0].endswith(f'<https://t.example{self_url}>; rel="self"'), links[0])
        if name == TAG:
            contains(links[0], '<https://other.example/>; rel="hub", <')
            true(links[0].startswith('<https://hub.example/?a=$b%20c&d=\'e\'>; rel="hub", <') or
                 links[0].startswith('<https://hub.example/?a=%24b%20c&d=\'e\'>; rel="hub", <'),
                 links[0])
        else:
            lacks(links[0], 'hub')
        tag = answer.headers['ETag']
        true(tag and not tag.startswith('W/'), f'{name}: ETag {tag}')
        again, rest = get(port, BASE + name, If_None_Match=tag)
        equal((again.status, rest), (304, b''), name)
        again, rest = get(port, BASE + name, If_Modified_Since=answer.headers['Last-Modified'])
        equal((again.status, rest), (304, b''), name)
        head, rest = get(port, BASE + name, 'HEAD')
        equal((head.status, rest, head.headers['Link']), (200, b'', links[0]), name)
        for coding in codings:
            packed, bytes_ = get(port, BASE + name, Accept_Encoding=coding)
            equal((packed.status, packed.headers['Content-Encoding']), (200, coding), name)
            equal(packed.headers['Content-Type'], kind, name)
            equal(packed.headers['Link'], links[0], name)
            contains(packed.headers['Vary'], 'Accept-Encoding')
            true(len(bytes_) < len(body), f'{name}: {coding} is not smaller')
            if coding == 'gzip':
                equal(gzip.decompress(bytes_), body, name)
            again, _ = get(port, BASE + name, Accept_Encoding=coding,
                           If_None_Match=packed.headers['ETag'])
            equal(again.status, 304, f'{name}: {coding}')
    for name in ('/', BASE + 'sitemap.xml', BASE + 'tags/a/b/atom.xml', BASE + 'rssxxml'):
        answer, _ = get(port, name)
        equal((answer.status, answer.headers['Link']), (200, None), name)
    answer, _ = get(port, BASE + TAG + '?from=mail')
    lacks(answer.headers['Link'], 'mail')


def nginx(site, compress, codings):
    module = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so'
    build(site, compress)
    port = free_port()
    site.write('feeds.conf', printed(site, 'nginx'))
    conf = site.write('nginx.conf', (f'load_module {module};\n' if 'br' in codings else '') + f'''
daemon off;
master_process off;
pid {site.root}/nginx.pid;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {site.root}/t1;
    proxy_temp_path {site.root}/t2;
    fastcgi_temp_path {site.root}/t3;
    uwsgi_temp_path {site.root}/t4;
    scgi_temp_path {site.root}/t5;
    server {{
        listen 127.0.0.1:{port};
        root {site.root}/www;
        include {site.root}/feeds.conf;
    }}
}}
''')
    with Server(site, shutil.which('nginx') or '/usr/sbin/nginx', '-e', site.path('error.log'),
                '-c', conf) as server:
        server.until(port)
        judge(site, port, codings)
    lacks(site.read('error.log').decode(), '[warn]', '[emerg]')


def need(program):
    if not shutil.which(program) and not os.path.exists('/usr/sbin/' + program):
        skip(f'{program} is not there')


@test('nginx takes it, and serves every feed as it should be')
def nginx_plain(site):
    need('nginx')
    nginx(site, '', ())


@test('nginx sends the compressed copies')
def nginx_packed(site):
    need('nginx')
    with_brotli = os.path.exists('/usr/lib/nginx/modules/ngx_http_brotli_static_module.so')
    nginx(site, '"gzip", "brotli"' if with_brotli else '"gzip"',
          ('gzip', 'br') if with_brotli else ('gzip',))


def apache(site, compress, codings):
    modules = '/usr/lib/apache2/modules'
    build(site, compress)
    port = free_port()
    site.write('feeds.conf', printed(site, 'apache'))
    wanted = ['mpm_event', 'authz_core', 'mime', 'headers', 'env', 'deflate', 'filter', 'dir', 'setenvif']
    if codings:
        wanted.append('rewrite')
    site.write('mime.types', 'text/html html\n')
    conf = site.write('apache.conf', ''.join(
        f'LoadModule {name}_module {modules}/mod_{name}.so\n' for name in wanted
        if glob.glob(f'{modules}/mod_{name}.so')) +
        APACHE.replace('ROOT', site.root).replace('PORT', str(port)) + f'''
TypesConfig {site.root}/mime.types
AddEncoding x-gzip .gz
AddOutputFilterByType DEFLATE text/html application/rss+xml
<VirtualHost 127.0.0.1:{port}>
    DocumentRoot "{site.root}/www"
    Include {site.root}/feeds.conf
</VirtualHost>
''')
    with Server(site, '/usr/sbin/apache2', '-X', '-f', conf) as server:
        server.until(port)
        judge(site, port, codings)


@test('Apache takes it, and serves every feed as it should be')
def apache_plain(site):
    need('apache2')
    apache(site, '', ())


@test('Apache sends the compressed copies')
def apache_packed(site):
    need('apache2')
    apache(site, '"gzip", "brotli"', ('gzip', 'br'))


def caddy(site, compress, codings):
    build(site, compress)
    port = free_port()
    site.write('feeds.caddy', printed(site, 'caddy'))
    conf = site.write('Caddyfile', f'''{{
	admin off
	auto_https off
	storage file_system {site.root}/caddy
}}
http://t.example:{port} {{
	bind 127.0.0.1
	root * {site.root}/www
	import {site.root}/feeds.caddy
	file_server
}}
''')
    with Server(site, 'caddy', 'run', '--adapter', 'caddyfile', '--config', conf) as server:
        server.until(port)
        judge(site, port, codings)


@test('Caddy takes it, and serves every feed as it should be')
def caddy_plain(site):
    need('caddy')
    caddy(site, '', ())


@test('Caddy sends the compressed copies')
def caddy_packed(site):
    need('caddy')
    caddy(site, '"gzip", "brotli"', ('gzip', 'br'))


@test('it needs settings, and nothing that they name')
def settings_alone(site):
    os.rmdir(site.path('content'))
    for name in ('nginx', 'apache', 'caddy'):
        out = printed(site, name)
        contains(out, '/rss[.]xml' if name != 'nginx' else '"/rss.xml"', 'application/feed+json',
                 'https://test.example/atom.xml')
    equal(sorted(os.listdir(site.root)), ['feedd.toml'])
    site.settings('titel = 1\n')
    equal(site.run('--print-server-config', 'nginx').expect(CONFIG, 'feedd.toml:1:').out, '')


@test('of another server it says which it knows')
def others(site):
    site.run('--print-server-config', 'lighttpd').expect(USAGE, 'nginx, apache or caddy')
    site.run('--print-server-config').expect(USAGE, 'needs an argument')


run_all()
