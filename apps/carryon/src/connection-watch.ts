import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type ConnectionFailure, connectionFailure } from './connection-failure.js'

/**
 * Listens for failed connections of this process to the server and to the store. Node's `fetch` publishes them on
 * diagnostics channels (undici, "Diagnostics Channel Support").
 */
export class ConnectionWatch {
  #last: ConnectionFailure | null = null
  readonly #listeners = new Set<() => void>()
  readonly #onConnectError = (message: unknown): void => {
    const { error, connectParams } = message as ConnectErrorMessage
    this.#note(error, `${connectParams.protocol}//${connectParams.host}`)
  }
  readonly #onRequestError = (message: unknown): void => {
    const { error, request } = message as RequestErrorMessage
    if (error instanceof Error && error.name !== 'AbortError') this.#note(error, String(request.origin))
  }

  constructor() {
    subscribe('undici:client:connectError', this.#onConnectError)
    subscribe('undici:request:error', this.#onRequestError)
  }

  /** The latest failure; `null` after {@link ConnectionWatch.forget}. */
  get last(): ConnectionFailure | null {
    return this.#last
  }

  /** Calls `listener` after each failure. Returns a function that stops it. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  forget(): void {
    this.#last = null
  }

  close(): void {
    unsubscribe('undici:client:connectError', this.#onConnectError)
    unsubscribe('undici:request:error', this.#onRequestError)
  }

  #note(error: unknown, origin: string): void {
    if (!URL.canParse(origin)) return
    this.#last = connectionFailure(error, new URL(origin))
    for (const listener of this.#listeners) listener()
  }
}

interface ConnectErrorMessage {
  readonly error: unknown
  readonly connectParams: { readonly protocol: string; readonly host: string }
}

interface RequestErrorMessage {
  readonly error: unknown
  readonly request: { readonly origin: unknown }
}
