/**
 * procps-ng, psmisc, sysstat and their like. Ending a process is `destroy`: SIGHUP and SIGUSR1 end what does not
 * expect them. An interactive process viewer can kill, renice and trace by a key, so it is an escape; in batch mode it reads.
 */
import type { Family, LongEntry } from '../schema.ts'

const HELP = { '-h --help -V --version': { sets: 'read' } } as const
const SIGNALS = '-HUP -INT -TERM -KILL -QUIT -STOP -CONT -USR1 -USR2 -SIG* -#'
const pgrepKnown =
  '-# -acdefilnovxwAHLq --count --delimiter= -d= --list-name --list-full --newest --oldest --older= -O= --inverse --lightweight --exact --full --ignore-case -P= --parent= -g= --pgroup= -G= --group= -s= --session= -t= --terminal= -u= --euid= -U= --uid= -F= --pidfile= --logpidfile -L -r= --runstates= --ns= --nslist= --env= --cgroup= --ignore-ancestors --quiet --signal= --mrelease'
const viewer: LongEntry = { effects: 'escape', worst: 'escape', options: { ...HELP } }

export const procps = {
  name: 'procps',
  sources: ['procps-ng 4.0, psmisc 23.6, sysstat 12.6, lsof 4.98, htop 3.2 manual pages', 'https://gtfobins.github.io'],
  commands: {
    'ps free uptime w vmstat slabtop tload pwdx pidof pstree prtstat': 'read',
    pgrep: ['read', 'process'],
    pidwait: ['read', 'process'],
    kill: {
      effects: 'destroy',
      worst: 'destroy',
      known: '-a -p --all --pid --verbose --require-handler --timeout==',
      options: {
        '-l=? --list=? --table --help --version': { sets: 'read' },
        // Signal 0 only asks whether the process is there. After another signal's option it is a process group.
        '-0*': { sets: 'read', argument: { patterns: { '': 'word', '*': { effects: 'destroy' } } } },
        '-ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789': 'destroy',
        '-s= --signal= -n= -q= --queue=': { adds: 'destroy', argument: 'word' },
      },
      operands: 'destroy process',
    },
    killall: {
      effects: 'destroy',
      worst: 'destroy',
      known: `${SIGNALS} -egIqrvwiZ --exact --process-group --ignore-case --interactive --quiet --regexp --verbose --wait -s= --signal= -u= --user= -n= --ns= -y= --younger-than= -o= --older-than= --context=`,
      options: { '-l --list --help -V --version': 'word' },
      operands: 'process',
    },
    'pkill skill snice': {
      effects: 'destroy',
      worst: 'destroy',
      known: `${SIGNALS} ${pgrepKnown}`,
      options: { '-l --list -0 --help -V --version': 'word' },
      operands: 'process',
    },
    'killall5 xkill': 'destroy',
    pslog: ['read', 'process'],
    peekfd: ['read privilege', 'process'],
    fuser: {
      effects: 'read',
      known:
        '-acilmnsuvwx4 -I -M -n= --all --ismountpoint --list-signals --mount --inode --namespace= --silent --user --verbose --interactive --writeonly --ipv4 --ipv6 -46',
      options: { ...HELP, '-k --kill': 'destroy' },
      operands: 'path',
    },
    top: {
      effects: 'read escape',
      known:
        '-cCeEiHSsO1 -d= -n= -u= -U= -p= -o= -w=? -E= -e= --delay= --iterations= --user= --pid= --sort-override= --width=? --secure-mode --idle-toggle --threads-show --cmdline-toggle --filter-only-euser= --accum-time-toggle --apply-defaults --scale-summary-mem= --scale-task-mem= --single-cpu-toggle',
      options: {
        // Without keys there is nothing but the list.
        '-b --batch-mode -h --help -v -V --version': { sets: 'read' },
      },
      gtfobins: ['shell'],
    },
    'htop atop btop bashtop bpytop nmon gtop bottom btm iotop-c glances': viewer,
    iotop: {
      effects: 'read escape',
      known: '-oPakctq -n= -d= -p= -u=',
      options: { '-b --batch -h --help --version': { sets: 'read' } },
    },
    atopsar: 'read',
    watch: {
      effects: 'read',
      syntax: 'posix',
      known:
        '-bcCegptwrf -n= -d=? -q= -s= --interval= --differences=? --beep --color --no-color --errexit --chgexit --equexit= --no-title --precise --no-wrap --no-rerun --follow --shotsdir=',
      options: { '-h --help -v --version': { sets: 'read' }, '-x --exec': { operands: 'command' } },
      operands: 'joined shell',
      gtfobins: ['shell', 'command'],
    },
    sysctl: {
      effects: 'read',
      known:
        '-abdeNnoqxAX -r= --all --binary --deprecated --dry-run --ignore --names --values --quiet --pattern= --write -w',
      options: {
        ...HELP,
        // What those files set is not in the text; without one it is the system's own.
        '-p=? -f --load=?': {
          adds: 'write',
          argument: 'opaque path',
          operands: { is: 'path', effects: 'write opaque' },
        },
        '--system': 'write',
      },
      operands: {
        patterns: {
          // The kernel starts these programs as root.
          '*core_pattern*=*': { is: 'other', effects: 'privilege escape write' },
          '*modprobe*=*': { is: 'other', effects: 'privilege escape write' },
          '*hotplug*=*': { is: 'other', effects: 'privilege escape write' },
          '*poweroff_cmd*=*': { is: 'other', effects: 'privilege escape write' },
          '*binfmt*=*': { is: 'other', effects: 'privilege escape write' },
          '*=*': 'write other',
          '*': 'other',
        },
      },
      gtfobins: ['command', 'file-read'],
    },
    'iostat mpstat cifsiostat tapestat numastat nfsiostat': 'read',
    pidstat: {
      effects: 'read',
      syntax: 'posix',
      known: '-dhHIlRrstuUvwV -C= -G= -p= -T= --human --dec=',
      options: {
        '-e': { operands: 'command' },
      },
      gtfobins: ['shell'],
    },
    sar: {
      effects: 'read',
      known:
        '-AbBCDdFhHjpqrRSStuvVwWxyz -I= -m= -n= -P= -s=? -e=? -i= --dev= --fs= --iface= --int= --dec= --human --pretty --sadc -1 -2 -3 -4 -5 -6 -7 -8 -9 -f=?',
      options: { '-o=?': 'destroy path' },
    },
    sadf: {
      effects: 'read',
      worst: 'write',
      known: '-cdghHjlprtTUVx -C -P= -s=? -e=? -i= -O= --dev= --fs= --iface= --int=',
      options: { '-c': 'read' },
      operands: 'path',
    },
    'sa1 sa2 sadc': 'write',
    dstat: { effects: 'read escape', worst: 'read escape', gtfobins: ['shell'] },
    'pmstat pmval pminfo': 'read',
    lsof: ['read', 'path'],
    'smem runlevel last lastb ac lastcomm dump-acct': 'read',
    'acct accton': 'write',
    lastlog: {
      effects: 'read',
      known: '-b= -t= -u= -R= --before= --time= --user= --root=',
      options: { '-h --help': { sets: 'read' }, '-C --clear -S --set': 'write' },
    },
    reptyr: ['escape privilege', 'process'],
    gcore: {
      effects: 'write privilege',
      worst: 'write privilege',
      known: '-a',
      options: { '-o=': 'write path' },
      operands: 'process',
      gtfobins: ['file-read'],
    },
    pmap: {
      effects: 'read',
      worst: 'read write',
      known: '-xXqdpkc -A= -C= --extended --device --quiet --show-path --range= --read-rc',
      options: { '-n -N= --create-rc --create-rc-to=': 'write path' },
      operands: 'process',
    },
    'pcp procenv': 'read escape',
    'pmrep vmtouch sa': 'read write',
    wtmpdb: { effects: 'read', subcommands: { last: 'read', '*': 'write' } },
    lastlog2: { effects: 'read', worst: 'read write', known: '-b= -t= -u= -s -d= -h -v' },
  },
} satisfies Family
