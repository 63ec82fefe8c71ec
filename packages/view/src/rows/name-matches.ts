/** Whether a file's name contains every word of the query, in any case and order; an empty query matches everything. */
export function nameMatches(name: string, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/)
  const folded = name.normalize('NFC').toLowerCase()
  return words.every((word) => folded.includes(word.normalize('NFC')))
}
