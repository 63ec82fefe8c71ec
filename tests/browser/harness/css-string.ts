/** Text as it stands between the quotes of a CSS string. */
export function cssString(text: string): string {
  return text.replaceAll(/["\\]/g, String.raw`\$&`)
}
