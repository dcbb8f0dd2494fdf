/**
 * systemd's tools. The pager that most of them start by themselves is not counted as an escape (it runs with
 * LESSSECURE where systemd finds other rights); whoever opens an editor, a shell or a debugger is. A unit file named
 * by its path, a D-Bus call and an `Exec…=` property run what they like, so they are.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

/** Where options may follow a subcommand, `--version` may be one of its own: nothing is taken back. */
const SHOWN = { '-h --help --version': {} } as const
const HELP = { '-h --help --version': { sets: 'read' } } as const
/** Over ssh to another host; of a container or another user's manager. */
const REMOTE = { '-H= --host=': 'transfer host', '-M= --machine=': 'container' } as const
/** A unit by its name; by its path it is a file that the manager will run. */
const unitOrFile: Role = { patterns: { '*/*': { is: 'path', effects: 'escape' }, '*': 'unit' } }
/** Resource limits and descriptions are harmless, `ExecStartPre=`, `User=` and most others are not. */
const property: Role = {
  patterns: {
    'Memory*=*': 'word',
    'CPU*=*': 'word',
    'IO*=*': 'word',
    'Tasks*=*': 'word',
    'Nice=*': 'word',
    'Description=*': 'word',
    'RuntimeMaxSec=*': 'word',
    'Slice=*': 'word',
    '*': { effects: 'escape privilege' },
  },
}
/** A setting that is shown without a value and changed with one. */
const setting: LongEntry = { effects: 'read', worst: 'write', operands: 'write other' }
/** The same of one link (`resolvectl dns eth0 1.1.1.1`). */
const linkSetting: LongEntry = { effects: 'read', worst: 'write', operands: ['other', 'write other'] }

