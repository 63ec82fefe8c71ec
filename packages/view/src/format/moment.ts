import { dash } from './bytes.js'
import { primaryOf } from './primary.js'

/** The formats of one language. */
interface Formats {
  readonly relative: Intl.RelativeTimeFormat
  /** With words such as `today` where they exist. */
  readonly named: Intl.RelativeTimeFormat
  readonly absolute: Intl.DateTimeFormat
  readonly time: Intl.DateTimeFormat
  readonly day: Intl.DateTimeFormat
}

// Cached: creating one takes milliseconds, and a list shows hundreds of moments.
const made = new Map<string, Formats>()

function formatsIn(language: string): Formats {
  const known = made.get(language)
  if (known !== undefined) return known
  const formats = {
    relative: new Intl.RelativeTimeFormat(language),
    named: new Intl.RelativeTimeFormat(language, { numeric: 'auto' }),
    absolute: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }),
    time: new Intl.DateTimeFormat(language, { timeStyle: 'short' }),
    day: new Intl.DateTimeFormat(language, { dateStyle: 'full' }),
  }
  made.set(language, formats)
  return formats
}

/** Shorter than the browser's own forms. */
const justNow: Readonly<Partial<Record<string, string>>> = { zh: '刚刚', en: 'just now' }

const steps = [
  { unit: 'minute', seconds: 60 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'day', seconds: 86_400 },
] as const

/**
 * How long ago, in words, within the last week; the date if it is longer ago.
 *
 * @param at a moment; `null` while unknown
 * @param language a BCP 47 tag
 * @param now Unix milliseconds
 * @example formatAgo(new Date(now - 300_000), 'en', now) // '5 minutes ago'
 */
export function formatAgo(at: Date | null, language: string, now: number): string {
  if (at === null || Number.isNaN(at.getTime())) return dash
  // A server's clock may be slightly ahead of ours; the past must not appear as the future.
  const seconds = Math.max(0, (now - at.getTime()) / 1000)
  if (seconds < 60) {
    return justNow[primaryOf(language)] ?? formatsIn(language).named.format(0, 'second')
  }
  if (seconds >= 7 * 86_400) return formatMoment(at, language)
  const step = steps.findLast((candidate) => seconds >= candidate.seconds) ?? steps[0]
  return formatsIn(language).relative.format(-Math.floor(seconds / step.seconds), step.unit)
}

/**
 * Date and time to the minute, in the reader's time zone.
 *
 * @param language a BCP 47 tag
 */
export function formatMoment(at: Date | null, language: string): string {
  return at === null || Number.isNaN(at.getTime()) ? dash : formatsIn(language).absolute.format(at)
}

/**
 * The time of day to the minute in the reader's time zone, for use below a heading with the day.
 *
 * @param language a BCP 47 tag
 * @example formatTime(new Date(2026, 10, 22, 13, 5), 'zh') // '13:05'
 */
export function formatTime(at: Date, language: string): string {
  return Number.isNaN(at.getTime()) ? dash : formatsIn(language).time.format(at)
}

/**
 * A future moment: the time of day, with the date if that is not today in the reader's time zone.
 *
 * @param now Unix milliseconds
 * @example formatUntil(new Date(2026, 10, 22, 13, 5), 'zh', new Date(2026, 10, 22, 13, 0).getTime()) // '13:05'
 */
export function formatUntil(until: Date, language: string, now: number): string {
  const isToday = until.toDateString() === new Date(now).toDateString()
  return isToday ? formatsIn(language).time.format(until) : formatMoment(until, language)
}

/**
 * A day in the reader's time zone, as a heading.
 *
 * @param language a BCP 47 tag
 * @param now Unix milliseconds
 * @example formatDay(new Date(now), 'en', now) // 'Today'
 */
export function formatDay(at: Date, language: string, now: number): string {
  const daysAgo = Math.round((midnightOf(new Date(now)) - midnightOf(at)) / 86_400_000)
  if (daysAgo !== 0 && daysAgo !== 1) return formatsIn(language).day.format(at)
  const words = formatsIn(language).named.format(-daysAgo, 'day')
  return `${words.slice(0, 1).toLocaleUpperCase(language)}${words.slice(1)}`
}

/** Unix milliseconds. A day on which the clocks change is an hour longer or shorter. */
function midnightOf(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime()
}
