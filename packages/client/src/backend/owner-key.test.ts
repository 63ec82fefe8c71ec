import { ownerHeader } from '@carryon/protocol'
import { expect, test } from 'vitest'
import { OwnerKey } from './owner-key.js'
import type { OwnerMemory } from './owner-key.js'

const signal = new AbortController().signal

function memoryOf(kept: string | null): OwnerMemory & { kept: string | null } {
  return {
    kept,
    get() {
      return Promise.resolve(this.kept)
    },
    set(key) {
      this.kept = key
      return Promise.resolve()
    },
  }
}

/** A server that accepts the keys in `taken`, and sends the key `tells` to callers without one of them. */
function serverOf(taken: readonly string[], tells: string) {
  const shown: (string | undefined)[] = []
  const send = (headers: Readonly<Record<string, string>>) => {
    const key = headers[ownerHeader]
    shown.push(key)
    const isTaken = key !== undefined && taken.includes(key)
    return Promise.resolve(new Response(null, { headers: isTaken ? {} : { [ownerHeader]: tells } }))
  }
  return { send, shown }
}

const keyOver = (memory: OwnerMemory) => new OwnerKey(memory, (work) => work())

test('a key that works stays', async () => {
  const memory = memoryOf('mine')
  const { send } = serverOf(['mine'], 'new')
  const key = keyOver(memory)
  await key.send(send, signal)
  await key.send(send, signal)
  expect(memory.kept).toBe('mine')
})

test('one that the server does not know makes place for the one that it tells', async () => {
  const memory = memoryOf('of another server')
  const { send, shown } = serverOf(['new'], 'new')
  const key = keyOver(memory)
  await key.send(send, signal)
  await key.send(send, signal)
  expect(shown).toEqual(['of another server', 'new'])
  expect(memory.kept).toBe('new')
})

test('a key that another tab has learned meanwhile is taken over, and not overwritten', async () => {
  const memory = memoryOf(null)
  const { send, shown } = serverOf(['of the other tab'], 'new')
  const key = keyOver(memory)
  await key.send((headers) => {
    memory.kept = 'of the other tab'
    return send(headers)
  }, signal)
  await key.send(send, signal)
  expect(memory.kept).toBe('of the other tab')
  expect(shown).toEqual([undefined, 'of the other tab'])
})

test('a late answer to a request without a key does not replace the key that was learned since', async () => {
  const memory = memoryOf('old')
  const key = keyOver(memory)
  let answerLate: (response: Response) => void = () => undefined
  const late = key.send(() => new Promise((resolve) => (answerLate = resolve)), signal)
  await Promise.resolve()
  const { send } = serverOf(['new'], 'new')
  await key.send(send, signal)
  answerLate(new Response(null, { headers: { [ownerHeader]: 'another' } }))
  await late
  await key.send(send, signal)
  expect(memory.kept).toBe('new')
})
