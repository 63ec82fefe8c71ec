import { startLocalCos, type LocalCos } from '@carryon/local-cos'
import COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

// Usage in an application's own tests: no options, and nothing else from this folder.
let store: LocalCos
let cos: COS
beforeAll(async () => {
  store = await startLocalCos()
  const { secretId, secretKey, port } = store
  cos = new COS({ SecretId: secretId, SecretKey: secretKey, Protocol: 'http:', Ip: `127.0.0.1:${port}` })
})
beforeEach(() => store.reset())
afterAll(() => store.stop())

describe('a store for the tests of an application', () => {
  const object = (Key: string): { Bucket: string; Region: string; Key: string } => ({
    Bucket: store.bucket,
    Region: store.region,
    Key,
  })

  test('keeps a file that is put', async () => {
    await cos.putObject({ ...object('a.txt'), Body: 'hello' })
    expect((await cos.getObject(object('a.txt'))).Body.toString()).toBe('hello')
  })

  test('has nothing of the test before', async () => {
    const { Contents } = await cos.getBucket({ Bucket: store.bucket, Region: store.region })
    expect(Contents).toEqual([])
  })

  test('is called by the same connections after a reset', async () => {
    for (let turn = 0; turn < 5; turn++) {
      await cos.putObject({ ...object('a.txt'), Body: String(turn) })
      await store.reset()
      await expect(cos.headObject(object('a.txt'))).rejects.toMatchObject({ statusCode: 404 })
    }
  })
})
