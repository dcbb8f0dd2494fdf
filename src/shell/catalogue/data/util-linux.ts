/**
 * util-linux without its disk tools (see disks) and its account tools (see accounts), with the wrappers of daemontools, runit
 * and containers that start a command in another environment. A wrapper that leaves the command out starts a shell.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

const HELP = { '-h --help -V --version': { sets: 'read' } } as const
const reader = (known = ''): LongEntry => ({ effects: 'read', worst: 'read', known, operands: 'read path' })
/** A number; anything else is not what this place is for, and may be taken for the command. */
const number: Role = { patterns: { '[0-9]*': 'word', '-[0-9]*': 'word', '*': { effects: 'opaque' } } }
const wrapper = (known = '', options: LongEntry['options'] = {}): LongEntry => ({
  effects: 'read',
  syntax: 'posix',
  known,
  options: { ...HELP, ...options },
  operands: 'command',
})
const privileged = (known = '', options: LongEntry['options'] = {}): LongEntry => ({
  ...wrapper(known, options),
  effects: 'privilege',
  bare: 'escape',
})
const ARCHES = {
  x86_64: 'word',
  'i?86': 'word',
  'linux*': 'word',
  'aarch*': 'word',
  'arm*': 'word',
  'ppc*': 'word',
  's390*': 'word',
  'riscv*': 'word',
  uname26: 'word',
} as const
const PERSONALITY =
  '-BFILRSTXZv3 --32bit --fdpic-funcptrs --short-inode --addr-compat-layout --addr-no-randomize --whole-seconds --sticky-timeouts --read-implies-exec --mmap-page-zero --3gb --4gb --uname-2.6 --verbose --show=? --list'

