#!/usr/bin/python3
"""Real editors and tools on a watched folder: no reader ever meets an empty or a half entry.

While a tool works, a thread reads the feed as fast as it can. Each version that it meets must be
whole, and each entry in it as before the tool or as after it; what stands before and after is
never missing between. Tools that are not installed are skipped.
"""
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import SETTINGS, contains, equal, run_all, skip, test, true      # noqa: E402

FEEDS = '[[feed]]\nname = "main"\njson = "feed.json"\nlimit = 0\n'
POST = 'content/posts/post.md'


class Reader(threading.Thread):
    """Reads the feed over and over, and keeps each version that it meets."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path = path
        self.versions = []
        self.error = None
        self.ending = threading.Event()

    def run(self):
        last = None
        while not self.ending.is_set():
            try:
                with open(self.path, 'rb') as file:
                    content = file.read()
                if content != last:
                    self.versions.append({item['id']: item for item in
                                          json.loads(content)['items']})
                    last = content
            except (OSError, ValueError, KeyError) as error:
                self.error = error
                return
            time.sleep(0.0005)


class Watched:
    """A site with a post that tools work on, its daemon, and a reader of the feed."""

    def __init__(self, site, before=None):
        site.settings(SETTINGS + FEEDS)
        for i in range(5):
            site.article(f'posts/other-{i}.md', f'Other text {i}.\n', date=f'2023-01-0{i + 1}')
        site.article('posts/post.md', 'The old words.\n', title='Post')
        if before:
            before(site)
        self.site = site
        self.daemon = site.daemon()
        self.before = self.entries()
        self.reader = Reader(site.path('public/feed.json'))
        self.reader.start()

    def entries(self):
        return {item['id']: item for item in json.loads(self.site.read('public/feed.json'))['items']}

    def text_of(self, title='Post'):
        return self.site.items()[title]['content_html']

    def until_text(self, text, title='Post'):
        self.daemon.until(lambda: title in self.site.items() and text in self.text_of(title),
                          f'{text!r} in {title!r}', 30)

    def stop_reading(self):
        self.reader.ending.set()
        self.reader.join()

    def end(self, same_ids=True, without=None):
        """Judge all that the reader met, but for the value `without`."""
        end = time.monotonic() + 0.1        # an entry that flickers may do it after the tool
        self.daemon.until(lambda: time.monotonic() > end, 'a moment')
        self.stop_reading()
        if self.reader.error:
            raise AssertionError(f'a reader met {self.reader.error!r}')
        after = self.entries()
        for version in (self.before, after, *self.reader.versions):
            for item in version.values():
                item.pop(without, None)
        for number, version in enumerate(self.reader.versions):
            for key, item in version.items():
                true(item in (self.before.get(key), after.get(key)),
                     f'version {number} has an entry that is neither old nor new: {item}')
            missing = [key for key in self.before if key in after and key not in version]
            equal(missing, [], f'version {number} lacks')
        if same_ids:
            equal(sorted(after), sorted(self.before), 'ids')
        self.daemon.stop()
        return after


def tool(name, *more):
    if not shutil.which(name):
        skip(f'{name} is not installed')
    return [name, *more]


def call(site, *command, **more):
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, timeout=60,
                          check=False, stdin=subprocess.DEVNULL,
                          env={**os.environ, 'HOME': site.root, 'TERM': 'xterm'}, **more)
    equal(done.returncode, 0, f'{command[0]}: {done.stderr}')
    return done.stdout


def new_words(site, name=POST):
    return site.read(name).decode().replace('The old words.', 'The new words.')


def edited_by(site, *command):
    watched = Watched(site)
    call(site, *command)
    watched.until_text('The new words.')
    watched.end()


def add_vim(name, *settings):
    def run(site):
        edited_by(site, *tool('vim' if shutil.which('vim') else 'vim.tiny', '-Nu', 'NONE', '-i', 'NONE', '-es'),
                  *[part for setting in settings for part in ('--cmd', f'set {setting}')],
                  '-c', '%s/old words/new words/', '-c', 'wq', POST)
    run.__name__ = 'vim_' + name
    test(f"vim, {', '.join(settings) or 'as it comes'}")(run)


add_vim('plain')
add_vim('backup', 'backup', 'writebackup', 'backupcopy=no')
add_vim('copy', 'backup', 'backupcopy=yes')
add_vim('in_place', 'nowritebackup', 'noswapfile')


def type_into(site, command, *keys):
    """Run a program on a terminal and press keys, each when the program is quiet."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(site.root)
        os.execvpe(command[0], command, {'PATH': os.environ['PATH'], 'HOME': site.root,
                                         'TERM': 'xterm', 'LANG': 'C.UTF-8'})
    try:
        for key in keys + (None,):
            quiet = 0.3
            while select.select([terminal], [], [], quiet)[0]:
                if not os.read(terminal, 65536):
                    break
            if key is not None:
                os.write(terminal, key)
    except OSError:         # the program is gone, and its terminal with it
        pass
    finally:
        os.close(terminal)
        equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, command[0])


