import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest
beforeAll(async () => {
  api = await startApi()
})
afterAll(async () => {
  await api.close()
})

/** The store's response when a file of that type is opened in the browser. */
async function opened(type: string) {
  const caller = new Caller(api)
  const file = new SampleFile(type, { size: 50 })
  const { body } = await caller.open({ ...file.singleRequest, type })
  await file.put(body)
  await caller.complete(body.upload.id, await file.singleCompleteRequest())
  const answer = await caller.get(`/api/uploads/${body.upload.id}/object?inline=1`)
  const shown = await fetch(answer.headers.get('location') ?? '')
  await shown.body?.cancel()
  return {
    type: shown.headers.get('content-type'),
    disposition: shown.headers.get('content-disposition')?.split(';', 1)[0],
  }
}

test.each(['image/png', 'video/mp4', 'audio/mpeg', 'application/pdf'])(
  '%s is shown as what it is',
  async (type) => {
    expect(await opened(type)).toEqual({ type, disposition: 'inline' })
  },
)

test.each(['text/plain', 'text/csv', 'application/json', 'text/plain;charset=gbk'])(
  '%s is shown as text, and nothing else',
  async (type) => {
    expect(await opened(type)).toEqual({ type: 'text/plain; charset=utf-8', disposition: 'inline' })
  },
)

test.each([
  'text/html',
  'TEXT/HTML',
  'application/xhtml+xml',
  'image/svg+xml',
  'application/xml',
  'text/xml',
  'text/xsl',
  'video/x+xml',
  'text/javascript',
  'multipart/x-mixed-replace',
  '',
])('%j is downloaded, never opened where it could act as a page', async (type) => {
  expect((await opened(type)).disposition).toBe('attachment')
})
