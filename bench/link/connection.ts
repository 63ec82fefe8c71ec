import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Bottleneck } from './bottleneck.js'
import { CongestionWindow } from './congestion-window.js'
import type { DelayLine } from './delay-line.js'
import { carriesFile, headBytes, isSuccess } from './ledger.js'
import type { Delivery, Ledger } from './ledger.js'
import { ShapedStream } from './shaped-stream.js'
import { Turns } from './turns.js'

/** State and parameters that all connections of one path share. */
export interface Path {
  readonly up: Bottleneck
  readonly down: Bottleneck
  readonly acks: DelayLine
  readonly rttMs: number
  readonly serverTimeMs: number
  readonly maxWindowBytes: { readonly up: number; readonly down: number }
}

/** A client's connection to the target behind the path. */
export class Connection {
  readonly #client: Socket
  readonly #server: Socket
  readonly #streams: readonly ShapedStream[]
  readonly #opening: NodeJS.Timeout

  /**
   * @param client accepted socket
   * @param target port on 127.0.0.1
   * @param onRequest called as the first bytes of each request leave the client
   * @param ledger accounts for the bytes of files; `null`: not accounted
   * @param onClose called once, when both sides have closed
   */
  constructor(
    client: Socket,
    target: number,
    path: Path,
    onRequest: (request: { readonly method: string; readonly target: string }) => void,
    ledger: Ledger | null,
    onClose: () => void,
  ) {
    const server = connect({ host: '127.0.0.1', port: target, noDelay: true, allowHalfOpen: true })
    this.#client = client
    this.#server = server
    client.setNoDelay(true)

    const turns = new Turns(path.serverTimeMs)
    const { acks, rttMs, maxWindowBytes } = path
    const ackDelayMs = rttMs / 2
    const now = performance.now()
    // Requests on one connection do not overlap: all of one has arrived before the next begins.
    let delivery: Delivery | null = null
    let head = 0
    const up = new ShapedStream({
      source: client,
      sink: server,
      line: path.up,
      window: new CongestionWindow({ maxBytes: maxWindowBytes.up, rttMs }, now),
      acks,
      ackDelayMs,
      hold: (chunk) => {
        const request = turns.onClientBytes(chunk)
        if (request === null) return 0
        onRequest(request)
        // If the previous request is still unanswered, these bytes are the rest of a refused request.
        if (ledger !== null && delivery === null && carriesFile(request)) {
          delivery = ledger.begin()
          head = headBytes(chunk)
        }
        return 0
      },
      onArrival: (segment) => {
        const skipped = Math.min(head, segment.length)
        head -= skipped
        delivery?.arrived(segment.length - skipped)
      },
    })
    const down = new ShapedStream({
      source: server,
      sink: client,
      line: path.down,
      window: new CongestionWindow({ maxBytes: maxWindowBytes.down, rttMs }, now),
      acks,
      ackDelayMs,
      hold: () => turns.onServerBytes(),
      onArrival: (segment) => {
        delivery?.settled(isSuccess(segment))
        delivery = null
      },
    })
    this.#streams = [up, down]

    let open = 2
    for (const socket of [client, server]) {
      // `close` follows and is handled below.
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open--
        delivery?.settled(false)
        if (open === 0) onClose()
      })
    }
    // The kernel's handshake took no time; on the simulated path it takes a round trip.
    this.#opening = setTimeout(() => {
      up.start()
      down.start()
    }, rttMs)
  }

  /** Bytes received from the client. */
  get bytesUp(): number {
    return this.#client.bytesRead
  }

  /** Bytes sent to the client. */
  get bytesDown(): number {
    return this.#client.bytesWritten
  }

  /** Ends both sides with a TCP reset, as a middlebox does. */
  reset(): void {
    clearTimeout(this.#opening)
    for (const stream of this.#streams) stream.close()
    this.#client.resetAndDestroy()
    this.#server.resetAndDestroy()
  }
}
