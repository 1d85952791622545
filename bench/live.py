"""The cases of bench/run that need the daemon: what a save takes, what it does when idle, what a
checkout takes, and whether it grows. Each is a function of a Bench and the options."""
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import threading
import time

QUIET_MS = 50
TAGS = 300
SAVES_A_TURN = 10
PAUSE_MS = 30
START_SECONDS = 300
# So few entries that the tags of 1,000 articles fill their feeds, too: else those of a larger site
# would have more to write.
TAG_FEED = '''
[[feed]]
by = "tag"
atom = "tags/:tag/atom.xml"
limit = 6
'''


class Daemon:
    """A feedd that watches; what it logs, and when it told systemd of a build."""

    def __init__(self, bench, name, content, more='', fresh=True, without=(), options=()):
        self.place = os.path.join(bench.work, 'live', name)
        self.content = content
        if fresh:
            shutil.rmtree(self.place, ignore_errors=True)
        settings = ''.join(line for line in bench.settings(self.place, content, 20).splitlines(True)
                           if not line.startswith(without)) + more
        with open(f'{self.place}/feedd.toml', 'w', encoding='utf-8') as file:
            file.write(settings)
        self.builds = []
        self.systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.systemd.bind(f'\0feedd-bench-{os.getpid()}-{name}')
        # The reader of a pipe, and a disk, would take part of the processors that are measured.
        self.log = os.memfd_create('log')
        self.process = subprocess.Popen(
            [f'{bench.build}/feedd', '--config', f'{self.place}/feedd.toml', *options],
            stderr=self.log,
            env={**os.environ, 'NOTIFY_SOCKET': f'@feedd-bench-{os.getpid()}-{name}'})
        self.hearer = threading.Thread(target=self.hear, daemon=True)
        self.hearer.start()
        self.wait(lambda: self.builds, START_SECONDS)

    def lines(self):
        size = os.fstat(self.log).st_size
        return os.pread(self.log, size, 0).decode().splitlines()

    def hear(self):
        while told := self.systemd.recv(4096):
            if b'STATUS=' in told:
                self.builds.append(time.monotonic())

    def wait(self, condition, seconds):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit('feedd: ' + '\n'.join(self.lines()[-20:]))
            time.sleep(0.01)

    def cpu(self):
        """CPU seconds of all threads so far, to the nanosecond."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def switches(self):
        """Context switches of all threads so far."""
        total = 0
        folder = f'/proc/{self.process.pid}/task'
        for task in os.listdir(folder):
            with open(f'{folder}/{task}/status', encoding='ascii') as file:
                total += sum(int(n) for n in re.findall(r'ctxt_switches:\s+(\d+)', file.read()))
        return total

    def resident(self):
        """Bytes in memory that are the process' own, and those of files beside them."""
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as file:
            text = file.read()
        return [1024 * int(re.search(rf'{key}:\s+(\d+)', text)[1]) for key in ('RssAnon', 'VmRSS')]

    def descriptors(self):
        return len(os.listdir(f'/proc/{self.process.pid}/fd'))

    def newest(self, site_url):
        """The path of the article on top of the feeds."""
        with open(f'{self.place}/public/feed.json', encoding='utf-8') as file:
            url = json.load(file)['items'][0]['url']
        return f"{self.content}/{url[len(site_url):].rstrip('/')}.md"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait()
        os.close(self.log)
        if status:
            raise SystemExit(f'feedd ended with {status}')
        self.systemd.shutdown(socket.SHUT_RDWR)     # ends hear()
        self.hearer.join()
        self.systemd.close()                        # the next may have the name


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class FloorWrite:
    """The same feeds written, synced and renamed, one after the other, and nothing else."""

    def __init__(self, bench, feeds_from):
        self.folder = os.path.join(bench.work, 'live', 'floor')
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        for name in bench.feeds:
            shutil.copy(f'{feeds_from}/{name}', self.folder)
        self.command = [f'{bench.tools}/floor_write', str(SAVES_A_TURN),
                        str(PAUSE_MS + QUIET_MS), self.folder, *bench.feeds]

    def turn(self):
        done = subprocess.run(self.command, capture_output=True, text=True, check=True)
        rows = [[float(n) for n in line.split()] for line in done.stdout.splitlines()]
        return [wall for wall, _ in rows], statistics.mean(cpu for _, cpu in rows)


