import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../errors.js'
import type { BucketFiles } from './bucket-files.js'
import { DamagedFile, parseJson, type ObjectAttributes } from './object-record.js'

export interface UploadRecord extends ObjectAttributes {
  readonly uploadId: string
  readonly key: string
  /** Milliseconds since the epoch. */
  readonly initiated: number
  /** Headers for the finished object. */
  readonly headers: Readonly<Record<string, string>>
}

/** Name of an upload's record file: Unix seconds, then 64 hex digits, as in Tencent's documents. */
export const uploadFileName = /^\d{1,16}[0-9a-f]{64}\.json$/

export function uploadFileNameOf(uploadId: string): string {
  return `${uploadId}.json`
}

/** Records of open uploads: `<upload id>.json`. */
export class UploadFiles {
  readonly #path: string
  readonly #shared: BucketFiles

  constructor(path: string, shared: BucketFiles) {
    this.#path = path
    this.#shared = shared
  }

  pathOf(uploadId: string): string {
    return join(this.#path, uploadFileNameOf(uploadId))
  }

  /** Returns `null` if there is no record. A damaged one is set aside and treated as missing. */
  async read(name: string): Promise<UploadRecord | null> {
    const path = join(this.#path, name)
    try {
      return parseRecord(await readFile(path, 'utf8'), name)
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return null
      if (!(error instanceof DamagedFile) && systemErrorCode(error) !== 'EISDIR') throw error
      // Record files are never overwritten, so reading it again is pointless.
      await this.#shared.damaged.setAside(path, name, String(error))
      return null
    }
  }
}

function parseRecord(json: string, name: string): UploadRecord {
  const record = parseJson(json) as Partial<UploadRecord> | null
  const sound =
    typeof record?.uploadId === 'string' &&
    uploadFileNameOf(record.uploadId) === name &&
    typeof record.key === 'string' &&
    typeof record.initiated === 'number' &&
    typeof record.headers === 'object'
  if (!sound) throw new DamagedFile('its record lacks something')
  return record as UploadRecord
}
