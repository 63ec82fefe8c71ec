import { expect, it } from 'vitest'
import { rememberedChoice } from './remembered-choice.js'

function storageOf(stored: Record<string, string>) {
  return {
    getItem: (key: string) => stored[key] ?? null,
    setItem: (key: string, value: string) => {
      stored[key] = value
    },
  }
}

it('lasts over visits, and is what it is by default until somebody chooses', () => {
  const stored: Record<string, string> = {}
  const first = rememberedChoice('automatic', true, storageOf(stored))
  expect(first.get()).toBe(true)
  expect(stored).toEqual({})
  first.set(false)
  expect(first.get()).toBe(false)
  expect(rememberedChoice('automatic', true, storageOf(stored)).get()).toBe(false)
})

it('holds for this visit where nothing can be stored', () => {
  const refused = {
    getItem: () => {
      throw new Error('SecurityError')
    },
    setItem: () => {
      throw new Error('SecurityError')
    },
  }
  const choice = rememberedChoice('automatic', true, refused)
  choice.set(false)
  expect(choice.get()).toBe(false)
})
