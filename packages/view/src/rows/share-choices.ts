import { formatDuration } from '../format/duration.js'
import type { Messages } from '../language/messages.js'

/** Seconds. */
const day = 86_400
const usual = [day, 7 * day] as const

/**
 * The offered lifetimes of a share link in seconds, shortest first.
 *
 * @param longest the longest lifetime that the server allows; 0 if it allows none
 */
export function shareChoices(longest: number): readonly number[] {
  if (longest <= 0) return []
  const within = usual.filter((seconds) => seconds <= longest)
  return within.length > 0 ? within : [longest]
}

/** One of {@link shareChoices} in words; whole days in days. */
export function shareChoiceWords(seconds: number, messages: Messages): string {
  const days = seconds / day
  return Number.isInteger(days) ? messages.days(days) : formatDuration(seconds, messages.locale)
}
