import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

/** Inside the workspace, so that packages left out of the bundle can be resolved from there. */
const output = join(import.meta.dirname, '../output')

/** A TypeScript module, bundled into a program that node can run. */
export interface Program {
  readonly file: string
  remove(): Promise<void>
}

/** @param entry Absolute path of the module. */
export async function programOf(entry: string): Promise<Program> {
  await mkdir(output, { recursive: true })
  const folder = await mkdtemp(join(output, 'processes-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: [/^@carryon\//u], resolve: { conditions: ['carryon-source', 'node', 'import'] } },
      build: {
        ssr: entry,
        outDir: folder,
        emptyOutDir: false,
        rolldownOptions: { output: { entryFileNames: 'entry.mjs' } },
      },
    })
  } catch (error) {
    await remove()
    throw error
  }
  return { file: join(folder, 'entry.mjs'), remove }
}

/**
 * Runs a TypeScript module in several real processes at once, all with the same arguments.
 *
 * @param entry Absolute path of the module.
 * @returns The output of each process, in start order.
 * @throws Error with the process's error output if one fails.
 */
export async function inProcesses(count: number, entry: string, args: readonly string[]): Promise<string[]> {
  const program = await programOf(entry)
  try {
    const running = Array.from({ length: count }, () =>
      spawn(process.execPath, [program.file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }),
    )
    return await Promise.all(running.map(outputOf))
  } finally {
    await program.remove()
  }
}

async function outputOf(child: ChildProcess): Promise<string> {
  let printed = ''
  let complaint = ''
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`a process ended with ${String(child.exitCode)}: ${complaint}`)
  return printed
}
