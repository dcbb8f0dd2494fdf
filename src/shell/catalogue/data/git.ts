/**
 * Git. Looking is `read`; whatever discards work or history is `destroy`; what asks for a text in an editor, or runs a
 * program that the line names, is `escape`. Hooks, filters and pagers that the repository's configuration already
 * names are not counted: setting one is (`git config core.pager`), and so is `git -c`. A `--help` opens a manual
 * page in a pager, so it counts as `escape` everywhere.
 */
import type { Effects, Family, LongEntry, Option, Role } from '../schema.ts'

const HELP = { '--help': 'escape' } as const

/** Only looks. */
const look = (known = '', options: Record<string, Option> = {}): LongEntry => ({
  effects: 'read',
  worst: 'read',
  known: `-h ${known}`,
  options: { ...HELP, ...options },
})
/** Does `effects`, whatever its options but these. */
const does = (
  effects: Effects,
  known = '',
  options: Record<string, Option> = {},
  operands: Role = 'word',
): LongEntry => ({
  effects,
  known: `-h -q --quiet -v --verbose ${known}`,
  options: { ...HELP, ...options },
  operands,
})

const DIFF =
  '-p -u --patch -s --no-patch -U=? --unified=? -W --function-context --no-function-context --raw --patch-with-raw --patch-with-stat --numstat --shortstat -X=? --dirstat=? --cumulative --dirstat-by-file=? --check --summary --name-only --name-status --stat=? --stat-width= --stat-name-width= --stat-graph-width= --stat-count= --compact-summary --binary --full-index --color=? --no-color --ws-error-highlight= -z --abbrev=? --no-abbrev --src-prefix= --dst-prefix= --default-prefix --line-prefix= --no-prefix --inter-hunk-context= --output-indicator-new= --output-indicator-old= --output-indicator-context= -B=? --break-rewrites=? -M=? --find-renames=? -D --irreversible-delete -C=? --find-copies=? --find-copies-harder --no-renames --rename-empty --no-rename-empty --follow -l= --minimal -w --ignore-all-space -b --ignore-space-change --ignore-space-at-eol --ignore-cr-at-eol --ignore-blank-lines -I= --ignore-matching-lines= --indent-heuristic --no-indent-heuristic --patience --histogram --diff-algorithm= --anchored= --word-diff=? --word-diff-regex= --color-words=? --color-moved=? --no-color-moved --color-moved-ws= --no-color-moved-ws --relative=? --no-relative -a --text -R --exit-code -q --quiet --no-ext-diff --textconv --no-textconv --ignore-submodules=? --submodule=? --ita-invisible-in-index --ita-visible-in-index -S= -G= --pickaxe-all --pickaxe-regex --rotate-to= --skip-to= --find-object= --diff-filter= --diff-merges=? --no-diff-merges --cc -c -m --remerge-diff --combined-all-paths -t -r --cached --staged --merge-base --no-index -0 -1 -2 -3 --base --ours --theirs --root --stdin --always --pretty=? --format= --no-commit-id'
const LOG =
  '-# -n= --max-count= --skip= --since= --after= --until= --before= --since-as-filter= --max-age= --min-age= --author= --committer= --grep= --grep-reflog= --all-match --invert-grep -i --regexp-ignore-case --basic-regexp -E --extended-regexp -F --fixed-strings -P --perl-regexp --remove-empty --merges --no-merges --min-parents= --max-parents= --no-min-parents --no-max-parents --first-parent --exclude-first-parent-only --not --all --branches=? --tags=? --remotes=? --glob= --exclude= --exclude-hidden= --reflog --alternate-refs --single-worktree --ignore-missing --bisect --cherry-mark --cherry-pick --left-only --right-only --cherry -g --walk-reflogs --merge --boundary --simplify-by-decoration --show-pulls --full-history --dense --sparse --simplify-merges --ancestry-path=? --date-order --author-date-order --topo-order --reverse --no-walk=? --do-walk --abbrev-commit --no-abbrev-commit --oneline --encoding= --expand-tabs=? --no-expand-tabs --notes=? --no-notes --show-notes=? --standard-notes --no-standard-notes --show-signature --relative-date --date= --parents --children --left-right --graph --no-graph --show-linear-break=? --decorate=? --no-decorate --clear-decorations --decorate-refs= --decorate-refs-exclude= --source --use-mailmap --mailmap --no-mailmap --log-size -L= --count'
