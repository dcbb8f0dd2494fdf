/**
 * Interpreters of programming languages, their consoles, debuggers and run-time tools. A program can do anything, so
 * running one is `escape`, and a program in a file is `opaque` as well; asking for the version is `read`.
 */
import type { Family, Language, LongEntry } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const
const GTFOBINS = [
  'shell',
  'command',
  'reverse-shell',
  'bind-shell',
  'file-read',
  'file-write',
  'upload',
  'download',
  'library-load',
  'privilege-escalation',
] as const

/** Whatever it is told it may run a program; these options only print. */
const console = (printing = '--help --version'): LongEntry => ({
  effects: 'escape',
  worst: 'escape',
  syntax: 'posix',
  // Nothing they can be told does more than run a program.
  known: '-* --*',
  options: { [printing]: { sets: 'read' } },
  operands: ['script', 'word'],
  gtfobins: GTFOBINS,
})
/** Runs what a project says: tasks, tests, servers. */
const runner: LongEntry = { ...console(), operands: 'word' }
/** An interpreter with `-e program`. */
const withCode = (language: Language, spelling: string, printing = '--help --version'): LongEntry => ({
  ...console(printing),
  options: {
    [spelling]: { argument: `code ${language}`, operands: 'path' },
    [printing]: { sets: 'read' },
  },
  bare: 'escape',
  stdin: `code ${language}`,
})

/** With `-v` alone the version is printed and that is all; a program after it is run nevertheless. */
const versionOnly: Pick<LongEntry, 'effects' | 'options'> = {
  effects: 'read',
  options: {
    '-e=': { argument: 'code other', operands: 'path' },
    '-r= -l= -i -b': 'escape',
    '-v': { operands: ['script', 'word'] },
    '--help --version --copyright -h': { sets: 'read' },
  },
}

