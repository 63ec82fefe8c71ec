import type { Contestant, Settings } from './contestant.js'

/** Where a body is sent: as a form with these fields, or without `fields` as a PUT. */
interface Target {
  readonly url: string
  readonly fields?: Readonly<Record<string, string>>
}

interface Put extends Target {
  readonly body: Blob
}

/**
 * Bare PUTs of file slices to presigned URLs, a fixed number at once, without fingerprint, upload record or
 * completion. A PUT whose connection breaks is sent again immediately.
 *
 * Settings: `partSize` in bytes; `lanes`, the number of PUTs at once; with `forms: 1` several files are sent as one
 * form each.
 */
export class BarePuts implements Contestant {
  readonly #beside: (body: Blob, settings: Settings) => Promise<void>
  #settings: Settings = {}
  #targets: readonly Target[] = []
  #partSize = 0
  #lanes = 0

  /** @param beside runs for each body while it is sent; the lane waits for both */
  constructor(beside: (body: Blob, settings: Settings) => Promise<void> = () => Promise.resolve()) {
    this.#beside = beside
  }

  async prepare({ sizes, settings }: Parameters<Contestant['prepare']>[0]): Promise<void> {
    this.#settings = settings
    this.#partSize = settings['partSize'] ?? NaN
    this.#lanes = settings['lanes'] ?? NaN
    const [size = 0] = sizes
    const count = sizes.length
    if (count === 1) {
      this.#targets = urls(await ask('/bare/parts', { partCount: Math.ceil(size / this.#partSize) }))
    } else if (settings['forms'] === 1) {
      this.#targets = await ask('/bare/forms', { count })
    } else {
      this.#targets = urls(await ask('/bare/objects', { count }))
    }
  }

  async upload(files: readonly File[]): Promise<void> {
    const [file] = files
    const bodies = files.length === 1 && file !== undefined ? this.#cut(file) : files
    const puts = bodies.map((body, index) => ({ url: '', ...this.#targets[index], body }))
    const lane = async (): Promise<void> => {
      for (let next = puts.shift(); next !== undefined; next = puts.shift()) {
        await Promise.all([put(next), this.#beside(next.body, this.#settings)])
      }
    }
    await Promise.all(Array.from({ length: this.#lanes }, lane))
  }

  #cut(file: File): Blob[] {
    return this.#targets.map((_, index) => file.slice(index * this.#partSize, (index + 1) * this.#partSize))
  }
}

function urls(signed: readonly string[]): readonly Target[] {
  return signed.map((url) => ({ url }))
}

async function ask<T>(path: string, body: object): Promise<readonly T[]> {
  const answer = await fetch(path, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return (await answer.json()) as readonly T[]
}

async function put(request: Put): Promise<void> {
  for (;;) {
    const status = await send(request)
    if (status === 200 || status === 204) return
    if (status !== 0) throw new Error(`The store answered ${status}`)
  }
}

/** @returns the HTTP status; 0 if the connection broke */
function send({ url, fields, body }: Put): Promise<number> {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest()
    xhr.onloadend = () => resolve(xhr.status)
    xhr.open(fields === undefined ? 'PUT' : 'POST', url)
    xhr.send(fields === undefined ? body : formOf(fields, body))
  })
}

function formOf(fields: Readonly<Record<string, string>>, body: Blob): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', body)
  return form
}
