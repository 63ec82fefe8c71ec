import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../scripts/postgres.mjs'

export type DatabaseKind = 'sqlite' | 'postgres'

/** Server processes that share one fresh database. */
export interface ServerProcesses {
  readonly ports: readonly number[]
  /** Total processor time of the server processes so far, in milliseconds, without a PostgreSQL server's. */
  processorTime(): Promise<number>
  stop(): Promise<void>
}

export async function startServers(kind: DatabaseKind, processes: number): Promise<ServerProcesses> {
  const folder = await mkdtemp(join(tmpdir(), 'carryon-bench-'))
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    let database = join(folder, 'carryon.sqlite')
    if (kind === 'postgres') {
      const postgres = await startPostgres({ durable: true })
      closing.push(() => postgres.stop())
      database = postgres.url
    }
    const ports: number[] = []
    const children: ChildProcess[] = []
    for (let count = 0; count < processes; count += 1) {
      const { child, port } = await startProcess(database)
      closing.push(() => end(child))
      ports.push(port)
      children.push(child)
    }
    return {
      ports,
      async processorTime() {
        const times = await Promise.all(children.map(processorTimeOf))
        return times.reduce((sum, time) => sum + time, 0)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startProcess(database: string): Promise<{ child: ChildProcess; port: number }> {
  const entry = join(import.meta.dirname, 'server-process.ts')
  const child = spawn(
    process.execPath,
    ['--conditions=carryon-source', '--import', 'tsx', entry, database],
    // The log goes to stdout, as in production, and is discarded.
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
  )
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error('a server ended before it was ready')),
  )
  const [port] = (await Promise.race([once(child, 'message'), ended])) as [number]
  ended.catch(() => undefined)
  return { child, port }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function processorTimeOf(child: ChildProcess): Promise<number> {
  const answered = once(child, 'message')
  child.send('how much?')
  const [milliseconds] = (await answered) as [number]
  return milliseconds
}
