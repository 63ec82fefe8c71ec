import { expect, it } from 'vitest'
import { dayStarts } from './day-starts.js'

const now = new Date(2026, 10, 22, 13, 0).getTime()
const at = (day: number, hour: number) => new Date(2026, 10, day, hour)

it('names each day above its first item, in the page language', () => {
  const moments = [at(22, 12), null, at(22, 0), at(21, 23), at(20, 9), at(20, 8)]
  expect(dayStarts(moments, 'en', now)).toEqual([
    'Today',
    null,
    null,
    'Yesterday',
    'Friday, November 20, 2026',
    null,
  ])
  expect(dayStarts([at(22, 12), at(21, 1), at(20, 1)], 'zh', now)).toEqual([
    '今天',
    '昨天',
    '2026年11月20日星期五',
  ])
})
