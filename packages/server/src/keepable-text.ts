/** PostgreSQL keeps no NUL in text, and half a surrogate pair has no UTF-8. */
const unkeepable = /\0|\p{Surrogate}/u

/** Whether the database keeps this text as it is. */
export function isKeepable(text: string): boolean {
  return !unkeepable.test(text)
}

/** The text with a replacement character for each one that the database does not keep. */
export function keepable(text: string): string {
  return text.replace(new RegExp(unkeepable, 'gu'), '\uFFFD')
}
