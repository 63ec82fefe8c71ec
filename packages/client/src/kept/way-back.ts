import { planParts } from '../transfer/part-plan.js'
import type { FileSource, RememberedUpload } from '../seams.js'
import type { RegisteredUpload } from '../backend/upload-backend.js'
import { UploadError } from '../upload-types.js'
import { askPermission, noteHandle, permissionOf } from './file-handles.js'
import type { Keeping, RememberedSource } from './keeping.js'
import { KeptSource } from './kept-source.js'

/** What an unfinished upload needs to go on in this browser. */
export type Needs = 'nothing' | 'permission' | 'file'

/** What this browser holds of the file; `null`: nothing that is of use. */
export interface WayBack {
  readonly needs: Needs
  readonly source: RememberedSource | null
}

export const pickAgain: WayBack = { needs: 'file', source: null }

/**
 * How `upload` can go on here.
 *
 * @param source what this browser remembers of its file
 * @param remembered what it saw the store acknowledge
 */
export async function wayBackOf(
  keeping: Keeping,
  upload: RegisteredUpload,
  source: RememberedSource | undefined,
  remembered: RememberedUpload | undefined,
): Promise<WayBack> {
  if (source?.id !== upload.id) return pickAgain
  try {
    if (source.handle !== undefined) {
      const permission = await permissionOf(source.handle)
      return permission === 'denied'
        ? pickAgain
        : { needs: permission === 'granted' ? 'nothing' : 'permission', source }
    }
    const kept = source.crcs === undefined ? null : await keeping.pieces.partNumbers(source.identity)
    return kept !== null && covers(source, kept, remembered) ? { needs: 'nothing', source } : pickAgain
  } catch {
    return pickAgain
  }
}

/** Whether each part is kept, or was acknowledged as what was copied. */
function covers(
  { size, partSize, tail, crcs = [] }: RememberedSource,
  kept: ReadonlySet<number>,
  remembered: RememberedUpload | undefined,
): boolean {
  const acknowledged = new Map(remembered?.parts.map(({ partNumber, crc64 }) => [partNumber, crc64]))
  const { partCount } = planParts(size, partSize, tail)
  return (
    crcs.length === partCount &&
    crcs.every((crc64, index) => kept.has(index + 1) || acknowledged.get(index + 1) === crc64)
  )
}

/**
 * The file, without anybody picking it. A handle asks for permission, which needs a click that is not long ago.
 *
 * Rejects with an `UploadError`: `permission-denied`, `file-unreadable` (moved, deleted, or no longer kept) or
 * `file-changed` (of another size).
 */
export async function fileOf(keeping: Keeping, { handle, ...source }: RememberedSource): Promise<FileSource> {
  if (handle !== undefined) return fileBehind(handle, source)
  try {
    const kept = await KeptSource.open(source, keeping.pieces)
    if (kept !== null) return kept
  } catch (cause) {
    throw unreadable(source, 'This browser no longer keeps a copy of it.', cause)
  }
  throw unreadable(source, 'This browser no longer keeps a copy of it.')
}

async function fileBehind(
  handle: FileSystemFileHandle,
  source: Pick<RememberedSource, 'name' | 'size'>,
): Promise<FileSource> {
  if ((await allowed(handle)) !== 'granted') {
    throw new UploadError(
      'permission-denied',
      `"${source.name}": the browser was not allowed to read the file again. Allow it, or pick the file again.`,
      { retryable: true },
    )
  }
  let file: File
  try {
    file = await handle.getFile()
  } catch (cause) {
    throw unreadable(source, 'Was it moved or deleted?', cause)
  }
  if (file.size !== source.size) {
    throw new UploadError(
      'file-changed',
      `"${source.name}" has ${file.size} bytes now; the upload began with ${source.size}. Pick the file again.`,
    )
  }
  return noteHandle(file, handle)
}

/** Asking without a click is an error in itself, and means the same. */
function allowed(handle: FileSystemFileHandle): Promise<PermissionState> {
  return askPermission(handle).catch(() => 'denied')
}

function unreadable({ name }: Pick<RememberedSource, 'name'>, why: string, cause?: unknown): UploadError {
  return new UploadError(
    'file-unreadable',
    `"${name}" cannot be read. ${why} Pick the file again to go on.`,
    {
      cause,
    },
  )
}
