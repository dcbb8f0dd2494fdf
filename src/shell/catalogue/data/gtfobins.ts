/**
 * What GTFOBins lists and no other family has: servers started by hand, typesetting, media, monitoring plugins, toys.
 * None of them is meant to run commands, and each can be made to run one, or to read or write a file with the rights
 * it is given.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const
const written: Role = { patterns: { '/dev/*': 'destroy path', '*': 'write path' } }
const reader: LongEntry = { effects: 'read', worst: 'read', operands: 'path', gtfobins: ['file-read'] }

/** A monitoring plugin: asks a service, and tells how it is. */
const plugin = (effects: 'read' | 'transfer' = 'transfer'): LongEntry => ({
  effects,
  worst: effects,
  options: { '--help --version -V': { sets: 'read' } },
})

export const gtfobins = {
  name: 'gtfobins',
  sources: [
    'https://gtfobins.github.io',
    'nginx 1.22, Apache httpd 2.4, certbot 2.1, exiftool 12, pandoc 2.17, Mercurial 6.3 manual pages',
    'Monitoring Plugins 2.3 --help',
  ],
  commands: {
    // Servers and their control programs
    // On Red Hat's systems Apache, on BusyBox another server whose -v and -h are not these.
    'thttpd mini_httpd webfs darkhttpd privoxy': {
      effects: 'escape transfer',
      worst: 'escape transfer write',
      options: { '--help --version -v -V': { sets: 'read' } },
    },
    'rabbitmq-server nats-server emqx': {
      effects: 'transfer',
      worst: 'escape transfer write',
      options: { '-c= --config=': 'escape' },
      gtfobins: ['file-read'],
    },
    'rasterisk freeswitch': {
      effects: 'escape',
      worst: 'escape',
      options: { '-V --version -h': { sets: 'read' } },
      gtfobins: ['shell'],
    },
    redis: { effects: 'escape write', worst: 'escape write destroy transfer', gtfobins: ['file-write', 'shell'] },

    // Version control, configuration, certificates
    'mercurial chg': {
      effects: 'read',
      known:
        '-qvy -R= --repository= --cwd= --noninteractive --quiet --verbose --color= --traceback --time --profile --encoding= --hidden --pager=',
      options: {
        // Sets hooks, aliases, the remote shell.
        '--config=': 'escape',
        '--debugger': 'escape',
        '--help --version -h': { sets: 'read' },
      },
      gtfobins: ['shell', 'command'],
      subcommands: {
        'status st log history diff cat annotate blame branches branch tags heads identify id parents paths root summary sum verify version help manifest files locate grep bookmarks phase tip':
          {
            effects: 'read',
            worst: 'escape',
            known:
              '-#  -aAbcdefgGhiklmMnopqrRsStuUvwxXyZ -r= -l= -p= -T= --rev= --limit= --template= --stat --graph --patch --git --all --branch= --user= --date= --keyword= --follow --no-merges --style= --removed --copies --include= --exclude=',
            options: { '--config= --tool=': 'escape', '-o= --output=': written },
          },
        'add addremove commit ci copy cp mv rename init import update up checkout co merge rebase graft backout resolve tag bookmark shelve unshelve amend uncommit histedit bisect phases archive export bundle unbundle revert':
          'write escape',
        'remove rm forget strip purge rollback': 'destroy',
        'push pull clone incoming in outgoing out serve': 'transfer write escape',
        '*': 'write escape transfer destroy',
      },
    },
    cdist: { effects: 'escape transfer', worst: 'escape transfer', gtfobins: ['shell'] },
    'certbot-auto letsencrypt': {
      effects: 'read',
      gtfobins: ['shell'],
      globalOptions: true,
      known:
        '-n -q -v -d= --domain= --domains= --cert-name= --agree-tos -m= --email= --noninteractive --non-interactive --quiet --verbose --dry-run --test-cert --staging --force-renewal --no-eff-email --register-unsafely-without-email --standalone --webroot -w= --webroot-path= --nginx --apache --manual --preferred-challenges= --key-type= --expand --keep-until-expiring --http-01-port= --dns-*',
      options: {
        '--pre-hook= --post-hook= --deploy-hook= --renew-hook= --manual-auth-hook= --manual-cleanup-hook= -c= --config= --server= --config-dir= --work-dir= --logs-dir= --csr=':
          'escape',
        '-h --help --version': { sets: 'read' },
      },
      subcommands: {
        'certificates show_account plugins': 'read',
        'run certonly renew register update_account enhance install reconfigure rollback': 'transfer write',
        'revoke unregister': 'transfer destroy',
        delete: 'destroy',
      },
    },
    'apport-cli apport-bug apport-collect ubuntu-bug reportbug': {
      effects: 'escape transfer',
      worst: 'escape transfer',
      gtfobins: ['shell'],
    },

    // Tracing
    pexec: {
      effects: 'escape',
      worst: 'escape',
      syntax: 'posix',
      options: HELP,
      operands: 'command',
      gtfobins: ['shell'],
    },
    plymouth: {
      effects: 'read',
      known: '--debug --ping --has-active-vt --get-splash-plugin-path',
      options: { '--quit --wait': 'write', '--help': { sets: 'read' } },
      gtfobins: ['shell'],
      subcommands: { 'ask-for-password ask-question watch-keystroke': 'escape', '*': 'write' },
    },

    // Monitoring plugins
    check_logfiles: {
      ...plugin('read'),
      gtfobins: ['file-read'],
    },
    'check_mem check_cpu': plugin('read'),
    'check_dig check_ntp_peer check_mysql_query check_nt check_fping check_host check_jabber check_real check_rpc check_radius check_time check_game check_hpjd check_ircd check_wave check_oracle check_disk_smb':
      plugin(),

    // Security tools
    'nxc impacket-secretsdump burpsuite zaproxy': {
      effects: 'escape transfer write',
      worst: 'escape transfer write',
      gtfobins: ['shell'],
    },

    // Typesetting: \write18 and backticks run commands
    'tex latex pdftex pdflatex xetex xelatex luatex lualatex etex eplatex platex uplatex context latexmk lilypond texi2dvi texi2pdf mptopdf mf mpost bibtex biber makeindex':
      {
        effects: 'escape write',
        worst: 'escape write',
        options: HELP,
        operands: 'path',
        gtfobins: ['shell', 'file-read', 'file-write'],
      },
    'dvips dvipdf dvipdfm dvipdfmx xdvi': {
      effects: 'escape write',
      worst: 'escape write',
      options: HELP,
      operands: 'path',
      gtfobins: ['shell'],
    },
    'gs ghostscript ps2pdf pdf2ps ps2ps eps2eps': { effects: 'escape write', worst: 'escape write', operands: 'path' },
    pandoc: {
      effects: 'read',
      worst: 'escape write transfer',
      known:
        '-sNSp -f= -r= -t= -w= -V= -M= -m= --from= --to= --standalone --toc --table-of-contents --wrap= --columns= --number-sections --mathjax=? --metadata= --variable= --shift-heading-level-by= --ascii --list-input-formats --list-output-formats --list-extensions=? --highlight-style= --toc-depth= --citeproc',
      options: {
        '-o= --output= --extract-media= --log=': written,
        '-F= -L= --filter= --lua-filter= --pdf-engine= --pdf-engine-opt= -d= --defaults= --data-dir=': 'escape',
        '--template= -H= -B= -A= --css= -c= --include-in-header= --bibliography= --csl=': 'path',
        '-v -h --version --help': { sets: 'read' },
      },
      operands: { patterns: { '*://*': 'transfer url', '*': 'read path' } },
      gtfobins: ['shell', 'file-read', 'file-write'],
    },
    qpdf: {
      effects: 'read',
      worst: 'read write',
      syntax: 'single-dash',
      known: '--*',
      options: {
        '--check --show-* --is-encrypted --requires-password --list-attachments --json* --help --version --check-linearization --with-images --raw-stream-data':
          { operands: 'path' },
        '--replace-input --split-pages=?': 'write',
        '@*': 'opaque',
      },
      operands: ['read path', written],
      gtfobins: ['file-read', 'file-write'],
    },
    'pdfinfo pdffonts pdfimages pdftotext pdftoppm pdftops pdftocairo pdfseparate pdfunite pdftk mutool mupdf evince okular zathura xpdf atril':
      { effects: 'escape write', worst: 'escape write', options: HELP, operands: 'path', gtfobins: ['shell'] },

    // Media
    exiftool: {
      effects: 'read',
      worst: 'escape write',
      syntax: 'single-dash',
      known:
        '-a -b -B -c= -csv -d= -D -e -ee* -ext= -f -fast* -g* -G* -h -H -i= -j -json -k -l -L -m -n -q -r -R -s* -S -sort -t -T -u -U -v* -x= -X -ver -list* --*',
      options: {
        // All that is left is a tag: `-Model` shows it, `-Model=x` and `-a<b` set it.
        '-*': { patterns: { '*[<>=]*': { effects: 'write' }, '*': 'word' } },
        // Perl
        '-if* -config= -p= -api* -execute* -use= -userParam*': 'escape',
        '-@=': 'opaque',
        '-o= -w* -W* -overwrite_original* -delete_original* -restore_original -tagsFromFile= -TagsFromFile= -geotag= -srcfile= -all= -stay_open=':
          'write',
      },
      operands: 'path',
      gtfobins: ['file-read', 'file-write'],
    },
    'ffmpeg ffplay avconv': {
      effects: 'write transfer',
      worst: 'write transfer escape',
      options: { '-version -h -help -formats -codecs -encoders -decoders -filters -buildconf': { sets: 'read' } },
      syntax: 'single-dash',
      known: '-*',
      gtfobins: ['file-read', 'file-write', 'library-load'],
    },
    'ffprobe mediainfo avprobe': {
      effects: 'read',
      worst: 'read',
      operands: { patterns: { '*://*': 'transfer url', '*': 'path' } },
    },
    // Formats such as msl: and pipes in file names, delegates that are commands.
    'convert magick mogrify composite montage gm display animate import conjure stream': {
      effects: 'escape write transfer',
      worst: 'escape write transfer',
      operands: 'path',
    },
    identify: {
      effects: 'read',
      worst: 'escape read',
      operands: {
        patterns: { '*:*': { is: 'path', effects: 'escape transfer' }, '[|@]*': { effects: 'escape' }, '*': 'path' },
      },
    },
    'gimp gimp-console inkscape blender libreoffice soffice localc lowriter unoconv': {
      effects: 'escape write',
      worst: 'escape write',
      options: HELP,
      gtfobins: ['shell', 'file-read'],
    },
    gnuplot: {
      effects: 'escape',
      worst: 'escape',
      options: { '--version --help': { sets: 'read' }, '-e=': 'code other' },
      operands: 'script',
      gtfobins: ['shell', 'command', 'file-read'],
    },
    'espeak espeak-ng festival flite': {
      effects: 'read',
      worst: 'read write',
      options: { '-f=': 'read path', '-w= --phonout=': written, '--compile=?': 'write' },
      gtfobins: ['file-read'],
    },
    scrot: {
      effects: 'write',
      worst: 'escape write',
      known: '-abcfhimopsuvz -d= -q= -t= -D= -n= -l= -w=',
      options: { '-e= --exec=': 'shell', '-F= --file=': written, ...HELP },
      operands: 'write path',
      gtfobins: ['shell', 'command', 'file-write'],
    },

    // Desktop
    'xdotool ydotool wtype wmctrl xte': { effects: 'escape', worst: 'escape', gtfobins: ['shell'] },
    'xmodmap xmore atobm xkbcomp xrdb': reader,
    'xclip xsel wl-copy wl-paste xwininfo xprop xrandr xdpyinfo': 'read',
    'xhost xauth': 'privilege',
    dosbox: { effects: 'escape write', worst: 'escape write', gtfobins: ['file-read', 'file-write', 'shell'] },
    'qemu-x86_64-static wine wine64 box64': { effects: 'escape privilege', worst: 'escape privilege', options: HELP },

    // Toys and small things
    pfetch: {
      effects: 'read',
      worst: 'escape read',
      // A configuration is a shell script, or names commands.
      options: { '--config= --load-config= -c= --source=': 'escape', ...HELP },
      gtfobins: ['shell', 'file-read'],
    },
    zic: {
      effects: 'write',
      worst: 'write',
      options: HELP,
      known: '-sv -b= -l= -p= -t= -L= -r= -R=',
      operands: 'read path',
      gtfobins: ['file-read'],
    },
    zdump: ['read', 'path'],
    'phoronix-test-suite': 'write',
  },
} satisfies Family
