import type { RegisteredUpload } from '@carryon/protocol'
import type { QueuedFile } from './queued-file.js'

/** Milliseconds by which the clocks of server and browser may differ. */
export const clockSkew = 300_000

/**
 * Matches queued files with open uploads by name, size and time: a page that was killed right after opening an upload
 * has not recorded its id. Matched pairs are shown as one row. Only the row depends on this guess, because resuming
 * finds the upload again by its content.
 *
 * @returns the open upload of each file that has one
 */
export function sameUploads(
  files: readonly QueuedFile[],
  open: readonly RegisteredUpload[],
): ReadonlyMap<QueuedFile, RegisteredUpload> {
  const noted = new Set(files.map(({ uploadId }) => uploadId))
  const unknown = new Map<string, RegisteredUpload[]>()
  for (const upload of open) {
    if (noted.has(upload.id)) continue
    const alike = unknown.get(keyOf(upload))
    if (alike === undefined) unknown.set(keyOf(upload), [upload])
    else alike.push(upload)
  }
  const same = new Map<QueuedFile, RegisteredUpload>()
  for (const file of files) {
    if (file.uploadId !== null) continue
    const alike = unknown.get(keyOf(file.picked)) ?? []
    const at = alike.findIndex(({ createdAt }) => Date.parse(createdAt) >= file.pickedAt - clockSkew)
    const [upload] = at < 0 ? [] : alike.splice(at, 1)
    if (upload !== undefined) same.set(file, upload)
  }
  return same
}

function keyOf({ name, size }: { readonly name: string; readonly size: number }): string {
  return `${size}/${name}`
}
