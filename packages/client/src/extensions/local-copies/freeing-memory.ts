import type { ResumeMemory } from '../../ports.js'
import type { LocalCopies } from './local-copies.js'

/**
 * A memory that frees what is kept of a file as the memory of its upload grows. In this order: a block is freed once
 * it is on disk that the store has all of it, so no crash finds it in neither place.
 */
export function freeing(
  memory: ResumeMemory,
  copies: Pick<LocalCopies, 'acknowledged' | 'ended'>,
): ResumeMemory {
  return {
    get: (identity) => memory.get(identity),
    all: (name) => memory.all(name),
    begin: (upload) => memory.begin(upload),
    async addPart(identity, id, part) {
      await memory.addPart(identity, id, part)
      await copies.acknowledged(identity, part)
    },
    async delete(identity) {
      await memory.delete(identity)
      await copies.ended(identity)
    },
  }
}
