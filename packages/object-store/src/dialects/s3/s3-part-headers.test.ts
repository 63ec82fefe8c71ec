import { describe, expect, it } from 'vitest'
import { createPartSigner } from '../../part-signer.js'
import { scriptedFetch } from '../../testing/scripted-fetch.js'
import { s3Location } from './s3-location.js'
import { createS3Store } from '../../s3-store.js'

const location = s3Location({
  bucket: 'films',
  region: 'us-east-1',
  endpoint: 'https://store.example.com',
  forcePathStyle: true,
})
const credentials = { accessKeyId: 'AK', secretAccessKey: 'secret' }
const part = { key: 'a.mp4', uploadId: 'u', partNumber: 1 }

/** Checksum headers and the chunked framing that carries them: stores that do not support them refuse the part. */
const unasked = /^(x-amz-(checksum|sdk-checksum|trailer|decoded)|content-(md5|encoding))/

// Amazon's own SDK began to send these by default, and other stores refused them: aws-sdk-js-v3#6810.
describe('a part for an unknown store has no checksum header', () => {
  const store = (fetch = globalThis.fetch) => createS3Store({ location, credentials, fetch })

  it("in the server's own PUT", async () => {
    const { fetch, requests } = scriptedFetch(new Response('', { headers: { etag: '"e"' } }))
    await store(fetch).uploadPart(part, new Uint8Array(3))
    expect([...(requests[0]?.headers.keys() ?? [])].filter((name) => unasked.test(name))).toEqual([])
  })

  it('in a request signed with credentials for a browser', async () => {
    const inAnHour = Date.now() / 1000 + 3600
    const sign = createPartSigner({ location, credentials, startsAt: 0, expiresAt: inAnHour })
    const { url, headers } = await sign(part, 3)
    expect(Object.keys(headers).filter((name) => unasked.test(name.toLowerCase()))).toEqual([])
    expect([...new URL(url).searchParams.keys()].sort()).toEqual(['partNumber', 'uploadId'])
  })

  it('in a signed URL', async () => {
    const query = { partNumber: '1', uploadId: 'u' }
    const { url, headers } = await store().presign({ method: 'PUT', key: 'a.mp4', query, expiresIn: 60 })
    expect(headers).toEqual({})
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('host')
    expect(url.toLowerCase()).not.toContain('checksum')
  })
})
