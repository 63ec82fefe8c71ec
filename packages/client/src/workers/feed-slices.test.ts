import { describe, expect, it } from 'vitest'
import { feedSlices } from './feed-slices.js'
import { TransportError } from '../ports.js'

const MiB = 1024 * 1024
const never = new AbortController().signal

function content(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 0xff)
}

async function fed(slices: readonly Blob[], signal = never): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  // Copy the bytes, because they are overwritten afterwards.
  await feedSlices(slices, (bytes) => void parts.push(bytes.slice()), signal)
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer())
}

/** Compares natively, because `toEqual` would compare millions of bytes one by one. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

/** A blob whose stream delivers `given` bytes and then ends as `end` says; it can still be read in other ways. */
function blobWithStream(bytes: Uint8Array<ArrayBuffer>, given: number, end: 'error' | 'close'): Blob {
  const blob = new Blob([bytes])
  const stream = new ReadableStream({
    type: 'bytes',
    start(controller) {
      if (given > 0) controller.enqueue(bytes.slice(0, given))
    },
    pull(controller) {
      if (end === 'error') {
        controller.error(new TypeError('network error'))
        return
      }
      controller.close()
      controller.byobRequest?.respond(0)
    },
  })
  return Object.assign(blob, { stream: () => stream })
}

describe('feedSlices', () => {
  it.each([0, 1, MiB - 1, MiB, MiB + 1, 9 * MiB + 5])('feeds all of %i bytes, in order', async (size) => {
    const bytes = content(size)
    expect(same(await fed([new Blob([bytes])]), bytes)).toBe(true)
  })

  it('feeds several slices one after the other', async () => {
    const bytes = content(3 * MiB)
    const file = new Blob([bytes])
    const at = [10, 300, MiB + 7, 3 * MiB]
    const slices = at.slice(1).map((end, index) => file.slice(at[index], end))
    expect(same(await fed(slices), bytes.slice(10))).toBe(true)
  })

  it('reads the rest by other means when a stream fails', async () => {
    const bytes = content(6 * MiB)
    expect(same(await fed([blobWithStream(bytes, 2 * MiB, 'error')]), bytes)).toBe(true)
    expect(same(await fed([blobWithStream(bytes, 0, 'error')]), bytes)).toBe(true)
  })

  it('reads by other means where a stream cannot fill a buffer', async () => {
    const bytes = content(6 * MiB)
    const blob = Object.assign(new Blob([bytes]), { stream: () => new ReadableStream() })
    expect(same(await fed([blob]), bytes)).toBe(true)
  })

  it('does not take the early end of a stream for the end of the file', async () => {
    const blob = blobWithStream(content(2 * MiB), MiB, 'close')
    Object.assign(blob, { slice: () => truncated(MiB) })
    await expect(fed([blob])).rejects.toMatchObject({ reason: 'source-changed' })
    await expect(fed([blob])).rejects.toBeInstanceOf(TransportError)
  })

  it('stops when aborted', async () => {
    const controller = new AbortController()
    const reason = new Error('Enough.')
    let sum = 0
    const feeding = feedSlices(
      [new Blob([content(4 * MiB)])],
      (bytes) => {
        sum += bytes.byteLength
        controller.abort(reason)
      },
      controller.signal,
    )
    await expect(feeding).rejects.toBe(reason)
    expect(sum).toBeLessThan(4 * MiB)
  })
})

/** A slice of a file that was truncated since. */
function truncated(size: number): Blob {
  const blob = new Blob([content(size)])
  return Object.assign(blob, {
    slice: () => Object.assign(blob, { arrayBuffer: async () => new ArrayBuffer(1) }),
  })
}
