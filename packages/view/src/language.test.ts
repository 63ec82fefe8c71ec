import { expect, it } from 'vitest'
import { pickLanguage } from './language.js'

it.each([
  [['zh-CN', 'en'], 'zh'],
  [['ZH-hant-TW'], 'zh'],
  [['en-GB', 'zh'], 'en'],
  [['fr', 'zh-HK'], 'zh'],
  [['fr'], 'en'],
  [[], 'en'],
] as const)('%j → %s', (preferred, language) => {
  expect(pickLanguage(preferred)).toBe(language)
})
