import { describe, expect, it } from 'vitest'
import type { TestClient } from '../testing/client.js'
import { callS3 } from '../testing/s3.js'
import { bucket, startTestStore } from '../testing/store.js'
import { temporaryCredentials } from '../testing/sts.js'
import { credentials } from '../testing/store.js'
import { childText, childTexts, type XmlElement } from '../xml.js'

const path = `/${bucket}`

async function list(client: TestClient, query: Readonly<Record<string, string>>): Promise<XmlElement> {
  return (await callS3(client, { method: 'GET', path, query: { 'list-type': '2', ...query } })).xml
}

function keysOf(page: XmlElement): readonly (string | undefined)[] {
  return page.children.filter(({ name }) => name === 'Contents').map((entry) => childText(entry, 'Key'))
}

describe('a listing of the second version', () => {
  const keys = ['a', 'b/1', 'b/2', 'c d', 'e']

  it('goes on with its token, behind keys and groups', async () => {
    const { client } = await startTestStore()
    for (const key of keys) await client.call({ method: 'PUT', path: `${path}/${key}`, body: key })
    const first = await list(client, { delimiter: '/', 'max-keys': '2' })
    expect(keysOf(first)).toEqual(['a'])
    expect([childText(first, 'KeyCount'), childText(first, 'IsTruncated')]).toEqual(['2', 'true'])
    const token = childText(first, 'NextContinuationToken') ?? ''
    const second = await list(client, {
      delimiter: '/',
      'continuation-token': token,
      'start-after': 'ignored',
      'encoding-type': 'url',
    })
    expect(keysOf(second)).toEqual(['c%20d', 'e'])
    expect(childText(second, 'ContinuationToken')).toBe(token)
    expect(childText(second, 'NextContinuationToken')).toBeUndefined()
    expect(keysOf(await list(client, { 'start-after': 'b/1' }))).toEqual(keys.slice(2))
  })

  it('refuses what it does not know', async () => {
    const { client } = await startTestStore()
    const ask = async (query: Readonly<Record<string, string>>): Promise<string> => {
      return (await callS3(client, { method: 'GET', path, query })).code
    }
    expect(await ask({ 'list-type': '3' })).toBe('InvalidArgument')
    for (const token of ['', '!', 'YQ=='])
      expect(await ask({ 'list-type': '2', 'continuation-token': token })).toBe('InvalidArgument')
    expect(await ask({ 'list-type': '2', marker: 'a' })).toBe('NotImplemented')
    expect(await ask({ 'list-type': '2', versions: '' })).toBe('NotImplemented')
  })

  it('is not of COS', async () => {
    const { client } = await startTestStore()
    const reply = await client.call({ method: 'GET', path, query: { 'list-type': '2' } })
    expect(reply.code).toBe('NotImplemented')
  })

  it('is held to the prefix that a policy allows, as the first version is', async () => {
    const { client, store } = await startTestStore()
    const temporary = await temporaryCredentials(store.url, credentials, {
      effect: 'allow',
      action: 'name/cos:GetBucket',
      resource: `qcs::cos:ap-guangzhou:uid/1250000000:${bucket}/b/*`,
    })
    const ask = async (prefix: string): Promise<number> => {
      const query = { 'list-type': '2', prefix }
      return (await callS3(client, { method: 'GET', path, query, credentials: temporary })).status
    }
    expect(await ask('b/')).toBe(200)
    expect(await ask('a/')).toBe(403)
  })
})

describe('answers to S3', () => {
  it('name the region of a bucket, in the header and by location', async () => {
    const { client } = await startTestStore()
    const head = await callS3(client, { method: 'HEAD', path })
    expect(head.headers['x-amz-bucket-region']).toBe('ap-guangzhou')
    const { xml } = await callS3(client, { method: 'GET', path, query: { location: '' } })
    expect([xml.name, xml.text]).toEqual(['LocationConstraint', 'ap-guangzhou'])
    const missing = await callS3(client, { method: 'GET', path: '/no-1250000000', query: { location: '' } })
    expect(missing.code).toBe('NoSuchBucket')
  })

  it('list the buckets', async () => {
    const { client } = await startTestStore()
    const { xml } = await callS3(client, { method: 'GET', path: '/' })
    const [buckets] = xml.children.filter(({ name }) => name === 'Buckets')
    expect(buckets?.children.map((one) => childTexts(one, 'Name'))).toEqual([[bucket]])
  })

  it('refuse checksums of a whole multipart upload, which are not kept', async () => {
    const { client } = await startTestStore()
    const key = `${path}/a`
    const initiated = await callS3(client, {
      method: 'POST',
      path: key,
      query: { uploads: '' },
      headers: { 'x-amz-checksum-algorithm': 'CRC64NVME', 'x-amz-checksum-type': 'FULL_OBJECT' },
    })
    const uploadId = childText(initiated.xml, 'UploadId') ?? ''
    const part = { method: 'PUT', path: key, query: { partNumber: '1', uploadId }, body: 'x' }
    const { headers } = await callS3(client, part)
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headers.etag}</ETag></Part></CompleteMultipartUpload>`
    const complete = { method: 'POST', path: key, query: { uploadId }, body }
    const checked = { ...complete, headers: { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' } }
    expect((await callS3(client, checked)).code).toBe('NotImplemented')
    expect((await callS3(client, complete)).xml.name).toBe('CompleteMultipartUploadResult')
  })

  it('carry CORS headers, refusals too', async () => {
    const { client } = await startTestStore()
    const headers = { origin: 'http://page.test', 'x-amz-something-new': '1' }
    const reply = await callS3(client, { method: 'PUT', path: `${path}/a`, headers })
    expect([reply.status, reply.headers['access-control-allow-origin']]).toEqual([501, '*'])
  })
})
