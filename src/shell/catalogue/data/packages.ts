/**
 * Package managers of distributions and of languages. Installing from a configured repository is `write transfer`;
 * a package given as a file or URL brings maintainer scripts that nobody has read, so it is `opaque escape` as well,
 * and so is whatever runs a project's own build steps (pip, npm, gem). Removing is `destroy`. Dry runs count as the real
 * thing, because a later option can take them back (`-s --no-simulate`).
 */
import type { Family, LongEntry, Role } from '../schema.ts'

/** Where options may follow a subcommand, `--version` may be one of its own: nothing is taken back. */
const SHOWN = { '-h --help --version': {} } as const
const HELP = { '-h --help --version': { sets: 'read' } } as const
/** A package by its name, or a file or URL whose scripts run as root. */
const packageOrFile: Role = {
  patterns: {
    '*.deb': { is: 'package', effects: 'opaque escape' },
    '*.rpm': { is: 'package', effects: 'opaque escape' },
    '*.apk': { is: 'package', effects: 'opaque escape' },
    '*.pkg.tar*': { is: 'package', effects: 'opaque escape' },
    '*.snap': { is: 'package', effects: 'opaque escape' },
    '*.flatpak*': { is: 'package', effects: 'opaque escape' },
    '*.changes': { is: 'package', effects: 'opaque escape' },
    '*.dsc': { is: 'package', effects: 'opaque escape' },
    '/*': { is: 'package', effects: 'opaque escape' },
    './*': { is: 'package', effects: 'opaque escape' },
    '../*': { is: 'package', effects: 'opaque escape' },
    '*:/*': { is: 'package', effects: 'opaque escape' },
    '*': 'package',
  },
}
const installed: LongEntry = { effects: 'write transfer', worst: 'write transfer', operands: packageOrFile }
/** `-o Dir::Bin::…=` and `-c file` name programs and hooks. */
const APT_CONFIG = { '-o= --option= -c= --config-file=': 'escape' } as const
const APT_KNOWN =
  '-y -q=? -d -f -m -s -u -V -t= -a= -P= --yes --assume-yes --assume-no --quiet=? --simulate --dry-run --just-print --no-act --recon --show-upgraded --verbose-versions --default-release= --target-release= --host-architecture= --build-profiles= --installed --upgradable --upgradeable --manual-installed --all-versions --names-only --full --no-pager --color --no-color --no-install-recommends --install-recommends --install-suggests --no-install-suggests --only-upgrade --no-upgrade --reinstall --fix-broken --fix-missing --fix-policy --no-download --download-only --ignore-hold --ignore-missing --allow-downgrades --allow-remove-essential --allow-change-held-packages --force-yes --print-uris --list-cleanup --no-list-cleanup --no-remove --auto-remove --autoremove --trivial-only --arch-only --allow-releaseinfo-change --allow-unauthenticated --allow-insecure-repositories --no-allow-insecure-repositories --with-new-pkgs --show-progress --with-source= --sort= -i -v --important --installed --recurse --no-all-versions --no-depends'
/** Runs code that came from elsewhere. */
const FETCHED = 'write transfer opaque escape'
const DNF_KNOWN =
  '-46CbqvyRde -d= -e= -R= -x= --assumeyes --assumeno --best --nobest --cacheonly --color= --debuglevel= --errorlevel= --disableexcludes= --disable= --enable= --exclude= --disablerepo= --enablerepo= --repo= --repoid= --repofrompath= --refresh --quiet --verbose --obsoletes --nogpgcheck --no-gpgchecks --noautoremove --releasever= --releasever-major= --rpmverbosity= --sec-severity= --advisory= --advisories= --bugfix --bugfixes --bz= --cve= --cves= --enhancement --newpackage --security --allowerasing --skip-broken --comment= --forcearch= --randomwait= --noplugins --disableplugin= --enableplugin= --showduplicates --installed --available --updates --upgrades --extras --all --recent --downloadonly --downloaddir= --destdir= --latest-limit= --qf= --queryformat= --whatprovides= --whatrequires= --requires --provides --list -l --info -i'

