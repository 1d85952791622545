#!/usr/bin/python3
"""systemd/: the units are well formed, closed enough, and alike. Nothing is started."""
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from case import FEEDD, contains, equal, run_all, skip, test, true      # noqa: E402

SYSTEMD = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../systemd')
UNITS = ('feedd.service', 'feedd@.service')
EXPOSURE_MAX = 1.5


def unit(name):
    with open(os.path.join(SYSTEMD, name), encoding='utf-8') as file:
        return file.read()


def analyze(*args):
    if not shutil.which('systemd-analyze'):
        skip('systemd-analyze is not there')
    done = subprocess.run(['systemd-analyze', '--no-pager', *args], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout + done.stderr


def place(site):
    """Copies that name the program under test, for systemd looks whether it is there."""
    for name in UNITS:
        site.write('units/' + name, unit(name).replace('/usr/bin/feedd', FEEDD))
    return [site.path('units/' + name) for name in UNITS]


@test('systemd reads the units, and finds nothing to say')
def verify(site):
    status, text = analyze('verify', '--man=no', '--recursive-errors=no', *place(site))
    equal(text, '')
    equal(status, 0)


@test('a word that systemd does not know is found')
def verify_finds(site):
    paths = place(site)
    site.write('units/feedd.service', unit('feedd.service').replace('PrivateTmp', 'PrivateTemp'))
    contains(analyze('verify', '--man=no', '--recursive-errors=no', *paths)[1], 'PrivateTemp')


@test(f'systemd-analyze security gives at most {EXPOSURE_MAX}')
def security(site):
    for path in place(site):
        _, text = analyze('security', '--offline=yes', path)
        found = re.search(r'Overall exposure level for \S+: ([0-9.]+)', text)
        true(found, text)
        true(float(found[1]) <= EXPOSURE_MAX, text)


@test('the unit for one site and that for many differ in names alone')
def alike(site):
    one, many = ([line for line in unit(name).splitlines() if not line.startswith('#')]
                 for name in UNITS)
    equal([line.replace('/feedd.toml', '/%i.toml')
           .replace('a folder of articles', 'a folder of articles, %i')
           .replace('StateDirectory=feedd', 'StateDirectory=feedd/%i') for line in one], many)


@test('settings that are wrong, and a wrong command line, are not tried again')
def no_restart(site):
    for name in UNITS:
        contains(unit(name), '\nRestartPreventExitStatus=64 78\n')


@test('units start nothing but feedd and the shell: procps is not on every machine')
def programs(site):
    for name in UNITS:
        found = set(re.findall(r'^Exec\w+=(\S+)', unit(name), re.M))
        equal(found, {'/usr/bin/feedd', '/bin/sh'})


@test('hubs can be reached: internet sockets, the network itself, no address shut off')
def reaches_hubs(site):
    for name in UNITS:
        text = unit(name)
        families = re.search(r'^RestrictAddressFamilies=(.*)$', text, re.M)[1].split()
        equal(families, ['AF_UNIX', 'AF_INET', 'AF_INET6'])
        contains(re.search(r'^After=(.*)$', text, re.M)[1].split(), 'network.target')
        for word in ('PrivateNetwork=', 'IPAddressDeny=', 'SocketBindDeny=',
                     'RestrictNetworkInterfaces='):
            true(not re.search('^' + word, text, re.M), f'{name} has {word}')
        contains(re.search(r'^SystemCallFilter=(@.*)$', text, re.M)[1].split(), '@system-service')


@test('the user of the units is one that sysusers makes')
def user(site):
    for name in UNITS:
        contains(unit(name), '\nUser=feedd\n')
    contains(unit('feedd.sysusers'), '\nu feedd ')
    if shutil.which('systemd-sysusers'):
        done = subprocess.run(['systemd-sysusers', '--dry-run',
                               os.path.join(SYSTEMD, 'feedd.sysusers')],
                              capture_output=True, text=True, check=False)
        equal(done.returncode, 0, done.stderr)


run_all()
