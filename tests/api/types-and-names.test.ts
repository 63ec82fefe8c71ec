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

/** Media type and name with which the finished upload is downloaded. */
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
  async (way) => {
    const file = new SampleFile(way, { name: '👨\u200d👩\u200d👧.webm' })
    const request = { ...(way === 'parts' ? file.request : file.singleRequest), type: recording }
    const opened = (await caller.open({ ...request, forms: way === 'form' })).body
    if (way === 'parts') await file.send(opened)
    else expect((await (way === 'put' ? file.put(opened) : file.form(opened))).ok).toBe(true)
    const claim = way === 'parts' ? await file.claim() : await file.singleClaim()
    expect((await caller.complete(opened.upload.id, claim)).status).toBe(200)
    const { type, disposition } = await downloaded(opened.upload.id)
    expect(type).toBe(stored)
    expect(disposition).toContain(encodeURIComponent('👨\u200d👩\u200d👧.webm'))
  },
)
