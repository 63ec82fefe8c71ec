import type { Crc64Type } from '@carryon/object-store'
import type { UploadMode, UploadRow, UploadRowState } from '../register/upload-row.js'
import { withTail } from './part-plan.js'

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
  /** Parts after `after` have `partSize` bytes; `null` there: not decided yet. `null`: all parts are of one size. */
  readonly tail: { readonly after: number; readonly partSize: number | null } | null
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

/** @param base Address of this server as the caller sees it, without a slash at the end; a recorded path becomes a URL there. */
export function viewOfUpload(row: UploadRow, base: string): UploadView {
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
    partCount: withTail(row, row.size, row.tailPartSize).partCount,
    tail: row.tailAfter === null ? null : { after: row.tailAfter, partSize: row.tailPartSize },
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
