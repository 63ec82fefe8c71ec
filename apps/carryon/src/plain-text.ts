/**
 * Makes text from outside safe to print on one line of a terminal. File names and responses of servers and stores may
 * contain escape sequences that move the cursor, change the title or hide text.
 */
export function plainLine(text: string): string {
  return plainText(text).replace(/[\n\t]/gu, ' ')
}

/** Like {@link plainLine}, for text of several lines. */
export function plainText(text: string): string {
  return text.replace(/\r\n/gu, '\n').replace(unshown, '\uFFFD')
}

/** Control characters, and format characters, which can change the text direction. Joiners, which scripts need, stay. */
const unshown = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
