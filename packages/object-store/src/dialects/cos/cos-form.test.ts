import { describe, expect, it } from 'vitest'
import { StoreClock } from '../../store-clock.js'
import { scriptedStore } from '../../testing/scripted-store.js'
import { CosSigner } from './cos-signature.js'

const now = 1_700_000_000
const clock = new StoreClock(() => now * 1000)
const request = {
  key: 'uploads/视频 (1).mp4',
  size: 200_000,
  headers: { contentMd5: 'mQ/fVh815F3k6TAUm8m0eg==', contentType: 'video/mp4' },
  expiresIn: 900,
}

describe('a signed form', () => {
  it('has the signature of COS 436/14690', async () => {
    const policy = [
      '{',
      '    "expiration": "2019-08-30T09:38:12.414Z",',
      '    "conditions": [',
      '        { "acl": "default" },',
      '        { "bucket": "examplebucket-1250000000" },',
      '        [ "starts-with", "$key", "folder/subfolder/" ],',
      '        [ "starts-with", "$Content-Type", "image/" ],',
      '        [ "starts-with", "$success_action_redirect", "https://my.website/" ],',
      '        [ "eq", "$x-cos-server-side-encryption", "AES256" ],',
      '        { "q-sign-algorithm": "sha1" },',
      '        { "q-ak": "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q" },',
      '        { "q-sign-time": "1567150692;1567157892" }',
      '    ]',
      '}',
    ].join('\n')
    const signer = new CosSigner('AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q', 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz')
    expect(await signer.signPolicy(policy, '1567150692;1567157892')).toBe(
      '7758dc9a832e9d301dca704cacbf9d9f8172fdef',
    )
  })

  it('names in its policy every field, the bucket and the one length that is taken', async () => {
    const { store } = scriptedStore([], { clock })
    const { url, fields } = await store.presignForm(request)
    const { policy = '', 'q-signature': signature = '', 'q-key-time': keyTime = '', ...rest } = fields
    expect(url).toBe('https://b-1250000000.cos.ap-guangzhou.myqcloud.com/')
    expect(rest).toEqual({
      key: request.key,
      'Cache-Control': '',
      'Content-Encoding': '',
      'Content-Language': '',
      Expires: '',
      'Content-Type': 'video/mp4',
      'Content-MD5': request.headers.contentMd5,
      'q-sign-algorithm': 'sha1',
      'q-ak': 'AKID',
    })
    const text = Buffer.from(policy, 'base64').toString()
    expect(JSON.parse(text)).toEqual({
      expiration: '2023-11-14T22:28:20.000Z',
      conditions: [
        { bucket: 'b-1250000000' },
        ['eq', '$key', request.key],
        ['eq', '$Cache-Control', ''],
        ['eq', '$Content-Encoding', ''],
        ['eq', '$Content-Language', ''],
        ['eq', '$Expires', ''],
        ['eq', '$Content-Type', 'video/mp4'],
        ['eq', '$Content-MD5', request.headers.contentMd5],
        ['content-length-range', 200_000, 200_000],
        { 'q-sign-algorithm': 'sha1' },
        { 'q-ak': 'AKID' },
        { 'q-sign-time': keyTime },
      ],
    })
    expect(keyTime).toBe('1699999700;1700000900')
    expect(await new CosSigner('AKID', 'secret').signPolicy(text, keyTime)).toBe(signature)
  })

  it('carries the token of temporary credentials, and its policy names it', async () => {
    const credentials = { accessKeyId: 'AKID', secretAccessKey: 's', sessionToken: 'a+b/c=' }
    const { store } = scriptedStore([], { clock, credentials })
    const { fields } = await store.presignForm(request)
    expect(fields['x-cos-security-token']).toBe('a+b/c=')
    expect(atob(fields['policy'] ?? '')).toContain('["eq","$x-cos-security-token","a+b/c="]')
  })
})
