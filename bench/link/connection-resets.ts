import type { Connection } from './connection.js'

/**
 * Resets one of the open connections again and again, each time after a random 0.5 to 1.5 times `everyMs`. It chooses
 * the connection that has sent most since the last reset, because resetting an idle one would have no effect.
 *
 * @param random returns 0 (inclusive) to 1 (exclusive)
 * @returns stops the resets
 */
export function resetConnections(
  connections: ReadonlySet<Connection>,
  everyMs: number,
  random: () => number,
): () => void {
  let timer: NodeJS.Timeout
  let sentBefore = new Map<Connection, number>()
  const arm = (): void => {
    timer = setTimeout(
      () => {
        const sent = new Map([...connections].map((connection) => [connection, connection.bytesUp]))
        const since = (connection: Connection): number =>
          (sent.get(connection) ?? 0) - (sentBefore.get(connection) ?? 0)
        const [busiest] = [...connections].sort((a, b) => since(b) - since(a))
        sentBefore = sent
        busiest?.reset()
        arm()
      },
      everyMs * (0.5 + random()),
    )
  }
  arm()
  return () => clearTimeout(timer)
}
