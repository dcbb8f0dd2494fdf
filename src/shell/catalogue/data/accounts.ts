/**
 * Users, groups, passwords, and the ways to act as somebody else. A wrapper without a command opens a shell.
 */
import type { Family, LongEntry } from '../schema.ts'

const HELP = { '-h --help --version': { sets: 'read' } } as const
const account = ['write privilege', 'user'] as const
const removal = ['destroy privilege', 'user'] as const
const SUDO_KNOWN =
  '-ABbEHknNPS -C= -T= -p= -r= -t= --askpass --background --bell --preserve-env=? --set-home --reset-timestamp --no-update --non-interactive --preserve-groups --stdin --close-from= --command-timeout= --prompt= --role= --type= -is --login --shell'
const SU_KNOWN =
  '- -lmpPfT --login --preserve-environment --pty --no-pty --fast -w= --whitelist-environment= -g= -G= --group= --supp-group='
const su: LongEntry = {
  effects: 'privilege',
  known: SU_KNOWN,
  options: {
    '-h --help -V --version': { sets: 'read' },
    // With a command no shell is left open. After the user's name it is the shell's own -c, and the same.
    '-c= --command= --session-command=': { argument: 'shell', operands: ['user', 'word'] },
    '-s= --shell=': 'escape path',
  },
  operands: ['user', { argumentsOf: 'sh' }],
  bare: 'escape',
  gtfobins: ['shell', 'privilege-escalation'],
}

