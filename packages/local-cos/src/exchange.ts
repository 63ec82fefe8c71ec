import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { asCosError, CosError } from './errors.js'
import type { JournalEntry } from './journal.js'
import type { Answer } from './operations/context.js'
import type { Dialect } from './routes.js'
import { amzHeaders } from './s3/headers.js'
import { element, xmlDeclaration } from './xml.js'

/** Milliseconds between the spaces that keep a connection alive while parts are joined. */
const blankInterval = 500

const noOrigin = 'sandbox'
/** For files that are not pages: browsers may refuse to load their PDF viewer in a sandbox. */
const noScripts = "script-src 'none'; base-uri 'none'; form-action 'none'"

/** A request and its answer: writes the response and collects what the journal records. */
export class Exchange {
  readonly requestId: string
  /** Filled in while the request is parsed. */
  operation = 'Unknown'
  bucket = ''
  key = ''
  uploadId: string | undefined
  partNumber: number | undefined
  received = 0
  dialect: Dialect = 'cos'
  /** Websites have their own host, so their pages may run scripts. */
  isWebsite = false
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #startedAt: number
  #sent = 0
  #answered: readonly string[] = []
  #error: CosError | undefined
  #gone: Promise<void> | undefined

  constructor(request: IncomingMessage, response: ServerResponse, startedAt: number) {
    this.#request = request
    this.#response = response
    this.#startedAt = startedAt
    this.requestId = requestIdAt(startedAt)
  }

  /**
   * Sets the headers of every answer. Cookies ignore ports, so a page from this origin could set cookies of an
   * application on the same host. Therefore pages get no scripts and no origin, and content types are not
   * sniffed.
   */
  begin(now: number): void {
    if (!this.isWebsite) this.#response.setHeader('Content-Security-Policy', noOrigin)
    this.#response.setHeader('X-Content-Type-Options', 'nosniff')
    this.#response.setHeader('Date', new Date(now).toUTCString())
    this.#response.setHeader('Server', 'tencent-cos')
    this.#response.setHeader('x-cos-request-id', this.requestId)
    if (this.dialect === 's3') this.#response.setHeader('x-amz-request-id', this.requestId)
  }

