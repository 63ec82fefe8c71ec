import { describe, expect, it } from 'vitest'
import { probeStore } from './probe-store.js'
import { s3Location } from './s3/s3-location.js'
import { createS3Store } from './s3/s3-store.js'
import { errorAnswer } from './testing/scripted-fetch.js'

const md5 = '25f9e794323b453885f5181f1b624d0b'

/** A store that answers every call as told, each call by method and query. */
function probe(behaviour: {
  readonly crc64?: string
  readonly second?: () => Response
  readonly complete: () => Response
  readonly etag?: string
}) {
  const left: string[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const { crc64, second, complete, etag = md5 } = behaviour
    if (request.method === 'DELETE') {
      left.push(url.search.includes('uploadId') ? 'aborted' : 'deleted')
      return new Response(null, { status: 204 })
    }
    if (request.method === 'POST') {
      return url.searchParams.has('uploads')
        ? new Response(
            '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
          )
        : complete()
    }
    if (request.headers.has('if-none-match')) return second?.() ?? new Response(null, { headers: { etag } })
    const headers = { etag, ...(crc64 === undefined ? {} : { 'x-amz-checksum-crc64nvme': crc64 }) }
    return new Response(null, { headers })
  }
  const store = createS3Store({
    location: s3Location({ bucket: 'films', region: 'us-east-1' }),
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    fetch,
    retry: { attempts: 1 },
  })
  return { left, result: probeStore(store, 'uploads/', fetch) }
}

const taken = () => errorAnswer(412, 'PreconditionFailed')
const completed = () =>
  new Response('<CompleteMultipartUploadResult><ETag>"x-1"</ETag></CompleteMultipartUploadResult>')

describe('probeStore', () => {
  it('finds everything where everything is there, and removes what it tried', async () => {
    const { result, left } = probe({ crc64: 'rosUhgp5mIg=', second: taken, complete: taken })
    expect(await result).toEqual({
      capabilities: { etagIsMd5: true, forbidOverwrite: true, forbidOverwriteOnComplete: true },
      crc64Nvme: true,
    })
    expect(left).toEqual(['aborted', 'deleted'])
  })

  it('finds conditions that are ignored or not understood, and an ETag that is no MD5', async () => {
    const second = () => errorAnswer(501, 'NotImplemented')
    const { result, left } = probe({ second, complete: completed, etag: 'f'.repeat(32) })
    expect(await result).toEqual({
      capabilities: { etagIsMd5: false, forbidOverwrite: false, forbidOverwriteOnComplete: false },
      crc64Nvme: false,
    })
    expect(left).toEqual(['aborted', 'deleted'])
  })

  it('says what the store refuses, and removes what it tried all the same', async () => {
    const { result, left } = probe({ second: taken, complete: () => errorAnswer(403, 'AccessDenied') })
    await expect(result).rejects.toMatchObject({ code: 'AccessDenied' })
    expect(left).toEqual(['aborted', 'deleted'])
  })
})
