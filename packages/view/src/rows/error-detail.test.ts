import { UploadError } from '@carryon/client'
import { expect, it } from 'vitest'
import { errorDetail } from './error-detail.js'

it('gives the message of an error whose code does not tell the cause', () => {
  const error = new UploadError('forbidden-origin', '"a.mp4": set ALLOWED_ORIGINS to https://a.example')
  expect(errorDetail(error)).toBe('"a.mp4": set ALLOWED_ORIGINS to https://a.example')
})

it('gives nothing if the text for the code is enough, or if there is no message', () => {
  expect(errorDetail(new UploadError('store-full', 'No room.'))).toBeNull()
  expect(errorDetail(new UploadError('internal', ' \n '))).toBeNull()
})

it('is one line of limited length that does not change the text direction', () => {
  expect(errorDetail(new UploadError('internal', 'one\r\n\ttwo\u202ethree\u0000'))).toBe('one two three')
  const long = errorDetail(new UploadError('internal', '👍'.repeat(5_000))) ?? ''
  expect(Array.from(long)).toHaveLength(300)
  expect(long).toMatch(/^👍+…$/u)
  expect(errorDetail(new UploadError('internal', 'x'.repeat(300)))).toBe('x'.repeat(300))
  expect(errorDetail(new UploadError('internal', 'x'.repeat(301)))).toBe(`${'x'.repeat(299)}…`)
})
