import { expect } from 'vitest'
import { createPartSigner, parseStoreError, withCommonCode } from '@carryon/object-store'
import type { ObjectStore, PartAddress, SignedRequest, StoreError } from '@carryon/object-store'
import type { ContractContext } from './contract.js'

/** Sends a signed request as a page would: only the URL, its headers and a body. */
export async function sendSigned(
  { method, url, headers }: SignedRequest,
  body?: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  return fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
}

/** Signs and sends parts one after another, as a page does. @param window Unix seconds */
export function partSender(
  { subject, store }: ContractContext,
  window: { readonly startsAt: number; readonly expiresAt: number },
) {
  const { location } = store
  const { credentials, sign } = subject
  const signPart = createPartSigner({ location, credentials, ...window, ...(sign && { sign }) })
  return async (part: PartAddress, signedSize: number, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
    sendSigned(await signPart(part, signedSize), body)
}

export async function refusalOf(response: Response, { dialect }: ObjectStore): Promise<StoreError> {
  expect(response.ok).toBe(false)
  const headers = Object.fromEntries(response.headers)
  return withCommonCode(parseStoreError(response.status, headers, await response.text()), dialect)
}

/** The same request without one of its required headers. */
export function without(signed: SignedRequest, name: string): SignedRequest {
  expect(signed.headers).toHaveProperty(name)
  const headers = Object.fromEntries(Object.entries(signed.headers).filter(([other]) => other !== name))
  return { ...signed, headers }
}
