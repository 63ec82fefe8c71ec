import { type ChildProcess, spawn } from 'node:child_process'
import { copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { programOf } from '../../support/in-processes.js'

const app = join(import.meta.dirname, '../../../apps/carryon')

/** Runs the `carryon` command from its source. */
export interface CommandProgram {
  run(args: readonly string[], options?: RunOptions): Promise<CommandRun>
  /** Ends the processes still running. */
  remove(): Promise<void>
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** Piped to stdin. */
  readonly input?: Readable
  /** Called with all stderr output so far and a function that ends the process. */
  readonly onSaid?: (said: string, end: (signal: NodeJS.Signals) => void) => void
}

export interface CommandRun {
  /** `null` when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export async function commandProgram(): Promise<CommandProgram> {
  const program = await programOf(join(app, 'src/main.ts'))
  const { file } = program
  // The command reads its version from this file.
  await copyFile(join(app, 'package.json'), join(dirname(file), '../package.json'))
  const running = new Set<ChildProcess>()
  return {
    async remove() {
      for (const child of running) child.kill('SIGKILL')
      await program.remove()
    },
    async run(args, { environment = {}, input, onSaid } = {}) {
      const child = spawn(process.execPath, [file, ...args], {
        env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...environment },
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      })
      running.add(child)
      child.once('close', () => running.delete(child))
      let [stdout, stderr] = ['', '']
      child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
      child.stderr?.on('data', (chunk: Buffer) => {
        stderr += chunk.toString()
        onSaid?.(stderr, (signal) => child.kill(signal))
      })
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
      // A command that fails early does not read the rest of its input.
      if (input !== undefined && child.stdin !== null)
        await pipeline(input, child.stdin).catch(() => undefined)
      return { code: await ended, stdout, stderr }
    },
  }
}
