import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { PutRequest } from '../ports.js'
import { WorkerPool } from './worker-pool.js'
import type { WorkerAnswer, WorkerRequest } from './worker-messages.js'

/** The requests to each worker, in the order in which the workers were started; `loads` tells which of them run. */
let asked: WorkerRequest['kind'][][]
let loads: (index: number) => boolean
const { signal } = new AbortController()
const slice = new Blob([new Uint8Array(5 * 2 ** 20)])
const put = { url: 'x', headers: {}, body: new Blob(['x']), digests: [], stallTimeout: 1 } as const
const request: PutRequest = { ...put, onProgress: () => undefined }

class FakeWorker {
  onmessage: ((event: { readonly data: WorkerAnswer }) => void) | null = null
  onerror: ((event: { readonly error: Error; preventDefault(): void }) => void) | null = null
  readonly #asked: WorkerRequest['kind'][] = []
  readonly #started: Promise<boolean>

  constructor() {
    const index = asked.push(this.#asked) - 1
    this.#started = Promise.resolve().then(() => {
      const isThere = loads(index)
      if (isThere) this.onmessage?.({ data: { kind: 'ready' } })
      else this.onerror?.({ error: new Error('404'), preventDefault: () => undefined })
      return isThere
    })
  }

  postMessage(message: WorkerRequest): void {
    void this.#started.then((isThere) => {
      if (!isThere) return
      this.#asked.push(message.kind)
      const { id } = message
      if (message.kind === 'hash') this.onmessage?.({ data: { kind: 'hash', id, digests: { size: 7 } } })
      const answer = { status: 200, headers: {}, body: '', digests: { size: 7 } }
      if (message.kind === 'put') this.onmessage?.({ data: { kind: 'put', id, answer } })
    })
  }

  terminate(): void {
    // There is nothing to terminate.
  }
}

beforeEach(() => {
  asked = []
  vi.stubGlobal('Worker', FakeWorker)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const newPool = (): WorkerPool => new WorkerPool(2, () => new Worker('x'))

it('lets the sender hash where the script of another worker cannot be loaded', async () => {
  loads = (index) => index === 0
  const pool = newPool()
  await pool.put(request, signal)
  const hashed = await Promise.all([1, 2, 3].map(() => pool.hash([slice], ['sha256'], signal)))
  expect(hashed).toEqual([{ size: 7 }, { size: 7 }, { size: 7 }])
  await pool.put(request, signal)
  // Both workers started for hashing failed, and no third one is started.
  expect(asked).toEqual([['put', 'hash', 'hash', 'hash', 'put'], [], []])
})

it('sends with another one where the script of the sender cannot be loaded', async () => {
  loads = (index) => index === 0
  const pool = newPool()
  await pool.hash([slice], ['sha256'], signal)
  expect((await pool.put(request, signal)).status).toBe(200)
  expect(asked).toEqual([['hash', 'put'], []])
})

it('does it all in the calling thread where no script can be loaded, and asks for no more', async () => {
  loads = () => false
  const pool = newPool()
  for (let times = 0; times < 3; times++) {
    expect(await pool.hash([slice], ['crc64ecma'], signal)).toMatchObject({ size: slice.size })
  }
  expect(asked.length).toBe(1)
})
