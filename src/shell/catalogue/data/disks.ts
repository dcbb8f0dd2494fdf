/**
 * Disks, volumes and file systems. Whatever writes a label, a table or a file system over what was there is `destroy`;
 * growing and renaming is `write`; mounting is `privilege`, because a file system brings setuid files and covers others.
 */
import type { Family, LongEntry, Role } from '../schema.ts'

const HELP = { '-h --help -V --version': { sets: 'read' } } as const
const device = ['destroy', 'path'] as const
const LSBLK =
  '-abdfilmnopPrstSzyAJDMNOTvHeExIEwQ -o= --output= -e= --exclude= -I= --include= -x= --sort= -E= --dedup= -w= --width= -M --merge --sysroot= --all --bytes --nodeps --discard --fs --ascii --json --list --perms --noheadings --output-all --paths --pairs --raw --scsi --inverse --tree=? --topology --zoned --shell --nvme --virtio --properties-by= -H= --list-columns --hyperlink=? -Q= --filter= --highlight= --ct= --ct-filter='
const LVM_KNOWN =
  '-aAvdqtyPHfhm -o= -O= -S= -C -c -s --all --aligned --binary --foreign --history --ignorelockingfailure --noheadings --nameprefixes --nolocking --nosuffix --options= --partial --readonly --reportformat= --rows --segments --select= --separator= --shared --sort= --trustcache --unbuffered --units= --unquoted --verbose --maps --colon --short --columns --devices= --devicesfile= --driverloaded= --journal= --lockopt= --nohints --configreport= --configtype= --debug --quiet --test --yes --longhelp --help --version --logonly --pvmetadatacopies= --list --file= --basic --tabular --activationmode= --ignoreskippedcluster --ignoreadvanced --ignoreunsupported --typeconfig= --withcomments --withsummary --unconfigured --valuesonly'
const LVM_CONFIG = { '--config= --profile= --commandprofile= --metadataprofile=': 'escape' } as const
/** Other configuration names programs (`global/thin_check_executable`) and log files. */
const lvmReport: LongEntry = {
  effects: 'read',
  known: LVM_KNOWN,
  options: LVM_CONFIG,
  operands: 'path',
  worst: 'write escape',
}
const LVM_WRITE_KNOWN = `${LVM_KNOWN} -rb -l= -L= -n= -i= -I= -c= -T -V= -Z= -W= -k= -K -p= -j= -M= -u -x= -U= --resizefs --size= --extents= --name= --type= --thin --thinpool= --virtualsize= --snapshot --stripes= --stripesize= --chunksize= --poolmetadatasize= --mirrors= --contiguous= --permission= --activate= --refresh --addtag= --deltag= --zero= --wipesignatures= --autobackup= --alloc= --background --interval= --atomic --force --nofsck --fs= --fsmode= --poolmetadata= --cachepool= --cachevol= --cachemode= --cachepolicy= --setactivationskip= --ignoreactivationskip --monitor= --uuid --uuidstr= --maxphysicalvolumes= --physicalextentsize= --maxlogicalvolumes= --metadatasize= --dataalignment= --labelsector= --resizeable= --allocatable= --setphysicalvolumesize= --systemid= --persistent= --minor= --major= --usepolicies`
const lvm = (effects: 'write' | 'destroy'): LongEntry => ({
  effects,
  known: LVM_WRITE_KNOWN,
  options: LVM_CONFIG,
  operands: 'path',
  worst: effects === 'write' ? 'write destroy escape' : 'destroy escape',
})
const lvmWrite = lvm('write')
const lvmDestroy = lvm('destroy')
const LVM_READERS = 'pvs vgs lvs pvdisplay vgdisplay lvdisplay pvscan vgscan lvscan lvmdiskscan pvck vgck'
const LVM_WRITERS =
  'vgcreate lvcreate vgextend lvextend lvchange vgchange pvchange lvrename vgrename pvmove pvresize vgexport vgimport vgmerge vgsplit vgmknodes vgimportclone vgimportdevices lvmdevices vgcfgbackup'
