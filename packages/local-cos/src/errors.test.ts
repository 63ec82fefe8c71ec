import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { asCosError, asError, messageOf, systemErrorCode } from './errors.js'

it('knows a system error of another context, as tests in Jest have one', () => {
  const thrown: unknown = runInNewContext(`Object.assign(new Error('full'), { code: 'ENOSPC' })`)
  expect(thrown).not.toBeInstanceOf(Error)
  expect(systemErrorCode(thrown)).toBe('ENOSPC')
  expect(asCosError(thrown).code).toBe('InsufficientStorage')
  for (const other of [null, undefined, 'ENOSPC', { code: 5 }, new Error('x')]) {
    expect(systemErrorCode(other)).toBeUndefined()
  }
})

it('keeps an error of another context as it is, and makes one of all else', () => {
  const thrown: unknown = runInNewContext(`new TypeError('no number')`)
  expect(asError(thrown)).toBe(thrown)
  expect(messageOf(thrown)).toBe('no number')
  expect([messageOf('text'), messageOf(null)]).toEqual(['text', 'null'])
})
