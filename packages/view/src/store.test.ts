import { expect, it } from 'vitest'
import { DerivedStore, memoLast, ValueStore } from './store.js'

it('notifies of each change, and not of the value that is already there', () => {
  const store = new ValueStore('a')
  const seen: string[] = []
  const stop = store.subscribe(() => seen.push(store.snapshot))
  store.set('a')
  store.set('b')
  stop()
  store.set('c')
  expect(seen).toEqual(['b'])
})

it('adding or removing a listener during a notification does not affect the others', () => {
  const store = new ValueStore(0)
  const called: string[] = []
  const stop = store.subscribe(() => {
    called.push('first')
    stop()
    store.subscribe(() => called.push('new'))
  })
  store.subscribe(() => called.push('second'))
  store.set(1)
  expect(called).toEqual(['first', 'second'])
})

it('the same listener may subscribe twice, and each subscription ends separately', () => {
  const store = new ValueStore(0)
  let calls = 0
  const listener = (): void => void (calls += 1)
  const stop = store.subscribe(listener)
  store.subscribe(listener)
  stop()
  stop()
  store.set(1)
  expect(calls).toBe(1)
})

it('a derived value is computed when it is read, once per change', () => {
  let made = 0
  const store = new DerivedStore(() => ({ made: (made += 1) }))
  expect(made).toBe(0)
  expect(store.snapshot).toBe(store.snapshot)
  store.changed()
  store.changed()
  expect(store.snapshot).toEqual({ made: 2 })
})

it('a result is kept until an argument changes', () => {
  const pair = memoLast((a: number, b: object) => ({ a, b }))
  const b = {}
  const first = pair(1, b)
  expect(pair(1, b)).toBe(first)
  expect(pair(1, {})).not.toBe(first)
  expect(pair(Number.NaN, b)).toBe(pair(Number.NaN, b))
})
