import { afterEach, expect, it } from 'vitest'
import { enterZone, takerOf, type DropZone } from './drop-zones.js'

/** Elements are compared only by identity. */
const element = (): Element => ({}) as unknown as Element
const zoneOf = (bounds: Element | null): DropZone => ({ element: () => bounds })
const dropOn = (...path: Element[]) => ({ defaultPrevented: false, composedPath: () => path })

const body = element()
const leaves: (() => void)[] = []
const enter = (zone: DropZone): DropZone => {
  leaves.push(enterZone(zone))
  return zone
}
afterEach(() => {
  for (const leave of leaves.splice(0)) leave()
})

it('is for the component in whose bounds it is, the innermost of several', () => {
  const outer = element()
  const inner = element()
  enter(zoneOf(outer))
  const within = enter(zoneOf(inner))
  const beside = element()
  const other = enter(zoneOf(beside))
  expect(takerOf(dropOn(element(), inner, outer, body))).toBe(within)
  expect(takerOf(dropOn(element(), beside, body))).toBe(other)
})

it("is for the first on the page where it is in nobody's bounds, and never for two", () => {
  const first = enter(zoneOf(null))
  enter(zoneOf(element()))
  expect(takerOf(dropOn(element(), body))).toBe(first)
})

it('is for nobody where the application handles it, or nobody is there', () => {
  expect(takerOf(dropOn(body))).toBeNull()
  const bounds = element()
  enter(zoneOf(bounds))
  expect(takerOf({ ...dropOn(bounds, body), defaultPrevented: true })).toBeNull()
})
