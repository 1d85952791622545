#!/usr/bin/python3
"""debian/ and the Makefile agree, and the settings that the package brings are a way to begin."""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import CONFIG, DONE, contains, equal, run_all, test, true     # noqa: E402

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..')
ESSENTIAL = {'gcc', 'libc6-dev', 'make'}        # build-essential, which control must not name


def source(name):
    with open(os.path.join(TOP, name), encoding='utf-8') as file:
        return file.read()


def sample():
    return source('debian/feedd.toml')


def uncommented():
    return re.sub(r'^#(?=[^\s#])', '', sample(), flags=re.MULTILINE)


@test('the newest version in debian/changelog is that of feedd')
def version(site):
    equal('feedd ' + re.match(r'feedd \((.*?)\) ', source('debian/changelog'))[1],
          site.run('--version').out.strip())


@test('debian/control builds with what `make deps` installs')
def build_depends(site):
    field = re.search(r'^Build-Depends: (.*?)^\S', source('debian/control'), re.M | re.S)[1]
    control = {re.split(r'[\s:]', entry.strip())[0] for entry in field.split(',')}
    make = re.search(r'^DEBS_BUILD = (.*?[^\\])\n', source('Makefile'), re.M | re.S)[1]
    names = set(make.replace('\\', ' ').split()) - ESSENTIAL
    true(len(names) > 10, names)
    equal(names - control, set())


@test('as they are installed, the settings say what is missing in them')
def as_installed(site):
    site.settings(sample())
    run = site.run().expect(CONFIG, 'title is missing in [site]', 'url is missing in [site]')
    equal(run.err.count('\n'), 2)


@test('with the "#" taken away they are whole, and make the feeds that they name')
def made_ones_own(site):
    site.settings(uncommented().replace('/srv/blog', site.root)
                  .replace('/var/lib/feedd"', site.path('state') + '"'))
    site.article('a.md')
    site.run('--check-settings').expect(DONE, 'nothing is wrong with the settings')
    site.run('--once').expect(DONE)
    equal(site.files(), ['atom.xml', 'feed.json', 'rss.xml'])
    equal(list(site.items()), ['Title of a.md'])


@test('a line of the settings names the same folders as the words above it')
def same_folders(site):
    folder = re.search(r'^\[output\]\n.*?"(.*?)"', uncommented(), re.M | re.S)[1]
    contains(sample(), f'install -d -o feedd {folder}\n', f'ReadWritePaths={folder}\n')


run_all()
