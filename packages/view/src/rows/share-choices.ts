/** Seconds: a day, and a week. */
const usual = [86_400, 7 * 86_400] as const

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
