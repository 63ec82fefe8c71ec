import type { Language } from '../language.js'
import { dash } from './bytes.js'

const unitNames = {
  zh: { day: '天', hour: '小时', minute: '分', second: '秒', space: '', gap: '' },
  en: { day: 'd', hour: 'h', minute: 'min', second: 's', space: ' ', gap: ' ' },
} as const satisfies Record<Language, Record<string, string>>

/**
 * Time left, in the two largest units that say something; rounded up, so that it never reads zero while work is left.
 *
 * @param seconds `null` while unknown
 * @example formatDuration(494, 'zh') // '8分14秒'
 * @example formatDuration(494, 'en') // '8 min 14 s'
 * @example formatDuration(null, 'en') // '–'
 */
export function formatDuration(seconds: number | null, language: Language): string {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return dash
  const whole = Math.max(1, Math.ceil(seconds))
  const names = unitNames[language]
  const of = (amount: number, unit: 'day' | 'hour' | 'minute' | 'second') =>
    `${amount}${names.space}${names[unit]}`
  const two = (...texts: readonly [string, string]) => texts.join(names.gap)

  if (whole < 60) return of(whole, 'second')
  if (whole < 3600) return two(of(Math.floor(whole / 60), 'minute'), of(whole % 60, 'second'))
  const minutes = Math.floor(whole / 60)
  if (minutes < 24 * 60) return two(of(Math.floor(minutes / 60), 'hour'), of(minutes % 60, 'minute'))
  const hours = Math.floor(minutes / 60)
  return two(of(Math.floor(hours / 24), 'day'), of(hours % 24, 'hour'))
}
