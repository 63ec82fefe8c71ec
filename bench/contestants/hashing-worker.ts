/** Reads each `body` that it is given and computes its CRC-64, several side by side; answers its `id` when done. */
import { Crc64Hasher } from '@carryon/client/crc64'

/** Bytes read at once. */
const bufferSize = 1024 * 1024
const idle: Crc64Hasher[] = []
/** Readers under way: what nothing holds while it waits Chromium 156 collects as garbage, and the read never ends. */
const readers = new Set<ReadableStreamBYOBReader>()

addEventListener(
  'message',
  ({ data: { id, body } }: MessageEvent<{ readonly id: number; readonly body: Blob }>) => {
    void hash(body).then(() => postMessage(id))
  },
)

async function hash(body: Blob): Promise<void> {
  const hasher = idle.pop() ?? (await Crc64Hasher.create('crc64ecma'))
  hasher.init()
  const reader = body.stream().getReader({ mode: 'byob' })
  readers.add(reader)
  let buffer = new ArrayBuffer(Math.min(bufferSize, body.size))
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer))
    if (done) break
    hasher.update(value)
    buffer = value.buffer
  }
  readers.delete(reader)
  hasher.digest()
  idle.push(hasher)
}
