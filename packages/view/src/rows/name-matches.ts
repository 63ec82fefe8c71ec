/** Whether a file's name has every word of what is searched, whatever their case and order; nothing searched matches all. */
export function nameMatches(name: string, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/)
  const folded = name.normalize('NFC').toLowerCase()
  return words.every((word) => folded.includes(word.normalize('NFC')))
}
