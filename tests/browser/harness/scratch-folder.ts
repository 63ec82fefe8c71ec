import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder, which `remove` deletes with all its content. */
export interface ScratchFolder {
  readonly path: string
  remove(): Promise<void>
}

export async function makeScratchFolder(purpose: string): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), `carryon-${purpose}-`))
  return {
    path,
    // A process that was just killed may still hold a file open briefly.
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  }
}
