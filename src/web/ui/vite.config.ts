// How the pages are built: into `dist` beside this file, with a hash in every asset's name so that the server may let
// browsers keep them for ever. Nothing is inlined (the CSP allows no inline script) and nothing comes from outside.
import { defineConfig } from 'vite'
import { trustedPlayer } from './trusted-player.ts'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  logLevel: 'warn',
  plugins: [trustedPlayer()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
