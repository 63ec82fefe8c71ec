/** Bytes. A complete with 10 000 ETags in quotes needs about 400 KB. */
export const largestBody = 2 * 2 ** 20
/** Signed part URLs in one answer. */
export const partsPerRequest = 1_000
