import type { ResumeMemory } from '../../ports.js'
import type { BrowserDatabase } from '../../memory/browser-database.js'
import { indexedDbMemory } from './indexeddb-memory.js'

/** Remembers acknowledged parts in IndexedDB. */
export function resumeMemory({ database }: { readonly database: BrowserDatabase }): ResumeMemory {
  return indexedDbMemory(database)
}
