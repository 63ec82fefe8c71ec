import type { FileSource, RememberedUpload } from '../../ports.js'
import type { RegisteredUpload } from '@carryon/protocol'
import { UploadError } from '../../upload-types.js'
import { ByteRanges, crcRangesOf, RangeCrcs, rememberedRanges } from './ranges.js'
import { blockCount, blockRange } from './blocks.js'
import { fileFromHandle, unreadable } from './file-from-handle.js'
import { permissionOf } from './file-handles.js'
import { isCopied } from './copy-storage.js'
import type { CopiedSource, CopyStorage, RememberedSource } from './copy-storage.js'
import { CopySource } from './copy-source.js'

/** What an unfinished upload needs before it can resume in this browser. */
export type Needs = 'nothing' | 'permission' | 'file'

/** Where this browser can read the file; `null`: nowhere. */
export interface ResumeOption {
  readonly needs: Needs
  readonly source: RememberedSource | null
}

export const pickFile: ResumeOption = { needs: 'file', source: null }

/**
 * How `upload` can resume in this browser.
 *
 * @param source the remembered source of its file
 * @param remembered parts that this browser saw the store acknowledge
 */
export async function resumeOptionOf(
  copyStorage: CopyStorage,
  upload: RegisteredUpload,
  source: RememberedSource | undefined,
  remembered: RememberedUpload | undefined,
): Promise<ResumeOption> {
  if (source?.id !== upload.id) return pickFile
  try {
    if (source.handle !== undefined) {
      const permission = await permissionOf(source.handle)
      return permission === 'denied'
        ? pickFile
        : { needs: permission === 'granted' ? 'nothing' : 'permission', source }
    }
    if (!isCopied(source)) return pickFile
    const kept = await copyStorage.blocks.indexes(source.identity)
    return covers(source, kept, remembered) ? { needs: 'nothing', source } : pickFile
  } catch {
    return pickFile
  }
}

/** Whether each byte is either in a kept block, or was acknowledged with the CRC-64 of the copy. */
function covers(
  source: CopiedSource,
  kept: ReadonlySet<number>,
  remembered: RememberedUpload | undefined,
): boolean {
  const { size, crcs, crc64Type = 'crc64ecma' } = source
  const copied = new RangeCrcs(crc64Type, crcRangesOf(crcs))
  const there = new ByteRanges()
  for (const part of rememberedRanges(remembered)) if (copied.of(part) === part.crc64) there.add(part)
  for (let index = 0; index < blockCount(source); index++) {
    if (kept.has(index)) there.add(blockRange(source, index))
  }
  return there.has({ start: 0, end: size })
}

/**
 * The file, without a new pick. A handle asks for permission, which requires a recent click.
 *
 * Rejects with an `UploadError`: `permission-denied`, `file-unreadable` (moved, deleted, or no longer kept) or
 * `file-changed` (of another size).
 */
export async function fileOf(copyStorage: CopyStorage, source: RememberedSource): Promise<FileSource> {
  if (source.handle !== undefined) return unchangedFile(source.handle, source)
  try {
    if (isCopied(source)) return await CopySource.open(source, copyStorage.blocks)
  } catch (cause) {
    throw unreadable(source.name, 'This browser no longer keeps a copy of it.', cause)
  }
  throw unreadable(source.name, 'This browser no longer keeps a copy of it.')
}

async function unchangedFile(
  handle: FileSystemFileHandle,
  { name, size }: Pick<RememberedSource, 'name' | 'size'>,
): Promise<FileSource> {
  const file = await fileFromHandle(handle, name)
  if (file.size === size) return file
  throw new UploadError(
    'file-changed',
    `"${name}" has ${file.size} bytes now; the upload began with ${size}. Pick the file again.`,
  )
}
