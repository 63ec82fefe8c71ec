/** Functions that a service offers to its parent process: one argument, one result, both plain data. */
export type Calls = Record<string, (argument: never) => unknown>

interface Request {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

/** Milliseconds that `close` may take. */
const longestClose = 10_000

/**
 * Makes this process answer its parent's calls until the parent disconnects; then `close` runs and the process ends.
 *
 * @param calls one function for each name
 */
export function hostService(calls: Calls, close: () => Promise<void>): void {
  process.on('message', (request: Request) => {
    void answer(calls, request).then((reply) => process.send?.(reply))
  })
  process.on('disconnect', () => {
    // If the parent was killed, its browser's connections may keep `close` waiting, and nobody else ends this process.
    setTimeout(() => process.exit(1), longestClose).unref()
    void close().finally(() => process.exit(0))
  })
  // Ctrl-C reaches the whole process group, but the parent decides when this process ends.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => undefined)
}

async function answer(calls: Calls, { id, name, argument }: Request): Promise<object> {
  try {
    const call = calls[name]
    if (call === undefined) throw new Error(`This service has no call ${name}.`)
    return { id, value: await call(argument as never) }
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** CPU time of this process so far, milliseconds. */
export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
