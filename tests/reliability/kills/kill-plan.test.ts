import { expect, it } from 'vitest'
import { planKills } from './kill-plan.js'

it('plans as many kills of each, in the order of the file, within the upload', () => {
  const plan = planKills(1, 20, 0.95)
  for (const target of ['store', 'server', 'browser']) {
    expect(plan.filter((kill) => kill.target === target)).toHaveLength(20)
  }
  const shares = plan.map(({ share }) => share)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(shares.every((share) => share > 0 && share < 1)).toBe(true)
})

it('plans the same for the same seed and something else for another', () => {
  expect(planKills(7, 3, 0.95)).toEqual(planKills(7, 3, 0.95))
  expect(planKills(7, 3, 0.95)).not.toEqual(planKills(8, 3, 0.95))
})
