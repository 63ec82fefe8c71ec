import { describe, expect, it } from 'vitest'
import { StoreError } from './store-error.js'

describe('StoreError', () => {
  it.each([
    ['NetworkError', 0, true],
    ['SlowDown', 503, true],
    ['InternalError', 200, true],
    ['UserNetworkTooSlow', 400, true],
    ['BadDigest', 400, true],
    ['UploadConflict', 409, true],
    ['InvalidAnswer', 502, true],
    ['SomethingNew', 500, true],
    ['SlowDown', 429, true],
    ['InvalidAnswer', 200, false],
    ['InvalidRequest', 0, false],
    ['NotImplemented', 501, false],
    ['InsufficientStorage', 507, false],
    ['NoSuchUpload', 404, false],
    ['SignatureDoesNotMatch', 403, false],
    ['ExpiredToken', 400, false],
    ['FileAlreadyExists', 409, false],
  ])('%s with status %i is retryable: %s', (code, status, retryable) => {
    expect(new StoreError('', { code, status }).retryable).toBe(retryable)
  })

  it('takes from the caller "retryable" and keeps the cause', () => {
    const cause = new TypeError('fetch failed')
    const error = new StoreError('m', { code: 'NetworkError', status: 0, retryable: false, cause })
    expect(error).toMatchObject({ name: 'StoreError', message: 'm', retryable: false, cause })
    expect(new StoreError('m', { code: 'X', status: 400 })).not.toHaveProperty('cause')
  })
})
