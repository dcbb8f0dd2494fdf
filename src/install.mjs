// Runs once after `npm ci`. Two things npm cannot know by itself:
//  1. ssh2's native ciphers are built while the machine's own Node (perhaps 20) is the one in charge, but they are
//     loaded by the Node that package.json asks for. A mismatch is not an error, only a bastion 1.7 times slower, so
//     they are built again here against the headers that the `node` package ships.
//  2. The web pages are built, so that `npm run demo` starts at once.
// Plain JavaScript, because it may be started by a Node that does not strip types.
import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

function run(command, args, env = {}) {
  const done = spawnSync(command, args, { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8' })
  return { ok: done.status === 0, output: `${done.stdout ?? ''}${done.stderr ?? ''}` }
}

const pinnedNode = join(root, 'node_modules', '.bin', 'node')
const loads = (addon) => run(pinnedNode, ['-e', `require(${JSON.stringify(addon)})`]).ok

const ssh2 = dirname(dirname(require.resolve('ssh2')))
const ciphers = join(ssh2, 'lib/protocol/crypto/build/Release/sshcrypto.node')
if (!existsSync(ciphers) || !loads(ciphers)) {
  const headers = dirname(dirname(realpathSync(findPinnedBinary())))
  const env = existsSync(join(headers, 'include/node/node.h')) ? { npm_config_nodedir: headers } : {}
  const built = run('npm', ['rebuild', 'ssh2', 'cpu-features', '--foreground-scripts'], env)
  if (!existsSync(ciphers) || !loads(ciphers)) {
    console.warn(`sallyport: native SSH ciphers could not be built (${built.ok ? 'they do not load' : 'see below'}).`)
    console.warn(
      'sallyport: everything works without them, more slowly. A C++ compiler and python3 are needed to build them.',
    )
    if (!built.ok) console.warn(built.output.split('\n').slice(-8).join('\n'))
  }
}

// The pages need the development packages; a production install (`--omit=dev`) brings pages that were built before.
if (existsSync(join(root, 'node_modules', 'vite'))) {
  const pages = run('npm', ['run', '--silent', 'build'])
  if (!pages.ok) {
    console.error(pages.output)
    process.exit(1)
  }
}

/** The `node` package hard-links its binary; the headers lie beside the original, in the package of this platform. */
function findPinnedBinary() {
  const owner = createRequire(require.resolve('node/package.json'))
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  for (const name of [platform, platform.replace(/^node-/, 'node-bin-')]) {
    try {
      return join(dirname(owner.resolve(`${name}/package.json`)), 'bin', 'node')
    } catch {}
  }
  return pinnedNode
}
