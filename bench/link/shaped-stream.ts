import type { Socket } from 'node:net'
import type { Bottleneck } from './bottleneck.js'
import type { CongestionWindow } from './congestion-window.js'
import type { DelayLine } from './delay-line.js'

export interface ShapedStreamOptions {
  readonly source: Socket
  readonly sink: Socket
  readonly line: Bottleneck
  readonly window: CongestionWindow
  /** Carries acknowledgements back to the sender. */
  readonly acks: DelayLine
  readonly ackDelayMs: number
  /** Called with each chunk that is read; returns the milliseconds to hold it back before it enters the line. */
  readonly hold?: (chunk: Buffer) => number
  /** Called with each segment that leaves the line. */
  readonly onArrival?: (segment: Buffer) => void
}

/** Bytes that enter the line at once: small enough that connections alternate, large enough to be cheap. */
const segmentBytes = 16 * 1024

/**
 * One direction of one connection. Reads from `source` only what fits into the congestion window and the line's queue,
 * so that the line's speed holds back the sender. Counts bytes as acknowledged once `sink` has accepted them, so that
 * a slow receiver holds it back too.
 */
export class ShapedStream {
  readonly #options: ShapedStreamOptions
  #pending: Buffer | null = null
  #held = false
  /** If set, nothing more enters the line; what is already in it still arrives. */
  #closed = false
  /** How the source ended; passed on to the sink once everything pending is in the line. */
  #ending: 'fin' | 'reset' | null = null

  constructor(options: ShapedStreamOptions) {
    this.#options = options
    const { source } = options
    source.pause()
    source.on('data', (chunk) => this.#take(chunk))
    source.on('end', () => this.#end('fin'))
    source.on('close', () => this.#end('reset'))
  }

  /** Starts reading. */
  start(): void {
    this.#options.source.resume()
  }

  close(): void {
    this.#closed = true
    this.#pending = null
    this.#options.line.forget(this.#pump)
  }

  #take(chunk: Buffer): void {
    this.#options.source.pause()
    this.#pending = this.#pending === null ? chunk : Buffer.concat([this.#pending, chunk])
    const holdMs = this.#options.hold?.(chunk) ?? 0
    if (holdMs === 0) {
      this.#pump()
      return
    }
    this.#held = true
    setTimeout(() => {
      this.#held = false
      this.#pump()
    }, holdMs)
  }

  #end(how: 'fin' | 'reset'): void {
    // `close` follows every `end`. A `close` without an `end` is a reset, which discards what has not been sent yet.
    if (this.#ending === null && how === 'reset') this.#pending = null
    this.#ending ??= how
    this.#pump()
  }

  readonly #pump = (): void => {
    const { line, window, source } = this.#options
    if (this.#closed || this.#held) return
    while (this.#pending !== null) {
      if (!window.hasRoom) return
      if (!line.hasRoom) {
        line.whenRoom(this.#pump)
        return
      }
      const segment = this.#pending.subarray(0, segmentBytes)
      this.#pending = this.#pending.length > segmentBytes ? this.#pending.subarray(segmentBytes) : null
      window.sent(segment.length, performance.now())
      line.send(segment.length, () => this.#arrive(segment))
    }
    if (this.#ending === null) source.resume()
    else this.#sendEnding(this.#ending)
  }

  #arrive(segment: Buffer): void {
    const { sink, window, acks, ackDelayMs, onArrival } = this.#options
    onArrival?.(segment)
    if (sink.destroyed) return
    sink.write(segment, () => {
      acks.add(performance.now() + ackDelayMs, () => {
        window.acknowledged(segment.length, performance.now())
        this.#pump()
      })
    })
  }

  #sendEnding(how: 'fin' | 'reset'): void {
    const { line, sink } = this.#options
    this.#closed = true
    line.send(0, () => {
      if (sink.destroyed) return
      if (how === 'fin') sink.end()
      else sink.resetAndDestroy()
    })
  }
}
