import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { Caller } from './support/caller.js'
import { SampleFile } from './support/sample-file.js'

let api: ApiUnderTest
let caller: Caller
beforeEach(async () => {
  api = await startApi()
  caller = new Caller(api)
})
afterEach(() => api.close())

const recording = 'video/webm;codecs=vp8,opus'
const stored = 'video/webm;codecs="vp8,opus"'

/** Media type and file name with which the finished upload is downloaded. */
async function downloaded(id: string) {
  const { headers } = await caller.get(`/api/uploads/${id}/object`)
  const answer = await fetch(headers.get('location') ?? '')
  await answer.arrayBuffer()
  return {
    type: answer.headers.get('content-type'),
    disposition: answer.headers.get('content-disposition') ?? '',
  }
}

test.each(['put', 'form', 'parts'] as const)(
  'the codecs of a recording come back, sent as %s',
  async (method) => {
    const file = new SampleFile(method, { name: '👨\u200d👩\u200d👧.webm' })
    const request = { ...(method === 'parts' ? file.request : file.singleRequest), type: recording }
    const opened = (await caller.open({ ...request, forms: method === 'form' })).body
    if (method === 'parts') await file.send(opened)
    else expect((await (method === 'put' ? file.put(opened) : file.form(opened))).ok).toBe(true)
    const completeRequest =
      method === 'parts' ? await file.completeRequest() : await file.singleCompleteRequest()
    expect((await caller.complete(opened.upload.id, completeRequest)).status).toBe(200)
    const { type, disposition } = await downloaded(opened.upload.id)
    expect(type).toBe(stored)
    expect(disposition).toContain(encodeURIComponent('👨\u200d👩\u200d👧.webm'))
  },
)
