import { createCipheriv } from 'node:crypto'
import { request, type IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { encodeStrictly, sign } from '../signature.js'
import { childText, parseXml, type XmlElement } from '../xml.js'

export interface Credentials {
  readonly secretId: string
  readonly secretKey: string
  readonly token?: string
}

export interface Call {
  readonly method: string
  /** Not encoded, with a leading slash. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | Readable
  /** `false` to send the request unsigned. */
  readonly credentials?: Credentials | false
  /** `start;end` in Unix seconds. */
  readonly keyTime?: string
  /** Names of headers and parameters that are sent but not signed. */
  readonly unsigned?: readonly string[]
  readonly host?: string
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly text: string
  /** Root element of an XML body. */
  readonly xml: XmlElement
  /** `Code` of an error body, otherwise ''. */
  readonly code: string
}

/**
 * Sends signed requests as raw as tests need them. Shares only `sign` with the store, which is checked with
 * golden vectors.
 */
export class TestClient {
  readonly #url: URL
  readonly #credentials: Credentials

  constructor(url: string, credentials: Credentials) {
    this.#url = new URL(url)
    this.#credentials = credentials
  }

  async call(call: Call): Promise<Reply> {
    const { options, body } = this.#prepare(call)
    return new Promise((resolve, reject) => {
      const outgoing = request(options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const content = Buffer.concat(chunks)
          resolve(replyOf(response.statusCode ?? 0, response.headers, content))
        })
      })
      outgoing.on('error', reject)
      if (body === undefined) outgoing.end()
      else if (typeof body === 'string' || body instanceof Uint8Array) outgoing.end(body)
      else body.pipe(outgoing)
    })
  }

  #prepare(call: Call): { options: object; body: Call['body'] } {
    const { method, path, query = {}, body } = call
    const credentials = call.credentials ?? this.#credentials
    const host = call.host ?? this.#url.host
    const headers: Record<string, string> = { host, ...call.headers }
    if (typeof body === 'string' || body instanceof Uint8Array) {
      headers['content-length'] ??= String(Buffer.byteLength(body))
    }
    const search = Object.entries(query).map(
      ([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`,
    )
    if (credentials !== false) {
      headers['authorization'] = authorization(call, headers, credentials)
      if (credentials.token !== undefined) headers['x-cos-security-token'] = credentials.token
    }
    const encodedPath = path.split('/').map(encodeStrictly).join('/')
    return {
      options: {
        host: this.#url.hostname,
        port: this.#url.port,
        method,
        path: encodedPath + (search.length === 0 ? '' : `?${search.join('&')}`),
        headers,
        // Use a separate connection, so that a body cut short on purpose cannot run into the next request.
        agent: false,
      },
      body,
    }
  }
}

export function authorization(
  call: Call,
  headers: Readonly<Record<string, string>>,
  { secretId, secretKey }: Credentials,
): string {
  const now = Math.floor(Date.now() / 1000)
  const keyTime = call.keyTime ?? `${now - 1};${now + 900}`
  const unsigned = new Set(call.unsigned)
  const signedHeaders = Object.entries(headers).filter(([name]) => !unsigned.has(name))
  const parameters = Object.entries(call.query ?? {}).filter(([name]) => !unsigned.has(name))
  const { signature } = sign(
    { method: call.method, path: call.path, parameters, headers: signedHeaders, keyTime },
    secretKey,
  )
  const list = (pairs: readonly (readonly [string, string])[]): string =>
    pairs
      .map(([name]) => encodeStrictly(name).toLowerCase())
      .sort()
      .join(';')
  return [
    'q-sign-algorithm=sha1',
    `q-ak=${secretId}`,
    `q-sign-time=${keyTime}`,
    `q-key-time=${keyTime}`,
    `q-header-list=${list(signedHeaders)}`,
    `q-url-param-list=${list(parameters)}`,
    `q-signature=${signature}`,
  ].join('&')
}

function replyOf(status: number, headers: IncomingHttpHeaders, body: Buffer): Reply {
  const text = body.toString()
  const isXml = headers['content-type'] === 'application/xml' && text !== ''
  const xml = isXml ? parseXml(text) : { name: '', children: [], text: '' }
  const code = xml.name === 'Error' ? (childText(xml, 'Code') ?? '') : ''
  return { status, headers, body, text, xml, code }
}

/** Non-repeating bytes that differ for each seed. */
export function testBytes(size: number, seed = 0): Buffer {
  const key = Buffer.alloc(16)
  key.writeUInt32BE(seed)
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size))
}
