import type { PartTransport, PutAnswer, PutRequest } from '../ports.js'
import { TransportError } from '../ports.js'
import type { SimClock } from './sim-clock.js'
import type { SimFault, FaultSource } from './sim-faults.js'
import { readSlices } from './sim-file.js'
import { digestsOf } from './sim-hasher.js'
import { slowness } from './sim-line.js'
import { errorXml } from './sim-store.js'
import type { SimAnswer, SimStore } from './sim-store.js'

/** One PUT in the journal of a simulated tab. */
export interface SimSent {
  readonly path: string
  readonly startedAt: number
  /** When this tab had both a 2xx answer and the hash of the sent bytes; `null`: not yet. */
  acknowledgedAt: number | null
  readonly bytes: string
  /** Digests that were computed for it. */
  readonly digests: PutRequest['digests']
}

/** Sends to a {@link SimStore} over a line with latency, a rate, and faults. */
export class SimTransport implements PartTransport {
  readonly sendsForms: boolean
  readonly sent: SimSent[] = []
  /** Requests in flight. */
  inFlight = 0
  mostInFlight = 0
  nextFault: FaultSource
  readonly #store: SimStore
  readonly #clock: SimClock
  readonly #latency: number
  readonly #rate: number
  readonly #closed: AbortSignal
  readonly #hides: readonly string[]

  /**
   * @param line `latency` in milliseconds per request, `rate` in bytes per second of each, whether it takes forms,
   * and header names of answers that do not come through
   * @param closed aborted when the tab is closed; answers are then dropped
   */
  constructor(
    store: SimStore,
    clock: SimClock,
    nextFault: FaultSource,
    line: {
      readonly latency: number
      readonly rate: number
      readonly sendsForms: boolean
      readonly hides?: readonly string[]
    },
    closed: AbortSignal,
  ) {
    this.#store = store
    this.#clock = clock
    this.nextFault = nextFault
    this.#latency = line.latency
    this.#rate = line.rate
    this.sendsForms = line.sendsForms
    this.#hides = line.hides ?? []
    this.#closed = closed
  }

  async put(request: PutRequest, signal: AbortSignal): Promise<PutAnswer> {
    signal.throwIfAborted()
    this.inFlight += 1
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight)
    try {
      return await this.#put(request, signal)
    } finally {
      this.inFlight -= 1
    }
  }

  close(): void {
    // Nothing to end.
  }

  async #put(request: PutRequest, signal: AbortSignal): Promise<PutAnswer> {
    if (this.#closed.aborted) throw new Error('A closed tab sends nothing.')
    const url = new URL(request.url)
    const path = url.pathname.slice(1)
    const fault = this.nextFault({ what: 'put', partNumber: Number(path.split('/')[1]) })
    const bytes = readSlices([request.body])
    const entry: SimSent = {
      path,
      startedAt: this.#clock.now(),
      acknowledgedAt: null,
      bytes: Buffer.from(bytes).toString('hex'),
      digests: request.digests,
    }
    this.sent.push(entry)
    if (this.#rate === Infinity) request.onProgress(Math.floor(bytes.length / 2))
    for (let sent = 0; this.#rate < Infinity && sent < bytes.length; sent += this.#rate / 10) {
      request.onProgress(Math.floor(sent))
      await this.#clock.sleep(100, signal)
    }
    await this.#clock.sleep(this.#latency, signal)
    const answer = await this.#answer(
      fault,
      request,
      path,
      url.searchParams.get('token') ?? '',
      bytes,
      signal,
    )
    if (answer.status !== 200 || answer.body !== '') return { ...answer, digests: { size: bytes.length } }
    const digests = digestsOf(readSlices([request.body]), request.digests)
    entry.acknowledgedAt = this.#clock.now()
    const shown = Object.entries(answer.headers).filter(([name]) => !this.#hides.includes(name))
    return { ...answer, headers: Object.fromEntries(shown), digests }
  }

  async #answer(
    fault: SimFault | null,
    request: PutRequest,
    path: string,
    token: string,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<SimAnswer> {
    if (fault === 'lost-before') throw new TransportError('network', 'lost')
    if (fault === 'hang') {
      await this.#clock.sleep(request.stallTimeout, signal)
      throw new TransportError('stalled', 'hung')
    }
    if (typeof fault === 'object' && fault !== null && 'code' in fault) {
      return { status: fault.status, headers: {}, body: errorXml(fault.code) }
    }
    if (typeof fault === 'object' && fault !== null && 'page' in fault) {
      return { status: fault.status, headers: { 'content-type': 'text/html' }, body: fault.page }
    }
    if (fault === 'slow') await this.#clock.sleep(slowness, signal)
    const arriving = fault === 'altered' ? bytes.map((byte) => byte ^ 1) : bytes
    const { fields } = request
    const contentMd5 = fields?.['Content-MD5'] ?? request.headers['content-md5']
    const put = (): SimAnswer =>
      this.#store.put({ path, token, contentMd5, isForm: fields !== undefined, bytes: arriving })
    const answer = put()
    if (fault === 'duplicate') void this.#clock.sleep(this.#latency * 5).then(put)
    if (fault === 'lost-after') throw new TransportError('network', 'answer lost')
    return answer
  }
}
