import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { NarrowStart } from '../link/narrow-sockets.js'
import type { Calls } from './service-host.js'

type Answer<Call> = Call extends (argument: never) => infer Value ? Awaited<Value> : never
type Argument<Call> = Call extends (argument: infer Value) => unknown ? Value : never

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

interface Reply {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

/** Node options that run TypeScript directly. */
export const nodeArguments = ['--import', 'tsx'] as const

/**
 * A separate process for one part of the test bed, so that its CPU time can be measured separately and no part blocks
 * another's event loop. It runs the packages as built, because that is how they are shipped: run from source, the
 * store hashes in the receiving thread, and large bodies take up to twice as long.
 */
export class Service<C extends Calls> {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, Pending>()
  #lastId = 0

  /**
   * @param module the script that calls `hostService`, such as `new URL('./x.ts', import.meta.url)`
   * @param start how to start the process; `null`: as Node with {@link nodeArguments}
   */
  constructor(module: URL, start: NarrowStart | null = null) {
    this.#child = fork(fileURLToPath(module), {
      ...(start === null ? {} : { execPath: start.execPath }),
      execArgv: [...(start?.execArgv ?? nodeArguments)],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.on('message', ({ id, value, error }: Reply) => {
      const pending = this.#pending.get(id)
      this.#pending.delete(id)
      if (error === undefined) pending?.resolve(value)
      else pending?.reject(new Error(error))
    })
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#pending.values()) {
        reject(new Error(`The process of ${module.pathname} ended with code ${code ?? 'none'}.`))
      }
      this.#pending.clear()
    })
  }

  async call<N extends keyof C & string>(name: N, argument: Argument<C[N]>): Promise<Answer<C[N]>> {
    const id = ++this.#lastId
    const value = await new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#child.send({ id, name, argument })
    })
    return value as Answer<C[N]>
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.disconnect()
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(kill)
  }
}
