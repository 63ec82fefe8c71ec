import { expect, test } from 'vitest'
import { cosLocation } from './dialects/cos/cos-location.js'
import { s3Location } from './dialects/s3/s3-location.js'
import { createS3Store } from './s3-store.js'
import { StoreClock } from './store-clock.js'
import { credentials, location, scriptedStore } from './testing/scripted-store.js'
import { scriptedFetch } from './testing/scripted-fetch.js'

const { bucket, region } = location
const browserLocation = cosLocation({ bucket, region, accelerate: true })
const accelerated = `https://${bucket}.cos.accelerate.myqcloud.com`

test('calls go to the store here, and what is signed for browsers to where they reach it', async () => {
  const { store, requests } = scriptedStore([new Response()], { browserLocation })
  await store.headBucket()
  expect(new URL(requests[0]?.url ?? '').host).toBe(new URL(location.baseUrl).host)
  expect(store.location).toEqual(browserLocation)
  const { url } = await store.presign({ method: 'GET', key: 'a', expiresIn: 60 })
  const form = await store.presignForm({
    key: 'a',
    size: 1,
    headers: { contentMd5: 'DMF1ucDxtqgxw5niaXcmYQ==' },
    expiresIn: 60,
  })
  expect([new URL(url).origin, new URL(form.url).origin]).toEqual([accelerated, accelerated])
})

test('a signature is of the address for browsers: that of the other one is another', async () => {
  const near = s3Location({ bucket: 'films', region, endpoint: 'http://minio:9000', forcePathStyle: true })
  const far = s3Location({
    bucket: 'films',
    region,
    endpoint: 'https://files.example.com',
    forcePathStyle: true,
  })
  const { fetch } = scriptedFetch()
  const request = { method: 'PUT', key: 'a', expiresIn: 60 } as const
  const signed = async (options: object) => {
    const clock = new StoreClock(() => 1_800_000_000_000)
    const store = createS3Store({ location: near, credentials, fetch, clock, ...options })
    return new URL((await store.presign(request)).url)
  }
  const [seen, direct, here] = [
    await signed({ browserLocation: far }),
    await signed({ location: far }),
    await signed({}),
  ]
  expect(seen.host).toBe('files.example.com')
  expect(seen.href).toBe(direct.href)
  const signatureOf = ({ searchParams }: URL) => searchParams.get('X-Amz-Signature')
  expect(signatureOf(seen)).not.toBe(signatureOf(here))
})

test('URL and form say when they end with the credentials that signed them', async () => {
  const now = Math.floor(Date.now() / 1_000)
  const ending = async (expiresAt: number | undefined) => {
    const { store } = scriptedStore([], {
      credentials: async () => ({
        ...credentials,
        sessionToken: 't',
        ...(expiresAt !== undefined && { expiresAt }),
      }),
    })
    const headers = { contentMd5: 'DMF1ucDxtqgxw5niaXcmYQ==' }
    const signed = [
      await store.presign({ method: 'GET', key: 'a', expiresIn: 1_800 }),
      await store.presignForm({ key: 'a', size: 1, headers, expiresIn: 1_800 }),
    ]
    return signed.map((each) => each.expiresAt)
  }
  expect(await ending(now + 600)).toEqual([now + 600, now + 600])
  expect(await ending(now + 7_200)).toEqual([undefined, undefined])
  expect(await ending(undefined)).toEqual([undefined, undefined])
})
