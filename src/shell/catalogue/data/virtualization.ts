/**
 * Virtual machines, backups and what else administrators use. A virtual machine's console is a shell that nobody
 * sees; a backup leaves the host (`transfer`), and restoring or pruning one is `destroy`.
 */
import type { Family } from '../schema.ts'

export const virtualization = {
  name: 'virtualization',
  sources: [
    'libvirt.org/manpages/virsh.html',
    'https://www.qemu.org/docs/master/tools/',
    'https://www.virtualbox.org/manual VBoxManage',
    'https://gtfobins.github.io (virsh, xen, genisoimage)',
  ],
  commands: {
    virsh: {
      effects: 'read',
      gtfobins: ['file-read', 'file-write', 'shell'],
      known:
        '-d= --debug= -e= --escape= -h --help -k= --keepalive-interval= -K= --keepalive-count= -q --quiet -r --readonly -t --timing -v -V --version=?',
      options: { '-c= --connect=': 'transfer host', '-l= --log=': 'write path' },
      needs: 1,
      bare: 'escape',
      syntax: 'posix',
      subcommands: {
        'list dominfo domstate domstats domblklist domblkinfo domblkstat domblkerror domiflist domifaddr domifstat domif-getlink domid domuuid domname domcontrol domjobinfo dommemstat domdisplay domhostname domfsinfo domdirtyrate-calc dumpxml cpu-stats cpu-models vcpuinfo vcpucount guestinfo event nodeinfo nodecpumap nodecpustats nodememstats nodedev-list nodedev-dumpxml nodedev-info capabilities domcapabilities freecell freepages hostname uri sysinfo version maxvcpus net-list net-info net-dumpxml net-dhcp-leases net-event net-name net-uuid iface-list iface-dumpxml iface-name nwfilter-list nwfilter-dumpxml pool-list pool-info pool-dumpxml pool-name pool-uuid pool-capabilities vol-list vol-info vol-dumpxml vol-path vol-key vol-name vol-pool snapshot-list snapshot-info snapshot-dumpxml snapshot-current snapshot-parent checkpoint-list checkpoint-info checkpoint-dumpxml secret-list secret-dumpxml secret-get-value ttyconsole vncdisplay help echo pwd':
          'read',
        'start resume suspend reboot setmem setmaxmem setvcpus autostart define net-start net-define net-autostart net-update pool-start pool-define pool-refresh pool-autostart pool-build vol-create vol-create-as vol-resize vol-clone snapshot-create snapshot-create-as checkpoint-create checkpoint-create-as attach-interface attach-disk attach-device attach-device-alias detach-interface detach-disk detach-device detach-device-alias update-device change-media blkdeviotune blkiotune domif-setlink domiftune domtime domrename desc metadata memtune numatune schedinfo vcpupin emulatorpin iothreadadd iothreaddel iothreadpin iothreadset save managedsave snapshot-current-set iface-start iface-define nwfilter-define pool-create net-create create migrate migrate-setspeed migrate-setmaxdowntime dompmwakeup dompmsuspend domfsfreeze domfsthaw domfstrim send-key set-user-sshkeys guestvcpus blockresize cd':
          'write privilege',
        'shutdown destroy undefine reset net-destroy net-undefine pool-destroy pool-undefine pool-delete vol-delete vol-wipe snapshot-delete snapshot-revert checkpoint-delete managedsave-remove iface-destroy iface-undefine iface-unbridge nwfilter-undefine nodedev-destroy nodedev-detach secret-undefine inject-nmi blockcommit blockpull blockcopy blockjob':
          'destroy',
        'console qemu-monitor-command qemu-agent-command qemu-monitor-event lxc-enter-namespace edit net-edit pool-edit iface-edit nwfilter-edit snapshot-edit managedsave-edit save-image-edit':
          'escape',
        'dump screenshot vol-download vol-upload restore secret-set-value secret-define set-user-password domsetlaunchsecstate':
          'transfer write privilege',
      },
    },
    'virt-host-validate virt-pki-validate virt-df virt-filesystems virt-ls virt-cat virt-inspector virt-log virt-diff virt-get-kernel virt-alignment-scan':
      'read',
    'virt-install virt-clone virt-xml virt-builder virt-sysprep virt-customize virt-resize virt-sparsify virt-convert virt-v2v virt-p2v virt-format virt-make-fs virt-copy-in virt-tar-in guestmount guestunmount guestfish virt-rescue virt-edit virt-manager remote-viewer virt-copy-out virt-tar-out virt-admin virt-qemu-run':
      'escape write privilege transfer',
    'libvirtd virtqemud virtlogd virtnetworkd': 'privilege escape',
    'qemu-img': {
      effects: 'read',
      subcommands: {
        'info map compare measure': 'read',
        check: { effects: 'read', worst: 'read write', options: { '-r=': 'write' } },
        'create convert resize rebase snapshot amend bitmap dd commit': 'write destroy',
        bench: 'write',
      },
    },
    'qemu-nbd qemu-io qemu-storage-daemon qemu-pr-helper qemu-bridge-helper virtiofsd nbdkit nbd-server':
      'write destroy privilege escape',
    'qemu-system-x86_64 qemu-system-i386 qemu-system-aarch64 qemu-system-arm qemu-system-ppc64 qemu-system-riscv64 qemu-system-s390x qemu-kvm kvm qemu firecracker cloud-hypervisor crosvm xen qemu-aarch64 qemu-arm qemu-x86_64 qemu-i386 qemu-aarch64-static qemu-arm-static bochs':
      {
        effects: 'escape privilege',
        options: { '--version -version --help -help -h': { sets: 'read' } },
        syntax: 'single-dash',
        worst: 'escape privilege write',
      },
    'VBoxManage vboxmanage': {
      effects: 'read',
      known: '-q --nologo -v --version',
      subcommands: {
        'list showvminfo showmediuminfo showhdinfo metrics guestproperty getextradata': {
          effects: 'read',
          worst: 'read write',
          subcommands: { 'set delete unset setup enable disable collect': 'write', '*': 'read' },
        },
        'startvm modifyvm createvm clonevm createmedium createhd modifymedium modifyhd clonemedium clonehd storageattach storagectl setextradata setproperty snapshot usbfilter sharedfolder hostonlyif natnetwork dhcpserver registervm import export movevm adoptstate bandwidthctl encryptmedium extpack internalcommands':
          'write transfer privilege destroy',
        'controlvm unregistervm closemedium discardstate unattended': 'destroy write',
        guestcontrol: 'escape transfer',
        debugvm: 'escape',
      },
    },
    'VBoxHeadless vboxheadless VBoxSDL VirtualBox vmrun vmware vmplayer vmware-cmd govc esxcli vim-cmd ovftool powercli':
      { effects: 'escape write destroy transfer', worst: 'escape write destroy transfer' },
    'vmtoolsd vmware-toolbox-cmd VBoxControl VBoxService qemu-ga spice-vdagent': 'write escape',
    'vmware-rpctool vmware-checkvm': 'read write',
    'xl xm xe': {
      effects: 'read',
      subcommands: {
        'list info top uptime dmesg vcpu-list domid domname network-list block-list vm-list host-list vdi-list sr-list cpupool-list help':
          'read',
        'create start unpause pause resume reboot save migrate mem-set vcpu-set rename network-attach block-attach config-update vm-start vm-reboot vm-suspend vm-resume':
          'write privilege',
        'destroy shutdown vm-shutdown vm-destroy vm-uninstall': 'destroy',
        console: 'escape',
        '*': 'write destroy privilege',
      },
    },
    'qm pct': {
      effects: 'read',
      subcommands: {
        'list status config showcmd pending listsnapshot cpusets df': 'read',
        'start resume suspend reboot set create clone snapshot resize move-disk move_disk move-volume template importdisk importovf migrate restore unlock cloudinit':
          'write transfer privilege',
        'stop shutdown destroy reset delsnapshot rollback fstrim': 'destroy',
        'enter exec guest monitor terminal console push pull mount unmount sendkey': 'escape privilege transfer',
      },
    },
    'pvesh pveum pvecm pvesm vzdump qmrestore pveceph ha-manager pvesubscription': {
      effects: 'write privilege transfer destroy',
      worst: 'write privilege transfer destroy',
      operands: [{ patterns: { status: 'word', list: 'word', nodes: 'word', '*': 'word' } }, 'word'],
    },
    'pveversion pveperf': 'read',
    'vzlist vzcalc': 'read',
    'vzctl prlctl vzmigrate': 'escape privilege write destroy',
    'virt-xml-validate': ['read', 'path'],
    multipass: {
      effects: 'read',
      subcommands: {
        'list info find get networks version help aliases': 'read',
        'shell sh exec': 'escape',
        'delete purge': 'destroy',
        '*': 'write transfer',
      },
    },
    'limactl lima': 'escape write destroy transfer',

    // Backups.
    borgbackup: {
      effects: 'read',
      gtfobins: ['shell'],
      globalOptions: true,
      known:
        '-v --verbose --info --debug --critical --error --warning --progress -p --log-json --show-rc --umask= --lock-wait= --bypass-lock --consider-part-files --debug-topic= --json --json-lines --format= --short --glob-archives= -a= --prefix= -P= --first= --last= --sort-by= -s --stats --list --dry-run -n --exclude= -e= --compression= -C= --keep-daily= -d= --keep-weekly= -w= --keep-monthly= -m= --keep-yearly= -y= --keep-hourly= -H= --keep-within= --filter=',
      options: {
        '--rsh= --remote-path=': 'escape',
        '--exclude-from= --patterns-from=': 'path',
        '--content-from-command --paths-from-command': 'escape',
      },
      subcommands: {
        'list info diff check version help': 'read transfer',
        'create init import-tar export-tar upgrade rename config key change-passphrase recreate': 'transfer write',
        extract: 'write transfer destroy',
        'delete prune compact break-lock': 'destroy',
        'mount umount': 'privilege',
        'with-lock': { effects: 'write', syntax: 'posix', operands: ['path', 'command'] },
        serve: 'transfer escape',
      },
    },
    'dar duplicacy deja-dup backuppc amadmin rear': {
      effects: 'transfer write',
      worst: 'transfer write destroy escape',
      options: { '--version -V --help -h': { sets: 'read' } },
      subcommands: {
        'list list-configs snapshots status info check collection-status list-current-files verify version snapshot': {
          effects: 'read',
          worst: 'transfer write destroy escape',
        },
        'restore delete remove prune cleanup rollback undochange purge remove-older-than': 'destroy write',
        '*': 'transfer write escape',
      },
    },
    btraceback: { effects: 'escape', gtfobins: ['shell'], worst: 'escape' },
    'bls bextract bscan bcopy btape bacula-dir bacula-sd bareos-dir bareos-fd': 'write destroy privilege escape',
    duc: {
      effects: 'read destroy escape',
      known: '-x -q -e -r -rr --exclude= -0 -1 -2',
      options: { '-o=': 'destroy path', '-f=': 'read path', '-r': {} },
      worst: 'read destroy escape',
    },
    'bcache-super-show': 'read',

    // VPN.
    'vpnc-connect xl2tpd pptp sstpc fortivpn openfortivpn tinc tincd nebula headscale occtl vpncmd softether warp-svc':
      'privilege escape transfer',
    'vpnc-disconnect': 'write',
    'warp-cli nordvpn mullvad expressvpn protonvpn-cli': {
      effects: 'read',
      subcommands: {
        'info status listnetworks listpeers peers account settings version get': 'read',
        '*': 'write privilege transfer',
      },
    },
    tailscaled: 'privilege escape',

    // And the rest.
    'dovecot rspamd': 'write',
    'nsd-control': {
      effects: 'read',
      worst: 'write destroy privilege',
      subcommands: {
        'status stats stats_noreset zonestatus list_zones list-all-zones show-zone dump_cache version help zone-status get_option lookup check-zone':
          'read',
        'reload reconfig refresh retransfer notify sync thaw freeze start querylog trace notrace loadkeys': 'write',
        '*': 'write destroy privilege',
      },
    },
    'nsd-checkconf': ['read', 'path'],
    'named dnssec-keygen dnssec-signzone': 'write privilege transfer',
    'omd pcs crm crm_resource crm_attribute crm_node cibadmin stonith_admin corosync-cmapctl corosync-cfgtool': {
      effects: 'write',
      worst: 'write destroy privilege',
      subcommands: { 'status show list': 'read', '*': 'write destroy privilege' },
    },
    'crm_mon corosync-quorumtool': { effects: 'read', worst: 'read write' },
    drbdmanage: {
      effects: 'read',
      subcommands: {
        'status dump role cstate dstate show events2 sh-nop get-gi show-gi': 'read',
        '*': 'write destroy',
      },
    },
    'drbd-overview drbdmon': 'read',
    'radosgw-admin cephadm ceph-volume ceph-authtool crushtool rook': {
      effects: 'read',
      worst: 'write destroy privilege transfer',
      subcommands: {
        'status health df versions version ls info quorum_status features report stat du showmapped': 'read',
        '*': 'write destroy privilege transfer',
      },
    },
    'ipmiutil hponcfg': 'read write destroy privilege',
    'sinfo squeue sacct sprio sshare sdiag sstat sreport': 'read',
    'scontrol sacctmgr sbcast': {
      effects: 'read',
      worst: 'write destroy privilege',
      subcommands: { 'show list ping': 'read', '*': 'write destroy privilege' },
    },
    scancel: 'destroy',
    'srun sbatch salloc sattach qsub qrsh bsub mpirun mpiexec orterun condor_submit': 'escape opaque write',
    'qstat bjobs bhosts bqueues qhost condor_q condor_status pbsnodes': 'read',
    'qdel bkill condor_rm': 'destroy',
    'asterisk fs_cli kamcmd kamctl opensips-cli': { effects: 'escape', gtfobins: ['shell'], worst: 'escape write' },
    'cups-config': { effects: 'read', worst: 'read write' },
    'jenkins-cli gitlab-rake gitlab-ctl gitlab-rails drone woodpecker concourse buildkite-agent teamcity':
      'escape write destroy transfer',
    'gh glab hub tea jira': {
      effects: 'read',
      worst: 'write destroy transfer escape',
      known: '-R= --repo= -h --help --version',
      globalOptions: true,
      subcommands: {
        'status version browse search': 'read transfer',
        'pr issue mr release run workflow repo gist label cache secret variable ruleset project ci pipeline schedule snippet':
          {
            effects: 'write transfer',
            subcommands: {
              'list ls view status diff checks watch show trace get': 'read transfer',
              'delete close remove archive cancel': 'destroy transfer',
              '*': 'write transfer escape',
            },
          },
        'auth ssh-key gpg-key config alias extension api completion codespace attestation':
          'write privilege transfer escape',
        '*': 'write transfer escape',
      },
    },
  },
} satisfies Family
