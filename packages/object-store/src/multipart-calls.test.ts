import { describe, expect, it } from 'vitest'
import type { StoreCapabilities } from './store-description.js'
import { s3Location } from './dialects/s3/s3-location.js'
import { createS3Store } from './s3-store.js'
import { errorAnswer, scriptedFetch } from './testing/scripted-fetch.js'
import { credentials, scriptedStore } from './testing/scripted-store.js'

const xml = (body: string, headers: Record<string, string> = {}): Response => new Response(body, { headers })
const parts = [
  { partNumber: 1, etag: 'a' },
  { partNumber: 2, etag: 'b' },
]

describe('createMultipartUpload', () => {
  it.each(['UploadId', 'UploadID'])('reads <%s>', async (name) => {
    const body = `<InitiateMultipartUploadResult xmlns="x"><Key>k</Key><${name}>17</${name}></InitiateMultipartUploadResult>`
    const { store, requests } = scriptedStore([xml(body)])
    expect(await store.createMultipartUpload('k', { contentType: 'video/mp4' })).toEqual({ uploadId: '17' })
    expect(requests[0]?.method).toBe('POST')
    expect(requests[0]?.url).toMatch(/\/k\?uploads=$/)
    expect(requests[0]?.headers.get('content-type')).toBe('video/mp4')
  })

  it("is not repeated, for a second upload would be nobody's", async () => {
    const { store, requests } = scriptedStore([errorAnswer(503, 'SlowDown'), errorAnswer(503, 'SlowDown')])
    await expect(store.createMultipartUpload('k')).rejects.toMatchObject({ code: 'SlowDown' })
    expect(requests).toHaveLength(1)
  })
})

describe('uploadPart', () => {
  it('answers what the store says that it holds', async () => {
    const headers = {
      etag: '"39270a968a357d24207e9911162507eb"',
      'x-cos-hash-crc64ecma': '4510578591875220731',
    }
    const { store } = scriptedStore([xml('', headers)])
    expect(await store.uploadPart({ key: 'k', uploadId: 'u', partNumber: 1 }, new Uint8Array(3))).toEqual({
      etag: '39270a968a357d24207e9911162507eb',
      crc64: '4510578591875220731',
    })
  })

  it('refuses an answer without an ETag', async () => {
    const { store } = scriptedStore([xml('<html>a login page</html>')])
    const put = store.uploadPart({ key: 'k', uploadId: 'u', partNumber: 3 }, new Uint8Array(3))
    await expect(put).rejects.toMatchObject({
      code: 'InvalidAnswer',
      message: 'UploadPart 3 of "k" got an answer that makes no sense: no ETag',
    })
  })
})

describe('listParts', () => {
  const page = (numbers: readonly number[], next?: string): Response =>
    xml(
      `<ListPartsResult><Encoding-type/>${numbers
        .map(
          (number) =>
            `<Part><PartNumber>${number}</PartNumber><ETag>&quot;e${number}&quot;</ETag><Size>5</Size></Part>`,
        )
        .join('')}<IsTruncated>${next !== undefined}</IsTruncated>${
        next === undefined ? '' : `<NextPartNumberMarker>${next}</NextPartNumberMarker>`
      }</ListPartsResult>`,
    )

  it('reads none and one', async () => {
    expect(await scriptedStore([page([])]).store.listParts('k', 'u')).toEqual([])
    const one = await scriptedStore([page([7])]).store.listParts('k', 'u')
    expect(one).toEqual([{ partNumber: 7, size: 5, etag: 'e7' }])
  })

  it('reads every page, ascending', async () => {
    const { store, requests } = scriptedStore([page([2, 1], '2'), page([3])])
    expect((await store.listParts('k', 'u')).map(({ partNumber }) => partNumber)).toEqual([1, 2, 3])
    const markers = requests.map(({ url }) => new URL(url).searchParams.get('part-number-marker'))
    expect(markers).toEqual(['0', '2'])
  })

  it.each([[['2', '2']], [['2', '4', '2']], [['0']]])('stops when the markers go %j', async (markers) => {
    const { store } = scriptedStore(markers.map((marker) => page([1], marker)))
    await expect(store.listParts('k', 'u')).rejects.toMatchObject({ code: 'InvalidAnswer' })
  })

  it('refuses a truncated page that does not say where the next one begins', async () => {
    const { store } = scriptedStore([page([1], '')])
    await expect(store.listParts('k', 'u')).rejects.toMatchObject({ code: 'InvalidAnswer' })
  })

  it.each(['NoSuchUpload', 'NoSuchKey'])(
    'says that there is no such upload when the store says %s',
    async (code) => {
      const { store } = scriptedStore([errorAnswer(404, code)])
      await expect(store.listParts('k', 'u')).rejects.toMatchObject({ code: 'NoSuchUpload', status: 404 })
    },
  )
})

