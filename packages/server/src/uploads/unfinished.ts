import type { OpenMultipartUpload } from '@carryon/object-store'
import type { UploadRow } from '../repository/upload-row.js'
import { endUpload } from './end-upload.js'
import { listOrphans } from './sweep.js'
import type { UploadServices } from './upload-services.js'

/** The unfinished uploads of all owners; for the operator of the server. */
export interface Unfinished {
  /** Open uploads, oldest first; limited to one list. */
  readonly uploads: readonly UnfinishedUpload[]
  /** Multipart uploads in the bucket, under our prefix, that belong to no open upload; possibly one that was just created. */
  readonly orphans: readonly OpenMultipartUpload[]
}

/** An upload that is open or being completed. */
export interface UnfinishedUpload extends Pick<UploadRow, 'id' | 'name' | 'size' | 'key'> {
  /** `completing`: the store is joining its parts. */
  readonly state: 'open' | 'completing'
  /** When it was opened. */
  readonly createdAt: Date
  /** When it expires, unless it is updated before. */
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

/** Ends any owner's upload and removes its data from the store; `false` when no open upload has this id. */
export async function abortUpload(services: UploadServices, id: string): Promise<boolean> {
  const row = await services.repository.get(id)
  return row !== undefined && (await endUpload(services, row, null)) !== undefined
}
