import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { crc64Of } from '@carryon/testing'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { UploadView } from '../uploads/upload-view.js'

const MiB = 2 ** 20

describe('an upload whose parts grow', () => {
  const content = Buffer.alloc(16 * MiB + 7, 5)
  const request = {
    identity: '1:runs',
    name: 'a.bin',
    size: content.length,
    type: '',
    partSize: MiB,
    grows: true,
  }
  const partRuns = [
    { after: 0, partSize: MiB },
    { after: 4, partSize: 2 * MiB },
  ]
  const cuts = [0, 1, 2, 3, 4, 6, 8, 10, 12, 14, 16].map((at) => at * MiB)
  const parts = cuts.map((start, index) => content.subarray(start, cuts[index + 1] ?? content.length))
  const etagOf = (part: Uint8Array) => createHash('md5').update(part).digest('hex')
  const completeRequest = {
    size: content.length,
    crc64: crc64Of(content),
    etags: parts.map(etagOf),
    partRuns,
  }
  let setup: TestServer
  beforeEach(async () => {
    setup = await startTestServer()
  })
  afterEach(() => setup.close())
  const open = async () => (await setup.api.open(request)).body.upload
  const send = async ({ key, uploadId }: UploadView, partNumbers: readonly number[]) => {
    for (const partNumber of partNumbers) {
      const part = parts[partNumber - 1] ?? Buffer.from('beyond the plan')
      await setup.store.uploadPart({ key, uploadId: uploadId ?? '', partNumber }, part)
    }
  }
  const all = parts.map((_, index) => index + 1)

  test('is undecided until parts are stored, and then answered to every open', async () => {
    const upload = await open()
    expect(upload).toMatchObject({ partCount: 17, grows: true, partRuns: partRuns.slice(0, 1) })
    await send(upload, [1, 2, 6])
    expect(await open()).toMatchObject({ id: upload.id, partCount: 11, grows: true, partRuns })
  })

  test('is completed as it was cut, and recorded so', async () => {
    const upload = await open()
    await send(upload, all)
    const { status, body } = await setup.api.complete(upload.id, completeRequest)
    expect(status).toBe(200)
    expect(body.upload).toMatchObject({ partCount: 11, partRuns })
    expect(setup.store.objects.get(upload.key)?.equals(content)).toBe(true)
    const found = await setup.api.call<{ duplicates: { upload: UploadView }[] }>('POST', '/api/uploads', {
      ...request,
      unlessDone: true,
    })
    expect(found.body.duplicates[0]?.upload.partRuns).toEqual(partRuns)
  })

  test('with a part too many goes back to a plan that has a number for it', async () => {
    const upload = await open()
    await send(upload, [...all, 15])
    const differs = await setup.api.complete(upload.id, completeRequest)
    expect(differs).toMatchObject({ status: 409, body: { code: 'parts-mismatch', partNumbers: [15] } })
    const again = await open()
    expect(again.id).toBe(upload.id)
    expect(again.partCount).toBeGreaterThanOrEqual(15)
  })

  test.each([
    ['sizes that change within a group', [...partRuns.slice(0, 1), { after: 5, partSize: 2 * MiB }]],
    ['first parts of another size', [{ after: 0, partSize: 2 * MiB }]],
    ['parts smaller than the first', [...partRuns.slice(0, 1), { after: 4, partSize: MiB / 2 }]],
    ['parts larger than any may be', [...partRuns.slice(0, 1), { after: 4, partSize: 65 * MiB }]],
    ['no beginning', [{ after: 4, partSize: 2 * MiB }]],
    ['no order', [...partRuns, { after: 4, partSize: 3 * MiB }]],
  ])('refuses a request of %s with a message, and stays open', async (_, wrong) => {
    const upload = await open()
    await send(upload, all)
    const { status, body } = await setup.api.complete(upload.id, { ...completeRequest, partRuns: wrong })
    expect({ status, body }).toMatchObject({ status: 400, body: { problems: [{ path: 'partRuns' }] } })
    expect((await setup.api.complete(upload.id, completeRequest)).status).toBe(200)
  })

  test('uses the part runs of the request', async () => {
    const upload = await open()
    await send(upload, all)
    const equal = { ...completeRequest, partRuns: undefined, etags: Array.from({ length: 17 }, () => 'x') }
    expect(await setup.api.complete(upload.id, equal)).toMatchObject({
      status: 409,
      body: { code: 'parts-mismatch' },
    })
    expect((await setup.api.complete(upload.id, completeRequest)).status).toBe(200)
  })

  test('is for clients that say so: others get equal parts', async () => {
    const { upload } = (await setup.api.open({ ...request, grows: undefined })).body
    expect(upload).toMatchObject({ partCount: 17, grows: false, partRuns: null })
    expect((await setup.api.complete(upload.id, completeRequest)).status).toBe(400)
  })
})
