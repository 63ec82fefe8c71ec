import { parseStoreError } from '@carryon/object-store'
import { expect, it } from 'vitest'
import { backendErrorOf } from './store-refusal.js'

function refusal(key: string, message: string): unknown {
  const body = `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`
  const error = parseStoreError(403, {}, body, `HeadObject of "${key}"`)
  return backendErrorOf(error, { action: 'name/cos:HeadObject', key, expiresAt: 2000, now: 1_000_000 })
}

it.each([
  ['film.mkv', 'Request has expired', 'unauthorized'],
  ['film.mkv', 'Access Denied.', 'store-denied'],
  ['expired.pdf', 'Access Denied.', 'store-denied'],
])('%s, refused with "%s", is %s', (key, message, code) => {
  expect(refusal(key, message)).toMatchObject({ code })
})
