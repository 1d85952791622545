#!/usr/bin/python3
"""Pings to programs that are not of this project: nginx, Python's xmlrpc.server, and a hub.

Where nginx is not installed, what needs it is left out. The hub does what W3C WebSub asks of one,
in Python's http.server: it verifies who subscribes, and when it is told of a topic it fetches that
from nginx, as the world does, and sends it on, signed.
"""
import hashlib
import hmac
import http.server
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET
import xmlrpc.server

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import DONE, SANITIZED, contains, equal, run_all, skip, test, true     # noqa: E402

FAST = 5 if SANITIZED else 1     # seconds
NGINX = shutil.which('nginx') or shutil.which('nginx', path='/usr/sbin')
NGINX_CONF = '''daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events { worker_connections 512; }
http {
    log_format hub "$request_method $uri $content_type $request_body";
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4;
    scgi_temp_path t5;
    server {
        listen 127.0.0.1:HUB;
        location /hub {
            access_log hub.log hub;
            proxy_pass http://127.0.0.1:HUB/taken;      # so that the body is read, for the log
        }
        location /taken { access_log off; return 204; }
    }
    server {
        listen 127.0.0.1:SITE;
        root public;
        access_log off;
        include feeds.conf*;
    }
}
'''
ATOM_LINK = '{http://www.w3.org/2005/Atom}link'


def free_port():
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        return found.getsockname()[1]


def settings(site, url, pings):
    site.settings(f'[site]\ntitle = "Täst & Co"\nurl = "{url}"\nauthor = "Tess Ter"\n'
                  f'[http]\nallow = ["127.0.0.0/8"]\n'
                  f'[[feed]]\nname = "main"\natom = "atom.xml"\nrss = "rss.xml"\n{pings}')


def save(site, name='b.md'):
    """A new article, put in place as a whole; when that was."""
    site.write('aside', '---\ntitle: New\ndate: 2024-02-03\n---\nNew words.\n')
    began = time.monotonic()
    os.rename(site.path('aside'), site.path('content/' + name))
    return began


class Nginx:
    """It answers 204 at `hub`, and serves public/ at `site`; ended with the `with`."""

    def __init__(self, site):
        if not NGINX:
            skip('nginx is not installed')
        self.folder = site
        self.hub_port, self.site_port = free_port(), free_port()
        self.hub = f'http://127.0.0.1:{self.hub_port}/hub'
        self.site = f'http://127.0.0.1:{self.site_port}/'

    def __enter__(self):
        conf = NGINX_CONF.replace('HUB', str(self.hub_port)).replace('SITE', str(self.site_port))
        self.folder.write('nginx.conf', conf)
        command = [NGINX, '-p', self.folder.root, '-c', 'nginx.conf', '-e', 'stderr']
        if os.geteuid() == 0:
            command += ['-g', 'user root;']     # else its workers may not look into the folder
        with open(self.folder.path('nginx.log'), 'wb') as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        for port in (self.hub_port, self.site_port):
            until(lambda port=port: connects(port) or self.process.poll() is not None, 'nginx')
        true(self.process.poll() is None, self.folder.read('nginx.log'))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)

    def requests(self):
        try:
            return self.folder.read('hub.log').decode().splitlines()
        except FileNotFoundError:
            return []


def connects(port):
    with socket.socket() as probe:
        return probe.connect_ex(('127.0.0.1', port)) == 0


