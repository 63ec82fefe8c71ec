import { describe, expect, it } from 'vitest'
import { hashHex } from '../../crypto/hmac.js'
import { S3Signer, timestampOf } from './s3-signature.js'
import type { S3Signable } from './s3-signature.js'

/** Amazon S3 API, "Signature Calculations for the Authorization Header" and "Using Query Parameters": the examples. */
describe('S3Signer signs the published example', () => {
  const signer = new S3Signer('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'us-east-1')
  const timestamp = '20130524T000000Z'
  const host = 'examplebucket.s3.amazonaws.com'

  async function sign(request: Partial<S3Signable>, body = ''): Promise<string> {
    const payloadHash = await hashHex('SHA-256', body)
    const headers = { host, 'x-amz-content-sha256': payloadHash, 'x-amz-date': timestamp, ...request.headers }
    return signer.sign({ method: 'GET', path: '/', query: {}, payloadHash, timestamp, ...request, headers })
  }

  it('GET Object', async () => {
    expect(await sign({ path: '/test.txt', headers: { Range: 'bytes=0-9' } })).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    )
  })

  it('PUT Object', async () => {
    const headers = { Date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }
    expect(await sign({ method: 'PUT', path: '/test$file.text', headers }, 'Welcome to Amazon S3.')).toBe(
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    )
  })

  it('GET Bucket Lifecycle', async () => {
    expect(await sign({ query: { lifecycle: '' } })).toBe(
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    )
  })

  it('Get Bucket (List Objects)', async () => {
    expect(await sign({ query: { prefix: 'J', 'max-keys': '2' } })).toBe(
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    )
  })

  it('presigned GET', async () => {
    const signature = await signer.sign({
      method: 'GET',
      path: '/test.txt',
      query: {
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': `AKIAIOSFODNN7EXAMPLE/${signer.scopeOf(timestamp)}`,
        'X-Amz-Date': timestamp,
        'X-Amz-Expires': '86400',
        'X-Amz-SignedHeaders': 'host',
      },
      headers: { host },
      payloadHash: 'UNSIGNED-PAYLOAD',
      timestamp,
    })
    expect(signature).toBe('aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404')
  })
})

describe('timestampOf', () => {
  it('writes seconds in UTC', () => {
    expect(timestampOf(1369353600)).toBe('20130524T000000Z')
    expect(timestampOf(1369353600.999)).toBe('20130524T000000Z')
  })
})
