import type { UploadRow } from '../register/upload-row.js'
import { listPartsOrNull } from './join-parts.js'
import type { OpenRequest } from './open-upload.js'
import { planParts, withTail } from './part-plan.js'
import { tailPartSizeIn } from './part-tail.js'
import { expiryFrom, type UploadDesk } from './upload-desk.js'

/**
 * Makes the open upload `request.continues` that of another state of its file: a multipart upload is bound to no size, so
 * the parts that are still equal need not be sent again. Which they are the client finds out, as always; the server
 * compares all with the claim at complete.
 *
 * @returns `undefined` when it cannot be used: it is not this owner's, not open, or its parts do not fit the new size.
 */
export async function continueUpload(
  desk: UploadDesk,
  owner: string,
  request: OpenRequest,
): Promise<UploadRow | undefined> {
  const { register, store, limits } = desk
  const { identity, size, name, type, continues } = request
  const row = continues === undefined ? undefined : await register.find(owner, continues)
  if (row?.state !== 'open' || row.mode !== 'multipart' || row.uploadId === null) return undefined
  const parts = await listPartsOrNull(store, row.key, row.uploadId)
  const last = parts?.at(-1)
  if (parts === null || last === undefined) return undefined
  const plan = planParts(size, store.capabilities, row.partSize)
  const cut = withTail(plan, size, tailPartSizeIn(plan, size, parts))
  // A stored part without a number cannot be removed, and Ceph RGW completes no upload that has one.
  if (plan.partSize !== row.partSize || last.partNumber > cut.partCount) return undefined
  const now = desk.now()
  const times = { updatedAt: now, expiresAt: expiryFrom(now, limits) }
  return register.redeclare(row, { identity, size, name, type, ...plan, ...times })
}
