import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createXhrPut } from './xhr-put.js'

/** A fake XMLHttpRequest that a test answers, fails or ignores. */
class ScriptedXhr {
  static readonly sent: ScriptedXhr[] = []
  readonly upload: { onprogress: ((event: { loaded: number }) => void) | null } = { onprogress: null }
  onload: (() => void) | null = null
  onerror: (() => void) | null = null
  onabort: (() => void) | null = null
  status = 0
  responseText = ''
  headers = ''
  body: Blob | null = null
  opened = ''
  isAborted = false
  readonly requestHeaders: Record<string, string> = {}

  open(method: string, url: string): void {
    this.opened = `${method} ${url}`
  }
  setRequestHeader(name: string, value: string): void {
    this.requestHeaders[name] = value
  }
  getAllResponseHeaders(): string {
    return this.headers
  }
  send(body: Blob): void {
    this.body = body
    ScriptedXhr.sent.push(this)
  }
  abort(): void {
    this.isAborted = true
  }
  progress(loaded: number): void {
    this.upload.onprogress?.({ loaded })
  }
  answer(status: number, headers = '', text = ''): void {
    Object.assign(this, { status, headers, responseText: text })
    this.onload?.()
  }
}

const slice = new Blob(['0123456789'])
const stallTimeout = 10_000
const progress: number[] = []

function put(xhrPut: ReturnType<typeof createXhrPut>, signal = new AbortController().signal) {
  return xhrPut(
    {
      url: 'http://store.test/key',
      headers: { authorization: 'q' },
      body: slice,
      digests: [],
      stallTimeout,
      onProgress: (sent) => progress.push(sent),
    },
    signal,
  )
}

/** Waits for the latest request and returns it. */
async function last(count: number): Promise<ScriptedXhr> {
  await vi.waitUntil(() => ScriptedXhr.sent.length === count)
  const xhr = ScriptedXhr.sent.at(-1)
  if (xhr === undefined) throw new Error('Nothing was sent.')
  return xhr
}

