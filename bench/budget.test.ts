import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Clock } from '@carryon/client'
import { sizeOfClient, sizeOfPlainClient } from './budget/client-size.js'
import { startCountedProduct } from './budget/counted-product.js'
import type { CountedProduct } from './budget/counted-product.js'

const MiB = 1024 * 1024

/** A file whose bytes depend on `seed`. */
function fileOf(size: number, seed: number): File {
  const bytes = new Uint8Array(size)
  let state = seed
  for (let index = 0; index < size; index += 64) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[index] = state >>> 24
  }
  return new File([bytes], `file-${seed}.bin`)
}

/** A clock that runs `times` slower, so that calls batched within a time window are batched on a busy machine too. */
function slow(times: number): Clock {
  return {
    now: () => performance.now() / times,
    wallTime: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms * times)),
  }
}

/**
 * Sends only the first `parts` part requests; later ones hang until aborted. Returns a function that restores `fetch`.
 */
function letThrough(parts: number): () => void {
  const real = globalThis.fetch
  let left = parts
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString()
    const isPart = init?.method === 'PUT' && url.includes('partNumber=')
    if (!isPart || left-- > 0) return real(input, init)
    return new Promise((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('Aborted')), { once: true })
    })
  })
  return () => spy.mockRestore()
}

/**
 * Asserts counts, not durations: each request costs a round trip on any line. A budget may be lowered; before you
 * raise one, check whether the request can be avoided.
 */
describe('what an upload may use', () => {
  let product: CountedProduct
  beforeAll(async () => {
    product = await startCountedProduct()
  })
  afterAll(() => product.close())

  it('is one call before the first part of a large file, one after the last, and each byte once', async () => {
    const size = 40 * MiB + 1
    await product.uploader().upload(fileOf(size, 1)).done
    const used = product.use()
    expect(used.api).toEqual({ 'POST /api/uploads': 1, 'POST /api/uploads/:id/complete': 1 })
    const { UploadPart: parts = 0, ...others } = used.store
    expect(others).toEqual({
      STS: 1,
      InitiateMultipartUpload: 1,
      ListParts: 1,
      CompleteMultipartUpload: 1,
      HeadObject: 1,
    })
    // Four parts of 1 MiB until the speed of the line is known, then as many as keep all requests busy.
    expect(parts).toBeLessThanOrEqual(16)
    expect(used.sent).toBe(size)
    expect(used.apiBytes).toBeLessThanOrEqual(4_000)
    // Opening calls store and STS in parallel. Completing lists the parts, joins them, then checks the object.
    expect(used.serverRoundTrips).toBeLessThanOrEqual(4)
  })

  it('is one form for each of many small files, and a few calls for all of them', async () => {
    const count = 20
    const size = 20_000
    const uploader = product.uploader({ clock: slow(20) })
    const files = Array.from({ length: count }, (_, index) => fileOf(size, 100 + index))
    await Promise.all(files.map((file) => uploader.upload(file).done))
    const used = product.use()
    expect(Object.keys(used.api)).toEqual(['POST /api/uploads/batch'])
    expect(used.api['POST /api/uploads/batch']).toBeLessThanOrEqual(8)
    expect(used.store).toEqual({ PostObject: count, HeadObject: count })
    // Each file once, plus its form.
    expect(used.sent).toBeGreaterThan(count * size)
    expect(used.sent).toBeLessThanOrEqual(count * (size + 2_500))
    // Each form names every header that is stored with the object, so that a client cannot add one.
    expect(used.apiBytes).toBeLessThanOrEqual(count * 3_100)
  })

  it('is nothing but what is missing when another page goes on', async () => {
    const file = fileOf(64 * MiB, 2)
    const first = product.uploader()
    const release = letThrough(8)
    const upload = first.upload(file)
    // Waits until the eight parts are acknowledged and the progress stands still.
    const stored = await vi.waitUntil(
      async () => {
        const { loaded } = upload.snapshot.progress
        await new Promise((resolve) => setTimeout(resolve, 1_000))
        return loaded > 4 * MiB && loaded === upload.snapshot.progress.loaded && loaded
      },
      { timeout: 30_000 },
    )
    first.close()
    release()
    expect(product.use().sent).toBe(stored)

    const second = product.uploader().upload(file)
    await second.done
    const used = product.use()
    expect(second.snapshot.resumedBytes).toBe(stored)
    expect(used.sent).toBe(file.size - stored)
    expect(used.api).toEqual({ 'POST /api/uploads': 1, 'POST /api/uploads/:id/complete': 1 })
    expect(used.store).not.toHaveProperty('InitiateMultipartUpload')
  })
})

describe('what a page loads', () => {
  it('is at most 44.66 KB gzip, worker and hashing included', async () => {
    const { gzip } = await sizeOfClient()
    expect(gzip).toBeLessThanOrEqual(44_660)
  })

  it('is less for each extension that is left out', async () => {
    const [whole, plain] = await Promise.all([sizeOfClient(), sizeOfPlainClient()])
    console.log('without extensions:', plain.gzip)
    for (const folder of ['tabs/', 'local-copies/local-copies', 'queue/', 'resume-memory/'])
      expect([...plain.sources.keys()].filter((path) => path.includes(`extensions/${folder}`))).toEqual([])
    expect(plain.gzip).toBeLessThanOrEqual(41_680)
    expect(plain.gzip).toBeLessThan(whole.gzip)
  })
})
