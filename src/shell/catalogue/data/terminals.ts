/**
 * Terminal multiplexers, recorders, emulators, serial lines and dialogs. What runs in another terminal is out of the
 * gate's sight, so starting or joining one is `escape`; listing and showing them is `read`.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

const HELP = { '--help --version': { sets: 'read' } } as const

/** tmux runs several commands from one line, separated by `;`, and a format may hold `#(shell command)`. */
const tmuxWord: Role = { patterns: { '*;*': { effects: 'escape' }, '*[#](*': { effects: 'escape' }, '*': 'word' } }
const tmuxRead: LongEntry = {
  effects: 'read',
  worst: 'escape',
  known: '-aAgHlNpqsvwJCPeTcnbEBDd -1',
  options: { '-F= -f= -t= -S= -E= -b= -T= -O= -P= -B= -c= -o=': tmuxWord },
  operands: tmuxWord,
}
const tmuxWrite: LongEntry = { ...tmuxRead, effects: 'write' }
const tmuxDestroy: LongEntry = { ...tmuxRead, effects: 'destroy' }

export const terminals = {
  name: 'terminals',
  sources: [
    'tmux 3.3a, screen 4.9, script 2.38, asciinema 2.2, expect 5.45, dialog 1.3 manual pages',
    'https://gtfobins.github.io',
  ],
  commands: {
    tmux: {
      syntax: 'posix',
      known: '-2CDluvN -L= -S= -T=',
      options: { '-V': { sets: 'read' }, '-c=': { argument: 'shell', adds: 'escape' }, '-f=': 'escape' },
      bare: 'escape',
      needs: 1,
      gtfobins: ['shell', 'command', 'file-read'],
      subcommands: {
        'attach-session attach a at switch-client switchc': 'escape',
        'list-sessions ls list-windows lsw list-panes lsp list-clients lsc list-buffers lsb list-keys lsk list-commands lscm has-session has show-options show showw show-window-options show-environment showenv show-messages showmsgs show-hooks show-buffer showb start-server start info display-message display server-info':
          tmuxRead,
        'rename-session rename rename-window renamew resize-pane resizep resize-window resizew select-window selectw select-pane selectp select-layout selectl next-window next previous-window prev last-window last last-pane lastp swap-pane swapp swap-window swapw move-window movew move-pane movep rotate-window rotatew break-pane breakp join-pane joinp detach-client detach refresh-client refresh clear-history clearhist lock-client lockc lock-server lock lock-session locks set-buffer setb capture-pane capturep':
          tmuxWrite,
        'kill-session kill-window killw kill-pane killp kill-server delete-buffer deleteb': tmuxDestroy,
        '*': 'escape write',
      },
    },
    screen: {
      effects: 'escape',
      worst: 'escape write',
      syntax: 'single-dash',
      known:
        '-4 -6 -a -A -c= -d -D -RR -dr -Dr -dRR -DRR -dm -Dm -dmS= -DmS= -f -fn -fa -h= -i -l -ln -L -Logfile= -m -O -p= -q -Q -r -R -s= -S= -t= -T= -U -x -xr -X',
      options: { '-e=': 'word', '-ls -list -v -version -help --version --help': { sets: 'read' }, '-wipe': 'write' },
      operands: 'command',
      gtfobins: ['shell', 'file-write'],
    },
    'byobu byobu-tmux byobu-screen byobu-shell zellij dtach abduco dvtm mtm tmuxinator tmuxp teamocil 3mux': {
      effects: 'escape',
      worst: 'escape',
      options: HELP,
    },
    'byobu-status byobu-status-detail': 'read',
    'tmate ttyd gotty wetty sshx upterm teleconsole webtty shellinabox shellinaboxd': {
      effects: 'escape transfer',
      worst: 'escape transfer',
      options: HELP,
      gtfobins: ['shell'],
    },
    // Seeing or taking over another terminal
    'conspy ttysnoop': { effects: 'escape privilege', worst: 'escape privilege', options: HELP },

    'ttyplay ttytime': ['read', 'path'],
    'ttyrec termrec ovh-ttyrec': ['escape write', 'write path'],
    asciinema: {
      effects: 'read',
      options: { '--help --version -h': { sets: 'read' } },
      subcommands: {
        rec: {
          effects: 'escape write',
          worst: 'escape write',
          options: { '-c= --command=': 'shell' },
          operands: 'write path',
        },
        'play cat': {
          effects: 'read',
          worst: 'read',
          operands: { patterns: { '*://*': 'transfer url', '*': 'path' } },
        },
        'upload auth': ['transfer', 'path'],
        'stream session': 'escape transfer',
        convert: ['write', 'path'],
      },
    },
    'termtosvg terminalizer t-rec': ['escape write', 'path'],

    // Serial lines: minicom's `!` and its scripts are a shell
    'minicom picocom cu tio kermit gkermit seyon tip': {
      effects: 'escape transfer',
      worst: 'escape transfer',
      options: HELP,
      gtfobins: ['shell'],
    },
    'sz sb sx rb lsz lrz': ['transfer write', 'path'],
    'ascii-xfr': {
      effects: 'transfer write',
      worst: 'transfer write',
      operands: 'path',
      gtfobins: ['file-read', 'file-write'],
    },

    // Emulators run a shell
    'xterm uxterm lxterm rxvt urxvt urxvtc urxvtd st x-terminal-emulator gnome-terminal konsole xfce4-terminal mate-terminal lxterminal terminator tilix kitty alacritty wezterm foot ghostty guake yakuake eterm aterm mlterm sakura qterminal terminology tilda roxterm cool-retro-term ptyxis kgx gnome-console Eterm kitten fbterm kmscon yaft jfbterm':
      { effects: 'escape', worst: 'escape', options: HELP },

    // Expect: what it starts and types is in its script
    'expect expectk autoexpect dislocate kibitz xkibitz': {
      effects: 'escape',
      worst: 'escape',
      syntax: 'posix',
      known: '-bdiInNv -D=',
      options: { '-c=': 'code expect', '-f=': 'script' },
      operands: ['script', 'word'],
      gtfobins: ['shell', 'file-read'],
    },
    passmass: 'escape privilege',

    // The terminal's own settings and capabilities
    'tput clear reset tset tabs': { effects: 'read', worst: 'read', known: '-V -x -T= -S', operands: 'word' },
    'infocmp toe captoinfo infotocap': ['read', 'path'],
    tic: {
      effects: 'write',
      worst: 'write',
      known: '-01CDGIKLNTUVacfgrstvwWx -Q= -R= -e=',
      options: { '-o=': 'write path' },
      operands: 'read path',
      gtfobins: ['file-read'],
    },
    'setupcon consolechars': 'write',

    dialog: {
      effects: 'read',
      worst: 'escape',
      known: '-# --*',
      options: { '--prgbox --programbox --progressbox': 'escape', '--output-fd=': 'word', ...HELP },
      operands: 'path',
      gtfobins: ['file-read'],
    },
    'yad gum': 'escape',
    'whiptail zenity kdialog gxmessage xmessage': {
      effects: 'read',
      worst: 'read',
      operands: 'path',
      gtfobins: ['file-read'],
    },
    'cmatrix sl asciiquarium': 'read',
  },
} satisfies Family
