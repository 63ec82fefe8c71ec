import { describe, expect, it } from 'vitest'
import { formatBytes, formatBytesOf, formatSpeed } from './bytes.js'

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [999_949, '999.9 KB'],
    [999_950, '1.0 MB'],
    [2_164_900_000, '2164.9 MB'],
    [9_999_949_999, '9999.9 MB'],
    [9_999_950_000, '10.0 GB'],
    [10_000_000_000, '10.0 GB'],
    [9_999_950_000_000, '10.0 TB'],
    [5 * 2 ** 40, '5497.6 GB'],
    [48.8e12, '48.8 TB'],
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
    [710_900_000, 2_164_900_000, '710.9 MB/2164.9 MB'],
    [0, 2_164_900_000, '0.0 MB/2164.9 MB'],
    [2_164_899_999, 2_164_900_000, '2164.8 MB/2164.9 MB'],
    [2_164_900_000, 2_164_900_000, '2164.9 MB/2164.9 MB'],
    [2_164_960_000, 2_164_960_000, '2165.0 MB/2165.0 MB'],
    [12, 532, '12 B/532 B'],
    [0, 0, '0 B/0 B'],
    [3_200, 45_600, '3.2 KB/45.6 KB'],
    [41_300_000_000, 100_000_000_000, '41.3 GB/100.0 GB'],
    [Number.NaN, 10, '–'],
  ])('%s of %s → %s', (loaded, total, text) => {
    expect(formatBytesOf(loaded, total)).toBe(text)
  })
})

describe('formatSpeed', () => {
  it.each([
    [12_345_678, '12.3 MB/s'],
    [0, '0 B/s'],
    [null, '–'],
    [Infinity, '–'],
  ])('%s → %s', (speed, text) => {
    expect(formatSpeed(speed)).toBe(text)
  })
})

describe('in Chinese there is no space between number and unit', () => {
  it.each(['zh', 'zh-CN'])('%s', (language) => {
    expect(formatBytes(2_164_900_000, language)).toBe('2164.9MB')
    expect(formatBytesOf(710_900_000, 2_164_900_000, language)).toBe('710.9MB/2164.9MB')
    expect(formatSpeed(12_345_678, language)).toBe('12.3MB/s')
  })
})
