// How the page inside a bundle is built: one script and one style without a name of their own, which bundle/page.ts puts
// into the page. It is opened from a disk, so it fetches nothing.
import { defineConfig } from 'vite'
import { trustedPlayer } from './trusted-player.ts'

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  logLevel: 'warn',
  plugins: [trustedPlayer()],
  build: {
    outDir: 'dist-offline',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    cssCodeSplit: false,
    lib: {
      entry: 'offline/main.ts',
      formats: ['iife'],
      name: 'sallyportBundle',
      fileName: () => 'offline.js',
      cssFileName: 'offline',
    },
  },
})
