import { expect, it } from 'vitest'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, startTestStore } from '../testing/store.js'
import { contentTypeOf } from './content-type.js'

it.each([
  ['a.zip', 'application/zip'],
  ['dir.d/照片.JPG', 'image/jpeg'],
  ['a.tar.gz', 'application/gzip'],
  ['a', undefined],
  ['zip', undefined],
  ['a.', undefined],
  ['.zip/a', undefined],
  ['a.constructor', undefined],
  ['a.unknown', undefined],
])('the key %j tells the type %j', (key, type) => {
  expect(contentTypeOf(key)).toBe(type)
})

it('an object that is stored without a type has that of its key, and the one that it is given', async () => {
  const { client } = await startTestStore()
  const typeOf = async (key: string): Promise<string | undefined> =>
    (await client.call({ method: 'HEAD', path: `/${bucket}/${key}` })).headers['content-type']
  await client.call({ method: 'PUT', path: `/${bucket}/a.zip`, body: 'x' })
  await client.call({ method: 'PUT', path: `/${bucket}/a`, body: 'x' })
  const headers = { 'content-type': 'text/plain' }
  await client.call({ method: 'PUT', path: `/${bucket}/b.zip`, body: 'x', headers })
  const calls = new MultipartCalls(client, 'c.mp4')
  const uploadId = await calls.initiate()
  const etag = String((await calls.put(uploadId, 1, Buffer.from('x'))).headers['etag'])
  await calls.complete(uploadId, [etag])
  expect(await Promise.all(['a.zip', 'a', 'b.zip', 'c.mp4'].map(typeOf))).toEqual([
    'application/zip',
    'application/octet-stream',
    'text/plain',
    'video/mp4',
  ])
})
