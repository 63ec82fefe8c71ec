import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** Workspace packages come from their source, so the page needs none of them built. */
const conditions = ['carryon-source', 'module', 'browser', 'development|production']

export default defineConfig({
  // The page finds what belongs to it, and its API, beside itself, under whatever path it is served.
  base: './',
  plugins: [vue()],
  resolve: { conditions },
  // The engine's workers are modules.
  worker: { format: 'es' },
  build: { target: ['chrome111', 'edge111', 'firefox128', 'safari16.4'], modulePreload: { polyfill: false } },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
})
