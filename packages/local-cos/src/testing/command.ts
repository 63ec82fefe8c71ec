import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** The command, run in its own process. */
export class CommandUnderTest {
  readonly #process: ChildProcess
  #output = ''
  #errors = ''

  /** @param program the compiled `main.js`. */
  constructor(
    program: string,
    args: readonly string[],
    options: { readonly cwd?: string; readonly environment?: Readonly<Record<string, string>> } = {},
  ) {
    const inherited = { ...process.env }
    delete inherited['COS_SECRET_ID']
    delete inherited['COS_SECRET_KEY']
    const child = spawn(process.execPath, [program, ...args], {
      cwd: options.cwd,
      env: { ...inherited, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text))
    onTestFinished(() => void child.kill('SIGKILL'))
  }

  /** Output so far. */
  get output(): string {
    return this.#output
  }

  get errors(): string {
    return this.#errors
  }

  /** Resolves to the exit code after all output has been read. */
  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await once(this.#process, 'close')
    return this.#process.exitCode
  }

  async signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    const ended = this.ended()
    this.#process.kill(name)
    return ended
  }
}
