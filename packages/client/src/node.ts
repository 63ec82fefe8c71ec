/** What the engine needs in Node besides the browser's: files by path, and a memory on disk. */
export { fileMemory } from './node/file-memory.js'
export { fileOwner } from './node/file-owner.js'
export { nodeFile } from './node/node-file.js'
