import { createHash } from 'node:crypto'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readRecord } from '../storage/object-record.js'
import { bucket } from './store.js'

/** File of an object in a store's directory. */
export function objectFile(directory: string, key: string): string {
  const name = createHash('sha256').update(key).digest('hex')
  return join(directory, 'buckets', bucket, 'objects', name.slice(0, 2), name)
}

/** Objects recorded on disk, as `key etag size`, unordered. */
export async function recordedObjects(directory: string): Promise<readonly string[]> {
  const objects = join(directory, 'buckets', bucket, 'objects')
  const found: string[] = []
  for (const file of await readdir(objects, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const handle = await open(join(file.parentPath, file.name), 'r')
    try {
      const { key, etag, size } = await readRecord(handle)
      found.push(`${key} ${etag} ${size}`)
    } finally {
      await handle.close()
    }
  }
  return found
}
