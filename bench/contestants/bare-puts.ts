import type { Contestant, Settings } from './contestant.js'

interface Put {
  readonly url: string
  readonly body: Blob
}

/**
 * Bare PUTs of file slices to URLs signed beforehand, a fixed number at once. No identity, no register, no completion. A
 * PUT that breaks is sent again at once.
 *
 * Settings: `partSize` in bytes, `lanes`.
 */
export class BarePuts implements Contestant {
  readonly #beside: (body: Blob, settings: Settings) => Promise<void>
  #settings: Settings = {}
  #urls: readonly string[] = []
  #partSize = 0
  #lanes = 0

  /** @param beside what else is done with each body while it is sent, and waited for */
  constructor(beside: (body: Blob, settings: Settings) => Promise<void> = () => Promise.resolve()) {
    this.#beside = beside
  }

  async prepare({ sizes, settings }: Parameters<Contestant['prepare']>[0]): Promise<void> {
    this.#settings = settings
    this.#partSize = settings['partSize'] ?? NaN
    this.#lanes = settings['lanes'] ?? NaN
    const [size = 0] = sizes
    this.#urls =
      sizes.length === 1
        ? await ask('/bare/parts', { partCount: Math.ceil(size / this.#partSize) })
        : await ask('/bare/objects', { count: sizes.length })
  }

  async upload(files: readonly File[]): Promise<void> {
    const [file] = files
    const bodies = files.length === 1 && file !== undefined ? this.#cut(file) : files
    const puts = bodies.map((body, index) => ({ url: this.#urls[index] ?? '', body }))
    const lane = async (): Promise<void> => {
      for (let next = puts.shift(); next !== undefined; next = puts.shift()) {
        await Promise.all([put(next), this.#beside(next.body, this.#settings)])
      }
    }
    await Promise.all(Array.from({ length: this.#lanes }, lane))
  }

  #cut(file: File): Blob[] {
    return this.#urls.map((_, index) => file.slice(index * this.#partSize, (index + 1) * this.#partSize))
  }
}

async function ask(path: string, body: object): Promise<readonly string[]> {
  const answer = await fetch(path, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return (await answer.json()) as readonly string[]
}

async function put(request: Put): Promise<void> {
  for (;;) {
    const status = await send(request)
    if (status === 200) return
    if (status !== 0) throw new Error(`The store answered ${status}`)
  }
}

/** @returns the status; 0 when the connection broke */
function send({ url, body }: Put): Promise<number> {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest()
    xhr.onloadend = () => resolve(xhr.status)
    xhr.open('PUT', url)
    xhr.send(body)
  })
}