@test('nano')
def nano(site):
    command = tool('nano', '--ignorercfiles', POST)
    watched = Watched(site)
    # To the end of the file, a line, write out, its name, exit.
    type_into(site, command, b'\x1b/', b'The new words.\r', b'\x0f', b'\r', b'\x18')
    watched.until_text('The new words.')
    watched.end()


@test('emacs')
def emacs(site):
    edited_by(site, *tool('emacs', '-Q', '--batch', POST, '--eval',
                          '(progn (goto-char (point-min)) (search-forward "old words") '
                          '(replace-match "new words") (save-buffer))'))


@test('emacs, by a temp and a rename')
def emacs_precious(site):
    edited_by(site, *tool('emacs', '-Q', '--batch', POST, '--eval',
                          '(progn (setq file-precious-flag t) (search-forward "old words") '
                          '(replace-match "new words") (save-buffer))'))


@test('sed -i')
def sed(site):
    edited_by(site, 'sed', '-i', 's/old words/new words/', POST)


@test('ed')
def ed(site):
    command = tool('ed', '-s', POST)
    watched = Watched(site)
    subprocess.run(command, cwd=site.root, input=b',s/old words/new words/\nw\nq\n', check=True)
    watched.until_text('The new words.')
    watched.end()


def rsync(site, *how):
    command = tool('rsync', '-a', *how)
    watched = Watched(site)
    site.write('there/post.md', new_words(site))
    os.utime(site.path('there/post.md'), (1700000000, 1700000000))
    call(site, *command, 'there/', 'content/posts/')
    watched.until_text('The new words.')
    watched.end()


@test('rsync')
def rsync_plain(site):
    rsync(site)


@test('rsync --inplace')
def rsync_inplace(site):
    rsync(site, '--inplace')


@test('rsync --delay-updates, which leaves a folder of temps for a while')
def rsync_delay(site):
    rsync(site, '--delay-updates')


@test('cp over the file')
def cp_over(site):
    watched = Watched(site)
    site.write('there.md', new_words(site))
    call(site, 'cp', 'there.md', POST)
    watched.until_text('The new words.')
    watched.end()


@test('cp -r of a new folder: each entry comes whole')
def cp_folder(site):
    watched = Watched(site)
    for i in range(50):
        site.write(f'there/deep/er/n{i}.md',
                   f'---\ntitle: New {i}\ndate: 2024-02-01\n---\n' + f'Text {i}.\n' * 500 + 'End.\n')
    call(site, 'cp', '-r', 'there', 'content/')
    watched.daemon.until(lambda: len(site.items()) == 56, '50 entries more', 30)
    after = watched.end(same_ids=False)
    true(all('End.' in item['content_html'] for item in after.values()
             if item['title'].startswith('New')), 'a half entry')


@test('git checkout between branches')
def git(site):
    command = tool('git', '-c', 'user.name=T', '-c', 'user.email=t@t.example', '-C', 'content')

    def branches(site):
        call(site, *command, 'init', '-q', '-b', 'old')
        call(site, *command, 'add', '.')
        call(site, *command, 'commit', '-qm', 'old')
        call(site, *command, 'checkout', '-qb', 'new')
        site.write(POST, new_words(site))
        site.article('posts/other-3.md', 'Other words here.\n', date='2023-01-04')
        site.article('posts/third.md', 'On the new branch alone.\n', title='Third')
        call(site, *command, 'add', '.')
        call(site, *command, 'commit', '-qm', 'new')
        call(site, *command, 'checkout', '-q', 'old')

    watched = Watched(site, branches)
    call(site, *command, 'checkout', '-q', 'new')
    watched.until_text('The new words.')
    watched.daemon.until(lambda: 'Third' in site.items(), 'the third')
    third = site.items()['Third']['id']
    call(site, *command, 'checkout', '-q', 'old')
    watched.until_text('The old words.')
    watched.daemon.until(lambda: 'Third' not in site.items(), 'without the third', 30)
    call(site, *command, 'checkout', '-q', 'new')
    watched.daemon.until(lambda: 'Third' in site.items(), 'the third again')
    watched.until_text('The new words.')
    equal(site.items()['Third']['id'], third)
    # An entry may bear another date of update each time it changes: judge all but that.
    watched.end(same_ids=False, without='date_modified')


