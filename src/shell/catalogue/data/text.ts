/**
 * Tools that search, filter, compare, show and convert text, outside coreutils. Most only look. Four kinds do not:
 * those that rewrite in place (`sed -i`), that run a command for each match (`find -exec`, `xargs`), pagers, which hand
 * out a shell at the press of a key, and formatters with an output option.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

/** Reads the files it is given, whatever its options. */
const reader = (known = ''): LongEntry => ({ effects: 'read', worst: 'read', known, operands: 'path' })
/** The same, and GTFOBins lists it for that. */
const listed = (known = ''): LongEntry => ({ ...reader(known), gtfobins: ['file-read'] })

/** What is written to: a device below /dev is overwritten beyond recovery. */
const written: Role = { patterns: { '/dev/*': 'destroy path', '*': 'write path' } }
const HELP = { '--help --version': { sets: 'read' } } as const

/** grep and its kin: one pattern, then files; with `-e` or `-f` only files. */
const grep: LongEntry = {
  effects: 'read',
  worst: 'read',
  known:
    '-#  -abcEFGHhiILlnoPqrRsTUuvVwxyzZ -A= -B= -C= -d= -D= -m= --after-context= --before-context= --context= --binary-files= --color=? --colour=? --devices= --directories= --exclude= --exclude-from= --exclude-dir= --include= --label= --max-count= --group-separator=',
  options: { '-e= --regexp=': { operands: 'path' }, '-f= --file=': { argument: 'path', operands: 'path' } },
  operands: ['word', 'path'],
  gtfobins: ['file-read'],
}

/** A regular expression of PCRE2 may hold a callout, `(?C"program|argument")`, which pcre2grep runs. */
const calloutPattern: Role = { patterns: { '*[(]?C*': { effects: 'escape' }, '*': 'word' } }

const AWK: LongEntry = {
  effects: 'read',
  worst: 'escape write',
  syntax: 'posix',
  known:
    '-bcCghkMnNOPrsStV -F= -v= -I -L=? --field-separator= --assign= --characters-as-bytes --traditional --copyright --csv --gen-pot --bignum --use-lc-numeric --non-decimal-data --optimize --no-optimize --posix --re-interval --sandbox --lint=? --lint-old --trace',
  options: {
    '-f= --file=': { argument: 'script', operands: 'path' },
    '-E= --exec=': { argument: 'script', operands: 'path' },
    '-e= --source=': { argument: 'code awk', operands: 'path' },
    '-i= --include=': 'script',
    '-l= --load= -D=? --debug=?': 'escape',
    '-d=? --dump-variables=? -o=? --pretty-print=? -p=? --profile=?': { adds: 'write', argument: written },
    // mawk's own; `-W exec FILE` runs a program text from a file.
    '-W=': 'escape opaque',
    ...HELP,
  },
  operands: ['code awk', 'path'],
  gtfobins: ['shell', 'command', 'reverse-shell', 'bind-shell', 'file-read', 'file-write'],
}

/** The forms of `-newerXY`. */
const NEWER = ['a', 'B', 'c', 'm'].flatMap((x) => ['a', 'B', 'c', 'm', 't'].map((y) => `-newer${x}${y}=`)).join(' ')
const FIND_TESTS = `-H -L -P -D= -O* -a -and -o -or -not -daystart -depth -d -follow -help -ignore_readdir_race -noignore_readdir_race -noleaf -regextype= -version -warn -nowarn -maxdepth= -mindepth= -mount -xdev -amin= -anewer= -atime= -cmin= -cnewer= -ctime= -empty -executable -false -fstype= -gid= -group= -ilname= -iname= -inum= -ipath= -iregex= -iwholename= -links= -lname= -mmin= -mtime= -name= -newer= -nogroup -nouser -path= -perm= -readable -regex= -samefile= -size= -true -type= -uid= -used= -user= -wholename= -writable -xtype= -context= -ls -print -print0 -printf= -prune -quit --help --version ${NEWER}`
/** The command of `-exec`, up to `;` or `+`. */
const executed: Role = { is: 'command', until: [';', '+'], placeholder: '{}' }

const URL_OR_PATH: Role = { patterns: { '*://*': 'transfer url', '*': 'path' } }

