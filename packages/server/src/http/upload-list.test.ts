import { expect, test } from 'vitest'
import { TestFile } from '../testing/test-file.js'
import { startTestServer } from '../testing/test-server.js'
import type { UploadView } from '../uploads/upload-view.js'

test('a list leaves out how each upload was cut, and the upload itself tells it', async () => {
  const setup = await startTestServer()
  try {
    const file = new TestFile(7, 100)
    const { upload } = (await setup.api.open({ ...file.request, grows: true })).body
    await file.send(setup.store, upload, [1])
    const partRuns = [{ after: 0, partSize: upload.partSize }]
    expect((await setup.api.complete(upload.id, { ...file.completeRequest, partRuns })).status).toBe(200)
    const { uploads } = (await setup.api.call<{ uploads: object[] }>('GET', '/api/uploads?state=done')).body
    const shown = (await setup.api.call<{ upload: UploadView }>('GET', `/api/uploads/${upload.id}`)).body
      .upload
    expect(shown.partRuns).toEqual(partRuns)
    expect(uploads).toMatchObject([{ id: upload.id, partCount: 1, state: 'done' }])
    expect(Object.keys(uploads[0] ?? {})).toEqual(Object.keys(shown).filter((name) => name !== 'partRuns'))
  } finally {
    await setup.close()
  }
})

test('a page of a list is short whatever names are in it, and the cursor brings the others', async () => {
  const setup = await startTestServer()
  try {
    const count = 60
    for (let number = 0; number < count; number += 1) {
      const { request } = new TestFile(number, 10)
      const name = `${'影'.repeat(250)}${number}`
      expect((await setup.api.open({ ...request, name })).status).toBe(201)
    }
    const ids = new Set<string>()
    let cursor: string | null = null
    let pages = 0
    do {
      const query: string = `state=open&limit=200${cursor === null ? '' : `&cursor=${cursor}`}`
      const { body }: { body: { uploads: UploadView[]; next: string | null } } = await setup.api.call(
        'GET',
        `/api/uploads?${query}`,
      )
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(64_000)
      for (const { id } of body.uploads) ids.add(id)
      cursor = body.next
      pages += 1
    } while (cursor !== null)
    expect(ids.size).toBe(count)
    expect(pages).toBeGreaterThan(1)
  } finally {
    await setup.close()
  }
})
