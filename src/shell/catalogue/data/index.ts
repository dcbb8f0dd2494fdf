/** Every family of the catalogue. Of two that name the same command the later wins; `builtins` stays the last. */
import type { Family } from '../schema.ts'
import { accounts } from './accounts.ts'
import { archive } from './archive.ts'
import { build } from './build.ts'
import { builtins } from './builtins.ts'
import { busybox } from './busybox.ts'
import { cloud } from './cloud.ts'
import { containers } from './containers.ts'
import { coreutils } from './coreutils.ts'
import { crypto } from './crypto.ts'
import { databases } from './databases.ts'
import { disks } from './disks.ts'
import { editors } from './editors.ts'
import { git } from './git.ts'
import { gtfobins } from './gtfobins.ts'
import { infrastructure } from './infrastructure.ts'
import { interpreters } from './interpreters.ts'
import { kubernetes } from './kubernetes.ts'
import { mail } from './mail.ts'
import { monitoring } from './monitoring.ts'
import { network } from './network.ts'
import { packages } from './packages.ts'
import { procps } from './procps.ts'
import { shells } from './shells.ts'
import { system } from './system.ts'
import { systemd } from './systemd.ts'
import { terminals } from './terminals.ts'
import { text } from './text.ts'
import { tracing } from './tracing.ts'
import { transfer } from './transfer.ts'
import { utilLinux } from './util-linux.ts'
import { vcs } from './vcs.ts'
import { virtualization } from './virtualization.ts'
import { webServers } from './web-servers.ts'

export const families: readonly Family[] = [
  coreutils,
  text,
  editors,
  shells,
  terminals,
  interpreters,
  build,
  archive,
  transfer,
  mail,
  gtfobins,
  cloud,
  containers,
  crypto,
  databases,
  git,
  infrastructure,
  kubernetes,
  monitoring,
  vcs,
  virtualization,
  webServers,
  accounts,
  busybox,
  disks,
  network,
  packages,
  procps,
  system,
  systemd,
  tracing,
  utilLinux,
  builtins,
]
