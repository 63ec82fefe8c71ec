import type { FileSource, RememberedUpload } from '../seams.js'
import type { RegisteredUpload } from '../backend/upload-backend.js'
import { UploadError } from '../upload-types.js'
import { rememberedRanges } from './acknowledged.js'
import { blockCount, blockRange } from './blocks.js'
import { ByteRanges } from './byte-ranges.js'
import { askPermission, noteHandle, permissionOf } from './file-handles.js'
import { isCopied } from './keeping.js'
import type { CopiedSource, Keeping, RememberedSource } from './keeping.js'
import { KeptSource } from './kept-source.js'
import { StretchCrcs, stretchesOf } from './stretch-crcs.js'

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
    if (!isCopied(source)) return pickAgain
    const kept = await keeping.blocks.indexes(source.identity)
    return covers(source, kept, remembered) ? { needs: 'nothing', source } : pickAgain
  } catch {
    return pickAgain
  }
}

/** Whether each byte is kept, or was acknowledged as what was copied. */
function covers(
  source: CopiedSource,
  kept: ReadonlySet<number>,
  remembered: RememberedUpload | undefined,
): boolean {
  const { size, crcs, crc64Type = 'crc64ecma' } = source
  const copied = new StretchCrcs(crc64Type, stretchesOf(crcs))
  const there = new ByteRanges()
  for (const part of rememberedRanges(remembered)) if (copied.of(part) === part.crc64) there.add(part)
  for (let index = 0; index < blockCount(source); index++) {
    if (kept.has(index)) there.add(blockRange(source, index))
  }
  return there.has({ start: 0, end: size })
}

/**
 * The file, without anybody picking it. A handle asks for permission, which needs a click that is not long ago.
 *
 * Rejects with an `UploadError`: `permission-denied`, `file-unreadable` (moved, deleted, or no longer kept) or
 * `file-changed` (of another size).
 */
export async function fileOf(keeping: Keeping, source: RememberedSource): Promise<FileSource> {
  if (source.handle !== undefined) return fileBehind(source.handle, source)
  try {
    if (isCopied(source)) return await KeptSource.open(source, keeping.blocks)
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
