import { describe, expect, it } from 'vitest'
import { formatPercent, percentOf, roundPercent } from './percent.js'

describe('formatPercent', () => {
  it.each([
    [0, '0%'],
    [32.84, '32%'],
    [99.999, '99%'],
    [100, '100%'],
    [101, '100%'],
    [-3, '0%'],
    [Number.NaN, '0%'],
    [Infinity, '100%'],
  ])('%s → %s', (percent, text) => {
    expect(formatPercent(percent)).toBe(text)
  })
})

describe('roundPercent', () => {
  it.each([
    [32.84, 32.8],
    [99.99, 99.9],
    [100, 100],
    [101, 100],
    [-3, 0],
    [Number.NaN, 0],
  ])('%s → %s', (percent, rounded) => {
    expect(roundPercent(percent, 1)).toBe(rounded)
    expect(formatPercent(percent, 1)).toBe(`${rounded.toFixed(1)}%`)
  })
})

describe('percentOf', () => {
  it.each([
    [1, 4, 25],
    [0, 0, 100],
    [0, 5, 0],
  ])('%s of %s is %s', (part, total, percent) => {
    expect(percentOf(part, total)).toBe(percent)
  })
})
