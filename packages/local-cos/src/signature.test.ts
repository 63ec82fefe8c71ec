import { describe, expect, it } from 'vitest'
import { sign } from './signature.js'

const secretKey = 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz'
const host = ['Host', 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'] as const

describe('the request signature', () => {
  it("is that of the document's PUT example", () => {
    const { signature } = sign(
      {
        method: 'PUT',
        path: '/exampleobject(腾讯云)',
        parameters: [],
        headers: [
          ['Date', 'Thu, 16 May 2019 06:45:51 GMT'],
          host,
          ['Content-Type', 'text/plain'],
          ['Content-Length', '13'],
          ['Content-MD5', 'mQ/fVh815F3k6TAUm8m0eg=='],
          ['x-cos-acl', 'private'],
          ['x-cos-grant-read', 'uin="100000000011"'],
        ],
        keyTime: '1557989151;1557996351',
      },
      secretKey,
    )
    expect(signature).toBe('3b8851a11a569213c17ba8fa7dcf2abec6935172')
  })

  it("is that of the document's GET example", () => {
    const { signature } = sign(
      {
        method: 'GET',
        path: '/exampleobject(腾讯云)',
        parameters: [
          ['response-content-type', 'application/octet-stream'],
          ['response-cache-control', 'max-age=600'],
        ],
        headers: [['Date', 'Thu, 16 May 2019 06:55:53 GMT'], host],
        keyTime: '1557989753;1557996953',
      },
      secretKey,
    )
    expect(signature).toBe('01681b8c9d798a678e43b685a9f1bba0f6c0e012')
  })

  it('encodes what encodeURIComponent leaves alone', () => {
    const { signature } = sign(
      {
        method: 'PUT',
        path: "/dir/中 a+b!(*)'.bin",
        parameters: [
          ['partNumber', '1'],
          ['uploadId', '170000000000abc'],
        ],
        headers: [
          ['Host', 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com'],
          ['Content-Length', '1048576'],
        ],
        keyTime: '1700000000;1700000900',
      },
      'SK',
    )
    expect(signature).toBe('b0dcf2802ead7d697e622fadb2241e732b260d48')
  })
})
