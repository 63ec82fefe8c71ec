import type { Language } from '../language.js'
import { dash } from './bytes.js'

// Made once: each takes milliseconds to make, and a list draws hundreds of moments.
const relative: Readonly<Record<Language, Intl.RelativeTimeFormat>> = {
  zh: new Intl.RelativeTimeFormat('zh-CN'),
  en: new Intl.RelativeTimeFormat('en'),
}
const absolute: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  zh: new Intl.DateTimeFormat('zh-CN', { dateStyle: 'medium', timeStyle: 'short' }),
  en: new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' }),
}

const time: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  zh: new Intl.DateTimeFormat('zh-CN', { timeStyle: 'short' }),
  en: new Intl.DateTimeFormat('en', { timeStyle: 'short' }),
}

const steps = [
  { unit: 'minute', seconds: 60 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'day', seconds: 86_400 },
] as const

/**
 * How long ago, in words, within the last week; the date after that.
 *
 * @param at a moment; `null` while unknown
 * @param now Unix milliseconds
 * @example formatAgo(new Date(now - 300_000), 'en', now) // '5 minutes ago'
 */
export function formatAgo(at: Date | null, language: Language, now: number): string {
  if (at === null || Number.isNaN(at.getTime())) return dash
  // A server's clock a little ahead of ours must not put the past into the future.
  const seconds = Math.max(0, (now - at.getTime()) / 1000)
  if (seconds < 60) return { zh: '刚刚', en: 'just now' }[language]
  if (seconds >= 7 * 86_400) return formatMoment(at, language)
  const step = steps.findLast((candidate) => seconds >= candidate.seconds) ?? steps[0]
  return relative[language].format(-Math.floor(seconds / step.seconds), step.unit)
}

/** Date and time to the minute, in the reader's time zone. */
export function formatMoment(at: Date | null, language: Language): string {
  return at === null || Number.isNaN(at.getTime()) ? dash : absolute[language].format(at)
}

/**
 * A moment to come: the time of day, with its date where that is not today in the reader's time zone.
 *
 * @param now Unix milliseconds
 * @example formatUntil(new Date(2026, 10, 22, 13, 5), 'zh', new Date(2026, 10, 22, 13, 0).getTime()) // '13:05'
 */
export function formatUntil(until: Date, language: Language, now: number): string {
  const isToday = until.toDateString() === new Date(now).toDateString()
  return isToday ? time[language].format(until) : formatMoment(until, language)
}