def until(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        true(time.monotonic() < end, f'not within {seconds} s: {what}')
        time.sleep(0.005)


def serve(server):
    """In a thread of its own, to the end of the test's process."""
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return f'http://127.0.0.1:{server.server_address[1]}'


# ---- nginx ----

@test('nginx as a hub: it is told within a second of the rename, of both topics')
def nginx_hub(site):
    with Nginx(site) as nginx:
        settings(site, nginx.site, f'[[ping]]\nprotocol = "websub"\nurl = "{nginx.hub}"\n')
        site.article('a.md')
        daemon = site.daemon()
        began = save(site)
        daemon.until(lambda: len(nginx.requests()) >= 2, 'the requests')
        true(time.monotonic() - began < FAST + 0.1, f'{time.monotonic() - began:.2f} s')
        for name, line in zip(('atom.xml', 'rss.xml'), sorted(nginx.requests())):
            topic = urllib.parse.quote(nginx.site + name, safe='')
            equal(line, f'POST /hub application/x-www-form-urlencoded hub.mode=publish&'
                  f'hub.url={topic}&hub.topic={topic}')
        daemon.until(lambda: len(daemon.log('told of')) == 2, 'the lines')
        daemon.stop()


# ---- xmlrpc.server ----

class Blogs(xmlrpc.server.SimpleXMLRPCServer):
    """An update service: `calls` are (name, arguments, time)."""

    def __init__(self, **methods):
        super().__init__(('127.0.0.1', 0), logRequests=False)
        self.calls = []
        for name, answer in methods.items():
            self.register_function(self.note(name, answer), 'weblogUpdates.' + name)

    def note(self, name, answer):
        def call(*args):
            self.calls.append((name, args, time.monotonic()))
            return answer(len(self.calls))
        return call


def thanks(_):
    return {'flerror': False, 'message': 'Thanks for the ping.'}


def with_blogs(site, blogs):
    settings(site, 'https://test.example/', '[[ping]]\nname = "blogs"\nprotocol = "xmlrpc"\n'
             f'min_interval = 0\nurl = "{serve(blogs)}/RPC2"\n')
    site.article('a.md')
    return site.daemon()


@test('xmlrpc.server: weblogUpdates.extendedPing with four texts')
def extended_ping(site):
    blogs = Blogs(extendedPing=thanks)
    daemon = with_blogs(site, blogs)
    began = save(site)
    daemon.until(lambda: blogs.calls, 'the call')
    (name, args, when), = blogs.calls
    true(when - began < FAST, f'{when - began:.2f} s')
    equal((name, args[:2]), ('extendedPing', ('Täst & Co', 'https://test.example/')))
    true(len(args) == 4 and re.fullmatch(r'https://test.example/(rss|atom).xml', args[3]), args)
    daemon.until(lambda: daemon.log('told of'), 'the line')
    daemon.stop()


@test('xmlrpc.server: where only weblogUpdates.ping is known, that is called')
def plain_ping(site):
    blogs = Blogs(ping=thanks)
    daemon = with_blogs(site, blogs)
    save(site)
    daemon.until(lambda: blogs.calls, 'the call')
    equal(blogs.calls[0][:2], ('ping', ('Täst & Co', 'https://test.example/')))
    daemon.until(lambda: daemon.log('told of'), 'the line')
    daemon.stop()


@test('xmlrpc.server: flerror is a no though HTTP says 200, and its message is said')
def flerror(site):
    blogs = Blogs(extendedPing=lambda n: {'flerror': True, 'message': 'slow down'})
    daemon = with_blogs(site, blogs)
    save(site)
    daemon.until(lambda: daemon.log('slow down'), 'the line')
    equal(daemon.log(': told of'), [])
    daemon.stop()


# ---- rssCloud, by http.server ----

class Cloud(http.server.BaseHTTPRequestHandler):
    pings = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length'])).decode()
        self.pings.append((self.path, dict(urllib.parse.parse_qsl(body)), time.monotonic()))
        answer = b'<?xml version="1.0"?>\n<result success="true" msg="Thanks for the ping."/>\n'
        self.send_response(200)
        self.send_header('Content-Type', 'text/xml')
        self.send_header('Content-Length', str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@test('http.server as an rssCloud server: the RSS feed names it, and it is told of that')
def cloud(site):
    url = serve(http.server.ThreadingHTTPServer(('127.0.0.1', 0), Cloud))
    settings(site, 'https://test.example/', f'[[ping]]\nprotocol = "rsscloud"\nurl = "{url}/ping"\n')
    site.article('a.md')
    daemon = site.daemon()
    began = save(site)
    daemon.until(lambda: Cloud.pings, 'the ping')
    (path, form, when), = Cloud.pings
    equal((path, form), ('/ping', {'url': 'https://test.example/rss.xml'}))
    true(when - began < FAST, f'{when - began:.2f} s')
    place = ET.fromstring(site.read('public/rss.xml')).find('channel/cloud').attrib
    equal((place['domain'], place['port']), ('127.0.0.1', url.rsplit(':', 1)[1]))
    daemon.until(lambda: daemon.log('told of'), 'the line')
    daemon.stop()


# ---- a hub, and who subscribes to it ----

class Hub(http.server.ThreadingHTTPServer):
    def __init__(self):
        super().__init__(('127.0.0.1', 0), HubHandler)
        self.subscribers = {}       # (topic, callback): secret
        self.known = {}             # topic: digest of what was sent on last
        self.url = serve(self) + '/'

    def subscribe(self, form):
        callback = form['hub.callback']
        challenge = secrets.token_hex(16)
        query = urllib.parse.urlencode({
            'hub.mode': form['hub.mode'], 'hub.topic': form['hub.topic'],
            'hub.challenge': challenge, 'hub.lease_seconds': '864000'})
        with urllib.request.urlopen(f'{callback}?{query}', timeout=20) as answer:
            if answer.status == 200 and answer.read().decode() == challenge:
                self.subscribers[form['hub.topic'], callback] = form.get('hub.secret')

    def publish(self, topic):
        """As Switchboard and others do: nothing is sent on that did not change."""
        with urllib.request.urlopen(topic, timeout=20) as answer:
            content, kind = answer.read(), answer.headers['Content-Type']
        digest = hashlib.sha256(content).digest()
        if self.known.get(topic) == digest:
            return
        self.known[topic] = digest
        for (wanted, callback), secret in self.subscribers.items():
            if wanted == topic:
                signature = hmac.new(secret.encode(), content, 'sha256').hexdigest()
                urllib.request.urlopen(urllib.request.Request(
                    callback, content, {
                        'Content-Type': kind, 'X-Hub-Signature': f'sha256={signature}',
                        'Link': f'<{self.url}>; rel="hub", <{topic}>; rel="self"'}),
                    timeout=20).close()


class HubHandler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length'])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        work = {'subscribe': lambda: self.server.subscribe(form),
                'publish': lambda: self.server.publish(form['hub.url'])}.get(form.get('hub.mode'))
        self.send_response(202 if work else 400)
        self.end_headers()
        if work:
            threading.Thread(target=work, daemon=True).start()

    def log_message(self, *_):
        pass


class Subscriber(http.server.ThreadingHTTPServer):
    def __init__(self):
        super().__init__(('127.0.0.1', 0), SubscriberHandler)
        self.secret = secrets.token_hex(16)
        self.topic = None
        self.verified = threading.Event()
        self.delivered = []         # (headers, content, time)
        self.url = serve(self) + '/callback'

    def discover(self, url):
        """The hub and the topic, from headers and from the document, which have to say the same."""
        with urllib.request.urlopen(url, timeout=20) as answer:
            links = answer.headers.get('Link', '')
            document = ET.fromstring(answer.read())
        headers = {rel: target for target, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', links)}
        inside = {link.get('rel'): link.get('href') for link in document.iter(ATOM_LINK)
                  if link.get('rel') in ('hub', 'self')}
        equal(headers, inside, 'Link headers, and links in the feed')
        return headers['hub'], headers['self']

    def subscribe(self, url):
        hub, self.topic = self.discover(url)
        form = {'hub.mode': 'subscribe', 'hub.topic': self.topic, 'hub.callback': self.url,
                'hub.secret': self.secret}
        with urllib.request.urlopen(hub, urllib.parse.urlencode(form).encode(), 20) as answer:
            equal(answer.status, 202)
        true(self.verified.wait(20), 'the hub has not asked whether we want that')


class SubscriberHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        wanted = query.get('hub.topic') == self.server.topic
        self.send_response(200 if wanted else 404)
        self.end_headers()
        self.wfile.write(query['hub.challenge'].encode() if wanted else b'')
        self.server.verified.set()

    def do_POST(self):
        content = self.rfile.read(int(self.headers['Content-Length']))
        self.server.delivered.append((self.headers, content, time.monotonic()))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@test('a hub and a subscriber: a saved file arrives there, signed, with the new entry')
def hub_and_subscriber(site):
    hub, subscriber = Hub(), Subscriber()
    nginx = Nginx(site)
    settings(site, nginx.site, f'[[ping]]\nprotocol = "websub"\nurl = "{hub.url}"\n')
    site.article('a.md')
    snippet = site.run('--print-server-config', 'nginx').expect(DONE).out
    site.write('feeds.conf', snippet)
    daemon = site.daemon()
    with nginx:
        subscriber.subscribe(nginx.site + 'atom.xml')
        until(lambda: hub.subscribers, 'the subscription')
        began = save(site)
        daemon.until(lambda: subscriber.delivered, 'the delivery')
        headers, content, when = subscriber.delivered[0]
        true(when - began < FAST + 0.5, f'{when - began:.2f} s')
        signature = hmac.new(subscriber.secret.encode(), content, 'sha256').hexdigest()
        equal(headers['X-Hub-Signature'], f'sha256={signature}')
        equal(headers['Content-Type'], 'application/atom+xml; charset=utf-8')
        contains(content.decode(), '>New</title>', 'New words.')
        equal(content, site.read('public/atom.xml'))
        os.utime(site.path('content/b.md'))     # and what does not change goes nowhere
        daemon.hold_on(0.7)
        equal(len(subscriber.delivered), 1)
    daemon.stop()


run_all()