export const text = {
  name: 'text',
  sources: [
    'grep 3.8, sed 4.9, gawk 5.2, mawk 1.3.4, diffutils 3.8, findutils 4.9, patch 2.7.6, less 590, man-db 2.11, jq 1.6 manual pages',
    'util-linux 2.38, moreutils 0.67, ripgrep 13, fd 8.6, bat 0.22 manual pages',
    'BusyBox 1.35 --help',
    'https://gtfobins.github.io',
  ],
  commands: {
    // Searching
    'grep egrep fgrep rgrep': grep,
    'zgrep zegrep zfgrep bzgrep bzegrep bzfgrep xzgrep xzegrep xzfgrep lzgrep lzegrep lzfgrep zstdgrep lz4grep': grep,
    'pcregrep pcre2grep': {
      effects: 'read',
      known:
        '-#  -acHhiLlnoOqrsuUvVwxMN -A= -B= -C= -d= -D= -F= -m= -O= --buffer-size= --color=? --colour=? --exclude= --exclude-from= --exclude-dir= --include= --include-from= --include-dir= --label= --max-count= --line-offsets --file-offsets --file-list= --match-limit= --depth-limit= --heap-limit= --multiline --newline= --no-ucp --null --om-separator= --output= --quiet --recursive --utf --files-with-matches --files-without-match --ignore-case --invert-match --line-number --word-regex --line-regex --count --no-jit --locale= --line-buffered --only-matching=?',
      options: {
        '-e= --regex= --regexp=': { argument: calloutPattern, operands: 'path' },
        '-f= --file=': { argument: 'path', adds: 'escape', operands: 'path' },
        ...HELP,
      },
      operands: [calloutPattern, 'path'],
    },
    rg: {
      effects: 'read',
      worst: 'escape',
      known:
        '-abcEFHhIiLlNnoPpqSsUuvVwxz0. -. -A= -B= -C= -E= -g= -j= -M= -m= -r= -t= -T= -d= --after-context= --before-context= --context= --auto-hybrid-regex --binary --block-buffered --byte-offset --case-sensitive --color= --colors= --column --context-separator= --count --count-matches --crlf --debug --dfa-size-limit= --encoding= --engine= --field-context-separator= --field-match-separator= --files-with-matches --files-without-match --fixed-strings --follow --generate= --glob= --glob-case-insensitive --heading --hidden --hyperlink-format= --iglob= --ignore-case --ignore-file-case-insensitive --include-zero --invert-match --json --line-buffered --line-number --line-regexp --max-columns= --max-columns-preview --max-count= --max-depth= --maxdepth= --max-filesize= --mmap --multiline --multiline-dotall --no-config --no-filename --no-heading --no-ignore --no-ignore-dot --no-ignore-exclude --no-ignore-files --no-ignore-global --no-ignore-messages --no-ignore-parent --no-ignore-vcs --no-line-number --no-messages --no-mmap --no-pcre2-unicode --no-unicode --no-pre --null --null-data --one-file-system --only-matching --passthru --path-separator= --pcre2 --pretty --quiet --regex-size-limit= --replace= --search-zip --smart-case --sort= --sortr= --sort-files --stats --stop-on-nonmatch --text --threads= --trace --trim --type= --type-add= --type-clear= --type-not= --unrestricted --vimgrep --with-filename --word-regexp',
      options: {
        '-e= --regexp=': { operands: 'path' },
        '-f= --file= --ignore-file=': { argument: 'path', operands: 'path' },
        '--files --type-list --pcre2-version': { operands: 'path' },
        '--pre= --hostname-bin=': 'escape',
        '--pre-glob=': 'word',
        ...HELP,
      },
      operands: ['word', 'path'],
    },
    ag: {
      effects: 'read',
      worst: 'escape',
      known:
        '-acDfFgGhHilLnoQrRsStuUvVwWz0 -A=? -B=? -C=? -g= -G= -m= -p= -W= --ackmate --after=? --before=? --context=? --color --nocolor --column --count --depth= --file-search-regex= --files-with-matches --files-without-matches --filename --nofilename --follow --group --nogroup --hidden --ignore= --ignore-case --ignore-dir= --invert-match --line-numbers --literal --max-count= --numbers --nonumbers --only-matching --one-device --path-to-ignore= --print-long-lines --passthrough --silent --search-binary --search-files --search-zip --skip-vcs-ignores --smart-case --case-sensitive --stats --stats-only --unrestricted --vimgrep --width= --word-regexp --workers= --all-text --all-types --null --parallel --list-file-types --python --js --ruby --cc --cpp --html --css --go --java --php --perl --json --yaml --xml --markdown --rust --shell --sql --ts --vim --make',
      options: { '--pager=': 'escape', ...HELP },
      operands: ['word', 'path'],
    },
    'ack ack-grep': {
      effects: 'read',
      worst: 'escape',
      known:
        '-#  -aCcfGgHhiIlLnoQrRsSuvwxk1 -A= -B= -C=? -m= -t= -T= --bar --break --nobreak --color --nocolor --colour --nocolour --column --nocolumn --count --files-with-matches --files-without-matches --follow --group --nogroup --heading --noheading --ignore-ack-defaults --ignore-case --no-ignore-case --ignore-dir= --noignore-dir= --ignore-file= --invert-match --known-types --literal --match= --max-count= --no-filename --with-filename --noenv --passthru --print0 --recurse --norecurse --no-recurse --show-types --smart-case --nosmart-case --sort-files --type= --type-set= --type-add= --type-del= --word-regexp --underline',
      // `--output` is a text with Perl's variables in it, and older versions evaluate it.
      options: { '--pager= --output=': 'escape', '--files-from= --ackrc=': 'path', ...HELP },
      operands: ['word', 'path'],
    },
    'locate mlocate plocate slocate': reader('-0AbcdeEHhiLlnNPpqrSsVw -d= -l= -n= -r= --database= --limit= --regexp='),
    'updatedb updatedb.mlocate updatedb.plocate': 'write',
    agrep: listed(),
    which: 'read',

    // Editing streams
    'sed gsed': {
      effects: 'read',
      worst: 'escape write',
      known:
        '-bEnrsuz --binary --debug --follow-symlinks --null-data --posix --quiet --regexp-extended --sandbox --separate --silent --unbuffered --zero-terminated -l= --line-length=',
      options: {
        '-e= --expression=': { argument: 'code sed', operands: 'path' },
        '-f= --file=': { argument: 'script', operands: 'path' },
        '-i=? --in-place=?': 'write',
        ...HELP,
      },
      operands: ['code sed', 'path'],
      gtfobins: ['shell', 'command', 'file-read', 'file-write'],
    },
    'awk gawk mawk nawk original-awk goawk': AWK,
    'iconv uconv': {
      effects: 'read',
      worst: 'read write',
      known:
        '-clsiv -f= -t= -x= --from-code= --to-code= --list --silent --verbose --byte-subst= --widechar-subst= --unicode-subst= --from= --to= --callback=',
      options: { '-o= --output=': written, ...HELP },
      operands: 'read path',
      gtfobins: ['file-read', 'file-write'],
    },
    recode: { effects: 'write', worst: 'write', operands: ['word', 'write path'], options: HELP },
    'dos2unix unix2dos mac2unix unix2mac': {
      effects: 'write',
      worst: 'write',
      known: '-78abcefFhikLlmnopqrsSuv -c= --convmode= -D= --display-enc= -o --oldfile -n --newfile --follow-symlink',
      options: { '-i=? --info=? -O --to-stdout': { sets: 'read' }, ...HELP },
      operands: 'write path',
      gtfobins: ['file-write'],
    },
    'hexyl grcat envsubst gettext ngettext ifdata': 'read',
    xxd: {
      effects: 'read',
      worst: 'read write',
      syntax: 'single-dash',
      known:
        '-a -autoskip -b -bits -C -capitalize -d -E -EBCDIC -e -h -help -i -include -p -ps -postscript -plain -r -revert -u -uppercase -upper -v -version -c= -cols= -g= -groupsize= -l= -len= -n= -name= -o= -s= -seek= -skip= -R= -c* -g* -l* -o* -s*',
      operands: ['read path', written],
      gtfobins: ['file-read', 'file-write'],
    },
    strings: listed('-#  -adfowv -e= -n= -s= -t= -T= -U= --bytes= --radix= --encoding= --target= --output-separator='),
    file: {
      effects: 'read',
      worst: 'read write',
      known:
        '-0bcdEehiIkLlNnprSsvzZ -e= -F= -P= --apple --brief --checking-printout --exclude= --exclude-quiet= --extension --keep-going --list --mime --mime-type --mime-encoding --no-buffer --no-dereference --no-pad --no-sandbox --parameter= --preserve-date --print0 --raw --separator= --special-files --uncompress --uncompress-noreport --dereference',
      options: { '-f= --files-from= -m= --magic-file=': 'path', '-C --compile': 'write', ...HELP },
      operands: 'path',
      gtfobins: ['file-read'],
    },
    'base58 ascii85 basez base16 base32plain base32hex base64plain base64url base64mime base64pem': listed(),
    uuencode: {
      effects: 'read',
      worst: 'read',
      known: '-me',
      operands: ['read path', 'word'],
      gtfobins: ['file-read'],
    },
    uudecode: {
      effects: 'write',
      worst: 'write',
      known: '-cims',
      options: { '-o=': written },
      operands: 'read path',
      gtfobins: ['file-read', 'file-write'],
    },
    'figlet toilet lolcat fortune banner units': 'read',
    'cowsay cowthink': {
      effects: 'read',
      worst: 'escape',
      known: '-bdgpstwynlh -e= -T= -W=',
      // A cow file is a Perl program.
      options: { '-f=': 'escape' },
      gtfobins: ['shell'],
    },

    // Comparing and patching
    'diff colordiff zdiff bzdiff xzdiff cmp zcmp bzcmp xzcmp zstdcmp dirdiff icdiff diffstat': listed(
      '-#  -abBcdeEfHilnNpqrstTuvwyZ -C= -D= -F= -I= -L= -S= -U= -W= -x= -X= -n= --label= --context=? --unified=? --exclude= --exclude-from= --ignore-matching-lines= --show-function-line= --ifdef= --starting-file= --from-file= --to-file= --color=? --palette= --width= --tabsize= --horizon-lines= --line-format= --old-line-format= --new-line-format= --unchanged-line-format= --old-group-format= --new-group-format= --changed-group-format= --unchanged-group-format= --bytes= --ignore-initial= --print-bytes --verbose --brief --recursive --side-by-side',
    ),
    diff3: {
      effects: 'read',
      worst: 'escape',
      known:
        '-AaeEimTvxX3 -L= --label= --show-all --ed --show-overlap --easy-only --text --merge --initial-tab --strip-trailing-cr --overlap-only',
      options: { '--diff-program=': 'escape', ...HELP },
      operands: 'path',
    },
    sdiff: {
      effects: 'read',
      worst: 'escape',
      known:
        '-abBdEHilstvWwZ -I= -w= --width= --ignore-matching-lines= --tabsize= --suppress-common-lines --left-column --expand-tabs --ignore-all-space --ignore-blank-lines --ignore-case --ignore-space-change --ignore-tab-expansion --ignore-trailing-space --minimal --speed-large-files --strip-trailing-cr --text',
      // With -o it asks what to keep, and may start an editor.
      options: { '-o= --output=': { argument: written, adds: 'escape' }, '--diff-program=': 'escape', ...HELP },
      operands: 'path',
    },
    'wdiff dwdiff': {
      effects: 'read',
      worst: 'escape',
      known:
        '-123Cdchinpsty -w= -x= -y= -z= --no-deleted --no-inserted --no-common --ignore-case --statistics --terminal',
      options: { '-l --less-mode -a --auto-pager': 'escape', ...HELP },
      operands: 'path',
    },
    patch: {
      effects: 'write',
      worst: 'escape write',
      known:
        '-bcEflnNRstTuZ -p= -F= -V= -Y= -z= -B= -D= --strip= --fuzz= --backup --backup-if-mismatch --no-backup-if-mismatch --binary --context --unified --normal --remove-empty-files --force --batch --forward --reverse --silent --quiet --ignore-whitespace --ifdef= --merge=? --posix --quoting-style= --read-only= --reject-format= --set-time --set-utc --suffix= --prefix= --basename-prefix= --version-control= --verbose --debug= -x= --follow-symlinks',
      options: {
        '-i= --input=': 'read path',
        '-o= --output= -r= --reject-file=': written,
        '-d= --directory=': 'path',
        '--dry-run': { sets: 'read' },
        // An ed script is handed to ed; -g fetches files through a version control command.
        '-e --ed -g= --get=': 'escape',
        ...HELP,
        '-v': { sets: 'read' },
      },
      operands: ['write path', 'read path'],
    },

    // Structured text
    'jq gojq jaq': {
      effects: 'read',
      worst: 'read',
      known:
        '-acCehjMnrRsSV --arg== --argjson== --slurpfile== --rawfile== --argfile== --args --jsonargs --ascii-output --binary --build-configuration --color-output --compact-output --exit-status --indent= --join-output --monochrome-output --null-input --raw-input --raw-output --raw-output0 --seq --slurp --sort-keys --stream --stream-errors --tab --unbuffered -L= --yaml-input --yaml-output',
      options: { '-f --from-file': { operands: 'path' } },
      operands: ['word', 'path'],
      gtfobins: ['file-read'],
    },
    'yq xq tomlq': {
      effects: 'read',
      worst: 'escape write',
      known:
        '-0acCeEhjMnNPrRsSvVyYxt -I= -o= -p= -w= --arg== --argjson== --args --colors --no-colors --csv-auto-parse --csv-separator= --exit-status --expression= --front-matter= --header-preprocess --indent= --input-format= --output-format= --lua-globals --no-doc --nul-output --null-input --prettyPrint --unwrapScalar=? --verbose --yaml-output --yaml-roundtrip --width= --raw-output --slurp --compact-output --join-output --sort-keys --tojson --xml-attribute-prefix= --string-interpolation',
      options: {
        '-i --inplace --in-place': 'write',
        '-s= --split-exp=': 'write',
        '--from-file= --split-exp-file=': 'path',
        '--security-enable-system-operator': 'escape',
        ...HELP,
      },
      operands: ['word', 'path'],
    },
    'gron jo json_pp jsonlint json_verify json_reformat jtbl xml2 2xml html2text': reader(),
    fx: 'escape',
    xmllint: {
      effects: 'read',
      worst: 'read write transfer',
      known:
        '--auto --c14n --c14n11 --exc-c14n --catalogs --nocatalogs --chkregister --compress --copy --debug --debugent --dropdtd --encode= --format --help --html --htmlout --huge --maxmem= --memory --noblanks --nocdata --nocompact --nodefdtd --nodict --noenc --nonet --noout --nowarning --nowrap --nsclean --oldxml10 --pattern= --pedantic --pretty= --push --quiet --recover --repeat --sax --sax1 --stream --testIO --load-trace --timing --version --walker --xmlout --xpath= --xmlns',
      options: {
        '--output= -o=': written,
        '--schema= --relaxng= --schematron= --dtdvalid= --dtdvalidfpi= --path=': URL_OR_PATH,
        // The document then says what else is loaded, from the network too.
        '--noent --valid --postvalid --insert --loaddtd --dtdattr --xinclude --noxinclude': 'transfer',
        '--shell': 'read write',
      },
      operands: URL_OR_PATH,
    },
    xsltproc: { effects: 'read write transfer', worst: 'read write transfer', operands: URL_OR_PATH },
    'xmlstarlet xml': {
      effects: 'read',
      options: HELP,
      known: '-q --doc-namespace --no-doc-namespace',
      subcommands: {
        'sel select el elements val validate fo format esc escape unesc unescape ls list c14n canonic pyx p2x depyx': [
          'read',
          'path',
        ],
        'ed edit': {
          effects: 'read',
          worst: 'read write',
          options: { '-L --inplace': 'write' },
          operands: 'path',
        },
        'tr transform': ['read write transfer', 'path'],
      },
    },
    'xmlcatalog tidy': { effects: 'write', worst: 'write', operands: 'path' },
    'csvcut csvgrep csvlook csvstat csvjson csvsort csvstack csvjoin csvformat xsv qsv': reader(),
    csvtool: {
      effects: 'read',
      subcommands: {
        'col namedcol width height head drop take cat join square sub replace transpose format readable': [
          'read',
          'path',
        ],
        'setrows setcolumns pastecol paste trim': ['read', 'path'],
        call: 'escape',
      },
      known: '-t= -u= -o=',
      gtfobins: ['shell', 'file-read', 'file-write'],
    },
    // Its language has system() and exec(), and verbs that write files.
    'mlr miller': 'escape write',
    datamash: { effects: 'read', worst: 'read', gtfobins: ['file-read'] },
    bc: { effects: 'read', worst: 'read', known: '-hiclqswv', operands: 'path', gtfobins: ['file-read'] },
    // `!` runs a command, and a string that is computed can hold one.
    dc: { effects: 'escape', worst: 'escape', options: HELP, gtfobins: ['file-read', 'shell'] },

    // Finding files, and running a command for each
    'find gfind': {
      effects: 'read',
      worst: 'escape destroy write',
      syntax: 'single-dash',
      known: FIND_TESTS,
      options: {
        '-exec= -execdir= -ok= -okdir=': executed,
        '-delete': 'destroy',
        '-fprint= -fprint0= -fls=': written,
        // The file, and then the format.
        '-fprintf==': { argument: written },
        '-files0-from=': 'path',
      },
      // A `;` or `+` that is left over: the command of -exec went on after the first `+`, which did not follow `{}`.
      operands: {
        patterns: {
          '(': 'word',
          ')': 'word',
          '!': 'word',
          ',': 'word',
          ';': { effects: 'escape opaque' },
          '+': { effects: 'escape opaque' },
          '{}': { effects: 'escape opaque' },
          '*': 'path',
        },
      },
      gtfobins: ['shell', 'command', 'file-read', 'file-write'],
    },
    'fd fdfind': {
      effects: 'read',
      worst: 'escape',
      known:
        '-0aEFghHiIjLlpqsuVv1 -c= -d= -e= -E= -j= -o= -S= -t= --absolute-path --and= --base-directory= --batch-size= --case-sensitive --changed-after= --changed-before= --changed-within= --newer= --older= --color= --exact-depth= --exclude= --extension= --fixed-strings --follow --format= --full-path --glob --hidden --hyperlink=? --ignore-case --ignore-file= --list-details --literal --max-buffer-time= --max-depth= --maxdepth= --max-results= --min-depth= --no-follow --no-hidden --no-ignore --no-ignore-parent --no-ignore-vcs --one-file-system --owner= --path-separator= --print0 --prune --quiet --regex --relative-path --rg-alias-hidden-ignore --search-path= --show-errors --size= --strip-cwd-prefix=? --threads= --type= --unrestricted --gen-completions=?',
      options: {
        '-x= --exec= -X= --exec-batch=': { is: 'command', until: [';'], placeholder: '{}', more: true },
        ...HELP,
      },
      operands: ['word', 'path'],
    },
    xargs: {
      effects: 'read',
      syntax: 'posix',
      known:
        '-0oprtx --null --open-tty --interactive --no-run-if-empty --verbose --exit --show-limits -d= -E= -e=? -L= -l=? -n= -P= -s= --delimiter= --eof=? --max-lines=? --max-args= --max-procs= --max-chars=',
      options: {
        '-a= --arg-file=': 'read path',
        '--process-slot-var=': 'code variable',
        '-I=': { argument: 'placeholder', operands: 'command' },
        '-i=? --replace=?': { argument: 'placeholder', operands: { is: 'command', placeholder: '{}', more: true } },
        ...HELP,
      },
      operands: { is: 'command', more: true },
      gtfobins: ['shell', 'command', 'file-read'],
    },
    // `{= … =}` anywhere in the command is Perl, profiles and the environment add options, and lines of the input are
    // commands when none is given; so it is an escape, over what its command is seen to do.
    parallel: {
      effects: 'escape',
      syntax: 'posix',
      known:
        '-0kmqrtvuX --null --keep-order --xargs --quote --no-run-if-empty --verbose --dry-run --dryrun --bar --eta --progress --gnu --group --ungroup --line-buffer --lb --pipe --pipepart --silent --plus --linebuffer --no-notice --will-cite --citation --fg --halt= --halt-on-error= -j= -P= --jobs= --max-procs= -N= -n= -L= --max-args= --max-lines= --max-replace-args= --timeout= --retries= --delay= --load= --memfree= --nice= -C= --colsep= --header= -d= --delimiter= --arg-sep= --arg-file-sep= --wd= --workdir= --env= --tag --tagstring= --shuf --block= --block-size= --recstart= --recend= --round-robin --ctrlc --tty --semaphore --resume --resume-failed --retry-failed -i=? -I= --replace=? --rpl= -U=',
      options: {
        '-a= --arg-file= ::::= --slf= --sshloginfile= --basefile= --bf=': 'read path',
        '--joblog= --results= --tmpdir=': written,
        '-S= --sshlogin= --transferfile= --return= --trc= --transfer --cleanup --onall --nonall': 'transfer',
        '--tmux --tmuxpane --shebang --shebang-wrap --parset= --sql= --sqlmaster= --sqlworker= --filter=': 'escape',
        ...HELP,
      },
      operands: [
        {
          patterns: {
            ':::*': { effects: 'opaque' },
            '*': {
              is: 'joined shell',
              until: [':::', '::::', ':::+', '::::+', '--'],
              placeholder: '{}',
              more: true,
            },
          },
        },
        'word',
      ],
      bare: 'opaque',
      stdin: 'shell',
    },
    tree: {
      effects: 'read',
      worst: 'read write',
      known:
        '-aACcDdFfghiJlNnpqQrSstuUvxXQ -L= -P= -I= -T= -H= --charset= --compress= --device --dirsfirst --du --filelimit= --filesfirst --fromfile --fromtabfile --gitignore --gitfile= --ignore-case --info --infofile= --inodes --matchdirs --metafirst --nolinks --noreport --prune --si --sort= --timefmt= --hintro= --houtro=',
      options: { '-o=': written, '-R': 'write', ...HELP },
      operands: 'path',
    },
    'exa eza lsd': reader(),
    fzf: {
      effects: 'read',
      worst: 'escape',
      known:
        '-0123ehimqx -d= -n= -q= -f= --query= --filter= --multi --no-sort --reverse --height= --layout= --border=? --ansi --prompt= --header= --delimiter= --nth= --with-nth= --exact --select-1 --exit-0 --print0 --read0 --no-mouse --cycle --tac --tiebreak= --info=',
      options: { '--preview= --bind= --listen=? --with-shell= --become= --tmux=?': 'escape', ...HELP },
      gtfobins: ['shell', 'command'],
    },

    // Pagers and manuals: `!` starts a shell, `v` an editor
    'less most lv': {
      effects: 'escape',
      worst: 'escape write',
      known: '-#  -aAcCdeEfFgGiIJKLmMnNqQrRsSuUwWX~ --*',
      options: {
        '-o= -O= --log-file= --LOG-FILE=': written,
        '-k= --lesskey-file= --lesskey-src= --lesskey-content=': 'escape',
        '-b= -h= -j= -p= -P= -t= -T= -x= -y= -z= -D=': 'word',
        '+*': 'code less',
        '--help --version -V': { sets: 'read' },
      },
      operands: 'path',
      gtfobins: ['shell', 'command', 'file-read', 'file-write'],
    },
    'zless zmore bzless bzmore xzless xzmore lzless lzmore zstdless lesspipe lessfile pager sensible-pager moar ov': [
      'escape',
      'path',
    ],
    'bat batcat': {
      effects: 'escape',
      worst: 'escape',
      known:
        '-AdfhLnpSsuV -H= -l= -m= -r= --language= --highlight-line= --line-range= --style= --theme= --color= --decorations= --italic-text= --map-syntax= --tabs= --terminal-width= --wrap= --file-name= --number --plain --show-all --squeeze-blank --diff --force-colorization',
      options: {
        '-P': { sets: 'read' },
        '--paging= --pager=': 'escape',
        '--list-languages --list-themes --config-file --config-dir --cache-dir --diagnostic': { sets: 'read' },
        ...HELP,
      },
      operands: 'path',
      gtfobins: ['shell', 'command', 'file-read'],
    },
    man: {
      effects: 'escape',
      worst: 'escape write',
      known: '-aDdiIuZ -e= -s= -S= -L= -m= -M= -r= -R= -E= -p= -T=? -X=? -t -c -l -K -7 -5 -g -G',
      options: {
        '-k -f -w -W --apropos --whatis --where --path --location --where-cat --location-cat': { sets: 'read' },
        // The pager is what makes it an escape; where it is named here, that is what counts.
        '-P= --pager=': { sets: 'read', argument: 'shell' },
        '-C= --config-file=': 'escape',
        '-H=? --html=? -T=? --troff-device=? -X=? --gxditview=? -p= --preprocessor=': 'escape',
        '--help --version --usage -V -h -?': { sets: 'read' },
      },
      gtfobins: ['shell', 'command', 'file-read'],
    },
    'apropos whatis manpath lexgrog zwhatis': 'read',
    'mandb catman makewhatis': 'write',
    'info pinfo ginfo yelp': 'escape',
    'tldr tealdeer cheat': 'read transfer',

    // Formatting
    'soelim zsoelim tbl preconv grotty': listed('-CrtVv -I=? -e= -dv'),
    eqn: listed('-CNrRv -d= -D -f= -m= -M= -p= -s= -T='),
    // Unsafe mode lets a document run commands.
    'troff nroff groff pic gtroff gpic': {
      effects: 'read',
      worst: 'escape',
      known: '-abcCeEghijkNnopRsStvXzZ -d= -D= -f= -F= -I= -K= -m= -M= -n= -o= -P= -r= -T= -w= -W= --help --version -i',
      options: { '-U -l -L= -V': 'escape' },
      operands: 'path',
      gtfobins: ['shell', 'file-read'],
    },
    'par spell': reader(),
    aspell: {
      effects: 'read write',
      gtfobins: ['file-read'],
      subcommands: {
        'check -c': ['read write', 'path'],
        'list pipe -a dicts dump config soundslike munch expand filter modes filters usage help version': 'read',
        'create merge conv norm clean': 'write',
      },
      worst: 'read write',
    },
    'ispell hunspell': { effects: 'escape write', worst: 'escape write', operands: 'path', gtfobins: ['shell'] },
    highlight: {
      effects: 'read',
      worst: 'escape write',
      known:
        '-aEFGHIJjklmnPQqRrstTuUVvwWxyzZ -S= -O= -i= -s= --syntax= --out-format= --style= --input= --line-numbers --stdout --force --no-doc',
      options: { '-o= --output= -d= --outdir= -c= --style-outfile=': written, '--plug-in=': 'escape', ...HELP },
      operands: 'path',
      gtfobins: ['file-read'],
    },
    pygmentize: {
      effects: 'read',
      worst: 'escape write',
      known: '-gNv -l= -f= -F= -O= -P= -S= -a= -L -H= -C --json -s',
      options: { '-o=': written, '-x': 'escape', ...HELP },
      operands: 'path',
      gtfobins: ['shell', 'file-read'],
    },
    'enscript a2ps': {
      effects: 'write transfer',
      worst: 'escape write transfer',
      options: { '-I= --filter=': 'escape', '-o= -p= --output=': written, '-d= -P= --printer=': 'word' },
      operands: 'read path',
      gtfobins: ['shell', 'file-read'],
    },
    'msgattrib msgcat msgconv msgmerge msguniq msgcmp msgcomm msgen msgfmt msggrep msginit msgunfmt xgettext': {
      effects: 'read',
      worst: 'read write',
      known:
        '-cefFhinpPsTuUvVwC -D= -f= -t= -w= -N= -K= -M= -T= -l= -k= -L= --directory= --files-from= --width= --no-wrap --sort-output --strict --to-code= --untranslated --translated --no-obsolete',
      options: { '-o= --output-file= --output-dir= -U --update --java --csharp --tcl --desktop': 'write', ...HELP },
      operands: 'path',
      gtfobins: ['file-read'],
    },
    msgfilter: { effects: 'escape write', worst: 'escape write', options: HELP, gtfobins: ['shell', 'file-read'] },
    msgexec: 'escape',

    // moreutils and others that stand in pipes
    sponge: {
      effects: 'write',
      worst: 'destroy',
      options: { '-a': { operands: 'write path' } },
      operands: 'destroy path',
    },
    'vipe vidir': ['escape write', 'path'],
    combine: 'read',
    pee: { effects: 'read', operands: 'shell' },
    mispipe: { effects: 'read', operands: 'shell' },
    zrun: { effects: 'read', syntax: 'posix', operands: 'command' },
    lckdo: { effects: 'write', syntax: 'posix', known: '-weEq -t= -s -x -W=', operands: ['path', 'command'] },
    jc: {
      effects: 'read',
      syntax: 'posix',
      known: '-adhmpqruvyBCM',
      options: { '--*': 'word' },
      operands: 'command',
    },
    grc: {
      effects: 'read',
      syntax: 'posix',
      known: '-es -c= --config= --colour= --color= --stderr --stdout --pty',
      options: HELP,
      operands: 'command',
      gtfobins: ['shell'],
    },
    pv: {
      effects: 'read',
      worst: 'read write',
      known:
        '-0abceEfhIklnpqQrsStTvVWy -A= -B= -D= -H= -i= -L= -N= -s= -w= -d= -R= -m= --interval= --rate-limit= --size= --name= --format= --watchfd= --remote= --width= --height=',
      options: { '-o= --output=': written, '-P= --pidfile=': written, ...HELP },
      operands: 'path',
    },
    mbuffer: 'read write transfer',
    tailf: reader('-n= -#'),
  },
} satisfies Family
