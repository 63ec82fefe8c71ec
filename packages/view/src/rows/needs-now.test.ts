import { UploadError } from '@carryon/client'
import { expect, it } from 'vitest'
import { needsNow } from './needs-now.js'

it.each([
  ['nothing', null, 'nothing'],
  ['permission', 'permission-denied', 'permission'],
  ['permission', 'file-unreadable', 'file'],
  ['nothing', 'file-changed', 'file'],
] as const)('%s after %s → %s', (needs, code, after) => {
  expect(needsNow({ needs }, code === null ? null : new UploadError(code, 'x'))).toBe(after)
})
