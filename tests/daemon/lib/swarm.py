"""Targets by the dozen, in the test's own process: they have outages, and know what they accepted.

    swarm = Swarm(site, clock)
    target = swarm.add('t1', 'websub', feeds=['main'])
    target.break_down({'status': 503})      # or 'refuse', or a way of aggregator.py to answer
    target.mend()
    swarm.settings()                        # the text of the [[ping]]s
    target.accepted                         # a Told for each request that it said yes to
    target.left                             # and for each that had no whole answer
    target.refused                          # and for each that it said no to

Like a hub, a target looks at what is published when it is told: the digest of the topic, the title
of the entry. What it saw last, at the end, has to be what is there.
"""
import collections
import hashlib
import json
import os
import socket
import threading
import time
import urllib.parse
import xmlrpc.client

from aggregator import Server

GOOD = {
    'websub': ({'status': 204}, {'status': 202, 'body': 'ok'}),
    'xmlrpc': ({'status': 200, 'headers': {'Content-Type': 'text/xml'}, 'body': xmlrpc.client.dumps(
        ({'flerror': False, 'message': 'thanks'},), methodresponse=True)},),
    'rsscloud': ({'status': 200, 'body': '<result success="true" msg="thanks"/>'},),
    'podcastindex': ({'status': 200, 'body': '{"status": "true", "description": "thanks"}'},),
    'webhook': ({'status': 204}, {'status': 200}),
    'indexnow': ({'status': 200}, {'status': 202}),
    'webmention': ({'status': 202}, {'status': 201, 'headers': {'Location': '/mention/1'}}),
}
PAGE = {'status': 200, 'headers': {'Link': '</mention>; rel="webmention"'}, 'body': '<p>A page.</p>'}
SECRET = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0'
YOUNG_SECONDS = 3       # a file may be newer than the ping that is under way for the one before

# key: of what it was told: a topic, an entry's id or page, (source, link). seen: what it found
# there. message: the id of a webhook's. early: the file had only just been replaced.
Told = collections.namedtuple('Told', 'time key seen message early')


class Target(Server):
    def __init__(self, swarm, name, protocol, feeds, more):
        super().__init__(None, None)
        self.swarm = swarm
        self.name = name
        self.protocol = protocol
        self.feeds = feeds
        self.more = more
        self.outage = None
        self.until = 0          # of the clock of feedd: when the outage is over
        self.asked = 0
        self.accepted = []
        self.left = []          # feedd cannot know whether these were heard
        self.refused = []
        self.here = threading.local()
        self.port = 0
        self.open()

    def open(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(('127.0.0.1', self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self.take, args=(listener,), daemon=True).start()

    def take(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return          # closed
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.listener = None

    def break_down(self, answer):
        self.mend()
        self.outage = answer
        if answer == 'refuse':
            self.close()

    def mend(self):
        self.outage = None
        if not self.listener:
            self.open()

    @property
    def url(self):
        return f'http://127.0.0.1:{self.port}/'

    # How a request is answered

    def next_answer(self, path):
        self.asked += 1
        answer = {'how': 'close'} if self.outage == 'refuse' else self.outage
        if not answer or answer.get('good'):
            good = GOOD[self.protocol]
            answer = {**(PAGE if path.startswith('/page') else good[self.asked % len(good)]),
                      **(answer or {}), 'good': True}
        self.here.answer = answer
        return answer

    def record(self, **request):
        """It has come; what is to be seen of it is looked at before the answer."""
        self.here.told = list(self.look(request))

    def reply(self, connection, request):
        self.here.told = []
        heard = False
        try:
            again = super().reply(connection, request)
            heard = again
        except OSError:
            heard = self.here.answer.get('how') == 'endless'
            raise
        finally:
            with self.lock:
                if not heard:
                    self.left += self.here.told
                elif self.here.answer.get('good'):
                    self.accepted += self.here.told
                else:
                    self.refused += self.here.told
                # One that was answered late has looked before those that came meanwhile.
                self.accepted.sort(key=lambda told: told.time)
        return again

    def pause(self, connection, seconds):
        super().pause(connection, seconds)
        connection.setblocking(False)
        try:
            if not connection.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError
        except BlockingIOError:
            pass
        finally:
            connection.setblocking(True)

    # What is to be seen

    def look(self, request):
        now = time.monotonic()
        form = dict(urllib.parse.parse_qsl(request['body']))
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request['target']).query))
        if self.protocol == 'websub':
            yield self.topic(now, form['hub.url'])
        elif self.protocol == 'rsscloud':
            yield self.topic(now, form['url'])
        elif self.protocol == 'podcastindex':
            yield self.topic(now, query['url'])
        elif self.protocol == 'xmlrpc':
            params, _ = xmlrpc.client.loads(request['body'])
            yield self.topic(now, params[3])
        elif self.protocol == 'webhook':
            message = dict((k.lower(), v) for k, v in request['headers'])['webhook-id']
            body = json.loads(request['body'])
            if body['type'] == 'feed.updated':
                yield self.topic(now, body['data']['url'], message)
            else:
                gone = body['type'] == 'entry.removed'
                yield Told(now, body['data']['id'], None if gone else body['data']['title'],
                           message, False)
        elif self.protocol == 'indexnow':
            items = self.swarm.items()
            for url in json.loads(request['body'])['urlList']:
                yield Told(now, url, items.get(url, {}).get('title'), None, False)
        elif form:      # a Webmention, and no page that is fetched
            item = self.swarm.items().get(form['source'], {})
            linked = form['target'] in item.get('content_html', '')
            yield Told(now, (form['source'], form['target']),
                       item['title'] if linked else None, None, False)

    def topic(self, now, url, message=None):
        digest, young = self.swarm.digest(url)
        return Told(now, url, digest, message, young)

    def settings(self):
        if self.protocol == 'webmention':
            return ''           # one for all
        path = 'indexnow' if self.protocol == 'indexnow' else self.name
        feeds = f'feeds = {json.dumps(self.feeds)}\n' if self.feeds else ''
        return (f'[[ping]]\nname = "{self.name}"\nprotocol = "{self.protocol}"\n'
                f'url = "{self.url}{path}"\n{feeds}{self.more}')


class Swarm:
    def __init__(self, site, url):
        self.site = site
        self.url = url
        self.targets = []
        site.write('secret', SECRET + '\n')
        os.chmod(site.path('secret'), 0o600)

    def add(self, protocol, feeds=(), more=''):
        if protocol == 'webhook':
            more += 'secret_file = "secret"\n'
        target = Target(self, f't{len(self.targets)}', protocol, feeds, more)
        self.targets.append(target)
        return target

    def settings(self, without=()):
        text = ''.join(target.settings() for target in self.targets if target not in without)
        return text + '[[ping]]\nname = "links"\nprotocol = "webmention"\n'

    def read(self, name):
        """A published file, and whether it has only just come; None: it is not there."""
        try:
            with open(self.site.path('public/' + name), 'rb') as file:
                return file.read(), time.time() - os.fstat(file.fileno()).st_ctime < YOUNG_SECONDS
        except FileNotFoundError:
            return None, False

    def digest(self, topic):
        content, young = self.read(topic.removeprefix(self.url))
        return content and hashlib.sha256(content).hexdigest()[:16], young

    def items(self):
        """The entries that are published, by their pages."""
        content, _ = self.read('feed.json')
        return {item['url']: item for item in json.loads(content)['items']}