  setHeaders(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) this.#response.setHeader(name, value)
  }

  /** Sends an answer, and releases its resources in any case. */
  async send(answer: Answer): Promise<void> {
    try {
      await this.#send(answer)
    } finally {
      await release(answer)
    }
  }

  async #send({ status, headers: given = {}, body }: Answer): Promise<void> {
    const response = this.#response
    const headers = this.dialect === 's3' ? amzHeaders(given) : given
    response.statusCode = status
    this.#answered = Object.keys(headers)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (!this.isWebsite && isPdf(response.getHeader('Content-Type'))) {
      response.setHeader('Content-Security-Policy', noScripts)
    }
    if (body === undefined) {
      if (!response.hasHeader('Content-Length') && status !== 204 && status !== 304) {
        response.setHeader('Content-Length', 0)
      }
      await this.#end('')
      return
    }
    switch (body.kind) {
      case 'xml':
      case 'json':
        response.setHeader('Content-Type', `application/${body.kind}`)
        response.setHeader('Content-Length', Buffer.byteLength(body.text))
        await this.#end(body.text)
        return
      case 'late-xml':
        await this.#sendLate(body.text)
        return
      case 'stream':
        for await (const chunk of body.stream as AsyncIterable<Buffer>) {
          if (response.destroyed) return
          this.#sent += chunk.length
          if (!response.write(chunk)) await this.#drained()
        }
        await this.#end('')
    }
  }

  /** Sends an error; if the answer has already begun, breaks the connection instead. */
  async sendError(thrown: unknown): Promise<void> {
    const error = this.#remember(thrown)
    const response = this.#response
    if (response.headersSent || response.destroyed) {
      response.destroy()
      return
    }
    response.statusCode = error.status
    // Remove headers of the answer that failed: an error has no encoding, range or ETag.
    for (const name of this.#answered) response.removeHeader(name)
    response.setHeader('Content-Security-Policy', noOrigin)
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value)
    response.setHeader('x-cos-trace-id', this.requestId)
    response.setHeader('Content-Type', 'application/xml')
    // "The answer to HEAD has no body", so its error has none either.
    const text = this.#request.method === 'HEAD' ? '' : xmlDeclaration + this.#errorElement(error)
    response.setHeader('Content-Length', Buffer.byteLength(text))
    await this.#end(text)
  }

  /** Breaks the connection without an answer, as a network failure would. */
  reset(): void {
    this.#request.socket.resetAndDestroy()
  }

  get closed(): boolean {
    return this.#response.destroyed || this.#response.closed || this.#request.socket.destroyed
  }

  /** Resolves when the connection is closed. Adds only one listener, however often it is called. */
  gone(): Promise<void> {
    return (this.#gone ??= this.closed
      ? Promise.resolve()
      : new Promise((resolve) => this.#response.once('close', resolve)))
  }

  journalEntry(): JournalEntry {
    const finished = this.#response.writableFinished
    const status = finished ? this.#response.statusCode : 0
    return {
      at: this.#startedAt,
      requestId: this.requestId,
      operation: this.operation,
      bucket: this.bucket,
      key: this.key,
      ...(this.uploadId === undefined ? {} : { uploadId: this.uploadId }),
      ...(this.partNumber === undefined ? {} : { partNumber: this.partNumber }),
      received: this.received,
      sent: this.#sent,
      status,
      ...(this.#error === undefined ? {} : { error: this.#error.code }),
      acknowledged: finished && status < 400 && this.#error === undefined,
    }
  }

  /** Internal cause of the error, if any: for the log, never for the client. */
  get failure(): unknown {
    return this.#error?.cause
  }

  /** The error the client received, or would have received. */
  get refusal(): CosError | undefined {
    return this.#error
  }

  async #sendLate(text: Promise<string>): Promise<void> {
    const response = this.#response
    response.setHeader('Content-Type', 'application/xml')
    response.flushHeaders()
    const blanks = setInterval(() => response.write(' '), blankInterval)
    try {
      const result = await text.catch((error: unknown) => this.#errorElement(this.#remember(error)))
      await this.#end(result)
    } finally {
      clearInterval(blanks)
    }
  }

  async #end(text: string): Promise<void> {
    this.#sent += Buffer.byteLength(text)
    this.#response.end(text)
    if (this.#response.writableFinished || this.closed) return
    await new Promise<void>((resolve) => {
      this.#response.once('finish', resolve).once('close', resolve)
    })
  }

  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#response.off('drain', done).off('close', done)
        resolve()
      }
      this.#response.on('drain', done).on('close', done)
    })
  }

  #remember(thrown: unknown): CosError {
    const error = asCosError(thrown)
    this.#error = this.dialect === 's3' ? asS3Error(error) : error
    return this.#error
  }

  #errorElement(error: CosError): string {
    return element('Error', [
      element('Code', error.code),
      element('Message', shortened(error.message)),
      ...Object.entries(error.elements).map(([name, value]) => element(name, shortened(value))),
      element(
        'Resource',
        shortened((this.#request.headers.host ?? '') + (this.#request.url ?? '/').replace(/\?.*$/, '')),
      ),
      element('RequestId', this.requestId),
      element('TraceId', this.requestId),
    ])
  }
}

/** S3 reports a failed no-overwrite condition like any other failed condition. */
function asS3Error(error: CosError): CosError {
  return error.code === 'FileAlreadyExists' ? new CosError('PreconditionFailed', error.message) : error
}

/**
 * Matches exactly: with `nosniff`, browsers treat this type as nothing else, but of a list of types they use
 * the last one.
 */
function isPdf(type: unknown): boolean {
  return typeof type === 'string' && type.toLowerCase() === 'application/pdf'
}

/** Maximum characters of the request repeated in an error; keeps answers small even if every character is escaped. */
const maxEcho = 2048

function shortened(text: string): string {
  return text.length <= maxEcho ? text : `${text.slice(0, maxEcho)}…`
}

/** Releases the resources of an answer, sent or not. May be called more than once. */
export async function release({ body }: Answer): Promise<void> {
  if (body?.kind !== 'stream') return
  body.stream.destroy()
  await body.close()
}

/** Ids of the real store are base64 of a time and random digits: `NjE…`. */
function requestIdAt(now: number): string {
  const time = Math.floor(now / 1000).toString(16)
  return Buffer.from(`${time}_${randomBytes(9).toString('hex')}`).toString('base64url')
}
