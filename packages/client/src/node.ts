/** What the engine needs in Node besides the browser's: files by path, and a memory on disk. */
export { fileMemory } from './file-memory.js'
export { fileOwner } from './file-owner.js'
export { nodeFile } from './node-file.js'
