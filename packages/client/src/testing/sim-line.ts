import { BackendError } from '../core/backend-error.js'
import type { BatchAnswer, BatchRequest, UploadBackend } from '../backend/upload-backend.js'
import type { SimServer } from './sim-backend.js'
import type { SimClock } from './sim-clock.js'
import type { SimFault, SimRequest, FaultSource } from './sim-faults.js'

/** Milliseconds: longer than any latency, shorter than a read timeout. */
export const slowness = 20_000

/** The backend of a tab: the server over a line with latency (milliseconds) and faults. */
export function lineTo(
  server: SimServer,
  clock: SimClock,
  nextFault: () => FaultSource,
  latency: number,
): UploadBackend {
  const call = async <T>(
    what: SimRequest['what'],
    signal: AbortSignal,
    work: () => T,
    fault = nextFault()({ what }),
  ): Promise<T> => {
    signal.throwIfAborted()
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
  /** A fault of the line affects the whole batch, a refusal only its item. */
  const batch = (request: BatchRequest, signal: AbortSignal): Promise<BatchAnswer> => {
    const opens = request.open.map(({ unlessDone }) =>
      nextFault()({ what: unlessDone === true ? 'openUnlessDone' : 'open' }),
    )
    const completes = request.complete.map(() => nextFault()({ what: 'complete' }))
    const struck = [...opens, ...completes].find((fault) => fault !== null && !isRefusal(fault)) ?? null
    const work = (): BatchAnswer => {
      const spared = <T>(items: readonly T[], faults: readonly (SimFault | null)[]): readonly T[] =>
        items.filter((_, index) => !isRefusedBefore(faults[index]))
      const answer = server.batch({
        open: spared(request.open, opens),
        complete: spared(request.complete, completes),
      })
      return {
        opened: withRefusals(answer.opened, opens),
        completed: withRefusals(answer.completed, completes),
      }
    }
    return call('open', signal, work, struck)
  }
  return {
    open: (request, signal) => call('open', signal, () => server.open(request)),
    openUnlessDone: (request, signal) => call('openUnlessDone', signal, () => server.openUnlessDone(request)),
    parts: (id, signal) => call('parts', signal, () => server.parts(id)),
    renewAccess: (id, partNumbers, signal) =>
      call('renewAccess', signal, () => server.renewAccess(id, partNumbers)),
    complete: (id, completeRequest, signal) =>
      call('complete', signal, () => server.complete(id, completeRequest)),
    cancel: (id, signal) => call('cancel', signal, () => server.cancel(id)),
    get: (id, signal) => call('get', signal, () => server.get(id)),
    batch: (request, signal) => batch(request, signal),
    list: (query, signal) => call('list', signal, () => server.list(query)),
  }
}

type Fault = SimFault | null | undefined

function isRefusal(fault: Fault): fault is Extract<SimFault, { readonly refusal: unknown }> {
  return typeof fault === 'object' && fault !== null && 'refusal' in fault
}

function isRefusedBefore(fault: Fault): boolean {
  return isRefusal(fault) && fault.afterwards !== true
}

/** The answers to executed items, and the refusals of the others and of those that failed afterwards. */
function withRefusals<T>(answers: readonly T[], faults: readonly Fault[]): readonly (T | BackendError)[] {
  const left = [...answers]
  return faults.flatMap<T | BackendError>((fault) => {
    const answers = isRefusedBefore(fault) ? [] : left.splice(0, 1)
    return isRefusal(fault) ? [refused(fault.refusal)] : answers
  })
}

function refused(code: BackendError['code']): BackendError {
  return new BackendError(code, 'refused', { status: 503 })
}