export const accounts = {
  name: 'accounts',
  sources: [
    'sudo 1.9.13, shadow 4.13, util-linux 2.38, opendoas 6.8, polkit 122, Linux-PAM 1.5 manual pages',
    'https://gtfobins.github.io',
  ],
  commands: {
    sudo: {
      effects: 'privilege',
      syntax: 'posix',
      known: SUDO_KNOWN,
      options: {
        '-V --version --help -K --remove-timestamp': { sets: 'read' },
        // `sudo -l` shows what is allowed, `sudo -l cmd` whether that is; -v asks for the password again.
        '-l --list': { sets: 'read' },
        '-v --validate': { sets: 'read' },
        '-u= --user= -g= --group= -U= --other-user=': 'user',
        '-h= --host=': 'transfer host',
        '-e --edit': { adds: 'escape write', operands: 'write path' },
        '-D= --chdir= -R= --chroot=': 'path',
      },
      operands: 'env command',
      bare: 'escape',
      gtfobins: ['shell', 'privilege-escalation'],
    },
    sudoedit: {
      effects: 'privilege escape write',
      worst: 'privilege escape write',
      known: SUDO_KNOWN,
      options: { '-u= -g=': 'user' },
      operands: 'write path',
    },
    'cvtsudoers sudoreplay sudo_logsrvd': 'write',
    visudo: {
      effects: 'privilege escape write',
      known: '-Oqs -x= -I --quiet --strict --no-includes --owner --perms',
      options: {
        '-h --help -V --version -c --check': { sets: 'read' },
        '-f= --file=': 'path',
        '-x= --export=': 'write path',
      },
    },
    doas: {
      effects: 'privilege',
      syntax: 'posix',
      known: '-n -a=',
      options: { '-u=': 'user', '-L': 'read', '-s': 'escape', '-C=': 'read path' },
      operands: 'command',
      bare: 'escape',
      gtfobins: ['shell', 'privilege-escalation'],
    },
    pkexec: {
      effects: 'privilege',
      syntax: 'posix',
      known: '--disable-internal-agent --keep-cwd',
      options: { ...HELP, '--user=': 'user' },
      operands: 'command',
      bare: 'escape',
      gtfobins: ['shell', 'privilege-escalation'],
    },
    su,
    runuser: {
      ...su,
      options: { ...su.options, '-u= --user=': { argument: 'user', operands: 'command' } },
    },
    ksu: { effects: 'privilege escape', worst: 'privilege escape', gtfobins: ['shell'] },
    newgrp: { effects: 'privilege escape', worst: 'privilege escape', operands: 'user' },
    sg: {
      effects: 'privilege',
      known: '-',
      options: { '-c=': 'shell' },
      operands: ['user', 'shell'],
      bare: 'escape',
      gtfobins: ['shell'],
    },
    'pkcheck pkaction': 'read',
    pkttyagent: 'privilege',

    'useradd usermod adduser newusers chpasswd groupadd groupmod addgroup gpasswd groupmems chgpasswd luseradd lusermod lpasswd lgroupadd lgroupmod lchage newuidmap newgidmap':
      account,
    'userdel deluser groupdel delgroup luserdel lgroupdel': removal,
    'chfn lchfn': ['write', 'user'],
    'chsh lchsh': {
      effects: 'write privilege',
      worst: 'write privilege',
      options: { '-l --list-shells -h --help': { sets: 'read' } },
      operands: 'user',
    },
    passwd: {
      effects: 'write privilege',
      known:
        '-adeklquxnwiSf --all --delete --expire --keep-tokens --lock --quiet --unlock -R= --root= -r= --repository= -x= -n= -w= -i= --maxdays= --mindays= --warndays= --inactive= --stdin --force',
      options: { '-S --status -h --help': { sets: 'read' } },
      operands: 'user',
      worst: 'write privilege destroy',
    },
    chage: {
      effects: 'write privilege',
      known:
        '-d= -E= -I= -i -m= -M= -R= -W= --lastday= --expiredate= --inactive= --iso8601 --mindays= --maxdays= --root= --warndays=',
      options: { '-l --list -h --help': { sets: 'read' } },
      operands: 'user',
      worst: 'write privilege',
    },
    'vipw vigr': {
      effects: 'escape privilege write',
      worst: 'escape privilege write',
      options: { '-h --help': { sets: 'read' } },
      gtfobins: ['shell'],
    },
    'pwck grpck': {
      effects: 'write',
      worst: 'write',
      known: '-qs -R= --quiet --sort --root=',
      options: { '-r --read-only -h --help': { sets: 'read' } },
      operands: 'path',
    },
    'pwconv pwunconv grpconv grpunconv': 'write privilege',
    getent: {
      effects: 'read',
      worst: 'read transfer',
      known: '-i -A -s= --service= --no-addrconfig --no-idn',
      subcommands: { 'hosts ahosts ahostsv4 ahostsv6 networks': ['read', 'host'], '*': ['read', 'user'] },
    },
    'getsubids members': ['read', 'user'],
    'faillock faillog pam_tally2': {
      effects: 'read',
      worst: 'write',
      known: '--dir= -a -t= --all --time= -u= --root= --conf=',
      options: { '--user=': 'user', '--reset -r -l= -m= --lock-secs= --maximum= --reset=?': 'write' },
    },
    'pam-auth-update': 'write privilege',
    authselect: {
      effects: 'read',
      subcommands: { 'list show current check test list-features requirements': 'read', '*': 'write privilege' },
    },
    authconfig: {
      effects: 'write privilege',
      worst: 'write privilege',
      options: { '--test --probe': { sets: 'read' } },
    },
    realm: {
      effects: 'read',
      known: '-v --verbose --unattended -i',
      subcommands: { 'list discover': 'read transfer', '*': 'write privilege transfer' },
    },
    adcli: {
      effects: 'read transfer',
      subcommands: { 'info testjoin': 'read transfer', '*': 'write privilege transfer destroy' },
    },
    sssctl: {
      effects: 'read',
      subcommands: {
        'domain-list domain-status user-checks user-show group-show config-check access-report': ['read', 'user'],
        '*': 'write destroy',
      },
    },
    'sss_cache nscd': 'write',
    sss_override: 'write privilege',
    'klist wbinfo': 'read',
    kinit: ['privilege transfer', 'user'],
    kdestroy: 'destroy',
    kpasswd: ['write privilege transfer', 'user'],
    'kadmin kadmin.local ktutil kdb5_util': 'write destroy privilege escape',
    kvno: 'read transfer',
    ipa: {
      effects: 'read transfer',
      subcommands: {
        '*-find *-show ping help': 'read transfer',
        '*-del': 'destroy transfer',
        '*': 'write privilege transfer',
      },
    },
    'samba-tool net smbpasswd pdbedit': {
      effects: 'write destroy privilege transfer',
      worst: 'write destroy privilege transfer',
    },
    'smbstatus testparm': 'read',
    'google-authenticator': 'write privilege',
    pwgen: 'read',
    mkpasswd: 'read',
  },
} satisfies Family
