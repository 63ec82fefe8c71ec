import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createCosStore, type ObjectStore } from '@carryon/object-store'

const credentials = { accessKeyId: 'AKIDbench', secretAccessKey: 'bench' }
/** The bucket that the store creates by itself. */
export const bucket = 'carryon-1250000000'

/** The built program, as it is shipped. */
export const builtProgram = fileURLToPath(new URL('../../packages/local-cos/dist/main.js', import.meta.url))

/** Resolves the path of a build of the store relative to where npm was called, even if npm has changed the folder. */
export function programAt(given: string): string {
  const program = resolve(process.env['INIT_CWD'] ?? '.', given)
  if (!existsSync(program)) throw new Error(`There is no ${program}: run \`npm run build\` first.`)
  return program
}

/** The embedded store as a separate process, so that its processor time and memory can be measured. */
export class LocalCosProcess {
  readonly baseUrl: string
  readonly port: number
  readonly pid: number
  /** Milliseconds from starting the process until it reported that it is ready. */
  readonly readyMilliseconds: number
  readonly #ended: Promise<unknown>

  private constructor(
    ready: { readonly baseUrl: string; readonly port: number; readonly pid: number },
    readyMilliseconds: number,
    ended: Promise<unknown>,
  ) {
    this.baseUrl = ready.baseUrl
    this.port = ready.port
    this.pid = ready.pid
    this.readyMilliseconds = readyMilliseconds
    this.#ended = ended
  }

  static async start(program: string, directory: string): Promise<LocalCosProcess> {
    const began = performance.now()
    const child = spawn(
      process.execPath,
      [program, '--data', directory, '--port', '0', '--json', '--quiet'],
      {
        env: {
          ...process.env,
          COS_SECRET_ID: credentials.accessKeyId,
          COS_SECRET_KEY: credentials.secretAccessKey,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const ended = once(child, 'exit')
    for await (const line of createInterface({ input: child.stdout })) {
      const ready = JSON.parse(line) as {
        readonly baseUrl: string
        readonly port: number
        readonly pid: number
      }
      return new LocalCosProcess(ready, performance.now() - began, ended)
    }
    throw new Error('The store did not start.')
  }

  /** A client for its bucket. */
  client(): ObjectStore {
    const location = { dialect: 'cos', baseUrl: this.baseUrl, bucket, region: 'ap-guangzhou' } as const
    return createCosStore({ location, credentials })
  }

  /** Processor time of all its threads so far, in milliseconds. */
  async processorTime(): Promise<number> {
    return processorTimeOf(this.pid)
  }

  /** Its resident memory in MiB, now and at its peak (proc(5)). */
  async memory(): Promise<{ readonly now: number; readonly most: number }> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8')
    const kilobytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN)
    return { now: kilobytes('VmRSS') / 1024, most: kilobytes('VmHWM') / 1024 }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    process.kill(this.pid, signal)
    await this.#ended
  }
}

/** User and system time in milliseconds (proc(5), 100 ticks a second); `NaN` if unavailable. */
export async function processorTimeOf(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid ?? 0}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
