import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpenedBody, ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { UploadView } from '../uploads/upload-view.js'

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer()
})
afterEach(async () => {
  await setup.close()
})

interface Batch {
  readonly opened: readonly { readonly status: number; readonly body: OpenedBody & ProblemBody }[]
  readonly completed: readonly {
    readonly status: number
    readonly body: { readonly upload: UploadView } & ProblemBody
  }[]
}

const file = (fill: number) => new TestFile(fill, 1_000)
const openOf = (one: TestFile) => ({ ...one.request, md5: one.md5 })
const requestOf = (id: string, { size, completeRequest: { crc64 } }: TestFile) => ({ id, size, crc64 })
const batch = async (body: object) => setup.api.call<Batch & ProblemBody>('POST', '/api/uploads/batch', body)
const objects = () => [...setup.store.objects.values()].map((object) => object[0])

/** Opens the files and stores them as a browser does. */
async function sent(...files: readonly TestFile[]): Promise<readonly string[]> {
  const { body } = await batch({ open: files.map(openOf) })
  for (const [index, { content }] of files.entries()) {
    await setup.store.putObject(body.opened[index]?.body.upload.key ?? '', content)
  }
  return body.opened.map(({ body: { upload } }) => upload.id)
}

describe('a batch', () => {
  test('answers each open and each complete in its place, as it would be on its own', async () => {
    const files = [file(1), file(2)]
    const ids = await sent(...files)
    const { status, body } = await batch({
      open: [openOf(file(3)), openOf(file(4))],
      complete: files.map((one, index) => requestOf(ids[index] ?? '', one)),
    })
    expect(status).toBe(200)
    expect(
      body.opened.map(({ status: own, body: { upload, access } }) => [own, upload.identity, access.mode]),
    ).toEqual([
      [201, file(3).identity, 'put'],
      [201, file(4).identity, 'put'],
    ])
    expect(body.completed).toMatchObject(
      files.map((one, index) => ({
        status: 200,
        body: { upload: { id: ids[index], state: 'done', crc64: one.completeRequest.crc64 } },
      })),
    )
  })

  test('refuses one item and answers the others', async () => {
    const [first = '', second = ''] = await sent(file(1), file(2))
    const { body } = await batch({
      open: [openOf(file(1))],
      complete: [
        requestOf('nobody', file(1)),
        { ...requestOf(first, file(1)), crc64: '1' },
        requestOf(second, file(2)),
      ],
    })
    expect(body.completed.map(({ status, body: { code } }) => [status, code])).toEqual([
      [404, 'not-found'],
      [409, 'checksum-mismatch'],
      [200, undefined],
    ])
    expect(objects()).toEqual([2])
  })

  test('asked again after its answer was lost changes nothing and makes nothing twice', async () => {
    const files = [file(1), file(2), file(3)]
    const ids = await sent(...files)
    const body = {
      open: [openOf(file(4)), openOf(file(4))],
      complete: files.map((one, index) => requestOf(ids[index] ?? '', one)),
    }
    const first = await batch(body)
    const again = await batch(body)
    expect(again.body.completed).toEqual(first.body.completed)
    expect(
      new Set([...first.body.opened, ...again.body.opened].map(({ body: own }) => own.upload.id)).size,
    ).toBe(1)
    expect(objects()).toEqual([1, 2, 3])
  })

  test('says what the store failed at for that item only', async () => {
    const ids = await sent(file(1), file(2))
    setup.store.loseAnswer('headObject')
    const { body } = await batch({
      complete: [file(1), file(2)].map((one, index) => requestOf(ids[index] ?? '', one)),
    })
    expect(body.completed.map(({ status }) => status)).toEqual([503, 200])
  })

  test.each([
    ['a large file', { open: [{ ...openOf(file(1)), size: 9 * 2 ** 20 }] }, 'open.0.size'],
    ['a file without MD5', { open: [file(1).request] }, 'open.0.md5'],
    ['more than fifty', { open: Array.from({ length: 51 }, () => openOf(file(1))) }, 'open'],
  ])('of %s is refused as a whole', async (_, body, path) => {
    const answer = await batch(body)
    expect(answer.status).toBe(400)
    expect(answer.body.problems?.map((problem) => problem.path)).toEqual([path])
  })

  test("finds nothing of another owner's", async () => {
    const [id = ''] = await sent(file(1))
    const answer = await setup.server.fetch(
      new Request('http://app.test/api/uploads/batch', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-owner': 'bert' },
        body: JSON.stringify({ complete: [requestOf(id, file(1))] }),
      }),
    )
    expect(await answer.json()).toMatchObject({ completed: [{ status: 404 }] })
  })
})
