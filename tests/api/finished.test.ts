import { createUploader } from '@carryon/client'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'

let api: ApiUnderTest | undefined
afterEach(async () => {
  await api?.close()
  api = undefined
})

test('a finished upload is renamed and removed by its owner, and the store has nothing of it then', async () => {
  const running = (api = await startApi({ authorize: () => ({ owner: 'anna' }) }))
  const uploader = createUploader({ backend: `${running.url}/api` })
  onTestFinished(() => uploader.close())
  const names = async () => (await uploader.finished()).uploads.map(({ name }) => name)
  for (const bytes of [100, 9 * 2 ** 20]) {
    const { id, key } = await uploader.upload(new File([Buffer.alloc(bytes, 3)], 'a.bin')).done
    expect(await uploader.renameFinished(id, 'b.bin')).toMatchObject({ id, name: 'b.bin', size: bytes })
    expect(await names()).toEqual(['b.bin'])
    expect((await uploader.limits())?.used.totalBytes).toBe(bytes)
    await uploader.removeFinished(id)
    await uploader.removeFinished(id)
    expect(await names()).toEqual([])
    expect((await uploader.limits())?.used.totalBytes).toBe(0)
    const { url } = await running.store.presign({ method: 'HEAD', key, expiresIn: 60 })
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(404)
    await expect(uploader.renameFinished(id, 'c.bin')).rejects.toMatchObject({ code: 'upload-gone' })
  }
})
