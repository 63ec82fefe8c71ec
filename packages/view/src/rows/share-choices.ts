import { formatDuration } from '../format/duration.js'
import type { Messages } from '../language/messages.js'

/** Seconds. */
const day = 86_400
const usual = [day, 7 * day] as const

/**
 * For how many seconds a person may let a share link work, the shortest first.
 *
 * @param longest seconds that the server allows; 0: none
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
