import type { FileHandle } from 'node:fs/promises'

export interface Tag {
  readonly key: string
  readonly value: string
}

/** Who may do what besides the account that the bucket belongs to. */
export interface Acl {
  /** `default`, `private`, `public-read`, `public-read-write`; '' for one that only consists of grants. */
  readonly preset: string
  /** Without those that the preset stands for. */
  readonly grants: readonly Grant[]
}

export interface Grant {
  /** `qcs::cam::uin/…:uin/…` of an account, or the URI of a group. */
  readonly grantee: string
  readonly permission: string
}

/** What is said of an object beside its metadata, when it is stored or later. */
export interface ObjectAttributes {
  /** In the order given; absent or empty for none. */
  readonly tags?: readonly Tag[]
  /** Absent: the bucket's holds. */
  readonly acl?: Acl
}

/** What the store knows of one object. */
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
  /** Headers given when it was stored and answered with it: `content-type`, `x-cos-meta-*`, … Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Until when the restored copy of an archive can be read, milliseconds since the epoch. */
  readonly restoredUntil?: number
  /** Whether more can be appended. */
  readonly appendable?: true
  /** The key of the object in the same bucket that this one stands for; it has no content of its own. */
  readonly symlink?: string
  /** Microseconds since the epoch, higher with each version of a key; absent: stored before the bucket had versions. */
  readonly sequence?: number
  /** Absent: the version `null`. */
  readonly versionId?: string
  /** Present: no object, but the sign that there is none since. */
  readonly deleteMarker?: true
  /** Present when the content lies in the part files of this multipart upload, in this order. */
  readonly joined?: { readonly uploadId: string; readonly parts: readonly JoinedPart[] }
}

export interface JoinedPart {
  readonly file: string
  /** Bytes. */
  readonly size: number
}

/*
 * An object is one file: its content (nothing when it is joined from parts), then its record as JSON, then 8 bytes: the
 * length of the JSON and a mark. So one rename publishes content and record together, and MD5 and CRC64, known only
 * after the last byte, need no second file and no second sync.
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

/** A file of the store that is not what the store wrote; only damage from outside can cause it. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile'
}

/** @throws {@link DamagedFile} when the file is no object file. */
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

/** A damaged bit can leave JSON that is still JSON; what the store relies on is looked at. */
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
