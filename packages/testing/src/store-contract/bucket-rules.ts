import { expect, it } from 'vitest'
import type { CorsRule } from '@carryon/object-store'
import type { ContractContext } from './contract.js'

export function bucketRules(current: () => ContractContext): void {
  it('allow other origins as they are told, in order', async () => {
    const { store } = current()
    const rules = [
      {
        id: 'app',
        allowedOrigins: ['https://app.example.com', 'http://localhost:5173'],
        allowedMethods: ['PUT', 'GET', 'HEAD'],
        allowedHeaders: ['*'],
        exposeHeaders: ['ETag', 'Date'],
        maxAge: 600,
      },
      {
        id: 'all',
        allowedOrigins: ['*'],
        allowedMethods: ['GET'],
        allowedHeaders: ['*'],
        exposeHeaders: [],
        maxAge: 5,
      },
    ]
    await store.putCors(rules)
    // The lists within a rule are unordered: Ceph RGW returns them in another order.
    const sets = (rule: CorsRule): unknown => ({
      ...rule,
      allowedOrigins: new Set(rule.allowedOrigins),
      allowedMethods: new Set(rule.allowedMethods),
    })
    expect((await store.getCors()).map(sets)).toEqual(rules.map(sets))
    await store.putCors(rules.slice(0, 1))
    expect((await store.getCors()).map(sets)).toEqual(rules.slice(0, 1).map(sets))
  })

  it('tell whether they keep versions', async () => {
    expect(await current().store.isVersioned()).toBe(false)
  })

  it('sweep unfinished uploads after as many days as they are told', async () => {
    const { store } = current()
    expect(await store.getAbortIncompleteDays('uploads/')).toBeNull()
    await store.putAbortIncompleteDays('uploads/', 7)
    await store.putAbortIncompleteDays('other/', 2)
    expect(await store.getAbortIncompleteDays('uploads/')).toBe(7)
    expect(await store.getAbortIncompleteDays('uploads/2026/')).toBe(7)
    expect(await store.getAbortIncompleteDays('up')).toBeNull()
    await store.putAbortIncompleteDays('uploads/', 3)
    expect(await store.getAbortIncompleteDays('uploads/')).toBe(3)
    expect(await store.getAbortIncompleteDays('other/')).toBe(2)
  })
}
