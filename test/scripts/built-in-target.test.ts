/** The demo where no sshd may be started: its small built-in target serves the same story, the stepped gate included. */
import { expect, it } from 'vitest'
import { demoGreeting } from '../../src/demo.ts'
import { startTestBastion } from '../support/bastion.ts'

it('runs a shell under the gate and a command, and the demo says which target it is', async () => {
  const bastion = await startTestBastion({ builtInTargets: true })
  try {
    expect(demoGreeting(bastion.demo)).toContain('built-in SSH target')
    expect(demoGreeting(bastion.demo).split('\n').length).toBeLessThan(25)
    const key = bastion.newKey('alice')
    const terminal = bastion.ssh('web-1', '-i', key)
    await bastion.signIn(terminal, await bastion.person('alice'))
    await terminal.shows('recorded')
    await terminal.shows(/[$#] $/m)
    terminal.mark()
    terminal.type('echo $((6 * 7))\r')
    await terminal.shows('\n42')
    terminal.type('touch /nonexistent/file\r')
    await terminal.shows('held: touch /nonexistent/file')
    terminal.type('\x03')
    await terminal.shows('withdrawn')
    terminal.type('exit 4\r')
    expect(await terminal.exited).toBe(4)
    const result = await bastion.run('web-2', 'cat; exit 6', { key, input: Buffer.from('through') })
    expect(result).toMatchObject({ status: 6 })
    expect(result.stdout.toString()).toBe('through')
  } finally {
    await bastion.close()
  }
})
