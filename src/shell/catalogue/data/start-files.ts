/**
 * Files that something reads, as commands or as what decides which commands run, before any gate looks: sshd starts the
 * login shell for each exec (`$SHELL -c`), and bash, zsh and fish read theirs first; pagers, editors and git read theirs when
 * they start; cron runs its own. Whoever writes to one has commands run that nobody was asked for. Sources: bash(1)
 * "Invocation", zsh(1) "Startup/Shutdown Files", fish(1), sshd(8) "Login process" and "FILES", pam_env(8), lesskey(1),
 * vim(1), git-config(1), githooks(5), ld.so(8), crontab(5), sudoers(5).
 *
 * Shell patterns: `*` within a name, `**` across folders; `**` and a slash at the beginning also stands for nothing, because homes may
 * be anywhere and a relative name may be in one.
 */
import type { Effects } from '../schema.ts'

export interface StartFiles {
  readonly paths: readonly string[]
  readonly effects: Effects
}

// biome-ignore format: a table
export const startFiles: readonly StartFiles[] = [
  { effects: 'escape', paths: [
    // Shells.
    '**/.bashrc', '**/.bash_profile', '**/.bash_login', '**/.profile', '**/.bash_logout', '**/.bash_aliases', '**/.bash_completion', '**/.inputrc',
    '**/.zshenv', '**/.zshrc', '**/.zprofile', '**/.zlogin', '**/.zlogout', '**/.kshrc', '**/.mkshrc', '**/.cshrc', '**/.tcshrc', '**/.login', '**/.logout',
    '**/config.fish', '**/conf.d/*.fish', '**/functions/*.fish', '**/completions/*.fish', '**/fish_variables', '*.fish',
    // What sshd and PAM read for each session.
    '**/.ssh/rc', '**/.ssh/environment', '**/.ssh/config', '**/.pam_environment', 'rc', 'environment',
    // Programs that a read starts: pagers, git, editors, clients.
    '**/.lesskey', '**/.less', '**/.config/lesskey', '**/.lessfilter', '**/.vimrc', '**/.exrc', '**/.vim/**.vim', '**/.config/nvim/**.vim', '**/.config/nvim/**.lua', '**/.nanorc',
    '**/.gitconfig', '**/.config/git/*', '**/.git/config', '**/.git/hooks/*', '**/.psqlrc', '**/.sqliterc', '**/.my.cnf', '**/.gdbinit', '**/.tmux.conf', '**/.screenrc',
    '**/.toprc', '**/.curlrc', '**/.wgetrc', '**/.config/environment.d/*', '**/.config/systemd/user/*.service', '**/.config/systemd/user/*.timer',
  ] },
  { effects: 'escape privilege', paths: [
    '**/authorized_keys', '**/authorized_keys2', '**/.rhosts', '**/.shosts',
    '/etc/profile', '/etc/profile.d/*.sh', '/etc/profile.d/*', '/etc/bash.bashrc', '/etc/bashrc', '/etc/bash_completion.d/*', '/etc/zsh/*', '/etc/zshrc', '/etc/zshenv', '/etc/zprofile', '/etc/fish/**.fish',
    '/etc/inputrc', '/etc/environment', '/etc/environment.d/*', '/etc/security/pam_env.conf', '/etc/ld.so.preload', '/etc/gitconfig', '/etc/lesskey', '/etc/vim/vimrc', '/etc/vim/vimrc.local',
    '/etc/crontab', '/etc/anacrontab', '/etc/cron.*/*', '/var/spool/cron/*', '/var/spool/cron/*/*', '/etc/sudoers', '/etc/sudoers.d/*', '/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow', '/etc/pam.d/*',
    'profile', 'profile.d/*', 'bash.bashrc', 'ld.so.preload', 'crontab', 'cron.*/*', 'sudoers', 'sudoers.d/*',
  ] },
  // Folders that hold them: what is unpacked or copied into one is not in the text.
  { effects: 'escape', paths: ['~', '~*', '/home', '/home/*', '/root', '**/.ssh', '**/.config', '**/.config/fish', '**/.config/fish/*', '**/.git/hooks'] },
  { effects: 'escape privilege', paths: ['/', '/etc', '/etc/profile.d', '/etc/cron.d', '/etc/cron.hourly', '/etc/cron.daily', '/etc/cron.weekly', '/etc/cron.monthly', '/etc/zsh', '/var/spool/cron', '/var/spool/cron/crontabs', '/etc/sudoers.d', '/etc/pam.d'] },
]
