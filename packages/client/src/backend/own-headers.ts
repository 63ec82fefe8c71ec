import { unlessAborted } from '../async/unless-aborted.js'
import { BackendError } from '../core/backend-error.js'

export type AskHeaders = () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>

/**
 * The headers that the application gives each call. Rejects with a `BackendError`: `headers-failed` when its function
 * does, or has not answered when `signal` is aborted, which may pass; `page-error` when a value cannot be sent, which
 * does not.
 */
export async function ownHeaders(
  ask: AskHeaders | undefined,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  let headers
  try {
    headers = (await unlessAborted(Promise.resolve(ask?.()), signal)) ?? {}
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    // Fresh credentials often come from a server of their own, and that needs the network as well.
    const isOffline = typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine
    throw new BackendError(
      isOffline ? 'network' : 'headers-failed',
      `The page's own "headers" function failed: ${why}`,
      { cause: error },
    )
  }
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers([[name, value]])
    } catch (error) {
      // The value may be a secret.
      throw new BackendError(
        'page-error',
        `The page's own "headers" function gave "${name}" a value that HTTP cannot carry: only Latin-1 characters, no line breaks.`,
        { cause: error },
      )
    }
  }
  return headers
}
