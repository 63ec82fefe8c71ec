import { aboutFile } from '../../core/upload-errors.js'
import { firstGroup, lastOfGroup } from '@carryon/protocol'
import type { UploadContext } from '../upload-context.js'
import { PartLayout } from '../../transfer/part-layout.js'
import type { FileSource } from '../../ports.js'
import { runsOf } from '../../backend/upload-backend.js'
import type { OpenedUpload, RegisteredUpload } from '@carryon/protocol'
import { UploadError } from '../../upload-types.js'

/**
 * How the file of an upload that was opened is cut.
 *
 * @param before its layout at an earlier opening: what was decided stays so, as long as the store shows no other parts
 */
export function layoutOf(
  { partSize }: UploadContext,
  file: FileSource,
  { upload, parts }: OpenedUpload,
  before: PartLayout | null,
): PartLayout {
  if (upload.mode === 'single')
    return checked(new PartLayout(file.size, wholeAsOne(file), null), file, upload)
  if (upload.grows !== true || upload.state !== 'open') {
    return checked(new PartLayout(file.size, runsOf(upload), null), file, upload)
  }
  const highest = parts.reduce((most, { partNumber }) => Math.max(most, partNumber), 1)
  const fixed = Math.max(firstGroup, lastOfGroup(highest))
  const shown = checked(new PartLayout(file.size, runsOf(upload), fixed), file, upload)
  if (before?.startsLike(shown) === true) return before
  return partSize === undefined ? shown : new PartLayout(file.size, shown.plan.runs, null)
}

function wholeAsOne({ size }: FileSource) {
  return [{ after: 0, partSize: Math.max(1, size) }]
}

/** A look at whether what the server answered fits the file. */
function checked(layout: PartLayout, file: FileSource, { size, partCount }: RegisteredUpload): PartLayout {
  if (size === file.size && partCount === layout.plan.partCount) return layout
  throw new UploadError(
    'server-error',
    `${aboutFile(file)}: the server answered an upload of ${size} bytes in ${partCount} parts for a file of ${file.size}.`,
  )
}
