import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Program, programOf } from '../../support/in-processes.js'
import { freePorts } from '../../support/free-ports.js'

const app = join(import.meta.dirname, '../../../apps/carryon')

/** Runs `carryon serve` repeatedly in child processes, one at a time, on one data directory and the same ports. */
export class ServeProcess {
  readonly url: string
  readonly #program: Program
  readonly #directory: string
  readonly #environment: Readonly<Record<string, string>>
  #child: ChildProcess | undefined

  private constructor(program: Program, directory: string, environment: Readonly<Record<string, string>>) {
    this.#program = program
    this.#directory = directory
    this.#environment = environment
    this.url = `http://127.0.0.1:${environment['PORT'] ?? ''}`
  }

  /** Bundles the command from its source; starts nothing yet. */
  static async prepare(environment: Readonly<Record<string, string>>): Promise<ServeProcess> {
    const program = await programOf(join(app, 'src/main.ts'))
    // The command reads its version from this file.
    await copyFile(join(app, 'package.json'), join(dirname(program.file), '../package.json'))
    const directory = await mkdtemp(join(tmpdir(), 'carryon-serving-'))
    const [port, storePort] = await freePorts(2)
    return new ServeProcess(program, directory, {
      PATH: process.env['PATH'] ?? '',
      NODE_NO_WARNINGS: '1',
      LOG_LEVEL: 'warn',
      DATA_DIR: join(directory, 'data'),
      PORT: String(port),
      LOCAL_STORE_PORT: String(storePort),
      ...environment,
    })
  }

  /** Starts the server; resolves once it is ready. */
  async start(): Promise<void> {
    const child = this.#spawn(['serve'])
    this.#child = child
    let said = ''
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('carryon ready')) resolve()
      })
      child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
      child.once('close', () => reject(new Error(`carryon serve ended: ${said}`)))
    })
  }

  /** Kills the server, as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined) return
    const gone = once(child, 'close')
    child.kill('SIGKILL')
    await gone
  }

  /** Runs another command on the same data directory until it exits. */
  async run(...args: string[]): Promise<{ readonly code: number | null; readonly printed: string }> {
    const child = this.#spawn(args)
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    }
    await once(child, 'close')
    return { code: child.exitCode, printed }
  }

  async remove(): Promise<void> {
    await this.kill()
    await this.#program.remove()
    await rm(this.#directory, { recursive: true, force: true })
  }

  #spawn(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [this.#program.file, ...args], {
      env: this.#environment,
      cwd: this.#directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }
}
