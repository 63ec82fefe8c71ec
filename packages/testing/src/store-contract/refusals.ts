import { expect, it } from 'vitest'
import { StoreClock, StoreError } from '@carryon/object-store'
import { bytes } from './content.js'
import type { ContractContext } from './contract.js'

const hours = 3_600_000

export function refusals(current: () => ContractContext): void {
  it('name their code, status and request', async () => {
    const { store } = current()
    const error: unknown = await store.getObject('refusals/nothing').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'NoSuchKey', status: 404, retryable: false })
    expect(error).toHaveProperty('requestId', expect.stringMatching(/\S/))
    expect(error).toHaveProperty('message', expect.stringContaining('GetObject of "refusals/nothing"'))
  })

  it('meet a wrong secret, and the secret is not in them', async () => {
    const { subject } = current()
    const credentials = { accessKeyId: 'AKIDnobody', secretAccessKey: 'not-the-secret' }
    const stranger = subject.open({ credentials })
    const error: unknown = await stranger
      .putObject('refusals/a', bytes(1, 1))
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ status: 403, retryable: false })
    expect(JSON.stringify(error) + String(error)).not.toContain('not-the-secret')
    await expect(stranger.headBucket()).rejects.toMatchObject({ status: 403 })
    await expect(stranger.headObject('refusals/a')).rejects.toMatchObject({ status: 403 })
  })

  it.each([-9 * hours, 9 * hours])('do not meet a clock that is wrong by %d ms', async (error) => {
    const { subject } = current()
    const store = subject.open({ clock: new StoreClock(() => Date.now() + error) })
    await store.putObject('refusals/clock', bytes(1, 1))
    expect(await store.headObject('refusals/clock')).toMatchObject({ size: 1 })
    const first = subject.open({ clock: new StoreClock(() => Date.now() + error) })
    expect(await first.headObject('refusals/clock')).toMatchObject({ size: 1 })
    await first.deleteObject('refusals/clock')
  })

  it('come as NetworkError when nobody answers', async () => {
    const { subject, store } = current()
    const location = { ...store.location, baseUrl: 'http://127.0.0.1:1/bucket' }
    const away = subject.open({ location, retry: { firstDelay: 1 } })
    await expect(away.headBucket()).rejects.toMatchObject({
      code: 'NetworkError',
      status: 0,
      retryable: true,
    })
  })

  it('meet a bucket that does not exist, and none does one that does', async () => {
    const { subject, store } = current()
    await expect(store.headBucket()).resolves.toBeUndefined()
    const { bucket, baseUrl } = store.location
    const location = {
      ...store.location,
      baseUrl: baseUrl.replace(bucket, `no-${bucket}`),
      bucket: `no-${bucket}`,
    }
    await expect(subject.open({ location }).headBucket()).rejects.toMatchObject({ status: 404 })
  })

  it('end with the reason of the caller who aborted', async () => {
    const { store } = current()
    const { uploadId } = await store.createMultipartUpload('refusals/abort')
    const signal = AbortSignal.abort(new Error('paused'))
    const part = { key: 'refusals/abort', uploadId, partNumber: 1 }
    await expect(store.uploadPart(part, bytes(1000, 1), signal)).rejects.toThrow('paused')
    expect(await store.listParts(part.key, uploadId)).toEqual([])
    await store.abortMultipartUpload(part.key, uploadId)
  })
}
