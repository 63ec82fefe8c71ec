import type { Connection } from './connection.js'

/**
 * Resets one of the open connections now and then: after half to one and a half times `everyMs`, drawn anew each time.
 * The one that has sent most since the last reset is taken: an idle connection that dies hurts nobody.
 *
 * @param random 0 (inclusive) to 1 (exclusive)
 * @returns the way to stop
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