const dnf: LongEntry = {
  effects: 'read',
  known: DNF_KNOWN,
  options: {
    ...SHOWN,
    // Other configuration brings other plugins, and those are programs.
    '-c= --config= --setopt=': 'escape',
    '--installroot=': 'write path',
  },
  globalOptions: true,
  subcommands: {
    'list search info provides whatprovides repolist repoinfo deplist updateinfo advisory changelog leaves repodiff repograph rq help version check environment forcearch':
      ['read', 'package'],
    'check-update check-upgrade list-updates': ['read transfer', 'package'],
    makecache: 'transfer write',
    'install in reinstall localinstall localupdate builddep debuginfo-install groupinstall': installed,
    'upgrade up update update-to upgrade-to upgrade-minimal update-minimal check-update-minimal': {
      ...installed,
      effects: 'write transfer',
    },
    'downgrade distro-sync dsync distribution-synchronization swap': {
      ...installed,
      effects: 'write transfer destroy',
      worst: 'write transfer destroy',
    },
    'remove erase rm autoremove groupremove': ['destroy', 'package'],
    'download reposync source': ['transfer write', 'package'],
    clean: 'write',
    'mark versionlock alias': {
      effects: 'write',
      subcommands: {
        'list show': 'read',
        'install remove group user dependency weak add exclude delete clear lock': ['write', 'package'],
      },
    },
    module: {
      effects: 'read',
      subcommands: {
        'list info provides repoquery': ['read', 'package'],
        'enable disable reset': ['write', 'package'],
        'install update switch-to': ['write transfer', 'package'],
        remove: ['destroy', 'package'],
      },
    },
    'group groups grp': {
      effects: 'read',
      subcommands: {
        'list info summary': ['read', 'package'],
        'install upgrade update mark': ['write transfer', 'package'],
        remove: ['destroy', 'package'],
      },
    },
    'history hist': {
      effects: 'read',
      subcommands: { 'list info userinstalled': 'read', '*': 'write destroy transfer' },
    },
    'config-manager copr': 'write privilege transfer',
    'system-upgrade offline-upgrade offline-distrosync offline': 'write destroy transfer',
    'repository-packages repo-pkgs': 'write destroy transfer',
    'shell do automatic': 'write destroy transfer escape',
  },
  gtfobins: ['shell', 'command'],
}

/** npm and those like it: what is installed may run scripts of its own, and `run` runs the project's. */
const node = (more: LongEntry['subcommands']): LongEntry => ({
  effects: 'read',
  known:
    '-gDSPEOwsdqyfhv --help --version --global --save-dev --save --json --long -l --depth= --all -a --prod --production --dev --omit= --include= --silent --verbose --loglevel= --no-color --parseable --workspace= --workspaces --recursive -r --filter= --no-audit --no-fund --yes --force --no-progress --color=?',
  options: {
    '--prefix= -C= --dir= --cwd=': 'path',
    '--script-shell= --node-options= --userconfig= --globalconfig= --use-yarnrc=': 'escape',
    '--registry=': 'transfer url',
  },
  subcommands: {
    'ls list ll la outdated why explain licenses help help-search bin root prefix ping whoami search find fund query':
      'read',
    'view info show v doctor': ['read', 'package'],
    audit: 'read transfer',
    'config c': { effects: 'read', subcommands: { 'get list ls': 'read', edit: 'escape write', '*': 'write' } },
    'get current store-path': 'read',
    set: 'write',
    'install i in ci add update up upgrade install-test it install-ci-test clean-install isntall rebuild rb link ln dedupe ddp import init create dlx exec x':
      { effects: FETCHED, worst: FETCHED, operands: 'package' },
    'run run-script rum urn test t tst start stop restart explore edit node env': 'escape',
    'uninstall un remove rm r unlink prune': {
      effects: 'destroy escape',
      worst: 'destroy escape',
      operands: 'package',
    },
    'publish login logout adduser deprecate dist-tag access owner team token unpublish star unstar org profile hook':
      'transfer write',
    'pack cache store version shrinkwrap pkg patch set-script approve-builds': 'write escape',
    ...more,
  },
  gtfobins: ['shell'],
})

const pip: LongEntry = {
  effects: 'read',
  known:
    '-qv --quiet --verbose --isolated --no-input --no-color --no-python-version-warning --disable-pip-version-check --timeout= --retries= --require-virtualenv --exists-action= --no-cache-dir --trusted-host= --use-feature= --use-deprecated= --debug',
  options: {
    '-h --help -V --version': {},
    '--python=': 'escape path',
    '--log= --cache-dir=': 'write path',
    '--proxy= --cert= --client-cert= --keyring-provider=': 'transfer',
  },
  globalOptions: true,
  subcommands: {
    'list show freeze check help hash debug inspect': ['read', 'package'],
    'index search': ['read transfer', 'package'],
    completion: 'read',
    config: { effects: 'read', subcommands: { 'list get debug': 'read', edit: 'escape write', '*': 'write' } },
    cache: { effects: 'read', subcommands: { 'dir info list': 'read', '*': 'destroy' } },
    'install download wheel lock': { effects: FETCHED, worst: FETCHED, operands: 'package' },
    uninstall: ['destroy', 'package'],
  },
  gtfobins: ['shell', 'library-load', 'file-read', 'file-write', 'upload', 'download'],
}

