import type { Config } from './config.js'
import { configuredServer } from './configured-server.js'
import { explainStartError } from './start-failure.js'
import { reachStorage, reachTriedStorage } from './open-storage.js'

export interface UploadsCommandOptions {
  /** Id of an upload to abort. */
  readonly abort?: string
  readonly sweep: boolean
}

/**
 * `carryon uploads`: ends the uploads as requested, then lists those that have started but not ended. Can run while the
 * server runs, on the same database and bucket.
 * @returns whether everything requested was done.
 */
export async function uploadsCommand(
  config: Config,
  { abort, sweep }: UploadsCommandOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const storage = await (sweep ? reachTriedStorage(config) : reachStorage(config)).catch((error: unknown) => {
    throw explainStartError(error, config)
  })
  const server = configuredServer(config, storage, { sweepEvery: 0 })
  try {
    let done = true
    if (abort !== undefined) {
      done = await server.abort(abort)
      print(done ? `ended    ${abort}` : `none     no upload ${abort} is open`)
    }
    if (sweep) {
      const { expired, completed, oversize, retired, cleaned, orphans, errors } = await server.sweep()
      print(
        `swept    ${expired} expired, ${completed} completed,${oversize > 0 ? ` ${oversize} of more than twice their size,` : ''}${retired > 0 ? ` ${retired} kept long enough,` : ''} ${cleaned} cleaned up, ${orphans} orphans, ${errors} errors`,
      )
      done &&= errors === 0
    }
    const { uploads, orphans } = await server.unfinished()
    for (const { id, state, size, createdAt, expiresAt, name } of uploads) {
      // `JSON.stringify`, because a file name may contain terminal escape sequences.
      const shown = JSON.stringify(name)
      print(
        `${state.padEnd(8)} ${id}  ${size} bytes, begun ${createdAt.toISOString()}, until ${expiresAt.toISOString()}, ${shown}`,
      )
    }
    for (const { key, uploadId, initiated } of orphans) {
      print(`orphan   ${uploadId}  begun ${initiated.toISOString()}, ${JSON.stringify(key)}`)
    }
    print(`${uploads.length} unfinished uploads, ${orphans.length} orphaned multipart uploads`)
    return done
  } catch (error) {
    throw explainStartError(error, config)
  } finally {
    await server.close()
  }
}
