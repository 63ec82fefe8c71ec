import { StoreError } from '@carryon/object-store'
import { StsError } from '../sts/sts-issuer.js'
import { Problem } from '../problem.js'

/** The problem to answer for an error. Details of an unexpected error are only logged. */
export function problemOfError(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof StoreError) return problemOfStoreError(error)
  if (error instanceof StsError) return problemOfStsError(error)
  return new Problem(
    'internal',
    'The server had an unexpected error. Try again. The log has the details.',
    {},
    error,
  )
}

function problemOfStoreError(error: StoreError): Problem {
  const members = { storeCode: error.code, ...(error.requestId && { requestId: error.requestId }) }
  if (error.status === 507) {
    return new Problem(
      'store-full',
      'The store has no room left for this upload. The parts already stored are kept. Try again when the administrator has made room.',
      members,
      error,
    )
  }
  if (error.retryable || error.status === 0) {
    return new Problem(
      'store-unavailable',
      `The store did not answer, or answered with an error (${error.code}). Try again in a moment.`,
      members,
      error,
    )
  }
  return new Problem(
    'store-denied',
    `The store refused a request of this server (${error.code}). The administrator must check the credentials and the bucket.`,
    members,
    error,
  )
}

function problemOfStsError(error: StsError): Problem {
  const members = { storeCode: error.code, ...(error.requestId && { requestId: error.requestId }) }
  return error.retryable
    ? new Problem(
        'sts-unavailable',
        `No temporary credentials can be issued right now (${error.code}). Try again in a moment.`,
        members,
        error,
      )
    : new Problem(
        'store-denied',
        `The store issues no temporary credentials to this server (${error.code}). The administrator must check the credentials.`,
        members,
        error,
      )
}
