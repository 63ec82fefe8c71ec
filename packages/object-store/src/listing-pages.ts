import { invalidAnswer } from './answer-xml.js'

export interface Page<T> {
  readonly entries: readonly T[]
  /** Where the next page begins; `null` when this is the last. */
  readonly next: readonly string[] | null
}

/** All entries of all pages. Throws if a store repeats a marker, because the listing would never end. */
export async function* readPages<T>(
  first: readonly string[],
  readPage: (marker: readonly string[]) => Promise<Page<T>>,
  asked: string,
): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>()
  for (let marker: readonly string[] | null = first; marker !== null;) {
    seen.add(marker.join('\n'))
    const page: Page<T> = await readPage(marker)
    yield* page.entries
    marker = page.next
    if (marker !== null && seen.has(marker.join('\n'))) {
      const found = 'a page that points back to an earlier one'
      throw invalidAnswer({ status: 200 }, asked, found)
    }
  }
}
