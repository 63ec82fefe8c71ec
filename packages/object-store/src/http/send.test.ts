import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { scriptedFetch } from '../testing/scripted-fetch.js'
import { send } from './send.js'

const request = { method: 'GET', url: 'http://127.0.0.1/a', headers: {} }
const what = 'GetObject of "a"'

/** Like a real `fetch` without an answer: never resolves, and rejects when aborted. */
function silent({ signal }: Request): Promise<Response> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
}

function bodyOf(
  answer: (controller: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>,
): Response {
  return new Response(new ReadableStream<Uint8Array>({ start: (controller) => void answer(controller) }))
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('send', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Advances simulated time until `promise` settles. */
  async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
    const [[result]] = await Promise.all([
      Promise.allSettled([promise]),
      vi.advanceTimersByTimeAsync(1_000_000),
    ])
    return result
  }

  it('gives up when no answer comes', async () => {
    const { fetch } = scriptedFetch(silent)
    const started = Date.now()
    const sent = send(request, { fetch, what, idle: 30_000 }).finally(() =>
      expect(Date.now() - started).toBe(30_000),
    )
    expect(await settle(sent)).toMatchObject({
      reason: {
        code: 'NetworkError',
        status: 0,
        retryable: true,
        message: `${what} made no progress for 30 s and was given up.`,
      },
    })
  })

  it('gives a body time to go up', async () => {
    const { fetch } = scriptedFetch(silent)
    const started = Date.now()
    const body = new Uint8Array(1024 * 1024)
    const sent = send({ ...request, method: 'PUT' }, { fetch, what, idle: 30_000, body }).finally(() =>
      expect(Date.now() - started).toBe(30_000 + 64_000),
    )
    expect(await settle(sent)).toMatchObject({ status: 'rejected' })
  })

  it('waits for ever while blanks keep coming', async () => {
    const { fetch } = scriptedFetch(
      bodyOf(async (controller) => {
        for (let blank = 0; blank < 20; blank++) {
          await sleep(25_000)
          controller.enqueue(new TextEncoder().encode(' '))
        }
        controller.close()
      }),
    )
    const text = send(request, { fetch, what, idle: 30_000 }).then((response) => response.text())
    expect(await settle(text)).toEqual({ status: 'fulfilled', value: ' '.repeat(20) })
  })

  it('gives up when an answer stops coming', async () => {
    const { fetch } = scriptedFetch(({ signal }) =>
      bodyOf((controller) => {
        controller.enqueue(new TextEncoder().encode('<Li'))
        signal.addEventListener('abort', () => controller.error(signal.reason))
      }),
    )
    const text = send(request, { fetch, what, idle: 30_000 }).then((response) => response.text())
    expect(await settle(text)).toMatchObject({ reason: { code: 'NetworkError' } })
  })

  it('does not count the time that the reader takes', async () => {
    const { fetch } = scriptedFetch(
      bodyOf((controller) => {
        for (let piece = 0; piece < 3; piece++) controller.enqueue(new Uint8Array(1))
        controller.close()
      }),
    )
    const read = async (): Promise<number> => {
      const response = await send(request, { fetch, what, idle: 30_000 })
      let size = 0
      for await (const chunk of response.body ?? []) {
        await sleep(60_000)
        size += chunk.byteLength
      }
      return size
    }
    expect(await settle(read())).toEqual({ status: 'fulfilled', value: 3 })
  })

  it("rejects with the caller's own reason when the caller ended it", async () => {
    const { fetch } = scriptedFetch(silent)
    const controller = new AbortController()
    const sent = send(request, { fetch, what, idle: 30_000, signal: controller.signal })
    controller.abort(new Error('paused'))
    expect(await settle(sent)).toMatchObject({ reason: { message: 'paused' } })
  })

  it('names the reason that Node hides in the cause', async () => {
    const failure = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') })
    const { fetch } = scriptedFetch(failure)
    expect(await settle(send(request, { fetch, what, idle: 30_000 }))).toMatchObject({
      reason: {
        code: 'NetworkError',
        message: `${what} got no answer: connect ECONNREFUSED 127.0.0.1:1`,
        cause: failure,
      },
    })
  })

  it('leaves no timer behind', async () => {
    const { fetch } = scriptedFetch(new Response('ok'))
    const response = await send(request, { fetch, what, idle: 30_000 })
    await response.text()
    expect(vi.getTimerCount()).toBe(0)
  })
})
