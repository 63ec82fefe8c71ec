import { describe, expect, it } from 'vitest'
import { knownStoreAt, knownStores } from './known-stores.js'
import { s3Location } from './s3-location.js'
import { createS3Store } from '../../s3-store.js'

const region = 'us-east-1'

describe('knownStores', () => {
  it.each([
    [undefined, 'Amazon S3'],
    ['https://s3.cn-north-1.amazonaws.com.cn', 'Amazon S3'],
    ['https://0123abc.r2.cloudflarestorage.com', 'Cloudflare R2'],
    ['https://s3.oss-cn-hangzhou.aliyuncs.com', 'Aliyun OSS'],
    ['https://cos.ap-guangzhou.myqcloud.com', 'Tencent COS through its S3 API'],
    ['https://minio.example.com', undefined],
    ['https://amazonaws.com.example.com', undefined],
  ])('knows a store by its address: %s', (endpoint, name) => {
    const location = s3Location({ bucket: 'b', region, ...(endpoint === undefined ? {} : { endpoint }) })
    expect(knownStoreAt(location)?.name).toBe(name)
  })

  it("has the store's own limits count, and what was found out count more", () => {
    const location = s3Location({ bucket: 'b', region, endpoint: 'https://0.r2.cloudflarestorage.com' })
    const credentials = { accessKeyId: 'id', secretAccessKey: 'key' }
    const { capabilities } = createS3Store({
      location,
      credentials,
      capabilities: { forbidOverwrite: false },
    })
    expect(capabilities).toMatchObject({
      equalParts: true,
      maxPutSize: 5_363_466_240,
      forbidOverwrite: false,
      maxParts: 10_000,
    })
  })

  it('names a source for each', () => {
    for (const { source } of knownStores) expect(source).not.toBe('')
  })
})
