import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type CarryonProcess, runCarryon } from '../../browser/harness/product.js'
import { makeScratchFolder } from '../../browser/harness/scratch-folder.js'
import { StoreProcess } from './store-process.js'

export const bucket = 'carryon-1250000000'

/** The store and the application's server in separate processes, as with Tencent's store. */
export interface SeparateProduct {
  /** The page's address, with a trailing slash. */
  readonly url: string
  readonly store: StoreProcess
  readonly server: ServerProcess
  /** Ends both and removes their data. */
  remove(): Promise<void>
}

export async function startSeparately(): Promise<SeparateProduct> {
  const folder = await makeScratchFolder('separate')
  const objects = join(folder.path, 'objects')
  await mkdir(objects)
  const store = await StoreProcess.start(objects)
  const server = new ServerProcess({
    DATA_DIR: join(folder.path, 'server'),
    STORE: 'cos',
    COS_BUCKET: bucket,
    COS_REGION: 'ap-guangzhou',
    COS_SECRET_ID: store.key.secretId,
    COS_SECRET_KEY: store.key.secretKey,
    COS_ENDPOINT: store.url,
    STS_ENDPOINT: store.url,
  })
  const remove = async () => {
    await server.kill()
    await store.kill()
    await folder.remove()
  }
  try {
    await server.restart()
  } catch (error) {
    await remove()
    throw error
  }
  return { url: server.url, store, server, remove }
}

/** `carryon serve` without the embedded store; can be killed and restarted on the same data and port. */
export class ServerProcess {
  readonly #env: Readonly<Record<string, string>>
  #running: CarryonProcess | null = null
  #url: string | null = null

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env
  }

  get url(): string {
    if (this.#url === null) throw new Error('The server has not been started')
    return this.#url
  }

  async restart(): Promise<void> {
    const port = this.#url === null ? '0' : new URL(this.#url).port
    const running = runCarryon({ ...this.#env, PORT: port })
    this.#running = running
    const ready = await Promise.race([running.printed(/carryon ready: (http:\/\/\S+)/), running.exited])
    const url = ready !== null && typeof ready === 'object' ? ready[1] : undefined
    if (url === undefined) throw new Error(`carryon did not start:\n${running.output()}`)
    this.#url = url
  }

  /** Kills the process, as a power cut would. */
  async kill(): Promise<void> {
    await this.#running?.end('SIGKILL')
    this.#running = null
  }
}
