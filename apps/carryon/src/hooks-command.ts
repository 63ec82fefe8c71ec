import type { PendingDelivery } from '@carryon/server'
import type { Config } from './config.js'
import { configuredServer } from './configured-server.js'
import { reachStorage } from './open-storage.js'
import { StartError } from './start-error.js'
import { explainStartError } from './start-failure.js'

export interface HooksCommandOptions {
  /** Ids of uploads to deliver again. */
  readonly resend?: readonly string[]
  readonly resendAll: boolean
  /** Ids of uploads whose delivery to give up. */
  readonly forget?: readonly string[]
}

/**
 * `carryon hooks`: delivers or forgets the given finished uploads, then lists those of which the application has not been
 * notified. Can run while the server runs, on the same database.
 *
 * @returns whether all requested deliveries and removals succeeded.
 * @throws StartError when a delivery is requested but no application is configured.
 */
export async function hooksCommand(
  config: Config,
  { resend = [], resendAll, forget = [] }: HooksCommandOptions,
  print: (line: string) => void,
): Promise<boolean> {
  if ((resend.length > 0 || resendAll) && config.hooks?.hooks.includes('onDone') !== true) {
    throw new StartError(
      'Nobody is told of finished uploads: set HOOK_URL and HOOK_SECRET, with done in HOOK_EVENTS.',
    )
  }
  const reasons: string[] = []
  try {
    const server = configuredServer(config, await reachStorage(config), {
      sweepEvery: 0,
      log: (entry) => {
        if (entry.event === 'background') reasons.push(entry.error.message ?? entry.error.name)
      },
    })
    try {
      const all = resendAll ? (await server.deliveries.pending()).map(({ id }) => id) : []
      let done = true
      for (const id of new Set([...resend, ...all])) {
        const outcome = await server.deliveries.resend(id)
        done &&= outcome === 'delivered'
        print(
          `${words[outcome].padEnd(8)} ${id}${outcome === 'none' ? '  no upload of that id is finished' : ''}`,
        )
        for (const reason of reasons.splice(0)) print(`         ${reason}`)
      }
      for (const id of forget) {
        const forgotten = await server.deliveries.forget(id)
        done &&= forgotten
        print(forgotten ? `forgot   ${id}` : `none     ${id}  is not waiting`)
      }
      const pending = await server.deliveries.pending()
      for (const each of pending) print(lineOf(each))
      print(`${pending.length} finished uploads of which the application has not heard`)
      return done
    } finally {
      await server.close()
    }
  } catch (error) {
    throw explainStartError(error, config)
  }
}

const words = { delivered: 'sent', failed: 'failed', none: 'none' } as const

function lineOf({ id, name, size, attempts, finishedAt, nextAttempt }: PendingDelivery): string {
  const tried = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`
  // `JSON.stringify`, because a file name may contain terminal escape sequences.
  return `waiting  ${id}  ${size} bytes, done ${finishedAt.toISOString()}, ${tried}, next ${nextAttempt.toISOString()}, ${JSON.stringify(name)}`
}