/** Options of the diff machinery that do more than look. */
const DIFF_OPTIONS: Record<string, Option> = {
  '--output=': 'destroy path',
  '-O=': 'path',
  // For log and show the configured external diff programs are off until asked for.
  '--ext-diff': 'escape',
}
const differ = (known = ''): LongEntry => ({
  effects: 'read',
  worst: 'read destroy escape',
  known: `-h ${DIFF} ${known}`,
  options: { ...HELP, ...DIFF_OPTIONS },
  operands: 'word',
})
const log = differ(LOG)

/** A repository elsewhere. `ext::` and other `helper::` addresses start programs. */
const repository: Role = { patterns: { '*::*': { is: 'url', effects: 'escape transfer' }, '*': 'transfer url' } }
/** What fetches from it. The other side's program may be on this host. */
const FETCH_OPTIONS: Record<string, Option> = { '--upload-pack= --exec=': 'escape' }
const FETCH =
  '--all -a --append --no-append --atomic -f --force -m --multiple -t --tags -n --no-tags -j= --jobs= --prefetch -p --prune -P --prune-tags --recurse-submodules=? --no-recurse-submodules --dry-run --write-fetch-head --no-write-fetch-head -k --keep -u --update-head-ok --progress --no-progress --depth= --shallow-since= --shallow-exclude= --deepen= --unshallow --refetch --update-shallow --refmap= -o= --server-option= -4 --ipv4 -6 --ipv6 --negotiation-tip= --negotiate-only --filter= --auto-maintenance --no-auto-maintenance --auto-gc --no-auto-gc --show-forced-updates --no-show-forced-updates --write-commit-graph --stdin --set-upstream --porcelain'
const MERGE =
  '--commit --no-commit --stat --no-stat --summary --no-summary --compact-summary --log=? --no-log --squash --no-squash --ff --no-ff --cleanup= --rerere-autoupdate --verify-signatures --no-verify-signatures -X= --strategy-option= --into-name= --allow-unrelated-histories --progress --no-progress -S=? --gpg-sign=? --no-gpg-sign --autostash --no-autostash --overwrite-ignore --signoff --no-signoff --no-verify --verify'
/** A strategy that git does not know is a program `git-merge-NAME`. */
const strategy: Role = {
  patterns: {
    ort: 'word',
    recursive: 'word',
    resolve: 'word',
    octopus: 'word',
    ours: 'word',
    subtree: 'word',
    '*': { effects: 'escape' },
  },
}

/** Keys of the configuration that name no program and no other repository. Key names are not case-sensitive: any other spelling is not in the list. */
const configKey: Role = {
  patterns: {
    'user.*': 'word',
    'author.*': 'word',
    'committer.*': 'word',
    'color.*': 'word',
    'advice.*': 'word',
    'branch.*': 'word',
    'remote.*.url': 'word',
    'remote.*.fetch': 'word',
    'remote.*.pushurl': 'word',
    'remote.*.push': 'word',
    'remote.*.prune': 'word',
    'init.defaultBranch': 'word',
    'init.defaultbranch': 'word',
    'pull.rebase': 'word',
    'pull.ff': 'word',
    'push.default': 'word',
    'push.autoSetupRemote': 'word',
    'fetch.prune': 'word',
    'rebase.autoStash': 'word',
    'rerere.enabled': 'word',
    'commit.gpgsign': 'word',
    'commit.gpgSign': 'word',
    'log.*': 'word',
    'status.*': 'word',
    'column.*': 'word',
    'core.autocrlf': 'word',
    'core.filemode': 'word',
    'core.fileMode': 'word',
    'core.bare': 'word',
    'core.quotepath': 'word',
    'core.ignorecase': 'word',
    'core.sharedRepository': 'word',
    'safe.directory': { effects: 'privilege' },
    // Modes of git 2.46 and later.
    list: 'word',
    get: 'word',
    edit: { effects: 'escape write' },
    '*': { effects: 'escape' },
  },
}

/** A message on the line, so no editor. */
const MESSAGE = {
  '-m= --message= --no-edit': { sets: 'write' },
  '-F= --file=': { sets: 'write', argument: 'path' },
  '-e --edit': 'escape',
} as const satisfies Record<string, Option>
const SEQUENCER =
  '-n --no-commit -s --signoff --no-signoff --cleanup= -X= --strategy-option= -S=? --gpg-sign=? --no-gpg-sign --rerere-autoupdate --quit --abort --skip --allow-empty --allow-empty-message --keep-redundant-commits --ff -x --reference --empty='
