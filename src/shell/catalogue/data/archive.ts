/**
 * Archives, compression and backup. Listing and testing is `read`; packing and unpacking is `write`; what removes the
 * originals or prunes a repository is `destroy`. Several archivers run a program at a word's notice: `tar -I`,
 * `--to-command`, `--checkpoint-action`, `zip -TT`, a remote shell for `host:file`.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const
const written: Role = { patterns: { '/dev/*': 'destroy path', '*': 'write path' } }

/** The archive of tar and cpio: `host:file` goes through a remote shell, a tape or a disk is overwritten. */
const archiveName: Role = {
  patterns: {
    '*:*': { is: 'transfer host', effects: 'escape' },
    '/dev/*': 'path',
    '*': 'path',
  },
}

/** Compressors that replace the file: undone by their counterpart. With -c or without a file they are filters. */
const compressor = (known = ''): LongEntry => ({
  effects: 'read',
  worst: 'read write destroy',
  known: `-#  -fkqvnNrze ${known} --force --keep --quiet --verbose --no-name --name --recursive --fast --best --rsyncable --synchronous`,
  options: {
    '-c --stdout --to-stdout -l --list -t --test': { operands: 'path' },
    '--rm': 'destroy',
    '--help --version -V -L -h': { sets: 'read' },
  },
  operands: 'write path',
  gtfobins: ['file-read'],
})

