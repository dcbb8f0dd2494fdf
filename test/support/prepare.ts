/** Before the tests: installs the Debian packages they need, when run as root, and says what is missing otherwise. */
import { install } from '../../src/demo/packages.ts'

const NEEDED = [
  { command: 'ssh', package: 'openssh-client' },
  { command: 'sshd', package: 'openssh-server' },
  { command: 'unshare', package: 'util-linux' },
  { command: 'chromium', package: 'chromium' },
  { command: 'asciinema', package: 'asciinema' },
  { command: 'vim', package: 'vim' },
  { command: 'busybox', package: 'busybox' },
  { command: 'fish', package: 'fish' },
  { command: 'ps', package: 'procps' },
  { command: 'zsh', package: 'zsh' },
  { command: 'git', package: 'git' },
  { command: 'less', package: 'less' },
  { command: 'man', package: 'man-db' },
  { command: 'tmux', package: 'tmux' },
  { command: 'htop', package: 'htop' },
  { command: 'nano', package: 'nano' },
  { command: 'bc', package: 'bc' },
  { command: 'gdb', package: 'gdb' },
  { command: 'ed', package: 'ed' },
  { command: 'perl', package: 'perl' },
  { command: 'python3', package: 'python3' },
  { command: 'sudo', package: 'sudo' },
  ...(process.env.SALLYPORT_LONG ? [{ command: 'glewlwyd', package: 'glewlwyd' }] : []),
] as const

const lacking = install(NEEDED, console.log)
if (lacking.length > 0) {
  console.error(
    `The tests need these Debian packages: ${lacking.map((entry) => entry.package).join(', ')}. Install them, or run the tests as root.`,
  )
  process.exit(1)
}
