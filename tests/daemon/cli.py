#!/usr/bin/python3
"""The command line: each option, each exit status, what goes to which output."""
import json
import os
import sys
import tomllib

sys.dont_write_bytecode = True
ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..'))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import (CONFIG, DONE, FAULTS, IO, LOCKED, SETTINGS, SKIPPED, USAGE,    # noqa: E402
                  contains, equal, lacks, run_all, test, true)


@test('--help lists every option on standard output, and fits a screen with the prompt below it')
def help_(site):
    run = site.run('--help').expect(DONE)
    equal(run.err, '')
    contains(run.out, '--init DIR', '--yes', '--once', '--check', '--adopt FEED', '--check-settings', '--settings',
             '-c, --config FILE', '--no-ping', '--ping-now [TARGET]', '-n, --dry-run',
             '--print-server-config', '--print-links', '--json', '--strict', '--force', '-v, --verbose', '-q, --quiet',
             '-V, --version', '-h, --help')
    true(all(len(line) <= 80 for line in run.out.splitlines()), 'a line is wider than 80')
    true(run.out.count('\n') < 24, f'{run.out.count(chr(10))} lines')
    equal(site.run('--once', '-h').out, run.out)


@test('the manual says what each exit status means')
def statuses(_site):
    with open(os.path.join(ROOT, 'docs/feedd.8'), encoding='utf-8') as file:
        page = file.read()
    section = page[page.index('.Sh EXIT STATUS'):page.index('.Sh EXAMPLES')]
    equal([int(line[4:]) for line in section.splitlines() if line.startswith('.It ')],
          [DONE, SKIPPED, USAGE, FAULTS, IO, LOCKED, CONFIG])


@test('--version is one line that names the program')
def version(site):
    run = site.run('--version').expect(DONE)
    equal(run.err, '')
    equal(run.out.split()[0], 'feedd')
    equal(run.out.count('\n'), 1)


@test('help and version need no settings')
def no_settings(site):
    os.unlink(site.path('feedd.toml'))
    for option in ('--help', '--version', '--settings'):
        site.run(option).expect(DONE)


@test('--check-settings finds what a start would, and looks at no article')
def check_settings(site):
    site.write('content/a.md', '---\ntitle: [\n---\n')
    run = site.run('--check-settings').expect(DONE, 'feedd.toml: nothing is wrong')
    equal(run.err.count('\n'), 1)
    site.settings(SETTINGS + 'titel = "x"\n[content]\nundated = "mtim"\n')
    run = site.run('--check-settings').expect(CONFIG, 'feedd.toml:5:1: ', 'feedd.toml:7:11: ')
    equal(run.err.count('\n'), 2)
    site.settings(SETTINGS + '[content]\ndir = "nowhere"\n')
    site.run('--check-settings').expect(IO, 'feedd.toml:6:7: ', "'nowhere'")
    equal(sorted(os.listdir(site.root)), ['content', 'feedd.toml'])


WRONG = [
    (['--nope'], "'--nope'", '--help'),
    (['-x'], "'-x'", '--help'),
    (['--once', 'extra'], "'extra'", '--help'),
    (['once'], 'did you mean --once?'),
    (['-check'], 'did you mean --check?'),
    (['--dry-rum'], 'did you mean --dry-run?'),
    (['feedd.toml'], '--config feedd.toml'),
    (['-c'], '--config needs an argument, FILE'),
    (['--once=1'], "'--once=1': --once takes no argument"),
    (['--config'], '--config'),
    (['--once', '--check'], '--check'),
    (['--json'], '--json', '--check'),
    (['--once', '--json'], '--json', '--check'),
    (['--ping-now', '--no-ping'], '--ping-now', '--no-ping'),
    (['--check', '--dry-run'], '--dry-run', '--once'),
    (['--status', '--no-ping'], '--no-ping', '--once'),
    (['--yes'], '--yes', '--init'),
    (['--init', '.', '--once'], '--once'),
    (['--print-server-config', 'iis'], 'nginx', 'apache', 'caddy'),
]


@test('what is wrong on the command line is said in one line; nothing is done')
def usage(site):
    site.article('a.md')
    for args, *parts in WRONG:
        run = site.run(*args).expect(USAGE, *parts)
        equal(run.out, '', str(args))
        equal(run.err.count('\n'), 1, str(args))
    true(not os.path.exists(site.path('public')), 'something was published')


