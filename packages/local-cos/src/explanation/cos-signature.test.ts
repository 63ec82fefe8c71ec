import { describe, expect, it } from 'vitest'
import { sign, type SignedContent } from '../signature.js'
import { explainSignature } from './cos-signature.js'
import type { Mistake } from './signature-explanation.js'

const bucket = 'examplebucket-1250000000'
const secretKey = 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz'
const request: SignedContent = {
  method: 'PUT',
  path: `/${bucket}/a b/中.txt`,
  parameters: [['partnumber', '1']],
  headers: [
    ['content-length', '5'],
    ['content-type', 'text/plain; charset=utf-8'],
    ['host', '127.0.0.1:3001'],
  ],
  keyTime: '1700000000;1700000900',
}

/** Mistakes found for a client that signs a modified request. */
function found(own: Partial<SignedContent>, key = secretKey): readonly Mistake[] {
  const { signature } = sign({ ...request, ...own }, key)
  return explainSignature({ ...request, bucket, region: 'ap-guangzhou', given: signature, secretKey })
    .mistakes
}

const withHeader = (name: string, value: string): SignedContent['headers'] =>
  request.headers.map((pair) => (pair[0] === name ? [name, value] : pair))

describe('why a signature was refused', () => {
  it.each<[Mistake, Partial<SignedContent>, string?]>([
    ['path-without-bucket', { path: '/a b/中.txt' }],
    ['path-encoded', { path: `/${bucket}/a%20b/%E4%B8%AD.txt` }],
    ['path-root', { path: '/' }],
    ['host-without-port', { headers: withHeader('host', '127.0.0.1') }],
    ['host-of-the-cloud', { headers: withHeader('host', `${bucket}.cos.ap-guangzhou.myqcloud.com`) }],
    ['no-headers', { headers: [] }],
    ['no-parameters', { parameters: [] }],
    ['content-type-without-charset', { headers: withHeader('content-type', 'text/plain') }],
    ['content-length-left-out', { headers: request.headers.slice(1) }],
    ['another-method', { method: 'GET' }],
    ['key-with-blanks', {}, `${secretKey}\n`],
  ])('%s', (mistake, own, key) => {
    expect(found(own, key)).toEqual([mistake])
  })

  it('is found for two mistakes at once', () => {
    const headers = withHeader('host', `${bucket}.cos.ap-guangzhou.myqcloud.com`)
    expect(found({ path: '/a b/中.txt', headers })).toEqual(['path-without-bucket', 'host-of-the-cloud'])
  })

  it('shows both texts, and the secret in neither', () => {
    const { signature, httpString, stringToSign } = sign({ ...request, path: '/a b/中.txt' }, secretKey)
    const explanation = explainSignature({
      ...request,
      bucket,
      region: 'ap-guangzhou',
      given: signature,
      secretKey,
    })
    expect(explanation.signed).toEqual({ request: httpString, stringToSign })
    const right = sign(request, secretKey)
    expect(explanation.expected).toEqual({ request: right.httpString, stringToSign: right.stringToSign })
    expect(JSON.stringify(explanation)).not.toMatch(new RegExp(`${secretKey}|${right.signature}`))
  })

  it('is not guessed for another key', () => {
    expect(found({}, 'another')).toEqual([])
  })
})
