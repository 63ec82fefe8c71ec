import { describe, expect, it } from 'vitest'
import { sign, signPolicy } from './signature.js'

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

describe('the signature of a form', () => {
  it("is that of the document's example", () => {
    const policy =
      'ewogICAgImV4cGlyYXRpb24iOiAiMjAxOS0wOC0zMFQwOTozODoxMi40MTRaIiwKICAgICJjb25kaXRpb25zIjogWwogICAgICAgIHsgImFjbCI6ICJkZWZhdWx0IiB9LAogICAgICAgIHsgImJ1Y2tldCI6ICJleGFtcGxlYnVja2V0LTEyNTAwMDAwMDAiIH0sCiAgICAgICAgWyAic3RhcnRzLXdpdGgiLCAiJGtleSIsICJmb2xkZXIvc3ViZm9sZGVyLyIgXSwKICAgICAgICBbICJzdGFydHMtd2l0aCIsICIkQ29udGVudC1UeXBlIiwgImltYWdlLyIgXSwKICAgICAgICBbICJzdGFydHMtd2l0aCIsICIkc3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiLCAiaHR0cHM6Ly9teS53ZWJzaXRlLyIgXSwKICAgICAgICBbICJlcSIsICIkeC1jb3Mtc2VydmVyLXNpZGUtZW5jcnlwdGlvbiIsICJBRVMyNTYiIF0sCiAgICAgICAgeyAicS1zaWduLWFsZ29yaXRobSI6ICJzaGExIiB9LAogICAgICAgIHsgInEtYWsiOiAiQUtJRFFqejNsdG9tcFZqQm5pNUxpdGtXSEZsRnB3a245VTVxIiB9LAogICAgICAgIHsgInEtc2lnbi10aW1lIjogIjE1NjcxNTA2OTI7MTU2NzE1Nzg5MiIgfQogICAgXQp9'
    expect(signPolicy(Buffer.from(policy, 'base64'), '1567150692;1567157892', secretKey)).toEqual({
      stringToSign: 'd5d903b8360468bc81c1311f134989bc8c8b5b89',
      signature: '7758dc9a832e9d301dca704cacbf9d9f8172fdef',
    })
  })
})
