import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is gone, with all it holds, once `remove` was called. */
export interface ScratchFolder {
  readonly path: string
  remove(): Promise<void>
}

export async function makeScratchFolder(purpose: string): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), `carryon-${purpose}-`))
  return {
    path,
    // A process that was just killed may still hold a file for a moment.
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  }
}
