/** The worker's script: sends and hashes, with many jobs in parallel. */
import { digestSlices } from './digest-slices.js'
import { copyBlock } from './copy-block.js'
import { putBesideHash } from './put-beside-hash.js'
import { TransportError } from '../ports.js'
import type { WorkerAnswer, WorkerRequest } from './worker-messages.js'
import { xhrPut } from './xhr-put.js'

const running = new Map<number, AbortController>()

function post(answer: WorkerAnswer): void {
  postMessage(answer)
}

/**
 * Milliseconds for which progress is gathered, so that several requests do not wake the page for each of their reports.
 */
const gathering = 200
let gathered = new Map<number, number>()

function progressed(id: number, sent: number): void {
  if (gathered.size === 0) setTimeout(tellProgress, gathering)
  gathered.set(id, sent)
}

function tellProgress(): void {
  const sent = gathered
  gathered = new Map()
  post({ kind: 'progress', sent })
}

async function run(
  request: Exclude<WorkerRequest, { kind: 'abort' }>,
  signal: AbortSignal,
): Promise<WorkerAnswer> {
  const { id } = request
  if (request.kind === 'hash') {
    return { kind: 'hash', id, digests: await digestSlices(request.slices, request.digests, signal) }
  }
  if (request.kind === 'keep') {
    const { folder, name, slice, crc64Type, grain } = request
    return { kind: 'keep', id, grains: await copyBlock(folder, name, slice, crc64Type, grain, signal) }
  }
  const onProgress = (sent: number): void => progressed(id, sent)
  return { kind: 'put', id, answer: await putBesideHash({ ...request, onProgress }, signal, xhrPut) }
}

async function serve(request: Exclude<WorkerRequest, { kind: 'abort' }>): Promise<void> {
  const controller = new AbortController()
  running.set(request.id, controller)
  try {
    post(await run(request, controller.signal))
  } catch (error) {
    const failure =
      error instanceof TransportError
        ? error
        : new TransportError('internal', error instanceof Error ? error.message : String(error))
    post({ kind: 'failed', id: request.id, reason: failure.reason, message: failure.message })
  } finally {
    running.delete(request.id)
  }
}

function listen(): void {
  addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
    if (data.kind === 'abort') running.get(data.id)?.abort(new Error('Asked to stop.'))
    else void serve(data)
  })
  post({ kind: 'ready' })
  // Load this ahead of time, because small files need it.
  import('@carryon/hash/md5').catch(() => undefined)
}

/**
 * WebKit runs a worker's script a second time when a chunk imports from it, as the chunks of some bundlers do. A second
 * listener would send every part twice.
 */
const listening = Symbol.for('carryon.worker')
if (!Reflect.has(globalThis, listening)) {
  Reflect.set(globalThis, listening, true)
  listen()
}
