import { totalsOf } from '@carryon/view'
import { expect, it } from 'vitest'
import { effectScope, nextTick, ref, shallowRef } from 'vue'
import { useTitleProgress } from './use-title-progress.js'

it('shows the percent only while something is active', async () => {
  const totals = shallowRef(totalsOf([]))
  const target = { title: '' }
  const scope = effectScope()
  scope.run(() => useTitleProgress(totals, ref('Carryon'), target))
  expect(target.title).toBe('Carryon')
  totals.value = { ...totals.value, active: 1, percent: 32.99 }
  await nextTick()
  expect(target.title).toBe('32.9% · Carryon')
  totals.value = { ...totals.value, files: 2, failed: 1 }
  await nextTick()
  expect(target.title).toBe('⚠ 32.9% · Carryon')
  totals.value = { ...totals.value, active: 0, failed: 0, done: 2 }
  await nextTick()
  expect(target.title).toBe('✓ Carryon')
  scope.stop()
  expect(target.title).toBe('Carryon')
})
