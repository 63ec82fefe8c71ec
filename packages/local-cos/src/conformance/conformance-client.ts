import http, { type IncomingHttpHeaders } from 'node:http'
import https from 'node:https'
import { encodeStrictly, sign } from '../signature.js'
import { childText, parseXml, type XmlElement } from '../xml.js'
import type { Endpoint } from './endpoint.js'

export interface Credentials {
  readonly secretId: string
  readonly secretKey: string
  /** Session token of a temporary key. */
  readonly token?: string
}

export interface Call {
  readonly method: string
  /** Decoded, without the leading slash; empty for the bucket itself. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Sent without `Content-Length`. */
  readonly chunked?: boolean
  readonly signing?: Signing
}

/** Deviations from the usual way of signing. */
export interface Signing {
  readonly secretId?: string
  readonly secretKey?: string
  /** Seconds from now. */
  readonly from?: number
  readonly until?: number
  /** Headers and parameters that are sent but not signed. */
  readonly unsigned?: readonly string[]
  /** `url`: sign in the query; `none`: do not sign. */
  readonly as?: 'header' | 'url' | 'none'
  /** Path to sign instead of the real one, with its leading slash. */
  readonly path?: string
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly xml: XmlElement
  /** Error code; '' if none. */
  readonly code: string
  /** Text of an element below the XML's root; '' if missing. */
  readonly text: (name: string) => string
}

/** Milliseconds a connection may be silent; joining parts may take a while. */
const silence = 60_000

/** Sends the requests of the checks exactly as specified. An SDK would hide some differences by correcting them. */
export class ConformanceClient {
  readonly endpoint: Endpoint
  readonly credentials: Credentials
  readonly #agent: http.Agent
  #requests = 0
  #sent = 0

  constructor(endpoint: Endpoint, credentials: Credentials) {
    this.endpoint = endpoint
    this.credentials = credentials
    const options = { keepAlive: true, maxSockets: 4 }
    this.#agent = endpoint.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options)
  }

  get requests(): number {
    return this.#requests
  }

  /** Total bytes of all request bodies. */
  get sent(): number {
    return this.#sent
  }

  close(): void {
    this.#agent.destroy()
  }

  async call(call: Call): Promise<Reply> {
    const body = call.body === undefined ? Buffer.alloc(0) : Buffer.from(call.body)
    this.#requests++
    this.#sent += body.length
    const { path, headers } = this.#signed(call, body.length)
    const { protocol, hostname, port, host } = this.endpoint
    const { request } = protocol === 'https:' ? https : http
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          hostname,
          ...(port === '' ? {} : { port }),
          path,
          method: call.method,
          headers,
          agent: this.#agent,
          ...(protocol === 'https:' ? { servername: host.replace(/:\d+$/, '') } : {}),
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            resolve(replyOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)))
          })
        },
      )
      outgoing.setTimeout(silence, () => outgoing.destroy(new Error(`no answer for ${silence / 1000} s`)))
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  #signed(call: Call, length: number): { readonly path: string; readonly headers: Record<string, string> } {
    const { method, key, query = {}, signing = {} } = call
    const { secretId, secretKey, token } = this.credentials
    const headers: Record<string, string> = { host: this.endpoint.host, ...call.headers }
    if (call.chunked === true) headers['transfer-encoding'] = 'chunked'
    else if (length > 0 || method === 'PUT' || method === 'POST') headers['content-length'] ??= String(length)
    const encodedPath = `/${key.split('/').map(encodeStrictly).join('/')}`
    if (signing.as === 'none') return { path: withQuery(encodedPath, query), headers }
    const now = Math.floor(Date.now() / 1000)
    const keyTime = `${now + (signing.from ?? -60)};${now + (signing.until ?? 900)}`
    const isSigned = ([name]: readonly [string, string]): boolean => signing.unsigned?.includes(name) !== true
    // Node adds Transfer-Encoding itself, so it is not signed.
    const signedHeaders = Object.entries(headers).filter(
      (pair) =>
        isSigned(pair) && pair[0] !== 'transfer-encoding' && (signing.as !== 'url' || pair[0] === 'host'),
    )
    const parameters = Object.entries(query).filter(isSigned)
    const { signature } = sign(
      { method, path: signing.path ?? `/${key}`, parameters, headers: signedHeaders, keyTime },
      signing.secretKey ?? secretKey,
    )
    const fields = {
      'q-sign-algorithm': 'sha1',
      'q-ak': signing.secretId ?? secretId,
      'q-sign-time': keyTime,
      'q-key-time': keyTime,
      'q-header-list': namesOf(signedHeaders),
      'q-url-param-list': namesOf(parameters),
      'q-signature': signature,
    }
    const tokenPart = token === undefined ? {} : { 'x-cos-security-token': token }
    if (signing.as === 'url') {
      return { path: withQuery(encodedPath, { ...query, ...fields, ...tokenPart }), headers }
    }
    const authorization = Object.entries(fields)
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
    return { path: withQuery(encodedPath, query), headers: { ...headers, ...tokenPart, authorization } }
  }
}

function namesOf(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .map(([name]) => encodeStrictly(name).toLowerCase())
    .toSorted()
    .join(';')
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = Object.entries(query)
    .map(([name, value]) =>
      value === '' ? encodeStrictly(name) : `${encodeStrictly(name)}=${encodeStrictly(value)}`,
    )
    .join('&')
  return text === '' ? path : `${path}?${text}`
}

function replyOf(status: number, headers: IncomingHttpHeaders, body: Buffer): Reply {
  const xml = xmlOf(headers, body)
  const text = (name: string): string => childText(xml, name) ?? ''
  return { status, headers, body, xml, code: xml.name === 'Error' ? text('Code') : '', text }
}

function xmlOf(headers: IncomingHttpHeaders, body: Buffer): XmlElement {
  const none = { name: '', children: [], text: '' }
  if (body.length === 0 || !/xml/.test(headers['content-type'] ?? '')) return none
  try {
    return parseXml(body.toString().trim())
  } catch {
    return none
  }
}
