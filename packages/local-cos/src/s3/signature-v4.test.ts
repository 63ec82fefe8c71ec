import { describe, expect, it } from 'vitest'
import {
  canonicalRequest,
  ChunkSigner,
  emptyHash,
  sha256,
  signingKey,
  signText,
  stringToSign,
  type CanonicalContent,
} from './signature-v4.js'

// Amazon's published examples.
const key = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const timestamp = '20130524T000000Z'
const scope = { date: '20130524', region: 'us-east-1', service: 's3' }
const host = ['host', 'examplebucket.s3.amazonaws.com'] as const
const date = ['x-amz-date', timestamp] as const

function signatureOf(content: CanonicalContent): string {
  return signText(signingKey(key, scope), stringToSign(timestamp, scope, canonicalRequest(content)))
}

describe('the signature of Amazon’s own examples', () => {
  it.each<[string, CanonicalContent, string]>([
    [
      'GET with a range',
      {
        method: 'GET',
        path: '/test.txt',
        parameters: [],
        headers: [host, ['range', 'bytes=0-9'], ['x-amz-content-sha256', emptyHash], date],
        payload: emptyHash,
      },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT of a key with a dollar sign',
      {
        method: 'PUT',
        path: '/test$file.text',
        parameters: [],
        headers: [
          ['date', 'Fri, 24 May 2013 00:00:00 GMT'],
          host,
          ['x-amz-content-sha256', sha256('Welcome to Amazon S3.')],
          date,
          ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
        ],
        payload: sha256('Welcome to Amazon S3.'),
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'GET of a sub-resource',
      {
        method: 'GET',
        path: '/',
        parameters: [['lifecycle', '']],
        headers: [host, ['x-amz-content-sha256', emptyHash], date],
        payload: emptyHash,
      },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'a listing',
      {
        method: 'GET',
        path: '/',
        parameters: [
          ['prefix', 'J'],
          ['max-keys', '2'],
        ],
        headers: [host, ['x-amz-content-sha256', emptyHash], date],
        payload: emptyHash,
      },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
    [
      'a presigned GET',
      {
        method: 'GET',
        path: '/test.txt',
        parameters: [
          ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
          ['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'],
          ['X-Amz-Date', timestamp],
          ['X-Amz-Expires', '86400'],
          ['X-Amz-SignedHeaders', 'host'],
        ],
        headers: [host],
        payload: 'UNSIGNED-PAYLOAD',
      },
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    ],
  ])('%s', (_, content, signature) => {
    expect(signatureOf(content)).toBe(signature)
  })

  it('chunks of a streamed PUT', () => {
    const content = {
      method: 'PUT',
      path: '/examplebucket/chunkObject.txt',
      parameters: [],
      headers: [
        ['content-encoding', 'aws-chunked'],
        ['content-length', '66824'],
        ['host', 's3.amazonaws.com'],
        ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
        date,
        ['x-amz-decoded-content-length', '66560'],
        ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
      ],
      payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    } as const
    const seed = signatureOf(content)
    expect(seed).toBe('4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9')
    const signer = new ChunkSigner(signingKey(key, scope), timestamp, scope, seed)
    const signatures = [65_536, 1024, 0].map((size) => signer.chunk(sha256('a'.repeat(size))))
    expect(signatures).toEqual([
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ])
  })

  it('chunks and trailers of a streamed PUT', () => {
    const seed = signatureOf({
      method: 'PUT',
      path: '/examplebucket/chunkObject.txt',
      parameters: [],
      headers: [
        ['content-encoding', 'aws-chunked'],
        ['host', 's3.amazonaws.com'],
        ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'],
        date,
        ['x-amz-decoded-content-length', '66560'],
        ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
        ['x-amz-trailer', 'x-amz-checksum-crc32c'],
      ],
      payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    })
    const signer = new ChunkSigner(signingKey(key, scope), timestamp, scope, seed)
    const signatures = [65_536, 1024, 0].map((size) => signer.chunk(sha256('a'.repeat(size))))
    expect([seed, ...signatures, signer.trailer(sha256('x-amz-checksum-crc32c:sOO8/Q==\n'))]).toEqual([
      '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
      'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
    ])
  })
})
