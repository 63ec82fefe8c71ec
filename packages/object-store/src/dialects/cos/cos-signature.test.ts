import { describe, expect, it } from 'vitest'
import { CosSigner, authorizationHeader } from './cos-signature.js'
import type { CosSignable } from './cos-signature.js'

async function signatureOf(secretKey: string, request: CosSignable): Promise<string> {
  const fields = await new CosSigner('AKID', secretKey).sign(request)
  return fields['q-signature']
}

describe('CosSigner', () => {
  const documentKey = 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz'
  const host = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'

  it('signs the upload of COS 436/7778', async () => {
    const signature = await signatureOf(documentKey, {
      method: 'PUT',
      path: '/exampleobject(腾讯云)',
      query: {},
      headers: {
        Date: 'Thu, 16 May 2019 06:45:51 GMT',
        Host: host,
        'Content-Type': 'text/plain',
        'Content-Length': '13',
        'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==',
        'x-cos-acl': 'private',
        'x-cos-grant-read': 'uin="100000000011"',
      },
      window: { start: 1557989151, end: 1557996351 },
    })
    expect(signature).toBe('3b8851a11a569213c17ba8fa7dcf2abec6935172')
  })

  it('signs the download of COS 436/7778', async () => {
    const signature = await signatureOf(documentKey, {
      method: 'GET',
      path: '/exampleobject(腾讯云)',
      query: {
        'response-content-type': 'application/octet-stream',
        'response-cache-control': 'max-age=600',
      },
      headers: { Date: 'Thu, 16 May 2019 06:55:53 GMT', Host: host },
      window: { start: 1557989753, end: 1557996953 },
    })
    expect(signature).toBe('01681b8c9d798a678e43b685a9f1bba0f6c0e012')
  })

  it('signs a part of a key with reserved characters', async () => {
    const fields = await new CosSigner('ID', 'SK').sign({
      method: 'PUT',
      path: "/dir/中 a+b!(*)'.bin",
      query: { partNumber: '1', uploadId: '170000000000abc' },
      headers: {
        host: 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com',
        'content-length': '1048576',
      },
      window: { start: 1700000000, end: 1700000900 },
    })
    expect(authorizationHeader(fields)).toBe(
      'q-sign-algorithm=sha1&q-ak=ID&q-sign-time=1700000000;1700000900&q-key-time=1700000000;1700000900' +
        '&q-header-list=content-length;host&q-url-param-list=partnumber;uploadid' +
        '&q-signature=b0dcf2802ead7d697e622fadb2241e732b260d48',
    )
  })

  it('derives anew when the window changes, and again when it changes back', async () => {
    const signer = new CosSigner('AKID', 'SK')
    const request = { method: 'GET', path: '/a', query: {}, headers: {} }
    const sign = async (start: number): Promise<string> =>
      (await signer.sign({ ...request, window: { start, end: start + 900 } }))['q-signature']
    const first = await sign(1)
    expect(await sign(2)).not.toBe(first)
    expect(await sign(1)).toBe(first)
  })
})
