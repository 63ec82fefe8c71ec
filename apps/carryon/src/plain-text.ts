/**
 * Text from outside as one line that a terminal only shows: names, and answers of servers and stores, may hold escape
 * sequences that move the cursor, change a title or hide what is before them.
 */
export function plainLine(text: string): string {
  return plainText(text).replace(/[\n\t]/gu, ' ')
}

/** The same for text of several lines. */
export function plainText(text: string): string {
  return text.replace(/\r\n/gu, '\n').replace(unshown, '\uFFFD')
}

/** Controls, and format characters that turn the direction of what is shown; joiners of scripts stay. */
const unshown = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
