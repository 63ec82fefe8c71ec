/**
 * Reads each `body` that is posted to it and computes its digest, several concurrently; posts back the `id` when done.
 */
import { Crc64Hasher } from '@carryon/hash'
import { Md5Lanes } from '@carryon/hash/md5'

interface Job {
  readonly id: number
  readonly body: Blob
  readonly md5: boolean
}

/** Bytes per read. */
const bufferSize = 1024 * 1024
const idle: Crc64Hasher[] = []
const lanes = Md5Lanes.create()
/** Active readers. Chromium 156 garbage-collects a waiting reader without references, and its read never ends. */
const readers = new Set<ReadableStreamBYOBReader>()

addEventListener('message', ({ data: { id, body, md5 } }: MessageEvent<Job>) => {
  void (md5 ? md5Of(body) : crc64Of(body)).then(() => postMessage(id))
})

async function crc64Of(body: Blob): Promise<void> {
  const hasher = idle.pop() ?? (await Crc64Hasher.create('crc64ecma'))
  hasher.init()
  await read(body, (bytes) => hasher.update(bytes))
  hasher.digest()
  idle.push(hasher)
}

async function md5Of(body: Blob): Promise<void> {
  const hasher = (await lanes).begin()
  await read(body, (bytes) => hasher.update(bytes))
  hasher.digest()
  hasher.end()
}

async function read(body: Blob, feed: (bytes: Uint8Array) => Promise<void> | void): Promise<void> {
  const reader = body.stream().getReader({ mode: 'byob' })
  readers.add(reader)
  let buffer = new ArrayBuffer(Math.min(bufferSize, body.size))
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer))
    if (done) break
    await feed(value)
    buffer = value.buffer
  }
  readers.delete(reader)
}