export const interpreters = {
  name: 'interpreters',
  sources: [
    'python 3.11, perl 5.36, ruby 3.1, php 8.2, lua 5.4, tclsh 8.6, node 18, OpenJDK 17 manual pages',
    'https://gtfobins.github.io',
  ],
  commands: {
    'python python2 python2.7 python3 python3.6 python3.7 python3.8 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 python3-dbg pypy pypy3 micropython jython platform-python ':
      {
        effects: 'escape',
        worst: 'escape',
        syntax: 'posix',
        known: '-bBdEiIOPqRsStuvx -W= -X= --check-hash-based-pycs=',
        options: {
          '-c=': { argument: 'code python', operands: 'word', ends: true },
          // A module is looked for in the current directory first, so even `json.tool` is whatever is found there.
          '-m=': {
            argument: {
              patterns: {
                'http.server': { effects: 'transfer' },
                'pip*': { effects: 'transfer write' },
                ensurepip: { effects: 'write' },
                venv: { effects: 'write' },
                '*': 'word',
              },
            },
            operands: 'word',
            ends: true,
          },
          '-V -h -? --version --help --help-env --help-xoptions --help-all': { sets: 'read' },
        },
        operands: ['script', 'word'],
        stdin: 'code python',
        gtfobins: GTFOBINS,
      },
    'ipython ipython3 bpython ptpython ptipython idle idle3 pdb3 jupyter jupyter-notebook jupyter-lab jupyter-console':
      console('--help --version -V -h'),
    'pydoc pydoc3': { effects: 'escape', worst: 'escape transfer', options: HELP },
    'pyflakes flake8 pylint pycodestyle bandit': ['read', 'path'],
    'black isort autopep8 yapf ruff pyupgrade': ['write', 'path'],
    // mypy and pyright read a configuration that names plugins and interpreters.
    'mypy dmypy pyright': {
      effects: 'escape',
      worst: 'escape',
      options: HELP,
      operands: 'path',
      gtfobins: ['file-read'],
    },
    'pytest py.test nosetests coverage coverage3 hypothesis behave': 'escape',

    'perl perl5 suidperl rakudo raku perl6': {
      effects: 'escape',
      worst: 'escape',
      syntax: 'posix',
      known: '-acfglnpsStTuUwWX01234567 -C=? -D=? -F=? -x=?',
      options: {
        '-e= -E=': { argument: 'code perl', operands: 'path' },
        '-i=?': 'write',
        '-I=': 'path',
        '-M= -m= -d=?': 'escape',
        '-v -h --version --help': { sets: 'read' },
        '-V=?': { sets: 'read' },
      },
      operands: ['script', 'word'],
      stdin: 'code perl',
      gtfobins: GTFOBINS,
    },
    'perldoc re.pl reply': console('--help -h -V'),
    'perltidy perlcritic prove pod2man pod2text pod2usage': 'escape',

    'ruby jruby ruby2.7 ruby3.0 ruby3.1 ruby3.2 ruby3.3 mruby truffleruby': {
      ...withCode('ruby', '-e=', '--help --version --copyright -h'),
      ...versionOnly,
      options: {
        ...versionOnly.options,
        '-l': {},
        '-b': 'escape',
        '-i=?': 'write',
        '-x=?': 'opaque escape',
      },
      known: '-acnpsSUwy0 -0* -C= -E= -F* -I= -K* -T* -W* --disable= --enable= --encoding= --verbose --yjit --jit',
    },
    'irb jirb pry byebug rdbg': console(),
    'ri rails rake foreman guard rspec cucumber puma unicorn thin rackup sidekiq thor': runner,
    'erb erubis haml slimrb redcarpet kramdown': { ...console('--help --version'), gtfobins: ['file-read'] },

    'php php5 php7 php7.0 php7.1 php7.2 php7.3 php7.4 php8 php8.0 php8.1 php8.2 php8.3 php8.4 php-cgi hhvm': {
      effects: 'escape',
      worst: 'escape',
      syntax: 'posix',
      known: '-aCHnqsw -t= -z=',
      options: {
        '-r= --run=': { argument: 'code php', operands: 'word' },
        '-B= -R= -E=': { argument: 'code php', operands: 'word' },
        '-f= -F= --file= --process-file=': { argument: 'script', operands: 'word' },
        // An ini setting may name a file to run or a library to load.
        '-c= --php-ini= -d= --define= -z= --zend-extension=': 'escape',
        '-S= --server=': 'transfer host',
        '-v -h -i -m -l --version --help --info --modules --syntax-check --ini': { sets: 'read' },
        '--rf= --rc= --re= --rz= --ri=': { sets: 'read' },
      },
      operands: ['script', 'word'],
      stdin: 'code php',
      gtfobins: GTFOBINS,
    },
    'phpdbg psysh artisan symfony drush wp wp-cli phpunit': console(),

    'lua lua5.1 lua5.2 lua5.3 lua5.4 lua51 lua52 lua53 luajit texlua lua50': {
      ...withCode('lua', '-e=', '--help --version'),
      ...versionOnly,
      known: '-EW -j=? -O=?',
    },
    luac: { effects: 'escape write transfer', worst: 'escape write transfer', options: HELP },

    'tclsh tclsh8.5 tclsh8.6 tclsh9.0 wish wish8.6 itclsh jimsh': { ...console(), stdin: 'code tcl', bare: 'escape' },

    'node nodejs iojs': {
      effects: 'escape',
      worst: 'escape',
      syntax: 'posix',
      known:
        '-i --interactive --no-warnings --trace-warnings --max-old-space-size= --stack-trace-limit= --input-type= --watch --test --env-file= --conditions= -C= --no-deprecation --trace-deprecation --preserve-symlinks --enable-source-maps',
      options: {
        '-e= --eval= -p= --print= -pe=': { argument: 'code javascript', operands: 'word' },
        '-r= --require= --import= --loader= --experimental-loader=': 'script',
        '--inspect=? --inspect-brk=? --inspect-port=': 'transfer',
        '-v --version -h --help --v8-options --completion-bash': { sets: 'read' },
      },
      operands: ['script', 'word'],
      stdin: 'code javascript',
      gtfobins: GTFOBINS,
    },
    'deno bun qjs quickjs js rhino d8 nashorn jjs ts-node tsx coffee': {
      ...console('--help --version -v'),
      operands: 'word',
    },
    'nodemon forever gulp grunt webpack vite rollup esbuild parcel jest mocha vitest karma eslint prettier electron phantomjs casperjs playwright cypress':
      runner,

    // Java
    'java jexec gij': {
      effects: 'escape',
      worst: 'escape',
      syntax: 'single-dash',
      known:
        '-cp= -classpath= --class-path= -p= --module-path= --add-modules= -server -client -ea -esa -X* -D* --enable-preview --add-opens= --add-exports= --add-reads=',
      options: {
        '-jar=': { argument: 'script', operands: 'word' },
        '-m= --module=': { adds: 'opaque', operands: 'word' },
        '-javaagent* -agentlib* -agentpath*': 'escape',
        '-version --version -help --help -? -h -X --help-extra --list-modules': { sets: 'read' },
      },
      operands: ['script', 'word'],
      gtfobins: ['shell'],
    },
    jrunscript: {
      ...console('-help --help -?'),
      syntax: 'single-dash',
      options: {
        '-e=': { argument: 'code javascript', operands: 'path' },
        '-f=': 'script',
        '-cp= -classpath= -l= -encoding=': 'path',
        '-J*': 'escape',
        '-help -? -q': { sets: 'read' },
      },
    },
    'jshell groovy groovysh groovyConsole kotlin kotlinc kotlinc-jvm scala scala-cli amm clj bsh': console(
      '--help --version -version -help',
    ),
    'jhsdb javap jdeps jdeprscan': { effects: 'read', worst: 'read', operands: 'process' },
    jinfo: {
      effects: 'read',
      worst: 'read write',
      options: { '-flag=': 'write' },
      syntax: 'single-dash',
      known: '-flags -sysprops',
      operands: 'process',
    },
    jmap: {
      effects: 'read',
      worst: 'read write',
      syntax: 'single-dash',
      known: '-clstats -finalizerinfo -histo* -heap',
      options: { '-dump*': 'write' },
      operands: 'process',
    },
    jcmd: {
      effects: 'read',
      worst: 'escape write',
      known: '-lh',
      operands: [
        'process',
        {
          patterns: {
            'VM.version': 'word',
            'VM.flags': 'word',
            'VM.uptime': 'word',
            'VM.command_line': 'word',
            'VM.system_properties': 'word',
            'Thread.print': 'word',
            'GC.class_histogram': 'word',
            'GC.heap_info': 'word',
            help: 'word',
            '*': { effects: 'escape write' },
          },
        },
        'word',
      ],
    },
    'jconsole jvisualvm visualvm jmc': 'escape transfer',

    // Statistics and mathematics: all have system()
    'R Rscript rscript littler': withCode('other', '-e=', '--help --version'),
    'julia octave octave-cli octave-gui gp maxima sage yacas ginsh matlab scilab giac qalc axiom fricas gap magma':
      console('--help --version -v -h'),
    // Functional and logical languages
    'ghci runghc runhaskell hugs ocaml utop ocamlrun ocamlfind dune erl erlc escript werl iex elixir gleam': console(),
    'guile guile3.0 guile-2.2 clisp sbcl ecl ccl abcl cmucl gcl racket mzscheme csi csc chicken gosh gsi mit-scheme scheme chez scheme48 bigloo gauche janet fennel hy picolisp pil newlisp':
      console('--help --version -v -h'),
    'swipl prolog gprolog yap mercury': console(),
    'gforth pforth': { ...console(), operands: 'script' },
    // Others
    'mono csharp fsi fsharpi nunit-console dotnet-script': console(
      '--help --version --info --list-sdks --list-runtimes',
    ),
    'crystal nim v zig dart flutter haxe neko rexx regina ooo pike falcon squirrel icon unicon snobol4 gst pharo squeak forth basic bwbasic yabasic apl k q kona':
      console('--help --version'),
    'm4 gm4': { ...console(), gtfobins: ['file-read', 'shell'] },
    'cython cython3 numba f2py nuitka pyinstaller cx_Freeze': 'escape write',
    'volatility volatility3 vol vol.py vol3': { ...console('--help --version -h'), gtfobins: ['shell'] },
    // Debuggers
    'pwndbg gef rz x64dbg dbx': {
      effects: 'escape',
      worst: 'escape',
      syntax: 'single-dash',
      options: {
        '-ex= --ex= -eval-command= --eval-command= -iex= -init-eval-command=': 'code gdb',
        '-x= --command= -command=': 'script',
        '-p= --pid= -pid=': 'process',
        '--version -v --help -h -version -help': { sets: 'read' },
      },
      operands: 'path',
      gtfobins: [
        'shell',
        'command',
        'reverse-shell',
        'file-read',
        'file-write',
        'upload',
        'download',
        'library-load',
        'privilege-escalation',
      ],
    },
    'callgrind cachegrind massif': {
      effects: 'escape write',
      worst: 'escape write',
      syntax: 'posix',
      options: HELP,
      known: '--*',
      operands: 'command',
      gtfobins: ['shell'],
    },
    'ms_print callgrind_annotate cg_annotate cg_diff cg_merge callgrind_control heaptrack_print': ['read', 'path'],
    'sox play rec mplayer mpv vlc cvlc': 'escape write',
  },
} satisfies Family
