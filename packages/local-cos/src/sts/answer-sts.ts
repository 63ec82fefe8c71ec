import type { Account } from './account.js'
import { assumeRole } from './assume-role.js'
import { getFederationToken } from './get-federation-token.js'
import { checkTc3, checkV1, StsError, type StsRequest } from './request-signatures.js'

/** Returns a parameter of the action; `undefined` if not given. */
type Parameter = (name: string) => string | undefined

/** Answers the STS API, always with status 200 and the outcome in JSON, as in API 3.0. */
export function answerSts(request: StsRequest, account: Account, requestId: string): object {
  try {
    return { Response: { ...perform(request, account), RequestId: requestId } }
  } catch (error) {
    if (!(error instanceof StsError)) throw error
    return { Response: { Error: { Code: error.code, Message: error.message }, RequestId: requestId } }
  }
}

function perform(request: StsRequest, account: Account): object {
  const { action, parameter } = readParameters(request, account)
  switch (action) {
    case 'GetFederationToken':
      return getFederationToken(parameter, account, request.now)
    case 'AssumeRole':
      return assumeRole(parameter, account, request.now)
    default:
      throw new StsError('InvalidAction', 'Only GetFederationToken and AssumeRole are served here.')
  }
}

/** Verifies a request with either signature and reads its parameters. */
function readParameters(
  request: StsRequest,
  account: Account,
): { readonly action: string | undefined; readonly parameter: Parameter } {
  const action = request.headers['x-tc-action']
  if (typeof action === 'string') {
    checkTc3(request, account)
    const body = parseJson(request.body)
    return {
      action,
      parameter: (name) => {
        const value = body[name]
        return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
      },
    }
  }
  const fields = new Map(new URLSearchParams(request.body.toString()))
  checkV1(request, fields, account)
  return { action: fields.get('Action'), parameter: (name) => fields.get(name) }
}

function parseJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString())
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Reported below.
  }
  throw new StsError('InvalidParameter', 'The body is not a JSON object.')
}
