/** What a variable lists, with commas between. */
export function listed(text = ''): string[] {
  return text.split(',').flatMap((item) => item.trim() || [])
}
