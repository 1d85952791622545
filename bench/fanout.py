"""The case of bench/run that needs aggregators: one change is told to many of them, all on loopback
and all the same nginx, which answers 204. Beside it a bare loop of libcurl, and wrk."""
import os
import re
import shutil
import statistics
import subprocess
import time

from live import QUIET_MS, Daemon

NGINX = shutil.which('nginx', path=os.environ['PATH'] + ':/usr/sbin')
PORT = 18204
IN_FLIGHT = 32      # OUTBOX_IN_FLIGHT
TARGETS = (10, 100, 1000, 10000)
PINGS_MOST = 1000   # [[ping]]s that settings take; beyond, each is told of several feeds
WRK_SECONDS = 1
TELL_SECONDS = 300
LOG_LINE = 15       # bytes: seconds since the epoch, with three decimals, and a line end
REST_MS = 1500      # without a request: all are told

NGINX_CONF = '''daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
    log_format bench "$msec";
    access_log {log} bench;     # LOG_LINE bytes a request
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4;
    scgi_temp_path t5;
    server {{ listen {port} backlog=4096; return 204; }}
}}
'''

WRK_LUA = '''wrk.method = "POST"
wrk.body = "hub.mode=publish&hub.url=https%3A%2F%2Fbench.example%2Fatom.xml"
    .. "&hub.topic=https%3A%2F%2Fbench.example%2Fatom.xml"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Connection"] = "close"
'''

PING_TOML = '''
[[ping]]
protocol = "websub"
url = "http://{host}:{port}/"
'''


def host(number):
    return f'127.0.{number // 250}.{number % 250 + 1}'


