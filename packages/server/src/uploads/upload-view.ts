import type { RegisteredUpload } from '@carryon/protocol'
import type { UploadRow } from '../repository/upload-row.js'
import { runsOfRow } from '../parts/part-runs.js'

/** An upload as in docs/api.md; this server always includes the optional members. */
export type UploadView = Required<RegisteredUpload>

/** An upload in a list, without its up to 1 500 part runs, which would make a list megabytes long. */
export type ListedUpload = Omit<UploadView, 'partRuns'>

/** @param base Address of this server as the caller sees it, without a slash at the end; a recorded path is appended to it. */
export function viewOfUpload(row: UploadRow, base: string): UploadView {
  return { ...viewInList(row, base), partRuns: runsOfRow(row) }
}

/** @param base as in {@link viewOfUpload} */
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
