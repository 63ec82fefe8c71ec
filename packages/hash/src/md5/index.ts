export { beginMd5 } from './md5-hashers.js'
export type { ChunkLoader, Md5Hasher } from './md5-hashers.js'
export { Md5, Md5Lanes } from './md5-lanes.js'
