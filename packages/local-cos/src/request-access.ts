import type { IncomingMessage } from 'node:http'
import { Query } from './address.js'
import type { Identity } from './authentication.js'
import { bucketVerdict, mayAccess, type AuthorizedRequest } from './authorization.js'
import { isOpenToAll, isReadByAll } from './open-access.js'
import { checkReferer } from './referer.js'
import type { Storage } from './storage/storage.js'

/** Request in the form that access checks need. */
export function askedOf(
  storage: Storage,
  region: string,
  { socket }: IncomingMessage,
  request: Pick<AuthorizedRequest, 'operation' | 'address' | 'headers' | 'now'>,
): AuthorizedRequest {
  return {
    ...request,
    region,
    remoteAddress: socket.remoteAddress ?? '',
    policyOf: (bucket) => storage.find(bucket)?.settings.policy,
  }
}

/** Whether the sender may read an object, either by own permission or because anyone may. */
export async function mayReadObject(
  storage: Storage,
  identity: Identity,
  request: AuthorizedRequest,
  {
    bucket,
    key,
    versionId,
  }: { readonly bucket: string; readonly key: string; readonly versionId?: string | undefined },
): Promise<boolean> {
  const asked = { ...request, operation: 'GetObject' as const, address: { ...request.address, bucket, key } }
  if (mayAccess(identity, asked, key)) return true
  if (bucketVerdict(identity.kind === 'anyone' ? 'anyone' : 'account', asked, key) === 'deny') return false
  return isReadByAll(storage, bucket, key, versionId)
}

/** Checks the referer of an unsigned read against the bucket's list. @throws `AccessDenied` */
export function checkRefererOf(storage: Storage, { operation, address, headers }: AuthorizedRequest): void {
  if (operation !== 'GetObject' && operation !== 'HeadObject') return
  checkReferer(storage.find(address.bucket)?.settings.referer, headers.referer)
}

/** Whether anyone may read an object through the bucket's website. @throws `AccessDenied` (the referer) */
export async function isShown(storage: Storage, request: AuthorizedRequest, key: string): Promise<boolean> {
  checkRefererOf(storage, request)
  // Ignore the sender's credentials and the query.
  const headers = { ...request.headers, authorization: undefined }
  return isOpenToAll(storage, {
    ...request,
    headers,
    address: { ...request.address, query: new Query([]), key },
  })
}
