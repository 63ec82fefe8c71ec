/** The items of a comma-separated list. */
export function listed(text = ''): string[] {
  return text.split(',').flatMap((item) => item.trim() || [])
}
