import type { OpenedUpload, RegisteredUpload } from '@carryon/protocol'

/** An open upload, as the server returns it. */
export function registeredUpload(with_: Partial<RegisteredUpload> = {}): RegisteredUpload {
  return {
    id: 'a',
    name: 'a.bin',
    size: 100,
    type: '',
    identity: '1:100:00',
    key: 'uploads/a.bin',
    uploadId: 'u',
    mode: 'multipart',
    partSize: 64,
    partCount: 2,
    grows: false,
    state: 'open',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-08T00:00:00.000Z',
    finishedAt: null,
    url: null,
    crc64: null,
    crc64Type: 'crc64ecma',
    etag: null,
    ...with_,
  }
}

/** A server's answer to an open. */
export function openedUpload(with_: Partial<RegisteredUpload> = {}): OpenedUpload {
  return {
    upload: registeredUpload(with_),
    parts: [{ partNumber: 1, size: 64, etag: 'e' }],
    checksums: { part: 'crc64ecma', object: 'crc64ecma', etagIsMd5: true },
    access: { mode: 'urls', urls: { '2': 'https://store.test/2' }, expiresAt: 1_800 },
    serverTime: 0,
  }
}
