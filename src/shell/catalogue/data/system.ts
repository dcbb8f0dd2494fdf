/**
 * Services, scheduled jobs, the kernel, hardware, logs, auditing and mandatory access control. What stops the machine is
 * `destroy`; what is put down to run later, out of sight (cron, at), is `escape`.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

const HELP = { '-h --help -V --version': { sets: 'read' } } as const
/** A service by its name. With a path service(8) runs that file: `service ../../bin/sh`. */
const service: Role = { patterns: { '*/*': { is: 'path', effects: 'escape privilege' }, '*': 'unit' } }
const SERVICE_ACTIONS: LongEntry['subcommands'] = {
  'status show describe configtest config-test checkconfig ineed iuse needsme usesme --help': 'read',
  'start stop restart reload force-reload try-restart condrestart reload-or-restart zap pause cond-restart graceful':
    'write',
  // Whatever the script makes of it.
  '*': 'write destroy escape',
}
const down: LongEntry = {
  effects: 'destroy',
  worst: 'destroy',
  options: { '--help': { sets: 'read' }, '-w --wtmp-only': { sets: 'write' } },
}

export const system = {
  name: 'system',
  sources: [
    'sysvinit-utils 3.06, openrc 0.48, runit 2.1, supervisor 4.2, cron 3.0, cronie 1.6, at 3.2 manual pages',
    'kmod 30, kexec-tools 2.0, grub 2.06, dracut 059, audit 3.0, libselinux and policycoreutils 3.4, apparmor 3.0 manual pages',
    'pciutils 3.9, usbutils 014, dmidecode 3.4, ipmitool 1.8, logrotate 3.21 manual pages',
    'https://gtfobins.github.io',
  ],
  commands: {
    'locale getconf': 'read',
    service: {
      effects: 'read',
      known: '--skip-redirect',
      options: { '--status-all --help -h --version': { sets: 'read' }, '--full-restart': 'write' },
      operands: service,
      subcommandAt: 1,
      subcommands: SERVICE_ACTIONS,
      gtfobins: ['shell'],
    },
    'invoke-rc.d': {
      effects: 'read',
      known: '--quiet --force --try-anyway --disclose-deny --query --no-fallback --skip-systemd-native',
      operands: service,
      subcommandAt: 1,
      subcommands: SERVICE_ACTIONS,
    },
    'rc-service rc.d': {
      effects: 'read',
      known:
        '-dDiINsSZqvC --debug --nodeps --ifexists --ifinactive --ifnotstarted --ifstarted --ifstopped --ifcrashed --dry-run --quiet --verbose --nocolor',
      options: { '-l --list -h --help -V --version': { sets: 'read' }, '-e= --exists= -r= --resolve=': 'unit' },
      operands: service,
      subcommandAt: 1,
      subcommands: SERVICE_ACTIONS,
    },
    'rc-status rc-depend': 'read',
    'rc-update rc-config': {
      effects: 'read',
      known: '-asuvq --all --stack --verbose',
      options: HELP,
      subcommands: { 'show list': 'read', 'add del delete update': ['write', 'unit'] },
    },
    'openrc openrc-run rc': { effects: 'write escape', worst: 'write escape' },
    'chkconfig sysv-rc-conf ntsysv insserv': {
      effects: 'write',
      worst: 'write',
      known: '--level=',
      options: { '--list --help --version': { sets: 'read' } },
      operands: 'unit',
    },
    initctl: {
      effects: 'read',
      known: '--system --session -q -v',
      subcommands: {
        'list status version show-config usage': ['read', 'unit'],
        'start stop restart reload': ['write', 'unit'],
        'emit set-env unset-env reload-configuration': 'write',
      },
    },
    'sv svc s6-svc': {
      effects: 'write',
      worst: 'write destroy',
      known: '-v -w=',
      subcommands: {
        'status s check': ['read', 'path'],
        'up down once pause cont hup alarm interrupt quit 1 2 term start stop reload restart force-reload force-restart u d o p c h a i q t':
          ['write', 'path'],
        'kill k exit x force-stop shutdown': ['destroy', 'path'],
        '*': 'write destroy',
      },
    },
    'svstat s6-svstat s6-rc-db svok': ['read', 'path'],
    'runsv runsvdir supervise svscan supervisord s6-svscan s6-supervise s6-rc runit runit-init': 'write escape',
    supervisorctl: {
      effects: 'write destroy',
      known: '-i -s= -u= -p= -h --serverurl= --username= --password= -r --history-file=',
      options: { '-c= --configuration=': 'escape path' },
      subcommands: {
        'status pid avail tail maintail version help': 'read',
        'start stop restart reread update reload add clear signal': ['write', 'unit'],
        'remove shutdown': 'destroy',
        '*': 'write destroy',
      },
    },
    monit: {
      effects: 'write escape',
      known: '-v -I -d= -l= -p= -s= -g= -B',
      options: { '-h -V -t': { sets: 'read' }, '-c=': 'escape path' },
      subcommands: {
        'status summary report procmatch': 'read',
        'start stop restart monitor unmonitor reload validate': ['write', 'unit'],
        '*': 'write destroy',
      },
    },
    'reboot halt poweroff': down,
    shutdown: {
      effects: 'destroy',
      worst: 'destroy',
      known: '-HPrkft --halt --poweroff --reboot --no-wall',
      options: { '--help --show': { sets: 'read' }, '-c': { sets: 'write' } },
      operands: 'word',
    },
    'init telinit': { effects: 'destroy', worst: 'destroy', options: { '--help --version': { sets: 'read' } } },
    'pm-suspend pm-hibernate pm-powersave s2ram s2disk acpitool zzz': 'destroy',

    crontab: {
      // What it installs runs later, out of sight.
      effects: 'write escape',
      known: '-i -s -V -c -x= -p',
      options: {
        '-l': { sets: 'read' },
        '-r -d': 'destroy',
        '-e': 'escape',
        '-u=': 'user',
        '-n=': 'word',
        '-T=': { sets: 'read' },
        '-h --help': { sets: 'read' },
      },
      operands: 'opaque path',
      gtfobins: ['command', 'shell'],
    },
    'at batch': {
      effects: 'write escape',
      known: '-Vmb -M -q= -t= -v',
      options: {
        '-l': { sets: 'read' },
        '-c': { sets: 'read' },
        '-r -d': { adds: 'destroy' },
        '-f=': 'opaque path',
        '-u=': 'privilege user',
      },
      operands: 'word',
      gtfobins: ['shell', 'command'],
    },
    'atq cronlist': 'read',
    atrm: 'destroy',
    'cron crond atd anacron fcron incrond atrun': {
      effects: 'escape',
      worst: 'escape',
      options: { '-T': { sets: 'read' } },
    },
    'fcrontab incrontab': {
      effects: 'write escape',
      options: { '-l': { sets: 'read' }, '-r': 'destroy', '-e': 'escape', '-u=': 'privilege user', '-d -t': 'write' },
      operands: 'opaque path',
    },

    'lsmod modinfo kmod-static-nodes': 'read',
    modprobe: {
      effects: 'privilege write',
      known:
        '-abfiqsv --all --use-blacklist --force --force-vermagic --force-modversion --ignore-install --ignore-remove --first-time --quiet --syslog --verbose --wait= -w= --remove-holders --remove -r --set-version= -S=',
      options: {
        '-h --help -V --version -c --showconfig --show-config --show-depends -R --resolve-alias -n --dry-run --show --show-modversions --dump-modversions --show-exports -D':
          { sets: 'read' },
        '-C= --config= -d= --dirname=': 'escape path',
      },
      operands: 'other',
      worst: 'privilege write escape',
    },
    insmod: { effects: 'privilege', worst: 'privilege', known: '-fsv --force --syslog --verbose', operands: 'path' },
    rmmod: { effects: 'privilege destroy', worst: 'privilege destroy', operands: 'other' },
    depmod: {
      effects: 'write',
      options: { ...HELP, '-n --show --dry-run': { sets: 'read' } },
      worst: 'write',
      operands: 'path',
    },
    kmod: { effects: 'read', subcommands: { 'list static-nodes help': 'read', '*': 'privilege write' } },
    dkms: {
      effects: 'read',
      known: '-m= -v= -k= -a= --all',
      subcommands: { status: 'read', '*': 'write privilege escape destroy' },
    },
    kexec: {
      effects: 'destroy privilege',
      options: { ...HELP, '-S --status': { sets: 'read' } },
      worst: 'destroy privilege',
      operands: 'path',
    },
    'kdumpctl kdump-config': {
      effects: 'read',
      subcommands: { 'status show showmem estimate get-default-crashkernel test': 'read', '*': 'write destroy' },
    },
    makedumpfile: ['write', 'path'],
    crash: { effects: 'escape', worst: 'escape', gtfobins: ['shell'] },
    dmesg: {
      effects: 'read',
      known:
        '-dekLPrStTuwWxJp -q=? -F= -f= -l= -s= -K= --file= --facility= --kernel --level= --decode --json --color=? --ctime --reltime --notime --time-format= --follow --follow-new --nopager --raw --syslog --show-delta --since= --until= --userspace --buffer-size= --noescape --force-prefix --kmsg-file= -a',
      options: {
        ...HELP,
        '-C --clear -c --read-clear': 'destroy',
        '-D --console-off -E --console-on -n= --console-level=': 'write',
        // It asks for the pager by name.
        '-H --human': 'escape',
      },
      gtfobins: ['shell', 'file-read'],
    },
    'grub-install grub2-install grub-bios-setup lilo extlinux syslinux': 'destroy privilege',
    'grub-mkconfig grub2-mkconfig': { effects: 'read escape', options: { ...HELP, '-o= --output=': 'destroy path' } },
    'update-grub update-grub2 grub-set-default grub2-set-default grub-reboot grub2-reboot grub-editenv grub2-editenv grub-mkpasswd-pbkdf2 update-initramfs mkinitramfs mkinitcpio dracut mkinitrd u-boot-update zipl flash-kernel':
      'write privilege',
    grubby: {
      effects: 'write privilege',
      worst: 'write privilege',
      options: { '--info= --default-kernel --default-index --default-title -h --help': { sets: 'read' } },
    },
    efibootmgr: {
      effects: 'read',
      known: '-vqg --verbose --quiet -b= --bootnum= -u -d= -p= -l= -L= -e= -i=',
      options: {
        '-V --version -h --help': { sets: 'read' },
        '-B --delete-bootnum -O --delete-bootorder -D --remove-dups -N --delete-bootnext': 'destroy',
        '-c --create -C --create-only -n= --bootnext= -o= --bootorder= -a --active -A --inactive -t= --timeout= -T --delete-timeout -m= -M= -y':
          'write',
      },
    },
    mokutil: {
      effects: 'read',
      known:
        '-l -N -D -x -t= --list-enrolled --list-new --list-delete --sb-state --test-key= --kek --db --dbx --pk --pk --list-sbat-revocations',
      options: {
        ...HELP,
        '-i= --import= -d= --delete= --password -p --disable-validation --enable-validation --reset --clear-password --set-verbosity= --timeout= --ignore-db --use-db --revoke-import --revoke-delete':
          'write privilege',
      },
    },
    cpupower: {
      effects: 'read',
      known: '-c= --cpu= -v --version -h --help',
      subcommands: {
        'frequency-info idle-info info monitor help powercap-info': 'read',
        'frequency-set idle-set set': 'write',
      },
    },
    'tuned-adm': {
      effects: 'read',
      subcommands: {
        'list active recommend verify profile_info profile_mode': 'read',
        'profile off auto_profile': 'write',
      },
    },
    'irqbalance cpufreq-set zramswap powertop thermald tuned': 'write',
    turbostat: {
      effects: 'read',
      syntax: 'posix',
      known:
        '-qSDJld -c= -s= -i= -n= -a= -e= -f --quiet --Summary --interval= --num_iterations= --show= --hide= --cpu= --add= --Dump --Joules --list --enable= ',
      options: { '--help --version -v': { sets: 'read' }, '-o= --out=': 'destroy path' },
      operands: 'command',
    },
    'cpufreq-info cpuid x86info rdmsr edac-util ras-mc-ctl mcelog': 'read',
    'wrmsr devmem devmem2 io outb': 'privilege write',
    setpci: {
      effects: 'read',
      worst: 'write privilege',
      known: '-vfDr -s= -d= -A= -O= --dumpregs --version --help',
      operands: { patterns: { '*=*': { effects: 'write privilege' }, '*': 'word' } },
    },
    lspci: {
      effects: 'read',
      worst: 'read transfer',
      known: '-btvnkxPDgmiQq -A= -s= -d= -i= -p= -F= -M -H1 -O=',
      options: { '-q -Q': 'transfer' },
    },
    'lsusb lsdev lshal lsdasd lscss lstape lszfcp biosdecode vpddecode ownership acpi upower lsapd lsgpio gpioinfo gpiodetect lsvirt virt-what lsmcode lscfg lspcmcia discover rocminfo ibstat ibstatus ibv_devinfo ibv_devices imvirt':
      'read',
    'update-pciids update-usbids': 'transfer write',
    dmidecode: {
      effects: 'read',
      known:
        '-qu -s= -t= -H= -d= --quiet --dump --no-sysfs --string= --type= --handle= --dev-mem= --oem-string= --list-strings --list-types',
      options: { ...HELP, '--dump-bin=': 'destroy path', '--from-dump=': 'read path' },
      gtfobins: ['file-write', 'file-read'],
    },
    'nvidia-smi': {
      effects: 'read',
      known:
        '-LqlBxahf -i= -d= -f= -l= -lm -s= -q --query --list-gpus --query-gpu=* --query-compute-apps=* --query-accounted-apps=* --format=* --loop= --loop-ms= --id= --display= --help --help-query-gpu -u -x',
      subcommands: { 'dmon pmon topo nvlink stats pci': 'read', '*': 'write' },
      worst: 'write destroy',
    },
    ipmitool: {
      effects: 'read',
      known:
        '-vgcaY -I= -H= -U= -P= -L= -p= -f= -S= -E -K -k= -y= -C= -A= -o= -O= -e= -N= -R= -t= -T= -b= -B= -m= -l= -d= -D= -z= -h -V',
      options: { '-H=': 'transfer host' },
      subcommands: {
        'sensor sdr fru': {
          effects: 'read',
          worst: 'write',
          subcommands: { 'list get reading elist type info print entity dump': 'read', '*': 'write' },
        },
        sel: {
          effects: 'read',
          worst: 'write destroy',
          subcommands: { 'list elist info get time save': 'read', clear: 'destroy', '*': 'write destroy' },
        },
        'chassis power': {
          effects: 'read',
          subcommands: {
            'status restart_cause poh selftest policy-list': 'read',
            'on identify bootdev bootparam policy': 'write',
            power: { effects: 'read', subcommands: { status: 'read', on: 'write', '*': 'destroy' } },
            '*': 'destroy',
          },
        },
        'mc bmc': { effects: 'read', subcommands: { 'info guid getenables selftest': 'read', '*': 'write destroy' } },
        lan: { effects: 'read', subcommands: { print: 'read', '*': 'write privilege' } },
        user: { effects: 'read', subcommands: { 'list summary': 'read', '*': 'write privilege' } },
        'channel session': {
          effects: 'read',
          subcommands: { 'info authcap getaccess getciphers': 'read', '*': 'write privilege' },
        },
        'shell exec sol tsol raw i2c spd set': 'escape write destroy',
        '*': 'write destroy privilege',
      },
    },
    'ipmi-sensors ipmi-fru bmc-info': 'read',
    'racadm ipmicfg ipmi-config ipmipower ipmiconsole bmc-device': 'write destroy privilege escape',
    'flashrom fwupdate iucode_tool nvflash': 'destroy',
    fwupdmgr: {
      effects: 'read',
      subcommands: {
        'get-devices get-history get-updates get-upgrades get-topology get-remotes get-plugins security get-details get-releases get-results get-bios-settings check-reboot-needed':
          'read',
        refresh: 'transfer write',
        '*': 'write transfer destroy',
      },
    },
    'stress stress-ng memtester sysbench fio bonnie++ iozone cpuburn': {
      effects: 'write destroy',
      worst: 'write destroy escape',
      options: { '--help --version': { sets: 'read' } },
    },
    'usbreset usb_modeswitch usbguard i2cset i2ctransfer gpioset': 'write',
    'i2cget i2cdump gpioget': 'read',
    'bpftrace stap systemtap sysdig dtrace funccount trace-cmd lttng kprobe uprobe': {
      effects: 'escape privilege',
      worst: 'escape privilege',
      gtfobins: ['shell', 'command'],
    },

    logrotate: {
      effects: 'write destroy',
      known: '-vf --verbose --force --skip-state-lock --wait-for-state-lock',
      options: {
        '-d --debug -? --help --usage --version': { sets: 'read' },
        '-m= --mail=': 'escape',
        '-l= --log=': 'destroy path',
        '-s= --state=': 'write path',
      },
      // Its configuration has scripts that run as root.
      operands: { patterns: { '/etc/logrotate.conf': 'path', '/etc/logrotate.d/*': 'path', '*': 'script' } },
    },
    savelog: ['destroy', 'path'],
    'rsyslogd syslogd klogd syslog-ng journald auditd': {
      effects: 'write escape',
      options: { '-v': { sets: 'read' } },
      worst: 'write escape',
    },
    'syslog-ng-ctl fluent-bit fluentd vector promtail': 'write escape transfer',
    'ausearch aureport aulast aulastlog auvirt ausyscall': { effects: 'read', worst: 'read' },
    auditctl: {
      effects: 'read',
      known: '-lsv --loginuid-immutable -c -i -h',
      options: {
        '-a= -A= -d= -w= -W= -e= -f= -r= -b= -p= -k= -F= -S= -C= -t -q= -m= --backlog_wait_time= --reset-lost --signal= --reset_backlog_wait_time_actual':
          'write privilege',
        '-D': 'destroy privilege',
        '-R=': { adds: 'write privilege', argument: 'path' },
      },
    },
    augenrules: { effects: 'write privilege', worst: 'write privilege', options: { '--check': { sets: 'read' } } },
    autrace: { effects: 'write privilege', syntax: 'posix', known: '-r', operands: 'command' },
    'sos sosreport supportconfig getlogs': 'write transfer privilege',
    'multitail lnav': { effects: 'escape', worst: 'escape' },
    'ccze logtop petit': ['read', 'path'],
    logwatch: { effects: 'read transfer', worst: 'read transfer write' },

    'getenforce sestatus selinuxenabled seinfo sesearch sediff matchpathcon getsebool secon selinuxexeccon selinux_check_access audit2why avcstat':
      'read',
    'setenforce setsebool togglesebool load_policy semodule_package semodule_link semodule_expand semodule_unpackage':
      'write privilege',
    semanage: {
      effects: 'read',
      known: '-h --help',
      subcommands: {
        'boolean fcontext port user login interface module node permissive dontaudit ibpkey ibendport': {
          effects: 'read',
          known:
            '-lCnNEh -S= --list --locallist --noheading --noreload --store= --help -s= -t= -r= -f= -p= -R= -L= -P= --type= --seuser= --range= --ftype= --proto= --equal= -e=',
          options: {
            '-a --add -m --modify -1 --on -0 --off -d --delete -A': 'write privilege',
            '-D --deleteall -r= --remove': 'write privilege',
            '-i= --input_file=': 'write privilege',
          },
          operands: 'word',
        },
        export: { effects: 'read', options: { '-f=': 'destroy path' } },
        import: 'write privilege destroy',
      },
    },
    semodule: {
      effects: 'write privilege',
      options: { '-l --list --list-modules=? -h --help': { sets: 'read' } },
      worst: 'write privilege',
      operands: 'path',
    },
    'checkmodule checkpolicy audit2allow': {
      effects: 'read',
      worst: 'write',
      known: '-abdlwvimMRDtr -e= -p= -t= -c=',
      options: { '-o= --output= -M= --module-package=': 'destroy path' },
      operands: 'path',
    },
    'restorecon restorecond setfiles': {
      effects: 'write',
      worst: 'write privilege',
      known: '-FRrvipxhImWD -e= -f= -T= -c= -s --recursive',
      options: { '-n': 'read', '-o=': 'destroy path' },
      operands: 'path',
    },
    fixfiles: {
      effects: 'write',
      worst: 'write destroy',
      known: '-FfvM -T= -R= -C= -N= -B -l=',
      subcommands: { 'check verify': 'read', '*': 'write' },
    },
    'newrole seunshare sandbox': { effects: 'escape privilege', worst: 'escape privilege' },
    'restorecon_xattr chcat genhomedircon': 'write privilege',
    'aa-status apparmor_status aa-enabled aa-unconfined aa-features-abi aa-easyprof aa-notify': 'read',
    'aa-enforce aa-complain aa-disable aa-teardown aa-audit aa-remove-unknown aa-cleanprof aa-autodep aa-mergeprof apparmor_parser':
      ['write privilege', 'path'],
    'aa-logprof aa-genprof': 'write privilege escape',
    'evmctl ima-inspect keyctl request-key': {
      effects: 'read',
      worst: 'write privilege destroy',
      subcommands: {
        'show list rlist describe rdescribe search ima_hash ima_verify verify supports': 'read',
        '*': 'write privilege destroy',
      },
    },
    'lynis rkhunter chkrootkit aide tripwire oscap tiger': {
      effects: 'read',
      worst: 'write destroy escape',
      options: { '--version --help': { sets: 'read' } },
      gtfobins: ['file-read'],
    },
    freshclam: 'transfer write',
    lshw: {
      effects: 'read',
      worst: 'read destroy',
      syntax: 'single-dash',
      known:
        '-short -businfo -html -xml -json -class= -C= -c= -sanitize -numeric -quiet -notime -enable= -disable= -version -help',
      options: { '-dump=': 'destroy path' },
    },
    hwinfo: {
      effects: 'read',
      worst: 'read destroy',
      syntax: 'single-dash',
      known:
        '-short -all -cpu -disk -memory -netcard -network -pci -usb -bios -gfxcard -block -storage -cdrom -listmd -only= -help -version',
      options: { '-log=': 'destroy path' },
    },
    inxi: {
      effects: 'read',
      worst: 'read write transfer',
      known: '-ABCDEFGIJLMNPRSVbdflmnoprstuxzaciJ -v= -c= --full --basic --admin --filter',
      options: { '-U': 'write transfer', '--output-file=': 'destroy path' },
    },
    // Their configuration is a program.
    'neofetch fastfetch screenfetch': {
      effects: 'read',
      worst: 'read escape',
      options: { '--config= -c= --load-config=': 'escape path' },
      gtfobins: ['shell'],
    },
    'nvtop cpu-x': 'escape',
    'intel_gpu_top lsinitrd lsinitramfs lsinitcpio': {
      effects: 'read',
      worst: 'read write',
      known: '-lLJ -s=',
      options: { '-o= -x --unpack --extract': 'write' },
      operands: 'path',
    },
    sensors: {
      effects: 'read',
      worst: 'read write',
      known: '-AfujJhv -c= --no-adapter --fahrenheit --bus-list',
      options: { '-s --set': 'write' },
    },
    'rocm-smi i2cdetect': { effects: 'read', worst: 'read write', known: '-l -F -y -r -a -i', operands: 'word' },
    'ipmi-sel': {
      effects: 'read',
      worst: 'read destroy',
      known: '-v --verbose -h= -u= -p=',
      options: { '--clear --delete= --delete-range= --clear-all --post-clear': 'destroy' },
    },
    goaccess: {
      effects: 'read',
      worst: 'read write transfer',
      known: '-f= -p= -a -c',
      options: { '-o= --output= -l= --log-file= --db-path= --invalid-requests=': 'destroy path' },
      operands: 'path',
    },
  },
} satisfies Family
