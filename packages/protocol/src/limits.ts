/** Opens in one batch, and completes. An open's answer has about 2 KB. */
export const callsPerBatch = 50
/** Signed part URLs in one answer. */
export const partsPerRequest = 1_000
/** Uploads in one page of a list. */
export const mostPerPage = 200
/** Bytes. A file up to this size goes as one PUT when the client has hashed it. */
export const largestSinglePut = 8 * 2 ** 20
/** Seconds that a link for everybody may live: a week. */
export const longestLink = 7 * 86_400
/** Bytes of an upload's metadata, names and values together: as much as COS and S3 keep with an object. */
export const longestMetadata = 2_048
