import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OwnerMemory } from '../backend/owner-key.js'

/** {@link OwnerMemory} that several processes may share. */
export interface FileOwner extends OwnerMemory {
  /**
   * Keeps `key` unless another process was first.
   * @returns the one key that is kept
   */
  claim(key: string): Promise<string>
  /**
   * Keeps `key` in the place of one that the server does not know any more. That one stays in a file of its own: should the
   * server know it again, it is the only way to what its owner has uploaded. `set` does the same.
   * @returns that file; `null` when there was no other key
   */
  replace(key: string): Promise<string | null>
}

/** Files of earlier keys, at most. */
const mostEarlier = 20

/**
 * Keeps the key of an anonymous owner in a file that only this user can read, one for each server, for Node. Processes
 * that start at once agree on one key when each of them calls `claim` with the key that it was told.
 *
 * @param folder created when missing
 * @param server base address of the API
 */
export function fileOwner(folder: string, server: string): FileOwner {
  const name = createHash('sha256').update(server).digest('hex').slice(0, 16)
  const path = join(folder, `owner-${name}.json`)
  const get = async (): Promise<string | null> => (await readKey(path, 'key')) ?? keyOfEarlierVersion()
  const keyOfEarlierVersion = (): Promise<string | null> => readKey(join(folder, 'owners.json'), server)

  /** Written whole under another name first, so that nobody reads half of it, and a crash leaves the old one. */
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
        // Unlike a rename, a link is refused where there is a file already.
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

/** Gives the file at `path` a second name, under which it stays. @returns that name */
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

/** `null` also when the file is missing or damaged. */
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
