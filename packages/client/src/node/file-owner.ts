import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { OwnerMemory } from '../backend/owner-key.js'

/**
 * Keeps the key of an anonymous owner in a JSON file that only this user can read, for Node. One file may serve several
 * servers; for one process at a time.
 *
 * @param path created when missing, with its folder
 * @param server base address of the API
 */
export function fileOwner(path: string, server: string): OwnerMemory {
  const read = async (): Promise<Readonly<Record<string, unknown>>> => {
    try {
      const known: unknown = JSON.parse(await readFile(path, 'utf8'))
      return typeof known === 'object' && known !== null ? { ...known } : {}
    } catch {
      return {}
    }
  }
  return {
    get: async () => {
      const key = (await read())[server]
      return typeof key === 'string' ? key : null
    },
    set: async (key) => {
      await mkdir(dirname(path), { recursive: true })
      // Beside it and renamed, so that a crash leaves the old one or the new one.
      await writeFile(`${path}.new`, JSON.stringify({ ...(await read()), [server]: key }), { mode: 0o600 })
      await rename(`${path}.new`, path)
    },
  }
}