const LVM_DESTROYERS = 'pvcreate lvremove vgremove pvremove vgreduce lvreduce lvresize lvconvert vgcfgrestore'
/** A checker: told to change nothing it only reads. */
const check: LongEntry = {
  effects: 'write destroy',
  known: '-aAcdDfFkprRsStTuvVwyMlP -e= -b= -B= -C= -E= -j= -L= -z= -t= -x=',
  // -n opens nothing for writing, unless an option that repairs comes after it (fsck.fat).
  options: { '-n -N -V --help --version': { sets: 'read' }, '-a -p -r -w -y': 'write destroy' },
  operands: 'path',
  worst: 'write destroy',
}
const source: Role = {
  patterns: {
    '*:/*': { is: 'host', effects: 'transfer privilege' },
    '//*': { is: 'host', effects: 'transfer privilege' },
    '*': { is: 'path', effects: 'privilege' },
  },
}

export const disks = {
  name: 'disks',
  sources: [
    'util-linux 2.38, LVM2 2.03, e2fsprogs 1.47, xfsprogs 6.1, btrfs-progs 6.2, OpenZFS 2.1, mdadm 4.2, cryptsetup 2.6, parted 3.5 manual pages',
    'smartmontools 7.3, hdparm 9.65, nvme-cli 2.4, multipath-tools 0.9, open-iscsi 2.1 manual pages',
    'https://gtfobins.github.io',
  ],
  commands: {
    lsblk: { effects: 'read', worst: 'read', known: LSBLK, operands: 'path' },
    findmnt: ['read', 'path'],
    'mountpoint findfs lsscsi lsfs volname isosize quota repquota quotastats': 'read',
    blkid: {
      effects: 'read',
      known:
        '-diklpD -L= -n= -O= -o= -s= -S= -t= -u= -U= -H= --label= --uuid= --output= --match-tag= --match-token= --match-types= --usages= --probe --info --list-filesystems --list-one --no-encoding --no-part-details --offset= --size= --hint=',
      options: { ...HELP, '-c= --cache-file=': 'write path', '-g --garbage-collect': 'write' },
      operands: 'path',
    },
    mount: {
      effects: 'read',
      known:
        '-cfFinrsvwl -o= -O= -N= --options= --test-opts= --options-mode= --options-source= --options-source-force --no-canonicalize --fake --fork --internal-only --no-mtab --read-only --rw --read-write --show-labels --sloppy --verbose --target-prefix= --namespace= --onlyonce --mkdir=? -m --map-groups= --map-users= --exclusive --beneath',
      options: {
        ...HELP,
        // A FUSE type names a program, which mount(8) starts through a shell.
        '-t= --types=': {
          patterns: {
            '*fuse*': { effects: 'escape privilege' },
            '*ssh*': { effects: 'escape privilege' },
            '*': 'word',
          },
        },
        '-a --all -B --bind -R --rbind -M --move --make-shared --make-slave --make-private --make-unbindable --make-rshared --make-rslave --make-rprivate --make-runbindable':
          'privilege',
        '-L= --label= -U= --uuid= --source= --target=': 'privilege path',
        '-T= --fstab=': 'privilege path',
      },
      operands: source,
      gtfobins: ['shell'],
    },
    'mount.nfs mount.nfs4 mount.cifs mount.glusterfs mount.ceph smbmount curlftpfs s3fs rclone-mount gcsfuse davfs2 mount.davfs':
      'privilege transfer',
    'mount.ntfs ntfs-3g mount.ntfs-3g fuse-overlayfs squashfuse bindfs encfs gocryptfs mount.fuse': 'privilege escape',
    'umount umount.nfs': ['write', 'path'],
    'fusermount fusermount3': {
      effects: 'privilege',
      worst: 'privilege',
      known: '-qz -o=',
      options: { '-u': { sets: 'write' }, '-V -h': { sets: 'read' } },
      operands: 'path',
    },
    'pmount pumount udiskie': 'privilege',
    udisksctl: { effects: 'read', subcommands: { 'status info dump monitor help': 'read', '*': 'write privilege' } },
    swapon: {
      effects: 'write',
      worst: 'write',
      known:
        '-aefv -L= -U= -d=? -o= -p= -T= --all --ifexists --fixpgsz --discard=? --options= --priority= --fstab= --verbose --bytes --noheadings --raw',
      options: { ...HELP, '-s --summary --show=?': { sets: 'read' } },
      operands: 'path',
    },
    'swapoff swaplabel': ['write', 'path'],
    losetup: {
      effects: 'read',
      known:
        '-aljJnlLPrv -O= -o= -b= -j= --all --list --json --noheadings --raw --output= --output-all --associated= --show --verbose --nooverlap --partscan --read-only --offset= --sizelimit= --sector-size= --direct-io=? --loop-ref=',
      options: { ...HELP, '-f --find -d= --detach= -D --detach-all -c= --set-capacity=': 'write' },
      // A device alone is shown; with a file it is set up.
      operands: ['path', 'write path'],
    },
    blockdev: {
      effects: 'read',
      known:
        '-qvV --report --getro --getdiscardzeroes --getdiskseq --getss --getpbsz --getiomin --getioopt --getalignoff --getmaxsect --getbsz --getsize --getsize64 --getsz --getra --getfra --getzonesz',
      options: { '--setro --setrw --setbsz= --setra= --setfra= --flushbufs --rereadpt': 'write' },
      operands: 'path',
    },
    'partprobe partx kpartx addpart delpart resizepart growpart': {
      effects: 'write',
      worst: 'write',
      options: { '-h --help -V --version': { sets: 'read' } },
      operands: 'path',
    },
    wipefs: {
      effects: 'read',
      known: '-bfiJnpq -O= -t= --force --json --noheadings --output= --parsable --quiet --types= --lock=? --no-act',
      options: { ...HELP, '-a --all -o= --offset=': 'destroy', '--backup=?': 'write' },
      operands: 'path',
    },
    'blkdiscard ddrescue dd_rescue dcfldd dc3dd partclone.ext4 partclone.restore ntfsclone nwipe mkswap blkzone':
      device,
    'fdisk cfdisk gdisk cgdisk': {
      effects: 'destroy',
      known:
        '-bBcCHStuwW -x= --sector-size= --color=? --units=? --output= -o= --wipe= --wipe-partitions= --protect-boot --noauto-pt --lock=?',
      options: { '-l --list -x --list-details -s --getsz -h --help -V --version --bytes': { sets: 'read' } },
      operands: 'path',
    },
    sfdisk: {
      effects: 'destroy',
      worst: 'destroy',
      known: '-fnNq -b= -o= --force --no-act --quiet --color=? --output= --no-reread --no-tell-kernel',
      options: {
        '-l --list -d --dump -J --json -g --show-geometry -F --list-free -s --show-size -V --verify -h --help -v --version -T --list-types':
          { sets: 'read' },
      },
      operands: 'path',
    },
    sgdisk: {
      effects: 'read',
      known:
        '-pvFfELaD -i= --print --verify --info= --pretend -P --first-in-largest --end-of-largest --list-types --first-aligned-in-largest --display-alignment --set-alignment= --print-mbr -O',
      options: { '-? --help -V --version': { sets: 'read' } },
      operands: 'path',
      worst: 'destroy',
    },
    parted: {
      effects: 'destroy',
      known: '-sfmji --script --fix --machine --json --interactive -a= --align=',
      options: { '-l --list -h --help -v --version': { sets: 'read' } },
      operands: 'path',
      subcommandAt: 1,
      subcommands: {
        // Further commands may follow.
        'print p': {
          effects: 'read',
          worst: 'destroy',
          operands: {
            patterns: {
              free: 'word',
              all: 'word',
              devices: 'word',
              list: 'word',
              '[0-9]*': 'word',
              '*': { effects: 'destroy' },
            },
          },
        },
        'unit u': {
          effects: 'read',
          worst: 'destroy',
          operands: ['word', { patterns: { print: 'word', free: 'word', p: 'word', '*': { effects: 'destroy' } } }],
        },
        'align-check version help': { effects: 'read', worst: 'destroy' },
        '*': 'destroy',
      },
    },
    'mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mke2fs mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mkfs.msdos mkdosfs mkfs.exfat mkexfatfs mkfs.ntfs mkntfs mkfs.f2fs mkfs.minix mkfs.cramfs mkfs.bfs mkfs.jfs mkfs.reiserfs mkreiserfs mkfs.gfs2 mkfs.ocfs2 mkfs.nilfs2 mkfs.udf mkudffs mkfs.erofs mkfs.ubifs mkfs.jffs2 mkfs.lustre mkfs.zonefs mkfs_bcachefs ubiformat flash_erase flash_eraseall flashcp nandwrite mtd_debug make-bcache bcachefs':
      device,
    'fsck fsck.ext2 fsck.ext3 fsck.ext4 e2fsck fsck.vfat fsck.fat fsck.msdos dosfsck fsck.exfat exfatfsck fsck.f2fs fsck.minix fsck.cramfs fsck.btrfs fsck.jfs fsck.reiserfs fsck.gfs2 fsck.ocfs2 fsck.hfs fsck.hfsplus ntfsfix reiserfsck':
      check,
    'fsck.xfs': 'read',
    tune2fs: {
      effects: 'write destroy',
      worst: 'write destroy',
      options: { '-l': { sets: 'read' } },
      operands: 'path',
    },
    'dumpe2fs e2freefrag filefrag lsattr e2mmpstatus': ['read', 'path'],
    'e2label fatlabel dosfslabel ntfslabel xfs_admin exfatlabel tune.exfat mlabel btrfstune reiserfstune jfs_tune tune.f2fs':
      { effects: 'write', worst: 'write', operands: 'path' },
    chattr: ['write', 'path'],
    badblocks: {
      effects: 'read',
      known: '-fsvXB -b= -c= -d= -e= -i= -p= -t=',
      options: { '-w -n': 'destroy', '-o=': 'destroy path' },
      operands: 'path',
    },
    'resize2fs xfs_growfs resize.f2fs ntfsresize resize.exfat fatresize btrfs-convert resize_reiserfs': {
      effects: 'write destroy',
      worst: 'write destroy',
      operands: 'path',
    },
    'e2image e2undo e2scrub e2scrub_all e4defrag e4crypt fscrypt': ['write', 'path'],
    // `!` of its prompt, and of -R, is not there; but -w writes any block, and its pager is $DEBUGFS_PAGER.
    debugfs: {
      effects: 'escape',
      worst: 'escape write destroy',
      operands: 'path',
      known: '-icDV -b= -s= -d= -z=',
      options: { '-w': 'destroy', '-R=': 'word', '-f=': 'opaque path' },
      gtfobins: ['shell'],
    },
    'xfs_info xfs_bmap xfs_estimate xfs_ncheck': ['read', 'path'],
    xfs_repair: {
      effects: 'destroy',
      worst: 'destroy',
      known: '-dfLPev -m= -c= -o= -t= -l= -r=',
      options: { '-n -V': { sets: 'read' } },
      operands: 'path',
    },
    'xfs_db xfs_io': { effects: 'write destroy escape', worst: 'write destroy escape', operands: 'path' },
    'xfs_freeze xfs_fsr xfs_rtcp xfs_mkfile xfs_metadump': ['write', 'path'],
    'xfs_copy xfs_mdrestore': device,
    xfs_quota: {
      effects: 'read',
      known: '-pf -D= -P= -d= -c= -D=',
      options: { '-x': 'write destroy', '-V': 'read' },
      operands: 'path',
    },
    'xfsdump dump': ['write', 'path'],
    'xfsrestore restore': ['write destroy', 'path'],
    btrfs: {
      effects: 'read',
      known: '-qv --verbose --quiet --format= --log= --help --version',
      subcommands: {
        'subvolume su': {
          effects: 'read',
          abbreviates: true,
          subcommands: {
            'list show get-default find-new sync': ['read', 'path'],
            'create snapshot set-default': ['write', 'path'],
            delete: ['destroy', 'path'],
          },
        },
        'filesystem fi': {
          effects: 'read',
          abbreviates: true,
          subcommands: {
            'show df usage du sync commit-stats': ['read', 'path'],
            'defragment label mkswapfile': ['write', 'path'],
            resize: ['write destroy', 'path'],
          },
        },
        'device dev': {
          effects: 'read',
          abbreviates: true,
          subcommands: {
            'stats usage ready': ['read', 'path'],
            scan: 'write',
            add: ['destroy', 'path'],
            'delete remove': ['destroy', 'path'],
          },
        },
        'scrub balance quota qgroup property prop replace rescue receive send check restore inspect-internal inspect': {
          effects: 'read',
          worst: 'write destroy',
          subcommands: {
            'status show get list dump-super dump-tree tree-stats min-dev-size rootid inode-resolve logical-resolve subvolid-resolve list-chunks map-swapfile':
              ['read', 'path'],
            '*': ['write destroy', 'path'],
          },
        },
        'version help': 'read',
      },
    },
    'btrfs-find-root compsize': ['read', 'path'],
    'btrfs-image btrfs-select-super': device,
    zfs: {
      effects: 'read',
      known: '-? -V --version --help',
      subcommands: {
        'list get version userspace groupspace projectspace holds help': ['read', 'path'],
        diff: ['read', 'path'],
        'allow unallow': ['write privilege', 'path'],
        'create snapshot snap clone set inherit rename promote hold release bookmark upgrade project wait redact mount umount unmount share unshare load-key unload-key change-key jail unjail zone unzone':
          ['write', 'path'],
        'destroy rollback receive recv': ['destroy', 'path'],
        send: ['read transfer', 'path'],
        program: 'write destroy opaque',
      },
    },
    zpool: {
      effects: 'read',
      known: '-? -V --version --help',
      subcommands: {
        'status iostat': {
          effects: 'read',
          known: '-DgLPpstvxeijHlLqrwny -T= --power --json',
          options: { '-c=': 'escape' },
          operands: 'path',
        },
        'list get history events version help': ['read', 'path'],
        wait: 'read',
        'scrub trim initialize set online offline clear resilver reopen sync upgrade checkpoint reguid import export prefetch ddtprune':
          ['write', 'path'],
        'create add attach': ['destroy', 'path'],
        'destroy remove detach replace split labelclear': ['destroy', 'path'],
      },
    },
    zdb: ['read', 'path'],
    'arcstat arc_summary': 'read',
    [LVM_READERS]: lvmReport,
    [LVM_WRITERS]: lvmWrite,
    [LVM_DESTROYERS]: lvmDestroy,
    'lvmconfig lvmdump lvmsadc lvmsar': {
      effects: 'read',
      known: LVM_KNOWN,
      options: { ...LVM_CONFIG, '-f= --file=': 'write path', '-d=': 'write path' },
      worst: 'write escape',
    },
    lvm: {
      effects: 'escape',
      options: { '--version --help': { sets: 'read' } },
      subcommands: {
        [LVM_READERS]: lvmReport,
        [LVM_WRITERS]: lvmWrite,
        [LVM_DESTROYERS]: lvmDestroy,
        'version help formats segtypes tags devtypes fullreport config lvmconfig dumpconfig': lvmReport,
        '*': 'write destroy escape',
      },
    },
    'fsadm lvmpolld dmeventd': 'write destroy',
    dmsetup: {
      effects: 'read',
      known:
        '-cCvyjmfrRS -o= -O= -u= -U= -G= -M= --columns --noheadings --nolockfs --noopencount --noudevrules --noudevsync --options= --separator= --select= --sort= --tree --target= --uuid= --major= --minor= --units= --nosuffix --unquoted --rows --showkeys --verbose --inactive --readahead= --checks --concise --force --retry --deferred --manglename= --yes --nameprefixes',
      options: { ...HELP, '--exec=': 'shell' },
      globalOptions: true,
      subcommands: {
        'ls info status table deps version targets udevcookies splitname help report stats': ['read', 'path'],
        'suspend resume rename mknodes reload load clear message setgeometry udevcreatecookie udevcomplete udevflags udevcomplete_all mangle':
          ['write', 'path'],
        create: ['write privilege', 'path'],
        'remove remove_all wipe_table': ['destroy', 'path'],
        wait: 'read',
      },
      gtfobins: ['shell'],
    },
    mdadm: {
      effects: 'write destroy',
      known:
        '-svb -c= -e= -l= -n= -x= -z= -p= -N= -u= -m= -U= -o -w -R --scan --verbose --brief --quiet --export --platform --prefer= --no-devices --test -t --config= --homehost= -Y -X',
      options: {
        '-D --detail -Q --query -E --examine --examine-bitmap --detail-platform --examine-badblocks -h --help --help-options -V --version':
          { sets: 'read' },
        '-F --monitor --follow': 'write',
        '--program= --alert= -p= --add-hook=': 'escape',
        '--zero-superblock': 'destroy',
      },
      operands: 'path',
    },
    cryptsetup: {
      effects: 'read',
      known:
        '-qvydrbBh -c= -s= -S= -i= -t= -T= -n= -o= -p= -l= --type= --verbose --debug --batch-mode --key-size= --cipher= --hash= --key-slot= --iter-time= --timeout= --tries= --size= --offset= --skip= --readonly --allow-discards --perf-no_read_workqueue --uuid= --label= --pbkdf= --veracrypt --persistent --json-file= --sector-size= --disable-keyring --test-passphrase --unbound --dump-json-metadata --token-id= --force-password --use-random --use-urandom --align-payload= --deferred --refresh --shared',
      options: {
        '--help -? --usage --version -V': { sets: 'read' },
        '-d= --key-file= --header= --new-keyfile= --keyfile-offset=': 'path',
        '--header-backup-file= --volume-key-file= --master-key-file= --dump-master-key --dump-volume-key':
          'privilege path',
        '--external-tokens-path=': 'escape path',
      },
      globalOptions: true,
      subcommands: {
        'status luksDump isLuks luksUUID benchmark tcryptDump bitlkDump fvault2Dump': ['read', 'path'],
        'open close luksOpen luksClose create plainOpen tcryptOpen loopaesOpen bitlkOpen remove luksSuspend luksResume':
          ['write privilege', 'path'],
        'luksAddKey luksChangeKey config token convert luksConvertKey refresh resize luksHeaderBackup': [
          'write privilege',
          'path',
        ],
        'luksFormat erase luksErase luksKillSlot luksRemoveKey luksHeaderRestore reencrypt repair': ['destroy', 'path'],
        '*': ['destroy privilege', 'path'],
      },
    },
    'veritysetup integritysetup cryptdisks_start cryptdisks_stop clevis luksmeta': {
      effects: 'write privilege destroy',
      worst: 'write privilege destroy',
      subcommands: { 'status dump': ['read', 'path'], '*': ['write privilege destroy', 'path'] },
    },
    smartctl: {
      effects: 'read',
      known:
        '-aixHAcgq -d= -l= -q= -T= -b= -r= -n= -f= -P= -v= -B= -F= -j --json=? --all --xall --info --health --attributes --capabilities --get= -g= --log= --device= --identify=? --scan --scan-open --quietmode= --tolerance= --badsum= --report= --nocheck= --format= --presets= --vendorattribute= --drivedb= --firmwarebug=',
      options: {
        '-h --help -V --version --copyright --license': { sets: 'read' },
        '-t= --test= -C --captive -X --abort -s= --set= -o= --offlineauto= -S= --saveauto= --smart=': 'write',
      },
      operands: 'path',
    },
    'smartd update-smart-drivedb': 'write transfer escape',
    hdparm: {
      effects: 'read',
      known: '-gHiIqtTvVh --direct --offset= --Istdout --fibmap= --dco-identify --fwdownload-modes --read-sector=',
      options: { '-C': 'read' },
      operands: 'path',
      worst: 'write destroy',
    },
    sdparm: {
      effects: 'read',
      worst: 'write destroy',
      known: '-aileqHdv -t= -g= --all --inquiry --enumerate --get= --long --quiet',
      operands: 'path',
    },
    'sg_inq sg_vpd sg_readcap sg_luns sg_logs sg_modes sg_requests sg_turs sg_scan sg_map sginfo sg_opcodes': [
      'read',
      'path',
    ],
    'sg_format sg_sanitize sg_unmap sg_write_same sg_dd sgm_dd sgp_dd sg_wr_mode sg_raw sg_reset sg_start sg_persist sg_ses sg_reassign sg_write_buffer':
      device,
    nvme: {
      effects: 'read',
      known: '-h --help --version -v -o= --output-format=',
      subcommands: {
        'list list-subsys list-ns list-ctrl id-ctrl id-ns id-* smart-log error-log fw-log endurance-log self-test-log show-regs get-feature get-log get-ns-id ns-descs effects-log telemetry-log ana-log list-* show-hostnqn changed-ns-list-log persistent-event-log version help resv-report intel':
          ['read', 'path'],
        'format sanitize delete-ns write write-zeroes write-uncor dsm fw-commit fw-activate fw-download security-send':
          ['destroy', 'path'],
        '*': 'write destroy transfer',
      },
    },
    multipath: {
      effects: 'write',
      worst: 'write destroy',
      known: '-dqriB -v= -b= -R= -p=',
      options: { '-l -ll -t -T -h -c= -C= -u -U': { sets: 'read' }, '-F -f= -W -w=': 'destroy' },
      operands: 'path',
    },
    multipathd: {
      effects: 'write',
      worst: 'write',
      known: '-ds -v=',
      subcommands: { 'show list': 'read', '*': 'write' },
      options: { '-k=?': 'write' },
    },
    mpathpersist: { effects: 'write destroy', worst: 'write destroy' },
    iscsiadm: {
      effects: 'write transfer',
      worst: 'write transfer destroy',
      known:
        '-m= --mode= -P= --print= -T= --targetname= -p= --portal= -I= --interface= -t= --type= -d= --debug= -S --show',
      options: {
        '-h --help -V --version': { sets: 'read' },
        '-o= --op=': { patterns: { show: 'word', delete: { effects: 'destroy' }, '*': { effects: 'write' } } },
        '-l --login -u --logout -L= -U= -R --rescan -n= -v= --name= --value= --update': 'write',
      },
    },
    'iscsi-iname lsiscsi': 'read',
    'targetcli tgtadm tgt-admin': 'write destroy privilege transfer',
    fstrim: ['write', 'path'],
    eject: ['write', 'path'],
    'quotaon quotaoff quotacheck setquota convertquota xqmstats': 'write',
    edquota: 'escape write privilege',
    exportfs: {
      effects: 'read',
      worst: 'write privilege transfer',
      known: '-vs',
      options: { '-a -r -f -u -i -o=': 'write transfer' },
      operands: 'transfer host',
    },
    'drbdadm drbdsetup': {
      effects: 'read',
      worst: 'write destroy',
      subcommands: { 'status dump role cstate dstate sh-* show get-gi events2': 'read', '*': 'write destroy' },
    },
    'stratis vdo': {
      effects: 'read',
      worst: 'write destroy',
      subcommands: {
        'list report status': 'read',
        'pool filesystem fs blockdev': { effects: 'read', subcommands: { list: 'read', '*': 'write destroy' } },
        '*': 'write destroy',
      },
    },
    'vdostats thin_metadata_size': ['read', 'path'],
    'thin_check cache_check era_check': ['read write', 'path'],
    'thin_repair thin_restore cache_repair cache_restore cache_writeback thin_trim': device,
    'mt mtx tapeinfo': {
      effects: 'read',
      worst: 'destroy',
      known: '-f= --file=',
      subcommands: { 'status inquiry tell': 'read', '*': 'destroy' },
    },
    'ceph rbd rados': {
      effects: 'read',
      worst: 'write destroy privilege',
      known: '-swv --status --watch -c= -k= -n= -p= -f= --format= --pool= --id= --cluster= --name= -m= --keyring=',
      subcommands: {
        'status -s health df version versions ls list info du stat lspools report quorum_status': 'read',
        '*': 'write destroy privilege',
      },
    },
    gluster: {
      effects: 'read',
      worst: 'write destroy',
      subcommands: {
        'volume peer pool snapshot': {
          effects: 'read',
          subcommands: { 'info status list': 'read', '*': 'write destroy' },
        },
        '*': 'write destroy',
      },
    },
    'ncdu gdu': {
      effects: 'escape',
      worst: 'escape destroy',
      known: '-x -r -q -0 -1 -2 -L -e -I',
      operands: 'path',
      options: { '-v -h --version --help': { sets: 'read' }, '-o=': 'destroy path', '-f=': 'path' },
      gtfobins: ['shell'],
    },
    'duf dfc pydf di dust': ['read', 'path'],
    'storcli storcli64 perccli perccli64 megacli MegaCli MegaCli64 ssacli hpssacli arcconf tw_cli sas2ircu sas3ircu': {
      effects: 'read',
      worst: 'write destroy',
      subcommands: {
        show: { effects: 'read', worst: 'write destroy' },
        '*': { effects: 'write destroy', worst: 'write destroy' },
      },
    },
    testdisk: 'destroy escape',
    'photorec foremost extundelete': 'write',
    'xfs_scrub xfs_spaceman btrfs-map-logical': ['write', 'path'],
    'xfs_logprint thin_dump cache_dump era_dump thin_ls thin_rmap': {
      effects: 'read',
      worst: 'read destroy',
      known: '-f= -r -c -d -D -e -i -n -t -v',
      options: { '-o= --output= -C=': 'destroy path' },
      operands: 'path',
    },
  },
} satisfies Family
