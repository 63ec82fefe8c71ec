import type { Config } from './config.js'
import { configuredServer } from './configured-server.js'
import { explainStart } from './start-failure.js'
import { reachStorage, reachTriedStorage } from './open-storage.js'

export interface UploadsCommandOptions {
  /** Id of one upload to end. */
  readonly abort?: string
  readonly sweep: boolean
}

/**
 * `carryon uploads`: lists what has begun and not ended, after ending what is asked for. Runs beside the server, on
 * the same database and bucket.
 * @returns whether everything that was asked for was done.
 */
export async function uploadsCommand(
  config: Config,
  { abort, sweep }: UploadsCommandOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const storage = await (sweep ? reachTriedStorage(config) : reachStorage(config)).catch((error: unknown) => {
    throw explainStart(error, config)
  })
  const server = configuredServer(config, storage, { sweepEvery: 0 })
  try {
    let done = true
    if (abort !== undefined) {
      done = await server.abort(abort)
      print(done ? `ended    ${abort}` : `none     no upload ${abort} is open`)
    }
    if (sweep) {
      const { expired, completed, oversize, cleaned, orphans, errors } = await server.sweep()
      print(
        `swept    ${expired} stale, ${completed} completed,${oversize > 0 ? ` ${oversize} of more than twice their size,` : ''} ${cleaned} cleaned up, ${orphans} unknown fragments, ${errors} errors`,
      )
      done &&= errors === 0
    }
    const { uploads, fragments } = await server.unfinished()
    for (const { id, state, size, createdAt, expiresAt, name } of uploads) {
      // A name is whatever somebody typed; escapes of a terminal are not to be obeyed.
      const shown = JSON.stringify(name)
      print(
        `${state.padEnd(8)} ${id}  ${size} bytes, begun ${createdAt.toISOString()}, until ${expiresAt.toISOString()}, ${shown}`,
      )
    }
    for (const { key, uploadId, initiated } of fragments) {
      print(`fragment ${uploadId}  of no upload, begun ${initiated.toISOString()}, ${JSON.stringify(key)}`)
    }
    print(`${uploads.length} unfinished uploads, ${fragments.length} fragments of no upload`)
    return done
  } catch (error) {
    throw explainStart(error, config)
  } finally {
    await server.close()
  }
}