export const packages = {
  name: 'packages',
  sources: [
    'apt 2.6, dpkg 1.21, dnf 4.14, rpm 4.16, zypper 1.14, apk-tools 2.14, pacman 6 manual pages',
    'npm 10, pip 23, cargo 1.75, go 1.22 help',
    'https://gtfobins.github.io',
  ],
  commands: {
    'apt apt-get': {
      effects: 'read',
      known: APT_KNOWN,
      options: { ...SHOWN, ...APT_CONFIG, '--purge': 'destroy', '-b --build --compile': 'escape opaque' },
      globalOptions: true,
      subcommands: {
        'list search show showsrc policy depends rdepends help moo check indextargets why why-not': ['read', 'package'],
        update: 'transfer write',
        'install reinstall': installed,
        'upgrade safe-upgrade build-dep satisfy': installed,
        'full-upgrade dist-upgrade dselect-upgrade': {
          ...installed,
          effects: 'write transfer destroy',
          worst: 'write transfer destroy',
        },
        'remove purge autoremove autopurge auto-remove': ['destroy', 'package'],
        'download source': ['transfer write', 'package'],
        changelog: ['read transfer escape', 'package'],
        'clean autoclean auto-clean distclean dist-clean': 'write',
        'edit-sources': 'escape write',
        markauto: 'write',
      },
      gtfobins: ['shell', 'command'],
    },
    'apt-cache': {
      effects: 'read',
      known: `${APT_KNOWN} -p= --pkg-cache= -s= --src-cache= -g --generate -n`,
      options: { ...SHOWN, ...APT_CONFIG },
      globalOptions: true,
      subcommands: {
        'showpkg stats showsrc dump dumpavail unmet show search depends rdepends pkgnames dotty xvcg policy madison': [
          'read',
          'package',
        ],
        gencaches: 'write',
      },
    },
    'apt-config': {
      effects: 'read',
      options: { ...SHOWN, ...APT_CONFIG },
      known: '--empty --no-empty --format=',
      subcommands: { 'dump shell': 'read' },
    },
    'apt-mark': {
      effects: 'read',
      options: { ...HELP, ...APT_CONFIG, '-f= --file=': 'path' },
      known: '-q --quiet -s',
      subcommands: {
        'showauto showmanual showhold showinstall showremove showpurge showheld': ['read', 'package'],
        'auto manual hold unhold minimize-manual install remove purge deinstall': ['write', 'package'],
      },
    },
    'apt-key': {
      effects: 'read',
      options: HELP,
      subcommands: {
        'list finger export exportall': 'read',
        'add del net-update update': 'write privilege transfer',
        adv: 'write privilege transfer escape',
      },
    },
    'apt-file': {
      effects: 'read',
      subcommands: { 'search find list show': ['read', 'package'], update: 'transfer write', purge: 'destroy' },
    },
    'apt-show-versions debsums debconf-show dh_listpackages popcon-largest-unused dlocate apt-rdepends': [
      'read',
      'package',
    ],
    'apt-add-repository add-apt-repository apt-cdrom': 'write transfer privilege',
    'apt-extracttemplates apt-sortpkgs apt-ftparchive': 'write',
    aptitude: {
      effects: 'write transfer destroy escape',
      known: `${APT_KNOWN} -F= -O= -w= --disable-columns --display-format= --group-by= --width= -r -R -Z -D`,
      options: { ...SHOWN, ...APT_CONFIG, '--purge-unused': 'destroy', '-S=': 'path' },
      globalOptions: true,
      subcommands: {
        'search show versions why why-not help': ['read', 'package'],
        update: 'transfer write',
        'install reinstall upgrade safe-upgrade build-dep': installed,
        'full-upgrade dist-upgrade remove purge': {
          effects: 'write transfer destroy',
          worst: 'write transfer destroy',
          operands: 'package',
        },
        'hold unhold keep markauto unmarkauto forbid-version clean autoclean forget-new': ['write', 'package'],
        download: ['transfer write', 'package'],
        changelog: 'read transfer escape',
      },
    },
    'unattended-upgrade unattended-upgrades': 'write transfer destroy',
    needrestart: {
      effects: 'read',
      worst: 'write',
      known: '-vqbklpw -u=',
      options: { ...SHOWN, '-r=': 'write', '-c=': 'escape' },
      gtfobins: ['shell'],
    },
    dpkg: {
      effects: 'read',
      known:
        '-lsLSpCVIcfaWREBGO --list --status --listfiles --search --print-avail --audit --verify --info --contents --field --get-selections --print-architecture --print-foreign-architectures --compare-versions --pending --recursive --force-help --validate-pkgname --validate-trigname --validate-archname --validate-version --yet-to-unpack --predep-package --show --verify-format= --no-pager --no-act --dry-run --simulate --no-triggers --triggers --abort-after= --skip-same-version --refuse-downgrade --auto-deconfigure --selected-only -D= --debug= --log= --status-fd= --assert-support-predepends --assert-working-epoch --assert-long-filenames --assert-multi-conrep --assert-multi-arch --fsys-tarfile --ctrl-tarfile',
      options: {
        '-? --help --version --license': { sets: 'read' },
        '-i --install': { adds: 'write opaque escape' },
        '--unpack -A --record-avail': { adds: 'write opaque escape' },
        '--configure --set-selections --clear-selections --update-avail --merge-avail --clear-avail --add-architecture --remove-architecture --triggers-only --forget-old-unavail':
          'write',
        '-r --remove -P --purge': 'destroy',
        '-x --extract -X --vextract -e --control --raw-extract -b --build': 'write',
        '--force-* --no-force-* --refuse-* --path-exclude= --path-include= --ignore-depends=': 'write',
        '--root= --admindir= --instdir=': 'write path',
        '--pre-invoke= --post-invoke= --status-logger=': 'shell',
      },
      operands: 'package',
      gtfobins: ['shell', 'command'],
    },
    'dpkg-query dpkg-scanpackages dpkg-vendor dpkg-checkbuilddeps': ['read', 'package'],
    'dpkg-deb': {
      effects: 'read',
      known:
        '-cIfWvD -Z= -z= -S= --contents --info --field --show --showformat= --fsys-tarfile --ctrl-tarfile --nocheck --root-owner-group --uniform-compression --verbose --debug',
      options: { ...HELP, '-x --extract -X --vextract -e --control -R --raw-extract -b --build': 'write' },
      operands: 'path',
    },
    'dpkg-reconfigure': {
      effects: 'write',
      known: '-p= --priority= -u --unseen-only --default-priority --force --no-reload -a --all',
      options: {
        ...HELP,
        '-f= --frontend=': {
          patterns: {
            noninteractive: 'word',
            teletype: 'word',
            dialog: 'word',
            readline: 'word',
            '*': { effects: 'escape' },
          },
        },
      },
      operands: 'package',
    },
    'dpkg-divert': {
      effects: 'read',
      known: '--list --listpackage --truename --quiet --local --package= --divert= --test --no-rename',
      options: { ...HELP, '--add --remove --rename': 'write', '--admindir= --root= --instdir=': 'path' },
      operands: 'path',
    },
    'dpkg-statoverride': {
      effects: 'read',
      known: '--list --quiet --force --force-all',
      options: { ...HELP, '--add --remove --update': 'write privilege', '--admindir= --root=': 'path' },
      operands: 'word',
    },
    'dpkg-buildpackage debuild dpkg-source dh_make checkinstall pbuilder sbuild dpkg-genchanges alien':
      'write escape opaque',
    'dpkg-split dpkg-repack dpkg-trigger dpkg-maintscript-helper dpkg-preconfigure debconf-set-selections debconf-communicate debconf-set update-rc.d':
      'write',
    debootstrap: 'write privilege transfer opaque',
    'update-alternatives alternatives': {
      effects: 'read',
      known:
        '--verbose --quiet --list --display --query --get-selections --skip-auto --keep-missing --keep-foreign --family --log= ',
      options: {
        ...HELP,
        '--list= --display= --query=': 'word',
        '--set --install --slave --auto --set-selections --config --all --force --initscript= --family= --remove --remove-all --add-slave --remove-slave --add-follower --remove-follower':
          'write privilege',
        '--altdir= --admindir= --root= --instdir=': 'write path',
      },
      operands: 'path',
      gtfobins: ['shell', 'file-write'],
    },
    'add-shell remove-shell update-shells': 'write privilege',

    'dnf yum microdnf dnf5 dnf-3 dnf4 tdnf dnf-automatic': dnf,
    'yum-config-manager dnf-config-manager': 'write privilege transfer',
    yumdownloader: ['transfer write', 'package'],
    'repo-graph': ['read', 'package'],
    'package-cleanup yum-complete-transaction debuginfo-install yum-builddep reposync': 'write transfer destroy',
    'subscription-manager rhc insights-client': {
      effects: 'write transfer privilege',
      subcommands: { 'status list facts identity release-show version': 'read', '*': 'write transfer privilege' },
      worst: 'write transfer privilege',
    },
    rpm: {
      effects: 'read',
      known:
        '-alfgpcdsRvh --all --file --group --package --info --list --configfiles --docfiles --licensefiles --state --requires --provides --conflicts --obsoletes --recommends --suggests --enhances --supplements --whatprovides --whatrequires --whatconflicts --whatobsoletes --whatrecommends --whatsuggests --whatsupplements --whatenhances --changelog --changes --scripts --triggers --triggerscripts --filetriggers --last --dump --qf= --queryformat= --nodigest --nosignature --nofiles --nodeps --noscripts --hash --percent --replacepkgs --replacefiles --force --oldpackage --test --justdb --excludedocs --includedocs --noorder --notriggers --allfiles --badreloc --relocate= --prefix= --excludepath= --ignorearch --ignoreos --ignoresize --nofiledigest --nomd5 --quiet --filesbypkg --fileclass --filecolor --fileprovide --filerequire --basedon= --allmatches --querybynumber --tilde --verbose --nocaps --nomode --nomtime --nouser --nogroup --nolinkto --nordev --nosize --xml --json --hdrid= --pkgid= --tid= --fileid= --artifactfiles --noghost --noconfig --noartifact',
      options: {
        '--query --verify --checksig --querytags --showrc --version --help': 'word',
        // `-qi` is a query where `-i` alone installs: the letters after -q, -V and -K are read together.
        '-q* -V* -K*': {
          argument: { patterns: { '*[!acdfgilpRsvh]*': { effects: 'write destroy opaque escape' }, '*': 'word' } },
        },
        '-i --install': 'write opaque escape',
        '-U --upgrade -F --freshen --reinstall': 'write opaque escape',
        '--initdb --rebuilddb --resign --addsign --delsign': 'write',
        '-e --erase': 'destroy',
        '--import --setperms --setugids --setcaps --restore': 'write privilege',
        '-E= --eval= -D= --define= --load= --macros= --rcfile= --predefine= --undefine= --specfile --pipe= --noplugins --with= --without=':
          'escape',
        '--root= -r= --dbpath=': 'path',
      },
      operands: { patterns: { '*://*': 'transfer url', '*': 'package' } },
      gtfobins: ['shell', 'command'],
    },
    'rpmquery rpmverify': {
      effects: 'read',
      worst: 'escape',
      known:
        '-qialfgpcdsRvV --all --file --group --package --info --list --configfiles --docfiles --state --requires --provides --changelog --scripts --triggers --last --dump --qf= --queryformat= --whatprovides= --whatrequires= --nodigest --nosignature --nofiles --nodeps --noscripts --quiet --root= --dbpath=',
      options: {
        '--version --help': { sets: 'read' },
        '-E= --eval= -D= --define= --load= --macros= --rcfile= --pipe= --specfile': 'escape',
      },
      operands: { patterns: { '*://*': 'transfer url', '*': 'package' } },
      gtfobins: ['shell'],
    },
    rpmdb: {
      effects: 'write',
      worst: 'escape write',
      known: '--initdb --rebuilddb',
      options: { '--verifydb --exportdb': { sets: 'read' } },
      gtfobins: ['shell', 'command'],
    },
    rpmkeys: {
      effects: 'read',
      options: {
        '--help --version': { sets: 'read' },
        '-K --checksig --list': 'read',
        '--import --delete --rebuild': 'write privilege',
        '-D= --define= -E= --eval= --macros= --load= --pipe=': 'escape',
      },
      known: '-v --verbose --quiet --root= --dbpath= --nosignature --nodigest',
      operands: 'path',
    },
    'rpm2cpio rpmdiff': ['read', 'path'],
    'rpm2archive rpmsign createrepo createrepo_c modifyrepo': ['write', 'path'],
    'rpmbuild rpmspec mock rpmdev-setuptree spectool': 'write escape opaque',

    'zypper zypper-log': {
      effects: 'read',
      known:
        '-qvnAGiC --quiet --verbose --non-interactive --no-refresh --no-gpg-checks --gpg-auto-import-keys --no-color --color --terse --table-style= --ignore-unknown --no-cd --no-remote --releasever= --disable-repositories --xmlout -x --details -s -r= --repo= -t= --type= -u --updates -l -a --match-exact --installed-only --not-installed-only -p -d -E -U --auto-agree-with-licenses -y --no-confirm -f --force --dry-run -D --allow-vendor-change --no-recommends --recommends',
      options: {
        ...SHOWN,
        '-c= --config= --plus-repo= --plus-content=': 'escape',
        '-R= --root= --installroot= --reposd-dir= --cache-dir= --raw-cache-dir= --solv-cache-dir= --pkg-cache-dir=':
          'write path',
      },
      globalOptions: true,
      subcommands: {
        'search se info if list-updates lu list-patches lp patch-check pchk patches pch packages pa patterns pt products pd what-provides wp repos lr services ls ll locks listlocks la targetos tos licenses needs-rebooting ps help ? versioncmp vcmp system-architecture search-packages patch-info pattern-info product-info list-locks':
          ['read', 'package'],
        'refresh ref refresh-services refs download source-download source-install si': 'transfer write',
        'install in patch update up install-new-recommends inr verify ve': installed,
        'dist-upgrade dup': { ...installed, effects: 'write transfer destroy', worst: 'write transfer destroy' },
        'remove rm purge-kernels': ['destroy', 'package'],
        'removerepo rr removeservice rs removeptf rmptf': ['destroy', 'other'],
        'addrepo ar modifyrepo mr renamerepo nr addservice as modifyservice ms': 'write privilege transfer',
        'addlock al removelock rl cleanlocks cl addlocale aloc removelocale rloc clean cc': 'write',
        'shell sh subcommand': 'write transfer destroy escape',
      },
      gtfobins: ['shell'],
    },
    apk: {
      effects: 'read',
      known:
        '-Uqvtpi -U --no-cache --update-cache --quiet --verbose --no-progress --interactive --wait= --repository= -X= --force --simulate -s --latest -l --available --no-network --purge --progress --upgrade -u --installed --arch= --cache-max-age= --timeout= -a -d -e -L -r -R -P -w -W -o --who-owns --virtual= -t= --update --no-check-certificate --timeout=',
      options: {
        '-h --help -V --version': { sets: 'read' },
        '-p= --root= --keys-dir= --repositories-file= --cache-dir=': 'write path',
        '--allow-untrusted': 'privilege',
        '--initdb --clean-protected --overlay-from-stdin --force-overwrite --force-broken-world': 'write',
        '--progress-fd=': 'write',
      },
      globalOptions: true,
      subcommands: {
        'info list search policy version stats dot manifest audit verify query': ['read', 'package'],
        update: 'transfer write',
        add: installed,
        'upgrade fix': { ...installed },
        del: ['destroy', 'package'],
        cache: { effects: 'write', subcommands: { clean: 'write', '*': 'write transfer' } },
        fetch: ['transfer write', 'package'],
        'index mkpkg mkndx extract adbdump adbgen adbsign convdb convndx': ['write', 'path'],
      },
    },
    'pacman yay paru pamac': {
      effects: 'read',
      known:
        '-QTVDFklieotmnqsdpgcauwhx -b= -r= --query --deptest --files --info --list --owns --search --groups --quiet --native --foreign --explicit --deps --unrequired --upgrades --check --changelog --verbose --noconfirm --confirm --color= --needed --asdeps --asexplicit --print --print-format= --arch= --ask= --disable-download-timeout --assume-installed= --ignore= --ignoregroup= --noprogressbar --machinereadable --regex --nodeps --dbonly',
      options: {
        '--help --version': { sets: 'read' },
        '-S --sync': 'write transfer',
        '-U --upgrade': 'write transfer opaque escape',
        '-R --remove --cascade --recursive --unneeded --nosave': 'destroy',
        '-D --database --sysupgrade --clean': 'write',
        '-y --refresh --downloadonly': 'transfer write',
        '--config= --hookdir= --root= --sysroot= --dbpath= --cachedir= --gpgdir= --logfile= --overwrite=':
          'escape write',
        '--noscriptlet': 'write',
      },
      operands: packageOrFile,
    },
    'makepkg pacstrap abuild mkarchroot': 'write privilege transfer escape',
    'pacman-key': 'write privilege transfer',
    paccache: 'destroy',
    'pactree pacman-conf': ['read', 'package'],
    'emerge ebuild': 'write transfer escape destroy',
    'equery eix qlist': ['read', 'package'],
    'xbps-query': ['read', 'package'],
    'xbps-install xbps-reconfigure': ['write transfer', 'package'],
    'xbps-remove': ['destroy', 'package'],
    opkg: {
      effects: 'read',
      known: '-V= --verbosity= --force-depends --force-reinstall --force-overwrite --noaction -A --nodeps',
      options: {
        ...SHOWN,
        '-f= --conf= -o= --offline-root= --add-dest= --add-arch= -d= --dest= -t= --tmp-dir= -l= --lists-dir=':
          'escape write',
      },
      globalOptions: true,
      subcommands: {
        'list list-installed list-upgradable list-changed-conffiles files search find info status depends whatdepends whatprovides print-architecture compare-versions':
          ['read', 'package'],
        'update download': 'transfer write',
        'install upgrade': installed,
        remove: ['destroy', 'package'],
        'configure flag clean': 'write',
      },
      gtfobins: ['shell'],
    },
    pkg: {
      effects: 'read',
      known: '-v -d -l -N -j= -4 -6 -y -f -q -a',
      options: { '-o= -C= -R= -r= -c=': 'escape path' },
      subcommands: {
        'info query search rquery stats version which audit': ['read', 'package'],
        update: 'transfer write',
        'install add upgrade': installed,
        'delete remove autoremove': ['destroy', 'package'],
        '*': 'write transfer escape',
      },
      gtfobins: ['shell'],
    },
    snap: {
      effects: 'read',
      known: '--unicode= --color= --abs-time --verbose --all',
      options: HELP,
      subcommands: {
        'list find search info version changes tasks change services connections interfaces interface whoami known warnings model help logs get':
          ['read', 'package'],
        'install refresh revert switch try': {
          effects: 'write transfer',
          known:
            '--channel= --revision= --stable --candidate --beta --edge --cohort= --leave-cohort --no-wait --name= --unaliased --prefer --list --time --amend --hold=? --unhold --transaction= --quota-group= --ignore-validation --ignore-running',
          options: { '--classic --devmode --jailmode': 'privilege', '--dangerous --force-dangerous': 'opaque escape' },
          operands: packageOrFile,
        },
        remove: ['destroy', 'package'],
        'enable disable start stop restart set unset connect disconnect alias unalias prefer abort ack watch wait set-quota remove-quota quota quotas validate':
          ['write', 'package'],
        download: ['transfer write', 'package'],
        'login logout create-user create-key sign': 'privilege write transfer',
        run: 'escape',
        'save restore export-snapshot import-snapshot saved check-snapshot': ['write', 'package'],
        'forget reboot': 'destroy',
        pack: ['write', 'path'],
      },
      gtfobins: ['shell', 'command'],
    },
    'snapcraft flatpak-builder debspawn': 'write transfer escape opaque',
    flatpak: {
      effects: 'read',
      known:
        '-v --verbose --ostree-verbose --gl-drivers -u --user --system --installation= --columns= --app --runtime -a -d --show-details -y --noninteractive --assumeyes',
      options: { ...SHOWN },
      globalOptions: true,
      subcommands: {
        'list info search history ps remotes remote-ls remote-info document-list document-info permissions permission-show permission-list':
          ['read', 'package'],
        'install update upgrade': installed,
        'uninstall remove kill': ['destroy', 'package'],
        'run enter': 'escape',
        'remote-add remote-modify remote-delete override': 'write privilege transfer',
        '*': 'write transfer',
      },
    },
    'nix nix-env nix-shell nix-build nix-channel nixos-rebuild nix-instantiate': 'write transfer escape opaque',
    'nix-store nix-collect-garbage': 'write destroy',
    guix: 'write transfer escape opaque',
    brew: {
      effects: 'read',
      known: '-v -q -d --verbose --quiet --debug --cask --formula',
      options: HELP,
      subcommands: {
        'list ls info search deps uses outdated config doctor leaves desc --prefix --cellar --version cat log': [
          'read',
          'package',
        ],
        'uninstall remove rm autoremove cleanup untap': ['destroy', 'package'],
        'install upgrade reinstall tap update bundle': { effects: FETCHED, worst: FETCHED, operands: 'package' },
        'pin unpin link unlink': ['write', 'package'],
        'edit sh irb ruby': 'escape write',
        services: { effects: 'read', subcommands: { 'list info': 'read', '*': 'write' } },
      },
    },

    'pip pip3 pip2 pip3.9 pip3.10 pip3.11 pip3.12 pip3.13': pip,
    easy_install: { effects: FETCHED, worst: FETCHED, operands: 'package', gtfobins: ['shell'] },
    'pipx uv uvx poetry pipenv pdm hatch tox nox': {
      effects: FETCHED,
      worst: FETCHED,
      subcommands: { 'list show version help tree cache-dir': 'read', '*': FETCHED },
    },
    'conda mamba micromamba': {
      effects: 'read',
      options: { '-h --help -V --version': { sets: 'read' } },
      subcommands: {
        'list info search': ['read', 'package'],
        'create install update upgrade env build': { effects: FETCHED, worst: FETCHED, operands: 'package' },
        'remove uninstall clean': ['destroy', 'package'],
        'config init activate deactivate': 'write escape',
        run: 'escape',
      },
    },
    virtualenv: ['write transfer escape', 'path'],
    npm: node({}),
    'pnpm cnpm': node({}),
    yarn: {
      ...node({
        'global workspace workspaces': { effects: FETCHED, worst: FETCHED },
        npm: FETCHED,
        versions: 'read',
        '*': 'escape write destroy transfer',
      }),
      // Without a subcommand it installs. (Hadoop has a program of the same name.)
      effects: FETCHED,
    },
    'npx pnpx bunx yarnpkg corepack nvm fnm volta': { effects: FETCHED, worst: FETCHED },
    gem: {
      effects: 'read',
      options: { '-h --help -v --version': {}, '--config-file=': 'escape' },
      globalOptions: true,
      subcommands: {
        'list environment env contents dependency search query specification which info check outdated stale help': [
          'read',
          'package',
        ],
        'install update fetch unpack pristine build exec rebuild': {
          effects: FETCHED,
          worst: FETCHED,
          operands: 'package',
        },
        'uninstall cleanup': ['destroy', 'package'],
        'push yank owner signin signout sources cert mirror': 'transfer write',
        // `gem open -e "/bin/sh -c /bin/sh" rdoc`
        'open server rdoc generate_index': 'escape',
        '*': FETCHED,
      },
      gtfobins: ['shell'],
    },
    'bundle bundler': {
      effects: FETCHED,
      options: { '-h -v --version': { sets: 'read' } },
      subcommands: {
        // They run the project's Gemfile.
        'list show outdated info platform check version viz doctor env': ['read escape', 'package'],
        help: 'read escape',
        'config cache package lock add init': 'write transfer escape',
        'exec console open gem': 'escape',
        'clean remove': 'destroy',
        '*': FETCHED,
      },
      worst: FETCHED,
      gtfobins: ['shell'],
    },
    composer: {
      effects: FETCHED,
      known:
        '-q -v -n -d= --working-dir= --no-interaction --no-plugins --no-scripts --quiet --verbose --ansi --no-ansi',
      options: { '-V --version': { sets: 'read' } },
      subcommands: {
        'show info licenses outdated search validate diagnose depends why prohibits why-not list help about audit fund suggests status':
          ['read escape', 'package'],
        'remove clear-cache clearcache': ['destroy escape', 'package'],
        '*': FETCHED,
      },
      worst: FETCHED,
      gtfobins: ['shell'],
    },
    'cpan cpanm cpanp pecl pear phpize luarocks opam cabal stack mix rebar3 hex lein clojure': {
      effects: FETCHED,
      worst: FETCHED,
      gtfobins: ['shell'],
    },
    cargo: {
      effects: 'read',
      known: '-qvhV --help --version --list --explain= --verbose --quiet --color= --frozen --locked --offline +*',
      options: { '--config= -Z= -C= --manifest-path=': 'escape' },
      subcommands: {
        'tree metadata locate-project pkgid read-manifest verify-project version help search info': 'read',
        'build b check c test t run r bench doc d clippy fix expand miri rustc rustdoc nextest watch':
          'escape write transfer',
        'add remove rm init new generate-lockfile vendor fmt update fetch package': 'write transfer',
        install: { effects: FETCHED, worst: FETCHED, operands: 'package' },
        'clean uninstall': 'destroy',
        'publish login logout owner yank': 'transfer write',
        '*': FETCHED,
      },
    },
    rustup: {
      effects: 'read',
      known: '-q -v --quiet --verbose +*',
      options: HELP,
      subcommands: {
        'show which check doc': 'read',
        run: { effects: 'read', operands: ['word', 'command'], syntax: 'posix' },
        '*': FETCHED,
      },
    },
    go: {
      effects: 'read',
      syntax: 'single-dash',
      subcommands: {
        'version doc help bug': 'read',
        env: { effects: 'read', syntax: 'single-dash', known: '-json -changed', options: { '-w -u': 'write escape' } },
        list: {
          effects: 'read',
          syntax: 'single-dash',
          known: '-m -json -f= -u -versions -deps -test -e -find -retracted -reuse= -tags= -mod=',
          options: { '-toolexec= -overlay= -modfile= -C= -exec=': 'escape', '-export -compiled': 'write escape' },
        },
        'build install run test generate get vet tool work fix': FETCHED,
        fmt: 'write',
        mod: { effects: 'read', subcommands: { 'graph why verify': 'read transfer', '*': 'write transfer' } },
        clean: 'destroy',
        telemetry: 'write',
      },
    },
    'gofmt rustfmt': {
      effects: 'read',
      worst: 'write',
      syntax: 'single-dash',
      known: '-d -e -l -s --check',
      options: { '-w': 'write', '--emit=': 'write', '--config-path=': 'path', '-cpuprofile=': 'write path' },
      operands: 'path',
    },
    'dotnet nuget': {
      effects: FETCHED,
      worst: FETCHED,
      options: { '--version --info --list-sdks --list-runtimes': { sets: 'read' } },
      gtfobins: ['shell', 'file-read'],
    },
    'mvn gradle gradlew sbt ant': { effects: FETCHED, worst: FETCHED, options: { '--version': { sets: 'read' } } },
    'apt-listchanges dpkg-parsechangelog rpmlint': ['read escape', 'package'],
    deborphan: 'read write',
    debsecan: 'read write transfer',
    'dpkg-architecture': {
      effects: 'read',
      known: '-luf -a= -t= -A= -T= -q= -e= -i= --list --query= --equal= --is= --list-known --print-set --print-unset',
      options: { '-c= --command=': 'shell' },
      operands: 'word',
    },
    'repoquery needs-restarting repoclosure': {
      effects: 'read',
      known: DNF_KNOWN,
      options: { '-c= --config= --setopt= --installroot= --plugins': 'escape' },
      operands: 'package',
    },
  },
} satisfies Family
