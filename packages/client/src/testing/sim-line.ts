import { BackendError } from '../upload-backend.js'
import type { UploadBackend } from '../upload-backend.js'
import type { SimServer } from './sim-backend.js'
import type { SimClock } from './sim-clock.js'
import type { SimRequest, Weather } from './sim-faults.js'

/** Milliseconds: longer than any latency, shorter than the patience of a watchdog. */
export const slowness = 20_000

/** What a tab talks to: the server over a line with latency (milliseconds) and weather. */
export function lineTo(
  server: SimServer,
  clock: SimClock,
  weather: () => Weather,
  latency: number,
): UploadBackend {
  const call = async <T>(what: SimRequest['what'], signal: AbortSignal, work: () => T): Promise<T> => {
    signal.throwIfAborted()
    const fault = weather()({ what })
    const { life } = server
    await clock.sleep(fault === 'hang' ? 30_000 : fault === 'slow' ? slowness : latency, signal)
    if (life === null || server.life !== life) throw new BackendError('network', 'the server restarts')
    if (fault === 'lost-before' || fault === 'hang') throw new BackendError('network', 'lost')
    const refusal = typeof fault === 'object' && fault !== null && 'refusal' in fault ? fault : null
    if (refusal !== null && refusal.afterwards !== true) throw refused(refusal.refusal)
    if (fault === 'duplicate') work()
    const answer = work()
    if (refusal !== null) throw refused(refusal.refusal)
    if (fault === 'lost-after') throw new BackendError('network', 'answer lost')
    return answer
  }
  return {
    open: (request, signal) => call('open', signal, () => server.open(request)),
    openUnlessDone: (request, signal) => call('openUnlessDone', signal, () => server.openUnlessDone(request)),
    parts: (id, signal) => call('parts', signal, () => server.parts(id)),
    renewAccess: (id, partNumbers, signal) =>
      call('renewAccess', signal, () => server.renewAccess(id, partNumbers)),
    complete: (id, claim, signal) => call('complete', signal, () => server.complete(id, claim)),
    cancel: (id, signal) => call('cancel', signal, () => server.cancel(id)),
    get: (id, signal) => call('get', signal, () => server.get(id)),
    list: (query, signal) => call('list', signal, () => server.list(query)),
  }
}

function refused(code: BackendError['code']): BackendError {
  return new BackendError(code, 'refused', { status: 503 })
}
