/** Bytes. A complete with 10 000 ETags in quotes needs about 400 KB. */
export const largestBody = 2 * 2 ** 20
/** Opens in one batch, and completes. An open's answer has about 2 KB. */
export const callsPerBatch = 50
/** Signed part URLs in one answer. */
export const partsPerRequest = 1_000
