import { StoreError } from '@carryon/object-store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApiClient, type ProblemBody } from '../testing/api-client.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { problemOfError } from './problem-of-error.js'

let setup: TestServer
beforeEach(async () => {
  setup = await startTestServer({ maxBytes: 2 ** 21, limits: { openPerOwner: 1, openPerAddress: 2 } })
})
afterEach(async () => {
  await setup.close()
})

const detailOf = async (method: string, path: string, body?: unknown) =>
  (await setup.api.call<ProblemBody>(method, path, body)).body.detail
const file = new TestFile(1)

test('an unknown upload: look at the list, or open it anew', async () => {
  expect(await detailOf('GET', '/api/uploads/nobody')).toMatch(
    /no upload .*GET \/api\/uploads.*open a new one/u,
  )
})

test('a finished upload: it is there, under its URL', async () => {
  const { upload } = (await setup.api.open(file.request)).body
  await file.send(setup.store, upload)
  await setup.api.complete(upload.id, file.completeRequest)
  for (const [method, path, body] of [
    ['DELETE', '', undefined],
    ['GET', '/parts', undefined],
    ['POST', '/access', {}],
  ] as const) {
    expect(await detailOf(method, `/api/uploads/${upload.id}${path}`, body)).toMatch(/finished.*"url"/u)
  }
})

test('an upload without an object: complete it first', async () => {
  const { upload } = (await setup.api.open(file.request)).body
  const path = `/api/uploads/${upload.id}`
  expect(await detailOf('GET', `${path}/object`)).toMatch(/POST .*\/complete/u)
  expect(await detailOf('POST', `${path}/link`, {})).toMatch(/POST .*\/complete/u)
})

test('a cursor of no list: take next, or leave it out', async () => {
  expect(await detailOf('GET', '/api/uploads?cursor=%2B')).toMatch(/"next".*leave it out/u)
})

test('a file that is too large: how large it may be, and who can change that', async () => {
  const detail = await detailOf('POST', '/api/uploads', { ...file.request, size: 2 ** 22 })
  expect(detail).toMatch(/4194304 bytes.*2097152.*smaller files.*UPLOAD_MAX_BYTES/u)
})

test('a full store: retried until there is space', () => {
  const error = new StoreError('full', { code: 'InsufficientStorage', status: 507, requestId: '' })
  expect(problemOfError(error).message).toMatch(/no room.*kept.*made room/u)
})

test('too many unfinished uploads: wait, end some, or have the limit raised', async () => {
  const env = { incoming: { socket: { remoteAddress: '192.0.2.1' } } }
  const openAs = async (owner: string, fill: number) => {
    const client = new ApiClient(
      { fetch: (request) => setup.server.fetch(request, env) },
      { 'x-owner': owner },
    )
    return (await client.open(new TestFile(fill).request)).body as unknown as ProblemBody
  }
  await openAs('anna', 1)
  expect((await openAs('anna', 2)).detail).toMatch(/finished or cancelled.*LIMIT_OPEN_PER_OWNER/u)
  await openAs('bert', 1)
  expect((await openAs('carl', 1)).detail).toMatch(/Your network.*LIMIT_OPEN_PER_ADDRESS/u)
})
