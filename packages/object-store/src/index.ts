export type * from './object-store.js'
export { StoreError } from './store-error.js'
