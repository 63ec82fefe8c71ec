import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { inlineDigest, type BodyDigest } from './body-digest.js'
import type { Digest } from './body-hash.js'
import type { DigestReply, DigestRequest } from './digest-messages.js'

/**
 * Minimum body size in bytes for hashing in another thread. Measured: hashing takes 2 µs per KiB, the round
 * trip to a thread about 100 µs.
 */
const worthAThread = 256 * 1024
/** With more threads, the one receiving thread is the bottleneck. */
const maxThreads = 4

/** A thread has few and small short-lived objects; by default V8 would let tens of MiB accumulate. */
const resourceLimits = { maxYoungGenerationSizeMb: 2 }

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, { resolve: (reply: DigestReply) => void; reject: (error: Error) => void }>
  bodies: number
}

/** Threads that hash large bodies, so that the thread serving requests stays free. */
export class DigestPool {
  readonly #threads: Thread[]
  #nextId = 0

  private constructor(threads: Thread[]) {
    this.#threads = threads
  }

  /**
   * Starts the threads. When run from TypeScript source, the worker's file does not exist; then all bodies are
   * hashed in this thread.
   */
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
   * @param fd file the body is written to; must stay open until the digest has finished or was abandoned.
   * @param length bytes of the body.
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

  /** Call only when no body is open. */
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
    // An idle worker must not keep the process alive.
    thread.worker.unref()
    thread.worker.on('message', (reply: DigestReply) => thread.waiting.get(reply.id)?.resolve(reply))
    thread.worker.on('error', (error: Error) => {
      // The worker's bodies are refused, and clients send them again; later bodies go to the other threads or
      // to this one.
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
