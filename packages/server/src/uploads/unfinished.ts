import type { OpenMultipartUpload } from '@carryon/object-store'
import type { UploadRow } from '../repository/upload-row.js'
import { endUpload } from './end-upload.js'
import { listOrphans } from './sweep.js'
import type { UploadServices } from './upload-services.js'

/** The unfinished uploads of all owners; for the operator of the server. */
export interface Unfinished {
  /** Open uploads, oldest first; not more than one list can show. */
  readonly uploads: readonly UnfinishedUpload[]
  /** Multipart uploads under our prefix in the bucket that belong to no open upload. One that was just created may be among them. */
  readonly orphans: readonly OpenMultipartUpload[]
}

/** One upload that has begun and not ended. */
export interface UnfinishedUpload extends Pick<UploadRow, 'id' | 'name' | 'size' | 'key'> {
  /** `completing`: the store joins its parts. */
  readonly state: 'open' | 'completing'
  /** When it was opened. */
  readonly createdAt: Date
  /** When it is swept, unless it is updated before. */
  readonly expiresAt: Date
}

const maxListed = 1_000

export async function listUnfinished(services: UploadServices): Promise<Unfinished> {
  const rows = await services.repository.due.unfinished(maxListed)
  const orphans: OpenMultipartUpload[] = []
  for await (const orphan of listOrphans(services)) orphans.push(orphan)
  const uploads = rows.map(({ id, name, size, key, state, createdAt, expiresAt }) => ({
    ...{ id, name, size, key },
    state: state === 'completing' ? ('completing' as const) : ('open' as const),
    createdAt: new Date(createdAt),
    expiresAt: new Date(expiresAt),
  }))
  return { uploads, orphans }
}

/** Ends an upload of any owner, and removes what the store holds of it; `false` when none of that id is open. */
export async function abortUpload(services: UploadServices, id: string): Promise<boolean> {
  const row = await services.repository.get(id)
  return row !== undefined && (await endUpload(services, row, null)) !== undefined
}
