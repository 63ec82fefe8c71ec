import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { ensureBuilt, root } from '../../../scripts/workspace.mjs'
import { type ScratchFolder, makeScratchFolder } from './scratch-folder.js'

const entry = join(root, 'apps/carryon/dist/main.js')
const readyLine = /carryon ready: (https?:\/\/\S+) \((?:embedded store on|bucket) (https?:\/\/[^\s,)]+)/

/** `carryon serve` in its own process, on free ports and its own data directory. */
export interface Product {
  /** The page's address, with a trailing slash. */
  readonly url: string
  /** Address of the embedded store, or of the bucket in another store; without a trailing slash. */
  readonly storeUrl: string
  readonly dataDir: string
  /** All output of the process so far. */
  output(): string
  /** Kills the process, as a power cut would. */
  kill(): Promise<void>
  /** Starts again on the same data directory and ports. */
  restart(): Promise<void>
  /** Ends it as an operator would; rejects unless the exit code is 0. */
  stop(): Promise<void>
  /** Ends it if it is running, and removes its data. */
  remove(): Promise<void>
}

/** Starts the product as a user does; resolves once it reports that it is ready. */
export async function startProduct(env: Readonly<Record<string, string>> = {}): Promise<Product> {
  const folder = await makeScratchFolder('product')
  try {
    return await startIn(folder, env)
  } catch (error) {
    await folder.remove()
    throw error
  }
}

async function startIn(folder: ScratchFolder, env: Readonly<Record<string, string>>): Promise<Product> {
  const dataDir = join(folder.path, 'data')
  const first = await startUntilReady({ DATA_DIR: dataDir, ...env })
  const { url, storeUrl } = first
  let running: CarryonProcess = first
  return {
    url,
    storeUrl,
    dataDir,
    output: () => running.output(),
    kill: () => running.end('SIGKILL').then(() => undefined),
    async restart() {
      const ports = { PORT: new URL(url).port, LOCAL_STORE_PORT: new URL(storeUrl).port }
      running = await startUntilReady({ DATA_DIR: dataDir, ...env, ...ports })
    },
    async stop() {
      const code = await running.end('SIGTERM')
      if (code !== 0) throw new Error(`carryon ended with ${String(code)} on SIGTERM:\n${running.output()}`)
    },
    async remove() {
      await running.end('SIGKILL')
      await folder.remove()
    },
  }
}

/** One run of the command. */
export interface CarryonProcess {
  /** Resolves with the exit code, `null` when a signal ended it. */
  readonly exited: Promise<number | null>
  output(): string
  /** Resolves once the output matches `pattern`. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Runs `carryon serve` configured only by `env`, and waits for nothing. */
export function runCarryon(env: Readonly<Record<string, string>>, cwd?: string): CarryonProcess {
  ensureBuilt()
  const child = spawn(process.execPath, [entry, 'serve'], {
    // Not the repository root: a developer's own .env file there would be read.
    cwd: cwd ?? join(root, 'tests/browser'),
    env: { ...inherited(), HOST: '127.0.0.1', PORT: '0', LOCAL_STORE_PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const written = new EventEmitter()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      written.emit('more')
    })
  }
  const exited = once(child, 'close').then(() => child.exitCode)
  return {
    exited,
    output: () => output,
    printed: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          const found = pattern.exec(output)
          if (found === null) return
          written.off('more', look)
          resolve(found)
        }
        written.on('more', look)
        look()
      }),
    end: (signal) => end(child, exited, signal),
  }
}

function end(child: ChildProcess, exited: Promise<number | null>, signal: NodeJS.Signals) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  return exited
}

/** The part of this process's environment that any program needs to run. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot']
  return Object.fromEntries(names.flatMap((name) => [[name, process.env[name] ?? '']]))
}

async function startUntilReady(
  env: Readonly<Record<string, string>>,
): Promise<CarryonProcess & { readonly url: string; readonly storeUrl: string }> {
  const running = runCarryon({ LOCAL_STORE_FAULTS: '1', ...env })
  const ready = await Promise.race([running.printed(readyLine), running.exited])
  if (ready !== null && typeof ready === 'object') {
    const [, url, storeUrl] = ready
    if (url !== undefined && storeUrl !== undefined) return { ...running, url, storeUrl }
  }
  throw new Error(`carryon did not start:\n${running.output()}`)
}
