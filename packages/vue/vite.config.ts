import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** The library: one module and one stylesheet; Vue, Element Plus and the engine stay the application's. */
export default defineConfig({
  plugins: [vue()],
  build: {
    lib: {
      entry: { index: 'src/index.ts', testing: 'src/testing/index.ts' },
      formats: ['es'],
      cssFileName: 'style',
    },
    rolldownOptions: { external: [/^vue$/, /^element-plus/, /^@element-plus\//, /^@carryon\//] },
    sourcemap: true,
    minify: false,
  },
})
