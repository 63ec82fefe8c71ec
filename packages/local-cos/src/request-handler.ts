import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseAddress, type Address } from './address.js'
import { authenticate, type Account } from './authentication.js'
import { authorize, mayAccess } from './authorization.js'
import { corsHeaders, preflightHeaders } from './cors.js'
import { CosError } from './errors.js'
import { Exchange } from './exchange.js'
import type { Fault, Faults } from './faults.js'
import type { Journal } from './journal.js'
import type { Answer } from './operations/context.js'
import { operations } from './operations/operations.js'
import { RequestFaults } from './request-faults.js'
import { findOperation } from './routes.js'
import { receiveText } from './storage/receive-text.js'
import type { Storage } from './storage/storage.js'
import { answerSts } from './sts/get-federation-token.js'

export interface HandlerParts {
  readonly storage: Storage
  readonly account: Account
  readonly region: string
  readonly faults: Faults
  readonly journal: Journal
  readonly now: () => number
  readonly log: (line: object) => void
  /** Aborted when the store is closed. */
  readonly closing: AbortSignal
}

interface Understood {
  readonly exchange: Exchange
  readonly request: IncomingMessage
  readonly address: Address
  readonly faults: RequestFaults
  /** Milliseconds since the epoch, with the fault's skew. */
  readonly now: number
}

/** The way of one request: address, faults, CORS, signature, policy, operation, answer. */
export class RequestHandler {
  readonly #parts: HandlerParts

  constructor(parts: HandlerParts) {
    this.#parts = parts
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { now, journal, log } = this.#parts
    const startedAt = now()
    const exchange = new Exchange(request, response, startedAt)
    try {
      await this.#answer(exchange, request)
    } catch (error) {
      await exchange.sendError(error)
    }
    const entry = exchange.journalEntry()
    journal.add(entry)
    const failure = exchange.failure
    log({
      ...entry,
      milliseconds: now() - startedAt,
      ...(failure instanceof Error ? { failure: failure.stack ?? failure.message } : {}),
    })
  }

  async #answer(exchange: Exchange, request: IncomingMessage): Promise<void> {
    const { region, now } = this.#parts
    exchange.begin(now())
    const method = request.method ?? 'GET'
    const address = parseAddress(request.url ?? '/', request.headers.host ?? '', region)
    exchange.bucket = address.bucket
    exchange.key = address.key
    exchange.uploadId = address.query.get('uploadid')
    const partNumber = Number(address.query.get('partnumber') ?? NaN)
    exchange.partNumber = Number.isInteger(partNumber) ? partNumber : undefined
    this.#addCorsHeaders(exchange, request, method)

    const isSts = method === 'POST' && address.bucket === '' && address.path === '/'
    exchange.operation = isSts ? 'STS' : method === 'OPTIONS' ? 'Preflight' : findOperation(method, address)
    const faults = new RequestFaults(
      [...this.#parts.faults.strike(exchange), ...trafficLimit(request, address)],
      exchange,
      this.#parts.closing,
    )
    const skewed = now() + faults.clockSkew
    exchange.begin(skewed)
    await faults.atStart()
    if (Number(request.headers['content-length'] ?? 0) === 0) await faults.atBody(0, 0)

    const understood = { exchange, request, address, faults, now: skewed }
    const answer = await this.#perform(understood, method, isSts)
    if (faults.loseAnswer) {
      if (answer.body?.kind === 'late-xml') await answer.body.text.catch(() => undefined)
      exchange.reset()
      return
    }
    await exchange.send(answer)
  }

  async #perform(understood: Understood, method: string, isSts: boolean): Promise<Answer> {
    if (isSts) return this.#sts(understood)
    if (method === 'OPTIONS') return this.#preflight(understood)
    return this.#operate(understood, method)
  }

  async #operate({ exchange, request, address, faults, now }: Understood, method: string): Promise<Answer> {
    const { storage, account, region } = this.#parts
    const { headers } = request
    const operation = findOperation(method, address)
    const identity = authenticate({ method, address, headers, now }, account)
    const asked = { operation, region, address, headers, remoteAddress: request.socket.remoteAddress ?? '' }
    authorize(identity, asked)
    const length = Number(headers['content-length'] ?? 0)
    return operations[operation]({
      storage,
      region,
      address,
      headers,
      body: request,
      bodyGate: (received) => {
        exchange.received = received
        return faults.gate(received, length)
      },
      now,
      origin: `http://${headers.host ?? ''}`,
      mayDelete: (key) => mayAccess(identity, { ...asked, operation: 'DeleteObject' }, key),
      joining: () => faults.atJoin(),
    })
  }

  /** https://cloud.tencent.com/document/product/436/8288: never signed. */
  #preflight({ request, address }: Understood): Answer {
    const { origin, 'access-control-request-method': method } = request.headers
    const headers = request.headers['access-control-request-headers']
    if (origin === undefined || method === undefined) {
      throw new CosError('InvalidRequest', 'A preflight needs Origin and Access-Control-Request-Method.')
    }
    const names = (headers ?? '').split(',').map((name) => name.trim())
    const { cors } = this.#parts.storage.get(address.bucket).settings
    return {
      status: 200,
      headers: preflightHeaders(cors, { origin, method, headers: names.filter((name) => name !== '') }),
    }
  }

  async #sts({ exchange, request, now }: Understood): Promise<Answer> {
    const body = await receiveText(request, maxStsBody, (received) => {
      exchange.received = received
      return undefined
    })
    const answer = answerSts({ headers: request.headers, body, now }, this.#parts.account, exchange.requestId)
    return { status: 200, body: { kind: 'json', text: JSON.stringify(answer) } }
  }

  /** On every answer, refusals too, or a page could not read why it was refused. */
  #addCorsHeaders(exchange: Exchange, request: IncomingMessage, method: string): void {
    const { origin } = request.headers
    const bucket = this.#parts.storage.find(exchange.bucket)
    if (origin === undefined || bucket === undefined || method === 'OPTIONS') return
    exchange.setHeaders(corsHeaders(bucket.settings.cors, origin, method))
  }
}

const maxStsBody = 64 * 1024

/** "819 200 to 838 860 800 bit/s" (436/40140): a client that wants to be slowed down is, by the means of the faults. */
function trafficLimit({ headers }: IncomingMessage, { query }: Address): readonly Fault[] {
  const text = headers['x-cos-traffic-limit'] ?? query.get('x-cos-traffic-limit')
  if (text === undefined) return []
  const bits = Number(text)
  if (!(bits >= 819_200 && bits <= 838_860_800)) {
    throw new CosError('InvalidArgument', 'x-cos-traffic-limit is 819200 to 838860800 bit/s.')
  }
  return [{ kind: 'rate', bytesPerSecond: bits / 8 }]
}