/** Interactive picking of hunks: `e` opens an editor. */
const HUNKS = { '-p --patch': 'escape' } as const

export const git = {
  name: 'git',
  sources: ['git 2.39 manual pages and `git <command> -h`', 'https://gtfobins.github.io/gtfobins/git/'],
  commands: {
    git: {
      effects: 'read',
      gtfobins: ['shell', 'file-read', 'file-write'],
      known:
        '--no-pager -P --bare --no-replace-objects --no-lazy-fetch --no-optional-locks --no-advice --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --namespace= --super-prefix= --list-cmds= --attr-source= --html-path --man-path --info-path -h',
      options: {
        '-C= --work-tree=': 'path',
        // The configuration of that repository may name programs (core.fsmonitor, diff drivers); named like this, git does
        // not look at who owns it (git-config(1) safe.directory).
        '--git-dir=': { is: 'path', effects: 'escape' },
        '-c=': 'code git-config',
        '--config-env=': { effects: 'escape opaque' },
        '--exec-path=?': { argument: { is: 'path', effects: 'escape' } },
        '-p --paginate': 'escape',
        '--help': { adds: 'escape' },
        '-v --version': { sets: 'read' },
      },
      subcommands: {
        // Looking.
        'log whatchanged': log,
        show: log,
        'diff diff-tree diff-index diff-files diff-pairs range-diff': differ(
          '--creation-factor= --no-dual-color --left-only --right-only --notes=? --ignore-missing',
        ),
        status: look(
          '-v --verbose -s --short -b --branch --show-stash --ahead-behind --no-ahead-behind --porcelain=? --long -z --null -u=? --untracked-files=? --ignored=? --ignore-submodules=? --column=? --no-column --renames --no-renames -M=? --find-renames=?',
        ),
        'blame annotate pickaxe': look(
          '--incremental -b --root --show-stats --progress --score-debug -f --show-name -n --show-number -p --porcelain --line-porcelain -c -t -l -s -e --show-email -w --ignore-rev= --color-lines --color-by-age --minimal -C=? -M=? -L= --abbrev=? --date= --since= --first-parent --reverse',
          { '-S= --contents= --ignore-revs-file=': 'path' },
        ),
        grep: {
          ...look(
            '--cached --no-index --untracked --exclude-standard --no-exclude-standard --recurse-submodules -v --invert-match -i --ignore-case -w --word-regexp -a --text -I --textconv --no-textconv -r --recursive --no-recursive --max-depth= -E --extended-regexp -G --basic-regexp -F --fixed-strings -P --perl-regexp -n --line-number --column -H --full-name -l --files-with-matches --name-only -L --files-without-match -z --null -o --only-matching -c --count --color=? --no-color --break --heading -C= --context= -B= --before-context= -A= --after-context= --threads= -p --show-function -W --function-context -e= --and --or --not -q --quiet --all-match --ext-grep -m= --max-count= -#',
            { '-O=? --open-files-in-pager=?': 'escape', '-f=': 'path' },
          ),
          worst: 'read escape',
        },
        'rev-parse rev-list name-rev describe merge-base cherry shortlog for-each-ref show-ref show-branch show-index verify-pack verify-commit verify-tag count-objects cat-file ls-files ls-tree check-attr check-ignore check-mailmap check-ref-format var version stripspace column patch-id get-tar-commit-id fmt-merge-msg diff-blob last-modified':
          look(),
        fsck: look('', { '--lost-found': 'write' }),
        'fsck-objects merge-tree': look(),
        remote: {
          ...look('-v --verbose'),
          subcommands: {
            'get-url': look('--push --all'),
            show: does('read transfer', '-n'),
            add: {
              ...does('write', '-t= -m= -f --fetch --tags --no-tags --mirror=?', { '-f --fetch': 'transfer' }),
              operands: ['word', { patterns: { '*::*': { is: 'url', effects: 'escape' }, '*': 'url' } }],
            },
            'set-url': {
              ...does('write', '--push --add --delete'),
              operands: ['word', { patterns: { '*::*': { is: 'url', effects: 'escape' }, '*': 'url' } }, 'word'],
            },
            'rename remove rm set-head set-branches': does('write', '-d --delete --add --progress --no-progress', {
              '-a --auto': 'transfer',
            }),
            'update prune': does('transfer write', '-p --prune -n --dry-run', FETCH_OPTIONS),
          },
        },
        reflog: {
          ...log,
          subcommands: {
            'expire delete drop': does(
              'destroy',
              '--expire= --expire-unreachable= --updateref --rewrite --stale-fix --all --single-worktree',
              {
                '-n --dry-run': { sets: 'read' },
              },
            ),
            'exists list': look(),
            'show *': log,
          },
        },
        stash: {
          ...does(
            'write',
            '-k --keep-index --no-keep-index -u --include-untracked --no-include-untracked -a --all -S --staged -m= --message= --pathspec-file-nul',
            { ...HUNKS, '--pathspec-from-file=': 'path' },
          ),
          subcommands: {
            list: log,
            show: differ(`${LOG} -u --include-untracked --only-untracked`),
            'push save': does(
              'write',
              '-k --keep-index --no-keep-index -u --include-untracked --no-include-untracked -a --all -S --staged -m= --message= --pathspec-file-nul',
              { ...HUNKS, '--pathspec-from-file=': 'path' },
            ),
            'pop apply branch create store export import': does('write', '--index -m= --message= --print --to-ref='),
            'drop clear': does('destroy'),
          },
        },
        branch: {
          effects: 'read',
          known:
            '-h -v --verbose -q --quiet --color=? --no-color -r --remotes --contains= --no-contains= --merged= --no-merged= --abbrev=? --no-abbrev -a --all --show-current --column=? --no-column --sort= --points-at= -i --ignore-case --format= --omit-empty --create-reflog --recurse-submodules',
          options: {
            ...HELP,
            '-l --list': { operands: 'word' },
            '-t=? --track=? --no-track -u= --set-upstream-to= --unset-upstream': 'write',
            '-m --move -c --copy': 'write',
            '-d --delete -D': { adds: 'destroy', operands: 'word' },
            '-M -C -f --force': 'destroy',
            '--edit-description': 'escape write',
          },
          operands: { effects: 'write' },
        },
        tag: {
          effects: 'read',
          known:
            '-h -n=? --cleanup= --create-reflog --column=? --no-column --contains= --no-contains= --merged= --no-merged= --sort= --points-at= --format= --color=? -i --ignore-case -m= --message= --omit-empty --trailer=',
          options: {
            ...HELP,
            '-l --list -v --verify': { operands: 'word' },
            // Without -m they ask for the message in an editor.
            '-a --annotate -s --sign -u= --local-user= -e --edit': 'escape',
            '-F= --file=': 'path',
            '-d --delete': { adds: 'destroy', operands: 'word' },
            '-f --force': 'destroy',
          },
          operands: { effects: 'write' },
        },
        config: {
          effects: 'read',
          known:
            '-h --global --system --local --worktree --blob= -t= --type= --no-type --bool --int --bool-or-int --bool-or-str --path --expiry-date -z --null --name-only --includes --no-includes --show-origin --show-scope --default= --fixed-value --comment= --show-names --regexp --all --value= --url=',
          options: {
            ...HELP,
            '-l --list --get --get-all --get-regexp --get-urlmatch --get-color --get-colorbool': {
              sets: 'read',
              operands: 'word',
            },
            '--unset --unset-all --remove-section --rename-section': { adds: 'write', operands: 'word' },
            '--add --replace-all --append': 'write',
            '-e --edit': 'escape write',
            '-f= --file=': 'path',
          },
          operands: [configKey, { effects: 'write' }],
        },

        // Changing.
        'add stage': {
          ...does(
            'write',
            '-n --dry-run -f --force -u --update --renormalize -N --intent-to-add -A --all --no-all --ignore-removal --no-ignore-removal --refresh --ignore-errors --ignore-missing --sparse --chmod= --pathspec-file-nul',
            { '-i --interactive -p --patch -e --edit': 'escape', '--pathspec-from-file=': 'path' },
          ),
          operands: 'path',
        },
        commit: {
          effects: 'write escape',
          known:
            '-h -q --quiet -v --verbose --author= --date= --reset-author --trailer= -s --signoff --no-signoff --cleanup= --status --no-status -S=? --gpg-sign=? --no-gpg-sign -a --all -i --include -o --only -n --no-verify --verify --short --branch --ahead-behind --porcelain --long -z --null --amend --no-post-rewrite -u=? --untracked-files=? --pathspec-file-nul --allow-empty --allow-empty-message --squash=',
          options: {
            ...HELP,
            ...MESSAGE,
            '-C= --reuse-message=': { sets: 'write' },
            '--fixup=': { sets: 'write', argument: { patterns: { '*:*': { effects: 'escape' }, '*': 'word' } } },
            '-c= --reedit-message= -p --patch --interactive': 'escape',
            '-t= --template= --pathspec-from-file=': 'path',
            '--dry-run': { sets: 'read' },
          },
        },
        merge: {
          effects: 'write escape',
          known: `-h -n -q --quiet -v --verbose ${MERGE}`,
          options: {
            ...HELP,
            ...MESSAGE,
            '--ff-only --squash --abort --quit': { sets: 'write' },
            '-s= --strategy=': strategy,
            '--continue': 'escape',
          },
        },
        pull: {
          effects: 'transfer write escape',
          known: `-h -q --quiet -v --verbose ${MERGE} ${FETCH}`,
          options: {
            ...HELP,
            ...FETCH_OPTIONS,
            '--ff-only --no-edit --squash': { sets: 'transfer write' },
            '-r=? --rebase=?': {
              sets: 'transfer write',
              argument: { patterns: { 'i*': { effects: 'escape' }, '*': 'word' } },
            },
            '--no-rebase --edit': 'escape',
            '-s= --strategy=': strategy,
          },
          operands: [repository, 'word'],
        },
        rebase: {
          ...does(
            'write',
            '--onto= --keep-base --no-verify --verify -n --no-stat --stat --signoff --committer-date-is-author-date --reset-author-date --ignore-date -C= --ignore-whitespace --whitespace= -f --force-rebase --no-ff --skip --abort --quit --apply -m --merge --rerere-autoupdate --empty= --no-keep-empty --keep-empty --autosquash --no-autosquash --update-refs -S=? --gpg-sign=? --no-gpg-sign --autostash --no-autostash -r=? --rebase-merges=? --no-rebase-merges --fork-point --no-fork-point -X= --strategy-option= --root --reschedule-failed-exec --no-reschedule-failed-exec --reapply-cherry-picks --trailer=',
            {
              '-i --interactive --edit-todo --continue': 'escape',
              '--show-current-patch': 'read',
              '-x= --exec=': 'shell',
              '-s= --strategy=': strategy,
            },
          ),
        },
        'cherry-pick': does('write', SEQUENCER, {
          '-e --edit --continue': 'escape',
          '-m= --mainline=': 'word',
          '--strategy=': strategy,
        }),
        revert: {
          effects: 'write escape',
          known: `-h ${SEQUENCER}`,
          options: {
            ...HELP,
            '--no-edit -n --no-commit --abort --quit --skip': { sets: 'write' },
            '-e --edit --continue': 'escape',
            '-m= --mainline=': 'word',
            '--strategy=': strategy,
          },
        },
        // A name may be a branch (kept safe) or a file (its changes are lost): only git knows.
        checkout: {
          ...does(
            'write',
            '--guess --no-guess --overlay --recurse-submodules=? --no-recurse-submodules --progress --no-progress -m --merge --conflict= -d -t=? --track=? --no-track -l --overwrite-ignore --ignore-other-worktrees -2 --ours -3 --theirs --ignore-skip-worktree-bits --pathspec-file-nul',
            {
              '-b= --orphan= --detach': { operands: 'word' },
              '-B=': { adds: 'destroy', operands: 'word' },
              '-f --force --no-overlay': 'destroy',
              '--pathspec-from-file=': 'destroy path',
              ...HUNKS,
            },
          ),
          operands: 'destroy path',
        },
        switch: does(
          'write',
          '-c= --create= --guess --no-guess --recurse-submodules=? --no-recurse-submodules --progress --no-progress -m --merge --conflict= -d --detach -t=? --track=? --no-track --orphan= --overwrite-ignore --ignore-other-worktrees',
          { '-C= --force-create= --discard-changes -f --force': 'destroy' },
        ),
        restore: {
          effects: 'destroy',
          known:
            '-h -s= --source= --ignore-unmerged --overlay --no-overlay -q --quiet --recurse-submodules=? --progress --no-progress -m --merge --conflict= -2 --ours -3 --theirs --ignore-skip-worktree-bits --pathspec-file-nul',
          options: {
            ...HELP,
            ...HUNKS,
            '-S --staged': { sets: 'write' },
            '-W --worktree': 'destroy',
            '--pathspec-from-file=': 'path',
          },
          operands: 'path',
        },
        reset: does(
          'write',
          '--mixed --soft --no-refresh --refresh -N --intent-to-add --recurse-submodules=? --no-recurse-submodules --pathspec-file-nul',
          { '--hard --merge --keep': 'destroy', '--pathspec-from-file=': 'path', ...HUNKS },
        ),
        clean: {
          ...does('destroy', '-f --force -i --interactive -d -e= --exclude= -x -X', {
            '-n --dry-run': { sets: 'read' },
          }),
          operands: 'path',
        },
        rm: {
          ...does('destroy', '-f --force -r --ignore-unmatch --sparse --pathspec-file-nul', {
            '--cached': { sets: 'write' },
            '-n --dry-run': { sets: 'read' },
            '--pathspec-from-file=': 'path',
          }),
          operands: 'path',
        },
        mv: does('write', '-n --dry-run -k --sparse', { '-f --force': 'destroy' }, 'path'),
        init: does(
          'write',
          '--bare --shared=? -b= --initial-branch= --object-format= --ref-format=',
          { '--separate-git-dir=': 'write path', '--template=?': 'escape' },
          'write path',
        ),
        'init-db': does(
          'write',
          '--bare --shared=? -b= --initial-branch= --object-format=',
          { '--separate-git-dir=': 'write path', '--template=?': 'escape' },
          'write path',
        ),
        apply: {
          ...does(
            'write',
            '--exclude= --include= -p= --no-add --index -N --intent-to-add --cached --unsafe-paths -3 --3way -z -C= --whitespace= --ignore-space-change --ignore-whitespace -R --reverse --unidiff-zero --reject --allow-overlap --inaccurate-eof --recount --directory= --allow-empty --ours --theirs --union',
            {
              '--stat --numstat --summary --check': { sets: 'read' },
              '--apply': 'write',
              '--build-fake-ancestor=': 'destroy path',
            },
          ),
          operands: 'read path',
        },
        am: does(
          'write',
          '-3 --3way --no-3way -s --signoff -u --utf8 -k --keep --keep-non-patch -m --message-id --keep-cr --no-keep-cr -c --scissors --no-scissors --quoted-cr= --whitespace= --ignore-space-change --ignore-whitespace --directory= --exclude= --include= -C= -p= --patch-format= --reject -r --resolved --continue --skip --abort --quit --allow-empty --committer-date-is-author-date --ignore-date --rerere-autoupdate -S=? --gpg-sign=? --empty= --no-verify',
          { '-i --interactive': 'escape', '--show-current-patch=?': 'read' },
          'read path',
        ),
        bisect: {
          ...does('write'),
          subcommands: {
            'start good bad new old skip next reset terms replay': does(
              'write',
              '--term-new= --term-good= --term-old= --term-bad= --no-checkout --first-parent',
            ),
            log: look(),
            'view visualize': 'read escape',
            run: { effects: 'write', syntax: 'posix', operands: 'command', bare: 'escape' },
            help: look(),
          },
        },
        worktree: {
          ...look(),
          subcommands: {
            list: look('-v --verbose --porcelain -z'),
            'add move lock unlock repair': does(
              'write',
              '-f --force -b= -B= -d --detach --checkout --no-checkout --lock --reason= --orphan --track --no-track --guess-remote --no-guess-remote --relative-paths',
              {},
              'write path',
            ),
            'remove prune': does('destroy', '-f --force --expire= -n --dry-run'),
          },
        },
        submodule: {
          ...look('-q --quiet --cached'),
          subcommands: {
            'status summary': look('--cached --recursive --files -n= --summary-limit='),
            foreach: {
              effects: 'read',
              syntax: 'posix',
              known: '-q --quiet --recursive',
              options: HELP,
              operands: 'joined shell',
            },
            add: {
              ...does(
                'transfer write',
                '-b= --branch= -f --force --name= --reference= --ref-format= --depth= --progress',
              ),
              operands: [repository, 'write path'],
            },
            'update init sync set-branch set-url absorbgitdirs': does(
              'transfer write',
              '--init --remote -N --no-fetch --no-recommend-shallow --recommend-shallow --merge --rebase --checkout --reference= --recursive --single-branch --no-single-branch -j= --jobs= --depth= --progress --filter= -b= --branch= -d --default',
              { '-f --force': 'destroy' },
            ),
            deinit: does('destroy', '-f --force --all'),
          },
        },
        notes: {
          ...look('--ref='),
          subcommands: {
            'list show get-ref': look(),
            'add append edit': {
              effects: 'write escape',
              known: '-h -f --force --allow-empty --separator=? --no-separator --stripspace --no-stripspace',
              options: {
                ...HELP,
                ...MESSAGE,
                '-C= --reuse-message=': { sets: 'write' },
                '-c= --reedit-message=': 'escape',
              },
            },
            'copy merge': does('write', '-f --force --stdin --for-rewrite= --commit --abort -s= --strategy='),
            'remove prune': does('destroy', '--ignore-missing --stdin -n --dry-run'),
          },
        },
        'gc prune prune-packed repack pack-redundant filter-repo': does(
          'write destroy',
          '--prune=? --no-prune --cruft --aggressive --auto --force --keep-largest-pack -n --dry-run --progress --no-progress --expire= --exclude-promisor-objects -a -A -d -f -F -l --local -b --write-bitmap-index -k --keep-unreachable -i --delta-islands --window= --window-memory= --depth= --threads= --max-pack-size= --pack-kept-objects --keep-pack= -g= --geometric= -m --write-midx --cruft-expiration= --max-cruft-size= --detach --no-detach --all',
          { '--expire-to=': 'write path' },
        ),
        'filter-branch': {
          effects: 'destroy',
          known: '--subdirectory-filter= --prune-empty --original= -f --force --remap-to-ancestor',
          options: {
            ...HELP,
            '--setup= --env-filter= --tree-filter= --index-filter= --parent-filter= --msg-filter= --commit-filter= --tag-name-filter=':
              'shell',
            '-d=': 'write path',
            '--state-branch=': 'word',
          },
        },
        'update-index update-server-info write-tree commit-tree mktree mktag mktag-tree pack-refs pack-objects unpack-objects unpack-file index-pack commit-graph sparse-checkout replay refs backfill-index mailinfo mailsplit merge-one-file merge-ours merge-recursive merge-recursive-ours merge-recursive-theirs merge-subtree merge-resolve merge-octopus fsmonitor--daemon quiltimport':
          'write',
        'multi-pack-index maintenance read-tree checkout-index fast-import update-ref rerere checkout--worker':
          'write destroy',
        'merge-file': {
          ...does(
            'write',
            '--diff3 --zdiff3 --ours --theirs --union --marker-size= -L= --object-id --diff-algorithm=',
            { '-p --stdout': { sets: 'read' } },
          ),
          operands: ['write path', 'read path'],
        },
        'hash-object': {
          ...look('-t= --stdin --stdin-paths --no-filters --literally --path=', { '-w': 'write' }),
          operands: 'read path',
        },
        'symbolic-ref': {
          ...look('-q --quiet --short --recurse --no-recurse -m=', { '-d --delete': 'destroy' }),
          operands: ['word', { effects: 'write' }],
        },
        replace: {
          ...look('-l --list --raw --format= --convert-graft-file', {
            '-d --delete -f --force': 'destroy',
            '-e --edit': 'escape write',
            '-g --graft': 'write',
          }),
          operands: { effects: 'write' },
        },
        'interpret-trailers': {
          ...look(
            '--trim-empty --where= --if-exists= --if-missing= --only-trailers --only-input --unfold --parse --no-divider --trailer=',
            { '--in-place': 'write' },
          ),
          operands: 'path',
        },
        'fast-export': look('', {
          '--export-marks=': 'destroy path',
          '--import-marks= --import-marks-if-exists=': 'path',
        }),
        'format-patch': {
          effects: 'write',
          known: `-h ${DIFF} ${LOG} -N --no-numbered --numbered --cover-letter --no-cover-letter --numbered-files --suffix= --start-number= -v= --reroll-count= --filename-max-length= --rfc=? --cover-from-description= --subject-prefix= -k --keep-subject --no-binary --zero-commit --ignore-if-in-upstream --no-stat --add-header= --to= --cc= --no-to --no-cc --from=? --no-from --in-reply-to= --attach=? --inline=? --no-attach --thread=? --no-thread --signature= --no-signature --base= --progress --interdiff= --range-diff= --force-in-body-from --signoff`,
          options: {
            ...HELP,
            ...DIFF_OPTIONS,
            '--stdout': { sets: 'read' },
            '-o= --output-directory=': 'write path',
            '--signature-file= --description-file=': 'path',
          },
        },
        archive: {
          ...look('--format= --prefix= --add-virtual-file= --worktree-attributes -v --verbose -l --list -# --mtime=', {
            '-o= --output=': 'destroy path',
            '--add-file=': 'read path',
            '--remote=': repository,
            '--exec=': 'escape',
          }),
          worst: 'read destroy transfer escape',
        },
        bundle: {
          ...look(),
          subcommands: {
            create: {
              effects: 'write',
              known:
                '-q --quiet --progress --all-progress --all-progress-implied --version= --all --branches --tags -# --since=',
              options: HELP,
              operands: ['destroy path', 'word'],
            },
            'verify list-heads': { ...look('-q --quiet'), operands: 'read path' },
            unbundle: does('write', '--progress', {}, 'read path'),
          },
        },

        // In and out.
        clone: {
          ...does(
            'transfer write',
            '--progress --no-progress --reject-shallow --no-reject-shallow -n --no-checkout --bare --mirror -l --local --no-local --no-hardlinks --hardlinks -s --shared --recurse-submodules=? --recursive=? -j= --jobs= --dissociate -o= --origin= -b= --branch= --revision= --depth= --shallow-since= --shallow-exclude= --single-branch --no-single-branch --no-tags --tags --shallow-submodules --no-shallow-submodules --server-option= -4 --ipv4 -6 --ipv6 --filter= --also-filter-submodules --remote-submodules --no-remote-submodules --sparse --ref-format=',
            {
              '-u= --upload-pack=': 'escape',
              '--template=': 'escape',
              '-c= --config=': 'code git-config',
              '--reference= --reference-if-able=': 'path',
              '--separate-git-dir=': 'write path',
              '--bundle-uri=': 'transfer url',
            },
          ),
          operands: [repository, 'write path'],
        },
        fetch: { ...does('transfer write', FETCH, FETCH_OPTIONS), operands: [repository, 'word'] },
        'fetch-pack http-fetch backfill': {
          ...does('transfer write', FETCH, FETCH_OPTIONS),
          operands: [repository, 'word'],
        },
        push: {
          ...does(
            'transfer',
            '--repo= --all --branches --tags -n --dry-run --porcelain --force-if-includes --no-force-if-includes --recurse-submodules= --no-recurse-submodules --thin --no-thin -u --set-upstream --progress --no-progress --no-verify --verify --follow-tags --no-follow-tags --signed=? --no-signed --atomic --no-atomic -o= --push-option= -4 --ipv4 -6 --ipv6',
            {
              '-f --force --force-with-lease=? -d --delete --mirror --prune': 'destroy',
              '--receive-pack= --exec=': 'escape',
            },
          ),
          operands: [
            repository,
            { patterns: { '+*': { effects: 'destroy' }, ':*': { effects: 'destroy' }, '*': 'word' } },
          ],
        },
        'send-pack http-push': {
          ...does(
            'transfer',
            '--all -n --dry-run --signed=? --push-option= --progress --thin --atomic --stateless-rpc --stdin --helper-status --remote=',
            {
              '-f --force --force-with-lease=? --mirror': 'destroy',
              '--receive-pack= --exec=': 'escape',
            },
          ),
          operands: [repository, 'word'],
        },
        'ls-remote': {
          ...does(
            'read transfer',
            '-t --tags -h --heads --branches --refs --sort= --exit-code --symref -o= --server-option= --get-url',
            FETCH_OPTIONS,
          ),
          operands: [repository, 'word'],
        },
        'upload-pack upload-archive': does(
          'transfer',
          '--stateless-rpc --strict --no-strict --timeout= --http-backend-info-refs --advertise-refs',
          {},
          'path',
        ),
        'receive-pack http-backend': does('transfer write', '--stateless-rpc --http-backend-info-refs', {}, 'path'),
        'request-pull svn p4 cvsimport cvsexportcommit archimport remote-http remote-https remote-ftp remote-ftps remote-fd bundle-uri subtree':
          'transfer write',
        lfs: {
          ...look(),
          subcommands: {
            'status ls-files env version logs pointer fsck': look(),
            locks: 'read transfer',
            'fetch pull push lock unlock clone': 'transfer write',
            'install uninstall track untrack checkout migrate update smudge clean dedup': 'write',
            prune: 'destroy',
          },
        },

        // What starts other programs.
        'send-email imap-send instaweb daemon': 'transfer escape',
        'difftool mergetool help gui citool gitk hook for-each-repo merge-index remote-ext shell web--browse browse bugreport diagnose credential-cache--daemon sh-setup cvsserver flow':
          'escape',
        'credential credential-cache credential-store': 'read write',
      },
    },
    'git-upload-pack git-upload-archive': ['transfer', 'path'],
    'git-receive-pack git-http-backend': ['transfer write', 'path'],
    'git-lfs': 'transfer write',
    'git-shell git-cvsserver gitk tig lazygit gitui git-gui git-cola': 'escape',
    'git-daemon git-instaweb': 'transfer escape',
  },
} satisfies Family
