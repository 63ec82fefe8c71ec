import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { Bottleneck } from './bottleneck.js'
import { resetConnections } from './connection-resets.js'
import { Connection } from './connection.js'
import type { Path } from './connection.js'
import { DelayLine } from './delay-line.js'
import { Ledger } from './ledger.js'
import type { LineAccount } from './ledger.js'
import type { LinkProfile } from './link-profile.js'
import type { SeenRequest } from './turns.js'

export interface Relay {
  /** The ports on 127.0.0.1 that lead to the targets, in the order of the targets. */
  readonly ports: readonly number[]
  /** Payload bytes of all connections so far, and the number of connections. */
  traffic(): { readonly up: number; readonly down: number; readonly connections: number }
  /** All requests since the start or the last `clearRequests`, in the order in which they left the client. */
  requests(): readonly SeenRequest[]
  /** What became of the file bytes sent to the first target since the start or the last `clearRequests`. */
  account(): LineAccount
  clearRequests(): void
  close(): Promise<void>
}

export interface RelayOptions {
  /** Determines the times of resets; returns 0 (inclusive) to 1 (exclusive). Default: `Math.random`. */
  readonly random?: () => number
  /** File descriptors of sockets that already listen, one for each target. Default: Node opens the sockets. */
  readonly sockets?: readonly number[]
}

/** Queue size in bytes beyond one bandwidth-delay product: what a modest router holds. */
const extraQueueBytes = 64 * 1024

/**
 * Starts a path with the given profile from 127.0.0.1 to one or more targets on 127.0.0.1. Traffic to all targets
 * shares the path's rate and queue.
 *
 * @param targets ports on 127.0.0.1
 */
export async function startRelay(
  profile: LinkProfile,
  targets: readonly number[],
  { random = Math.random, sockets = [] }: RelayOptions = {},
): Promise<Relay> {
  const productOf = (bits: number | null): number =>
    bits === null ? Infinity : (bits / 8) * (profile.rttMs / 1000)
  const queueOf = (bits: number | null): number => profile.queueBytes ?? productOf(bits) + extraQueueBytes
  const direction = (bitsPerSecond: number | null): Bottleneck =>
    new Bottleneck({ bitsPerSecond, delayMs: profile.rttMs / 2, queueBytes: queueOf(bitsPerSecond) })
  const windowOf = (bits: number | null): number => productOf(bits) + queueOf(bits)
  const path: Path = {
    up: direction(profile.upBitsPerSecond),
    down: direction(profile.downBitsPerSecond),
    acks: new DelayLine(),
    rttMs: profile.rttMs,
    serverTimeMs: profile.serverTimeMs ?? 0,
    maxWindowBytes: {
      up: windowOf(profile.upBitsPerSecond),
      down: windowOf(profile.downBitsPerSecond),
    },
  }

  const connections = new Set<Connection>()
  const ledger = new Ledger()
  let requests: SeenRequest[] = []
  const ended = { up: 0, down: 0, connections: 0 }
  const servers = await Promise.all(
    targets.map((target, port) =>
      listen(
        createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
          const onRequest = (request: Pick<SeenRequest, 'method' | 'target'>): void => {
            requests.push({ ...request, port, at: performance.timeOrigin + performance.now() })
          }
          const connection = new Connection(
            socket,
            target,
            path,
            onRequest,
            port === 0 ? ledger : null,
            () => {
              connections.delete(connection)
              ended.up += connection.bytesUp
              ended.down += connection.bytesDown
              ended.connections++
            },
          )
          connections.add(connection)
        }),
        sockets[port],
      ),
    ),
  )
  const stopResets =
    profile.resetEveryMs === undefined
      ? () => undefined
      : resetConnections(connections, profile.resetEveryMs, random)

  return {
    ports: servers.map(({ port }) => port),
    traffic: () => {
      const sum = { ...ended }
      for (const connection of connections) {
        sum.up += connection.bytesUp
        sum.down += connection.bytesDown
        sum.connections++
      }
      return sum
    },
    requests: () => requests,
    account: () => ledger.account,
    clearRequests: () => {
      requests = []
      ledger.clear()
    },
    close: async () => {
      stopResets()
      for (const connection of connections) connection.reset()
      path.up.close()
      path.down.close()
      path.acks.close()
      await Promise.all(servers.map(({ server }) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

async function listen(
  server: Server,
  socket: number | undefined,
): Promise<{ readonly server: Server; readonly port: number }> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (socket === undefined) server.listen(0, '127.0.0.1', resolve)
    else server.listen({ fd: socket }, resolve)
  })
  const { port } = server.address() as AddressInfo
  return { server, port }
}
