/** Most opens, and most completes, in one batch. The answer to one open has about 2 KB. */
export const callsPerBatch = 50
/** Most signed part URLs in one answer. */
export const partsPerRequest = 1_000
/** Most uploads in one page of a list. */
export const mostPerPage = 200
/** Bytes. A file up to this size is sent as one PUT if the client has hashed it. */
export const largestSinglePut = 8 * 2 ** 20
/** Longest lifetime of a share link in seconds: a week. */
export const longestLink = 7 * 86_400
/** Most bytes of an upload's metadata, names and values together: the limit of COS and S3. */
export const longestMetadata = 2_048
