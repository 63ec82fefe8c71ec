import { describe, expect, it } from 'vitest'
import { formatBytes, formatBytesOf, formatSpeed } from './bytes.js'

describe('formatBytes', () => {
  it.each([
    [0, '0B'],
    [1, '1B'],
    [999, '999B'],
    [1000, '1.0KB'],
    [999_949, '999.9KB'],
    [999_950, '1.0MB'],
    [2_164_900_000, '2164.9MB'],
    [9_999_949_999, '9999.9MB'],
    [9_999_950_000, '10.0GB'],
    [10_000_000_000, '10.0GB'],
    [9_999_950_000_000, '10.0TB'],
    [5 * 2 ** 40, '5497.6GB'],
    [48.8e12, '48.8TB'],
    [null, '–'],
    [Number.NaN, '–'],
    [Infinity, '–'],
    [-1, '–'],
  ])('%s → %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

describe('formatBytesOf', () => {
  it.each([
    [710_900_000, 2_164_900_000, '710.9MB/2164.9MB'],
    [0, 2_164_900_000, '0.0MB/2164.9MB'],
    [2_164_899_999, 2_164_900_000, '2164.8MB/2164.9MB'],
    [2_164_900_000, 2_164_900_000, '2164.9MB/2164.9MB'],
    [2_164_960_000, 2_164_960_000, '2165.0MB/2165.0MB'],
    [12, 532, '12B/532B'],
    [0, 0, '0B/0B'],
    [3_200, 45_600, '3.2KB/45.6KB'],
    [41_300_000_000, 100_000_000_000, '41.3GB/100.0GB'],
    [Number.NaN, 10, '–'],
  ])('%s of %s → %s', (loaded, total, text) => {
    expect(formatBytesOf(loaded, total)).toBe(text)
  })
})

describe('formatSpeed', () => {
  it.each([
    [12_345_678, '12.3MB/s'],
    [0, '0B/s'],
    [null, '–'],
    [Infinity, '–'],
  ])('%s → %s', (speed, text) => {
    expect(formatSpeed(speed)).toBe(text)
  })
})
