#!/usr/bin/env node
import { runCommand } from './command/run-command.js'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const stopping = new AbortController()
// The first signal stops the store in order; a second one ends the process at once.
for (const signal of signals) process.once(signal, () => stopping.abort())

const exitCode = await runCommand({
  args: process.argv.slice(2),
  environment: process.env,
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  stopped: stopping.signal,
  started: (store) => {
    const end = (): void => void store.stop()
    if (stopping.signal.aborted) end()
    else stopping.signal.addEventListener('abort', end)
  },
})
if (exitCode !== null) process.exitCode = exitCode
