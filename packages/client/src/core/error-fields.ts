/** Reads fields from an error of unknown kind. */

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The store's or server's id of the request. */
export function requestIdOf(error: unknown): string | undefined {
  return hasField(error, 'requestId') && typeof error.requestId === 'string' ? error.requestId : undefined
}

/** Milliseconds that the other side asked to wait. */
export function retryAfterOf(error: unknown): number | undefined {
  return hasField(error, 'retryAfter') && typeof error.retryAfter === 'number' ? error.retryAfter : undefined
}

function hasField<Name extends string>(value: unknown, name: Name): value is Readonly<Record<Name, unknown>> {
  return typeof value === 'object' && value !== null && name in value
}
