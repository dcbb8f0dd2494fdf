/**
 * The multi-call programs, and BusyBox applets that no other family has. `busybox ls` is `ls`; an applet shares the entry
 * of the tool it stands for.
 */
import type { Family } from '../schema.ts'

export const busybox = {
  name: 'busybox',
  sources: ['BusyBox 1.35 --help', 'toybox 0.8 --help', 'https://gtfobins.github.io'],
  commands: {
    'busybox busybox.static toybox': {
      effects: 'read',
      syntax: 'posix',
      options: {
        '--list --list-full --help --version --long --path': { sets: 'read' },
        '--install': 'write',
        '-s': 'word',
      },
      operands: 'command',
      gtfobins: ['shell', 'upload', 'file-read', 'file-write'],
    },
    sash: { effects: 'escape', worst: 'escape', gtfobins: ['shell'] },
    'ttysize uevent nmeter pipe_progress usleep bbconfig crc32 ascii': 'read',
    'ipaddr iplink iproute iprule iptunnel ipneigh nameif slattach': {
      effects: 'read',
      worst: 'write destroy',
      subcommands: { 'show list ls get': 'read', '*': 'write destroy' },
    },
    inotifyd: 'escape',
    'mdev mdevd udhcpd dhcprelay zcip ifplugd ftpd tftpd lpd dnsd acpid watchdog microcom bootchartd fbsplash linuxrc':
      'write transfer escape',
    'ftpget ftpput tftp rx lpr lpq popmaildir': 'transfer write',
    'makemime reformime': 'read escape',
    'setconsole setkeycodes setlogcons setserial loadfont adjtimex readahead nbd-client fdflush freeramdisk fbset rdev ubiattach ubidetach ubimkvol ubirename ubirsvol ubiupdatevol ubirmvol seedrng nologin':
      'write',
    makedevs: 'write privilege',
    cttyhack: { effects: 'read', syntax: 'posix', operands: 'command', bare: 'escape' },
    'fdformat flash_unlock flash_lock nanddump': 'destroy',
    fsync: ['read', 'path'],
    resume: 'privilege',
    resize: 'read',
  },
} satisfies Family
