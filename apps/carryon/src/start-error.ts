/** A reason for which `carryon` cannot start, in words for the person at the keyboard. */
export class StartError extends Error {
  override readonly name = 'StartError'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
  }
}