beforeEach(() => {
  ScriptedXhr.sent.length = 0
  progress.length = 0
  vi.stubGlobal('XMLHttpRequest', ScriptedXhr)
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('sends the slice itself and resolves to any answer', async () => {
  const answered = put(createXhrPut())
  const xhr = await last(1)
  expect(xhr.opened).toBe('PUT http://store.test/key')
  expect(xhr.requestHeaders).toEqual({ authorization: 'q' })
  expect(xhr.body).toBe(slice)
  xhr.answer(503, 'ETag: "a"\r\nx-cos-request-id: 1:2\r\n', '<Error/>')
  expect(await answered).toEqual({
    status: 503,
    headers: { etag: '"a"', 'x-cos-request-id': '1:2' },
    body: '<Error/>',
  })
})

test('tells of progress at most every 450 ms, and never of less than before', async () => {
  const answered = put(createXhrPut())
  const xhr = await last(1)
  vi.advanceTimersByTime(450)
  for (const loaded of [1, 2, 3]) xhr.progress(loaded)
  vi.advanceTimersByTime(450)
  for (const loaded of [3, 2, 4]) xhr.progress(loaded)
  expect(progress).toEqual([1, 4])
  xhr.answer(200)
  await answered
})

test('waits as long as bytes move, and gives up when they do not', async () => {
  const answered = put(createXhrPut())
  const outcome = expect(answered).rejects.toMatchObject({ reason: 'stalled' })
  const xhr = await last(1)
  for (let loaded = 1; loaded <= 9; loaded++) {
    vi.advanceTimersByTime(stallTimeout - 1_000)
    xhr.progress(loaded)
  }
  expect(xhr.isAborted).toBe(false)
  vi.advanceTimersByTime(stallTimeout + 2_000)
  await outcome
  expect(xhr.isAborted).toBe(true)
})

test('a connection that fails, or that the browser drops, is the network', async () => {
  const xhrPut = createXhrPut()
  const failed = put(xhrPut)
  ;(await last(1)).onerror?.()
  await expect(failed).rejects.toMatchObject({ reason: 'network' })
  const dropped = put(xhrPut)
  ;(await last(2)).onabort?.()
  await expect(dropped).rejects.toMatchObject({ reason: 'network' })
})

test('an abort that was asked for rejects with its reason', async () => {
  const controller = new AbortController()
  const aborted = put(createXhrPut(), controller.signal)
  const xhr = await last(1)
  controller.abort(new Error('Paused.'))
  await expect(aborted).rejects.toThrow('Paused.')
  expect(xhr.isAborted).toBe(true)
  await expect(put(createXhrPut(), controller.signal)).rejects.toThrow('Paused.')
})

test('a browser that never answers slices gets the same bytes from memory, from then on', async () => {
  const xhrPut = createXhrPut()
  const lost = put(xhrPut)
  const outcome = expect(lost).rejects.toMatchObject({ reason: 'stalled' })
  ;(await last(1)).progress(slice.size)
  vi.advanceTimersByTime(stallTimeout + 2_000)
  await outcome
  for (const count of [2, 3]) {
    const answered = put(xhrPut)
    const xhr = await last(count)
    expect(xhr.body).not.toBe(slice)
    expect(await xhr.body?.text()).toBe('0123456789')
    xhr.answer(200)
    expect((await answered).status).toBe(200)
  }
})

/** Sends once more, and the browser refuses immediately. Returns whether the body was the slice itself. */
async function refused(xhrPut: ReturnType<typeof createXhrPut>): Promise<boolean> {
  const count = ScriptedXhr.sent.length + 1
  const failed = put(xhrPut)
  const xhr = await last(count)
  xhr.onerror?.()
  await expect(failed).rejects.toMatchObject({ reason: 'network' })
  return xhr.body === slice
}

async function answered(xhrPut: ReturnType<typeof createXhrPut>): Promise<boolean> {
  const count = ScriptedXhr.sent.length + 1
  const done = put(xhrPut)
  const xhr = await last(count)
  xhr.answer(200)
  await done
  return xhr.body === slice
}

test('a browser that cannot send slices at all gets copies, once one was answered where slices still fail', async () => {
  const xhrPut = createXhrPut()
  for (let failures = 0; failures < 3; failures++) expect(await refused(xhrPut)).toBe(true)
  expect(await answered(xhrPut)).toBe(false)
  expect(await refused(xhrPut)).toBe(true)
  for (let copies = 0; copies < 3; copies++) expect(await answered(xhrPut)).toBe(false)
})

test('a network that was down for long leaves it at slices, whatever is tried when it is back', async () => {
  const xhrPut = createXhrPut()
  const bodies: boolean[] = []
  for (let failures = 0; failures < 7; failures++) bodies.push(await refused(xhrPut))
  expect(bodies).toEqual([true, true, true, false, true, true, true])
  expect(await answered(xhrPut)).toBe(false)
  for (let slices = 0; slices < 3; slices++) expect(await answered(xhrPut)).toBe(true)
})

test('a store that hangs makes no copies where slices were answered before', async () => {
  const xhrPut = createXhrPut()
  const answered = put(xhrPut)
  ;(await last(1)).answer(200)
  await answered
  const lost = put(xhrPut)
  const outcome = expect(lost).rejects.toMatchObject({ reason: 'stalled' })
  await last(2)
  vi.advanceTimersByTime(stallTimeout + 2_000)
  await outcome
  const again = put(xhrPut)
  const xhr = await last(3)
  expect(xhr.body).toBe(slice)
  xhr.answer(200)
  await again
})

test('a small body on a fast line is not listened to, until one gets no answer', async () => {
  const xhrPut = createXhrPut()
  const first = put(xhrPut)
  const watched = await last(1)
  expect(watched.upload.onprogress).not.toBeNull()
  watched.answer(200)
  await first
  const second = put(xhrPut)
  expect((await last(2)).upload.onprogress).toBeNull()
  vi.advanceTimersByTime(stallTimeout + 1_000)
  await expect(second).rejects.toMatchObject({ reason: 'stalled' })
  void put(xhrPut)
  expect((await last(3)).upload.onprogress).not.toBeNull()
})
