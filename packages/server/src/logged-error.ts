import { StoreError } from '@carryon/object-store'
import { Problem } from './problem.js'
import type { LoggedError } from './log-entry.js'
import { StsError } from './sts/sts-issuer.js'

/** The part of an error that may be logged. Messages of store errors are left out, because they may quote a request. */
export function loggedError(error: unknown): LoggedError {
  if (error instanceof Problem) {
    return error.cause === undefined ? { name: error.name, message: error.message } : loggedError(error.cause)
  }
  if (error instanceof StoreError) {
    return {
      name: error.name,
      storeCode: error.code,
      storeStatus: error.status,
      ...(error.requestId !== undefined && { requestId: error.requestId }),
      ...reasonOf(error),
    }
  }
  if (error instanceof StsError) {
    return {
      name: error.name,
      storeCode: error.code,
      ...(error.requestId !== undefined && { requestId: error.requestId }),
      ...reasonOf(error),
    }
  }
  if (!(error instanceof Error)) return { name: typeof error }
  return {
    name: error.name,
    message: error.message,
    ...(error.stack !== undefined && { stack: error.stack }),
  }
}

/** Why no answer came, as the system names it: `ECONNREFUSED`. */
function reasonOf(error: Error): { reason?: string } {
  let innermost = error
  while (innermost.cause instanceof Error) innermost = innermost.cause
  if (innermost === error) return {}
  const code = 'code' in innermost && typeof innermost.code === 'string' ? innermost.code : innermost.name
  return { reason: code }
}
