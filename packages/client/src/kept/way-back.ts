import type { FileSource, RememberedUpload } from '../ports.js'
import type { RegisteredUpload } from '@carryon/protocol'
import { UploadError } from '../upload-types.js'
import { rememberedRanges } from './acknowledged.js'
import { blockCount, blockRange } from './blocks.js'
import { ByteRanges } from './byte-ranges.js'
import { fileBehind, unreadable } from './file-behind.js'
import { permissionOf } from './file-handles.js'
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
  if (source.handle !== undefined) return unchangedFileBehind(source.handle, source)
  try {
    if (isCopied(source)) return await KeptSource.open(source, keeping.blocks)
  } catch (cause) {
    throw unreadable(source.name, 'This browser no longer keeps a copy of it.', cause)
  }
  throw unreadable(source.name, 'This browser no longer keeps a copy of it.')
}

async function unchangedFileBehind(
  handle: FileSystemFileHandle,
  { name, size }: Pick<RememberedSource, 'name' | 'size'>,
): Promise<FileSource> {
  const file = await fileBehind(handle, name)
  if (file.size === size) return file
  throw new UploadError(
    'file-changed',
    `"${name}" has ${file.size} bytes now; the upload began with ${size}. Pick the file again.`,
  )
}
