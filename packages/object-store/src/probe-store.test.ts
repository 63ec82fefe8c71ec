import { describe, expect, it } from 'vitest'
import { probeStore } from './probe-store.js'
import { s3Location } from './dialects/s3/s3-location.js'
import { createS3Store } from './s3-store.js'
import { errorAnswer } from './testing/scripted-fetch.js'

const md5 = '25f9e794323b453885f5181f1b624d0b'

const crc64 = 'rosUhgp5mIg='

/** A store with a scripted answer for each method and query. */
function probe(behaviour: {
  /** Answer to a part without a checksum whose upload requested one. */
  readonly part?: () => Response
  readonly second?: () => Response
  readonly complete: () => Response
  readonly etag?: string
  /** Answer to a signed URL. */
  readonly signed?: () => Response
}) {
  const left: string[] = []
  const { second, complete, signed, etag = md5 } = behaviour
  const put = () => new Response(null, { headers: { etag } })
  const { part = put } = behaviour
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const uploadId = url.searchParams.get('uploadId')
    if (request.method === 'DELETE') {
      left.push(uploadId === null ? 'deleted' : `${uploadId} aborted`)
      return new Response(null, { status: 204 })
    }
    if (request.method === 'POST') {
      const asked = request.headers.get('x-amz-checksum-algorithm') === 'CRC64NVME'
      if (url.searchParams.has('uploads')) return created(asked ? 'summed' : 'plain')
      return uploadId === 'summed' ? completed(request.headers.get('x-amz-checksum-crc64nvme')) : complete()
    }
    if (url.searchParams.has('X-Amz-Signature')) return signed?.() ?? put()
    if (request.headers.has('if-none-match')) return second?.() ?? put()
    return uploadId === 'summed' ? part() : put()
  }
  const store = createS3Store({
    location: s3Location({ bucket: 'films', region: 'us-east-1', endpoint: 'https://store.example.com' }),
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    fetch,
    retry: { attempts: 1 },
  })
  return { left, result: probeStore(store, 'uploads/', { fetch }) }
}

const taken = () => errorAnswer(412, 'PreconditionFailed')
const created = (id: string) =>
  new Response(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
const completed = (sum: string | null = null) =>
  new Response(
    '<CompleteMultipartUploadResult><ETag>"x-1"</ETag>' +
      `${sum === null ? '' : `<ChecksumCRC64NVME>${sum}</ChecksumCRC64NVME>`}</CompleteMultipartUploadResult>`,
  )
const none = { partChecksum: null, objectChecksum: null }

describe('probeStore', () => {
  it('finds everything where everything is there, and removes what it tried', async () => {
    const part = () => new Response(null, { headers: { etag: md5, 'x-amz-checksum-crc64nvme': crc64 } })
    const { result, left } = probe({ part, second: taken, complete: taken })
    expect(await result).toEqual({
      capabilities: {
        partChecksum: 'crc64nvme',
        objectChecksum: 'crc64nvme',
        etagIsMd5: true,
        forbidOverwrite: true,
        forbidOverwriteOnComplete: true,
        emptyHeaders: true,
      },
    })
    expect(left).toEqual(['plain aborted', 'deleted'])
  })

  it('finds conditions that are ignored or not understood, and an ETag that is no MD5', async () => {
    const second = () => errorAnswer(501, 'NotImplemented')
    const { result, left } = probe({ second, complete: completed, etag: 'f'.repeat(32) })
    expect(await result).toEqual({
      capabilities: {
        ...none,
        etagIsMd5: false,
        forbidOverwrite: false,
        forbidOverwriteOnComplete: false,
        emptyHeaders: true,
      },
    })
    expect(left).toEqual(['summed aborted', 'plain aborted', 'deleted'])
  })

  it.each([
    ['takes no part without its checksum', () => errorAnswer(400, 'InvalidRequest')],
    ['answers another checksum', () => answerWith('AAAAAAAAAAA=')],
    ['answers a checksum of checksums', () => answerWith(`${crc64}-1`)],
  ])('does without checksums where the store %s', async (_, part) => {
    const { result, left } = probe({ part, second: taken, complete: taken })
    expect((await result).capabilities).toMatchObject({ ...none, etagIsMd5: true })
    expect(left).toEqual(['summed aborted', 'plain aborted', 'deleted'])
  })

  it.each([
    ['refuses', () => errorAnswer(403, 'SignatureDoesNotMatch')],
    [
      'drops the connection at',
      () => {
        throw new TypeError('fetch failed')
      },
    ],
  ])('does without empty headers where the store %s them', async (_, signed) => {
    const { result, left } = probe({ signed, second: taken, complete: taken })
    expect((await result).capabilities).toMatchObject({ emptyHeaders: false, forbidOverwrite: true })
    expect(left).toContain('deleted')
  })

  it('rejects with the refusal of the store, and removes its object all the same', async () => {
    const { result, left } = probe({ second: taken, complete: () => errorAnswer(403, 'AccessDenied') })
    await expect(result).rejects.toMatchObject({ code: 'AccessDenied' })
    expect(left).toEqual(['summed aborted', 'plain aborted', 'deleted'])
  })
})

function answerWith(sum: string): Response {
  return new Response(null, { headers: { etag: md5, 'x-amz-checksum-crc64nvme': sum } })
}
