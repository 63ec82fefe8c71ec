import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemErrorCode } from '../errors.js'
import { createFile, makeFolders, privateFile, privateFolder } from './private-files.js'

/**
 * Writes files atomically and durably: after a power failure at any moment a file is either complete or absent.
 * Each file is written under a temporary name, fsynced and renamed, and its folder is fsynced before the write
 * is reported as done.
 */
export class DurableFiles {
  /** On the same file system as the other folders, so that a rename is atomic. Emptied at start. */
  readonly temporary: string
  readonly #syncs = new Map<string, { readonly running: Promise<void>; next?: Promise<void> }>()

  constructor(temporary: string) {
    this.temporary = temporary
  }

  /** Removes unfinished files of a killed process. */
  async clean(): Promise<void> {
    await makeFolders(this.temporary)
    for (const name of await readdir(this.temporary)) {
      await rm(join(this.temporary, name), { recursive: true, force: true })
    }
  }

  /** Returns an unused path. */
  temporaryPath(): string {
    return join(this.temporary, randomUUID())
  }

  async write(path: string, content: string): Promise<void> {
    const temporary = this.temporaryPath()
    const handle = await createFile(temporary)
    try {
      await handle.writeFile(content)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await this.publish(temporary, path)
  }

  /** Writes a file that a power failure may lose or damage; the reader must check it. */
  async writeUnsynced(path: string, content: Buffer): Promise<void> {
    const temporary = this.temporaryPath()
    try {
      await writeFile(temporary, content, { flag: 'wx', mode: privateFile })
      await rename(temporary, path)
    } catch (error) {
      await this.discard(temporary)
      throw error
    }
  }

  /** Renames without syncing; the caller syncs the folder once for several renames. */
  async rename(from: string, to: string): Promise<void> {
    await rename(from, to)
  }

  /** Removes an unreferenced file if it exists. Not synced: after a crash it may still exist. */
  async discard(path: string): Promise<void> {
    await rm(path, { force: true })
  }

  /** Moves a file or folder, whose content is already synced, into place and syncs the folder. */
  async publish(from: string, to: string): Promise<void> {
    await rename(from, to)
    await this.syncFolder(dirname(to))
  }

  async makeFolder(path: string): Promise<void> {
    try {
      await mkdir(path, privateFolder)
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') return
      throw error
    }
    await this.syncFolder(dirname(path))
  }

  /** Resolves to whether the file existed. */
  async remove(path: string): Promise<boolean> {
    try {
      await unlink(path)
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return false
      throw error
    }
    await this.syncFolder(dirname(path))
    return true
  }

  /** Removes a whole folder atomically by renaming it, then frees its space. */
  async removeFolder(path: string): Promise<void> {
    const doomed = this.temporaryPath()
    try {
      await rename(path, doomed)
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return
      throw error
    }
    await rm(doomed, { recursive: true, force: true })
  }

  /**
   * Syncs the entries of a folder to disk. Calls that arrive during a sync of the same folder share the next
   * one, so a burst of parts costs two syncs instead of one each.
   */
  async syncFolder(path: string): Promise<void> {
    const current = this.#syncs.get(path)
    if (current === undefined) return this.#startSync(path)
    current.next ??= current.running.then(
      () => this.#startSync(path),
      () => this.#startSync(path),
    )
    return current.next
  }

  #startSync(path: string): Promise<void> {
    const entry: { running: Promise<void>; next?: Promise<void> } = { running: syncFolderNow(path) }
    this.#syncs.set(path, entry)
    const forget = (): void => {
      if (entry.next === undefined) this.#syncs.delete(path)
    }
    entry.running.then(forget, forget)
    return entry.running
  }
}

async function syncFolderNow(path: string): Promise<void> {
  // Windows cannot open a folder, and its file systems journal a rename before it returns.
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
