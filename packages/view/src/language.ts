/** BCP 47 tag of a language that has texts: `zh`, `en`, or one that the application adds. */
export type Language = string

/** The languages whose texts this package contains. */
export const languages = ['zh', 'en'] as const satisfies readonly Language[]

/**
 * Returns the first preferred language that is available; otherwise English, or the first available one.
 *
 * @param preferred BCP 47 tags, best first, as `navigator.languages` gives them
 * @param spoken BCP 47 tags; default: {@link languages}
 * @example pickLanguage(['fr-CA', 'en'], ['en', 'fr']) // 'fr'
 */
export function pickLanguage(
  preferred: readonly string[],
  spoken: readonly Language[] = languages,
): Language {
  const find = (wanted: string) => spoken.find((language) => language.toLowerCase() === wanted)
  for (const tag of preferred) {
    const whole = tag.toLowerCase()
    const found = find(whole) ?? find(whole.split('-', 1)[0] ?? '')
    if (found !== undefined) return found
  }
  return find('en') ?? spoken[0] ?? 'en'
}
