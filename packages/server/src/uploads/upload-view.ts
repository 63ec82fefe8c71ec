import type { PartRun } from '@carryon/protocol'
import type { Crc64Type } from '@carryon/object-store'
import type { UploadMode, UploadRow, UploadRowState } from '../register/upload-row.js'
import { runsOfRow } from '../parts/part-runs.js'

/** An upload as docs/api.md shows it. */
export interface UploadView {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly type: string
  readonly identity: string
  readonly key: string
  readonly uploadId: string | null
  readonly mode: UploadMode
  readonly partSize: number
  readonly partCount: number
  /** Whether the client decides how large the parts after the first group are. */
  readonly grows: boolean
  /** How the file is cut, as far as that is known; `null`: all parts have `partSize` bytes. */
  readonly partRuns: readonly PartRun[] | null
  readonly state: UploadRowState
  readonly createdAt: string
  readonly updatedAt: string
  readonly expiresAt: string
  readonly finishedAt: string | null
  readonly url: string | null
  readonly crc64: string | null
  readonly crc64Type: Crc64Type
  readonly etag: string | null
}

/** An upload among many: up to 1 500 runs of part sizes each would make a list of them megabytes. */
export type ListedUpload = Omit<UploadView, 'partRuns'>

/** @param base Address of this server as the caller sees it, without a slash at the end; a recorded path becomes a URL there. */
export function viewOfUpload(row: UploadRow, base: string): UploadView {
  return { ...viewInList(row, base), partRuns: runsOfRow(row) }
}

/** @param base as of {@link viewOfUpload} */
export function viewInList(row: UploadRow, base: string): ListedUpload {
  return {
    id: row.id,
    name: row.name,
    size: row.size,
    type: row.type,
    identity: row.identity,
    key: row.key,
    uploadId: row.uploadId,
    mode: row.mode,
    partSize: row.partSize,
    partCount: row.partCount,
    grows: row.grows === 1,
    state: row.state,
    createdAt: isoTime(row.createdAt),
    updatedAt: isoTime(row.updatedAt),
    expiresAt: isoTime(row.expiresAt),
    finishedAt: row.finishedAt === null ? null : isoTime(row.finishedAt),
    url: row.url === null || URL.canParse(row.url) ? row.url : base + row.url,
    crc64: row.crc64,
    crc64Type: row.crc64Type,
    etag: row.etag,
  }
}

const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString()
