import type { Readable } from 'node:stream'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { isWebsiteHost, parseAddress, type Address } from './address.js'
import { authenticate, type Identity } from './authentication.js'
import type { Account } from './sts/account.js'
import { authorize, mayAccess, type AuthorizedRequest } from './authorization.js'
import { corsHeaders, preflightHeaders } from './cors.js'
import { asError, CosError } from './errors.js'
import { Exchange, release } from './exchange.js'
import type { Faults } from './faults.js'
import { authenticateForm } from './form/authenticate-form.js'
import type { FileSizeRange } from './form/form-policy.js'
import type { Journal } from './journal.js'
import type { Answer } from './operations/context.js'
import { operations } from './operations/operations.js'
import { postObject, type ObjectForm } from './operations/post-object.js'
import { isOpenToAll } from './open-access.js'
import type { RecentRequests } from './recent-requests.js'
import { askedOf, checkRefererOf, isShown, mayReadObject } from './request-access.js'
import { RequestFaults } from './request-faults.js'
import { refuseRepeatedHeaders, refuseUnsupportedHeaders } from './request-headers.js'
import { findOperation, type Dialect, type Operation } from './routes.js'
import { contentOf } from './s3/payload.js'
import {
  identifyS3,
  isSigned,
  readS3Request,
  refuseUnsupportedS3,
  speaksS3,
  type S3Request,
} from './s3/s3-request.js'
import { receiveText } from './storage/receive-text.js'
import type { Storage } from './storage/storage.js'
import { trafficLimit } from './traffic-limit.js'
import { answerSts } from './sts/answer-sts.js'
import { answerWebsite, websiteOperation } from './website/answer-website.js'
import { isAccelerated } from './acceleration.js'

export interface HandlerParts {
  readonly storage: Storage
  readonly account: Account
  readonly region: string
  readonly faults: Faults
  readonly journal: Journal
  /** Recent requests for the page; undefined when the page is off. */
  readonly recent: RecentRequests | undefined
  readonly now: () => number
  readonly log: (line: object) => void
  /** Aborted when the store closes. */
  readonly closing: AbortSignal
}

interface Understood {
  readonly exchange: Exchange
  readonly request: IncomingMessage
  readonly address: Address
  /** Header names as in COS; those of S3 requests are translated. */
  readonly headers: IncomingHttpHeaders
  /** Set if the client uses the S3 API. */
  readonly s3: S3Request | undefined
  readonly faults: RequestFaults
  /** Milliseconds since the epoch, including the clock skew of a fault. */
  readonly now: number
}

/** Handles a request from start to end: address, faults, CORS, signature, policy, operation, answer. */
export class RequestHandler {
  readonly #parts: HandlerParts

  constructor(parts: HandlerParts) {
    this.#parts = parts
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { now, journal, recent, log } = this.#parts
    const startedAt = now()
    const exchange = new Exchange(request, response, startedAt)
    try {
      await this.#answer(exchange, request)
    } catch (error) {
      // If even the error response cannot be sent, only closing the connection remains.
      await exchange.sendError(error).catch(() => exchange.reset())
    }
    const entry = exchange.journalEntry()
    journal.add(entry)
    const timed = { ...entry, milliseconds: now() - startedAt }
    recent?.add(timed, request, exchange.refusal)
    const failure = exchange.failure
    log({
      ...timed,
      ...(failure === undefined ? {} : { failure: asError(failure).stack }),
    })
  }

  async #answer(exchange: Exchange, request: IncomingMessage): Promise<void> {
    const { region, now, storage } = this.#parts
    exchange.isWebsite = isWebsiteHost(request.headers.host ?? '')
    const isS3 = !exchange.isWebsite && speaksS3(request)
    if (isS3) exchange.dialect = 's3'
    exchange.begin(now())
    const method = request.method ?? 'GET'
    refuseRepeatedHeaders(request.rawHeaders)
    const parsed = parseAddress(request.url ?? '/', request.headers.host ?? '', {
      region,
      isAccelerated: (bucket) => isAccelerated(storage.find(bucket)?.settings.accelerate),
    })
    exchange.bucket = parsed.bucket
    exchange.key = parsed.key
    this.#addCorsHeaders(exchange, request, method)
    const s3 = isS3 && method !== 'OPTIONS' ? readS3Request(request, parsed, region) : undefined
    const { address, headers } = s3 ?? { address: parsed, headers: request.headers }
    exchange.uploadId = address.query.get('uploadid')
    const partNumber = Number(address.query.get('partnumber') ?? NaN)
    exchange.partNumber = Number.isInteger(partNumber) ? partNumber : undefined

    const isSts =
      method === 'POST' && address.bucket === '' && address.path === '/' && address.query.entries.length === 0
    exchange.operation = isSts
      ? 'STS'
      : method === 'OPTIONS'
        ? 'Preflight'
        : operationOf(method, address, headers, exchange.dialect)
    const faults = new RequestFaults(
      [
        ...this.#parts.faults.strike(exchange),
        ...trafficLimit(headers['x-cos-traffic-limit'] ?? address.query.get('x-cos-traffic-limit')),
      ],
      exchange,
      this.#parts.closing,
    )
    const skewed = now() + faults.clockSkew
    exchange.begin(skewed)
    await faults.atStart()
    if (Number(headers['content-length'] ?? 0) === 0) await faults.atBody(0, 0)

