/** Run as a program: starts a target in the folder given, says so, and waits to be killed. */
import { startSshdTarget } from '../../src/demo/sshd-target.ts'

const [folder = ''] = process.argv.slice(2)
await startSshdTarget({ name: 'lone', folder, logins: [{ name: 'deploy', shell: '/bin/sh' }], authorizedKey: 'none' })
console.log('listening')
setInterval(() => {}, 60_000)
