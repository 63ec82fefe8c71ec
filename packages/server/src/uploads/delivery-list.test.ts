import { afterEach, expect, test } from 'vitest'
import type { OnDone, OnDoneEvent } from '../hooks/hook-types.js'
import { TestFile } from '../testing/test-file.js'
import { hour, startTestServer, type TestServer } from '../testing/test-server.js'

let setup: TestServer | undefined
afterEach(async () => {
  await setup?.close()
  setup = undefined
})

const file = new TestFile()

async function finish({ api, store }: TestServer): Promise<string> {
  const { upload } = (await api.open(file.request)).body
  await file.send(store, upload)
  await api.complete(upload.id, file.completeRequest)
  return upload.id
}

const failing: OnDone = () => {
  throw new Error('away')
}

test('what onDone has not heard of is listed, with its attempts and the next one', async () => {
  const running = (setup = await startTestServer({ onDone: failing }))
  const id = await finish(running)
  const [pending, ...others] = await running.server.deliveries.pending()
  expect(others).toEqual([])
  expect(pending).toMatchObject({
    id,
    deliveryId: `done:${id}`,
    owner: 'anna',
    name: 'holiday.mp4',
    attempts: 1,
  })
  const pause = (pending?.nextAttempt.getTime() ?? 0) - (pending?.finishedAt.getTime() ?? 0)
  expect(pause).toBeGreaterThan(0)
  expect(pause).toBeLessThan(hour)
})

test('it is sent now, before its time, and again once it was heard, under the same id', async () => {
  const events: OnDoneEvent[] = []
  const running = (setup = await startTestServer({ onDone: failing }))
  const id = await finish(running)
  expect(await running.server.deliveries.resend(id)).toBe('failed')
  const other = await running.another({
    onDone: (event) => {
      events.push(event)
      return { data: events.length }
    },
  })
  expect(await other.deliveries.resend(id)).toBe('delivered')
  expect(await other.deliveries.pending()).toEqual([])
  expect(await other.deliveries.resend(id)).toBe('delivered')
  expect(events.map(({ deliveryId, attempt }) => [deliveryId, attempt])).toEqual([
    [`done:${id}`, 3],
    [`done:${id}`, 4],
  ])
  expect((await running.api.call('GET', `/api/uploads/${id}`)).body).toMatchObject({ result: { data: 2 } })
})

test('what is not finished, unknown, or heard by nobody is not sent, and does not become due', async () => {
  const running = (setup = await startTestServer())
  const id = await finish(running)
  const { upload } = (
    await running.api.open({ ...file.request, name: 'other', identity: `1:${'b'.repeat(64)}` })
  ).body
  expect(await running.server.deliveries.resend(id)).toBe('none')
  expect(await running.server.deliveries.pending()).toEqual([])
  const listening = await running.another({ onDone: () => undefined })
  expect(await listening.deliveries.resend(upload.id)).toBe('none')
  expect(await listening.deliveries.resend('none')).toBe('none')
})

test('what nobody is to hear of any more is forgotten, and can then be removed', async () => {
  const running = (setup = await startTestServer({ onDone: failing }))
  const id = await finish(running)
  expect((await running.api.call('DELETE', `/api/uploads/${id}/object`)).status).toBe(409)
  expect(await running.server.deliveries.forget(id)).toBe(true)
  expect(await running.server.deliveries.forget(id)).toBe(false)
  expect(await running.server.deliveries.pending()).toEqual([])
  expect((await running.api.call('DELETE', `/api/uploads/${id}/object`)).status).toBe(204)
  running.advance(24 * hour)
  expect(await running.server.sweep()).toMatchObject({ delivered: 0, errors: 0 })
})