describe('completeMultipartUpload', () => {
  const result = `   \n<?xml version="1.0"?><CompleteMultipartUploadResult xmlns="http://www.qcloud.com/document/product/436/7751">
    <Key>k</Key><ETag>&quot;ab-2&quot;</ETag></CompleteMultipartUploadResult>`

  it('sends the parts and reads the result behind the blanks', async () => {
    const { store, requests } = scriptedStore([xml(result, { 'x-cos-hash-crc64ecma': '42' })])
    const receipt = await store.completeMultipartUpload('k', 'u', parts, { forbidOverwrite: true })
    expect(receipt).toEqual({ etag: 'ab-2', crc64: '42' })
    expect(requests[0]?.headers.get('x-cos-forbid-overwrite')).toBe('true')
    expect(await requests[0]?.text()).toBe(
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&#34;a&#34;</ETag></Part>' +
        '<Part><PartNumber>2</PartNumber><ETag>&#34;b&#34;</ETag></Part></CompleteMultipartUpload>',
    )
  })

  it('takes an error that comes with status 200 for an error', async () => {
    const body = '  <?xml version="1.0"?><Error><Code>InternalError</Code><RequestId>r1</RequestId></Error>'
    const { store } = scriptedStore([xml(body)])
    await expect(store.completeMultipartUpload('k', 'u', parts)).rejects.toMatchObject({
      code: 'InternalError',
      status: 200,
      requestId: 'r1',
    })
  })

  it.each([
    ['an empty body', ''],
    ['blanks and no more', '     '],
    ['a cut result', result.slice(0, -20)],
    ['a result without an ETag', '<CompleteMultipartUploadResult/>'],
    ['another document', '<ListPartsResult/>'],
  ])('refuses %s', async (_, body) => {
    const { store } = scriptedStore([xml(body)])
    await expect(store.completeMultipartUpload('k', 'u', parts)).rejects.toMatchObject({
      code: 'InvalidAnswer',
    })
  })

  it('looks at the object when the store leaves its ETag empty', async () => {
    const empty = xml('<CompleteMultipartUploadResult><ETag></ETag></CompleteMultipartUploadResult>')
    const headers = {
      'content-length': '7',
      'last-modified': 'Sun, 22 Nov 2026 13:00:00 GMT',
      etag: '"ab-2"',
    }
    const { store } = scriptedStore([empty, new Response(null, { headers })])
    expect(await store.completeMultipartUpload('k', 'u', parts)).toEqual({ etag: 'ab-2' })
  })

  it('is never repeated', async () => {
    const { store, requests } = scriptedStore([new TypeError('fetch failed')])
    await expect(store.completeMultipartUpload('k', 'u', parts)).rejects.toMatchObject({
      code: 'NetworkError',
    })
    expect(requests).toHaveLength(1)
  })
})

describe('abortMultipartUpload', () => {
  it('resolves when the upload is already gone, and rejects otherwise', async () => {
    const { store } = scriptedStore([
      new Response(null, { status: 204 }),
      errorAnswer(404, 'NoSuchUpload'),
      errorAnswer(404, 'NoSuchBucket'),
    ])
    await store.abortMultipartUpload('k', 'u')
    await store.abortMultipartUpload('k', 'u')
    await expect(store.abortMultipartUpload('k', 'u')).rejects.toMatchObject({ code: 'NoSuchBucket' })
  })
})