export const systemd = {
  name: 'systemd',
  sources: ['systemd 252 and 257 manual pages', 'https://gtfobins.github.io'],
  commands: {
    systemctl: {
      effects: 'read',
      known:
        '-alqriT --all --full --no-pager --no-legend --legend= --lines= -n= -o= --output= --failed --user --system --global --plain --recursive --reverse --after --before --show-types --value --with-dependencies -t= --type= --state= -p= -P= --property= --job-mode= --show-transaction --fail --check-inhibitors= -i --ignore-inhibitors --kill-whom= --kill-who= --kill-value= -s= --signal= --what= --dry-run --quiet --verbose -v --no-block --wait --no-wall --message= --no-reload --no-ask-password --preset-mode= --runtime -f --force --timestamp= --mkdir --read-only --marked --drop-in= --when= --no-warn --boot-loader-menu= --boot-loader-entry= --firmware-setup --reboot-argument=',
      options: { ...SHOWN, ...REMOTE, '--now': 'write', '--root=': 'write path', '--image=': 'privilege path' },
      globalOptions: true,
      subcommands: {
        'status show cat is-active is-enabled is-failed list-dependencies help': ['read', 'unit'],
        'list-units list-unit-files list-timers list-sockets list-jobs list-automounts list-paths list-machines is-system-running get-default show-environment whoami':
          'read',
        'start stop reload restart try-restart condrestart reload-or-restart try-reload-or-restart condreload force-reload freeze thaw reset-failed disable mask unmask preset set-property':
          ['write', 'unit'],
        'enable reenable': ['write', unitOrFile],
        link: ['write escape', 'path'],
        'add-wants add-requires set-default': ['write', 'unit'],
        'daemon-reload daemon-reexec preset-all cancel default log-level log-target service-watchdogs service-log-level service-log-target unset-environment':
          'write',
        'set-environment': { effects: 'write', worst: 'write', operands: 'code assignment' },
        'import-environment': 'write escape',
        edit: ['escape write', 'unit'],
        'revert clean kill isolate': ['destroy', 'unit'],
        'rescue emergency': 'destroy',
        'bind mount-image': ['privilege write', 'unit'],
        'poweroff halt reboot kexec soft-reboot exit suspend hibernate hybrid-sleep suspend-then-hibernate sleep':
          'destroy',
        'switch-root': ['destroy privilege escape', 'path'],
      },
      gtfobins: ['shell', 'command'],
    },
    journalctl: {
      effects: 'read',
      known:
        '-# -aefqrxklmN --all --pager-end --follow --quiet --reverse --catalog --dmesg --merge --fields --full --no-full --no-pager --no-tail --no-hostname --utc --system --user --local --header --disk-usage --list-boots --list-catalog --dump-catalog --list-invocations --list-namespaces --verify --truncate-newline --force --case-sensitive=? --cursor= --after-cursor= -c= --show-cursor -n=? --lines=? -o= --output= --output-fields= -p= --priority= -g= --grep= -S= -U= --since= --until= -b=? --boot=? -t= --identifier= -T= --exclude-identifier= --facility= -F= --field= --interval= --namespace= --verify-key= -I --invocation=',
      options: {
        ...HELP,
        '-u= --unit= --user-unit=': 'unit',
        '-M= --machine=': 'container',
        '-D= --directory= -i= --file= --root=': 'read path',
        '--image=': 'privilege path',
        '--cursor-file=': 'write path',
        '--vacuum-size= --vacuum-time= --vacuum-files=': 'destroy',
        '--rotate --flush --sync --relinquish-var --smart-relinquish-var --setup-keys --update-catalog': 'write',
      },
      operands: 'word',
      gtfobins: ['shell'],
    },
    loginctl: {
      effects: 'read',
      known:
        '-alq -s= --all --full --no-pager --no-legend --no-ask-password --value -p= -P= --property= -n= --lines= -o= --output= --kill-whom= --kill-who= --signal= -j --json=',
      options: { ...SHOWN, ...REMOTE },
      globalOptions: true,
      subcommands: {
        'list-sessions list-users list-seats session-status seat-status show-session show-seat': 'read',
        'user-status show-user': ['read', 'user'],
        'activate lock-session lock-sessions attach flush-devices': 'write',
        'unlock-session unlock-sessions': 'privilege',
        'enable-linger disable-linger': ['write', 'user'],
        'terminate-session terminate-seat kill-session': 'destroy',
        'terminate-user kill-user': ['destroy', 'user'],
      },
      gtfobins: ['shell'],
    },
    timedatectl: {
      effects: 'read',
      known: '-al --no-pager --no-ask-password --adjust-system-clock --monitor --all --value -p= -P= --property=',
      options: { ...SHOWN, ...REMOTE },
      globalOptions: true,
      subcommands: {
        'status show list-timezones timesync-status show-timesync': 'read',
        'set-time set-timezone set-local-rtc set-ntp ntp-servers revert': 'write',
      },
      gtfobins: ['shell'],
    },
    hostnamectl: {
      effects: 'read',
      known: '--no-ask-password --transient --static --pretty --json= -j --no-pager',
      options: { ...SHOWN, ...REMOTE },
      globalOptions: true,
      subcommands: {
        'status show': 'read',
        'hostname icon-name chassis deployment location': setting,
        'set-hostname set-icon-name set-chassis set-deployment set-location': 'write',
      },
    },
    localectl: {
      effects: 'read',
      known: '-l --full --no-pager --no-ask-password --no-convert',
      options: { ...SHOWN, ...REMOTE },
      globalOptions: true,
      subcommands: {
        'status list-locales list-keymaps list-x11-keymap-models list-x11-keymap-layouts list-x11-keymap-variants list-x11-keymap-options':
          'read',
        'set-locale set-keymap set-x11-keymap': 'write',
      },
    },
    'systemd-run': {
      effects: 'write privilege',
      syntax: 'posix',
      known:
        '-dGPqtTr --user --system --scope --no-ask-password --wait --pty --pipe --pty-late --quiet --collect --remain-after-exit --send-sighup --same-dir --no-block --ignore-failure --expand-environment= --nice= --description= --service-type= --slice= --slice-inherit --job-mode= --background= --on-active= --on-boot= --on-startup= --on-unit-active= --on-unit-inactive= --on-calendar= --on-timezone-change --on-clock-change --verbose -v --json= --no-pager',
      options: {
        ...HELP,
        ...REMOTE,
        '-u= --unit=': 'unit',
        '--uid= --gid=': 'user',
        '-p= --property= --path-property= --socket-property= --timer-property=': property,
        '-E= --setenv=': 'code assignment',
        '--working-directory= -D= --chdir=': 'path',
        '--root-directory= -R=': 'path',
        '-S --shell': 'escape',
      },
      operands: 'command',
    },
    run0: {
      effects: 'privilege',
      syntax: 'posix',
      known:
        '--no-ask-password --slice= --slice-inherit --nice= --background= --pty --pty-late --pipe --shell-prompt-prefix= --lightweight= --description= -i --via-shell --empower --area= -a=',
      options: {
        '-h --help -V --version': { sets: 'read' },
        '-u= --user= -g= --group=': 'user',
        '--machine=': 'container',
        '--unit=': 'unit',
        '--property=': property,
        '--setenv=': 'code assignment',
        '-D= --chdir=': 'path',
      },
      operands: 'command',
      bare: 'escape',
    },
    'systemd-analyze': {
      effects: 'read',
      known:
        '-mqj --user --system --global --order --require --no-pager --man=? --generators=? --offline=? --threshold= --profile= --security-policy= --json= --iterations= --base-time= --from-pattern= --to-pattern= --fuzz= --recursive-errors= --unit= --table --no-legend --tldr --quiet --scale-svg= --detailed --instance= --mask --plain',
      options: { ...SHOWN, ...REMOTE, '--root=': 'path', '--image=': 'privilege path' },
      globalOptions: true,
      subcommands: {
        'time blame critical-chain plot dot dump unit-paths unit-files exit-status capability condition syscall-filter filesystems calendar timestamp timespan compare-versions security malloc fdstore image-policy has-tpm2 pcrs smbios11 chid architectures transient-settings':
          ['read', 'unit'],
        'cat-config verify inspect-elf': ['read', 'path'],
        srk: 'read',
        'log-level log-target service-watchdogs get-log-level get-log-target': setting,
        'set-log-level set-log-target': 'write',
        edit: 'escape write',
        'unit-shell unit-gdb': 'escape privilege',
      },
    },
    networkctl: {
      effects: 'read',
      known:
        '-als -n= --all --full --stats --no-pager --no-legend --lines= --json= --no-ask-password --runtime --stdin --no-reload',
      options: { ...SHOWN, '--drop-in=': 'word' },
      globalOptions: true,
      subcommands: {
        'list status lldp label cat': 'read',
        'up down renew forcerenew reconfigure reload mask unmask persistent-storage': 'write',
        delete: 'destroy',
        edit: 'escape write',
      },
    },
    'resolvectl systemd-resolve': {
      effects: 'read',
      known:
        '-46 -i= --interface= -p= --protocol= -t= --type= -c= --class= --legend= --cname= --cache= --synthesize= --network= --search= --validate= --trust-anchor= --zone= --relax-single-label= --stale-data= --raw=? --no-pager --json= --status --statistics --service --no-ask-password --service-address= --service-txt= -j',
      options: {
        ...SHOWN,
        '--flush-caches --reset-statistics --reset-server-features --revert --set-dns= --set-domain= --set-llmnr= --set-mdns= --set-dnsovertls= --set-dnssec= --set-nta=':
          'write',
      },
      operands: 'host',
      globalOptions: true,
      subcommands: {
        // A name that is made of something else carries it to whoever answers for the zone.
        'query service openpgp tlsa': {
          effects: 'read',
          worst: 'read',
          operands: 'host',
        },
        'status statistics monitor show-cache show-server-state help': 'read',
        'dns domain default-route llmnr mdns dnsovertls dnssec nta': linkSetting,
        'log-level': setting,
        'flush-caches reset-statistics reset-server-features revert': 'write',
      },
      gtfobins: ['shell'],
    },
    machinectl: {
      effects: 'read',
      known:
        '-alq -s= --all --full --no-pager --no-legend --no-ask-password -p= -P= --property= --kill-whom= --signal= --value --read-only --mkdir -n= --lines= -o= --output= --verify= --force --format= --max-addresses= --runner= --now --system --user -V',
      options: { ...SHOWN, ...REMOTE, '--uid=': 'privilege user', '-E= --setenv=': 'code assignment' },
      globalOptions: true,
      subcommands: {
        'list status show list-images image-status show-image list-transfers': ['read', 'container'],
        'start enable disable clone rename read-only set-limit cancel-transfer': ['write', 'container'],
        'login shell': ['escape privilege', 'container'],
        'poweroff reboot terminate kill remove clean stop restart': ['destroy', 'container'],
        'copy-to copy-from': ['write transfer', 'path'],
        bind: ['write privilege', 'container'],
        'pull-tar pull-raw': ['write transfer', 'url'],
        'import-tar import-raw import-fs export-tar export-raw': ['write', 'path'],
        edit: 'escape write',
        cat: 'read',
      },
    },
    busctl: {
      effects: 'read',
      known:
        '-lq --no-pager --no-legend --system --user --show-machine --unique --acquired --activatable --match= --size= --list --verbose --xml-interface --json= -j --expect-reply= --auto-start= --allow-interactive-authorization= --timeout= --augment-creds= --watch-bind= --destination= --num-matches= -N= -n= --full --limit-messages=',
      options: { ...SHOWN, ...REMOTE, '--address=': 'escape' },
      globalOptions: true,
      subcommands: {
        'list status monitor capture tree introspect get-property help wait': ['read', 'unit'],
        'emit set-property': ['write privilege', 'unit'],
        // One call to the manager (StartTransientUnit) runs any command as root.
        call: ['write privilege escape', 'unit'],
      },
      gtfobins: ['shell'],
    },
    varlinkctl: {
      effects: 'read',
      known: '--no-pager --more -E --collect --oneway --json= -j --quiet -q --timeout= --graceful=',
      options: HELP,
      globalOptions: true,
      subcommands: {
        // An address may be `exec:` or `ssh:`.
        'info list-interfaces introspect list-methods list-registry': {
          effects: 'read',
          worst: 'read',
          operands: { patterns: { '/*': 'path', 'unix:*': 'path', '*': { effects: 'escape' } } },
        },
        'help validate-idl': ['read', 'path'],
        'call serve': 'write privilege escape',
      },
    },
    coredumpctl: {
      effects: 'read',
      known:
        '-1rq -n= --no-pager --no-legend --json= -F= --field= -S= -U= --since= --until= --reverse --all --quiet -A= --debugger-arguments=',
      options: {
        ...SHOWN,
        '-o= --output=': 'destroy path',
        '--debugger=': 'escape',
        '-D= --directory= --file= --root=': 'read path',
        '--image=': 'privilege path',
      },
      globalOptions: true,
      subcommands: { 'list info dump': ['read', 'process'], 'debug gdb': ['escape', 'process'] },
    },
    'systemd-cgls systemd-cgtop systemd-detect-virt systemd-path systemd-delta systemd-escape systemd-ac-power oomctl':
      'read',
    'systemd-id128': { effects: 'read', worst: 'read' },
    'systemd-cat': {
      effects: 'write',
      syntax: 'posix',
      known: '-t= --identifier= -p= --priority= --stderr-priority= --level-prefix= --namespace=',
      options: HELP,
      operands: 'command',
    },
    'systemd-inhibit': {
      effects: 'write',
      syntax: 'posix',
      known: '--what= --who= --why= --mode= --no-pager --no-legend --no-ask-password',
      options: { ...HELP, '--list': { sets: 'read' } },
      operands: 'command',
    },
    'systemd-socket-activate': {
      effects: 'transfer',
      syntax: 'posix',
      known: '-l= --listen= -a --accept -d --datagram --seqpacket --fdname= --inetd --now',
      options: { ...HELP, '-E= --setenv=': 'code assignment' },
      operands: 'command',
    },
    'systemd-notify systemd-machine-id-setup systemd-update-done systemd-random-seed systemd-sysext systemd-confext':
      'write',
    'systemd-tmpfiles': {
      effects: 'read',
      known: '--user --boot --graceful --prefix= --exclude-prefix= -E --no-pager --dry-run --replace=',
      options: {
        ...HELP,
        '--cat-config --tldr': 'read',
        '--create': 'write privilege',
        '--clean --remove --purge': 'destroy',
        '--root=': 'path',
        '--image=': 'privilege path',
      },
      operands: 'path',
    },
    'systemd-sysusers systemd-firstboot': 'write privilege',
    'systemd-hwdb': {
      effects: 'read',
      known: '-s --strict -r= --root= --usr',
      subcommands: { query: 'read', update: 'write' },
    },
    'systemd-nspawn systemd-vmspawn': ['privilege escape', 'container'],
    'systemd-creds': {
      effects: 'read',
      known:
        '--system --user --no-pager --no-legend --json= --transcode= --newline= --pretty -p --name= --timestamp= --not-after= --with-key= -H -T --tpm2-device= --tpm2-pcrs= --uid=',
      options: HELP,
      globalOptions: true,
      subcommands: {
        'list cat has-tpm2': 'read',
        'encrypt decrypt': { effects: 'read', worst: 'write', operands: ['path', 'destroy path'] },
        setup: 'write',
      },
    },
    'systemd-cryptenroll systemd-cryptsetup systemd-veritysetup systemd-integritysetup': ['privilege destroy', 'path'],
    'systemd-dissect': {
      effects: 'read',
      known:
        '-lr --no-pager --no-legend --json= --discard= --fsck= --in-memory --read-only --root-hash= --mkdir --rmdir --growfs=',
      options: {
        ...HELP,
        '-m --mount -M': 'privilege',
        '-u --umount -U --attach --detach': 'write',
        '--list --mtree --validate': 'read',
        '-x --copy-from -a --copy-to': 'write',
        '--with': { adds: 'privilege', operands: ['path', 'command'] },
      },
      operands: 'path',
    },
    'systemd-mount': {
      effects: 'privilege',
      options: { ...HELP, '--list': { sets: 'read' }, '-u --umount': 'write' },
      operands: 'path',
    },
    'systemd-umount': ['write', 'path'],
    'systemd-repart': 'destroy',
    'systemd-stdio-bridge': 'escape',
    'systemd-ask-password systemd-tty-ask-password-agent': 'write privilege',
    bootctl: {
      effects: 'read',
      known:
        '--no-pager --print-esp-path -p -x --print-boot-path --print-root-device -R --esp-path= --boot-path= --no-variables --graceful --quiet --json= --all-architectures --efi-boot-option-description= --make-entry-directory= --entry-token= --variables= --dry-run',
      options: { ...SHOWN, '--root=': 'path', '--image=': 'privilege path' },
      globalOptions: true,
      subcommands: {
        'status list is-installed systemd-efi-options': 'read',
        'install update random-seed set-default set-oneshot set-timeout set-timeout-oneshot set-sysfail set-preferred reboot-to-firmware':
          'write',
        'remove unlink cleanup': 'destroy',
        'kernel-identify kernel-inspect': ['read', 'path'],
      },
    },
    'kernel-install': {
      effects: 'write',
      subcommands: { 'inspect list': 'read', 'add add-all': 'write escape', remove: 'destroy' },
    },
    udevadm: {
      effects: 'read',
      known: '-d --debug',
      options: HELP,
      subcommands: {
        info: {
          effects: 'read',
          worst: 'write',
          options: { '-c --cleanup-db': 'destroy' },
          known:
            '-q= -p= -n= -r -a -t -x -P= -e -w=? --query= --path= --name= --root --attribute-walk --tree --export --export-prefix= --export-db --device-id-of-file= --property= --value --no-pager --json= --subsystem-match= --subsystem-nomatch= --attr-match= --attr-nomatch= --property-match= --tag-match= --sysname-match= --name-match= --parent-match= --initialized-match --initialized-nomatch --wait-for-initialization=?',
          operands: 'path',
        },
        'monitor settle wait verify cat': 'read',
        'trigger control': 'write',
        'test test-builtin': ['write escape', 'path'],
        lock: {
          effects: 'write',
          syntax: 'posix',
          known: '-t= --timeout= -p --print',
          options: { '-d= --device= -b= --backing=': 'path' },
          operands: 'command',
        },
      },
    },
    portablectl: {
      effects: 'read',
      known:
        '-lq --no-pager --no-legend --no-ask-password --cat --profile= --copy= --runtime --no-reload --enable --now --no-block --extension= --force',
      options: { ...SHOWN, ...REMOTE },
      globalOptions: true,
      subcommands: {
        'list inspect is-attached': ['read', 'path'],
        'attach reattach': ['write privilege escape', 'path'],
        'detach read-only set-limit': ['write', 'path'],
        remove: ['destroy', 'path'],
      },
    },
    homectl: {
      effects: 'read',
      options: { ...SHOWN, ...REMOTE },
      known: '--no-pager --no-legend --no-ask-password -j --json= -E -EE --export-format=',
      globalOptions: true,
      subcommands: {
        'list inspect': ['read', 'user'],
        authenticate: ['read', 'user'],
        'create update passwd activate resize adopt firstboot register': ['write privilege', 'user'],
        with: { effects: 'privilege', operands: ['user', 'command'] },
        '*': 'write destroy privilege',
      },
    },
    importctl: {
      effects: 'read',
      known:
        '--no-pager --no-legend --no-ask-password -q -m -P -S -C -N --class= --verify= --force --format= --keep-download= --read-only -j --json=',
      options: { ...SHOWN, ...REMOTE },
      globalOptions: true,
      subcommands: {
        'list-transfers list-images': 'read',
        'pull-tar pull-raw': ['write transfer', 'url'],
        'import-tar import-raw import-fs export-tar export-raw': ['write', 'path'],
        'cancel-transfer': 'write',
      },
    },
    userdbctl: {
      effects: 'read',
      known:
        '-jN -s= --output= --service= --with-nss= --with-dropin= --with-varlink= --synthesize= --no-pager --no-legend --json= --multiplexer=',
      options: { '--chain': 'escape' },
      globalOptions: true,
      subcommands: {
        'user users-in-group groups-of-user group services': ['read', 'user'],
        'ssh-authorized-keys': ['read', 'user'],
      },
    },
  },
} satisfies Family