@test('--once publishes every format, says what it did on standard error, and 0')
def once(site):
    site.article('a.md')
    run = site.run('--once').expect(DONE, 'rss.xml written, 1 entry', '1 article: 1 public',
                                    '3 feeds: 3 written, 0 unchanged')
    equal(run.out, '')
    equal(site.files(), ['atom.xml', 'feed.json', 'rss.xml'])


@test('a second --once has nothing to do, and says so')
def twice(site):
    site.article('a.md')
    site.run('--once')
    before = site.stamps()
    run = site.run('--once').expect(DONE, '3 feeds: 0 written, 3 unchanged')
    lacks(run.err, 'rss.xml')
    equal(site.stamps(), before)


@test('--quiet leaves only what is wrong')
def quiet(site):
    site.article('a.md')
    equal(site.run('--once', '--quiet').expect(DONE).err, '')
    site.write('content/b.md', '---\ntitle: [\n---\n')
    run = site.run('--once', '--quiet').expect(DONE, 'b.md:')
    equal(run.err.count('\n'), 1)


@test('--verbose says more than without')
def verbose(site):
    site.article('a.md', '{{< nobody-knows >}}\n')
    usual = site.run('--once').err
    site.article('a.md', '{{< nobody-knows >}} it.\n')     # what is unchanged is not read again
    run = site.run('--once', '--verbose').expect(DONE, 'a.md:', 'nobody-knows')
    lacks(usual, 'nobody-knows')
    true(run.err.count('\n') > usual.count('\n'), 'as much as without')


@test('a warning is said however many notes there are, and notes alone are no fault')
def warning_among_notes(site):
    notes = '{{< nobody-knows >}}\n' * 60
    site.article('a.md', notes)
    lacks(site.run('--check').expect(DONE).err, 'more complaints')
    site.article('a.md', notes + '\n' + '> ' * 100000 + '\n')
    run = site.run('--check').expect(FAULTS, 'warning: a.md:5: its body was left out')
    lacks(run.err, 'more complaints')
    site.run('--check', '--verbose').expect(FAULTS, 'its body was left out', 'and 11 more complaints')


@test('a skipped article is 0, and 1 with --strict; its neighbours are published')
def strict(site):
    site.article('a.md')
    site.write('content/b.md', '---\ntitle: [\n---\n')
    site.run('--once').expect(DONE, 'error: b.md:', '1 skipped', '1 public')
    site.run('--once', '--strict').expect(SKIPPED, 'error: b.md:')
    contains(site.read('public/rss.xml').decode(), 'Title of a.md')
    os.unlink(site.path('content/b.md'))
    site.run('--once', '--strict').expect(DONE)


@test('an article without a date that undated = "skip" leaves out is counted, and no failure')
def strict_undated(site):
    site.settings(SETTINGS + '[content]\nundated = "skip"\n')
    site.article('a.md')
    site.write('content/about.md', '# About\n')
    run = site.run('--once', '--strict').expect(DONE, '2 articles: 1 public, 1 undated')
    lacks(run.err, 'about.md')
    site.write('content/about.md', '# About us\n')
    site.run('--once', '--verbose').expect(DONE, 'about.md: it has no date')
    site.run('--check').expect(DONE, '1 undated')


@test('--check writes nothing, and lists what would be published')
def check(site):
    site.article('a.md', title='"First & <best>"')
    site.article('b.md', title='"A draft"', draft='true')
    before = site.files('.')
    run = site.run('--check').expect(DONE, 'rss.xml would be written, 1 entry',
                                     '2 articles: 1 public, 1 draft')
    contains(run.out + run.err, 'First & <best>', 'https://test.example/a/')
    lacks(run.out, 'A draft')
    equal(site.files('.'), before)
    true(not os.path.exists(site.path('public')), 'output.dir was made')
    site.run('--once')
    published = site.stamps()
    site.run('--check').expect(DONE, '0 would be written, 3 unchanged')
    site.article('a.md', title='"Another"')
    site.run('--check').expect(DONE, '3 would be written, 0 unchanged')
    equal(site.stamps(), published)


