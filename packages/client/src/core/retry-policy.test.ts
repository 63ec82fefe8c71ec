import { StoreError } from '@carryon/object-store'
import { expect, test } from 'vitest'
import { TransportError } from '../ports.js'
import { BackendError } from './backend-error.js'
import type { BackendErrorCode } from './backend-error.js'
import { arrivedChanged, classifyFailure, defaultRetry, nextStep, unexpectedAnswer } from './retry-policy.js'
import type { FailureHistory, RetryOptions } from './retry-policy.js'

/**
 * The wait after a first failure with a random number of one half: midway between half of `firstDelay` and all of it.
 */
const retry = { do: 'retry', after: 375 }
const renew = { do: 'renew' }
const reopen = { do: 'reopen' }
const fail = (code: string, retryable = false) => ({ do: 'fail', code, retryable })
const givenUp = (because: string) => ({ do: 'give-up', because })
const hour = 3_600_000

function after(error: unknown, history: FailureHistory = {}, options: RetryOptions = {}): unknown {
  return nextStep(classifyFailure(error), history, { ...defaultRetry, ...options }, 0.5)
}
const store = (status: number, code: string): StoreError => new StoreError('refused', { code, status })
const server = (code: BackendErrorCode, status = 0): BackendError => new BackendError(code, 'no', { status })

test.each<readonly [string, unknown, FailureHistory, unknown]>([
  ['a part damaged on its way', store(400, 'BadDigest'), { own: 4 }, retry],
  ['a part damaged time after time', store(400, 'IncompleteBody'), { own: 5 }, givenUp('own')],
  ['a part that no other fails with', new TransportError('network', ''), { own: 7 }, retry],
  ['a part that fails alone', new TransportError('stalled', ''), { own: 8 }, givenUp('own')],
  ['the last part, the server being there', new TransportError('network', ''), { alone: 7 }, retry],
  ['the last part for good', new TransportError('network', ''), { alone: 8 }, givenUp('alone')],
  ['no network for a day', new TransportError('network', ''), { failures: 1 }, retry],
  ['errors of the store for an hour', store(503, 'SlowDown'), { lasting: hour }, givenUp('lasting')],
  ['errors of the store for less', store(500, 'InternalError'), { lasting: hour - 1 }, retry],
  ['a page in place of the store', store(403, unexpectedAnswer), { lasting: 60_000 }, givenUp('lasting')],
  ['a page that may pass', store(502, unexpectedAnswer), { lasting: 60_000 }, retry],
  ['a grant that ended', store(400, 'ExpiredToken'), { refusals: 1 }, renew],
  ['a fourth grant refused', store(403, 'AccessDenied'), { refusals: 4 }, renew],
  ['a fifth grant refused', store(403, 'SignatureDoesNotMatch'), { refusals: 5 }, givenUp('refusals')],
  ['a file of another size', store(400, 'EntityTooLarge'), {}, renew],
  ['an upload that is gone', store(404, 'NoSuchUpload'), {}, reopen],
  ['the same of the server', server('upload-gone', 410), { openings: 2 }, reopen],
  ['parts that are missing', server('parts-mismatch', 409), { openings: 2 }, reopen],
  ['a third opening without a part', server('parts-mismatch', 409), { openings: 3 }, givenUp('openings')],
  ['a key that is taken', store(409, 'FileAlreadyExists'), {}, { do: 'adopt' }],
  ['no bucket', store(404, 'NoSuchBucket'), {}, fail('store-misconfigured')],
  ['no CORS rule', store(403, 'AccessForbidden'), {}, fail('store-misconfigured')],
  ['a bill', store(402, 'Whatever'), {}, fail('store-denied')],
  ['a full store', store(507, 'Whatever'), {}, fail('store-full', true)],
  ['a page without a secure origin', store(0, 'CryptoUnavailable'), {}, fail('unsupported-browser')],
  ['another file', new TransportError('source-changed', ''), {}, fail('file-changed')],
  ['a file that is gone', new TransportError('source-unreadable', ''), {}, fail('file-unreadable')],
  ['an old page', new TransportError('outdated', ''), {}, fail('page-outdated', true)],
  ['a bug of ours', new TypeError('oops'), {}, fail('internal')],
  ['no server for a day', server('network'), { lasting: 24 * hour }, retry],
  ['a busy server', server('too-many-requests', 429), { lasting: 24 * hour }, retry],
  ['an answer that broke off', server('network', 502), { lasting: hour }, givenUp('lasting')],
  ['a server in trouble', server('internal', 500), { lasting: hour }, givenUp('lasting')],
  ['no headers', server('headers-failed'), { lasting: 60_000 }, givenUp('lasting')],
  ['a proxy in the way', server('unexpected-answer', 404), { lasting: 60_000 }, givenUp('lasting')],
])('%s', (_, error, history, step) => {
  expect(after(error, history)).toEqual(step)
})

test.each([
  [400, 'UserNetworkTooSlow', 'network', true],
  [400, 'RequestTimeout', 'network', true],
  [408, 'SomethingElse', 'network', true],
  [503, 'ServiceUnavailable', 'service', true],
  [429, 'TooManyRequests', 'service', true],
  [409, 'UploadConflict', 'service', false],
  [502, 'InvalidAnswer', 'service', false],
  [400, 'InvalidDigest', 'part', false],
])('%i %s is trouble of the %3$s', (status, code, trouble, slower) => {
  expect(classifyFailure(store(status, code))).toMatchObject({ do: 'retry', trouble, slower })
})

test('a part that arrives changed is sent again three times', () => {
  const steps = [1, 2, 3, 4].map((own) => nextStep(arrivedChanged, { own }, defaultRetry, 0.5).do)
  expect(steps).toEqual(['retry', 'retry', 'retry', 'give-up'])
})

test('the wait grows with failures in a row, and is what the other side asks for at least', () => {
  const error = new TransportError('network', '')
  expect(after(error, { failures: 3 })).toEqual({ do: 'retry', after: 1125 })
  expect(after(error, { failures: 1, asked: 9_000 })).toEqual({ do: 'retry', after: 9_000 })
})

test('each option changes what it says', () => {
  const network = new TransportError('network', '')
  expect(after(network, { failures: 9 }, { longestDelay: 1_000 })).toEqual({ do: 'retry', after: 625 })
  expect(after(network, {}, { firstDelay: 4 })).toEqual({ do: 'retry', after: 3 })
  expect(after(network, { own: 2 }, { attemptsPerPart: 2 })).toEqual(givenUp('own'))
  expect(after(server('internal', 500), { lasting: 0 }, { giveUpAfter: 0 })).toEqual(givenUp('lasting'))
  expect(after(server('internal', 500), { lasting: 99 * hour }, { giveUpAfter: Infinity })).toEqual(retry)
  // `giveUpAfter` does not make it retry a proxy's refusal for longer.
  const proxy = server('unexpected-answer', 404)
  expect(after(proxy, { lasting: 60_000 }, { giveUpAfter: Infinity })).toEqual(givenUp('lasting'))
  expect(after(network, { failures: 1 }, { giveUpAfter: 0 })).toEqual(retry)
})
