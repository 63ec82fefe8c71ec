import type { Crc64Part, Crc64Type } from '@carryon/hash'
import type { DigestName, Digests, PutAnswer, PutRequest, TransportError } from '../ports.js'

/** Requests from the page to its worker. Answers carry the same `id`. */
export type WorkerRequest =
  | ({ readonly kind: 'put'; readonly id: number } & Omit<PutRequest, 'onProgress'>)
  | {
      readonly kind: 'hash'
      readonly id: number
      readonly slices: readonly Blob[]
      readonly digests: readonly DigestName[]
    }
  | {
      readonly kind: 'keep'
      readonly id: number
      readonly folder: string
      readonly name: string
      readonly slice: Blob
      readonly crc64Type: Crc64Type
      readonly grain: number
    }
  | { readonly kind: 'abort'; readonly id: number }

export type WorkerAnswer =
  /** The first message: the script was loaded and runs. */
  | { readonly kind: 'ready' }
  /** Bytes sent, by request id, for all requests that progressed since the last message. */
  | { readonly kind: 'progress'; readonly sent: ReadonlyMap<number, number> }
  | { readonly kind: 'put'; readonly id: number; readonly answer: PutAnswer }
  | { readonly kind: 'hash'; readonly id: number; readonly digests: Digests }
  | { readonly kind: 'keep'; readonly id: number; readonly grains: readonly Crc64Part[] }
  | {
      readonly kind: 'failed'
      readonly id: number
      readonly reason: TransportError['reason']
      readonly message: string
    }