export const archive = {
  name: 'archive',
  sources: [
    'GNU tar 1.34, cpio 2.13, Info-ZIP 3.0, gzip 1.12, bzip2 1.0.8, xz 5.4, zstd 1.5, 7-Zip 22, binutils 2.40 manual pages',
    'borg 1.2, restic 0.14 documentation',
    'BusyBox 1.35 --help',
    'https://gtfobins.github.io',
  ],
  commands: {
    'tar gtar bsdtar': {
      effects: 'read',
      worst: 'escape write destroy',
      syntax: 'old',
      known:
        '-aBGhijJklmMnopPRSvwWyzZ -b= -H= -K= -L= -N= -V= --auto-compress --absolute-names --acls --no-acls --xattrs --no-xattrs --xattrs-include= --xattrs-exclude= --selinux --no-selinux --after-date= --newer= --newer-mtime= --anchored --no-anchored --atime-preserve=? --blocking-factor= --block-number --bzip2 --check-device --check-links --hole-detection= --no-check-device --checkpoint=? --clamp-mtime --compress --confirmation --interactive --delay-directory-restore --no-delay-directory-restore --dereference --hard-dereference --exclude= --exclude-backups --exclude-caches --exclude-caches-all --exclude-caches-under --exclude-ignore= --exclude-ignore-recursive= --exclude-tag= --exclude-tag-all= --exclude-tag-under= --exclude-vcs --exclude-vcs-ignores --force-local --format= --full-time --group= --gzip --gunzip --ungzip --uncompress --ignore-case --no-ignore-case --ignore-command-error --no-ignore-command-error --ignore-failed-read --ignore-zeros --incremental --index-file= --keep-directory-symlink --keep-newer-files --keep-old-files --label= --level= --lzip --lzma --lzop --mode= --mtime= --multi-volume --no-auto-compress --no-ignore-command-error --no-null --no-overwrite-dir --no-quote-chars= --no-recursion --recursion --no-same-owner --no-same-permissions --no-seek --seek --no-unquote --unquote --null --numeric-owner --occurrence=? --old-archive --portability --one-file-system --one-top-level=? --owner= --owner-map= --group-map= --pax-option= --posix --preserve-permissions --same-permissions --preserve-order --same-order --quote-chars= --quoting-style= --read-full-records --record-size= --restrict --same-owner --show-defaults --show-omitted-dirs --show-snapshot-field-ranges --show-transformed-names --show-stored-names --skip-old-files --sort= --sparse --sparse-version= --starting-file= --strip-components= --suffix= --backup=? --tape-length= --test-label --touch --totals=? --transform= --xform= --utc --verbatim-files-from --no-verbatim-files-from --verbose --verify --volno-file= --warning= --wildcards --no-wildcards --wildcards-match-slash --no-wildcards-match-slash --xz --zstd -0 -1 -2 -3 -4 -5 -6 -7 -8 -9 --add-file= --options= -s=',
      options: {
        '-t --list -d --diff --compare': {},
        '-c --create -x --extract --get -r --append -u --update -A --catenate --concatenate': 'write',
        '--delete --remove-files --recursive-unlink': 'destroy',
        '-U --unlink-first --overwrite --overwrite-dir': 'write',
        '-f= --file=': archiveName,
        '-C= --directory= -X= --exclude-from=': 'path',
        '-g= --listed-incremental=': written,
        // To standard output instead of into files; the letter x still counts as a write.
        '-O --to-stdout': {},
        // A line of the list that begins with a dash is read as an option.
        '-T= --files-from=': { argument: 'path', adds: 'opaque' },
        '-I= --use-compress-program=': 'shell',
        '--to-command=': 'shell',
        '-F= --info-script= --new-volume-script=': 'shell',
        '--checkpoint-action=': 'code tar-action',
        '--rsh-command= --rmt-command=': 'escape',
        '--help --usage --version -?': { sets: 'read' },
      },
      operands: 'read path',
      gtfobins: ['shell', 'command', 'file-read', 'file-write', 'upload', 'download'],
    },
    star: { effects: 'write', worst: 'escape write', operands: 'path' },
    'cpio bsdcpio': {
      effects: 'read',
      worst: 'escape write',
      known:
        '-0aAbBckLnrsSuvVmd -C= -E= -R= -D= -M= -H= --null --reset-access-time --append --block-size= --dereference --dot --format= --io-size= --make-directories --message= --no-absolute-filenames --absolute-filenames --no-preserve-owner --nonmatching -f --numeric-uid-gid --only-verify-crc --owner= --pattern-file= --preserve-modification-time --quiet --rename --sparse --swap --swap-bytes --swap-halfwords --unconditional --verbose --warning= --force-local --directory= --device-independent --reproducible --renumber-inodes --ignore-devno -l --link',
      options: {
        '-i --extract -p --pass-through': 'write',
        '-o --create -t --list --to-stdout': {},
        '-F= --file= -I= -O=': { argument: archiveName, adds: 'write' },
        '--rsh-command= --rmt-command=': 'escape',
        '--help --usage --version -?': { sets: 'read' },
      },
      operands: 'path',
      gtfobins: ['shell', 'file-read', 'file-write'],
    },
    'pax paxcpio paxtar': {
      effects: 'read',
      worst: 'write',
      known: '-acdHikLlnPtuvXYZDz0 -b= -B= -E= -G= -o= -p= -s= -T= -U= -x=',
      options: { '-r -w': 'write', '-f=': archiveName },
      operands: 'path',
      gtfobins: ['file-read'],
    },
    'mt-st rmt': {
      effects: 'write',
      worst: 'write destroy',
      known: '-f=',
      operands: { patterns: { 'stat*': 'word', '*': { effects: 'destroy' } } },
    },

    zip: {
      effects: 'write',
      worst: 'escape write destroy',
      known:
        '-#  -@ -AcDeFfgjJklLoqrRSuvwXyz -b= -n= -P= -s= -t= -x= -i= -Z= --recurse-paths --junk-paths --quiet --verbose --exclude= --include= --encrypt --password= --symlinks --freshen --update --grow --latest-time --no-dir-entries --fix --fixfix --split-size= --suffixes= --temp-path= --compression-method= --show-files --dot-size= --filesync --difference-archive',
      options: {
        '-m --move': 'destroy',
        '-d --delete': 'write',
        // -T tests with unzip, and -TT names another program to do it, of which %s or the end is the archive.
        '-T --test --unzip-command=': 'escape',
        '-O= --output-file= --logfile-path=': written,
        '-h --help --version --license --show-options --more-help': { sets: 'read' },
      },
      operands: [written, 'path'],
      gtfobins: ['shell', 'command', 'file-read'],
    },
    'zipnote zipcloak zipsplit': ['write', 'path'],
    unzip: {
      effects: 'read',
      worst: 'write destroy privilege',
      known: '-2aAbBCDEFfiIjJLMnNoqQsSuUVWXYz:^ -P= -x= -O= -I= -T',
      options: {
        '-l -v -t -p -c -Z -z -h': { operands: 'path' },
        '-d=': 'write path',
        // Restores setuid bits.
        '-K': 'privilege',
        '--help': { sets: 'read' },
      },
      operands: ['write path', 'path'],
      gtfobins: ['file-read', 'privilege-escalation'],
    },
    'zipinfo zipgrep funzip zipdetails lsar': ['read', 'path'],

    'gzip pigz compress bzip2 pbzip2 lbzip2 xz lzma pixz lz4 lzop lzip plzip zstd zstdmt brotli rzip lrzip snzip zopfli pbzip':
      {
        ...compressor(
          '-b= -d --decompress --uncompress --compress -z -p= -S= -T= -s -i -H -K -Y -R -a -C -9 -q -x -X -j -w= -g= -U -A --suffix= --threads=? --processes= --blocksize= --block-size= --extreme --format= --check= --memlimit= --memlimit-compress= --memory= --no-sparse --sparse --ultra --long=? --adaptive --single-thread --patch-from= --content-size --no-check --progress --no-progress --exclude-compressed --stream-size= --size-hint= --independent --best -B* -M= -D= --quality= --large_window= --ignore-check --robot --files=? --files0=? --single-stream --lzma1= --lzma2= --x86 --arm --delta=',
        ),
        options: {
          ...compressor().options,
          '-o= --output= -O= --output-dir-flat= --output-dir-mirror=': written,
          '--train*': 'write',
          '--filelist=': 'path',
        },
      },
    'gunzip unpigz uncompress bunzip2 unxz unlzma unlz4 unlzop unlzip unzstd unbrotli unrzip lrunzip pbunzip2': {
      ...compressor('-S= -p= -d -T= -M= -D= --suffix= --threads=? --decompress'),
      options: { ...compressor().options, '-o=': written },
    },
    'zcat gzcat bzcat xzcat lzcat lz4cat zstdcat lzopcat lzmadec xzdec lbzcat zlib-flate': {
      effects: 'read',
      worst: 'read',
      operands: 'path',
      gtfobins: ['file-read'],
    },
    lzmainfo: ['read', 'path'],
    'gzexe bzexe znew zforce bzip2recover': ['write', 'write path'],

    '7z 7za 7zr 7zz p7zip': {
      effects: 'read',
      worst: 'write destroy',
      syntax: 'single-dash',
      known: '-* --',
      options: { '-sdel': 'destroy', '--help -h': { sets: 'read' } },
      gtfobins: ['file-read'],
      globalOptions: true,
      subcommands: {
        'l t i h': ['read', 'path'],
        b: 'read',
        'a u rn d': { effects: 'write', worst: 'write destroy', operands: [written, 'path'] },
        'x e': ['write', 'path'],
      },
    },
    'rar unrar unrar-free unrar-nonfree': {
      effects: 'read',
      syntax: 'single-dash',
      known: '-*',
      options: { '-df -dr -dw': 'destroy' },
      globalOptions: true,
      subcommands: {
        'l* v* t p': ['read', 'path'],
        'a* c* ch f* i* k m* r* rc rn rr* rv* s* u*': {
          effects: 'write',
          worst: 'write destroy',
          operands: [written, 'path'],
        },
        'd x e': ['write', 'path'],
      },
    },
    'arj lha lzh zoo arc jlha': {
      effects: 'write',
      worst: 'write destroy',
      operands: 'path',
      gtfobins: ['file-read', 'file-write'],
    },
    'cabextract unar unace unace-nonfree dtrx unshield innoextract cab lcab lzx unadf msiextract': ['write', 'path'],
    'atool apack aunpack acat als adiff arepack patool bsdunzip': {
      effects: 'write',
      worst: 'escape write',
      options: HELP,
      operands: 'path',
    },
    'ar gcc-ar llvm-ar': {
      effects: 'read',
      worst: 'escape write',
      syntax: 'old',
      known: '-abcDfilNoOPsSTuUvV --target= --output= --thin --record-libdeps=',
      options: {
        '-t -p': {},
        '-d -m -q -r -x -s': 'write',
        '--plugin=': 'escape',
        '--help --version': { sets: 'read' },
      },
      operands: ['path', 'path'],
      gtfobins: ['file-read', 'file-write'],
    },
    jar: {
      effects: 'read',
      worst: 'escape write',
      syntax: 'old',
      known:
        '-vn0Mm -e= --verbose --no-compress --no-manifest --manifest= --main-class= --module-version= --release= --file= --describe-module -d',
      options: {
        '-t --list': {},
        '-c -x -u -i= --create --extract --update --generate-index=': 'write',
        '-J*': 'escape',
        '-f=': 'path',
        '-C=': 'path',
        '--help --version': { sets: 'read' },
      },
      operands: 'path',
    },
    jarsigner: {
      effects: 'write',
      worst: 'escape write',
      syntax: 'single-dash',
      options: { '-verify': { sets: 'read' }, '-keystore=': 'path' },
      operands: 'path',
    },

    // File system images
    unsquashfs: {
      effects: 'write',
      worst: 'write privilege',
      syntax: 'single-dash',
      known:
        '-f -force -n -no-progress -q -quiet -i -info -li -linfo -no -no-xattrs -x -xattrs -u -p= -processors= -da= -fr= -L= -max-depth= -strict-errors -ignore-errors',
      options: {
        '-l -ls -ll -lls -lln -llnumeric -llc -lc -s -stat -cat -mkfs-time -fstime -v -version -h -help --help': {
          sets: 'read',
        },
        '-d= -dest=': 'write path',
        '-e= -ef= -extract-file= -excf= -exc-file=': 'path',
      },
      operands: 'path',
      gtfobins: ['privilege-escalation'],
    },
    // Its pseudo files may be the output of a command.
    'mksquashfs sqfstar tar2sqfs gensquashfs': {
      effects: 'write',
      worst: 'escape write',
      options: {
        '-version -help --help --version': { sets: 'read' },
        '-p= -pf= -pd= -action= -af= -log-action=': 'escape',
      },
      syntax: 'single-dash',
      known:
        '-comp= -noappend -no-progress -quiet -b= -e -ef= -processors= -all-root -root-owned -no-xattrs -xattrs -info -Xcompression-level= -Xdict-size= -Xbcj= -mem= -wildcards -regex -keep-as-directory -no-exports -no-sparse -no-fragments -no-duplicates -always-use-fragments -no-recovery -nopad -force-uid= -force-gid= -mkfs-time= -all-time= -one-file-system',
      operands: 'path',
      last: written,
    },
    'genisoimage mkisofs': {
      effects: 'write',
      worst: 'write',
      syntax: 'single-dash',
      options: {
        '-o= -output=': written,
        '-version -help': { sets: 'read' },
        '-path-list= -sort= -m= -x= -b= -V=': 'path',
      },
      operands: 'path',
      gtfobins: ['file-read'],
    },
    'xorriso xorrisofs osirrox growisofs wodim cdrecord cdrdao': {
      effects: 'write',
      worst: 'escape write destroy',
      operands: 'path',
    },
    'isoinfo isovfy isodump': ['read', 'path'],
    'fuseiso archivemount ratarmount fuse-zip': ['write privilege', 'path'],

    // Shell archives are scripts
    shar: ['write', 'path'],
    unshar: 'escape opaque',
    makeself: ['escape write', 'path'],

    // Dumps and backups
    'dump.ext2': {
      effects: 'write',
      worst: 'escape write',
      known: '-#',
      options: { '-f=': archiveName, '-F=': 'escape' },
      operands: 'path',
    },
    'restore.ext2 rrestore rdump': {
      effects: 'write',
      worst: 'escape write',
      options: { '-i': 'escape', '-t': { sets: 'read' }, '-F=': 'escape', '-f=': archiveName },
      operands: 'path',
    },
    'borg borgmatic': {
      effects: 'read',
      worst: 'escape write destroy transfer',
      known:
        '-v -p --info --debug --verbose --progress --show-rc --critical --error --warning --lock-wait= --bypass-lock --log-json --umask= --show-version --iec',
      options: { '--rsh= --remote-path= --config=': 'escape', '-V --version -h --help': { sets: 'read' } },
      gtfobins: ['shell'],
      subcommands: {
        'list info diff check help benchmark': 'read transfer',
        'create init rcreate extract export-tar import-tar config key rename upgrade recreate break-lock compact serve transfer':
          'write transfer escape',
        'delete prune rdelete': 'write destroy transfer',
        'mount umount': 'write privilege',
        'with-lock': { effects: 'escape', syntax: 'posix', operands: ['word', 'command'] },
      },
    },
    restic: {
      effects: 'read',
      worst: 'escape write destroy transfer',
      known:
        '-q -v -r= --repo= --no-lock --no-cache --json --cache-dir= --cacert= --limit-download= --limit-upload= --retry-lock= --tls-client-cert= --verbose=? --quiet --compression= --pack-size= --insecure-tls --cleanup-cache --key-hint=',
      options: {
        '--password-command= -o= --option=': 'escape',
        '-p= --password-file= --repository-file=': 'path',
        '-h --help --version': { sets: 'read' },
      },
      globalOptions: true,
      gtfobins: ['shell', 'command', 'upload', 'download', 'file-read'],
      subcommands: {
        'snapshots ls find stats diff check cat list dump cache version help': 'read transfer',
        'backup restore init copy tag key migrate recover unlock rewrite repair self-update': 'write transfer',
        'forget prune': 'write destroy transfer',
        mount: 'write privilege',
      },
    },
    'duplicity duply rdiff-backup bup rsnapshot tarsnap kopia attic obnam zbackup dirvish backupninja duplicati-cli bacula-fd bconsole amdump amrecover bareos-bconsole burp urbackupclientctl':
      {
        effects: 'escape write transfer',
        worst: 'escape write destroy transfer',
        options: HELP,
        gtfobins: ['shell'],
      },
    'timeshift snapper': {
      effects: 'write',
      worst: 'write destroy privilege',
      options: { '--list --help --version': { sets: 'read' } },
      operands: {
        patterns: {
          list: 'word',
          'list-configs': 'word',
          status: 'word',
          diff: 'word',
          delete: { effects: 'destroy' },
          '*': 'word',
        },
      },
    },
  },
} satisfies Family
