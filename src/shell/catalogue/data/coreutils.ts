/**
 * GNU coreutils. Where BusyBox has an applet of the same name its options are a subset, so one entry serves both.
 * Copying and moving are `write`; what empties or removes is `destroy`.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

/** Reads the files it is given, whatever its options. */
const reader = (known = ''): LongEntry => ({ effects: 'read', worst: 'read', known, operands: 'path' })

/** A digest tool: `-c` reads the list and the files in it. */
const digest = reader('-bctwz --binary --check --tag --text --zero --ignore-missing --quiet --status --strict --warn')

/** What is written to: a device below /dev is overwritten beyond recovery. */
const written: Role = { patterns: { '/dev/*': 'destroy path', '*': 'write path' } }
/** What is copied: these are endless or empty, so copying one of them onto a file is wiping it. */
const copied: Role = {
  patterns: {
    '/dev/null': { effects: 'destroy' },
    '/dev/zero': { is: 'path', effects: 'destroy' },
    '/dev/*random': { is: 'path', effects: 'destroy' },
    '*': 'read path',
  },
}
/** chmod's mode: setuid and setgid bits give rights to whoever runs the file. */
const mode: Role = {
  patterns: {
    '*s*': { effects: 'privilege' },
    '[2-7]???': { effects: 'privilege' },
    '0[2-7]???': { effects: 'privilege' },
    '*': 'word',
  },
}
const HELP = { '--help --version': { sets: 'read' } } as const
const OWNERSHIP =
  '-cfvhHLPR --changes --silent --quiet --verbose --dereference --no-dereference --from= --no-preserve-root --preserve-root --recursive'

