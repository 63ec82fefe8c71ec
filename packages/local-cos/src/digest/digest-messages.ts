/** What the pool says to a worker, in this order for one body: `open`, any number of `written`, then one of the rest. */
export type DigestRequest =
  | { readonly kind: 'open'; readonly id: number; readonly fd: number }
  | { readonly kind: 'written'; readonly id: number; readonly end: number }
  | { readonly kind: 'finish'; readonly id: number }
  | { readonly kind: 'abandon'; readonly id: number }

/** One answer to `finish` or `abandon`. */
export type DigestReply =
  | { readonly kind: 'digest'; readonly id: number; readonly md5: Uint8Array; readonly crc64: bigint }
  | { readonly kind: 'abandoned'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
