/** Escapes text for use between the quotes of a CSS string. */
export function cssString(text: string): string {
  return text.replaceAll(/["\\]/g, String.raw`\$&`)
}
