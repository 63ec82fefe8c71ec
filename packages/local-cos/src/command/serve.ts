import { resolve } from 'node:path'
import { startLocalCos, type LocalCos } from '../local-cos.js'
import { accountKey, type AccountKey } from './account-key.js'
import type { ServeArguments } from './arguments.js'
import { greeting, requestLine } from './printed-lines.js'

/** What a command needs from its process. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly print: (line: string) => void
}

/**
 * Starts the store and prints how to reach it.
 *
 * @throws {@link StartError}
 */
export async function serve(
  options: ServeArguments,
  version: string,
  { environment, print }: Surroundings,
): Promise<LocalCos> {
  const { data, page, faults, journal, json } = options
  const key = await accountKey(data, environment)
  const printJson = (line: object): void => print(JSON.stringify(line))
  const printRequest = (line: object): void => print(requestLine(line))
  const log = options.quiet ? undefined : json ? printJson : printRequest
  const store = await startLocalCos({
    ...(data === null ? {} : { directory: resolve(data) }),
    secretId: key.secretId,
    secretKey: key.secretKey,
    port: options.port,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.bucket === undefined ? {} : { bucket: options.bucket }),
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    ...(log === undefined ? {} : { log }),
    page,
    faults,
    journal,
  })
  if (json) printJson(readyLine(store, key, page))
  else print(greeting({ store, key, page, version, kept: data !== null }))
  return store
}

/** Omits a key from the environment: whoever set it has it. */
function readyLine(store: LocalCos, key: AccountKey, page: boolean): object {
  const { url, baseUrl, port, bucket, region } = store
  return {
    message: 'ready',
    url,
    baseUrl,
    port,
    bucket,
    region,
    pid: process.pid,
    ...(page ? { page: `${url}/_local` } : {}),
    ...(key.from === 'environment' ? {} : { secretId: key.secretId, secretKey: key.secretKey }),
  }
}
