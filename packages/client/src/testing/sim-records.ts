import { planOpenParts, storedSizes } from '@carryon/protocol'
import type { AccessGrant, OpenRequest, RegisteredUpload } from '@carryon/protocol'

/** The simulated server's record of one upload. */
export interface Row {
  upload: RegisteredUpload
  readonly md5: string | undefined
  joinedAt: number | null
  etagsDigest: string | null
}

/** Fingerprint of an upload's record when another file's upload has the plain one. */
export function ownIdentity({ identity, md5, name }: OpenRequest): string {
  return `${identity.replace(/~.*/, '')}~${md5 ?? name}`
}

/**
 * An upload that has just been opened.
 *
 * @param made choices of the server and the store; without an upload id it is a single PUT. `partSize` in bytes
 * @param mayGrow whether the store accepts parts of different sizes
 * @param now unix milliseconds
 */
export function newRow(
  { identity, name, size, type, md5, grows }: OpenRequest,
  made: Pick<RegisteredUpload, 'id' | 'key' | 'uploadId' | 'partSize' | 'crc64Type'>,
  mayGrow: boolean,
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
      type: type ?? '',
      identity,
      mode: single ? 'single' : 'multipart',
      partSize: single ? Math.max(1, size) : partSize,
      partCount: single ? 1 : Math.max(1, Math.ceil(size / partSize)),
      grows: !single && mayGrow && grows === true,
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

/** The upload with the part sizes that the stored parts show. */
export function withRunsOf(
  upload: RegisteredUpload,
  stored: readonly { readonly partNumber: number; readonly size: number }[],
): RegisteredUpload {
  if (upload.grows !== true) return upload
  const sorted = [...stored].sort((one, other) => one.partNumber - other.partNumber)
  const { runs, fixed } = storedSizes(upload.size, upload.partSize, sorted)
  return { ...upload, partRuns: runs, partCount: planOpenParts(upload.size, runs, fixed).partCount }
}

/** Validity of an access grant in unix seconds. */
export interface Term {
  readonly token: string
  readonly startsAt: number
  readonly expiresAt: number
}

/**
 * The access grant for the missing parts of an upload. @param mode for multipart uploads @param byForm for single
 * uploads
 */
export function accessTo(
  { mode: way, key, uploadId }: RegisteredUpload,
  md5: string | undefined,
  mode: 'credentials' | 'urls',
  { token, startsAt, expiresAt }: Term,
  partNumbers: readonly number[],
  byForm: boolean,
): AccessGrant {
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
