import { Agent, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** Simulated browsers: each keeps one connection to one server, and the cookie that identifies its owner. */
export class Browsers {
  readonly #agents: readonly Agent[]
  readonly #cookies = new Map<number, string>()
  readonly #ports: readonly number[]

  constructor(count: number, ports: readonly number[]) {
    this.#ports = ports
    this.#agents = Array.from({ length: count }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  }

  get count(): number {
    return this.#agents.length
  }

  /** @param browser 0 to `count - 1`; browsers are distributed over the servers in rotation, as by a proxy */
  post(browser: number, path: string, body: unknown): Promise<Answer> {
    const text = JSON.stringify(body)
    const cookie = this.#cookies.get(browser)
    return new Promise((resolve, reject) => {
      const sending = request(
        {
          host: '127.0.0.1',
          port: this.#ports[browser % this.#ports.length],
          agent: this.#agents[browser],
          method: 'POST',
          path,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(text),
            ...(cookie === undefined ? {} : { cookie }),
          },
        },
        (answer) => {
          const [given] = answer.headers['set-cookie'] ?? []
          if (given !== undefined) this.#cookies.set(browser, given.split(';', 1)[0] ?? '')
          let received = ''
          answer.setEncoding('utf8')
          answer.on('data', (chunk: string) => (received += chunk))
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: received }))
          answer.on('error', reject)
        },
      )
      sending.on('error', reject).end(text)
    })
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy()
  }
}
