/**
 * Messages from the pool to a worker. For each body in this order: `open`, any number of `written`, then one of
 * the others.
 */
export type DigestRequest =
  | { readonly kind: 'open'; readonly id: number; readonly fd: number }
  | { readonly kind: 'written'; readonly id: number; readonly end: number }
  | { readonly kind: 'finish'; readonly id: number }
  | { readonly kind: 'abandon'; readonly id: number }

/** Reply to each `finish` or `abandon`. */
export type DigestReply =
  | { readonly kind: 'digest'; readonly id: number; readonly md5: Uint8Array; readonly crc64: bigint }
  | { readonly kind: 'abandoned'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
