import type { BodyHash } from './body-hash.js'
import type { DigestReply } from './digest-messages.js'

/** Reads from a position of the body; returns the number of bytes, 0 at its end. */
export type ReadBody = (into: Uint8Array, position: number) => number

interface OpenBody {
  readonly id: number
  readonly hash: BodyHash
  readonly read: ReadBody
  /** Bytes hashed, and bytes written to its file. */
  hashed: number
  written: number
  finishing: boolean
  failure: string | undefined
}

/** Long enough to pay for a read call, short enough to stay in the core's cache for the second hash. */
export const stepBytes = 128 * 1024

/** Bodies hashed by one thread, one step of each in turn, so that a large body does not delay small ones. */
export class HashingQueue {
  readonly #bodies = new Map<number, OpenBody>()
  readonly #bytes = new Uint8Array(stepBytes)

  open(id: number, hash: BodyHash, read: ReadBody): void {
    this.#bodies.set(id, { id, hash, read, hashed: 0, written: 0, finishing: false, failure: undefined })
  }

  /** @param end number of bytes now in the body's file */
  written(id: number, end: number): void {
    const body = this.#bodies.get(id)
    if (body !== undefined) body.written = end
  }

  /** Call after the last write; a later {@link round} returns the digest. */
  finish(id: number): void {
    const body = this.#bodies.get(id)
    if (body !== undefined) body.finishing = true
  }

  /** @returns whether the body was open; its file is no longer read. */
  abandon(id: number): boolean {
    return this.#bodies.delete(id)
  }

  /** Hashes one step of each body that has bytes, and replies for each body that is finished. */
  round(reply: (outcome: DigestReply) => void): void {
    for (const body of this.#bodies.values()) {
      if (hasBytes(body)) this.#step(body)
      if (!body.finishing || hasBytes(body)) continue
      this.#bodies.delete(body.id)
      reply(outcomeOf(body))
    }
  }

  /** Whether there is something left to hash. */
  get busy(): boolean {
    return [...this.#bodies.values()].some(hasBytes)
  }

  #step(body: OpenBody): void {
    try {
      const wanted = this.#bytes.subarray(0, body.written - body.hashed)
      const size = body.read(wanted, body.hashed)
      if (size === 0) throw new Error('the file is shorter than what was written to it')
      body.hash.update(wanted.subarray(0, size))
      body.hashed += size
    } catch (error) {
      body.failure = error instanceof Error ? error.message : String(error)
    }
  }
}

function hasBytes({ hashed, written, failure }: OpenBody): boolean {
  return hashed < written && failure === undefined
}

function outcomeOf({ id, hash, failure }: OpenBody): DigestReply {
  return failure === undefined
    ? { kind: 'digest', id, ...hash.digest() }
    : { kind: 'failed', id, message: failure }
}
