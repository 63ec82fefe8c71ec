import { describe, expect, it } from 'vitest'
import { en } from './en.js'
import { createLanguage } from './use-language.js'
import { zh } from './zh.js'

function memory(initial: Record<string, string> = {}) {
  const items = new Map(Object.entries(initial))
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  }
}

const refusing = {
  getItem: () => {
    throw new Error('SecurityError')
  },
  setItem: () => {
    throw new Error('QuotaExceededError')
  },
}

describe('createLanguage', () => {
  it('follows the browser until somebody chooses, and then remembers the choice', () => {
    const storage = memory()
    const choice = createLanguage({ preferred: ['zh-CN'], storage })
    expect(choice.messages.value).toBe(zh)
    expect(storage.items.size).toBe(0)
    choice.language.value = 'en'
    expect(choice.messages.value).toBe(en)
    expect(createLanguage({ preferred: ['zh-CN'], storage }).language.value).toBe('en')
  })

  it('ignores a remembered language that it does not speak', () => {
    const storage = memory({ 'carryon-language': 'xx' })
    expect(createLanguage({ preferred: ['zh'], storage }).language.value).toBe('zh')
  })

  it.each([
    ['refused', refusing],
    ['absent', null],
  ])('works where storage is %s', (_, storage) => {
    const choice = createLanguage({ preferred: [], storage })
    choice.language.value = 'zh'
    expect(choice.messages.value).toBe(zh)
  })
})