class Nginx:
    """It answers 204 to all, and notes when."""

    def __init__(self, bench):
        self.folder = os.path.join(bench.work, 'live', 'nginx')
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.log = f'{self.folder}/access.log'
        with open(f'{self.folder}/nginx.conf', 'w', encoding='ascii') as file:
            file.write(NGINX_CONF.format(log=self.log, port=PORT))
        self.process = subprocess.Popen(
            [NGINX, '-p', self.folder, '-c', 'nginx.conf'], stderr=subprocess.DEVNULL)
        while not os.path.exists(f'{self.folder}/nginx.pid'):
            if self.process.poll() is not None:
                raise SystemExit(f'nginx does not start; is port {PORT} free?')
            time.sleep(0.01)
        time.sleep(0.2)

    def count(self):
        """Requests so far. It does not read the log, which takes time from what is measured."""
        return os.path.getsize(self.log) // LOG_LINE

    def times(self, since):
        """Milliseconds since the epoch, of each request after so many."""
        with open(self.log, 'rb') as file:
            file.seek(since * LOG_LINE)
            return sorted(float(line) * 1000 for line in file.read().split(b'\n')[:-1])

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Told:
    """A feedd with so many [[ping]]; what it takes to tell all of one change."""

    def __init__(self, bench, count):
        content = os.path.join(bench.work, 'live', f'fanout-{count}-content')
        shutil.rmtree(content, ignore_errors=True)
        shutil.copytree(bench.content(100), content)
        self.count = count
        self.article = f'{content}/posts/fanout.md'
        pings = ''.join(PING_TOML.format(host=host(n), port=PORT)
                        for n in range(min(count, PINGS_MOST)))
        feeds = ''.join(f'\n[[feed]]\nname = "more-{n}"\natom = "more-{n}.xml"\n'
                        for n in range(1, count // PINGS_MOST))
        # One format: then each is told of one topic of a feed.
        self.start = lambda **more: Daemon(
            bench, f'fanout-{count}', content,
            '\n[http]\nallow = ["127.0.0.0/8"]\n' + feeds + pings,
            without=('rss = ', 'json = '), **more)
        self.daemon = self.start()
        self.changes = 0

    def change(self):
        """Milliseconds since the epoch when it was saved."""
        self.changes += 1
        with open(self.article + '.new', 'w', encoding='ascii') as file:
            # Newer than what bench/generate makes, and past.
            file.write(f'---\ntitle: Change {self.changes}\ndate: 2025-01-01\n---\nText.\n')
        os.rename(self.article + '.new', self.article)
        return time.time() * 1000

    def busiest(self):
        """Milliseconds for which the loop was busy at one go; below 10 it does not say."""
        return max((int(found[1]) for line in self.daemon.lines()
                    if (found := re.search(r'loop: busy for (\d+) ms', line))), default=0)

    def turn(self, nginx):
        """Milliseconds from the save to the first request, from there to the last, and of CPU."""
        time.sleep(0.2)     # for the last lines of others
        before, cpu, saved = nginx.count(), self.daemon.cpu(), self.change()
        self.daemon.wait(lambda: nginx.count() - before >= self.count, TELL_SECONDS)
        times = nginx.times(before)
        time.sleep(0.2)
        return times[0] - saved - QUIET_MS, times[-1] - times[0], \
            (self.daemon.cpu() - cpu) * 1000

    def meanwhile(self, nginx):
        """Milliseconds from a save to the feed, without the quiet, while all are being told."""
        self.daemon.stop()
        self.daemon = self.start(fresh=False, options=('--verbose',))   # it says how busy it is
        before = nginx.count()
        self.change()
        self.daemon.wait(lambda: nginx.count() > before, TELL_SECONDS)
        saved = self.change()
        word = f'Change {self.changes}<'.encode()

        def published():
            with open(f'{self.daemon.place}/public/atom.xml', 'rb') as file:
                return word in file.read()
        self.daemon.wait(published, TELL_SECONDS)
        took = time.time() * 1000 - saved - QUIET_MS
        # Those that were told of the first change before the second came are told twice.
        self.daemon.wait(lambda: time.time() * 1000 - nginx.times(before)[-1] > REST_MS, TELL_SECONDS)
        return took

    def resident_due(self):
        """Bytes of memory when all pings are due, as nobody listens."""
        self.change()
        time.sleep(3 + self.count / 1000)
        return self.daemon.resident()[0]


def tool(bench, name, count):
    done = subprocess.run([f'{bench.tools}/{name}', str(count), str(PORT), str(IN_FLIGHT)],
                          capture_output=True, text=True, check=True)
    return [float(n) for n in done.stdout.split()]


def wrk(folder):
    """Milliseconds for a request, IN_FLIGHT at a time, each with a connection of its own."""
    with open(f'{folder}/post.lua', 'w', encoding='ascii') as file:
        file.write(WRK_LUA)
    done = subprocess.run(
        ['wrk', '-t1', f'-c{IN_FLIGHT}', f'-d{WRK_SECONDS}s', '-s', f'{folder}/post.lua',
         f'http://127.0.0.1:{PORT}/'], capture_output=True, text=True, check=True)
    return 1000 / float(re.search(r'Requests/sec:\s*([\d.]+)', done.stdout)[1])


def line_print(name, walls, floors, wrks, rest):
    line = f'{name:16}{statistics.median(walls):10.1f}'
    for others in (floors, wrks):
        line += f'{statistics.median(b / a for a, b in zip(walls, others)):10.2f}' if others \
            else ' ' * 10
    print(line + rest, flush=True)


def measure(bench, rounds, nginx, told, count):
    """Print the lines of so many targets; bytes of feedd's memory when all are due."""
    floors, alones, wrks, tolds = [], [], [], []
    for _ in range(rounds):
        floors.append(tool(bench, 'floor_multi', count))
        alones.append(tool(bench, 'fanout', count))
        if shutil.which('wrk'):
            wrks.append(wrk(nginx.folder) * count)
        if told:
            tolds.append(told.turn(nginx))
    meanwhile = told.meanwhile(nginx) if told else 0
    nginx.stop()
    bare = [wall for wall, _ in floors]
    print(f"{f'{count} targets':16}{'ms':>10}{'x libcurl':>10}{'x wrk':>10}")
    line_print('libcurl', bare, [], wrks,
               f'   {statistics.median(cpu for _, cpu in floors):.1f} ms of CPU')
    line_print('http alone', [wall for wall, _, _ in alones], bare, wrks,
               f'   {statistics.median(cpu for _, cpu, _ in alones):.1f} ms of CPU, loop busy '
               f'for at most {max(busy for _, _, busy in alones):.1f} ms')
    if told:
        # Below one tick of nginx' clock there is nothing to divide by.
        line_print('feedd', [max(1, wall) for _, wall, _ in tolds], bare, wrks,
                   f'   {statistics.median(cpu for _, _, cpu in tolds):.1f} ms of CPU; first '
                   f'request {statistics.median(first for first, _, _ in tolds):.0f} ms after '
                   f'the save and the quiet; an edit meanwhile published in {meanwhile:.0f} ms '
                   f'beside it; loop busy for at most {told.busiest() or "10"} ms')
        resident = told.resident_due()
        told.daemon.stop()
        return resident
    return None


def fanout(bench, options):
    """One change to many targets: milliseconds, and speed as a share of libcurl's and wrk's."""
    settings = subprocess.run([f'{bench.build}/feedd', '--settings'], capture_output=True,
                              text=True, check=True).stdout
    if not NGINX:
        print('nginx is not installed')
        return
    resident = {}
    for count in TARGETS:
        nginx = Nginx(bench)
        try:
            told = Told(bench, count) if '[http]' in settings else None
            resident[count] = measure(bench, options.rounds, nginx, told, count)
        finally:
            nginx.stop()
    more = TARGETS[-1] - PINGS_MOST     # of the same [[ping]]s, so that nothing else is more
    if resident[PINGS_MOST]:
        print(f'{(resident[TARGETS[-1]] - resident[PINGS_MOST]) / more:.0f} bytes of memory for '
              f'each further ping that is due')


CASES = {'fanout': fanout}
