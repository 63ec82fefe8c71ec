import { dash } from './bytes.js'
import { primaryOf } from './primary.js'

type Unit = 'day' | 'hour' | 'minute' | 'second'

interface UnitNames extends Readonly<Record<Unit, string>> {
  /** Between a number and its unit. */
  readonly space: string
  /** Between two units. */
  readonly gap: string
}

/** Short unit names; for other languages the browser's names are used. */
const short: Readonly<Partial<Record<string, UnitNames>>> = {
  zh: { day: '天', hour: '小时', minute: '分', second: '秒', space: '', gap: '' },
  en: { day: 'd', hour: 'h', minute: 'min', second: 's', space: ' ', gap: ' ' },
}

/** Cached by language and unit, because creating a format is slow. */
const made = new Map<string, Intl.NumberFormat>()

function inUnit(amount: number, unit: Unit, language: string): string {
  const names = short[primaryOf(language)]
  if (names !== undefined) return `${amount}${names.space}${names[unit]}`
  const key = `${language} ${unit}`
  const format =
    made.get(key) ?? new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' })
  made.set(key, format)
  return format.format(amount)
}

/**
 * Time left, in seconds below a minute, otherwise in two units. Fractions of a second are rounded up, so that it never reads
 * zero while work is left; from an hour on, the smaller unit is rounded down.
 *
 * @param seconds `null` while unknown
 * @param language a BCP 47 tag
 * @example formatDuration(494, 'zh') // '8分14秒'
 * @example formatDuration(494, 'en') // '8 min 14 s'
 * @example formatDuration(null, 'en') // '–'
 */
export function formatDuration(seconds: number | null, language: string): string {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return dash
  const whole = Math.max(1, Math.ceil(seconds))
  const of = (amount: number, unit: Unit) => inUnit(amount, unit, language)
  const two = (...texts: readonly [string, string]) => texts.join(short[primaryOf(language)]?.gap ?? ' ')

  if (whole < 60) return of(whole, 'second')
  if (whole < 3600) return two(of(Math.floor(whole / 60), 'minute'), of(whole % 60, 'second'))
  const minutes = Math.floor(whole / 60)
  if (minutes < 24 * 60) return two(of(Math.floor(minutes / 60), 'hour'), of(minutes % 60, 'minute'))
  const hours = Math.floor(minutes / 60)
  return two(of(Math.floor(hours / 24), 'day'), of(hours % 24, 'hour'))
}
