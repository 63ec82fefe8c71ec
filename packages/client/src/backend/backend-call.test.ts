import { expect, test } from 'vitest'
import { callBackend, CallPause } from './backend-call.js'
import type { CallTrouble } from './backend-call.js'
import { SimClock } from '../testing/sim-clock.js'
import { BackendError } from '../core/backend-error.js'
import { defaultRetry as retry, strangerGivenUpAfter } from '../core/retry-policy.js'

const offline = (): BackendError => new BackendError('network', 'no network', { status: 0 })
const broken = (): BackendError => new BackendError('internal', 'broken', { status: 500 })

/** Calls a server that fails as `nextFault` says at each time of the clock, milliseconds. */
async function ask(
  nextFault: (now: number) => BackendError | null,
): Promise<{ answer: unknown; at: number }> {
  const clock = new SimClock()
  const { signal } = new AbortController()
  const call = async (): Promise<string> => {
    await clock.sleep(10)
    const error = nextFault(clock.now())
    if (error !== null) throw error
    return 'answered'
  }
  const random = (): number => 0.5
  const pause = new CallPause(clock, random)
  const asked = callBackend(call, { clock, random, retry, signal, onTrouble: () => undefined, pause })
  const answer = await clock.run(asked.catch((error: unknown) => error))
  return { answer, at: clock.now() }
}

test('a server that answers only with errors is given up after an hour', async () => {
  const { answer, at } = await ask(broken)
  expect(answer).toMatchObject({ code: 'internal' })
  expect(at).toBeGreaterThanOrEqual(retry.giveUpAfter)
})

test('a network that is away for hours is waited for', async () => {
  const back = 5 * retry.giveUpAfter
  expect(await ask((now) => (now < back ? offline() : null))).toMatchObject({ answer: 'answered' })
})

test('hours without a network are not held against a server that fails once when it is back', async () => {
  const back = 5 * retry.giveUpAfter
  let failures = 0
  const { answer } = await ask((now) => {
    if (now < back) return offline()
    return failures++ === 0 ? broken() : null
  })
  expect(answer).toBe('answered')
})

test.each([
  ['a proxy that is in the way', () => new BackendError('unexpected-answer', 'page', { status: 404 })],
  ['headers that cannot be had', () => new BackendError('headers-failed', 'no token')],
])('%s is given up after a minute', async (_, failure) => {
  const { answer, at } = await ask(failure)
  expect(answer).toBeInstanceOf(BackendError)
  expect(at).toBeGreaterThanOrEqual(strangerGivenUpAfter)
  expect(at).toBeLessThan(strangerGivenUpAfter * 2)
})

test.each([200, 425, 499, 502, 520])(
  'a proxy that answers %i is borne with as the service is',
  async (status) => {
    const back = retry.giveUpAfter - 60_000
    const page = (): BackendError => new BackendError('unexpected-answer', 'page', { status })
    expect(await ask((now) => (now < back ? page() : null))).toMatchObject({ answer: 'answered' })
  },
)

test.each(['insecure', 'page-error', 'unauthorized'] as const)('%s heals by no waiting', async (code) => {
  expect(await ask(() => new BackendError(code, 'no'))).toMatchObject({ answer: { code }, at: 10 })
})

/** Calls of files that are opened together, and what each heard while it waited. */
function rationed(count: number, refuse: (now: number) => BackendError | null) {
  const clock = new SimClock()
  const { signal } = new AbortController()
  const random = (): number => 0.5
  const pause = new CallPause(clock, random)
  const heard: CallTrouble[] = []
  let calls = 0
  const call = async (): Promise<string> => {
    calls += 1
    await clock.sleep(10)
    const error = refuse(clock.now())
    if (error !== null) throw error
    return 'answered'
  }
  const onTrouble = (trouble: CallTrouble): void => void heard.push(trouble)
  const options = { clock, random, retry, signal, onTrouble, pause, isRationed: true }
  const all = (): Promise<readonly string[]> =>
    Promise.all(Array.from({ length: count }, () => callBackend(call, options)))
  return { clock, pause, heard, all, calls: () => calls }
}

const tooMany = (retryAfter: number): BackendError =>
  new BackendError('too-many-requests', 'slow down', { status: 429, retryAfter })

test('a server that asks to wait is asked later, and waits are told at once', async () => {
  const { clock, heard, all, calls } = rationed(1, (now) => (now < 45_000 ? tooMany(60_000) : null))
  expect(await clock.run(all())).toEqual(['answered'])
  expect(clock.now()).toBeGreaterThanOrEqual(60_000)
  expect(calls()).toBe(2)
  expect(heard[0]).toMatchObject({ reason: 'rate-limited', retryAt: 60_010 })
})

test('a wait of a month is one of five minutes, and never a storm', async () => {
  const month = 2_592_000_000
  const { clock, all, calls } = rationed(1, (now) => (now < 3_600_000 ? tooMany(month) : null))
  expect(await clock.run(all())).toEqual(['answered'])
  expect(calls()).toBeLessThanOrEqual(13)
})

test('once one was asked to wait, those that were not asked wait too', async () => {
  const { clock, pause, heard, all, calls } = rationed(50, () => null)
  pause.begin({ reason: 'rate-limited', error: tooMany(30_000), retryAt: 30_000 })
  await clock.run(all())
  expect(clock.now()).toBeGreaterThanOrEqual(30_000)
  expect(calls()).toBe(50)
  expect(heard).toHaveLength(50)
})

test('whoever does not want to wait asks at once', async () => {
  let refusals = 1
  const { clock, pause, all } = rationed(1, () => (refusals-- > 0 ? tooMany(300_000) : null))
  const asked = all()
  await clock.pass(1_000)
  pause.end()
  await clock.run(asked)
  expect(clock.now()).toBeLessThan(2_000)
})
