import { expect, test } from 'vitest'
import { callBackend, serviceGivenUpAfter } from './backend-call.js'
import { SimClock } from '../testing/sim-clock.js'
import { BackendError } from './upload-backend.js'

const offline = (): BackendError => new BackendError('network', 'no network', { status: 0 })
const broken = (): BackendError => new BackendError('internal', 'broken', { status: 500 })

/** Calls a server that is as `weather` says at each time of the clock, milliseconds. */
async function ask(weather: (now: number) => BackendError | null): Promise<{ answer: unknown; at: number }> {
  const clock = new SimClock()
  const { signal } = new AbortController()
  const call = async (): Promise<string> => {
    await clock.sleep(10)
    const error = weather(clock.now())
    if (error !== null) throw error
    return 'answered'
  }
  const asked = callBackend(call, { clock, random: () => 0.5, signal, onTrouble: () => undefined })
  const answer = await clock.run(asked.catch((error: unknown) => error))
  return { answer, at: clock.now() }
}

test('a server that answers only with errors is given up after an hour', async () => {
  const { answer, at } = await ask(broken)
  expect(answer).toMatchObject({ code: 'internal' })
  expect(at).toBeGreaterThanOrEqual(serviceGivenUpAfter)
})

test('a network that is away for hours is waited for', async () => {
  const back = 5 * serviceGivenUpAfter
  expect(await ask((now) => (now < back ? offline() : null))).toMatchObject({ answer: 'answered' })
})

test('hours without a network are not held against a server that fails once when it is back', async () => {
  const back = 5 * serviceGivenUpAfter
  let failures = 0
  const { answer } = await ask((now) => {
    if (now < back) return offline()
    return failures++ === 0 ? broken() : null
  })
  expect(answer).toBe('answered')
})
