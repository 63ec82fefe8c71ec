/** The parts of Node's `http` and `https` that are used. */
interface NodeHttp {
  readonly Agent: new (options: { readonly keepAlive: boolean }) => object
  request(url: string, options: object, onAnswer: (answer: NodeAnswer) => void): NodeRequest
}
interface NodeRequest {
  readonly reusedSocket: boolean
  on(event: 'error', listener: (error: Error) => void): NodeRequest
  end(): void
}
interface NodeAnswer {
  readonly statusCode: number
  readonly rawHeaders: readonly string[]
  resume(): void
}

type Fetch = typeof globalThis.fetch
type Send = (url: string, headers: Headers, signal: AbortSignal | null) => Promise<Response>

/**
 * The global `fetch`, except that in Node HEAD uses kept-alive connections. Node's `fetch` closes the connection
 * after each HEAD (undici, "to interop with misbehaving servers that may send a body in the response"), so a server
 * that checks every finished object would need a new handshake for each.
 */
export const fetchKeepingAlive: Fetch = (input, init) => {
  const isHead = init?.method === 'HEAD' && typeof input === 'string'
  const head = isHead ? senderFor(input) : null
  if (head === null || typeof input !== 'string') return globalThis.fetch(input, init)
  return head(input, new Headers(init?.headers), init?.signal ?? null)
}

const senders = new Map<string, Send | null>()

/** `null` outside Node. */
function senderFor(url: string): Send | null {
  const name = url.startsWith('https:') ? 'node:https' : 'node:http'
  const known = senders.get(name)
  if (known !== undefined) return known
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const http = process?.getBuiltinModule?.(name) as NodeHttp | undefined
  const sender = http === undefined ? null : senderOver(http)
  senders.set(name, sender)
  return sender
}

function senderOver(http: NodeHttp): Send {
  const agent = new http.Agent({ keepAlive: true })
  const attempt: Send = (url, headers, signal) =>
    new Promise((resolve, reject) => {
      const options = {
        method: 'HEAD',
        agent,
        headers: Object.fromEntries(headers),
        ...(signal === null ? {} : { signal }),
      }
      const request = http.request(url, options, (answer) => {
        answer.resume()
        resolve(new Response(null, { status: answer.statusCode, headers: headersOf(answer) }))
      })
      request.on('error', (error) => {
        // The store closed an idle connection at that moment: the request had no effect, and is sent again on another
        // connection.
        if (request.reusedSocket && signal?.aborted !== true)
          attempt(url, headers, signal).then(resolve, reject)
        else reject(error)
      })
      request.end()
    })
  return attempt
}

function headersOf({ rawHeaders }: NodeAnswer): Headers {
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  return headers
}
