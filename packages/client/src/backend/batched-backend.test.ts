import { beforeEach, describe, expect, it } from 'vitest'
import { batched } from './batched-backend.js'
import { SimClock } from '../testing/sim-clock.js'
import { BackendError } from '../core/backend-error.js'
import type { BatchRequest, UploadBackend } from './upload-backend.js'
import type { OpenedUpload, OpenRequest, RegisteredUpload } from '@carryon/protocol'

const roundTrip = 20
const { signal } = new AbortController()

const registered = (id: string): RegisteredUpload => ({ ...answered, id }) as RegisteredUpload
const opened = (identity: string): OpenedUpload => ({ upload: registered(identity) }) as OpenedUpload
const small = (identity: string): OpenRequest => ({ identity, name: identity, size: 1, type: '', md5: 'm' })

let clock: SimClock
let batches: { readonly at: number; readonly request: BatchRequest }[]
let alone: string[]
let refuse: (request: BatchRequest) => BackendError | null
let answered: Partial<RegisteredUpload>
beforeEach(() => {
  clock = new SimClock()
  batches = []
  alone = []
  refuse = () => null
  answered = { mode: 'single' }
})

/** Answers each request after a round trip; `batch` may be left out. */
function backend(takesBatches = true): UploadBackend {
  const never = (): Promise<never> => Promise.reject(new Error('not asked for here'))
  const own = <T>(what: string, answer: T): Promise<T> => {
    alone.push(what)
    return clock.sleep(roundTrip).then(() => answer)
  }
  const one: UploadBackend = {
    open: ({ identity }) => own(`open ${identity}`, opened(identity)),
    openUnlessDone: ({ identity }) => own(`openUnlessDone ${identity}`, opened(identity)),
    complete: (id) => own(`complete ${id}`, registered(id)),
    parts: never,
    renewAccess: never,
    cancel: () => Promise.resolve(),
    get: never,
    list: never,
  }
  const many: UploadBackend = {
    ...one,
    batch: async (request, batchSignal) => {
      batches.push({ at: clock.now(), request })
      await clock.sleep(roundTrip, batchSignal)
      const refusal = refuse(request)
      if (refusal !== null) throw refusal
      return {
        opened: request.open.map(({ identity }) =>
          identity === 'bad' ? new BackendError('too-large', 'too large', { status: 413 }) : opened(identity),
        ),
        completed: request.complete.map(({ id }) => registered(id)),
      }
    },
  }
  return batched(takesBatches ? many : one, clock)
}

const sizes = (): number[] => batches.map(({ request: { open, complete } }) => open.length + complete.length)