@test('--check finds faults of articles: 65, each with its place')
def check_faults(site):
    site.article('good.md')
    site.article('date.md', date='some day in May')
    site.write('content/head.md', '---\ntitle: [\n---\n')
    site.run('--check').expect(FAULTS, 'warning: date.md:3:7: ', 'error: head.md:', '1 skipped')
    os.unlink(site.path('content/head.md'))
    site.run('--check').expect(FAULTS, 'warning: date.md:3:7: ')
    os.unlink(site.path('content/date.md'))
    site.run('--check').expect(DONE)


@test('--check --json is one JSON document on standard output, with faults or without')
def check_json(site):
    site.article('a.md', title='"Quotes \\" and \\\\ and \u00e9"')
    site.article('later.md', date='2999-01-01')
    site.article('odd "name"\\.md', title='Odd', date='never')
    site.write('content/head.md', '---\ntitle: [\n---\n')
    run = site.run('--check', '--json').expect(FAULTS)
    found = json.loads(run.out)
    true(not run.out.endswith('\n\n'), 'ends with an empty line')
    equal(found['articles']['found'], 4)
    equal(found['articles']['skipped'], 1)
    equal(found['articles']['scheduled'], 1)
    equal(found['feeds']['created'], 3)
    faults = {fault['path']: fault for fault in found['complaints']}
    equal(sorted(faults), ['head.md', 'odd "name"\\.md'])
    equal(faults['head.md']['skipped'], True)
    equal(faults['head.md']['level'], 'error')
    equal((faults['odd "name"\\.md']['line'], faults['odd "name"\\.md']['column']), (3, 7))
    titles = {item['path']: item for item in found['items']}
    equal(titles['a.md']['title'], 'Quotes " and \\ and \u00e9')
    equal(titles['later.md']['standing'], 'scheduled')
    for name in ('head.md', 'odd "name"\\.md'):
        os.unlink(site.path('content/' + name))
    equal(json.loads(site.run('--check', '--json').expect(DONE).out)['complaints'], [])


@test('--check of settings that are wrong is 78')
def check_config(site):
    site.settings('[site]\n')
    site.run('--check').expect(CONFIG, 'feedd.toml:1:')


@test('--settings are TOML that works as settings, and change nothing when used')
def settings(site):
    run = site.run('--settings').expect(DONE)
    equal(run.err, '')
    tomllib.loads(run.out)
    site.article('a.md')
    site.settings(run.out)
    site.run('--once').expect(DONE)
    with_reference = {name: site.read('public/' + name) for name in site.files()}
    site.settings('[site]\ntitle = "Example"\nurl = "https://example.com/"\n')
    site.run('--once').expect(DONE, '0 written, 3 unchanged')
    equal({name: site.read('public/' + name) for name in site.files()}, with_reference)


