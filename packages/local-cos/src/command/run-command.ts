import { readFile } from 'node:fs/promises'
import { StartError } from '../errors.js'
import type { LocalCos } from '../local-cos.js'
import { readCommand, UsageError } from './arguments.js'
import { conformance } from './conformance.js'
import { help } from './help.js'
import { serve } from './serve.js'

/** Exit codes of the command; a running store has none yet. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const

/** The process environment of a command. */
export interface CommandProcess {
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly print: (line: string) => void
  readonly printError: (line: string) => void
  /** Called with the started store; the caller stops it when the process is told to end. */
  readonly started: (store: LocalCos) => void
  /** Aborted when the process is told to end during a conformance run. */
  readonly stopped?: AbortSignal
}

/** Runs a command line. Resolves to the exit code, or `null` while a store is running. */
export async function runCommand(outer: CommandProcess): Promise<number | null> {
  try {
    const command = readCommand(outer.args)
    switch (command.kind) {
      case 'help':
        outer.print(help[command.about])
        return exitCodes.done
      case 'version':
        outer.print(await ownVersion())
        return exitCodes.done
      case 'serve':
        outer.started(await serve(command.options, await ownVersion(), outer))
        return null
      case 'conformance':
        return await conformance(command.options, outer)
    }
  } catch (error) {
    return tell(error, outer.printError)
  }
}

function tell(error: unknown, printError: (line: string) => void): number {
  if (error instanceof UsageError || (error instanceof StartError && error.code === 'INVALID_OPTIONS')) {
    printError(`local-cos: ${error.message}\nlocal-cos --help lists the options.`)
    return exitCodes.usage
  }
  if (!(error instanceof StartError)) throw error
  const hint = error.code === 'PORT_TAKEN' ? '\n--port PORT chooses another; --port 0 takes a free one.' : ''
  printError(`local-cos: ${error.message}${hint}`)
  return exitCodes.failed
}

async function ownVersion(): Promise<string> {
  try {
    const json = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
    return (JSON.parse(json) as { readonly version: string }).version
  } catch {
    return '(unknown version)'
  }
}
