import { mergeConfig } from 'vite'
import page from '../vite.config.js'

/** Builds the demo separately, so that nothing of it is in the product. */
export default mergeConfig(page, {
  root: import.meta.dirname,
  publicDir: '../public',
})
