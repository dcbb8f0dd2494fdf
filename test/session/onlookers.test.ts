/** Looking on: the screen as it is when somebody comes, then what follows, neither twice nor with a gap. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Onlookers } from '../../src/session/onlookers.ts'
import type { Watcher } from '../../src/session/registry.ts'
import { ReplayScreen } from '../../src/terminal/replay-screen.ts'
import { Screen } from '../../src/terminal/screen.ts'

class Viewer implements Watcher {
  screen = new ReplayScreen(1, 1)
  hasBegun = false
  isOver = false
  begin({ cols, rows, text }: { cols: number; rows: number; text: string }): void {
    this.screen = new ReplayScreen(cols, rows)
    this.screen.write(text)
    this.hasBegun = true
  }
  output(bytes: Uint8Array): void {
    this.screen.write(Buffer.from(bytes).toString())
  }
  end(): void {
    this.isOver = true
  }
}

describe('onlookers', () => {
  it('see what the session sees, whenever they come and however late pieces are stored', async () => {
    const piece = fc.constantFrom('ls\r\n', '\u001b[31mred\u001b[0m', '\u001b[2J\u001b[H', 'words ', '\u001b[3;3H')
    const action = fc.oneof(
      fc.record({ kind: fc.constant('output' as const), text: piece }),
      fc.record({ kind: fc.constant('store' as const) }),
      fc.record({ kind: fc.constant('come' as const) }),
      fc.record({ kind: fc.constant('resize' as const), cols: fc.integer({ min: 5, max: 30 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        const screen = new Screen({ cols: 20, rows: 5 })
        const onlookers = new Onlookers(screen)
        const viewers: Viewer[] = []
        const unstored: (() => void)[] = []
        let shown = Promise.withResolvers<void>()
        shown.resolve()
        const store = () => {
          for (const noticeStored of unstored.splice(0)) noticeStored()
          shown.resolve()
        }
        for (const step of [...actions, { kind: 'come' } as const]) {
          if (step.kind === 'output') {
            const bytes = Buffer.from(step.text)
            if (unstored.length === 0) shown = Promise.withResolvers()
            unstored.push(onlookers.noticeFed(bytes))
            await screen.feed(bytes)
          }
          if (step.kind === 'store') store()
          if (step.kind === 'resize') {
            screen.resize({ cols: step.cols, rows: 5 })
            onlookers.noticeResized(() => shown.promise)
          }
          if (step.kind === 'come') {
            const viewer = new Viewer()
            viewers.push(viewer)
            onlookers.add(viewer, () => shown.promise)
          }
        }
        store()
        await screen.settled()
        for (const viewer of viewers) await expect.poll(() => viewer.hasBegun, { interval: 1 }).toBe(true)
        const truth = screen.lastLines(5).map((line) => line.trimEnd())
        for (const viewer of viewers) {
          const rows = viewer.screen.rows()
          expect(rows.slice(0, truth.length)).toEqual(truth)
          expect(rows.slice(truth.length).join('')).toBe('')
        }
        onlookers.end()
        expect(viewers.every(({ isOver }) => isOver)).toBe(true)
        screen.dispose()
      }),
      { numRuns: 100 },
    )
  })

  it('are told nothing before it is stored', async () => {
    const screen = new Screen({ cols: 20, rows: 5 })
    const onlookers = new Onlookers(screen)
    const viewer = new Viewer()
    onlookers.add(viewer, async () => {})
    await expect.poll(() => viewer.hasBegun, { interval: 1 }).toBe(true)
    const noticeStored = onlookers.noticeFed(Buffer.from('secret until kept'))
    await screen.feed(Buffer.from('secret until kept'))
    expect(viewer.screen.rows()[0]).toBe('')
    noticeStored()
    expect(viewer.screen.rows()[0]).toBe('secret until kept')
    screen.dispose()
  })
})
