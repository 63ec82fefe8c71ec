import { describe, expect, it } from 'vitest'
import { formatDuration } from './duration.js'

describe('formatDuration', () => {
  it.each([
    [0, '1秒', '1 s'],
    [0.2, '1秒', '1 s'],
    [59, '59秒', '59 s'],
    [59.5, '1分0秒', '1 min 0 s'],
    [494, '8分14秒', '8 min 14 s'],
    [493.1, '8分14秒', '8 min 14 s'],
    [3600, '1小时0分', '1 h 0 min'],
    [7_512, '2小时5分', '2 h 5 min'],
    [86_400, '1天0小时', '1 d 0 h'],
    [273_600, '3天4小时', '3 d 4 h'],
    [null, '–', '–'],
    [Number.NaN, '–', '–'],
    [Infinity, '–', '–'],
    [-1, '–', '–'],
  ])('%s s → %s, %s', (seconds, zh, en) => {
    expect(formatDuration(seconds, 'zh')).toBe(zh)
    expect(formatDuration(seconds, 'en')).toBe(en)
  })
})
