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
    expect((await setup.api.complete(upload.id, { ...file.claim, partRuns })).status).toBe(200)
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