export const coreutils = {
  name: 'coreutils',
  sources: ['GNU coreutils 9.1 manual', 'BusyBox 1.35 --help', 'https://gtfobins.github.io'],
  commands: {
    'true false :': { effects: 'read', worst: 'read', syntax: 'none' },
    'arch nproc tty logname whoami hostid': 'read',
    'groups users who pinky id': { effects: 'read', worst: 'read', operands: 'user' },
    uname: 'read',
    'basename dirname pathchk expr factor seq': { effects: 'read', worst: 'read', syntax: 'none' },
    numfmt: 'read',
    sleep: 'read',
    yes: { effects: 'read', worst: 'read', syntax: 'none' },
    echo: { effects: 'read', worst: 'read', syntax: 'none' },
    printf: { effects: 'read', worst: 'read', syntax: 'none' },
    pwd: 'read',
    'test [': { effects: 'read', worst: 'read', syntax: 'none' },
    printenv: 'read',
    sync: ['read', 'path'],
    stty: {
      effects: 'read',
      worst: 'write',
      known: '-ag --all --save -F= --file=',
      operands: { patterns: { size: 'word', speed: 'word', '*': 'write other' } },
      options: HELP,
    },
    date: {
      effects: 'read',
      known:
        '-uIR --utc --universal --rfc-email --debug -I=? --iso-8601=? --rfc-3339= -d= --date= -r= --reference= --resolution',
      options: { '-f= --file=': 'read path', '-s= --set=': 'write', ...HELP },
      operands: { patterns: { '+*': 'word', '*': { effects: 'write' } } },
      worst: 'write',
    },

    cat: { ...reader('-AbeEnstTuv'), gtfobins: ['file-read'] },
    tac: { ...reader('-b -r -s= --separator='), gtfobins: ['file-read'] },
    nl: { ...reader('-b= -d= -f= -h= -i= -l= -n= -p -s= -v= -w='), gtfobins: ['file-read'] },
    'ls dir vdir': {
      effects: 'read',
      worst: 'read',
      operands: 'path',
      known:
        '-aAbBcCdDfFgGhHiIklLmnNopqQrRsStuUvxXZ1 -I= -T= -w= --ignore= --hide= --tabsize= --width= --block-size= --color=? --format= --sort= --time= --time-style= --indicator-style= --quoting-style=',
    },
    'head tail': {
      ...reader(
        '-#  -qvz -c= -n= --bytes= --lines= -f --follow=? -F --retry -s= --sleep-interval= --pid= --max-unchanged-stats= +#',
      ),
      gtfobins: ['file-read'],
    },
    'wc cksum sum': reader('-clmwL --files0-from= --total= -a= --algorithm= -rs'),
    'md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum': { ...digest, gtfobins: ['file-read'] },
    'base32 base64 basenc': { ...reader('-di --decode --ignore-garbage -w= --wrap='), gtfobins: ['file-read'] },
    'comm join paste': reader('-123iz -a= -e= -j= -o= -t= -v= -1= -2= -d= -s'),
    cut: {
      ...reader('-b= -c= -d= -f= -nsz --bytes= --characters= --delimiter= --fields= --output-delimiter='),
      gtfobins: ['file-read'],
    },
    'expand unexpand fmt fold': { ...reader('-aist -t= -w= -b -p= -g= --tabs= --width= --prefix= --goal=') },
    od: { ...reader('-abcdfilosxv -A= -j= -N= -S=? -t= -w=?'), gtfobins: ['file-read'] },
    pr: {
      ...reader('-# -acdfFJmrtTv -e=? -D= -h= -i=? -l= -n=? -N= -o= -s=? -S=? -w= -W= +#'),
      gtfobins: ['file-read'],
    },
    ptx: {
      effects: 'read',
      worst: 'read write',
      known: '-ACGfORrTt -F= -M= -S= -W= -b= -g= -i= -o= -w=',
      // With -G (System V mode) the second operand is the output.
      operands: ['read path', 'write path'],
    },
    'readlink realpath': reader('-femsnqvz -LP --relative-to= --relative-base='),
    stat: reader('-Lft -c= --format= --printf= --cached='),
    df: reader('-aBhHiklPTv -B= --block-size= -t= --type= -x= --exclude-type= --output=? --total --sync'),
    du: reader(
      '-0abcDhHklLmPsSx -B= -d= -t= -X= --block-size= --max-depth= --threshold= --exclude= --exclude-from= --files0-from= --time=? --time-style=',
    ),
    tsort: reader(),
    tr: { effects: 'read', worst: 'read' },
    dircolors: reader('-bcp'),

    sort: {
      effects: 'read',
      worst: 'escape',
      known:
        '-bdfghiMnRrVcCmsuz -k= -S= -t= --key= --buffer-size= --field-separator= --sort= --check=? --batch-size= --parallel= --debug --unique --reverse --numeric-sort --version-sort --stable --zero-terminated --merge --human-numeric-sort --general-numeric-sort --random-sort --month-sort --ignore-case --dictionary-order --ignore-leading-blanks --ignore-nonprinting',
      options: {
        '-o= --output=': 'destroy path',
        '--compress-program=': 'escape',
        '-T= --temporary-directory= --files0-from= --random-source=': 'path',
      },
      operands: 'read path',
      gtfobins: ['file-read', 'file-write'],
    },
    uniq: {
      effects: 'read',
      worst: 'read write',
      known:
        '-cdDiuz -f= -s= -w= --skip-fields= --skip-chars= --check-chars= --all-repeated=? --group=? --count --repeated --ignore-case --unique',
      operands: ['read path', 'destroy path'],
      gtfobins: ['file-read'],
    },
    shuf: {
      effects: 'read',
      worst: 'read write',
      known: '-erz -i= -n= --echo --input-range= --head-count= --repeat --zero-terminated --random-source=',
      options: { '-o= --output=': 'destroy path' },
      operands: 'read path',
      gtfobins: ['file-read', 'file-write'],
    },
    split: {
      effects: 'write',
      worst: 'escape write',
      known:
        '-a= -b= -C= -d -e -l= -n= -t= -u -x --bytes= --lines= --number= --suffix-length= --additional-suffix= --numeric-suffixes=? --hex-suffixes=? --verbose',
      options: { '--filter=': 'shell' },
      operands: ['read path', 'write path'],
      gtfobins: ['shell', 'command', 'file-read', 'file-write'],
    },
    csplit: {
      effects: 'write',
      known:
        '-ksz -b= -f= -n= --suffix-format= --prefix= --digits= --keep-files --silent --quiet --elide-empty-files --suppress-matched',
      operands: ['read path', 'word'],
      worst: 'read write',
      gtfobins: ['file-read', 'file-write'],
    },

    cp: {
      effects: 'write',
      worst: 'write destroy',
      known:
        '-abdfHilLnPpRrsuvxZ --archive --attributes-only --backup=? --copy-contents --force --interactive --link --dereference --no-clobber --no-dereference --preserve=? --no-preserve= --parents --recursive --reflink=? --remove-destination --sparse= --strip-trailing-slashes --symbolic-link -S= --suffix= --no-target-directory -T --update --verbose --one-file-system --context=?',
      options: { '-t= --target-directory=': { argument: written, operands: copied } },
      operands: copied,
      last: written,
      gtfobins: ['file-read', 'file-write', 'privilege-escalation'],
    },
    mv: {
      effects: 'write',
      worst: 'write destroy',
      known:
        '-bfinuvTZ --backup=? --force --interactive --no-clobber --strip-trailing-slashes -S= --suffix= --no-target-directory --update --verbose --context',
      options: { '-t= --target-directory=': written },
      operands: written,
      gtfobins: ['privilege-escalation'],
    },
    install: {
      effects: 'write',
      known:
        '-bcCDdpsTv -g= -m= -o= -S= --backup=? --compare --directory --group= --mode= --owner= --preserve-timestamps --strip --suffix= --no-target-directory --verbose --preserve-context --context=? -Z',
      options: { '-t= --target-directory=': { argument: written, operands: copied }, '--strip-program=': 'escape' },
      operands: copied,
      last: written,
      gtfobins: ['privilege-escalation'],
    },
    'ln link': {
      effects: 'write',
      known:
        '-bdFfiLnPrsTv --backup=? -S= --suffix= --force --interactive --logical --no-dereference --physical --relative --symbolic --no-target-directory --verbose',
      options: { '-t= --target-directory=': written },
      operands: written,
      worst: 'write',
    },
    'mkdir mkfifo': {
      effects: 'write',
      worst: 'write',
      known: '-pvZ -m= --mode= --parents --verbose --context=?',
      operands: 'write path',
    },
    mktemp: { effects: 'write', worst: 'write', known: '-dqut -p= --tmpdir=? --suffix=', operands: 'write path' },
    mknod: { effects: 'write', worst: 'write', known: '-Z -m= --mode=', operands: ['write path', 'word'] },
    touch: {
      effects: 'write',
      worst: 'write',
      known: '-acfhm -d= -r= -t= --date= --reference= --time= --no-create --no-dereference',
      operands: 'write path',
    },
    truncate: {
      effects: 'destroy',
      worst: 'destroy',
      known: '-co --no-create --io-blocks -s= --size=',
      options: { '-r= --reference=': 'path' },
      operands: 'destroy path',
    },
    tee: {
      effects: 'read',
      worst: 'destroy',
      known: '-ip --ignore-interrupts --output-error=?',
      // Without -a it empties the file, as `>` does.
      options: { '-a --append': { operands: 'write path' }, ...HELP },
      operands: 'destroy path',
      gtfobins: ['file-write'],
    },
    dd: {
      effects: 'read',
      worst: 'destroy',
      options: {
        'of=': 'destroy path',
        'if=': 'read path',
        'bs= cbs= ibs= obs= conv= count= iflag= oflag= iseek= oseek= seek= skip= status=': 'word',
        ...HELP,
      },
      operands: { effects: 'destroy' },
      gtfobins: ['file-read', 'file-write'],
    },

    'rm unlink': {
      effects: 'destroy',
      worst: 'destroy',
      known:
        '-dfiIrRv --force --interactive=? --one-file-system --no-preserve-root --preserve-root=? --recursive --dir --verbose',
      options: HELP,
      operands: 'destroy path',
    },
    rmdir: {
      effects: 'destroy',
      worst: 'destroy',
      known: '-pv --parents --verbose --ignore-fail-on-non-empty',
      operands: 'destroy path',
    },
    shred: {
      effects: 'destroy',
      worst: 'destroy',
      known: '-fuvxz -n= --iterations= -s= --size= --force --remove=? --verbose --exact --zero',
      options: { '--random-source=': 'path', ...HELP },
      operands: 'destroy path',
    },

    chmod: {
      effects: 'write',
      known: '-cfvR --changes --silent --quiet --verbose --no-preserve-root --preserve-root --recursive',
      options: {
        // The mode of that file may carry setuid.
        '--reference=': { argument: 'path', adds: 'privilege', operands: 'write path' },
        // A mode such as `-x` or `-rw`.
        '-rwxXtugo': { operands: 'write path' },
        '-s': { adds: 'privilege', operands: 'write path' },
        ...HELP,
      },
      operands: [mode, 'write path'],
      worst: 'write privilege',
      gtfobins: ['privilege-escalation'],
    },
    'chown chgrp': {
      effects: 'write',
      known: OWNERSHIP,
      options: { '--reference=': { argument: 'path', operands: 'write path' }, ...HELP },
      operands: ['user', 'write path'],
      worst: 'write',
      gtfobins: ['privilege-escalation'],
    },
    chcon: {
      effects: 'write privilege',
      known: '-hRHLPv -u= -r= -t= -l= --user= --role= --type= --range= --no-preserve-root --preserve-root',
      options: { '--reference=': { argument: 'path', operands: 'write path' }, ...HELP },
      operands: ['word', 'write path'],
    },
    runcon: {
      effects: 'privilege',
      syntax: 'posix',
      known: '-c -t= -u= -r= -l= --compute --type= --user= --role= --range=',
      options: HELP,
      operands: 'command',
      gtfobins: ['shell'],
    },
    chroot: {
      effects: 'privilege',
      syntax: 'posix',
      known: '--groups= --userspec= --skip-chdir',
      options: HELP,
      operands: ['path', 'command'],
      bare: 'escape',
      stdin: 'shell',
      gtfobins: ['shell', 'privilege-escalation'],
    },

    env: {
      effects: 'read',
      syntax: 'posix',
      known: '-0v --null --debug --block-signal=? --default-signal=? --ignore-signal=? --list-signal-handling',
      // -S splits one word into options, assignments and a command; what it makes of quotes and escapes is its own.
      options: {
        '-C= --chdir=': 'path',
        // What keeps a pager from starting a shell (LESSSECURE) is a variable, and these take variables away.
        '-i - --ignore-environment': 'escape',
        '-u= --unset=': { adds: 'escape' },
        '-S= --split-string=': { argument: { is: 'shell', effects: 'opaque' } },
        ...HELP,
      },
      operands: 'env command',
      gtfobins: ['shell', 'command'],
    },
    nice: {
      effects: 'read',
      syntax: 'posix',
      known: '-n= --adjustment= -#',
      options: HELP,
      operands: 'command',
      gtfobins: ['shell'],
    },
    nohup: { effects: 'write', syntax: 'posix', options: HELP, operands: 'command', gtfobins: ['shell', 'command'] },
    stdbuf: {
      effects: 'read',
      syntax: 'posix',
      known: '-i= -o= -e= --input= --output= --error=',
      options: HELP,
      operands: 'command',
      gtfobins: ['shell'],
    },
    timeout: {
      effects: 'read',
      syntax: 'posix',
      known: '-v -k= -s= --foreground --preserve-status --kill-after= --signal= --verbose',
      options: HELP,
      operands: ['word', 'command'],
      gtfobins: ['shell'],
    },
    // The multi-call program of coreutils and BusyBox.
    coreutils: {
      effects: 'read',
      syntax: 'posix',
      options: { '--coreutils-prog= --coreutils-prog-shebang=': 'opaque' },
    },
  },
} satisfies Family
