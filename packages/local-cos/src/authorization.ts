import type { IncomingHttpHeaders } from 'node:http'
import type { Address } from './address.js'
import type { Identity } from './authentication.js'
import { CosError } from './errors.js'
import { isAllowed, parsePolicy } from './policy.js'
import type { Operation } from './routes.js'

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
  return isAllowed(parsePolicy(identity.policy), {
    operation,
    region,
    bucket: address.bucket,
    key,
    conditionValue: (name) => {
      if (name === 'qcs:ip') return remoteAddress
      if (name === 'cos:secure-transport') return 'false'
      const plain = name.replace(/^cos:/, '')
      const header = headers[plain]
      return (Array.isArray(header) ? header.join(',') : header) ?? address.query.get(plain)
    },
  })
}

/** A listing is about the keys below its prefix, so a token for `photos/*` may list `photos/`: 436/31923. */
function keyOf({ operation, address }: AuthorizedRequest): string {
  const lists = operation === 'GetBucket' || operation === 'ListMultipartUploads'
  return lists ? (address.query.get('prefix') ?? '') : address.key
}