@test('every line that --settings has commented out works when it is not')
def settings_all(site):
    lines = []
    opened = 0
    for line in site.run('--settings').out.splitlines():
        word = line[1:].split(' ')[0] if line.startswith('#') else ''
        if line.startswith('#[['):
            line = line[1:]
        elif word and word.replace('_', '').isalnum() and line[len(word) + 1:].startswith(' = '):
            line = line[1:]
            opened += 1
        lines.append(line)
    true(opened > 25, f'only {opened} settings found')
    site.settings('\n'.join(lines) + '\n')
    site.article('essays/a.md')
    for name in ('hook.secret', 'hook'):
        os.chmod(site.write(name, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n'), 0o600)
    run = site.run('--check', env={'CREDENTIALS_DIRECTORY': site.root})
    lacks(run.err, 'feedd.toml:')
    true(run.status in (DONE, FAULTS), run.err)


@test('--config names the settings; their paths are seen from their folder')
def config(site):
    site.article('a.md')
    os.mkdir(site.path('elsewhere'))
    site.run('--once', '--config', '../feedd.toml', cwd=site.path('elsewhere')).expect(DONE)
    equal(site.files(), ['atom.xml', 'feed.json', 'rss.xml'])
    equal(site.files('elsewhere'), [])
    site.run('--once', f'--config={site.path("feedd.toml")}', cwd='/').expect(DONE, '3 unchanged')


@test('settings that are not there: 78, and what to do')
def config_missing(site):
    site.run('--once', '--config', 'nope.toml').expect(CONFIG, 'nope.toml')
    os.unlink(site.path('feedd.toml'))
    if not os.path.exists('/etc/feedd/feedd.toml'):
        site.run('--once').expect(CONFIG, 'feedd.toml', '--config', '--init')


@test('settings that are a folder, a FIFO, too large or no UTF-8 end it at once')
def config_odd(site):
    os.unlink(site.path('feedd.toml'))
    os.mkdir(site.path('feedd.toml'))
    site.run('--once').expect(CONFIG, 'feedd.toml')
    os.rmdir(site.path('feedd.toml'))
    os.mkfifo(site.path('feedd.toml'))
    site.run('--once').expect(CONFIG, 'feedd.toml', 'FIFO')
    os.unlink(site.path('feedd.toml'))
    with open(site.path('feedd.toml'), 'wb') as file:
        file.truncate(100 << 20)
    site.run('--once').expect(CONFIG, 'feedd.toml')
    for content in (b'[site]\ntitle = "\xff"\n', b'\xff\xfe[\0s\0', b'a\0b', b''):
        site.write('feedd.toml', content)
        site.run('--once').expect(CONFIG, 'feedd.toml')


@test('content.dir or output.dir that cannot be used: 74, with the name')
def folders(site):
    os.rmdir(site.path('content'))
    site.run('--once').expect(IO, "content.dir 'content'", 'No such file')
    site.run('--check').expect(IO, "content.dir 'content'")
    site.write('content', 'a file')
    site.run('--once').expect(IO, "content.dir 'content'", 'Not a directory')
    os.unlink(site.path('content'))
    os.mkdir(site.path('content'))
    site.write('public', 'a file')
    site.run('--once').expect(IO, "output.dir 'public'", 'Not a directory')
    equal(site.read('public'), b'a file')


@test('--check finds that output.dir cannot be written: 65, with the name, and all else is said')
def check_output(site):
    site.article('a.md')
    site.write('public', 'a file')
    site.run('--check').expect(FAULTS, "output.dir 'public': ", 'Not a directory', '1 public')
    os.unlink(site.path('public'))
    site.settings(SETTINGS + '[output]\ndir = "closed/deeper/public"\n')
    os.mkdir(site.path('closed'))
    site.open_to_nobody()
    site.run('--check', nobody=True).expect(DONE, '3 would be written')
    os.chmod(site.path('closed'), 0o555)
    site.run('--check', nobody=True).expect(
        FAULTS, "feedd.toml:6:7: output.dir 'closed/deeper/public': ", 'Permission denied', '1 public')
    equal(os.listdir(site.path('closed')), [])


@test('files of languages that no pattern includes are told in one line')
def foreign(site):
    site.article('a.md')
    lacks(site.run('--once').err, 'content.include')
    site.write('content/b.rst', 'B\n=\n')
    site.run('--once').expect(DONE, '\n1 .rst file is no article by content.include\n')
    for name in ('c.RST', 'c.org', 'c.wiki', 'c.png', '.c.rst', 'c.rst~', 'node_modules/c.rst'):
        site.write('content/sub/' + name, 'C\n')
    run = site.run('--check').expect(
        DONE, '1 article: 1 public\n'
        '1 .org file, 2 .rst files and 1 .wiki file are no articles by content.include\n')
    equal(run.err.count('content.include'), 1)
    lacks(site.run('--once', '--quiet').err, 'content.include')
    site.settings(SETTINGS + '[content]\nexclude = ["**/*.org", "**/*.wiki"]\n')
    site.run('--check').expect(DONE, '\n2 .rst files are no articles by content.include\n')
    site.settings(SETTINGS + '[content]\ninclude = ["**/*.md", "**/*.rst", "**/*.RST"]\n')
    site.run('--check').expect(DONE, '3 articles', '1 .org file and 1 .wiki file are no articles')


@test('a missing output.dir is made, with its parents')
def output_made(site):
    site.settings('[site]\ntitle = "T"\nurl = "https://t.example"\n[output]\ndir = "a/b/c"\n')
    site.article('a.md')
    site.run('--once').expect(DONE)
    equal(site.files('a'), ['b/c/atom.xml', 'b/c/feed.json', 'b/c/rss.xml'])


@test('a standard output that is full or closed is an error, when something goes there')
def output_full(site):
    site.article('a.md')
    with open('/dev/full', 'w', encoding='utf-8') as full:
        site.run('--settings', stdout=full).expect(IO, 'standard output')
    reader, writer = os.pipe()
    os.close(reader)
    run = site.run('--settings', stdout=writer)
    os.close(writer)
    true(run.status in (DONE, IO), f'status {run.status}')      # not a signal


run_all()
