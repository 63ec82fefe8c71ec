import type { Config } from './config.js'
import { configuredServer } from './configured-server.js'
import { explainStartError } from './start-failure.js'
import { reachStorage } from './open-storage.js'

export interface FilesCommandOptions {
  /** Ids of files to remove. */
  readonly remove: readonly string[]
  /** Lists only the files of this owner. */
  readonly owner?: string
  /** Maximum number of files to list. */
  readonly limit: number
}

/** Number of files per request. */
const pageLength = 200

/**
 * `carryon files`: removes the given files, then lists the finished files of all owners, newest first. Can run while the
 * server runs, on the same database and bucket.
 * @returns whether all given files were removed.
 */
export async function filesCommand(
  config: Config,
  { remove, owner, limit }: FilesCommandOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const storage = await reachStorage(config).catch((error: unknown) => {
    throw explainStartError(error, config)
  })
  const server = configuredServer(config, storage, { sweepEvery: 0 })
  try {
    let done = true
    for (const id of remove) {
      const refusal = await server.uploads.remove(id).then(() => null, refusalOf)
      print(refusal === null ? `removed  ${id}` : `kept     ${id}  ${refusal}`)
      done &&= refusal === null
    }
    let listed = 0
    let after: Awaited<ReturnType<typeof server.uploads.list>>['next'] = null
    do {
      const { uploads, next } = await server.uploads.list({
        limit: Math.min(pageLength, limit - listed),
        ...(owner !== undefined && { owner }),
        ...(after !== null && { after }),
      })
      for (const { id, size, finishedAt, owner: whose, name } of uploads) {
        // `JSON.stringify`, because names and owners may contain terminal escape sequences.
        print(
          `file     ${id}  ${size} bytes, finished ${finishedAt ?? 'at an unknown time'}, of ${JSON.stringify(whose)}, ${JSON.stringify(name)}`,
        )
      }
      listed += uploads.length
      after = next
    } while (after !== null && listed < limit)
    print(after === null ? `${listed} files` : `${listed} files, and there are more: --limit shows them`)
    return done
  } catch (error) {
    throw explainStartError(error, config)
  } finally {
    await server.close()
  }
}

/** Why the server refused to remove a file. @throws errors that are not such a refusal */
function refusalOf(error: unknown): string {
  if (!(error instanceof Error) || error.name !== 'Problem') throw error
  return Reflect.get(error, 'code') === 'not-found' ? 'there is no finished file of this id' : error.message
}