@test('unzip -o')
def unzip(site):
    command = tool('unzip', '-qo', 'there.zip')
    watched = Watched(site)
    site.write('there/' + POST, new_words(site))
    for i in range(20):
        site.write(f'there/content/zip/n{i}.md', f'---\ntitle: Zip {i}\ndate: 2024-02-01\n---\nText.\n')
    shutil.make_archive(site.path('there'), 'zip', site.path('there'))
    call(site, *command)
    watched.until_text('The new words.')
    watched.daemon.until(lambda: len(site.items()) == 26, '20 entries more', 30)
    watched.end(same_ids=False)


def write_slowly(site, name, text, pieces=5, pause=0.25):
    """One open file, written bit by bit."""
    with open(site.path(name), 'w', encoding='utf-8') as file:
        for i in range(pieces):
            file.write(text[len(text) * i // pieces:len(text) * (i + 1) // pieces])
            file.flush()
            if i < pieces - 1:
                time.sleep(pause)


@test('a slow writer over a file: the old entry stands until it is done')
def slow_over(site):
    watched = Watched(site)
    write_slowly(site, POST, new_words(site) + 'And more.\n\n' * 20 + 'The end.\n')
    watched.until_text('The end.')
    watched.end()


@test('a slow writer of a new file: no entry until it is done')
def slow_new(site):
    watched = Watched(site)
    write_slowly(site, 'content/posts/new.md',
                 '---\ntitle: New\ndate: 2024-02-01\n---\n' + 'And more.\n\n' * 20 + 'The end.\n')
    watched.until_text('The end.', 'New')
    watched.end(same_ids=False)


@test('a slow writer in a new folder: no entry until it is done')
def slow_folder(site):
    watched = Watched(site)
    os.makedirs(site.path('content/a/b'))
    write_slowly(site, 'content/a/b/new.md',
                 '---\ntitle: New\ndate: 2024-02-01\n---\n' + 'And more.\n\n' * 20 + 'The end.\n')
    watched.until_text('The end.', 'New')
    watched.end(same_ids=False)


@test('pv: a slow pipe')
def pv(site):
    command = tool('pv', '-qL', '400')
    watched = Watched(site)
    text = (new_words(site) + 'And more.\n\n' * 30 + 'The end.\n').encode()
    with open(site.path(POST), 'wb') as file:
        subprocess.run(command, input=text, stdout=file, check=True, timeout=60)
    watched.until_text('The end.')
    watched.end()


@test('a file that is truncated, and written a while later through the same descriptor')
def truncated(site):
    watched = Watched(site)
    text = new_words(site)
    with open(site.path(POST), 'r+', encoding='utf-8') as file:
        file.truncate()
        time.sleep(0.5)
        file.write(text)
    watched.until_text('The new words.')
    watched.end()


@test('an atomic saver that unlinks first, and takes its time')
def unlink_first(site):
    watched = Watched(site)
    site.write('content/posts/.post.new', new_words(site))
    os.unlink(site.path(POST))
    time.sleep(0.4)
    os.rename(site.path('content/posts/.post.new'), site.path(POST))
    watched.until_text('The new words.')
    watched.end()


def entry_again(watched, title='Post'):
    """The entry under a new path has the id of the one that is gone."""
    old = next(item for item in watched.before.values() if item['title'] == title)
    watched.daemon.until(lambda: watched.site.items()[title]['url'] != old['url'],
                         'the entry at its new place', 30)
    equal(watched.site.items()[title]['id'], old['id'])
    watched.end()


@test('mv of the file')
def mv(site):
    watched = Watched(site)
    call(site, 'mv', POST, 'content/posts/moved.md')
    entry_again(watched)


@test('mv of its folder')
def mv_folder(site):
    watched = Watched(site)
    call(site, 'mv', 'content/posts', 'content/essays')
    entry_again(watched)


@test('a folder is replaced as a whole, and files in it are written at once')
def replaced_folder(site):
    watched = Watched(site)
    for number in range(5):
        shutil.copytree(site.path('content/posts'), site.path('content/.new'))
        os.rename(site.path('content/posts'), site.path('content/.old'))
        os.rename(site.path('content/.new'), site.path('content/posts'))
        shutil.rmtree(site.path('content/.old'))
        site.article('posts/post.md', f'The new words, {number}.\n', title='Post')
        watched.until_text(f'The new words, {number}.')
    after = watched.entries()
    equal(sorted(after), sorted(watched.before), 'ids')
    watched.before = after
    watched.stop_reading()
    watched.reader.versions.clear()     # the words between were right, too
    watched.end()


@test('rsync from elsewhere after a mv: deleted here, created there')
def rsync_moved(site):
    command = tool('rsync', '-a', '--delete')
    watched = Watched(site)
    shutil.copytree(site.path('content'), site.path('there'))
    os.rename(site.path('there/posts/post.md'), site.path('there/posts/moved.md'))
    call(site, *command, 'there/', 'content/')
    entry_again(watched)


@test('hard links: another name, and then the first one goes')
def hard_link(site):
    watched = Watched(site)
    os.link(site.path(POST), site.path('content/posts/second.md'))
    os.unlink(site.path(POST))
    entry_again(watched)


@test('a symlink follows its target: edited, replaced, gone and back')
def symlink_target(site):
    def link(site):
        os.symlink('post.md', site.path('content/posts/alias.md'))
    watched = Watched(site, before=link)

    def aliases(word):
        return [item for item in json.loads(site.read('public/feed.json'))['items']
                if item['url'].endswith('/alias/') and word in item['content_html']]

    def replace(content):
        site.write('content/posts/.new', content)
        os.rename(site.path('content/posts/.new'), site.path(POST))
    with open(site.path(POST), 'a', encoding='utf-8') as file:
        file.write('\nEdited in place.\n')
    watched.daemon.until(lambda: aliases('Edited in place'), 'the edit by the other name', 10)
    replace(site.read(POST) + b'\nReplaced as a whole.\n')
    watched.daemon.until(lambda: aliases('Replaced as a whole'), 'the new file', 10)
    os.rename(site.path(POST), site.path('content/posts/.away'))
    watched.daemon.until(lambda: not aliases(''), 'the end of what leads nowhere', 10)
    os.rename(site.path('content/posts/.away'), site.path(POST))
    watched.daemon.until(lambda: aliases('Replaced as a whole'), 'its return', 10)
    whole = site.read(POST)
    for again in (lambda: site.write(POST, whole), lambda: replace(whole)):
        site.write(POST, '---\ntitle: [\n---\nBroken.\n')
        watched.daemon.until(lambda: not aliases(''), 'the end of what cannot be read', 10)
        again()
        watched.daemon.until(lambda: aliases('Replaced as a whole'), 'both mended', 10)
    watched.daemon.stop()


@test('ln of a file from outside')
def ln(site):
    watched = Watched(site)
    site.write('outside.md', '---\ntitle: Linked\ndate: 2024-02-01\n---\nLinked text.\n')
    os.link(site.path('outside.md'), site.path('content/posts/linked.md'))
    watched.until_text('Linked text.', 'Linked')
    watched.end(same_ids=False)


@test('a symlink farm: links to files of one folder, switched as a whole')
def farm(site):
    def plant(site):
        site.settings(SETTINGS + FEEDS + '[content]\nexclude = ["store/**"]\n')
        for edition in ('old', 'new'):
            for i in range(10):
                site.write(f'content/store/{edition}/n{i}.md', f'---\ntitle: Farm {i}\n'
                           f'date: 2024-02-01\n---\nThe {edition} words.\n')
        os.mkdir(site.path('content/farm'))
        for i in range(10):
            os.symlink(f'../store/old/n{i}.md', site.path(f'content/farm/n{i}.md'))

    watched = Watched(site, plant)
    equal(len(watched.before), 16)
    for i in range(10):
        os.symlink(f'../store/new/n{i}.md', site.path('content/farm/.next'))
        call(site, 'mv', '-T', 'content/farm/.next', f'content/farm/n{i}.md')
    for i in range(10):
        watched.until_text('The new words.', f'Farm {i}')
    watched.end()


@test('touch, and a checkout of the same bytes: the feed is not even written')
def same_bytes(site):
    watched = Watched(site)
    before = site.stamps()
    call(site, 'touch', POST)
    content = site.read(POST)
    os.unlink(site.path(POST))
    site.write(POST, content)
    site.article('posts/other-1.md', 'Another text.\n', date='2023-01-02')
    watched.daemon.until(lambda: 'Another text.' in watched.text_of('Title of posts/other-1.md'),
                         'an edit made afterwards')
    watched.end()
    true(site.stamps() != before, 'the edit made no feed')
    true(len(watched.reader.versions) <= 2, f'{len(watched.reader.versions)} versions')


@test('the litter of editors makes no entry and no build')
def litter(site):
    watched = Watched(site)
    text = '---\ntitle: Litter\ndate: 2024-02-01\n---\nLitter.\n'
    for name in ('.post.md.swp', 'post.md~', '4913', '.git/post.md', '#post.md#', 'post.md.tmp'):
        site.write('content/posts/' + name, text)
    os.symlink('me@here.1234:5678', site.path('content/posts/.#post.md'))
    site.write(POST, new_words(site))
    watched.until_text('The new words.')
    after = watched.end()
    equal(len(after), 6)
    contains(str(after), 'The new words.')


run_all()
