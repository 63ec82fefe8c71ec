/** What goes wrong with one request. */
export type SimFault =
  /** Never arrives; the connection fails. */
  | 'lost-before'
  /** Is carried out; the answer is lost. */
  | 'lost-after'
  /** Nothing comes until the watchdog bites. */
  | 'hang'
  /** Takes long, but goes through. */
  | 'slow'
  /** Arrives twice: a PUT once more much later, a question to the server at once. */
  | 'duplicate'
  /** Other bytes arrive than were sent. */
  | 'altered'
  /** An answer of the store. */
  | { readonly status: number; readonly code: string }
  /** An answer of something else than the store. */
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

/** Decides about each request; `null` lets it pass. */
export type FaultSource = (request: SimRequest) => SimFault | null

/** Nothing goes wrong. */
export const noFaults: FaultSource = () => null

/** The given faults strike the first requests that fit, one each; then it is fair. */
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
