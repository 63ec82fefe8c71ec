import { StoreError } from '@carryon/object-store'
import { describe, expect, test } from 'vitest'
import { StsError } from '../sts/sts-issuer.js'
import { Problem } from '../problem.js'
import { problemOfError } from './problem-of-error.js'

const refused = (code: string, status: number) =>
  new StoreError('PUT https://store/key?q-signature=abc', { code, status, requestId: 'r-1' })

describe('problemOfError', () => {
  test.each([
    [refused('NetworkError', 0), 'store-unavailable', 503],
    [refused('InternalError', 500), 'store-unavailable', 503],
    [refused('SlowDown', 503), 'store-unavailable', 503],
    [refused('UploadConflict', 409), 'store-unavailable', 503],
    [refused('InsufficientStorage', 507), 'store-full', 507],
    [refused('AccessDenied', 403), 'store-denied', 502],
    [refused('NoSuchBucket', 404), 'store-denied', 502],
    [refused('PaymentRequired', 402), 'store-denied', 502],
    [new StsError('x', { code: 'RequestLimitExceeded', retryable: true }), 'sts-unavailable', 503],
    [new StsError('x', { code: 'AuthFailure.SecretIdNotFound', retryable: false }), 'store-denied', 502],
    [new Problem('not-found', 'gone'), 'not-found', 404],
    [new Error('password=hunter2'), 'internal', 500],
    ['thrown text hunter2', 'internal', 500],
  ])('%s', (error, code, status) => {
    const problem = problemOfError(error)
    expect(problem).toMatchObject({ code, status })
    expect(JSON.stringify(problem)).not.toMatch(/q-signature|hunter2/u)
  })

  test('carries the store code and request id for the operator', () => {
    const shown = problemOfError(refused('SlowDown', 503)).toJSON()
    expect(shown).toMatchObject({ type: 'about:blank', storeCode: 'SlowDown', requestId: 'r-1' })
  })
})
