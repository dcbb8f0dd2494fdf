/**
 * Tracers, debuggers and capabilities. A tracer starts a command and is seen through; a debugger has a prompt of its own
 * and is an escape. Another process's memory holds other people's secrets: attaching to it is `privilege`.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

const HELP = { '-h --help -V --version': { sets: 'read' } } as const
/** strace's `-o '|command'` and `-o '!command'`. */
const output: Role = { patterns: { '|*': { effects: 'escape' }, '!*': { effects: 'escape' }, '*': 'destroy path' } }
const debug: LongEntry = {
  effects: 'escape',
  worst: 'escape',
  options: { '--version --help': { sets: 'read' } },
  gtfobins: ['shell', 'file-write'],
}
const PERF_STAT =
  '-aABcdgGiInNqrRSsTvx -e= -p= -t= -C= -D= -I= -r= -M= -x= -G= -F= -c= -m= -j= -b -g --event= --pid= --tid= --cpu= --delay= --interval-print= --repeat= --metrics= --field-separator= --cgroup= --all-cpus --all-user --all-kernel --no-inherit --detailed --big-num --no-big-num --per-core --per-socket --per-thread --per-node --per-die --topdown --timeout= --interval-count= --interval-clear --scale --null --verbose --sync --json-output --call-graph= --freq= --count= --mmap-pages= --no-buildid --no-buildid-cache --branch-any --branch-filter= --switch-events --timestamp --quiet --user-regs= --running-time --data --stat --max-size= --period --raw-samples --cpu-list='

const stat: LongEntry = {
  effects: 'read',
  syntax: 'posix',
  known: PERF_STAT,
  options: {
    '-o= --output=': 'destroy path',
    '--log-fd=': 'word',
    '--pre= --post=': 'shell',
    '--clang-opt= --clang-path= --vmlinux=': 'escape',
    '--exec=': 'escape',
    '-u= --uid=': 'user',
    '-i= --input=': 'read path',
    '--control=': 'path',
  },
  operands: 'command',
}

export const tracing = {
  name: 'tracing',
  sources: [
    'strace 6.1, ltrace 0.7, perf 6.1, gdb 13, valgrind 3.19, libcap 2.66, attr 2.5, acl 2.3 manual pages',
    'https://gtfobins.github.io',
  ],
  commands: {
    strace: {
      effects: 'privilege',
      syntax: 'posix',
      known:
        '-cCdfFhikqrtTvVwxyYzZnDAL -a= -b= -e= -I= -O= -s= -S= -X= -U= -P= --no-abbrev --trace= --abbrev= --verbose= --raw= --signal= --signals= --status= --quiet=? --silent= --string-limit= --columns= --follow-forks --output-separately --summary --summary-only --summary-wall-clock --summary-sort-by= --summary-columns= --summary-syscall-overhead= --decode-fds=? --decode-pids= --absolute-timestamps=? --relative-timestamps=? --syscall-times=? --instruction-pointer --stack-traces --stack-trace --syscall-number --successful-only --failed-only --failing-only --interruptible= --daemonize=? --trace-path= --detach-on= --kill-on-exit --const-print-style= --arg-names --argv0= --seccomp-bpf --syscall-limit= --output-append-mode --tips=? --strings-in-hex=? --color=?',
      options: {
        ...HELP,
        '-o= --output=': output,
        '-p= --attach=': 'privilege process',
        // It can make system calls fail or return what is asked for.
        '--inject= --fault=': 'write',
        '-u= --user=': 'privilege user',
        '-E= --env=': 'code assignment',
      },
      operands: 'command',
      gtfobins: ['shell', 'file-write'],
    },
    ltrace: {
      effects: 'privilege',
      syntax: 'posix',
      known:
        '-bcCfhiLnrStTVw -a= -A= -D= -e= -l= -n= -s= -x= -w= --align= --columns= --debug= --demangle --indent= --library= --no-signals --where= --follow',
      options: {
        ...HELP,
        '-o= --output=': 'destroy path',
        '-p=': 'privilege process',
        '-u=': 'privilege user',
        '-F= --config=': 'read path',
      },
      operands: 'command',
      gtfobins: ['shell', 'file-read', 'file-write'],
    },
    'gdb gdbtui gdb-multiarch lldb cgdb ddd kgdb radare2 r2 rizin pdb dlv jdb gdbserver lldb-server scanmem gameconqueror edb mdb':
      debug,
    valgrind: {
      effects: 'read',
      syntax: 'posix',
      known:
        '-v -q -d --tool=* --leak-check=* --show-leak-kinds=* --track-origins=* --num-callers=* --error-exitcode=* --trace-children=* --quiet --verbose --child-silent-after-fork=* --track-fds=* --gen-suppressions=* --suppressions=*',
      options: {
        '-h --help --version': { sets: 'read' },
        '--log-file=* --xml-file=*': 'destroy path',
        '--vgdb=* --db-command=* --db-attach=*': 'escape',
        '--log-socket=*': 'transfer host',
      },
      operands: 'command',
      gtfobins: ['shell'],
    },
    perf: {
      effects: 'read',
      known: '-h --help -v --version --no-pager --debug= --list-cmds --list-opts -p --paginate',
      options: { '--exec-path=? --html-path --buildid-dir= --debugfs-dir=': 'escape path' },
      subcommands: {
        'list version evlist buildid-list diff check help kallsyms': 'read',
        'stat trace': stat,
        record: { ...stat, effects: 'write' },
        // Its browser can run scripts and other tools.
        'report annotate c2c mem': {
          effects: 'read escape',
          known: '--stdio',
          options: {},
          operands: 'word',
          worst: 'read escape',
        },
        'ftrace script sched lock kmem kvm timechart inject test top bench archive data probe daemon iostat config buildid-cache kwork':
          'write escape',
      },
      gtfobins: ['shell'],
    },
    'lddtree pldd': { effects: 'read', worst: 'read', operands: 'path' },
    'pstack eu-stack': ['read privilege', 'process'],
    'abrt-cli': { effects: 'read', subcommands: { 'list info status': 'read', '*': 'destroy transfer' } },
    'getcap getpcaps getfattr getfacl': { effects: 'read', worst: 'read', operands: 'path' },
    setcap: {
      effects: 'privilege write',
      worst: 'privilege write',
      known: '-qfvr -n=',
      operands: 'write path',
      gtfobins: ['privilege-escalation'],
    },
    setfattr: ['write privilege', 'path'],
    setfacl: {
      effects: 'write privilege',
      worst: 'write privilege',
      known:
        '-RLPbdknv -m= -x= -M= -X= --set= --set-file= --modify= --remove= --restore= --recursive --remove-all --remove-default --mask --no-mask --default',
      options: { '--test --help --version': { sets: 'read' } },
      operands: 'write path',
      gtfobins: ['privilege-escalation'],
    },
    // Options are followed in their order, and `--` starts a shell with what is left.
    capsh: { effects: 'privilege escape', worst: 'privilege escape', gtfobins: ['shell'] },
    'captree netcap pscap': 'read',
    'rr uftrace heaptrack memusage sotruss sprof latrace apitrace': { effects: 'write escape', worst: 'write escape' },
    checksec: ['read', 'path'],
    'prelink patchelf execstack': ['write', 'path'],
    'jattach jps jstat jstack': ['read privilege', 'process'],
    'py-spy rbspy pyflame austin': 'read privilege escape',
    filecap: 'write privilege',
  },
} satisfies Family
