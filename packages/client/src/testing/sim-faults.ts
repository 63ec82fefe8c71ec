/** A fault of one request. */
export type SimFault =
  /** Never arrives; the connection fails. */
  | 'lost-before'
  /** Is executed, but the answer is lost. */
  | 'lost-after'
  /** No answer until the watchdog aborts. */
  | 'hang'
  /** Takes long, but succeeds. */
  | 'slow'
  /** Arrives twice: a PUT again much later, a call of the server at once. */
  | 'duplicate'
  /** Other bytes arrive than were sent. */
  | 'altered'
  /** An answer of the store. */
  | { readonly status: number; readonly code: string }
  /** An answer from something other than the store. */
  | { readonly status: number; readonly page: string }
  /** An answer of the server: a code of docs/api.md; `afterwards`: although it has done what was asked. */
  | {
      readonly refusal: 'store-unavailable' | 'internal' | 'sts-unavailable'
      readonly afterwards?: boolean
    }

export interface SimRequest {
  /** `put`, or the backend's method. */
  readonly what:
    'put' | 'open' | 'openUnlessDone' | 'parts' | 'renewAccess' | 'complete' | 'cancel' | 'get' | 'list'
  readonly partNumber?: number
}

/** Chooses the fault of each request; `null` for none. */
export type FaultSource = (request: SimRequest) => SimFault | null

/** Nothing goes wrong. */
export const noFaults: FaultSource = () => null

/** The given faults affect the first matching requests, one each; later ones succeed. */
export function faultsFor(
  what: SimRequest['what'],
  faults: readonly SimFault[],
  partNumber?: number,
): FaultSource {
  const left = [...faults]
  return (request) =>
    request.what === what && (partNumber === undefined || request.partNumber === partNumber)
      ? (left.shift() ?? null)
      : null
}