export const utilLinux = {
  name: 'util-linux',
  sources: [
    'util-linux 2.38 and 2.41 manual pages',
    'daemontools, runit and kbd manual pages',
    'https://gtfobins.github.io',
  ],
  commands: {
    'lscpu lsmem lsipc lsns lslocks lsirq lsfd lsclocks lslogins irqtop ipcs fincore mcookie uuidparse whereis namei cal ncal getopt lsb_release uuidgen':
      'read',
    column: {
      ...reader(
        '-tcLJdRHexno -s= -o= -N= -W= -T= -E= -O= -l= -r= -i= -p= -n= -C= -S= --table --separator= --output-separator= --json --fillrows',
      ),
      gtfobins: ['file-read'],
    },
    'look rev ul col colcrt colrm': { ...reader('-adfbfhpxic -l= -t= -z'), gtfobins: ['file-read'] },
    'hexdump hd': {
      ...reader('-bcCdoxvX -e= -f= -n= -s= -L=? --canonical --length= --skip='),
      gtfobins: ['file-read'],
    },
    'rename rename.ul': { effects: 'write destroy', worst: 'write destroy', operands: 'write path' },
    'prename file-rename': 'write destroy escape',
    hardlink: { effects: 'write destroy', worst: 'write destroy', operands: 'path' },
    scriptreplay: reader('-t= -T= -I= -O= -B= -L= -s= -d= -m= -c= -x='),
    scriptlive: 'escape opaque',
    script: {
      effects: 'write',
      known:
        '-aefq -m= -E= -o= -t=? --append --return --flush --force --quiet --echo= --output-limit= --logging-format= --timing=?',
      options: {
        ...HELP,
        // With a command no shell is left open.
        '-c= --command=': { argument: 'shell', operands: 'destroy path' },
        '-I= -O= -B= -T= --log-in= --log-out= --log-io= --log-timing=': 'destroy path',
      },
      operands: ['destroy path', 'command'],
      needs: 'option',
      bare: 'escape',
      gtfobins: ['shell', 'file-write'],
    },
    logger: {
      effects: 'write',
      known:
        '-is -t= --tag= -p= --priority= -P= --port= -T --tcp -d --udp -e --skip-empty -S= --size= --id=? --msgid= --no-act --octet-count --prio-prefix --rfc3164 --rfc5424=? --sd-id= --sd-param= --stderr --journald=? --socket-errors=?',
      options: { ...HELP, '-f= --file=': 'read path', '-n= --server=': 'transfer host', '-u= --socket=': 'path' },
    },
    wall: { effects: 'write', worst: 'write', operands: 'read path', gtfobins: ['file-read'] },
    'write mesg': ['write', 'user'],
    setterm: {
      effects: 'read',
      worst: 'write',
      options: { '--file= --file': 'write path', '--dump=? --append=?': 'write' },
    },
    renice: ['write', 'process'],
    'ipcmk chcpu chmem zramctl uuidd ldattach readprofile tunelp ctrlaltdel raw': 'write',
    ipcrm: 'destroy',
    rfkill: {
      effects: 'read',
      known: '-JnR -o= --json --noheadings --output= --raw --output-all',
      options: HELP,
      subcommands: { 'list event help': 'read', 'block unblock toggle': 'write' },
    },
    hwclock: {
      effects: 'read',
      known:
        '-ruvDl -f= --show --get --utc --localtime --rtc= --verbose --test --noadjfile --directisa --date= --delay= --adjfile= --predict --epoch= -J --getepoch',
      options: {
        ...HELP,
        '-w -s -a --systohc --hctosys --set --adjust --systz --setepoch --param-set= --vl-clear': 'write',
        '--param-get= --vl-read': 'word',
      },
    },
    rtcwake: { effects: 'destroy', options: { ...HELP, '--list-modes': { sets: 'read' } }, worst: 'destroy' },
    utmpdump: {
      effects: 'read',
      worst: 'write',
      known: '-fr --follow --reverse',
      options: { ...HELP, '-o= --output=': 'destroy path' },
      operands: 'read path',
    },
    fallocate: {
      effects: 'write',
      known: '-nvxw -l= -o= --keep-size --length= --offset= --posix --verbose',
      options: {
        ...HELP,
        '-c -d -p -i -z -w --collapse-range --dig-holes --punch-hole --insert-range --zero-range --write-zeroes':
          'destroy',
      },
      operands: 'write path',
    },
    'fsfreeze exch': ['write', 'path'],
    'more page': {
      effects: 'escape',
      worst: 'escape',
      operands: { patterns: { '+*': 'code less', '*': 'read path' } },
      gtfobins: ['shell', 'file-read'],
    },
    pg: { effects: 'escape', worst: 'escape', operands: 'read path', gtfobins: ['shell', 'file-read'] },
    'agetty getty mingetty login sulogin': {
      effects: 'escape privilege',
      worst: 'escape privilege',
      gtfobins: ['shell'],
    },
    'pivot_root switch_root': { effects: 'privilege escape', worst: 'privilege escape' },

    flock: {
      effects: 'read',
      syntax: 'posix',
      known:
        '-sxenuFo -w= --shared --exclusive --nb --nonblock --nonblocking --unlock --close --no-fork --timeout= --wait= -E= --conflict-exit-code= --verbose --fcntl --start= --length=',
      options: { ...HELP, '-c= --command=': 'shell' },
      // It makes the lock file where there is none.
      operands: [{ patterns: { '[0-9]': 'word', '[0-9][0-9]*': 'word', '*': 'write path' } }, 'command or -c'],
      gtfobins: ['shell'],
    },
    setsid: { ...wrapper('-cfw --ctty --fork --wait'), gtfobins: ['shell'] },
    taskset: {
      ...wrapper('-ac --all-tasks --cpu-list', { '-p --pid': { adds: 'write', operands: 'process' } }),
      operands: ['word', 'command'],
      gtfobins: ['shell'],
    },
    chrt: {
      ...wrapper(
        '-abdefiomrRv -T= -P= -D= --all-tasks --batch --deadline --ext --fifo --idle --other --rr --reset-on-fork --max --sched-runtime= --sched-period= --sched-deadline= --verbose',
        {
          '-p --pid': { adds: 'write', operands: 'process' },
        },
      ),
      operands: [number, 'command'],
      gtfobins: ['shell'],
    },
    ionice: {
      ...wrapper('-t -c= -n= --class= --classdata= --ignore', { '-p= --pid= -P= --pgid= -u= --uid=': 'write process' }),
      gtfobins: ['shell'],
    },
    choom: { ...wrapper('-n= --adjust=', { '-p= --pid=': 'write process' }), gtfobins: ['shell'] },
    uclampset: wrapper('-aRs -m= -M= --all-tasks --reset-on-fork --system -v', { '-p= --pid=': 'write process' }),
    coresched: 'write escape',
    prlimit: wrapper(
      '-o= --noheadings --raw --output= --verbose --resource -c=? -d=? -e=? -f=? -i=? -l=? -m=? -n=? -q=? -r=? -s=? -t=? -u=? -v=? -x=? -y=? --core=? --data=? --nice=? --fsize=? --sigpending=? --memlock=? --rss=? --nofile=? --msgqueue=? --rtprio=? --stack=? --cpu=? --nproc=? --as=? --locks=? --rttime=?',
      {
        '-p= --pid=': 'write process',
      },
    ),
    setarch: {
      ...wrapper(PERSONALITY),
      // Its options may stand after the architecture.
      syntax: 'gnu',
      operands: [{ patterns: { ...ARCHES, '*': { effects: 'opaque escape' } } }, 'command'],
      bare: 'escape',
      gtfobins: ['shell'],
    },
    'linux32 linux64 i386 i486 i586 i686 x86_64 uname26 athlon': {
      ...wrapper(PERSONALITY),
      bare: 'escape',
      gtfobins: ['shell'],
    },
    enosys: wrapper('-l -m', { '-s= --syscall= -i= --ioctl=': 'word' }),
    pipesz: wrapper('-gvqnieo -s= -f= --get --set= --file= --fd= --stdin --stdout --stderr --check --quiet --verbose'),
    waitpid: 'read',
    unshare: {
      ...privileged(
        '-m=? -u=? -i=? -n=? -p=? -U=? -C=? -T=? -f -r -c --mount=? --uts=? --ipc=? --net=? --pid=? --user=? --cgroup=? --time=? --fork --map-root-user --map-current-user --map-auto --map-user= --map-group= --map-users= --map-groups= --map-subids --kill-child=? --propagation= --setgroups= --keep-caps --forward-signals --boottime= --monotonic= -S= -G= --setuid= --setgid= -l= --load-interp= --owner= --mount-binfmt=?',
        { '--mount-proc=? -R= --root= -w= --wd=': 'path' },
      ),
      gtfobins: ['shell'],
    },
    nsenter: {
      ...privileged(
        '-a -m=? -u=? -i=? -n=? -p=? -U=? -C=? -T=? -F -Z -e -c -r=? -w=? -W= -S= -G= -N= --all --mount=? --uts=? --ipc=? --net=? --pid=? --user=? --cgroup=? --time=? --no-fork --follow-context --env --join-cgroup --root=? --wd=? --wdns= --setuid= --setgid= --preserve-credentials --keep-caps --user-parent --net-socket=',
        { '-t= --target=': 'process' },
      ),
      gtfobins: ['shell', 'privilege-escalation'],
    },
    setpriv: {
      ...privileged(
        '-d --dump --clear-groups --keep-groups --init-groups --nnp --no-new-privs --reset-env --ambient-caps= --inh-caps= --bounding-set= --ruid= --euid= --rgid= --egid= --reuid= --regid= --groups= --list-caps --securebits= --pdeathsig= --selinux-label= --apparmor-profile= --landlock-access= --landlock-rule= --seccomp-filter= --ptracer= --landlock-rule=',
      ),
      bare: 'read',
      gtfobins: ['shell', 'privilege-escalation'],
    },
    openvt: {
      ...privileged('-c= -fuslevw --console= --force --user --switch --login --wait --verbose --exec'),
      gtfobins: ['shell'],
    },
    'chvt deallocvt loadkeys setfont kbd_mode setleds setmetamode kbdrate setvtrgb resizecons mapscrn': 'write',
    'dumpkeys showkey showconsolefont fgconsole kbdinfo showfont': 'read',

    // Starters and limiters of service supervisors and containers: options first, then the command.
    setlock: { ...wrapper('-nNxX'), operands: ['write path', 'command'], gtfobins: ['shell'] },
    softlimit: { ...wrapper('-a= -c= -d= -f= -l= -m= -o= -p= -r= -s= -t='), gtfobins: ['shell'] },
    envuidgid: { ...wrapper(), effects: 'privilege', operands: ['user', 'command'] },
    setuidgid: { ...wrapper('-s'), effects: 'privilege', operands: ['user', 'command'] },
    // The directory's files become environment variables, LD_PRELOAD among them.
    envdir: { ...wrapper('-i'), operands: ['opaque path', 'command'] },
    chpst: {
      ...wrapper('-vP012 -n= -l= -L= -m= -d= -o= -p= -f= -c= -r= -t= -C= -b=', {
        '-u= -U=': 'privilege user',
        '-e=': 'opaque path',
        '-/=': 'privilege path',
      }),
      gtfobins: ['shell'],
    },
    'su-exec gosu': { ...privileged(), operands: ['user', 'command'] },
    'tini dumb-init catatonit': wrapper('-p= -svwgc -e= -l --single-child --rewrite --verbose'),
    cpulimit: {
      ...wrapper('-ivzb -l= --limit= -m --monitor-forks -k -c= -r -s= -q -f --foreground', {
        '-p= --pid= -e= --exe= -P= --path=': 'write process',
      }),
      gtfobins: ['shell'],
    },
    multitime: { ...wrapper('-qls -f= -n= -s= -i= -o= -r= -I='), gtfobins: ['shell'] },
    logsave: { ...wrapper('-asv'), operands: ['destroy path', 'command'], gtfobins: ['shell'] },
    cgexec: wrapper('-g= --sticky --cancel-sticky'),
    numactl: {
      ...wrapper(
        '-i= -N= -P= -p= -C= -m= -l -a -t -w= -b --interleave= --weighted-interleave= --preferred= --preferred-many= --physcpubind= --cpunodebind= --membind= --localalloc --all --balancing --dump --dump-nodes --huge --length= --offset= --shmmode= --strict --shmid= --touch --verify',
        { '-s --show -H --hardware': { sets: 'read' }, '-S= -f= --shm= --file=': 'write path' },
      ),
      gtfobins: ['shell'],
    },
    chronic: wrapper('-ev'),
    'ts isutf8 errno': 'read',
    ifne: wrapper('-n'),
    'fakeroot pseudo fakechroot': {
      ...wrapper('-uv -b= --unknown-is-real', {
        '-l= --lib= --faked= -f= --elib= -e= -d= -c=': 'escape',
        '-s= -i=': 'write path',
      }),
      bare: 'escape',
    },
    'unbuffer catchsegv': wrapper('-p'),
    'dbus-run-session dbus-launch': 'escape',
    'dbus-send gdbus': {
      effects: 'write privilege escape',
      worst: 'write privilege escape',
      subcommands: { 'monitor introspect': 'read', '*': 'write privilege escape' },
    },
    'dbus-monitor dbus-uuidgen': 'read',
    'aa-exec': {
      ...privileged('-div -n= -p= --profile= --namespace= --debug --immediate --verbose'),
      gtfobins: ['shell'],
    },
    'run-parts': {
      effects: 'escape opaque',
      known:
        '-v --verbose --list --test --lsbsysinit --new-session --reverse --exit-on-error --report -u= --umask= -a= --arg= --stdin',
      options: { ...HELP, '--regex=': 'word' },
      operands: 'path',
      gtfobins: ['shell', 'command'],
    },
    'start-stop-daemon': {
      effects: 'read',
      known:
        '-tbvqmon -R= --retry= -s= --signal= -N= --nicelevel= -P= --procsched= -I= --iosched= -k= --umask= --test --background --verbose --quiet --make-pidfile --remove-pidfile --no-close --oknodo --notify-await --notify-timeout= -O= --output= -p= --pidfile= --ppid= --pid= -n= --name= -T --status -C',
      options: {
        ...HELP,
        '-S --start -x= --exec= -a= --startas=': 'escape',
        '-K --stop': 'destroy',
        '-c= --chuid= -g= --group= -u= --user= -r= --chroot=': 'privilege',
        '-d= --chdir=': 'path',
      },
      operands: 'word',
      gtfobins: ['shell'],
    },
    daemonize: { ...wrapper('-a -v -c= -e= -o= -p= -l= -E=', { '-u=': 'privilege user' }) },
    'proot nsjail minijail0': { effects: 'privilege escape', worst: 'privilege escape', gtfobins: ['shell'] },
    'torify torsocks proxychains proxychains4': {
      ...wrapper('-a= -d -i -P= -p= -q -f= -u=', {}),
      effects: 'transfer',
      gtfobins: ['shell'],
    },
    'ld.so ld-linux.so.2 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-musl-x86_64.so.1 ld-musl-aarch64.so.1 ld64.so.2':
      {
        effects: 'read',
        syntax: 'posix',
        known:
          '--list --verify --inhibit-cache --list-tunables --list-diagnostics --argv0= --glibc-hwcaps-mask= --glibc-hwcaps-prepend=',
        options: {
          '--help --version': { sets: 'read' },
          '--preload= --library-path= --audit= --inhibit-rpath=': 'escape',
        },
        operands: 'command',
        gtfobins: ['shell'],
      },
    ldconfig: {
      effects: 'write',
      known: '-nNXv -c=',
      options: { ...HELP, '-p --print-cache': { sets: 'read' }, '-f= -C= -r= -l': 'escape path' },
      operands: 'escape path',
      gtfobins: ['library-load'],
    },
    wdctl: {
      effects: 'read',
      worst: 'read write',
      known: '-fFnIOTPrx -o= --flags= --noflags --noheadings --raw --oneline',
      options: { '-s= --settimeout= -p= --setpretimeout= -g= --setpregovernor=': 'write' },
      operands: 'path',
    },
  },
} satisfies Family
