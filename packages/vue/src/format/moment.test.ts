import { describe, expect, it } from 'vitest'
import { formatAgo, formatMoment } from './moment.js'

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
