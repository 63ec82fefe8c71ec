import { Problem } from '../problem.js'

/**
 * Whose request it is; `null` when it is not signed in, which answers 401. A `Response`, returned or thrown, is the answer as it is. An
 * error with a `status` of 400 to 499 refuses with that status and the error's message; one with a higher status says
 * that it cannot be told now (503), and any other error refuses with 401 and goes to the log.
 */
export type Authorize = (request: Request) => Authorized | Promise<Authorized>
type Authorized = { readonly owner: string } | Response | null | undefined

const longestOwner = 256

/** The owner, or an answer that `authorize` gave in its place. */
export async function authorizedOwner(
  authorize: Authorize,
  request: Request,
  report: (what: string, error: unknown) => void,
): Promise<string | Response> {
  const found = await asked(authorize, request, report)
  // It may be the same one each time, and a body can be read once.
  if (isResponse(found)) return found.clone()
  if (found === null || found === undefined) throw new Problem('unauthorized', 'Sign in first.')
  const { owner } = found
  // PostgreSQL keeps no NUL in text, and half a surrogate pair has no UTF-8.
  if (
    typeof owner !== 'string' ||
    owner === '' ||
    owner.length > longestOwner ||
    /\0|\p{Surrogate}/u.test(owner)
  ) {
    report(
      'authorize',
      new Error(`authorize must name an owner of 1 to ${longestOwner} characters, none of them NUL`),
    )
    throw new Problem('unauthorized', 'This server cannot keep uploads under your name. Ask who runs it.')
  }
  return owner
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
      throw new Problem('internal', 'Who you are cannot be found out now. Try again in a moment.', {
        status,
      })
    throw new Problem('unauthorized', 'Who you are could not be found out. Sign in again.')
  }
}

/** Of errors as HTTP libraries throw them, with a `status`. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null
  const { status } = error
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600
    ? status
    : null
}

function refusal(status: number, error: unknown): Problem {
  const words = error instanceof Error && error.message !== '' ? error.message : 'This request is refused.'
  return new Problem(status === 401 ? 'unauthorized' : 'forbidden', words, { status })
}

/** By its tag: adapters put a `Response` of their own into the place of the global one. */
function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]'
}
