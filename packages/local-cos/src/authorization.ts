import type { IncomingHttpHeaders } from 'node:http'
import type { Address } from './address.js'
import type { Identity } from './authentication.js'
import { parseBucketPolicy, verdictOf, type Requester } from './bucket-policy.js'
import { CosError } from './errors.js'
import { isAllowed, parsePolicy, type AccessRequest, type Policy } from './policy.js'
import { PolicyError } from './policy-error.js'
import { isParameter, type Operation } from './routes.js'

export interface AuthorizedRequest {
  readonly operation: Operation
  readonly region: string
  readonly address: Address
  readonly headers: IncomingHttpHeaders
  /** Address of the client. */
  readonly remoteAddress: string
  /** Time of the request, in milliseconds since 1970. */
  readonly now: number
  /** JSON of a bucket's policy; `undefined` if none. */
  readonly policyOf: (bucket: string) => string | undefined
}

/** @throws {@link CosError} `AccessDenied` */
export function authorize(identity: Identity, request: AuthorizedRequest): void {
  const key = keyOf(request)
  if (mayAccess(identity, request, key)) return
  const who = bucketVerdict('account', request, key) === 'deny' ? 'bucket denies' : 'token does not allow'
  throw new CosError('AccessDenied', `Access Denied. The policy of the ${who} ${request.operation} here.`)
}

/** Whether the identity may perform the operation on one key; a multi-delete checks each key. */
export function mayAccess(identity: Identity, request: AuthorizedRequest, key: string): boolean {
  switch (identity.kind) {
    case 'anyone':
      return bucketVerdict('anyone', request, key) === 'allow'
    case 'account':
      return bucketVerdict('account', request, key) !== 'deny'
    case 'federated': {
      // The bucket policy cannot extend the permissions of a token.
      const policy = readPolicy(identity.policy)
      const isGiven = policy !== null && isAllowed(policy, accessRequest(request, key))
      return isGiven && bucketVerdict('account', request, key) !== 'deny'
    }
  }
}

/** The account may always use these, so that it can change a policy that denies it everything. */
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

/** Result of the bucket policy for a request. */
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
  { operation, region, address, headers, remoteAddress, now }: AuthorizedRequest,
  key: string,
): AccessRequest {
  return {
    operation,
    region,
    bucket: address.bucket,
    key,
    conditionValue: (name) => {
      if (name === 'qcs:ip') return remoteAddress
      if (name === 'qcs:current_time') return new Date(now).toISOString()
      if (name === 'cos:secure-transport') return 'false'
      const plain = name.replace(/^cos:/, '')
      const header = headers[plain]
      const value = Array.isArray(header) ? header.join(',') : header
      // A header condition compares only the header, and a parameter condition only the parameter: the value
      // the operation reads.
      if (!isParameter(plain)) return value
      const parameter = address.query.get(plain)
      return plain.startsWith('x-') ? (value ?? parameter) : parameter
    },
  }
}

/** Returns `null` if the policy has something this store does not support: then nothing is allowed. */
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

/** A listing accesses the keys below its prefix, so a token for `photos/*` may list `photos/`: 436/31923. */
export function keyOf({ operation, address }: AuthorizedRequest): string {
  return listings.has(operation) ? (address.query.get('prefix') ?? '') : address.key
}
