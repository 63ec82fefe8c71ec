import { describe, expect, it } from 'vitest'
import { formatAgo, formatMoment, formatTime, formatUntil } from './moment.js'

const now = Date.UTC(2026, 10, 22, 13, 0)
const ago = (seconds: number) => new Date(now - seconds * 1000)

describe('formatAgo', () => {
  it.each([
    [ago(-5), '刚刚', 'just now'],
    [ago(59), '刚刚', 'just now'],
    [ago(60), '1分钟前', '1 minute ago'],
    [ago(300), '5分钟前', '5 minutes ago'],
    [ago(3 * 3600 + 1), '3小时前', '3 hours ago'],
    [ago(6 * 86_400), '6天前', '6 days ago'],
    [null, '–', '–'],
    [new Date('nonsense'), '–', '–'],
  ])('%s → %s, %s', (at, zh, en) => {
    expect(formatAgo(at, 'zh', now)).toBe(zh)
    expect(formatAgo(at, 'en', now)).toBe(en)
  })

  it('gives the date after a week', () => {
    expect(formatAgo(ago(8 * 86_400), 'en', now)).toMatch(/Nov 14, 2026/)
  })
})

describe('formatMoment', () => {
  it('speaks the language', () => {
    expect(formatMoment(new Date(2026, 10, 22, 13, 5), 'en')).toMatch(/Nov 22, 2026.*1:05/)
    expect(formatMoment(new Date(2026, 10, 22, 13, 5), 'zh')).toMatch(/2026年11月22日.*13:05/)
    expect(formatMoment(null, 'en')).toBe('–')
  })
})

describe('formatUntil', () => {
  const evening = new Date(2026, 10, 22, 23, 58).getTime()
  const inMinutes = (minutes: number) => new Date(evening + minutes * 60_000)

  it('gives the time of today, and the date with it from midnight on', () => {
    expect(formatUntil(inMinutes(1), 'en', evening)).toMatch(/^11:59\sPM$/)
    expect(formatUntil(inMinutes(1), 'zh', evening)).toBe('23:59')
    expect(formatUntil(inMinutes(2), 'en', evening)).toMatch(/Nov 23, 2026.*12:00\sAM/)
    expect(formatUntil(inMinutes(2), 'zh', evening)).toMatch(/2026年11月23日.*00:00/)
    expect(formatUntil(inMinutes(24 * 60), 'zh', evening)).toMatch(/11月23日.*23:58/)
  })
})

it('gives only the time under a heading with the date', () => {
  expect(formatTime(new Date(2026, 10, 22, 13, 5), 'zh')).toBe('13:05')
  expect(formatTime(new Date(2026, 10, 22, 13, 5), 'en')).toMatch(/^1:05\sPM$/u)
  expect(formatTime(new Date(Number.NaN), 'en')).toBe('–')
})