    const understood = { exchange, request, address, headers, s3, faults, now: skewed }
    const answer = await this.#perform(understood, method, isSts)
    if (faults.loseAnswer) {
      if (answer.body?.kind === 'late-xml') await answer.body.text.catch(() => undefined)
      await release(answer)
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

  async #operate(understood: Understood, method: string): Promise<Answer> {
    const { exchange, request, address, headers, s3, faults, now } = understood
    const { storage, region } = this.#parts
    const operation = operationOf(method, address, headers, exchange.dialect)
    if (s3 !== undefined) refuseUnsupportedS3(s3, operation)
    const length = Number(headers['content-length'] ?? 0)
    const context = {
      storage,
      region,
      method,
      address,
      headers,
      dialect: exchange.dialect,
      bodyGate: (received: number) => {
        exchange.received = received
        return faults.gate(received, length)
      },
      now,
      origin: `http://${headers.host ?? ''}`,
      mayDelete: () => false,
      mayRead: async () => false,
      joining: async () => faults.atJoin(),
    }
    if (operation === 'PostObject') {
      refuseUnsupportedHeaders(headers, operation)
      return postObject({
        ...context,
        body: request,
        admit: async (form) => this.#admitForm(understood, form),
      })
    }
    const asked = askedOf(storage, region, request, { operation, address, headers, now })
    if (address.isWebsite === true) {
      const isOpen = async (key: string): Promise<boolean> => isShown(storage, asked, key)
      const mayRead = async (_bucket: string, key: string): Promise<boolean> => isOpen(key)
      return answerWebsite({ ...context, body: request, mayRead }, isOpen)
    }
    const { identity, body } = await this.#identify(understood, method, asked)
    if (identity.kind !== 'anyone') authorize(identity, asked)
    else checkRefererOf(storage, asked)
    refuseUnsupportedHeaders(headers, operation)
    return operations[operation]({
      ...context,
      body,
      mayDelete: (key) => mayAccess(identity, { ...asked, operation: 'DeleteObject' }, key),
      mayRead: async (bucket, key, versionId) =>
        mayReadObject(storage, identity, asked, { bucket, key, versionId }),
    })
  }

  /** Identifies the sender, and returns the body; S3 can sign the body too. */
  async #identify(
    { request, s3, now }: Understood,
    method: string,
    asked: AuthorizedRequest,
  ): Promise<{ readonly identity: Identity; readonly body: Readable }> {
    const { storage, account } = this.#parts
    if (s3 !== undefined && isSigned(s3)) return identifyS3(request, s3, now, account)
    return {
      identity: (await isOpenToAll(storage, asked))
        ? { kind: 'anyone' }
        : authenticate({ ...asked, method, now }, account),
      body: s3 === undefined ? request : contentOf(request, s3.payload, null),
    }
  }

  /**
   * Does for a posted form what {@link #answer} and {@link #operate} do for other requests, as soon as the
   * fields have been read.
   */
  async #admitForm(
    { exchange, request, faults, now, address: postedTo }: Understood,
    { fields, address, headers }: ObjectForm,
  ): Promise<FileSizeRange> {
    exchange.key = address.key
    await faults.join(
      [...this.#parts.faults.strikeKeyed(exchange), ...trafficLimit(fields.get('x-cos-traffic-limit'))],
      Number(request.headers['content-length'] ?? 0),
    )
    const { identity, fileSize } = authenticateForm(
      { fields, bucket: address.bucket, address: postedTo, headers: request.headers, now },
      this.#parts.account,
    )
    authorize(
      identity,
      askedOf(this.#parts.storage, this.#parts.region, request, {
        operation: 'PostObject',
        address,
        headers: { ...headersOfForm(request.headers), ...headers },
        now,
      }),
    )
    return fileSize
  }

  /** https://cloud.tencent.com/document/product/436/8288: preflights are never signed. */
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

  /** Sets CORS headers on every answer, including errors; otherwise a page could not read why it was refused. */
  #addCorsHeaders(exchange: Exchange, request: IncomingMessage, method: string): void {
    const { origin } = request.headers
    const bucket = this.#parts.storage.find(exchange.bucket)
    if (origin === undefined || bucket === undefined || method === 'OPTIONS') return
    exchange.setHeaders(corsHeaders(bucket.settings.cors, origin, method))
  }
}

const maxStsBody = 64 * 1024

function operationOf(
  method: string,
  address: Address,
  headers: IncomingHttpHeaders,
  dialect: Dialect,
): Operation {
  return address.isWebsite === true
    ? websiteOperation(method)
    : findOperation(method, address, headers, dialect)
}

/**
 * Headers of a form request that conditions of a policy may use. Anything else must be a form field, which the
 * form's policy signs.
 */
function headersOfForm(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const names = ['content-length', 'host', 'origin', 'referer', 'user-agent']
  return Object.fromEntries(names.map((name) => [name, headers[name]]))
}
