import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** Resolves workspace packages to their source, so that they need not be built first. */
const conditions = ['carryon-source', 'module', 'browser', 'development|production']

export default defineConfig({
  // Assets and the API are addressed relative to the page, so it can be served under a path of the operator's choice.
  base: './',
  plugins: [vue()],
  resolve: { conditions },
  // The client library's workers are modules.
  worker: { format: 'es' },
  build: { target: ['chrome111', 'edge111', 'firefox128', 'safari16.4'], modulePreload: { polyfill: false } },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
})
