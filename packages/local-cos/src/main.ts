#!/usr/bin/env node
import { runCommand } from './command/run-command.js'

const exitCode = await runCommand({
  args: process.argv.slice(2),
  environment: process.env,
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  started: (store) => {
    const end = (): void => void store.stop()
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, end)
  },
})
if (exitCode !== null) process.exitCode = exitCode
