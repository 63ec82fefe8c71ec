import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { FaultRule } from '../faults.js'
import { testBytes, type Reply } from '../testing/client.js'
import { formBytes, formHeaders, signedFields } from '../testing/form.js'
import { bucket, credentials, startTestStore } from '../testing/store.js'

const failed = (error: unknown): unknown => error

describe('a fault of a form upload', () => {
  /** Sends one form of about 600 kB to a store with the rule. */
  async function struck(
    rule: FaultRule,
    fields: Readonly<Record<string, string>> = {},
    size = 600_000,
  ): Promise<{
    readonly reply: Reply | undefined
    readonly found: number
    readonly received: number
    readonly key: string
    readonly left: readonly string[]
  }> {
    const { client, store, directory } = await startTestStore()
    store.faults?.set(rule)
    const form = signedFields({ fields: { key: 'photos/a', ...fields }, credentials })
    const body = formBytes([...Object.entries(form), ['file', testBytes(size)]])
    const reply = await client
      .call({ method: 'POST', path: `/${bucket}`, credentials: false, headers: formHeaders, body })
      .catch(failed)
    const entry = await vi.waitFor(() => {
      const found = store.journal.find(({ operation }) => operation === 'PostObject')
      if (found === undefined) throw new Error('not yet')
      return found
    }, 20_000)
    const { status } = await client.call({ method: 'HEAD', path: `/${bucket}/photos/a` })
    return {
      reply: reply instanceof Error ? undefined : (reply as Reply),
      found: status,
      received: entry.received,
      key: entry.key,
      left: await readdir(join(directory, 'temporary')),
    }
  }

  const keyed = { operation: 'PostObject', keyContains: 'photos' } as const
  const unkeyed = { operation: 'PostObject' } as const

  it.each([unkeyed, keyed])('refuses, before or after the body: %j', async (target) => {
    const early = await struck({
      ...target,
      fault: { kind: 'error', code: 'SlowDown', retryAfterSeconds: 2 },
    })
    expect([early.reply?.status, early.reply?.headers['retry-after'], early.found]).toEqual([503, '2', 404])
    const late = await struck({ ...target, fault: { kind: 'error', code: 'SlowDown', after: 'body' } })
    expect([late.reply?.code, late.found, late.key, late.left]).toEqual(['SlowDown', 404, 'photos/a', []])
    expect(late.received).toBeGreaterThan(600_000)
  })

  it.each([
    [unkeyed, 600_000],
    [keyed, 600_000],
    // Here the whole body arrives before the key is known.
    [keyed, 10_000],
  ])('resets the connection in the middle; nothing is stored: %j, %i bytes', async (target, size) => {
    const { reply, found, left } = await struck(
      { ...target, fault: { kind: 'reset', afterBytes: 5000 } },
      {},
      size,
    )
    expect([reply, found, left]).toEqual([undefined, 404, []])
  })

  it.each([unkeyed, keyed])('fills the disk: %j', async (target) => {
    const { reply, found, left } = await struck({ ...target, fault: { kind: 'disk-full', afterBytes: 5000 } })
    expect([reply?.status, found, left]).toEqual([507, 404, []])
  })

  it.each([unkeyed, keyed])('loses the answer: %j', async (target) => {
    const { reply, found } = await struck({ ...target, fault: { kind: 'lose-answer' } })
    expect([reply, found]).toEqual([undefined, 200])
  })

  it('strikes no other key', async () => {
    const { reply } = await struck({ fault: { kind: 'error', code: 'SlowDown' }, keyContains: 'videos' })
    expect(reply?.status).toBe(204)
  })

  it('is a sender slowed down at its own wish', async () => {
    const startedAt = performance.now()
    const rule = { fault: { kind: 'delay', milliseconds: 0 } } as const
    const { reply } = await struck(rule, { 'x-cos-traffic-limit': '8000000' })
    expect(reply?.status).toBe(204)
    expect(performance.now() - startedAt).toBeGreaterThan(500)
    expect((await struck(rule, { 'x-cos-traffic-limit': '1' })).reply?.code).toBe('InvalidArgument')
  })
})
