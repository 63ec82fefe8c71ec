/** What the client needs in Node in addition: files by path, and a memory on disk. */
export { ownerHeader } from '@carryon/protocol'
export { fileMemory } from './node/file-memory.js'
export { fileOwner } from './node/file-owner.js'
export type { FileOwner } from './node/file-owner.js'
export { holdsBytes, nodeFile } from './node/node-file.js'
export { spooledFile } from './node/spooled-file.js'
export type { SpooledFile } from './node/spooled-file.js'
