import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePorts } from './free-ports.js'
import { programOf } from './in-processes.js'
import { startRoundRobin } from './round-robin.js'

/** Arguments and environment of one server, given its port. */
export interface ServerSettings {
  readonly args?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** Servers in their own processes, behind a round-robin proxy. */
export interface ServerProcesses {
  /** URL of the proxy. */
  readonly url: string
  /** Kills each server in turn and restarts it on its port, while the others keep serving. */
  killOneAfterAnother(): Promise<void>
  close(): Promise<void>
}

/**
 * @param entry Absolute path of a TypeScript module that serves, and prints something once it is ready.
 * @throws Error if a server ends before it is ready.
 */
export async function startServerProcesses(
  count: number,
  entry: string,
  settingsOf: (port: number) => ServerSettings,
): Promise<ServerProcesses> {
  const program = await programOf(entry)
  const running = new Map<number, ChildProcess>()
  const start = async (port: number): Promise<void> => {
    const { args = [], environment } = settingsOf(port)
    const child = spawn(process.execPath, [program.file, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      ...(environment === undefined
        ? {}
        : { env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...environment } }),
    })
    running.set(port, child)
    const ended = once(child, 'exit').then(() =>
      Promise.reject(new Error('a server ended before it was ready')),
    )
    await Promise.race([once(child.stdout, 'data'), ended])
    ended.catch(() => undefined)
  }
  const end = async (): Promise<void> => {
    await Promise.all([...running.values()].map(kill))
    await program.remove()
  }
  const ports = await freePorts(count)
  try {
    await Promise.all(ports.map(start))
    const proxy = await startRoundRobin(ports)
    return {
      url: proxy.url,
      async killOneAfterAnother() {
        for (const port of ports) {
          const server = running.get(port)
          if (server !== undefined) await kill(server)
          await start(port)
        }
      },
      async close() {
        await proxy.close()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
