import type { Engine } from '../engine.js'
import { PartLayout } from '../transfer/part-layout.js'
import { Permission } from '../transfer/permission.js'
import type { PermissionOptions } from '../transfer/permission.js'
import type { FileSource } from '../seams.js'
import { planOf } from './session.js'
import type { OpenedUpload, RegisteredUpload } from '../backend/upload-backend.js'

/**
 * How the file of an upload that was opened is cut.
 *
 * @param before its layout at an earlier opening: what was settled stays so, as long as the store shows no other parts
 */
export function layoutOf(
  { partSize }: Engine,
  file: FileSource,
  upload: RegisteredUpload,
  before: PartLayout | null,
): PartLayout {
  const plan = planOf(upload, file)
  const isOpen = upload.tail?.partSize === null && upload.mode === 'multipart'
  if (!isOpen) return new PartLayout(plan, null)
  if (before !== null) return before
  const kept = file.known?.plan
  // Pieces of a copy are parts of the upload that it was made for.
  if (kept !== undefined) return new PartLayout(kept.partSize === plan.partSize ? kept : plan, null)
  return new PartLayout(plan, partSize === undefined ? upload.tail.after : null)
}

/**
 * Whether the upload that was answered may be of another file: an identity knows samples only. It was opened for a file
 * of another name then. What was just created is this file's, whatever a server makes of its name.
 */
export function mayBeAnothers({ upload, created, parts }: OpenedUpload, file: FileSource): boolean {
  if (upload.mode === 'single' || upload.name === file.name) return false
  return parts.length > 0 || created === false
}

/** What an opening allows, until `signal` ends the upload's run. */
export function permissionFor(
  { storeClock, createSigner, clock, usual }: Engine,
  opened: OpenedUpload,
  layout: PartLayout,
  signal: AbortSignal,
  renew: PermissionOptions['renew'],
): Permission {
  return new Permission({
    upload: opened.upload,
    lastPart: () => layout.fixed,
    first: opened,
    takesForms: () => usual.forms !== false,
    now: () => clock.now(),
    clock: storeClock,
    signal,
    renew,
    ...(createSigner === undefined ? {} : { createSigner }),
  })
}
