// Two projects: `unit` needs nothing but Node; `e2e` drives real parts (sshd, ssh, an identity provider, Chromium). Both run
// two files at a time, for two cores: vitest itself would leave one of them idle, or take as many as there are.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/scripts/**', 'test/bypass/**'],
          testTimeout: 20_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/scripts/**/*.test.ts', 'test/bypass/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
