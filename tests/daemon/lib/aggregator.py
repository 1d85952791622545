#!/usr/bin/python3
"""A hub that does what it is told: an HTTP server in a process of its own, with scripted answers.

    hub = Aggregator(site)
    hub.answer('/', {'status': 503, 'headers': {'Retry-After': '2'}}, {'status': 204})
    ... feedd with hub.url ...
    hub.until(daemon, 2)            # two requests have come
    hub.requests[0].method, .target, .headers, .body, .form(), .time

Each request to a path takes the next answer of its script; the last one stays. A path without
a script has that of '*', which is 204. An answer may have

    status, reason, headers, body
    delay       seconds before it
    how         'reset' the connection, 'close' it without a word, 'hang' and say nothing, 'half' a
                header and nothing more, 'endless' body, 'drip' the body a byte a second

Times are those of time.monotonic(), which all processes of a machine share.
"""
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import urllib.parse

REASONS = {200: 'OK', 202: 'Accepted', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found',
           304: 'Not Modified', 400: 'Bad Request', 404: 'Not Found', 410: 'Gone',
           429: 'Too Many Requests', 500: 'Internal Server Error', 503: 'Service Unavailable'}


# ---- the server ----

class Server:
    def __init__(self, listener, log):
        self.listener = listener
        self.log = log
        self.lock = threading.Lock()
        self.scripts = {}       # path: answers that are left

    def next_answer(self, path):
        with self.lock:
            script = self.scripts.get(path) or self.scripts.get('*') or [{}]
            return script.pop(0) if len(script) > 1 else script[0]

    def record(self, **what):
        with self.lock:
            self.log.write(json.dumps(what) + '\n')
            self.log.flush()

    def control(self):
        """Scripts come as lines of JSON on standard input; its end is ours."""
        for line in sys.stdin:
            path, answers = json.loads(line)
            with self.lock:
                self.scripts[path] = answers
            print('ready', flush=True)
        os._exit(0)

    def run(self):
        threading.Thread(target=self.control, daemon=True).start()
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            rest = b''
            while True:
                request, rest = self.read(connection, rest)
                if not request or not self.reply(connection, request):
                    break
        except (OSError, ValueError):
            pass                # it went away, as clients do
        finally:
            connection.close()

    def read(self, connection, rest):
        while b'\r\n\r\n' not in rest:
            piece = connection.recv(65536)
            if not piece:
                return None, b''
            rest += piece
        head, rest = rest.split(b'\r\n\r\n', 1)
        first, *lines = head.decode('latin-1').split('\r\n')
        method, target, _ = first.split(' ', 2)
        headers = [line.split(': ', 1) for line in lines]
        length = int(dict((k.lower(), v) for k, v in headers).get('content-length', 0))
        while len(rest) < length:
            piece = connection.recv(65536)
            if not piece:
                return None, b''
            rest += piece
        request = {'time': time.monotonic(), 'method': method, 'target': target,
                   'headers': headers, 'body': rest[:length].decode('latin-1')}
        return request, rest[length:]

    def pause(self, _, seconds):
        time.sleep(seconds)

    def reply(self, connection, request):
        """Whether the connection may have another request."""
        answer = self.next_answer(request['target'].split('?')[0])
        self.record(**request)
        if answer.get('delay'):
            self.pause(connection, answer['delay'])
        how = answer.get('how')
        if how == 'reset':
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            return False
        if how == 'close':
            return False
        if how == 'hang':
            while connection.recv(65536):
                pass
            return False
        if how == 'half':
            connection.sendall(b'HTTP/1.1 204 No Con')
            while connection.recv(65536):
                pass
            return False
        status = answer.get('status', 204)
        body = answer.get('body', '').encode()
        headers = dict(answer.get('headers', {}))
        if how == 'endless':
            headers['Transfer-Encoding'] = 'chunked'
        elif status not in (204, 304):
            headers.setdefault('Content-Length', str(len(body)))
        reason = answer.get('reason', REASONS.get(status, 'Whatever'))
        head = f'HTTP/1.1 {status} {reason}\r\n' + ''.join(
            f'{key}: {value}\r\n' for key, value in headers.items()) + '\r\n'
        connection.sendall(head.encode('latin-1'))
        if how == 'endless':
            while True:
                connection.sendall(b'1000\r\n' + b'x' * 4096 + b'\r\n')
        if how == 'drip':
            for byte in body:
                connection.sendall(bytes([byte]))
                time.sleep(1)
        elif status not in (204, 304) and request['method'] != 'HEAD':
            connection.sendall(body)
        return True


def main():
    port, log, certificate = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(1024)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        listener = context.wrap_socket(listener, server_side=True, do_handshake_on_connect=False)
    print(listener.getsockname()[1], flush=True)
    with open(log, 'a', encoding='ascii') as file:
        Server(listener, file).run()


# ---- the tests' side ----

class Request:
    def __init__(self, record):
        self.time = record['time']
        self.method = record['method']
        self.target = record['target']
        self.headers = {key.lower(): value for key, value in record['headers']}
        self.body = record['body']

    def form(self):
        """The fields of a form, each once."""
        return dict(urllib.parse.parse_qsl(self.body, keep_blank_values=True))

    def __repr__(self):
        return f'{self.method} {self.target} {self.body!r}'


class Aggregator:
    """The process. It ends with the test, or with stop()."""

    count = 0

    def __init__(self, site, certificate=()):
        Aggregator.count += 1
        self.log = site.path(f'.hub-{Aggregator.count}')
        self.certificate = certificate
        self.port = 0
        self.process = None
        self.scripts = {}
        site.daemons.append(self)       # ended before the site's folder is removed
        self.start()

    def start(self):
        """Again on the same port, after stop()."""
        self.process = subprocess.Popen(
            [sys.executable, '-B', os.path.abspath(__file__), str(self.port), self.log,
             *self.certificate], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        for path, answers in self.scripts.items():
            self.tell(path, answers)

    def close(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    @property
    def url(self):
        return f'{"https" if self.certificate else "http"}://127.0.0.1:{self.port}/'

    def tell(self, path, answers):
        self.process.stdin.write(json.dumps([path, answers]) + '\n')
        self.process.stdin.flush()
        self.process.stdout.readline()

    def answer(self, path, *answers):
        self.scripts[path] = list(answers)
        self.tell(path, list(answers))

    @property
    def requests(self):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding='ascii') as file:
            lines = file.read().split('\n')
        return [Request(json.loads(line)) for line in lines[:-1]]   # the last one is not whole

    def to(self, path):
        return [request for request in self.requests if request.target.split('?')[0] == path]

    def topics(self):
        """What it was told of, in order."""
        return [request.form().get('hub.url') for request in self.requests]

    def until(self, daemon, count, seconds=20, path=None):
        """Wait until so many requests have come, and return them."""
        def come():
            return self.requests if path is None else self.to(path)
        daemon.until(lambda: len(come()) >= count, f'{count} requests', seconds)
        return come()


if __name__ == '__main__':
    main()
