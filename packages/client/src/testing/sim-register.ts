import type { Access, OpenRequest, RegisteredUpload } from '../upload-backend.js'

/** What the simulated server knows of one upload. */
export interface Row {
  upload: RegisteredUpload
  readonly md5: string | undefined
  joinedAt: number | null
  etagsDigest: string | null
}

/**
 * An upload that has just been opened.
 *
 * @param made what the server and the store have chosen; without an upload id it goes as one PUT. `partSize` in bytes
 * @param now unix milliseconds
 */
export function newRow(
  { identity, name, size, type, md5 }: OpenRequest,
  made: Pick<RegisteredUpload, 'id' | 'key' | 'uploadId' | 'partSize' | 'crc64Type'>,
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

/** How long a permission holds: unix seconds. */
export interface Term {
  readonly token: string
  readonly startsAt: number
  readonly expiresAt: number
}

/** The permission for what is missing of an upload. @param mode of those that are no single PUT */
export function accessTo(
  { mode: way, key, uploadId }: RegisteredUpload,
  md5: string | undefined,
  mode: 'credentials' | 'urls',
  { token, startsAt, expiresAt }: Term,
  partNumbers: readonly number[],
): Access {
  if (way === 'single') {
    const url = `sim://store/single/${key}?token=${token}`
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
