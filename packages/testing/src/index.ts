export { crc64Of } from './crc64-of.js'
export { MemoryStore } from './memory-store.js'
