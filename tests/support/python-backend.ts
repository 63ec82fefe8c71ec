import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from '../../scripts/workspace.mjs'
import { missingPrograms, pathOf } from '../../scripts/debian-packages.mjs'

export const pythonFolder = join(root, 'examples/backend-python')

/** Why Python is not available; `null` if it is. */
export function whyNoPython(): string | null {
  return missingPrograms(['python3'], ['python3'])
}

export function python(): string {
  return pathOf('python3') ?? 'python3'
}

/** The Python example backend, in its own process. */
export interface PythonBackend {
  /** Base address of its API. */
  readonly api: string
  /** Kills it, as a crash would. */
  kill(): Promise<void>
}

/** @param environment see the example's documentation; `PORT` defaults to a free port */
export async function startPythonBackend(
  environment: Readonly<Record<string, string>>,
): Promise<PythonBackend> {
  const child = spawn(python(), ['-B', join(pythonFolder, 'backend.py')], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  let said = ''
  const api = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => reject(new Error(`The backend ended before it was ready: ${said}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const [, address] = /ready: (\S+)/.exec(said) ?? []
      if (address !== undefined) resolve(address)
    })
  })
  return {
    api,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
