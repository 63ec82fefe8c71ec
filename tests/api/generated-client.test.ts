import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OpenAPIClientAxios, type Document, type OpenAPIClient } from 'openapi-client-axios'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../../scripts/workspace.mjs'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { SampleFile } from './support/sample-file.js'

/** A client generated only from docs/openapi.json: all names of calls, paths and parameters come from there. */
let api: ApiUnderTest
let client: OpenAPIClient
beforeAll(async () => {
  api = await startApi({ authorize: () => ({ owner: 'anna' }) })
  const definition = JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8')) as Document
  client = await new OpenAPIClientAxios({ definition, withServer: { url: api.url } }).init()
})
afterAll(() => api.close())

/** @throws TypeError for a call that is not in the document */
async function call(name: string, parameters: object | null = null, body?: unknown): Promise<Answer> {
  const operation = client[name] as ((...request: unknown[]) => Promise<Answer>) | undefined
  if (operation === undefined) throw new TypeError(`There is no ${name}.`)
  return operation(parameters, body, { validateStatus: () => true })
}

interface Answer {
  readonly status: number
  readonly data: Record<string, unknown>
}

test('a client made from the description uploads a file, finds it and removes it', async () => {
  const file = new SampleFile('generated')
  const opened = await call('openUpload', null, file.request)
  expect(opened.status).toBe(201)
  const { upload } = opened.data as { upload: { id: string; key: string } }
  await file.send(opened.data as unknown as Parameters<SampleFile['send']>[0])
  const { id } = upload
  const parts = await call('listParts', { id })
  expect([parts.status, parts.data['parts']]).toMatchObject([200, { length: expect.any(Number) as number }])
  expect((await call('renewAccess', { id }, {})).status).toBe(200)
  const done = await call('completeUpload', { id }, await file.completeRequest())
  expect([done.status, done.data]).toMatchObject([200, { upload: { id, key: upload.key } }])

  expect((await call('getUpload', { id })).data).toMatchObject({ upload: { id, state: 'done' } })
  expect((await call('listUploads', { state: 'done' })).data['uploads']).toMatchObject([{ id }])
  expect((await call('getReceipt', { id })).status).toBe(200)
  expect((await call('renameUpload', { id }, { name: 'other.mp4' })).status).toBe(200)
  expect((await call('createLink', { id }, { expiresIn: 60 })).data['url']).toMatch(/^https?:|^\//)
  expect((await call('getLimits')).status).toBe(200)
  expect((await call('removeObject', { id })).status).toBe(204)
  expect((await call('getUpload', { id })).data).toMatchObject({ upload: { state: 'cancelled', url: null } })
})

test('a call that is refused is answered as the description says', async () => {
  const refused = await call('cancelUpload', { id: 'nobody' })
  expect([refused.status, refused.data]).toMatchObject([404, { code: 'not-found', status: 404 }])
})
