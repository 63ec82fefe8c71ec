/** The languages that the components speak. */
export type Language = 'zh' | 'en'

/** Every {@link Language}. */
export const languages = ['zh', 'en'] as const satisfies readonly Language[]

/**
 * The first of the reader's languages that we speak; English when there is none.
 *
 * @param preferred BCP 47 tags, best first, as `navigator.languages` gives them
 */
export function pickLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-', 1)[0]
    const found = languages.find((language) => language === primary)
    if (found) return found
  }
  return 'en'
}