def save_turn(bench, daemon):
    """Some saves: milliseconds beyond the quiet, and of CPU for each."""
    before = daemon.cpu()
    done = subprocess.run(
        [f'{bench.tools}/save', str(SAVES_A_TURN), str(PAUSE_MS), daemon.newest(bench.url),
         f'{daemon.place}/public', *bench.feeds], capture_output=True, text=True, check=True)
    time.sleep(0.1)
    return [float(line) - QUIET_MS for line in done.stdout.split()], \
        (daemon.cpu() - before) / (SAVES_A_TURN + 1) * 1000     # the last is to undo


def save(bench, options):
    """One save to three feeds replaced, at several sizes in turns, beside writing them alone."""
    runs = {}
    for count, tags in ((1000, 0), (10000, 0), (100000, 0), (1000, TAGS), (100000, TAGS)):
        daemon = Daemon(bench, f'save-{count}-{tags}', bench.content(count, tags),
                        TAG_FEED * bool(tags))
        runs[count, tags] = (daemon, [], [])
    floor = FloorWrite(bench, f'{runs[1000, 0][0].place}/public')
    floors = ([], [])
    for _ in range(options.saves // SAVES_A_TURN):
        wall, cpu = floor.turn()
        floors[0].extend(wall)
        floors[1].append(cpu)
        for daemon, walls, cpus in runs.values():
            wall, cpu = save_turn(bench, daemon)
            walls += wall
            cpus.append(cpu)
    print(f"{'articles':28}{'p50 ms':>8}{'p99 ms':>8}{'CPU ms':>8}"
          f"{'x floor':>9}{'CPU':>6}{'x 1000':>9}{'CPU':>6}   beyond {QUIET_MS} ms of quiet")
    print(f"{'floor write':28}{percentile(floors[0], .5):8.2f}{percentile(floors[0], .99):8.2f}"
          f'{statistics.median(floors[1]):8.2f}')
    for (count, tags), (daemon, walls, cpus) in runs.items():
        line = f"{f'{count}' + f' and {tags} tag feeds' * bool(tags):28}" \
            f'{percentile(walls, .5):8.2f}{percentile(walls, .99):8.2f}' \
            f'{statistics.median(cpus):8.2f}'
        for other in (floors, runs[1000, tags][1:]):
            line += f'{statistics.median(walls) / statistics.median(other[0]):9.2f}' \
                f'{statistics.median(a / b for a, b in zip(cpus, other[1])):6.2f}'
        print(line)
        daemon.stop()


def idle(bench, options):
    """Nothing happens: no CPU, no wake-up; and what an article takes in memory."""
    resident = {}
    print(f"{'articles':18}{'CPU ms':>8}{'switches':>10}{'own MiB':>9}{'RSS MiB':>9}   "
          f'in {options.idle} s')
    for start in ('cold', 'warm'):
        for count in (10000, 100000):
            daemon = Daemon(bench, f'idle-{count}', bench.content(count), fresh=start == 'cold')
            time.sleep(2)
            cpu, switches = daemon.cpu(), daemon.switches()
            if start == 'warm':
                time.sleep(options.idle)
            resident[start, count] = daemon.resident()
            own, whole = (value / 2 ** 20 for value in daemon.resident())
            idled = f'{(daemon.cpu() - cpu) * 1000:8.2f}{daemon.switches() - switches:10}' \
                if start == 'warm' else ' ' * 18
            print(f"{f'{count}, {start} start':18}{idled}{own:9.1f}{whole:9.1f}")
            daemon.stop()
    for start in ('cold', 'warm'):
        more = resident[start, 100000][1] - resident[start, 10000][1]
        print(f'{start} start: {more / 90000:.0f} bytes for each further article')


def git(folder, *words):
    subprocess.run(['git', '-C', folder, '-c', 'gc.auto=0', '-c', 'core.compression=0', '-c',
                    'user.name=bench', '-c', 'user.email=bench@example.com', *words], check=True,
                   stdout=subprocess.DEVNULL)


def checkout_tree(bench, count):
    """A repository with two branches that differ in every file."""
    folder = os.path.join(bench.work, 'live', 'checkout-tree')
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(bench.content(count), folder)
    git(folder, 'init', '-q', '-b', 'one')
    git(folder, 'add', '.')
    git(folder, 'commit', '-qm', 'one')
    git(folder, 'checkout', '-qb', 'two')
    for place, _, files in os.walk(f'{folder}/posts'):
        for name in files:
            with open(f'{place}/{name}', 'a', encoding='utf-8') as file:
                file.write('\nThe other branch.\n')
    git(folder, 'commit', '-qam', 'two')
    return folder


def checkout(bench, options):
    """git checkout switches every file; against the cold build of the same tree."""
    count = 10000
    folder = checkout_tree(bench, count)
    daemon = Daemon(bench, 'checkout', folder)
    rows = []
    for turn in range(options.rounds):
        place = os.path.join(bench.work, 'live', 'checkout-cold')
        shutil.rmtree(place, ignore_errors=True)
        bench.settings(place, folder, 20)
        cold_wall, cold_cpu, _ = bench.measure(
            [f'{bench.build}/feedd', '--once', '--quiet', '--config', f'{place}/feedd.toml'])
        cpu, builds, lines = daemon.cpu(), len(daemon.builds), len(daemon.lines())
        started = time.monotonic()
        git(folder, 'checkout', '-q', 'two' if turn % 2 else 'one')
        ended = time.monotonic()
        daemon.wait(lambda: time.monotonic() - max(ended, daemon.builds[-1]) > 4, 120)
        written = sum('atom.xml written' in line for line in daemon.lines()[lines:])
        rows.append((ended - started, max(0, daemon.builds[-1] - ended), daemon.cpu() - cpu,
                     len(daemon.builds) - builds, written, cold_wall, cold_cpu))
    medians = [statistics.median(values) for values in zip(*rows)]
    print(f'git took {medians[0]:.2f} s; the last build ended {medians[1]:.2f} s later, '
          f'{medians[2]:.2f} s of CPU, {medians[3]:.0f} builds (one a second while git runs), '
          f'{medians[4]:.0f} of them replaced feeds')
    print(f'the cold build: {medians[5]:.2f} s, {medians[6]:.2f} s of CPU; '
          f'the checkout took x {statistics.median(row[1] / row[5] for row in rows):.2f} in time '
          f'after git, x {statistics.median(row[2] / row[6] for row in rows):.2f} in CPU')
    daemon.stop()


def steady(bench, options):
    """A save a second for long: memory and descriptors stay as they were."""
    daemon = Daemon(bench, 'steady', bench.content(1000))
    article = daemon.newest(bench.url)
    print(f"{'second':>8}{'own KiB':>10}{'RSS KiB':>10}{'descriptors':>13}{'CPU ms a save':>15}")
    step = max(1, options.seconds // 12)
    for second in range(0, options.seconds, step):
        cpu = daemon.cpu()
        subprocess.run([f'{bench.tools}/save', str(step), str(1000 - QUIET_MS), article,
                        f'{daemon.place}/public', *bench.feeds], check=True,
                       stdout=subprocess.DEVNULL)
        time.sleep(0.1)
        own, whole = daemon.resident()
        print(f'{second + step:8}{own // 1024:10}{whole // 1024:10}{daemon.descriptors():13}'
              f'{(daemon.cpu() - cpu) / (step + 1) * 1000:15.2f}', flush=True)
    daemon.stop()


CASES = {'save': save, 'idle': idle, 'checkout': checkout, 'steady': steady}
