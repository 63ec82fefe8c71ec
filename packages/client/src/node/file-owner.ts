import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OwnerMemory } from '../backend/owner-key.js'

/** {@link OwnerMemory} that several processes may share. */
export interface FileOwner extends OwnerMemory {
  /**
   * Stores `key` unless another process was first.
   * @returns the key that is stored
   */
  claim(key: string): Promise<string>
  /**
   * Stores `key` in place of one that the server no longer accepts. The old key stays in a separate file: if the
   * server accepts it again, it is the only access to its owner's uploads. `set` does the same.
   * @returns path of that file; `null` if there was no other key
   */
  replace(key: string): Promise<string | null>
}

/** Most files of earlier keys. */
const mostEarlier = 20

/**
 * Stores the key of an anonymous owner for Node, in one file per server that only this user can read. Processes that
 * start at the same time agree on one key if each calls `claim` with the key that the server sent it.
 *
 * @param folder created when missing
 * @param server base address of the API
 */
export function fileOwner(folder: string, server: string): FileOwner {
  const name = createHash('sha256').update(server).digest('hex').slice(0, 16)
  const path = join(folder, `owner-${name}.json`)
  const get = async (): Promise<string | null> => (await readKey(path, 'key')) ?? keyOfEarlierVersion()
  const keyOfEarlierVersion = (): Promise<string | null> => readKey(join(folder, 'owners.json'), server)

  /**
   * Writes a complete draft under another name first, so that no reader sees half of it, and a crash leaves the old
   * file.
   */
  const draft = async (key: string): Promise<string> => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const made = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`
    await writeFile(made, JSON.stringify({ server, key }), { mode: 0o600, flush: true })
    return made
  }
  const replace = async (key: string): Promise<string | null> => {
    const earlier = await readKey(path, 'key')
    const kept = earlier === null || earlier === key ? null : await keepEarlier(path)
    await rename(await draft(key), path)
    return kept
  }
  const set = async (key: string): Promise<void> => {
    await replace(key)
  }

  return {
    get,
    set,
    replace,
    async claim(key) {
      const before = await get()
      if (before !== null) return before
      const made = await draft(key)
      try {
        // Unlike a rename, a link fails if the file already exists.
        await link(made, path)
        return key
      } catch (error) {
        if (!isExisting(error)) throw error
        const first = await readKey(path, 'key')
        if (first !== null) return first
        await set(key)
        return key
      } finally {
        await unlink(made)
      }
    },
  }
}

/** Links the file at `path` to a second, permanent name. @returns that name */
async function keepEarlier(path: string): Promise<string | null> {
  for (let number = 1; number <= mostEarlier; number++) {
    const name = `${path}.${number}`
    try {
      await link(path, name)
      return name
    } catch (error) {
      if (!isExisting(error)) throw error
    }
  }
  return null
}

/** The stored key; `null` also if the file is missing or damaged. */
async function readKey(path: string, member: string): Promise<string | null> {
  try {
    const known: unknown = JSON.parse(await readFile(path, 'utf8'))
    const key: unknown = typeof known === 'object' && known !== null ? Reflect.get(known, member) : null
    return typeof key === 'string' ? key : null
  } catch {
    return null
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
