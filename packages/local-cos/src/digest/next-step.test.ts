import { describe, expect, it } from 'vitest'
import { HashedBody } from './lockstep-hasher.js'
import { nextStep, type OpenBody } from './next-step.js'

const kibibyte = 1024

function open(waiting: number, more: Partial<OpenBody> = {}): OpenBody {
  const hash = new HashedBody(() => 0)
  hash.position = 6400
  return { hash, end: 6400 + waiting, finishing: false, failure: undefined, ...more }
}

/** How many bytes of which body. */
function stepOf(bodies: readonly OpenBody[]): number[][] {
  return nextStep(bodies).map(({ body, end }) => [bodies.indexOf(body), end - body.hash.position])
}

describe('which bodies are hashed next', () => {
  it('is none while more of them may come', () => {
    expect(stepOf([])).toEqual([])
    expect(stepOf([open(127 * kibibyte)])).toEqual([])
    expect(stepOf([open(900 * kibibyte), open(900 * kibibyte), open(100 * kibibyte)])).toEqual([])
  })

  it('is the only one, or all of a few, once a lane is worth it', () => {
    expect(stepOf([open(128 * kibibyte)])).toEqual([[0, 128 * kibibyte]])
    expect(stepOf([open(300 * kibibyte), open(200 * kibibyte)])).toEqual([
      [0, 200 * kibibyte],
      [1, 200 * kibibyte],
    ])
  })

  it('is the four that have most of many, as far as the least of them has bytes', () => {
    const bodies = [140, 900, 0, 700, 150, 800].map((size) => open(size * kibibyte))
    expect(stepOf(bodies)).toEqual([1, 5, 3, 4].map((index) => [index, 150 * kibibyte]))
  })

  it('is one that others keep waiting, and they go along', () => {
    expect(stepOf([open(0), open(0), open(4096 * kibibyte), open(64)])).toEqual([
      [2, 128 * kibibyte],
      [3, 64],
    ])
  })

  it('is one that is at its end before all others', () => {
    const bodies = [open(900 * kibibyte), open(640, { finishing: true }), open(0)]
    expect(stepOf(bodies)).toEqual([
      [1, 640],
      [0, 128 * kibibyte],
    ])
  })

  it('is never more than messages can wait for, and whole blocks', () => {
    expect(stepOf([open(5_000_000)])).toEqual([[0, 256 * kibibyte]])
    expect(stepOf([open(129, { finishing: true })])).toEqual([[0, 128]])
    expect(stepOf([open(63, { finishing: true })])).toEqual([])
  })

  it('is none that cannot be read', () => {
    expect(stepOf([open(5_000_000, { failure: 'shorter', finishing: true })])).toEqual([])
  })
})
