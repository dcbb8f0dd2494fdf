/** Version control other than git. */
import type { Family, Option } from '../schema.ts'

const SVN: Record<string, Option> = {
  // Opens an editor where no message is given.
  '-m= --message=': { sets: 'transfer write' },
  '-F= --file=': { argument: 'read path', sets: 'transfer write' },
  '--diff-cmd= --diff3-cmd= --editor-cmd= --config-option= --merge-cmd=': 'escape',
  '--config-dir=': { is: 'path', effects: 'escape' },
}
const SVN_KNOWN =
  '-r= --revision= -c= --change= -v --verbose -q --quiet --username= --password= --password-from-stdin --no-auth-cache --non-interactive --force-interactive --trust-server-cert --trust-server-cert-failures= --xml -l= --limit= --stop-on-copy --incremental -u --show-updates -N --non-recursive --depth= --set-depth= --ignore-externals --no-ignore -R --recursive --diff --summarize --internal-diff -x= --extensions= -g --use-merge-history --with-all-revprops --with-revprop= --search= --search-and= --show-item= --no-newline --targets= --git --show-copies-as-adds --old= --new= --notice-ancestry --ignore-properties --properties-only --strict --changelist= --cl= --force --parents --force-log --encoding= --accept= --keep-local --dry-run --relocate --reintegrate --record-only --ignore-ancestry --no-diff-added --no-diff-deleted --revprop --remove-unversioned --remove-ignored --vacuum-pristines --include-externals -h --help -? --version -H --human-readable'

export const vcs = {
  name: 'vcs',
  sources: [
    'https://svnbook.red-bean.com',
    'https://www.mercurial-scm.org/doc/hg.1.html',
    'https://gtfobins.github.io (hg-like: bzr, rcs)',
  ],
  commands: {
    svn: {
      effects: 'read',
      known: SVN_KNOWN,
      globalOptions: true,
      options: {
        '--diff-cmd= --diff3-cmd= --editor-cmd= --config-option= --merge-cmd=': 'escape',
        '--config-dir=': { is: 'path', effects: 'escape' },
      },
      subcommands: {
        'status stat st info log diff di cat blame praise annotate ann list ls propget pget pg proplist plist pl mergeinfo help ? h youngest':
          'read',
        'checkout co update up switch sw export relocate merge': {
          effects: 'transfer write',
          worst: 'transfer write escape',
          known: SVN_KNOWN,
          options: { '--force': 'destroy', '--editor-cmd= --diff3-cmd= --config-option=': 'escape' },
        },
        'add cleanup resolve resolved changelist cl patch upgrade propset pset ps propdel pdel pd auth': {
          effects: 'write',
          worst: 'write destroy',
          known: SVN_KNOWN,
          options: { '--remove-unversioned --remove-ignored': 'destroy' },
        },
        'propedit pedit pe': 'escape write transfer',
        'commit ci import mkdir copy cp move mv rename ren lock unlock': {
          effects: 'transfer write escape',
          known: SVN_KNOWN,
          options: SVN,
          operands: 'path',
        },
        'delete del remove rm': {
          effects: 'destroy transfer',
          worst: 'destroy transfer escape',
          known: SVN_KNOWN,
          options: { '-m= --message=': 'word', '--editor-cmd= --config-option=': 'escape' },
          operands: 'path',
        },
        revert: ['destroy', 'path'],
      },
    },
    svnadmin: {
      effects: 'read',
      subcommands: {
        'verify lslocks lstxns info help dump': 'read',
        'create hotcopy load load-revprops recover upgrade pack setlog setrevprop setuuid freeze lock unlock build-repcache':
          'write destroy escape',
        'rmlocks rmtxns delrevprop': 'destroy',
      },
    },
    'svnlook svnversion': 'read',
    'svnsync svnrdump svnmucc svndumpfilter svnserve svnfsfs': 'transfer write destroy',
    hg: {
      effects: 'read',
      gtfobins: ['shell'],
      globalOptions: true,
      known:
        '-R= --repository= --repo= --cwd= -y --noninteractive -q --quiet -v --verbose --color= --pager= --encoding= --encodingmode= --traceback --time --profile --version -h --help --hidden -r= --rev= -l= --limit= -p --patch -G --graph -T= --template= --stat -u= --user= -b= --branch= -k= --keyword= -M --no-merges -I= --include= -X= --exclude= -c= --change= -g --git -a --text -w -B -Z -U= -f --follow -n -d= --date= -m --modified -A --all --added --removed --deleted --clean --unknown --ignored --copies -0 --print0 -S --subrepos -t= --tool= -e=',
      options: { '--config=': 'escape', '--debugger': 'escape' },
      subcommands: {
        'status st log history diff cat annotate blame id identify summary sum parents heads tip branches tags files manifest grep locate paths root version help verify config showconfig':
          'read',
        'incoming in outgoing out': 'transfer read',
        'pull clone fetch': {
          effects: 'transfer write',
          options: { '-e= --ssh= --remotecmd=': 'escape' },
          worst: 'transfer write escape',
        },
        push: {
          effects: 'transfer',
          options: { '-e= --ssh= --remotecmd=': 'escape', '-f --force': 'destroy' },
          worst: 'transfer write destroy escape',
        },
        'commit ci graft backout histedit merge resolve rebase tag import amend': 'write escape',
        'add addremove copy cp rename mv move update up checkout co init branch bookmark bookmarks bundle unbundle export archive phase recover shelve unshelve unamend debugobsolete':
          'write destroy',
        'remove rm forget revert purge clean strip rollback': 'destroy',
        'serve bisect debugshell extdiff email': 'escape transfer',
      },
    },
    cvs: {
      effects: 'transfer',
      worst: 'transfer write escape',
      options: { '-e=': 'escape', '-d=': 'transfer' },
      known: '-q -Q -n -z= -f -r -w -t -v --version',
      subcommands: {
        'status stat log diff annotate history rlog rdiff version ls': 'read transfer',
        '*': 'transfer write escape',
      },
    },
    'bzr brz fossil darcs pijul jj p4 rcs ci co rcsdiff accurev cleartool tfs repo': 'transfer write escape',
    'rlog ident': ['read', 'path'],
    etckeeper: {
      effects: 'read',
      subcommands: {
        'unclean list-installed': 'read',
        commit: 'write escape',
        vcs: 'escape write transfer',
        '*': 'write',
      },
    },
    'husky commitizen gitlint git-cliff git-crypt git-secret git-annex git-flow git-filter-repo git-extras bfg':
      'write transfer escape',
  },
} satisfies Family