describe('listMultipartUploads', () => {
  it('reads every page, decodes keys, and passes both markers on', async () => {
    const upload = (key: string, id: string): string =>
      `<Upload><Key>${key}</Key><UploadID>${id}</UploadID><Initiated>2026-11-22T13:00:00.000Z</Initiated></Upload>`
    const { store, requests } = scriptedStore([
      xml(
        `<ListMultipartUploadsResult><Encoding-Type>url</Encoding-Type>${upload('a%20%2B%01', '1')}` +
          `<IsTruncated>true</IsTruncated><NextKeyMarker>a%20%2B%01</NextKeyMarker><NextUploadIdMarker>1</NextUploadIdMarker></ListMultipartUploadsResult>`,
      ),
      xml(
        `<ListMultipartUploadsResult>${upload('b%20', '2')}<IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`,
      ),
    ])
    const found = []
    for await (const open of store.listMultipartUploads('p')) found.push(open)
    const initiated = new Date('2026-11-22T13:00:00Z')
    expect(found).toEqual([
      { key: 'a +\u0001', uploadId: '1', initiated },
      { key: 'b%20', uploadId: '2', initiated },
    ])
    const query = new URL(requests[1]?.url ?? '').searchParams
    expect([query.get('prefix'), query.get('key-marker'), query.get('upload-id-marker')]).toEqual([
      'p',
      'a +\u0001',
      '1',
    ])
  })
})

describe('CRC-64/NVME of S3', () => {
  const location = s3Location({ bucket: 'films', region: 'us-east-1' })
  const sum = 'rosUhgp5mIg='
  const crc64 = '12577168950296156296'
  const scripted = (answers: readonly Response[], capabilities: Partial<StoreCapabilities> = {}) => {
    const script = scriptedFetch(...answers)
    return { ...script, store: createS3Store({ location, credentials, fetch: script.fetch, capabilities }) }
  }
  const created = '<InitiateMultipartUploadResult><UploadId>17</UploadId></InitiateMultipartUploadResult>'

  it('is asked for when an upload is created, where the store has it', async () => {
    const { store, requests } = scripted([xml(created), xml(created)])
    await store.createMultipartUpload('k')
    await store.createMultipartUpload('k', { checksum: false })
    const asked = requests.map(({ headers }) => [
      headers.get('x-amz-checksum-algorithm'),
      headers.get('x-amz-checksum-type'),
    ])
    expect(asked).toEqual([
      ['CRC64NVME', 'FULL_OBJECT'],
      [null, null],
    ])
    const without = scripted([xml(created)], { partChecksum: null })
    await without.store.createMultipartUpload('k')
    expect(without.requests[0]?.headers.has('x-amz-checksum-algorithm')).toBe(false)
  })

  it('is read from the answer to a part, to HEAD and from lists', async () => {
    const list = (element: string) =>
      `<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>9</Size>${element}</Part></ListPartsResult>`
    const headers = { etag: '"e"', 'x-amz-checksum-crc64nvme': sum }
    const head = { 'content-length': '9', 'last-modified': 'Sun, 22 Nov 2026 13:00:00 GMT' }
    const { store, requests } = scripted([
      xml('', headers),
      xml('', { etag: '"e"' }),
      xml(list(`<ChecksumCRC64NVME>${sum}</ChecksumCRC64NVME>`)),
      xml(list('')),
      new Response(null, { headers: { ...headers, ...head } }),
    ])
    const address = { key: 'k', uploadId: 'u', partNumber: 1 }
    const part = { etag: 'e', crc64 }
    expect(await store.uploadPart(address, new Uint8Array(9))).toEqual(part)
    expect(await store.uploadPart(address, new Uint8Array(9))).toEqual({ etag: 'e' })
    expect(await store.listParts('k', 'u')).toEqual([{ partNumber: 1, size: 9, ...part }])
    expect(await store.listParts('k', 'u')).toEqual([{ partNumber: 1, size: 9, etag: 'e' }])
    expect(await store.headObject('k')).toMatchObject({ size: 9, ...part })
    expect(requests[4]?.headers.get('x-amz-checksum-mode')).toBe('ENABLED')
  })

  it('of the whole goes with complete, which answers it in its document', async () => {
    const result = `<CompleteMultipartUploadResult><ETag>"e-1"</ETag><ChecksumCRC64NVME>${sum}</ChecksumCRC64NVME></CompleteMultipartUploadResult>`
    const { store, requests } = scripted([xml(result)])
    const whole = await store.completeMultipartUpload('k', 'u', parts, { crc64 })
    expect(whole).toEqual({ etag: 'e-1', crc64 })
    expect(requests[0]?.headers.get('x-amz-checksum-crc64nvme')).toBe(sum)
    expect(requests[0]?.headers.get('x-amz-checksum-type')).toBe('FULL_OBJECT')
  })
})
