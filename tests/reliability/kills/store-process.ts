import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { JournalEntry } from '@carryon/local-cos'
import { ensureBuilt, root } from '../../../scripts/workspace.mjs'

const entry = join(root, 'packages/local-cos/dist/main.js')

/** One answered, refused or broken request in the store's log. */
export interface LoggedRequest extends JournalEntry {
  /** Duration from its first byte to the end of its response. */
  readonly milliseconds: number
}

/** The account's key, used by the application's server for signing. */
export interface AccountKey {
  readonly secretId: string
  readonly secretKey: string
}

/**
 * The store in its own process; can be killed and restarted on the same data and port. Its log outlives it: each line
 * is received here before the request's connection ends.
 */
export class StoreProcess {
  readonly key: AccountKey = {
    secretId: `AKID${randomBytes(8).toString('hex')}`,
    secretKey: randomBytes(20).toString('hex'),
  }
  readonly #directory: string
  readonly #requests: LoggedRequest[] = []
  #child: ChildProcess | null = null
  #url: string | null = null

  private constructor(directory: string) {
    this.#directory = directory
  }

  static async start(directory: string): Promise<StoreProcess> {
    ensureBuilt()
    const store = new StoreProcess(directory)
    await store.restart()
    return store
  }

  get directory(): string {
    return this.#directory
  }

  /** Without a trailing slash. */
  get url(): string {
    if (this.#url === null) throw new Error('The store has not been started')
    return this.#url
  }

  /** All log entries so far, of every process that served this data. */
  get requests(): readonly LoggedRequest[] {
    return this.#requests
  }

  async restart(): Promise<void> {
    const port = this.#url === null ? '0' : new URL(this.#url).port
    const child = spawn(
      process.execPath,
      [entry, '--data', this.#directory, '--port', port, '--faults', '--json'],
      {
        env: { ...process.env, COS_SECRET_ID: this.key.secretId, COS_SECRET_KEY: this.key.secretKey },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    this.#child = child
    this.#url = await this.#readLog(child)
  }

  /** Kills the process, as a power cut would. Resolves when all its log output has been read. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null) return
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
  }

  /**
   * Bytes written of each request body that a killed process was receiving. Call this while no process runs: the next
   * one deletes them.
   */
  async cutBodies(): Promise<readonly number[]> {
    const folder = join(this.#directory, 'temporary')
    return Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size))
  }

  /** Sizes of the parts on disk, by part number, whether or not anybody was told. */
  async storedParts(bucket: string, uploadId: string): Promise<ReadonlyMap<number, number>> {
    const folder = join(this.#directory, 'buckets', bucket, 'parts', uploadId)
    const parts = (await readdir(folder)).flatMap((name): [number, number][] => {
      const [, partNumber, size] = /^(\d+)-\d+-(\d+)-/.exec(name) ?? []
      return partNumber === undefined ? [] : [[Number(partNumber), Number(size)]]
    })
    return new Map(parts)
  }

  #readLog(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      if (child.stdout === null) throw new TypeError('The store was started without a pipe')
      const lines = createInterface({ input: child.stdout })
      lines.on('line', (line) => {
        const logged = JSON.parse(line) as { message?: string; url?: string } | LoggedRequest
        if ('operation' in logged) this.#requests.push(logged)
        else if (logged.message === 'ready' && logged.url !== undefined) resolve(logged.url)
      })
      lines.on('close', () => reject(new Error('The store ended before it was ready')))
    })
  }
}
