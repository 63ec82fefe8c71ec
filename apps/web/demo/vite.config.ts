import { mergeConfig } from 'vite'
import page from '../vite.config.js'

/** The demo entry, built apart: nothing of it is in the product. */
export default mergeConfig(page, {
  root: import.meta.dirname,
  publicDir: '../public',
})
