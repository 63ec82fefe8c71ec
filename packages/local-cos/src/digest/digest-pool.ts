import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { inlineDigest, type BodyDigest } from './body-digest.js'
import type { Digest } from './body-hash.js'
import type { DigestReply, DigestRequest } from './digest-messages.js'

/**
 * Bytes from which a body is worth the way to another thread. Measured: hashing takes 2 µs per KiB, the way there and
 * back about 100 µs.
 */
const worthAThread = 256 * 1024
/** Beyond, the one receiving thread is the limit. */
const maxThreads = 4

/** A thread's short-lived objects are few and small; the engine would let tens of MiB of them gather. */
const resourceLimits = { maxYoungGenerationSizeMb: 2 }

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, { resolve: (reply: DigestReply) => void; reject: (error: Error) => void }>
  bodies: number
}

/** Threads that hash the large bodies, so that the one that serves requests stays free. */
export class DigestPool {
  readonly #threads: Thread[]
  #nextId = 0

  private constructor(threads: Thread[]) {
    this.#threads = threads
  }

  /** Run from its TypeScript source the worker's file is not there: then bodies of any size are hashed in this thread. */
  static start(workerFile = new URL('./digest-worker.js', import.meta.url)): DigestPool {
    const count = existsSync(workerFile) ? Math.min(maxThreads, Math.max(1, availableParallelism() - 1)) : 0
    const pool = new DigestPool([])
    for (let index = 0; index < count; index++) pool.#threads.push(pool.#startThread(workerFile))
    return pool
  }

  get size(): number {
    return this.#threads.length
  }

  /**
   * @param fd of the file that the body is written to; must stay open until the digest has finished or was abandoned.
   * @param length of the body in bytes.
   */
  async open(fd: number, length: number): Promise<BodyDigest> {
    const thread = this.#threads.toSorted((one, other) => one.bodies - other.bodies)[0]
    if (thread === undefined || length < worthAThread) return inlineDigest()
    const id = this.#nextId++
    const post = (request: DigestRequest): void => thread.worker.postMessage(request)
    let ended: Promise<DigestReply> | undefined
    const end = async (kind: 'finish' | 'abandon'): Promise<DigestReply> =>
      (ended ??= this.#end(thread, { kind, id }))
    thread.bodies++
    post({ kind: 'open', id, fd })
    return {
      written: (_, end) => post({ kind: 'written', id, end }),
      finish: async () => digestOf(await end('finish')),
      abandon: async () => {
        await end('abandon')
      },
    }
  }

  /** No body may be open any more. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(async ({ worker }) => worker.terminate()))
  }

  async #end(thread: Thread, request: DigestRequest): Promise<DigestReply> {
    try {
      return await new Promise<DigestReply>((resolve, reject) => {
        thread.waiting.set(request.id, { resolve, reject })
        thread.worker.postMessage(request)
        if (!this.#threads.includes(thread)) reject(new Error('The hashing thread ended.'))
      })
    } finally {
      thread.waiting.delete(request.id)
      thread.bodies--
    }
  }

  #startThread(file: URL): Thread {
    const thread: Thread = { worker: new Worker(file, { resourceLimits }), waiting: new Map(), bodies: 0 }
    // Alone it must not keep the process from ending.
    thread.worker.unref()
    thread.worker.on('message', (reply: DigestReply) => thread.waiting.get(reply.id)?.resolve(reply))
    thread.worker.on('error', (error: Error) => {
      // The bodies it had are refused and sent again; later ones go to the other threads, or to this one.
      const index = this.#threads.indexOf(thread)
      if (index !== -1) this.#threads.splice(index, 1)
      for (const { reject } of thread.waiting.values()) reject(error)
    })
    return thread
  }
}

function digestOf(reply: DigestReply): Digest {
  if (reply.kind === 'digest') return { md5: Buffer.from(reply.md5), crc64: reply.crc64 }
  throw new Error(reply.kind === 'failed' ? reply.message : 'The body was abandoned.')
}
