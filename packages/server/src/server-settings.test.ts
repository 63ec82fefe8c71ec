import { describe, expect, test } from 'vitest'
import { openDatabase } from './repository/database.js'
import { settingsOf } from './server-settings.js'
import { MemoryStore } from '@carryon/testing'

const needed = { store: new MemoryStore(), sts: null, database: openDatabase({ file: ':memory:' }) }

describe('settingsOf', () => {
  test('has a default for everything', () => {
    expect(settingsOf(needed, 48 * 2 ** 40)).toMatchObject({
      keyPrefix: 'uploads/',
      maxBytes: 5 * 2 ** 40,
      expireDays: 7,
      publicUrlBase: null,
      stsAllowPrefix: 'off',
      trustForwarded: false,
    })
  })

  test('takes no larger file than the store can hold', () => {
    expect(settingsOf({ ...needed, maxBytes: 2 ** 50 }, 2 ** 45).maxBytes).toBe(2 ** 45)
  })

  test('names every option at fault at once', () => {
    const wrong = {
      ...needed,
      keyPrefix: '/up*',
      maxBytes: 0,
      expireDays: Number.NaN,
      publicUrlBase: 'cdn.example.com',
      allowedOrigins: ['https://app.example.com/', '*'],
      stsAllowPrefix: 'a*',
    }
    const message = /keyPrefix.*maxBytes.*expireDays.*publicUrlBase.*app\.example\.com.*"\*".*stsAllowPrefix/u
    expect(() => settingsOf(wrong, 1)).toThrow(message)
  })
})
