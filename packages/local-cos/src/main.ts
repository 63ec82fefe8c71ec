#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { StartError, startLocalCos, type LocalCosOptions } from './index.js'

const usage = `Usage: local-cos --directory DIR [--host HOST] [--port PORT] [--bucket NAME-APPID] [--region REGION]
                 [--max-bytes N] [--faults] [--journal] [--quiet]
The account's key comes from COS_SECRET_ID and COS_SECRET_KEY.
When ready it prints one JSON line: {"message":"ready","url":…,"baseUrl":…,"port":…,"pid":…}.`

function readOptions(): LocalCosOptions {
  const { values } = parseArgs({
    options: {
      directory: { type: 'string' },
      host: { type: 'string' },
      port: { type: 'string' },
      bucket: { type: 'string' },
      region: { type: 'string' },
      'max-bytes': { type: 'string' },
      faults: { type: 'boolean', default: false },
      journal: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
    },
  })
  const given = {
    host: values.host,
    port: values.port === undefined ? undefined : Number(values.port),
    bucket: values.bucket,
    region: values.region,
    maxBytes: values['max-bytes'] === undefined ? undefined : Number(values['max-bytes']),
    log: values.quiet ? undefined : printLine,
  }
  return {
    directory: values.directory ?? '',
    secretId: process.env['COS_SECRET_ID'] ?? '',
    secretKey: process.env['COS_SECRET_KEY'] ?? '',
    faults: values.faults,
    journal: values.journal,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  }
}

function printLine(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

let options: LocalCosOptions
try {
  options = readOptions()
} catch (error) {
  fail(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
}
try {
  const store = await startLocalCos(options)
  const { url, baseUrl, port } = store
  printLine({ message: 'ready', url, baseUrl, port, pid: process.pid })
  const end = (): void => void store.close()
  process.once('SIGTERM', end).once('SIGINT', end)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  fail(error.code === 'INVALID_OPTIONS' ? `${error.message}\n${usage}` : error.message)
}
