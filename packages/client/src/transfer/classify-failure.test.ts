import { StoreError } from '@carryon/object-store'
import { expect, test } from 'vitest'
import { TransportError } from '../ports.js'
import { classifyFailure } from './classify-failure.js'

const part = { do: 'again', trouble: 'part', slower: false }
const network = { do: 'again', trouble: 'network', slower: true }
const service = { do: 'again', trouble: 'service', slower: false }
const slower = { do: 'again', trouble: 'service', slower: true }
const renew = { do: 'renew' }

test.each([
  [400, 'BadDigest', part],
  [400, 'IncompleteBody', part],
  [400, 'UserNetworkTooSlow', network],
  [400, 'RequestTimeout', network],
  [400, 'ExpiredToken', renew],
  [403, 'AccessDenied', renew],
  [403, 'SignatureDoesNotMatch', renew],
  [403, 'RequestTimeTooSkewed', renew],
  [503, 'SlowDown', slower],
  [503, 'ServiceUnavailable', slower],
  [500, 'InternalError', service],
  [409, 'UploadConflict', service],
  [502, 'InvalidAnswer', service],
  [429, 'TooManyRequests', slower],
  [408, 'SomethingElse', network],
  [404, 'NoSuchUpload', { do: 'reopen' }],
  [409, 'FileAlreadyExists', { do: 'taken' }],
  [404, 'NoSuchBucket', { do: 'stop', code: 'store-misconfigured', retryable: false }],
  [403, 'AccessForbidden', { do: 'stop', code: 'store-misconfigured', retryable: false }],
  [402, 'PaymentRequired', { do: 'stop', code: 'store-denied', retryable: false }],
  [507, 'InsufficientStorage', { do: 'stop', code: 'store-full', retryable: true }],
  [400, 'EntityTooLarge', { do: 'renew' }],
  [0, 'CryptoUnavailable', { do: 'stop', code: 'unsupported-browser', retryable: false }],
])('after %i %s: %j', (status, code, action) => {
  expect(classifyFailure(new StoreError('refused', { code, status }))).toEqual(action)
})

test.each([
  ['network', network],
  ['stalled', network],
  ['source-changed', { do: 'stop', code: 'file-changed', retryable: false }],
  ['source-unreadable', { do: 'stop', code: 'file-unreadable', retryable: false }],
  ['internal', { do: 'stop', code: 'internal', retryable: true }],
  ['unsupported', { do: 'stop', code: 'unsupported-browser', retryable: false }],
] as const)('without an answer (%s): %j', (reason, action) => {
  expect(classifyFailure(new TransportError(reason, 'none'))).toEqual(action)
})

test('a bug of ours is not tried again', () => {
  expect(classifyFailure(new TypeError('oops'))).toEqual({ do: 'stop', code: 'internal', retryable: false })
})
