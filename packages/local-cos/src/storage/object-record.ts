import type { FileHandle } from 'node:fs/promises'

export interface Tag {
  readonly key: string
  readonly value: string
}

/** Permissions other than those of the account that owns the bucket. */
export interface Acl {
  /** `default`, `private`, `public-read`, `public-read-write`; '' if the ACL has only grants. */
  readonly preset: string
  /** Excludes the grants implied by the preset. */
  readonly grants: readonly Grant[]
}

export interface Grant {
  /** `qcs::cam::uin/…:uin/…` for an account, or the URI of a group. */
  readonly grantee: string
  readonly permission: string
}

/** Attributes besides metadata, which can be set when the object is stored or later. */
export interface ObjectAttributes {
  /** In the order given; absent or empty if none. */
  readonly tags?: readonly Tag[]
  /** Absent: the ACL of the bucket applies. */
  readonly acl?: Acl
}

/** Everything the store records about one object. */
export interface ObjectRecord extends ObjectAttributes {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  /** CRC-64/XZ in unsigned decimal. */
  readonly crc64: string
  /** Milliseconds since the epoch. */
  readonly lastModified: number
  /** Headers stored with the object and returned with it: `content-type`, `x-cos-meta-*`, … Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Time until which a restored archive can be read, in milliseconds since the epoch. */
  readonly restoredUntil?: number
  /** Whether more data can be appended. */
  readonly appendable?: true
  /** Key of the symlink's target in the same bucket; a symlink has no content of its own. */
  readonly symlink?: string
  /**
   * Microseconds since the epoch, higher for each later version of a key; absent if stored before versioning
   * was enabled.
   */
  readonly sequence?: number
  /** Absent: the version id is `null`. */
  readonly versionId?: string
  /** Present if the version is a delete marker. */
  readonly deleteMarker?: true
  /** Present if the content is the part files of this multipart upload, in this order. */
  readonly joined?: { readonly uploadId: string; readonly parts: readonly JoinedPart[] }
}

export interface JoinedPart {
  readonly file: string
  /** Bytes. */
  readonly size: number
}

/*
 * An object is one file: its content (empty if joined from parts), then its record as JSON, then 8 bytes with the length
 * of the JSON and a mark. So one rename publishes content and record together; MD5 and CRC-64, known only after the
 * last byte, need no second file and no second sync.
 */
const mark = 0x4c434f31 // "LCO1"
const footerSize = 8
const firstRead = 16 * 1024

export function encodeTrailer(record: ObjectRecord): Buffer {
  const json = Buffer.from(JSON.stringify(record))
  const footer = Buffer.alloc(footerSize)
  footer.writeUInt32BE(json.length, 0)
  footer.writeUInt32BE(mark, 4)
  return Buffer.concat([json, footer])
}

/** An object or record file with content the store did not write; only damage from outside can cause this. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile'
}

/** @throws {@link DamagedFile} if the file is not a valid object file. */
export async function readRecord(handle: FileHandle): Promise<ObjectRecord> {
  const stats = await handle.stat()
  if (!stats.isFile()) throw new DamagedFile('it is no file')
  const { size } = stats
  const tail = await readAt(handle, Math.max(0, size - firstRead), Math.min(size, firstRead))
  if (tail.length < footerSize || tail.readUInt32BE(tail.length - 4) !== mark) {
    throw new DamagedFile('it has no record')
  }
  const length = tail.readUInt32BE(tail.length - footerSize)
  const contentSize = size - footerSize - length
  if (contentSize < 0) throw new DamagedFile('it is shorter than its record')
  const json =
    length + footerSize <= tail.length
      ? tail.subarray(tail.length - footerSize - length, tail.length - footerSize)
      : await readAt(handle, contentSize, length)
  const record = parseRecord(json.toString())
  if (record.joined === undefined && record.size !== contentSize) {
    throw new DamagedFile('its content has not the length of its record')
  }
  return record
}

/** Checks the fields the store relies on: a flipped bit can leave valid JSON. */
function parseRecord(json: string): ObjectRecord {
  const record = parseJson(json) as Partial<ObjectRecord> | null
  const sound =
    typeof record?.key === 'string' &&
    typeof record.size === 'number' &&
    typeof record.etag === 'string' &&
    typeof record.crc64 === 'string' &&
    typeof record.lastModified === 'number' &&
    typeof record.headers === 'object' &&
    (record.joined === undefined || Array.isArray(record.joined.parts))
  if (!sound) throw new DamagedFile('its record lacks something')
  return record as ObjectRecord
}

/** @throws {@link DamagedFile} */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new DamagedFile('its record is no JSON')
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) throw new DamagedFile('it became shorter while it was read')
    filled += bytesRead
  }
  return buffer
}
