import { withTimeout } from '../async/with-timeout.js'
import type { Clock, RememberedHead, RememberedPart, RememberedUpload, ResumeMemory } from '../ports.js'

/** Remembers until the page is left; for tests, and where there is no IndexedDB. */
export function volatileMemory(): ResumeMemory {
  const records = new Map<
    string,
    { readonly head: RememberedHead; readonly parts: Map<number, RememberedPart> }
  >()
  const toUpload = (record: {
    head: RememberedHead
    parts: Map<number, RememberedPart>
  }): RememberedUpload => ({
    ...record.head,
    parts: [...record.parts.values()],
  })
  return {
    get: async (identity) => {
      const record = records.get(identity)
      return record === undefined ? null : toUpload(record)
    },
    all: async () => [...records.values()].map(toUpload),
    begin: async (head) => {
      records.set(head.identity, { head, parts: new Map() })
    },
    addPart: async (identity, id, part) => {
      const record = records.get(identity)
      if (record?.head.id === id) record.parts.set(part.partNumber, part)
    },
    delete: async (identity) => {
      records.delete(identity)
    },
  }
}

/** A {@link ResumeMemory} whose pending writes can be awaited. */
export interface SettlingMemory extends ResumeMemory {
  /** Resolves when all parts added so far are written or have failed to be. */
  settled(): Promise<void>
}

/**
 * Wraps a memory so that it does not fail or delay the upload if it fails (full disk, private window, storage removed)
 * or never answers; it then returns nothing.
 */
export function forgiving(memory: ResumeMemory, clock: Clock): SettlingMemory {
  const adding = new Set<Promise<void>>()
  const quietly = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch {
      // Not remembering costs only time.
    }
  }
  return {
    get: (identity) => withTimeout(() => memory.get(identity), null, clock),
    all: (name) => withTimeout(() => memory.all(name), [], clock),
    begin: (upload) => quietly(() => memory.begin(upload)),
    addPart: (identity, id, part) => {
      const added = quietly(() => memory.addPart(identity, id, part))
      adding.add(added)
      return added.finally(() => adding.delete(added))
    },
    settled: async () => {
      await Promise.all(adding)
    },
    delete: (identity) => withTimeout(() => memory.delete(identity), undefined, clock),
  }
}
