import type { DialectInfo } from './store-description.js'
import { StoreError } from './store-error.js'

/** The same error with the code that COS and S3 have for it; its message keeps the store's own. */
export function withCommonCode(
  error: StoreError,
  { commonCodes }: Pick<DialectInfo, 'commonCodes'>,
): StoreError {
  const code = commonCodes[error.code]
  if (code === undefined) return error
  const { message, status, requestId, retryAfter, storeTime } = error
  return new StoreError(message, { code, status, requestId, retryAfter, storeTime })
}
