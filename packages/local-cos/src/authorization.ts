import type { IncomingHttpHeaders } from 'node:http'
import type { Address } from './address.js'
import type { Identity } from './authentication.js'
import { CosError } from './errors.js'
import { isAllowed, parsePolicy, PolicyError, type Policy } from './policy.js'
import { isParameter, type Operation } from './routes.js'

export interface AuthorizedRequest {
  readonly operation: Operation
  readonly region: string
  readonly address: Address
  readonly headers: IncomingHttpHeaders
  /** Of the client. */
  readonly remoteAddress: string
}

/** @throws {@link CosError} `AccessDenied` */
export function authorize(identity: Identity, request: AuthorizedRequest): void {
  if (!mayAccess(identity, request, keyOf(request))) {
    throw new CosError(
      'AccessDenied',
      `Access Denied. The policy of the token does not allow ${request.operation} here.`,
    )
  }
}

/** Whether the identity may do that to one key: what a multi-delete asks for each. */
export function mayAccess(
  identity: Identity,
  { operation, region, address, headers, remoteAddress }: AuthorizedRequest,
  key: string,
): boolean {
  if (identity.kind === 'account') return true
  if (identity.kind === 'anyone') return false
  const policy = readPolicy(identity.policy)
  if (policy === null) return false
  return isAllowed(policy, {
    operation,
    region,
    bucket: address.bucket,
    key,
    conditionValue: (name) => {
      if (name === 'qcs:ip') return remoteAddress
      if (name === 'cos:secure-transport') return 'false'
      const plain = name.replace(/^cos:/, '')
      const header = headers[plain]
      const value = Array.isArray(header) ? header.join(',') : header
      // A header is met by a header only, and a parameter by a parameter: each is what the operation reads.
      if (!isParameter(plain)) return value
      const parameter = address.query.get(plain)
      return plain.startsWith('x-') ? (value ?? parameter) : parameter
    },
  })
}

/** `null` when it says something that cannot be carried out: then nothing is allowed. */
function readPolicy(json: string): Policy | null {
  try {
    return parsePolicy(json)
  } catch (error) {
    if (error instanceof PolicyError) return null
    throw error
  }
}

const listings: ReadonlySet<Operation> = new Set([
  'GetBucket',
  'GetBucketObjectVersions',
  'ListMultipartUploads',
])

/** A listing is about the keys below its prefix, so a token for `photos/*` may list `photos/`: 436/31923. */
function keyOf({ operation, address }: AuthorizedRequest): string {
  return listings.has(operation) ? (address.query.get('prefix') ?? '') : address.key
}
