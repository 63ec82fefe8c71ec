import { describe, expect, it } from 'vitest'
import { createPartSigner } from '../../part-signer.js'
import { StoreClock } from '../../store-clock.js'
import { s3Location } from './s3-location.js'
import { createS3Store } from '../../s3-store.js'

const now = Date.UTC(2013, 4, 24) / 1000
const clock = new StoreClock(() => now * 1000)
const location = s3Location({
  bucket: 'examplebucket',
  region: 'us-east-1',
  endpoint: 'https://s3.amazonaws.com',
})
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

describe('presigned S3 URLs', () => {
  it('are the published example', async () => {
    const store = createS3Store({ location, credentials, clock })
    const { url } = await store.presign({ method: 'GET', key: 'test.txt', expiresIn: 86_400 })
    expect(url).toBe(
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
        '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
        '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    )
  })

  it('pin headers, carry the token, forbid overwriting, and end within a week', async () => {
    const store = createS3Store({ location, credentials: { ...credentials, sessionToken: 'a+b=' }, clock })
    const headers = { 'content-length': '13', 'content-type': 'text/plain' }
    const request = {
      method: 'PUT',
      key: 'a',
      headers,
      forbidOverwrite: true,
      expiresIn: 10_000_000,
    } as const
    const signed = await store.presign(request)
    expect(signed.headers).toEqual({ 'content-type': 'text/plain', 'if-none-match': '*' })
    const query = new URL(signed.url).searchParams
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host;if-none-match')
    expect(query.get('X-Amz-Security-Token')).toBe('a+b=')
    expect(query.get('X-Amz-Expires')).toBe('604800')
  })
})

describe('createPartSigner for S3', () => {
  it("signs the present by the store's clock, the host, the size and the token", async () => {
    const sign = createPartSigner({
      location,
      credentials: { ...credentials, sessionToken: 'token' },
      startsAt: now - 100,
      expiresAt: now + 1800,
      clock,
    })
    const { url, headers } = await sign({ key: 'a b', uploadId: 'u', partNumber: 3 }, 10)
    expect(url).toBe('https://examplebucket.s3.amazonaws.com/a%20b?partNumber=3&uploadId=u')
    expect(headers).toMatchObject({ 'x-amz-date': '20130524T000000Z', 'x-amz-security-token': 'token' })
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20130524\/us-east-1\/s3\/aws4_request, SignedHeaders=content-length;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    )
  })
})

describe('s3Location', () => {
  it.each([
    [{}, 'https://films.s3.eu-west-1.amazonaws.com'],
    [{ endpoint: 'http://127.0.0.1:7480/', forcePathStyle: true }, 'http://127.0.0.1:7480/films'],
    [{ endpoint: 'https://store.example.com:9000' }, 'https://films.store.example.com:9000'],
  ])('%j is at %s', (options, baseUrl) => {
    const place = { bucket: 'films', region: 'eu-west-1' }
    expect(s3Location({ ...place, ...options })).toEqual({ dialect: 's3', baseUrl, ...place })
  })
})
