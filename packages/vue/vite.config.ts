import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** Builds one module and one stylesheet. Vue, Element Plus and the Carryon packages are external. */
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
