import { describe, expect, it } from 'vitest'
import { cosCompat, type CosCompatOptions } from './cos-compat.js'

const given: CosCompatOptions = {
  Bucket: 'b-1250000000',
  Region: 'ap-guangzhou',
  getAuthorization: ({ Key }, callback) => callback({ TmpSecretId: Key }),
}
const { signal } = new AbortController()

function credentialsOf(options: CosCompatOptions): unknown {
  const { getCredentials } = cosCompat(options)
  return typeof getCredentials === 'function' ? getCredentials({ key: 'a', signal }) : undefined
}

describe('options of cos-js-sdk-v5', () => {
  it.each([
    [{}, 'https://b-1250000000.cos.ap-guangzhou.myqcloud.com'],
    [{ UseAccelerate: true }, 'https://b-1250000000.cos.accelerate.myqcloud.com'],
    [{ Protocol: 'http:' }, 'http://b-1250000000.cos.ap-guangzhou.myqcloud.com'],
    [
      { Domain: '{Bucket}.cos.{Region}.tencentcos.cn' },
      'https://b-1250000000.cos.ap-guangzhou.tencentcos.cn',
    ],
    [{ Domain: 'https://upload.example.com' }, 'https://upload.example.com'],
  ] as const)('lead to the same address: %j', (more, endpoint) => {
    expect(cosCompat({ ...given, ...more })).toMatchObject({
      bucket: 'b-1250000000',
      region: 'ap-guangzhou',
      endpoint,
    })
  })

  it('have the credentials that the callback gets', async () => {
    expect(await credentialsOf(given)).toEqual({ TmpSecretId: 'a' })
  })

  it.each(['q-sign-algorithm=sha1', { Authorization: 'q-sign-algorithm=sha1' }])(
    'are refused where the callback gets a signature: %j',
    async (answer) => {
      const options: CosCompatOptions = { ...given, getAuthorization: (_, callback) => callback(answer) }
      await expect(credentialsOf(options)).rejects.toThrow('temporary credentials are needed')
    },
  )

  it.each([undefined, null])('leave it to be said what is wrong with %j', async (answer) => {
    const getAuthorization = (_: object, callback: (credentials: object) => void) =>
      callback(answer as unknown as object)
    await expect(credentialsOf({ ...given, getAuthorization })).resolves.toBe(answer)
  })

  it.each([
    ['ChunkSize', 'partSize'],
    ['FileParallelLimit', 'filesAtOnce'],
    ['Key', 'keyPrefix'],
    ['SecretKey', 'never be in a page'],
    ['Whatever', 'see stsBackend'],
  ])('that mean something else are refused: %s', (name, words) => {
    expect(() => cosCompat({ ...given, [name]: 1 })).toThrow(words)
  })

  it('need getAuthorization', () => {
    const { Bucket, Region } = given
    expect(() => cosCompat({ Bucket, Region } as CosCompatOptions)).toThrow('"getAuthorization"')
  })
})
