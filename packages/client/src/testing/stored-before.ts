import type { RegisteredUpload } from '@carryon/protocol'
import { hex } from './sim-hasher.js'
import type { SimWorld } from './sim-world.js'

/**
 * Gives `world` a finished upload of these bytes, at most 4 MiB, before the test starts.
 *
 * @returns its upload record
 */
export function storedBefore(world: SimWorld, bytes: Uint8Array): RegisteredUpload {
  const { server, store } = world
  const size = bytes.length
  const identity = `1:${size}:${hex(bytes, 'sha256')}`
  const { upload } = server.open({ identity, name: 'before.mp4', size, type: '' })
  store.tokens.set('before', Number.POSITIVE_INFINITY)
  const parts = Array.from({ length: upload.partCount }, (_, index) =>
    bytes.slice(index * upload.partSize, (index + 1) * upload.partSize),
  )
  for (const [index, part] of parts.entries()) {
    store.put({
      path: `${upload.uploadId ?? ''}/${index + 1}`,
      token: 'before',
      contentMd5: undefined,
      isForm: false,
      bytes: part,
    })
  }
  server.complete(upload.id, {
    size,
    crc64: store.crc64(bytes),
    etags: parts.map((part) => hex(part, 'md5')),
  })
  const row = server.rows.get(upload.id)
  if (row !== undefined) server.rows.set(upload.id, { ...row, joinedAt: world.clock.now() })
  return server.get(upload.id)
}
