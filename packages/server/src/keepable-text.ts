/** PostgreSQL cannot store NUL in text, and half a surrogate pair has no UTF-8 encoding. */
const unkeepable = /\0|\p{Surrogate}/u

/** Whether the database can store this text unchanged. */
export function isKeepable(text: string): boolean {
  return !unkeepable.test(text)
}

/** The text with a replacement character for each one that the database cannot store. */
export function keepable(text: string): string {
  return text.replace(new RegExp(unkeepable, 'gu'), '\uFFFD')
}