describe('questions about small files', () => {
  it('come after a batch that asks the same of a file for somebody who has gone', async () => {
    const server = backend()
    const gone = new AbortController()
    const first = server.open(small('a'), signal)
    const left = server.open(small('b'), gone.signal).catch(() => 'left')
    const other = server.open(small('c'), signal)
    await clock.pass(15)
    gone.abort(new Error('Cancelled.'))
    const again = server.open(small('b'), signal)
    await clock.run(Promise.all([first, left, other, again]))
    const asked = batches.flatMap(({ at, request }) => request.open.map(({ identity }) => ({ identity, at })))
    const [before, after] = asked.filter(({ identity }) => identity === 'b')
    expect((after?.at ?? 0) - (before?.at ?? Infinity)).toBeGreaterThanOrEqual(roundTrip)
  })

  it('go together while others are asked, the first at once', async () => {
    const server = backend()
    const names = Array.from({ length: 30 }, (_, index) => `file-${index}`)
    const answers = await clock.run(Promise.all(names.map((name) => server.open(small(name), signal))))
    expect(answers.map(({ upload }) => upload.id)).toEqual(names)
    expect(sizes()).toEqual([1, 29])
    expect(batches[0]?.at).toBe(0)
  })

  it('go at once, one after the other, when they come one by one', async () => {
    const server = backend()
    for (const name of ['a', 'b', 'c']) await clock.run(server.open(small(name), signal))
    await clock.run(server.complete('a', { size: 1, crc64: '1' }, signal))
    expect(clock.now()).toBe(4 * roundTrip)
    expect(sizes()).toEqual([1, 1, 1, 1])
  })

  it('of both kinds and with unlessDone share one call, at most fifty of a kind', async () => {
    const server = backend()
    const first = server.open(small('first'), signal)
    const rest = Array.from({ length: 60 }, (_, index) => [
      server.openUnlessDone?.(small(`file-${index}`), signal),
      server.complete(`id-${index}`, { size: 1 }, signal),
    ])
    await clock.run(Promise.all([first, ...rest.flat()]))
    expect(sizes()).toEqual([1, 99, 21])
    expect(batches[1]?.request.open[0]).toMatchObject({ identity: 'file-0', unlessDone: true })
    expect(batches[1]?.request.complete[0]).toEqual({ id: 'id-0', size: 1 })
  })

  it('wait for company while there are files to send, and hardly where they have none', async () => {
    const server = backend()
    const open = (...names: readonly string[]) =>
      Promise.all(names.map((name) => server.open(small(name), signal)))
    const complete = (name: string) => server.complete(name, { size: 1 }, signal)
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    // Nothing to send yet: requests made together follow the first after 10 ms.
    await clock.run(open(...names))
    // Seven files are being sent, so new requests wait for more.
    await clock.run(Promise.all([open('h'), complete('a')]))
    expect(batches.map(({ at }) => at)).toEqual([0, 10, 85])
    // Only these are left, and nothing can join them.
    const rest = names.slice(1).map(complete)
    await clock.run(Promise.all([...rest, complete('h')]))
    expect(batches.map(({ at }) => at)).toEqual([0, 10, 85, 105])
    expect(sizes()).toEqual([1, 6, 2, 7])
  })

  it.each([
    ['become multipart uploads', { mode: 'multipart' }],
    ['were found done', { mode: 'single', state: 'done' }],
    ['were cancelled', { mode: 'single', state: 'open' }],
    ['have not been sent for a minute', { mode: 'single', state: 'open' }],
  ])('do not wait for files that %s', async (what, state) => {
    answered = state as Partial<RegisteredUpload>
    const server = backend()
    const open = (...names: readonly string[]) =>
      Promise.all(names.map((name) => server.open(small(name), signal)))
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    await clock.run(open(...names))
    if (what === 'were cancelled') for (const name of names) await server.cancel(name, signal)
    if (what.includes('minute')) {
      await clock.pass(60_000)
      // One request in flight, so that the next ones are batched.
      await clock.run(open(...names.slice(0, 2)))
    }
    const begun = clock.now()
    await clock.run(open('h', 'i'))
    expect((batches.at(-1)?.at ?? Infinity) - begun).toBeLessThanOrEqual(10)
  })

  it('are refused one by one', async () => {
    const server = backend()
    const calls = ['first', 'bad', 'good'].map((name) => server.open(small(name), signal))
    const [, bad, good] = await clock.run(Promise.allSettled(calls))
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'too-large' } })
    expect(good).toMatchObject({ status: 'fulfilled' })
  })

  it('all hear it when their batch gets no answer', async () => {
    refuse = () => new BackendError('network', 'lost')
    const server = backend()
    const calls = ['a', 'b', 'c'].map((name) => server.open(small(name), signal))
    const ends = await clock.run(Promise.allSettled(calls))
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(alone).toEqual([])
  })

  it('go alone when the batch as such is refused, so that each hears what is wrong with it', async () => {
    refuse = () => new BackendError('invalid-request', 'no', { status: 400 })
    const server = backend()
    await clock.run(Promise.all([server.open(small('a'), signal), server.complete('b', { size: 1 }, signal)]))
    expect(alone).toEqual(['open a', 'complete b'])
    refuse = () => null
    await clock.run(server.open(small('c'), signal))
    expect(alone).toHaveLength(2)
  })

  it.each([404, 405, 501])('always go alone once the server answered %i', async (status) => {
    refuse = () => new BackendError('not-found', 'what is that?', { status })
    const server = backend()
    for (const name of ['a', 'b']) await clock.run(server.open(small(name), signal))
    expect(alone).toEqual(['open a', 'open b'])
    expect(sizes()).toEqual([1])
  })

  it('always go alone with a backend that has no batches', async () => {
    await clock.run(backend(false).open(small('a'), signal))
    expect(alone).toEqual(['open a'])
  })
})

describe('other questions', () => {
  it('go alone: a large file opens a multipart upload, and joining parts may take the store minutes', async () => {
    const server = backend()
    const large = { identity: 'large', name: 'large', size: 1, type: '' }
    await clock.run(
      Promise.all([server.open(large, signal), server.complete('large', { size: 1, etags: ['e'] }, signal)]),
    )
    expect(alone).toEqual(['open large', 'complete large'])
    expect(sizes()).toEqual([])
  })
})

describe('who gives up', () => {
  it('hears it at once, does not go out any more, and disturbs nobody', async () => {
    const server = backend()
    const controller = new AbortController()
    const calls = [
      server.open(small('first'), signal),
      server.open(small('gone'), controller.signal),
      server.open(small('other'), signal),
    ]
    controller.abort(new Error('Paused.'))
    const ends = await clock.run(Promise.allSettled(calls))
    expect(ends[1]).toMatchObject({ status: 'rejected', reason: { message: 'Paused.' } })
    expect(batches.flatMap(({ request }) => request.open.map(({ identity }) => identity))).toEqual([
      'first',
      'other',
    ])
  })

  it('breaks the call off when nobody else waits for it', async () => {
    const server = backend()
    const controller = new AbortController()
    const call = server.open(small('a'), controller.signal)
    controller.abort(new Error('Paused.'))
    await expect(call).rejects.toThrow('Paused.')
    await clock.run(server.open(small('b'), signal))
    expect(sizes()).toEqual([1, 1])
  })
})
