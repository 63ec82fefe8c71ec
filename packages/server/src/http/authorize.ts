import { boundedJson } from '../hooks/bounded-json.js'
import { isRefusal, problemOfRefusal, type Refusal, refusalProblem } from '../hooks/refusal.js'
import { isKeepable } from '../keepable-text.js'
import { type OwnerLimits, problemsOfLimits } from '../limits/owner-limits.js'
import { Problem } from '../problem.js'

/** The owner of a request, and what else the application provides about them. */
export interface AuthorizedOwner {
  /** 1 to 256 characters; the same for all requests of one person. */
  readonly owner: string
  /** JSON of at most 4 096 bytes for `onOpen`, and for `onDone` as it was at the open; never sent to browsers. */
  readonly context?: unknown
  /** Limits of this owner. Each member replaces the server's own limit; `maxFileBytes` can only lower it. */
  readonly limits?: OwnerLimits
  /** Whether this owner may share links. @default true */
  readonly share?: boolean
}

/**
 * Determines the owner of a request; `null`: it is not signed in, which is answered 401. A {@link Refusal} refuses with
 * its sentence. A `Response`, returned or thrown, is sent unchanged. An error with a `status` of 400 to 499 refuses with
 * that status and the error's message; with a higher `status` it means a temporary failure (503). Every other error is
 * answered 401 and logged.
 */
export type Authorize = (request: Request) => Authorized | Promise<Authorized>
type Authorized = AuthorizedOwner | Refusal | Response | null | undefined

/** The validated result of `authorize`. */
export interface FoundOwner {
  readonly owner: string
  /** JSON text; `null`: none. */
  readonly context: string | null
  readonly limits: OwnerLimits
  readonly share: boolean
}

const longestOwner = 256
/** Bytes as JSON. The context is stored with each upload. */
const longestContext = 4_096

/** The owner, or the response that `authorize` gave instead. */
export async function authorizedOwner(
  authorize: Authorize,
  request: Request,
  report: (what: string, error: unknown) => void,
): Promise<FoundOwner | Response> {
  const found = await asked(authorize, request, report)
  // `authorize` may return the same response each time, but its body can be read only once.
  if (isResponse(found)) return found.clone()
  if (found === null || found === undefined) throw new Problem('unauthorized', 'Sign in first.')
  if (isRefusal(found)) throw read('refusal', () => problemOfRefusal(found))
  const { owner, context, limits = {}, share = true } = found
  if (typeof owner !== 'string' || owner === '' || owner.length > longestOwner || !isKeepable(owner)) {
    report(
      'authorize',
      new Error(`authorize must return an owner of 1 to ${longestOwner} characters without NUL`),
    )
    throw new Problem(
      'unauthorized',
      'This server cannot keep uploads under your name. Ask the administrator.',
    )
  }
  return {
    owner,
    context: context === undefined ? null : read('context', () => boundedJson(context, longestContext)),
    limits: read('limits', () => checkedLimits(limits)),
    share: read('share', () => checkedShare(share)),
  }
}

/** @throws Problem `internal`, whose cause is logged: an unreadable limit must not be ignored. */
function read<Value>(what: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const cause = new TypeError(`authorize returned a value that cannot be used: ${what}: ${reason}`, {
      cause: error,
    })
    throw new Problem(
      'internal',
      'The server cannot tell what you may do, because it is set up wrongly. Ask the administrator.',
      {},
      cause,
    )
  }
}

function checkedLimits(limits: OwnerLimits): OwnerLimits {
  const problems = problemsOfLimits(limits)
  if (problems.length > 0) throw new TypeError(problems.join('; '))
  return limits
}

function checkedShare(share: unknown): boolean {
  if (typeof share !== 'boolean') throw new TypeError('must be true or false')
  return share
}

async function asked(
  authorize: Authorize,
  request: Request,
  report: (what: string, error: unknown) => void,
): Promise<Authorized> {
  try {
    return await authorize(request)
  } catch (error) {
    if (isResponse(error)) return error
    if (error instanceof Problem) throw error
    const status = statusOf(error)
    if (status !== null && status < 500) throw refusal(status, error)
    report('authorize', error)
    if (status !== null)
      throw new Problem('internal', 'The server cannot check who you are right now. Try again in a moment.', {
        status,
      })
    throw new Problem('unauthorized', 'The server could not tell who you are. Sign in again.')
  }
}

/** The `status` of errors as HTTP libraries throw them. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null
  const { status } = error
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600
    ? status
    : null
}

function refusal(status: number, error: unknown): Problem {
  return refusalProblem(status, error instanceof Error ? error.message : '')
}

/** Checks the tag rather than the class, because adapters replace the global `Response` by their own. */
function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]'
}
