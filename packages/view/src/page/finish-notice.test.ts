import { expect, it } from 'vitest'
import { totalsOf } from '../rows/totals.js'
import { createFinishNotice, type Notifier } from './finish-notice.js'

function prepare(answer: 'granted' | 'denied', isHidden = true) {
  const told: string[] = []
  class Fake {
    static permission: 'default' | 'granted' | 'denied' = 'default'
    static async requestPermission() {
      return (Fake.permission = answer)
    }
    onclick = null
    constructor(title: string) {
      told.push(title)
    }
  }
  const items = new Map<string, string>()
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  }
  const sight = { isHidden: () => isHidden, onShown: () => () => undefined }
  const create = () => createFinishNotice({ notifier: Fake satisfies Notifier, sight, storage })
  return { told, create }
}

const running = { ...totalsOf([]), files: 2, active: 2 }
const over = { ...running, active: 0, done: 2 }
const words = () => ({ title: 'done', body: '' })

it('tells once when all is over and nobody sees the page, and remembers that it was asked to', async () => {
  const { told, create } = prepare('granted')
  const notice = create()
  notice.follow(running, words)
  notice.follow(over, words)
  expect([notice.snapshot, told]).toEqual(['off', []])
  await notice.choose(true)
  notice.follow(running, words)
  notice.follow(over, words)
  notice.follow(over, words)
  expect(told).toEqual(['done'])
  expect(create().snapshot).toBe('on')
  await notice.choose(false)
  expect(create().snapshot).toBe('off')
})

it('is no longer offered where a page may not make one, which only the attempt shows', async () => {
  class OnPhone {
    static permission = 'granted' as const
    static requestPermission = async () => OnPhone.permission
    onclick = null
    constructor() {
      throw new TypeError('Illegal constructor.')
    }
  }
  const sight = { isHidden: () => true, onShown: () => () => undefined }
  const notice = createFinishNotice({ notifier: OnPhone, sight, storage: null })
  await notice.choose(true)
  notice.follow(running, words)
  notice.follow(over, words)
  expect(notice.snapshot).toBe('none')
})

it('is quiet while the page is seen', async () => {
  const { told, create } = prepare('granted', false)
  const notice = create()
  await notice.choose(true)
  notice.follow(running, words)
  notice.follow(over, words)
  expect(told).toEqual([])
})

it('says that the browser forbids it, or has none', async () => {
  const { create } = prepare('denied')
  const notice = create()
  await notice.choose(true)
  expect(notice.snapshot).toBe('denied')
  expect(createFinishNotice({ notifier: undefined, storage: null }).snapshot).toBe('none')
})
