import type { IncomingHttpHeaders } from 'node:http'
import type { Address } from './address.js'
import type { Identity } from './authentication.js'
import { parseBucketPolicy, verdictOf, type Requester } from './bucket-policy.js'
import { CosError } from './errors.js'
import { isAllowed, parsePolicy, PolicyError, type AccessRequest, type Policy } from './policy.js'
import { isParameter, type Operation } from './routes.js'

export interface AuthorizedRequest {
  readonly operation: Operation
  readonly region: string
  readonly address: Address
  readonly headers: IncomingHttpHeaders
  /** Of the client. */
  readonly remoteAddress: string
  /** The JSON of a bucket's policy; `undefined` for none. */
  readonly policyOf: (bucket: string) => string | undefined
}

/** @throws {@link CosError} `AccessDenied` */
export function authorize(identity: Identity, request: AuthorizedRequest): void {
  const key = keyOf(request)
  if (mayAccess(identity, request, key)) return
  const who = bucketVerdict('account', request, key) === 'deny' ? 'bucket denies' : 'token does not allow'
  throw new CosError('AccessDenied', `Access Denied. The policy of the ${who} ${request.operation} here.`)
}

/** Whether the identity may do that to one key: what a multi-delete asks for each. */
export function mayAccess(identity: Identity, request: AuthorizedRequest, key: string): boolean {
  switch (identity.kind) {
    case 'anyone':
      return bucketVerdict('anyone', request, key) === 'allow'
    case 'account':
      return bucketVerdict('account', request, key) !== 'deny'
    case 'federated': {
      // What the bucket's policy allows does not widen what was given to a token.
      const policy = readPolicy(identity.policy)
      const isGiven = policy !== null && isAllowed(policy, accessRequest(request, key))
      return isGiven && bucketVerdict('account', request, key) !== 'deny'
    }
  }
}

/** The account can change a policy that denies it everything; nobody else ever can. */
const ofPolicies: ReadonlySet<Operation> = new Set([
  'PutBucketPolicy',
  'GetBucketPolicy',
  'DeleteBucketPolicy',
])
const neverForAll: ReadonlySet<Operation> = new Set([
  ...ofPolicies,
  'GetService',
  'PutBucket',
  'DeleteBucket',
])

/** What the policy of the bucket says. */
export function bucketVerdict(
  requester: Requester,
  request: AuthorizedRequest,
  key: string,
): 'allow' | 'deny' | 'none' {
  const { operation, address } = request
  const json = request.policyOf(address.bucket)
  const isOutside = requester === 'account' ? ofPolicies.has(operation) : neverForAll.has(operation)
  if (json === undefined || isOutside) return 'none'
  return verdictOf(parseBucketPolicy(json), requester, accessRequest(request, key))
}

function accessRequest(
  { operation, region, address, headers, remoteAddress }: AuthorizedRequest,
  key: string,
): AccessRequest {
  return {
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
  }
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
export function keyOf({ operation, address }: AuthorizedRequest): string {
  return listings.has(operation) ? (address.query.get('prefix') ?? '') : address.key
}
