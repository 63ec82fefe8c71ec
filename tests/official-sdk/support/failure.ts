/** The error fields of Tencent's SDKs that the suites check. */
export interface Failure {
  /** The store's `<Code>`; the status as text if the response has no body (HEAD, 304). */
  readonly code: string
  readonly statusCode: number | undefined
  readonly message: string
  /** `x-cos-request-id`, which every COS response carries (436/7729). */
  readonly requestId: string | undefined
}

/** Expects `call` to fail and resolves with the failure; fails the test if it succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  let outcome: unknown
  try {
    outcome = await call
  } catch (error) {
    return failureFrom(error)
  }
  throw new Error(`The call should have failed, but answered ${JSON.stringify(outcome)}`)
}

export function failureFrom(error: unknown): Failure {
  const members = isRecord(error) ? error : {}
  return {
    code: typeof members['code'] === 'string' ? members['code'] : '',
    statusCode: typeof members['statusCode'] === 'number' ? members['statusCode'] : undefined,
    message: typeof members['message'] === 'string' ? members['message'] : String(error),
    requestId: typeof members['RequestId'] === 'string' ? members['RequestId'] : undefined,
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
