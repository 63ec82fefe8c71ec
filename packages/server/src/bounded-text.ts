/** A body is longer than its reader accepts. */
export class TextTooLong extends Error {
  override readonly name = 'TextTooLong'
}

/**
 * Reads the text of a body up to a maximum length.
 *
 * @param most bytes
 * @param count called with the number of bytes read so far
 * @throws TextTooLong
 */
export async function boundedText(
  body: ReadableStream<Uint8Array> | null,
  most: number,
  count: (bytes: number) => void = () => undefined,
): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    count(bytes)
    if (bytes > most) {
      await reader.cancel()
      throw new TextTooLong(`more than ${most} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}
