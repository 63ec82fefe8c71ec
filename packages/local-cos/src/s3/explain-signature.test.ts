import { describe, expect, it } from 'vitest'
import type { Mistake } from '../explanation/signature-explanation.js'
import { explainS3Signature } from './explain-signature.js'
import {
  canonicalRequest,
  emptyHash,
  signingKey,
  signText,
  stringToSign,
  type CanonicalContent,
} from './signature-v4.js'

const timestamp = '20261130T120000Z'
const scope = { date: '20261130', region: 'ap-guangzhou', service: 's3' }
const key = signingKey('secret', scope)
const request: CanonicalContent = {
  method: 'PUT',
  path: '/examplebucket-1250000000/a b.txt',
  parameters: [['partNumber', '1']],
  headers: [
    ['host', '127.0.0.1:3001'],
    ['x-amz-date', timestamp],
  ],
  payload: 'a'.repeat(64),
}

/** Mistakes found for a client that signs a modified request. */
function found(own: Partial<CanonicalContent>): readonly Mistake[] {
  const text = stringToSign(timestamp, scope, canonicalRequest({ ...request, ...own }))
  return explainS3Signature({ content: request, timestamp, scope, given: signText(key, text), key }).mistakes
}

describe('why a signature of S3 was refused', () => {
  it.each<[Mistake, Partial<CanonicalContent>]>([
    ['path-without-bucket', { path: '/a b.txt' }],
    ['path-encoded-twice', { path: '/examplebucket-1250000000/a%20b.txt' }],
    ['host-without-port', { headers: [['host', '127.0.0.1'], ...request.headers.slice(1)] }],
    ['no-parameters', { parameters: [] }],
    ['another-method', { method: 'GET' }],
    ['payload-unsigned', { payload: 'UNSIGNED-PAYLOAD' }],
    ['payload-empty', { payload: emptyHash }],
  ])('%s', (mistake, own) => {
    expect(found(own)).toEqual([mistake])
  })

  it('is found for two mistakes at once, and not guessed for any other', () => {
    expect(found({ path: '/a b.txt', payload: emptyHash })).toEqual(['path-without-bucket', 'payload-empty'])
    expect(found({ path: '/another' })).toEqual([])
  })
})
