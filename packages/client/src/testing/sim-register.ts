import { planParts } from '../transfer/part-plan.js'
import type { Access, OpenRequest, RegisteredUpload } from '../backend/upload-backend.js'

/** What the simulated server knows of one upload. */
export interface Row {
  upload: RegisteredUpload
  readonly md5: string | undefined
  joinedAt: number | null
  etagsDigest: string | null
}

/** What an upload is recorded under when another file's has the identity. */
export function ownIdentity({ identity, md5, name }: OpenRequest): string {
  return `${identity.replace(/~.*/, '')}~${md5 ?? name}`
}

/**
 * An upload that has just been opened.
 *
 * @param made what the server and the store have chosen; without an upload id it goes as one PUT. `partSize` in bytes
 * @param tailAfter number of the last part that cannot be larger; `null`: none can
 * @param now unix milliseconds
 */
export function newRow(
  { identity, name, size, type, md5 }: OpenRequest,
  made: Pick<RegisteredUpload, 'id' | 'key' | 'uploadId' | 'partSize' | 'crc64Type'>,
  tailAfter: number | null,
  now: number,
): Row {
  const { uploadId, partSize } = made
  const single = uploadId === null
  const time = new Date(now).toISOString()
  return {
    md5,
    joinedAt: null,
    etagsDigest: null,
    upload: {
      ...made,
      name,
      size,
      type,
      identity,
      mode: single ? 'single' : 'multipart',
      partSize: single ? Math.max(1, size) : partSize,
      partCount: single ? 1 : Math.max(1, Math.ceil(size / partSize)),
      tail: single || tailAfter === null ? null : { after: tailAfter, partSize: null },
      state: 'open',
      createdAt: time,
      updatedAt: time,
      expiresAt: time,
      finishedAt: null,
      url: null,
      crc64: null,
      etag: null,
    },
  }
}

/** The upload with parts in its tail as large as those that are stored there: all but the last are of one size. */
export function withTailOf(
  upload: RegisteredUpload,
  stored: readonly { readonly partNumber: number; readonly size: number }[],
): RegisteredUpload {
  const { tail, size, partSize } = upload
  if (tail === null || tail === undefined) return upload
  const inTail = stored.filter(({ partNumber }) => partNumber > tail.after)
  const last = inTail.at(-1)
  if (last === undefined) return upload
  const others = inTail.filter((part) => part !== last).map((part) => part.size)
  const before = last.partNumber - tail.after - 1
  // Where nothing but the last is there, it may be one of all others' size, or the smaller one at the end.
  const byEnd = before === 0 ? last.size : (size - tail.after * partSize - last.size) / before
  const tailSize = Math.max(...others, others.length === 0 && Number.isInteger(byEnd) ? byEnd : last.size)
  const supposed = { after: tail.after, partSize: Math.max(tailSize, partSize) }
  // There has to be a number for each part that is stored.
  const isEnough = planParts(size, partSize, supposed).partCount >= last.partNumber
  const shown = isEnough ? supposed : { ...supposed, partSize }
  return { ...upload, tail: shown, partCount: planParts(size, partSize, shown).partCount }
}

/** How long a permission holds: unix seconds. */
export interface Term {
  readonly token: string
  readonly startsAt: number
  readonly expiresAt: number
}

/** The permission for what is missing of an upload. @param mode of those that are no single PUT @param byForm of those that are */
export function accessTo(
  { mode: way, key, uploadId }: RegisteredUpload,
  md5: string | undefined,
  mode: 'credentials' | 'urls',
  { token, startsAt, expiresAt }: Term,
  partNumbers: readonly number[],
  byForm: boolean,
): Access {
  if (way === 'single') {
    const url = `sim://store/single/${key}?token=${token}`
    if (byForm) return { mode: 'form', url, fields: { 'Content-MD5': md5 ?? '' }, expiresAt }
    return { mode: 'put', url, headers: { 'content-md5': md5 ?? '' }, expiresAt }
  }
  if (mode === 'urls') {
    const url = (partNumber: number): string => `sim://store/${uploadId ?? ''}/${partNumber}?token=${token}`
    return { mode, urls: Object.fromEntries(partNumbers.map((n) => [String(n), url(n)])), expiresAt }
  }
  return {
    mode,
    location: { dialect: 'cos', baseUrl: 'sim://store', bucket: 'sim', region: 'sim' },
    credentials: { accessKeyId: 'sim', secretAccessKey: 'sim', sessionToken: token },
    startsAt,
    expiresAt,
  }
}
